"""What changed since the last review, what it left over, and which figures can be relied on."""

from __future__ import annotations

from datetime import date

import pytest

from kpitui.analysis.signals import Signal
from kpitui.definitions.model import Kpi
from kpitui.records.model import Figures
from kpitui.review.picture import Freshness, freshness
from kpitui.review.since import Seen, change, left_over, seen
from kpitui.terms import Tier

KPI = Kpi(id="rate", name="Rate", file="kpitui.toml", line=1)
BELOW, NEAR_BELOW, ABOVE = Signal("shift", "below"), Signal("near_limits", "below"), Signal("shift", "above")


def figures(status: str, signal: str = "") -> Figures:
    return Figures(0.2, 0.3, status, signal, "5f3a")


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (Seen("on_track", None), Seen("behind", BELOW), "worse"),
        (Seen("behind", BELOW), Seen("at_risk", BELOW), "better"),
        (Seen("no_data", None), Seen("on_track", None), "judged"),
        (Seen("ahead", None), Seen("no_target", None), "no_judgement"),
        (Seen("no_data", None), Seen("no_target", None), None),
        (Seen("behind", None), Seen("behind", BELOW), "signal"),
        (Seen("behind", ABOVE), Seen("behind", BELOW), "signal"),
        (Seen("behind", BELOW), Seen("behind", None), "usual_again"),
        (Seen("behind", BELOW), Seen("behind", NEAR_BELOW), None),
        (Seen("behind", None), Seen("behind", None), None),
    ],
)
def test_a_change_is_of_the_status_or_else_of_the_signal(before: Seen, now: Seen, kind: str | None) -> None:
    found = change(KPI, before, now)
    assert (found.kind if found else None) == kind


def test_frozen_figures_say_what_was_seen() -> None:
    assert seen(figures("behind", "outside_limits below")) == Seen("behind", Signal("outside_limits", "below"))
    assert seen(figures("on_track")) == Seen("on_track", None)


def test_a_status_or_a_rule_that_is_none_is_not_guessed() -> None:
    assert seen(figures("so so", "shift below")) is None
    assert seen(figures("behind", "feeling below")) == Seen("behind", None)


@pytest.mark.parametrize(
    ("status", "signal", "tier", "left"),
    [
        ("behind", "", "primary", True),
        ("on_track", "shift below", "primary", True),
        ("no_data", "", "primary", True),
        ("no_target", "", "supporting", True),
        ("no_target", "", "diagnostic", False),
        ("on_track", "", "primary", False),
        ("so so", "", "primary", False),
    ],
)
def test_exceptions_without_a_verdict_are_left_over(status: str, signal: str, tier: Tier, left: bool) -> None:
    kpi = Kpi(id="rate", name="Rate", file="kpitui.toml", line=1, tier=tier)
    assert left_over({"rate": figures(status, signal)}, [], {"rate": kpi}) == ({"rate"} if left else set())
    assert left_over({"rate": figures(status, signal)}, ["rate"], {"rate": kpi}) == set()
    assert left_over({"gone": figures(status, signal)}, [], {"rate": kpi}) == set()


@pytest.mark.parametrize(
    ("value", "usable", "complete", "stale_since", "spoiled", "found"),
    [
        (1.0, True, True, None, False, "fresh"),
        (1.0, True, False, None, False, "incomplete"),
        (1.0, False, False, None, False, "incomplete"),
        (None, False, False, None, False, "missing"),
        (None, False, False, date(2026, 5, 3), False, "stale"),
        (1.0, True, False, date(2026, 10, 20), False, "stale"),
        (1.0, True, True, None, True, "missing"),
    ],
)
def test_freshness(
    value: float | None, usable: bool, complete: bool, stale_since: date | None, spoiled: bool, found: Freshness
) -> None:
    assert freshness(value=value, usable=usable, complete=complete, stale_since=stale_since, spoiled=spoiled) == found

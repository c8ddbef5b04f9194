"""When a target was looked at last, and whether it keeps changing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kpitui.definitions.model import Kpi
from kpitui.periods import Grain
from kpitui.records.model import TargetRevision, Verdict
from kpitui.review.targets import TargetLook, a_quarter_before, target_look
from kpitui.terms import Target
from kpitui.workspace.session_words import target_phrase

KPI = Kpi(id="rate", name="Rate", file="kpitui.toml", line=1)
TODAY = date(2026, 11, 4)
SINCE_JANUARY = Target(date(2026, 1, 1), None, 0.3, None, None, Grain.MONTH, "flat", None, "")


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC)


def revision(day: str) -> TargetRevision:
    since = date.fromisoformat(day)
    return TargetRevision(id=f"t-{day}", kpi="rate", by="head", at=at(day), since=since, value=0.2, reason="x")


def look(
    target: Target | None = SINCE_JANUARY,
    *,
    revised: tuple[str, ...] = (),
    verdicts: tuple[Verdict, ...] = (),
    reviewed: tuple[date, ...] = (),
) -> TargetLook:
    return target_look(KPI, [target] if target else [], map(revision, revised), verdicts, reviewed, TODAY)


def test_where_a_target_has_ended_its_last_day_is_known() -> None:
    ended = look(SINCE_JANUARY._replace(until=date(2026, 10, 31)))
    assert (ended.target, ended.ended) == (None, date(2026, 10, 31))
    assert target_phrase(ended, "en_GB", TODAY) == "none after 31 Oct"
    assert (look().ended, target_phrase(look(None), "en_GB", TODAY)) == (None, "no target")


def test_a_target_of_january_has_not_been_looked_at_for_a_quarter_in_november() -> None:
    assert (look().looked_at, look().stale) == (date(2026, 1, 1), True)


def test_a_target_that_began_within_the_quarter_has() -> None:
    assert not look(SINCE_JANUARY._replace(since=date(2026, 8, 4))).stale
    assert look(SINCE_JANUARY._replace(since=date(2026, 8, 3))).stale


def test_a_revision_a_review_and_a_verdict_on_it_are_looks() -> None:
    verdict = Verdict(kpi="rate", by="head", at=at("2026-10-07"), verdict="target")
    assert look(revised=("2026-10-01",)).looked_at == date(2026, 10, 1)
    assert look(reviewed=(date(2026, 9, 3), date(2026, 6, 3))).looked_at == date(2026, 9, 3)
    assert look(verdicts=(verdict,)).looked_at == date(2026, 10, 7)
    other = Verdict(kpi="rate", by="head", at=at("2026-10-07"), verdict="act")
    assert look(verdicts=(other,)).stale


def test_where_there_is_no_target_there_is_nothing_to_look_at() -> None:
    assert (look(None).target, look(None).stale) == (None, False)


def test_twice_in_a_quarter_is_unsteady() -> None:
    assert not look(revised=("2026-07-01", "2026-10-01")).unsteady
    unsteady = look(revised=("2026-10-01", "2026-08-20"))
    assert unsteady.unsteady
    assert [change.since for change in unsteady.changes] == [date(2026, 8, 20), date(2026, 10, 1)]


@pytest.mark.parametrize(
    ("day", "before"),
    [("2026-11-04", "2026-08-04"), ("2026-05-31", "2026-02-28"), ("2026-01-15", "2025-10-15")],
)
def test_a_quarter_before(day: str, before: str) -> None:
    assert a_quarter_before(date.fromisoformat(day)) == date.fromisoformat(before)

"""The order of the meeting, the verdicts that are prefilled, and what has none yet."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpitui.analysis.status import group
from kpitui.definitions.model import Kpi
from kpitui.records.model import Verdict, VerdictWord
from kpitui.review.queue import PROPOSED, Item, Said, Standing, items, proposed, without_verdict
from kpitui.terms import Status, Tier, Variation

AT = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


def standing(
    name: str,
    status: Status,
    variation: Variation | None = "common_cause",
    gap: float | None = None,
    tier: Tier | None = "primary",
    kind: str | None = "leading",
) -> Standing:
    kpi = Kpi(id=name, name=name, file="kpitui.toml", line=1, tier=tier, kind=kind)  # type: ignore[arg-type]
    return Standing(kpi, group(status, variation, tier), status, gap, variation)


def queued(*standings: Standing, carried_over: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    queue, sweep = items(standings, said={}, verdicts={}, former={}, carried_over=carried_over)
    return [item.kpi.id for item in queue], [item.kpi.id for item in sweep]


def test_the_order_is_the_meetings() -> None:
    assert queued(
        standing("fine", "on_track"),
        standing("no data", "no_data", None),
        standing("on target, changed", "ahead", "improvement_high"),
        standing("usual", "behind"),
        standing("off and changed", "at_risk", "concern_low"),
    ) == (["off and changed", "usual", "on target, changed", "no data"], ["fine"])


def test_primary_first_then_leading_then_the_worst_gap() -> None:
    assert queued(
        standing("diagnostic", "behind", gap=-0.9, tier="diagnostic"),
        standing("supporting", "behind", gap=-0.5, tier="supporting"),
        standing("lagging", "behind", gap=-0.8, kind="lagging"),
        standing("small gap", "behind", gap=-0.2),
        standing("large gap", "behind", gap=-0.3),
    )[0] == ["large gap", "small gap", "lagging", "supporting", "diagnostic"]


def test_what_was_left_without_a_verdict_is_taken_up_though_it_is_fine_now() -> None:
    queue, sweep = queued(
        standing("fine", "on_track"), standing("left", "on_track"), standing("bad", "behind"), carried_over=("left",)
    )
    assert (queue, sweep) == (["bad", "left"], ["fine"])


# Verdicts


def test_the_page_on_the_record_has_the_table_of_prefilled_verdicts() -> None:
    page = (Path(__file__).parents[2] / "docs" / "record.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w ,]+) \| (\w+) \| (\w+) \| (\w+) \| (\w+) \| (\w+) \|$", page, re.MULTILINE)
    names: dict[str, list[Status]] = {
        "Behind": ["behind"],
        "At risk": ["at_risk"],
        "On track, Ahead": ["on_track", "ahead"],
        "No target": ["no_target"],
        "No data": ["no_data"],
    }
    told = {status: tuple(words) for name, *words in rows for status in names.get(name, [])}
    assert told == PROPOSED


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (standing("x", "behind", "concern_low"), "investigating"),
        (standing("x", "behind", "improvement_high"), "investigating"),
        (standing("x", "behind"), "act"),
        (standing("x", "at_risk"), "noise"),
        (standing("x", "at_risk", None), "investigating"),
        (standing("x", "on_track", "improvement_low"), "fine"),
        (standing("x", "ahead", "concern_low"), "investigating"),
        (standing("x", "on_track", "neutral_high"), "investigating"),
        (standing("x", "on_track"), "fine"),
        (standing("x", "no_target"), "target"),
        (standing("x", "no_target", tier="diagnostic"), "fine"),
        (standing("x", "no_data", None), "data"),
    ],
)
def test_a_verdict_is_prefilled_from_status_and_signal(found: Standing, verdict: VerdictWord) -> None:
    assert proposed(found) == verdict


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (Said(cause=True), "explained"),
        (Said(cause=True, target=True), "target"),
        (Said(cause=True, target=True, action=True), "act"),
    ],
)
def test_what_the_room_has_done_goes_before_the_table(said: Said, verdict: VerdictWord) -> None:
    assert proposed(standing("x", "no_data", None), said) == verdict


def test_who_lacks_a_verdict() -> None:
    given = Verdict(kpi="a", by="head", at=AT, verdict="act")
    before = Verdict(kpi="b", by="head", at=AT, verdict="investigating")
    queue, _ = items(
        [standing("a", "behind"), standing("b", "behind")],
        said={},
        verdicts={"a": given},
        former={"b": before},
        carried_over=(),
    )
    assert [(item.verdict, item.former) for item in queue] == [(given, None), (None, before)]
    lacking: tuple[Item, ...] = without_verdict(queue)
    assert [item.kpi.id for item in lacking] == ["b"]

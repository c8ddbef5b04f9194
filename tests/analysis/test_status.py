"""Where a figure stands, what talk it needs, and how much it changed."""

from __future__ import annotations

import pytest

from kpitui.analysis.status import Judgement, change, group, judge
from kpitui.analysis.targets import Goal
from kpitui.terms import Bands, Comparison, Direction, Group, Status, Tier, Variation

BANDS = Bands(ahead=0.05, on_track=0.05, at_risk=0.10)
POINTS = Bands(ahead=2, on_track=1, at_risk=3, absolute=True)


def status(actual: float | None, value: float | None, direction: Direction = "up", bands: Bands = BANDS) -> Status:
    return judge(actual, Goal(value), direction, bands).status


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (200, "ahead"), (105.1, "ahead"), (105, "ahead"), (104.9, "on_track"), (100, "on_track"), (95, "on_track"),
        (94.9, "at_risk"), (90, "at_risk"), (89.9, "behind"), (0, "behind"), (-100, "behind"),
    ],
)  # fmt: skip
def test_each_band_includes_its_edge(actual: float, expected: Status) -> None:
    assert status(actual, 100) == expected


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (90, "ahead"),
        (95, "ahead"),
        (95.1, "on_track"),
        (105, "on_track"),
        (105.1, "at_risk"),
        (110, "at_risk"),
        (110.1, "behind"),
    ],
)
def test_down_is_the_other_way_round(actual: float, expected: Status) -> None:
    assert status(actual, 100, "down") == expected


def test_an_edge_has_a_slack_of_a_billionth() -> None:
    assert status(0.95 * (1 - 0.9e-9), 1.0) == "on_track"
    assert status(1.0 - 0.05 - 0.9e-9, 1.0) == "on_track"
    assert status(1.0 - 0.05 - 1.1e-9, 1.0) == "at_risk"
    assert status(1.0 - 0.10 - 0.9e-9, 1.0) == "at_risk"
    assert status(1.0 - 0.10 - 1.1e-9, 1.0) == "behind"
    assert status(1.05 - 0.9e-9, 1.0) == "ahead"
    assert status(1.05 - 1.1e-9, 1.0) == "on_track"


def test_the_gap_is_favourable_where_it_is_positive() -> None:
    assert judge(80, Goal(100), "up", BANDS) == Judgement("behind", -0.2)
    assert judge(80, Goal(100), "down", BANDS) == Judgement("ahead", 0.2)
    assert judge(9.4, Goal(8.0), "down", BANDS).gap == pytest.approx(-0.175)


def test_a_negative_target() -> None:
    # A loss of 100 was planned: 90 lost is a tenth better, 120 lost a fifth worse.
    assert judge(-90, Goal(-100), "up", BANDS) == Judgement("ahead", pytest.approx(0.1))
    assert judge(-120, Goal(-100), "up", BANDS) == Judgement("behind", pytest.approx(-0.2))
    assert judge(-120, Goal(-100), "down", BANDS) == Judgement("ahead", pytest.approx(0.2))


@pytest.mark.parametrize(
    ("actual", "direction", "expected"),
    [
        (0, "up", "on_track"),
        (0.001, "up", "ahead"),
        (-0.001, "up", "behind"),
        (-3, "down", "ahead"),
        (3, "down", "behind"),
    ],
)
def test_a_target_of_zero_has_no_gap(actual: float, direction: Direction, expected: Status) -> None:
    assert judge(actual, Goal(0.0), direction, BANDS) == Judgement(expected, None)


@pytest.mark.parametrize(
    ("actual", "expected", "gap"),
    [
        (42, "ahead", 2),
        (41, "on_track", 1),
        (39, "on_track", -1),
        (38.9, "at_risk", -1.1),
        (37, "at_risk", -3),
        (36.9, "behind", -3.1),
    ],
)
def test_absolute_bands_are_in_the_kpis_own_unit(actual: float, expected: Status, gap: float) -> None:
    assert judge(actual, Goal(40), "up", POINTS) == Judgement(expected, pytest.approx(gap))


def test_absolute_bands_know_a_target_of_zero() -> None:
    assert judge(-1, Goal(0.0), "up", POINTS) == Judgement("on_track", -1)


@pytest.mark.parametrize(
    ("actual", "expected", "gap"),
    [
        (80, "on_track", 0.0), (100, "on_track", 0.0), (120, "on_track", 0.0),
        (77, "on_track", -0.0375), (73, "at_risk", -0.0875), (71, "behind", -0.1125),
        (126, "on_track", -0.05), (132, "at_risk", -0.1), (133, "behind", -0.10833333),
    ],
)  # fmt: skip
def test_a_range_counts_the_way_to_the_nearer_bound(actual: float, expected: Status, gap: float) -> None:
    assert judge(actual, Goal(None, 80, 120), "range", BANDS) == Judgement(expected, pytest.approx(gap))


def test_a_range_in_absolute_bands_and_around_zero() -> None:
    assert judge(3, Goal(None, 0, 2), "range", POINTS) == Judgement("on_track", -1)
    assert judge(-4, Goal(None, 0, 2), "range", POINTS) == Judgement("behind", -4)
    assert judge(-4, Goal(None, 0, 2), "range", BANDS) == Judgement("behind", None)


def test_what_is_missing() -> None:
    assert judge(None, Goal(100), "up", BANDS) == Judgement("no_data", None)
    assert judge(None, None, "up", BANDS) == Judgement("no_data", None)
    assert judge(5, None, "up", BANDS) == Judgement("no_target", None)
    assert judge(5, Goal(None, 1, 9), "up", BANDS) == Judgement("no_target", None)
    assert judge(5, Goal(7), "range", BANDS) == Judgement("no_target", None)


def test_a_gap_beyond_every_number_is_none() -> None:
    assert judge(1e290, Goal(1e-290), "up", BANDS) == Judgement("ahead", None)
    assert judge(1e290, Goal(1e-290), "down", BANDS) == Judgement("behind", None)


@pytest.mark.parametrize(
    ("status", "variation", "tier", "talk"),
    [
        ("behind", "concern_low", "primary", "find_the_cause"),
        ("at_risk", "improvement_high", None, "find_the_cause"),
        ("behind", "common_cause", "primary", "change_the_process"),
        ("at_risk", None, "diagnostic", "change_the_process"),
        ("on_track", "concern_low", "primary", "watch"),
        ("ahead", "improvement_high", "diagnostic", "watch"),
        ("no_target", "neutral_high", "diagnostic", "watch"),
        ("no_target", "common_cause", "primary", "no_judgement"),
        ("no_target", None, None, "no_judgement"),
        ("no_target", "common_cause", "diagnostic", "fine"),
        ("no_data", "concern_low", "diagnostic", "no_judgement"),
        ("on_track", "common_cause", "primary", "fine"),
        ("ahead", None, "supporting", "fine"),
    ],
)
def test_status_and_signal_say_which_talk_is_needed(
    status: Status, variation: Variation | None, tier: Tier | None, talk: Group
) -> None:
    assert group(status, variation, tier) == talk


@pytest.mark.parametrize(
    ("now", "then", "comparison", "expected"),
    [
        (110, 100, "percent", 0.1),
        (90, 100, "percent", -0.1),
        (-50, -100, "percent", 0.5),  # half of the loss
        (-150, -100, "percent", -0.5),
        (50, -100, "percent", 1.5),
        (-50, 100, "percent", -1.5),
        (0, 100, "percent", -1.0),
        (5, 0, "percent", None),
        (0, 0, "percent", None),
        (0.22, 0.25, "points", -0.03),
        (0.22, 0.0, "points", 0.22),
        (0.0131, 0.0115, "bps", 0.0016),
        (None, 1, "percent", None),
        (1, None, "points", None),
        (1e290, 1e-290, "percent", None),
    ],
)
def test_change(now: float | None, then: float | None, comparison: Comparison, expected: float | None) -> None:
    assert change(now, then, comparison) == (None if expected is None else pytest.approx(expected))

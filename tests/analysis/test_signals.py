"""Process behaviour charts: limits, and which points each rule marks.

`USUAL` swings between 0 and 10: its mean is 5, every moving range is 10, so its limits are 5 ± 26.6. As a baseline it
fixes them for the few points that a test puts behind it.
"""

from __future__ import annotations

import pytest

from kpitui.analysis.signals import Chart, Signal, chart, moving_ranges, told_with, variation
from kpitui.terms import ChartRule, Direction, Method, Side

USUAL = [0.0, 10.0] * 6


def marks(drawn: Chart) -> dict[int, str]:
    return {i: f"{signal.rule} {signal.side}" for i, signal in enumerate(drawn.signals) if signal}


def after_usual(*values: float, method: Method = "nhs") -> dict[int, str]:
    """What is marked of `values`, counted from 12, against the limits of `USUAL`."""
    return marks(chart([*USUAL, *values], ChartRule(method, baseline=12)))


def run(first: int, last: int, mark: str) -> dict[int, str]:
    return dict.fromkeys(range(first, last + 1), mark)


# Limits

# Test data of NHSRplotthedots 0.2.2 with one outlier; its figures, as are those of the conformance set `one-outlier-*`.
ONE_OUTLIER = [1.0, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]


def test_a_screened_chart_leaves_out_moving_ranges_beyond_their_own_limit() -> None:
    [phase] = chart(ONE_OUTLIER, ChartRule()).phases
    assert phase.mean == pytest.approx(1.9444444444444444)
    assert phase.mean_moving_range == 1.0  # without the 8 and the 9
    assert (phase.lower, phase.upper) == pytest.approx((-0.7155555555555557, 4.604444444444445))
    assert phase.dropped == 2


def test_an_unscreened_chart_keeps_them() -> None:
    [phase] = chart(ONE_OUTLIER, ChartRule(screen=False)).phases
    assert phase.mean_moving_range == pytest.approx(1.8823529411764706)  # 32 / 17
    assert phase.upper == pytest.approx(6.951503267973856)
    assert phase.dropped == 0
    assert marks(chart(ONE_OUTLIER, ChartRule(screen=False))) == {4: "outside_limits above"}


def test_ranges_are_screened_once() -> None:
    # Ranges: ten of 1, then 8, then 60. Mean 6.5, bound 21.2: the 60 goes. The 8, now beyond 3.267 × 1.64, stays.
    [phase] = chart([0.0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 8, 68], ChartRule()).phases
    assert phase.dropped == 1
    assert phase.mean_moving_range == pytest.approx(1.6363636363636365)  # 18 / 11


def test_a_flat_series_drops_nothing_and_marks_nothing() -> None:
    drawn = chart([5.0] * 12, ChartRule())
    [phase] = drawn.phases
    assert (phase.mean, phase.mean_moving_range, phase.lower, phase.upper) == (5.0, 0.0, 5.0, 5.0)
    assert phase.dropped == 0
    assert marks(drawn) == {}
    assert drawn.variation == "common_cause"


@pytest.mark.parametrize(
    ("points", "limits", "provisional"),
    [(1, False, True), (4, False, True), (5, True, True), (11, True, True), (12, True, False)],
)
def test_limits_need_five_points_and_are_provisional_under_twelve(points: int, limits: bool, provisional: bool) -> None:
    [phase] = chart(USUAL[:points], ChartRule()).phases
    assert (phase.lower is not None, phase.upper is not None) == (limits, limits)
    assert phase.provisional is provisional
    assert phase.points == points


def test_a_chart_of_four_points_marks_nothing_and_promises_nothing() -> None:
    drawn = chart([1, 1, 1, 100], ChartRule(), target=1000)
    assert marks(drawn) == {}
    assert drawn.assurance is None
    assert marks(chart([1, 1, 1, 100], ChartRule("wheeler"))) == {}


def test_without_points_or_method_there_is_no_chart() -> None:
    assert chart([], ChartRule()) == Chart("nhs")
    assert chart(USUAL, ChartRule("none")) == Chart("none")
    assert Chart("nhs").variation is None


def test_moving_ranges_are_of_neighbours() -> None:
    assert moving_ranges([3, 1, 4, 1]) == [2, 3, 3]
    assert moving_ranges([3]) == []


# outside_limits, both methods


@pytest.mark.parametrize("method", ["nhs", "wheeler"])
def test_outside_means_beyond_a_limit(method: Method) -> None:
    assert after_usual(32, method=method) == {12: "outside_limits above"}
    assert after_usual(4, -22, method=method) == {13: "outside_limits below"}
    assert after_usual(31.6, method=method) == {}  # on the limit


# nhs: trend. The rest of each series swings as USUAL does, so that no other rule finds anything.


def test_seven_rising_points_are_a_trend() -> None:
    drawn = chart([*USUAL[:6], 2, 3, 4, 5, 6, 7, 8, 0, 10, 0, 10, 0], ChartRule())
    assert marks(drawn) == run(6, 12, "trend above")


def test_seven_falling_points_are_a_trend() -> None:
    drawn = chart([10, 0, 10, 0, 10, 0, 8, 7, 6, 5, 4, 3, 2, 10, 0, 10, 0, 10], ChartRule())
    assert marks(drawn) == run(6, 12, "trend below")


def test_six_are_none() -> None:
    assert marks(chart([*USUAL[:6], 3, 4, 5, 6, 7, 8, 0, 10, 0, 10, 0], ChartRule())) == {}


def test_a_level_step_breaks_a_trend() -> None:
    assert marks(chart([*USUAL[:6], 2, 3, 4, 4, 5, 6, 7, 8, 0, 10, 0, 10, 0], ChartRule())) == {}


def test_eight_rising_points_are_all_marked() -> None:
    drawn = chart([*USUAL[:6], 1, 2, 3, 4, 5, 6, 7, 8, 0, 10, 0, 10, 0], ChartRule())
    assert marks(drawn) == run(6, 13, "trend above")


def test_where_two_trends_meet_the_one_that_goes_on_decides() -> None:
    drawn = chart([*USUAL[:6], 2, 3, 4, 5, 6, 7, 8, 7, 6, 5, 4, 3, 2, 10, 0, 10, 0, 10], ChartRule())
    assert marks(drawn) == run(6, 11, "trend above") | run(12, 18, "trend below")


def test_a_trend_at_the_end_of_the_series() -> None:
    drawn = chart([*USUAL, 2, 3, 4, 5, 6, 7, 8], ChartRule())
    assert marks(drawn) == run(12, 18, "trend above")
    assert drawn.variation == "improvement_high"


# nhs: near_limits, beyond 5 + ⅔ × 26.6 = 22.73 or below −12.73


def test_two_of_three_near_the_same_limit_are_marked_the_third_is_not() -> None:
    assert after_usual(25, 6, 25) == {12: "near_limits above", 14: "near_limits above"}
    assert after_usual(4, -15, -15) == {13: "near_limits below", 14: "near_limits below"}


def test_all_three_must_lie_on_one_side_of_the_mean() -> None:
    assert after_usual(25, 4, 25) == {}
    assert after_usual(25, 5, 25) == {}  # on it


def test_near_is_beyond_two_thirds() -> None:
    assert after_usual(22.7, 6, 25) == {}
    assert after_usual(22.8, 6, 25) == {12: "near_limits above", 14: "near_limits above"}


def test_a_point_outside_is_not_near() -> None:
    assert after_usual(32, 6, 25) == {12: "outside_limits above"}
    assert after_usual(31.6, 6, 25) == {12: "near_limits above", 14: "near_limits above"}  # on the limit is not outside


def test_near_points_four_apart_are_no_signal() -> None:
    assert after_usual(25, 6, 6, 25) == {}


# nhs: shift


def test_seven_on_one_side_are_a_shift() -> None:
    assert after_usual(*[4] * 7) == run(12, 18, "shift below")
    assert after_usual(*[4] * 9) == run(12, 20, "shift below")


def test_a_shift_may_begin_before() -> None:
    # The last point of USUAL is 10, above the mean: six more make seven.
    assert after_usual(*[6] * 6) == run(11, 17, "shift above")
    assert after_usual(*[6] * 5) == {}


def test_a_point_on_the_mean_breaks_the_run() -> None:
    assert after_usual(4, 4, 4, 5, 4, 4, 4, 4) == {}
    assert after_usual(*[5] * 8) == {}


def test_of_several_rules_the_first_names_the_point() -> None:
    assert after_usual(4, 32, 25, 6, 25, 6, 6, 6) == {
        13: "outside_limits above",
        14: "near_limits above",
        15: "shift above",
        16: "near_limits above",
        **run(17, 19, "shift above"),
    }


def test_nhs_does_not_look_at_single_steps() -> None:
    assert after_usual(30, -3) == {}


# wheeler


def test_wheeler_never_screens() -> None:
    [phase] = chart(ONE_OUTLIER, ChartRule("wheeler", screen=True)).phases
    assert phase.mean_moving_range == pytest.approx(1.8823529411764706)
    assert phase.dropped == 0


def test_eight_on_one_side_are_a_shift() -> None:
    assert after_usual(*[4] * 7, method="wheeler") == {}
    assert after_usual(*[4] * 8, method="wheeler") == run(12, 19, "shift below")
    assert after_usual(*[4] * 10, method="wheeler") == run(12, 21, "shift below")


def test_a_point_on_the_line_neither_counts_nor_breaks() -> None:
    # The eighth four stands at 20; the eight positions that end there begin at 13 and hold the five at 15.
    assert after_usual(4, 4, 4, 5, 4, 4, 4, 4, method="wheeler") == {}
    assert after_usual(4, 4, 4, 5, 4, 4, 4, 4, 4, method="wheeler") == run(13, 20, "shift below")
    # Each further one is marked, the next five is not.
    assert after_usual(4, 4, 4, 5, 4, 4, 4, 4, 4, 5, 4, method="wheeler") == {
        **run(13, 20, "shift below"),
        22: "shift below",
    }


def test_three_of_four_beyond_half_way_mark_all_four() -> None:
    # Half way to the limits: 18.3 and −8.3.
    assert after_usual(19, 6, 19, 19, method="wheeler") == run(12, 15, "near_limits above")
    assert after_usual(4, -9, -9, 4, -9, method="wheeler") == run(13, 16, "near_limits below")
    assert after_usual(18, 6, 19, 19, method="wheeler") == {}


def test_one_on_the_other_side_counts_against_them() -> None:
    assert after_usual(19, -9, 19, 19, method="wheeler") == {}


def test_points_outside_count_as_near_and_keep_their_name() -> None:
    assert after_usual(4, 36, 19, 19, 6, method="wheeler") == {
        12: "near_limits above",
        13: "outside_limits above",
        **run(14, 16, "near_limits above"),
    }


def test_a_step_beyond_the_ranges_own_limit() -> None:
    # 3.268 × 10 = 32.68; the side is the direction of the step.
    assert after_usual(30, -3, method="wheeler") == {13: "moving_range below"}
    assert after_usual(30, -2.5, method="wheeler") == {}
    assert after_usual(-8, 25, method="wheeler") == {13: "moving_range above"}


def test_wheeler_has_no_trend() -> None:
    assert marks(chart([*USUAL, 2, 3, 4, 5, 6, 7, 8], ChartRule("wheeler", baseline=12))) == {}


# Published series

# Test data of statprocon 2.0.0 ("response time"); the figures are those of the conformance sets `last-point-*`.
RESPONSE_TIME = [5045.0, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463, 5200]


def test_response_time_by_wheeler() -> None:
    drawn = chart(RESPONSE_TIME, ChartRule("wheeler"), "down")
    [phase] = drawn.phases
    assert phase.mean == 4135.5
    assert phase.mean_moving_range == pytest.approx(355.93333333333334)
    assert (phase.lower, phase.upper) == pytest.approx((3188.717333333333, 5082.282666666667))
    assert marks(drawn) == {15: "outside_limits above"}
    assert drawn.variation == "concern_high"


def test_response_time_by_nhs() -> None:
    drawn = chart(RESPONSE_TIME, ChartRule(), "down")
    [phase] = drawn.phases
    assert phase.mean_moving_range == pytest.approx(257.2857142857143)
    assert (phase.lower, phase.upper) == pytest.approx((3451.12, 4819.88))
    assert marks(drawn) == {
        0: "outside_limits above",
        **run(8, 11, "shift below"),
        12: "outside_limits below",
        13: "shift below",
        14: "shift below",
        15: "outside_limits above",
    }


# Breaches of four hours at one trust, April 2016 to March 2018 (NHS England A&E attendances, OGL v3; figures by
# NHSRplotthedots 0.2.2, conformance set `trust-stable-nhs`).
BREACHES = [
    1195.0, 1843, 1397, 1333, 1771, 1751, 2013, 1759, 2179, 2585, 1654, 1543,
    1632, 1558, 1190, 1357, 1279, 1683, 2190, 1804, 986, 2181, 2048, 2154,
]  # fmt: skip


def test_breaches_of_four_hours() -> None:
    drawn = chart(BREACHES, ChartRule(), "down")
    [phase] = drawn.phases
    assert phase.mean == 1711.875
    assert phase.mean_moving_range == pytest.approx(324.09090909090907)
    assert (phase.lower, phase.upper) == pytest.approx((849.7931818181819, 2573.956818181818))
    assert marks(drawn) == {9: "outside_limits above", **run(10, 17, "shift below")}
    assert drawn.variation == "common_cause"
    assert not drawn.stable  # 9 of 24


# Phases

HIGHER = [20.0, 30.0] * 6


def test_without_phases_two_levels_are_two_shifts() -> None:
    assert marks(chart([*USUAL, *HIGHER], ChartRule())) == run(0, 11, "shift below") | run(12, 23, "shift above")


def test_each_phase_has_its_own_mean_and_limits() -> None:
    drawn = chart([*USUAL, *HIGHER], ChartRule(), phase_starts=[12])
    assert marks(drawn) == {}
    first, second = drawn.phases
    assert (first.first, first.points, first.mean) == (0, 12, 5.0)
    assert (second.first, second.points, second.mean) == (12, 12, 25.0)
    assert (second.lower, second.upper) == pytest.approx((-1.6, 51.6))
    assert drawn.phase_of(11) == first
    assert drawn.phase_of(12) == second


def test_ranges_and_runs_stay_inside_a_phase() -> None:
    # Four sixes end the first phase and four 31s, above their mean too, begin the second.
    values = [*USUAL, 4, 6, 6, 6, 6, 31, 31, 31, 31, *HIGHER]
    rule = ChartRule(baseline=12)
    assert marks(chart(values, rule, phase_starts=[17], baselines=[12, None])) == {}
    jump = chart([*[5.0] * 6, *[500.0] * 6], ChartRule(), phase_starts=[6])
    assert [phase.mean_moving_range for phase in jump.phases] == [0.0, 0.0]


def test_limits_may_come_from_the_first_points_of_a_phase() -> None:
    values = [*USUAL, *HIGHER]
    [phase] = chart(values, ChartRule(baseline=12)).phases
    assert (phase.mean, phase.points) == (5.0, 24)
    # 20 and 30, all above: the run begins with the last 10 of the baseline; the 30s lie beyond two thirds (22.73).
    assert marks(chart(values, ChartRule(baseline=12)))[11] == "shift above"
    _, second = chart([*values, 1000.0], ChartRule(), phase_starts=[12], baselines=[None, 12]).phases
    assert second.mean == 25.0


def test_starts_that_are_no_points_are_no_phases() -> None:
    assert len(chart(USUAL, ChartRule(), phase_starts=[0, 12, 99, -1]).phases) == 1


# What it means


@pytest.mark.parametrize(
    ("direction", "side", "meaning"),
    [
        ("up", "above", "improvement_high"),
        ("up", "below", "concern_low"),
        ("down", "above", "concern_high"),
        ("down", "below", "improvement_low"),
        ("range", "above", "neutral_high"),
        ("range", "below", "neutral_low"),
    ],
)
def test_variation_depends_on_where_the_kpi_should_go(direction: Direction, side: Side, meaning: str) -> None:
    assert variation(Signal("shift", side), direction) == meaning
    assert variation(None, direction) == "common_cause"


def test_variation_is_the_last_points() -> None:
    assert chart([*USUAL, 40, 4], ChartRule(baseline=12)).variation == "common_cause"
    assert chart([*USUAL, 4, 40], ChartRule(baseline=12)).variation == "improvement_high"


@pytest.mark.parametrize(
    ("target", "up", "down"),
    [
        (32, "fail", "pass"),
        (-22, "pass", "fail"),
        (5, "inconsistent", "inconsistent"),
        (31.6, "inconsistent", "inconsistent"),  # on the limit
        (None, None, None),
    ],
)
def test_assurance_holds_the_target_against_the_limits(target: float | None, up: str | None, down: str | None) -> None:
    assert chart(USUAL, ChartRule(), "up", target=target).assurance == up
    assert chart(USUAL, ChartRule(), "down", target=target).assurance == down
    assert chart(USUAL, ChartRule(), "range", target=target).assurance is None


def test_assurance_is_of_the_last_phase() -> None:
    # 45 is above the limits of the first phase, 31.6, and within those of the second, 51.6.
    drawn = chart([*USUAL, *HIGHER], ChartRule(), phase_starts=[12], target=45)
    assert drawn.assurance == "inconsistent"


def test_a_phase_of_which_more_than_a_third_is_marked_is_not_stable() -> None:
    seven_of_21 = chart([*USUAL, 0, 10, *[4] * 7], ChartRule(baseline=14))
    assert len(marks(seven_of_21)) == 7
    assert seven_of_21.stable
    assert not chart([*USUAL, *[4] * 7], ChartRule(baseline=12)).stable  # seven of 19


def test_a_phase_says_how_many_points_its_limits_are_of() -> None:
    values = [10.0, 11.0, 9.0, 10.0, 12.0, 10.0, 11.0, 30.0]
    [phase] = chart(values, ChartRule(baseline=6), "up").phases
    assert (phase.points, phase.known_from) == (8, 6)
    [whole] = chart(values, ChartRule(), "up").phases
    assert (whole.points, whole.known_from) == (8, 8)


# When a chart could tell

LEVEL = [12.0, 10.0] * 6
"""Mean 11, mean moving range 2: limits 5.68 and 16.32, and near them from 14.55 on."""


@pytest.mark.parametrize(
    ("method", "then", "last", "known"),
    [
        ("nhs", [13.0] * 7, 18, 18),  # a shift is marked from its first point, and known with its seventh
        ("nhs", [13.0, 13.0, 20.0, 13.0, 13.0, 13.0, 13.0], 18, 14),  # outside the limits
        ("nhs", [13.0, 15.0, 15.0, 13.0, 13.0, 13.0, 13.0], 18, 14),  # two of three near a limit
        ("nhs", [15.0, 15.0, 13.0, 10.0], 13, 14),  # the third of three is not marked itself
        ("wheeler", [13.0] * 8, 19, 19),  # a run of eight
    ],
)
def test_a_run_is_known_later_than_it_begins(method: Method, then: list[float], last: int, known: int) -> None:
    values = [*LEVEL, *then]
    found = chart(values, ChartRule(method=method, baseline=12))
    assert min(marks(found)) == 12
    assert told_with(found, values, 12, last) == known


@pytest.mark.parametrize("method", ["nhs", "wheeler"])
@pytest.mark.parametrize("count", [6, 9, 12, 13, 18])
@pytest.mark.parametrize("value", [30.1, 0.7, 99.9, 3.2, -7.3, 0.0, 1e-300, 1.1e280])
def test_a_figure_that_never_moves_shows_no_signal(value: float, count: int, method: Method) -> None:
    """30.1 × 12 ÷ 12 is 30.100000000000005 as floats are added up; by the rules all points lie on the mean."""
    drawn = chart([value] * count, ChartRule(method))
    assert drawn.signals == (None,) * count
    assert (drawn.phases[0].lower, drawn.phases[0].upper) == (value, value)


def test_the_last_bits_of_a_sum_are_no_change() -> None:
    assert chart([0.3, 0.1 + 0.2] * 8, ChartRule()).signals == (None,) * 16

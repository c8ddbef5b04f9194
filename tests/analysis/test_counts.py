"""p′ and u′ charts: Laney's limits."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from kpitui.analysis.counts import Count, counts_chart, sigma_z, too_few
from kpitui.analysis.signals import Chart, Signal
from kpitui.terms import ChartRule

DATA = Path(__file__).parents[3] / "shared" / "data" / "ae_attendances.csv"
P, U = ChartRule("p"), ChartRule("u")

# 10 % and 20 % of 100 in turn: p̄ = 0.15, σ = √(0.15 × 0.85 / 100) = 0.0357071, z = ∓1.40028, so that |Δz| = 2.80056 and
# σ_z = 2.48277. Limits 0.15 ± 3 × 0.0357071 × 2.48277 = 0.15 ± 0.265957 = 0.15 ± 3 × 0.1 / 1.128.
USUAL = [Count(10, 100), Count(20, 100)] * 6


def marks(chart: Chart) -> dict[int, Signal]:
    return {i: signal for i, signal in enumerate(chart.signals) if signal}


def limits(chart: Chart, index: int) -> tuple[float | None, float | None]:
    return chart.levels[index].lower, chart.levels[index].upper


@pytest.mark.skipif(not DATA.is_file(), reason=f"there is no {DATA}")
def test_englands_36_months_of_four_hour_shares() -> None:
    attended: Counter[str] = Counter()
    late: Counter[str] = Counter()
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            attended[row["period"]] += int(row["attendances"])
            late[row["period"]] += int(row["breaches"])
    counts = [Count(attended[month] - late[month], attended[month]) for month in sorted(attended)]
    chart = counts_chart(counts, P)
    [phase] = chart.phases
    # issue 5
    assert phase.mean == pytest.approx(0.884819413, abs=5e-10)
    assert phase.sigma_z == pytest.approx(42.116567, abs=5e-7)
    assert len(marks(chart)) == 7
    plain = sum(
        abs(count.rate - phase.mean) > 3 * (phase.mean * (1 - phase.mean) / count.whole) ** 0.5 for count in counts
    )
    assert plain == 36  # a p chart without σ_z flags everything


def test_limits_follow_the_whole_of_each_point() -> None:
    chart = counts_chart([*USUAL, Count(60, 400)], ChartRule("p", baseline=12))
    [phase] = chart.phases
    assert (phase.mean, phase.lower, phase.upper) == (0.15, None, None)
    assert phase.sigma_z == pytest.approx(2.48277, abs=5e-6)
    assert limits(chart, 0) == pytest.approx((0.15 - 0.265957, 0.15 + 0.265957), abs=1e-6)
    assert limits(chart, 12) == pytest.approx((0.15 - 0.132979, 0.15 + 0.132979), abs=1e-6)  # four times the whole


def test_outside_is_beyond_the_points_own_limits() -> None:
    chart = counts_chart([*USUAL, Count(116, 400), Count(29, 100), Count(4, 400)], ChartRule("p", baseline=12))
    assert marks(chart) == {12: Signal("outside_limits", "above"), 14: Signal("outside_limits", "below")}
    assert chart.variation == "concern_low"
    assert chart.method == "p"


def test_events_per_unit() -> None:
    # 8 and 18 in 2 units in turn: ū = 6.5, σ = √(6.5 / 2), and again limits of ± 3 × |Δ| / 1.128: ± 3 × 5 / 1.128
    chart = counts_chart([Count(8, 2), Count(18, 2)] * 6, U)
    assert chart.phases[0].mean == 6.5
    assert limits(chart, 0) == pytest.approx((6.5 - 13.297872, 6.5 + 13.297872), abs=1e-6)
    assert chart.method == "u"


@pytest.mark.parametrize(("points", "limited"), [(1, False), (4, False), (5, True)])
def test_limits_need_five_points(points: int, limited: bool) -> None:
    chart = counts_chart(USUAL[:points], P, target=0.9)
    assert (chart.levels[-1].lower is not None) is limited
    assert chart.assurance == ("fail" if limited else None)
    assert chart.phases[0].provisional


def test_a_new_phase_has_its_own_mean() -> None:
    higher = [Count(40, 100), Count(50, 100)] * 3
    chart = counts_chart([*USUAL, *higher], P, "down", phase_starts=[12], target=0.05)
    assert [(phase.first, phase.points, phase.mean) for phase in chart.phases] == [(0, 12, 0.15), (12, 6, 0.45)]
    assert chart.assurance == "fail"
    assert chart.variation == "common_cause"


def test_none_of_everything_has_limits_without_width() -> None:
    chart = counts_chart([Count(0, 50)] * 6, P)
    assert limits(chart, 0) == (0.0, 0.0)
    assert marks(chart) == {}
    assert sigma_z([Count(3, 5)], 0.6, True) is None


def test_no_points_no_chart() -> None:
    assert counts_chart([], P) == Chart("p")


def test_a_target_in_the_middle_splits_the_points() -> None:
    assert counts_chart(USUAL, P, target=0.15).splits
    assert not counts_chart(USUAL, P, target=0.25).splits
    assert not counts_chart(USUAL[:6], P, target=0.15).splits  # too early


def test_fewer_than_five_a_period_are_too_few() -> None:
    assert too_few([Count(4, 100), Count(5, 100)], parts=True)
    assert too_few([Count(96, 100), Count(95, 100)], parts=True)
    assert not too_few([Count(96, 100), Count(95, 100)], parts=False)
    assert not too_few(USUAL, parts=True)


def test_a_share_that_never_moves_shows_no_signal() -> None:
    same = [Count(0.1 * n, n) for n in (300, 700, 900, 1100, 1300, 1700)] * 3
    assert counts_chart(same, ChartRule("p")).signals == (None,) * 18

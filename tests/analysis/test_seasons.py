"""Seasons: what returns every year, and series without it."""

from __future__ import annotations

from random import Random

import pytest

from kpitui.analysis.seasons import Season, adjusted_chart, autocorrelation, season
from kpitui.analysis.signals import Signal
from kpitui.terms import ChartRule

QUARTERS = [0.8, 1.0, 1.3, 0.9]


def test_a_season_that_multiplies_is_found_in_a_level_that_stays() -> None:
    values = [100 * factor for factor in QUARTERS] * 3
    found = season(range(12), values, 4, multiplies=True)
    assert found
    assert found.usual == pytest.approx(QUARTERS)
    assert (found.years, found.multiplies) == (3, True)
    assert found.strength == pytest.approx(1)
    assert found.without(2, 130) == pytest.approx(100)
    assert found.within(2, 100) == pytest.approx(130)


def test_a_season_that_adds() -> None:
    values = [level + add for level in (0, 10, 20) for add in (-5.0, 1, 3, 1)]
    values = [value + 2.5 * (i % 4 - 1.5) for i, value in enumerate(values)]  # a steady rise of 10 a year
    found = season(range(8, 20), values, 4, multiplies=True)
    assert found
    assert not found.multiplies  # there is a value that is not positive
    assert found.usual == pytest.approx([-5, 1, 3, 1])
    assert found.without(8, -8.75) == pytest.approx(-3.75)
    assert found.within(8, -3.75) == pytest.approx(-8.75)


def test_a_steady_rise_is_no_season() -> None:
    found = season(range(36), [100.0 + 2 * i for i in range(36)], 12, multiplies=False)
    assert found
    assert found.usual == pytest.approx([0] * 12, abs=1e-9)


def test_the_place_in_the_year_is_that_of_the_period() -> None:
    # From the third quarter on: the factors are those of the quarters all the same.
    values = [100 * QUARTERS[(i + 2) % 4] for i in range(13)]
    found = season(range(2, 15), values, 4, multiplies=True)
    assert found
    assert found.usual == pytest.approx(QUARTERS)


def test_three_whole_years_are_needed() -> None:
    assert season(range(11), [1.0] * 11, 4, multiplies=True) is None
    assert season([], [], 4, multiplies=True) is None
    gap = [number for number in range(16) if number != 14]
    found = season(gap, [100 * QUARTERS[number % 4] for number in gap], 4, multiplies=True)
    assert found
    assert found.years == 3  # the last year lacks a quarter
    assert found.usual == pytest.approx(QUARTERS)


def test_chance_has_no_clear_season() -> None:
    chance = Random(12)
    strengths = []
    for _ in range(200):
        found = season(range(36), [chance.gauss(100, 10) for _ in range(36)], 12, multiplies=True)
        assert found
        strengths.append(found.strength)
    assert sum(strength > 0.64 for strength in strengths) < 0.02 * len(strengths)


def test_a_flat_series_has_a_season_of_nothing() -> None:
    found = season(range(12), [5.0] * 12, 4, multiplies=True)
    assert found
    assert (found.usual, found.strength) == ((1.0,) * 4, 0.0)


def test_autocorrelation() -> None:
    assert autocorrelation([1, 2, 3, 4, 5]) == pytest.approx(0.4)  # (2 + 0 + 0 + 2) / 10
    assert autocorrelation([1, -1, 1, -1]) == pytest.approx(-0.75)
    assert autocorrelation([1, 2]) is None
    assert autocorrelation([3, 3, 3]) is None


def test_an_adjusted_chart_takes_its_limits_back_to_each_points_season() -> None:
    values = [100.0 * QUARTERS[i % 4] for i in range(16)]
    values[13] = 200.0
    steady = Season(tuple(QUARTERS), True, 4, 1.0)
    chart = adjusted_chart(steady, range(16), values, ChartRule(baseline=13), target=100)
    assert chart.adjusted[:4] == pytest.approx([100, 100, 100, 100])
    assert chart.levels[2] == pytest.approx((130, 130, 130))
    assert chart.signals[13] == Signal("outside_limits", "above")
    assert chart.phases[0].mean == 100
    assert chart.phases[0].dropped == 0
    assert chart.phase_of(0).mean == pytest.approx(80)

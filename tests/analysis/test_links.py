"""How two series go together, and runs of signals."""

from __future__ import annotations

from itertools import accumulate
from random import Random

import pytest

from kpitui.analysis.links import Run, Together, correlation, runs, together
from kpitui.analysis.signals import Signal

# Anscombe, Graphs in statistical analysis (1973), first set: r = 0.81642
ANSCOMBE_X = [10.0, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
ANSCOMBE_Y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]


def numbered(values: list[float], first: int = 0) -> dict[int, float]:
    return dict(enumerate(values, first))


def test_pearsons_r() -> None:
    assert correlation(ANSCOMBE_X, ANSCOMBE_Y) == pytest.approx(0.81642, abs=5e-6)
    assert correlation([1, 2, 3], [5, 5, 5]) is None


def test_fishers_interval_of_series_whose_neighbours_hardly_resemble_each_other() -> None:
    found = together(numbered(ANSCOMBE_X), numbered(ANSCOMBE_Y), 0, differences=False)
    # Autocorrelations by calculator: -0.07273 and -0.28592, so 11 × (1 − their product) / (1 + it); atanh r = 1.14582
    assert (found.n, found.effective_n) == (11, pytest.approx(10.5518, abs=5e-4))
    assert (found.low, found.high) == pytest.approx((0.4076, 0.9526), abs=1e-4)
    assert found.provisional
    assert found.clear


def test_a_lag_holds_a_figure_against_one_that_many_periods_before() -> None:
    leading = [1.0, 4, 2, 8, 5, 7, 3, 9]
    led = numbered([2 * each for each in leading], first=3)
    found = together(numbered(leading), led, 3, differences=False)
    assert found.r == pytest.approx(1)
    assert found.pairs[0] == (3, 1.0, 2.0)
    assert together(numbered(leading), led, 2, differences=False).r != pytest.approx(1)


def test_changes_are_of_neighbours_only() -> None:
    leading = {0: 1.0, 1: 2.0, 2: 4.0, 4: 5.0, 5: 7.0, 6: 8.0, 7: 8.5, 8: 11.0}
    found = together(leading, {number: 3 * value for number, value in leading.items()}, 0, differences=True)
    assert [number for number, _, _ in found.pairs] == [1, 2, 5, 6, 7, 8]
    assert found.r == pytest.approx(1)
    assert found.low is None  # of a perfect r there is no interval


def test_neighbours_that_resemble_each_other_make_n_worth_less() -> None:
    # 1 to 6 and back twice: ρ₁ of 24 such values is 0.65 for both, so n(1 − ρ²)/(1 + ρ²) is about 9.8
    waves = [1.0, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1] * 2
    other = [each + (0.5 if i % 2 else -0.5) for i, each in enumerate(waves)]
    found = together(numbered(waves), numbered(other), 0, differences=False)
    assert found.n == 24
    assert found.effective_n
    assert 8 < found.effective_n < 14
    assert found.r
    assert found.low
    assert found.low < found.r


def test_too_few_pairs_and_flat_series_say_nothing() -> None:
    few = together(numbered([1, 2, 3, 4.0]), numbered([2, 4, 5, 9.0]), 0, differences=False)
    assert (few.r, few.n, few.clear) == (None, 4, False)
    assert together(numbered([5.0] * 12), numbered(ANSCOMBE_Y), 0, differences=False).r is None
    assert together({}, {}, 0, differences=True).n == 0


def test_two_random_walks_look_related_in_levels_and_seldom_in_differences() -> None:
    # shared/design/ANALYSIS.md: two random walks of 24 points look "significant" half of the time in levels
    chance = Random(24)

    def walk() -> dict[int, float]:
        return numbered(list(accumulate(chance.gauss(0, 1) for _ in range(24))))

    pairs = [(walk(), walk()) for _ in range(400)]
    differences = [together(x, y, 0, differences=True) for x, y in pairs]
    assert sum(found.clear for found in differences) / 400 < 0.08
    levels = [together(x, y, 0, differences=False) for x, y in pairs]
    # |r| > 0.404 is what a table for n = 24 calls significant at 5 %
    assert 0.4 < sum(abs(found.r or 0) > 0.404 for found in levels) / 400 < 0.65
    assert sum(found.clear for found in levels) < sum(abs(found.r or 0) > 0.404 for found in levels) / 2


def test_runs_of_signals() -> None:
    up, down = Signal("shift", "above"), Signal("outside_limits", "below")
    assert runs([None, up, up, None, up, down, down]) == [Run(1, 4, up), Run(5, 6, down)]
    assert runs([up, *[None] * 6, up]) == [Run(0, 7, up)]
    assert runs([up, *[None] * 7, up]) == [Run(0, 0, up), Run(8, 8, up)]
    assert runs([]) == []


def test_what_is_not_known_is_not_clear() -> None:
    assert not Together(0.9, 5, 3.0, None, None, False, ()).clear
    assert not Together(0.1, 30, 30.0, -0.2, 0.4, False, ()).clear
    assert Together(-0.8, 30, 30.0, -0.9, -0.6, False, ()).clear

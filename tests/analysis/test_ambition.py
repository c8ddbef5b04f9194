from __future__ import annotations

import pytest

from kpitui.analysis.ambition import ambition
from kpitui.analysis.targets import Goal
from kpitui.terms import Direction

FOUR = (90.0, 110.0, 80.0, 120.0)
"""Their median is 100."""


@pytest.mark.parametrize("value", [70.0, 100.0, 130.0])
def test_a_target_up_to_thirty_per_cent_away_is_near_enough(value: float) -> None:
    assert ambition(Goal(value), FOUR, "up") is None


@pytest.mark.parametrize(
    ("value", "direction", "better", "credible"),
    [
        (131.0, "up", True, True),
        (69.0, "up", False, True),
        (69.0, "down", True, True),
        (131.0, "down", False, True),
        (999.0, "up", True, True),
        (1000.0, "up", True, False),
        (10.0, "down", True, False),
        (11.0, "down", True, True),
    ],
)
def test_farther_is_told_and_ten_times_is_not_credible(
    value: float, direction: Direction, better: bool, credible: bool
) -> None:
    found = ambition(Goal(value), FOUR, direction)
    assert found is not None
    assert (found.median, found.bound, found.better, found.credible) == (100.0, value, better, credible)
    assert found.times == pytest.approx(value / 100)


def test_of_a_range_the_nearer_end_counts_and_inside_of_it_nothing_does() -> None:
    assert ambition(Goal(low=50, high=150), FOUR, "range") is None
    low = ambition(Goal(low=140, high=200), FOUR, "range")
    high = ambition(Goal(low=10, high=60), FOUR, "range")
    assert low is not None
    assert high is not None
    assert [(each.bound, each.better) for each in (low, high)] == [(140, True), (60, True)]


def test_the_last_four_count_of_which_three_must_be_known() -> None:
    assert ambition(Goal(100), (1.0, 1.0, 1.0, *FOUR), "up") is None
    assert ambition(Goal(500), (None, *FOUR[:2]), "up") is None
    found = ambition(Goal(500), (90.0, None, 100.0, 110.0), "up")
    assert found is not None
    assert found.median == 100


@pytest.mark.parametrize(("value", "median"), [(5.0, 0.0), (5.0, -2.0), (-5.0, 2.0), (0.0, 2.0)])
def test_what_cannot_be_divided_is_not_compared(value: float, median: float) -> None:
    assert ambition(Goal(value), (median,) * 4, "up") is None

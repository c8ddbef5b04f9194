"""How far a target is from what there is: the median of the last four periods.

A target 20 to 30% better than today is ambitious and can be reached; many times as much is not believed. The median
and not the best period says what there is: who aims at a former peak misses three times out of four.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from kpitui.analysis.targets import Goal
from kpitui.terms import Direction

PERIODS = 4
"""Whose median is compared."""
FEWEST = 3
"""Of those, that must have a figure."""
AMBITIOUS = 0.30
"""Part of the median that a target may be away from it."""
NOT_CREDIBLE = 10.0
"""Times the median."""
_SLACK = 1e-9


class Ambition(NamedTuple):
    """A target that is far from what there is."""

    median: float
    bound: float
    """The target; of a range the nearer end."""
    times: float
    """The target as a multiple of the median."""
    better: bool
    """It asks for more than there is, and not for less."""

    @property
    def credible(self) -> bool:
        """Whether it is less than ten times as much, and more than a tenth."""
        return 1 / NOT_CREDIBLE < self.times < NOT_CREDIBLE


def ambition(goal: Goal, figures: Sequence[float | None], direction: Direction) -> Ambition | None:
    """How far the goal is from the median of the figures, oldest first, where that is more than 30% of it.

    None, too, where there are too few figures, or where the two cannot be divided: from zero, or across it.
    """
    known = [figure for figure in figures[-PERIODS:] if figure is not None]
    if len(known) < FEWEST:
        return None
    middle = median(known)
    bound = _bound(goal, middle)
    if bound is None or middle <= 0 or bound <= 0 or abs(bound / middle - 1) <= AMBITIOUS + _SLACK:
        return None
    better = direction == "range" or (bound > middle) == (direction == "up")
    return Ambition(middle, bound, bound / middle, better)


def _bound(goal: Goal, middle: float) -> float | None:
    """What of the goal is to be reached; None of a range that has been."""
    if goal.value is not None:
        return goal.value
    if goal.low is not None and middle < goal.low:
        return goal.low
    if goal.high is not None and middle > goal.high:
        return goal.high
    return None

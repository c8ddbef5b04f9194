"""Values to cells: the range of an axis, round values on it, and which periods get a label."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil, floor, isfinite, log10
from typing import NamedTuple

from kpitui.ui.chart.lines import DOTS_ACROSS, DOTS_DOWN
from kpitui.ui.text import width

_NICE_STEPS = (1, 2, 3, 4, 6, 12, 13, 26, 52)


class Scale(NamedTuple):
    """A vertical axis from `low` at the bottom to `high` at the top of so many rows."""

    low: float
    high: float
    rows: int

    def dot(self, value: float) -> int:
        """Dots from the bottom."""
        top = self.rows * DOTS_DOWN - 1
        length = self.high - self.low
        # Each by itself: the difference of two huge values may be more than a float holds.
        at = floor((value / length - self.low / length) * top + 0.5)
        return max(0, min(at, top))

    def row(self, value: float) -> int:
        """Rows from the top."""
        return self.rows - 1 - self.dot(value) // DOTS_DOWN

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def span(values: Iterable[float | None]) -> tuple[float, float] | None:
    """Lowest and highest with a little air; a flat series gets some, too. None without a value."""
    known = [value for value in values if value is not None]
    if not isfinite(sum(known)):  # one of them is not, or they are huge
        known = list(filter(isfinite, known))
    if not known:
        return None
    low, high = min(known), max(known)
    if low == high:
        air = abs(low) * 0.1 or 1.0
        return low - air, high + air
    air = (high - low) * 0.04
    # Nothing that cannot be negative gets an axis that is.
    return (0.0 if low >= 0 > low - air else low - air), high + air


def ticks(low: float, high: float, rows: int) -> list[float]:
    """Round values between the ends, at least two rows apart."""
    wanted = max(2, min(8, rows // 3))
    step = 10.0 ** floor(log10((high - low) / wanted))
    for factor in (1, 2, 5, 10):
        if (high - low) / (step * factor) <= wanted:
            step *= factor
            break
    first = floor(low / step) + 1
    found = []
    while first * step <= high:
        found.append(first * step)
        first += 1
    return found or [low]


class Axis(NamedTuple):
    """A horizontal axis: so many periods over so many columns."""

    periods: int
    columns: int

    def dot(self, index: int) -> int:
        """Dots from the left to the middle of the period."""
        return min(self.columns * DOTS_ACROSS - 1, int((index + 0.5) / self.periods * self.columns * DOTS_ACROSS))

    def column(self, index: int) -> int:
        return self.dot(index) // DOTS_ACROSS

    def nearest(self, column: int) -> int:
        """The period that is drawn nearest to the column."""
        return max(0, min(self.periods - 1, int((column + 0.5) / self.columns * self.periods)))

    @property
    def roomy(self) -> bool:
        """Each period has a cell of its own, with air between."""
        return self.columns >= roomy(self.periods)


def roomy(periods: int) -> int:
    """Columns in which so many periods have a cell each, with air between."""
    return ceil(1.5 * periods)


_SAMPLE = 60
"""Labels of one grain are about as wide as each other: of many periods so many are looked at."""


def labelled(label: Callable[[int], str], axis: Axis) -> list[int]:
    """Indexes of periods whose labels fit side by side, counted back from the last."""
    widest = max(width(label(index)) for index in range(0, axis.periods, -(-axis.periods // _SAMPLE))) + 2
    step = max(1, -(-axis.periods // max(1, axis.columns // widest)))
    step = next((nice for nice in _NICE_STEPS if nice >= step), step)
    half = widest // 2 - 1
    return [
        index
        for index in range(axis.periods - 1, -1, -step)
        if half <= axis.column(index) + 1 and axis.column(index) + half <= axis.columns + 1
    ][::-1]

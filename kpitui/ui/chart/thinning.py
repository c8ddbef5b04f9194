"""Which of a panel's periods show where there are more of them than columns.

Ten years of days on eighty columns: of the 23 values above each other in a column of dots the lowest and the highest
show, and of the signals in a column of cells the last one. What does not show is left out before anything is worked
out for it, so that drawing costs what the plot is wide, not what the series is long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from kpitui.ui.chart.lines import DOTS_ACROSS
from kpitui.ui.chart.scale import Axis
from kpitui.workspace.charts.values import Mark


def runs(values: Sequence[float | None], axis: Axis) -> list[list[int]]:
    """Indexes of the values that a line goes through, a run for each stretch without a gap."""
    dots = axis.columns * DOTS_ACROSS
    found: list[list[int]] = [[]]
    for part in _parts(axis.periods, min(dots, axis.periods)):
        known = [value for value in values[part.start : part.stop] if value is not None]
        if not known:
            found.append([])
        elif len(part) == 1:
            found[-1].append(part.start)
        else:
            low = values.index(min(known), part.start, part.stop)
            high = values.index(max(known), part.start, part.stop)
            found[-1] += (low, high) if low < high else (high, low) if high < low else (low,)
    return [run for run in found if run]


def last_marks(marks: Sequence[Mark | None], axis: Axis) -> Iterator[tuple[int, Mark]]:
    """Index and mark of what is marked, of several in one column the last one."""
    for part in _parts(len(marks), min(axis.columns, len(marks))):
        for index in reversed(part):
            mark = marks[index]
            if mark is not None:
                yield index, mark
                break


def _parts(periods: int, cells: int) -> Iterator[range]:
    """The indexes that fall into each cell, as `Axis.dot` puts them there."""
    start = 0
    for cell in range(1, cells + 1):
        stop = ceil(cell * periods / cells - 0.5) if cell < cells else periods
        if start < stop:
            yield range(start, stop)
        start = stop

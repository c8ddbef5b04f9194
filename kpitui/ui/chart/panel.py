"""One panel on a canvas: axes, levels, the line, its points, what is marked, and the cursor.

Every kind of thing has a shape of its own, so that the chart reads without colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kpitui.ui.chart.canvas import BLANK, Canvas
from kpitui.ui.chart.lines import Dot
from kpitui.ui.chart.scale import Axis, Scale, labelled, ticks
from kpitui.ui.chart.thinning import last_marks
from kpitui.ui.text import width
from kpitui.workspace.charts.values import Level, LevelKind, Line, LineKind, Panel

POINT, HOLLOW = "•", "○"
SIGNS = {"above": "▲", "below": "▼"}
CURSOR = "┆"
CURSOR_ROWS = 4
"""About so many rows of a panel show the cursor."""
QUIET = "chart-axis"


class _Pen(NamedTuple):
    sign: str
    every: int
    """At every so manyth column."""
    ink: str


LEVEL_PENS: dict[LevelKind, _Pen] = {
    "limit": _Pen("·", 2, "chart-limit"),
    "mean": _Pen("─", 1, "chart-mean"),
    "target": _Pen("╌", 1, "chart-target"),
    "benchmark_low": _Pen("═", 4, "chart-axis"),
    "benchmark_high": _Pen("═", 4, "chart-axis"),
}
_TURN = 4
"""Columns that a level has to itself on a row that it shares: one sign at least of each pen."""
BAND: tuple[LevelKind, ...] = ("benchmark_low", "benchmark_high")
"""The ground between the two is coloured as well."""
FORMER_PENS: dict[LineKind, _Pen] = {
    "year_ago": _Pen(".", 1, "chart-year-ago"),
    "two_years_ago": _Pen(":", 3, "chart-year-ago"),
}


LEADING_PEN = _Pen("+", 1, "chart-target")
"""Of a series that is laid over another one: its values only, and before the line, which would hide half of them."""


class Frame(NamedTuple):
    """Where a panel's figures lie on the canvas, and how they are scaled."""

    left: int
    top: int
    axis: Axis
    scale: Scale
    gutter: int
    """Cells to the right for the names of levels; 0 for none."""

    def column(self, index: int) -> int:
        return self.left + self.axis.column(index)

    def row(self, value: float) -> int:
        return self.top + self.scale.row(value)

    @property
    def bottom(self) -> int:
        """The row of the horizontal axis."""
        return self.top + self.scale.rows


class Pointing(NamedTuple):
    """What is pointed at in a panel."""

    cursor: int | None = None
    letters: Mapping[int, str] = {}
    """Marked periods: A and B."""
    numbers: Sequence[tuple[int, str]] = ()
    """Index and number of what happened, oldest first."""


def dots(frame: Frame, line: Line, runs: Sequence[Sequence[int]], across: int, up: int) -> list[list[Dot]]:
    """The dots of the line's runs on the whole canvas."""
    return [
        [Dot(across + frame.axis.dot(index), up + frame.scale.dot(value)) for index, value in _known(line, run)]
        for run in runs
    ]


def _known(line: Line, run: Sequence[int]) -> Iterator[tuple[int, float]]:
    for index in run:
        value = line.values[index]
        assert value is not None
        yield index, value


def draw_behind(canvas: Canvas, panel: Panel, frame: Frame, written: Callable[[float], str]) -> None:
    """What the line is drawn over: axes, band, levels and former years."""
    _band(canvas, panel, frame)
    _vertical_axis(canvas, frame, written)
    _levels(canvas, panel, frame)
    for line in panel.lines:
        if line.kind in FORMER_PENS:
            _former(canvas, line, frame)


def draw_line(canvas: Canvas, frame: Frame, rows: Sequence[str]) -> None:
    """The part of the lines' rows that lies in the frame."""
    for y in range(frame.top, frame.bottom):
        row = rows[y][frame.left : frame.left + frame.axis.columns]
        for x, letter in enumerate(row, frame.left):
            if letter != BLANK:
                canvas.put(x, y, letter, "chart-line")


def draw_before(
    canvas: Canvas,
    panel: Panel,
    frame: Frame,
    runs: Sequence[Sequence[int]],
    pointing: Pointing,
) -> None:
    """What is drawn over the line: points of its runs, signals, the horizontal axis, the cursor."""
    _points(canvas, panel, frame, runs)
    for line in panel.lines:
        if line.kind == "leading":
            for index, value in enumerate(line.values):
                if value is not None:
                    canvas.put(frame.column(index), frame.row(value), LEADING_PEN.sign, LEADING_PEN.ink)
    _horizontal_axis(canvas, panel, frame, pointing)
    if pointing.cursor is not None:
        _cursor(canvas, panel, frame, pointing.cursor)


def _band(canvas: Canvas, panel: Panel, frame: Frame) -> None:
    bounds = {level.kind: level.values[-1] for level in panel.levels if level.kind in BAND}
    if not bounds:
        return
    # A benchmark with one bound is open at the other end.
    low, high = bounds.get("benchmark_low"), bounds.get("benchmark_high")
    low = frame.scale.low if low is None else low
    high = frame.scale.high if high is None else high
    for y in range(frame.row(high), frame.row(low) + 1):
        canvas.fill(frame.left, y, frame.axis.columns, "chart-band")


def _vertical_axis(canvas: Canvas, frame: Frame, written: Callable[[float], str]) -> None:
    marked = {frame.row(value): written(value) for value in ticks(frame.scale.low, frame.scale.high, frame.scale.rows)}
    for y in range(frame.top, frame.bottom):
        text = marked.get(y, "")
        canvas.write(frame.left - 1 - width(text), y, text, QUIET)
        canvas.put(frame.left - 1, y, "┤" if text else "│", QUIET)


def _levels(canvas: Canvas, panel: Panel, frame: Frame) -> None:
    """The levels; those that meet on a row take turns, so that each is seen in its own shape."""
    shown = [frame.axis.nearest(column) for column in range(frame.axis.columns)]
    rows = [_level_rows(panel, level, frame, shown) for level in panel.levels]
    for own, level in enumerate(panel.levels):
        pen = LEVEL_PENS[level.kind]
        reached = set(rows[own]) - {None}
        met = [at for at, others in enumerate(rows) if at == own or not reached.isdisjoint(others)]
        for column in range(0, frame.axis.columns, pen.every):
            row = rows[own][column]
            if row is None:
                continue
            if len(met) > 1:
                here = [at for at in met if rows[at][column] == row]
                if here[column // _TURN % len(here)] != own:
                    continue
            canvas.put(frame.left + column, row, pen.sign, pen.ink)


def _level_rows(panel: Panel, level: Level, frame: Frame, shown: Sequence[int]) -> list[int | None]:
    """Where the level lies in each column, with the period shown there; None where it is not drawn."""
    values = [level.values[index] for index in shown]
    known = {value: frame.row(value) for value in set(values) if value is not None and frame.scale.holds(value)}
    found = [None if value is None else known.get(value) for value in values]
    if level.kind in ("mean", "limit"):
        for start in panel.phase_starts:
            found[_boundary(frame, start)] = None
    return found


def _boundary(frame: Frame, start: int) -> int:
    """The first column of a phase stays free, so that its levels do not join those before."""
    column = frame.axis.column(start)
    while column > 0 and frame.axis.nearest(column - 1) == start:
        column -= 1
    return column


def _former(canvas: Canvas, line: Line, frame: Frame) -> None:
    """A line of another year, straight between its values."""
    pen = FORMER_PENS[line.kind]
    known = [(frame.axis.column(i), value) for i, value in enumerate(line.values)]
    for (x, here), (next_x, there) in zip(known, [*known[1:], (known[-1][0], None)], strict=True):
        if here is None:
            continue
        canvas.put(frame.left + x, frame.row(here), pen.sign, pen.ink)
        for column in range(x + pen.every, next_x, pen.every):
            if there is not None:
                value = here + (there - here) * (column - x) / (next_x - x)
                canvas.put(frame.left + column, frame.row(value), pen.sign, pen.ink)


def _points(canvas: Canvas, panel: Panel, frame: Frame, runs: Sequence[Sequence[int]]) -> None:
    line = panel.lines[0]
    for run in runs:
        if frame.axis.roomy or len(run) == 1:
            for index, value in _known(line, run):
                canvas.put(frame.column(index), frame.row(value), POINT, "chart-line")
    for at, mark in last_marks(panel.marks, frame.axis):
        marked = line.values[at]
        if marked is not None:
            canvas.put(frame.column(at), frame.row(marked), SIGNS[mark.side], f"signal-{mark.verdict}")
    for index, value in _known(line, sorted(panel.hollow)):
        canvas.put(frame.column(index), frame.row(value), HOLLOW, "chart-line")


def draw_time(canvas: Canvas, panel: Panel, frame: Frame) -> None:
    """The horizontal axis with the names of periods under it."""
    y = frame.bottom
    canvas.put(frame.left - 1, y, "└", QUIET)
    for x in range(frame.axis.columns):
        canvas.put(frame.left + x, y, "─", QUIET)
    for index in labelled(panel.label, frame.axis):
        canvas.put(frame.column(index), y, "┬", QUIET)
        label = panel.label(index)
        left = min(frame.column(index) - width(label) // 2, canvas.columns - width(label))
        canvas.write(max(frame.left - 1, left), y + 1, label, QUIET)


def _horizontal_axis(canvas: Canvas, panel: Panel, frame: Frame, pointing: Pointing) -> None:
    draw_time(canvas, panel, frame)
    y = frame.bottom
    free = -1
    for index, sign in pointing.numbers:
        column = max(frame.column(index), free)
        if column < frame.left + frame.axis.columns:
            canvas.put(column, y, sign, "bold accent")
            free = column + 1
    for index, letter in pointing.letters.items():
        canvas.put(frame.column(index), y, letter, "bold accent")


def _cursor(canvas: Canvas, panel: Panel, frame: Frame, cursor: int) -> None:
    x = frame.column(cursor)
    # Few rows: they are seen as well, and each that changes is sent from the chart's left edge on.
    for y in range(frame.bottom - 1, frame.top - 1, -max(2, frame.scale.rows // CURSOR_ROWS)):
        if canvas.at(x, y) == BLANK:
            canvas.put(x, y, CURSOR, "accent")
    value = panel.lines[0].values[cursor]
    if value is not None:
        y = frame.row(value)
        letter = canvas.at(x, y)
        canvas.put(x, y, letter, "bold accent" if letter in (POINT, HOLLOW) else "accent")

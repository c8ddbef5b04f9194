"""Segments as lines one above the other, where small charts have no room: name, line, figure; one axis for all."""

from __future__ import annotations

from collections.abc import Sequence

from kpitui.ui.chart.canvas import BLANK, Canvas
from kpitui.ui.chart.panel import CURSOR, HOLLOW, Frame, draw_line, draw_time
from kpitui.ui.chart.scale import Axis, Scale, span
from kpitui.ui.text import fit, plain, width
from kpitui.workspace.charts.values import Panel, Picture

SCALES = "each line on its own scale"
"""Their heights cannot be compared: what stands behind them can."""
_AXIS_ROWS = 2
_TALLEST = 3
"""Rows of a line at most."""
_WIDEST_NAME = 16
_BETWEEN = 1


def place(picture: Picture, columns: int, rows: int, top: int) -> list[Frame]:
    """A frame for each segment that has room, all of the same width."""
    panels = picture.panels[: max(1, rows - _AXIS_ROWS)]
    tall = max(1, min(_TALLEST, (rows - _AXIS_ROWS) // len(panels)))
    left = 1 + min(_WIDEST_NAME, max(width(plain(panel.title)) for panel in panels)) + _BETWEEN + 1
    figures = max(width(picture.written_at(panel.lines[0], at)) for panel in panels for at in range(len(panel.periods)))
    axis = Axis(len(panels[0].periods), columns - left - figures - 2 * _BETWEEN)
    flat = (0.0, 1.0)
    return [
        Frame(left, top + number * tall, axis, Scale(*(span(panel.lines[0].values) or flat), tall), 0)
        for number, panel in enumerate(panels)
    ]


def draw(
    canvas: Canvas,
    picture: Picture,
    panels: Sequence[Panel],
    frames: Sequence[Frame],
    lines: Sequence[str],
    cursor: int | None,
) -> None:
    """The lines, with the figure at the cursor or the last one behind each, and what time they are of."""
    for panel, frame in zip(panels, frames, strict=True):
        name = fit(panel.title, frame.left - 1 - _BETWEEN - 1).rstrip()
        # Beside the middle of its line.
        y = frame.top + (frame.scale.rows - 1) // 2
        canvas.write(1, y, name, "bold foreground")
        draw_line(canvas, frame, lines)
        values = panel.lines[0].values
        for at in panel.hollow:
            value = values[at]
            if value is not None:
                canvas.put(frame.column(at), frame.row(value), HOLLOW, "chart-line")
        figure = picture.figure_at(panel, cursor)
        canvas.write(canvas.columns - _BETWEEN - width(figure), y, figure, "bold foreground")
        if cursor is not None:
            _cursor(canvas, frame, cursor)
    draw_time(canvas, panels[-1], frames[-1])
    if cursor is not None:
        # A line of one row leaves no cell for it.
        canvas.put(frames[-1].column(cursor), frames[-1].bottom, CURSOR, "bold accent")


def _cursor(canvas: Canvas, frame: Frame, cursor: int) -> None:
    x = frame.column(cursor)
    for y in range(frame.top, frame.bottom):
        letter = canvas.at(x, y)
        canvas.put(x, y, CURSOR if letter == BLANK else letter, "accent")

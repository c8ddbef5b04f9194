"""A picture in exactly so many columns and rows: title, panels, and the texts of what is numbered on the time axis."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from kpitui.ui.chart import segment_rows
from kpitui.ui.chart.canvas import Canvas, Run
from kpitui.ui.chart.lines import DOTS_ACROSS, DOTS_DOWN, Dot, braille
from kpitui.ui.chart.names import draw_names, gutter, placed
from kpitui.ui.chart.panel import Frame, Pointing, dots, draw_before, draw_behind, draw_line
from kpitui.ui.chart.scale import Axis, Scale, roomy, span, ticks
from kpitui.ui.chart.thinning import runs
from kpitui.ui.text import clipped, fit, plain, width, wrapped
from kpitui.workspace.charts.happenings import number_sign
from kpitui.workspace.charts.values import Panel, Picture

FEWEST_ROWS = 6
FEWEST_COLUMNS = 24
_AXIS_ROWS = 2
_ROWS_FOR_TEXTS = 11
"""From so many rows on, what happened is told under the axis."""
_ROWS_FOR_MORE_TEXTS = 17
"""From so many rows on, one of six is for them, where they need it."""
_ROWS_FOR_A_TITLE = 8
"""For each so many rows there may be a line of the title, where its remarks need it."""
_SMALL = (32, 7)
"""Columns and rows of a chart of a segment, at least."""
_FEWEST_SMALL = 4
"""Small charts; where fewer of them than that have room, and not all, segments are lines one above the other."""
_BETWEEN = 2
_MOST_FOR_NAMES = 3
"""Names that share a row may take the chart's width divided by so many."""
_FEWEST_FOR_ANOTHER = 8
"""Columns that a panel beside the first takes at least, rather than that the levels have no names."""
_FEWEST_FOR_NAMES = 12
"""Columns in which a value and a name can be read: where fewer are left beside the plot, there are no names."""


Runs = Sequence[Sequence[int]]
"""Of a panel's line: see `thinning.runs`."""


class Stop(NamedTuple):
    """Where the cursor can stand: a period of a panel."""

    panel: int
    at: int


class View(NamedTuple):
    """What is drawn over the picture for the person who looks at it."""

    cursor: Stop | None = None
    letters: dict[Stop, str] = {}
    texts: Sequence[str] = ()
    """Of the happenings, each with its number, as they are told."""


class Drawing(NamedTuple):
    """Rows of runs, and where the panels are."""

    rows: list[list[Run]]
    frames: list[Frame]
    shown: int
    """How many panels had room."""

    def stop(self, x: int, y: int) -> Stop | None:
        """The period that is drawn at the cell; None beside the panels."""
        for number, frame in enumerate(self.frames):
            if frame.left <= x < frame.left + frame.axis.columns and frame.top - 1 <= y <= frame.bottom + 1:
                return Stop(number, frame.axis.nearest(x - frame.left))
        return None


class Drafter:
    """Draws a picture again and again; the lines through its points are kept as long as it is the same."""

    def __init__(self) -> None:
        self._kept: tuple[object, tuple[Sequence[Runs], list[str]]] | None = None

    def draw(self, picture: Picture, columns: int, rows: int, view: View) -> Drawing:
        """The picture, or a sentence where there is nothing to draw or no room for it."""
        canvas = Canvas(columns, rows)
        if columns < FEWEST_COLUMNS or rows < FEWEST_ROWS:
            return _sentence(canvas, "too small for a chart")
        if picture.empty:
            canvas.write(1, 0, fit(picture.title, columns - 1).rstrip(), "chart-axis")
            return _sentence(canvas, picture.empty)
        texts = _texts(picture, view, columns, rows)
        in_rows = _in_rows(picture, columns, rows - 1)
        head = _title(picture, columns - 1, rows, in_rows=in_rows)
        place = segment_rows.place if in_rows else _frames
        frames = place(picture, columns, rows - len(head) - len(texts), len(head))
        if not frames:
            return _sentence(canvas, "no values to draw")
        panels = picture.panels[: len(frames)]
        if not in_rows:
            for panel, frame in zip(panels, frames, strict=True):
                draw_behind(canvas, panel, frame, picture.written)
        shown, lines = self._lines(panels, frames, columns, rows)
        if in_rows:
            segment_rows.draw(canvas, picture, panels, frames, lines, view.cursor.at if view.cursor else None)
        else:
            for number, (panel, frame) in enumerate(zip(panels, frames, strict=True)):
                draw_line(canvas, frame, lines)
                draw_before(canvas, panel, frame, shown[number], _pointing(picture, view, number))
                if frame.gutter:
                    draw_names(canvas, panel, frame, picture.written)
                _head(canvas, picture, panel, frame, view)
        for number, text in enumerate(texts):
            canvas.write(1, rows - len(texts) + number, text)
        hidden = len(picture.panels) - len(frames) + picture.left_out
        _write_title(canvas, head, f"and {hidden} more" if hidden else "")
        return Drawing([canvas.runs(y) for y in range(rows)], frames, len(frames))

    def _lines(
        self, panels: Sequence[Panel], frames: Sequence[Frame], columns: int, rows: int
    ) -> tuple[Sequence[Runs], list[str]]:
        """What shows of each panel's line, and all lines at once: plotext takes its time for each picture."""
        key = ([panel.lines[0] for panel in panels], frames, columns, rows)
        if self._kept is None or self._kept[0] != key:
            shown = [runs(panel.lines[0].values, frame.axis) for panel, frame in zip(panels, frames, strict=True)]
            drawn: list[list[Dot]] = []
            for panel, frame, own in zip(panels, frames, shown, strict=True):
                drawn += dots(frame, panel.lines[0], own, frame.left * DOTS_ACROSS, (rows - frame.bottom) * DOTS_DOWN)
            self._kept = key, (shown, braille(columns, rows, drawn))
        return self._kept[1]


def _sentence(canvas: Canvas, text: str) -> Drawing:
    lines = wrapped(text, max(10, canvas.columns - 4))[: canvas.rows - 1]
    for y, line in enumerate(lines, max(1, (canvas.rows - len(lines)) // 2)):
        canvas.write((canvas.columns - width(line)) // 2, y, line)
    return Drawing([canvas.runs(y) for y in range(canvas.rows)], [], 0)


def _title(picture: Picture, room: int, rows: int, *, in_rows: bool) -> list[str]:
    """The title with its remarks, in further lines where the first has no room for them and there are many rows."""
    first, *others = [plain(part) for part in (picture.title, *([segment_rows.SCALES] if in_rows else picture.remarks))]
    lines = [fit(first, min(room, width(first)))]
    for part in others:
        longer = f"{lines[-1]} · {part}"
        if width(longer) <= room:
            lines[-1] = longer
        elif len(lines) < rows // _ROWS_FOR_A_TITLE:
            lines.append(clipped(part, room))
        else:
            # Its name is enough: the panel has the whole of it.
            lines[-1] = clipped(f"{lines[-1]} · {part.partition(' (')[0].partition(': ')[0]} …", room)
            break
    return lines


def _write_title(canvas: Canvas, lines: Sequence[str], right: str) -> None:
    """The title, and what stands at the right end of its line."""
    room = canvas.columns - 1 - (width(right) + 2 if right else 0)
    for y, line in enumerate(lines):
        canvas.write(1, y, fit(line, min(width(line), canvas.columns - 1 if y else room)), "chart-axis")
    canvas.write(canvas.columns - width(right) - 1, 0, right, "chart-axis")


def _head(canvas: Canvas, picture: Picture, panel: Panel, frame: Frame, view: View) -> None:
    """What stands above one panel of several: its title and, of a segment, the figure at the cursor, or the last."""
    if len(picture.panels) == 1 and picture.arrangement == "row":
        return
    figure = ""
    if picture.arrangement == "grid":
        figure = picture.figure_at(panel, view.cursor.at if view.cursor else None)
    room = frame.axis.columns - width(figure) - 1
    canvas.write(frame.left, frame.top - 1, fit(panel.title, max(1, room)).rstrip(), "bold foreground")
    canvas.write(frame.left + frame.axis.columns - width(figure), frame.top - 1, figure, "bold foreground")


def _pointing(picture: Picture, view: View, number: int) -> Pointing:
    panel = picture.panels[number]
    if picture.arrangement == "grid":
        return Pointing(view.cursor.at if view.cursor else None)
    found = [(panel.at(one.day), number_sign(at)) for at, one in enumerate(picture.happenings, 1)]
    return Pointing(
        cursor=view.cursor.at if view.cursor and view.cursor.panel == number else None,
        letters={stop.at: letter for stop, letter in view.letters.items() if stop.panel == number},
        numbers=[(at, sign) for at, sign in found if at is not None],
    )


# Where the panels lie


def _frames(picture: Picture, columns: int, rows: int, top: int) -> list[Frame]:
    grid = picture.arrangement == "grid"
    return _grid(picture, columns, rows, top) if grid else _row(picture, columns, rows, top)


def _values(panel: Panel) -> list[float | None]:
    found = list(chain.from_iterable(line.values for line in panel.lines))
    for level in panel.levels:
        # A level has the same value in most periods, if not in all.
        first = level.values[0]
        found += [first] if level.values.count(first) == len(level.values) else set(level.values)
    return found


def _spans(picture: Picture, panels: Sequence[Panel]) -> list[tuple[float, float]]:
    """The vertical range of each panel."""
    values = [_values(panel) for panel in panels]
    common = span(chain.from_iterable(values)) or (0.0, 1.0)
    if picture.one_scale or len(panels) == 1:
        return [common] * len(panels)
    return [span(own) or common for own in values]


def _row(picture: Picture, columns: int, rows: int, top: int) -> list[Frame]:
    """Panels side by side, each as wide as its periods need, with the names of levels beside the last."""
    panels = picture.panels
    head = int(len(panels) > 1)
    height = rows - _AXIS_ROWS - head
    spans = _spans(picture, panels)
    labels = [_tick_width(picture, scale, height) for scale in spans]
    left = sum(labels) + len(panels) + _BETWEEN * (len(panels) - 1)
    count = sum(len(panel.periods) for panel in panels)
    found = placed(panels[-1], Scale(*spans[-1], height), picture.written)
    # Names that share a row may take some of the plot, but not the cells between its points.
    kept = max(FEWEST_COLUMNS * len(panels), roomy(count))
    beside = gutter(found, min(columns // _MOST_FOR_NAMES, columns - left - kept))
    most = columns - left - FEWEST_COLUMNS - _FEWEST_FOR_ANOTHER * (len(panels) - 1)
    beside = min(beside, most) if most >= _FEWEST_FOR_NAMES else 0
    room = columns - left - beside
    frames: list[Frame] = []
    x = 0
    for number, panel in enumerate(panels):
        rest = number == len(panels) - 1
        taken = sum(frame.axis.columns for frame in frames)
        wide = room - taken if rest else room * len(panel.periods) // count
        x += labels[number] + 1
        scale = Scale(*spans[number], height)
        frames.append(Frame(x, top + head, Axis(len(panel.periods), wide), scale, beside if rest else 0))
        x += wide + _BETWEEN
    return frames


def _grid(picture: Picture, columns: int, rows: int, top: int) -> list[Frame]:
    """Small charts in rows and columns, as many as fit, on one scale."""
    across, down = _across_and_down(picture, columns, rows)
    panels = picture.panels[: across * down]
    wide, high = columns // across, rows // down
    height = high - _AXIS_ROWS - 1
    low, top_value = _spans(picture, panels)[0]
    label = _tick_width(picture, (low, top_value), height)
    frames = []
    for number, panel in enumerate(panels):
        x, y = number % across * wide, top + number // across * high
        axis = Axis(len(panel.periods), wide - label - 1 - _BETWEEN)
        frames.append(Frame(x + label + 1, y + 1, axis, Scale(low, top_value, height), 0))
    return frames


def _across_and_down(picture: Picture, columns: int, rows: int) -> tuple[int, int]:
    """How many small charts have room beside and above each other."""
    across = max(1, min(columns // _SMALL[0], len(picture.panels)))
    return across, max(1, min(rows // _SMALL[1], -(-len(picture.panels) // across)))


def _in_rows(picture: Picture, columns: int, rows: int) -> bool:
    """Whether too few of the small charts have room."""
    if picture.arrangement != "grid":
        return False
    across, down = _across_and_down(picture, columns, rows)
    return across * down < min(_FEWEST_SMALL, len(picture.panels))


def _tick_width(picture: Picture, scale: tuple[float, float], height: int) -> int:
    return max(width(picture.written(value)) for value in ticks(*scale, height))


# Texts of what happened


def _texts(picture: Picture, view: View, columns: int, rows: int) -> list[str]:
    """As many lines under the axis as there is room for; what happened at the cursor comes first."""
    most = 0 if rows < _ROWS_FOR_TEXTS or picture.arrangement == "grid" else 1
    if most and rows >= _ROWS_FOR_MORE_TEXTS:
        most = -(-rows // 6)
    if not most or not view.texts:
        return []
    here = _at_cursor(picture, view)
    order = [*here, *(i for i in reversed(range(len(view.texts))) if i not in here)]
    room = columns - 2
    chosen: list[int] = []
    lines: list[str] = []
    for index in order:
        wanted = sorted([*chosen, index], key=lambda i: (i not in here, i))
        left = len(view.texts) + picture.earlier - len(wanted)
        packed = _packed([view.texts[i] for i in wanted] + ([f"and {left} more: i"] if left else []), room)
        if len(packed) > most and lines:
            break
        chosen, lines = wanted, packed[:most]
    return lines


def _at_cursor(picture: Picture, view: View) -> list[int]:
    if view.cursor is None:
        return []
    period = picture.panels[view.cursor.panel].periods[view.cursor.at]
    return [index for index, one in enumerate(picture.happenings) if one.day in period]


def _packed(texts: Sequence[str], room: int) -> list[str]:
    """The texts one after the other, in as few lines as hold them; a longer one is cut."""
    lines: list[str] = []
    for text in texts:
        shown = clipped(text, room)
        if lines and width(lines[-1]) + 3 + width(shown) <= room:
            lines[-1] += f"   {shown}"
        else:
            lines.append(shown)
    return lines

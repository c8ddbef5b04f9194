"""Rows of runs on a widget: as strips for it to render, and which cells differ when they are replaced."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from kpitui.ui.chart.canvas import BLANK, Run
from kpitui.ui.palette import palette

Rows = Sequence[Sequence[Run]]


class Painted:
    """The rows that a widget shows, in the colours of the theme."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._rows: Rows = ()
        self._strips: dict[int, Strip] = {}
        self._styles: dict[tuple[str, str], Style] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def restyle(self) -> None:
        """The theme changed."""
        self._styles.clear()
        self._strips.clear()

    def replace(self, rows: Rows, width: int) -> list[Region]:
        """Take other rows, each `width` cells wide, and tell what looks different now."""
        before, self._rows = self._rows, rows
        self._strips.clear()
        changed = []
        for y in range(max(len(before), len(rows))):
            old = before[y] if y < len(before) else ()
            new = rows[y] if y < len(rows) else ()
            if old != new and (stretch := _changed(old, new, width)) is not None:
                changed.append(Region(stretch[0], y, stretch[1] - stretch[0], 1))
        return changed

    def strip(self, y: int, width: int) -> Strip:
        """A row, or a blank one below the last."""
        if y >= len(self._rows):
            return Strip.blank(width, self._widget.rich_style)
        if y not in self._strips:
            self._strips[y] = Strip(self._segments(self._rows[y]))
        strip = self._strips[y]
        # A widget's style is found by going up to the screen: not for each row of a key.
        return strip if strip.cell_length == width else strip.adjust_cell_length(width, self._widget.rich_style)

    def _segments(self, runs: Sequence[Run]) -> list[Segment]:
        """The row with as few changes of style as there are: inks of one theme may have the same colour."""
        found: list[Segment] = []
        for run in runs:
            style = self._style(run)
            if found and found[-1].style == style:
                found[-1] = Segment(found[-1].text + run.text, style)
            else:
                found.append(Segment(run.text, style))
        return found

    def _style(self, run: Run) -> Style:
        key = (run.ink, run.fill)
        if key not in self._styles:
            paint = palette(self._widget.app)
            name = run.ink.removeprefix("bold ")
            style = self._widget.rich_style
            if name:
                style += Style(color=paint.colour(name).rich_color, bold=run.ink != name or None)
            if run.fill:
                style += Style(bgcolor=paint.colour(run.fill).rich_color)
            self._styles[key] = style
        return self._styles[key]


def _changed(old: Sequence[Run], new: Sequence[Run], width: int) -> tuple[int, int] | None:
    """From which column to which a row looks different; None where it does not."""
    before, after = _cells(old), _cells(new)
    if len(before) != width or len(after) != width:
        return 0, width  # there are wide characters in it, or the row is new
    differing = [x for x in range(width) if before[x] != after[x]]
    return (differing[0], differing[-1] + 1) if differing else None


def _cells(runs: Sequence[Run]) -> list[tuple[str, str, str]]:
    """What each cell shows: of a blank, its ground alone."""
    return [(letter, "" if letter == BLANK else run.ink, run.fill) for run in runs for letter in run.text]

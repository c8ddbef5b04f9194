"""Lines of text that may be large, each as large as its place has room; of other texts only what differs is painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.strip import Strip
from textual.widget import Widget

from kpitui.ui.big import cells_of, large, rows_of
from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.text import fit, plain, width
from kpitui.ui.widgets.painted import Painted


class Text(NamedTuple):
    """A text and where it stands. It comes from files, or is ours: what is written is printable in any case."""

    text: str
    ink: str
    x: int
    y: int
    cells: int
    """What does not fit is smaller, and cut where it is smallest."""
    scale: int = 0
    """At the most; 0 is a line of the terminal's own letters."""
    right: bool = False
    """It ends where its cells end."""


class Poster(Widget):
    """As many rows as it is high."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._painted = Painted(self)

    def show(self, texts: Sequence[Text], columns: int, rows: int) -> None:
        """Show these."""
        canvas = Canvas(columns, rows)
        for text in texts:
            _write(canvas, text)
        if changed := self._painted.replace([canvas.runs(y) for y in range(rows)], columns):
            self.refresh(*changed)

    def notify_style_update(self) -> None:
        """The theme changed."""
        self._painted.restyle()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        return self._painted.strip(y, self.size.width)


def scale_of(text: str, cells: int, most: int) -> int:
    """The largest scale at which the text has room; 0 where there is none for it."""
    taken = cells_of(plain(text), 1)
    return 0 if taken is None else min(most, cells // taken)


def _write(canvas: Canvas, text: Text) -> None:
    scale = scale_of(text.text, text.cells, text.scale)
    if scale == 0:
        line = fit(text.text, min(text.cells, width(plain(text.text))))
        # In the middle of the rows that it would have taken.
        y = text.y + (rows_of(text.scale) - 1) // 2
        canvas.write(text.x + (text.cells - width(line) if text.right else 0), y, line, text.ink)
        return
    lines = large(plain(text.text), scale)
    left = text.x + (text.cells - len(lines[0]) if text.right else 0)
    top = text.y + rows_of(text.scale) - len(lines)
    for y, line in enumerate(lines):
        canvas.write(left, top + y, line, text.ink.removeprefix("bold "))

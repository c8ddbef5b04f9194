"""The chart on the screen: it draws a picture, and repaints the cells that another one changes."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from kpitui.ui.chart.draw import Drafter, Drawing, Stop, View
from kpitui.ui.widgets.painted import Painted
from kpitui.workspace.charts.values import Picture


class Chart(Widget):
    """A picture of figures, with a cursor on one of its periods."""

    DEFAULT_CSS = """
    Chart { height: 1fr; min-height: 6; }
    """

    @dataclass
    class Pointed(Message):
        """A period was clicked."""

        place: Stop

    def __init__(self) -> None:
        super().__init__()
        self._picture: Picture | None = None
        self._view = View()
        self._drafter = Drafter()
        self._drawing: Drawing | None = None
        self._drawn_for: Size | None = None
        self._painted = Painted(self)

    def show(self, picture: Picture, view: View) -> None:
        """Draw this picture; what is on screen already is not painted again."""
        if (picture, view) == (self._picture, self._view):
            return
        self._picture, self._view = picture, view
        if self._drawn_for == self.size and self.size:
            if changed := self._draw(picture):
                self.refresh(*changed)
        else:
            self._drawn_for = None
            self.refresh()

    def _draw(self, picture: Picture) -> list[Region]:
        self._drawn_for = self.size
        self._drawing = self._drafter.draw(picture, *self.size, self._view)
        return self._painted.replace(self._drawing.rows, self.size.width)

    @property
    def text(self) -> list[str]:
        """What is drawn, line by line, without colours: marks and lines differ in shape."""
        rows = self._drawing.rows if self._drawing is not None else ()
        return ["".join(run.text for run in row).rstrip() for row in rows]

    def notify_style_update(self) -> None:
        """The theme changed."""
        self._painted.restyle()
        super().notify_style_update()

    def on_click(self, event: events.Click) -> None:
        if self._drawing is not None and (stop := self._drawing.stop(event.x, event.y)) is not None:
            self.post_message(self.Pointed(stop))

    def render_line(self, y: int) -> Strip:
        if self._drawn_for != self.size and self._picture is not None:
            self._draw(self._picture)
        return self._painted.strip(y, self.size.width)

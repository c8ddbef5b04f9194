"""Under the chart, where there is room: the largest bars, the KPIs before this one, and those after it."""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.widgets.painted import Painted
from kpitui.ui.widgets.why_lines import strip_lines
from kpitui.workspace.why.bars import Bars
from kpitui.workspace.why.linked import LinkedKpis

ROWS = 5


class WhyStrip(Widget):
    """A few lines that keep their place, whatever they say."""

    DEFAULT_CSS = """
    WhyStrip { height: 5; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._why: Bars | str = ""
        self._links: LinkedKpis | None = None
        self._painted = Painted(self)

    def show(self, why: Bars | str, links: LinkedKpis | None) -> None:
        """Show bars, or why there are none (yet), and links."""
        self._why, self._links = why, links
        self._paint()

    def notify_style_update(self) -> None:
        """The theme changed."""
        self._painted.restyle()
        super().notify_style_update()

    def on_resize(self) -> None:
        self._paint()

    def _paint(self) -> None:
        room = self.content_size.width
        if not room:
            return
        canvas = Canvas(room, ROWS)
        for y, pieces in enumerate(strip_lines(self._why, self._links, room, ROWS)):
            for x, text, ink in pieces:
                canvas.write(x, y, text, ink)
        changed = self._painted.replace([canvas.runs(y) for y in range(ROWS)], room)
        if changed:
            self.refresh(*(Region(*region) for region in changed))

    def render_line(self, y: int) -> Strip:
        return self._painted.strip(y, self.size.width)

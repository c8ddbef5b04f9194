"""In the chart's place: why a KPI moved, as bars, or the KPIs linked to it, with a picture of the marked link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.css.scalar import Scalar
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.chart.draw import FEWEST_ROWS, View
from kpitui.ui.text import content, fit
from kpitui.ui.widgets.chart import Chart
from kpitui.ui.widgets.chart_pane import fitting
from kpitui.ui.widgets.line import Line
from kpitui.ui.widgets.painted import Painted
from kpitui.ui.widgets.why_lines import Page, bars_page, links_page
from kpitui.workspace.why.bars import Bar, Bars
from kpitui.workspace.why.linked import Linked, LinkedKpis

MARK = "▸"
_FEWEST_LINES = 3
Kind = Literal["why", "links"]


class MarkedLines(ScrollView, can_focus=True):
    """Lines of which some can be marked; of others only what differs is painted."""

    DEFAULT_CSS = """
    MarkedLines { height: 1fr; padding: 0 1; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 0; }
    """
    BINDINGS = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("home", "move(-1000000)", show=False),
        Binding("end", "move(1000000)", show=False),
        Binding("pageup", "move(-5)", show=False),
        Binding("pagedown", "move(5)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Moved(Message):
        """Another line is marked."""

    class Chosen(Message):
        """The marked line was chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._page = Page([], [])
        self.marked = 0
        """Which of the lines that can be marked."""
        self._painted = Painted(self)

    @property
    def room(self) -> int:
        """Columns for text."""
        return max(20, self.scrollable_content_region.width or self.app.size.width - 2)

    def show(self, page: Page) -> None:
        """Show these lines."""
        self._page = page
        self.marked = max(0, min(self.marked, len(page.stops) - 1))
        self._paint()

    def notify_style_update(self) -> None:
        """The theme changed, or the focus."""
        self._painted.restyle()
        super().notify_style_update()

    def _paint(self) -> None:
        room, lines = self.room, self._page.lines
        canvas = Canvas(room, len(lines))
        for y, pieces in enumerate(lines):
            for x, text, ink in pieces:
                canvas.write(x, y, text, ink)
        if self._page.stops:
            at = self._page.stops[self.marked]
            canvas.fill(0, at, room, "panel")
            canvas.put(0, at, MARK, "bold accent")
        changed = self._painted.replace([canvas.runs(y) for y in range(canvas.rows)], room)
        if canvas.rows != self.virtual_size.height:
            # Set without a layout, which would paint everything again.
            self.set_reactive(ScrollView.virtual_size, Size(room, canvas.rows))
        self._scroll_to_marked()
        shown = [region.translate((0, -self.scroll_offset.y)) for region in changed]
        if visible := [region for region in shown if 0 <= region.y < self.size.height]:
            self.refresh(*visible)

    def _scroll_to_marked(self) -> None:
        """The marked line is seen; at the first and the last one also what stands above and below them."""
        rows, stops = self.scrollable_content_region.height, self._page.stops
        if not rows:
            return
        top = self.scroll_offset.y
        if not stops or self.marked == 0:
            top = 0
        elif self.marked == len(stops) - 1:
            top = max(0, len(self._page.lines) - rows)
            top = min(top, stops[-1])
        elif not top <= stops[self.marked] < top + rows:
            at = stops[self.marked]
            top = at if at < top else at - rows + 1
        self.scroll_to(y=top, animate=False)

    def render_line(self, y: int) -> Strip:
        return self._painted.strip(y + self.scroll_offset.y, self.size.width)

    def action_move(self, by: int) -> None:
        """Mark another line; where none can be marked, scroll."""
        if not self._page.stops:
            self.scroll_relative(y=by, animate=False)
            return
        marked = max(0, min(len(self._page.stops) - 1, self.marked + by))
        if marked != self.marked:
            self.marked = marked
            self._paint()
            self.post_message(self.Moved())

    def action_choose(self) -> None:
        """Do what the marked line stands for."""
        if self._page.stops:
            self.post_message(self.Chosen())

    def on_click(self, event: events.Click) -> None:
        y = event.y + self.scroll_offset.y
        if y not in self._page.stops:
            return
        if (at := self._page.stops.index(y)) == self.marked:
            self.action_choose()
        else:
            self.action_move(at - self.marked)


class WhyShown(NamedTuple):
    """Bars with what the person made of them."""

    bars: Bars
    way: str
    letters: tuple[str, ...] = ()
    """Names of the segments that are marked."""
    compared: tuple[str, ...] = ()


class WhyPane(Vertical):
    """Bars or links; the marked one can be chosen."""

    DEFAULT_CSS = """
    WhyPane { width: 1fr; }
    WhyPane Chart { display: none; }
    WhyPane.links Chart { display: block; }
    WhyPane #hint { height: 1; padding: 0 1; color: $signal-usual; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: WhyShown | LinkedKpis | str = ""

    def compose(self) -> ComposeResult:
        yield MarkedLines()
        yield Chart()
        yield Line(id="hint")

    @property
    def lines(self) -> MarkedLines:
        return self.query_one(MarkedLines)

    @property
    def bar(self) -> Bar | None:
        """The marked bar."""
        shown = self._shown
        bars = shown.bars.bars if isinstance(shown, WhyShown) else ()
        return bars[self.lines.marked] if bars else None

    @property
    def bars(self) -> Bars | None:
        return self._shown.bars if isinstance(self._shown, WhyShown) else None

    @property
    def link(self) -> Linked | None:
        """The marked link."""
        links = self._shown.linked if isinstance(self._shown, LinkedKpis) else ()
        return links[self.lines.marked] if links else None

    def show(self, shown: WhyShown | LinkedKpis | str, hint: Sequence[str], *, anew: bool) -> None:
        """Show bars, links or a sentence; `anew`: the first line is marked."""
        self._shown = shown
        if anew:
            self.lines.marked = 0
        self.set_class(isinstance(shown, LinkedKpis) and bool(shown.linked), "links")
        self.query_one("#hint", Line).show(content(fitting(hint, self.lines.room)))
        self._paint()

    def _paint(self) -> None:
        lines, shown = self.lines, self._shown
        if isinstance(shown, str):
            lines.show(Page([[(0, fit(shown, lines.room), "signal-usual")]], []))
        elif isinstance(shown, WhyShown):
            self._give(None)
            lines.show(bars_page(shown.bars, lines.room, shown.way, shown.letters, shown.compared))
        else:
            page = links_page(shown, lines.marked, lines.room)
            self._give(len(page.lines))
            lines.show(page)
            if self.link is not None:
                self.query_one(Chart).show(self.link.picture, View())

    def _give(self, rows: int | None) -> None:
        """So many lines, as far as the picture keeps its own; None: all there are."""
        height = "1fr"
        if rows is not None:
            most = max(_FEWEST_LINES, self.size.height - 1 - FEWEST_ROWS)
            height = str(min(rows, most))
        wanted = Scalar.parse(height)
        if self.lines.styles.height != wanted:
            self.lines.styles.height = wanted

    def on_resize(self) -> None:
        self._paint()

    def on_marked_lines_moved(self) -> None:
        if isinstance(self._shown, LinkedKpis):
            self._paint()


def marked_letters(letters: Sequence[str], segment: str) -> tuple[str, ...]:
    """The segments that are marked after one more was: twice takes a mark away, a third one begins anew."""
    if segment in letters:
        return tuple(each for each in letters if each != segment)
    return (*letters, segment) if len(letters) < 2 else (segment,)

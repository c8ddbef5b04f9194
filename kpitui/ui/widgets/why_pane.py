"""In the chart's place: why a KPI moved, as bars, or the KPIs linked to it, with a picture of the marked link."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal, NamedTuple

from rich.segment import Segment
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.css.scalar import Scalar
from textual.message import Message
from textual.strip import Strip

from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.chart.draw import FEWEST_ROWS, View
from kpitui.ui.palette import palette
from kpitui.ui.text import fit, plain, width
from kpitui.ui.widgets.chart import Chart
from kpitui.ui.widgets.line import KeyLine, Part
from kpitui.ui.widgets.marked_list import Item, MarkedList
from kpitui.ui.widgets.why_lines import QUIET, Page, Piece, bars_page, links_page
from kpitui.workspace.why.bars import Bar, Bars
from kpitui.workspace.why.linked import Linked, LinkedKpis

_FEWEST_LINES = 3
MORE = "…"
Kind = Literal["why", "links"]
Hint = Sequence[Part]
"""What a key does here: `esc chart`, or two keys and one word."""
_BETWEEN = " · "


class MarkedLines(MarkedList):
    """Bars or links with what is said above and below them."""

    @property
    def index(self) -> int:
        """Which of the lines that can be marked is."""
        return int(self.marked or 0)

    def show_page(self, page: Page, *, anew: bool) -> None:
        """Show these lines; `anew`: the first of those that can be marked is."""
        number = {y: str(at) for at, y in enumerate(page.stops)}
        items = [
            Item(number.get(y, f"line {y}"), partial(_write, pieces), heading=y not in number)
            for y, pieces in enumerate(page.lines)
        ]
        self.show_items(items, "0" if anew else None)

    def scroll_to_marked(self) -> None:
        """At the first and the last line that can be marked, what stands above and below is seen, too."""
        if self.marked == "0":
            self.scroll_to(y=0, animate=False)
        super().scroll_to_marked()
        if self.is_last:
            self.scroll_to(y=min(self.max_scroll_y, self.marked_line), animate=False)

    def render_line(self, y: int) -> Strip:
        """A line; the last one that has room tells that more come below it."""
        strip = super().render_line(y)
        height = self.scrollable_content_region.height
        if y != height - 1 or self.scroll_offset.y + height >= self.virtual_size.height:
            return strip
        at = min(width(strip.text.rstrip()), self.size.width - 2)
        sign = Strip([Segment(f"{MORE} ", palette(self.app).style(QUIET))]).apply_style(self.rich_style)
        return Strip.join([strip.crop(0, at), sign]).adjust_cell_length(self.size.width, self.rich_style)

    def action_move(self, by: int) -> None:
        """Mark another line; where there is none, scroll."""
        if self.marked is None:
            self.scroll_relative(y=by, animate=False)
        else:
            super().action_move(by)


def _write(pieces: Sequence[Piece], canvas: Canvas, y: int, room: int, marked: bool) -> None:
    for x, text, ink in pieces:
        canvas.write(x, y, text, ink)


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

    class Chosen(Message):
        """The marked bar or link was chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: WhyShown | LinkedKpis | str = ""
        self._hint: Sequence[Hint] = ()

    def compose(self) -> ComposeResult:
        lines = MarkedLines()
        yield lines
        yield Chart()
        yield KeyLine(id="hint", of=lines)

    @property
    def lines(self) -> MarkedLines:
        return self.query_one(MarkedLines)

    @property
    def bar(self) -> Bar | None:
        """The marked bar."""
        shown = self._shown
        bars = shown.bars.bars if isinstance(shown, WhyShown) else ()
        return bars[self.lines.index] if bars else None

    @property
    def bars(self) -> Bars | None:
        return self._shown.bars if isinstance(self._shown, WhyShown) else None

    @property
    def link(self) -> Linked | None:
        """The marked link."""
        links = self._shown.linked if isinstance(self._shown, LinkedKpis) else ()
        return links[self.lines.index] if links else None

    def show(self, shown: WhyShown | LinkedKpis | str, hint: Sequence[Hint], *, anew: bool) -> None:
        """Show bars, links or a sentence; `anew`: the first line is marked."""
        self._shown, self._hint = shown, hint
        self.set_class(isinstance(shown, LinkedKpis) and bool(shown.linked), "links")
        self._paint(anew=anew)

    def _paint(self, *, anew: bool = False) -> None:
        lines, shown = self.lines, self._shown
        self.query_one("#hint", KeyLine).show_parts(_fitting(self._hint, lines.room))
        if isinstance(shown, str):
            self._give(None)
            lines.show_page(Page([[(0, fit(shown, lines.room), "signal-usual")]], []), anew=anew)
        elif isinstance(shown, WhyShown):
            self._give(None)
            page = bars_page(shown.bars, lines.room, shown.way, shown.letters, shown.compared)
            lines.show_page(page, anew=anew)
        else:
            page = links_page(shown, 0 if anew else lines.index, lines.room)
            self._give(len(page.lines) if shown.linked else None)
            lines.show_page(page, anew=anew)
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

    def on_marked_list_moved(self, message: MarkedList.Moved) -> None:
        message.stop()
        if isinstance(self._shown, LinkedKpis):
            self._paint()

    def on_marked_list_chosen(self, message: MarkedList.Chosen) -> None:
        message.stop()
        self.post_message(self.Chosen())


def _fitting(hints: Sequence[Hint], room: int) -> list[Part]:
    """As many of them, from the first, as fit whole."""
    shown: list[Part] = []
    for hint in hints:
        parts = [Part(_BETWEEN), *hint] if shown else [*hint]
        if sum(width(plain(part.text)) for part in [*shown, *parts]) > room:
            break
        shown += parts
    return shown


def marked_letters(letters: Sequence[str], segment: str) -> tuple[str, ...]:
    """The segments that are marked after one more was: twice takes a mark away, a third one begins anew."""
    if segment in letters:
        return tuple(each for each in letters if each != segment)
    return (*letters, segment) if len(letters) < 2 else (segment,)

"""A list of lines, one of which is marked: headings are passed over, and only what differs is painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from kpitui.ui.chart.canvas import Canvas, Run
from kpitui.ui.keys import bindings
from kpitui.ui.text import fit
from kpitui.ui.widgets.painted import Painted

_MARK, _NO_MARK = Run("▌", "primary", "panel"), Run(" ", "", "")
"""Before the marked line and before the others: it is seen without colours, too."""


@dataclass(frozen=True)
class Item:
    """A line of the list."""

    key: str
    """Stays the same when the list is made anew."""
    write: Callable[[Canvas, int, int, bool], None]
    """Writes it: canvas, row, cells that there are, whether it is the marked one."""
    heading: bool = False
    """It cannot be marked."""


class MarkedList(ScrollView, can_focus=True, inherit_bindings=False):
    """Items from top to bottom, each of one line."""

    DEFAULT_CSS = """
    MarkedList {
        height: 1fr; padding: 0 1 0 0; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 0;
    }
    """
    BINDINGS = [*bindings("list"), Binding("enter", "choose", show=False)]

    @dataclass
    class Chosen(Message):
        """The marked line is to be opened."""

        key: str

    @dataclass
    class Moved(Message):
        """Another line is marked."""

        key: str

    def __init__(self, id: str | None = None, *, one_click: bool = False) -> None:  # noqa: A002
        """`one_click`: a click opens a line that is not marked, too."""
        super().__init__(id=id)
        self._one_click = one_click
        self._items: Sequence[Item] = ()
        self._empty = ""
        self._at = 0
        self._painted = Painted(self)
        self._written: dict[tuple[int, bool], list[Run]] = {}
        """By line, and whether it is the marked one: what is drawn, in `_written_for` cells."""
        self._written_for = 0

    def show_items(self, items: Sequence[Item], marked: str | None = None, *, empty: str = "") -> None:
        """Show these; the one with the key is marked, else the one that was, else the one in its place.

        `empty` is said where there are none.
        """
        wanted = marked or self.marked
        self._items, self._empty = items, empty
        self._written.clear()
        keys = [item.key for item in items]
        self._at = keys.index(wanted) if wanted in keys else min(self._at, max(0, len(items) - 1))
        self._at = self._nearest(self._at, 1)
        self.lay_out()

    def __len__(self) -> int:
        return len(self._items)

    @property
    def marked(self) -> str | None:
        """The key of the marked line."""
        return self._items[self._at].key if self._items and not self._items[self._at].heading else None

    @property
    def marked_line(self) -> int:
        """Where the marked line is, counted with the headings."""
        return self._at

    @property
    def is_last(self) -> bool:
        """No line after the marked one can be marked."""
        return all(item.heading for item in self._items[self._at + 1 :])

    def mark(self, key: str) -> None:
        """Mark the line with the key."""
        at = next((i for i, item in enumerate(self._items) if item.key == key and not item.heading), None)
        if at is not None and at != self._at:
            self._go_to(at)

    def notify_style_update(self) -> None:
        """The theme changed, or the focus."""
        self._painted.restyle()
        super().notify_style_update()

    def on_resize(self) -> None:
        if self._written_for != self.room:
            self.lay_out()
        else:
            self.scroll_to_marked()

    @property
    def room(self) -> int:
        """Cells of a line, behind the one of the mark."""
        # Before it is laid out for the first time it has no width of its own: padding is left out.
        return max(20, self.scrollable_content_region.width or self.app.size.width - 1) - 1

    def _line(self, y: int) -> list[Run]:
        """A line as it is drawn; it is kept, for a step of the mark changes two of them, of thousands maybe."""
        item = self._items[y]
        marked = y == self._at and not item.heading
        if (y, marked) not in self._written:
            canvas = Canvas(self.room, 1)
            if marked:
                canvas.fill(0, 0, self.room, "panel")
            item.write(canvas, 0, self.room, marked)
            self._written[y, marked] = [_MARK if marked else _NO_MARK, *canvas.runs(0)]
        return self._written[y, marked]

    def _said_instead(self) -> list[Run]:
        """Why there is no line."""
        canvas = Canvas(self.room, 1)
        canvas.write(0, 0, fit(self._empty, self.room).rstrip(), "signal-usual")
        return [_NO_MARK, *canvas.runs(0)]

    def lay_out(self) -> None:
        """Write all lines anew, and paint what differs."""
        room = self.room
        if room != self._written_for:
            self._written, self._written_for = {}, room
        rows = [self._line(y) for y in range(len(self._items))] or [self._said_instead()]
        changed = self._painted.replace(rows, room + 1)
        if len(rows) != self.virtual_size.height:
            # Set without a layout, which would paint everything again. How many there are stands in the title.
            self.set_reactive(ScrollView.virtual_size, Size(room + 1, len(rows)))
        self.scroll_to_marked()
        shown = [region.translate((0, -self.scroll_offset.y)) for region in changed]
        if visible := [region for region in shown if 0 <= region.y < self.size.height]:
            self.refresh(*visible)

    def scroll_to_marked(self) -> None:
        """Scroll as far as it takes to see the marked line."""
        first, rows = self.scroll_offset.y, self.scrollable_content_region.height
        if not rows or first <= self._top_of_marked() <= self._at < first + rows:
            return
        top = self._top_of_marked() if self._top_of_marked() < first else self._at - rows + 1
        self.scroll_to(y=top, animate=False)

    def _top_of_marked(self) -> int:
        """The line that should be seen with the marked one: a heading right above it."""
        return self._at - 1 if self._at and self._items[self._at - 1].heading else self._at

    def render_line(self, y: int) -> Strip:
        return self._painted.strip(y + self.scroll_offset.y, self.size.width)

    def _nearest(self, at: int, by: int) -> int:
        """The nearest line that can be marked, in this direction if there is one, else in the other."""
        ways = (range(at, len(self._items)), range(min(at, len(self._items) - 1), -1, -1))
        for way in ways if by > 0 else reversed(ways):
            for i in way:
                if not self._items[i].heading:
                    return i
        return at

    def _go_to(self, at: int) -> None:
        self._at = at
        self.lay_out()
        if (key := self.marked) is not None:
            self.post_message(self.Moved(key))

    def action_move(self, by: int) -> None:
        """Mark another line."""
        if self._items:
            at = self._nearest(max(0, min(len(self._items) - 1, self._at + by)), by)
            if at != self._at:
                self._go_to(at)

    def action_page(self, by: int) -> None:
        """Mark the one a screen away."""
        self.action_move(by * max(1, self.scrollable_content_region.height - 1))

    def action_to(self, index: int) -> None:
        """Mark the first line, or the last one (-1)."""
        self.action_move(-len(self._items) if index == 0 else len(self._items))

    def action_choose(self) -> None:
        """Open the marked line."""
        if (key := self.marked) is not None:
            self.post_message(self.Chosen(key))

    def on_click(self, event: events.Click) -> None:
        y = event.y + self.scroll_offset.y
        if y >= len(self._items) or self._items[y].heading:
            return
        marked = y == self._at
        if not marked:
            self._go_to(y)
        if marked or self._one_click:
            self.action_choose()

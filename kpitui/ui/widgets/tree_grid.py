"""A list of lines with a cursor, drawn line by line: the tree and its funnel. Only visible lines cost anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from kpitui.ui.keys import bindings
from kpitui.ui.palette import Palette, palette
from kpitui.ui.text import wrapped


class Lines:
    """What the grid shows: its lines by key, and how each is drawn."""

    empty = ""
    """What is said where there are none."""

    @property
    def keys(self) -> Sequence[str]:
        """Of the lines that are not folded away, from top to bottom."""
        raise NotImplementedError

    def above(self, key: str) -> str | None:
        """The line that this one stands under."""
        return None

    def fold(self, key: str, *, folded: bool) -> bool:
        """Fold or unfold what stands under a line; False where that changes nothing."""
        return False

    def is_folded(self, key: str) -> bool:
        return False

    def folds_at(self, key: str, x: int) -> bool:
        """Whether a click at that cell is on the line's sign of folding."""
        return False

    def header(self, cells: int, paint: Palette) -> list[Segment]:
        """The titles of the columns."""
        raise NotImplementedError

    def draw(self, key: str, cells: int, paint: Palette, *, marked: bool) -> list[Segment]:
        raise NotImplementedError

    def marked_cells(self, key: str, cells: int) -> int:
        """How many cells at its beginning the cursor marks."""
        raise NotImplementedError


class _Nothing(Lines):
    keys = ()

    def header(self, cells: int, paint: Palette) -> list[Segment]:
        return []


class TreeGrid(ScrollView, can_focus=True):
    """The first line is the header and does not scroll."""

    DEFAULT_CSS = """
    TreeGrid { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """
    BINDINGS = bindings("list", "outline")

    @dataclass
    class Opened(Message):
        """Somebody wants to see what a line is about."""

        key: str

    def __init__(self, moved: Callable[[], None], id: str | None = None) -> None:  # noqa: A002
        """`moved` is called when the cursor stands on another line, so that what it shows is painted with it."""
        super().__init__(id=id)
        self._moved = moved
        self._lines: Lines = _Nothing()
        self._keys: Sequence[str] = ()
        self.cursor = 0
        self._left = False
        """The KPI at the cursor is gone: the cursor is on no line."""
        self._strips: dict[tuple[str, bool], Strip] = {}
        self._style: Style | None = None

    @property
    def key(self) -> str | None:
        """Of the line under the cursor."""
        return self._keys[self.cursor] if self.cursor < len(self._keys) and not self._left else None

    def show(self, lines: Lines, key: str | None, *, lost: bool = False) -> None:
        """Show these lines, with the cursor on that one, or near where it was; on none where its KPI is `lost`."""
        self._lines = lines
        self._left = lost
        self._lay_out()
        self._place(key)
        self._moved()

    def go_to(self, key: str) -> None:
        """Put the cursor on a line; what hides it is unfolded."""
        above = self._lines.above(key)
        unfolded = False
        while above is not None:
            unfolded |= self._lines.fold(above, folded=False)
            above = self._lines.above(above)
        if unfolded:
            self._lay_out()
        if key in self._keys:
            self._move_to(self._keys.index(key), anyway=unfolded)

    def _lay_out(self) -> None:
        self._keys = self._lines.keys
        self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self._keys) + 1)
        self.refresh()

    def _place(self, key: str | None) -> None:
        """On the line, or on the nearest one that it stands under, or near."""
        while key is not None and key not in self._keys:
            key = self._lines.above(key)
        near = max(0, min(self.cursor, len(self._keys) - 1))
        self.cursor = self._keys.index(key) if key is not None else near
        self._scroll_to_cursor()

    # Moving

    def _move_to(self, index: int, *, anyway: bool = False) -> None:
        index = max(0, min(index, len(self._keys) - 1))
        before, self.cursor = self.cursor, index
        if before == index and not anyway and not self._left:
            return
        self._left = False
        cells = self.scrollable_content_region.width
        for line in (before, index):
            if line < len(self._keys):
                marked = self._lines.marked_cells(self._keys[line], cells)
                self.refresh(Region(0, line + 1 - self.scroll_offset.y, marked, 1))
        self._scroll_to_cursor()
        self._moved()

    def _scroll_to_cursor(self) -> None:
        height = max(1, self.size.height - 1)
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)

    def action_move(self, by: int) -> None:
        self._move_to(self.cursor + (0 if self._left and by > 0 else by))

    def action_page(self, by: int) -> None:
        self._move_to(self.cursor + by * max(1, self.size.height - 2))

    def action_to(self, index: int) -> None:
        self._move_to(index if index >= 0 else len(self._keys) - 1)

    # Folding

    def drill(self) -> None:
        if self.key is not None:
            self.post_message(self.Opened(self.key))

    def turn(self) -> None:
        """Fold the line, or unfold it."""
        if self.key is not None:
            self._fold(not self._lines.is_folded(self.key))

    def action_fold(self, folded: bool) -> None:
        """Fold or unfold; where that changes nothing, to the left goes to what the line stands under."""
        if self.key is None or self._fold(folded) or not folded:
            return
        above = self._lines.above(self.key)
        if above is not None:
            self._move_to(self._keys.index(above))

    def _fold(self, folded: bool) -> bool:
        key = self.key
        if key is None or not self._lines.fold(key, folded=folded):
            return False
        self._lay_out()
        self._place(key)
        self._moved()
        return True

    # The mouse, the size, the theme

    def on_click(self, event: events.Click) -> None:
        """A click marks a line, a click on the marked one opens it, one on its sign folds it."""
        index = event.y - 1 + self.scroll_offset.y
        if event.y == 0 or index >= len(self._keys):
            return
        again = index == self.cursor
        self._move_to(index)
        if self._lines.folds_at(self._keys[index], event.x):
            self.turn()
        elif again:
            self.drill()

    def on_resize(self) -> None:
        self._lay_out()
        self._scroll_to_cursor()

    def notify_style_update(self) -> None:
        """The theme changed."""
        self._strips.clear()
        self._style = None
        super().notify_style_update()

    # Drawing

    @property
    def _plain_style(self) -> Style:
        """The grid's own style; Textual puts it together anew whenever it is asked."""
        if self._style is None:
            self._style = self.rich_style
        return self._style

    def render_line(self, y: int) -> Strip:
        index = y - 1 + self.scroll_offset.y
        cells = self.scrollable_content_region.width
        if y == 0 and self._keys:
            return self._strip("", False, lambda: self._lines.header(cells, palette(self.app)))
        if y == 0 or index >= len(self._keys):
            return self._said_line(y)
        key, marked = self._keys[index], index == self.cursor and not self._left
        return self._strip(key, marked, lambda: self._lines.draw(key, cells, palette(self.app), marked=marked))

    def _strip(self, key: str, marked: bool, drawn: Callable[[], list[Segment]]) -> Strip:
        strip = self._strips.get((key, marked))
        if strip is None:
            width = self.scrollable_content_region.width
            strip = Strip(drawn()).adjust_cell_length(width, self._plain_style).apply_style(self._plain_style)
            # Neighbours of one colour go to the terminal as one.
            self._strips[key, marked] = strip = strip.simplify()
        return strip

    def _said_line(self, y: int) -> Strip:
        """A line of what is said in place of lines."""
        said = wrapped(self._lines.empty, max(20, self.size.width - 6)) if not self._keys and self._lines.empty else []
        if not 2 <= y < 2 + len(said):
            return Strip.blank(self.size.width, self._plain_style)
        text = Segment("   " + said[y - 2], palette(self.app).style("foreground"))
        return Strip([text]).adjust_cell_length(self.size.width, self._plain_style).apply_style(self._plain_style)

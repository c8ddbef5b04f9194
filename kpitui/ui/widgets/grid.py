"""The scorecard's grid, drawn line by line: only visible rows cost anything, whatever their number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from kpitui.periods import Grain
from kpitui.ui.columns import USUAL, Context
from kpitui.ui.keys import bindings
from kpitui.ui.layout import SIGNS, Layout, lay_out
from kpitui.ui.palette import palette
from kpitui.ui.text import wrapped
from kpitui.ui.widgets import grid_rows
from kpitui.ui.widgets.grid_lines import Folds, Line
from kpitui.workspace.answers import Row
from kpitui.workspace.grouping import RowGroup
from kpitui.workspace.sorting import BY_URGENCY, Order

_HEADER = -1
"""Where an index of a line stands: the titles of the columns."""
_MOST_KEPT = 500
"""Rows whose drawing is kept: some ten screens full."""


class Table(NamedTuple):
    """What the grid shows."""

    groups: Sequence[RowGroup] = ()
    context: Context | None = None
    """None until there is something to show."""
    order: Order = BY_URGENCY
    columns: Sequence[str] = USUAL
    empty: str = ""
    """What is said where there are no rows."""


class Grid(ScrollView, can_focus=True):
    """Rows in groups, with a cursor. The first line is the header and does not scroll."""

    DEFAULT_CSS = """
    Grid {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
    }
    """
    BINDINGS = bindings("list", "outline")
    virtual_size = reactive(Size(0, 0), repaint=False)
    """Textual's own has the whole screen laid out anew when it changes, a frame after the lines are painted."""

    @dataclass
    class Opened(Message):
        """Somebody wants to drill into a row."""

        row: Row

    @dataclass
    class HeadingClicked(Message):
        """The title of a column was clicked; `name` is the first one."""

        column: str

    def __init__(self, moved: Callable[[Row | None], None], id: str | None = None) -> None:  # noqa: A002
        """`moved` is told whenever the cursor stands on another line, None on a heading.

        It is called and not sent a message, so that what it shows is painted in one go with the cursor: a message
        would come a sixtieth of a second later.
        """
        super().__init__(id=id)
        self._moved = moved
        self._table = Table()
        self._folds = Folds()
        self._lines: list[Line] = []
        self.cursor = 0
        self._left = False
        """The KPI at the cursor is gone: the cursor is on no line, but between the one there and the one before."""
        self._wanted: str | None = None
        """The KPI that somebody put the cursor on: it goes back there when a filter that hid it is gone."""
        self._strips: dict[tuple[int, bool], Strip] = {}
        """By index, of lines without a row."""
        self._rows: dict[tuple[object, ...], tuple[Row, Strip]] = {}
        """Rows as they were drawn last, wherever they stood: a filter may let them through again."""
        self._style: Style | None = None
        self._layout_for: tuple[int, Grain, Sequence[str], bool] | None = None
        self._layout = Layout(0, ())

    # What is shown

    def show(self, table: Table, *, lost: bool = False) -> None:
        """Show these groups; the cursor stays on its KPI where that is still there, else near it.

        `lost`: it went without anybody's doing. Then the cursor is on none, so that no key acts on another KPI.
        """
        if table == self._table and lost == self._left:
            self._table = table  # equal rows of another reading take long to be told equal
            return  # nothing is painted again without a cause
        before = self.line
        if table._replace(groups=()) != self._table._replace(groups=()):
            self._forget_drawn()
            self.refresh()
        self._table = table
        self._lay_out()
        self._put_cursor(self._place(before), left=lost)
        self._scroll_to_cursor()
        self._moved(self.row)

    def _place(self, before: Line | None) -> int:
        """Where the cursor goes when the lines are others."""
        if before is None or before.row is not None:
            for kpi_id in (self._wanted, before.row.kpi.id if before and before.row else None):
                if kpi_id is not None and (found := self._shown_index(kpi_id)) is not None:
                    return found
        else:
            same = next((i for i, line in enumerate(self._lines) if line.key == before.key), None)
            if same is not None:
                return same
        if (before is None and not self._left) or not self._lines:
            return next((i for i, line in enumerate(self._lines) if line.row), 0)
        near = min(self.cursor, len(self._lines) - 1)
        # The next row from there on, else the last one before.
        rows = [i for i, line in enumerate(self._lines) if line.row]
        return next((i for i in rows if i >= near), rows[-1] if rows else 0)

    def _shown_index(self, kpi_id: str) -> int | None:
        """Where the KPI stands; what hides it is unfolded."""
        found = self._index(kpi_id)
        if found is None and self._folds.show_row(self._table.groups, kpi_id):
            self._lay_out()
            found = self._index(kpi_id)
        return found

    def _lay_out(self) -> None:
        """Find out which lines there are; those that look other than before are painted."""
        before, self._lines = self._lines, self._folds.lines(self._table.groups, self.size.height - 1)
        top = self.scroll_offset.y
        seen = range(top, top + self.size.height - 1)
        same = {index for index in seen if _looks(before, index) == _looks(self._lines, index)}
        self._strips = {key: strip for key, strip in self._strips.items() if key[0] in same or key[0] == _HEADER}
        others = [Region(0, index + 1 - top, self.size.width, 1) for index in seen if index not in same]
        if others:
            self.refresh(*others)
        self.virtual_size = Size(self.size.width, len(self._lines) + 1)

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """Textual's own is told the size on the screen for that of all lines, and paints the bar with each layout."""
        return super()._size_updated(size, self.virtual_size, container_size, layout)

    def _forget_drawn(self) -> None:
        self._strips.clear()
        self._rows.clear()

    def watch_virtual_size(self, size: Size) -> None:
        """The bar tells how many lines there are, where not all of them are seen."""
        if not self.size:
            return  # it is not known yet how many are seen
        self.show_vertical_scrollbar = size.height > self.size.height
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = size.height
        if self.scroll_offset.y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    @property
    def _plain_style(self) -> Style:
        """The grid's own style; Textual puts it together anew whenever it is asked."""
        if self._style is None:
            self._style = self.rich_style
        return self._style

    @property
    def layout_of_columns(self) -> Layout:
        """The columns that have room now, and the cells of the name."""
        context = self._table.context
        grain, over = (context.grain, context.over) if context else (Grain.MONTH, True)
        width, columns = self.scrollable_content_region.width, self._table.columns
        if (width, grain, columns, over) != self._layout_for:
            self._layout_for = (width, grain, columns, over)
            self._layout = lay_out(width, grain, columns, over=over)
            self._forget_drawn()
        return self._layout

    @property
    def line(self) -> Line | None:
        return self._lines[self.cursor] if self.cursor < len(self._lines) and not self._left else None

    @property
    def row(self) -> Row | None:
        """The row under the cursor, None on a heading."""
        return self.line.row if self.line else None

    @property
    def rows(self) -> list[Row]:
        """All rows from top to bottom, folded ones too."""
        return [row for group in self._table.groups for row in group.rows]

    def focus_kpi(self, kpi_id: str) -> None:
        """Put the cursor on a KPI, unfolding its group where that is needed."""
        found = self._shown_index(kpi_id)
        if found is not None:
            self._move_to(found)

    def _index(self, kpi_id: str) -> int | None:
        return next((i for i, line in enumerate(self._lines) if line.row and line.row.kpi.id == kpi_id), None)

    # Moving

    def _move_to(self, index: int) -> None:
        index = max(0, min(index, len(self._lines) - 1))
        moves = index != self.cursor or self._left
        self._put_cursor(index)
        self._wanted = self.row.kpi.id if self.row else None
        if moves:
            self._scroll_to_cursor()
            self._moved(self.row)

    def _put_cursor(self, index: int, *, left: bool = False) -> None:
        before, was_left = self.cursor, self._left
        self.cursor, self._left = index, left
        if before != index or was_left != left:
            self._repaint_mark(before)
            self._repaint_mark(index)

    def _repaint_mark(self, index: int) -> None:
        """Paint the cells again that the cursor marks or leaves."""
        if index < len(self._lines) and self._table.context is not None:
            cells = grid_rows.marked_cells(self._lines[index], self.layout_of_columns, self._table.context)
            self.refresh(Region(0, index + 1 - self.scroll_offset.y, cells, 1))

    def _scroll_to_cursor(self) -> None:
        height = max(1, self.size.height - 1)
        top = self.scroll_offset.y
        if self.cursor < top:
            # A heading comes along with its first row.
            above = self.cursor - 1 if self.cursor and self._lines[self.cursor - 1].row is None else self.cursor
            self.scroll_to(y=above, animate=False, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)

    def action_move(self, by: int) -> None:
        self._move_to(self.cursor + (0 if self._left and by > 0 else by))

    def action_page(self, by: int) -> None:
        self._move_to(self.cursor + by * max(1, self.size.height - 2))

    def action_to(self, index: int) -> None:
        self._move_to(index if index >= 0 else len(self._lines) - 1)

    # Folding

    def drill(self) -> None:
        """Open the row under the cursor; on a heading fold or unfold its group."""
        line = self.line
        if line is None:
            return
        if line.row is not None:
            self.post_message(self.Opened(line.row))
        else:
            self._fold(line, not line.folded and not line.hidden)

    def action_fold(self, folded: bool) -> None:
        """Fold or unfold the part of the tree, or the group, that the cursor stands on; else go to what it is in."""
        line = self.line
        if line is None:
            return
        if (line.row is None or line.parts) and (line.folded != folded or line.hidden):
            self._fold(line, folded)
            return
        if folded:
            above = (i for i in range(self.cursor - 1, -1, -1) if _holds(self._lines[i], line))
            self._move_to(next(above, self.cursor))

    def _fold(self, line: Line, folded: bool) -> None:
        self._folds.set(line.fold_key, folded)
        self._lay_out()
        # From the line that says how many there are more, the cursor goes to the first of them.
        at = next((i for i, other in enumerate(self._lines) if other.fold_key == line.fold_key and not other.hidden), 0)
        self._put_cursor(min(self.cursor, len(self._lines) - 1) if line.hidden and not folded else at)
        self._wanted = self.row.kpi.id if self.row else None
        self._scroll_to_cursor()
        self._moved(self.row)

    # The focus, the mouse, the size, the theme

    def watch_has_focus(self, has_focus: bool) -> None:
        """Nothing: it has the same styles with the focus and without, and Textual's own looks all of them up again."""

    def on_focus(self, event: events.Focus) -> None:
        """The same as Textual's own, but all is painted there."""
        event.prevent_default()
        self.has_focus = True
        self.screen.post_message(events.DescendantFocus(self))

    def on_blur(self, event: events.Blur) -> None:
        """The same again."""
        event.prevent_default()
        self.has_focus = False
        self.screen.post_message(events.DescendantBlur(self))

    def on_click(self, event: events.Click) -> None:
        """A click marks a row, a click on the marked one (or a double click) opens it."""
        if event.y == 0:
            self.post_message(self.HeadingClicked(self._column_at(event.x)))
            return
        index = event.y - 1 + self.scroll_offset.y
        if index >= len(self._lines):
            return
        line = self._lines[index]
        again = index == self.cursor
        self._move_to(index)
        on_sign = line.parts and event.x < SIGNS + line.depth * grid_rows.step(self.layout_of_columns) + 2
        if line.row is not None and on_sign:
            self._fold(line, not line.folded)
        elif again or line.row is None:
            self.drill()

    def _column_at(self, x: int) -> str:
        right = SIGNS + self.layout_of_columns.name
        for column in self.layout_of_columns.columns:
            if x < right:
                break
            right += column.width
            if x < right:
                return column.id
        return "name"

    def on_resize(self) -> None:
        """What has room unfolded may be another set; the cursor stays on its line."""
        line = self.line
        self._lay_out()
        if line is not None:
            same = (i for i, other in enumerate(self._lines) if other.key == line.key)
            self._put_cursor(next(same, max(0, min(self.cursor, len(self._lines) - 1))))
        self._scroll_to_cursor()

    def notify_style_update(self) -> None:
        """The theme changed."""
        self._forget_drawn()
        self._style = None
        super().notify_style_update()

    # Drawing

    def render_line(self, y: int) -> Strip:
        index = _HEADER if y == 0 else y - 1 + self.scroll_offset.y
        if self._table.context is None or index >= len(self._lines):
            return self._said_line(y) or Strip.blank(self.size.width, self._plain_style)
        marked = self._is_marked(index)
        line = None if index == _HEADER else self._lines[index]
        layout = self.layout_of_columns  # where it is another one, what was drawn is forgotten
        if line is None or line.row is None:
            if (index, marked) not in self._strips:
                self._strips[index, marked] = self._drawn(index, layout)
            return self._strips[index, marked]
        key = (line.row.kpi.id, line.depth, line.parts, line.folded, marked)
        known = self._rows.get(key)
        if known is None or known[0] is not line.row:
            if len(self._rows) > _MOST_KEPT:
                self._rows.clear()
            known = self._rows[key] = line.row, self._drawn(index, layout)
        return known[1]

    def _drawn(self, index: int, layout: Layout) -> Strip:
        width, style = self.scrollable_content_region.width, self._plain_style
        strip = Strip(self._draw(index, layout, width)).adjust_cell_length(width, style)
        # Neighbours of one colour go to the terminal as one: each change of colour takes forty bytes.
        return Strip(Segment.simplify(Segment.apply_style(strip, style)), width)

    def _is_marked(self, index: int) -> bool:
        return index == self.cursor and not self._left

    def _said_line(self, y: int) -> Strip | None:
        """A line of what is said in place of rows."""
        if self._lines or y < 2 or not self._table.empty:
            return None
        said = wrapped(self._table.empty, max(20, self.size.width - 2 * SIGNS))
        if y - 2 >= len(said):
            return None
        text = Segment(" " * SIGNS + said[y - 2], palette(self.app).style("foreground"))
        return Strip([text]).adjust_cell_length(self.size.width, self._plain_style).apply_style(self._plain_style)

    def _draw(self, index: int, layout: Layout, cells: int) -> list[Segment]:
        assert self._table.context is not None
        paint = palette(self.app)
        if index == _HEADER:
            return grid_rows.header(layout, self._table.order, paint)
        line, marked = self._lines[index], self._is_marked(index)
        if line.row is None:
            return grid_rows.group_heading(line, cells, paint, marked=marked)
        return grid_rows.row(line, line.row, layout, self._table.context, paint, marked=marked)


def _looks(lines: Sequence[Line], index: int) -> object:
    return lines[index].looks if index < len(lines) else None


def _holds(above: Line, line: Line) -> bool:
    """Whether a line before this one is what this one is a part of: a heading, or a row of the tree."""
    return above.row is None or (line.row is not None and above.depth < line.depth)

"""The scorecard's grid, drawn line by line: only visible rows cost anything, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from kpitui.ui.columns import Context, columns, marks, name_width, written
from kpitui.ui.palette import palette
from kpitui.ui.text import fit
from kpitui.workspace.answers import Row, Scorecard
from kpitui.workspace.grouping import RowGroup
from kpitui.workspace.wording import STATUS_SIGN

SHOWN_WHEN_FOLDED = 1


@dataclass(frozen=True)
class Line:
    """What one line of the grid shows: a row, a group's heading, or how many of a group are folded away."""

    group: RowGroup
    row: Row | None = None
    hidden: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Stays the same when the figures are read again."""
        return (self.group.key, self.row.kpi.id if self.row else "▾" if self.hidden else "")


class Grid(ScrollView, can_focus=True):
    """Rows in groups, with a cursor. The first line is the header and does not scroll."""

    DEFAULT_CSS = """
    Grid {
        height: 1fr;
        scrollbar-size-vertical: 1;
    }
    """
    BINDINGS = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup,ctrl+u", "page(-1)", show=False),
        Binding("pagedown,ctrl+d", "page(1)", show=False),
        Binding("home", "to(0)", show=False),
        Binding("end,G", "to(-1)", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The cursor stands on another line."""

        row: Row | None

    @dataclass
    class Opened(Message):
        """Somebody wants to drill into a row."""

        row: Row

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._scorecard: Scorecard | None = None
        self._columns_context: Context | None = None
        self._groups: Sequence[RowGroup] = ()
        self._unfolded: set[str] = set()
        self._folded: set[str] = set()
        self._lines: list[Line] = []
        self.cursor = 0
        self._strips: dict[tuple[int, bool], Strip] = {}

    # What is shown

    def show(self, scorecard: Scorecard, groups: Sequence[RowGroup], context: Context) -> None:
        """Show these groups; the cursor stays on its KPI where that is still there."""
        if (scorecard, groups, context) == (self._scorecard, self._groups, self._columns_context):
            return  # nothing is painted again without a cause
        before, focused = self.line, self.row
        self._scorecard, self._groups, self._columns_context = scorecard, groups, context
        self._lay_out()
        first = next((i for i, line in enumerate(self._lines) if line.row), 0)
        self.cursor = first
        if focused is not None:
            self.focus_kpi(focused.kpi.id, quietly=True)
        elif before is not None:
            same = (i for i, line in enumerate(self._lines) if line.key == before.key)
            self.cursor = next(same, first)
        self._scroll_to_cursor()
        self.post_message(self.Moved(self.row))

    def _lay_out(self) -> None:
        lines: list[Line] = []
        for group in self._groups:
            lines.append(Line(group))
            rows = group.rows
            if self._is_folded(group):
                # One line of a group says what kind it is; a single row more is no longer than saying so.
                shown = 0 if group.key in self._folded else SHOWN_WHEN_FOLDED
                shown = shown if len(rows) > shown + 1 or group.key in self._folded else len(rows)
                rows = rows[:shown]
            lines += [Line(group, row) for row in rows]
            if len(rows) < len(group.rows):
                lines.append(Line(group, hidden=len(group.rows) - len(rows)))
        self._lines = lines
        self._strips.clear()
        self.virtual_size = Size(self.size.width, len(lines) + 1)
        self.refresh()

    def _is_folded(self, group: RowGroup) -> bool:
        if group.key in self._folded:
            return True
        return group.folds and group.key not in self._unfolded and not self._all_fit()

    def _all_fit(self) -> bool:
        """Whether every group has room unfolded: then nothing has to be hidden."""
        return sum(1 + len(group.rows) for group in self._groups) < self.size.height

    @property
    def line(self) -> Line | None:
        return self._lines[self.cursor] if self.cursor < len(self._lines) else None

    @property
    def row(self) -> Row | None:
        """The row under the cursor, None on a heading."""
        return self.line.row if self.line else None

    def focus_kpi(self, kpi_id: str, *, quietly: bool = False) -> None:
        """Put the cursor on a KPI, unfolding its group where that is needed."""
        for group in self._groups:
            if any(row.kpi.id == kpi_id for row in group.rows):
                found = self._index(kpi_id)
                if found is None:
                    self._folded.discard(group.key)
                    self._unfolded.add(group.key)
                    self._lay_out()
                    found = self._index(kpi_id)
                if found is not None:
                    self._move_to(found, quietly=quietly)
                return

    def _index(self, kpi_id: str) -> int | None:
        return next((i for i, line in enumerate(self._lines) if line.row and line.row.kpi.id == kpi_id), None)

    # Moving

    def _move_to(self, index: int, *, quietly: bool = False) -> None:
        index = max(0, min(index, len(self._lines) - 1))
        before, self.cursor = self.cursor, index
        if before != index:
            for line in (before, index):
                self.refresh(self._marked_region(line))
            self._scroll_to_cursor()
            if not quietly:
                self.post_message(self.Moved(self.row))

    def _marked_region(self, line: int) -> Region:
        """The cells that the cursor marks: the sign and the name, not the whole row."""
        return Region(0, line + 1 - self.scroll_offset.y, 3 + self._name_width, 1)

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
        self._move_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        self._move_to(self.cursor + by * max(1, self.size.height - 2))

    def action_to(self, index: int) -> None:
        self._move_to(index if index >= 0 else len(self._lines) - 1)

    def drill(self) -> None:
        """Open the row under the cursor; on a heading fold or unfold its group."""
        line = self.line
        if line is None:
            return
        if line.row is not None:
            self.post_message(self.Opened(line.row))
            return
        folded = self._is_folded(line.group)
        self._folded.discard(line.group.key)
        self._unfolded.discard(line.group.key)
        if folded:
            self._unfolded.add(line.group.key)
        else:
            self._folded.add(line.group.key)
        self._lay_out()
        heading = next(i for i, other in enumerate(self._lines) if other.group.key == line.group.key)
        self.cursor = min(heading if not line.hidden else self.cursor, len(self._lines) - 1)
        self._scroll_to_cursor()
        self.post_message(self.Moved(self.row))

    def on_click(self, event: events.Click) -> None:
        """A click marks a row, a click on the marked one (or a double click) opens it."""
        index = event.y - 1 + self.scroll_offset.y
        if event.y < 1 or index >= len(self._lines):
            return
        again = index == self.cursor
        self._move_to(index)
        if again or self._lines[index].row is None:
            self.drill()

    def on_resize(self) -> None:
        """What has room unfolded may be another set; the cursor stays on its line."""
        line = self.line
        self._lay_out()
        if line is not None:
            same = (i for i, other in enumerate(self._lines) if other.key == line.key)
            self.cursor = next(same, min(self.cursor, len(self._lines) - 1))
        self._scroll_to_cursor()

    def notify_style_update(self) -> None:
        """The theme changed."""
        self._strips.clear()
        super().notify_style_update()

    # Drawing

    @property
    def _name_width(self) -> int:
        if self._scorecard is None:
            return 0
        return name_width(self._width, columns(self._width, self._scorecard))

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def render_line(self, y: int) -> Strip:
        if self._scorecard is None or self._columns_context is None:
            return Strip.blank(self.size.width, self.rich_style)
        index = y - 1 + self.scroll_offset.y
        if y > 0 and index >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        key = (-1, False) if y == 0 else (index, index == self.cursor)
        strip = self._strips.get(key)
        if strip is None:
            segments = self._header() if y == 0 else self._draw(self._lines[index], marked=index == self.cursor)
            strip = Strip(segments).adjust_cell_length(self._width, self.rich_style).apply_style(self.rich_style)
            self._strips[key] = strip
        return strip

    def _header(self) -> list[Segment]:
        assert self._scorecard is not None
        shown = columns(self._width, self._scorecard)
        style = palette(self.app).style("signal-usual")
        text = "   " + fit("KPI", name_width(self._width, shown))
        text += "".join(written(column.title, column) for column in shown)
        return [Segment(text, style)]

    def _draw(self, line: Line, *, marked: bool) -> list[Segment]:
        paint = palette(self.app)
        if line.row is None:
            return self._draw_heading(line, marked=marked)
        assert self._scorecard is not None
        assert self._columns_context is not None
        row = line.row
        shown = columns(self._width, self._scorecard)
        names = name_width(self._width, shown)
        status = f"status-{row.point.status.replace('_', '-')}"
        on = "panel" if marked else None
        signs = marks(row, self._columns_context.definitions.locale)
        name_cells = names - (len(signs) + 1 if signs else 0)
        segments = [
            Segment("▌" if marked else " ", paint.style("accent", on=on)),
            Segment(STATUS_SIGN[row.point.status] + " ", paint.style(status, on=on)),
            Segment(fit(row.kpi.name, name_cells), paint.style("foreground", bold=marked, on=on)),
        ]
        if signs:
            segments.append(Segment(f" {signs}", paint.style("accent", on=on)))
        for column in shown:
            cell = column.cell(row, self._columns_context)
            segments.append(Segment(written(cell.text, column), paint.style(cell.style)))
        return segments

    def _draw_heading(self, line: Line, *, marked: bool) -> list[Segment]:
        paint = palette(self.app)
        on = "panel" if marked else None
        bar = Segment("▌" if marked else " ", paint.style("accent", on=on))
        if line.hidden:
            more = f"▸ {line.hidden} more"
            return [bar, Segment(fit(more, 2 + self._name_width), paint.style("signal-usual", on=on))]
        title, dash, rest = line.group.title.partition(" — ")
        count = str(len(line.group.rows))
        room = max(0, self._width - 2 - len(title) - len(count) - 1)
        return [
            bar,
            Segment(title, paint.style("primary", bold=True, on=on)),
            Segment(fit(dash + rest, room), paint.style("signal-usual")),
            Segment(f"{count} ", paint.style("primary", bold=True)),
        ]

"""What was said of a KPI, newest first; one of the records can be marked to see its details."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.text import fit, plain, width
from kpitui.ui.widgets.painted import Painted
from kpitui.workspace.journal import Entry

_DATE, _KIND, _BY = 8, 10, 14
_EMPTY = "Nothing is written down yet: n note, c cause, a action."


class RecordList(ScrollView, can_focus=True):
    """One line per record, cut to the width; the whole text is behind `e`. Of other records only what differs is
    painted."""

    DEFAULT_CSS = """
    RecordList {
        height: 1fr; padding: 0 1; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 0;
    }
    """
    BINDINGS = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("home", "move(-1000000)", show=False),
        Binding("end", "move(1000000)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Chosen(Message):
        """The marked record is to be shown whole."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._entries: Sequence[Entry] = ()
        self._empty = _EMPTY
        self._marked = 0
        self._painted = Painted(self)

    def show(self, entries: Sequence[Entry], marked: str | None = None, *, empty: str = _EMPTY) -> None:
        """Show the records; the one with the id is marked, else the one that was, else the newest.

        `empty` is said where there are none.
        """
        self._empty = empty
        marked = marked or (self.entry.id if self.entry else None)
        self._entries = entries
        ids = [entry.id for entry in entries]
        self._marked = ids.index(marked) if marked in ids else 0
        self._lay_out()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def entry(self) -> Entry | None:
        """The marked record."""
        return self._entries[self._marked] if self._entries else None

    def notify_style_update(self) -> None:
        """The theme changed, or the focus."""
        self._painted.restyle()
        super().notify_style_update()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        # Before it is laid out for the first time it has no width of its own: padding is left out.
        room = max(20, self.scrollable_content_region.width or self.app.size.width - 2)
        canvas = Canvas(room, max(1, len(self._entries)))
        if not self._entries:
            canvas.write(0, 0, fit(self._empty, room).rstrip(), "signal-usual")
        for y, entry in enumerate(self._entries):
            if y == self._marked:
                canvas.fill(0, y, room, "panel")
            _write(canvas, y, entry, room, bold=y == self._marked)
        changed = self._painted.replace([canvas.runs(y) for y in range(canvas.rows)], room)
        if canvas.rows != self.virtual_size.height:
            # Set without a layout, which would paint everything again. How many there are stands in the title.
            self.set_reactive(ScrollView.virtual_size, Size(room, canvas.rows))
        self._scroll_to_marked()
        shown = [region.translate((0, -self.scroll_offset.y)) for region in changed]
        if visible := [region for region in shown if 0 <= region.y < self.size.height]:
            self.refresh(*visible)

    def _scroll_to_marked(self) -> None:
        first, rows = self.scroll_offset.y, self.scrollable_content_region.height
        if rows and not first <= self._marked < first + rows:
            top = self._marked if self._marked < first else self._marked - rows + 1
            self.scroll_to(y=top, animate=False)

    def render_line(self, y: int) -> Strip:
        return self._painted.strip(y + self.scroll_offset.y, self.size.width)

    def action_move(self, by: int) -> None:
        """Mark another record."""
        if self._entries:
            self._marked = max(0, min(len(self._entries) - 1, self._marked + by))
            self._lay_out()

    def action_page(self, by: int) -> None:
        """Mark the one a screen away."""
        self.action_move(by * max(1, self.scrollable_content_region.height - 1))

    def action_choose(self) -> None:
        """Open the marked record."""
        if self._entries:
            self.post_message(self.Chosen())

    def on_click(self, event: events.Click) -> None:
        y = event.y + self.scroll_offset.y
        if y >= len(self._entries):
            return
        if y == self._marked:
            self.action_choose()
        else:
            self.action_move(y - self._marked)


def _write(canvas: Canvas, y: int, entry: Entry, room: int, *, bold: bool) -> None:
    """Day, kind, text, remark and, where there is room, who said it."""
    by = " " + fit(entry.by, _BY) if room >= 90 else ""
    middle = room - _DATE - _KIND - len(by)
    remark = f"  {plain(entry.remark)}" if entry.remark else ""
    # The words matter most: what is said beside them gets a third at the most.
    remark = fit(remark, min(width(remark), max(14, middle // 3)))
    said = fit(entry.text.replace("\n", " "), middle - width(remark))
    if width(plain(entry.text)) < width(said):
        said = said.rstrip()
    strong = "bold " if bold else ""
    x = 0
    for text, ink in (
        (fit(entry.when, _DATE), "signal-usual"),
        (fit(entry.kind, _KIND), f"{strong}accent"),
        (said, f"{strong}foreground" if bold else ""),
        (remark, "status-behind" if entry.overdue else "signal-usual"),
    ):
        canvas.write(x, y, text, ink)
        x += width(text)
    canvas.write(room - width(by), y, by, "signal-usual")

"""What was said of a KPI, newest first; one of the records can be marked to see its details."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.text import fit, plain, width
from kpitui.ui.widgets.marked_list import Item, MarkedList
from kpitui.workspace.entries import Entry

_DATE, _KIND, _BY = 8, 10, 14
_EMPTY = "Nothing is written down yet: n note, c cause, a action."


class RecordList(MarkedList):
    """One line per record, cut to the width; the whole text is behind `e`."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._entries: Sequence[Entry] = ()

    def show(self, entries: Sequence[Entry], marked: str | None = None, *, empty: str = _EMPTY) -> None:
        """Show the records; the one with the id is marked, else the one that was, else the newest.

        `empty` is said where there are none.
        """
        known = {entry.id for entry in entries}
        first = entries[0].id if entries else None
        self._entries = entries
        items = [Item(entry.id, partial(_write, entry)) for entry in entries]
        self.show_items(items, marked or (self.marked if self.marked in known else first), empty=empty)

    @property
    def entry(self) -> Entry | None:
        """The marked record."""
        return next((entry for entry in self._entries if entry.id == self.marked), None)


def _write(entry: Entry, canvas: Canvas, y: int, room: int, bold: bool) -> None:
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

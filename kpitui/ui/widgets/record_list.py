"""What was said of a KPI, newest first; one of the records can be marked to see its details."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kpitui.ui.text import fit, plain, width
from kpitui.workspace.journal import Entry

_DATE, _KIND, _BY = 8, 10, 14


class RecordList(OptionList):
    """One line per record, cut to the width; the whole text is behind `e`."""

    DEFAULT_CSS = """
    RecordList { height: 1fr; border: none; padding: 0 1; background: $background; }
    RecordList:focus { border: none; background-tint: $background 0%; }
    RecordList > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: none; }
    RecordList:focus > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: bold; }
    """

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False, compact=True)
        self._entries: Sequence[Entry] = ()

    def show(self, entries: Sequence[Entry], marked: str | None = None) -> None:
        """Show the records; the one with the id is marked, else the one that was, else the newest."""
        marked = marked or (self.entry.id if self.entry else None)
        if self.option_count and entries == self._entries and marked in (None, self.entry.id if self.entry else None):
            return
        self._entries = entries
        self._fill(marked)

    @property
    def entry(self) -> Entry | None:
        """The marked record."""
        if self.highlighted is None or self.highlighted >= len(self._entries):
            return None
        return self._entries[self.highlighted]

    def _fill(self, marked: str | None) -> None:
        room = max(20, (self.size.width or self.app.size.width) - 2)
        self.clear_options()
        if not self._entries:
            empty = "Nothing is written down yet: n note, c cause, a action."
            self.add_option(Option(Content.styled(fit(empty, room), "$signal-usual"), disabled=True))
            return
        self.add_options([Option(_line(entry, room), id=entry.id) for entry in self._entries])
        ids = [entry.id for entry in self._entries]
        self.highlighted = ids.index(marked) if marked in ids else 0

    def on_resize(self) -> None:
        if self._entries:
            self._fill(self.entry.id if self.entry else None)


def _line(entry: Entry, room: int) -> Content:
    by = fit(entry.by, _BY) if room >= 90 else ""
    middle = room - 1 - _DATE - _KIND - len(by)
    remark = f"  {plain(entry.remark)}" if entry.remark else ""
    # The words matter most: what is said beside them gets a third at the most.
    remark = fit(remark, min(width(remark), max(14, middle // 3)))
    said = fit(entry.text.replace("\n", " "), middle - width(remark))
    if width(plain(entry.text)) < width(said):
        said = said.rstrip()
    filler = " " * (middle - width(said) - width(remark))
    return Content.assemble(
        " ",
        (fit(entry.when, _DATE), "$signal-usual"),
        (fit(entry.kind, _KIND), "$accent"),
        said,
        (remark, "$status-behind" if entry.overdue else "$signal-usual"),
        filler,
        (by, "$signal-usual"),
    )

"""What was said of a KPI, newest first; one of the records can be marked to see its details."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kpitui.ui.text import fit, plain, width
from kpitui.workspace.journal import Entry

_DATE, _KIND = 8, 9


class RecordList(OptionList):
    """One line per record, cut to the width; the whole text is behind `e`."""

    DEFAULT_CSS = """
    RecordList { height: 1fr; border: none; padding: 0 1; background: $background; }
    RecordList:focus { border: none; }
    RecordList > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: none; }
    RecordList:focus > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: bold; }
    """

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False, compact=True)
        self._entries: Sequence[Entry] = ()

    def show(self, entries: Sequence[Entry], marked: str | None = None) -> None:
        """Show the records; the one with the id is marked, else the one that was, else the newest."""
        marked = marked or (self.entry.id if self.entry else None)
        self._entries = entries
        self._fill(marked)

    @property
    def entry(self) -> Entry | None:
        """The marked record."""
        if self.highlighted is None or self.highlighted >= len(self._entries):
            return None
        return self._entries[self.highlighted]

    def _fill(self, marked: str | None) -> None:
        room = max(20, (self.size.width or self.app.size.width) - 4)
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
    by = plain(entry.by)[:16]
    remark = f" · {entry.remark}" if entry.remark else ""
    middle = room - _DATE - _KIND - width(by) - 2
    said = fit(entry.text.replace("\n", " "), max(8, middle - width(plain(remark))))
    if width(plain(entry.text)) < middle - width(plain(remark)):
        said = said.rstrip()
    body = fit(said + remark, middle)
    colour = "$status-behind" if entry.overdue else "$signal-usual"
    return Content.assemble(
        (fit(entry.when, _DATE), "$signal-usual"),
        (fit(entry.kind, _KIND), "$accent"),
        (body[: len(said)], ""),
        (body[len(said) :], colour),
        "  ",
        (by, "$signal-usual"),
    )

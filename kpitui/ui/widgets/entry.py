"""One line to write a record in: what it will become is shown before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from kpitui.ui.text import content

Echo = Callable[[str, str], str]
"""Kind and text → what it will become; raises ValueError with a sentence where it cannot be saved."""

HINTS = {
    "note": "what the room should know of this figure",
    "cause": "why it moved, in one sentence",
    "action": "what, then @owner and when: restore 1 h routing @ops fri",
    "decision": "what was agreed",
    "value": "the figure, such as 1234.5 or 22%; - takes it back",
}


class Entry(Horizontal):
    """Hidden until a record is begun. Esc closes it; the text stays until it is saved."""

    DEFAULT_CSS = """
    Entry { height: 1; display: none; background: $surface; padding: 0 1; }
    Entry.open { display: block; }
    Entry > #kind { width: auto; color: $accent; text-style: bold; }
    Entry > Input { width: 1fr; border: none; height: 1; padding: 0; background: $surface; }
    Entry > Input:focus { border: none; }
    Entry > #echo { width: auto; max-width: 50%; color: $foreground; padding-left: 1; }
    """
    BINDINGS = [Binding("escape", "close", show=False)]

    @dataclass
    class Written(Message):
        """A record is to be saved."""

        kind: str
        kpi: str
        text: str

    def __init__(self, echo: Echo) -> None:
        super().__init__()
        self._echo = echo
        self._kind = "note"
        self._kpi = ""
        self._period = ""
        self._drafts: dict[tuple[str, str, str], str] = {}

    def compose(self) -> ComposeResult:
        yield Static(id="kind")
        yield Input(compact=True)
        yield Static(id="echo")

    @property
    def is_open(self) -> bool:
        return self.has_class("open")

    def begin(self, kind: str, kpi: str, name: str, period: str = "") -> None:
        """Open the line for a kind of record on a KPI, with the draft that was left there.

        `period` is the one that a value is typed for.
        """
        self._keep_draft()
        self._kind, self._kpi, self._period = kind, kpi, period
        self.query_one("#kind", Static).update(content(f"{kind} · {name} ▸ "))
        line = self.query_one(Input)
        line.placeholder = HINTS[kind]
        line.value = self._drafts.get((kind, kpi, period), "")
        line.cursor_position = len(line.value)
        self.add_class("open")
        line.focus()
        self._show_echo()

    def _keep_draft(self) -> None:
        if self.is_open:
            self._drafts[self._kind, self._kpi, self._period] = self.query_one(Input).value

    def action_close(self) -> None:
        self._keep_draft()
        self.remove_class("open")
        self.screen.query_one("#main").focus()

    def saved(self) -> None:
        """The record is on disk: the draft is done with."""
        self.query_one(Input).value = ""
        self.action_close()
        self._drafts.pop((self._kind, self._kpi, self._period), None)

    def on_input_changed(self) -> None:
        self._show_echo()

    def _show_echo(self) -> None:
        text = self.query_one(Input).value
        echo = self.query_one("#echo", Static)
        if not text.strip():
            echo.update(content(""))
            return
        try:
            become = self._echo(self._kind, text)
        except ValueError as error:
            echo.update(content(str(error), "$error"))
        else:
            echo.update(content(f"→ {become} · ⏎ save"))

    def on_input_submitted(self) -> None:
        text = self.query_one(Input).value.strip()
        if not text:
            self.action_close()
            return
        try:
            self._echo(self._kind, text)
        except ValueError as error:
            self.notify(str(error), severity="warning", markup=False)
        else:
            self.post_message(self.Written(self._kind, self._kpi, text))

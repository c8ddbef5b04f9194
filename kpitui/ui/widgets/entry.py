"""A line to write a record in: what it will become stands under it before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from kpitui.ui.text import content, fit, plain, width
from kpitui.ui.widgets.typed import TypedLine

if TYPE_CHECKING:
    from kpitui.ui.app import KpituiApp

Echo = Callable[[str, str], str]
"""Kind and text → what it will become; raises ValueError with a sentence where it cannot be saved."""

HINTS = {
    "note": "what the room should know of this figure",
    "cause": "why it moved, in one sentence",
    "action": "what, then @owner and when: restore 1 h routing @ops fri",
    "decision": "what was agreed",
    "rebase": "why the limits begin anew here",
    "baseline": "why the limits shall not move any more",
    "value": "the figure, such as 1234.5 or 22%; - takes it back",
}
_DRAFT_AFTER = 0.5
"""Seconds of rest after which what was typed is kept."""


class Entry(Vertical):
    """Hidden until a record is begun; then it covers the two lines above the foot, and nothing moves.

    Esc, or a click elsewhere, closes it; the text is kept as a draft until it is saved.
    """

    DEFAULT_CSS = """
    Entry {
        layer: entry; dock: bottom; height: 2; margin-bottom: 1; display: none;
        background: $panel; padding: 0 1;
    }
    Entry.open { display: block; }
    Entry > Horizontal { height: 1; }
    Entry #kind { width: auto; max-width: 50%; color: $accent; text-style: bold; }
    Entry Input { width: 1fr; border: none; height: 1; padding: 0; background: $panel; }
    Entry Input:focus { border: none; }
    Entry #echo { height: 1; color: $foreground; }
    """
    BINDINGS = [
        Binding("escape", "close", show=False),
        # What is typed after a stray Tab must not be commands.
        Binding("tab,shift+tab", "stay", show=False),
    ]
    app: KpituiApp

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
        self._key = ""
        self._about = ""
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(id="kind")
            yield TypedLine()
        yield Static(id="echo")

    @property
    def is_open(self) -> bool:
        return self.has_class("open")

    def begin(self, kind: str, kpi: str, name: str, period: str = "") -> None:
        """Open the line for a kind of record on a KPI, with the draft that was left there.

        `period` is the one that a value is typed for.
        """
        self.keep_draft()
        self._kind, self._kpi, self._key = kind, kpi, " ".join(filter(None, (kind, kpi, period)))
        self._about = f"{kind} · {name}"
        self._show_about()
        line = self.query_one(Input)
        line.placeholder = HINTS[kind]
        line.value = self.app.drafts.get(self._key)
        line.cursor_position = len(line.value)
        self.add_class("open")
        line.focus()
        self._show_echo()

    def _show_about(self) -> None:
        """What is being written, in half of the line at the most."""
        shown = fit(self._about, min(width(plain(self._about)), self.app.size.width // 2 - 4)).rstrip()
        self.query_one("#kind", Static).update(content(f"{shown} ▸ "))

    def on_resize(self) -> None:
        self._show_about()

    def keep_draft(self) -> None:
        """Keep what is typed; told once where that is impossible."""
        if not self.is_open:
            return
        try:
            self.app.drafts.put(self._key, self.query_one(Input).value)
        except OSError as error:
            self.notify(f"the draft is not kept: {error.strerror}", severity="warning", markup=False)

    def action_stay(self) -> None:
        """Tab has nowhere to go from here."""

    def action_close(self) -> None:
        self._close()
        self.screen.query_one("#main").focus()

    def _close(self) -> None:
        self.keep_draft()
        self.remove_class("open")

    def on_descendant_blur(self) -> None:
        """Somebody clicked elsewhere: keys are commands again, so the line must not look open."""
        self.call_later(self._close_if_left)

    def _close_if_left(self) -> None:
        focused = self.screen.focused
        inside = focused is not None and self in focused.ancestors
        if self.is_open and self.app.app_focus and not inside:
            self._close()

    def saved(self) -> None:
        """The record is on disk: the draft is done with."""
        self.query_one(Input).value = ""
        self.action_close()

    def on_input_changed(self) -> None:
        self._show_echo()
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(_DRAFT_AFTER, self.keep_draft)

    def _show_echo(self) -> None:
        text = self.query_one(Input).value
        echo = self.query_one("#echo", Static)
        if not text.strip():
            echo.update(content("⏎ saves · esc closes, the text stays", "$signal-usual"))
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
        except ValueError:
            # Why stands under the line already.
            self.app.bell()
        else:
            self.post_message(self.Written(self._kind, self._kpi, text))

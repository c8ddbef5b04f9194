"""A question before something that a letter alone must not do: Enter does it, Esc leaves."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from kpitui.ui.screens.overlay import Overlay
from kpitui.ui.text import content

WORDS = "Words are no answer: nothing is done. esc leaves."


class Asking(Overlay[bool]):
    """Gives True where Enter said so, or a click; only a click once letters were typed, which were meant for a text."""

    DEFAULT_CSS = """
    Asking > Vertical {
        width: 60; max-width: 96%; height: auto; background: $surface; border: round $primary; padding: 0 1;
    }
    Asking Static { height: auto; }
    Asking #keys { height: auto; align-horizontal: right; margin-top: 1; }
    Asking Button { margin-left: 2; }
    """
    BINDINGS = [Binding("enter", "answer", show=False), Binding("escape", "leave", show=False)]
    AUTO_FOCUS = ""

    def __init__(self, question: str, does: str) -> None:
        """`does`: what Enter does, in a word or two."""
        super().__init__()
        self._question = question
        self._does = does
        self._typed = False

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(content(self._question, "bold"), id="question")
            with Horizontal(id="keys"):
                yield Button(f"{self._does}  ⏎", variant="primary", id="does", compact=True)
                yield Button("Leave  esc", id="leave", compact=True)

    def on_key(self, event: events.Key) -> None:
        """Somebody writes a sentence: an Enter behind it is no answer."""
        if event.is_printable:
            event.stop()
            self._typed = True
            self.query_one("#question", Static).update(content(WORDS, "bold"))

    def action_answer(self) -> None:
        if not self._typed:
            self.leave_with(True)

    def action_leave(self) -> None:
        self.leave_with(False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.leave_with(event.button.id == "does")

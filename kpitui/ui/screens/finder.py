"""A box with a line to type in, and below it what has these words: one of them is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input

from kpitui.ui.keys import bindings
from kpitui.ui.screens.overlay import Overlay
from kpitui.ui.widgets.marked_list import Item, MarkedList
from kpitui.ui.widgets.typed import TypedLine

_WIDTH = 76
"""Columns of the box."""
_AROUND = 6
"""Its border, its padding, the mark of the list and its scroll bar."""


class Finder(Overlay[str | None]):
    """Gives the key of the item that was chosen, by Enter or by a click; None where it was left."""

    DEFAULT_CSS = f"""
    Finder > Vertical {{
        width: {_WIDTH}; max-width: 96%; height: 92%; background: $surface; border: round $primary; padding: 0 1;
    }}
    Finder Input, Finder Input:focus {{ border: none; height: 1; padding: 0 1; background: $panel; }}
    Finder MarkedList {{ padding: 0; scrollbar-size-vertical: 1; scrollbar-background: $surface; }}
    """
    # Whatever the line to type in does not take moves in the list.
    BINDINGS = [
        *bindings("list"),
        Binding("ctrl+p", "move(-1)", show=False),
        Binding("ctrl+n", "move(1)", show=False),
        Binding("escape", "leave", show=False),
    ]
    TITLE_OF_BOX = ""
    PLACEHOLDER = ""

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self.TITLE_OF_BOX
            line = TypedLine(placeholder=self.PLACEHOLDER)
            line.cursor_blink = False
            yield line
            yield MarkedList(one_click=True)

    def on_mount(self) -> None:
        self._found = self.query_one(MarkedList)
        self._found.can_focus = False
        self._find("")

    def found(self, typed: str, columns: int) -> tuple[Sequence[Item], str | None]:
        """What has these words, and which of it is marked at first."""
        raise NotImplementedError

    def _find(self, typed: str) -> None:
        self._columns = self._room
        items, marked = self.found(typed, self._columns)
        first = next((item.key for item in items if not item.heading), None)
        self._found.show_items(items, marked or first, empty="Nothing has these words.")

    @property
    def _room(self) -> int:
        """Columns for text, of the box as the style has it: it is laid out later than it is filled."""
        return min(_WIDTH, self.app.size.width * 96 // 100) - _AROUND

    def on_resize(self) -> None:
        if self._columns != self._room:
            self._find(self.query_one(Input).value)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._find(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._found.action_choose()

    def on_marked_list_chosen(self, message: MarkedList.Chosen) -> None:
        message.stop()
        self.leave_with(message.key)

    def action_move(self, by: int) -> None:
        self._found.action_move(by)

    def action_page(self, by: int) -> None:
        self._found.action_page(by)

    def action_to(self, index: int) -> None:
        self._found.action_to(index)

    def action_leave(self) -> None:
        self.leave_with(None)

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

_WIDTH, _SHARE = 76, 96
"""Columns of the box, and its most in per cent of the screen."""
_AROUND = 6
"""Its border, its padding, the mark of the list and its scroll bar."""


class _Found(MarkedList, can_focus=False):
    """What was found; nobody leaves the line to type in for it."""

    @property
    def room(self) -> int:
        """As the style of the box has it: lines are written before it is laid out, so that they are painted once."""
        return min(_WIDTH, self.app.size.width * _SHARE // 100) - _AROUND


class Finder(Overlay[str | None]):
    """Gives the key of the item that was chosen, by Enter or by a click; None where it was left."""

    DEFAULT_CSS = f"""
    Finder > Vertical {{
        width: {_WIDTH}; max-width: {_SHARE}%; height: 92%; background: $surface; border: round $primary; padding: 0 1;
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
    """Markup: its keys can be clicked."""
    PLACEHOLDER = ""

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self.TITLE_OF_BOX
            line = TypedLine(placeholder=self.PLACEHOLDER)
            line.cursor_blink = False
            yield line
            self._found = _Found(one_click=True)
            yield self._found

    _columns = 0
    """As wide as the lines were written last."""

    def on_mount(self) -> None:
        self._find()

    def on_resize(self) -> None:
        if self._columns != self._found.room:
            self._find()

    def found(self, typed: str, columns: int) -> tuple[Sequence[Item], str | None]:
        """What has these words, and which of it is marked at first."""
        raise NotImplementedError

    def _find(self) -> None:
        self._columns = self._found.room
        items, marked = self.found(self.query_one(Input).value, self._columns)
        first = next((item.key for item in items if not item.heading), None)
        self._found.show_items(items, marked or first, empty="Nothing has these words.")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._find()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_choose()

    def on_marked_list_chosen(self, message: MarkedList.Chosen) -> None:
        message.stop()
        self.choose(message.key)

    def action_move(self, by: int) -> None:
        self._found.action_move(by)

    def action_page(self, by: int) -> None:
        self._found.action_page(by)

    def action_to(self, index: int) -> None:
        self._found.action_to(index)

    def action_choose(self) -> None:
        if self._found.marked is not None:
            self.choose(self._found.marked)

    def choose(self, key: str) -> None:
        """It is wanted."""
        self.leave_with(key)

    def action_leave(self) -> None:
        self.leave_with(None)

"""Where the picture of a screen goes: a name is asked for, and nothing is overwritten."""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, Static

from kpitui.problems import KpituiError
from kpitui.ui.picture_of_screen import Taken, save
from kpitui.ui.screens.overlay import Overlay
from kpitui.ui.text import content
from kpitui.ui.widgets.typed import TypedLine

_TITLE = "Save the screen · [@click=screen.save]⏎ saves[/] · [@click=screen.leave]esc leaves[/]"


class Saving(Overlay[Path | None]):
    """A line for the file's name; gives its path once it is written."""

    DEFAULT_CSS = """
    Saving > Vertical {
        width: 72; max-width: 96%; height: auto; background: $surface; border: round $primary; padding: 0 1;
    }
    Saving Input { border: none; height: 1; padding: 0 1; background: $panel; }
    Saving Static { height: auto; color: $signal-usual; }
    Saving #error { color: $error; text-style: bold; }
    """
    BINDINGS = [Binding("escape", "leave", "Leave")]

    def __init__(self, taken: Taken, name: str) -> None:
        super().__init__()
        self._taken = taken
        self._suggested = name

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = _TITLE
            yield TypedLine(self._suggested, select_on_focus=False)
            yield Static(content(f".svg is a picture, .txt is text; into {Path.cwd()} unless the name has a folder"))
            yield Static(id="error")

    def on_input_submitted(self) -> None:
        self.action_save()

    def action_save(self) -> None:
        try:
            path = save(self._taken, self.query_one(Input).value.strip())
        except KpituiError as error:
            self.query_one("#error", Static).update(content(f"{error}."))
        else:
            self.leave_with(path)

    def action_leave(self) -> None:
        self.leave_with(None)

"""What every screen can do with what it shows: copy it as plain text, to wherever it can be pasted from."""

from __future__ import annotations

import os
from asyncio import to_thread
from pathlib import Path
from typing import NamedTuple

from textual import work

from kpitui.problems import KpituiError
from kpitui.ui.screens.editing import EditingScreen
from kpitui.ui.text import plain, plain_lines


class Copied(NamedTuple):
    """A text to be pasted elsewhere."""

    what: str
    """What it is, to be told."""
    text: str


class CopyingScreen(EditingScreen):
    """Base of the screens from which something is copied."""

    def to_copy(self) -> Copied | None:
        """What is copied: the KPI in focus as two lines, unless a screen has more to give."""
        from kpitui.workspace.copied import row_lines

        row, definitions, scorecard = self.focus_row, self.app.definitions, self.app.scorecard
        if row is None or definitions is None or scorecard is None:
            return None
        return Copied(row.kpi.name, "\n".join(row_lines(row, definitions, scorecard.as_of)))

    def action_copy(self) -> None:
        """Copy it, and say where it is now."""
        copied = self.to_copy()
        if copied is None:
            self.say("There is nothing to copy here.")
        else:
            self._copy(Copied(copied.what, plain_lines(copied.text) + "\n"))

    @work(group="copy", exclusive=True)
    async def _copy(self, copied: Copied) -> None:
        """No key waits for a clipboard's program."""
        from kpitui.ui import clipboard

        place = await to_thread(clipboard.copy_by_program, copied.text)
        if place is None and clipboard.takes_sequence(os.environ, copied.text):
            self.app.copy_to_clipboard(copied.text)
            place = "your terminal's clipboard (OSC 52)"
        if place is not None:
            self.say(f"Copied to {place}: {plain(copied.what)}.")
            return
        try:
            path = clipboard.copy_to_file(copied.text, self.app.root)
        except KpituiError as error:
            self.notify(plain(str(error)), title="Not copied", severity="error", timeout=12, markup=False)
            return
        long = len(copied.text.encode()) > clipboard.LONGEST_SEQUENCE
        why = "too long for the terminal" if clipboard.is_remote(os.environ) and long else "no clipboard was found"
        # A line would cut the path on narrow screens.
        self.notify(plain(f"{why}: {_from_home(path)}"), title="Copied to a file", timeout=12, markup=False)


def _from_home(path: Path) -> str:
    """`~/.local/state/…`, which fits a line more often."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)

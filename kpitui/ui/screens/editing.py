"""What every screen can do with the definition of the KPI in focus: open it in the editor, and tell what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported
from textual.screen import Screen

from kpitui.problems import KpituiError
from kpitui.ui import editor

if TYPE_CHECKING:
    from kpitui.ui.app import KpituiApp
    from kpitui.workspace.answers import Row
    from kpitui.workspace.opening import Workspace


class EditingScreen(Screen[None]):
    """Base of the screens from which definitions are edited."""

    app: KpituiApp
    _edited: tuple[str, Workspace] | None = None
    """The file that was edited, and the workspace as it was before."""

    @property
    def focus_row(self) -> Row | None:
        """The KPI that a record, or an edit, would be about."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Show one line, such as where a record went, without covering anything."""
        raise NotImplementedError

    def action_edit_definition(self) -> None:
        """Open the definition in the person's editor; afterwards it is read again."""
        row = self.focus_row
        if row is None:
            self.say("Put the cursor on a KPI first.")
        else:
            self.edit_at(row.kpi.file, row.kpi.line)

    def edit_at(self, file: str, line: int) -> None:
        """Open a file of the workspace at a line, and read it again once the editor has ended."""
        workspace = self.app.workspace
        if workspace is None:
            return
        try:
            with self.app.suspend():
                editor.edit(Path(workspace.root) / file, line)
        except KpituiError as error:
            self.say(f"{error}.")
            return
        except SuspendNotSupported:
            self.say(f"No editor can be opened here: {file}:{line}.")
            return
        self._edited = file, workspace
        self.app.read_definitions()

    def tell_of_definition(self) -> None:
        """What is wrong with the file that was edited, once it has been read again."""
        workspace = self.app.workspace
        if self._edited is None or workspace is None or workspace is self._edited[1]:
            return
        file = self._edited[0]
        wrong = [problem for problem in workspace.problems if problem.file == file]
        more = f", and {len(wrong) - 1} more (!)" if len(wrong) > 1 else ""
        self.say(f"{wrong[0]}{more}" if wrong else f"{file} is read again: nothing is wrong.")
        self._edited = None

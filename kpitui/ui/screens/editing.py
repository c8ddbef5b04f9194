"""What every screen can do with the definition of the KPI in focus: open it in the editor, and tell what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual.app import SuspendNotSupported
from textual.screen import Screen

from kpitui.problems import KpituiError, Problem

if TYPE_CHECKING:
    from kpitui.ui.app import KpituiApp
    from kpitui.workspace.answers import Row
    from kpitui.workspace.lost import Lost
    from kpitui.workspace.opening import Workspace


class Edited(NamedTuple):
    """A file that was open in the editor."""

    file: str
    before: Workspace
    """The workspace as it was then."""
    failed: str
    """What the editor ended with, where it failed."""


class Checked(NamedTuple):
    """What was said of an edited definition."""

    line: str
    kpi: str | None
    """The id of the KPI in focus then."""
    problems: list[Problem]
    """All that was wrong then."""


class EditingScreen(Screen[None]):
    """Base of the screens from which definitions are edited."""

    app: KpituiApp
    _edited: Edited | None = None
    """What was edited, until the files are read again."""
    _checked: Checked | None = None
    """The last of that."""

    @property
    def focus_row(self) -> Row | None:
        """The KPI that a record, or an edit, would be about."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Show one line, such as where a record went, without covering anything."""
        raise NotImplementedError

    @property
    def focus_lost(self) -> Lost | None:
        """The KPI that the screen is at, where it has no definition any more."""
        return self.app.lost(self.app.focused_kpi) if self.focus_row is None else None

    def say_why_not(self) -> None:
        """There is no KPI with figures that a key could do something with: say what is to be done."""
        gone = self.focus_lost
        self.say(f"{gone.said}." if gone is not None else "Put the cursor on a KPI first.")

    def action_edit_definition(self) -> None:
        """Open the definition in the person's editor; afterwards it is read again."""
        row, gone = self.focus_row, self.focus_lost
        if row is not None:
            self.edit_at(row.kpi.file, row.kpi.line)
        elif gone is not None and gone.file is not None:
            self.edit_at(gone.file, gone.line)
        else:
            self.say_why_not()

    def edit_at(self, file: str, line: int) -> None:
        """Open a file of the workspace at a line, and read it again once the editor has ended."""
        from kpitui.ui import editor

        workspace = self.app.workspace
        if workspace is None:
            return
        try:
            with self.app.suspend():
                failed = editor.edit(Path(workspace.root) / file, line)
        except KpituiError as error:
            self.say(f"{error}.")
            return
        except SuspendNotSupported:
            self.say(f"No editor can be opened here: {file}:{line}.")
            return
        self._edited = Edited(file, workspace, failed)
        self.app.read_definitions()

    def reading_failed(self, line: str) -> None:
        """The files were read again and gave nothing: what is wrong, in one line."""
        if self._edited is not None:
            self.say(line)
            self._edited = None

    def tell_of_definition(self) -> None:
        """What is wrong now with the file that was edited, or elsewhere because of it, in one line."""
        workspace = self.app.workspace
        if self._edited is None or workspace is None or workspace is self._edited.before:
            return
        line = self._check_of_edited(workspace, self._edited)
        self._edited = None
        self.say(line)
        self._checked = Checked(line, self.app.focused_kpi, workspace.problems)

    def _check_of_edited(self, workspace: Workspace, edited: Edited) -> str:
        file, known = edited.file, set(edited.before.problems)
        wrong = [problem for problem in workspace.problems if problem.file == file]
        wrong += [problem for problem in workspace.problems if problem.file != file and problem not in known]
        if wrong:
            first = wrong[0]
            more = f", and {len(wrong) - 1} more ({self.app.key('problems')})" if len(wrong) > 1 else ""
            # What follows from it comes last: a line that has no room for all of it loses that.
            held_up = f"; {first.held_up}" if first.holds_up else ""
            return f"{first._replace(holds_up=())}{more}{held_up}"
        return f"{edited.failed}: {file} is as it is." if edited.failed else f"{file} is read again: nothing is wrong."

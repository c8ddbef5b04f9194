"""What becomes of the marked action: done, kept with a new date, dropped, or changed in a form."""

from __future__ import annotations

from typing import NamedTuple

from kpitui.problems import KpituiError
from kpitui.records.model import ActionStatus
from kpitui.ui.screens.base import FigureScreen, saved_line
from kpitui.ui.widgets.entry import Entry
from kpitui.workspace.answers import Row


class MarkedAction(NamedTuple):
    """What a screen knows of the action that is marked."""

    id: str
    kpi: str
    title: str
    closed: bool


class FollowingScreen(FigureScreen):
    """Base of the screens with a list of actions."""

    _kept: str | None = None
    """The action that a new date is being typed for."""

    @property
    def marked_action(self) -> MarkedAction | None:
        """The action that the keys are about."""
        raise NotImplementedError

    def action_done(self) -> None:
        self._follow_up("done")

    def action_drop(self) -> None:
        self._follow_up("dropped")

    def _follow_up(self, status: ActionStatus) -> None:
        action, workspace = self.marked_action, self.app.workspace
        if action is None or workspace is None:
            self.say("Mark an action first (up, down).")
            return
        try:
            saved = workspace.follow_up(action.id, status)
        except KpituiError as error:
            self._not_saved(error)
            return
        self.app.last_record = None
        self.app.records_changed()
        self.say(f"{action.title}: {status} · {saved_line(saved)}")

    async def action_keep(self) -> None:
        """Keep the action, with another date."""
        action = self.marked_action
        if action is None:
            self.say("Mark an action first (up, down).")
        elif action.closed:
            self.say("It is closed; a on its KPI agrees a new one.")
        else:
            self._kept = action.id
            await self.complete()
            self.query_one(Entry).begin("keep", action.kpi, action.title, action.id)

    def echo(self, kind: str, text: str) -> str:
        if kind != "keep":
            return super().echo(kind, text)
        if self.app.workspace is None:
            raise ValueError("the workspace is still being read")
        return self.app.workspace.journal.keep_echo(text)

    def write(self, kind: str, row: Row, text: str) -> str:
        workspace = self.app.workspace
        if kind != "keep" or self._kept is None or workspace is None:
            return super().write(kind, row, text)
        saved = workspace.keep_action(self._kept, text)
        self.app.last_record = self._kept
        return saved_line(saved)

    def action_details(self) -> None:
        """The form of the action."""
        action, workspace = self.marked_action, self.app.workspace
        if action is None or workspace is None:
            self.say("Mark an action first (up, down).")
            return
        entry = next(entry for entry in workspace.journal.entries(action.kpi) if entry.id == action.id)
        self.open_form(entry)

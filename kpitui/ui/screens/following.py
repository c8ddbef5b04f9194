"""What becomes of the marked action: done, kept with a new date, dropped, or changed in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kpitui.records.model import ActionStatus
from kpitui.ui.screens.base import FigureScreen, saved_line
from kpitui.ui.widgets.entry import Entry
from kpitui.workspace.answers import Row

if TYPE_CHECKING:
    from kpitui.workspace.lost import Lost

_STATUS: dict[str, ActionStatus] = {"done": "done", "dropped": "dropped"}
"""Kinds of lines that close an action."""


class MarkedAction(NamedTuple):
    """What a screen knows of the action that is marked."""

    id: str
    kpi: str
    title: str
    closed: bool


class FollowingScreen(FigureScreen):
    """Base of the screens with a list of actions."""

    _followed: str | None = None
    """The action that is being followed up."""

    @property
    def marked_action(self) -> MarkedAction | None:
        """The action that the keys are about."""
        raise NotImplementedError

    async def action_done(self) -> None:
        """It is done; what came of it can be said."""
        await self._follow("done")

    async def action_drop(self) -> None:
        """It is given up; why can be said."""
        await self._follow("dropped")

    async def action_keep(self) -> None:
        """Keep the action, with another date."""
        await self._follow("keep")

    async def _follow(self, kind: str) -> None:
        await self.complete()
        action = self.marked_action
        if action is None:
            self.say("Mark an action first (up, down).")
        elif action.closed:
            self.say(f"It is closed; {self.app.key('write.action')} on its KPI agrees a new one.")
        else:
            self._followed = action.id
            self.query_one(Entry).begin(kind, action.kpi, action.title, action.id)

    def echo(self, kind: str, text: str) -> str:
        if kind in _STATUS:
            return kind
        if kind != "keep":
            return super().echo(kind, text)
        if self.app.workspace is None:
            raise ValueError("the workspace is still being read")
        return self.app.workspace.journal.keep_echo(text)

    def write(self, kind: str, about: Row | Lost, text: str) -> str:
        workspace, action = self.app.workspace, self._followed
        if kind not in (*_STATUS, "keep") or action is None or workspace is None:
            return super().write(kind, about, text)
        if kind == "keep":
            saved = workspace.keep_action(action, text)
        else:
            saved = workspace.follow_up(action, _STATUS[kind], text)
        self.app.last_record = action
        return f"{kind}: {saved_line(saved)}"

    def action_details(self) -> None:
        """The form of the action."""
        action, workspace = self.marked_action, self.app.workspace
        if action is None or workspace is None:
            self.say("Mark an action first (up, down).")
        else:
            self.open_form(next(entry for entry in workspace.journal.entries(action.kpi) if entry.id == action.id))

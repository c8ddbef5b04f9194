"""The action register: no measurements are read for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kpitui.definitions.load import load
from kpitui.definitions.model import Definitions
from kpitui.problems import Problem
from kpitui.records.fold import ActionState
from kpitui.workspace.journal import Journal


class OpenJournal:
    """A workspace's records with its definitions."""

    def __init__(self, root: Path, definitions: Definitions, problems: list[Problem], as_of: date) -> None:
        self.definitions = definitions
        self.as_of = as_of
        self.journal = Journal(root, definitions, as_of)
        self.problems = [*problems, *self.journal.problems]

    @property
    def name(self) -> str:
        return self.definitions.name

    def place(self, record_id: str) -> str | None:
        """`reviews/2026-10-monthly.toml:88`."""
        file = self.journal.records.holding(record_id)
        return f"{file.path}:{file.lines[record_id]}" if file else None


def open_journal(root: Path, as_of: date | None = None) -> OpenJournal:
    """Definitions and records of a workspace, as of that day or today; raises KpituiError where it is none."""
    definitions, problems = load(root)
    as_of = as_of or definitions.as_of or date.today()  # noqa: DTZ011 - a review's day is the room's own
    return OpenJournal(root, definitions, problems, as_of)


def action_register(
    journal: OpenJournal, *, owner: str | None = None, overdue: bool = False, closed: bool = False
) -> list[ActionState]:
    """The actions that are wanted: overdue first, then by due date, those without one last."""
    found = [
        state
        for state in journal.journal.state.actions
        if (closed or not state.closed)
        and (not overdue or state.overdue(journal.as_of))
        and (owner is None or owner.lower() in _names(state, journal.definitions))
    ]
    return sorted(found, key=lambda state: (state.closed, state.due or date.max, state.action.id))


def _names(state: ActionState, definitions: Definitions) -> set[str]:
    owner = state.action.owner
    return {owner.lower(), definitions.who(owner).lower()} if owner else set()

"""The action register as JSON and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpitui.records.fold import ActionState
from kpitui.report.tables import Table
from kpitui.workspace.register import OpenJournal


def actions_json(journal: OpenJournal, actions: Sequence[ActionState]) -> dict[str, Any]:
    """The answer of `kpitui actions --format json`."""
    return {
        "schema": 1,
        "workspace": journal.name,
        "as_of": journal.as_of.isoformat(),
        "actions": [
            {
                "id": state.action.id,
                "kpi": state.action.kpi,
                "title": state.action.title,
                "owner": state.action.owner,
                "status": state.status,
                "due": state.due.isoformat() if state.due else None,
                "overdue": state.overdue(journal.as_of),
                "slips": state.slips,
                "by": state.action.by,
                "at": state.action.at.isoformat(),
                "file": journal.place(state.action.id),
            }
            for state in actions
        ],
    }


def actions_table(journal: OpenJournal, actions: Sequence[ActionState]) -> Table:
    """A row per action."""
    header = ["action", "due", "late", "status", "slips", "owner", "kpi", "what"]
    rows = []
    for state in actions:
        late = (journal.as_of - state.due).days if state.due and state.overdue(journal.as_of) else 0
        rows.append(
            [
                state.action.id,
                state.due.isoformat() if state.due else "",
                f"{late} d" if late else "",
                state.status,
                str(state.slips) if state.slips else "",
                journal.definitions.who(state.action.owner),
                state.action.kpi,
                state.action.title,
            ]
        )
    return header, rows, frozenset({2, 4})

"""What was typed in an earlier session and not saved: how much there is, and by which keys it comes back."""

from __future__ import annotations

from datetime import date

from kpitui.problems import KpituiError
from kpitui.ui.keys import ACTIONS
from kpitui.workspace.drafts import Drafts
from kpitui.workspace.opening import Workspace

_OPENS = {"value": "figure", "finding": "explain", "form": "details"}
"""Kinds of drafts whose key has another name."""


def drafts_left(drafts: Drafts, workspace: Workspace) -> str:
    """How many drafts there are and where the newest is; empty where there is none."""
    kept = drafts.newest()
    if not kept:
        return ""
    key, draft = kept[0]
    when = draft.when(workspace.definitions, date.today())  # noqa: DTZ011 - the day on the wall
    beginning = "A draft" if len(kept) == 1 else f"{len(kept)} drafts are kept, the newest"
    what, way = _place(key, drafts, workspace)
    return f"{beginning} of {what} from {when}{' is kept' if len(kept) == 1 else ''}: {way}"


def _place(key: str, drafts: Drafts, workspace: Workspace) -> tuple[str, str]:
    """What a draft is of, and how one comes to it."""
    kind, about, *_ = key.split(" ", 2)
    if kind == "form" and about == "for":  # of a record that is not there yet
        kind, about = "revise_target", key.split(" ")[2]
        what = "a target"
    elif kind == "form":
        try:
            record = workspace.journal.record(about)
        except KpituiError:
            return f"{about}, which is gone", f"it stays in {drafts.folder}"
        what, about = f"the form of {record.table} {about}", record.kpi
    else:
        what = f"a {kind}"
    letter = next(action.shown for action in ACTIONS if action.id == _OPENS.get(kind, kind))
    kpi = workspace.definitions.kpis.get(about)
    return f"{what} on {kpi.name if kpi else about}", f"{letter} there"

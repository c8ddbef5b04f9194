"""What was typed in an earlier session and not saved: how much there is, and by which keys it comes back."""

from __future__ import annotations

from datetime import date

from kpitui.problems import KpituiError
from kpitui.ui.keymap import KeyMap
from kpitui.workspace.drafts import Drafts
from kpitui.workspace.opening import Workspace

_KINDS = {
    "value": ("a figure", "figure"),
    "finding": ("a finding", "explain"),
    "keep": ("a new date for an action", "keep"),
    "done": ("words for a done action", "done"),
    "dropped": ("words for a dropped action", "drop"),
    "private": ("a memo", "private"),
    "people": ("who is in the room", "people"),
    "rebase": ("new limits", "rebase"),
    "baseline": ("fixed limits", "baseline"),
    "target": ("a target", "revise_target"),
    "action": ("an action", "action"),
}
"""What a draft is of, and the action whose key opens it; of the others the kind is both."""


def drafts_left(drafts: Drafts, workspace: Workspace, keymap: KeyMap) -> str:
    """How many drafts there are and where the newest is; empty where there is none."""
    kept = drafts.newest()
    if not kept:
        return ""
    key, draft = kept[0]
    when = draft.when(workspace.definitions, date.today())  # noqa: DTZ011 - the day on the wall
    beginning = "A draft is kept" if len(kept) == 1 else f"{len(kept)} drafts are kept, the newest"
    what, letter = _place(key, workspace, keymap)
    # The key first: the line is cut at its end.
    if letter is not None:
        return f"{beginning} ({letter} there): {what}, from {when}"
    return f"{beginning}: {what}, from {when}; it stays in {drafts.folder}"


def _place(key: str, workspace: Workspace, keymap: KeyMap) -> tuple[str, str | None]:
    """What a draft is of, and the key that opens it; None where none does."""
    kind, about, *rest = key.split(" ", 2)
    if kind == "form" and about == "for":  # of a record that is not there yet
        what, opens, about = *_KINDS["target"], rest[0]
    elif kind == "form":
        try:
            record = workspace.journal.record(about)
        except KpituiError:
            return f"{about}, which is gone", None
        what, opens, about = f"the form of {record.table} {about}", "details", record.kpi
    else:
        what, opens = _KINDS.get(kind, (f"a {kind}", kind))
    kpi = workspace.definitions.kpis.get(about)
    letter = next((action.shown for action in keymap.actions if action.does == opens), None)
    # Another version of the program may have kinds that this one does not know.
    return f"{what} on {kpi.name if kpi else about}", letter

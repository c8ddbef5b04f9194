"""The lines under a review's list: what can be read aloud of the marked line, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content

from kpitui.review.queue import Item
from kpitui.ui.meeting import Meeting
from kpitui.ui.text import fit, plain, wrapped
from kpitui.workspace.action_list import ActionList
from kpitui.workspace.answers import Row
from kpitui.workspace.lost import Lost
from kpitui.workspace.opening import Workspace
from kpitui.workspace.session_words import VERDICT_SENTENCE
from kpitui.workspace.wording import background, spoken

SPOKEN_ROWS = 3
"""The last of them is for what happened, or for the verdict."""


def spoken_lines(
    workspace: Workspace,
    meeting: Meeting,
    row: Row | Lost | None,
    action_id: str | None,
    room: int,
    key: Callable[[str], str],
) -> list[Content]:
    """How the review is ended, what became of an action, or how the KPI stands.

    `row` is the marked one's; `key` tells how an action's key is written.
    """
    if meeting.step == "close":
        return _wrapped(_how_to_end(meeting, key), room)
    if row is None:
        return []
    if isinstance(row, Lost):
        return _wrapped(f"{row.said}.", room)
    if action_id is not None:
        actions = ActionList(workspace)
        action = actions.line(action_id)
        title = f"{row.kpi.name}: {action.title}" if action else row.kpi.name
        outcome = actions.outcome(action_id)
        # What became of it last is asked for first.
        told = (*reversed(actions.history(action_id)), *([outcome] if outcome else []))
        steps = [f"{step.when} {step.who}: {step.text}" for step in told]
        return [Content(fit(title, room).rstrip()), *_wrapped(" · ".join(steps), room)]
    return [
        Content(fit(spoken(row, workspace.definitions, workspace.as_of), room).rstrip()),
        Content.styled(fit(background(row, workspace.definitions), room).rstrip(), "$signal-usual"),
    ]


def _wrapped(text: str, room: int) -> list[Content]:
    return [Content(plain(line)) for line in wrapped(text, room)]


def _how_to_end(meeting: Meeting, key: Callable[[str], str]) -> str:
    if meeting.is_open:
        end = key("review.sign_off")
        return f"{end}, then ⏎, signs {meeting.id} off. What has no verdict is carried over; nothing is lost."
    return f"It is signed off: nothing is written to it any more. {key('review.reopen')} opens it again."


def verdict_line(item: Item, key: Callable[[str], str]) -> str:
    """What was said of the KPI, or what its key and Enter would accept."""
    former = f" · last time {item.former.verdict}" if item.former else ""
    over = " · carried over" if item.carried_over else ""
    if item.verdict is not None:
        return f"Verdict: {item.verdict.verdict} — {VERDICT_SENTENCE[item.verdict.verdict]}{former}"
    return f"{key('write.verdict')} ⏎ gives it: {item.proposed} — {VERDICT_SENTENCE[item.proposed]}{former}{over}"

"""Which actions a review takes up: what is overdue, what is due before the next one, what has no date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

from kpitui.periods import Calendar, Grain
from kpitui.records.fold import ActionState

Urgency = Literal["overdue", "due", "undated"]
_ORDER: tuple[Urgency, ...] = ("overdue", "due", "undated")


class DueAction(NamedTuple):
    """An open action that the review asks after."""

    state: ActionState
    urgency: Urgency
    days_late: int
    """0 where it is not overdue."""


def due_actions(actions: Iterable[ActionState], today: date, grain: Grain, calendar: Calendar) -> tuple[DueAction, ...]:
    """The open actions that cannot wait for the next review of that grain: overdue ones first, the latest of them
    first, then those due by the end of the period that holds today, then those without a date."""
    until = calendar.period(grain, today).end
    found = []
    for state in actions:
        if state.closed or (state.due is not None and state.due > until):
            continue
        late = (today - state.due).days if state.due else 0
        urgency: Urgency = "undated" if state.due is None else "overdue" if late > 0 else "due"
        found.append(DueAction(state, urgency, max(0, late)))
    return tuple(
        sorted(found, key=lambda each: (_ORDER.index(each.urgency), each.state.due or date.max, each.state.action.at))
    )

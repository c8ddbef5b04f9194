"""The actions that were agreed, in groups to go through, and what became of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

from kpitui.records.fold import ActionState
from kpitui.records.model import Followup
from kpitui.workspace.effects import action_effect
from kpitui.workspace.numbers import short_day
from kpitui.workspace.opening import Workspace
from kpitui.workspace.session_words import effect_phrase

By = Literal["due", "owner", "KPI"]
WAYS: tuple[By, ...] = get_args(By)
SOON = timedelta(days=7)
"""What is due within them has a group of its own."""


class ActionLine(NamedTuple):
    """An action as a list shows it."""

    id: str
    kpi: str
    kpi_name: str
    title: str
    owner: str
    when: str
    """Due when, or how late; of a closed one, how it ended."""
    slips: int
    overdue: bool
    soon: bool
    """Due within a week."""
    closed: bool


class ActionGroup(NamedTuple):
    """Actions under one heading."""

    title: str
    lines: tuple[ActionLine, ...]


class Step(NamedTuple):
    """Something that happened to an action."""

    when: str
    who: str
    text: str


class ActionList:
    """Answers from a workspace; it is made anew for each look, for its records change."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._journal = workspace.journal
        self._definitions = workspace.definitions
        self._as_of = workspace.as_of

    def groups(self, by: By, *, closed: bool = False) -> tuple[ActionGroup, ...]:
        """The open actions, within a group the longest overdue first; `closed` ones come last, the newest first."""
        states = [state for state in self._journal.state.actions if not state.closed]
        states.sort(key=lambda state: (state.due or date.max, state.action.at, state.action.id))
        found: dict[str, list[ActionLine]] = {}
        if by == "due":
            found = {title: [] for title in ("OVERDUE", "DUE WITHIN A WEEK", "LATER", "WITHOUT A DATE")}
        for state in states:
            found.setdefault(self._heading(state, by), []).append(self._line(state))
        if by != "due":
            found = dict(sorted(found.items(), key=lambda item: (item[0] == _NOBODY, item[0].casefold())))
        if closed:
            ended = [state for state in self._journal.state.actions if state.closed]
            ended.sort(key=lambda state: state.followups[-1].at, reverse=True)
            found["CLOSED"] = [self._line(state) for state in ended]
        return tuple(ActionGroup(title, tuple(lines)) for title, lines in found.items() if lines)

    def count(self) -> tuple[int, int]:
        """How many are open, and how many of them overdue."""
        states = [state for state in self._journal.state.actions if not state.closed]
        return len(states), sum(state.overdue(self._as_of) for state in states)

    def _heading(self, state: ActionState, by: By) -> str:
        if by == "owner":
            return self._definitions.who(state.action.owner) if state.action.owner else _NOBODY
        if by == "KPI":
            return self._kpi_name(state)
        if state.due is None:
            return "WITHOUT A DATE"
        if state.overdue(self._as_of):
            return "OVERDUE"
        return "DUE WITHIN A WEEK" if state.due <= self._as_of + SOON else "LATER"

    def _kpi_name(self, state: ActionState) -> str:
        kpi = self._definitions.kpis.get(state.action.kpi)
        return kpi.name if kpi else state.action.kpi

    def _line(self, state: ActionState) -> ActionLine:
        overdue = state.overdue(self._as_of)
        return ActionLine(
            id=state.action.id,
            kpi=state.action.kpi,
            kpi_name=self._kpi_name(state),
            title=state.action.title,
            owner=self._definitions.who(state.action.owner) if state.action.owner else "no owner",
            when=self._when(state),
            slips=state.slips,
            overdue=overdue,
            soon=not overdue and not state.closed and state.due is not None and state.due <= self._as_of + SOON,
            closed=state.closed,
        )

    def _when(self, state: ActionState) -> str:
        if state.closed:
            return f"{state.status} {self._day(state.followups[-1].at.date())}"
        if state.due is None:
            return "no date"
        if not state.overdue(self._as_of):
            return f"due {self._day(state.due)}"
        days = (self._as_of - state.due).days
        return f"{days} {'day' if days == 1 else 'days'} late"

    def _day(self, day: date) -> str:
        return short_day(day, self._definitions.locale, self._as_of)

    # One action

    def line(self, action_id: str) -> ActionLine | None:
        """The action with the id."""
        state = self._journal.state.action(action_id)
        return self._line(state) if state else None

    def history(self, action_id: str) -> tuple[Step, ...]:
        """What was agreed and what became of it, oldest first."""
        state = self._journal.state.action(action_id)
        if state is None:
            return ()
        action = state.action
        agreed = "agreed" + (f", due {self._day(action.due)}" if action.due else ", without a date")
        if action.effect:
            agreed += f"; expected: {action.effect}"
        steps = [Step(self._day(action.at.date()), self._definitions.who(action.by), agreed)]
        due, slips = action.due, 0
        for followup in state.followups:
            slips += bool(followup.due and due and followup.due > due)
            due = followup.due or due
            who = self._definitions.who(followup.by)
            steps.append(Step(self._day(followup.at.date()), who, self._became(followup, slips)))
        return tuple(steps)

    def outcome(self, action_id: str) -> Step | None:
        """What the chart says of an action with an expected effect."""
        state = self._journal.state.action(action_id)
        found = action_effect(self._workspace, state) if state else None
        if found is None:
            return None
        since = "since it was done" if found.done else "since it was agreed"
        said = effect_phrase(found.effect, found.kpi, self._definitions.locale)
        return Step(f"chart of {found.kpi.name}", since, said)

    def _became(self, followup: Followup, slips: int) -> str:
        parts: list[str] = [followup.status] if followup.status in ("done", "dropped", "doing") else []
        if followup.due:
            times = "" if not slips else " (slipped once)" if slips == 1 else f" (slipped {slips} times)"
            parts.append(f"now due {self._day(followup.due)}{times}")
        if not parts and followup.status == "open":
            parts.append("open again" if not followup.text else "kept")
        said = ", ".join(parts)
        return f"{said}: {followup.text}" if said and followup.text else said or followup.text


_NOBODY = "no owner"

"""All records of all files → how things stand: what was said of each KPI, what is open, which targets hold.

Records count in the order of `at`, then id; which file they stand in plays no part but for verdicts, which
belong to their file's review.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple, TypeVar

import msgspec

from kpitui.problems import Problem
from kpitui.records.model import (
    Action,
    ActionStatus,
    Cause,
    Decision,
    Followup,
    Note,
    PhaseChange,
    Record,
    Records,
    Retraction,
    ReviewFile,
    TargetRevision,
    Verdict,
)

_Kind = TypeVar("_Kind", bound=Record)


class ActionState(msgspec.Struct, frozen=True):
    """An action and what became of it."""

    action: Action
    status: ActionStatus = "open"
    due: date | None = None
    """The date that holds now."""
    slips: int = 0
    """How often a followup set a later date."""
    followups: tuple[Followup, ...] = ()

    @property
    def closed(self) -> bool:
        return self.status in ("done", "dropped")

    def overdue(self, today: date) -> bool:
        """Not closed, and due before today."""
        return not self.closed and self.due is not None and self.due < today


class State(msgspec.Struct, frozen=True):
    """How things stand. What was retracted is not in it; lists are oldest first."""

    notes: Mapping[str, tuple[Note, ...]] = {}
    """By KPI, as are causes, decisions, targets and phases."""
    causes: Mapping[str, tuple[Cause, ...]] = {}
    decisions: Mapping[str, tuple[Decision, ...]] = {}
    targets: Mapping[str, tuple[TargetRevision, ...]] = {}
    phases: Mapping[str, tuple[PhaseChange, ...]] = {}
    actions: tuple[ActionState, ...] = ()
    verdicts: Mapping[tuple[str, str], Verdict] = {}
    """Review id and KPI → its last verdict there."""
    retracted: frozenset[str] = frozenset()
    """Ids of what was taken back."""

    def action(self, action_id: str) -> ActionState | None:
        return next((state for state in self.actions if state.action.id == action_id), None)

    def verdicts_on(self, kpi: str) -> list[Verdict]:
        """The last verdict of each review on the KPI."""
        return [verdict for (_, about), verdict in self.verdicts.items() if about == kpi]

    def actions_of(self, kpi: str) -> list[ActionState]:
        return [state for state in self.actions if state.action.kpi == kpi]


class _Placed(NamedTuple):
    record: Record
    file: ReviewFile


def fold(records: Records) -> tuple[State, list[Problem]]:
    """The present state, and what refers to nothing or stands twice with different content."""
    problems: list[Problem] = []
    placed = _distinct(records, problems)
    known = {part.record.id: part.record for part in placed}
    gone = _retracted([part for part in placed if isinstance(part.record, Retraction)], known, problems)
    standing = [part for part in placed if part.record.id not in gone]
    for part in placed:
        if isinstance(part.record, Followup) and not isinstance(known.get(part.record.action), Action):
            problems.append(_refers_to_nothing(part, part.record.action, "action"))
        if isinstance(part.record, Action) and (cause := part.record.cause) and not isinstance(known.get(cause), Cause):
            problems.append(_refers_to_nothing(part, cause, "cause"))
    said = [part.record for part in standing]
    return State(
        notes=_by_kpi(Note, said),
        causes=_by_kpi(Cause, said),
        decisions=_by_kpi(Decision, said),
        targets=_by_kpi(TargetRevision, said),
        phases=_by_kpi(PhaseChange, said),
        actions=_actions(said),
        verdicts={
            (part.file.review_id, part.record.kpi): part.record for part in standing if isinstance(part.record, Verdict)
        },
        retracted=frozenset(gone),
    ), sorted(problems, key=lambda problem: (problem.file, problem.line or 0))


def _distinct(records: Records, problems: list[Problem]) -> list[_Placed]:
    """In the order in which they count. A copy counts once; two that share an id and differ count both."""
    first: dict[str, _Placed] = {}
    distinct: dict[tuple[str, Record], _Placed] = {}
    for file in records.files:
        for record in file.records:
            there = first.setdefault(record.id, _Placed(record, file))
            if there.record != record and there.file is not file:
                line = file.lines.get(record.id)
                message = "the id stands twice, with different content"
                hint = f"{there.file.path}:{there.file.lines.get(record.id)} has it too; give one another id"
                problems.append(Problem(file.path, message, line, key=record.id, hint=hint))
            distinct.setdefault((record.id, record), _Placed(record, file))
    return sorted(distinct.values(), key=lambda part: (part.record.at, part.record.id))


def _retracted(retractions: list[_Placed], known: Mapping[str, Record], problems: list[Problem]) -> set[str]:
    """Ids of what no longer counts: a retraction counts unless one that counts takes it back."""
    waiting: dict[str, int] = defaultdict(int)
    """Id → how many retractions of it have not been looked at yet."""
    for part in retractions:
        waiting[_of(part)] += 1
    ready = deque(part for part in retractions if not waiting[part.record.id])
    by_id = {part.record.id: part for part in retractions}
    gone: set[str] = set()
    seen: set[str] = set()
    while ready:
        part = ready.popleft()
        seen.add(part.record.id)
        of = _of(part)
        if part.record.id not in gone:
            gone.add(of)
        waiting[of] -= 1
        if of in by_id and not waiting[of]:
            ready.append(by_id[of])
    for part in retractions:
        if _of(part) not in known:
            problems.append(_refers_to_nothing(part, _of(part), "record"))
        if part.record.id not in seen:
            message = "retractions that take each other back count for nothing"
            problems.append(_problem(part, message, "delete one of them"))
    return gone


def _of(part: _Placed) -> str:
    return part.record.of if isinstance(part.record, Retraction) else ""


def _actions(said: Iterable[Record]) -> tuple[ActionState, ...]:
    followups: dict[str, list[Followup]] = defaultdict(list)
    actions: list[Action] = []
    for record in said:
        if isinstance(record, Followup):
            followups[record.action].append(record)
        elif isinstance(record, Action):
            actions.append(record)
    return tuple(_followed(action, followups[action.id]) for action in actions)


def _followed(action: Action, followups: list[Followup]) -> ActionState:
    status: ActionStatus = "open"
    due, slips = action.due, 0
    for followup in followups:
        status = followup.status or status
        if followup.due:
            slips += due is not None and followup.due > due
            due = followup.due
    return ActionState(action, status, due, slips, tuple(followups))


def _by_kpi(kind: type[_Kind], said: Iterable[Record]) -> dict[str, tuple[_Kind, ...]]:
    found: dict[str, list[_Kind]] = defaultdict(list)
    for record in said:
        if isinstance(record, kind):
            found[record.kpi].append(record)
    return {kpi: tuple(records) for kpi, records in found.items()}


def _refers_to_nothing(part: _Placed, to: str, what: str) -> Problem:
    return _problem(part, f"there is no {what} {to}", "was it in a file that is gone, or is the id mistyped?")


def _problem(part: _Placed, message: str, hint: str) -> Problem:
    record, file = part
    return Problem(file.path, message, file.lines.get(record.id), key=f"{record.table}.{record.id}", hint=hint)

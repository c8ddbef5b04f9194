"""All records of all files → how things stand: what was said of each KPI, what is open, which targets hold.

Records count in the order of `at`, then id; which file they stand in plays no part but for verdicts, which
belong to their file's review. Files that nobody writes to any more are folded once (`settle`); what the others say is
put on top of that.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import repeat
from typing import Literal, NamedTuple, TypeVar

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

    def up_to(self, moment: datetime) -> ActionState:
        """As it stood then."""
        return _followed(self.action, (), [followup for followup in self.followups if followup.at <= moment])


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


class Reference(NamedTuple):
    """A record speaks of another one."""

    to: str
    """Its id."""
    what: Literal["action", "cause", "record"]
    problem: Problem
    """To be told where there is none of that kind."""


_KIND_OF: Mapping[str, type[Record]] = {"action": Action, "cause": Cause, "record": Record}


class Settled(msgspec.Struct, frozen=True, dict=True):
    """The fold of some files, to begin with where the rest is folded."""

    files: tuple[ReviewFile, ...] = ()
    state: State = State()
    waiting: Mapping[str, tuple[Followup, ...]] = {}
    """By action: followups of those that stand in other files, or nowhere."""
    references: tuple[Reference, ...] = ()
    """To records in other files, or to nothing."""
    problems: tuple[Problem, ...] = ()
    """What is wrong whatever the other files hold."""
    newest: datetime | None = None
    """When the latest of the records was made."""

    @cached_property
    def places(self) -> Mapping[str, ReviewFile]:
        """Record id → the file that it stands in."""
        places: dict[str, ReviewFile] = {}
        for file in reversed(self.files):  # of copies the first one
            places.update(zip(file.lines, repeat(file)))
        return places

    @cached_property
    def action_places(self) -> Mapping[str, list[int]]:
        """Id of an action that stands → its places among them: several where the id stands twice."""
        places: dict[str, list[int]] = defaultdict(list)
        for at, state in enumerate(self.state.actions):
            places[state.action.id].append(at)
        return dict(places)

    def find(self, record_id: str) -> Record | None:
        file = self.places.get(record_id)
        return next((record for record in file.records if record.id == record_id), None) if file else None

    def bears(self, loose: Iterable[ReviewFile]) -> bool:
        """Whether what those files say can be put on top of it.

        It cannot where they repeat an id, or take back a record of here: that takes away, and does not add.
        """
        reviews = {file.review_id for file in self.files}
        return not any(
            file.review_id in reviews
            or any(
                record.id in self.places or (isinstance(record, Retraction) and record.of in self.places)
                for record in file.records
            )
            for file in loose
        )


_NOTHING = Settled()


class _Placed(NamedTuple):
    record: Record
    file: ReviewFile


def fold(records: Records, settled: Settled = _NOTHING) -> tuple[State, list[Problem]]:
    """The present state, and what refers to nothing or stands twice with different content."""
    whole = settle(records.files, settled)
    problems = [*whole.problems, *(reference.problem for reference in whole.references)]
    return whole.state, sorted(problems, key=lambda problem: (problem.file, problem.line or 0))


def settle(files: tuple[ReviewFile, ...], settled: Settled = _NOTHING) -> Settled:
    """The fold of these files, beginning with what is settled of them where that is possible."""
    there = {id(file) for file in settled.files}
    loose = tuple(file for file in files if id(file) not in there)
    if len(loose) + len(there) != len(files) or not settled.bears(loose):
        settled, loose = _NOTHING, files
    before = settled.state
    problems = list(settled.problems)
    placed = _distinct(loose, problems)
    known = {part.record.id: part.record for part in placed}
    retractions = [part for part in placed if isinstance(part.record, Retraction)]
    gone = _retracted(retractions, before.retracted, problems)
    standing = [part for part in placed if part.record.id not in gone]
    said = [part.record for part in standing]
    actions, waiting = _actions(said, settled, known)
    state = State(
        notes=_by_kpi(Note, said, before.notes),
        causes=_by_kpi(Cause, said, before.causes),
        decisions=_by_kpi(Decision, said, before.decisions),
        targets=_by_kpi(TargetRevision, said, before.targets),
        phases=_by_kpi(PhaseChange, said, before.phases),
        actions=actions,
        verdicts={
            **before.verdicts,
            **{
                (part.file.review_id, verdict.kpi): verdict
                for part in standing
                if isinstance(verdict := part.record, Verdict)
            },
        },
        retracted=frozenset(gone),
    )
    references = (*settled.references, *(reference for part in placed for reference in _references(part)))
    open_ended = tuple(
        reference
        for reference in references
        if not isinstance(known.get(reference.to) or settled.find(reference.to), _KIND_OF[reference.what])
    )
    moments = (placed[-1].record.at if placed else None, settled.newest)
    newest = max((at for at in moments if at is not None), default=None)
    return Settled(files, state, waiting, open_ended, tuple(problems), newest)


def _references(part: _Placed) -> Iterator[Reference]:
    match part.record:
        case Followup(action=to):
            yield Reference(to, "action", _refers_to_nothing(part, to, "action"))
        case Action(cause=str(to)):
            yield Reference(to, "cause", _refers_to_nothing(part, to, "cause"))
        case Retraction(of=to):
            yield Reference(to, "record", _refers_to_nothing(part, to, "record"))


def _distinct(files: Iterable[ReviewFile], problems: list[Problem]) -> list[_Placed]:
    """In the order in which they count. A copy counts once; two that share an id and differ count both."""
    first: dict[str, _Placed] = {}
    again: dict[tuple[str, Record], _Placed] = {}
    for file in files:
        for record in file.records:
            there = first.setdefault(record.id, _Placed(record, file))
            if there.record is record or there.record == record:
                continue
            if there.file is not file:
                line = file.lines.get(record.id)
                message = "the id stands twice, with different content"
                hint = f"{there.file.path}:{there.file.lines.get(record.id)} has it too; give one another id"
                problems.append(Problem(file.path, message, line, key=record.id, hint=hint))
            again.setdefault((record.id, record), _Placed(record, file))
    return sorted((*first.values(), *again.values()), key=lambda part: _order(part.record))


def _order(record: Record) -> tuple[datetime, str]:
    return record.at, record.id


def _retracted(retractions: list[_Placed], before: frozenset[str], problems: list[Problem]) -> set[str]:
    """Ids of what no longer counts: a retraction counts unless one that counts takes it back.

    `before` was taken back in files that are settled.
    """
    waiting: dict[str, int] = defaultdict(int)
    """Id → how many retractions of it have not been looked at yet."""
    for part in retractions:
        waiting[_of(part)] += 1
    ready = deque(part for part in retractions if not waiting[part.record.id])
    by_id = {part.record.id: part for part in retractions}
    gone = set(before)
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
        if part.record.id not in seen:
            message = "retractions that take each other back count for nothing"
            problems.append(_problem(part, message, "delete one of them"))
    return gone


def _of(part: _Placed) -> str:
    return part.record.of if isinstance(part.record, Retraction) else ""


def _actions(
    said: Sequence[Record], settled: Settled, known: Mapping[str, Record]
) -> tuple[tuple[ActionState, ...], Mapping[str, tuple[Followup, ...]]]:
    """All actions with what became of them, and the followups of actions that stand nowhere yet."""
    new: dict[str, list[Followup]] = defaultdict(list)
    for record in said:
        if isinstance(record, Followup):
            new[record.action].append(record)
    settled_ones = list(settled.state.actions)
    for to in new:
        for at in settled.action_places.get(to, ()):
            state = settled_ones[at]
            settled_ones[at] = _followed(state.action, state.followups, new[to])
    own = [
        _followed(record, settled.waiting.get(record.id, ()), new.get(record.id, ()))
        for record in said
        if isinstance(record, Action)
    ]
    actions = (*settled_ones, *own)
    if own and settled.state.actions and _order(own[0].action) < _order(settled.state.actions[-1].action):
        actions = tuple(sorted(actions, key=lambda state: _order(state.action)))
    nowhere = {to for to in (*settled.waiting, *new) if to not in known and to not in settled.places}
    return actions, {to: _merged(settled.waiting.get(to, ()), new.get(to, ())) for to in nowhere}


def _followed(action: Action, before: Sequence[Followup], new: Sequence[Followup]) -> ActionState:
    followups = _merged(before, new)
    status: ActionStatus = "open"
    due, slips = action.due, 0
    for followup in followups:
        status = followup.status or status
        if followup.due:
            slips += due is not None and followup.due > due
            due = followup.due
    return ActionState(action, status, due, slips, followups)


def _by_kpi(
    kind: type[_Kind], said: Iterable[Record], before: Mapping[str, tuple[_Kind, ...]]
) -> Mapping[str, tuple[_Kind, ...]]:
    found: dict[str, list[_Kind]] = defaultdict(list)
    for record in said:
        if isinstance(record, kind):
            found[record.kpi].append(record)
    return {**before, **{kpi: _merged(before.get(kpi, ()), records) for kpi, records in found.items()}}


def _merged(before: Sequence[_Kind], new: Sequence[_Kind]) -> tuple[_Kind, ...]:
    """Two lists, each in the order of time, as one."""
    in_order = not before or not new or _order(before[-1]) <= _order(new[0])
    return (*before, *new) if in_order else tuple(sorted((*before, *new), key=_order))


def _refers_to_nothing(part: _Placed, to: str, what: str) -> Problem:
    return _problem(part, f"there is no {what} {to}", "was it in a file that is gone, or is the id mistyped?")


def _problem(part: _Placed, message: str, hint: str) -> Problem:
    record, file = part
    return Problem(file.path, message, file.lines.get(record.id), key=f"{record.table}.{record.id}", hint=hint)

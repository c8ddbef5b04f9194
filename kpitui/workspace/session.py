"""One review session: what is on the table in each step, what is written, and how it is ended.

Everything that a session knows is in its review's file: it can be left at any moment and resumed on another machine.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from kpitui.problems import KpituiError
from kpitui.records.fold import ActionState
from kpitui.records.model import (
    Action,
    Cause,
    Decision,
    Figures,
    Followup,
    Note,
    Record,
    Review,
    ReviewFile,
    TargetRevision,
    Verdict,
    VerdictWord,
)
from kpitui.records.store import Saved
from kpitui.review.actions import DueAction, due_actions
from kpitui.review.agenda import Planned, agenda, cadence_of, members, reviewed_period
from kpitui.review.picture import Picture
from kpitui.review.queue import Item, Said, items, without_verdict
from kpitui.review.since import left_over
from kpitui.review.targets import TargetLook
from kpitui.terms import Step
from kpitui.workspace.answers import Row
from kpitui.workspace.deciding import give_verdicts
from kpitui.workspace.opening import Workspace
from kpitui.workspace.people import People
from kpitui.workspace.session_picture import session_picture, standing
from kpitui.workspace.target_advice import target_looks

_Kind = TypeVar("_Kind", bound=Record)


class ReadBack(NamedTuple):
    """What a session leaves behind, read aloud before it is signed off."""

    decisions: tuple[Decision, ...]
    actions: tuple[ActionState, ...]
    """Agreed in this review, as they stand now."""
    followups: tuple[Followup, ...]
    overdue: tuple[ActionState, ...]
    """Agreed before, overdue on its day, and nothing was said of them in it."""
    causes: tuple[Cause, ...]
    notes: tuple[Note, ...]
    targets: tuple[TargetRevision, ...]
    verdicts: tuple[Verdict, ...]
    carried_over: tuple[Item, ...]
    """Exceptions without a verdict: the next review of the cadence takes them up."""
    unseen: tuple[Item, ...]
    """Fine ones without a verdict."""


class SaidBefore(NamedTuple):
    """A record on the period under review that stands in the file of another review."""

    record: Note | Cause | Decision | Action
    review: str


class SignedOff(NamedTuple):
    review: Review
    path: str
    read_back: ReadBack
    actions: Mapping[str, Action]
    """What was asked after, by id."""
    git: str | None
    """The command that would commit the record; it is never run. None outside of a repository."""


def session(workspace: Workspace, review_id: str) -> Session:
    """The session of a review that was begun; KpituiError where there is none."""
    file = workspace.journal.records.of_review(review_id)
    if file is None or file.review is None or not file.begun:
        begun = ", ".join(sorted((review.id for review in workspace.journal.records.begun), reverse=True)[:3])
        raise KpituiError(f"there is no review {review_id!r} that was started; the newest are: {begun or 'none'}")
    return Session(workspace, file, file.review)


class Session:
    """A review that was begun, seen from a workspace; after something was recorded, ask for it anew (`again`)."""

    def __init__(self, workspace: Workspace, file: ReviewFile, review: Review) -> None:
        self._workspace = workspace
        self.file = file
        self.review = review
        self.cadence = cadence_of(workspace.definitions, review.cadence)
        self.period = workspace.period(review.period)
        self.kpis = members(self.cadence, workspace.definitions)

    def again(self) -> Session:
        """The same review with everything that was recorded since."""
        return session(self._workspace, self.review.id)

    @property
    def path(self) -> str:
        """Its file: `reviews/2026-10-monthly.toml`."""
        return self.file.path

    @property
    def figures(self) -> Mapping[str, Figures]:
        """What the room saw when it began."""
        return self.file.figures

    @cached_property
    def agenda(self) -> tuple[Planned, ...]:
        return agenda(self.cadence, self.period, self._workspace.definitions.calendar)

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """The rows of the KPIs that it looks at, in the period under review, by KPI."""
        return {kpi.id: self._workspace.row(kpi, self.period) for kpi in self.kpis}

    @cached_property
    def previous(self) -> ReviewFile | None:
        """The review of the cadence that was held before."""
        calendar = self._workspace.definitions.calendar
        before = [
            (period.start, file)
            for file in self._workspace.journal.records.files
            if file.review and file.begun and file.review.cadence == self.review.cadence
            if (period := reviewed_period(file.review, calendar)) is not None and period.start < self.period.start
        ]
        return max(before, key=lambda pair: pair[0])[1] if before else None

    # The steps

    @cached_property
    def picture(self) -> Picture:
        return session_picture(self._workspace, self)

    @cached_property
    def actions(self) -> tuple[DueAction, ...]:
        """The actions to ask after."""
        workspace = self._workspace
        return due_actions(self._agreed_before, workspace.as_of, self.cadence.grain, workspace.definitions.calendar)

    @cached_property
    def _agreed_before(self) -> tuple[ActionState, ...]:
        """All actions on its KPIs but those that the session itself has agreed.

        Those on KPIs that are not defined any more are asked after in the coarsest review.
        """
        looked_at = {kpi.id for kpi in self.kpis}
        definitions = self._workspace.definitions
        coarsest = self.cadence.id == definitions.cadences[-1].id
        return tuple(
            state
            for state in self._workspace.journal.state.actions
            if state.action.kpi in looked_at or (coarsest and state.action.kpi not in definitions.kpis)
            if state.action.id not in self.file.lines or state.action.at < self.review.started
        )

    @property
    def queue(self) -> tuple[Item, ...]:
        """The exceptions, in the order of the meeting."""
        return self._items[0]

    @property
    def sweep(self) -> tuple[Item, ...]:
        """The fine ones."""
        return self._items[1]

    @cached_property
    def targets(self) -> tuple[TargetLook, ...]:
        """The targets of its KPIs: those that nobody has looked at first, then those that keep changing."""
        workspace = self._workspace
        looks = target_looks(workspace.journal, workspace.definitions, self.kpis, workspace.as_of)
        return tuple(sorted(looks, key=lambda look: (not look.stale, not look.unsteady)))

    @cached_property
    def read_back(self) -> ReadBack:
        state = self._workspace.journal.state
        return ReadBack(
            decisions=self._of(Decision),
            actions=tuple(found for found in state.actions if found.action.id in self.file.lines),
            followups=self._of(Followup),
            overdue=self._not_looked_at(),
            causes=self._of(Cause),
            notes=self._of(Note),
            targets=self._of(TargetRevision),
            verdicts=tuple(item.verdict for item in (*self.queue, *self.sweep) if item.verdict),
            carried_over=without_verdict(self.queue),
            unseen=without_verdict(self.sweep),
        )

    @property
    def asked_after(self) -> Mapping[str, Action]:
        """The actions of which something was said, by id."""
        followed = {followup.action for followup in self._of(Followup)}
        actions = (state.action for state in self._workspace.journal.state.actions)
        return {action.id: action for action in actions if action.id in followed}

    @cached_property
    def said_before(self) -> tuple[SaidBefore, ...]:
        """What was said of the period before the review began, and stands in the file of another one."""
        gone = self._workspace.journal.state.retracted
        looked_at = {kpi.id for kpi in self.kpis}
        found = [
            SaidBefore(record, file.review_id)
            for file in self._workspace.journal.records.files
            if file.review_id != self.review.id
            for record in file.records
            if isinstance(record, (Note, Cause, Decision, Action))
            if record.period == self.review.period and record.kpi in looked_at and record.id not in gone
            if record.at < self.review.started
        ]
        return tuple(sorted(found, key=lambda said: (said.record.at, said.record.id)))

    def _not_looked_at(self) -> tuple[ActionState, ...]:
        """Overdue ones of which nothing was said, as they stood when it ended: what came later changes nothing."""
        day, ended = min(self._workspace.as_of, self.review.started.date()), self.review.signed_off_at
        followed = {followup.action for followup in self._of(Followup)}
        then = (state.up_to(ended) if ended else state for state in self._agreed_before)
        late = (state for state in then if state.overdue(day) and state.action.id not in followed)
        return tuple(sorted(late, key=lambda state: (state.due or date.max, state.action.at)))

    def resume_at(self) -> Step:
        """The step in which there is something to do, for a session that was left."""
        if not self.file.records:
            return "picture"
        if without_verdict(self.queue):
            return "exceptions"
        return "sweep" if without_verdict(self.sweep) else "close"

    # Writing

    def give_verdicts(
        self,
        kpi_ids: Sequence[str],
        word: VerdictWord | None = None,
        *,
        owner: str | None = None,
        due: date | None = None,
        by: str | None = None,
    ) -> list[Saved]:
        """Write verdicts in one save; without a word what is prefilled for each."""
        proposed = {item.kpi.id: item.proposed for item in (*self.queue, *self.sweep)}
        rows = [self._row(kpi_id) for kpi_id in kpi_ids]
        words = [(row, word or proposed[row.kpi.id]) for row in rows]
        return give_verdicts(self._workspace, self.review, words, owner=owner, due=due, by=by)

    def all_seen(self, *, by: str | None = None) -> list[Saved]:
        """Give every fine KPI that has no verdict yet its prefilled one."""
        return self.give_verdicts([item.kpi.id for item in without_verdict(self.sweep)], by=by)

    def name_people(self, people: People) -> None:
        """Write down who is in the room. Raises KpituiError where that cannot be."""
        if self.review.state == "signed-off":
            raise KpituiError(f"{self.review.id} is signed off; it can say who was there once it is opened again")
        review = msgspec.structs.replace(self.review, chair=people.chair, attendees=people.attendees)
        self._workspace.journal.set_people(review)
        self._workspace.records_changed()

    def sign_off(self, *, by: str | None = None) -> SignedOff:
        """End it. What has no verdict is in the read-back, and is taken up by the next review."""
        if self.review.state == "signed-off":
            raise KpituiError(f"{self.review.id} is signed off already")
        read_back = self.read_back
        self._workspace.journal.set_state(self.review, "signed-off", by=by)
        self._workspace.records_changed()
        return SignedOff(self.again().review, self.path, read_back, self.asked_after, self.git_command())

    def git_command(self) -> str | None:
        """What would commit the record; nobody runs it but the person. None outside of a repository."""
        root = self._workspace.root.resolve()
        if not any((folder / ".git").exists() for folder in (root, *root.parents)):
            return None
        at = "" if root == Path.cwd().resolve() else f"-C {shlex.quote(str(root))} "
        file, message = shlex.quote(self.path), shlex.quote(f"Review {self.review.id}")
        return f"git {at}add {file} && git {at}commit -m {message} -- {file}"

    # What the steps are made of

    def _row(self, kpi_id: str) -> Row:
        if kpi_id not in self.rows:
            kpi = self._workspace.kpi(kpi_id)
            raise KpituiError(f"{self.review.id} does not look at {kpi.name} ({kpi.id})")
        return self.rows[kpi_id]

    @cached_property
    def _items(self) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        state, previous = self._workspace.journal.state, self.previous
        verdicts = {kpi: verdict for (review, kpi), verdict in state.verdicts.items() if review == self.review.id}
        former = {
            kpi: verdict
            for (review, kpi), verdict in state.verdicts.items()
            if previous and review == previous.review_id
        }
        left = left_over(previous.figures, former, {kpi.id: kpi for kpi in self.kpis}) if previous else set()
        return items(
            map(standing, self.rows.values()),
            said=self._said,
            verdicts=verdicts,
            former=former,
            carried_over=left,
        )

    @cached_property
    def _standing_records(self) -> tuple[Record, ...]:
        """What stands in its file and was not taken back, in the order in which it was said."""
        gone = self._workspace.journal.state.retracted
        standing = (record for record in self.file.records if record.id not in gone)
        return tuple(sorted(standing, key=lambda record: (record.at, record.id)))

    def _of(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        return tuple(record for record in self._standing_records if isinstance(record, kind))

    @property
    def _said(self) -> Mapping[str, Said]:
        """Of which kinds there are records on the KPIs."""
        causes, actions, targets = (
            {record.kpi for record in self._of(kind)} for kind in (Cause, Action, TargetRevision)
        )
        return {kpi: Said(kpi in causes, kpi in actions, kpi in targets) for kpi in causes | actions | targets}

"""Review sessions: which can be started or resumed, what is on the table in each step, and how one is ended.

Everything that a session knows is in its review's file: it can be left at any moment and resumed on another machine.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from kpitui.definitions.model import Cadence, Kpi
from kpitui.periods import Period
from kpitui.problems import KpituiError
from kpitui.records.fold import ActionState
from kpitui.records.model import (
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
from kpitui.records.store import Saved, later_review
from kpitui.review.actions import DueAction, due_actions
from kpitui.review.agenda import Planned, agenda, cadence_of, members
from kpitui.review.picture import Picture, Redefinition, Restatement, Supply, freshness, picture
from kpitui.review.queue import Item, Said, Standing, items, without_verdict
from kpitui.review.since import Change, Seen, change, left_over, seen
from kpitui.review.targets import TargetLook
from kpitui.terms import Step
from kpitui.workspace.answers import Row
from kpitui.workspace.deciding import give_verdicts
from kpitui.workspace.opening import Workspace
from kpitui.workspace.restated import SeenFigures, own_period, redefined, restated
from kpitui.workspace.snapshot import freeze
from kpitui.workspace.target_advice import target_looks

ChoiceState = Literal["new", "noted", "open", "signed-off"]
"""noted: there are records for it already, and no session was held yet."""
_Kind = TypeVar("_Kind", bound=Record)


class Choice(NamedTuple):
    """A review that can be started, resumed or opened again."""

    cadence: str
    period: Period
    review_id: str
    state: ChoiceState
    kpis: int
    minutes: int
    records: int
    can_reopen: bool


class ReadBack(NamedTuple):
    """What a session leaves behind, read aloud before it is signed off."""

    decisions: tuple[Decision, ...]
    actions: tuple[ActionState, ...]
    """Agreed in this review, as they stand now."""
    followups: tuple[Followup, ...]
    causes: tuple[Cause, ...]
    notes: tuple[Note, ...]
    targets: tuple[TargetRevision, ...]
    verdicts: tuple[Verdict, ...]
    carried_over: tuple[Item, ...]
    """Exceptions without a verdict: the next review of the cadence takes them up."""
    unseen: tuple[Item, ...]
    """Fine ones without a verdict."""


class SignedOff(NamedTuple):
    review: Review
    path: str
    read_back: ReadBack
    git: str | None
    """The command that would commit the record; it is never run. None outside of a repository."""


# Which reviews there are to hold


def choices(workspace: Workspace) -> list[Choice]:
    """By cadence, finest first: the review of the last period that has ended, and older ones that are still open."""
    found = []
    for cadence in workspace.definitions.cadences:
        latest = workspace.last_ended(cadence.grain)
        reviews = [file.review for file in workspace.journal.records.files if file.review and file.begun]
        older = (r.period for r in reviews if r.cadence == cadence.id and r.state == "open" and r.period != latest.id)
        periods = [workspace.definitions.calendar.parse(period) for period in older]
        found += [_choice(workspace, cadence, period) for period in (latest, *filter(None, periods))]
    return found


def _choice(workspace: Workspace, cadence: Cadence, period: Period) -> Choice:
    review_id = f"{period.id}-{cadence.id}"
    file = workspace.journal.records.of_review(review_id)
    review = file.review if file else None
    state: ChoiceState = "new"
    if file and review:
        state = "signed-off" if review.state == "signed-off" else "open" if file.begun else "noted"
    return Choice(
        cadence.id,
        period,
        review_id,
        state,
        len(members(cadence, workspace.definitions)),
        sum(planned.minutes for planned in agenda(cadence, period, workspace.definitions.calendar)),
        len(file.records) if file else 0,
        review is not None and state == "signed-off" and later_review(review, workspace.journal.records.begun) is None,
    )


def start(
    workspace: Workspace,
    cadence_id: str | None = None,
    period: Period | None = None,
    *,
    chair: str | None = None,
    attendees: Sequence[str] = (),
) -> Session:
    """Begin a review, or resume it where it was begun before; its figures are frozen when it begins.

    By default of the coarsest cadence that is held, and of the last period that has ended. Raises KpituiError where
    that cannot be.
    """
    cadence = cadence_of(workspace.definitions, cadence_id) if cadence_id else workspace.definitions.cadences[-1]
    period = period or workspace.last_ended(cadence.grain)
    if period.grain is not cadence.grain:
        raise KpituiError(f"a {cadence.id} review looks at a {cadence.grain.word}, and {period.id} is none")
    if period.start > workspace.as_of:
        raise KpituiError(f"{period.id} has not begun by the as-of date, {workspace.as_of}")
    review_id = f"{period.id}-{cadence.id}"
    file = workspace.journal.records.of_review(review_id)
    if file and file.review and file.review.state == "signed-off":
        raise KpituiError(f"{review_id} is signed off; kpitui review reopen opens it again")
    review = Review(
        id=review_id,
        cadence=cadence.id,
        period=period.id,
        started=datetime.now().astimezone().replace(microsecond=0),
        chair=chair,
        attendees=tuple(attendees),
    )
    freeze(workspace, review)
    workspace.records_changed()
    return session(workspace, review_id)


def session(workspace: Workspace, review_id: str) -> Session:
    """The session of a review that was begun; KpituiError where there is none."""
    file = workspace.journal.records.of_review(review_id)
    if file is None or file.review is None or not file.begun:
        begun = ", ".join(sorted((review.id for review in workspace.journal.records.begun), reverse=True)[:3])
        raise KpituiError(f"there is no review {review_id!r} that was started; the newest are: {begun or 'none'}")
    return Session(workspace, file, file.review)


def open_sessions(workspace: Workspace, cadence_id: str | None = None) -> list[Session]:
    """The reviews that were begun and are not signed off, the one that was begun last first."""
    files = [
        (file.review.started, file.review.id)
        for file in workspace.journal.records.files
        if file.review and file.begun and file.review.state == "open" and cadence_id in (None, file.review.cadence)
    ]
    return [session(workspace, review_id) for _, review_id in sorted(files, reverse=True)]


def reopen(workspace: Workspace, review_id: str) -> Session:
    """Open a signed-off review again; KpituiError where the next of its cadence has started."""
    found = session(workspace, review_id)
    if found.review.state == "open":
        raise KpituiError(f"{review_id} is open already")
    workspace.journal.set_state(found.review, "open")
    workspace.records_changed()
    return session(workspace, review_id)


# One session


class Session:
    """A review that was begun, seen from a workspace; after something was recorded, ask for it anew (`again`)."""

    def __init__(self, workspace: Workspace, file: ReviewFile, review: Review) -> None:
        self._workspace = workspace
        self._file = file
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
        return self._file.path

    @property
    def figures(self) -> Mapping[str, Figures]:
        """What the room saw when it began."""
        return self._file.figures

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
            if (period := calendar.parse(file.review.period)) is not None and period.start < self.period.start
        ]
        return max(before, key=lambda pair: pair[0])[1] if before else None

    # The steps

    @cached_property
    def picture(self) -> Picture:
        return picture(
            self._standings,
            since=self._since,
            changes=self._changes,
            supplies=(_supply(row) for row in self.rows.values()),
            restated=self._restated,
            redefined=self._redefined,
        )

    @cached_property
    def actions(self) -> tuple[DueAction, ...]:
        """The actions to ask after; those on KPIs that no review looks at are asked after in the coarsest."""
        looked_at = {kpi.id for kpi in self.kpis}
        definitions = self._workspace.definitions
        coarsest = self.cadence.id == definitions.cadences[-1].id
        return due_actions(
            (
                state
                for state in self._workspace.journal.state.actions
                if state.action.kpi in looked_at or (coarsest and state.action.kpi not in definitions.kpis)
            ),
            self._workspace.as_of,
            self.cadence.grain,
            definitions.calendar,
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
            decisions=self._of_this(state.decisions),
            actions=tuple(found for found in state.actions if found.action.id in self._file.lines),
            followups=tuple(
                followup for action in state.actions for followup in action.followups if followup.id in self._file.lines
            ),
            causes=self._of_this(state.causes),
            notes=self._of_this(state.notes),
            targets=self._of_this(state.targets),
            verdicts=tuple(item.verdict for item in (*self.queue, *self.sweep) if item.verdict),
            carried_over=without_verdict(self.queue),
            unseen=without_verdict(self.sweep),
        )

    def resume_at(self) -> Step:
        """The step in which there is something to do, for a session that was left."""
        if not self._file.records:
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

    def sign_off(self) -> SignedOff:
        """End it. What has no verdict is in the read-back, and is taken up by the next review."""
        if self.review.state == "signed-off":
            raise KpituiError(f"{self.review.id} is signed off already")
        read_back = self.read_back
        self._workspace.journal.set_state(self.review, "signed-off")
        self._workspace.records_changed()
        return SignedOff(self.again().review, self.path, read_back, self.git_command())

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
    def _standings(self) -> tuple[Standing, ...]:
        return tuple(
            Standing(row.kpi, row.group, row.point.status, row.point.gap, row.point.variation)
            for row in self.rows.values()
        )

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
            self._standings,
            said={kpi.id: self._said(kpi) for kpi in self.kpis},
            verdicts=verdicts,
            former=former,
            carried_over=left,
        )

    def _said(self, kpi: Kpi) -> Said:
        state, lines = self._workspace.journal.state, self._file.lines
        return Said(
            cause=any(cause.id in lines for cause in state.causes.get(kpi.id, ())),
            action=any(action.action.id in lines for action in state.actions_of(kpi.id)),
            target=any(revision.id in lines for revision in state.targets.get(kpi.id, ())),
        )

    def _of_this(self, by_kpi: Mapping[str, Iterable[_Kind]]) -> tuple[_Kind, ...]:
        """The records that stand in its file, in the order in which they were made."""
        own = (record for records in by_kpi.values() for record in records if record.id in self._file.lines)
        return tuple(sorted(own, key=lambda record: (record.at, record.id)))

    @property
    def _since(self) -> str:
        if self.previous and self.previous.figures:
            return self.previous.review_id
        return self._workspace.definitions.calendar.shift(self.period, -1).id

    @cached_property
    def _changes(self) -> tuple[Change, ...]:
        found = []
        for row in self.rows.values():
            before = self._before(row.kpi)
            if before and (changed := change(row.kpi, before, Seen(row.point.status, row.point.signal))):
                found.append(changed)
        return tuple(found)

    def _before(self, kpi: Kpi) -> Seen | None:
        """How the KPI stood in the last review, else in the period before."""
        if self.previous and self.previous.figures:
            frozen = self.previous.figures.get(kpi.id)
            return seen(frozen) if frozen else None
        before = self._workspace.definitions.calendar.shift(self.period, -1)
        point = self._workspace.figures.point(kpi, self._workspace.own_period(kpi, before))
        return Seen(point.status, point.signal)

    @cached_property
    def _restated(self) -> tuple[Restatement, ...]:
        """Figures of this review and of the last one that are not what the room saw."""
        return tuple(
            restatement
            for file in (self._file, self.previous)
            if file and file.review
            for restatement in restatements(self._workspace, file, file.review, self.kpis)
        )

    @cached_property
    def _redefined(self) -> tuple[Redefinition, ...]:
        """KPIs that meant something else when this review began, or else in the last one."""
        found: dict[str, Redefinition] = {}
        for file in filter(None, (self._file, self.previous)):
            for kpi in self.kpis:
                figures = file.figures.get(kpi.id)
                if figures and redefined(SeenFigures(file.review_id, figures), kpi):
                    found.setdefault(kpi.id, Redefinition(kpi, file.review_id))
        return tuple(found.values())


def _supply(row: Row) -> Supply:
    point = row.point
    found = freshness(
        value=point.value,
        usable=point.usable,
        complete=point.complete,
        stale_since=row.stale_since,
        spoiled=row.spoiled is not None,
    )
    return Supply(row.kpi, found, row.stale_since if found == "stale" else None)


def restatements(workspace: Workspace, file: ReviewFile, review: Review, kpis: Iterable[Kpi]) -> list[Restatement]:
    """The KPIs whose figure of the reviewed period is not what the room saw; none where it was not over then."""
    calendar = workspace.definitions.calendar
    period, day = calendar.parse(review.period), review.started.date()
    if period is None or day < period.end:
        return []
    found = []
    for kpi in kpis:
        frozen = file.figures.get(kpi.id)
        if frozen is None or workspace.figures.spoiled(kpi):
            continue
        own = own_period(calendar, kpi, period, day)
        point = workspace.figures.point(kpi, own)
        if differs := restated(SeenFigures(review.id, frozen), point):
            found.append(Restatement(kpi, own, review.id, differs.value, point.value))
    return found

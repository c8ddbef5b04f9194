"""What was said of the KPIs: the review files of a workspace, how they stand now, and writing into them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgspec

from kpitui.definitions.model import Definitions, Kpi
from kpitui.periods import Period
from kpitui.problems import KpituiError, Problem
from kpitui.records.fold import ActionState, State, fold, settle
from kpitui.records.model import (
    Action,
    ActionStatus,
    Cause,
    Confidence,
    Decision,
    Figures,
    Followup,
    Note,
    PhaseChange,
    Record,
    Records,
    Retraction,
    Review,
    ReviewFile,
    ReviewState,
    TargetRevision,
    Verdict,
    VerdictWord,
)
from kpitui.records.placing import review_for
from kpitui.records.quick import QuickAction, parse_action, parse_cause, parse_due, parse_keep
from kpitui.records.store import RecordStore, Saved
from kpitui.review.agenda import reviewed_period
from kpitui.stamps import Stamp
from kpitui.terms import CADENCES, CAUSE_CLASSES, Target
from kpitui.workspace import archive
from kpitui.workspace.author import author
from kpitui.workspace.figures import PhaseStart
from kpitui.workspace.numbers import short_day
from kpitui.workspace.revisions import revision_phrase

CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
VERDICTS: tuple[VerdictWord, ...] = get_args(VerdictWord)


class Entry(NamedTuple):
    """A record as a list shows it."""

    id: str
    kind: str
    at: datetime
    when: str
    """The day, short."""
    text: str
    remark: str
    """What the record says beside its text: class and confidence, owner and due date."""
    by: str
    place: str
    """`reviews/2026-10-monthly.toml:88`."""
    overdue: bool = False


class Field(NamedTuple):
    """One key of a record in a form."""

    key: str
    label: str
    value: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    long: bool = False


class Journal:
    """The records of a workspace. `state` is how things stand; what is written changes it at once."""

    def __init__(self, root: Path, definitions: Definitions, as_of: date) -> None:
        self.root = root
        self._definitions = definitions
        self._as_of = as_of
        self._store = RecordStore(root, definitions.name)
        self.records = Records()
        self.state = State()
        self.problems: list[Problem] = []
        kept = archive.take(root, self._store.shelf)
        self._settled = kept
        self.reload()
        signed_off = self._signed_off()
        if self._settled is not kept or len(signed_off) - len(kept.files) > archive.LOOSE:
            self._settled = settle(signed_off, self._settled)
            archive.keep(root, self._settled, self._store.shelf)

    @property
    def seen(self) -> Mapping[str, Stamp | None]:
        """What the review files were before they were read."""
        return self._store.shelf.seen

    def reload(self) -> None:
        """Read the review files that have changed again."""
        records, problems = self._store.load()
        there = {id(file) for file in records.files}
        if any(id(file) not in there for file in self._settled.files):
            self._settled = settle(self._signed_off())
        settled = {id(file) for file in self._settled.files}
        self._loose = [file for file in records.files if id(file) not in settled]
        self.records = Records(records.files, self._settled.places)
        self.state, dangling = fold(records, self._settled)
        self.problems = [*problems, *dangling, *self._without_period()]

    def _without_period(self) -> Iterator[Problem]:
        """Reviews that no session can be held of, as it is not known what they look at; settled ones had theirs."""
        for file in self._loose:
            if file.review and reviewed_period(file.review, self._definitions.calendar) is None:
                yield Problem(
                    file.path,
                    f"no session can be held: `{file.review.cadence}` and `{file.review.period}` do not go together",
                    key="review.period",
                    hint=f"cadence is one of {', '.join(CADENCES)}, and period one of its periods, such as 2026-10",
                )

    def _signed_off(self) -> tuple[ReviewFile, ...]:
        return tuple(read.file for read in self._store.shelf.settled.values())

    # What was decided that shapes figures

    def targets(self) -> Mapping[str, Sequence[Target]]:
        """Decided targets by KPI, the newest last."""
        kpis = self._definitions.kpis
        return {
            kpi: tuple(revision.target(kpis[kpi].grain) for revision in revisions)
            for kpi, revisions in self.state.targets.items()
            if kpi in kpis
        }

    def phases(self) -> Mapping[str, Sequence[PhaseStart]]:
        """Decided phases of the charts by KPI."""
        return {
            kpi: tuple(PhaseStart(change.since, change.baseline_until) for change in changes)
            for kpi, changes in self.state.phases.items()
        }

    # What there is to see

    def open_actions(self) -> dict[str, list[ActionState]]:
        """The actions that are not closed, by KPI."""
        found: dict[str, list[ActionState]] = {}
        for action in self.state.actions:
            if not action.closed:
                found.setdefault(action.action.kpi, []).append(action)
        return found

    def owners(self) -> list[str]:
        """Who owns something: people of the settings by their ids, then other owners of KPIs and of actions."""
        named = (kpi.owner for kpi in self._definitions.kpis.values())
        agreed = (state.action.owner for state in self.state.actions)
        return list(dict.fromkeys(owner for owner in (*self._definitions.people, *named, *agreed) if owner))

    def notes_in(self, kpi: str, period: Period) -> int:
        """How many notes and causes there are on the KPI's period."""
        said: tuple[Record, ...] = (*self.state.notes.get(kpi, ()), *self.state.causes.get(kpi, ()))
        return sum(record.period == period.id for record in said)

    def entries(self, kpi: str) -> list[Entry]:
        """Everything said of the KPI, newest first."""
        state = self.state
        found = [self._entry(note, note.text, "") for note in state.notes.get(kpi, ())]
        found += [self._entry(decision, decision.text, "") for decision in state.decisions.get(kpi, ())]
        found += [self._entry(cause, cause.text, _cause_remark(cause)) for cause in state.causes.get(kpi, ())]
        found += [self.action_entry(action) for action in state.actions_of(kpi)]
        found += [
            self._entry(verdict, verdict.verdict, self._verdict_remark(verdict)) for verdict in state.verdicts_on(kpi)
        ]
        found += [
            self._entry(target, target.reason, self._target_remark(target)) for target in state.targets.get(kpi, ())
        ]
        changes = state.phases.get(kpi, ())
        found += [self._entry(change, change.reason, self._phase_remark(change)) for change in changes]
        return sorted(found, key=lambda entry: (entry.at, entry.id), reverse=True)

    def new_entry(self, kind: str, kpi: Kpi) -> Entry:
        """What a form shows of a record that is not there yet."""
        when = short_day(self._as_of, self._definitions.locale, self._as_of)
        return Entry(f"for {kpi.id}", kind, _now(), when, "", "", kpi.name, f"into {self.next_file(kpi)}")

    def action_entry(self, action: ActionState) -> Entry:
        """An action with its owner, its due date, and how late it is."""
        entry = self._entry(action.action, action.action.title, self._action_remark(action))
        return entry._replace(overdue=action.overdue(self._as_of))

    def _entry(self, record: Record, text: str, remark: str) -> Entry:
        file = self.records.holding(record.id)
        place = f"{file.path}:{file.lines[record.id]}" if file else ""
        when = short_day(record.at.date(), self._definitions.locale, self._as_of)
        return Entry(record.id, record.table, record.at, when, text, remark, self._definitions.who(record.by), place)

    def _action_remark(self, action: ActionState) -> str:
        parts = [action.action.owner or "no owner"]
        if action.closed:
            parts.append(action.status)
        elif action.due is not None and action.overdue(self._as_of):
            days = (self._as_of - action.due).days
            parts.append(f"{days} {'day' if days == 1 else 'days'} late")
        elif action.due is not None:
            parts.append(f"due {short_day(action.due, self._definitions.locale, self._as_of)}")
        if action.slips:
            parts.append("slipped once" if action.slips == 1 else f"slipped {action.slips} times")
        return " · ".join(parts)

    def _verdict_remark(self, verdict: Verdict) -> str:
        due = f"due {short_day(verdict.due, self._definitions.locale, self._as_of)}" if verdict.due else ""
        return " · ".join(part for part in (self._definitions.who(verdict.owner), due) if part)

    def _target_remark(self, revision: TargetRevision) -> str:
        kpi = self._definitions.kpis.get(revision.kpi)
        said = revision_phrase(revision, kpi, self._definitions, self._as_of) if kpi else ""
        approved = f"approved by {self._definitions.who(revision.approved_by)}" if revision.approved_by else ""
        return " · ".join(part for part in (said, approved) if part)

    def _phase_remark(self, change: PhaseChange) -> str:
        locale = self._definitions.locale
        if change.baseline_until is None:
            return f"limits anew from {short_day(change.since, locale, self._as_of)}"
        return f"limits fixed until {short_day(change.baseline_until, locale, self._as_of)}"

    # Writing

    def start(self, review: Review, figures: Mapping[str, Figures]) -> Mapping[str, Figures]:
        """Begin a review with what the room sees; gives that, or what it saw where it had begun before.

        Raises KpituiError where the file cannot be written.
        """
        self._store.start(msgspec.structs.replace(review, started=_now()), figures)
        self.reload()
        file = self.records.of_review(review.id)
        return file.figures if file else {}

    def set_state(self, review: Review, state: ReviewState) -> None:
        """Sign a review off, or open it again. Raises KpituiError where that is not possible any more."""
        self._store.set_state(review, state)
        self.reload()

    def echo(self, kind: str, text: str) -> str:
        """What a quick line will become; ValueError with a sentence where it is not complete."""
        if kind == "cause":
            cause = parse_cause(text)
            if not cause.text:
                raise ValueError("the cause needs a text")
            return f"cause · {cause.cause_class}" if cause.cause_class else "cause"
        if kind != "action":
            return kind
        action = self._quick(text)
        parts = ["action"]
        parts.append(self._definitions.who(action.owner) if action.owner else "no owner yet (@name)")
        parts.append(
            f"{action.due:%a} {short_day(action.due, self._definitions.locale, self._as_of)}"
            if action.due
            else "no date yet"
        )
        return " · ".join(parts)

    def keep_echo(self, text: str) -> str:
        """What a line that keeps an action will become; ValueError with a sentence where it names no day."""
        try:
            due, why = parse_keep(text, self._as_of)
        except KpituiError as error:
            raise ValueError(str(error)) from None
        day = f"{due:%a} {short_day(due, self._definitions.locale, self._as_of)}"
        return f"keep · due {day}" + (f" · {why}" if why else "")

    def keep(self, action_id: str, text: str) -> Saved:
        """Write down that an action stays open, with another date and perhaps why: `fri waiting for legal`."""
        due, why = parse_keep(text, self._as_of)
        action = self.state.action(action_id)
        reopened: ActionStatus | None = "open" if action is not None and action.closed else None
        return self.follow_up(action_id, status=reopened, due=due, text=why)

    def _quick(self, text: str) -> QuickAction:
        try:
            return parse_action(text, self._as_of)
        except KpituiError as error:
            raise ValueError(str(error)) from None

    def review_of(self, kpi: Kpi | None, wanted: str | None = None) -> Review:
        """The review that a record on the KPI goes to; it is made with the first record."""
        return review_for(
            self.records.reviews,
            own=kpi.review if kpi else None,
            held=[cadence.id for cadence in self._definitions.cadences],
            today=self._as_of,
            now=_now(),
            calendar=self._definitions.calendar,
            wanted=wanted,
            begun={review.id for review in self.records.begun},
        )

    def _next_at(self) -> datetime:
        """The present second, or the one after the latest record's: records count in the order of `at`.

        A clock that runs ahead, somebody else's, drags this one along by a minute at the most.
        """
        now = _now()
        furthest = now + timedelta(minutes=1)
        settled = self._settled.newest
        files = self._loose if settled is None or settled < now else self.records.files
        near = (r.at for file in files for r in file.records if now <= r.at < furthest)
        latest = max(near, default=None)
        return now if latest is None else now + (latest.replace(microsecond=0) - now) + timedelta(seconds=1)

    def next_file(self, kpi: Kpi) -> str:
        """The file that the next record on the KPI goes to."""
        return f"reviews/{self.review_of(kpi).id}.toml"

    def add(
        self,
        kind: str,
        kpi: Kpi,
        text: str,
        *,
        period: str,
        comment: str,
        chart: str | None = None,
        review: str | None = None,
        by: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Saved:
        """Write a note, cause, decision, action or phase; on disk when this returns.

        `text` of an action or a cause is the quick line. `values` are further keys of the record, as its kind has them.
        Raises KpituiError where it could not be written.
        """
        if not text.strip():
            raise KpituiError(f"the {kind} needs a text")
        common: dict[str, Any] = {
            "kpi": kpi.id,
            "period": period,
            "by": by or author(self.root),
            "at": self._next_at(),
        }
        common.update(values or {})
        record: Record
        match kind:
            case "note":
                record = Note(**common, text=text)
            case "decision":
                record = Decision(**common, text=text)
            case "cause":
                said = parse_cause(text)
                if not said.text:
                    raise KpituiError("the cause needs a text")
                stated = {"cause_class": said.cause_class, **common}
                record = Cause(**stated, text=said.text, chart=chart)
            case "action":
                try:
                    quick = self._quick(text)
                except ValueError as error:
                    raise KpituiError(str(error)) from None
                stated = {"owner": quick.owner, "due": quick.due, **common}
                record = Action(**stated, title=quick.title)
            case "phase":
                record = PhaseChange(**common, reason=text)
            case _:
                raise KpituiError(f"there is no record of the kind {kind!r}")
        if isinstance(record, Action) and record.cause:
            self._check_cause(record.cause, kpi)
        saved = self._store.add(self.review_of(kpi, review), record, comment)
        self.reload()
        return saved

    def signed(self, by: str | None = None) -> dict[str, Any]:
        """Who and when, as a record made now has them."""
        return {"by": by or author(self.root), "at": self._next_at()}

    def add_all(self, review: Review, records: Sequence[tuple[Record, str]]) -> list[Saved]:
        """Write records, each with the comment above it, in one save. Raises KpituiError where that fails."""
        saved = self._store.add_all(review, records)
        self.reload()
        return saved

    def _check_cause(self, cause_id: str, kpi: Kpi) -> None:
        causes = [cause for said in self.state.causes.values() for cause in said]
        if all(cause.id != cause_id for cause in causes):
            own = ", ".join(cause.id for cause in causes if cause.kpi == kpi.id)
            raise KpituiError(f"there is no cause {cause_id!r}; those of {kpi.name} are: {own or 'none'}")

    def follow_up(
        self,
        action_id: str,
        *,
        status: ActionStatus | None = None,
        due: date | None = None,
        text: str = "",
        review: str | None = None,
        by: str | None = None,
    ) -> Saved:
        """Write down what became of an action."""
        action = self.state.action(action_id)
        if action is None:
            known = ", ".join(state.action.id for state in self.state.actions if not state.closed)
            raise KpituiError(f"there is no action {action_id!r}; open are {known or 'none'}")
        if status == action.status and due in (None, action.due) and not text:
            raise KpituiError(f"{action_id} is {status} already")
        if status is None and due is None and not text:
            raise KpituiError("a follow-up needs a status, a new due date or a text")
        kpi = self._definitions.kpis.get(action.action.kpi)
        target = self.review_of(kpi, review)
        record = Followup(
            kpi=action.action.kpi,
            period=target.period,
            by=by or author(self.root),
            at=self._next_at(),
            action=action_id,
            status=status,
            due=due,
            text=text,
        )
        saved = self._store.add(target, record, f"{action.action.title}")
        self.reload()
        return saved

    def retract(self, record_id: str, comment: str = "", *, text: str = "", by: str | None = None) -> Saved:
        """Take a record back: it stays in its file, and no longer counts.

        The retraction stands in the same file, or in the review that is open where that one is signed off. Raises
        KpituiError where there is no such record, or it was taken back before.
        """
        record, review = self._record(record_id)
        if record_id in self.state.retracted:
            raise KpituiError(f"{record_id} was taken back before")
        if review.state == "signed-off":
            review = self.review_of(self._definitions.kpis.get(record.kpi))
        retraction = Retraction(
            kpi=record.kpi,
            period=record.period,
            by=by or author(self.root),
            at=self._next_at(),
            of=record_id,
            text=text,
        )
        saved = self._store.add(review, retraction, comment)
        self.reload()
        return saved

    def _record(self, record_id: str) -> tuple[Record, Review]:
        file = self.records.holding(record_id)
        if file is None or file.review is None:
            raise KpituiError(f"there is no record {record_id!r}")
        return next(record for record in file.records if record.id == record_id), file.review

    def record(self, record_id: str) -> Record:
        """The record of that id; KpituiError where there is none."""
        return self._record(record_id)[0]

    def fields(self, record_id: str) -> list[Field]:
        """The keys of a record for a form."""
        record, _ = self._record(record_id)
        match record:
            case Action():
                return [
                    Field("title", "what", record.title),
                    Field("owner", "owner", record.owner or "", "a short id, or any text"),
                    Field("due", "due", record.due.isoformat() if record.due else "", "fri, +2w, 2026-12-01"),
                    Field("effect", "effect", record.effect or "", "what it is expected to change"),
                    Field("cause", "cause", record.cause or "", "id of the cause it acts on"),
                ]
            case Cause():
                return [
                    Field("text", "cause", record.text, long=True),
                    Field("class", "class", record.cause_class or "", choices=CAUSE_CLASSES),
                    Field("confidence", "confidence", record.confidence or "", choices=CONFIDENCES),
                    Field("whys", "whys", "\n".join(record.whys), "one per line", long=True),
                    Field("segment", "segment", record.segment or "", "such as region = EMEA"),
                ]
            case Note():
                return [
                    Field("text", "note", record.text, long=True),
                    Field("segment", "segment", record.segment or "", "such as region = EMEA"),
                ]
            case Decision():
                return [Field("text", "decision", record.text, long=True)]
            case Verdict():
                return [
                    Field("is", "verdict", record.verdict, choices=VERDICTS),
                    Field("owner", "owner", record.owner or "", "who goes on with it: a short id, or any text"),
                    Field("due", "due", record.due.isoformat() if record.due else "", "fri, +2w, 2026-12-01"),
                ]
            case TargetRevision():
                return [
                    Field("reason", "reason", record.reason, long=True),
                    Field("approved_by", "approved by", record.approved_by or "", "a short id, or any text"),
                ]
            case PhaseChange():
                return [Field("reason", "reason", record.reason, long=True)]
        raise KpituiError(f"a {record.table} has no form")

    def change(self, record_id: str, values: Mapping[str, str]) -> Saved:
        """Write a record's new values from a form. KpituiError where they cannot be written."""
        record, review = self._record(record_id)
        if review.state == "signed-off":
            raise KpituiError(f"{review.id} is signed off: its records stay as they are; write a new one")
        changed: dict[str, Any] = {}
        for key, text in values.items():
            value = text.strip()
            match key:
                case "due":
                    changed[key] = parse_due(value, self._as_of) if value else None
                case "class":
                    changed["cause_class"] = value or None
                case "is":
                    if value not in VERDICTS:
                        raise KpituiError(f"a verdict is one of {', '.join(VERDICTS)}, not {value!r}")
                    changed["verdict"] = value
                case "whys":
                    changed[key] = tuple(line.strip() for line in text.splitlines() if line.strip())
                case "text" | "title" | "reason":
                    if not value:
                        raise KpituiError(f"the {record.table} needs a {key}")
                    changed[key] = text.rstrip() if key == "text" else value
                case _:
                    changed[key] = value or None
        after = msgspec.structs.replace(record, **changed)
        saved = self._store.change(review, record, after)
        self.reload()
        return saved


def _cause_remark(cause: Cause) -> str:
    said = "usual variation" if cause.chart == "usual variation" else None
    return " · ".join(part for part in (cause.cause_class, cause.confidence, cause.segment, said) if part)


def _now() -> datetime:
    return datetime.now().astimezone().replace(microsecond=0)

"""Writing down what is said of the KPIs: into which review it goes, and what it becomes there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from kpitui.definitions.model import Kpi
from kpitui.problems import KpituiError
from kpitui.records.model import (
    Action,
    ActionStatus,
    Cause,
    Decision,
    Figures,
    Followup,
    Note,
    PhaseChange,
    Record,
    Retraction,
    Review,
    ReviewFile,
    ReviewState,
)
from kpitui.records.placing import cannot_be_read, review_for
from kpitui.records.quick import QuickAction, parse_action, parse_cause, parse_keep
from kpitui.records.store import Saved
from kpitui.workspace.author import author
from kpitui.workspace.entries import Entries, Entry
from kpitui.workspace.forms import Field, fields, with_values
from kpitui.workspace.numbers import short_day


class Journal(Entries):
    """The records of a workspace, to be read and written; what is written changes how things stand at once."""

    def new_entry(self, kind: str, kpi: Kpi) -> Entry:
        """What a form shows of a record that is not there yet."""
        when = short_day(self._as_of, self._definitions.locale, self._as_of)
        return Entry(f"for {kpi.id}", kind, _now(), when, "", "", kpi.name, f"into {self.next_file(kpi)}")

    def start(self, review: Review, figures: Mapping[str, Figures]) -> Mapping[str, Figures]:
        """Begin a review with what the room sees; gives that, or what it saw where it had begun before.

        Raises KpituiError where the file cannot be written.
        """
        self._store.start(msgspec.structs.replace(review, started=_now()), figures)
        self.reload()
        file = self.records.of_review(review.id)
        return file.figures if file else {}

    def set_people(self, review: Review) -> None:
        """Write down who chairs a review, and who else is there. Raises KpituiError where that cannot be."""
        self._store.set_people(review)
        self.reload()

    def set_state(self, review: Review, state: ReviewState, *, by: str | None = None) -> None:
        """Sign a review off, or open it again. Raises KpituiError where that is not possible any more."""
        self._store.set_state(review, state, **self.signed(by))
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

    def kpi_name(self, kpi_id: str) -> str:
        """Its id, where it is not defined any more."""
        kpi = self._definitions.kpis.get(kpi_id)
        return kpi.name if kpi else kpi_id

    def review_of(self, kpi: Kpi | None, wanted: str | None = None) -> Review:
        """The review that a record on the KPI goes to; it is made with the first record.

        That is `wanted`, else the one that is being held, else what `review_for` finds.
        """
        wanted = wanted or self.held
        return review_for(
            self.records.reviews,
            own=kpi.review if kpi else None,
            held=[cadence.id for cadence in self._definitions.cadences],
            today=self._as_of,
            now=_now(),
            calendar=self._definitions.calendar,
            wanted=wanted,
            begun={review.id for review in self.records.begun},
            unreadable=self.records.unreadable,
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
        """The file that the next record on the KPI goes to, or why there is none."""
        try:
            return f"reviews/{self.review_of(kpi).id}.toml"
        except KpituiError as error:
            return f"no file: {error}"

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

    def retract_all(
        self, file: ReviewFile, records: Sequence[tuple[Record, str]], *, by: str | None = None
    ) -> list[Saved]:
        """Take records of a review back that is open, each with the comment above its retraction, in one save."""
        if file.review is None:
            raise KpituiError(f"{file.path} has no [review] that can be read")
        signed = self.signed(by)
        retractions = [
            (Retraction(kpi=record.kpi, period=record.period, of=record.id, **signed), comment)
            for record, comment in records
        ]
        return self.add_all(file.review, retractions)

    def fields(self, record_id: str) -> list[Field]:
        """The keys of a record for a form."""
        return fields(self.record(record_id))

    def with_values(self, record: Record, values: Mapping[str, str]) -> Record:
        """The record with what a form holds; KpituiError where that cannot be."""
        return with_values(record, values, self._as_of)

    def change(self, record_id: str, values: Mapping[str, str], *, base: Record | None = None) -> Saved:
        """Write what a form changed of a record. `base` is what it showed; by default what is on disk.

        What the form did not change stays as it is on disk. Where somebody else changed the same field, both versions
        are kept (`Saved.conflict`). Where they took the record back, it is written as a new one, and where they deleted
        it, again. KpituiError where it cannot be written.
        """
        self.reload()
        base = base or self.record(record_id)
        after = self.with_values(base, values)
        file = self.records.holding(record_id)
        if file is None:
            saved = self._store.add(self.review_of(self._definitions.kpis.get(base.kpi)), after)
        elif file.review is None:
            raise cannot_be_read(file.review_id)
        elif file.review.state == "signed-off":
            raise KpituiError(f"{file.review_id} is signed off: its records stay as they are; write a new one")
        elif record_id in self.state.retracted:
            if after == base:
                raise KpituiError(f"{record_id} was taken back meanwhile, and nothing is changed here")
            anew = msgspec.structs.replace(after, id="", **self.signed())
            saved = self._store.add(file.review, anew, f"in place of {record_id}, which was taken back meanwhile")
        else:
            saved = self._store.change(file.review, base, after)
        self.reload()
        return saved


def _now() -> datetime:
    return datetime.now().astimezone().replace(microsecond=0)

"""Which review sessions there are: those that can be started, those that are open, those to be opened again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from kpitui.definitions.model import Cadence
from kpitui.periods import Period
from kpitui.problems import KpituiError
from kpitui.records.model import Review, VerdictWord
from kpitui.records.store import later_review
from kpitui.review.agenda import agenda, cadence_of, members, reviewed_period
from kpitui.review.queue import proposed
from kpitui.workspace.answers import Row
from kpitui.workspace.opening import Workspace
from kpitui.workspace.session import Session, session
from kpitui.workspace.session_picture import standing
from kpitui.workspace.snapshot import freeze

ChoiceState = Literal["new", "noted", "open", "signed-off", "unreadable"]
"""noted: there are records for it already, and no session was held yet. unreadable: nobody knows, for its file is not
what it should be."""


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


def choices(workspace: Workspace) -> list[Choice]:
    """By cadence, finest first: the review of the last period that has ended, and older ones that are still open."""
    found = []
    for cadence in workspace.definitions.cadences:
        latest = workspace.last_ended(cadence.grain)
        reviews = [file.review for file in workspace.journal.records.files if file.review and file.begun]
        older = (r for r in reviews if r.cadence == cadence.id and r.state == "open" and r.period != latest.id)
        periods = [reviewed_period(review, workspace.definitions.calendar) for review in older]
        periods += _unreadable(workspace, cadence)
        wanted = dict.fromkeys((latest, *filter(None, periods)))
        found += [_choice(workspace, cadence, period) for period in wanted]
    return found


def _unreadable(workspace: Workspace, cadence: Cadence) -> list[Period | None]:
    """What those reviews of the cadence look at whose files cannot be read, by the files' names."""
    named = (review_id.rpartition("-") for review_id in workspace.journal.records.unreadable)
    periods = (
        workspace.definitions.calendar.parse(period) for period, _, its_cadence in named if its_cadence == cadence.id
    )
    return [period for period in periods if period is not None and period.grain is cadence.grain]


def _choice(workspace: Workspace, cadence: Cadence, period: Period) -> Choice:
    review_id = f"{period.id}-{cadence.id}"
    file = workspace.journal.records.of_review(review_id)
    review = file.review if file else None
    state: ChoiceState = "new"
    if file and review is None:
        state = "unreadable"
    elif file and review:
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


def open_sessions(workspace: Workspace, cadence_id: str | None = None) -> list[Session]:
    """The reviews that were begun and are not signed off, the one that was begun last first."""
    files = [
        (file.review.started, file.review.id)
        for file in workspace.journal.records.files
        if file.review and file.begun and file.review.state == "open" and cadence_id in (None, file.review.cadence)
        if reviewed_period(file.review, workspace.definitions.calendar)
    ]
    return [session(workspace, review_id) for _, review_id in sorted(files, reverse=True)]


def reopen(workspace: Workspace, review_id: str, *, by: str | None = None) -> Session:
    """Open a signed-off review again; KpituiError where the next of its cadence has started."""
    found = session(workspace, review_id)
    if found.review.state == "open":
        raise KpituiError(f"{review_id} is open already")
    workspace.journal.set_state(found.review, "open", by=by)
    workspace.records_changed()
    return session(workspace, review_id)


def proposed_for(workspace: Workspace, held: Session | None, row: Row) -> VerdictWord:
    """The verdict that is proposed for a KPI: by the session that is held, where it looks at it."""
    if held is not None:
        item = next((item for item in (*held.queue, *held.sweep) if item.kpi.id == row.kpi.id), None)
        if item is not None:
            return item.verdict.verdict if item.verdict else item.proposed
    return proposed(standing(row))

"""What a session's picture is made of: how its KPIs stood in the review before, and which figures were restated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kpitui.definitions.model import Kpi
from kpitui.records.model import Review, ReviewFile
from kpitui.review.agenda import reviewed_period
from kpitui.review.picture import Picture, Redefinition, Restatement, Supply, freshness, picture
from kpitui.review.queue import Standing
from kpitui.review.since import Change, Seen, change, seen
from kpitui.workspace.answers import Row
from kpitui.workspace.opening import Workspace
from kpitui.workspace.restated import SeenFigures, own_period, redefined, restated

if TYPE_CHECKING:
    from kpitui.workspace.session import Session


def standing(row: Row) -> Standing:
    """How a row of the scorecard stands in a review."""
    return Standing(row.kpi, row.group, row.point.status, row.point.gap, row.point.variation)


def session_picture(workspace: Workspace, held: Session) -> Picture:
    """The first step of a session, against the review of its cadence before."""
    return picture(
        map(standing, held.rows.values()),
        since=_since(workspace, held),
        changes=_changes(workspace, held),
        supplies=map(_supply, held.rows.values()),
        restated=_restated(workspace, held),
        redefined=_redefined(held),
    )


def _since(workspace: Workspace, held: Session) -> str:
    if held.previous and held.previous.figures:
        return held.previous.review_id
    return workspace.definitions.calendar.shift(held.period, -1).id


def _changes(workspace: Workspace, held: Session) -> Iterator[Change]:
    for row in held.rows.values():
        before = _before(workspace, held, row.kpi)
        if before and (changed := change(row.kpi, before, Seen(row.point.status, row.point.signal))):
            yield changed


def _before(workspace: Workspace, held: Session, kpi: Kpi) -> Seen | None:
    """How the KPI stood in the last review, else in the period before."""
    if held.previous and held.previous.figures:
        frozen = held.previous.figures.get(kpi.id)
        return seen(frozen) if frozen else None
    before = workspace.definitions.calendar.shift(held.period, -1)
    point = workspace.figures.point(kpi, workspace.own_period(kpi, before))
    return Seen(point.status, point.signal)


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


def _restated(workspace: Workspace, held: Session) -> Iterator[Restatement]:
    """Figures of this review and of the last one that are not what the room saw."""
    for file in (held.file, held.previous):
        if file and file.review:
            yield from _restatements(workspace, file, file.review, held.kpis)


def _restatements(workspace: Workspace, file: ReviewFile, review: Review, kpis: Iterable[Kpi]) -> list[Restatement]:
    """The KPIs whose figure of the reviewed period is not what the room saw; none where it was not over then."""
    calendar = workspace.definitions.calendar
    period, day = reviewed_period(review, calendar), review.started.date()
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


def _redefined(held: Session) -> Iterator[Redefinition]:
    """KPIs that meant something else when this review began, or else in the last one."""
    told = set()
    for file in filter(None, (held.file, held.previous)):
        for kpi in held.kpis:
            figures = file.figures.get(kpi.id)
            if figures and kpi.id not in told and redefined(SeenFigures(file.review_id, figures), kpi):
                told.add(kpi.id)
                yield Redefinition(kpi, file.review_id)

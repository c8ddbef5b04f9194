"""The first step of a review: how many KPIs stand where, what changed, and which figures can be relied on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from kpitui.definitions.model import Kpi
from kpitui.periods import Period
from kpitui.review.queue import Standing
from kpitui.review.since import Change
from kpitui.terms import Group, Status

Freshness = Literal["fresh", "incomplete", "stale", "missing"]
"""Of a period's figure: whole; with values lacking; not there although later ones were due; not there at all."""


class Supply(NamedTuple):
    """What there is of a KPI's figure for the period."""

    kpi: Kpi
    freshness: Freshness
    since: date | None = None
    """stale: the last day with a value."""


class Restatement(NamedTuple):
    """A figure that is not what a review saw."""

    kpi: Kpi
    period: Period
    review: str
    then: float
    now: float | None


class Redefinition(NamedTuple):
    """A KPI that means something else than when a review saw it."""

    kpi: Kpi
    review: str


class Picture(NamedTuple):
    """Everything of the first step."""

    statuses: Mapping[Status, int]
    groups: Mapping[Group, int]
    signals: int
    """KPIs whose chart marks the period."""
    since: str
    """What `changes` are against: the last review's id, or the period before where it left no figures."""
    changes: tuple[Change, ...]
    supplies: tuple[Supply, ...]
    restated: tuple[Restatement, ...]
    redefined: tuple[Redefinition, ...]

    def with_freshness(self, freshness: Freshness) -> tuple[Supply, ...]:
        return tuple(supply for supply in self.supplies if supply.freshness == freshness)


def freshness(
    *, value: float | None, usable: bool, complete: bool, stale_since: date | None, spoiled: bool
) -> Freshness:
    """What is said of a figure; stale goes before missing, for it says what to do."""
    if spoiled:
        return "missing"
    if stale_since is not None:
        return "stale"
    if value is None:
        return "missing"
    return "fresh" if usable and complete else "incomplete"


def picture(
    standings: Iterable[Standing],
    *,
    since: str,
    changes: Iterable[Change],
    supplies: Iterable[Supply],
    restated: Iterable[Restatement],
    redefined: Iterable[Redefinition],
) -> Picture:
    """The counts of all standings, beside what was found out about them."""
    statuses: dict[Status, int] = {}
    groups: dict[Group, int] = {}
    signals = 0
    for standing in standings:
        statuses[standing.status] = statuses.get(standing.status, 0) + 1
        groups[standing.group] = groups.get(standing.group, 0) + 1
        signals += standing.variation not in (None, "common_cause")
    return Picture(statuses, groups, signals, since, tuple(changes), tuple(supplies), tuple(restated), tuple(redefined))

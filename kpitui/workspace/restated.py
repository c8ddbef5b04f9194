"""Figures that are not what a review saw: the room decided on a number that has changed under it."""

from __future__ import annotations

from datetime import date
from math import isclose
from typing import NamedTuple

from kpitui.definitions.model import Kpi
from kpitui.periods import Calendar, Grain, Period
from kpitui.records.model import Figures, Records
from kpitui.terms import FREQUENCY_GRAIN
from kpitui.workspace.answers import Point, Restated

_SAME = 1e-9
"""Relative: what a sum in another order may differ by."""


class SeenFigures(NamedTuple):
    """What a review saw of a KPI."""

    review: str
    figures: Figures


class Reviewed:
    """The `[figures]` of all reviews, the newest review first."""

    def __init__(self, records: Records, calendar: Calendar) -> None:
        self._calendar = calendar
        self._reviews = sorted(
            (
                (file.review.started, file.review.id, period, file.figures)
                for file in records.files
                if file.review is not None and file.figures
                if (period := calendar.parse(file.review.period)) is not None
            ),
            key=lambda review: review[:2],
            reverse=True,
        )

    def newest(self, kpi: Kpi, period: Period) -> SeenFigures | None:
        """What the newest review saw that looked at the KPI's period once that was over.

        Of a KPI that is coarser than its review, the room saw the KPI's own latest period.
        """
        for started, review_id, reviewed, figures in self._reviews:
            day = started.date()
            if kpi.id not in figures or day < period.end:
                continue
            if own_period(self._calendar, kpi, reviewed, day) == period:
                return SeenFigures(review_id, figures[kpi.id])
        return None


def finest_grain(kpi: Kpi) -> Grain:
    """The finest grain at which the KPI has figures worth judging."""
    return max(kpi.grain, FREQUENCY_GRAIN[kpi.frequency])


def own_period(calendar: Calendar, kpi: Kpi, period: Period, as_of: date) -> Period:
    """The period itself, or the KPI's own latest one by then where it has no figures so fine."""
    finest = finest_grain(kpi)
    return period if finest <= period.grain else calendar.last_ended(finest, min(period.end, as_of))


def restated(seen: SeenFigures, point: Point) -> Restated | None:
    """The figure that the review saw, where the data now give another one, or none any more.

    A figure that came after the review is late, not restated; one that is cut short by the as-of date is neither.
    """
    then = seen.figures.actual
    if then is None or point.partial:
        return None
    if point.value is not None and isclose(then, point.value, rel_tol=_SAME):
        return None
    return Restated(then, seen.review)


def redefined(seen: SeenFigures, kpi: Kpi) -> str | None:
    """The review, where the KPI's definition is not the one of then."""
    then = seen.figures.fingerprint
    return seen.review if then and kpi.fingerprint and then != kpi.fingerprint else None

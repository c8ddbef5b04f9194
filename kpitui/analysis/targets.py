"""Which target holds for a period, scaled to it.

A target of an additive KPI (a sum or a count over time) is an amount per period and is spread: a year's over its
quarters and months in equal parts, a month's over its days, and shorter ones upward by adding. Any other KPI's
target is a level: the one in force when the period ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from math import fsum
from typing import NamedTuple

from kpitui.periods import Calendar, Grain, Period
from kpitui.terms import Target

_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


class Goal(NamedTuple):
    """What a period's figure is held against: a value, or a range."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


def in_force(targets: Sequence[Target], day: date) -> Target | None:
    """The target that holds on the day: of those that cover it, the last one of the sequence.

    The caller orders them by precedence: definitions by `since`, then records by the time they were made.
    """
    for target in reversed(targets):
        if target.since <= day and (target.until is None or day <= target.until):
            return target
    return None


def goal(targets: Sequence[Target], period: Period, calendar: Calendar, *, additive: bool) -> Goal | None:
    """The goal for the period, or None where no target holds (for an additive KPI: on every day of it)."""
    if not targets:
        return None
    if not additive:
        target = in_force(targets, period.end)
        return target and _level(target, period.end)
    held = _held(targets, period)
    if held is None:
        return None
    value, low, high = (_amount(held, period, calendar, part) for part in (_value_at, _low_at, _high_at))
    if value is None and low is None and high is None:
        return None
    return Goal(value, low, high)


def year_goal(targets: Sequence[Target], period: Period, calendar: Calendar, *, additive: bool) -> Goal | None:
    """The goal for the year that holds the period's end: the year's sum where it is given per year, else the value
    in force at the year's end, as it was written."""
    year = calendar.period(Grain.YEAR, period.end)
    target = in_force(targets, year.end)
    if additive and target is not None and target.per is Grain.YEAR:
        return goal(targets, year, calendar, additive=True)
    return target and _level(target, year.end)


_Part = Callable[[Target, date], float | None]


def _value_at(target: Target, day: date) -> float | None:
    if target.value is None or target.path != "linear" or target.start is None or target.until is None:
        return target.value
    length = (target.until - target.since).days
    if length <= 0 or day >= target.until:
        return target.value
    return target.start + (target.value - target.start) * (day - target.since).days / length


def _low_at(target: Target, _day: date) -> float | None:
    return target.low


def _high_at(target: Target, _day: date) -> float | None:
    return target.high


def _level(target: Target, day: date) -> Goal:
    return Goal(_value_at(target, day), target.low, target.high)


class _Held(NamedTuple):
    """A target that is in force from the first day to the last."""

    target: Target
    first: date
    last: date


def _held(targets: Sequence[Target], period: Period) -> list[_Held] | None:
    """The targets that hold in the period, one after the other.

    None where a day has no target: an amount for a part of the period would be held against the whole of it.
    """
    held: list[_Held] = []
    day = period.start
    while day <= period.end:
        target = in_force(targets, day)
        if target is None:
            return None
        until = _holds_until(targets, target, day, period.end)
        held.append(_Held(target, day, until))
        day = until + timedelta(days=1)
    return held


def _amount(held: Sequence[_Held], period: Period, calendar: Calendar, part: _Part) -> float | None:
    """The period's amount: the days of each month that one target holds, times its daily amount."""
    amounts: list[float] = []
    for month in _months(calendar, period.start, period.end):
        for target, first, last in held:
            if first > month.end or last < month.start:
                continue
            first, last = max(first, month.start), min(last, month.end)
            amount = _stretch(target, period, month, first, last, calendar, part)
            if amount is None:
                return None
            amounts.append(amount)
    return fsum(amounts)


@lru_cache(maxsize=1024)
def _months(calendar: Calendar, first: date, last: date) -> tuple[Period, ...]:
    """The months that the days lie in; kept, for all KPIs ask for the same."""
    return tuple(calendar.between(Grain.MONTH, first, last))


def _holds_until(targets: Sequence[Target], target: Target, day: date, last: date) -> date:
    """The last day up to `last` on which the same target is in force."""
    edges = [other.since - timedelta(days=1) for other in targets if day < other.since <= last]
    edges += [other.until for other in targets if other.until is not None and day <= other.until < last]
    for edge in sorted(edges):
        if in_force(targets, edge + timedelta(days=1)) is not target:
            return edge
    return last


def _stretch(
    target: Target, period: Period, month: Period, first: date, last: date, calendar: Calendar, part: _Part
) -> float | None:
    """The amount for the days from `first` to `last` of one month, all under one target."""
    if target.path == "seasonal" and period.grain is not Grain.YEAR:
        return None  # its shares come from earlier years, which are not looked at yet: no target beats a wrong one
    days = (last - first).days + 1
    if target.per in _MONTHS:
        # A path is taken at the end of the period shown, piece by piece where the target is for shorter ones.
        own = calendar.period(target.per, first)
        at = part(target, min(period.end, own.end) if period.grain >= Grain.MONTH else period.end)
        return None if at is None else at / _MONTHS[target.per] * days / month.days
    if period.grain <= Grain.WEEK or target.path != "linear":
        at = part(target, period.end)
        return None if at is None else at * days / (7 if target.per is Grain.WEEK else 1)
    # A weekly or daily path under a longer period: each of its weeks (days) at its own end.
    shares = []
    for piece in calendar.between(target.per, first, last):
        at = part(target, piece.end)
        if at is None:
            return None
        overlap = (min(piece.end, last) - max(piece.start, first)).days + 1
        shares.append(at * overlap / piece.days)
    return fsum(shares)

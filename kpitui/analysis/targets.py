"""Which target holds for a period, scaled to it.

A target of an additive KPI (a sum or a count over time) is an amount per period and is spread: a year's over its
quarters and months in equal parts, a month's over its days, and shorter ones upward by adding. The days are those for
which the KPI's source has values: of `weekdays` Monday to Friday, and of a weekly one whole weeks, each in the month
that holds its fourth day. Any other KPI's target is a level: the one in force when the period ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from math import fsum
from typing import NamedTuple

from kpitui.periods import Calendar, Grain, Period
from kpitui.terms import Frequency, Target

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


Share = Callable[[Period], float | None]
"""Of a month: which share of its year's amount usually falls to it."""


def goal(
    targets: Sequence[Target],
    period: Period,
    calendar: Calendar,
    *,
    additive: bool,
    frequency: Frequency = "daily",
    share: Share | None = None,
) -> Goal | None:
    """The goal for the period, or None where no target holds (for an additive KPI: on every day of it), or no value
    is due in it.

    Without `share`, or where it does not know, a seasonal target is known for its whole year only.
    """
    if not targets:
        return None
    if not additive:
        target = in_force(targets, period.end)
        return target and _level(target, period.end)
    rhythm = Rhythm(frequency, (calendar.week_start + 3) % 7)
    held = _held(targets, period)
    if held is None or not rhythm.days(period.start, period.end):
        return None
    scale = _Scale(period, calendar, rhythm, share)
    value, low, high = (_amount(held, scale, part) for part in (_value_at, _low_at, _high_at))
    if value is None and low is None and high is None:
        return None
    return Goal(value, low, high)


def year_goal(
    targets: Sequence[Target], period: Period, calendar: Calendar, *, additive: bool, frequency: Frequency = "daily"
) -> Goal | None:
    """The goal for the year that holds the period's end: the year's sum where it is given per year, else the value
    in force at the year's end, as it was written."""
    year = calendar.period(Grain.YEAR, period.end)
    target = in_force(targets, year.end)
    if additive and target is not None and target.per is Grain.YEAR:
        return goal(targets, year, calendar, additive=True, frequency=frequency)
    return target and _level(target, year.end)


class Rhythm(NamedTuple):
    """For which days a source has values."""

    frequency: Frequency
    fourth: int
    """Weekday of a week's fourth day; 0 is Monday."""

    def days(self, first: date, last: date) -> int:
        """How many of the days from `first` to `last`; a week counts as seven where its fourth day is."""
        if self.frequency == "weekdays":
            return sum(_count(weekday, first, last) for weekday in range(5))
        if self.frequency == "weekly":
            return 7 * _count(self.fourth, first, last)
        return (last - first).days + 1

    @property
    def of_week(self) -> int:
        return 5 if self.frequency == "weekdays" else 7


def _count(weekday: int, first: date, last: date) -> int:
    """How often the weekday (0 is Monday) comes from the first day to the last."""
    # 1 January of the year 1, day 1, was a Monday.
    return (last.toordinal() - weekday - 1) // 7 - (first.toordinal() - weekday - 2) // 7


class _Scale(NamedTuple):
    """What amounts are worked out for."""

    period: Period
    calendar: Calendar
    rhythm: Rhythm
    share: Share | None


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


def _amount(held: Sequence[_Held], scale: _Scale, part: _Part) -> float | None:
    """The period's amount: the days of each month that one target holds, times its daily amount."""
    amounts: list[float] = []
    for month in _months(scale.calendar, scale.period.start, scale.period.end):
        for target, first, last in held:
            if first > month.end or last < month.start:
                continue
            first, last = max(first, month.start), min(last, month.end)
            amount = _stretch(target, scale, month, first, last, part)
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


def _stretch(target: Target, scale: _Scale, month: Period, first: date, last: date, part: _Part) -> float | None:
    """The amount for the days from `first` to `last` of one month, all under one target."""
    period, calendar, rhythm, share = scale
    days, of_month = rhythm.days(first, last), rhythm.days(month.start, month.end)
    if target.path == "seasonal" and period.grain is not Grain.YEAR:
        at, usual = part(target, period.end), share(month) if share else None
        # Without earlier years there are no shares: no target beats a wrong one.
        return None if at is None or usual is None else at * usual * days / of_month
    if target.per in _MONTHS:
        # A path is taken at the end of the period shown, piece by piece where the target is for shorter ones.
        own = calendar.period(target.per, first)
        at = part(target, min(period.end, own.end) if period.grain >= Grain.MONTH else period.end)
        return None if at is None else at / _MONTHS[target.per] * days / of_month
    if period.grain <= Grain.WEEK or target.path != "linear":
        at = part(target, period.end)
        return None if at is None else at * days / (rhythm.of_week if target.per is Grain.WEEK else 1)
    # A weekly or daily path under a longer period: each of its weeks (days) at its own end.
    shares = []
    for piece in calendar.between(target.per, first, last):
        at = part(target, piece.end)
        if at is None:
            return None
        whole = rhythm.days(piece.start, piece.end)
        if whole:
            shares.append(at * rhythm.days(max(piece.start, first), min(piece.end, last)) / whole)
    return fsum(shares)

"""How much of a period was measured: which values were due, and which have come."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from kpitui.periods import Calendar, Grain, Period
from kpitui.terms import FREQUENCY_GRAIN, Frequency


class Span(NamedTuple):
    """A period, seen on a day: what had ended by then is in it."""

    period: Period
    until: date

    @property
    def partial(self) -> bool:
        return self.period.end > self.until


@lru_cache(maxsize=4096)
def last_anchor(calendar: Calendar, frequency: Frequency, until: date) -> int:
    """Ordinal of the anchor day of the last unit of the frequency that has ended by the day."""
    grain = FREQUENCY_GRAIN[frequency]
    if grain is Grain.DAY:
        return until.toordinal()
    return calendar.anchor(calendar.last_ended(grain, until)).toordinal()


def units(calendar: Calendar, frequency: Frequency, first: int, last: int) -> int:
    """How many units of the frequency have their anchor from ordinal `first` to ordinal `last`."""
    if last < first:
        return 0
    match frequency:
        case "daily" | "event":
            return last - first + 1
        case "weekdays":
            whole, rest = divmod(last - first + 1, 7)
            weekday = (first + 6) % 7  # ordinal 1, 1 January of the year 1, was a Monday
            return whole * 5 + sum((weekday + day) % 7 < 5 for day in range(rest))
        case "weekly":
            anchor = (calendar.week_start + 3) % 7
            earliest = first + (anchor - (first + 6) % 7) % 7
            return (last - earliest) // 7 + 1 if earliest <= last else 0
    grain = FREQUENCY_GRAIN[frequency]
    periods = calendar.between(grain, date.fromordinal(first), date.fromordinal(last))
    return sum(first <= period.start.toordinal() <= last for period in periods)


class Due(NamedTuple):
    """Which values a span may hold."""

    first: int
    last: int
    """Ordinals of the anchors that count, both included: what had ended by the day."""
    owed: int
    """Ordinal of the last anchor whose value was due by the as-of date."""
    whole: int
    """How many units the whole period has."""


def due(calendar: Calendar, frequency: Frequency, due_after: int, span: Span, as_of: date) -> Due | None:
    """Which values the span may hold, or None where the period is finer than the frequency.

    A value of a period that is not over is owed once its own day, week or month has ended by the as-of date less
    `due_after`; a whole period owes all of its values.
    """
    period, until = span
    if period.grain < FREQUENCY_GRAIN[frequency]:
        return None
    first, end = period.start.toordinal(), period.end.toordinal()
    if not span.partial:
        # A month may be over while the week that ends it is not.
        ended = min(end, last_anchor(calendar, frequency, as_of))
        return Due(first, ended, end, units(calendar, frequency, first, end))
    last = min(end, last_anchor(calendar, frequency, until))
    owed = min(last, last_anchor(calendar, frequency, as_of - timedelta(days=due_after)))
    return Due(first, last, owed, units(calendar, frequency, first, end))

"""Days, weeks, months, quarters and years, as a workspace's calendar cuts them.

A week begins on the workspace's `week_start` and is named by the ISO year and week of its fourth day; it belongs
to the month, quarter and year that hold that day. Quarters and years follow `fiscal_year_start`; where that is not
January they are written `FY2026-Q1`, `FY2026`, after the year in which they end.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ONE_DAY = timedelta(days=1)


class Grain(IntEnum):
    """The length of a period, finest first."""

    DAY = 0
    WEEK = 1
    MONTH = 2
    QUARTER = 3
    YEAR = 4

    @property
    def word(self) -> str:
        """The grain as people and definitions write it: `week`."""
        return self.name.lower()


GRAINS = {grain.word: grain for grain in Grain}
_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
A_YEAR = {Grain.DAY: 364, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4, Grain.YEAR: 1}
"""How many periods back the one lies that a period is compared with: the same weekday, week, month, quarter."""


class Period(NamedTuple):
    """A stretch of whole days that a calendar names."""

    start: date
    end: date
    """The last day, included."""
    grain: Grain
    id: str

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end


def year_earlier(day: date, years: int = 1) -> date:
    """The same calendar date a year before; 29 February becomes 28 February."""
    year = day.year - years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def add_months(day: date, months: int) -> date:
    """The first of the month so many months from the one that holds `day`."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_MONTH_ID = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_WEEK_ID = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)
_QUARTER_ID = re.compile(r"(FY)?(\d{4})-Q([1-4])", re.ASCII)
_YEAR_ID = re.compile(r"(FY)?(\d{4})", re.ASCII)


class Calendar(NamedTuple):
    """How a workspace cuts time."""

    fiscal_year_start: int = 1
    """Month in which the year begins, 1 to 12."""
    week_start: int = 0
    """0 is Monday, 6 is Sunday."""

    def period(self, grain: Grain, day: date) -> Period:
        """The period of that grain that holds the day."""
        return _nth(self, grain, self.number(grain, day))

    def number(self, grain: Grain, day: date) -> int:
        """Which of its grain the period is that holds the day: neighbours differ by one, and `nth` leads back."""
        if grain is Grain.DAY:
            return day.toordinal()
        if grain is Grain.WEEK:
            return (day.toordinal() - 1 - self.week_start) // 7  # ordinal 1, 1 January of the year 1, was a Monday
        return (day.year * 12 + day.month - self.fiscal_year_start) // _MONTHS[grain]

    def nth(self, grain: Grain, number: int) -> Period:
        """The period of that number; raises ValueError or OverflowError outside of the years 1 to 9999."""
        return _nth(self, grain, number)

    def anchor(self, period: Period) -> date:
        """The day that says to which longer period this one belongs: a week's fourth, else the first."""
        return period.start + timedelta(days=3) if period.grain is Grain.WEEK else period.start

    def shift(self, period: Period, by: int) -> Period:
        """The period so many steps later (earlier where `by` is negative), of the same grain."""
        return _nth(self, period.grain, self.number(period.grain, period.start) + by) if by else period

    def year_before(self, period: Period) -> Period:
        """What `period` is compared with a year back: days and weeks 364 days before, the others the same one."""
        return self.shift(period, -A_YEAR[period.grain])

    def between(self, grain: Grain, first: date, last: date) -> Iterator[Period]:
        """The periods from the one that holds `first` to the one that holds `last`, oldest first."""
        for number in range(self.number(grain, first), self.number(grain, last) + 1):
            yield _nth(self, grain, number)

    def last_ended(self, grain: Grain, as_of: date) -> Period:
        """The latest period that has ended by the as-of date (that day included)."""
        period = self.period(grain, as_of)
        return period if period.end <= as_of else self.shift(period, -1)

    def parse(self, text: str) -> Period | None:
        """The period that an id names, or None where it is not the id of one.

        `2026-10-31`, `2026-W44`, `2026-10`, `2026-Q4`, `2026`, `FY2026-Q1`, `FY2026`. Without FY a quarter or a
        year is of the civil calendar, and so no period of a workspace whose year begins in another month, unless
        the two cover the same days.
        """
        try:
            return self._parse(text)
        except (ValueError, OverflowError):
            return None

    def _parse(self, text: str) -> Period | None:
        if match := _ISO_DAY.fullmatch(text):
            return self.period(Grain.DAY, date(int(match[1]), int(match[2]), int(match[3])))
        if match := _MONTH_ID.fullmatch(text):
            return self.period(Grain.MONTH, date(int(match[1]), int(match[2]), 1))
        if match := _WEEK_ID.fullmatch(text):
            # The fourth day of a week lies in the ISO week of its name, wherever the week begins.
            thursday = date.fromisocalendar(int(match[1]), int(match[2]), 4)
            for offset in range(-3, 4):
                week = self.period(Grain.WEEK, thursday + timedelta(days=offset))
                if week.id == text:
                    return week
            return None
        if match := _QUARTER_ID.fullmatch(text):
            return self._quarter_or_year(Grain.QUARTER, match[1] is not None, int(match[2]), int(match[3]))
        if match := _YEAR_ID.fullmatch(text):
            return self._quarter_or_year(Grain.YEAR, match[1] is not None, int(match[2]), 1)
        return None

    def _quarter_or_year(self, grain: Grain, fiscal: bool, year: int, quarter: int) -> Period | None:
        first_month = self.fiscal_year_start if fiscal else 1
        first_year = year - 1 if fiscal and self.fiscal_year_start != 1 else year
        start = add_months(date(first_year, first_month, 1), (quarter - 1) * 3)
        period = self.period(grain, start)
        return period if period.start == start else None


@lru_cache(maxsize=32768)
def _nth(calendar: Calendar, grain: Grain, number: int) -> Period:
    """Kept, for a thousand KPIs ask for the same few dozen months."""
    if grain is Grain.DAY:
        day = date.fromordinal(number)
        return Period(day, day, grain, day.isoformat())
    if grain is Grain.WEEK:
        start = date.min + timedelta(days=number * 7 + calendar.week_start)
        iso = (start + timedelta(days=3)).isocalendar()
        return Period(start, start + timedelta(days=6), grain, f"{iso.year}-W{iso.week:02d}")
    months = _MONTHS[grain]
    first = number * months + calendar.fiscal_year_start - 1
    start = date(first // 12, first % 12 + 1, 1)
    end = add_months(start, months) - _ONE_DAY
    return Period(start, end, grain, _id(calendar, grain, start, end))


def _id(calendar: Calendar, grain: Grain, start: date, end: date) -> str:
    if grain is Grain.MONTH:
        return f"{start.year}-{start.month:02d}"
    fiscal = calendar.fiscal_year_start != 1
    # The year is named by the one in which it ends.
    year_end = end if grain is Grain.YEAR else calendar.period(Grain.YEAR, start).end
    name = f"{'FY' if fiscal else ''}{year_end.year}"
    if grain is Grain.YEAR:
        return name
    return f"{name}-Q{(start.month - calendar.fiscal_year_start) % 12 // 3 + 1}"

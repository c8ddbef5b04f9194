"""Every calendar there can be, walked day by day: periods tile time, nest, and have names of their own."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from kpitui.periods import Calendar, Grain, Period, year_earlier

FIRST, LAST = date(2018, 12, 1), date(2033, 3, 31)
"""Three leap years; ISO years of 53 weeks: 2020, 2026, 2032."""
LONG = {2020, 2026, 2032}
CALENDARS = [Calendar(month, day) for month in range(1, 13) for day in range(7)]

every_calendar = pytest.mark.parametrize("calendar", CALENDARS, ids=lambda c: f"{c.fiscal_year_start}-{c.week_start}")


def walked(calendar: Calendar, grain: Grain) -> list[Period]:
    return list(calendar.between(grain, FIRST, LAST))


@every_calendar
def test_each_day_is_in_one_period_of_each_grain(calendar: Calendar) -> None:
    for grain in Grain:
        periods = walked(calendar, grain)
        assert all(before.end + timedelta(days=1) == after.start for before, after in pairwise(periods))
        assert len({period.id for period in periods}) == len(periods)
        for period in periods:
            assert calendar.parse(period.id) == period
            assert calendar.period(grain, period.start) == calendar.period(grain, period.end) == period
            assert calendar.last_ended(grain, period.end) == period
            assert calendar.last_ended(grain, period.end - timedelta(days=1)) == calendar.shift(period, -1)


@every_calendar
def test_months_tile_quarters_and_quarters_tile_years(calendar: Calendar) -> None:
    for long, short, count in ((Grain.YEAR, Grain.QUARTER, 4), (Grain.QUARTER, Grain.MONTH, 3)):
        for period in walked(calendar, long):
            parts = list(calendar.between(short, period.start, period.end))
            assert len(parts) == count
            assert (parts[0].start, parts[-1].end) == (period.start, period.end)


@every_calendar
def test_years_begin_in_the_month_of_the_fiscal_year_and_are_named_by_their_end(calendar: Calendar) -> None:
    for year in walked(calendar, Grain.YEAR):
        assert (year.start.month, year.start.day) == (calendar.fiscal_year_start, 1)
        assert year.id == ("" if calendar.fiscal_year_start == 1 else "FY") + str(year.end.year)
        quarters = calendar.between(Grain.QUARTER, year.start, year.end)
        assert [quarter.id for quarter in quarters] == [f"{year.id}-Q{number}" for number in range(1, 5)]


@every_calendar
def test_weeks_belong_to_one_month_and_years_have_52_or_53_of_them(calendar: Calendar) -> None:
    weeks = walked(calendar, Grain.WEEK)
    assert all(week.days == 7 and week.start.weekday() == calendar.week_start for week in weeks)
    by_year: dict[str, list[str]] = {}
    for week in weeks:
        assert calendar.anchor(week) in week
        by_year.setdefault(week.id[:4], []).append(week.id[6:])
    for year in range(2019, 2033):
        # The fourth day runs through all days of an ISO week, one per week: as many as the ISO year has weeks.
        assert by_year[str(year)] == [f"{week:02d}" for week in range(1, 53 + (year in LONG))]
    for year in walked(calendar, Grain.YEAR)[1:-1]:
        anchors = [calendar.anchor(week) for week in weeks if calendar.anchor(week) in year]
        assert len(anchors) in (52, 53)


@every_calendar
def test_what_a_period_is_compared_with_lies_a_year_back(calendar: Calendar) -> None:
    for grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        for period in walked(calendar, grain):
            before = calendar.year_before(period)
            assert (before.start.year, before.start.month) == (period.start.year - 1, period.start.month)
            assert before.end == year_earlier(period.end) or (before.end.month, before.end.day) == (2, 29)
    for grain in (Grain.DAY, Grain.WEEK):
        for period in walked(calendar, grain):
            before = calendar.year_before(period)
            assert (period.start - before.start, before.days) == (timedelta(days=364), period.days)


@every_calendar
def test_weeks_names_in_data_are_read_back_where_the_week_is(calendar: Calendar) -> None:
    for year in (*LONG, 2019, 2025):
        for number in range(1, 54):
            text = f"{year}-W{number:02d}"
            week = calendar.parse(text)
            if number == 53 and year not in LONG:
                assert week is None
            else:
                assert week
                assert week.id == text
                assert calendar.anchor(week).isocalendar()[:2] == (year, number)

"""How calendars cut time: ids, fiscal years, weeks, and what a period is compared with."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpitui.periods import Calendar, Grain, Period, add_months, year_earlier

CIVIL = Calendar()
APRIL = Calendar(fiscal_year_start=4)
MONDAY, SATURDAY, SUNDAY = 0, 5, 6

calendars = st.builds(Calendar, st.integers(1, 12), st.integers(0, 6))
days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
grains = st.sampled_from(list(Grain))


def id_of(calendar: Calendar, grain: Grain, day: date) -> str:
    return calendar.period(grain, day).id


def span(period: Period | None) -> tuple[str, str] | None:
    return period and (period.start.isoformat(), period.end.isoformat())


# Ids


def test_a_civil_day_lies_in_five_periods() -> None:
    day = date(2026, 11, 4)
    assert [id_of(CIVIL, grain, day) for grain in Grain] == ["2026-11-04", "2026-W45", "2026-11", "2026-Q4", "2026"]


@pytest.mark.parametrize(
    ("start_month", "day", "quarter", "year"),
    [
        (4, date(2026, 4, 1), "FY2027-Q1", "FY2027"),
        (4, date(2026, 3, 31), "FY2026-Q4", "FY2026"),
        (7, date(2026, 6, 30), "FY2026-Q4", "FY2026"),
        (7, date(2026, 7, 1), "FY2027-Q1", "FY2027"),
        (10, date(2026, 12, 31), "FY2027-Q1", "FY2027"),
        (2, date(2026, 1, 31), "FY2026-Q4", "FY2026"),
        (12, date(2026, 12, 1), "FY2027-Q1", "FY2027"),
        (1, date(2026, 1, 1), "2026-Q1", "2026"),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends(
    start_month: int, day: date, quarter: str, year: str
) -> None:
    calendar = Calendar(fiscal_year_start=start_month)
    assert id_of(calendar, Grain.QUARTER, day) == quarter
    assert id_of(calendar, Grain.YEAR, day) == year


def test_fiscal_quarters_begin_with_the_fiscal_year() -> None:
    assert span(APRIL.parse("FY2027-Q1")) == ("2026-04-01", "2026-06-30")
    assert span(APRIL.parse("FY2027-Q4")) == ("2027-01-01", "2027-03-31")
    assert span(APRIL.parse("FY2027")) == ("2026-04-01", "2027-03-31")
    february = Calendar(fiscal_year_start=2)
    assert span(february.parse("FY2026-Q1")) == ("2025-02-01", "2025-04-30")


def test_months_are_civil_whatever_the_fiscal_year() -> None:
    assert APRIL.parse("2026-02") == CIVIL.parse("2026-02")
    assert span(APRIL.parse("2024-02")) == ("2024-02-01", "2024-02-29")


# Weeks


@pytest.mark.parametrize(
    ("week_start", "start", "end"),
    [
        (MONDAY, "2026-10-26", "2026-11-01"),
        (SUNDAY, "2026-10-25", "2026-10-31"),
        (SATURDAY, "2026-10-24", "2026-10-30"),
    ],
)
def test_a_week_begins_on_the_day_that_the_workspace_says(week_start: int, start: str, end: str) -> None:
    calendar = Calendar(week_start=week_start)
    assert span(calendar.parse("2026-W44")) == (start, end)
    assert id_of(calendar, Grain.WEEK, date.fromisoformat(end)) == "2026-W44"


@pytest.mark.parametrize(
    ("week_start", "day", "week"),
    [
        (MONDAY, date(2021, 1, 3), "2020-W53"),  # 1 January 2021 was a Friday
        (MONDAY, date(2021, 1, 4), "2021-W01"),
        (SUNDAY, date(2021, 1, 2), "2020-W53"),  # Sunday 27 December to Saturday 2 January: the fourth day is the 30th
        (SUNDAY, date(2021, 1, 3), "2021-W01"),
        (SATURDAY, date(2021, 1, 1), "2020-W53"),
        (SATURDAY, date(2021, 1, 2), "2021-W01"),  # its fourth day, the 5th, is in ISO week 1
        (MONDAY, date(2024, 12, 30), "2025-W01"),
    ],
)
def test_a_week_has_the_iso_name_of_its_fourth_day(week_start: int, day: date, week: str) -> None:
    assert id_of(Calendar(week_start=week_start), Grain.WEEK, day) == week


def test_week_53_is_there_only_in_long_years() -> None:
    assert span(CIVIL.parse("2020-W53")) == ("2020-12-28", "2021-01-03")
    assert span(CIVIL.parse("2026-W53")) == ("2026-12-28", "2027-01-03")
    assert CIVIL.parse("2025-W53") is None


def test_a_week_belongs_to_the_month_quarter_and_year_of_its_fourth_day() -> None:
    week = CIVIL.parse("2026-W14")  # Monday 30 March to Sunday 5 April
    assert week
    anchor = CIVIL.anchor(week)
    assert anchor == date(2026, 4, 2)
    assert [id_of(CIVIL, grain, anchor) for grain in (Grain.MONTH, Grain.QUARTER)] == ["2026-04", "2026-Q2"]
    turn = CIVIL.parse("2020-W53")
    assert turn
    assert CIVIL.period(Grain.YEAR, CIVIL.anchor(turn)).id == "2020"


# Steps


def test_steps_cross_years() -> None:
    assert CIVIL.shift(CIVIL.period(Grain.MONTH, date(2026, 1, 15)), -1).id == "2025-12"
    assert CIVIL.shift(CIVIL.period(Grain.QUARTER, date(2026, 11, 4)), 1).id == "2027-Q1"
    assert CIVIL.shift(CIVIL.period(Grain.WEEK, date(2026, 12, 31)), 1).id == "2027-W01"
    assert CIVIL.shift(CIVIL.period(Grain.DAY, date(2024, 2, 28)), 1).id == "2024-02-29"
    assert APRIL.shift(APRIL.period(Grain.YEAR, date(2026, 4, 1)), -2).id == "FY2025"


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2026-11-04", "2025-11-05"),  # 364 days: the same weekday
        ("2024-02-29", "2023-03-02"),
        ("2026-W44", "2025-W44"),
        ("2021-W01", "2020-W02"),  # 2020 had 53 weeks
        ("2026-10", "2025-10"),
        ("2024-02", "2023-02"),
        ("2026-Q4", "2025-Q4"),
        ("2026", "2025"),
    ],
)
def test_a_year_before(period: str, before: str) -> None:
    found = CIVIL.parse(period)
    assert found
    assert CIVIL.year_before(found).id == before


def test_the_same_date_a_year_earlier() -> None:
    assert year_earlier(date(2024, 2, 29)) == date(2023, 2, 28)
    assert year_earlier(date(2025, 2, 28)) == date(2024, 2, 28)
    assert year_earlier(date(2028, 2, 29), 4) == date(2024, 2, 29)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 1)


def test_the_last_period_that_has_ended_ends_with_its_last_day() -> None:
    assert CIVIL.last_ended(Grain.MONTH, date(2026, 10, 30)).id == "2026-09"
    assert CIVIL.last_ended(Grain.MONTH, date(2026, 10, 31)).id == "2026-10"
    assert CIVIL.last_ended(Grain.DAY, date(2026, 10, 31)).id == "2026-10-31"
    assert CIVIL.last_ended(Grain.WEEK, date(2026, 10, 31)).id == "2026-W43"


# Reading ids


def test_without_fy_a_quarter_or_year_is_of_the_civil_calendar() -> None:
    assert APRIL.parse("2026-Q2") == APRIL.parse("FY2027-Q1")
    assert APRIL.parse("2026") is None
    assert Calendar(fiscal_year_start=2).parse("2026-Q2") is None


def test_where_the_year_begins_in_january_fy_says_nothing_new() -> None:
    assert CIVIL.parse("FY2026") == CIVIL.parse("2026")
    assert CIVIL.parse("FY2026-Q3") == CIVIL.parse("2026-Q3")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "2026-10 ", " 2026-10", "2026-10\n", "2026-13", "2026-00", "2026-1", "26-10", "2026-02-29",
        "2026-W00", "2026-W54", "2026-w44", "2026W44", "2026-Q0", "2026-Q5", "2026-q4", "fy2026", "FY26", "0000",
        "0000-01", "0000-W01", "9999-12", "9999", "9999-W53", "99999", "-2026", "2026-10-31T00:00", "２０２６-１０",
        "٢٠٢٦", "2026-1٠", "2026-W4٤", "nan", "\0", "2026-10-31-01", "FY2026-W01", "FY2026-10", "2026/10",
    ],
)  # fmt: skip
@pytest.mark.parametrize("calendar", [CIVIL, Calendar(7, SUNDAY)])
def test_what_is_no_id_is_none(calendar: Calendar, text: str) -> None:
    assert calendar.parse(text) is None


@given(calendars, st.text(alphabet="0123456789-WQFY ٣\n", max_size=12))
def test_no_text_raises(calendar: Calendar, text: str) -> None:
    period = calendar.parse(text)
    assert period is None or period.start <= period.end


# Laws


@given(calendars, grains, days)
def test_periods_tile_time(calendar: Calendar, grain: Grain, day: date) -> None:
    period = calendar.period(grain, day)
    assert day in period
    assert calendar.period(grain, period.start) == calendar.period(grain, period.end) == period
    assert calendar.shift(period, 1).start == period.end + timedelta(days=1)
    assert calendar.shift(calendar.shift(period, 1), -1) == period


@given(calendars, grains, days)
def test_an_id_names_its_period(calendar: Calendar, grain: Grain, day: date) -> None:
    period = calendar.period(grain, day)
    assert calendar.parse(period.id) == period


@given(calendars, days)
def test_a_week_belongs_to_the_month_of_its_fourth_day(calendar: Calendar, day: date) -> None:
    week = calendar.period(Grain.WEEK, day)
    assert calendar.anchor(week) == week.start + timedelta(days=3)
    assert week.start.weekday() == calendar.week_start
    assert week.id == "{}-W{:02d}".format(*calendar.anchor(week).isocalendar()[:2])


@given(calendars, grains, days, st.integers(0, 400))
def test_what_lies_between_is_in_order_and_without_holes(
    calendar: Calendar, grain: Grain, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    periods = list(calendar.between(grain, first, last))
    assert first in periods[0]
    assert last in periods[-1]
    assert all(b.start == a.end + timedelta(days=1) for a, b in pairwise(periods))


# Numbers


@given(calendars, grains, days)
def test_a_periods_number_leads_back_to_it_and_its_neighbours_differ_by_one(
    calendar: Calendar, grain: Grain, day: date
) -> None:
    period = calendar.period(grain, day)
    assert calendar.nth(grain, calendar.number(grain, period.start)) == period
    assert calendar.number(grain, period.end) == calendar.number(grain, period.start)
    assert calendar.number(grain, period.end + timedelta(days=1)) == calendar.number(grain, day) + 1


def test_there_is_no_period_before_the_year_1() -> None:
    first = CIVIL.number(Grain.YEAR, date.min)
    assert CIVIL.nth(Grain.YEAR, first).start == date.min
    with pytest.raises(ValueError, match="year 0 is out of range"):
        CIVIL.nth(Grain.YEAR, first - 1)

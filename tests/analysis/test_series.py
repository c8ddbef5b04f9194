"""Which values of a period are due, by frequency and date."""

from __future__ import annotations

from datetime import date

import pytest

from kpitui.analysis.series import Due, Span, due, last_anchor, units
from kpitui.periods import Calendar
from kpitui.terms import Frequency

CIVIL = Calendar()
SUNDAYS = Calendar(week_start=6)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def counted(frequency: Frequency, first: str, last: str, calendar: Calendar = CIVIL) -> int:
    return units(calendar, frequency, day(first), day(last))


@pytest.mark.parametrize(
    ("frequency", "first", "last", "expected"),
    [
        ("daily", "2026-10-01", "2026-10-31", 31),
        ("event", "2026-10-01", "2026-10-31", 31),
        ("daily", "2024-02-01", "2024-02-29", 29),
        ("daily", "2026-10-02", "2026-10-01", 0),
        ("weekdays", "2026-10-01", "2026-10-31", 22),  # Thursday to Saturday
        ("weekdays", "2026-11-01", "2026-11-30", 21),
        ("weekdays", "2026-10-31", "2026-11-01", 0),  # a weekend
        ("weekdays", "2026-10-30", "2026-11-02", 2),  # Friday to Monday
        ("weekly", "2026-10-01", "2026-10-31", 5),  # Thursdays 1, 8, 15, 22, 29
        ("weekly", "2026-11-01", "2026-11-30", 4),
        ("weekly", "2026-11-06", "2026-11-11", 0),
        ("monthly", "2026-01-01", "2026-12-31", 12),
        ("monthly", "2026-01-02", "2026-02-28", 1),
        ("quarterly", "2026-01-01", "2026-12-31", 4),
        ("yearly", "2024-01-01", "2026-12-31", 3),
    ],
)
def test_how_many_values_a_stretch_has(frequency: Frequency, first: str, last: str, expected: int) -> None:
    assert counted(frequency, first, last) == expected


def test_weeks_count_by_their_fourth_day() -> None:
    # Weeks from Sunday: Wednesdays 7, 14, 21, 28 October.
    assert counted("weekly", "2026-10-01", "2026-10-31", SUNDAYS) == 4


def test_fiscal_quarters_begin_elsewhere() -> None:
    february = Calendar(fiscal_year_start=2)
    assert counted("quarterly", "2026-02-01", "2026-02-01", february) == 1
    assert counted("quarterly", "2026-01-01", "2026-01-31", february) == 0


def test_a_value_counts_once_its_own_period_has_ended() -> None:
    assert last_anchor(CIVIL, "daily", date(2026, 11, 4)) == day("2026-11-04")
    assert last_anchor(CIVIL, "weekly", date(2026, 11, 7)) == day("2026-10-29")
    assert last_anchor(CIVIL, "weekly", date(2026, 11, 8)) == day("2026-11-05")
    assert last_anchor(CIVIL, "monthly", date(2026, 11, 29)) == day("2026-10-01")
    assert last_anchor(CIVIL, "monthly", date(2026, 11, 30)) == day("2026-11-01")


def window(frequency: Frequency, period: str, as_of: str, due_after: int = 0) -> Due | None:
    found = CIVIL.parse(period)
    assert found
    today = date.fromisoformat(as_of)
    return due(CIVIL, frequency, due_after, Span(found, today), today)


def test_a_whole_period_owes_all_of_its_values() -> None:
    assert window("daily", "2026-10", "2026-11-04") == Due(day("2026-10-01"), day("2026-10-31"), day("2026-10-31"), 31)
    assert window("daily", "2026-10", "2026-10-31", due_after=5) == Due(
        day("2026-10-01"), day("2026-10-31"), day("2026-10-31"), 31
    )


def test_a_month_may_be_over_while_the_week_that_ends_it_is_not() -> None:
    # The week of Thursday 29 October ends on 1 November: on 31 October it is owed and cannot be there.
    assert window("weekly", "2026-10", "2026-10-31") == Due(day("2026-10-01"), day("2026-10-22"), day("2026-10-31"), 5)
    assert window("weekly", "2026-10", "2026-11-01") == Due(day("2026-10-01"), day("2026-10-29"), day("2026-10-31"), 5)


def test_a_partial_one_owes_what_is_due_by_the_day() -> None:
    assert window("daily", "2026-11", "2026-11-04") == Due(day("2026-11-01"), day("2026-11-04"), day("2026-11-04"), 30)
    assert window("daily", "2026-11", "2026-11-04", due_after=2) == Due(
        day("2026-11-01"), day("2026-11-04"), day("2026-11-02"), 30
    )
    assert window("weekly", "2026-11", "2026-11-18", due_after=7) == Due(
        day("2026-11-01"), day("2026-11-12"), day("2026-11-05"), 4
    )
    assert window("monthly", "2026", "2026-11-04") == Due(day("2026-01-01"), day("2026-10-01"), day("2026-10-01"), 12)


def test_early_in_a_period_nothing_may_be_due() -> None:
    early = window("daily", "2026-11", "2026-11-02", due_after=5)
    assert early
    assert early.owed < early.first <= early.last
    weekly = window("weekly", "2026-11", "2026-11-04")
    assert weekly
    assert weekly.last < weekly.first


def test_a_cut_in_the_past_owes_all_up_to_the_cut() -> None:
    october = CIVIL.parse("2026-10")
    assert october
    cut = due(CIVIL, "daily", 2, Span(october, date(2026, 10, 4)), date(2026, 11, 4))
    assert cut == Due(day("2026-10-01"), day("2026-10-04"), day("2026-10-04"), 31)


def test_a_grain_finer_than_the_source_has_no_values() -> None:
    assert window("monthly", "2026-W44", "2026-11-04") is None
    assert window("weekly", "2026-10-31", "2026-11-04") is None
    assert window("weekdays", "2026-10-31", "2026-11-04") is not None

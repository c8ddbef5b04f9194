"""Which values of an input are due, and which have come."""

from __future__ import annotations

from datetime import date

import pytest

from kpitui.analysis.coverage import Coverage, Window
from kpitui.periods import Calendar, Grain
from kpitui.terms import Frequency

CIVIL = Calendar()
OCTOBER, NOVEMBER = (CIVIL.number(Grain.MONTH, date(2026, month, 1)) for month in (10, 11))
WEDNESDAY = date(2026, 11, 4)


def coverage(
    *days: str, frequency: Frequency = "daily", due_after: int = 0, covered: tuple[str, str] | None = None
) -> Coverage:
    ordinals = [ordinal(day) for day in days]
    between = covered and (ordinal(covered[0]), ordinal(covered[1]))
    return Coverage(CIVIL, frequency, due_after, ordinals, between, WEDNESDAY)


def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def test_of_a_whole_month_every_day_is_due() -> None:
    [october] = coverage("2026-10-01", "2026-10-02", "2026-11-01").windows(Grain.MONTH, [OCTOBER], WEDNESDAY)
    assert october == Window(ordinal("2026-10-01"), ordinal("2026-10-31"), 2, 31, pytest.approx(2 / 31), 1.0)


def test_of_a_month_that_is_not_over_the_days_until_then_are_due() -> None:
    [november] = coverage("2026-11-01", "2026-11-02").windows(Grain.MONTH, [NOVEMBER], WEDNESDAY)
    assert november == Window(ordinal("2026-11-01"), ordinal("2026-11-04"), 2, 4, 0.5, pytest.approx(4 / 30))


def test_a_value_that_is_early_counts_on_both_sides() -> None:
    late = coverage("2026-11-01", "2026-11-02", "2026-11-04", due_after=2)
    [november] = late.windows(Grain.MONTH, [NOVEMBER], WEDNESDAY)
    assert november is not None
    assert (november.seen, november.owed, november.coverage) == (3, 3, 1.0)


def test_of_weekdays_none_is_due_at_a_weekend_and_none_counts() -> None:
    # The 31st of October 2026 is a Saturday.
    [october] = coverage("2026-10-30", "2026-10-31", frequency="weekdays").windows(Grain.MONTH, [OCTOBER], WEDNESDAY)
    assert october is not None
    assert (october.seen, october.owed) == (1, 22)


def test_between_events_every_day_is_known() -> None:
    events = coverage("2026-10-20", "2026-10-31", frequency="event", covered=("2026-10-20", "2026-10-31"))
    [october] = events.windows(Grain.MONTH, [OCTOBER], WEDNESDAY)
    assert october is not None
    assert (october.seen, october.owed) == (12, 31)


def test_a_day_with_an_event_that_cannot_be_read_is_not_known() -> None:
    lost = [ordinal("2026-10-19"), ordinal("2026-10-20"), ordinal("2026-10-31"), ordinal("2026-11-01")]
    between = (ordinal("2026-10-20"), ordinal("2026-11-01"))
    [october] = Coverage(CIVIL, "event", 0, [], between, WEDNESDAY, lost).windows(Grain.MONTH, [OCTOBER], WEDNESDAY)
    assert october is not None
    assert (october.seen, october.owed) == (10, 31)


def test_an_input_has_nothing_for_periods_that_are_finer_than_its_values_or_before_the_year_1() -> None:
    monthly = coverage("2026-10-01", frequency="monthly")
    assert monthly.windows(Grain.WEEK, [CIVIL.number(Grain.WEEK, WEDNESDAY)], WEDNESDAY) == [None]
    assert monthly.windows(Grain.MONTH, [0], WEDNESDAY) == [None]


def test_an_input_is_stale_from_its_newest_value_on_where_a_later_one_was_due() -> None:
    daily = coverage("2026-11-01", "2026-11-02", due_after=1)
    assert daily.stale_since(date(2026, 11, 4)) == date(2026, 11, 2)
    assert daily.stale_since(date(2026, 11, 3)) is None
    assert coverage(due_after=1).stale_since(date(2026, 11, 4)) is None


def test_an_input_is_known_until_the_last_day_that_was_due_or_has_come() -> None:
    assert coverage("2026-11-01", due_after=2).known_until() == date(2026, 11, 2)
    assert coverage("2026-11-01", "2026-11-03", due_after=2).known_until() == date(2026, 11, 3)
    assert coverage("2026-11-04", due_after=2).known_until() is None

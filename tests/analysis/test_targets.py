"""Which target holds for a period, and how it is scaled to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kpitui.analysis.targets import Goal, goal, in_force, year_goal
from kpitui.periods import Calendar, Grain, Period
from kpitui.terms import Frequency, Target

CIVIL = Calendar()


def target(
    since: str, value: float | None = None, until: str | None = None, per: Grain = Grain.MONTH, **more: Any
) -> Target:
    fields: dict[str, Any] = {"low": None, "high": None, "path": "flat", "start": None, "reason": "", **more}
    return Target(date.fromisoformat(since), date.fromisoformat(until) if until else None, value, per=per, **fields)


def level(targets: list[Target], period: str) -> float | None:
    """The goal of a KPI that is a level: a rate, a price, a score."""
    found = goal(targets, parsed(period), CIVIL, additive=False)
    return found and found.value


def amount(
    targets: list[Target], period: str, calendar: Calendar = CIVIL, frequency: Frequency = "daily"
) -> float | None:
    """The goal of a KPI that adds up over time."""
    found = goal(targets, parsed(period, calendar), calendar, additive=True, frequency=frequency)
    return found and found.value


def parsed(period: str, calendar: Calendar = CIVIL) -> Any:
    found = calendar.parse(period)
    assert found
    return found


# In force


def test_a_target_holds_from_its_first_day_to_its_last() -> None:
    targets = [target("2026-02-10", 5, until="2026-03-15")]
    assert in_force(targets, date(2026, 2, 9)) is None
    assert in_force(targets, date(2026, 2, 10)) is targets[0]
    assert in_force(targets, date(2026, 3, 15)) is targets[0]
    assert in_force(targets, date(2026, 3, 16)) is None
    assert in_force([target("2026-02-10", 5)], date(2199, 1, 1)) is not None


def test_of_two_the_later_one_wins_and_the_earlier_comes_back() -> None:
    base, campaign = target("2026-01-01", 5), target("2026-03-01", 9, until="2026-03-31")
    assert [level([base, campaign], month) for month in ("2026-02", "2026-03", "2026-04")] == [5, 9, 5]


def test_the_last_of_the_sequence_is_the_strongest_whatever_its_date() -> None:
    definition, decided = target("2026-06-01", 5), target("2026-01-01", 7)
    assert level([definition, decided], "2026-08") == 7


# Levels


def test_a_level_is_the_one_in_force_when_the_period_ends() -> None:
    targets = [target("2026-01-01", 0.25), target("2026-03-31", 0.3)]
    assert level(targets, "2026-02") == 0.25
    assert level(targets, "2026-03") == 0.3
    assert level(targets, "2026-Q1") == 0.3
    assert level(targets, "2026-W13") == 0.25  # ends on 29 March


def test_a_level_is_never_scaled() -> None:
    targets = [target("2026-01-01", 8.0, per=Grain.YEAR)]
    assert [level(targets, period) for period in ("2026", "2026-Q2", "2026-05", "2026-W20", "2026-05-13")] == [8.0] * 5


def test_a_level_that_ended_within_the_period_is_none() -> None:
    assert level([target("2026-01-01", 0.25, until="2026-03-30")], "2026-03") is None
    assert level([], "2026-03") is None


def test_a_linear_level_is_taken_at_the_periods_end() -> None:
    # From 0.20 on 1 January to 0.30 on 11 April: 100 days, a thousandth each.
    targets = [target("2026-01-01", 0.30, until="2026-04-11", path="linear", start=0.20)]
    assert level(targets, "2026-01-01") == 0.20
    assert level(targets, "2026-01") == pytest.approx(0.23)  # 30 days
    assert level(targets, "2026-02") == pytest.approx(0.258)  # 58 days
    assert level(targets, "2026-04-11") == 0.30
    assert level(targets, "2026-Q1") == pytest.approx(0.289)  # 89 days


def test_a_range_is_a_level_of_two_bounds() -> None:
    targets = [target("2026-01-01", low=0.95, high=1.05)]
    assert goal(targets, parsed("2026-Q3"), CIVIL, additive=False) == Goal(None, 0.95, 1.05)


# Amounts


def test_a_years_amount_is_spread_in_equal_parts() -> None:
    targets = [target("2026-01-01", 1200, per=Grain.YEAR)]
    assert amount(targets, "2026") == pytest.approx(1200)
    assert amount(targets, "2026-Q1") == pytest.approx(300)
    assert amount(targets, "2026-02") == pytest.approx(100)  # although it is short


def test_below_a_month_it_is_spread_by_days() -> None:
    targets = [target("2026-01-01", 1200, per=Grain.YEAR)]
    assert amount(targets, "2026-02-14") == pytest.approx(3.5714285714)  # 100 / 28
    assert amount(targets, "2026-W07") == pytest.approx(25)  # 9 to 15 February: 7 of 28 days
    assert amount(targets, "2026-W14") == pytest.approx(6.4516129032 + 16.6666666667)  # 2 days of March, 5 of April


def test_upward_it_adds() -> None:
    assert amount([target("2026-01-01", 100)], "2026-Q1") == pytest.approx(300)
    assert amount([target("2026-01-01", 100)], "2026") == pytest.approx(1200)
    assert amount([target("2026-01-01", 300, per=Grain.QUARTER)], "2026-05") == pytest.approx(100)
    assert amount([target("2026-01-01", 10, per=Grain.DAY)], "2026-02") == pytest.approx(280)
    assert amount([target("2026-01-01", 10, per=Grain.DAY)], "2026-W20") == pytest.approx(70)


def test_a_weeks_amount_in_a_month_counts_the_months_days() -> None:
    targets = [target("2026-01-01", 70, per=Grain.WEEK)]
    assert amount(targets, "2026-W20") == pytest.approx(70)
    assert amount(targets, "2026-05") == pytest.approx(310)
    assert amount(targets, "2026-05-13") == pytest.approx(10)


def test_a_month_after_a_change_of_target_shares_it_by_days() -> None:
    # April: 10 days at 300 a month, 20 at 600.
    targets = [target("2026-01-01", 300), target("2026-04-11", 600)]
    assert amount(targets, "2026-04") == pytest.approx(500)
    assert amount(targets, "2026-04-10") == pytest.approx(10)
    assert amount(targets, "2026-04-11") == pytest.approx(20)
    assert amount(targets, "2026-Q2") == pytest.approx(500 + 600 + 600)


def test_what_holds_for_a_while_gives_way_again() -> None:
    # April: 300 a month but for ten days at 900.
    targets = [target("2026-01-01", 300), target("2026-04-11", 900, until="2026-04-20")]
    assert amount(targets, "2026-04") == pytest.approx(500)


def test_an_amount_that_does_not_cover_the_period_is_none() -> None:
    assert amount([target("2026-01-02", 300)], "2026-01") is None
    assert amount([target("2026-01-01", 300, until="2026-03-30")], "2026-03") is None
    assert amount([target("2026-01-01", 300, until="2026-03-30")], "2026-Q1") is None
    holed = [target("2026-01-01", 300, until="2026-03-09"), target("2026-03-11", 300)]
    assert amount(holed, "2026-03") is None
    assert amount(holed, "2026-02") == 300


def test_fiscal_quarters_are_scaled_like_civil_ones() -> None:
    april = Calendar(fiscal_year_start=4)
    targets = [target("2026-04-01", 1200, per=Grain.YEAR)]
    assert amount(targets, "FY2027", april) == pytest.approx(1200)
    assert amount(targets, "FY2027-Q3", april) == pytest.approx(300)


def test_the_bounds_of_a_range_are_amounts_too() -> None:
    targets = [target("2026-01-01", low=80, high=120)]
    assert goal(targets, parsed("2026-Q1"), CIVIL, additive=True) == Goal(None, pytest.approx(240), pytest.approx(360))


# Amounts on a line: that of the target's own period, taken at the end of what is shown.


def test_a_monthly_amount_on_a_line_is_taken_at_each_months_end() -> None:
    # From 100 on 1 January to 190 on 1 April: one a day.
    targets = [target("2026-01-01", 190, until="2026-04-01", path="linear", start=100)]
    assert amount(targets, "2026-01") == pytest.approx(130)
    assert amount(targets, "2026-02") == pytest.approx(158)
    assert amount(targets, "2026-03") == pytest.approx(189)
    assert amount(targets, "2026-Q1") == pytest.approx(130 + 158 + 189)


def test_a_quarters_amount_on_a_line_is_taken_at_the_quarters_end() -> None:
    # From 300 on 1 January to 565 on 23 September: one a day.
    targets = [target("2026-01-01", 565, until="2026-09-23", path="linear", start=300, per=Grain.QUARTER)]
    assert amount(targets, "2026-Q1") == pytest.approx(389)  # 89 days
    assert amount(targets, "2026-Q2") == pytest.approx(480)  # 180 days
    assert amount(targets, "2026-02") == pytest.approx(119.3333333)  # (300 + 58) / 3


def test_a_years_amount_on_a_line_ends_at_its_value() -> None:
    targets = [target("2026-01-01", 1564, until="2026-12-31", path="linear", start=1200, per=Grain.YEAR)]  # one a day
    assert amount(targets, "2026") == pytest.approx(1564)
    assert amount(targets, "2026-01") == pytest.approx(102.5)  # (1200 + 30) / 12
    assert amount(targets, "2026-Q1") == pytest.approx(322.25)  # (1200 + 89) / 4


def test_a_daily_amount_on_a_line_is_taken_day_by_day() -> None:
    targets = [target("2026-01-01", 100, until="2026-04-11", path="linear", start=0, per=Grain.DAY)]  # one a day
    assert amount(targets, "2026-01-11") == pytest.approx(10)
    assert amount(targets, "2026-01") == pytest.approx(465)  # 0 + 1 + … + 30


def test_a_week_on_a_line_is_taken_at_its_end() -> None:
    # From 310 to 400 in 90 days; the week of 12 January ends on the 18th, 17 days on: 327 a month.
    targets = [target("2026-01-01", 400, until="2026-04-01", path="linear", start=310)]
    assert amount(targets, "2026-W03") == pytest.approx(73.8387096774)  # 327 × 7 / 31


# The year's goal


def the_year(targets: list[Target], period: str, *, additive: bool) -> float | None:
    found = year_goal(targets, parsed(period), CIVIL, additive=additive)
    return found and found.value


def test_the_years_goal_is_the_sum_where_it_is_given_per_year() -> None:
    assert the_year([target("2026-01-01", 2400, per=Grain.YEAR)], "2026-10", additive=True) == pytest.approx(2400)
    changed = [target("2026-01-01", 1200, per=Grain.YEAR), target("2026-07-01", 2400, per=Grain.YEAR)]
    assert the_year(changed, "2026-02", additive=True) == pytest.approx(600 + 1200)


def test_else_the_value_in_force_at_the_years_end() -> None:
    targets = [target("2026-01-01", 100, until="2026-03-31"), target("2026-04-01", 200)]
    assert the_year(targets, "2026-01", additive=True) == 200
    assert the_year(targets, "2026-01", additive=False) == 200
    assert the_year([target("2026-01-01", 0.3, per=Grain.YEAR)], "2026-01", additive=False) == 0.3
    line = [target("2026-01-01", 0.3, until="2026-12-31", path="linear", start=0.2)]
    assert the_year(line, "2026-01", additive=False) == 0.3


def test_a_year_that_no_target_reaches_has_no_goal() -> None:
    assert the_year([target("2026-01-01", 100, until="2026-06-30")], "2026-01", additive=True) is None
    assert the_year([], "2026-01", additive=False) is None


def test_the_year_is_that_of_the_periods_end() -> None:
    targets = [target("2026-01-01", 1, until="2026-12-31"), target("2027-01-01", 2)]
    assert the_year(targets, "2026-W53", additive=False) == 2  # ends on 3 January 2027


def test_a_seasonal_path_is_spread_by_the_usual_shares_of_months() -> None:
    spread = [target("2026-01-01", 1200, per=Grain.YEAR, path="seasonal")]

    def at(period: str) -> float | None:
        def share(month: Period) -> float:
            return 0.3 if month.start.month == 12 else 0.7 / 11

        found = goal(spread, parsed(period), CIVIL, additive=True, share=share)
        return found and found.value

    assert at("2026-12") == pytest.approx(360)
    assert at("2026-Q4") == pytest.approx(360 + 2 * 840 / 11)
    assert at("2026-12-24") == pytest.approx(360 / 31)  # below a month by days
    assert at("2026") == 1200


def test_without_shares_a_seasonal_path_gives_a_year_and_nothing_finer() -> None:
    spread = [target("2026-01-01", 1200, per=Grain.YEAR, path="seasonal")]
    assert amount(spread, "2026") == 1200
    assert amount(spread, "2026-06") is None


# Days for which there are values


@pytest.mark.parametrize(
    ("frequency", "per", "value", "period", "expected"),
    [
        # October 2026 has 22 days from Monday to Friday, and five Thursdays: September has four.
        ("weekdays", Grain.DAY, 100, "2026-10", 2200),
        ("weekdays", Grain.DAY, 100, "2026-W43", 500),
        ("weekdays", Grain.DAY, 100, "2026-10-30", 100),
        ("weekdays", Grain.DAY, 100, "2026-10-31", None),
        ("weekdays", Grain.WEEK, 500, "2026-10", 2200),
        ("weekdays", Grain.MONTH, 2200, "2026-W43", 500),
        ("weekdays", Grain.MONTH, 2200, "2026-10", 2200),
        ("weekly", Grain.WEEK, 100, "2026-09", 400),
        ("weekly", Grain.WEEK, 100, "2026-10", 500),
        ("weekly", Grain.WEEK, 100, "2026-Q4", 1400),
        ("weekly", Grain.MONTH, 500, "2026-W41", 100),
        ("weekly", Grain.MONTH, 500, "2026-Q4", 1500),
    ],
)
def test_an_amount_is_spread_over_the_days_for_which_there_are_values(
    frequency: Frequency, per: Grain, value: float, period: str, expected: float | None
) -> None:
    assert amount([target("2020-01-01", value, per=per)], period, frequency=frequency) == pytest.approx(expected)


def test_a_week_that_begins_on_sunday_lies_where_its_fourth_day_does() -> None:
    # Wednesdays of September 2026: 2, 9, 16, 23, 30.
    sunday = Calendar(week_start=6)
    assert amount([target("2020-01-01", 100, per=Grain.WEEK)], "2026-09", sunday, "weekly") == pytest.approx(500)


def test_a_line_of_weekly_amounts_is_taken_week_by_week() -> None:
    # Weeks 36 to 39 of 2026 end on 6, 13, 20 and 27 September: from 0 at 30 August 7, 14, 21, 28 of 28.
    line = [target("2026-08-30", 28, until="2026-09-27", per=Grain.WEEK, path="linear", start=0.0)]
    more = target("2026-09-28", 28, per=Grain.WEEK)
    assert amount([*line, more], "2026-09", frequency="weekly") == pytest.approx(7 + 14 + 21 + 28)

"""Calendars and figures together: against sums and counts made day by day, for every calendar and frequency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from math import isclose
from statistics import mean, median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kpitui.analysis.series import Span
from kpitui.definitions.model import Definitions, Kpi, Measure, Source
from kpitui.measurements.values import Measured, Series
from kpitui.periods import Calendar, Grain, Period, year_earlier
from kpitui.terms import FREQUENCY_GRAIN, Aggregate, Frequency, Target
from kpitui.workspace.figures import Figures
from kpitui.workspace.opening import Workspace

Open = Callable[..., Workspace]
FREQUENCIES: tuple[Frequency, ...] = ("daily", "weekdays", "weekly", "monthly", "quarterly", "yearly")
FIRST, LAST = date(2021, 12, 1), date(2027, 3, 31)
"""29 February 2024, and 2026 with its 53 weeks."""
EVERY: dict[Aggregate, Callable[[list[float]], float]] = {
    "sum": sum, "mean": mean, "median": median, "min": min, "max": max,
    "first": lambda values: values[0], "last": lambda values: values[-1], "count": len,
}  # fmt: skip

calendars = st.builds(Calendar, st.integers(1, 12), st.integers(0, 6))
frequencies = st.sampled_from(FREQUENCIES)
turns = st.sampled_from(
    [f"{y}-{end}" for y in (2024, 2025, 2026) for end in ("12-31", "03-31", "10-31", "01-01", "02-28")]
)
as_ofs = st.one_of(
    st.dates(date(2024, 1, 1), date(2026, 12, 31)), turns.map(date.fromisoformat), st.just(date(2024, 2, 29))
)
a_few = settings(max_examples=60, deadline=None)

Values = Mapping[date, float]
"""Anchor day of a unit → its value."""


@cache
def units(calendar: Calendar, frequency: Frequency) -> list[Period]:
    """The periods for which a source of that frequency owes a value."""
    grain = FREQUENCY_GRAIN[frequency]
    found = calendar.between(grain, FIRST, LAST)
    return [unit for unit in found if frequency != "weekdays" or unit.start.weekday() < 5]


@cache
def made(calendar: Calendar, frequency: Frequency) -> Values:
    """A value for each unit, all different, in no order."""
    return {
        calendar.anchor(unit): float((number * 7919) % 1009 + 1)
        for number, unit in enumerate(units(calendar, frequency))
    }


def figures(
    calendar: Calendar,
    frequency: Frequency,
    values: Values,
    as_of: date,
    *,
    aggregate: Aggregate = "sum",
    due_after: int | None = None,
) -> Figures:
    grain = FREQUENCY_GRAIN[frequency]
    kpi = Kpi(id="k", name="K", file="", line=1, frequency=frequency, grain=grain, additive=aggregate == "sum")
    definitions = Definitions(
        name="Acme",
        calendar=calendar,
        sources={"s": Source("s", ("s.csv",), "date", frequency, due_after=due_after)},
        measures={"k": Measure("k", "K", "s", aggregate, column="k")},
        kpis={"k": kpi},
    )
    days = sorted(values)
    numbers = [values[day] for day in days]
    series = Series(aggregate, [day.toordinal() for day in days], numbers, [1] * len(days), [[n] for n in numbers])
    return Figures(definitions, Measured({"k": series}, {}, {}, []), as_of)


def known(calendar: Calendar, frequency: Frequency, values: Values, until: date) -> Values:
    """The values of units that had ended by the day."""
    grain = FREQUENCY_GRAIN[frequency]
    return {day: value for day, value in values.items() if calendar.period(grain, day).end <= until}


def inside(values: Values, period: Period, until: date | None = None) -> list[float]:
    return [values[day] for day in sorted(values) if day in period and (until is None or day <= until)]


def the(found: Figures) -> Kpi:
    return found.definitions.kpis["k"]


# Periods


@a_few
@given(calendars, frequencies, as_ofs, st.sampled_from(sorted(EVERY)))
def test_a_figure_is_the_aggregate_of_what_had_ended(
    calendar: Calendar, frequency: Frequency, as_of: date, aggregate: Aggregate
) -> None:
    values = made(calendar, frequency)
    counted = known(calendar, frequency, values, as_of)
    found = figures(calendar, frequency, values, as_of, aggregate=aggregate)
    for grain in Grain:
        if grain < FREQUENCY_GRAIN[frequency]:
            continue
        now = calendar.period(grain, as_of)
        for period in (now, calendar.shift(now, -1), calendar.shift(now, -5), calendar.year_before(now)):
            expected = inside(counted, period)
            cell = found.cell("k", Span(period, as_of))
            if not expected:
                assert cell.value is None
            else:
                assert cell.value is not None
                assert isclose(cell.value, EVERY[aggregate](expected))


@a_few
@given(calendars, frequencies, as_ofs, st.integers(0, 20))
def test_nothing_after_the_as_of_date_counts_in_any_figure(
    calendar: Calendar, frequency: Frequency, as_of: date, due_after: int
) -> None:
    values = made(calendar, frequency)
    all_of_it = figures(calendar, frequency, values, as_of, due_after=due_after)
    until_then = figures(calendar, frequency, known(calendar, frequency, values, as_of), as_of, due_after=due_after)
    for grain in Grain:
        now = calendar.period(grain, as_of)
        for period in (now, calendar.shift(now, -1)):
            assert all_of_it.point(the(all_of_it), period) == until_then.point(the(until_then), period)
        assert all_of_it.to_date(the(all_of_it), grain) == until_then.to_date(the(until_then), grain)
    assert all_of_it.stale_since(the(all_of_it), as_of) == until_then.stale_since(the(until_then), as_of)


@a_few
@given(calendars, frequencies, as_ofs, st.integers(0, 20))
def test_where_everything_due_has_come_all_is_covered_and_nothing_is_stale(
    calendar: Calendar, frequency: Frequency, as_of: date, due_after: int
) -> None:
    values = known(calendar, frequency, made(calendar, frequency), as_of - timedelta(days=due_after))
    found = figures(calendar, frequency, values, as_of, due_after=due_after)
    assert found.stale_since(the(found), as_of) is None
    for grain in Grain:
        if grain < FREQUENCY_GRAIN[frequency]:
            continue
        now = calendar.period(grain, as_of)
        for period in (now, calendar.shift(now, -1)):
            expected = inside(values, period)
            cell = found.cell("k", Span(period, as_of))
            assert cell.value == (sum(expected) if expected else None)
            assert cell.seen == len(expected)
            if period.end > as_of:
                assert cell.due == len(expected)
                assert cell.coverage == (1.0 if expected else 0.0)
            else:
                every = sum(calendar.anchor(unit) in period for unit in units(calendar, frequency))
                assert cell.due == every


@a_few
@given(calendars, st.sampled_from(["daily", "weekdays", "weekly", "monthly"]), as_ofs)
def test_one_missing_value_is_missed_in_every_period_that_holds_it(
    calendar: Calendar, frequency: Frequency, as_of: date
) -> None:
    values = made(calendar, frequency)
    counted = known(calendar, frequency, values, as_of)
    lost = max(known(calendar, frequency, values, as_of - timedelta(days=40)))
    found = figures(calendar, frequency, {day: value for day, value in values.items() if day != lost}, as_of)
    for grain in Grain:
        if grain >= FREQUENCY_GRAIN[frequency]:
            period = calendar.period(grain, lost)
            cell = found.cell("k", Span(period, as_of))
            # A week may go on after the last day of the whole month, or year, that it belongs to.
            going_on = len(inside(values, period)) - len(inside(counted, period)) if period.end <= as_of else 0
            assert (cell.due - cell.seen - going_on, cell.complete) == (1, False)


# Adding up


@a_few
@given(calendars, as_ofs)
def test_weeks_of_a_flow_add_up_to_their_days_and_months_to_the_year(calendar: Calendar, as_of: date) -> None:
    values = made(calendar, "daily")
    found = figures(calendar, "daily", values, as_of)

    def total(grain: Grain, first: date, last: date) -> float:
        cells = (found.cell("k", Span(period, as_of)) for period in calendar.between(grain, first, last))
        return sum(cell.value or 0.0 for cell in cells)

    last_week = calendar.last_ended(Grain.WEEK, as_of)
    first_week = calendar.shift(last_week, -30)
    assert total(Grain.WEEK, first_week.start, last_week.end) == total(Grain.DAY, first_week.start, last_week.end)
    year = calendar.period(Grain.YEAR, as_of)
    whole = found.cell("k", Span(year, as_of)).value
    assert whole == sum(inside(values, year, as_of))
    for grain in (Grain.DAY, Grain.MONTH, Grain.QUARTER):
        assert total(grain, year.start, year.end) == whole


@a_few
@given(calendars, as_ofs)
def test_each_week_counts_in_one_month_one_quarter_and_one_year(calendar: Calendar, as_of: date) -> None:
    values = made(calendar, "weekly")
    found = figures(calendar, "weekly", values, as_of)
    year = calendar.last_ended(Grain.YEAR, as_of)
    expected = sum(inside(known(calendar, "weekly", values, as_of), year))
    for grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        cells = [found.cell("k", Span(period, as_of)) for period in calendar.between(grain, year.start, year.end)]
        assert sum(cell.value or 0.0 for cell in cells) == expected
        assert sum(cell.due for cell in cells) in (52, 53)


# To date


@a_few
@given(calendars, as_ofs)
def test_to_date_is_the_sum_of_its_days_and_of_the_same_days_before(calendar: Calendar, as_of: date) -> None:
    values = made(calendar, "daily")
    found = figures(calendar, "daily", values, as_of)
    for grain in (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        now = calendar.period(grain, as_of)
        answer = found.to_date(the(found), grain)
        assert answer.value == sum(inside(values, now, as_of))
        before = calendar.shift(now, -1)
        assert answer.previous == sum(inside(values, before, before.start + (as_of - now.start)))
        year_before = calendar.year_before(now)
        same_day = as_of - timedelta(days=364) if grain is Grain.WEEK else year_earlier(as_of)
        assert answer.year_ago == sum(inside(values, year_before, same_day))


@a_few
@given(calendars, st.sampled_from(["weekdays", "weekly", "monthly", "quarterly"]), as_ofs)
def test_to_date_of_any_source_is_the_sum_of_what_had_ended(
    calendar: Calendar, frequency: Frequency, as_of: date
) -> None:
    values = made(calendar, frequency)
    found = figures(calendar, frequency, values, as_of)
    for grain in (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        expected = inside(known(calendar, frequency, values, as_of), calendar.period(grain, as_of))
        answer = found.to_date(the(found), grain)
        if grain < FREQUENCY_GRAIN[frequency] or not expected:
            assert answer.value is None
        else:
            assert answer.value == sum(expected)


# Charts and targets


@settings(max_examples=12, deadline=None)
@given(calendars, frequencies, as_ofs)
def test_a_chart_holds_whole_periods_and_nothing_later(calendar: Calendar, frequency: Frequency, as_of: date) -> None:
    values = made(calendar, frequency)
    found = figures(calendar, frequency, values, as_of)
    counted = known(calendar, frequency, values, as_of)
    for grain in Grain:
        chart = found.chart(the(found), grain)
        if grain < FREQUENCY_GRAIN[frequency]:
            assert chart.periods == ()
            continue
        for period, charted in zip(chart.periods, chart.values, strict=True):
            assert period.end <= as_of
            assert isclose(charted, sum(inside(counted, period)))


@a_few
@given(calendars, st.dates(date(2023, 1, 1), date(2026, 12, 31)), st.sampled_from(list(Grain)))
def test_the_targets_of_an_amount_add_up_over_time(calendar: Calendar, day: date, per: Grain) -> None:
    aim = Target(date(2020, 1, 1), None, 1200.0, None, None, per, "flat", None, "")
    empty = figures(calendar, "daily", {}, day)
    kpi = replace(the(empty), targets=(aim,))

    def of(period: Period) -> float:
        goal = empty.goal(kpi, period)
        assert goal is not None
        assert goal.value is not None
        return goal.value

    assert isclose(of(calendar.period(per, day)), 1200.0)
    for grain in (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        period = calendar.period(grain, day)
        days = calendar.between(Grain.DAY, period.start, period.end)
        assert isclose(of(period), sum(map(of, days)))
    year = calendar.period(Grain.YEAR, day)
    for grain in (Grain.MONTH, Grain.QUARTER):
        assert isclose(of(year), sum(map(of, calendar.between(grain, year.start, year.end))))


# Examples


def shop(
    frequency: str, rows: str, workspace: str = "", *, aggregate: str = "sum", **more: object
) -> tuple[str, dict[str, str]]:
    keys = "".join(f"{key} = {value}\n" for key, value in more.items())
    text = (
        f'[workspace]\nname = "Acme"\n{workspace}\n[source.shop]\nfiles = "shop.csv"\ndate = "date"\n'
        f'frequency = "{frequency}"\n{keys}[kpi.sales]\nsource = "shop"\ncolumn = "sales"\naggregate = "{aggregate}"\n'
    )
    return text, {"shop.csv": "date,sales\n" + rows.replace(" ", "\n") + "\n"}


def value(workspace: Workspace, period: str) -> float | None:
    return workspace.figures.point(workspace.kpi("sales"), workspace.period(period)).value


def test_on_the_last_day_of_a_month_a_week_that_goes_on_does_not_count(opened: Open) -> None:
    # W44 of 2026, Monday 26 October to Sunday 1 November, belongs to October by its Thursday.
    rows = "2026-W40,1 2026-W41,2 2026-W42,4 2026-W43,8 2026-W44,16"
    workspace = opened(*shop("weekly", rows), as_of="2026-10-31")
    october = workspace.figures.point(workspace.kpi("sales"), workspace.period("2026-10"))
    assert (october.value, october.seen, october.due, october.partial, october.usable) == (15, 4, 5, False, False)
    workspace = opened(*shop("weekly", rows), as_of="2026-11-01")
    october = workspace.figures.point(workspace.kpi("sales"), workspace.period("2026-10"))
    assert (october.value, october.seen, october.due, october.complete) == (31, 5, 5, True)


def test_on_the_last_day_of_a_year_week_53_is_not_over(opened: Open) -> None:
    rows = " ".join(f"2026-W{week:02d},1" for week in range(1, 54))
    for as_of, counted, due in (("2026-12-31", 52, 53), ("2027-01-03", 53, 53)):
        workspace = opened(*shop("weekly", rows), as_of=as_of)
        year = workspace.figures.point(workspace.kpi("sales"), workspace.period("2026"))
        assert (year.value, year.seen, year.due) == (counted, counted, due)


def test_week_53_is_compared_with_364_days_before(opened: Open) -> None:
    rows = "2025-W52,4 2026-W01,5 2026-W52,6 2026-W53,7 2027-W01,8"
    workspace = opened(*shop("weekly", rows), as_of="2027-01-31")
    years = {
        week: workspace.figures.point(workspace.kpi("sales"), workspace.period(week)).year_ago
        for week in ("2026-W52", "2026-W53", "2027-W01")
    }
    assert years == {"2026-W52": 4, "2026-W53": 5, "2027-W01": None}
    assert value(workspace, "2026-W53") == 7


def test_the_29th_of_february_is_a_day_of_its_month_only(opened: Open) -> None:
    rows = "2024-02-28,1 2024-02-29,2 2024-03-01,4"
    workspace = opened(*shop("daily", rows), as_of="2024-02-29")
    assert [value(workspace, period) for period in ("2024-02-29", "2024-02", "2024-03")] == [2, 3, None]
    february = workspace.figures.point(workspace.kpi("sales"), workspace.period("2024-02"))
    assert (february.partial, february.due) == (False, 29)


def test_fiscal_ids_in_data_are_fiscal_only_with_fy(opened: Open) -> None:
    fiscal = "fiscal_year_start = 4"
    text, files = shop("quarterly", "FY2027-Q1,1 FY2027-Q2,2 2026-Q4,4", fiscal)
    workspace = opened(text, files)  # the civil fourth quarter of 2026 is the fiscal third one of 2027
    assert [value(workspace, f"FY2027-Q{quarter}") for quarter in (1, 2)] == [1, 2]
    assert workspace.problems == []
    later = opened(text, files, as_of="2027-01-01")
    assert [value(later, period) for period in ("FY2027-Q3", "FY2027")] == [4, 7]


def test_a_civil_year_is_no_period_of_a_fiscal_calendar(opened: Open) -> None:
    workspace = opened(*shop("yearly", "FY2026,1 2025,2", "fiscal_year_start = 4"))
    assert [str(problem) for problem in workspace.problems if "2025" in problem.message]
    assert workspace.row(workspace.kpi("sales"), workspace.period("2026-10")).spoiled


@pytest.mark.parametrize(
    ("week_start", "month"), [("monday", "2026-11"), ("sunday", "2026-10"), ("saturday", "2026-10")]
)
def test_weekly_dates_go_to_the_month_of_their_weeks_fourth_day(opened: Open, week_start: str, month: str) -> None:
    # Sunday 1 November 2026 closes W44 (Monday weeks) and opens W45 (Sunday weeks); Friday the 6th is in W45 of both.
    text, files = shop("weekly", "2026-11-06,5 2026-10-30,3", f'week_start = "{week_start}"')
    workspace = opened(text, files, as_of="2026-12-31")
    assert value(workspace, "2026-W45") == 5
    assert value(workspace, "2026-10") == 3
    assert value(workspace, "2026-11") == 5
    assert workspace.definitions.calendar.period(Grain.WEEK, date(2026, 11, 1)).id == (
        "2026-W44" if month == "2026-11" else "2026-W45"
    )


@pytest.mark.parametrize(
    ("as_of", "shown", "tag"),
    [("2026-11-04", "2026-Q3", "Q3 ’26"), ("2026-10-31", "2026-Q3", "Q3 ’26"), ("2026-12-31", "2026-Q4", "Q4 ’26")],
)
def test_a_quarterly_kpi_on_a_monthly_scorecard_shows_its_quarter_labelled(
    opened: Open, as_of: str, shown: str, tag: str
) -> None:
    from kpitui.ui.columns import marks

    workspace = opened(*shop("quarterly", "2026-Q2,1 2026-Q3,2 2026-Q4,3"), as_of=as_of)
    (row,) = workspace.scorecard(grain=Grain.MONTH).rows
    assert (row.point.period.id, row.coarser, row.point.value) == (shown, True, float(shown[-1]) - 1)
    assert marks(row, "en_GB").startswith(tag)


def test_a_fiscal_quarter_is_labelled_as_one(opened: Open) -> None:
    from kpitui.ui.columns import marks

    workspace = opened(*shop("quarterly", "FY2027-Q2,2", "fiscal_year_start = 4"), as_of="2026-11-04")
    (row,) = workspace.scorecard(grain=Grain.MONTH).rows
    assert (row.point.period.id, row.point.value) == ("FY2027-Q2", 2)
    assert marks(row, "en_GB").startswith("Q2 ’27")


def test_weekdays_owe_nothing_for_a_weekend_at_the_months_end(opened: Open) -> None:
    days = [date(2026, 10, 1) + timedelta(days=n) for n in range(31)]
    rows = " ".join(f"{day},1" for day in days if day.weekday() < 5)
    workspace = opened(*shop("weekdays", rows), as_of="2026-10-31")  # a Saturday
    october = workspace.row(workspace.kpi("sales"), workspace.period("2026-10"))
    assert (october.point.value, october.point.complete, october.stale_since) == (22, True, None)
    saturday = workspace.row(workspace.kpi("sales"), workspace.period("2026-10-31"))
    assert (saturday.point.value, saturday.point.due, saturday.stale_since) == (None, 0, None)


def test_a_value_is_late_only_after_due_after_days(opened: Open) -> None:
    for as_of, stale in (("2026-11-05", None), ("2026-11-06", date(2026, 9, 30))):
        workspace = opened(*shop("monthly", "2026-08,1 2026-09,2", due_after=6), as_of=as_of)
        assert workspace.figures.stale_since(workspace.kpi("sales"), workspace.as_of) == stale

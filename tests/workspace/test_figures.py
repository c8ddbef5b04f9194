"""From files of a few lines to judged figures: coverage, comparisons, targets, charts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from kpitui.periods import Grain
from kpitui.workspace.answers import Point, ToDate
from kpitui.workspace.opening import Workspace

Open = Callable[..., Workspace]


def source(frequency: str, **more: object) -> str:
    """`[source.shop]` on shop.csv; values as TOML writes them."""
    keys = "".join(f"{key} = {value}\n" for key, value in more.items())
    return f'[source.shop]\nfiles = "shop.csv"\ndate = "date"\nfrequency = "{frequency}"\n{keys}'


def kpi(kpi_id: str = "sales", aggregate: str = "sum", **more: object) -> str:
    keys = "".join(f"{key} = {value}\n" for key, value in more.items())
    return f'[kpi.{kpi_id}]\nsource = "shop"\ncolumn = "{kpi_id}"\naggregate = "{aggregate}"\n{keys}'


def formula(kpi_id: str, text: str, **more: object) -> str:
    return f'[kpi.{kpi_id}]\nformula = "{text}"\n' + "".join(f"{key} = {value}\n" for key, value in more.items())


def daily(first: str, last: str, value: float | str = 10, *, header: str = "date,sales") -> dict[str, str]:
    """shop.csv with the same value on every day."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    lines = [header]
    while day <= end:
        lines.append(f"{day},{value}")
        day += timedelta(days=1)
    return {"shop.csv": "\n".join(lines) + "\n"}


def monthly(first: str, *values: float | None) -> dict[str, str]:
    """shop.csv with one value a month."""
    year, month = map(int, first.split("-"))
    lines = ["date,sales"]
    for i, value in enumerate(values):
        index = year * 12 + month - 1 + i
        lines.append(f"{index // 12}-{index % 12 + 1:02d},{'' if value is None else value}")
    return {"shop.csv": "\n".join(lines) + "\n"}


def rows(*lines: str, header: str = "date,sales") -> dict[str, str]:
    return {"shop.csv": "\n".join([header, *lines]) + "\n"}


def point(workspace: Workspace, period: str, kpi_id: str = "sales") -> Point:
    return workspace.figures.point(workspace.kpi(kpi_id), workspace.period(period))


def to_date(workspace: Workspace, grain: Grain, kpi_id: str = "sales") -> ToDate:
    return workspace.figures.to_date(workspace.kpi(kpi_id), grain)


# Coverage


def test_a_month_with_all_of_its_values_is_complete(opened: Open) -> None:
    october = point(opened(source("daily") + kpi(), daily("2026-10-01", "2026-10-31")), "2026-10")
    assert (october.value, october.coverage, october.seen, october.due) == (310, 1.0, 31, 31)
    assert (october.complete, october.usable, october.partial) == (True, True, False)


def test_absent_rows_and_blank_cells_are_the_same(opened: Open) -> None:
    absent = daily("2026-10-01", "2026-10-28")["shop.csv"]
    blank = absent + "2026-10-29,\n2026-10-30,-\n2026-10-31,N/A\n"
    for text in (absent, blank):
        october = point(opened(source("daily") + kpi(), {"shop.csv": text}), "2026-10")
        assert (october.value, october.seen, october.due) == (280, 28, 31)
        assert october.coverage == pytest.approx(0.9032258064516129)
        assert (october.complete, october.usable) == (False, True)


def test_below_min_coverage_a_figure_is_shown_but_not_judged(opened: Open) -> None:
    settings = source("daily") + kpi(target="[{ from = 2026-01-01, value = 300, per = 'month' }]")
    october = point(opened(settings, daily("2026-10-01", "2026-10-27")), "2026-10")
    assert (october.value, october.usable, october.complete) == (270, False, False)
    assert (october.status, october.gap, october.change, october.signal) == ("no_data", None, None, None)


def test_min_coverage_is_the_workspaces(opened: Open) -> None:
    settings = "[workspace]\nmin_coverage = 0.5\n" + source("daily") + kpi()
    assert point(opened(settings, daily("2026-10-01", "2026-10-16")), "2026-10").usable  # 16 of 31
    assert not point(opened(settings, daily("2026-10-01", "2026-10-15")), "2026-10").usable


def test_other_aggregates_are_complete_from_min_coverage_on(opened: Open) -> None:
    october = point(opened(source("daily") + kpi(aggregate="mean"), daily("2026-10-01", "2026-10-28")), "2026-10")
    assert (october.value, october.complete) == (10, True)


def test_a_period_without_values_has_no_figure_and_not_a_zero(opened: Open) -> None:
    september = point(opened(source("daily") + kpi(), daily("2026-10-01", "2026-10-31")), "2026-09")
    assert (september.value, september.coverage, september.seen, september.due) == (None, 0.0, 0, 30)
    assert (september.complete, september.usable, september.status) == (False, False, "no_data")


def test_weekends_are_not_due_of_weekdays(opened: Open) -> None:
    friday_missing = rows(*(f"2026-10-{day:02d},1" for day in range(1, 30)), header="date,sales")
    # 1 to 29 October has 21 weekdays of 22, and eight days of weekends with values that nobody asked for.
    october = point(opened(source("weekdays") + kpi(), friday_missing), "2026-10")
    assert (october.seen, october.due, october.complete) == (21, 22, False)


def test_nothing_after_the_as_of_date_counts(opened: Open) -> None:
    october = point(opened(source("daily") + kpi(), daily("2026-10-01", "2026-10-31"), as_of="2026-10-10"), "2026-10")
    assert (october.value, october.seen, october.due) == (100, 10, 10)
    assert (october.partial, october.complete, october.usable) == (True, True, True)


@pytest.mark.parametrize(
    ("last_value", "seen", "due"),
    [
        ("2026-11-02", 2, 2),  # owed up to the 2nd
        ("2026-11-03", 3, 3),  # what came early counts on both sides
        ("2026-11-04", 4, 4),
        ("2026-11-01", 1, 2),  # late
    ],
)
def test_in_a_partial_period_values_are_due_after_a_while(opened: Open, last_value: str, seen: int, due: int) -> None:
    november = point(opened(source("daily", due_after=2) + kpi(), daily("2026-10-01", last_value)), "2026-11")
    assert (november.seen, november.due) == (seen, due)


def test_values_of_the_period_before_are_not_this_ones(opened: Open) -> None:
    # On 2 November, five days after which a value is late, nothing of November is owed; two values have come.
    settings = source("daily", due_after=5) + kpi()
    november = point(opened(settings, daily("2026-10-01", "2026-11-02"), as_of="2026-11-02"), "2026-11")
    assert (november.value, november.seen, november.due, november.usable) == (20, 2, 2, True)


# Sources of other frequencies


def test_a_week_belongs_to_the_month_of_its_fourth_day(opened: Open) -> None:
    weeks = rows("2026-W39,100", "2026-W40,1", "2026-W41,2", "2026-W42,4", "2026-W43,8", "2026-W44,16", "2026-W45,100")
    workspace = opened(source("weekly") + kpi(), weeks)
    october = point(workspace, "2026-10")
    assert (october.value, october.seen, october.due) == (31, 5, 5)
    assert point(workspace, "2026-W44").value == 16
    assert point(workspace, "2026-10-31").value is None  # finer than the source


def test_a_week_that_is_not_over_does_not_count(opened: Open) -> None:
    weeks = rows("2026-W40,1", "2026-W41,2", "2026-W42,4", "2026-W43,8", "2026-W44,16")
    october = point(opened(source("weekly") + kpi(), weeks, as_of="2026-10-31"), "2026-10")
    assert (october.value, october.seen, october.due, october.usable) == (15, 4, 5, False)


def test_a_kpi_that_is_coarser_than_the_scorecard_shows_its_own_latest_period(opened: Open) -> None:
    workspace = opened(source("monthly") + kpi(), monthly("2026-08", 1, 2, 3))
    [row] = workspace.scorecard(workspace.period("2026-W44")).rows
    assert (row.coarser, row.point.period.id, row.point.value) == (True, "2026-10", 3)
    [row] = workspace.scorecard(workspace.period("2026-W43")).rows  # ended on 25 October
    assert (row.coarser, row.point.period.id) == (True, "2026-09")
    [row] = workspace.scorecard(workspace.period("2026-10")).rows
    assert not row.coarser


# Events


def deals(*lines: str) -> dict[str, str]:
    return rows(*lines, header="date,amount")


def test_events_reach_as_far_as_the_newest_row(opened: Open) -> None:
    settings = '[measure.deals]\nsource = "shop"\naggregate = "count"\n' + source("event") + formula("won", "deals")
    october = point(opened(settings, deals("2026-09-01,5", "2026-10-03,7", "2026-10-20,9")), "2026-10", "won")
    assert (october.value, october.seen, october.due, october.usable) == (2, 20, 31, False)


EVENTS = """
[measure.deals]
source = "shop"
aggregate = "count"
[measure.amount]
source = "shop"
column = "amount"
aggregate = "sum"
[measure.size]
source = "shop"
column = "amount"
aggregate = "mean"
[kpi.won]
formula = "deals"
[kpi.value]
formula = "amount"
[kpi.deal_size]
formula = "size"
"""


def test_a_day_without_an_event_is_a_zero(opened: Open) -> None:
    workspace = opened(source("event", due_after=1) + EVENTS, deals("2026-08-10,5", "2026-10-03,7", "2026-10-20,9"))
    october = point(workspace, "2026-10", "won")
    assert (october.value, october.seen, october.due, october.complete) == (2, 31, 31, True)
    assert point(workspace, "2026-10", "value").value == 16
    september = point(workspace, "2026-09", "won")
    assert (september.value, september.complete, september.usable) == (0, True, True)
    assert point(workspace, "2026-09-07", "value").value == 0


@pytest.mark.parametrize("row", ["2026-10-05,x", "2026-10-05,7,7", "2026-10-05", '2026-10-05,7" disc'])
def test_a_day_with_an_event_that_cannot_be_read_is_no_zero(opened: Open, row: str) -> None:
    files = deals("2026-08-10,5", "2026-10-03,7", row, "2026-10-05,4", "2026-10-20,9")
    for _ in ("read", "kept in the cache"):
        workspace = opened(source("event", due_after=1) + EVENTS, files)
        october, fifth = point(workspace, "2026-10", "value"), point(workspace, "2026-10-05", "value")
        assert (october.value, october.seen, october.due, october.complete) == (16, 30, 31, False)
        assert (fifth.value, fifth.seen, fifth.due) == (None, 0, 1)
        assert point(workspace, "2026-10-06", "value").value == 0


def test_of_a_text_that_no_row_has_there_is_no_figure_instead_of_0(opened: Open) -> None:
    settings = '[measure.deals]\nsource = "shop"\naggregate = "count"\nwhere = { kind = ["New", "Neu"] }\n' + formula(
        "won", "deals"
    )
    files = rows("2026-08-10,new", "2026-10-03,new", header="date,kind")
    workspace = opened(source("event", due_after=1) + settings, files)
    assert point(workspace, "2026-09", "won").value is None
    row = workspace.row(workspace.kpi("won"), workspace.period("2026-10"))
    assert row.spoiled == "shop.csv: no row has `kind` = `New`"
    assert [str(problem) for problem in workspace.problems] == [
        "shop.csv: measure.deals.where: no row has `kind` = `Neu` (did you mean `new`?)",
        "shop.csv: measure.deals.where: no row has `kind` = `New` (did you mean `new`?)",
    ]
    workspace = opened(source("event", due_after=1) + settings, rows("2026-10-03,New", header="date,kind"))
    assert point(workspace, "2026-10", "won").value == 1
    assert [problem.message for problem in workspace.problems] == ["no row has `kind` = `Neu`"]


def test_a_mean_of_no_events_is_none(opened: Open) -> None:
    workspace = opened(source("event", due_after=1) + EVENTS, deals("2026-08-10,5", "2026-10-03,7", "2026-10-20,9"))
    september = point(workspace, "2026-09", "deal_size")
    assert (september.value, september.complete, september.usable, september.status) == (None, False, False, "no_data")


def test_before_the_first_event_nothing_is_known(opened: Open) -> None:
    workspace = opened(source("event", due_after=1) + EVENTS, deals("2026-08-10,5", "2026-10-03,7"))
    assert point(workspace, "2026-07", "won").value is None
    august = point(workspace, "2026-08", "won")
    assert (august.seen, august.due, august.usable) == (22, 31, False)


def test_events_of_a_month_that_has_just_begun(opened: Open) -> None:
    workspace = opened(source("event", due_after=1) + EVENTS, deals("2026-08-10,5", "2026-10-03,7"))
    november = point(workspace, "2026-11", "won")
    assert (november.value, november.seen, november.due, november.partial, november.usable) == (0, 3, 3, True, True)
    early = opened(source("event", due_after=1) + EVENTS, deals("2026-08-10,5", "2026-11-04,7"))
    november = point(early, "2026-11", "won")
    assert (november.value, november.seen, november.due) == (1, 4, 4)


def test_events_after_the_as_of_date_do_not_count(opened: Open) -> None:
    workspace = opened(source("event") + EVENTS, deals("2026-09-10,5", "2026-10-03,7", "2026-12-24,9"))
    november = point(workspace, "2026-11", "won")
    assert (november.value, november.seen, november.due) == (0, 4, 4)


def test_months_without_events_are_in_the_chart(opened: Open) -> None:
    settings = '[measure.deals]\nsource = "shop"\naggregate = "count"\nwhere = { kind = ["new"] }\n' + formula(
        "won", "deals"
    )
    files = rows("2026-05-31,old", "2026-08-10,new", "2026-10-03,new", header="date,kind")
    workspace = opened(source("event", due_after=1) + settings, files)
    drawn = workspace.figures.chart(workspace.kpi("won"), Grain.MONTH)
    assert [period.id for period in drawn.periods] == ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]
    assert drawn.values == (0, 0, 1, 0, 1)


# Formulas

LEADS = """
[measure.sqls]
source = "shop"
column = "sqls"
aggregate = "sum"
[measure.mqls]
source = "shop"
column = "mqls"
aggregate = "sum"
"""


def test_a_rate_is_a_ratio_of_sums_and_no_mean_of_rates(opened: Open) -> None:
    settings = source("monthly") + LEADS + formula("rate", "sqls / mqls") + formula("cost", "mqls / sqls")
    files = rows("2026-01,1,10", "2026-02,30,40", "2026-03,0,50", header="date,sqls,mqls")
    workspace = opened(settings, files)
    assert point(workspace, "2026-Q1", "rate").value == pytest.approx(0.31)  # 31 / 100, not (10 + 75 + 0) % / 3
    assert point(workspace, "2026-Q1", "cost").value == pytest.approx(3.2258064516)  # shares both inputs


def test_division_by_zero_gives_no_value(opened: Open) -> None:
    settings = source("monthly") + LEADS + formula("cost", "mqls / sqls")
    march = point(opened(settings, rows("2026-03,0,50", header="date,sqls,mqls")), "2026-03", "cost")
    assert (march.value, march.coverage, march.complete, march.usable, march.status) == (
        None,
        1.0,
        False,
        False,
        "no_data",
    )


def test_a_figure_beyond_what_can_be_summed_is_none(opened: Open) -> None:
    target = "[{ from = 2026-01-01, value = 1e-300 }]"
    settings = source("monthly") + kpi() + formula("huge", "sales * 1e18", target=target)
    workspace = opened(settings, monthly("2026-01", *[1e290] * 3, 1.0, *[1e271, 1e272] * 3))
    assert point(workspace, "2026-03", "huge").value is None
    assert point(workspace, "2026-04", "huge").value == 1e18
    assert point(workspace, "2026-10", "huge").gap is None
    assert len(workspace.figures.chart(workspace.kpi("huge"), Grain.MONTH).values) == 7


def test_a_formula_is_covered_like_its_least_covered_input(opened: Open) -> None:
    settings = source("daily") + LEADS + formula("rate", "sqls / mqls")
    lines = [f"2026-10-{day:02d},1,{'' if day > 25 else 2}" for day in range(1, 32)]
    october = point(opened(settings, rows(*lines, header="date,sqls,mqls")), "2026-10", "rate")
    assert (october.value, october.seen, october.due, october.usable) == (0.62, 25, 31, False)


def test_a_formula_lives_at_the_coarsest_frequency_of_its_inputs(opened: Open) -> None:
    settings = (
        source("daily")
        + '[source.ledger]\nfiles = "ledger.csv"\ndate = "month"\nfrequency = "monthly"\n'
        + kpi()
        + '[measure.spend]\nsource = "ledger"\ncolumn = "spend"\naggregate = "sum"\n'
        + formula("cost", "spend / sales")
    )
    files = daily("2026-10-01", "2026-10-31") | {"ledger.csv": "month,spend\n2026-10,620\n"}
    workspace = opened(settings, files)
    assert point(workspace, "2026-10", "cost").value == 2.0
    assert point(workspace, "2026-W43", "cost").value is None
    assert point(workspace, "2026-W43", "sales").value == 70
    assert workspace.kpi("cost").grain is Grain.MONTH
    assert [row.coarser for row in workspace.scorecard(workspace.period("2026-W44")).rows] == [False, True]


def test_prev_is_the_period_before_at_the_same_grain(opened: Open) -> None:
    settings = (
        source("monthly") + kpi() + formula("growth", "sales / prev(sales) - 1") + formula("back", "prev(sales, 3)")
    )
    workspace = opened(settings, monthly("2026-01", 10, 20, 30, 40, 50, 60))
    assert point(workspace, "2026-02", "growth").value == 1.0
    assert point(workspace, "2026-Q2", "growth").value == 1.5  # 150 / 60 - 1
    assert point(workspace, "2026-01", "growth").value is None
    assert point(workspace, "2026-04", "back").value == 10


def test_a_formula_that_looks_back_before_the_year_1_has_no_value(opened: Open) -> None:
    settings = source("monthly") + kpi() + formula("old", "prev(sales, 1000)") + formula("older", "prev(old, 1000)")
    settings += formula("oldest", "prev(older, 1000)")
    workspace = opened(settings, monthly("2026-01", 10))
    assert point(workspace, "2026", "oldest").value is None


def test_a_source_that_cannot_be_read_spoils_only_what_uses_it(opened: Open) -> None:
    settings = source("monthly") + kpi() + kpi("gone") + formula("both", "sales + gone") + formula("one", "sales * 2")
    workspace = opened(settings, monthly("2026-10", 5))
    shown = {row.kpi.id: (row.point.value, row.spoiled) for row in workspace.scorecard().rows}
    assert shown["sales"] == (5, None)
    assert shown["one"] == (10, None)
    for broken in ("gone", "both"):
        value, why = shown[broken]
        assert value is None
        assert why
        assert why.startswith("shop.csv:1: there is no column")


# Comparisons


def test_change_and_year(opened: Open) -> None:
    workspace = opened(source("monthly") + kpi(), monthly("2025-10", 80, *[None] * 10, 100, 110))
    october = point(workspace, "2026-10")
    assert (october.change, october.yoy) == (pytest.approx(0.1), pytest.approx(0.375))
    assert (october.previous, october.year_ago, october.year_ago_complete) == (100, 80, True)


def test_nothing_is_compared_with_what_is_missing_or_zero(opened: Open) -> None:
    workspace = opened(source("monthly") + kpi(), monthly("2026-08", 0, 100, 50))
    assert point(workspace, "2026-08").change is None
    assert point(workspace, "2026-09").change is None  # from zero
    assert point(workspace, "2026-10").change == -0.5
    assert point(workspace, "2026-10").yoy is None


def test_a_partial_period_is_not_compared(opened: Open) -> None:
    november = point(opened(source("daily") + kpi(), daily("2025-10-01", "2026-11-04")), "2026-11")
    assert (november.value, november.partial, november.change, november.yoy) == (40, True, None, None)
    assert (november.signal, november.variation) == (None, None)


def test_a_period_below_min_coverage_is_nobodys_before(opened: Open) -> None:
    files = daily("2026-08-01", "2026-09-26")  # 26 of 30
    files["shop.csv"] += "".join(f"2026-10-{day:02d},10\n" for day in range(1, 32))
    october = point(opened(source("daily") + kpi(), files), "2026-10")
    assert (october.value, october.change, october.previous) == (310, None, None)


def test_a_week_is_compared_with_364_days_before(opened: Open) -> None:
    workspace = opened(source("weekly") + kpi(), rows("2025-W44,50", "2026-W43,80", "2026-W44,100"))
    week = point(workspace, "2026-W44")
    assert (week.change, week.yoy) == (0.25, 1.0)


def test_rates_are_compared_in_points(opened: Open) -> None:
    settings = source("monthly") + LEADS + formula("rate", "sqls / mqls", unit='"percent"')
    settings += formula("churn", "sqls / mqls", unit='"percent"', comparison='"bps"')
    files = rows("2026-09,25,100", "2026-10,22,100", header="date,sqls,mqls")
    workspace = opened(settings, files)
    assert point(workspace, "2026-10", "rate").change == pytest.approx(-0.03)
    assert point(workspace, "2026-10", "churn").change == pytest.approx(-0.03)


# To date


def test_a_month_to_date_is_compared_with_as_many_days(opened: Open) -> None:
    files = daily("2025-11-01", "2025-11-30", 5)
    files["shop.csv"] += daily("2026-10-01", "2026-10-31", 8)["shop.csv"].partition("\n")[2]
    files["shop.csv"] += daily("2026-11-01", "2026-11-04", 10)["shop.csv"].partition("\n")[2]
    month = to_date(opened(source("daily") + kpi(), files), Grain.MONTH)
    assert (month.value, month.previous, month.year_ago) == (40, 32, 20)
    assert (month.change, month.yoy) == (0.25, 1.0)


def test_what_is_not_due_yet_stands_on_neither_side(opened: Open) -> None:
    # On the 4th the values of the 4th are not owed: three days here, so three days there.
    workspace = opened(source("daily", due_after=1) + kpi(), daily("2025-10-01", "2026-11-03"))
    month = to_date(workspace, Grain.MONTH)
    assert (month.value, month.previous, month.year_ago) == (30, 30, 30)
    assert (month.change, month.yoy) == (0.0, 0.0)


def test_a_late_value_of_the_month_before_is_missed(opened: Open) -> None:
    files = daily("2026-10-01", "2026-11-03")
    files["shop.csv"] = files["shop.csv"].replace("2026-10-03,10\n", "")
    month = to_date(opened(source("daily", due_after=1) + kpi(), files), Grain.MONTH)
    assert (month.value, month.change) == (30, None)  # two of three days


def test_a_year_to_date_in_months_leaves_out_the_same_months(opened: Open) -> None:
    # 3 March: February is not due before the 5th. January against January.
    settings = source("monthly", due_after=5) + kpi()
    year = to_date(opened(settings, monthly("2025-01", *[10] * 13), as_of="2026-03-03"), Grain.YEAR)
    assert (year.value, year.year_ago, year.yoy) == (10, 10, 0.0)
    late = to_date(opened(settings, monthly("2025-01", *[10] * 13), as_of="2026-03-05"), Grain.YEAR)
    assert (late.value, late.yoy) == (10, None)  # one of two


def test_the_29th_of_february_is_compared_with_the_28th(opened: Open) -> None:
    workspace = opened(source("daily") + kpi(), daily("2023-01-01", "2024-02-29", 1), as_of="2024-02-29")
    month, year = to_date(workspace, Grain.MONTH), to_date(workspace, Grain.YEAR)
    assert (month.value, month.year_ago) == (29, 28)
    assert (year.value, year.year_ago) == (60, 59)
    assert month.previous == 29  # 1 to 29 January


def test_a_week_to_date_is_compared_with_364_days_before(opened: Open) -> None:
    # 4 November 2026 is a Wednesday; the week before, and Monday 3 to Wednesday 5 November 2025.
    files = rows("2025-11-03,1", "2025-11-04,2", "2025-11-05,4", "2025-11-06,8")
    files["shop.csv"] += daily("2026-10-26", "2026-11-04")["shop.csv"].partition("\n")[2]
    week = to_date(opened(source("daily") + kpi(), files), Grain.WEEK)
    assert (week.value, week.previous, week.year_ago) == (30, 30, 7)


def test_a_longer_month_is_compared_with_the_whole_shorter_one(opened: Open) -> None:
    month = to_date(opened(source("daily") + kpi(), daily("2026-02-01", "2026-03-31"), as_of="2026-03-30"), Grain.MONTH)
    assert (month.value, month.previous) == (300, 280)


def test_segments_of_time_finer_than_the_source_are_empty(opened: Open) -> None:
    workspace = opened(source("monthly") + kpi(), monthly("2026-01", *[10] * 10))
    assert to_date(workspace, Grain.WEEK) == ToDate(None, None, None, None, None, None, False, False, False)
    assert to_date(workspace, Grain.YEAR).value == 100


def test_the_target_to_date_is_of_the_days_so_far(opened: Open) -> None:
    settings = source("daily") + kpi(target="[{ from = 2026-01-01, value = 300, per = 'month' }]")
    month = to_date(opened(settings, daily("2026-11-01", "2026-11-04")), Grain.MONTH)
    assert month.goal
    assert month.goal.value == pytest.approx(40)


def test_where_nothing_of_a_month_is_owed_yet_there_is_nothing_to_compare(opened: Open) -> None:
    settings = source("daily", due_after=1) + kpi(target="[{ from = 2026-01-01, value = 300, per = 'month' }]")
    month = to_date(opened(settings, daily("2026-10-01", "2026-10-31"), as_of="2026-11-01"), Grain.MONTH)
    assert (month.value, month.change, month.yoy, month.goal) == (None, None, None, None)


# Targets and status

MONTHLY_TARGET = "[{ from = 2026-01-01, value = 300, per = 'month' }]"


def test_a_partial_month_of_an_amount_is_judged_on_its_pace(opened: Open) -> None:
    settings = source("daily") + kpi(target=MONTHLY_TARGET)
    october = point(opened(settings, daily("2026-10-01", "2026-10-10"), as_of="2026-10-10"), "2026-10")
    assert (october.value, october.judged, october.status_basis) == (100, pytest.approx(310), "pace")  # 100 × 31 / 10
    assert (october.status, october.gap) == ("on_track", pytest.approx(0.0333333333))


def test_a_partial_month_of_a_rate_is_judged_as_it_is(opened: Open) -> None:
    settings = source("daily") + kpi(aggregate="mean", target="[{ from = 2026-01-01, value = 10 }]")
    october = point(opened(settings, daily("2026-10-01", "2026-10-10"), as_of="2026-10-10"), "2026-10")
    assert (october.judged, october.status, october.status_basis) == (10, "on_track", "actual")


def test_a_whole_month_is_judged_as_it_is(opened: Open) -> None:
    october = point(
        opened(source("daily") + kpi(target=MONTHLY_TARGET), daily("2026-10-01", "2026-10-31", 9)), "2026-10"
    )
    assert (october.judged, october.status, october.status_basis) == (279, "at_risk", "actual")


def test_below_the_kpis_own_grain_there_is_no_target(opened: Open) -> None:
    settings = source("daily") + kpi(target=MONTHLY_TARGET, grain='"week"')
    workspace = opened(settings, daily("2026-10-01", "2026-10-31"))
    assert point(workspace, "2026-10-15").status == "no_target"
    week = point(workspace, "2026-W43")
    assert week.goal
    assert week.goal.value == pytest.approx(67.7419354839)  # 300 × 7 / 31


def test_the_years_target_stands_beside_the_months(opened: Open) -> None:
    settings = source("monthly") + kpi(target="[{ from = 2026-01-01, value = 2400, per = 'year' }]")
    [row] = opened(settings, monthly("2026-10", 210)).scorecard().rows
    assert row.point.goal
    assert row.point.goal.value == pytest.approx(200)
    assert row.year_goal
    assert row.year_goal.value == pytest.approx(2400)


REVIEW = """schema = 1

[review]
id = "2026-10-monthly"
cadence = "monthly"
period = "2026-10"
state = "open"
started = 2026-11-04T09:00:00+01:00
"""


def decided(number: int, body: str, table: str = "target") -> str:
    return (
        f'\n[{table}.{table[0]}-000{number}]\nkpi = "sales"\nperiod = "2026-10"\nby = "head"\n'
        f'at = 2026-11-04T09:{number:02d}:00+01:00\nreason = "agreed"\n{body}\n'
    )


def test_a_decided_target_is_stronger_than_the_definitions(opened: Open) -> None:
    settings = source("monthly") + kpi(target="[{ from = 2026-01-01, value = 300 }]")
    files = monthly("2026-08", 200, 200, 200)
    assert [row.point.status for row in opened(settings, files).scorecard().rows] == ["behind"]
    files["reviews/2026-10-monthly.toml"] = REVIEW + decided(1, "from = 2026-09-01\nvalue = 200.0")
    workspace = opened(settings, files)
    assert [point(workspace, month).status for month in ("2026-08", "2026-09", "2026-10")] == [
        "behind",
        "on_track",
        "on_track",
    ]


def test_of_decided_targets_the_newest_holds(opened: Open) -> None:
    files = monthly("2026-10", 200)
    text = decided(1, "from = 2026-09-01\nvalue = 200.0") + decided(2, "from = 2026-01-01\nvalue = 400.0")
    files["reviews/2026-10-monthly.toml"] = REVIEW + text
    [row] = opened(source("monthly") + kpi(), files).scorecard().rows
    assert row.point.goal
    assert row.point.goal.value == 400
    assert "target" not in row.missing_components


def test_a_decided_target_may_end(opened: Open) -> None:
    settings = source("monthly") + kpi(target="[{ from = 2026-01-01, value = 300 }]")
    files = monthly("2026-08", 200, 200, 200)
    files["reviews/2026-10-monthly.toml"] = REVIEW + decided(1, "from = 2026-09-01\nuntil = 2026-09-30\nvalue = 200.0")
    workspace = opened(settings, files)
    goals = [point(workspace, month).goal for month in ("2026-09", "2026-10")]
    assert [goal and goal.value for goal in goals] == [200, 300]


# Charts


def test_gaps_are_skipped_and_neighbours_are_neighbouring_points(opened: Open) -> None:
    workspace = opened(source("monthly") + kpi(), monthly("2026-01", 1, None, 2, None, None, 3, 4, 5))
    drawn = workspace.figures.chart(workspace.kpi("sales"), Grain.MONTH)
    assert [period.id for period in drawn.periods] == ["2026-01", "2026-03", "2026-06", "2026-07", "2026-08"]
    assert drawn.chart.phases[0].mean_moving_range == 1.0


def test_the_chart_ends_with_the_last_whole_period(opened: Open) -> None:
    workspace = opened(source("daily") + kpi(), daily("2026-06-01", "2026-11-04"))
    drawn = workspace.figures.chart(workspace.kpi("sales"), Grain.MONTH)
    assert drawn.values == (300, 310, 310, 300, 310)


TWO_LEVELS = monthly("2024-11", *[0, 10] * 6, *[20, 30] * 6)


def test_a_rebased_chart_begins_a_phase_with_the_period_that_holds_the_date(opened: Open) -> None:
    settings = source("monthly") + kpi() + "[kpi.sales.chart]\nrebase = [2025-11-30]\n"
    workspace = opened(settings, TWO_LEVELS)
    drawn = workspace.figures.chart(workspace.kpi("sales"), Grain.MONTH).chart
    assert [(phase.first, phase.mean) for phase in drawn.phases] == [(0, 5.0), (12, 25.0)]


def test_a_phase_that_a_review_decided(opened: Open) -> None:
    files = TWO_LEVELS | {"reviews/2026-10-monthly.toml": REVIEW + decided(1, "from = 2025-11-01", "phase")}
    workspace = opened(source("monthly") + kpi(), files)
    october = point(workspace, "2026-10")
    assert (october.signal, october.variation) == (None, "common_cause")
    assert october.phase
    assert (october.phase.mean, october.phase.points) == (25.0, 12)


def test_a_baseline_that_a_review_fixed(opened: Open) -> None:
    body = "from = 2024-11-01\nbaseline_until = 2025-10-31"
    files = TWO_LEVELS | {"reviews/2026-10-monthly.toml": REVIEW + decided(1, body, "phase")}
    workspace = opened(source("monthly") + kpi(), files)
    [phase] = workspace.figures.chart(workspace.kpi("sales"), Grain.MONTH).chart.phases
    assert (phase.mean, phase.points) == (5.0, 24)
    [row] = workspace.scorecard().rows
    assert row.point.signal
    assert (row.point.signal.rule, row.point.variation) == ("near_limits", "improvement_high")
    assert row.changed_since
    assert row.changed_since.id == "2025-10"  # the 10 before the first 20 begins the run above the mean


def test_a_partial_period_shows_the_limits_of_the_phase_that_goes_on(opened: Open) -> None:
    workspace = opened(source("monthly") + kpi(), TWO_LEVELS)
    november = point(workspace, "2026-11")
    assert november.phase
    assert (november.phase.mean, november.variation) == (15.0, None)


def test_what_is_no_ratio_of_counts_has_a_chart_of_its_values_under_its_own_name(opened: Open) -> None:
    for method in ("p", "u"):
        settings = source("monthly") + kpi() + f'[kpi.sales.chart]\nmethod = "{method}"\n'
        workspace = opened(settings, TWO_LEVELS)
        [row] = workspace.scorecard().rows
        assert row.chart.method == "nhs"
        assert remarks(workspace)[0] == "stands_in"


# 10 and 20 of 100 in turn, then 58 of 400: limits of 0.15 ± 3 × 0.1 / 1.128, of four times the whole half as wide.
# σ_z, for the limits of a p′ chart, is worked out in tests/analysis/test_counts.py.
FAILED = {"shop.csv": "date,orders,failed\n" + "".join(
    f"{year}-{month:02d},{'400,116' if (year, month) == (2026, 10) else f'100,{10 + month % 2 * 10}'}\n"
    for year in (2025, 2026)
    for month in range(1, 13)
    if (year, month) <= (2026, 10)
)}  # fmt: skip
FAILURES = """
[measure.orders]
source = "shop"
column = "orders"
aggregate = "sum"
[measure.failed]
source = "shop"
column = "failed"
aggregate = "sum"
"""


def test_a_part_of_a_whole_has_limits_of_its_own_in_each_period(opened: Open) -> None:
    chart = '[kpi.failure.chart]\nmethod = "p"\nbaseline = 20\n'
    settings = source("monthly") + FAILURES + formula("failure", "failed / orders", direction="'down'") + chart
    workspace = opened(settings, FAILED)
    september, october = point(workspace, "2026-09", "failure"), point(workspace, "2026-10", "failure")
    assert september.phase
    assert october.phase
    assert (september.phase.lower, september.phase.upper) == pytest.approx((-0.115957, 0.415957), abs=1e-6)
    assert (october.phase.lower, october.phase.upper) == pytest.approx((0.017021, 0.282979), abs=1e-6)
    assert october.signal
    assert (october.signal.rule, october.variation) == ("outside_limits", "concern_high")
    [row] = workspace.scorecard().rows
    assert row.chart.method == "p"
    assert row.chart.phases[0].sigma_z == pytest.approx(2.48277, abs=5e-6)
    assert remarks(workspace, "failure") == []


def test_more_than_the_whole_is_no_part_of_it(opened: Open) -> None:
    settings = source("monthly") + FAILURES + formula("failure", "failed / orders")
    too_many = {"shop.csv": FAILED["shop.csv"].replace("2026-03,100,20", "2026-03,100,120")}
    workspace = opened(settings + '[kpi.failure.chart]\nmethod = "p"\n', too_many)
    assert workspace.scorecard().rows[0].chart.method == "nhs"
    assert remarks(workspace, "failure")[0] == "stands_in"
    per_order = opened(settings + '[kpi.failure.chart]\nmethod = "u"\n', too_many)
    assert per_order.scorecard().rows[0].chart.method == "u"


def test_few_events_say_little(opened: Open) -> None:
    few = {"shop.csv": FAILED["shop.csv"].replace(",20\n", ",2\n").replace(",10\n", ",3\n").replace("400,116", "100,3")}
    settings = source("monthly") + FAILURES + formula("failure", "failed / orders", unit="'percent'")
    workspace = opened(settings + '[kpi.failure.chart]\nmethod = "p"\n', few)
    assert "too_few" in remarks(workspace, "failure")


# Seasons

SEASON = [8, 9, 10, 10, 9, 9, 8, 7, 10, 11, 12, 17]  # a December is no signal
YEARS = [100.0 * month + (i % 3) for i, month in enumerate(SEASON * 4)][:46]  # to October 2026
SEASONAL = "[kpi.sales.chart]\nseasonal = true\n"


def remarks(workspace: Workspace, kpi_id: str = "sales") -> list[str]:
    return [remark.kind for remark in workspace.figures.remarks(workspace.kpi(kpi_id), Grain.MONTH)]


def test_without_adjustment_a_december_is_a_signal_and_the_season_is_said(opened: Open) -> None:
    workspace = opened(source("monthly") + kpi(), monthly("2023-01", *YEARS))
    december = point(workspace, "2025-12")
    assert december.signal
    assert december.signal.rule == "outside_limits"
    assert remarks(workspace) == ["season"]


def test_a_seasonally_adjusted_chart_has_limits_in_season_and_says_so(opened: Open) -> None:
    workspace = opened(source("monthly") + kpi() + SEASONAL, monthly("2023-01", *YEARS))
    december, june = point(workspace, "2025-12"), point(workspace, "2025-06")
    assert december.signal is None
    assert december.value == 1702  # as it was measured
    assert december.phase
    assert december.phase.lower is not None
    assert december.phase.upper is not None
    assert december.phase.lower <= 1702 <= december.phase.upper
    assert june.phase
    # December has 17 parts of 120, June 9
    assert december.phase.mean / june.phase.mean == pytest.approx(17 / 9, rel=0.01)
    assert remarks(workspace) == ["adjusted"]
    [row] = workspace.scorecard().rows
    assert len(row.chart.adjusted) == 46


def test_a_chart_of_counts_is_not_sent_for_an_adjustment_that_it_does_not_take(opened: Open) -> None:
    counts = [f"{2023 + i // 12}-{i % 12 + 1:02d},10000,{value:.0f}\n" for i, value in enumerate(YEARS)]
    settings = source("monthly") + FAILURES + formula("failure", "failed / orders", unit="'percent'")
    data = {"shop.csv": "date,orders,failed\n" + "".join(counts)}
    as_counts = settings + '[kpi.failure.chart]\nmethod = "p"\n'
    assert remarks(opened(as_counts, data), "failure") == ["season_of_counts"]
    assert remarks(opened(as_counts + "seasonal = true\n", data), "failure") == [
        "counts_not_adjusted",
        "season_of_counts",
    ]


def test_under_three_years_nothing_is_adjusted_and_that_is_said(opened: Open) -> None:
    workspace = opened(source("monthly") + kpi() + SEASONAL, monthly("2024-06", *YEARS[:29]))
    assert workspace.scorecard().rows[0].chart.adjusted == ()
    assert "not_adjusted" in remarks(workspace)


def test_neighbours_that_resemble_each_other_and_a_target_at_the_median_are_said(opened: Open) -> None:
    waves = [10.0, 12, 14, 15, 14, 12] * 4
    settings = source("monthly") + kpi(target="[{ from = 2023-01-01, value = 13 }]")
    workspace = opened(settings, monthly("2024-11", *waves))
    assert remarks(workspace) == ["autocorrelated", "target_at_median"]
    [resemblance, _] = workspace.figures.remarks(workspace.kpi("sales"), Grain.MONTH)
    assert resemblance.value == pytest.approx(0.4, abs=0.1)


def test_resemblance_is_of_the_points_that_the_limits_are_of(opened: Open) -> None:
    # 10 and 12 in turn: r = −11/12. With the twelve months of 30 that the chart reports it would be 0.9.
    shifted = [10.0, 12] * 6 + [30.0] * 12
    workspace = opened(source("monthly") + kpi(**{"chart.baseline": 12}), monthly("2024-11", *shifted))
    drawn = workspace.figures.chart(workspace.kpi("sales"), Grain.MONTH).chart
    assert (drawn.phases[0].known_from, drawn.variation) == (12, "improvement_high")
    assert remarks(workspace) == ["unstable"]


def test_a_target_in_the_middle_of_what_was_is_not_at_the_median_of_what_is(opened: Open) -> None:
    # Half of 24 months are over 15, but the last twelve all miss it.
    shifted = [20.0, 22] * 6 + [10.0, 8] * 6
    settings = source("monthly") + kpi(target="[{ from = 2023-01-01, value = 15 }]", **{"chart.baseline": 12})
    assert "target_at_median" not in remarks(opened(settings, monthly("2024-11", *shifted)))
    usual = [20.0, 10] * 12
    assert "target_at_median" in remarks(opened(settings, monthly("2024-11", *usual)))


def test_a_seasonal_target_is_spread_by_the_shares_of_up_to_three_earlier_years(opened: Open) -> None:
    target = "[{ from = 2026-01-01, until = 2026-12-31, value = 24000, per = 'year', path = 'seasonal' }]"
    workspace = opened(
        source("monthly") + kpi(target=target), monthly("2022-01", *([1000.0] * 12), *([100.0 * m for m in SEASON] * 3))
    )

    def aim(period: str) -> float | None:
        goal = point(workspace, period).goal
        return goal and goal.value

    # 2023 to 2025 have 17 of 120 in December; the even year 2022 is the fourth
    assert aim("2026-12") == pytest.approx(3400)
    assert aim("2026-Q1") == pytest.approx(5400)  # 27 of 120
    assert aim("2026") == 24000


def test_a_seasonal_target_of_quarterly_figures_is_spread_over_quarters(opened: Open) -> None:
    target = "[{ from = 2026-01-01, until = 2026-12-31, value = 1000, per = 'year', path = 'seasonal' }]"
    quarters = rows("2025-Q1,10", "2025-Q2,20", "2025-Q3,30", "2025-Q4,40", "2026-Q1,50")
    workspace = opened(source("quarterly") + kpi(target=target), quarters)
    goals = [point(workspace, f"2026-Q{quarter}").goal for quarter in (1, 2, 3, 4)]
    assert [goal and goal.value for goal in goals] == pytest.approx([100, 200, 300, 400])


def test_a_seasonal_target_without_earlier_years_is_known_for_the_year_only(opened: Open) -> None:
    target = "[{ from = 2026-01-01, until = 2026-12-31, value = 24000, per = 'year', path = 'seasonal' }]"
    workspace = opened(source("monthly") + kpi(target=target), monthly("2026-01", *SEASON[:10]))
    assert point(workspace, "2026-10").goal is None
    assert point(workspace, "2026").goal is not None


def test_a_method_none_draws_nothing(opened: Open) -> None:
    settings = source("monthly") + kpi() + '[kpi.sales.chart]\nmethod = "none"\n'
    [row] = opened(settings, TWO_LEVELS).scorecard().rows
    assert (row.chart.method, row.point.signal, row.point.variation, row.point.phase) == ("none", None, None, None)


# Stale


def stale(workspace: Workspace, by: str = "2026-11-04") -> str | None:
    found = workspace.figures.stale_since(workspace.kpi("sales"), date.fromisoformat(by))
    return found and found.isoformat()


def test_a_source_is_stale_once_a_value_is_late(opened: Open) -> None:
    settings = source("daily", due_after=3) + kpi()
    assert stale(opened(settings, daily("2026-09-01", "2026-11-01"))) is None
    assert stale(opened(settings, daily("2026-09-01", "2026-10-31"))) == "2026-10-31"


def test_a_stale_source_has_no_value_for_the_period_and_says_since_when(opened: Open) -> None:
    workspace = opened(source("weekly") + kpi(), rows("2026-W17,1", "2026-W18,2"))
    [row] = workspace.scorecard(workspace.period("2026-10")).rows
    assert (row.point.period.id, row.point.value, row.stale_since) == ("2026-10", None, date(2026, 5, 3))
    assert row.group == "no_judgement"


def test_a_weekend_does_not_make_weekdays_stale(opened: Open) -> None:
    friday = rows("2026-10-29,1", "2026-10-30,1")
    workspace = opened(source("weekdays") + kpi(), friday, as_of="2026-11-01")
    assert stale(workspace, "2026-11-01") is None
    assert stale(opened(source("weekdays") + kpi(), friday, as_of="2026-11-02"), "2026-11-02") == "2026-10-30"


def test_what_came_after_the_as_of_date_makes_nothing_fresh(opened: Open) -> None:
    files = daily("2026-04-01", "2026-05-03")
    files["shop.csv"] += daily("2026-09-01", "2026-10-31")["shop.csv"].partition("\n")[2]
    assert stale(opened(source("daily") + kpi(), files, as_of="2026-07-31"), "2026-07-31") == "2026-05-03"


def test_events_are_stale_where_nothing_says_how_far_they_reach(opened: Open) -> None:
    settings = '[measure.deals]\nsource = "shop"\naggregate = "count"\n' + formula("sales", "deals")
    files = rows("2026-09-01,1", "2026-10-20,1")
    assert stale(opened(source("event") + settings, files)) == "2026-10-20"
    assert stale(opened(source("event", due_after=1) + settings, files)) is None


def test_sparks_hold_usable_figures_only(opened: Open) -> None:
    [row] = opened(source("monthly") + kpi(), monthly("2026-07", 1, None, 3, 4)).scorecard().rows
    assert row.spark == (*[None] * 21, 1, None, 3, 4)

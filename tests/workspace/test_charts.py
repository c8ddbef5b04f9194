"""What the views of a KPI show: periods, lines, levels, marks, and what happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from kpitui.measurements.segments import read_segments
from kpitui.periods import Calendar, Grain
from kpitui.problems import KpituiError
from kpitui.ui.keymap import KeyMap
from kpitui.workspace.charts import views
from kpitui.workspace.charts.happenings import happenings
from kpitui.workspace.charts.limits import propose, record_phase
from kpitui.workspace.charts.pictures import Breakdown, most, picture
from kpitui.workspace.charts.reading import compared, reading
from kpitui.workspace.charts.segments import columns, segments
from kpitui.workspace.charts.values import Happening, Level, Mark, Panel, Picture
from kpitui.workspace.charts.views import VIEWS, Place, Window
from kpitui.workspace.opening import Workspace

Open = Callable[..., Workspace]
VIEW = {view.id: view for view in VIEWS}

MONTHLY = """\
[source.shop]
files = "shop.csv"
date = "month"
frequency = "monthly"

[kpi.rate]
source = "shop"
column = "rate"
aggregate = "mean"
"""
DAILY = """\
[source.shop]
files = "shop.csv"
date = "day"
frequency = "daily"
segments = ["region"]

[kpi.sales]
source = "shop"
column = "sales"
aggregate = "sum"
"""


def months(*values: float | None, first: int = 1) -> dict[str, str]:
    """shop.csv with a value a month from January 2025, or a later month, on."""
    lines = ["month,rate"]
    for i, value in enumerate(values, first - 1):
        lines.append(f"{2025 + i // 12}-{i % 12 + 1:02d},{'' if value is None else value}")
    return {"shop.csv": "\n".join(lines) + "\n"}


def days(first: str, last: str) -> dict[str, str]:
    """shop.csv with one sale a day in the north and three in the south."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    lines = ["day,region,sales"]
    while day <= end:
        lines += [f"{day},north,1", f"{day},south,3"]
        day += timedelta(days=1)
    return {"shop.csv": "\n".join(lines) + "\n"}


def drawn(workspace: Workspace, view: str, grain: Grain = Grain.MONTH, **window: int) -> Picture:
    (kpi,) = workspace.definitions.kpis.values()
    return picture(workspace, kpi, VIEW[view], Window(**window), grain, key=KeyMap().shown)


def level(panel: Panel, name: str) -> Level:
    return next(level for level in panel.levels if level.name == name)


def ids(panel: Panel) -> list[str]:
    return [period.id for period in panel.periods]


# Which views there are


def test_a_monthly_kpi_has_no_view_of_weeks(opened: Open) -> None:
    kpi = opened(MONTHLY, months(1, 2, 3)).kpi("rate")
    offered = [view.id for view in views.views(kpi, Grain.MONTH, segmented=False)]
    assert offered == ["months12", "months24", "months36", "years", "moving_range"]


def test_a_daily_kpi_has_weeks_beside_months(opened: Open) -> None:
    kpi = opened(DAILY, days("2026-01-01", "2026-11-04")).kpi("sales")
    offered = [view.id for view in views.views(kpi, Grain.MONTH, segmented=True)]
    assert offered == [
        "weeks6_months12", "weeks13", "months12", "months24", "months36", "years", "moving_range", "segments",
    ]  # fmt: skip
    assert views.views(kpi, Grain.DAY, segmented=False)[0].id == "days31"


def test_a_quarterly_kpi_is_seen_by_quarters(opened: Open) -> None:
    settings = MONTHLY.replace("monthly", "quarterly")
    kpi = opened(settings, {"shop.csv": "month,rate\n2026-Q2,1\n2026-Q3,2\n"}).kpi("rate")
    offered = [view.id for view in views.views(kpi, Grain.MONTH, segmented=False)]
    assert offered == ["quarters12", "years", "moving_range"]
    assert views.chosen(kpi, Grain.MONTH, "months24", segmented=False).id == "quarters12"


def test_a_chosen_view_holds_where_it_can(opened: Open) -> None:
    kpi = opened(MONTHLY, months(1, 2, 3)).kpi("rate")
    assert views.chosen(kpi, Grain.MONTH, "years", segmented=False).id == "years"
    assert views.chosen(kpi, Grain.MONTH, "weeks13", segmented=False).id == "months24"
    assert views.chosen(kpi, Grain.MONTH, "segments", segmented=False).id == "months24"


def test_a_zoom_halves_and_doubles_and_ends_at_the_data() -> None:
    assert views.zoomed(Window(), 24, 36, Place(0, 24), closer=True) == Window(length=12)
    assert views.zoomed(Window(length=12), 24, 36, Place(0, 12), closer=True) == Window(length=6)
    assert views.zoomed(Window(length=6), 24, 36, Place(0, 6), closer=True) == Window(length=6)
    assert views.zoomed(Window(length=12), 24, 36, Place(0, 12), closer=False) == Window()
    assert views.zoomed(Window(), 24, 36, Place(0, 24), closer=False) == Window(length=36)


@pytest.mark.parametrize(
    ("before", "after", "closer", "expected"),
    [
        # In the middle of 24 it is in the middle of 12: six periods come after it instead of twelve.
        (Window(), Place(12, 24), True, Window(12, back=6)),
        # The first of 24 is the first of 12.
        (Window(), Place(23, 24), True, Window(12, back=12)),
        # The last whole period and the one that is not over stay together.
        (Window(), Place(1, 24), True, Window(12)),
        (Window(12, back=6), Place(6, 12), False, Window()),
        # There are 36 in all: of the oldest 12, twice as many begin with the oldest.
        (Window(12, back=24), Place(11, 12), False, Window(None, back=12)),
    ],
)
def test_a_zoom_leaves_the_period_under_the_cursor_where_it_is(
    before: Window, after: Place, closer: bool, expected: Window
) -> None:
    assert views.zoomed(before, 24, 36, after, closer=closer) == expected


def test_a_pan_goes_a_third_and_leaves_six_periods_to_see() -> None:
    assert views.panned(Window(), 12, 36, back=True) == Window(back=4)
    assert views.panned(Window(back=4), 12, 36, back=False) == Window()
    assert views.panned(Window(), 12, 36, back=False) == Window()
    assert views.panned(Window(back=29), 12, 36, back=True) == Window(back=30)


# Trends


def test_missing_periods_are_gaps_and_the_present_one_is_hollow(opened: Open) -> None:
    workspace = opened(DAILY, days("2026-01-01", "2026-11-04"), as_of="2026-11-04")
    panel = drawn(workspace, "months12").panels[0]
    assert ids(panel) == [f"2026-{month:02d}" for month in range(1, 12)]
    assert panel.lines[0].values[-2] == 124.0  # 31 days of 4
    assert panel.hollow == {10}
    assert panel.lines[0].values[-1] == 120.0  # at its pace: 4 a day, 30 days

    workspace = opened(MONTHLY, months(5, 6, None, 7, 8, 9), as_of="2025-06-30")
    assert drawn(workspace, "months12").panels[0].lines[0].values == (5.0, 6.0, None, 7.0, 8.0, 9.0)


def test_a_title_names_view_and_method(opened: Open) -> None:
    workspace = opened(MONTHLY, months(*[4, 6, 5, 5, 6, 4] * 3, 4, 6, 5, 5))
    assert drawn(workspace, "months12").title == "12 months · nhs"
    assert drawn(workspace, "months12", length=6, back=3).title == "6 months · until Aug 2026 · nhs"
    assert (
        drawn(opened(MONTHLY + "[kpi.rate.chart]\nmethod = 'wheeler'", {}), "months12").title == "12 months · Wheeler"
    )


def test_past_targets_are_steps(opened: Open) -> None:
    settings = MONTHLY + "target = [{ from = 2025-01-01, value = 5 }, { from = 2025-04-01, value = 7 }]\n"
    panel = drawn(opened(settings, months(*range(1, 7)), as_of="2025-06-30"), "months12").panels[0]
    assert level(panel, "target").values == (5.0, 5.0, 5.0, 7.0, 7.0, 7.0)


def test_each_phase_has_its_own_mean_and_limits(opened: Open) -> None:
    settings = MONTHLY + "[kpi.rate.chart]\nrebase = [2025-07-01]\n"
    values = (10, 12, 11, 10, 12, 11, 20, 22, 21, 20, 22, 21)
    panel = drawn(opened(settings, months(*values), as_of="2025-12-31"), "months12").panels[0]
    assert level(panel, "mean").values == (11.0,) * 6 + (21.0,) * 6
    # mR 2, 1, 1, 2, 1: mean 1.4; 11 + 2.66 × 1.4
    assert level(panel, "upper").values[0] == pytest.approx(14.724)
    assert level(panel, "lower").values[-1] == pytest.approx(17.276)
    assert panel.phase_starts == {6}


def test_signals_are_marked_with_what_they_mean(opened: Open) -> None:
    values = [10, 11] * 10 + [30]
    panel = drawn(opened(MONTHLY + 'direction = "down"\n', months(*values), as_of="2026-09-30"), "months24").panels[0]
    assert panel.marks[20] == Mark("above", "worse")


def test_a_benchmark_is_two_levels(opened: Open) -> None:
    settings = MONTHLY + "benchmark = { low = 2, high = 4 }\n"
    panel = drawn(opened(settings, months(1, 2, 3), as_of="2025-03-31"), "months12").panels[0]
    found = [(level.kind, level.values[0]) for level in panel.levels if level.name == "benchmark"]
    assert found == [("benchmark_low", 2.0), ("benchmark_high", 4.0)]


def test_nothing_to_draw_says_why_and_what_to_do(opened: Open) -> None:
    workspace = opened(MONTHLY, months(5, 6, 7), as_of="2026-11-04")
    shown = drawn(workspace, "months12")
    assert shown.empty == ("No measurements after 31 Mar 2025: the source `shop` ends there. < goes back in time.")
    assert drawn(workspace, "months24").empty == ""
    assert drawn(opened(MONTHLY, {"shop.csv": "month,rate\n"}), "months12").empty == (
        "No measurements yet: the source `shop` has no value for rate."
    )


# Other views


def test_six_weeks_stand_beside_twelve_months(opened: Open) -> None:
    shown = drawn(opened(DAILY, days("2024-11-01", "2026-11-04")), "weeks6_months12")
    weeks, found = shown.panels
    assert ids(weeks) == ["2026-W40", "2026-W41", "2026-W42", "2026-W43", "2026-W44", "2026-W45"]
    assert (ids(found)[0], ids(found)[-1], len(found.periods)) == ("2025-12", "2026-11", 12)
    assert weeks.label(0) == "W40"
    assert weeks.lines[0].values[:5] == (28.0,) * 5
    assert weeks.lines[1].kind == "year_ago"
    assert not shown.one_scale  # an amount of a week is no amount of a month


def test_years_lie_over_each_other(opened: Open) -> None:
    panel = drawn(opened(MONTHLY, months(*range(1, 23))), "years").panels[0]
    this, last = panel.lines
    assert (this.name, last.name) == ("2026", "2025")
    assert this.values == (*map(float, range(13, 23)), None, None)
    assert last.values == tuple(map(float, range(1, 13)))
    assert [panel.label(at) for at in range(3)] == ["Jan", "Feb", "Mar"]


def test_a_year_without_figures_has_no_line(opened: Open) -> None:
    """On 11 January nothing is known of the new year; `<` still goes back by one year at a time."""
    workspace = opened(MONTHLY, months(*range(1, 25)), as_of="2027-01-11")
    [panel] = drawn(workspace, "years").panels
    assert [line.name for line in panel.lines] == ["2026", "2025"]
    assert panel.periods[0].id == "2026-01"
    [panel] = drawn(workspace, "years", back=1).panels
    assert [line.name for line in panel.lines] == ["2025"]


def test_moving_ranges_have_a_mean_and_an_upper_limit_of_their_own(opened: Open) -> None:
    shown = drawn(opened(MONTHLY, months(10, 12, 11, 15, 14, 13), as_of="2025-06-30"), "moving_range")
    panel = shown.panels[0]
    assert panel.lines[0].values == (None, 2.0, 1.0, 4.0, 1.0, 1.0)
    assert level(panel, "mean mR").values[0] == pytest.approx(1.8)
    assert level(panel, "upper").values[0] == pytest.approx(3.268 * 1.8)
    assert shown.title == "moving range · 6 months · nhs"


def test_a_step_beyond_the_upper_limit_is_marked(opened: Open) -> None:
    values = [10, 11] * 10 + [30]
    panel = drawn(opened(MONTHLY, months(*values), as_of="2026-09-30"), "moving_range").panels[0]
    assert [(at, mark) for at, mark in enumerate(panel.marks) if mark] == [(20, Mark("above", "better"))]


def test_segments_are_small_charts_the_largest_first(opened: Open) -> None:
    workspace = opened(DAILY, days("2026-05-01", "2026-11-04"))
    kpi = workspace.kpi("sales")
    assert columns(workspace, kpi) == ("region",)
    found = read_segments(workspace.definitions, workspace.root, "region", ["sales"])
    breakdown = Breakdown("region", tuple(segments(workspace, kpi, found)), left_out=2)
    shown = picture(workspace, kpi, VIEW["segments"], Window(), Grain.MONTH, breakdown, key=KeyMap().shown)
    assert [panel.title for panel in shown.panels] == ["south", "north"]
    assert shown.panels[0].lines[0].values[-2] == 93.0  # 3 a day in October
    assert (shown.title, shown.left_out) == ("by region · 7 months", 2)
    waiting = picture(workspace, kpi, VIEW["segments"], Window(), Grain.MONTH, Breakdown("region"), key=KeyMap().shown)
    assert waiting.empty == "Reading the segments …"


# What happened


def test_events_targets_limits_and_remarks_stand_on_the_axis(opened: Open) -> None:
    settings = (
        MONTHLY
        + 'target = [{ from = 2025-01-01, value = 5 }, { from = 2025-04-01, value = 7, reason = "agreed" }]\n'
        + "[kpi.rate.chart]\nrebase = [2025-03-01]\n"
    )
    events = "date,kpi,text\n2025-02-09,rate,New routing rule\n2025-05-01,,All hands\n2024-01-01,rate,Long ago\n"
    workspace = opened(settings, {**months(1, 2, 3, 4, 5, 6), "events.csv": events}, as_of="2025-06-30")
    kpi = workspace.kpi("rate")
    workspace.record("note", workspace.row(kpi, workspace.period("2025-05")), "Looked into it", by="ann")
    shown = happenings(workspace, kpi, date(2025, 1, 1), date(2025, 6, 30))
    assert shown == [
        Happening(date(2025, 2, 9), "event", "New routing rule"),
        Happening(date(2025, 3, 1), "limits", "limits computed anew"),
        Happening(date(2025, 4, 1), "target", "target 5 → 7 (agreed)"),
        Happening(date(2025, 5, 1), "event", "All hands"),
        Happening(date(2025, 5, 31), "note", "Looked into it"),
    ]


def test_of_more_than_twenty_the_newest_are_numbered(opened: Open) -> None:
    events = "date,kpi,text\n" + "".join(f"2025-01-{day:02d},,Day {day}\n" for day in range(1, 26))
    shown = drawn(opened(MONTHLY, {**months(1, 2, 3), "events.csv": events}, as_of="2025-03-31"), "months12")
    assert (len(shown.happenings), shown.earlier) == (20, 5)
    assert shown.happenings[0].text == "Day 6"


# The read-out


def test_two_periods_are_compared(opened: Open) -> None:
    workspace = opened(MONTHLY + 'unit = "percent"\n', months(0.2, 0.25, None, 0.22), as_of="2025-04-30")
    kpi, period = workspace.kpi("rate"), workspace.period
    said = compared(workspace, kpi, period("2025-01"), period("2025-02"))
    assert said == "A Jan 2025 20.0% → B Feb 2025 25.0%: +5.0 pp (+25.0%)"
    said = compared(workspace, kpi, period("2025-01"), period("2025-03"))
    assert said == "A Jan 2025 20.0% → B Mar 2025 —: one of them has too few values to compare"


def test_a_month_of_several_years_is_read_out(opened: Open) -> None:
    workspace = opened(MONTHLY, months(*range(1, 23)))
    shown = drawn(workspace, "years")
    assert reading(workspace, workspace.kpi("rate"), shown, 0, 9) == ["┆ Oct: 2026 22", "2025 10"]


def test_a_figure_that_lacks_a_value_is_marked_in_every_read_out(opened: Open) -> None:
    full = days("2023-01-01", "2025-03-31")["shop.csv"]
    rows = [line for line in full.splitlines(keepends=True) if not line.startswith("2025-02-14")]
    workspace = opened(DAILY, {"shop.csv": "".join(rows)}, as_of="2025-03-31")
    kpi = workspace.kpi("sales")
    # Four a day: 27 of 28 days are enough to judge.
    shown = drawn(workspace, "months12")
    said = reading(workspace, kpi, shown, 0, 10)
    assert said[:2] == ["┆ Feb 2025: 108*", "27/28 days"]
    assert reading(workspace, kpi, shown, 0, 11)[0] == "┆ Mar 2025: 124"
    february, march = workspace.period("2025-02"), workspace.period("2025-03")
    assert compared(workspace, kpi, february, march) == "A Feb 2025 108* → B Mar 2025 124: +16 (+14.8%)"
    assert reading(workspace, kpi, drawn(workspace, "years"), 0, 1) == ["┆ Feb: 2025 108*", "2024 116", "2023 112"]
    # March moved from February's figure.
    steps = drawn(workspace, "moving_range")
    at = len(steps.panels[0].periods) - 1
    assert [reading(workspace, kpi, steps, 0, i)[0] for i in (at - 2, at - 1, at)] == [
        "┆ Jan 2025: moved by 0",
        "┆ Feb 2025: moved by 16*",
        "┆ Mar 2025: moved by 16*",
    ]


# Limits by decision


def test_a_phase_is_recorded_and_drawn(opened: Open) -> None:
    workspace = opened(MONTHLY, months(10, 12, 11, 10, 12, 11, 20, 22, 21, 20, 22, 21), as_of="2025-12-31")
    kpi, july = workspace.kpi("rate"), workspace.period("2025-07")
    assert propose(workspace, kpi, "rebase", july).sentence == "limits anew from Jul 2025 on: 6 months so far"
    saved = record_phase(workspace, workspace.row(kpi, july), "rebase", july, "New supplier")
    workspace.records_changed()
    panel = drawn(workspace, "months12").panels[0]
    assert level(panel, "mean").values == (11.0,) * 6 + (21.0,) * 6
    written = (workspace.root / saved.path).read_text(encoding="utf-8")
    assert "[phase.p-" in written
    assert 'from = 2025-07-01\nreason = "New supplier"' in written
    assert drawn(workspace, "months12").happenings[-1].text == "limits computed anew: New supplier"


def test_limits_are_fixed_by_the_points_up_to_a_period(opened: Open) -> None:
    workspace = opened(MONTHLY, months(10, 12, 11, 10, 12, 11, 20, 22, 21), as_of="2025-09-30")
    kpi, june = workspace.kpi("rate"), workspace.period("2025-06")
    proposal = propose(workspace, kpi, "baseline", june)
    assert proposal.sentence == "limits fixed by Jan 2025 to Jun 2025, 6 points"
    assert (proposal.since, proposal.baseline_until) == (date(2025, 1, 1), date(2025, 6, 30))
    record_phase(workspace, workspace.row(kpi, june), "baseline", june, "Before the change")
    workspace.records_changed()
    assert level(drawn(workspace, "months12").panels[0], "mean").values == (11.0,) * 9


def test_limits_need_five_points_and_a_point_under_the_cursor(opened: Open) -> None:
    workspace = opened(MONTHLY, months(10, 12, 11, None, 12, 11), as_of="2025-06-30")
    kpi = workspace.kpi("rate")
    with pytest.raises(KpituiError, match="the phase has 3 points up to Mar 2025; limits need 5"):
        propose(workspace, kpi, "baseline", workspace.period("2025-03"))
    with pytest.raises(KpituiError, match="Apr 2025 is no point of the chart"):
        propose(workspace, kpi, "rebase", workspace.period("2025-04"))


def test_how_many_periods_there_are(opened: Open) -> None:
    workspace = opened(MONTHLY, months(*range(1, 23)))
    assert most(workspace, workspace.kpi("rate"), Grain.MONTH) == 23
    assert most(workspace, workspace.kpi("rate"), Grain.QUARTER) == 8


def test_limits_of_seasons_differ_from_month_to_month(opened: Open) -> None:
    """36 months that are twice as high in each December: its limits are higher than November's."""
    settings = MONTHLY + "\n[kpi.rate.chart]\nseasonal = true\n"
    values = [20.0 + at % 3 if at % 12 == 11 else 10.0 + at % 3 for at in range(36)]
    workspace = opened(settings, months(*values), as_of="2027-12-31")
    assert workspace.figures.chart(workspace.kpi("rate"), Grain.MONTH).chart.levels
    means = level(drawn(workspace, "months12").panels[0], "mean").values
    assert means[11] > means[10] + 5


def test_days_over_several_years_are_named_by_month_and_year() -> None:
    calendar = Calendar()
    days = tuple(calendar.period(Grain.DAY, date(2024, 1, 15) + timedelta(days=n)) for n in range(400))
    assert Panel("", days, "en_GB", ()).label(0) == "Jan ’24"
    assert Panel("", days[:31], "en_GB", ()).label(0) == "15 Jan"

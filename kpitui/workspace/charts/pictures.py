"""A KPI, a view and a window in time → what is to be drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kpitui.definitions.model import Kpi
from kpitui.periods import A_YEAR, Grain, Period
from kpitui.workspace.answers import KpiChart
from kpitui.workspace.charts.happenings import happenings, newest
from kpitui.workspace.charts.panels import figures_panel, former_line, kpi_panel, moving_range_panel
from kpitui.workspace.charts.values import LineKind, Picture
from kpitui.workspace.charts.views import FEWEST, USUAL_LENGTH, View, Window, grain_of
from kpitui.workspace.figures import Figures
from kpitui.workspace.gaps import why_no_measurements
from kpitui.workspace.numbers import Style, period_name
from kpitui.workspace.opening import Workspace
from kpitui.workspace.wording import METHOD_NAME, grain_words, remark_sentence

WEEKS = 6


class Segment(NamedTuple):
    """A part of a KPI's figures, such as one region, and its figures alone."""

    name: str
    figures: Figures


class Breakdown(NamedTuple):
    """What the view of segments shows."""

    column: str
    segments: tuple[Segment, ...] | None = None
    """Largest first; None while they are being read."""
    left_out: int = 0
    """How many smaller ones there are."""
    failure: str = ""
    """Why there are none."""


def picture(
    workspace: Workspace,
    kpi: Kpi,
    view: View,
    window: Window,
    grain: Grain,
    breakdown: Breakdown | None = None,
    *,
    key: Callable[[str], str],
) -> Picture:
    """The view of the KPI; `grain` is the scorecard's. `breakdown` is needed by the view of segments only.

    `key` tells how the key of an action is written, for what is said where nothing can be drawn.
    """
    own = grain_of(view, kpi, grain)
    style = Style.of(kpi, workspace.definitions.locale)
    match view.kind:
        case "trend":
            drawn = _trend(workspace, kpi, view, window, own, style)
        case "weeks and months":
            drawn = _weeks_and_months(workspace, kpi, view, window, style)
        case "years":
            drawn = _years(workspace, kpi, view, window, own, style)
        case "moving range":
            drawn = _moving_range(workspace, kpi, view, window, own, style, key)
        case "segments":
            assert breakdown is not None
            drawn = _segments(workspace, kpi, view, window, own, style, breakdown)
    if not drawn.empty and all(value is None for panel in drawn.panels for value in panel.lines[0].values):
        return drawn._replace(empty=_why_empty(workspace, kpi, drawn.panels[-1].periods[-1], key))
    if not drawn.panels:
        return drawn
    first = min(panel.periods[0].start for panel in drawn.panels)
    last = max(panel.periods[-1].end for panel in drawn.panels)
    shown, earlier = newest(happenings(workspace, kpi, first, last))
    return drawn._replace(happenings=shown, earlier=earlier)


def most(workspace: Workspace, kpi: Kpi, grain: Grain) -> int:
    """How many periods there are from the KPI's first figure to the present one."""
    first = workspace.figures.first_day(kpi)
    if first is None or first > workspace.as_of:
        return 0
    calendar = workspace.definitions.calendar
    return calendar.number(grain, workspace.as_of) - calendar.number(grain, first) + 1


def shown_length(view: View, window: Window, kpi: Kpi, grain: Grain) -> int:
    """How many periods the window shows of the view."""
    return window.length or own_length(view, kpi, grain)


def own_length(view: View, kpi: Kpi, grain: Grain) -> int:
    """How many periods the view shows unless it is zoomed."""
    return view.length or USUAL_LENGTH[grain_of(view, kpi, grain)]


def _why_empty(workspace: Workspace, kpi: Kpi, last: Period, key: Callable[[str], str]) -> str:
    if spoiled := workspace.figures.spoiled(kpi):
        return f"No figure: {spoiled}."
    said = why_no_measurements(workspace, kpi, last, key)
    first = workspace.figures.first_day(kpi)
    # There are figures, before or after the time that is shown.
    return f"{said} {key('kpi.pan_back')} goes back in time." if first is not None and first <= last.end else said


# Periods, by their numbers in the calendar


def _shown(workspace: Workspace, kpi: Kpi, view: View, window: Window, grain: Grain) -> range:
    """The periods of a view of one grain."""
    numbers = _numbers(workspace, grain, shown_length(view, window, kpi, grain), window.back)
    return _begun(workspace, kpi, grain, numbers)


def _numbers(workspace: Workspace, grain: Grain, count: int, back: int) -> range:
    """So many periods, the last of them `back` before the present one."""
    last = workspace.definitions.calendar.number(grain, workspace.as_of) - back
    return range(last - count + 1, last + 1)


def _begun(workspace: Workspace, kpi: Kpi, grain: Grain, numbers: range) -> range:
    """Without the periods before the KPI's first value, so that a short series fills the chart."""
    first = workspace.figures.first_day(kpi)
    if first is None:
        return numbers
    begun = min(workspace.definitions.calendar.number(grain, first), numbers.stop - FEWEST)
    return range(max(numbers.start, begun), numbers.stop)


def _title(workspace: Workspace, view: View, window: Window, periods: Sequence[Period], method: str) -> str:
    parts = [view.name]
    # Views of months differ in how many there are, so these are their names. The others say how many there are to see.
    if window.length is not None or (view.kind == "trend" and view.grain is not Grain.MONTH):
        parts = [f"{len(periods)} {grain_words(periods[0].grain, len(periods))}"]
    if window.back:
        parts.append(f"until {period_name(periods[-1], workspace.definitions.locale)}")
    return " · ".join([*parts, method] if method else parts)


def _method(chart: KpiChart) -> str:
    if not chart.chart.phases:
        return ""
    return METHOD_NAME[chart.chart.method] + (", seasonally adjusted" if chart.chart.adjusted else "")


# Views


def _trend(workspace: Workspace, kpi: Kpi, view: View, window: Window, grain: Grain, style: Style) -> Picture:
    numbers = _shown(workspace, kpi, view, window, grain)
    panel = kpi_panel(workspace.figures, kpi, grain, numbers)
    method = _method(workspace.figures.chart(kpi, grain))
    title = _title(workspace, view, window, panel.periods, method)
    remarks = tuple(remark_sentence(remark, kpi, grain) for remark in workspace.figures.remarks(kpi, grain))
    return Picture(view.id, title, grain, (panel,), style, remarks=remarks)


def _weeks_and_months(workspace: Workspace, kpi: Kpi, view: View, window: Window, style: Style) -> Picture:
    """Six weeks beside twelve months, as in Amazon's weekly business review; each with the year before."""
    calendar, figures = workspace.definitions.calendar, workspace.figures
    months = _numbers(workspace, Grain.MONTH, shown_length(view, window, kpi, Grain.MONTH), window.back)
    last_month = calendar.nth(Grain.MONTH, months[-1])
    last_week = calendar.number(Grain.WEEK, min(last_month.end, workspace.as_of))
    weeks = range(last_week - WEEKS + 1, last_week + 1)
    panels = []
    for grain, numbers in ((Grain.WEEK, weeks), (Grain.MONTH, months)):
        panel = kpi_panel(figures, kpi, grain, numbers, f"{len(numbers)} {grain_words(grain, len(numbers))}")
        now = panel.lines[0]._replace(name="now", incomplete=figures.incomplete(kpi, grain, numbers))
        before = former_line(figures, kpi, grain, _years_before(numbers, grain, 1), "year ago", "year_ago")
        panels.append(panel._replace(lines=(now, before)))
    title = view.name if window.length is None else f"{WEEKS} weeks + {len(months)} months"
    if window.back:
        title += f" · until {period_name(last_month, workspace.definitions.locale)}"
    if method := _method(figures.chart(kpi, Grain.MONTH)):
        title += f" · {method}"
    # A week of an amount is a quarter of a month of it: on one scale it would be a line along the bottom.
    return Picture(view.id, title, Grain.MONTH, tuple(panels), style, one_scale=not kpi.additive)


def _years_before(numbers: range, grain: Grain, years: int) -> range:
    """What the periods are compared with: days and weeks so many times 364 days before, the others the same ones."""
    back = years * A_YEAR[grain]
    return range(numbers.start - back, numbers.stop - back)


def _years(workspace: Workspace, kpi: Kpi, view: View, window: Window, grain: Grain, style: Style) -> Picture:
    """This year's months (or quarters) over those of the two years before; of these, the years with figures."""
    calendar, figures = workspace.definitions.calendar, workspace.figures
    present = calendar.period(Grain.YEAR, workspace.as_of)
    numbers = range(calendar.number(grain, present.start), calendar.number(grain, present.end) + 1)
    # A year that has only just begun has no place beside those with figures.
    begun = former_line(figures, kpi, grain, numbers, present.id, "actual").last is not None
    back = window.back if begun else window.back + 1
    year, numbers = calendar.shift(present, -back), _years_before(numbers, grain, back)
    panel = kpi_panel(figures, kpi, grain, numbers)
    lines = [panel.lines[0]._replace(name=year.id, incomplete=figures.incomplete(kpi, grain, numbers))]
    kinds: tuple[LineKind, ...] = ("year_ago", "two_years_ago")
    for back, kind in enumerate(kinds, 1):
        name = calendar.shift(year, -back).id
        line = former_line(figures, kpi, grain, _years_before(numbers, grain, back), name, kind)
        if line.last is not None:
            lines.append(line)
    shown = panel._replace(
        lines=tuple(lines),
        within_year=True,
        levels=tuple(level for level in panel.levels if level.kind not in ("mean", "limit")),
        phase_starts=frozenset(),
    )
    title = f"{view.name} · " + ", ".join(line.name for line in lines)
    if method := _method(figures.chart(kpi, grain)):
        title += f" · {method}"
    return Picture(view.id, title, grain, (shown,), style)


def _moving_range(
    workspace: Workspace,
    kpi: Kpi,
    view: View,
    window: Window,
    grain: Grain,
    style: Style,
    key: Callable[[str], str],
) -> Picture:
    """How much each period differs from the one before."""
    chart = workspace.figures.chart(kpi, grain)
    panel = moving_range_panel(workspace.figures, kpi, grain, _shown(workspace, kpi, view, window, grain))
    title = _title(workspace, view, window, panel.periods, "")
    if title == view.name:
        title = f"{len(panel.periods)} {grain_words(grain, len(panel.periods))}"
    title = " · ".join(part for part in (view.name, title, _method(chart)) if part)
    empty = (
        ""
        if chart.chart.phases or not chart.values
        else f"It is not charted by {grain.word}: {key('coarser')} goes to a coarser grain."
    )
    return Picture(view.id, title, grain, (panel,), style, differences=True, empty=empty)


def _segments(
    workspace: Workspace,
    kpi: Kpi,
    view: View,
    window: Window,
    grain: Grain,
    style: Style,
    breakdown: Breakdown,
) -> Picture:
    """A small chart per segment, on one scale; the largest first."""
    numbers = _shown(workspace, kpi, view, window, grain)
    title = f"by {breakdown.column} · {len(numbers)} {grain_words(grain, len(numbers))}"
    if window.back:
        last = workspace.definitions.calendar.nth(grain, numbers[-1])
        title += f" · until {period_name(last, style.locale)}"
    if not breakdown.segments:
        waiting = "Reading the segments …" if breakdown.segments is None else "The data name no segments."
        return Picture(view.id, title, grain, (), style, "grid", empty=breakdown.failure or waiting)
    panels = (figures_panel(segment.figures, kpi, grain, numbers, segment.name) for segment in breakdown.segments)
    return Picture(view.id, title, grain, tuple(panels), style, "grid", left_out=breakdown.left_out)

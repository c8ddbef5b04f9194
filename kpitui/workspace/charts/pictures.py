"""A KPI, a view and a window in time → what is to be drawn."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from kpitui.analysis import signals
from kpitui.analysis.signals import WHEELER_RANGE, Phase
from kpitui.definitions.model import Kpi
from kpitui.periods import Grain, Period
from kpitui.terms import Side
from kpitui.workspace.answers import KpiChart
from kpitui.workspace.charts.happenings import happenings, newest
from kpitui.workspace.charts.values import Level, LevelKind, Line, LineKind, Mark, Panel, Picture, Verdict
from kpitui.workspace.charts.views import FEWEST, USUAL_LENGTH, View, Window, grain_of
from kpitui.workspace.figures import Figures
from kpitui.workspace.numbers import Style, axis_label, month_name, period_name, period_tag
from kpitui.workspace.opening import Workspace
from kpitui.workspace.wording import METHOD_NAME, better_or_worse, grain_words

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
) -> Picture:
    """The view of the KPI; `grain` is the scorecard's. `breakdown` is needed by the view of segments only."""
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
            drawn = _moving_range(workspace, kpi, view, window, own, style)
        case "segments":
            assert breakdown is not None
            drawn = _segments(workspace, kpi, view, window, own, style, breakdown)
    if not drawn.empty and all(value is None for panel in drawn.panels for value in panel.lines[0].values):
        return drawn._replace(empty=_why_empty(workspace, kpi))
    shown, earlier = newest(happenings(workspace, kpi, [period for panel in drawn.panels for period in panel.periods]))
    return drawn._replace(happenings=shown, earlier=earlier)


def most(workspace: Workspace, kpi: Kpi, grain: Grain) -> int:
    """How many periods there are from the KPI's first figure to the present one."""
    first = workspace.figures.first_day(kpi)
    if first is None or first > workspace.as_of:
        return 0
    return sum(1 for _ in workspace.definitions.calendar.between(grain, first, workspace.as_of))


def shown_length(view: View, window: Window, kpi: Kpi, grain: Grain) -> int:
    """How many periods the window shows of the view."""
    return window.length or own_length(view, kpi, grain)


def own_length(view: View, kpi: Kpi, grain: Grain) -> int:
    """How many periods the view shows unless it is zoomed."""
    return view.length or USUAL_LENGTH[grain_of(view, kpi, grain)]


def _why_empty(workspace: Workspace, kpi: Kpi) -> str:
    spoiled = workspace.figures.spoiled(kpi)
    if spoiled:
        return f"no figure: {spoiled}"
    since = workspace.figures.stale_since(kpi, workspace.as_of)
    if since is None:
        return "no measurements yet"
    day = period_name(workspace.definitions.calendar.period(Grain.DAY, since), workspace.definitions.locale)
    source = kpi.data_source or "its source"
    return f"no measurements in this time: {source} ends on {day}; < goes there"


# Periods


def _periods(workspace: Workspace, grain: Grain, count: int, back: int) -> list[Period]:
    """So many periods, the last of them `back` before the present one; oldest first."""
    calendar = workspace.definitions.calendar
    last = calendar.shift(calendar.period(grain, workspace.as_of), -back)
    first = calendar.shift(last, 1 - count)
    return list(calendar.between(grain, first.start, last.start))


def _begun(workspace: Workspace, kpi: Kpi, periods: list[Period]) -> list[Period]:
    """Without the periods before the KPI's first value, so that a short series fills the chart."""
    first = workspace.figures.first_day(kpi)
    if first is None:
        return periods
    begun = sum(period.end < first for period in periods)
    return periods[min(begun, max(0, len(periods) - FEWEST)) :]


def _labels(periods: Sequence[Period], locale: str) -> tuple[str, ...]:
    return tuple(period_tag(p, locale) if p.grain is Grain.WEEK else axis_label(p, locale) for p in periods)


def _title(workspace: Workspace, view: View, window: Window, periods: Sequence[Period], method: str) -> str:
    parts = [view.name]
    if window.length is not None or (view.kind == "trend" and view.grain is None):
        parts = [f"{len(periods)} {grain_words(periods[0].grain, len(periods))}"]
    if window.back:
        parts.append(f"until {period_name(periods[-1], workspace.definitions.locale)}")
    return " · ".join([*parts, method] if method else parts)


def _method(chart: KpiChart) -> str:
    if not chart.chart.phases:
        return ""
    return METHOD_NAME[chart.chart.method] + (", seasonally adjusted" if chart.chart.adjusted else "")


# The figures of a panel


class _Charted(NamedTuple):
    """Where the periods of a panel stand in the KPI's chart."""

    values: tuple[float | None, ...]
    indexes: tuple[int | None, ...]
    """Into the chart; None where the period has no point."""
    phases: tuple[Phase | None, ...]
    """The one that holds the period, or the last point before it."""
    hollow: frozenset[int]


def _charted(figures: Figures, kpi: Kpi, periods: Sequence[Period]) -> _Charted:
    chart = figures.chart(kpi, periods[0].grain)
    starts = [period.start for period in chart.periods]
    values: list[float | None] = []
    indexes: list[int | None] = []
    phases: list[Phase | None] = []
    hollow: set[int] = set()
    for position, period in enumerate(periods):
        place = bisect_left(starts, period.start)
        there = place < len(starts) and starts[place] == period.start
        value = chart.values[place] if there else None
        if period.end > figures.as_of:
            value = figures.point(kpi, period).judged
            if value is not None:
                hollow.add(position)
        values.append(value)
        indexes.append(place if there else None)
        at_or_before = place if there else place - 1
        phases.append(chart.chart.phase_of(max(0, at_or_before)) if chart.chart.phases else None)
    return _Charted(tuple(values), tuple(indexes), tuple(phases), frozenset(hollow))


def _panel(workspace: Workspace, kpi: Kpi, periods: Sequence[Period], title: str = "") -> Panel:
    """The KPI's figures with target, benchmark, mean and limits, and what its chart marks."""
    figures, locale = workspace.figures, workspace.definitions.locale
    found = _charted(figures, kpi, periods)
    return Panel(
        title=title,
        periods=tuple(periods),
        labels=_labels(periods, locale),
        lines=(Line(kpi.name, found.values),),
        levels=(
            *_limits(found.phases),
            *_targets(figures, kpi, periods),
            *_benchmark(kpi, len(periods)),
        ),
        phase_starts=frozenset(
            later for later, (a, b) in enumerate(pairwise(found.phases), 1) if a and b and a.first != b.first
        ),
        hollow=found.hollow,
        marks=_marks(figures, kpi, periods[0].grain, found.indexes),
    )


def _limits(phases: Sequence[Phase | None]) -> list[Level]:
    levels = [
        Level("upper", tuple(phase.upper if phase else None for phase in phases), "limit"),
        Level("mean", tuple(phase.mean if phase else None for phase in phases), "mean"),
        Level("lower", tuple(phase.lower if phase else None for phase in phases), "limit"),
    ]
    return [level for level in levels if _holds(level)]


def _holds(level: Level) -> bool:
    return any(value is not None for value in level.values)


def _targets(figures: Figures, kpi: Kpi, periods: Sequence[Period]) -> list[Level]:
    """What was aimed at in each period, so that a revised target is a step."""
    goals = [figures.goal(kpi, period) for period in periods]
    if kpi.direction == "range":
        levels = [
            Level("target low", tuple(goal.low if goal else None for goal in goals), "target"),
            Level("target high", tuple(goal.high if goal else None for goal in goals), "target"),
        ]
    else:
        levels = [Level("target", tuple(goal.value if goal else None for goal in goals), "target")]
    return [level for level in levels if _holds(level)]


def _benchmark(kpi: Kpi, count: int) -> list[Level]:
    if kpi.benchmark is None:
        return []
    bounds: tuple[tuple[LevelKind, float | None], ...] = (
        ("benchmark_low", kpi.benchmark.low),
        ("benchmark_high", kpi.benchmark.high),
    )
    return [Level("benchmark", (bound,) * count, kind) for kind, bound in bounds if bound is not None]


def _marks(figures: Figures, kpi: Kpi, grain: Grain, indexes: Sequence[int | None]) -> tuple[Mark, ...]:
    chart = figures.chart(kpi, grain).chart
    marks = []
    for position, index in enumerate(indexes):
        signal = chart.signals[index] if index is not None and chart.signals else None
        if signal is not None:
            marks.append(Mark(position, signal.side, _verdict(signal, kpi)))
    return tuple(marks)


def _verdict(signal: signals.Signal, kpi: Kpi) -> Verdict:
    match better_or_worse(signals.variation(signal, kpi.direction)):
        case "better":
            return "better"
        case "worse":
            return "worse"
    return "changed"


# Views


def _trend(workspace: Workspace, kpi: Kpi, view: View, window: Window, grain: Grain, style: Style) -> Picture:
    count = shown_length(view, window, kpi, grain)
    periods = _begun(workspace, kpi, _periods(workspace, grain, count, window.back))
    method = _method(workspace.figures.chart(kpi, grain))
    title = _title(workspace, view, window, periods, method)
    return Picture(view.id, title, grain, (_panel(workspace, kpi, periods),), style)


def _weeks_and_months(workspace: Workspace, kpi: Kpi, view: View, window: Window, style: Style) -> Picture:
    """Six weeks beside twelve months, as in Amazon's weekly business review; each with the year before."""
    calendar, figures = workspace.definitions.calendar, workspace.figures
    months = _periods(workspace, Grain.MONTH, shown_length(view, window, kpi, Grain.MONTH), window.back)
    until = min(months[-1].end, workspace.as_of)
    last_week = calendar.period(Grain.WEEK, until)
    weeks = list(calendar.between(Grain.WEEK, calendar.shift(last_week, 1 - WEEKS).start, last_week.start))
    panels = []
    for periods in (weeks, months):
        grain = periods[0].grain
        panel = _panel(workspace, kpi, periods, f"{len(periods)} {grain_words(grain, len(periods))}")
        before = [calendar.year_before(period) for period in periods]
        now = panel.lines[0]._replace(name="now")
        year_ago = Line("year ago", _charted(figures, kpi, before).values, "year_ago")
        panels.append(panel._replace(lines=(now, year_ago)))
    title = view.name if window.length is None else f"{WEEKS} weeks + {len(months)} months"
    if window.back:
        title += f" · until {period_name(months[-1], workspace.definitions.locale)}"
    if method := _method(figures.chart(kpi, Grain.MONTH)):
        title += f" · {method}"
    # A week of an amount is a quarter of a month of it: on one scale it would be a line along the bottom.
    return Picture(view.id, title, Grain.MONTH, tuple(panels), style, one_scale=not kpi.additive)


def _years(workspace: Workspace, kpi: Kpi, view: View, window: Window, grain: Grain, style: Style) -> Picture:
    """This year's months (or quarters) over those of the two years before."""
    calendar, figures, locale = workspace.definitions.calendar, workspace.figures, workspace.definitions.locale
    year = calendar.shift(calendar.period(Grain.YEAR, workspace.as_of), -window.back)
    periods = list(calendar.between(grain, year.start, year.end))
    panel = _panel(workspace, kpi, periods)
    lines = [Line(year.id, panel.lines[0].values)]
    before = periods
    kinds: tuple[LineKind, ...] = ("year_ago", "two_years_ago")
    for back, kind in enumerate(kinds, 1):
        before = [calendar.year_before(period) for period in before]
        line = Line(calendar.shift(year, -back).id, _charted(figures, kpi, before).values, kind)
        if any(value is not None for value in line.values):
            lines.append(line)
    labels = tuple(month_name(p.start, locale) if grain is Grain.MONTH else p.id[-2:] for p in periods)
    shown = panel._replace(
        lines=tuple(lines),
        labels=labels,
        levels=tuple(level for level in panel.levels if level.kind not in ("mean", "limit")),
        phase_starts=frozenset(),
    )
    title = f"{view.name} · " + ", ".join(line.name for line in lines)
    if method := _method(figures.chart(kpi, grain)):
        title += f" · {method}"
    return Picture(view.id, title, grain, (shown,), style)


def _moving_range(workspace: Workspace, kpi: Kpi, view: View, window: Window, grain: Grain, style: Style) -> Picture:
    """How much each period differs from the one before, with the mean of that and its upper limit."""
    figures = workspace.figures
    count = shown_length(view, window, kpi, grain)
    periods = _begun(workspace, kpi, _periods(workspace, grain, count, window.back))
    chart = figures.chart(kpi, grain)
    found = _charted(figures, kpi, periods)
    begins = {phase.first for phase in chart.chart.phases}
    values: list[float | None] = []
    marks: list[Mark] = []
    means = tuple(phase.mean_moving_range if phase else None for phase in found.phases)
    uppers = tuple(None if mean is None else WHEELER_RANGE * mean for mean in means)
    for position, index in enumerate(found.indexes):
        if index is None or index in begins or not chart.chart.phases:
            values.append(None)
            continue
        step = chart.values[index] - chart.values[index - 1]
        values.append(abs(step))
        upper = uppers[position]
        if upper is not None and abs(step) > upper:
            side: Side = "above" if step > 0 else "below"
            marks.append(Mark(position, side, _verdict(signals.Signal("moving_range", side), kpi)))
    panel = Panel(
        title="",
        periods=tuple(periods),
        labels=_labels(periods, style.locale),
        lines=(Line("moving range", tuple(values)),),
        levels=tuple(
            level
            for level in (Level("upper", uppers, "limit"), Level("mean mR", means, "mean"))
            if any(value is not None for value in level.values)
        ),
        phase_starts=frozenset(i for i, index in enumerate(found.indexes) if index in begins and i),
        marks=tuple(marks),
    )
    title = _title(workspace, view, window, periods, "")
    name = f"{view.name} · {title}" if title != view.name else f"{view.name} · {len(periods)} {grain.word}s"
    method = _method(chart)
    return Picture(
        view.id,
        f"{name} · {method}" if method else name,
        grain,
        (panel,),
        style,
        differences=True,
    )


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
    count = shown_length(view, window, kpi, grain)
    periods = _begun(workspace, kpi, _periods(workspace, grain, count, window.back))
    title = f"by {breakdown.column} · {len(periods)} {grain_words(grain, len(periods))}"
    if window.back:
        title += f" · until {period_name(periods[-1], style.locale)}"
    if not breakdown.segments:
        waiting = "reading the segments …" if breakdown.segments is None else "the data name no segments"
        return Picture(view.id, title, grain, (), style, "grid", empty=breakdown.failure or waiting)
    panels = []
    for segment in breakdown.segments:
        found = _charted(segment.figures, kpi, periods)
        panels.append(
            Panel(
                segment.name,
                tuple(periods),
                _labels(periods, style.locale),
                (Line(segment.name, found.values),),
                hollow=found.hollow,
            )
        )
    return Picture(view.id, title, grain, tuple(panels), style, "grid", left_out=breakdown.left_out)

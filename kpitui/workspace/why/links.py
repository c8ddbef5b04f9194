"""Which KPIs lead a KPI: how well they did so far, and which of them changed, and signalled, before it did.

A run of signals begins with its first point, and its chart can tell only later: a shift takes seven points. Both are
said, for the first is when something happened, and the second when somebody could have acted.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from kpitui.analysis.links import Run, Together, runs, together
from kpitui.analysis.signals import Chart, told_with, variation
from kpitui.definitions.model import Kpi
from kpitui.periods import Grain, Period
from kpitui.terms import FREQUENCY_GRAIN, Variation
from kpitui.workspace.answers import KpiChart
from kpitui.workspace.opening import Workspace

_DAYS = {Grain.DAY: 1.0, Grain.WEEK: 7.0, Grain.MONTH: 365.25 / 12, Grain.QUARTER: 365.25 / 4, Grain.YEAR: 365.25}
LOOKED_BACK = 26
"""Weeks before a KPI's run of signals in which those of its leading KPIs are looked for."""


class LinkFound(NamedTuple):
    """A `predicts`, held against the figures."""

    leading: Kpi
    led: Kpi
    lag: int
    """As it is stated, in periods of the leading KPI's grain."""
    grain: Grain
    """At which both were held against each other: the coarser one's."""
    lag_here: int
    """The stated lag in periods of that grain."""
    together: Together
    tried: int = 1
    """How many lags were looked at: the stated one alone."""


class Step(NamedTuple):
    """A KPI on the way back from a signal."""

    kpi: Kpi
    leads: Kpi | None
    """The KPI that it predicts, one step nearer; None of the first."""
    lag: int | None
    since: Period | None
    """The first period of its run of signals; None where there was none in time."""
    variation: Variation | None
    weeks_earlier: float | None
    """How long its run had begun before that of the KPI it predicts."""
    depth: int
    told: Period | None = None
    """The period with which its chart could tell, by the limits of today: a shift of seven is known with its seventh
    point."""
    told_weeks_earlier: float | None = None
    """From the end of that period to the end of the one with which the chart of the KPI it predicts could tell;
    below zero where that one was earlier."""


def links(workspace: Workspace, kpi: Kpi | None = None) -> list[LinkFound]:
    """All links, or those from and to a KPI."""
    kpis = workspace.definitions.kpis
    stated = [(leading, link) for leading in kpis.values() for link in leading.predicts if link.kpi in kpis]
    return [
        _held(workspace, leading, kpis[link.kpi], link.lag)
        for leading, link in stated
        if kpi is None or kpi.id in (leading.id, link.kpi)
    ]


def _held(workspace: Workspace, leading: Kpi, led: Kpi, lag: int) -> LinkFound:
    grain = max(leading.grain, led.grain, FREQUENCY_GRAIN[leading.frequency], FREQUENCY_GRAIN[led.frequency])
    lag_here = lag if grain is leading.grain else round(lag * _DAYS[leading.grain] / _DAYS[grain])
    charts = [workspace.figures.chart(kpi, grain) for kpi in (leading, led)]
    levels = all(chart.chart.stable and len(chart.chart.phases) <= 1 for chart in charts)
    before, after = (_numbered(workspace, chart) for chart in charts)
    found = together(before, after, lag_here, differences=not levels)
    return LinkFound(leading, led, lag, grain, lag_here, found)


def _numbered(workspace: Workspace, chart: KpiChart) -> dict[int, float]:
    number = workspace.definitions.calendar.number
    return {number(period.grain, period.start): v for period, v in zip(chart.periods, chart.values, strict=True)}


def walk_back(workspace: Workspace, kpi: Kpi, period: Period | None = None) -> list[Step]:
    """From a KPI's run of signals (in the period, or its newest) to the KPIs that lead it and whose run began before,
    and on to those that lead them; of each KPI the one that began first stands first. Empty where it has no signal.

    The signal is looked for in the finest chart of the KPI, which tells best when it began.
    """
    chart = workspace.figures.chart(kpi, max(kpi.grain, FREQUENCY_GRAIN[kpi.frequency]))
    run = _run_at(chart, workspace.own_period(kpi, period) if period else None)
    if run is None:
        return []
    means = _means(chart.chart, run, kpi)
    first = Step(kpi, None, None, chart.periods[run.first], means, None, 0, _told(chart, run))
    return [first, *_before(workspace, first, {kpi.id})]


def _run_at(chart: KpiChart, period: Period | None) -> Run | None:
    """The newest run of signals with a point in the period, or that the last point is in."""
    last = len(chart.periods) - 1
    if period is None:
        inside = [last]
    else:
        # A week belongs to the month that holds most of it, as everywhere.
        inside = [i for i, charted in enumerate(chart.periods) if period.start <= _middle(charted) <= period.end]
    found = [run for run in runs(chart.chart.signals) if inside and run.first <= inside[-1] and run.last >= inside[0]]
    return found[-1] if found else None


def _middle(period: Period) -> date:
    return period.start + (period.end - period.start) / 2


def _before(workspace: Workspace, step: Step, seen: set[str]) -> list[Step]:
    """The KPIs that lead this one, each with those that lead it."""
    assert step.since is not None
    found: list[list[Step]] = []
    for leading in workspace.definitions.kpis.values():
        for link in leading.predicts:
            if link.kpi != step.kpi.id or leading.id in seen:
                continue
            earlier = _signalled(workspace, leading, step, link.lag)
            beyond = _before(workspace, earlier, {*seen, leading.id}) if earlier.since else []
            found.append([earlier, *beyond])
    found.sort(key=lambda way: -(way[0].weeks_earlier or 0.0))
    return [each for way in found for each in way]


def _signalled(workspace: Workspace, leading: Kpi, step: Step, lag: int) -> Step:
    """The last run of signals of the leading KPI that began within the weeks looked back."""
    assert step.since is not None
    assert step.told is not None
    start, since = step.since.start - timedelta(weeks=LOOKED_BACK), step.since.start
    chart = workspace.figures.chart(leading, max(leading.grain, FREQUENCY_GRAIN[leading.frequency]))
    early = [run for run in runs(chart.chart.signals) if start <= chart.periods[run.first].start <= since]
    nothing = Step(leading, step.kpi, lag, None, None, None, step.depth + 1)
    if not early:
        return nothing
    run = early[-1]
    period, told = chart.periods[run.first], _told(chart, run)
    return nothing._replace(
        since=period,
        variation=_means(chart.chart, run, leading),
        weeks_earlier=(since - period.start).days / 7,
        told=told,
        told_weeks_earlier=(step.told.end - told.end).days / 7,
    )


def _told(chart: KpiChart, run: Run) -> Period:
    return chart.periods[told_with(chart.chart, chart.values, run.first, run.last)]


def _means(chart: Chart, run: Run, kpi: Kpi) -> Variation:
    return variation(chart.signals[run.first], kpi.direction)

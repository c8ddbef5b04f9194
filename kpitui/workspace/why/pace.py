"""Where a KPI's month, quarter and year will end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kpitui.analysis.pace import Earlier, Pace, pace
from kpitui.analysis.series import Span
from kpitui.analysis.signals import Phase
from kpitui.analysis.targets import Goal
from kpitui.definitions.model import Kpi
from kpitui.definitions.ratios import is_sum
from kpitui.periods import A_YEAR, Grain, Period
from kpitui.terms import FREQUENCY_GRAIN, Assurance
from kpitui.workspace.numbers import period_tag
from kpitui.workspace.opening import Workspace

HORIZONS = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)
_MOST_NAMED = 4
"""Parts without a value that are named, the last of them as how many more there are."""
_PARTS = {Grain.MONTH: Grain.DAY, Grain.QUARTER: Grain.DAY, Grain.YEAR: Grain.MONTH}
"""In what a period is counted, where the source is no coarser."""


class Outlook(NamedTuple):
    """What can be said of the end of the period that holds the as-of date."""

    kpi: Kpi
    period: Period
    goal: Goal | None
    parts: Grain | None = None
    """In what the period is counted."""
    pace: Pace | None = None
    """Of an amount."""
    level: Phase | None = None
    """Of a rate or a level: mean and limits of the last phase of its chart; no projection."""
    assurance: Assurance | None = None
    at_median: bool = False
    """Of a rate or a level: its target is at the median, which every second period misses by design."""
    why_not: str = ""
    missing: tuple[Period, ...] = ()
    """Parts that are over and have no value: of an amount to date they count as nothing."""


def outlooks(workspace: Workspace, kpi: Kpi) -> list[Outlook]:
    """To the end of the month, the quarter and the year; not of periods that are finer than the KPI's own."""
    return [outlook(workspace, kpi, grain) for grain in HORIZONS if grain >= kpi.grain]


def outlook(workspace: Workspace, kpi: Kpi, grain: Grain) -> Outlook:
    """To the end of the period of that grain."""
    figures, calendar = workspace.figures, workspace.definitions.calendar
    period = calendar.period(grain, workspace.as_of)
    found = Outlook(kpi, period, figures.goal(kpi, period))
    if spoiled := figures.spoiled(kpi):
        return found._replace(why_not=spoiled)
    if not kpi.additive:
        return _level(workspace, found)
    unit = max(_PARTS[grain], FREQUENCY_GRAIN[kpi.frequency])
    if kpi.formula is not None and not is_sum(kpi.formula, workspace.definitions):
        unit = max(unit, kpi.grain)  # a product of rates may have no figure on a single day
    found = found._replace(parts=unit)
    if unit >= grain:
        return found._replace(why_not=f"there is one value for the {grain.word}")
    parts = _parts(workspace, kpi, period, unit)
    over = [part for part in parts if part.end <= figures.known_until(kpi)]
    if not over:
        return found._replace(pace=Pace(0.0, 0, len(parts), "cannot_be_said"))
    cells = [figures.cell(kpi.id, Span(part, workspace.as_of)) for part in over]
    missing = tuple(part for part, cell in zip(over, cells, strict=True) if not cell.usable)
    found = found._replace(missing=missing)
    known = len(over) - len(missing)
    if known < len(over) * workspace.definitions.min_coverage:
        named = missing_phrase(missing, workspace.definitions.locale)
        return found._replace(why_not=f"{known} of {len(over)} {unit.word}s have a value, {named}")
    to_date = figures.cell(kpi.id, Span(period, over[-1].end)).value
    if to_date is None:
        return found._replace(why_not="no figure to date")
    return found._replace(
        pace=pace(
            to_date,
            [cell.value or 0.0 for cell in cells],
            len(parts),
            found.goal,
            kpi.direction,
            _earlier(workspace, kpi, period, unit, len(over)),
        )
    )


def missing_phrase(missing: Sequence[Period], locale: str) -> str:
    """`none of Mar ’26, Apr ’26 and 3 more`."""
    named = [period_tag(part, locale) for part in missing]
    if len(named) > _MOST_NAMED:
        named[_MOST_NAMED - 1 :] = [f"{len(named) - _MOST_NAMED + 1} more"]
    return f"none of {' and '.join(filter(None, (', '.join(named[:-1]), named[-1])))}"


def _parts(workspace: Workspace, kpi: Kpi, period: Period, unit: Grain) -> list[Period]:
    """The days, weeks or months that belong to the period; of weekdays, none at weekends."""
    calendar = workspace.definitions.calendar
    parts = [part for part in calendar.between(unit, period.start, period.end) if calendar.anchor(part) in period]
    if kpi.frequency == "weekdays" and unit is Grain.DAY:
        return [part for part in parts if part.start.weekday() < 5]
    return parts


def _earlier(workspace: Workspace, kpi: Kpi, period: Period, unit: Grain, done: int) -> list[Earlier]:
    """The same period of earlier years, as far as they were measured as a whole, the latest first."""
    figures, calendar = workspace.figures, workspace.definitions.calendar
    first = figures.first_day(kpi)
    found: list[Earlier] = []
    if first is None:
        return found
    then = calendar.year_before(period)
    while then.start >= first:
        parts = _parts(workspace, kpi, then, unit)
        until = parts[min(done, len(parts)) - 1].end
        end = figures.cell(kpi.id, Span(then, workspace.as_of))
        to_date = figures.cell(kpi.id, Span(then, until))
        if end.complete and to_date.complete and end.value is not None and to_date.value is not None:
            found.append(Earlier(to_date.value, end.value, min(done, len(parts)), len(parts)))
        then = calendar.shift(then, -A_YEAR[then.grain])
    return found


def _level(workspace: Workspace, found: Outlook) -> Outlook:
    """A rate or a level will be what its process gives: the mean and the limits of its last phase."""
    kpi = found.kpi
    grain = max(kpi.grain, min(found.period.grain, workspace.usual_grain))
    chart = workspace.figures.chart(kpi, grain).chart
    found = found._replace(parts=grain)
    if not chart.phases:
        return found._replace(why_not="no chart says what is usual")
    phase = chart.phase_of(len(chart.signals) - 1)
    found = found._replace(level=phase)
    if chart.variation != "common_cause":
        return found._replace(why_not="the process has changed: not said")
    if not chart.stable or phase.provisional:
        return found
    return found._replace(assurance=chart.assurance, at_median=chart.splits)

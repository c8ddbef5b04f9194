"""Why a KPI shows no figure, or none that is judged, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from kpitui.definitions.model import Kpi
from kpitui.periods import Period
from kpitui.workspace.answers import Row
from kpitui.workspace.manual import is_manual
from kpitui.workspace.numbers import period_name, short_day
from kpitui.workspace.opening import Workspace
from kpitui.workspace.wording import coverage_phrase


def why_no_figure(workspace: Workspace, row: Row, key: Callable[[str], str]) -> str:
    """A sentence on the row's period; empty where its figure can be judged. `key`: as an action's key is written."""
    kpi, point = row.kpi, row.point
    if row.spoiled:
        return f"No figure: {row.spoiled}."
    if point.usable:
        return ""
    if point.value is not None:
        return f"{coverage_phrase(point, kpi)} have come: too few to judge."
    return why_no_measurements(workspace, kpi, point.period, key)


def why_no_measurements(workspace: Workspace, kpi: Kpi, period: Period, key: Callable[[str], str]) -> str:
    """A sentence on a period in which the KPI has no value."""
    locale = workspace.definitions.locale
    figures, name = workspace.figures, period_name(period, locale)
    if is_manual(workspace.definitions, kpi):
        return f"Nothing is typed in for {name}: {key('write.figure')} types it in."
    for measure_id in figures.without_values(kpi):
        return f"No measurements yet: {_source(workspace, measure_id)} has no value for {measure_id}."
    ended = figures.first_stale(kpi, workspace.as_of)
    if ended is not None and ended[1] < period.end:
        day = short_day(ended[1], locale, workspace.as_of)
        return f"No measurements after {day}: {_source(workspace, ended[0])} ends there."
    first = figures.first_day(kpi)
    if first is not None and period.end < first:
        day = short_day(first, locale, workspace.as_of)
        return f"No measurements before {day}: {key('later')} goes on in time."
    return f"No value for {name}."


def _source(workspace: Workspace, measure_id: str) -> str:
    """What a person would have to look at: the measure's source by its id."""
    return f"the source `{workspace.definitions.measures[measure_id].source}`"

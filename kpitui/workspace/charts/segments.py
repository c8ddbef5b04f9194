"""What a KPI can be broken down by, and the figures of each segment alone."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kpitui.definitions.model import Kpi
from kpitui.measurements.values import Segmented, Series
from kpitui.workspace.charts.pictures import Segment
from kpitui.workspace.figures import Figures
from kpitui.workspace.opening import Workspace

BLANK = "(blank)"


def columns(workspace: Workspace, kpi: Kpi) -> tuple[str, ...]:
    """The columns that the sources of all of the KPI's measures declare, in the first one's order."""
    declared = []
    for measure_id in workspace.figures.measures_of(kpi.id):
        source = workspace.definitions.sources.get(workspace.definitions.measures[measure_id].source)
        declared.append(source.segments if source else ())
    if not declared:
        return ()
    return tuple(column for column in declared[0] if all(column in others for others in declared))


def segments(workspace: Workspace, kpi: Kpi, found: Segmented) -> list[Segment]:
    """The figures of each segment, aggregated first and then combined, like the KPI's own; the largest first."""
    weights = {name: _weight(workspace, kpi, series) for name, series in found.series.items()}
    return [
        Segment(name or BLANK, _figures(workspace, found.series[name]))
        for name in sorted(weights, key=lambda name: (-weights[name], name))
    ]


def _figures(workspace: Workspace, series: Mapping[str, Series]) -> Figures:
    """The KPI's definition over one segment's series; what is agreed for the whole is no target for a part."""
    definitions, measured = workspace.definitions, workspace.measured
    own = {
        id_: series.get(id_) or Series(definitions.measures[id_].aggregate, [], [], []) for id_ in definitions.measures
    }
    return Figures(definitions, msgspec.structs.replace(measured, series=own), workspace.as_of)


def _weight(workspace: Workspace, kpi: Kpi, series: Mapping[str, Series]) -> float:
    """How much of the whole a segment is: its amount; of a rate the amount that it is a share of, its last input."""
    for id_ in reversed(workspace.figures.measures_of(kpi.id)):
        one = series.get(id_)
        if one is None:
            continue
        if one.aggregate == "sum":
            return sum(one.totals)
        return float(sum(one.counts))
    return 0.0

"""What is to be known of a chart before it is believed: whether its points hang together, have a season, are few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpitui.analysis.counts import too_few
from kpitui.analysis.seasons import CLEAR, LARGE_AUTOCORRELATION, autocorrelation
from kpitui.analysis.signals import FEWEST_FOR_ASSURANCE
from kpitui.definitions.model import Kpi
from kpitui.periods import Grain
from kpitui.workspace.answers import KpiChart, Remark
from kpitui.workspace.drawing import counts, season

if TYPE_CHECKING:
    from kpitui.workspace.figures import Figures


def remarks(figures: Figures, kpi: Kpi, grain: Grain, drawn: KpiChart, numbers: Sequence[int]) -> tuple[Remark, ...]:
    """The remarks on a chart whose points are the periods of these numbers, the gravest first."""
    chart = drawn.chart
    if not chart.phases:
        return ()
    found: list[Remark] = []
    # A chart of counts has no seasonal adjustment, and nobody is to be sent to ask for it.
    of_counts = chart.method in ("p", "u")
    counted = counts(figures, kpi, grain, numbers) if kpi.chart.method in ("p", "u") else None
    if kpi.chart.method != chart.method:
        found.append(Remark("stands_in"))
    elif counted is not None and too_few(counted, parts=chart.method == "p"):
        found.append(Remark("too_few"))
    usual = season(kpi, grain, numbers, drawn.values)
    if chart.adjusted:
        found.append(Remark("adjusted", usual.years if usual else None))
    elif kpi.chart.seasonal:
        found.append(Remark("counts_not_adjusted" if of_counts else "not_adjusted"))
    last = chart.phases[-1]
    if not chart.stable and not last.provisional:
        found.append(Remark("unstable"))
    # The points that the limits are of: those behind a baseline may have shifted, and then resemble each other.
    points = (chart.adjusted or drawn.values)[last.first : last.first + last.known_from]
    alike = autocorrelation(points) if len(points) >= FEWEST_FOR_ASSURANCE else None
    if alike is not None and alike > LARGE_AUTOCORRELATION:
        found.append(Remark("autocorrelated", alike))
    if usual is not None and not chart.adjusted and usual.strength > CLEAR:
        found.append(Remark("season_of_counts" if of_counts else "season", usual.strength))
    if chart.splits and chart.assurance == "inconsistent":
        found.append(Remark("target_at_median"))
    return tuple(found)

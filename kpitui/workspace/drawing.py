"""Which chart a KPI has: of its values, of counts, or of seasonally adjusted values.

What the last two need is imported where a KPI wants one: most workspaces open without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from kpitui.analysis import signals
from kpitui.analysis.signals import Chart
from kpitui.definitions.model import Kpi
from kpitui.periods import A_YEAR, Grain

if TYPE_CHECKING:
    from kpitui.analysis.counts import Count
    from kpitui.analysis.seasons import Season
    from kpitui.workspace.figures import Figures


def drawer(
    figures: Figures, kpi: Kpi, grain: Grain, numbers: Sequence[int], values: Sequence[float]
) -> Callable[..., Chart]:
    """What draws the KPI's chart of these values in the periods of these numbers; see `signals.chart` for the rest."""
    rule = kpi.chart
    if rule.method in ("p", "u"):
        if (found := counts(figures, kpi, grain, numbers)) is not None:
            from kpitui.analysis.counts import counts_chart

            return partial(counts_chart, found, rule)
        # What cannot be drawn as counts is a chart of individual values, under its own name.
        rule = rule._replace(method="nhs")
    if rule.seasonal and rule.method != "none" and (usual := season(kpi, grain, numbers, values)) is not None:
        from kpitui.analysis.seasons import adjusted_chart

        return partial(adjusted_chart, usual, numbers, values, rule)
    return partial(signals.chart, values, rule)


def counts(figures: Figures, kpi: Kpi, grain: Grain, numbers: Sequence[int]) -> list[Count] | None:
    """The KPI's part and whole in these periods; None where it is no ratio of counts in all of them."""
    from kpitui.analysis.counts import Count
    from kpitui.definitions.ratios import countable

    of = countable(kpi, figures.definitions)
    if of is None:
        return None
    parts, wholes = (figures.evaluated(each, grain, numbers) for each in (of.part, of.whole))
    found = []
    for part, whole in zip(parts, wholes, strict=True):
        if part is None or whole is None or part < 0 or whole <= 0 or (kpi.chart.method != "u" and part > whole):
            return None
        found.append(Count(part, whole))
    return found


def season(kpi: Kpi, grain: Grain, numbers: Sequence[int], values: Sequence[float]) -> Season | None:
    """The season of the values in the periods of these numbers; weeks, months and quarters have one."""
    from kpitui.analysis import seasons

    if grain not in (Grain.WEEK, Grain.MONTH, Grain.QUARTER):
        return None
    return seasons.season(numbers, values, A_YEAR[grain], multiplies=kpi.additive)

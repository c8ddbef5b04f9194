"""What could be better about definitions that are sound: advice, never a problem."""

from __future__ import annotations

from collections.abc import Collection

from kpitui.definitions.advice import Advice, of_kpi
from kpitui.definitions.model import Definitions, Kpi
from kpitui.definitions.pairs import unpaired
from kpitui.definitions.primary import too_many_primary, unled
from kpitui.definitions.ratios import countable
from kpitui.places import SETTINGS_FILE
from kpitui.problems import Problem
from kpitui.terms import Component

_COMPONENTS: dict[Component, tuple[str, str]] = {
    "measure": ("no measure", 'formula = "…"'),
    "target": ("no target", "target = [{ from = 2026-01-01, value = … }]"),
    "data_source": ("no data source", 'data_source = "…"'),
    "frequency": ("no frequency", 'frequency = "monthly"'),
    "owner": ("no owner", 'owner = "…"'),
}
"""What is said of a component that is missing, and the line to add."""


def advice(definitions: Definitions, decided: Collection[str] = ()) -> list[Advice]:
    """What the KPIs lack, KPI by KPI, then what the set of them does.

    `decided` are the ids of the KPIs whose targets stand in a review: they lack none.
    """
    kpis = tuple(definitions.kpis.values())
    found = [each for kpi in kpis for each in _of(kpi, definitions, decided)]
    if kpis and not definitions.objectives:
        found.append(_no_objectives())
    return [*found, *too_many_primary(definitions), *unled(definitions), *unpaired(kpis)]


def _of(kpi: Kpi, definitions: Definitions, decided: Collection[str]) -> list[Advice]:
    missing = [part for part in kpi.missing_components if not (part == "target" and kpi.id in decided)]
    said = []
    for component in missing:
        lack, line = _COMPONENTS[component]
        said.append(of_kpi(component, kpi, component, f"{lack}: so far it is only a metric", line))
    if definitions.objectives and kpi.objective is None:
        known = " or ".join(f'"{objective}"' for objective in definitions.objectives)
        said.append(of_kpi("objective", kpi, "objective", "serves no objective", f"objective = {known}"))
    if kpi.review and kpi.review not in {cadence.id for cadence in definitions.cadences}:
        hint = f"add [review.{kpi.review}] to {SETTINGS_FILE}"
        said.append(of_kpi("review", kpi, "review", f"no {kpi.review} review is held", hint))
    if kpi.chart.method in ("p", "u") and countable(kpi, definitions) is None:
        what = "a part ÷ whole of counts" if kpi.chart.method == "p" else "events ÷ units"
        message = f"a {kpi.chart.method} chart needs {what}: nhs stands in"
        hint = 'formula = "a / b" or "(a - b) / a", of sums or counts'
        said.append(of_kpi("chart_method", kpi, "chart.method", message, hint))
    return said


def _no_objectives() -> Advice:
    """One for the workspace: said of every KPI it would hide the rest."""
    message = "no objective is defined: a KPI that serves none is suspect"
    hint = '[objective.growth] with title = "…", two or three of them; then objective = "growth" under each KPI'
    return Advice("objectives", (), Problem(SETTINGS_FILE, message, key="objective", hint=hint, level="advice"))

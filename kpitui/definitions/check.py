"""What could be better about definitions that are sound: advice, never a problem."""

from __future__ import annotations

from kpitui.definitions.model import Definitions, Kpi
from kpitui.definitions.ratios import countable
from kpitui.places import SETTINGS_FILE
from kpitui.problems import Problem
from kpitui.terms import Component

MOST_PRIMARY = 10
"""Primary KPIs that a team can look after."""

_COMPONENTS: dict[Component, tuple[str, str]] = {
    "measure": ("no measure", 'formula = "…"'),
    "target": ("no target", "target = [{ from = 2026-01-01, value = … }]"),
    "data_source": ("no data source", 'data_source = "…"'),
    "frequency": ("no frequency", 'frequency = "monthly"'),
    "owner": ("no owner", 'owner = "…"'),
}
"""What is said of a component that is missing, and the line to add."""


def advice(definitions: Definitions) -> list[Problem]:
    """What the KPIs lack, KPI by KPI, then what the set of them does."""
    found = [each for kpi in definitions.kpis.values() for each in _of(kpi, definitions)]
    primary = sum(kpi.tier == "primary" for kpi in definitions.kpis.values())
    if primary > MOST_PRIMARY:
        found.append(
            Problem(
                SETTINGS_FILE,
                f"{primary} KPIs are primary, more than {MOST_PRIMARY} get no attention",
                hint='tier = "supporting" or "diagnostic" for the others',
                level="advice",
            )
        )
    return found


def _of(kpi: Kpi, definitions: Definitions) -> list[Problem]:
    lacking = [(component, *_COMPONENTS[component]) for component in kpi.missing_components]
    said = [_advice(kpi, key, f"{lack}: so far it is only a metric", line) for key, lack, line in lacking]
    if definitions.objectives and kpi.objective is None:
        known = " or ".join(f'"{objective}"' for objective in definitions.objectives)
        said.append(_advice(kpi, "objective", "serves no objective", f"objective = {known}"))
    if kpi.review and kpi.review not in {cadence.id for cadence in definitions.cadences}:
        said.append(
            _advice(
                kpi,
                "review",
                f"no {kpi.review} review is held",
                f"add [review.{kpi.review}] to {SETTINGS_FILE}",
            )
        )
    if kpi.chart.method in ("p", "u") and countable(kpi, definitions) is None:
        what = "a part ÷ whole of counts" if kpi.chart.method == "p" else "events ÷ units"
        said.append(
            _advice(
                kpi,
                "chart.method",
                f"a {kpi.chart.method} chart needs {what}: nhs stands in",
                'formula = "a / b" or "(a - b) / a", of sums or counts',
            )
        )
    return said


def _advice(kpi: Kpi, key: str, message: str, hint: str) -> Problem:
    return Problem(kpi.file, message, kpi.line, key=f"kpi.{kpi.id}.{key}", hint=hint, level="advice")

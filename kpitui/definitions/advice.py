"""Advice: what could be better about a KPI that is sound. It is never a problem, and each piece names its cure."""

from __future__ import annotations

from typing import Literal, NamedTuple

from kpitui.definitions.model import Kpi
from kpitui.problems import Problem
from kpitui.terms import Component

Rule = (
    Component
    | Literal[
        "objective",
        "objectives",
        "review",
        "chart_method",
        "primary",
        "primary_of_owner",
        "primary_of_team",
        "leading",
        "pair",
        "target_not_looked_at",
        "target_unsteady",
        "target_far",
        "target_not_credible",
        "behind",
        "not_moving",
    ]
)
"""What a piece of advice is about; scripts tell them apart by it."""


class Advice(NamedTuple):
    """One thing that could be better."""

    rule: Rule
    kpis: tuple[str, ...]
    """Ids of the KPIs that it is about."""
    problem: Problem
    """Where, what, and how to mend it; its level is "advice"."""


def of_kpi(rule: Rule, kpi: Kpi, key: str, message: str, hint: str) -> Advice:
    """Advice on one KPI, at its definition; `key` is a key of its table."""
    place = Problem(kpi.file, message, kpi.line, key=f"kpi.{kpi.id}.{key}", hint=hint, level="advice")
    return Advice(rule, (kpi.id,), place)

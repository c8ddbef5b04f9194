"""A decided target in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kpitui.analysis.targets import Goal, in_force
from kpitui.definitions.model import Definitions, Kpi
from kpitui.records.model import TargetRevision
from kpitui.terms import Target
from kpitui.workspace.numbers import Style, short_day


def target_phrase(target: Target, kpi: Kpi, style: Style) -> str:
    """`24.0%`, `10.1k a month`: an amount with the period that it is for."""
    amount = style.goal(Goal(target.value, target.low, target.high), kpi.direction)
    return f"{amount} a {target.per.word}" if kpi.additive else amount


def replaced(revision: TargetRevision, kpi: Kpi, before: Iterable[TargetRevision], definitions: Definitions) -> str:
    """What would hold on the revision's first day without it; `before` are the KPI's revisions."""
    made = (each.target(kpi.grain) for each in before if (each.at, each.id) < (revision.at, revision.id))
    old = in_force((*kpi.targets, *made), revision.since)
    return target_phrase(old, kpi, Style.of(kpi, definitions.locale)) if old else "no target"


def revision_phrase(revision: TargetRevision, kpi: Kpi, definitions: Definitions, as_of: date) -> str:
    """`24.0% from 1 Dec`: what holds from a day on; of an amount for which period it is."""
    style = Style.of(kpi, definitions.locale)
    amount = style.goal(Goal(revision.value, revision.low, revision.high), kpi.direction)
    if kpi.additive:
        amount += f" a {revision.per or kpi.grain.word}"
    until = f" until {short_day(revision.until, definitions.locale, as_of)}" if revision.until else ""
    return f"{amount} from {short_day(revision.since, definitions.locale, as_of)}{until}"

"""A decided target in words."""

from __future__ import annotations

from datetime import date

from kpitui.analysis.targets import Goal
from kpitui.definitions.model import Definitions, Kpi
from kpitui.records.model import TargetRevision
from kpitui.workspace.numbers import Style, short_day


def revision_phrase(revision: TargetRevision, kpi: Kpi, definitions: Definitions, as_of: date) -> str:
    """`24.0% from 1 Dec`: what holds from a day on; of an amount for which period it is."""
    style = Style.of(kpi, definitions.locale)
    amount = style.goal(Goal(revision.value, revision.low, revision.high), kpi.direction)
    if kpi.additive:
        amount += f" a {revision.per or kpi.grain.word}"
    until = f" until {short_day(revision.until, definitions.locale, as_of)}" if revision.until else ""
    return f"{amount} from {short_day(revision.since, definitions.locale, as_of)}{until}"

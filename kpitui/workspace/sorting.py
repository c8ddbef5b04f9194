"""The order of rows within a group: by urgency, or by what one column shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from kpitui.analysis.targets import Goal
from kpitui.definitions.model import Definitions
from kpitui.review.urgency import urgency
from kpitui.terms import LEVELS, PERSPECTIVES, TIERS, TYPES, Status
from kpitui.workspace.answers import Row

_WORST_FIRST: tuple[Status, ...] = ("behind", "at_risk", "no_data", "no_target", "on_track", "ahead")

Value = float | str | None
"""What rows are compared by; None has no place in the order."""


class Order(NamedTuple):
    """The column that rows are sorted by (None: by urgency), from its low end or, `reverse`, from its high one."""

    by: str | None = None
    reverse: bool = False


BY_URGENCY = Order()


def by_urgency(row: Row) -> tuple[int, int, float]:
    """Sort key: primary first, leading before lagging, then the worst gap."""
    return urgency(row.kpi, row.point.gap)


def _goal(goal: Goal | None) -> Value:
    if goal is None:
        return None
    return goal.value if goal.value is not None else goal.low if goal.low is not None else goal.high


def _signal(row: Row) -> Value:
    """Worse, then better, then another change, then usual variation; of each the longest lasting first."""
    if row.point.signal is None:
        return None if row.point.variation is None else 9e9
    worse_first = {"concern": 0, "improvement": 1, "neutral": 2}
    kind = (row.point.variation or "neutral").partition("_")[0]
    since = row.changed_since.start.toordinal() if row.changed_since else 0
    return worse_first.get(kind, 2) * 1e8 + since


def _word(words: tuple[str, ...], word: str | None) -> Value:
    return words.index(word) if word in words else None


def _text(text: str | None) -> Value:
    return text.casefold() if text else None


SORTS: dict[str, Callable[[Row, Definitions], Value]] = {
    "name": lambda row, _: _text(row.kpi.name),
    "id": lambda row, _: row.kpi.id,
    "actual": lambda row, _: row.point.value,
    "target": lambda row, _: _goal(row.point.goal),
    "quarter_target": lambda row, _: _goal(row.quarter_goal),
    "year_target": lambda row, _: _goal(row.year_goal),
    "status": lambda row, _: _WORST_FIRST.index(row.point.status),
    "gap": lambda row, _: row.point.gap,
    "change": lambda row, _: row.point.change,
    "yoy": lambda row, _: row.point.yoy,
    "pace": lambda row, _: row.point.judged if row.point.status_basis == "pace" else None,
    "signal": lambda row, _: _signal(row),
    "since": lambda row, _: row.changed_since.start.toordinal() if row.changed_since else None,
    "coverage": lambda row, _: row.point.coverage if row.point.due else None,
    "owner": lambda row, definitions: _text(definitions.who(row.kpi.owner)),
    "team": lambda row, definitions: _text(team(row, definitions)),
    "perspective": lambda row, _: _word(PERSPECTIVES, row.kpi.perspective),
    "objective": lambda row, definitions: _text(objective(row, definitions)),
    "stage": lambda row, _: _text(row.kpi.stage),
    "initiative": lambda row, _: _text(row.kpi.initiative),
    "tier": lambda row, _: _word(TIERS, row.kpi.tier),
    "kind": lambda row, _: _text(row.kpi.kind),
    "type": lambda row, _: _word(TYPES, row.kpi.type),
    "level": lambda row, _: _word(LEVELS, row.kpi.level),
}
"""By the ids of columns."""


def team(row: Row, definitions: Definitions) -> str | None:
    """The KPI's own team, else its owner's."""
    return definitions.team_of(row.kpi)


def objective(row: Row, definitions: Definitions) -> str | None:
    """The title of what the KPI serves."""
    if row.kpi.objective is None:
        return None
    found = definitions.objectives.get(row.kpi.objective)
    return found.title if found else row.kpi.objective


def ordered(rows: Iterable[Row], order: Order, definitions: Definitions) -> tuple[Row, ...]:
    """The rows in that order; equals by urgency, and those without a value last, whichever way it goes."""
    urgent = sorted(rows, key=by_urgency)
    if order.by is None:
        return tuple(reversed(urgent) if order.reverse else urgent)
    value = SORTS[order.by]
    known: list[tuple[float | str, Row]] = []
    without: list[Row] = []
    for row in urgent:
        found = value(row, definitions)
        if found is None:
            without.append(row)
        else:
            known.append((found, row))
    known.sort(key=lambda pair: pair[0], reverse=order.reverse)
    return (*(row for _, row in known), *without)

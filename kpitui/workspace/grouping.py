"""The order of the meeting: rows of a scorecard, in the groups that one looks at together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import Literal, NamedTuple

from kpitui.terms import GROUPS, PERSPECTIVES, Status
from kpitui.workspace.answers import Row
from kpitui.workspace.wording import GROUP_TITLE

Grouping = Literal["decision", "perspective"]
GROUPINGS: tuple[Grouping, ...] = ("decision", "perspective")

_TIERS = {"primary": 0, "supporting": 1, None: 1, "diagnostic": 2}
_KINDS = {"leading": 0, None: 1, "lagging": 2}


class RowGroup(NamedTuple):
    """Rows under one heading."""

    key: str
    title: str
    rows: tuple[Row, ...]
    folds: bool
    """It may be shown as one line: nothing in it asks for talk."""


def by_urgency(row: Row) -> tuple[int, int, float]:
    """Sort key: primary first, leading before lagging, then the worst gap."""
    gap = row.point.gap
    return (_TIERS[row.kpi.tier], _KINDS[row.kpi.kind], gap if gap is not None else inf)


def grouped(rows: Sequence[Row], by: Grouping) -> list[RowGroup]:
    """The rows in groups, most urgent first, without empty ones."""
    if by == "decision":
        return [
            RowGroup(group, GROUP_TITLE[group], found, folds=group == "fine")
            for group in GROUPS
            if (found := _sorted(row for row in rows if row.group == group))
        ]
    groups = [
        RowGroup(perspective, perspective.upper(), found, folds=False)
        for perspective in PERSPECTIVES
        if (found := _sorted(row for row in rows if row.kpi.perspective == perspective))
    ]
    without = _sorted(row for row in rows if row.kpi.perspective is None)
    if without:
        groups.append(RowGroup("none", "WITHOUT A PERSPECTIVE", without, folds=False))
    return groups


def _sorted(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=by_urgency))


def exceptions(rows: Sequence[Row]) -> list[Row]:
    """Every row that needs talk, in the order of the meeting."""
    return [row for group in grouped(rows, "decision") if not group.folds for row in group.rows]


def counts(rows: Iterable[Row]) -> dict[Status, int]:
    """How many rows have each status."""
    found: dict[Status, int] = {}
    for row in rows:
        found[row.point.status] = found.get(row.point.status, 0) + 1
    return found


def changed(rows: Iterable[Row]) -> int:
    """How many rows have a signal at their period."""
    return sum(row.point.signal is not None for row in rows)

"""The rows of a scorecard in the groups that one looks at together: by default the order of the meeting."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from kpitui.definitions.model import Definitions
from kpitui.terms import GROUPINGS, GROUPS, PERSPECTIVES, TIERS, TYPES, Grouping, Status
from kpitui.workspace.answers import Row
from kpitui.workspace.sorting import BY_URGENCY, objective, ordered, team
from kpitui.workspace.wording import decision_title

GROUPING_NAME: dict[Grouping, str] = {
    "decision": "decision",
    "perspective": "perspective",
    "objective": "objective",
    "stage": "funnel stage",
    "tier": "tier",
    "type": "type",
    "owner": "owner",
    "team": "team",
    "initiative": "initiative",
    "tree": "KPI tree",
}
_NOBODY = Definitions(name="")


class RowGroup(NamedTuple):
    """Rows under one heading."""

    by: Grouping
    key: str
    title: str
    rows: tuple[Row, ...]
    folds: bool = False
    """It may be shown as one line: nothing in it asks for talk."""
    depths: tuple[int, ...] = ()
    """Of a tree: how deep each row stands; a row's parts follow it."""


_VALUE: dict[Grouping, Callable[[Row, Definitions], str | None]] = {
    "perspective": lambda row, _: row.kpi.perspective,
    "objective": objective,
    "stage": lambda row, _: row.kpi.stage,
    "tier": lambda row, _: row.kpi.tier,
    "type": lambda row, _: row.kpi.type,
    "owner": lambda row, definitions: definitions.who(row.kpi.owner) or None,
    "team": team,
    "initiative": lambda row, _: row.kpi.initiative,
}
_WORDS: dict[Grouping, tuple[str, ...]] = {"perspective": PERSPECTIVES, "tier": TIERS, "type": TYPES}
"""Groupings whose groups have an order of their own."""


def groupings(rows: Sequence[Row], definitions: Definitions) -> tuple[Grouping, ...]:
    """Those that some row has a value for; by decision there always is one."""
    found: list[Grouping] = []
    for by in GROUPINGS:
        value = _VALUE.get(by)
        if by == "tree":
            used = any(row.kpi.parent for row in rows)
        else:
            used = value is None or any(value(row, definitions) for row in rows)
        if used:
            found.append(by)
    return tuple(found)


def grouped(rows: Sequence[Row], by: Grouping) -> list[RowGroup]:
    """The rows in groups, most urgent first; owners and objectives by their ids."""
    return in_groups(ordered(rows, BY_URGENCY, _NOBODY), by, _NOBODY)


def in_groups(rows: Sequence[Row], by: Grouping, definitions: Definitions) -> list[RowGroup]:
    """Rows that have their order already in groups, without empty ones."""
    if by == "tree":
        return _tree(rows)
    parts: dict[str | None, list[Row]] = {}
    if by == "decision":
        parts = {group: [] for group in GROUPS}
        for row in rows:
            parts[row.group].append(row)
        return [
            RowGroup(by, group, decision_title(group, parts[group]), tuple(parts[group]), folds=group == "fine")
            for group in GROUPS
            if parts[group]
        ]
    value = _VALUE[by]
    for row in rows:
        parts.setdefault(value(row, definitions), []).append(row)
    without = parts.pop(None, [])
    named = {key: found for key, found in parts.items() if key is not None}
    groups = [RowGroup(by, key, key.upper(), tuple(named[key])) for key in _keys(by, named, definitions)]
    if without:
        title = f"WITHOUT {_article(GROUPING_NAME[by])} {GROUPING_NAME[by]}".upper()
        groups.append(RowGroup(by, "", title, tuple(without)))
    return groups


def _keys(by: Grouping, named: Collection[str], definitions: Definitions) -> list[str]:
    """The groups in their own order where they have one, a funnel and objectives as they are defined, else by name."""
    words = _WORDS.get(by)
    if by == "stage":
        words = tuple(dict.fromkeys(kpi.stage for kpi in definitions.kpis.values() if kpi.stage))
    elif by == "objective":
        words = tuple(objective.title for objective in definitions.objectives.values())
    known = [word for word in dict.fromkeys(words or ()) if word in named]
    return known + sorted((key for key in named if key not in known), key=str.casefold)


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def _tree(rows: Sequence[Row]) -> list[RowGroup]:
    """Parts under what they are parts of; rows that belong to no tree come last.

    A row whose parent is not among the rows stands at the top. Definitions have no rings; a row of one would be left
    out here, so what was not reached is put at the top, too.
    """
    here = {row.kpi.id for row in rows}
    parts: dict[str | None, list[Row]] = {}
    for row in rows:
        parts.setdefault(row.kpi.parent if row.kpi.parent in here else None, []).append(row)
    tops = parts.get(None, [])
    outside = tuple(row for row in tops if row.kpi.parent is None and row.kpi.id not in parts)
    reached = {row.kpi.id for row in outside}
    inside: list[Row] = []
    depths: list[int] = []
    for top in (*tops, *rows):
        to_come = [(top, 0)]
        while to_come:
            row, depth = to_come.pop()
            if row.kpi.id in reached:
                continue
            reached.add(row.kpi.id)
            inside.append(row)
            depths.append(depth)
            to_come += [(part, depth + 1) for part in reversed(parts.get(row.kpi.id, ()))]
    groups = [RowGroup("tree", "tree", "KPI TREE", tuple(inside), depths=tuple(depths))] if inside else []
    if outside:
        groups.append(RowGroup("tree", "", "OUTSIDE THE TREE", outside))
    return groups


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

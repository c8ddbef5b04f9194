"""Which lines the scorecard's grid has: headings, rows, and how many rows are folded away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kpitui.workspace.answers import Row
from kpitui.workspace.grouping import RowGroup

SHOWN_WHEN_FOLDED = 1

FoldKey = tuple[str, str, str]
"""Of a group: grouping, group, and nothing; of a row with parts: grouping, group and KPI."""


class Line(NamedTuple):
    """What one line of the grid shows: a row, a group's heading, or how many of a group are folded away."""

    group: RowGroup
    row: Row | None = None
    hidden: int = 0
    depth: int = 0
    parts: int = 0
    """How many rows stand below this one in its tree."""
    folded: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """Stays the same when the figures are read again."""
        return (self.group.by, self.group.key, self.row.kpi.id if self.row else "▾" if self.hidden else "")

    @property
    def looks(self) -> tuple[object, ...]:
        """What its picture depends on: a row looks the same in any group."""
        return self if self.row is None else self[1:]

    @property
    def fold_key(self) -> FoldKey:
        return (self.group.by, self.group.key, self.row.kpi.id if self.row else "")


class Folds:
    """What somebody folded or unfolded, as long as the program runs."""

    def __init__(self) -> None:
        self._chosen: dict[FoldKey, bool] = {}

    def set(self, key: FoldKey, folded: bool) -> None:
        self._chosen[key] = folded

    def lines(self, groups: Sequence[RowGroup], height: int) -> list[Line]:
        """The lines; groups that need no talk are one line where not everything fits the height."""
        all_fit = sum(1 + len(group.rows) for group in groups) <= height
        lines: list[Line] = []
        for group in groups:
            chosen = self._chosen.get((group.by, group.key, ""))
            folded = chosen if chosen is not None else group.folds and not all_fit
            lines.append(Line(group, folded=folded))
            if not folded:
                lines += self._rows(group)
                continue
            # One line of a group says what kind it is; a single row more is no longer than saying so.
            shown = 0 if chosen else SHOWN_WHEN_FOLDED
            if not chosen and len(group.rows) <= shown + 1:
                shown = len(group.rows)
            lines += [Line(group, row) for row in group.rows[:shown]]
            if shown < len(group.rows):
                lines.append(Line(group, hidden=len(group.rows) - shown))
        return lines

    def _rows(self, group: RowGroup) -> Iterator[Line]:
        if not group.depths:
            yield from (Line(group, row) for row in group.rows)
            return
        under: int | None = None
        for i, (row, depth) in enumerate(zip(group.rows, group.depths, strict=True)):
            if under is not None and depth > under:
                continue
            under = None
            parts = _below(group.depths, i)
            folded = bool(parts) and self._chosen.get((group.by, group.key, row.kpi.id), False)
            if folded:
                under = depth
            yield Line(group, row, depth=depth, parts=parts, folded=folded)

    def show_row(self, groups: Sequence[RowGroup], kpi_id: str) -> bool:
        """Unfold whatever hides the KPI; False where it is in none of the groups."""
        for group in groups:
            at = next((i for i, row in enumerate(group.rows) if row.kpi.id == kpi_id), None)
            if at is None:
                continue
            self._chosen[group.by, group.key, ""] = False
            if group.depths:
                depth = group.depths[at]
                for i in range(at - 1, -1, -1):
                    if group.depths[i] < depth:
                        depth = group.depths[i]
                        self._chosen[group.by, group.key, group.rows[i].kpi.id] = False
            return True
        return False


def _below(depths: Sequence[int], at: int) -> int:
    """How many of the rows that follow stand deeper, without a break."""
    count = 0
    for depth in depths[at + 1 :]:
        if depth <= depths[at]:
            break
        count += 1
    return count

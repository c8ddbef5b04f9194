"""What is copied to be pasted elsewhere: a KPI's row, its chart's figures, a group of rows, as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from kpitui.definitions.model import Definitions
from kpitui.workspace.answers import Row
from kpitui.workspace.charts.values import Panel, Picture
from kpitui.workspace.numbers import NONE, period_name
from kpitui.workspace.wording import STATUS_SIGN, background, spoken, verdict


def row_lines(row: Row, definitions: Definitions, as_of: date) -> list[str]:
    """The sentence on the KPI that can be read aloud, with its status and period, and what stands behind it."""
    when = period_name(row.point.period, definitions.locale)
    head = f"{STATUS_SIGN[row.point.status]} {verdict(row.point)} · {when} · {spoken(row, definitions, as_of)}"
    behind = background(row, definitions)
    return [head, f"  {behind}"] if behind else [head]


def group_lines(title: str, rows: Iterable[Row], definitions: Definitions, as_of: date) -> list[str]:
    """The group's title, and the first line of each of its rows."""
    return [title, *(row_lines(row, definitions, as_of)[0] for row in rows)]


def figure_lines(picture: Picture) -> list[str]:
    """The figures of the picture's panels, a line per period: the value, and what it is seen against."""
    found: list[str] = []
    for panel in picture.panels:
        if found:
            found.append("")
        if panel.title:
            found.append(panel.title)
        found += _aligned(_rows(panel, picture))
    return found


def _rows(panel: Panel, picture: Picture) -> list[list[str]]:
    levels = [level for level in panel.levels if any(value is not None for value in level.values)]
    names = [*(line.name for line in panel.lines), *(level.name for level in levels)]
    rows = [["period", *names, "signal"]]
    for at, period in enumerate(panel.periods):
        against = [level.values[at] for level in levels]
        mark = panel.marks[at] if panel.marks else None
        rows.append(
            [
                period_name(period, panel.locale) + (" (not over)" if at in panel.hollow else ""),
                *(picture.written_at(line, at) for line in panel.lines),
                *(NONE if value is None else picture.written(value) for value in against),
                f"{mark.verdict} {mark.side}" if mark else "",
            ]
        )
    return rows


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Figures under each other, names to the left of them."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    last = len(widths) - 1
    return [
        "  ".join(
            cell.ljust(cells) if i in (0, last) else cell.rjust(cells)
            for i, (cell, cells) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]

"""How a line of the scorecard's grid is drawn."""

from __future__ import annotations

from rich.segment import Segment

from kpitui.terms import Status
from kpitui.ui.columns import Context, arrowed, heading, marks, written
from kpitui.ui.layout import READABLE_NAME, SIGNS, Layout
from kpitui.ui.palette import Palette
from kpitui.ui.text import fit, plain, width
from kpitui.ui.widgets.grid_lines import Line
from kpitui.workspace.answers import Row
from kpitui.workspace.grouping import counts
from kpitui.workspace.sorting import Order
from kpitui.workspace.wording import STATUS_SIGN

IN_ORDER: tuple[Status, ...] = ("behind", "at_risk", "on_track", "ahead", "no_target", "no_data")
"""How statuses are counted up."""
SHORT_NAME = 8
"""Cells of a name that indenting leaves."""


def header(layout: Layout, order: Order, paint: Palette) -> list[Segment]:
    """The titles of the columns, with an arrow at the one that rows are sorted by."""
    arrow = ("↓" if order.reverse else "↑") if order.by == "name" or (order.by is None and order.reverse) else ""
    text = " " * SIGNS + fit(arrowed("KPI", arrow, layout.name), layout.name)
    text += "".join(heading(column, order) for column in layout.columns)
    return [Segment(text, paint.style("signal-usual"))]


def step(layout: Layout) -> int:
    """Cells for each step down a tree."""
    return 2 if layout.name >= READABLE_NAME else 1


def marked_cells(line: Line, layout: Layout, context: Context) -> int:
    """The cells that the cursor marks: the sign and the name, not the whole row."""
    if line.row is None:
        return 1 + width(plain(_heading(line)))
    return SIGNS + width(_name(line, line.row, layout, context).rstrip())


def row(line: Line, row: Row, layout: Layout, context: Context, paint: Palette, *, marked: bool) -> list[Segment]:
    """A KPI."""
    on = "panel" if marked else None
    status = paint.style(f"status-{row.point.status.replace('_', '-')}", on=on)
    name = _name(line, row, layout, context)
    text = name.rstrip()
    signs = marks(row, context.definitions.locale)
    rest = " " * (len(name) - len(text))
    segments = [
        Segment(f"{'▌' if marked else ' '}{STATUS_SIGN[row.point.status]} ", status),
        Segment(text, paint.style("foreground", bold=marked, on=on)),
        Segment(f"{rest} {signs}", paint.style("accent")) if signs else Segment(rest, paint.style("foreground")),
    ]
    for column in layout.columns:
        cell = column.cell(row, context)
        segments.append(Segment(written(cell.text, column), paint.style(cell.style)))
    return segments


def _name(line: Line, row: Row, layout: Layout, context: Context) -> str:
    """The name as far as its marks leave room, indented in a tree, padded."""
    signs = marks(row, context.definitions.locale)
    cells = layout.name - (width(signs) + 1 if signs else 0)
    indent = min(line.depth * step(layout), max(0, cells - SHORT_NAME))
    sign = "" if not line.parts else "▸ " if line.folded else "▾ "
    more = f" +{line.parts}" if line.folded and line.parts else ""
    room = max(0, cells - indent - len(sign) - len(more))
    name = fit(row.kpi.name, room)
    if more:
        name = fit(name.rstrip() + more, room + len(more))
    return " " * indent + sign + name


def _heading(line: Line) -> str:
    """What the cursor marks of a line without a row."""
    if line.hidden:
        return f"▸ {line.hidden} more"
    return line.group.title.partition(" — ")[0]


def group_heading(line: Line, cells: int, paint: Palette, *, marked: bool) -> list[Segment]:
    """A group's title and how many rows have which status; or how many are folded away."""
    on = "panel" if marked else None
    bar = Segment("▌" if marked else " ", paint.style("accent", on=on))
    if line.hidden:
        return [bar, Segment(_heading(line), paint.style("signal-usual", on=on))]
    title, dash, rest = line.group.title.partition(" — ")
    found = counts(line.group.rows)
    signs = [(f" {STATUS_SIGN[status]}{found[status]}", status) for status in IN_ORDER if status in found]
    room = max(0, cells - 2 - sum(len(text) for text, _ in signs))
    title = fit(title, min(room, width(plain(title))))
    segments = [
        bar,
        Segment(title, paint.style("primary", bold=True, on=on)),
        Segment(fit(dash + rest, room - width(title)), paint.style("signal-usual")),
    ]
    segments += [Segment(text, paint.style(f"status-{status.replace('_', '-')}")) for text, status in signs]
    segments.append(Segment(" "))
    return segments

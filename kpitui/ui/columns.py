"""The scorecard's columns: what each shows, how wide it is, and which leave first where there is no room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from kpitui.definitions.model import Definitions
from kpitui.periods import Grain
from kpitui.ui.text import fit
from kpitui.ui.widgets.sparkline import sparkline
from kpitui.workspace.answers import Row, Scorecard
from kpitui.workspace.numbers import NONE, Style, percent, period_tag
from kpitui.workspace.wording import STATUS_WORD, actual, better_or_worse, row_remark

NARROWEST_NAME = 16
WIDEST_NAME = 34


class Context(NamedTuple):
    """What a cell needs to know beside its row."""

    definitions: Definitions
    as_of: date
    grain: Grain


class Cell(NamedTuple):
    text: str
    style: str
    """Name of a palette style."""


class Column(NamedTuple):
    id: str
    title: str
    width: int
    """Cells, the blank before it included."""
    needs: int
    """Shown where the grid is at least so wide."""
    cell: Callable[[Row, Context], Cell]
    right: bool = True


def _style(row: Row, context: Context) -> Style:
    return Style.of(row.kpi, context.definitions.locale)


def _actual(row: Row, context: Context) -> Cell:
    return Cell(actual(row, _style(row, context)), "foreground")


def _target(row: Row, context: Context) -> Cell:
    return Cell(_style(row, context).goal(row.point.goal, row.kpi.direction), "signal-usual")


def _year_target(row: Row, context: Context) -> Cell:
    return Cell(_style(row, context).goal(row.year_goal, row.kpi.direction), "signal-usual")


def _status(row: Row, _context: Context) -> Cell:
    style = f"status-{row.point.status.replace('_', '-')}"
    pace = "*" if row.point.status_basis == "pace" and row.point.gap is not None else ""
    return Cell(STATUS_WORD[row.point.status] + pace, style)


def _gap(row: Row, context: Context) -> Cell:
    gap = row.point.gap
    if gap is None:
        return Cell(NONE, "signal-usual")
    text = (
        _style(row, context).difference(gap, "points")
        if row.kpi.bands.absolute
        else percent(gap, context.definitions.locale)
    )
    return Cell(text, "foreground")


def _spark(count: int) -> Callable[[Row, Context], Cell]:
    def cell(row: Row, _context: Context) -> Cell:
        return Cell(sparkline(row.spark[-count:]), "primary")

    return cell


def _signal(row: Row, context: Context) -> Cell:
    remark = row_remark(row, context.definitions.locale, context.as_of)
    word = better_or_worse(row.point.variation) if row.point.usable else ""
    return Cell(remark, f"signal-{word}" if word else "status-no-data")


def _previous(row: Row, context: Context) -> Cell:
    return Cell(_style(row, context).difference(row.point.change, row.kpi.comparison), "signal-usual")


def _year_on_year(row: Row, context: Context) -> Cell:
    return Cell(_style(row, context).difference(row.point.yoy, row.kpi.comparison), "signal-usual")


def _owner(row: Row, context: Context) -> Cell:
    owner = context.definitions.who(row.kpi.owner)
    return Cell(owner, "signal-usual") if owner else Cell("no owner", "status-at-risk")


def columns(width: int, scorecard: Scorecard) -> list[Column]:
    """The columns for a grid of that many cells, left to right, without the name."""
    roomy = width >= 100
    spark = 13 if roomy else 8
    grain = scorecard.grain.word
    every = [
        Column("actual", "Actual", 9, 0, _actual),
        Column("target", "Target", 10 if roomy else 9, 0, _target),
        Column("status", "Status", 11 if roomy else 10, 66, _status, right=False),
        Column("gap", "Gap", 8 if roomy else 7, 60, _gap),
        Column("change", f"vs {grain}", 10, 112, _previous),
        Column("yoy", "vs year", 9, 124, _year_on_year),
        Column("year_target", "Year goal", 10, 134, _year_target),
        Column("spark", f"{spark} {grain}s"[:spark], spark + (2 if roomy else 1), 78, _spark(spark), right=False),
        Column("signal", "Change", 17 if roomy else 15, 0, _signal, right=False),
        Column("owner", "Owner", 20, 150, _owner, right=False),
    ]
    return [column for column in every if column.needs <= width]


def name_width(width: int, shown: list[Column]) -> int:
    """What the columns leave for the name, its sign and its marks not counted."""
    return max(NARROWEST_NAME, min(WIDEST_NAME, width - 3 - sum(column.width for column in shown)))


def written(text: str, column: Column) -> str:
    """A cell's text with the blank before it, in exactly the column's width."""
    return " " + fit(text, column.width - 1, right=column.right)


def marks(row: Row, locale: str) -> str:
    """What stands behind the name: a coarser period, open actions, notes, where the figure is from, what is missing."""
    signs = period_tag(row.point.period, locale) + " " if row.coarser else ""
    if row.open_actions:
        signs += f"⚑{row.open_actions}"
    if row.notes:
        signs += "✎"
    if row.restated:
        signs += "↺"
    if row.manual:
        signs += "⌨"
    if row.missing_components:
        signs += "!"
    return signs.rstrip()

"""Which columns of the scorecard have room, and how much of it each gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kpitui.periods import Grain
from kpitui.ui.columns import BY_ID, COLUMNS, SPARK, USUAL, Column, spark

SIGNS = 3
"""Cells before the name: the cursor, the status, a blank."""
NARROWEST_NAME = 16
"""Cells that the name keeps beside the columns that nobody can do without."""
READABLE_NAME = 22
"""Cells that it keeps beside all others."""
WIDEST_NAME = 34
LONGEST_SPARK = 25
_ABBREVIATION = {Grain.DAY: "day", Grain.WEEK: "wk", Grain.MONTH: "mth", Grain.QUARTER: "qtr", Grain.YEAR: "yr"}

_INDISPENSABLE = ("actual", "target", "signal", "gap", "spark")
_ASKED_FOR = tuple(column.id for column in COLUMNS if column.id not in USUAL)
"""Nobody sees these without having chosen them."""
_NEXT = ("yoy", "year_target", "owner", "since", "quarter_target")


class Layout(NamedTuple):
    """The columns for a grid of some width, from left to right, and the cells for the name before them."""

    name: int
    columns: tuple[Column, ...]


def lay_out(width: int, grain: Grain, chosen: Sequence[str] = USUAL, *, over: bool = True) -> Layout:
    """As many of the chosen columns as there is room for; what is left goes to the sparkline and the name.

    `over`: the scorecard's period is over.
    """
    room = width - SIGNS
    # A period that is over has no pace, and one that is not is compared with no other.
    telling, silent = ("change", "pace") if over else ("pace", "change")
    order = (*_INDISPENSABLE, "status", *_ASKED_FOR, telling, *_NEXT, silent)
    wanted = sorted(chosen, key=order.index)
    fitting = _fitting(room, wanted, silent)
    cells, name = _shares(room, fitting, all_tell=set(wanted) - {silent} <= set(fitting))
    columns = [_titled(_drawn(BY_ID[column_id], cells[column_id]), grain) for column_id in chosen if column_id in cells]
    return Layout(name, tuple(columns))


def _fitting(room: int, wanted: Sequence[str], silent: str) -> list[str]:
    """The first of the wanted columns, the most important first: who comes last leaves first."""
    fitting: list[str] = []
    for column_id in wanted:
        taken = [*fitting, column_id]
        needed = sum(_cells(one, column_id, silent) for one in taken)
        if room - needed < (NARROWEST_NAME if column_id in _INDISPENSABLE else READABLE_NAME):
            break
        fitting = taken
    return fitting


def _cells(column_id: str, joining: str, silent: str) -> int:
    """The cells that a column keeps when another one joins it; for the last two nobody gives up any."""
    column = BY_ID[column_id]
    if column_id == "spark" and joining != "spark":
        # A wider grid never shows fewer periods.
        return (LONGEST_SPARK if joining == silent else SPARK) + 1
    return column.width if joining in ("quarter_target", silent) else _least(column)


def _least(column: Column) -> int:
    return column.width if column.least is None else column.least


def _shares(room: int, fitting: Sequence[str], *, all_tell: bool) -> tuple[dict[str, int], int]:
    """The cells of each column, and those of the name: first everything gets its usual width, then what is left.

    `all_tell`: every column is there that has something to say.
    """
    cells = {column_id: _least(BY_ID[column_id]) for column_id in fitting}
    few = set(fitting) <= set(_INDISPENSABLE)
    spare = room - sum(cells.values()) - (NARROWEST_NAME if few else READABLE_NAME)
    spare -= _lengthened(cells, SPARK, spare)
    usual = {column_id: BY_ID[column_id].width for column_id in fitting}
    spare -= _widened(cells, usual, spare)
    if few:
        spare -= READABLE_NAME - NARROWEST_NAME
    if all_tell and all(cells[column_id] >= width for column_id, width in usual.items()):
        spare -= _lengthened(cells, LONGEST_SPARK, spare)
    roomy = {column_id: BY_ID[column_id].width + BY_ID[column_id].roomier for column_id in fitting}
    spare -= _widened(cells, roomy, spare)
    return cells, max(NARROWEST_NAME, min(WIDEST_NAME, READABLE_NAME + spare))


def _lengthened(cells: dict[str, int], periods: int, spare: int) -> int:
    """Give the sparkline up to so many periods; the cells that it took."""
    if "spark" not in cells:
        return 0
    more = max(0, min(spare, periods + 1 - cells["spark"]))
    cells["spark"] += more
    return more


def _widened(cells: dict[str, int], wanted: dict[str, int], spare: int) -> int:
    """Give columns, the most important first, the widths that are wanted for them; the cells that they took."""
    taken = 0
    for column_id, width in wanted.items():
        more = width - cells[column_id]
        if 0 < more <= spare - taken:
            cells[column_id] += more
            taken += more
    return taken


def _drawn(column: Column, cells: int) -> Column:
    shown = column.of_width(cells)
    return shown._replace(cell=spark(cells - 1)) if column.id == "spark" else shown


def _titled(column: Column, grain: Grain) -> Column:
    known = {"grain": grain.word, "short": _ABBREVIATION[grain], "count": column.width - 1}
    title = column.title.format(**known)
    if len(title) >= column.width and column.short_title:
        title = column.short_title.format(**known)
    return column._replace(title=title)

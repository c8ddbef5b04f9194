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
READABLE_NAME = 24
"""Cells that it keeps beside all others."""
WIDEST_NAME = 34
YEAR_SPARK, LONGEST_SPARK = 13, 25
_ABBREVIATION = {Grain.DAY: "day", Grain.WEEK: "wk", Grain.MONTH: "mth", Grain.QUARTER: "qtr", Grain.YEAR: "yr"}

_INDISPENSABLE = ("actual", "target", "signal", "gap", "status", "spark")
_ASKED_FOR = tuple(column.id for column in COLUMNS if column.id not in USUAL)
"""Nobody sees these without having chosen them."""
_NEXT = ("yoy", "year_target", "owner", "since")


class Layout(NamedTuple):
    """The columns for a grid of some width, from left to right, and the cells for the name before them."""

    name: int
    columns: tuple[Column, ...]


def lay_out(width: int, grain: Grain, chosen: Sequence[str] = USUAL, *, over: bool = True) -> Layout:
    """As many of the chosen columns as there is room for; what is left goes to the name and the sparkline.

    `over`: the scorecard's period is over.
    """
    room = width - SIGNS
    fitting = _fitting(room, chosen, over=over)
    cells, name = _shares(room, fitting)
    columns = [_titled(_drawn(BY_ID[column_id], cells[column_id]), grain) for column_id in chosen if column_id in cells]
    return Layout(name, tuple(columns))


def _fitting(room: int, chosen: Sequence[str], *, over: bool) -> list[str]:
    """The columns that have room, the most important first: who comes last leaves first."""
    # A period that is over has no pace, and one that is not is compared with no other.
    telling, silent = ("change", "pace") if over else ("pace", "change")
    order = (*_INDISPENSABLE, *_ASKED_FOR, telling, *_NEXT, silent, "quarter_target")
    fitting: list[str] = []
    for column_id in sorted(chosen, key=order.index):
        taken = [*fitting, column_id]
        # For the last two nobody else gives up cells.
        spacious = column_id in (silent, "quarter_target")
        needed = sum(BY_ID[one].width if spacious else _least(BY_ID[one]) for one in taken)
        if room - needed < (NARROWEST_NAME if column_id in _INDISPENSABLE else READABLE_NAME):
            break
        fitting = taken
    return fitting


def _least(column: Column) -> int:
    return column.width if column.least is None else column.least


def _shares(room: int, fitting: Sequence[str]) -> tuple[dict[str, int], int]:
    """The cells of each column, and those of the name: first everything gets its usual width, then what is left."""
    cells = {column_id: _least(BY_ID[column_id]) for column_id in fitting}
    few = set(fitting) <= set(_INDISPENSABLE)
    spare = room - sum(cells.values()) - (NARROWEST_NAME if few else READABLE_NAME)
    spare -= _lengthened(cells, SPARK, spare)
    spare -= _widened(cells, {column_id: BY_ID[column_id].width for column_id in fitting}, spare)
    if few:
        spare -= READABLE_NAME - NARROWEST_NAME
    spare -= _lengthened(cells, YEAR_SPARK, spare)
    roomy = {column_id: BY_ID[column_id].width + BY_ID[column_id].roomier for column_id in fitting}
    spare -= _widened(cells, roomy, spare)
    name = max(NARROWEST_NAME, min(WIDEST_NAME, READABLE_NAME + spare))
    _lengthened(cells, LONGEST_SPARK, spare - (WIDEST_NAME - READABLE_NAME))
    return cells, name


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

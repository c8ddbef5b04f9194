"""The scorecard's columns: what each shows, how wide it is, and which leave first where there is no room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from kpitui.definitions.model import Definitions
from kpitui.periods import Grain
from kpitui.ui.text import fit
from kpitui.ui.widgets.sparkline import sparkline
from kpitui.workspace.answers import Row
from kpitui.workspace.numbers import NONE, Style, percent, period_tag
from kpitui.workspace.sorting import Order, objective, team
from kpitui.workspace.wording import STATUS_WORD, actual, better_or_worse, coverage_phrase, row_remark

NARROWEST_NAME = 16
"""Cells that the name keeps beside the columns that nobody can do without."""
READABLE_NAME = 24
"""Cells that it keeps beside all others."""
WIDEST_NAME = 34
ROOMY = 100
"""From so many cells on, columns have a little more room."""
SPARK = 8
"""Periods in the sparkline at least; it grows into the room that is left."""
YEAR_SPARK, LONGEST_SPARK = 13, 25
SIGNS = 3
"""Cells before the name: the cursor, the status, a blank."""


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
    """`{grain}` stands for the scorecard's: month."""
    about: str
    """What it shows, for those who choose columns."""
    width: int
    """Cells, the blank before it included."""
    cell: Callable[[Row, Context], Cell]
    right: bool = True
    roomier: int = 0
    """Cells more where the grid is roomy."""


def _style(row: Row, context: Context) -> Style:
    return Style.of(row.kpi, context.definitions.locale)


def _actual(row: Row, context: Context) -> Cell:
    return Cell(actual(row, _style(row, context)), "foreground")


def _target(row: Row, context: Context) -> Cell:
    return Cell(_style(row, context).goal(row.point.goal, row.kpi.direction), "signal-usual")


def _quarter_target(row: Row, context: Context) -> Cell:
    return Cell(_style(row, context).goal(row.quarter_goal, row.kpi.direction), "signal-usual")


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


def _pace(row: Row, context: Context) -> Cell:
    """Where the period will end if it goes on like this; of amounts, in a period that is not over."""
    judged = row.point.judged if row.point.status_basis == "pace" else None
    return Cell(_style(row, context).cell(judged), "signal-usual")


def _spark(count: int) -> Callable[[Row, Context], Cell]:
    def cell(row: Row, _context: Context) -> Cell:
        return Cell(sparkline(row.spark[-count:]), "primary")

    return cell


def _signal(row: Row, context: Context) -> Cell:
    remark = row_remark(row, context.definitions.locale, context.as_of)
    word = better_or_worse(row.point.variation) if row.point.usable else ""
    return Cell(remark, f"signal-{word}" if word else "status-no-data")


def _since(row: Row, context: Context) -> Cell:
    since = row.changed_since
    return Cell(period_tag(since, context.definitions.locale) if since else "", "signal-usual")


def _usual(row: Row, context: Context) -> Cell:
    """The natural process limits."""
    phase, style = row.point.phase, _style(row, context)
    if phase is None or phase.lower is None or phase.upper is None:
        return Cell(NONE, "signal-usual")
    return Cell(f"{style.number(phase.lower)}–{style.cell(phase.upper)}", "signal-usual")


def _previous(row: Row, context: Context) -> Cell:
    return Cell(_style(row, context).difference(row.point.change, row.kpi.comparison), "signal-usual")


def _year_on_year(row: Row, context: Context) -> Cell:
    return Cell(_style(row, context).difference(row.point.yoy, row.kpi.comparison), "signal-usual")


def _coverage(row: Row, _context: Context) -> Cell:
    return Cell(coverage_phrase(row.point, row.kpi) if row.point.due else NONE, "signal-usual")


def _owner(row: Row, context: Context) -> Cell:
    owner = context.definitions.who(row.kpi.owner)
    return Cell(owner, "signal-usual") if owner else Cell("no owner", "status-at-risk")


def _words(of: Callable[[Row, Context], str | None]) -> Callable[[Row, Context], Cell]:
    def cell(row: Row, context: Context) -> Cell:
        return Cell(of(row, context) or NONE, "signal-usual")

    return cell


COLUMNS: tuple[Column, ...] = (
    Column("actual", "Actual", "the figure", 9, _actual),
    Column("target", "Target", "what is aimed at in the period", 9, _target, roomier=1),
    Column("quarter_target", "Quarter", "the quarter's target", 10, _quarter_target),
    Column("year_target", "Year goal", "the year's target", 10, _year_target),
    Column("status", "Status", "the figure against the target", 10, _status, right=False, roomier=1),
    Column("gap", "Gap", "how far from the target, plus is favourable", 7, _gap, roomier=1),
    Column("change", "vs {grain}", "change on the period before", 10, _previous, roomier=1),
    Column("yoy", "vs year", "change on the year before", 9, _year_on_year),
    Column("pace", "At pace", "where an amount ends at its pace", 9, _pace),
    Column("spark", "{count} {grain}s", "the last periods", SPARK + 1, _spark(SPARK), right=False),
    Column("signal", "Change", "what the chart says, or what is missing", 15, _signal, right=False, roomier=2),
    Column("since", "Since", "since when it has been different", 9, _since, right=False),
    Column("owner", "Owner", "who answers for it", 14, _owner, right=False),
    Column("usual", "Usual", "the natural process limits", 15, _usual),
    Column("coverage", "Values", "values that came, of those that were due", 14, _coverage, right=False),
    Column("team", "Team", "its team, or its owner's", 13, _words(lambda r, c: team(r, c.definitions)), right=False),
    Column("perspective", "Perspective", "balanced scorecard", 18, _words(lambda r, _: r.kpi.perspective), right=False),
    Column(
        "objective", "Objective", "what it serves", 22, _words(lambda r, c: objective(r, c.definitions)), right=False
    ),
    Column("stage", "Stage", "funnel stage", 13, _words(lambda r, _: r.kpi.stage), right=False),
    Column("initiative", "Initiative", "what it belongs to", 16, _words(lambda r, _: r.kpi.initiative), right=False),
    Column("tier", "Tier", "primary, supporting, diagnostic", 11, _words(lambda r, _: r.kpi.tier), right=False),
    Column("kind", "Kind", "leading, lagging", 8, _words(lambda r, _: r.kpi.kind), right=False),
    Column("type", "Type", "volume, efficiency, quality, …", 11, _words(lambda r, _: r.kpi.type), right=False),
    Column("level", "Level", "kgi, ksf, kpi", 6, _words(lambda r, _: r.kpi.level), right=False),
    Column("id", "Id", "its id in the definitions", 18, _words(lambda r, _: r.kpi.id), right=False),
)
BY_ID = {column.id: column for column in COLUMNS}

USUAL: tuple[str, ...] = (
    *("actual", "target", "quarter_target", "year_target", "status", "gap", "change", "yoy", "pace"),
    *("spark", "signal", "since", "owner"),
)
"""What is shown unless somebody chose, from left to right."""
_INDISPENSABLE = ("actual", "target", "signal", "gap", "status", "spark")
_IMPORTANCE = (
    *_INDISPENSABLE,
    *(column.id for column in COLUMNS if column.id not in USUAL),  # nobody sees these without having asked for them
    *("change", "yoy", "year_target", "since", "owner", "quarter_target", "pace"),
)
"""Who comes last leaves first."""


class Layout(NamedTuple):
    """The columns for a grid of some width, from left to right, and the cells for the name before them."""

    name: int
    columns: tuple[Column, ...]


def lay_out(width: int, grain: Grain, chosen: Sequence[str] = USUAL) -> Layout:
    """As many of the chosen columns as there is room for; what is left goes to the name and the sparkline."""
    fitting: list[Column] = []
    room = width - SIGNS
    for column_id in sorted(chosen, key=_IMPORTANCE.index):
        column = BY_ID[column_id]
        if width >= ROOMY:
            column = column._replace(width=column.width + column.roomier)
        name = NARROWEST_NAME if column_id in _INDISPENSABLE else READABLE_NAME
        if room - column.width < name:
            break
        room -= column.width
        fitting.append(column)
    spark = next((column for column in fitting if column.id == "spark"), None)
    if spark is not None:
        longer = _growth(room)
        room -= longer
        width = spark.width + longer
        fitting[fitting.index(spark)] = spark._replace(width=width, cell=_spark(width - 1))
    shown = [_titled(column, grain) for column in fitting]
    shown.sort(key=lambda column: chosen.index(column.id))
    return Layout(max(NARROWEST_NAME, min(WIDEST_NAME, room)), tuple(shown))


def _growth(room: int) -> int:
    """How many periods more the sparkline has: first a year's beside a readable name, then more beside a wide one."""
    year = max(0, min(room - READABLE_NAME, YEAR_SPARK - SPARK))
    return year + max(0, min(room - year - WIDEST_NAME, LONGEST_SPARK - YEAR_SPARK))


def _titled(column: Column, grain: Grain) -> Column:
    title = column.title.format(grain=grain.word, count=column.width - 1)
    return column._replace(title=title if len(title) < column.width else title.partition(" ")[2])


def written(text: str, column: Column) -> str:
    """A cell's text with the blank before it, in exactly the column's width."""
    return " " + fit(text, column.width - 1, right=column.right)


def heading(column: Column, order: Order) -> str:
    """The column's title, with an arrow where rows are sorted by it."""
    arrow = ("↓" if order.reverse else "↑") if column.id == order.by else ""
    return written(arrowed(column.title, arrow, column.width - 1), column)


def arrowed(title: str, arrow: str, cells: int) -> str:
    """The title, cut where the arrow needs its room."""
    return fit(title, cells - 1).rstrip() + arrow if arrow else title


def marks(row: Row, locale: str) -> str:
    """What stands behind the name: a coarser period, open actions, notes, where the figure is from, what is missing."""
    point = row.point
    signs = period_tag(point.period, locale) + " " if row.coarser else ""
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
    if point.value is not None and row.stale_since is not None:
        signs += "◷"
    if point.usable and not point.complete:
        signs += f"◔{100 * point.seen // point.due}%" if point.due else "◔"
    if point.phase is not None and point.phase.lower is not None and point.phase.provisional:
        signs += "~"
    return signs.rstrip()

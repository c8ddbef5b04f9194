"""The scorecard's columns: what each shows, in its usual width and in the least that it can do with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from kpitui.analysis.targets import Goal
from kpitui.definitions.model import Definitions
from kpitui.periods import Grain
from kpitui.ui.text import fit, width
from kpitui.ui.widgets.sparkline import sparkline
from kpitui.workspace.answers import Row
from kpitui.workspace.changes import change_text, gap_text, yoy_text
from kpitui.workspace.numbers import NONE, Style, month_name, period_tag
from kpitui.workspace.sorting import Order, objective, team
from kpitui.workspace.wording import STATUS_WORD, actual, better_or_worse, coverage_phrase, row_remark

SPARK, SHORTEST_SPARK = 13, 5
"""Periods in the sparkline: of months a year and the same month a year before, and the fewest that say anything."""
_SHORT_OWNER = 7
_A_YEAR = 365
"""Days."""


class Context(NamedTuple):
    """What a cell needs to know beside its row."""

    definitions: Definitions
    as_of: date
    grain: Grain
    over: bool
    """The scorecard's period is over. Before that, amounts are at a pace and not yet compared with other periods."""


class Cell(NamedTuple):
    text: str
    style: str
    """Name of a palette style."""


Drawn = Callable[[Row, Context], Cell]


class Column(NamedTuple):
    id: str
    title: str
    """`{grain}` stands for the scorecard's: month; `{short}` for its abbreviation, `{count}` for a number of them."""
    about: str
    """What it shows, for those who choose columns."""
    width: int
    """Cells, the blank before it included."""
    cell: Drawn
    right: bool = True
    roomier: int = 0
    """Cells more where nothing else needs them."""
    least: int | None = None
    """Cells that it can do with beside many others; None where it needs its width."""
    short: Drawn | None = None
    """What it shows in fewer cells than its width, where that is something else."""
    short_title: str = ""

    def of_width(self, cells: int) -> Column:
        """The column in so many cells, as it is drawn there."""
        return self._replace(width=cells, cell=self.short if self.short and cells < self.width else self.cell)


def _style(row: Row, context: Context) -> Style:
    return Style.of(row.kpi, context.definitions.locale)


def _actual(row: Row, context: Context) -> Cell:
    return Cell(actual(row, _style(row, context)), "foreground")


def _target(row: Row) -> Goal | None:
    return row.point.goal


def _quarter_target(row: Row) -> Goal | None:
    return row.quarter_goal


def _year_target(row: Row, context: Context) -> Cell:
    """The year's amount, or the value that holds at its end; of an amount with what it is for: `1,000/m`."""
    text = _style(row, context).goal(row.year_goal, row.kpi.direction)
    per = f"/{row.year_goal_per.word[0]}" if row.year_goal_per else ""
    return Cell(text + per, "signal-usual")


def _goal(of: Callable[[Row], Goal | None]) -> Drawn:
    def cell(row: Row, context: Context) -> Cell:
        return Cell(_style(row, context).goal(of(row), row.kpi.direction), "signal-usual")

    return cell


def _close(drawn: Drawn) -> Drawn:
    """The same without the blanks between sense, figure and unit: `≤8.0h`, `+1.2pp`."""

    def cell(row: Row, context: Context) -> Cell:
        text, style = drawn(row, context)
        return Cell("".join(text.split()), style)

    return cell


def _status(row: Row, _context: Context) -> Cell:
    style = f"status-{row.point.status.replace('_', '-')}"
    return Cell(STATUS_WORD[row.point.status] + _at_pace(row), style)


def _at_pace(row: Row) -> str:
    """What is judged at its pace does not follow from figure and target as they stand beside it."""
    return "*" if row.point.status_basis == "pace" and row.point.gap is not None else ""


def _gap(row: Row, context: Context) -> Cell:
    if row.point.gap is None:
        return Cell(NONE, "signal-usual")
    # Of a pace a tenth of a per cent says nothing, and the mark needs its cell.
    pace = _at_pace(row)
    return Cell(gap_text(row.point, row.kpi, _style(row, context), short=bool(pace)) + pace, "foreground")


def _pace(row: Row, context: Context) -> Cell:
    """Where the period will end if it goes on like this; of amounts, in a period that is not over."""
    judged = row.point.judged if row.point.status_basis == "pace" else None
    return Cell(_style(row, context).cell(judged), "signal-usual")


def spark(count: int) -> Drawn:
    """The last so many periods."""

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


def _short_since(row: Row, context: Context) -> Cell:
    """The month, or the year where that was a year ago: `Feb`, `2025`."""
    since = row.changed_since
    if since is None:
        return Cell("", "signal-usual")
    recent = (context.as_of - since.start).days < _A_YEAR
    text = month_name(since.start, context.definitions.locale) if recent else str(since.start.year)
    return Cell(text, "signal-usual")


def _usual(row: Row, context: Context) -> Cell:
    """The natural process limits."""
    phase, style = row.point.phase, _style(row, context)
    if phase is None or phase.lower is None or phase.upper is None:
        return Cell(NONE, "signal-usual")
    return Cell(f"{style.number(phase.lower)}–{style.cell(phase.upper)}", "signal-usual")


def _previous(row: Row, context: Context) -> Cell:
    return Cell(change_text(row.point, row.kpi, _style(row, context)), "signal-usual")


def _year_on_year(row: Row, context: Context) -> Cell:
    return Cell(yoy_text(row.point, row.kpi, _style(row, context)), "signal-usual")


def _coverage(row: Row, _context: Context) -> Cell:
    return Cell(coverage_phrase(row.point, row.kpi) if row.point.due else NONE, "signal-usual")


def _owner(row: Row, context: Context) -> Cell:
    owner = context.definitions.who(row.kpi.owner)
    return Cell(owner, "signal-usual") if owner else Cell("no owner", "status-at-risk")


def _short_owner(row: Row, context: Context) -> Cell:
    """The owner's id, as the filter takes it, where the name is too long."""
    owner = context.definitions.who(row.kpi.owner)
    if row.kpi.owner is None or not owner:
        return Cell("nobody", "status-at-risk")
    return Cell(owner if width(owner) <= _SHORT_OWNER else row.kpi.owner, "signal-usual")


def _words(of: Callable[[Row, Context], str | None]) -> Drawn:
    def cell(row: Row, context: Context) -> Cell:
        return Cell(of(row, context) or NONE, "signal-usual")

    return cell


_TARGET = _goal(_target)
COLUMNS: tuple[Column, ...] = (
    Column("actual", "Actual", "the figure", 9, _actual, least=8),
    Column("target", "Target", "what is aimed at in the period", 9, _TARGET, roomier=1, least=8, short=_close(_TARGET)),
    Column("quarter_target", "Quarter", "the quarter's target", 10, _goal(_quarter_target)),
    Column(
        "year_target",
        "Year goal",
        "the year's target, or the one at its end; /m: a month's",
        10,
        _year_target,
        least=8,
        short=_close(_year_target),
        short_title="Yr goal",
    ),
    Column("status", "Status", "the figure against the target", 10, _status, right=False, roomier=1),
    Column("gap", "Gap", "how far from the target, plus is favourable", 7, _gap, roomier=1),
    Column(
        "change",
        "vs {grain}",
        "change on the period before",
        10,
        _previous,
        roomier=1,
        least=8,
        short=_close(_previous),
        short_title="vs {short}",
    ),
    Column("yoy", "vs year", "change on the year before", 9, _year_on_year, least=8, short=_close(_year_on_year)),
    Column("pace", "At pace", "where an amount ends at its pace", 9, _pace, least=8),
    Column(
        "spark",
        "{count} {grain}s",
        "the last periods",
        SPARK + 1,
        spark(SPARK),
        right=False,
        least=SHORTEST_SPARK + 1,
        short_title="{count} {short}",
    ),
    Column("signal", "Change", "what the chart says, or what is missing", 15, _signal, right=False, roomier=2),
    Column(
        "since",
        "Since",
        "since when it has been different",
        9,
        _since,
        right=False,
        least=6,
        short=_short_since,
    ),
    Column(
        "owner",
        "Owner",
        "who answers for it",
        14,
        _owner,
        right=False,
        least=_SHORT_OWNER + 1,
        short=_short_owner,
    ),
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

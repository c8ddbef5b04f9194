"""Bars and links as lines of cells.

The bars are made of cells and not drawn by plotext: a bar is a whole number of cells on a row that it shares with its
name and its figures, in a colour of its own. plotext would draw a picture of its own with labels of its own beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kpitui.ui.text import clipped, fit, plain, width, wrapped
from kpitui.workspace.why.bars import Bar, Bars, Column
from kpitui.workspace.why.linked import Linked, LinkedKpis
from kpitui.workspace.wording import STATUS_SIGN

Piece = tuple[int, str, str]
"""Column, text, ink."""
QUIET = "signal-usual"
FULL, TINY_LEFT, TINY_RIGHT, SUM, AXIS = "▇", "╴", "╶", "━", "│"
_INDENT = 2
"""Cells before the names: for the letters of marked segments."""
_FEWEST_NAME = 14
_FEWEST_BAR = 10
_MOST_BAR = 44


class Page(NamedTuple):
    """Lines to show, and those of them that can be marked, in their order."""

    lines: list[list[Piece]]
    stops: list[int]


def _text(text: str, room: int, ink: str = "") -> list[list[Piece]]:
    return [[(0, line, ink)] for line in wrapped(text, room)]


# Bars


class _Layout(NamedTuple):
    """Where names, figures and bars stand."""

    name: int
    columns: tuple[tuple[int, int, int], ...]
    """Index of the column, where it begins, its cells."""
    left: int
    bar: int


def bars_page(bars: Bars, room: int, way: str, letters: Sequence[str], compared: Sequence[str]) -> Page:
    """Title, a line per bar, the sum, and what has to be known.

    `way` says by what it is broken down and which other ways there are. `letters`: the names of the segments that are
    marked, A first; `compared` is what is said of them.
    """
    lines = _text(bars.title, room, "bold foreground")
    grave, *more = bars.said or ("",)
    if bars.explanation.usual or not bars.bars:
        lines += _text(grave, room, "bold signal-changed")
    else:
        more = [*bars.said]
    stops: list[int] = []
    if bars.bars:
        layout = _layout(bars, room, width(way))
        if width(way) > layout.name:
            lines += _text(way, room, QUIET)
            way, layout = "", _layout(bars, room, 0)
        lines.append(_head(bars.columns, layout, way))
        span = _span(bars)
        for bar in bars.bars:
            stops.append(len(lines))
            ink = QUIET if bars.explanation.usual else f"signal-{bar.sense}"
            letter = "AB"[letters.index(bar.segment)] if bar.segment in letters else ""
            name = "  " * bar.depth + plain(bar.name)
            lines.append([(0, letter, "bold accent"), *_row(name, bar.figures, bar.contribution, layout, span, ink)])
        change = bars.explanation.change or 0.0
        lines.append(_row("sum", bars.total, change, layout, span, "bold foreground", SUM))
    else:
        lines += _text(way, room, QUIET)
    for text in compared:
        lines += _text(text, room)
    for text in more:
        lines += _text(text, room, QUIET)
    return Page(lines, stops)


def _layout(bars: Bars, room: int, way: int) -> _Layout:
    """Where names, figures and bars stand; `way`: cells of what stands above the names.

    Names are cut before a column leaves; columns leave by rank until cut names and short bars have room.
    """
    widths = [
        max(width(text) for text in (column.head, bars.total[at], *(bar.figures[at] for bar in bars.bars)))
        for at, column in enumerate(bars.columns)
    ]
    names = max(way, *(width(plain(bar.name)) + 2 * bar.depth for bar in bars.bars))
    kept = sorted(range(len(widths)), key=lambda at: bars.columns[at].rank)
    while len(kept) > 1 and sum(widths[at] + 2 for at in kept) + _FEWEST_NAME + _INDENT + _FEWEST_BAR + 1 > room:
        kept.pop()
    kept.sort()
    taken = sum(widths[at] + 2 for at in kept)
    name = max(_FEWEST_NAME, min(names, room - taken - _INDENT - _FEWEST_BAR - 1, room // 3))
    columns = []
    x = _INDENT + name
    for at in kept:
        columns.append((at, x + 2, widths[at]))
        x += widths[at] + 2
    return _Layout(name, tuple(columns), x + 1, max(1, min(_MOST_BAR, room - x - 1)))


def _head(columns: Sequence[Column], layout: _Layout, way: str) -> list[Piece]:
    heads = [(x, fit(columns[at].head, cells, right=True), QUIET) for at, x, cells in layout.columns]
    return [(_INDENT, fit(way, layout.name), QUIET), *heads]


def _row(
    name: str,
    figures: Sequence[str],
    contribution: float,
    layout: _Layout,
    span: tuple[float, float],
    ink: str,
    sign: str = FULL,
) -> list[Piece]:
    pieces: list[Piece] = [(_INDENT, fit(name, layout.name), "")]
    pieces += [(x, fit(figures[at], cells, right=True), "") for at, x, cells in layout.columns]
    return [*pieces, *bar_pieces(contribution, span, layout.left, layout.bar, ink, sign)]


def _span(bars: Bars) -> tuple[float, float]:
    ends = [0.0, bars.explanation.change or 0.0, *(bar.contribution for bar in bars.bars)]
    return min(ends), max(ends)


def bar_pieces(
    value: float, span: tuple[float, float], left: int, cells: int, ink: str, sign: str = FULL
) -> list[Piece]:
    """A bar from zero to the value, on a scale of so many cells; with a sign of its own where it has none of a cell."""
    low, high = span
    length = high - low
    room = cells - 1
    zero = left + (round(room * -low / length) if length else 0)
    pieces: list[Piece] = [(zero, AXIS, "chart-axis")]
    if not value or not length:
        return pieces
    taken = round(abs(value) / length * room)
    taken = min(taken, zero - left if value < 0 else left + room - zero)
    if value < 0:
        return [(zero - taken, sign * taken, ink) if taken else (zero - 1, TINY_LEFT, ink), *pieces]
    return [*pieces, (zero + 1, sign * taken if taken else TINY_RIGHT, ink)]


# Links

_STATE, _BEGAN, _LAG = 14, 27, 16
_ROOM_FOR_STATE = 78


def links_page(found: LinkedKpis, marked: int, room: int) -> Page:
    """The KPIs before and after the one in focus; below them how well the marked link held."""
    lines: list[list[Piece]] = []
    stops: list[int] = []
    for before, title in ((True, "BEFORE IT"), (False, "AFTER IT")):
        group = [each for each in found.linked if each.before is before]
        if group:
            lines.append([(0, title, "bold primary")])
        for each in group:
            stops.append(len(lines))
            lines.append(_link(each, room))
    if found.linked:
        lines += _text(" · ".join(found.linked[marked].said), room)
    lines += _text(found.said, room, QUIET)
    return Page(lines, stops)


def _link(each: Linked, room: int) -> list[Piece]:
    state = _STATE if room >= _ROOM_FOR_STATE else 0
    began = _BEGAN if each.before else 0
    name = min(40, room - _INDENT - 2 - _LAG - state - _BEGAN)
    status = each.row.point.status
    x = _INDENT + 2 + name
    pieces: list[Piece] = [
        (_INDENT, STATUS_SIGN[status], f"status-{status.replace('_', '-')}"),
        (_INDENT + 2, fit(each.kpi.name, name - 1), ""),
        (x, fit(each.lag, _LAG - 1), QUIET),
    ]
    word = each.state.partition(" ")[0]
    ink = f"signal-{word}" if word in ("better", "worse", "changed") else QUIET
    if state:
        pieces.append((x + _LAG, fit(each.state, state - 1), ink))
    if began:
        told = each.began or ("" if state else each.state)
        pieces.append((x + _LAG + state, fit(told, began), "bold foreground" if each.began else QUIET))
    elif not state:
        pieces.append((x + _LAG, fit(each.state, _BEGAN), ink))
    return pieces


# The strip under the chart


def strip_lines(why: Bars | str, links: LinkedKpis | None, room: int, rows: int) -> list[list[Piece]]:
    """The largest bars, what leads the KPI and what it leads, side by side in so many rows."""
    side = max(37, room * 3 // 10)
    left = room - 2 * side
    lines: list[list[Piece]] = [[] for _ in range(rows)]
    for y, pieces in enumerate(_strip_why(why, left - 2, rows)):
        lines[y] += pieces
    for at, (before, title) in enumerate(((True, "BEFORE IT (l)"), (False, "AFTER IT"))):
        x = left + at * side
        lines[0].append((x, title, "bold primary"))
        group = [each for each in links.linked if each.before is before] if links else []
        shown = group[: rows - 1]
        for y, each in enumerate(shown, 1):
            lines[y] += [(x + column, text, ink) for column, text, ink in _strip_link(each, side - 2)]
        if len(group) > len(shown):
            more = f"+{len(group) - len(shown)}"
            lines[0].append((x + side - 2 - width(more), more, QUIET))
        if links is not None and not group:
            lines[1].append((x, "no KPI is stated", QUIET))
    return lines


def _strip_why(why: Bars | str, room: int, rows: int) -> list[list[Piece]]:
    if isinstance(why, str):
        return [[(0, "WHY (h)", "bold primary")], [(0, fit(why, room).rstrip(), QUIET)]]
    lines: list[list[Piece]] = _strip_head(why, room)
    grave = why.said[0] if why.explanation.usual or not why.bars else ""
    if why.bars:
        count = rows - len(lines) - (len(wrapped(grave, room)) if grave else 0)
        shown = [bar for bar in why.bars if not bar.depth][: max(1, count)]
        lines += _strip_bars(why, shown, room)
    if grave:
        lines += _as_has_room(grave, room, rows - len(lines))
    return lines


def _strip_head(why: Bars, room: int) -> list[list[Piece]]:
    """The change, and by what it is broken down: in a line of its own where the first has no room for it."""
    by = f"by {plain(why.explanation.by)}" if why.explanation.by else "by its inputs"
    whole, alone = f"WHY {why.short} {by} (h)", f"WHY {why.short} (h)"
    if why.bars and width(whole) <= room:
        return [[(0, whole, "bold primary")]]
    head: list[Piece] = [(0, clipped(alone, room), "bold primary")]
    return [head, [(0, clipped(by, room), QUIET)]] if why.bars else [head]


def _as_has_room(text: str, room: int, rows: int) -> list[list[Piece]]:
    """The text in so many rows; where it is longer, the last one ends with `…`."""
    lines = wrapped(text, room)
    if len(lines) > rows:
        lines[rows - 1 :] = [clipped(f"{lines[rows - 1]} {lines[rows]}", room)]
    return [[(0, line, QUIET)] for line in lines]


def _strip_bars(why: Bars, shown: Sequence[Bar], room: int) -> list[list[Piece]]:
    name = min(26, max(width(plain(bar.name)) for bar in shown))
    cells = max(width(bar.figures[-1]) for bar in shown)
    left = name + 2 + cells + 2
    span = _span(why)
    lines = []
    for bar in shown:
        ink = QUIET if why.explanation.usual else f"signal-{bar.sense}"
        pieces: list[Piece] = [(0, fit(bar.name, name), ""), (name + 2, fit(bar.figures[-1], cells, right=True), "")]
        lines.append([*pieces, *bar_pieces(bar.contribution, span, left, min(_MOST_BAR, room - left), ink)])
    return lines


def _strip_link(each: Linked, room: int) -> list[Piece]:
    status = each.row.point.status
    told = _short(each.began) if each.began.startswith("began") else each.state
    told = fit(told, min(width(told), room // 2)).rstrip()
    return [
        (0, STATUS_SIGN[status], f"status-{status.replace('_', '-')}"),
        (2, fit(each.kpi.name, room - 3 - width(told)), ""),
        (room - width(told), told, QUIET),
    ]


def _short(began: str) -> str:
    """`began 3 w before`: the name needs the room more than the words do."""
    for words, shorter in ((" weeks ", " w "), (" week ", " w "), ("at the same time", "with it")):
        began = began.replace(words, shorter)
    return began

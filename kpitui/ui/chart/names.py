"""What stands to the right of a panel: value and name of each level, and of each line where there are many.

A name stands on the row of its line. Where several lines meet on a row, one name may go up and one down, by one row
and only to a row that nothing else could be read on: no other line ends there, and no number of the axis stands there.
The others are written one after the other; where they have no room, the less important ones lose their values or are
left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.chart.panel import FORMER_PENS, LEADING_PEN, LEVEL_PENS, QUIET, Frame
from kpitui.ui.chart.scale import Scale, ticks
from kpitui.ui.text import fit, plain, width
from kpitui.workspace.charts.values import LevelKind, LineKind, Panel
from kpitui.workspace.wording import INCOMPLETE

_IMPORTANCE: Sequence[LineKind | LevelKind] = (
    "actual",
    "target",
    "mean",
    "limit",
    "leading",
    "year_ago",
    "two_years_ago",
    "benchmark_low",
    "benchmark_high",
)
"""From the most important one on."""
_BETWEEN, _OF_ONE_VALUE = " · ", ", "


class Name(NamedTuple):
    """A level's or line's last value and what it is called."""

    value: float
    written: str
    name: str
    ink: str
    rank: int
    """The lower, the more important."""


class Part(NamedTuple):
    """A stretch of a row's text in one ink."""

    text: str
    ink: str


def names(panel: Panel, written: Callable[[float], str]) -> list[Name]:
    """The names of a panel, the most important first."""
    found = []
    for level in panel.levels:
        value = level.values[-1]
        if value is not None:
            pen = LEVEL_PENS[level.kind]
            found.append(Name(value, written(value), plain(level.name), pen.ink, _IMPORTANCE.index(level.kind)))
    if len(panel.lines) > 1:
        # A line without a name is told of in the title, as its values are not those of the axis.
        for line in panel.lines:
            last = None if line.last is None else line.values[line.last]
            if last is not None and line.name:
                mark = INCOMPLETE if line.last in line.incomplete else ""
                rank = _IMPORTANCE.index(line.kind)
                found.append(Name(last, written(last) + mark, plain(line.name), _line_ink(line.kind), rank))
    return sorted(found, key=lambda name: name.rank)


def _line_ink(kind: LineKind) -> str:
    if kind == "leading":
        return LEADING_PEN.ink
    return FORMER_PENS[kind].ink if kind in FORMER_PENS else "chart-line"


def placed(panel: Panel, scale: Scale, written: Callable[[float], str]) -> dict[int, list[Name]]:
    """The names of each row, counted from the top; on a row the highest value first."""
    rows: dict[int, list[Name]] = {}
    for name in names(panel, written):
        rows.setdefault(scale.row(name.value), []).append(name)
    if all(len(found) == 1 for found in rows.values()):
        return rows
    numbered = {scale.row(value) for value in ticks(scale.low, scale.high, scale.rows)}
    free = set(range(scale.rows)) - rows.keys() - numbered - {scale.row(value) for value in _end(panel)}
    for row, found in list(rows.items()):
        found.sort(key=lambda name: -name.value)
        while len(found) > 1:
            moves = [(found[0], row - 1), (found[-1], row + 1)]
            possible = [move for move in moves if move[1] in free]
            if not possible:
                break
            name, to = max(possible, key=lambda move: move[0].rank)
            found.remove(name)
            rows[to] = [name]
            free.remove(to)
    return rows


def _end(panel: Panel) -> Iterator[float]:
    """Where the line itself ends: it is a line, too, whether it has a name or not."""
    line = panel.lines[0]
    value = None if line.last is None else line.values[line.last]
    if value is not None:
        yield value


def gutter(rows: Mapping[int, Sequence[Name]], most: int) -> int:
    """Columns that the names take with air around them: as many as the longest needs, further ones up to so many."""
    longest = max((width(_text(_joined([name], [name]))) + 2 for found in rows.values() for name in found), default=0)
    wanted = max((width(_text(_joined(found, found))) + 2 for found in rows.values()), default=0)
    return max(longest, min(wanted, most))


def parts(found: Sequence[Name], room: int) -> list[Part]:
    """As much of a row's names as has room: the important ones first, then their values."""
    if len(found) == 1:
        return _joined(found, found)
    first, *others = sorted(found, key=lambda name: name.rank)
    kept, valued = [first], [first]
    for name in others:
        if _fits([one for one in found if one in kept or one is name], valued, room):
            kept.append(name)
    shown = [one for one in found if one in kept]
    for name in kept[1:]:
        if _fits(shown, [*valued, name], room):
            valued.append(name)
    return _joined(shown, valued)


def _fits(found: Sequence[Name], valued: Sequence[Name], room: int) -> bool:
    return width(_text(_joined(found, valued))) <= room


def _joined(found: Sequence[Name], valued: Sequence[Name]) -> list[Part]:
    """The names one after the other, a value that several have once; those that are not `valued` without theirs."""
    shown: list[Part] = []
    before = ""
    for name in found:
        value = name.written if name in valued else ""
        if shown:
            shown.append(Part(_OF_ONE_VALUE if value and value == before else _BETWEEN, QUIET))
        shown.append(Part(name.name if not value or value == before else f"{value} {name.name}", name.ink))
        before = value
    return shown


def _text(shown: Sequence[Part]) -> str:
    return "".join([part.text for part in shown])


def draw_names(canvas: Canvas, panel: Panel, frame: Frame, written: Callable[[float], str]) -> None:
    """Each level's last value and name beside its row."""
    for row, found in placed(panel, frame.scale, written).items():
        x, end = frame.left + frame.axis.columns + 1, frame.left + frame.axis.columns + frame.gutter
        for text, ink in parts(found, frame.gutter - 1):
            canvas.write(x, frame.top + row, fit(text, min(width(text), end - x)), ink)
            x += width(text)

"""How the lines of the funnel are drawn: stages, what is counted in them, and which share goes on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.segment import Segment

from kpitui.definitions.model import Definitions
from kpitui.ui.columns import Context
from kpitui.ui.layout import SIGNS
from kpitui.ui.palette import Palette
from kpitui.ui.text import fit, plain, width
from kpitui.ui.widgets.tree_grid import Lines
from kpitui.ui.widgets.tree_lines import NARROW, bar
from kpitui.workspace.answers import Row
from kpitui.workspace.funnel import Count, Funnel, Passage
from kpitui.workspace.funnel_wording import count_style, share_style, year_change
from kpitui.workspace.numbers import NONE, percent
from kpitui.workspace.wording import STATUS_SIGN, better_or_worse, row_remark

SHORT_NAME, NAME, LONG_NAME = 20, 28, 36
SHORTEST_BAR, SHORT_BAR, LONGEST_BAR = 8, 12, 40
FULL = 0.8
"""The part of a share's bar at which it is what it should be."""


class _Column(NamedTuple):
    id: str
    title: str
    cells: int
    right: bool = True


_BY_IMPORTANCE = (
    _Column("figure", "Actual", 9),
    _Column("short", "Gap", 8),
    _Column("target", "Target", 8),
    _Column("change", "vs year", 8),
    _Column("signal", "Change", 14, right=False),
    _Column("year_ago", "Year ago", 9),
)
"""Who comes last leaves first."""
_IN_ORDER = ("figure", "target", "short", "year_ago", "change", "signal")


class Layout(NamedTuple):
    name: int
    bar: int
    columns: tuple[_Column, ...]


@lru_cache(maxsize=8)
def lay_out(cells: int) -> Layout:
    """As many columns as there is room for; what is left goes to the name, and then to the bars."""
    name, least = (NAME, SHORT_BAR) if cells >= NARROW else (SHORT_NAME, SHORTEST_BAR)
    room = cells - SIGNS - name - least
    found: dict[str, _Column] = {}
    for column in _BY_IMPORTANCE:
        if room < column.cells:
            break
        room -= column.cells
        found[column.id] = column
    longer = min(room, LONG_NAME - name)
    return Layout(
        name + longer,
        min(LONGEST_BAR, least + room - longer),
        tuple(found[each] for each in _IN_ORDER if each in found),
    )


class FunnelLines(Lines):
    """A heading per stage, a line per count, and between two counts which share goes on."""

    def __init__(self, found: Funnel, context: Context) -> None:
        self.found = found
        self._context = context
        self.empty = found.empty
        self.counts: dict[str, Count] = {}
        self.passages: dict[str, Passage] = {}
        self._stages: dict[str, str] = {}
        self._largest = max((count.value or 0.0 for count in found.counts), default=0.0)
        self._keys = self._keyed() if found.counts else []

    def _keyed(self) -> list[str]:
        """In order; stages in which nothing is counted come where they stand among the others."""
        found = self.found
        keys: list[str] = []
        seen: list[str] = []
        for i, count in enumerate(found.counts):
            if i:
                keys.append(f"passage {i}")
                self.passages[keys[-1]] = found.passages[i - 1]
            if count.stage not in seen:
                seen.append(count.stage)
                keys.append(f"stage {count.stage}")
                self._stages[keys[-1]] = count.stage
            keys.append(f"count {i}")
            self.counts[keys[-1]] = count
        for stage in found.stages:
            if stage not in seen:
                keys.append(f"stage {stage}")
                self._stages[keys[-1]] = stage
        return keys

    @property
    def keys(self) -> Sequence[str]:
        return self._keys

    @property
    def bottleneck(self) -> str | None:
        """The line of the bottleneck."""
        return None if self.found.bottleneck is None else f"passage {self.found.bottleneck + 1}"

    def row(self, key: str) -> Row | None:
        """The KPI that a line is about."""
        if key in self.counts:
            return self.counts[key].row
        return self.passages[key].row if key in self.passages else None

    # Drawing

    def header(self, cells: int, paint: Palette) -> list[Segment]:
        layout = lay_out(cells)
        text = " " * SIGNS + fit("Count, share that goes on", layout.name)
        text += "".join(_written(column.title, column) for column in layout.columns)
        full = round(FULL * (layout.bar - 1))
        text += fit(" " + "target ┊".rjust(full + 1), layout.bar) if layout.bar >= 14 else ""
        return [Segment(text, paint.style("signal-usual"))]

    def marked_cells(self, key: str, cells: int) -> int:
        return SIGNS + width(self._name(key, lay_out(cells)).rstrip())

    def _name(self, key: str, layout: Layout) -> str:
        if key in self._stages:
            return fit(self._stages[key].upper(), layout.name).rstrip()
        if key in self.counts:
            return fit(self.counts[key].name, layout.name)
        passage = self.passages[key]
        # Where no KPI says it, the share is one of the count above.
        name = passage.name if passage.row else f"of {self.counts[f'count {int(key.split()[1]) - 1}'].name}"
        step = f"  ↓ {plain(name)}"
        marks = ("",) if key != self.bottleneck else (" ◀ bottleneck", " ◀")
        mark = next((mark for mark in marks if width(step + mark) <= layout.name), marks[-1])
        return fit(fit(step, layout.name - len(mark)).rstrip() + mark, layout.name)

    def draw(self, key: str, cells: int, paint: Palette, *, marked: bool) -> list[Segment]:
        layout = lay_out(cells)
        on = "panel" if marked else None
        cursor = "▌" if marked else " "
        name = self._name(key, layout)
        if key in self._stages:
            counted = any(count.stage == self._stages[key] for count in self.found.counts)
            return [
                Segment(cursor, paint.style("accent", on=on)),
                Segment(name, paint.style("primary", bold=True, on=on)),
                Segment("" if counted else " — nothing is counted here", paint.style("signal-usual")),
            ]
        row = self.row(key)
        status = row.point.status if row else None
        colour = paint.style(f"status-{status.replace('_', '-')}" if status else "signal-usual", on=on)
        worst = key == self.bottleneck
        text = name.rstrip()
        segments = [
            Segment(f"{cursor}{STATUS_SIGN[status] if status else '·'} ", colour),
            Segment(text, paint.style("status-behind" if worst else "foreground", bold=marked or worst, on=on)),
            Segment(" " * (len(name) - len(text))),
        ]
        if key in self.counts:
            return segments + self._count(self.counts[key], layout, paint)
        return segments + self._passage(self.passages[key], layout, paint, worst=worst)

    def _count(self, count: Count, layout: Layout, paint: Palette) -> list[Segment]:
        style, locale = count_style(count, self._definitions), self._definitions.locale
        point = count.row.point if count.row else None
        figure = style.cell(count.value) + ("" if count.complete or count.value is None else "*")
        target = style.goal(point.goal, count.row.kpi.direction) if point and count.row and point.goal else ""
        cells = {
            "figure": (figure, "foreground"),
            "target": (target, "signal-usual"),
            "short": (percent(point.gap, locale) if point and point.gap is not None else "", "foreground"),
            "year_ago": (style.cell(count.year_ago), "signal-usual"),
            "change": (percent(count.change, locale), "signal-usual"),
            "signal": self._signal(count.row),
        }
        size = (count.value or 0.0) / self._largest if self._largest > 0 else 0.0
        drawn = " " + bar(size, layout.bar - 1)
        return [*_row(cells, layout, paint), Segment(drawn, paint.style("primary"))]

    def _passage(self, passage: Passage, layout: Layout, paint: Palette, *, worst: bool) -> list[Segment]:
        style, locale = share_style(passage, self._definitions), self._definitions.locale
        cells = {
            "figure": (style.cell(passage.share), "foreground"),
            "target": (style.cell(passage.target) if passage.target is not None else NONE, "signal-usual"),
            "short": (percent(passage.short_of_target, locale), "status-behind" if worst else "foreground"),
            "year_ago": (style.cell(passage.year_ago), "signal-usual"),
            # The column is as narrow as the scorecard's at its least: there, too, the unit stands close.
            "change": (year_change(passage, self._definitions).replace(" pp", "pp"), "signal-usual"),
            "signal": self._signal(passage.row),
        }
        colour = paint.style("status-behind" if worst else "signal-usual")
        return [*_row(cells, layout, paint), Segment(" " + _against(passage.short, layout.bar - 1), colour)]

    @property
    def _definitions(self) -> Definitions:
        return self._context.definitions

    def _signal(self, row: Row | None) -> tuple[str, str]:
        if row is None:
            return "", "signal-usual"
        word = better_or_worse(row.point.variation) if row.point.usable else ""
        remark = row_remark(row, self._definitions.locale, self._context.as_of)
        return remark, f"signal-{word}" if word else "status-no-data"


def _against(short: float | None, cells: int) -> str:
    """A bar of what the share is of what it should be, which is where the mark stands."""
    if short is None:
        return " " * cells
    full = round(FULL * cells)
    drawn = bar((1 + short) * FULL, cells)
    return drawn if drawn[full : full + 1] not in ("", " ") else drawn[:full] + "┊" + drawn[full + 1 :]


def _row(cells: dict[str, tuple[str, str]], layout: Layout, paint: Palette) -> list[Segment]:
    return [
        Segment(_written(cells[column.id][0], column), paint.style(cells[column.id][1])) for column in layout.columns
    ]


def _written(text: str, column: _Column) -> str:
    return " " + fit(text, column.cells - 1, right=column.right)

"""How the lines of the KPI tree are folded and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style as RichStyle

from kpitui.ui.columns import BY_ID, Context, marks
from kpitui.ui.layout import SIGNS
from kpitui.ui.palette import Palette
from kpitui.ui.text import fit, width
from kpitui.ui.widgets.tree_grid import Lines
from kpitui.workspace.numbers import NONE, Style
from kpitui.workspace.tree import Branch, Movement
from kpitui.workspace.tree_wording import LEVEL_WORD, later
from kpitui.workspace.wording import STATUS_SIGN, better_or_worse, grain_words

NARROW = 72
"""Under so many cells names are shorter, so that the change by its chart has room."""
SHORT_NAME, NAME, LONG_NAME = 20, 26, 40
ROOMY = 100
"""From so many cells on, bars are longer."""
SHORTEST_BAR, SHORT_BAR, LONGEST_BAR = 4, 8, 20
_EIGHTHS = " ▏▎▍▌▋▊▉"
WAITING = "…"


class _Column(NamedTuple):
    id: str
    title: str
    cells: int
    """The blank before it included."""
    right: bool = True


_PART = _Column("part", "", 9)
_BY_IMPORTANCE = (
    _Column("actual", "Actual", 9),
    _Column("signal", "Change", 14, right=False),
    _Column("status", "Status", 10, right=False),
    _Column("gap", "Gap", 7),
    _Column("target", "Target", 9),
    _Column("level", "Level", 6, right=False),
    _Column("within", "Of KPI above", 14),
)
"""Who comes last leaves first; the part and its bar never do."""
_IN_ORDER = ("level", "actual", "target", "status", "gap", "signal")
"""From left to right; then the part, its bar, and what it is of its parent."""


class Layout(NamedTuple):
    """Cells of the name and the bar, and the columns between and after them."""

    name: int
    bar: int
    columns: tuple[_Column, ...]
    within: _Column | None


@lru_cache(maxsize=8)
def lay_out(cells: int) -> Layout:
    """As many columns as there is room for; what is left goes to the name, and then to the bar."""
    name = NAME if cells >= NARROW else SHORT_NAME
    least = SHORT_BAR if cells >= ROOMY else SHORTEST_BAR
    room = cells - SIGNS - name - _PART.cells - least
    found: dict[str, _Column] = {}
    for column in _BY_IMPORTANCE:
        if room >= column.cells:
            room -= column.cells
            found[column.id] = column
    longer = min(room, LONG_NAME - name)
    bar = min(LONGEST_BAR, least + room - longer)
    return Layout(name + longer, bar, tuple(found[each] for each in _IN_ORDER if each in found), found.get("within"))


def bar(size: float, cells: int) -> str:
    """A bar of so many cells where `size` is 1; whatever is not nothing is seen."""
    eighths = min(cells * 8, max(round(size * cells * 8), 1 if size > 0 else 0))
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(cells)


class TreeLines(Lines):
    """The tree as it is folded; figures come in a second, the parts when they are worked out."""

    def __init__(
        self, lines: Sequence[Branch], moved: Movement | None, context: Context, folded: set[str], empty: str = ""
    ) -> None:
        """`moved` is None while it is worked out; `folded` is kept by who made it, and changed here."""
        self.by_key = {line.key: line for line in lines}
        self._all = lines
        self.moved = moved
        self._context = context
        self._folded = folded
        self.empty = empty

    @property
    def keys(self) -> Sequence[str]:
        shown: list[str] = []
        skip = 0
        for line in self._all:
            if skip:
                skip -= 1
                continue
            shown.append(line.key)
            if line.key in self._folded:
                skip = line.below
        return shown

    def above(self, key: str) -> str | None:
        line = self.by_key.get(key)
        return line.under if line else None

    def fold(self, key: str, *, folded: bool) -> bool:
        if not self.by_key[key].below or (key in self._folded) == folded:
            return False
        (self._folded.add if folded else self._folded.discard)(key)
        return True

    def is_folded(self, key: str) -> bool:
        return key in self._folded

    def folds_at(self, key: str, x: int) -> bool:
        line = self.by_key[key]
        return bool(line.below) and x < SIGNS + line.depth * 2 + 2

    # Drawing

    def header(self, cells: int, paint: Palette) -> list[Segment]:
        layout = lay_out(cells)
        text = " " * SIGNS + fit("KPI", layout.name)
        text += "".join(_written(column.title, column) for column in layout.columns)
        text += fit("Contribution", _PART.cells + layout.bar, right=True)
        if layout.within:
            text += _written(layout.within.title, layout.within)
        return [Segment(text, paint.style("signal-usual"))]

    def marked_cells(self, key: str, cells: int) -> int:
        line = self.by_key[key]
        if line.kind == "heading":
            return 1 + width(self._heading(line))
        return SIGNS + width(self._name(line, lay_out(cells)).rstrip())

    def draw(self, key: str, cells: int, paint: Palette, *, marked: bool) -> list[Segment]:
        line, layout = self.by_key[key], lay_out(cells)
        on = "panel" if marked else None
        cursor = "▌" if marked else " "
        if line.kind == "heading":
            bold = paint.style("primary", bold=True, on=on)
            return [Segment(cursor, paint.style("accent", on=on)), Segment(self._heading(line), bold)]
        name = self._name(line, layout)
        text = name.rstrip()
        rest = " " * (len(name) - len(text))
        if line.row is None:
            segments = [
                Segment(f"{cursor}· ", paint.style("signal-usual", on=on)),
                Segment(text, paint.style("signal-usual", bold=marked, on=on)),
                Segment(rest + self._measure(line, layout), paint.style("signal-usual")),
            ]
        else:
            point = line.row.point
            signs = self._signs(line)
            colour = "accent" if line.leads else "foreground"
            segments = [
                Segment(f"{cursor}{STATUS_SIGN[point.status]} ", _status(paint, point.status, on)),
                Segment(text, paint.style(colour, bold=marked, on=on)),
                Segment(f"{rest} {signs}" if signs else rest, paint.style("accent")),
            ]
            segments += self._cells(line, layout, paint)
        return segments + self._part(line, layout, paint)

    def _heading(self, line: Branch) -> str:
        return f"{'▸' if line.key in self._folded else '▾'} {line.name.upper()} {line.below}"

    def _signs(self, line: Branch) -> str:
        """Behind the name: what is to be known of the figure, and that it leads the KPI that it is a part of."""
        if line.row is None:
            return ""
        signs = marks(line.row, self._context.definitions.locale)
        return f"{signs}⇢" if line.lag is not None and not line.leads else signs

    def _name(self, line: Branch, layout: Layout) -> str:
        signs = self._signs(line)
        cells = layout.name - (width(signs) + 1 if signs else 0)
        if line.below:
            sign = "▸ " if line.key in self._folded else "▾ "
        else:
            sign = "⇢ " if line.leads else "  " if line.depth else ""
        step = 2 if layout.name >= 28 else 1
        indent = min(line.depth * step, max(0, cells - 10))
        more = f" +{line.below}" if line.key in self._folded else ""
        room = max(0, cells - indent - len(sign) - len(more))
        return " " * indent + sign + fit(fit(line.name, room).rstrip() + more, room + len(more))

    def _cells(self, line: Branch, layout: Layout, paint: Palette) -> list[Segment]:
        assert line.row is not None
        found = []
        for column in layout.columns:
            if column.id == "level":
                text, style = LEVEL_WORD.get(line.row.kpi.level or "", ""), "signal-usual"
            else:
                text, style = BY_ID[column.id].cell(line.row, self._context)
            found.append(Segment(_written(text, column), paint.style(style)))
        return found

    def _measure(self, line: Branch, layout: Layout) -> str:
        """The cells of what is no KPI: its figure alone."""
        share = self.moved.shares.get(line.key) if self.moved else None
        style = Style("number", None, None, self._context.definitions.locale)
        figure = style.cell(share.after) if share else ""
        return "".join(_written(figure if column.id == "actual" else "", column) for column in layout.columns)

    def _part(self, line: Branch, layout: Layout, paint: Palette) -> list[Segment]:
        room = _PART.cells + layout.bar + (layout.within.cells if layout.within else 0)
        if line.leads and line.row is not None and line.lag is not None:
            said = f"⇢ {later(line.row.kpi, line.lag)}"
            short = f"⇢ {line.lag} {grain_words(line.row.kpi.grain, line.lag)}" if line.lag else "⇢ same"
            text = said if width(said) < room else short
            return [Segment(" " + fit(text, room - 1), paint.style("accent"))]
        share = self.moved.shares.get(line.key) if self.moved else None
        if share is None:
            awaited = self.moved is None and (line.part is not None or (not line.depth and line.below))
            text = WAITING if awaited else NONE if line.depth else ""
            return [Segment(_written(text, _PART) + " " * layout.bar, paint.style("signal-usual"))]
        word = better_or_worse(line.row.point.variation) if line.row and line.row.point.signal else ""
        colour = f"signal-{word}" if word else "foreground"
        segments = [
            Segment(_written(share.text, _PART), paint.style(colour, bold=share.of is None)),
            Segment(" " + bar(share.size, layout.bar - 1), paint.style(colour if word else "signal-usual")),
        ]
        if layout.within:
            segments.append(Segment(_written(share.within, layout.within), paint.style("signal-usual")))
        return segments


def _status(paint: Palette, status: str, on: str | None) -> RichStyle:
    return paint.style(f"status-{status.replace('_', '-')}", on=on)


def _written(text: str, column: _Column) -> str:
    return " " + fit(text, column.cells - 1, right=column.right)

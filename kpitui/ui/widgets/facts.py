"""The panel beside the chart: what the figure is made of, its figures to date, its target, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.text import fit, plain, width, wrapped
from kpitui.ui.widgets.painted import Painted
from kpitui.ui.widgets.scrolls import Scrolls
from kpitui.workspace.about import About, Fact, Table

if TYPE_CHECKING:
    from kpitui.ui.app import KpituiApp

WIDE = 100
"""From so many columns of the screen on, the panel stands beside the chart."""
PANEL = 38
"""Its columns."""
_LABEL = 11
_FIGURE = 9
_GRAIN = 8
_HANGING = 2
"""The lines after a number's first begin under its text."""


class _Text(list[tuple[int, str, str]]):
    """Pieces of one line: column, text, ink."""


class Facts(ScrollView, Scrolls, can_focus=True):
    """Text in two columns; of another KPI's only what differs is painted."""

    DEFAULT_CSS = """
    Facts { width: 38; padding: 0 1; border-left: vkey $panel; overflow-x: hidden; overflow-y: scroll;
            scrollbar-size-vertical: 0; }
    Facts:focus { border-left: vkey $accent; }
    """

    app: KpituiApp

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[About, Sequence[Fact], Sequence[str]] | None = None
        self._painted = Painted(self)

    def show(self, about: About, pace: Sequence[Fact], happened: Sequence[str]) -> None:
        """Show what a figure is made of, where it is going, and what happened in the time on the chart, whole."""
        if (about, pace, happened) != self._shown:
            self._shown = about, pace, happened
            self._lay_out()

    def clear(self) -> None:
        """Show nothing: what the figure is made of is not known."""
        if self._shown is not None:
            self._shown = None
            self._painted.replace([], self._room)
            self.refresh()

    def on_resize(self) -> None:
        self._lay_out()

    def notify_style_update(self) -> None:
        """The theme changed."""
        self._painted.restyle()
        super().notify_style_update()

    @property
    def _room(self) -> int:
        return max(24, self.scrollable_content_region.width or PANEL - 3)

    def _lay_out(self) -> None:
        if self._shown is None:
            return
        room = self._room
        lines = _lines(*self._shown, room)
        if len(lines) > self.scrollable_content_region.height > 0:
            more = f"{self.app.key('kpi.facts')} {self.app.key('list.down')} more"
            lines[0].append((room - len(more), more, "signal-usual"))
        canvas = Canvas(room, len(lines))
        for y, pieces in enumerate(lines):
            for x, text, ink in pieces:
                canvas.write(x, y, text, ink)
        changed = self._painted.replace([canvas.runs(y) for y in range(len(lines))], room)
        if len(lines) != self.virtual_size.height:
            # Set without a layout, which would paint everything again. A scroll bar would change with each KPI.
            self.set_reactive(ScrollView.virtual_size, Size(room, len(lines)))
            self.scroll_to(y=min(self.scroll_y, self.max_scroll_y), animate=False)
        shown = [region.translate((0, -self.scroll_offset.y)) for region in changed]
        if visible := [region for region in shown if 0 <= region.y < self.size.height]:
            self.refresh(*visible)

    def render_line(self, y: int) -> Strip:
        return self._painted.strip(y + self.scroll_offset.y, self.size.width)


def _lines(about: About, pace: Sequence[Fact], happened: Sequence[str], room: int) -> list[_Text]:
    lines = [_heading("DEFINITION"), *_facts(about.definition, room)]
    lines += [_Text(), *_table(about.to_date, room)]
    if pace:
        lines += [_Text(), _heading("PACE"), *_facts(pace, room)]
    lines += [_Text(), _heading("TARGET"), *_facts(about.target, room)]
    if about.chart:
        lines += [_Text(), _heading("CHART")]
    for remark in about.chart:
        lines += [_Text([(0, line, "")]) for line in wrapped(remark, room)]
    lines += [_Text(), _heading("PLACE"), *_facts(about.place, room)]
    if happened:
        lines += [_Text(), _heading("ON THE TIME AXIS")]
    for text in reversed(happened):
        first, *more = wrapped(text, room - _HANGING)
        lines += [_Text([(0, first, "")]), *(_Text([(_HANGING, line, "")]) for line in more)]
    return lines


def _heading(text: str) -> _Text:
    return _Text([(0, text, "bold primary")])


def _facts(facts: Sequence[Fact], room: int) -> list[_Text]:
    return [line for fact in facts for line in _fact(fact, room)]


def _fact(fact: Fact, room: int, label: str = "signal-usual") -> list[_Text]:
    """A label, in that ink, and a text that may take several lines."""
    if fact.kind == "input":
        name, figure = plain(fact.label), fit(fact.text, _FIGURE, right=True)
        name = fit(name, room - _LABEL - _FIGURE - 1)
        return [_Text([(_LABEL, name, "signal-usual"), (room - _FIGURE, figure, "")])]
    ink = "bold status-at-risk" if fact.kind == "missing" else ""
    texts = [_Text([(_LABEL, line, ink)]) for line in wrapped(fact.text, room - _LABEL)]
    texts[0].insert(0, (0, fact.label, label))
    return texts


def _table(table: Table, room: int) -> list[_Text]:
    if table.why_none:
        return _fact(Fact("TO DATE", table.why_none), room, "bold primary")
    columns = _columns(table, room)
    step = (room - _GRAIN) // columns

    def cells(texts: Sequence[str], ink: str) -> list[tuple[int, str, str]]:
        return [(_GRAIN + number * step, fit(text, step, right=True), ink) for number, text in enumerate(texts)]

    lines = [_Text([(0, "TO DATE", "bold primary"), *cells(table.head[:columns], "signal-usual")])]
    for grain, *figures in table.rows:
        lines.append(_Text([(0, grain, "signal-usual"), *cells(figures[:columns], "")]))
    return lines


def _columns(table: Table, room: int) -> int:
    """How many columns have room with a blank between them: the last ones leave first."""
    figures = [[*table.head], *([*row[1:]] for row in table.rows)]
    for columns in range(len(table.head), 1, -1):
        widest = max(width(text) for row in figures for text in row[:columns])
        if columns * (widest + 1) <= room - _GRAIN:
            return columns
    return 1

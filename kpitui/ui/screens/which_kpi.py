"""Which KPI something is about that was begun with none under the cursor: found by letters of its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from kpitui.definitions.model import Kpi
from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.fuzzy import fit
from kpitui.ui.screens.finder import Finder
from kpitui.ui.text import fit as fitted
from kpitui.ui.text import plain
from kpitui.ui.widgets.marked_list import Item


class WhichKpi(Finder):
    """Gives the KPI's id."""

    TITLE_OF_BOX = "Which KPI? · [@click=screen.choose]⏎ takes it[/] · [@click=screen.leave]esc leaves[/]"
    PLACEHOLDER = "letters of its name"
    DEFAULT_CSS = """
    WhichKpi > Vertical { height: auto; max-height: 60%; }
    WhichKpi MarkedList { height: auto; max-height: 8; }
    """

    def __init__(self, kpis: Iterable[Kpi]) -> None:
        super().__init__()
        self._kpis = list(kpis)

    def found(self, typed: str, columns: int) -> tuple[Sequence[Item], str | None]:
        hits = [(hit, kpi) for kpi in self._kpis if (hit := fit(typed, plain(kpi.name))) is not None]
        hits.sort(key=lambda each: -each[0].score)
        shown = [kpi for _, kpi in hits] if typed.strip() else self._kpis
        return [Item(kpi.id, partial(_write, plain(kpi.name))) for kpi in shown], None


def _write(name: str, canvas: Canvas, y: int, room: int, marked: bool) -> None:
    canvas.write(0, y, fitted(name, room).rstrip(), "bold foreground" if marked else "")

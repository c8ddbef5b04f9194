"""A KPI for the room: what is wrong, in letters as large as there is room for, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.timer import Timer

from kpitui.ui.big import cells_of, rows_of
from kpitui.ui.chart.draw import Stop, View
from kpitui.ui.keys import bindings
from kpitui.ui.screens.base import FigureScreen
from kpitui.ui.text import plain, width, wrapped
from kpitui.ui.widgets.chart import Chart
from kpitui.ui.widgets.head import TONE_INK
from kpitui.ui.widgets.poster import Poster, Text, scale_of
from kpitui.workspace.answers import Row
from kpitui.workspace.charts import views
from kpitui.workspace.charts.pictures import picture
from kpitui.workspace.charts.values import Picture
from kpitui.workspace.charts.views import Window
from kpitui.workspace.opening import Workspace
from kpitui.workspace.presented import Presented, presented, step

_MARGIN = 2
"""Columns at either side."""
_POINTING = 3.0
"""Seconds for which it is said how to leave, after the mouse was moved."""
_ONE_TURN = 0.2
"""Seconds within which the wheel goes on once."""


class _Plan(NamedTuple):
    """How large what is on a screen of some size: it depends on nothing else, so that nothing moves from KPI to KPI."""

    name: int
    """Scale."""
    figure: int
    goal: int
    said: int
    """Of status and signal."""
    sentence: int
    lines: int
    """Of the sentence, at the most."""
    gap: int
    """Rows between the parts."""
    above: int
    """Rows between them and the chart."""

    @property
    def top(self) -> int:
        """Rows above the chart."""
        parts = 1 + rows_of(self.name) + rows_of(self.figure) + rows_of(self.said) + 1
        return parts + 3 * self.gap + self.above

    @property
    def bottom(self) -> int:
        """Rows below the chart."""
        return self.lines * (rows_of(self.sentence) + (self.sentence > 0)) + self.gap


def _plan(columns: int, rows: int) -> _Plan:
    name = min(columns // 90, rows // 28)
    return _Plan(
        name=name,
        figure=name + 2 if rows >= 24 else 1,
        goal=name,
        said=(name + 1) // 2,
        sentence=int(name > 2),
        lines=2 if columns >= 80 else 3,
        gap=0 if rows < 20 else max(1, rows // 30),
        above=0 if rows < 28 else 1,
    )


class PresentScreen(FigureScreen):
    """One KPI at a time; the keys walk those that need talk."""

    DEFAULT_CSS = """
    PresentScreen > Poster { width: 100%; }
    PresentScreen > Chart { margin: 0 1; }
    """
    PLACE = "present"
    BINDINGS = bindings(PLACE)
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        """Shown beside the place until another KPI is."""
        self._pointing: Timer | None = None
        """Runs while the mouse is being used: how to leave is shown to who has no keys at hand."""
        self._wheeled = 0.0
        """When the wheel went on last."""
        self._place = range(0)
        """Columns of the top line on which a click leaves."""

    def compose(self) -> ComposeResult:
        yield self.too_small()
        yield Poster(id="top")
        yield Chart()
        yield Poster(id="sentence")

    def on_resize(self) -> None:
        self._show()

    @property
    def focus_row(self) -> Row | None:
        """The KPI in focus; to begin with the first that needs talk."""
        scorecard = self.app.scorecard
        if scorecard is None:
            return None
        here = self.row_of(self.app.focused_kpi) if self.app.focused_kpi else None
        if here is None and (first := step(scorecard.rows, None, 1)) is not None:
            here = self.row_of(first.kpi)
        return here or next(iter(scorecard.rows), None)

    def figures_changed(self) -> None:
        self._said = ""
        self._show()

    def say(self, text: str) -> None:
        self._said = text
        self._show()

    def _show(self) -> None:
        row, workspace, scorecard = self.focus_row, self.app.workspace, self.app.scorecard
        if row is None or workspace is None or scorecard is None or not self.query(Chart):
            return
        self.app.focused_kpi = row.kpi.id
        columns, rows = self.app.size
        plan = _plan(columns, rows)
        said = presented(row, scorecard, workspace.definitions)
        for poster, height in (("#top", plan.top), ("#sentence", plan.bottom)):
            self.query_one(poster).styles.height = height
        leaves = f"{self.app.key('back')} leaves" if self._pointing is not None else ""
        place = " · ".join(filter(None, (leaves, self._said, said.place)))
        self._place = range(columns - _MARGIN - width(place), columns)
        self.query_one("#top", Poster).show(_top(said, plan, columns, place), columns, plan.top)
        self.query_one("#sentence", Poster).show(_sentence(said.sentence, plan, columns), columns, plan.bottom)
        self.query_one(Chart).show(*_chart(workspace, row, self.app.key))

    # The mouse

    async def on_click(self, event: events.Click) -> None:
        """The right half goes on, the left half back, the place at the top leaves."""
        if event.screen_y == 0 and event.screen_x in self._place:
            await self.app.run_action("back")
        elif event.screen_y > 0:
            await self.run_action("next_kpi" if event.screen_x >= self.size.width // 2 else "previous_kpi")

    async def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        await self._wheel("next_kpi", event.time)

    async def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        await self._wheel("previous_kpi", event.time)

    async def _wheel(self, action: str, when: float) -> None:
        """One KPI for what the hand feels as one turn: a touchpad sends many."""
        if when - self._wheeled > _ONE_TURN:
            self._wheeled = when
            await self.run_action(action)

    def on_mouse_move(self) -> None:
        before, self._pointing = self._pointing, self.set_timer(_POINTING, self._rest)
        if before is not None:
            before.stop()
        else:
            self._show()

    def _rest(self) -> None:
        self._pointing = None
        self._show()

    # Actions

    def action_next_kpi(self) -> None:
        self.step_exception(1)

    def action_previous_kpi(self) -> None:
        self.step_exception(-1)

    def step_exception(self, by: int) -> None:
        scorecard = self.app.scorecard
        found = step(scorecard.rows, self.app.focused_kpi, by) if scorecard is not None else None
        if found is None:
            self.say("Nothing asks for talk in this period")
            return
        self.app.focused_kpi = found.kpi
        self._said = ("again from the first" if by > 0 else "again from the last") if found.wrapped else ""
        self._show()


def _top(said: Presented, plan: _Plan, columns: int, place: str) -> list[Text]:
    """What stands above the chart; `place` at its right, which of all KPIs this is."""
    room = columns - 2 * _MARGIN
    left = room - width(place) - 2
    texts = [
        Text(said.head, "foreground", _MARGIN, 0, left),
        Text(place, "bold foreground", _MARGIN + left, 0, room - left, right=True),
    ]
    y = 1 + plan.gap
    texts.append(Text(said.name, "bold foreground", _MARGIN, y, room, plan.name))
    y += rows_of(plan.name) + plan.gap
    verdict = said.verdict
    status = f"bold status-{verdict.status.replace('_', '-')}"
    half = room * 6 // 10
    texts.append(Text(verdict.figure, "bold foreground", _MARGIN, y, half - 2, plan.figure))
    texts += _beside(said, plan, y, _MARGIN + half, room - half)
    y += rows_of(plan.figure) + plan.gap
    # The status is seen from the back of the room before the signal is.
    scale = scale_of(f"{verdict.verdict}   ", room * 2 // 3, plan.said)
    left = (cells_of(f"{verdict.verdict}   ", scale) or 0) + scale
    texts.append(Text(verdict.verdict, status, _MARGIN, y, left, plan.said))
    signal = f"{verdict.arrow}{verdict.signal}"
    texts.append(Text(signal, f"bold {TONE_INK[verdict.tone]}", _MARGIN + left, y, room - left, plan.said))
    y += rows_of(plan.said)
    texts.append(Text(said.remark, "foreground", _MARGIN, y, room))
    return texts


def _beside(said: Presented, plan: _Plan, y: int, x: int, cells: int) -> list[Text]:
    """What stands beside the figure: target and gap, one below the other."""
    lines = [line for line in (said.verdict.goal, said.verdict.gap) if line]
    scale = min((scale_of(line, cells, plan.goal) for line in lines), default=0)
    between = 1 + scale // 2
    taken = len(lines) * rows_of(scale) + (len(lines) - 1) * between
    y += max(0, (rows_of(plan.figure) - taken) // 2)
    step_down = rows_of(scale) + between
    return [Text(line, "bold foreground", x, y + at * step_down, cells, scale) for at, line in enumerate(lines)]


def _sentence(sentence: str, plan: _Plan, columns: int) -> list[Text]:
    """What can be read aloud, in as many lines as it takes; in small letters where large ones have no room."""
    room = columns - 2 * _MARGIN
    for scale in (plan.sentence, 0):
        lines = _broken(sentence, room, scale)
        if len(lines) <= plan.lines and all(_fits(line, room, scale) for line in lines):
            break
    lines = lines[: plan.lines]
    between = int(scale > 0)
    step_down = rows_of(scale) + between
    # It stands at the foot of the screen.
    top = plan.bottom - len(lines) * step_down + between
    return [Text(line, "foreground", _MARGIN, top + at * step_down, room, scale) for at, line in enumerate(lines)]


def _fits(line: str, room: int, scale: int) -> bool:
    taken = cells_of(plain(line), scale)
    return taken is not None and taken <= room


def _broken(sentence: str, room: int, scale: int) -> list[str]:
    """The lines of the sentence: of large letters about five columns are one."""
    return wrapped(sentence, room // (5 * scale) if scale else room)


def _chart(workspace: Workspace, row: Row, key: Callable[[str], str]) -> tuple[Picture, View]:
    """The usual view of the KPI, without what was written of it; a period that is not the last one is pointed at."""
    grain = row.point.period.grain
    view = views.chosen(row.kpi, grain, None, segmented=False)
    drawn = picture(workspace, row.kpi, view, Window(), grain, key=key)._replace(happenings=(), earlier=0)
    for number, panel in reversed(list(enumerate(drawn.panels))):
        at = panel.at(row.point.period.end)
        if at is not None and at < len(panel.periods) - 1 and panel.periods[at].grain == grain:
            return drawn, View(Stop(number, at))
    return drawn, View()

"""The chart with its read-out, and what somebody made of it: view, stretch of time, cursor, two marked periods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical

from kpitui.definitions.model import Kpi
from kpitui.periods import Grain, Period
from kpitui.ui.chart.draw import Stop, View
from kpitui.ui.text import content, plain, width
from kpitui.ui.widgets.chart import Chart
from kpitui.ui.widgets.facts import PANEL, WIDE
from kpitui.ui.widgets.line import Line
from kpitui.workspace.answers import Row
from kpitui.workspace.charts import views
from kpitui.workspace.charts.pictures import Breakdown, most, own_length, picture, shown_length
from kpitui.workspace.charts.reading import compared, reading, told
from kpitui.workspace.charts.values import Picture
from kpitui.workspace.charts.views import Window
from kpitui.workspace.copied import figure_lines
from kpitui.workspace.numbers import Style
from kpitui.workspace.opening import Workspace

if TYPE_CHECKING:
    from kpitui.ui.app import KpituiApp


class _Shown(NamedTuple):
    """What is being looked at."""

    workspace: Workspace
    row: Row
    breakdown: Breakdown | None
    """By the column that was chosen; None where the KPI has none."""


class ChartPane(Vertical):
    """A chart that can be walked, zoomed, moved in time and looked at in several ways."""

    DEFAULT_CSS = """
    ChartPane { width: 1fr; }
    ChartPane #readout { height: 1; padding: 0 1; color: $signal-usual; }
    """

    app: KpituiApp

    def __init__(self, looked: Callable[[], None], id: str | None = None) -> None:  # noqa: A002
        """`looked` is told when somebody looks at another period, or in another way.

        It is called and not sent a message, so that what it shows is painted in one go with the cursor.
        """
        super().__init__(id=id)
        self._looked = looked
        self._shown: _Shown | None = None
        self._picture: Picture | None = None
        self._source: tuple[object, ...] = ()
        """What the picture was made of."""
        self._wanted: str | None = None
        """The view that somebody chose; it holds for the next KPIs, too."""
        self._window = Window()
        self._cursor: Stop | None = None
        self._follows: tuple[str, str] | None = None
        """KPI and period of the scorecard that the cursor was last put on."""
        self.marked: tuple[Period, ...] = ()
        """One or two periods, in the order of time: what is compared, and what can be explained."""

    def compose(self) -> ComposeResult:
        yield Chart()
        yield Line(id="readout")

    # What is shown

    @property
    def view(self) -> views.View | None:
        """The view that is shown: the one that was chosen, or the usual one where the KPI has no such view."""
        if self._shown is None:
            return None
        row = self._shown.row
        return views.chosen(row.kpi, row.point.period.grain, self._wanted, segmented=self._shown.breakdown is not None)

    @property
    def period(self) -> Period | None:
        """The period under the cursor."""
        if self._picture is None or self._cursor is None:
            return None
        return self._picture.panels[self._cursor.panel].periods[self._cursor.at]

    @property
    def happened(self) -> tuple[str, ...]:
        """What is numbered on the time axis, each with its number and its whole text."""
        if self._picture is None or self._shown is None:
            return ()
        workspace = self._shown.workspace
        return tuple(told(number, one, workspace) for number, one in enumerate(self._picture.happenings, 1))

    def wait(self, kpi: Kpi, grain: Grain, text: str) -> None:
        """Say what is waited for where there is nothing to draw."""
        self._shown = self._picture = self._cursor = None
        self.marked = ()
        self.query_one(Chart).show(Picture("", "", grain, (), Style.of(kpi, ""), empty=text), View())
        self.query_one("#readout", Line).show(content(""))

    def begin_anew(self) -> None:
        """The KPI that is shown next is opened anew, even if it is the same one: nothing is pointed at or marked."""
        self._follows = None
        self.marked = ()

    def show(self, workspace: Workspace, row: Row, breakdown: Breakdown | None) -> None:
        """Show a KPI; the cursor goes to the scorecard's period where that is another one than before."""
        self._shown = _Shown(workspace, row, breakdown)
        follows = (row.kpi.id, row.point.period.id)
        if follows != self._follows:
            self._follows = follows
            self._window = self._window._replace(back=0)
            self._redraw(_day_of(row.point.period))
        else:
            self._redraw(None)

    def break_down(self, breakdown: Breakdown | None) -> None:
        """Show segments that became known after the KPI was shown."""
        if self._shown is not None and breakdown is not self._shown.breakdown:
            self._shown = self._shown._replace(breakdown=breakdown)
            self._redraw()

    def _redraw(self, day: date | None = None) -> None:
        """Draw anew; the cursor goes to the day, or stays as near as can be to where it is."""
        shown, view = self._shown, self.view
        if shown is None or view is None:
            return
        here = self.period
        kpi, grain = shown.row.kpi, shown.row.point.period.grain
        # What a picture depends on is replaced where it changes, and never changed in place.
        workspace = shown.workspace
        source = (workspace.figures, workspace.journal.state, kpi, grain, view, self._window, shown.breakdown)
        if self._picture is None or any(old is not new for old, new in zip(self._source, source, strict=True)):
            self._source = source
            self._picture = picture(workspace, kpi, view, self._window, grain, shown.breakdown, key=self.app.key)
        self._cursor = _nearest(self._picture, day or _day_of(here or shown.row.point.period))
        self._paint()

    def _paint(self) -> None:
        """Show the chart and the read-out as they are now."""
        shown, drawn = self._shown, self._picture
        if shown is None or drawn is None:
            return
        self.query_one(Chart).show(drawn, View(self._cursor, self._letters(drawn), self.happened))
        self.query_one("#readout", Line).show(content(self._reading()))

    def _letters(self, drawn: Picture) -> dict[Stop, str]:
        return {
            Stop(number, at): letter
            for letter, period in zip("AB", self.marked, strict=False)
            for number, panel in enumerate(drawn.panels)
            if (at := panel.at(period.start)) is not None and panel.periods[at] == period
        }

    def _reading(self) -> str:
        shown, drawn, cursor = self._shown, self._picture, self._cursor
        if shown is None or drawn is None or cursor is None:
            return ""
        readout = self.query_one("#readout", Line)
        # Before it is laid out for the first time it has no width of its own.
        screen = self.app.size.width
        room = max(20, (readout.size.width or screen - (PANEL if screen >= WIDE else 0)) - 2)
        if len(self.marked) == 2:
            return compared(shown.workspace, shown.row.kpi, *self.marked)
        parts = reading(shown.workspace, shown.row.kpi, drawn, *cursor)
        if self.marked:
            parts.insert(1, f"A is marked, {self.app.key('kpi.mark')} marks B")
        return fitting(parts, room)

    @property
    def text(self) -> list[str]:
        """The chart as it is drawn, then its figures."""
        if self._picture is None or self._picture.empty:
            return []
        return [*self.query_one(Chart).text, "", *figure_lines(self._picture)]

    def on_resize(self) -> None:
        self._paint()

    # What somebody does

    def next_view(self, by: int) -> None:
        """Another way to look at the KPI."""
        shown, view = self._shown, self.view
        if shown is None or view is None:
            return
        offered = views.views(shown.row.kpi, shown.row.point.period.grain, segmented=shown.breakdown is not None)
        self.look_at(offered[(offered.index(view) + by) % len(offered)].id)

    def look_at(self, view: str) -> None:
        """Choose a view."""
        self._wanted = view
        self._window = Window()
        self._redraw()
        self._looked()

    def move(self, by: int) -> None:
        """The cursor so many periods on; from one panel it goes to the next."""
        drawn, cursor = self._picture, self._cursor
        if drawn is None or cursor is None:
            return
        lengths = _lengths(drawn)
        at = sum(lengths[: cursor.panel]) + cursor.at + by
        self._to(_stop(lengths, max(0, min(sum(lengths) - 1, at))))

    def to_end(self, *, last: bool) -> None:
        """The cursor to the first or the last period."""
        if self._picture is not None and (lengths := _lengths(self._picture)):
            self._to(_stop(lengths, sum(lengths) - 1 if last else 0))

    def on_chart_pointed(self, message: Chart.Pointed) -> None:
        """A click is a cursor key."""
        drawn = self._picture
        if drawn is not None:
            self._to(Stop(0 if drawn.arrangement == "grid" else message.place.panel, message.place.at))

    def _to(self, stop: Stop) -> None:
        if stop != self._cursor:
            self._cursor = stop
            self._paint()
            self._looked()

    def zoom(self, *, closer: bool) -> bool:
        """Half or twice as many periods around the cursor; False where there is nothing closer or further."""
        found = self._measured()
        if found is None:
            return False
        own, _, there = found
        if self.view is None or self.view.kind == "years":
            return False
        return self._look(views.zoomed(self._window, own, there, self._place(), closer=closer))

    def _place(self) -> views.Place:
        """Where the cursor stands among the periods that a zoom changes, the last panel's."""
        drawn, period = self._picture, self.period
        if drawn is None or period is None:
            return views.Place(0, 1)
        panel = drawn.panels[-1]
        count = len(panel.periods)
        at = panel.at(_day_of(period))
        return views.Place(0 if at is None else count - 1 - at, count)

    def pan(self, *, back: bool) -> bool:
        """A third of the stretch back in time or on; False at the ends of the data."""
        found = self._measured()
        if found is None:
            return False
        _, shown, there = found
        if self.view is not None and self.view.kind == "years":
            shown, there = 1, there // 12 + views.FEWEST
        return self._look(views.panned(self._window, shown, there, back=back))

    def _measured(self) -> tuple[int, int, int] | None:
        """How many periods the view shows by itself, how many it shows now, and how many there are."""
        shown, view = self._shown, self.view
        if shown is None or view is None:
            return None
        kpi, grain = shown.row.kpi, shown.row.point.period.grain
        there = most(shown.workspace, kpi, views.grain_of(view, kpi, grain))
        return own_length(view, kpi, grain), shown_length(view, self._window, kpi, grain), there

    def _look(self, window: Window) -> bool:
        if window == self._window:
            return False
        self._window = window
        self._redraw()
        self._looked()
        return True

    def mark(self) -> None:
        """Mark the period under the cursor, or take its mark away; a third one begins anew."""
        period = self.period
        if period is None:
            return
        if period in self.marked:
            self.marked = tuple(other for other in self.marked if other != period)
        elif len(self.marked) == 1 and self.marked[0].grain == period.grain:
            self.marked = tuple(sorted((*self.marked, period)))
        else:
            self.marked = (period,)
        self._paint()

    def undo(self) -> bool:
        """Take the last kind of change back: marks, then the stretch of time, then the view; False without any."""
        if self.marked:
            self.marked = ()
            self._paint()
        elif self._window != Window():
            self._look(Window())
        else:
            before, self._wanted = self.view, None
            if self.view == before:
                return False
            self._redraw()
            self._looked()
        return True


def _lengths(drawn: Picture) -> list[int]:
    """How many periods the cursor can walk in each panel; small charts move together."""
    if drawn.empty:
        return []
    return [len(panel.periods) for panel in (drawn.panels[:1] if drawn.arrangement == "grid" else drawn.panels)]


def _stop(lengths: Sequence[int], at: int) -> Stop:
    """The period of that number, counted through all panels."""
    panel = 0
    while at >= lengths[panel]:
        at -= lengths[panel]
        panel += 1
    return Stop(panel, at)


def _day_of(period: Period) -> date:
    """The day by which the period is found again among longer and shorter ones: a week's fourth, else the last."""
    return period.start + timedelta(days=3) if period.grain is Grain.WEEK else period.end


def _nearest(drawn: Picture, day: date) -> Stop | None:
    """The period that holds the day, of the coarsest panel that has one; else the one at that end."""
    lengths = _lengths(drawn)
    if not lengths:
        return None
    found = [
        (panel.periods[0].grain, number, panel.at(day)) for number, panel in enumerate(drawn.panels[: len(lengths)])
    ]
    holding = [(grain, Stop(number, at)) for grain, number, at in found if at is not None]
    if holding:
        return max(holding)[1]
    last = len(lengths) - 1
    return Stop(last, 0 if day < drawn.panels[last].periods[0].start else lengths[last] - 1)


def fitting(parts: Sequence[str], room: int, between: str = " · ") -> str:
    """As many of the parts, from the first, as fit whole."""
    line = ""
    for part in parts:
        longer = f"{line}{between}{part}" if line else part
        if width(plain(longer)) > room:
            break
        line = longer
    return line

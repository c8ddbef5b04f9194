"""A screen with the chart of a KPI: what its keys do with it, its segments, and limits that are decided on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from textual import work
from textual.message import Message

from kpitui.periods import Period
from kpitui.problems import KpituiError
from kpitui.ui.screens.following import FollowingScreen
from kpitui.ui.segments import Segments
from kpitui.ui.widgets.chart_pane import ChartPane
from kpitui.ui.widgets.entry import Entry
from kpitui.workspace.answers import Row
from kpitui.workspace.charts.limits import PhaseKind, propose, record_phase
from kpitui.workspace.lost import Lost
from kpitui.workspace.numbers import period_name

_PHASE_KINDS: tuple[PhaseKind, ...] = get_args(PhaseKind)


class ChartScreen(FollowingScreen):
    """Base of the drill-down; it holds a `ChartPane` and an `Entry`."""

    class SegmentsRead(Message):
        """The segments that were asked for are known, or it is known why they are not."""

    def __init__(self) -> None:
        super().__init__()
        self._segments = Segments()
        self._decided: tuple[str, PhaseKind, Period] | None = None
        """KPI, kind and period of the phase that a reason is being written for."""

    @property
    def chart(self) -> ChartPane:
        return self.query_one(ChartPane)

    def looked(self) -> None:
        """Somebody looks at another period, or in another way."""
        raise NotImplementedError

    def notice_over(self) -> None:
        """What is shown changed: what was said of the key before is over."""
        raise NotImplementedError

    def show_chart(self) -> None:
        """Show the KPI in focus."""
        row, workspace = self.focus_row, self.app.workspace
        if row is None or workspace is None:
            return
        self.chart.show(workspace, row, self._segments.breakdown(workspace, row.kpi))
        self._want_segments()

    def _want_segments(self) -> None:
        """Have the segments read if they are looked at and not known; what is under the chart may know them already."""
        row, workspace, view = self.focus_row, self.app.workspace, self.chart.view
        if row is None or workspace is None or view is None or view.kind != "segments":
            return
        read = self._segments.reader(workspace, row.kpi)
        if read is not None:
            self._read_segments(read)
        else:
            self.chart.break_down(self._segments.breakdown(workspace, row.kpi))

    @work(thread=True, exclusive=True, group="segments", exit_on_error=False)
    def _read_segments(self, read: Callable[[], None]) -> None:
        read()
        self.post_message(self.SegmentsRead())

    def on_chart_screen_segments_read(self) -> None:
        self.show_chart()

    def on_unmount(self) -> None:
        """A thread that waits for a child is let go: the program ends only with it."""
        self._segments.end()

    def chart_looked(self) -> None:
        """Another period is looked at, or in another way."""
        self._want_segments()
        self.looked()

    # The chart

    def action_chart_left(self) -> None:
        self.chart.move(-1)

    def action_chart_right(self) -> None:
        self.chart.move(1)

    def action_chart_first(self) -> None:
        self.chart.to_end(last=False)

    def action_chart_last(self) -> None:
        self.chart.to_end(last=True)

    def action_next_view(self) -> None:
        self.chart.next_view(1)

    def action_previous_view(self) -> None:
        self.chart.next_view(-1)

    def action_next_column(self) -> None:
        """Segments by the next column; from another view, those of the present one first."""
        row, workspace, view = self.focus_row, self.app.workspace, self.chart.view
        if row is None or workspace is None or view is None:
            return
        if self._segments.breakdown(workspace, row.kpi) is None:
            self.say("There is no column to break it down by: sources name theirs as `segments`.")
        elif view.kind != "segments":
            self.chart.look_at("segments")
        else:
            self._segments.next_column(workspace, row.kpi)
            self.show_chart()

    def action_zoom_in(self) -> None:
        if not self.chart.zoom(closer=True):
            self.say("Nothing closer here.")

    def action_zoom_out(self) -> None:
        if not self.chart.zoom(closer=False):
            self.say("There is nothing more to show.")

    def action_pan_back(self) -> None:
        if not self.chart.pan(back=True):
            self.say("The data begin here.")

    def action_pan_on(self) -> None:
        if not self.chart.pan(back=False):
            self.say("This is the present period.")

    def action_mark(self) -> None:
        self.chart.mark()
        self.notice_over()

    @property
    def marked_periods(self) -> tuple[Period, ...]:
        """The periods that were marked on the chart, one or two, in the order of time."""
        return self.chart.marked

    # Limits by decision

    async def action_rebase(self) -> None:
        await self._decide("rebase")

    async def action_baseline(self) -> None:
        await self._decide("baseline")

    async def _decide(self, kind: PhaseKind) -> None:
        """Ask for the reason why limits are fixed or begin anew at the cursor."""
        await self.complete()
        row, workspace, period = self.focus_row, self.app.workspace, self.chart.period
        if row is None:
            self.say_why_not()
        elif period is None:
            self.say("There is no period under a cursor yet.")
        if row is None or workspace is None or period is None:
            return
        try:
            propose(workspace, row.kpi, kind, period)
        except KpituiError as error:
            self.say(f"{error}.")
            return
        self._decided = row.kpi.id, kind, period
        word = "from" if kind == "rebase" else "until"
        name = f"{word} {period_name(period, workspace.definitions.locale)}"
        self.query_one(Entry).begin(kind, row.kpi.id, name, period.id)

    def echo(self, kind: str, text: str) -> str:
        workspace = self.app.workspace
        if kind not in _PHASE_KINDS or workspace is None or self._decided is None:
            return super().echo(kind, text)
        kpi_id, decided, period = self._decided
        try:
            return propose(workspace, self.defined(kpi_id), decided, period).sentence
        except KpituiError as error:
            raise ValueError(str(error)) from None

    def write(self, kind: str, about: Row | Lost, text: str) -> str:
        workspace = self.app.workspace
        if kind not in _PHASE_KINDS or workspace is None or self._decided is None or isinstance(about, Lost):
            return super().write(kind, about, text)
        _, decided, period = self._decided
        return self.saved(record_phase(workspace, about, decided, period, text))

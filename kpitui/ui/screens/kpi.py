"""One KPI: the verdict, its chart, what it is made of, and what was said of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import get_args

from textual import work
from textual.app import ComposeResult, SuspendNotSupported
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from kpitui.periods import Period
from kpitui.problems import KpituiError
from kpitui.records.model import ActionStatus
from kpitui.ui import editor
from kpitui.ui.keys import bindings
from kpitui.ui.screens.base import FigureScreen, saved_line
from kpitui.ui.screens.details import Details
from kpitui.ui.segments import Segments
from kpitui.ui.text import fit, plain, width
from kpitui.ui.widgets.chart_pane import ChartPane
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.facts import WIDE, Facts
from kpitui.ui.widgets.foot import Foot
from kpitui.ui.widgets.head import Head
from kpitui.ui.widgets.line import Line
from kpitui.ui.widgets.record_list import RecordList
from kpitui.workspace.about import about
from kpitui.workspace.answers import Row
from kpitui.workspace.charts.limits import PhaseKind, propose, record_phase
from kpitui.workspace.grouping import exceptions
from kpitui.workspace.numbers import period_name
from kpitui.workspace.opening import Workspace

_PHASE_KINDS: tuple[PhaseKind, ...] = get_args(PhaseKind)
ROOMY = 160
"""From so many columns on, that panel is wider."""


class KpiScreen(FigureScreen):
    """The drill-down."""

    DEFAULT_CSS = """
    KpiScreen > #body { height: 1fr; min-height: 8; }
    KpiScreen > #rule { height: 1; border-top: hkey $panel; }
    KpiScreen > #record-title { height: 1; padding: 0 1; }
    KpiScreen > #main { height: 25%; min-height: 3; max-height: 10; }
    KpiScreen.narrow Facts { display: none; }
    KpiScreen.narrow.facts Facts { display: block; width: 1fr; }
    KpiScreen.narrow.facts ChartPane { display: none; }
    KpiScreen.roomy Facts { width: 52; }
    """
    BINDINGS = bindings("kpi", "kpi in focus")
    AUTO_FOCUS = "#main"

    class SegmentsRead(Message):
        """The segments that were asked for are known, or it is known why they are not."""

    def __init__(self) -> None:
        super().__init__()
        self._segments = Segments()
        self._decided: tuple[str, PhaseKind, Period] | None = None
        """KPI, kind and period of the phase that a reason is being written for."""
        self._edited: tuple[str, Workspace] | None = None
        """The definition's file, and the workspace as it was before; until it has been read again."""

    def compose(self) -> ComposeResult:
        yield self.too_small()
        yield Head()
        with Horizontal(id="body"):
            yield ChartPane(id="picture")
            yield Facts()
        yield Static(id="rule")
        yield Line(id="record-title")
        yield RecordList(id="main")
        yield Entry(self.echo)
        yield Foot("kpi", "kpi in focus", "everywhere")

    def on_mount(self) -> None:
        self._fold()

    def on_screen_resume(self) -> None:
        self.figures_changed()

    def on_resize(self) -> None:
        self._fold()
        self._show_head()

    def _fold(self) -> None:
        # The screen has no size of its own before it is laid out.
        columns = self.app.size.width
        self.set_class(columns < WIDE, "narrow")
        self.set_class(columns >= ROOMY, "roomy")

    # What is shown

    @property
    def focus_row(self) -> Row | None:
        scorecard = self.app.scorecard
        if scorecard is None:
            return None
        return next((row for row in scorecard.rows if row.kpi.id == self.app.focused_kpi), None)

    @property
    def chart(self) -> ChartPane:
        return self.query_one(ChartPane)

    def figures_changed(self) -> None:
        row, workspace = self.focus_row, self.app.workspace
        if row is None or workspace is None or not self.query(ChartPane):
            return
        self._show_head()
        self._show_chart()
        self._show_facts()
        self.query_one(RecordList).show(workspace.journal.entries(row.kpi.id), self.app.last_record)
        self._title(f"into {workspace.journal.next_file(row.kpi)}")
        self._tell_of_definition()

    def _show_head(self) -> None:
        row, workspace, scorecard = self.focus_row, self.app.workspace, self.app.scorecard
        if row is not None and workspace is not None and scorecard is not None:
            self.query_one(Head).show(workspace, row, scorecard)

    def _show_facts(self) -> None:
        row, workspace = self.focus_row, self.app.workspace
        if row is not None and workspace is not None:
            self.query_one(Facts).show(about(workspace, row, self.chart.period))

    def _show_chart(self) -> None:
        row, workspace = self.focus_row, self.app.workspace
        if row is None or workspace is None:
            return
        self.chart.show(workspace, row, self._segments.breakdown(workspace, row.kpi))
        self._want_segments()

    def _want_segments(self) -> None:
        """Have the segments read if they are looked at and not known."""
        row, workspace, view = self.focus_row, self.app.workspace, self.chart.view
        if row is None or workspace is None or view is None or view.kind != "segments":
            return
        read = self._segments.reader(workspace, row.kpi)
        if read is not None:
            self._read_segments(read)

    @work(thread=True, exclusive=True, group="segments", exit_on_error=False)
    def _read_segments(self, read: Callable[[], None]) -> None:
        read()
        self.post_message(self.SegmentsRead())

    def on_kpi_screen_segments_read(self) -> None:
        self._show_chart()

    def on_unmount(self) -> None:
        """A thread that waits for a child is let go: the program ends only with it."""
        self._segments.end()

    def on_chart_pane_looked(self) -> None:
        self._want_segments()
        self._show_facts()

    def _title(self, remark: str, style: str = "$signal-usual") -> None:
        """The heading of the records: how many, how many late, and where the next one goes or the last one went."""
        row, workspace = self.focus_row, self.app.workspace
        if row is None or workspace is None:
            return
        entries = workspace.journal.entries(row.kpi.id)
        overdue = sum(entry.overdue for entry in entries)
        title = f"RECORD · {len(entries)}" + (f" · {overdue} overdue" if overdue else "") + " · "
        room = max(10, self.app.size.width - 2 - width(title))
        self.query_one("#record-title", Line).show(
            Content.assemble((title, "bold $primary"), (fit(remark, room).rstrip(), style))
        )

    def say(self, text: str) -> None:
        self._title(text, "bold $success")

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
            self._show_chart()

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

    @property
    def marked_periods(self) -> tuple[Period, ...]:
        """The periods that were marked on the chart, one or two, in the order of time."""
        return self.chart.marked

    def undo_view(self) -> bool:
        if self.has_class("facts"):
            self.action_definition()
            return True
        return self.chart.undo()

    # Limits by decision

    def action_rebase(self) -> None:
        self._decide("rebase")

    def action_baseline(self) -> None:
        self._decide("baseline")

    def _decide(self, kind: PhaseKind) -> None:
        """Ask for the reason why limits are fixed or begin anew at the cursor."""
        row, workspace, period = self.focus_row, self.app.workspace, self.chart.period
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
            return propose(workspace, workspace.kpi(kpi_id), decided, period).sentence
        except KpituiError as error:
            raise ValueError(str(error)) from None

    def write(self, kind: str, row: Row, text: str) -> str:
        workspace = self.app.workspace
        if kind not in _PHASE_KINDS or workspace is None or self._decided is None:
            return super().write(kind, row, text)
        _, decided, period = self._decided
        return self.saved(record_phase(workspace, row, decided, period, text))

    # The definition

    def action_edit_definition(self) -> None:
        """Open the definition in the person's editor; afterwards it is read again."""
        row, workspace = self.focus_row, self.app.workspace
        if row is None or workspace is None:
            return
        path = Path(workspace.root) / row.kpi.file
        try:
            with self.app.suspend():
                editor.edit(path, row.kpi.line)
        except KpituiError as error:
            self.say(f"{error}.")
            return
        except SuspendNotSupported:
            self.say(f"No editor can be opened here: {row.kpi.file}:{row.kpi.line}.")
            return
        self._edited = row.kpi.file, workspace
        self.app.read_definitions()

    def _tell_of_definition(self) -> None:
        """What is wrong with the file that was edited, once it has been read again."""
        workspace = self.app.workspace
        if self._edited is None or workspace is None or workspace is self._edited[1]:
            return
        file = self._edited[0]
        wrong = [problem for problem in workspace.problems if problem.file == file]
        more = f", and {len(wrong) - 1} more (!)" if len(wrong) > 1 else ""
        self.say(f"{wrong[0]}{more}" if wrong else f"{file} is read again: nothing is wrong.")
        self._edited = None

    def action_definition(self) -> None:
        """Where the panel has no room beside the chart, it takes the chart's place."""
        self.toggle_class("facts")
        # With the focus it scrolls by the arrows, wherever it stands.
        shown = self.has_class("facts") or not self.has_class("narrow")
        panel = self.query_one(Facts)
        self.call_after_refresh((panel if shown and self.focused is not panel else self.query_one("#main")).focus)

    def action_details(self) -> None:
        entry, workspace = self.query_one(RecordList).entry, self.app.workspace
        if entry is None or workspace is None:
            self.say("Write a note (n), a cause (c) or an action (a) first.")
            return

        said = ""

        def save(values: dict[str, str]) -> str | None:
            nonlocal said
            try:
                said = saved_line(workspace.change(entry.id, values))
            except KpituiError as error:
                return plain(str(error))
            return None

        def closed(saved: bool | None) -> None:
            if saved:
                self.app.records_changed()
                self.call_after_refresh(self.say, said)

        self.app.push_screen(Details(entry, workspace.journal.fields(entry.id), save), closed)

    def action_done(self) -> None:
        """Close the marked action."""
        self._follow_up("done")

    def action_drop(self) -> None:
        """Give the marked action up."""
        self._follow_up("dropped")

    def _follow_up(self, status: ActionStatus) -> None:
        entry, workspace = self.query_one(RecordList).entry, self.app.workspace
        if entry is None or entry.kind != "action" or workspace is None:
            self.say("Mark an action in the record first (up, down).")
            return
        try:
            saved = workspace.follow_up(entry.id, status)
        except KpituiError as error:
            self.notify(plain(str(error)), title="Not saved", severity="error", timeout=12, markup=False)
            return
        self.app.records_changed()
        self.say(saved_line(saved))

    def on_record_list_chosen(self) -> None:
        self.action_details()

    def step_exception(self, by: int) -> None:
        """Show the next KPI that needs talk."""
        scorecard = self.app.scorecard
        if scorecard is None:
            return
        ids = [row.kpi.id for row in exceptions(scorecard.rows)]
        if not ids:
            self.say("Nothing asks for talk in this period.")
            return
        here = self.app.focused_kpi
        at = ids.index(here) if here in ids else -1 if by > 0 else 0
        self.app.focused_kpi = ids[(at + by) % len(ids)]
        self.app.last_record = None
        self.figures_changed()

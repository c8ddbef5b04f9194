"""One KPI: the verdict, its chart, what it is made of, and what was said of it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.css.scalar import Scalar
from textual.geometry import Region

from kpitui.periods import Grain
from kpitui.ui.keys import bindings
from kpitui.ui.screens.base import FigureScreen
from kpitui.ui.screens.copying import Copied
from kpitui.ui.screens.following import MarkedAction
from kpitui.ui.screens.why import WhyScreen
from kpitui.ui.text import clipped, width
from kpitui.ui.widgets.chart_pane import ChartPane
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.facts import WIDE, Facts
from kpitui.ui.widgets.foot import Foot
from kpitui.ui.widgets.head import Head, changed
from kpitui.ui.widgets.line import Line
from kpitui.ui.widgets.record_list import RecordList
from kpitui.ui.widgets.why_pane import WhyPane
from kpitui.ui.widgets.why_strip import WhyStrip
from kpitui.workspace.about import about
from kpitui.workspace.answers import Row
from kpitui.workspace.grouping import exceptions
from kpitui.workspace.lost import Lost
from kpitui.workspace.opening import Workspace

STRIP_FROM = (120, 36)
"""Columns and rows from which the strip stands under the chart."""
ROOMY = 160
"""From so many columns on, the panel beside the chart is wider."""
OPENING = "Opening the workspace …"
_STILL = "Notes, causes, actions and decisions on it can be written all the same."
FEWEST_RECORDS = 3
"""Lines that the records have at least; more than that up to a quarter of the screen, as there are records."""
_FIRST_IN_FOOT = (
    # What one does not guess; of arrows one does.
    "next_view",
    "definition",
    "explain",
    "linked",
    "chart_left",
    "chart_right",
    "note",
    "cause",
    "action",
)


class KpiScreen(WhyScreen):
    """The drill-down."""

    DEFAULT_CSS = """
    KpiScreen > #body { height: 1fr; min-height: 8; }
    KpiScreen > #record-title { height: 1; padding: 0 1; background: $panel; }
    KpiScreen > #main { height: 3; }
    KpiScreen.narrow Facts { display: none; }
    KpiScreen.narrow.facts Facts { display: block; width: 1fr; }
    KpiScreen.narrow.facts ChartPane { display: none; }
    KpiScreen.narrow.facts WhyPane { display: none; }
    KpiScreen WhyStrip { display: none; }
    KpiScreen.strip WhyStrip { display: block; }
    KpiScreen.why WhyStrip { display: none; }
    KpiScreen.roomy Facts { width: 52; }
    """
    PLACE = "kpi"
    BINDINGS = bindings(PLACE, "write")
    AUTO_FOCUS = "#main"
    _shown_before = False

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[object, ...] = ()
        """What it was drawn from last."""
        self._noticed = False
        """The heading of the records ends with a notice of the moment, and not with where the next one goes."""
        self._remark = ("", "")
        """What the heading of the records ends with, and in which style."""

    def compose(self) -> ComposeResult:
        yield self.too_small()
        yield Head()
        with Horizontal(id="body"):
            yield ChartPane(self.chart_looked, id="picture")
            yield WhyPane()
            yield Facts()
        yield WhyStrip()
        yield Line(id="record-title")
        yield RecordList(id="main")
        yield Entry(self.echo)
        yield Foot("kpi", "write", "everywhere", first=_FIRST_IN_FOOT)

    def on_mount(self) -> None:
        self._fold()

    def on_screen_resume(self) -> None:
        # Whoever brings it up has it show the KPI before: it is not worked out a second time.
        if self._shown != self._to_show():
            self.figures_changed()
        if not self._shown_before:
            self.call_after_refresh(self._was_shown)

    def _to_show(self) -> tuple[object, ...]:
        app = self.app
        return app.focused_kpi, app.last_record, app.scorecard, app.workspace

    def _was_shown(self) -> None:
        self._shown_before = True

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> KpiScreen:
        """When it comes up for the first time it is laid out, which paints it: it is not painted once more."""
        if not self._shown_before:
            repaint, layout = False, layout or not regions
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def on_resize(self) -> None:
        self._fold()
        self._show_head()
        self._give_room()
        self.show_why()
        self._title(*self._remark)

    def _fold(self) -> None:
        # The screen has no size of its own before it is laid out.
        columns = self.app.size.width
        self.set_class(columns < WIDE, "narrow")
        self.set_class(columns >= ROOMY, "roomy")
        self.set_class(columns >= STRIP_FROM[0] and self.app.size.height >= STRIP_FROM[1], "strip")

    def _give_room(self) -> None:
        """The chart has the lines that the records do not need."""
        records = self.query_one(RecordList)
        rows = max(FEWEST_RECORDS, min(len(records), self.app.size.height // 4))
        if records.styles.height != Scalar.from_number(rows):
            records.styles.height = rows

    # What is shown

    @property
    def focus_row(self) -> Row | None:
        scorecard = self.app.scorecard
        if scorecard is None:
            return None
        return next((row for row in scorecard.rows if row.kpi.id == self.app.focused_kpi), None)

    def figures_changed(self) -> None:
        row, workspace = self.focus_row, self.app.workspace
        gone = self.focus_lost
        if (row is None and gone is None) or not self.query(ChartPane):
            return
        self.begin_with_chart()
        if gone is not None and workspace is not None:
            self._show_lost(gone, workspace)
        elif row is not None:
            self._show_kpi(row, workspace)
        self.tell_of_definition()
        self._shown = self._to_show()

    def _show_lost(self, gone: Lost, workspace: Workspace) -> None:
        """The KPI has no definition any more: what was said of it stays, and can be added to."""
        self._show_head()
        grain = self.app.scorecard.grain if self.app.scorecard is not None else Grain.MONTH
        self.chart.wait(gone.kpi, grain, f"{gone.sentence}\n{_STILL}")
        self.query_one(Facts).clear()
        self.query_one(RecordList).show(workspace.journal.entries(gone.kpi.id), self.app.last_record)
        self._give_room()
        self.show_why()
        self._title_of_file()

    def _show_kpi(self, row: Row, workspace: Workspace | None) -> None:
        self._show_head()
        records = self.query_one(RecordList)
        if workspace is None:
            # What the scorecard was drawn from at the start holds the row, and nothing to draw its chart from.
            self.chart.wait(row.kpi, row.point.period.grain, OPENING)
            records.show((), empty="")
            return
        records.show(workspace.journal.entries(row.kpi.id), self.app.last_record)
        self._give_room()
        self.show_chart()
        self.looked()
        self.show_why()
        self._title_of_file()

    def to_copy(self) -> Copied | None:
        """The chart as text, and the figures that it is drawn from."""
        row, chart = super().to_copy(), self.chart.text
        return Copied(f"the chart of {row.what}", "\n".join([row.text, "", *chart])) if row and chart else row

    def _show_head(self) -> None:
        row, scorecard, definitions = self.focus_row, self.app.scorecard, self.app.definitions
        if scorecard is None or definitions is None:
            return
        if row is None:
            if (gone := self.focus_lost) is not None:
                self.query_one(Head).show_lost(scorecard, gone, definitions.locale, self._came_by(gone.kpi.id))
            return
        workspace = self.app.workspace
        said = OPENING if workspace is None else changed(workspace, row, self.app.key)
        if self.app.not_read is not None:
            said = f"{self.app.reading_sign}: the figures are those of the last reading. {said}"
        self.query_one(Head).show(scorecard, row, definitions.locale, said, self._came_by(row.kpi.id))

    def _came_by(self, kpi_id: str) -> Sequence[str]:
        """Where one came from, and in a review how far it is; empty: from the scorecard."""
        meeting = self.app.meeting
        if meeting is not None and (place := meeting.place(kpi_id)) is not None:
            meeting.look_at(kpi_id)
            clock = meeting.item_clock()
            self.app.next_minute(clock)
            timed = f" · {clock.spent} of {clock.minutes} min" if clock else ""
            return ["Review", f"{place[0]} of {place[1]}{timed}"]
        before = (screen for screen in self.app.screen_stack if isinstance(screen, FigureScreen))
        return ["Tree"] if any(screen.PLACE == "tree" for screen in before) else []

    def minute_passed(self) -> None:
        self._show_head()

    def looked(self) -> None:
        super().looked()
        row, workspace = self.focus_row, self.app.workspace
        if row is not None and workspace is not None:
            pace = self.answers.pace(workspace, row.kpi)
            self.query_one(Facts).show(about(workspace, row, self.chart.period), pace, self.chart.happened)
        self.notice_over()

    def notice_over(self) -> None:
        # What is wrong with the definition that was edited stays wrong.
        if self._noticed and self._checked is None:
            self._title_of_file()

    def _title_of_file(self) -> None:
        about, workspace = self.focus_row or self.focus_lost, self.app.workspace
        self._noticed = False
        if about is not None and workspace is not None:
            self._title(f"into {workspace.journal.next_file(about.kpi)}")

    def _title(self, remark: str, style: str = "$signal-usual") -> None:
        """The heading of the records: how many, how many late, and where the next one goes or the last one went."""
        self._remark = (remark, style)
        kpi_id, workspace = self.app.focused_kpi, self.app.workspace
        if kpi_id is None or workspace is None:
            return
        entries = workspace.journal.entries(kpi_id)
        overdue = sum(entry.overdue for entry in entries)
        title = f"RECORD · {len(entries)}" + (f" · {overdue} overdue" if overdue else "") + " · "
        room = max(10, self.app.size.width - 2 - width(title))
        self.query_one("#record-title", Line).show(
            Content.assemble((title, "bold $primary"), (clipped(remark, room), style))
        )

    def say(self, text: str) -> None:
        self._checked, self._noticed = None, True
        self._title(text, "bold $success")

    def undo_view(self) -> bool:
        if self.has_class("facts"):
            self.action_definition()
            return True
        return super().undo_view() or self.chart.undo()

    # The definition

    def tell_of_definition(self) -> None:
        """The line stays over further readings, for the same change may be noticed twice, until one finds something
        else: each of them writes the heading anew."""
        super().tell_of_definition()
        workspace, checked = self.app.workspace, self._checked
        if workspace is None or checked is None:
            return
        if checked.kpi == self.app.focused_kpi and checked.problems == workspace.problems:
            self._title(checked.line, "bold $success")
        else:
            self._checked = None

    def action_definition(self) -> None:
        """Where the panel has no room beside the chart, it takes the chart's place."""
        self.toggle_class("facts")
        # With the focus it scrolls by the arrows, wherever it stands.
        shown = self.has_class("facts") or not self.has_class("narrow")
        panel = self.query_one(Facts)
        if shown and self.focused is not panel:
            self.call_after_refresh(panel.focus)
        else:
            self.call_after_refresh(self.focus_shown)

    def action_details(self) -> None:
        """The form of the marked record."""
        entry = self.query_one(RecordList).entry
        if entry is None or self.app.workspace is None:
            note, cause, action = map(self.app.key, ("write.note", "write.cause", "write.action"))
            self.say(f"Write a note ({note}), a cause ({cause}) or an action ({action}) first.")
        else:
            self.open_form(entry)

    @property
    def marked_action(self) -> MarkedAction | None:
        entry, workspace = self.query_one(RecordList).entry, self.app.workspace
        state = workspace.journal.state.action(entry.id) if entry is not None and workspace is not None else None
        return MarkedAction(state.action.id, state.action.kpi, state.action.title, state.closed) if state else None

    def on_marked_list_chosen(self) -> None:
        self.action_details()

    def next_rows(self) -> list[Row]:
        found = [self._exception(by) for by in (1, -1)]
        return [row for kpi_id in found if kpi_id is not None and (row := self.row_of(kpi_id)) is not None]

    def _exception(self, by: int) -> str | None:
        """The next KPI that needs talk; in a review, of its queue and without a verdict."""
        scorecard = self.app.scorecard
        if scorecard is None:
            return None
        if self.app.meeting is not None:
            return self.app.next_in_queue(by)
        ids = [row.kpi.id for row in exceptions(scorecard.rows)]
        here = self.app.focused_kpi
        at = ids.index(here) if here in ids else -1 if by > 0 else 0
        return ids[(at + by) % len(ids)] if ids else None

    def step_exception(self, by: int) -> None:
        """Show the next KPI that needs talk."""
        found = self._exception(by)
        if found is None:
            held = self.app.meeting is not None
            self.say(
                "Every exception of the review has its verdict." if held else "Nothing asks for talk in this period."
            )
            return
        self.forget_way_back()
        self.app.focused_kpi = found
        self.app.last_record = None
        self.figures_changed()

"""One KPI: the verdict, its trend, what it is made of, and what was said of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from kpitui.problems import KpituiError
from kpitui.records.model import ActionStatus
from kpitui.ui.keys import bindings
from kpitui.ui.screens.base import FigureScreen, saved_line
from kpitui.ui.screens.details import Details
from kpitui.ui.text import content, fit, plain, width
from kpitui.ui.widgets.chart import Chart
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.facts import Facts
from kpitui.ui.widgets.foot import Foot
from kpitui.ui.widgets.line import Line
from kpitui.ui.widgets.record_list import RecordList
from kpitui.workspace.answers import Row, Trend
from kpitui.workspace.grouping import exceptions, grouped
from kpitui.workspace.numbers import Style, percent, period_name
from kpitui.workspace.wording import (
    GROUP_NAME,
    STATUS_SIGN,
    changed_sentence,
    coverage_phrase,
    known_phrase,
    restated_sentence,
    row_remark,
    signal_phrase,
    signal_sentence,
    verdict,
)

LENGTHS = (13, 24, 36, 60)
FEWEST_PERIODS = 6
WIDE = 100
"""From so many columns on, the panel of facts stands beside the chart."""
PANEL = 38
"""Columns of that panel."""


class KpiScreen(FigureScreen):
    """The drill-down."""

    DEFAULT_CSS = """
    KpiScreen > .line { height: 1; padding: 0 1; }
    KpiScreen > #trail { background: $panel; }
    KpiScreen > #body { height: 1fr; min-height: 8; }
    KpiScreen #picture { width: 1fr; }
    KpiScreen #readout { height: 1; padding: 0 1; color: $signal-usual; }
    KpiScreen > #rule { height: 1; border-top: hkey $panel; }
    KpiScreen #record-title { height: 1; padding: 0 1; }
    KpiScreen > #main { height: 25%; min-height: 3; max-height: 10; }
    KpiScreen.narrow Facts { display: none; }
    KpiScreen.narrow.facts Facts { display: block; width: 1fr; }
    KpiScreen.narrow.facts #picture { display: none; }
    """
    BINDINGS = bindings("kpi", "kpi in focus")

    def __init__(self) -> None:
        super().__init__()
        self._length = 24
        self._trend: Trend | None = None
        self._cursor = 0
        self._shown: tuple[str, str, int] | None = None
        """KPI, period and length that the cursor belongs to."""

    def compose(self) -> ComposeResult:
        yield self.too_small()
        yield Line(id="trail", classes="line")
        yield Line(id="verdict", classes="line")
        yield Line(id="changed", classes="line")
        with Horizontal(id="body"):
            with Vertical(id="picture"):
                yield Chart()
                yield Line(id="readout")
            yield Facts()
        yield Static(id="rule")
        yield Line(id="record-title")
        yield RecordList(id="main")
        yield Entry(self.echo)
        yield Foot("kpi", "kpi in focus", "everywhere")

    def on_mount(self) -> None:
        self._fold()
        self.query_one("#main").focus()

    def on_screen_resume(self) -> None:
        self.figures_changed()

    def on_resize(self) -> None:
        before = self.has_class("narrow")
        self._fold()
        if self._shown is not None and before != self.has_class("narrow"):
            self.call_after_refresh(self.figures_changed)
        elif self._shown is not None:
            self.call_after_refresh(self._show_lines)

    def _fold(self) -> None:
        self.set_class(self.size.width < WIDE, "narrow")

    # What is shown

    @property
    def focus_row(self) -> Row | None:
        scorecard = self.app.scorecard
        if scorecard is None:
            return None
        return next((row for row in scorecard.rows if row.kpi.id == self.app.focused_kpi), None)

    def figures_changed(self) -> None:
        row, workspace = self.focus_row, self.app.workspace
        if row is None or workspace is None:
            return
        grain = row.point.period.grain
        self._trend = _begun(workspace.trend(row.kpi, grain, self._length))
        shown = (row.kpi.id, row.point.period.id, self._length)
        if shown != self._shown:
            self._shown = shown
            periods = [point.period for point in self._trend.points]
            self._cursor = periods.index(row.point.period) if row.point.period in periods else len(periods) - 1
        self._show_lines()
        self._draw(row)
        self.query_one(Facts).show(workspace, row, self._trend)
        entries = workspace.journal.entries(row.kpi.id)
        self.query_one(RecordList).show(entries, self.app.last_record)
        self._title(f"into {workspace.journal.next_file(row.kpi)}")

    def _title(self, remark: str, style: str = "$signal-usual") -> None:
        """The heading of the records: how many, how many late, and where the next one goes or the last one went."""
        row, workspace = self.focus_row, self.app.workspace
        if row is None or workspace is None:
            return
        entries = workspace.journal.entries(row.kpi.id)
        overdue = sum(entry.overdue for entry in entries)
        title = f"RECORD · {len(entries)}" + (f" · {overdue} overdue" if overdue else "") + " · "
        room = max(10, self.size.width - 2 - width(title))
        self.query_one("#record-title", Line).show(
            Content.assemble((title, "bold $primary"), (fit(remark, room).rstrip(), style))
        )

    def say(self, text: str) -> None:
        self._title(text, "bold $success")

    def _show_lines(self) -> None:
        row, workspace, trend = self.focus_row, self.app.workspace, self._trend
        if row is None or workspace is None or trend is None:
            return
        kpi, point, locale = row.kpi, row.point, workspace.definitions.locale
        style = Style.of(kpi, locale)
        room = self.size.width - 2
        when = f"‹ {period_name(point.period, locale)} ›" + known_phrase(workspace.known_at, locale, workspace.as_of)
        trail = " › ".join((workspace.name, "Scorecard", self._place(row), kpi.name))
        line = fit(trail, room - width(when) - 2) + "  " + when
        self.query_one("#trail", Line).show(content(line))
        status = f"$status-{point.status.replace('_', '-')}"
        figure = style.value(point.value) + ("" if point.complete or point.value is None else "*")
        goal = f"target {style.goal(point.goal, kpi.direction)}" if point.goal else ""
        gap = (
            f"gap {percent(point.gap, locale) if not kpi.bands.absolute else style.difference(point.gap, 'points')}"
            if point.gap is not None
            else ""
        )
        sentence = row_remark(row, locale, workspace.as_of) if not point.usable else signal_sentence(point)
        word = signal_phrase(point).partition(" ")[0] if point.usable else ""
        colour = f"$signal-{word}" if word in ("better", "worse", "changed", "usual") else "$status-no-data"
        arrow = "" if point.signal is None else "▲ " if point.signal.side == "above" else "▼ "
        parts = [
            Content.styled(f"{STATUS_SIGN[point.status]} {verdict(point)}", f"bold {status}"),
            Content.styled(figure, "bold"),
        ]
        parts += [Content(text) for text in (goal, gap) if text]
        # Where all of it has no room, the sentence gives way to its first half, before anything is cut.
        short = sentence.partition(": ")[0]
        taken = sum(part.cell_length + 3 for part in parts)
        shown = sentence if taken + width(plain(arrow + sentence)) <= room else short
        parts.append(Content.styled(fit(arrow + shown, max(10, room - taken)).rstrip(), colour))
        self.query_one("#verdict", Line).show(Content("   ").join(parts))
        said = row.spoiled or changed_sentence(trend.chart, point, row.changed_since, style)
        if remark := restated_sentence(row, style):
            said = f"{remark[0].upper()}{remark[1:]}. {said}"
        self.query_one("#changed", Line).show(content(fit(said, room).rstrip()))

    def _place(self, row: Row) -> str:
        assert self.app.scorecard is not None
        for group in grouped(self.app.scorecard.rows, "decision"):
            ids = [other.kpi.id for other in group.rows]
            if row.kpi.id in ids:
                return f"{GROUP_NAME[row.group]} {ids.index(row.kpi.id) + 1} of {len(ids)}"
        return GROUP_NAME[row.group]

    def _draw(self, row: Row) -> None:
        workspace, trend = self.app.workspace, self._trend
        if workspace is None or trend is None:
            return
        style = Style.of(row.kpi, workspace.definitions.locale)
        self.query_one(Chart).show(trend, style, self._cursor)
        point = trend.points[self._cursor]
        parts = [f"┆ {period_name(point.period, style.locale)}: {style.value(point.value, exact=True)}"]
        if not point.usable and point.due:
            parts.append(coverage_phrase(point, row.kpi))
        if said := signal_phrase(point):
            parts.append(said)
        if point.goal:
            parts.append(f"target {style.goal(point.goal, row.kpi.direction)}")
        if point.change is not None:
            parts.append(f"{style.difference(point.change, row.kpi.comparison)} vs {point.period.grain.word}")
        if point.yoy is not None:
            parts.append(f"{style.difference(point.yoy, row.kpi.comparison)} vs year")
        readout = self.query_one("#readout", Line)
        # Before it is laid out for the first time it has no width of its own.
        room = (readout.size.width or self.size.width - (0 if self.has_class("narrow") else PANEL)) - 2
        readout.show(content(_fitting(parts, max(20, room))))

    # Actions

    def _move_cursor(self, by: int) -> None:
        if self._trend is None or self.focus_row is None:
            return
        self._cursor = max(0, min(self._cursor + by, len(self._trend.points) - 1))
        self._draw(self.focus_row)

    def action_chart_left(self) -> None:
        self._move_cursor(-1)

    def action_chart_right(self) -> None:
        self._move_cursor(1)

    def action_wider(self) -> None:
        at = LENGTHS.index(self._length)
        self._length = LENGTHS[(at + 1) % len(LENGTHS)]
        self.figures_changed()

    def action_definition(self) -> None:
        """Where the panel has no room beside the chart, it takes the chart's place."""
        self.toggle_class("facts")
        self.call_after_refresh(self.figures_changed)
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

    def on_option_list_option_selected(self) -> None:
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


def _begun(trend: Trend) -> Trend:
    """The trend without the periods before its first value, so that a short series fills the chart."""
    known = (i for i, point in enumerate(trend.points) if point.value is not None)
    first = min(next(known, 0), max(0, len(trend.points) - FEWEST_PERIODS))
    return msgspec.structs.replace(trend, points=trend.points[first:])


def _fitting(parts: Sequence[str], room: int, between: str = " · ") -> str:
    """As many of the parts, from the first, as fit whole."""
    line = ""
    for part in parts:
        longer = f"{line}{between}{part}" if line else part
        if width(plain(longer)) > room:
            break
        line = longer
    return line

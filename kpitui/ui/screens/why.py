"""Why the KPI moved and what it is linked to, in the chart's place: asked by a key, worked out on a thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from textual import work
from textual.message import Message
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from kpitui.definitions.model import Kpi
from kpitui.measurements.values import Segmented
from kpitui.periods import Period
from kpitui.problems import KpituiError
from kpitui.ui.screens.chart import ChartScreen
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.why_pane import Kind, MarkedLines, WhyPane, WhyShown, marked_letters
from kpitui.ui.widgets.why_strip import WhyStrip
from kpitui.workspace.about import Fact
from kpitui.workspace.answers import Row
from kpitui.workspace.figures import Figures
from kpitui.workspace.numbers import period_name
from kpitui.workspace.opening import Workspace
from kpitui.workspace.why.ahead import pace_facts
from kpitui.workspace.why.bars import AGAINST_WORD, Against, Bars, Finding, bars, sides, ways
from kpitui.workspace.why.compare import Side, compare
from kpitui.workspace.why.linked import LinkedKpis, linked
from kpitui.workspace.why.words import compared_said, side_said

_REST = 0.4
"""Seconds on a KPI after which a process is started to read segments for the strip under the chart."""
_WORKING = "…"
_READING = "Reading the segments …"
_UNPLANNED = "no p-value: this comparison was not planned before the figures were seen (p: it was)"
_WHY_HINT = ("esc chart", "⏎ cause", "s by", "w against", "↑ ↓ bar", "m compare two")
_LINKS_HINT = ("⏎ goes there", "esc comes back", "l chart", "↑ ↓ link")


class _Place(NamedTuple):
    """A KPI in a period, with the figures of the moment."""

    workspace: Workspace
    figures: Figures
    kpi: Kpi
    period: Period


class _Question(NamedTuple):
    """What is asked about a KPI."""

    workspace: Workspace
    figures: Figures
    kpi: Kpi
    before: Period
    after: Period
    column: str | None
    """None: its inputs."""
    letters: tuple[str, ...] = ()
    """Segments to compare."""
    marked: bool = False
    """The two periods are the marked ones, to be compared."""
    planned: bool = False

    @property
    def bars(self) -> tuple[object, ...]:
        """What its bars depend on."""
        return self.figures, self.kpi, self.before, self.after, self.column


class _Answer(NamedTuple):
    """What is known of it."""

    bars: Bars | str
    """Or why there are none."""
    compared: tuple[str, ...] = ()


class WhyScreen(ChartScreen):
    """Base of the drill-down; it holds a `WhyPane` and a `WhyStrip` beside the chart's."""

    DEFAULT_CSS = """
    WhyScreen WhyPane { display: none; }
    WhyScreen.why WhyPane { display: block; }
    WhyScreen.why ChartPane { display: none; }
    """

    @dataclass
    class Explained(Message):
        """A question is answered."""

        question: _Question
        answer: _Answer

    @dataclass
    class Around(Message):
        """What a KPI is linked to, and where it is going."""

        place: _Place
        links: LinkedKpis
        pace: tuple[Fact, ...]

    def __init__(self) -> None:
        super().__init__()
        self._shows: Kind | None = None
        """What stands in the chart's place."""
        self._against: Against = "previous"
        self._way: str | None = ""
        """The column that somebody chose, None for the inputs; empty: nobody chose."""
        self._letters: tuple[str, ...] = ()
        self._planned = False
        self._question: _Question | None = None
        self._answer: _Answer | None = None
        self._place: _Place | None = None
        self._links: LinkedKpis | None = None
        self.pace: tuple[Fact, ...] = ()
        """Where the KPI in focus is going; nothing until it is known."""
        self._way_back: list[str] = []
        """The KPIs from which somebody went on along a link, the last one last."""
        self._told: tuple[Row, Finding] | None = None
        """What a cause is being written of."""
        self._resting: Timer | None = None

    @property
    def pane(self) -> WhyPane:
        return self.query_one(WhyPane)

    @property
    def strip(self) -> WhyStrip:
        return self.query_one(WhyStrip)

    # Asking

    def show_why(self) -> None:
        """Show what is asked about the KPI in focus, as far as it is known, and have the rest worked out."""
        row, workspace = self.focus_row, self.app.workspace
        if row is None or workspace is None:
            return
        place = _Place(workspace, workspace.figures, row.kpi, row.point.period)
        if place != self._place:
            same = self._place is not None and self._place.kpi.id == place.kpi.id
            self._place, self._links = place, None
            self.pace = self.pace if same else ()
            self.call_after_refresh(self._work_out_around, place)
        if not (self._shows == "why" or self.strip.display):
            self._show_all()
            return
        question = self._asked(workspace, row)
        if question != self._question:
            same = self._question is not None and self._question.bars == question.bars
            self._question = question
            self._answer = self._answer if same else None
            self._ask(question)
        self._show_all()

    def _asked(self, workspace: Workspace, row: Row) -> _Question:
        """In the chart's place the period under the cursor is explained, in the strip under it the screen's."""
        after = row.point.period
        if self._shows == "why" and self.chart.period is not None:
            after = self.chart.period
        marked = self._against == "marked" and len(self.marked_periods) == 2
        before, after = sides(workspace, row.kpi, after, self._against, self.marked_periods)
        offered = ways(workspace, row.kpi)
        column = self._way if self._way in offered else offered[0]
        letters = self._letters if self._shows == "why" else ()
        return _Question(workspace, workspace.figures, row.kpi, before, after, column, letters, marked, self._planned)

    def _ask(self, question: _Question) -> None:
        read = None
        if question.column is not None:
            read = self._segments.reader(question.workspace, question.kpi, question.column)
        if self._resting is not None:
            self._resting.stop()
        if read is not None and self._shows != "why":
            # Going from KPI to KPI starts no process for each of them.
            self._resting = self.set_timer(_REST, lambda: self._work_out(question, read))
        else:
            self.call_after_refresh(self._work_out, question, read)

    @work(thread=True, exclusive=True, group="why", exit_on_error=False)
    def _work_out(self, question: _Question, read: Callable[[], None] | None) -> None:
        if read is not None:
            read()
        found = None
        if question.column is not None:
            found = self._segments.found(question.workspace, question.kpi, question.column)
            if found is None:
                return  # another reading took its place
        self.post_message(self.Explained(question, _answered(question, found)))

    @work(thread=True, exclusive=True, group="around", exit_on_error=False)
    def _work_out_around(self, place: _Place) -> None:
        links, pace = linked(place.workspace, place.kpi, place.period), pace_facts(place.workspace, place.kpi)
        self.post_message(self.Around(place, links, pace))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A bug in what was worked out is told, or the screen would wait for ever."""
        if event.state is WorkerState.ERROR and event.worker.group in ("why", "around"):
            error = event.worker.error
            self.say(f"{type(error).__name__}: {error}")

    def on_why_screen_explained(self, message: Explained) -> None:
        if message.question == self._question:
            self._answer = message.answer
            self._show_all()

    def on_why_screen_around(self, message: Around) -> None:
        if message.place == self._place:
            self._links, self.pace = message.links, message.pace
            self._show_all()
            self.looked()

    # Showing

    def _show_all(self) -> None:
        links, answer = self._links, self._answer
        reading = self._question is not None and self._question.column is not None
        why = answer.bars if answer is not None else _READING if reading else _WORKING
        if self.strip.display:
            self.strip.show(why, links)
        if self._shows == "links":
            self.pane.show(links or _WORKING, _LINKS_HINT, anew=links is None or self.pane.link is None)
        elif self._shows == "why":
            if isinstance(why, Bars) and answer is not None:
                anew = self.pane.bars is None or self.pane.bars.explanation[:3] != why.explanation[:3]
                shown = WhyShown(why, self._way_told(), self._letters, answer.compared)
                self.pane.show(shown, (f"against {AGAINST_WORD[self._against]}", *_WHY_HINT), anew=anew)
            elif isinstance(why, str):
                self.pane.show(why, _WHY_HINT, anew=True)

    def _way_told(self) -> str:
        """By what it is broken down, and of how many ways this is one: several looks find something by chance."""
        question = self._question
        if question is None:
            return ""
        offered = ways(question.workspace, question.kpi)
        by = f"by {question.column}" if question.column else "by its inputs"
        count = len(offered)
        return by if count == 1 else f"{by} · {offered.index(question.column) + 1} of {count}"

    def show_in_chart_place(self, what: Kind | None) -> None:
        """Bars, links, or the chart again."""
        self._shows = what
        self._letters, self._planned = (), False
        if what == "why":
            # Who marked two periods asks about these.
            two = len(self.marked_periods) == 2
            self._against = "marked" if two else "previous" if self._against == "marked" else self._against
        self.set_class(what is not None, "why")
        self.call_after_refresh(self.focus_shown)
        self.show_why()

    def focus_shown(self) -> None:
        """The keys go to what stands in the chart's place, or to the records."""
        (self.pane.lines if self._shows else self.query_one("#main")).focus()

    def begin_with_chart(self) -> None:
        """Where it is about to be opened, the chart stands in its place, and no way leads back."""
        if self not in self.app.screen_stack:
            self._way_back.clear()
            self._shows = None
            self.remove_class("why")

    def looked(self) -> None:
        """Somebody looks at another period."""
        if self._shows == "why":
            self.show_why()

    def undo_view(self) -> bool:
        """From links back to where they were followed from; then the chart again."""
        if self._shows == "links" and self._way_back:
            self.go_to(self._way_back.pop())
        elif self._shows is not None:
            self.show_in_chart_place(None)
        elif self._way_back:
            self._shows = "links"
            self.set_class(True, "why")
            self.go_to(self._way_back.pop())
            self.call_after_refresh(self.focus_shown)
        else:
            return False
        return True

    def forget_way_back(self) -> None:
        """Somebody went on without following a link."""
        self._way_back.clear()
        self._letters = ()

    def go_to(self, kpi_id: str) -> None:
        """Show another KPI in the same way."""
        self.app.focused_kpi = kpi_id
        self.app.last_record = None
        self._letters = ()
        self.figures_changed()

    # Keys

    def action_explain(self) -> None:
        self.show_in_chart_place(None if self._shows == "why" else "why")

    def action_linked(self) -> None:
        self.show_in_chart_place(None if self._shows == "links" else "links")

    def on_marked_lines_chosen(self, message: MarkedLines.Chosen) -> None:
        link, row = self.pane.link, self.focus_row
        if self._shows == "links" and link is not None and row is not None:
            self._way_back.append(row.kpi.id)
            self.go_to(link.kpi.id)
        elif self._shows == "why":
            self._begin_finding()

    def action_next_view(self) -> None:
        if self._shows == "why":
            self._next_against(1)
        else:
            super().action_next_view()

    def action_previous_view(self) -> None:
        if self._shows == "why":
            self._next_against(-1)
        else:
            super().action_previous_view()

    def _next_against(self, by: int) -> None:
        offered: list[Against] = ["previous", "year_ago"]
        if len(self.marked_periods) == 2:
            offered.append("marked")
        here = offered.index(self._against) if self._against in offered else 0
        self._against = offered[(here + by) % len(offered)]
        self._planned = False
        self.show_why()

    def action_next_column(self) -> None:
        row, workspace = self.focus_row, self.app.workspace
        if self._shows != "why" or row is None or workspace is None or self._question is None:
            super().action_next_column()
            return
        offered = ways(workspace, row.kpi)
        self._way = offered[(offered.index(self._question.column) + 1) % len(offered)]
        self._letters, self._planned = (), False
        if len(offered) == 1:
            self.say("There is no other way to break it down.")
        self.show_why()

    def action_mark(self) -> None:
        bar = self.pane.bar
        if self._shows is None:
            super().action_mark()
        elif bar is None or bar.segment is None:
            self.say("Two segments can be marked, and compared: s breaks the KPI down by them.")
        else:
            self._letters, self._planned = marked_letters(self._letters, bar.segment), False
            self.show_why()

    def action_planned(self) -> None:
        """Only who planned a comparison may ask for its p-value."""
        if self._shows == "why" and self._answer is not None and self._answer.compared:
            self._planned = not self._planned
            self.show_why()
        else:
            self.say("Mark two periods of a rate on the chart, or two segments in why (m), to compare them.")

    # A finding becomes a cause

    async def action_cause(self) -> None:
        if self._shows == "why" and self.pane.bar is not None:
            self._begin_finding()
        else:
            await super().action_cause()

    def _begin_finding(self) -> None:
        """What the marked bar says, as the beginning of a cause of the period that is explained."""
        bar, question = self.pane.bar, self._question
        if bar is None or question is None:
            return
        kpi, workspace = question.kpi, question.workspace
        self._told = workspace.row(kpi, question.after), bar.finding
        proposed = f"#{bar.finding.cause_class} " if bar.finding.cause_class else ""
        about = bar.finding.segment or bar.name
        name = f"{about}, {period_name(question.after, workspace.definitions.locale)}"
        key = f"{question.before.id} {question.after.id} {about}"
        self.query_one(Entry).begin("finding", kpi.id, name, key, proposed + bar.finding.text)

    def echo(self, kind: str, text: str) -> str:
        workspace = self.app.workspace
        if kind != "finding" or workspace is None or self._told is None:
            return super().echo(kind, text)
        said = workspace.journal.echo("cause", text)
        segment = self._told[1].segment
        return " · ".join(filter(None, (said, "hypothesis", segment)))

    def write(self, kind: str, row: Row, text: str) -> str:
        workspace = self.app.workspace
        if kind != "finding" or workspace is None or self._told is None:
            return super().write(kind, row, text)
        told, finding = self._told
        values = {"confidence": "hypothesis", "segment": finding.segment}
        return self.saved(workspace.record("cause", told, text, values=values))


def _answered(question: _Question, found: Segmented | str | None) -> _Answer:
    """Called on a thread."""
    if isinstance(found, str):
        return _Answer(f"The segments cannot be read: {found}")
    workspace, kpi = question.workspace, question.kpi
    shown = bars(workspace, kpi, question.before, question.after, question.column, found)
    return _Answer(shown, tuple(_compared(question, found)))


def _compared(question: _Question, found: Segmented | None) -> list[str]:
    """What two marked periods, or two marked segments, say when their rates are held against each other."""
    workspace, column = question.workspace, question.column
    locale = workspace.definitions.locale
    if len(question.letters) == 2 and column is not None and found is not None:
        period = question.after
        when = period_name(period, locale)
        pair = [Side(f"{name} in {when}", period, period, column, name) for name in question.letters]
    elif question.marked:
        pair = [Side(period_name(each, locale), each, each) for each in (question.before, question.after)]
    else:
        return []
    try:
        read = {column: found} if column is not None and found is not None else {}
        comparison = compare(workspace, question.kpi, pair[0], pair[1], read)
    except KpituiError as error:
        return [f"A and B are not compared: {error}"]
    planned = question.planned
    said = [side_said(comparison, locale), *compared_said(comparison, locale, planned=planned)]
    return said if planned else [*said, _UNPLANNED]

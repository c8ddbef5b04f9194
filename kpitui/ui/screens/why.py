"""Why the KPI moved and what it is linked to, in the chart's place: asked by a key, worked out on a thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import work
from textual.message import Message
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from kpitui.ui.explaining import Answer, Answers, Place, Question, Wanted, answered
from kpitui.ui.keys import called
from kpitui.ui.screens.chart import ChartScreen
from kpitui.ui.widgets.chart_pane import ChartPane
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.line import Part
from kpitui.ui.widgets.why_pane import Hint, Kind, WhyPane, WhyShown, marked_letters
from kpitui.ui.widgets.why_strip import WhyStrip
from kpitui.workspace.answers import Row
from kpitui.workspace.lost import Lost
from kpitui.workspace.numbers import period_name
from kpitui.workspace.opening import Workspace
from kpitui.workspace.why.bars import AGAINST_WORD, Against, Bars, Finding, sides, usual_against
from kpitui.workspace.why.explain import only_way, ways
from kpitui.workspace.why.linked import LinkedKpis, linked

REST = 0.2
"""Seconds on a KPI after which the strip under its chart is worked out: who goes on waits for nothing of it."""
_WORKING = "…"
_READING = "Reading the segments …"
_Hint = tuple[tuple[str, str], ...]
"""Ids of actions, or Enter, and what their keys do here."""
_BARS = "list.up list.down"
_WHY_HINT: _Hint = (
    ("back", "chart"),
    ("⏎", "cause"),
    ("kpi.next_column", "by"),
    ("kpi.next_view", "against"),
    (_BARS, "bar"),
    ("kpi.mark", "compare two"),
)
_ONE_WAY: _Hint = (("back", "chart"), ("⏎", "cause"), ("kpi.next_view", "against"), (_BARS, "bar"))
"""Of a KPI without segments, and with one way to break it down."""
_LINKS_HINT: _Hint = (("⏎", "goes there"), ("back", "comes back"), ("kpi.linked", "chart"), (_BARS, "link"))
_BACK_HINT: _Hint = (("back", "chart"),)
"""Where nothing can be marked."""


class WhyScreen(ChartScreen):
    """Base of the drill-down; it holds a `WhyPane` and, where it has the class `strip`, shows a `WhyStrip`."""

    DEFAULT_CSS = """
    WhyScreen WhyPane { display: none; }
    WhyScreen.why WhyPane { display: block; }
    WhyScreen.why ChartPane { display: none; }
    """

    @dataclass
    class Found(Message):
        """What was wanted is known, or the links alone while its segments are read."""

        wanted: Wanted
        links: LinkedKpis
        answer: Answer | None

    def __init__(self) -> None:
        super().__init__()
        self._shows: Kind | None = None
        """What stands in the chart's place."""
        self._about: str | None = None
        """The KPI that the next two were chosen for: another one begins with what is usual for it."""
        self._chosen: Against | None = None
        """What to explain against; None: as is usual for the KPI."""
        self._against: Against = "year_ago"
        """What is explained against now."""
        self._way: str | None = ""
        """The column that somebody chose, None for the inputs; empty: nobody chose."""
        self._letters: tuple[str, ...] = ()
        self._planned = False
        self._wanted: Wanted | None = None
        self._begun = False
        """What is missing of it is being worked out."""
        self._answer: Answer | None = None
        self._links: LinkedKpis | None = None
        self.answers = Answers()
        self._way_back: list[str] = []
        """The KPIs from which somebody went on along a link, the last one last."""
        self._told: tuple[Row, Finding] | None = None
        """What a cause is being written of."""
        self._resting: Timer | None = None
        """Until somebody rests on a KPI."""

    @property
    def pane(self) -> WhyPane:
        return self.query_one(WhyPane)

    @property
    def strip(self) -> WhyStrip:
        return self.query_one(WhyStrip)

    @property
    def _question(self) -> Question | None:
        return self._wanted.question if self._wanted is not None else None

    @property
    def _strips(self) -> bool:
        """The strip stands under the chart."""
        return self.has_class("strip") and self._shows is None

    # Asking

    def show_why(self) -> None:
        """Show what is asked about the KPI in focus, as far as it is known, and have the rest worked out."""
        row, workspace = self.focus_row, self.app.workspace
        if row is None and (gone := self.focus_lost) is not None:
            self._show_lost_why(gone)
        if row is None or workspace is None:
            return
        self.answers.turn_to(workspace.figures)
        if row.kpi.id != self._about:
            self._about, self._chosen, self._way = row.kpi.id, None, ""
        place = Place(workspace, workspace.figures, row.kpi, row.point.period)
        wanted = Wanted(place, self._asked(workspace, row) if self._shows == "why" or self._strips else None)
        if wanted != self._wanted:
            self._turn_to(wanted)
        self._show_all()
        self._have_worked_out()

    def _show_lost_why(self, gone: Lost) -> None:
        """Nothing is explained of a KPI without a definition."""
        self._wanted = self._answer = self._links = None
        self.strip.show(gone.title, None)
        self.pane.show(gone.sentence, self._hint(_BACK_HINT), anew=True)

    def _turn_to(self, wanted: Wanted) -> None:
        """Where only a record was written, what was known before stands until it is worked out anew."""
        before, self._wanted, self._begun = self._wanted, wanted, False
        same = before is not None and before.place.asked == wanted.place.asked
        self._links = self.answers.links(wanted.place) or (self._links if same else None)
        old, new = before.question if before is not None else None, wanted.question
        same = old is not None and new is not None and old.bars == new.bars
        self._answer = self.answers.answer(wanted) or (self._answer if same else None)

    def _asked(self, workspace: Workspace, row: Row) -> Question:
        """In the chart's place the period under the cursor is explained, in the strip under it the screen's."""
        after = row.point.period
        if self._shows == "why" and self.chart.period is not None:
            after = self.chart.period
        chosen, way = (self._chosen, self._way) if row.kpi.id == self._about else (None, "")
        against = chosen or usual_against(workspace, row.kpi, after)
        if row.kpi.id == self._about:
            self._against = against
        marked = against == "marked" and len(self.marked_periods) == 2
        before, after = sides(workspace, row.kpi, after, against, self.marked_periods)
        offered = ways(workspace, row.kpi)
        column = way if way in offered else offered[0]
        letters = self._letters if self._shows == "why" else ()
        return Question(workspace, row.kpi, before, after, column, letters, marked, self._planned)

    def next_rows(self) -> Sequence[Row]:
        """The KPIs that somebody is likely to go on to."""
        raise NotImplementedError

    def _have_worked_out(self) -> None:
        """What stands in the chart's place is wanted now, the strip once somebody rests on the KPI."""
        if self._resting is not None:
            self._resting.stop()
        if self._shows is not None:
            self.call_after_refresh(self._begin_work)
        elif self._strips and not self._begun:
            self._resting = self.set_timer(REST, self._begin_work)

    def _begin_work(self) -> None:
        """Have a thread work out what is not known, of what is wanted and then of what may be wanted next."""
        wanted = self._wanted
        # A screen that is being closed still calls what was to be done after a refresh; its chart is gone by then.
        if wanted is None or self._begun or not self.query(ChartPane):
            return
        self._begun = True
        missing = [each for each in (wanted, *self._ahead()) if not self.answers.hold(each)]
        read = self._reader(wanted) if wanted in missing else None
        if missing:
            self._work_out(wanted, missing, read)

    def _ahead(self) -> list[Wanted]:
        """What the strip shows of the next KPIs; no process is started to read their segments."""
        workspace = self.app.workspace
        if not self._strips or workspace is None:
            return []
        found = []
        for row in self.next_rows():
            place = Place(workspace, workspace.figures, row.kpi, row.point.period)
            wanted = Wanted(place, self._asked(workspace, row))
            found.append(wanted if self._reader(wanted) is None else Wanted(place, None))
        return found

    def _reader(self, wanted: Wanted) -> Callable[[], None] | None:
        """What reads the segments that an answer needs; None where it needs none, or they are known."""
        question = wanted.question
        if question is None or question.column is None:
            return None
        return self._segments.reader(question.workspace, question.kpi, question.column)

    # A thread cannot be stopped: it looks whether somebody still wants it, and so does who gets what it found.

    @work(thread=True, group="why", exit_on_error=False)
    def _work_out(self, wanted: Wanted, missing: Sequence[Wanted], read: Callable[[], None] | None) -> None:
        for each in missing:
            if wanted is not self._wanted:
                return
            place, question = each
            links = self.answers.links(place) or linked(place.workspace, place.kpi, place.period)
            found = None
            if question is not None and question.column is not None:
                if read is not None and each is wanted:
                    self.post_message(self.Found(Wanted(place, None), links, None))
                    read()
                found = self._segments.found(question.workspace, question.kpi, question.column)
                if found is None:
                    continue  # another reading took its place
            answer = answered(question, found) if question is not None else None
            self.post_message(self.Found(each, links, answer))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A bug in what was worked out is told, or the screen would wait for ever."""
        if event.state is WorkerState.ERROR and event.worker.group == "why":
            error = event.worker.error
            self.say(f"{type(error).__name__}: {error}")

    def on_why_screen_found(self, message: Found) -> None:
        self.answers.keep(message.wanted, message.links, message.answer)
        if not self.query(WhyStrip):
            return  # the screen is being closed
        wanted = self._wanted
        if wanted is not None and message.wanted in (wanted, Wanted(wanted.place, None)):
            self._links = message.links
            self._answer = message.answer or self._answer
            self._show_all()

    def on_chart_screen_segments_read(self) -> None:
        """The chart's reading may have taken the place of the one that is waited for."""
        self._begun = False
        self._have_worked_out()

    # Showing

    def _show_all(self) -> None:
        links, answer = self._links, self._answer
        reading = self._question is not None and self._question.column is not None
        why = answer.bars if answer is not None else _READING if reading else _WORKING
        if self._strips:
            self.strip.show(why, links)
        if self._shows == "links":
            hint = _LINKS_HINT if links is not None and links.linked else _BACK_HINT
            self.pane.show(links or _WORKING, self._hint(hint), anew=links is None or self.pane.link is None)
        elif self._shows == "why":
            if isinstance(why, Bars) and answer is not None:
                anew = self.pane.bars is None or self.pane.bars.explanation[:3] != why.explanation[:3]
                shown = WhyShown(why, self._way_told(), self._letters, answer.compared)
                self.pane.show(shown, ([Part(f"against {AGAINST_WORD[self._against]}")], *self._why_hint()), anew=anew)
            elif isinstance(why, str):
                self.pane.show(why, self._why_hint(), anew=True)

    def _why_hint(self) -> list[Hint]:
        question = self._question
        one = question is not None and ways(question.workspace, question.kpi) == (None,)
        return self._hint(_ONE_WAY if one else _WHY_HINT)

    def _hint(self, parts: _Hint) -> list[Hint]:
        """Each with the keys that do it; a click on one does it, too."""
        return [self._keys(ids.split(), then) for ids, then in parts]

    def _keys(self, ids: Sequence[str], then: str) -> Hint:
        """The last of the keys goes with the word."""
        found = [Part("⏎ ", action="choose") if id_ == "⏎" else self._key(id_) for id_ in ids]
        return [*found[:-1], found[-1]._replace(text=found[-1].text + then)]

    def _key(self, action_id: str) -> Part:
        action = self.app.keymap.action(action_id)
        moves = action.place == "list"  # of the lines in the chart's place
        return Part(f"{action.shown} ", action=action.does if moves else called(action.does, self.app))

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
            self._chosen = "marked" if two else None if self._chosen == "marked" else self._chosen
        self.set_class(what is not None, "why")
        self.call_after_refresh(self.focus_shown)
        self.notice_over()
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
            self.chart.begin_anew()

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

    def on_why_pane_chosen(self) -> None:
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
        offered: list[Against] = ["year_ago", "previous"]
        if len(self.marked_periods) == 2:
            offered.append("marked")
        here = offered.index(self._against) if self._against in offered else 0
        self._chosen = offered[(here + by) % len(offered)]
        self._planned = False
        self.notice_over()
        self.show_why()

    def action_next_column(self) -> None:
        row, workspace = self.focus_row, self.app.workspace
        if self._shows != "why" or row is None or workspace is None or self._question is None:
            super().action_next_column()
            return
        offered = ways(workspace, row.kpi)
        if len(offered) == 1:
            self.say(only_way(workspace, row.kpi))
            return
        self._way = offered[(offered.index(self._question.column) + 1) % len(offered)]
        self._letters, self._planned = (), False
        self.notice_over()
        self.show_why()

    def action_mark(self) -> None:
        bar = self.pane.bar
        if self._shows is None:
            super().action_mark()
        elif bar is None or bar.segment is None:
            self.say(self._why_no_mark())
        else:
            self._letters, self._planned = marked_letters(self._letters, bar.segment), False
            self.show_why()

    def _why_no_mark(self) -> str:
        """What could be marked instead, and how to come there."""
        question = self._question
        if self._shows == "links":
            return f"Periods are marked on the chart: {self.app.key('kpi.linked')} goes back to it."
        if question is None or question.column is not None:
            return "Two segments can be marked, and compared; this is none."
        offered = ways(question.workspace, question.kpi)
        if len(offered) == 1:
            return only_way(question.workspace, question.kpi)
        return (
            f"Two segments can be marked, and compared: {self.app.key('kpi.next_column')} breaks the KPI down by them."
        )

    def action_planned(self) -> None:
        """Only who planned a comparison may ask for its p-value."""
        if self._shows == "why" and self._answer is not None and self._answer.compared:
            self._planned = not self._planned
            self.show_why()
        else:
            key = self.app.key("kpi.mark")
            self.say(f"Mark two periods of a rate on the chart, or two segments in why ({key}), to compare them.")

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

    def write(self, kind: str, about: Row | Lost, text: str) -> str:
        workspace = self.app.workspace
        if kind != "finding" or workspace is None or self._told is None:
            return super().write(kind, about, text)
        told, finding = self._told
        values = {"confidence": "hypothesis", "segment": finding.segment}
        return self.saved(workspace.record("cause", told, text, values=values))

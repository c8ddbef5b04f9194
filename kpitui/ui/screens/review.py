"""The meeting itself: choose a review, then picture, actions, exceptions, sweep, targets, close."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from kpitui.definitions.model import Kpi
from kpitui.review.queue import Item as QueueItem
from kpitui.terms import Step
from kpitui.ui.keys import bindings
from kpitui.ui.meeting import Meeting
from kpitui.ui.screens.copying import Copied
from kpitui.ui.screens.following import MarkedAction
from kpitui.ui.screens.holding import HoldingScreen
from kpitui.ui.text import fit
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.foot import Foot
from kpitui.ui.widgets.line import KeyLine, Line, Part
from kpitui.ui.widgets.marked_list import Item, MarkedList
from kpitui.ui.widgets.review_head import step_parts, trail_parts
from kpitui.ui.widgets.review_lines import (
    action_items,
    close_items,
    lost_item,
    picture_items,
    queue_items,
    target_items,
)
from kpitui.ui.widgets.review_spoken import SPOKEN_ROWS, spoken_lines, verdict_line
from kpitui.workspace.action_list import ActionList
from kpitui.workspace.answers import Row
from kpitui.workspace.lost import Lost

_FIRST_IN_FOOT: dict[Step, tuple[str, ...]] = {
    "picture": ("next_step", "people", "note", "cause", "action"),
    "actions": ("next_step", "done", "keep", "drop", "details", "note"),
    "exceptions": ("next_step", "verdict", "note", "cause", "action", "decision", "next_exception"),
    "sweep": ("next_step", "all_seen", "verdict", "note"),
    "targets": ("next_step", "revise_target", "verdict", "note"),
    "close": ("sign_off", "previous_step", "people"),
}
"""The keys that each step is about."""
_FIRST_WHEN_OVER = ("next_step", "previous_step", "reopen")
"""Of a review that is signed off."""
_WRITING = ("note", "cause", "action", "verdict")
"""What cannot be written into it any more."""


class ReviewScreen(HoldingScreen):
    """One step at a time: its list, and under it what is to be said of the marked line."""

    DEFAULT_CSS = f"""
    ReviewScreen > #trail {{ height: 1; padding: 0 1; background: $panel; }}
    ReviewScreen > #steps {{ height: 1; padding: 0 1; }}
    ReviewScreen > #rule {{ height: 1; border-top: hkey $panel; }}
    ReviewScreen > #spoken {{ height: {SPOKEN_ROWS}; padding: 0 1; }}
    """
    PLACE = "review"
    BINDINGS = bindings(PLACE, "write")
    AUTO_FOCUS = "#main"

    def __init__(self) -> None:
        super().__init__()
        self._chosen: set[str] = set()
        """KPIs that get their verdict together."""

    def compose(self) -> ComposeResult:
        yield self.too_small()
        yield KeyLine(id="trail")
        yield KeyLine(id="steps")
        yield MarkedList(id="main")
        yield Static(id="rule")
        yield Line(id="spoken")
        yield Entry(self.echo)
        yield Foot("review", "write", "everywhere", first=("reopen",))

    # What is shown

    @property
    def _kpi(self) -> str | None:
        """The KPI that the marked line is about."""
        marked, meeting = self._list.marked, self.meeting
        if marked is None or meeting is None:
            return None
        if meeting.step == "actions":
            action = self.marked_action
            return action.kpi if action else None
        return marked.partition(" ")[0]

    @property
    def _marked_item(self) -> QueueItem | None:
        """What is to be said of the marked KPI, of the exceptions and the sweep."""
        return self.meeting.item_of(self._kpi) if self.meeting is not None else None

    @property
    def focus_row(self) -> Row | None:
        kpi, meeting = self._kpi, self.meeting
        return meeting.session.rows.get(kpi) if meeting is not None and kpi is not None else None

    def kpis_to_write_on(self) -> list[Kpi]:
        meeting = self.meeting
        return list(meeting.session.kpis) if meeting is not None else super().kpis_to_write_on()

    @property
    def focus_lost(self) -> Lost | None:
        return self.app.lost(self._kpi) if self.focus_row is None else None

    def row_of(self, kpi_id: str) -> Row | None:
        held = self.meeting.session.rows if self.meeting is not None else {}
        return held.get(kpi_id) or super().row_of(kpi_id)

    @property
    def marked_action(self) -> MarkedAction | None:
        meeting, workspace = self.meeting, self.app.workspace
        if meeting is None or workspace is None or meeting.step != "actions" or self._list.marked is None:
            return None
        line = ActionList(workspace).line(self._list.marked.partition(" ")[0])
        return MarkedAction(line.id, line.kpi, line.title, line.closed) if line else None

    def on_screen_resume(self) -> None:
        self.figures_changed()

    def on_resize(self) -> None:
        self.figures_changed()

    def figures_changed(self) -> None:
        if not self.query(MarkedList):
            return
        workspace = self.app.workspace
        if workspace is None:
            self._list.show_items((), empty="Opening the workspace …")
            return
        self.renew()
        meeting = self.meeting
        if meeting is None:
            self._chosen.clear()
            items = self.choose()
            marked = self._list.marked
            self._list.show_items(items, marked if marked in {item.key for item in items} else self.open_choice)
        else:
            room = max(20, self.app.size.width - 2)
            marked = meeting.item if meeting.step in ("exceptions", "sweep", "targets") else None
            items = self._items(meeting, room)
            # Where the definition of the marked one went, its line stays: no key may act on the next one.
            if meeting.step not in ("actions", "close") and (gone := self.app.lost(meeting.item)) is not None:
                items.insert(min(self._list.marked_line, len(items)), lost_item(gone))
                marked = gone.kpi.id
            self._list.show_items(items, marked, empty=self._nothing(meeting))
        self._look()

    def _items(self, meeting: Meeting, room: int) -> list[Item]:
        workspace = self.app.workspace
        assert workspace is not None
        held, locale = meeting.session, workspace.definitions.locale
        match meeting.step:
            case "picture":
                return picture_items(held, workspace, room)
            case "actions":
                return action_items(held, workspace)
            case "exceptions":
                return queue_items(held.queue, held, locale, self._chosen)
            case "sweep":
                return queue_items(held.sweep, held, locale, self._chosen)
            case "targets":
                return target_items(held, workspace, room)
            case "close":
                return close_items(held, workspace, room)

    def _nothing(self, meeting: Meeting) -> str:
        nothing = {
            "actions": f"No action is overdue or due before the next review. {self._goes_on}",
            "exceptions": f"Nothing asks for talk in this period. {self._goes_on}",
            "sweep": f"No KPI is fine. {self._goes_on}",
        }
        return nothing.get(meeting.step, "")

    def _look(self) -> None:
        """The marked line is another one: everything around the list is shown anew."""
        meeting = self.meeting
        if meeting is not None:
            kpi = self._kpi
            if self.in_hand:
                meeting.look_at(kpi)
            if self.in_hand and kpi is not None and kpi in meeting.session.rows:
                self.app.focused_kpi = kpi
        self._show_foot()
        self._show_head()
        self._show_spoken()

    def _show_foot(self) -> None:
        """The keys that there is a use for, the most needed first."""
        meeting, foot = self.meeting, self.query_one(Foot)
        if meeting is None:
            foot.put_first(("reopen",))
        elif not meeting.is_open:
            foot.put_first(_FIRST_WHEN_OVER, without=_WRITING)
        elif meeting.step == "actions" and (self.marked_action is None or self.marked_action.closed):
            foot.put_first(("next_step", "note"))
        else:
            foot.put_first(_FIRST_IN_FOOT[meeting.step])

    def _show_head(self) -> None:
        workspace, meeting, room = self.app.workspace, self.meeting, self.app.size.width - 2
        if workspace is None:
            return
        self.query_one("#trail", KeyLine).show_parts(trail_parts(workspace, meeting, room))
        if meeting is None:
            text = f"Which review? ⏎ begins it, or goes on with it; {self.app.key('review.reopen')} reopens."
            self.query_one("#steps", KeyLine).show_parts([Part(text, "$signal-usual")])
            return
        self.query_one("#steps", KeyLine).show_parts(step_parts(meeting, self.app.size.width))
        if meeting.is_open:
            self.app.next_minute(meeting.step_clock(), meeting.item_clock())

    def minute_passed(self) -> None:
        self._show_head()

    def _show_spoken(self) -> None:
        workspace, meeting = self.app.workspace, self.meeting
        room = max(20, self.app.size.width - 2)
        lines: list[Content] = []
        last: list[Content] = []
        if self.said:
            last = [Content.styled(fit(self.said, room).rstrip(), "bold $success")]
        elif (item := self._marked_item) is not None:
            last = [Content.styled(fit(verdict_line(item, self.app.key), room).rstrip(), "$accent")]
        rows = SPOKEN_ROWS - len(last)
        if meeting is not None and workspace is not None:
            action = self.marked_action.id if self.marked_action else None
            lines = spoken_lines(workspace, meeting, self.focus_row or self.focus_lost, action, room, self.app.key)
        if len(lines) > rows:
            lines = [*lines[: rows - 1], Content(fit(f"{lines[rows - 1].plain} …", room).rstrip())]
        lines += [Content("")] * (rows - len(lines))
        self.query_one("#spoken", Line).show(Content("\n").join([*lines, *last]))

    def to_copy(self) -> Copied | None:
        """At the end the summary in Markdown, for those who were not there."""
        meeting, workspace = self.meeting, self.app.workspace
        if meeting is None or workspace is None or meeting.step != "close" or self.app.summary_of is None:
            return super().to_copy()
        return Copied(f"the summary of {meeting.id}", self.app.summary_of(workspace, meeting.id))

    def say(self, text: str) -> None:
        self.said = text
        self._show_spoken()

    def on_marked_list_moved(self) -> None:
        self.said = ""
        self.app.last_record = None
        self._look()

    def action_details(self) -> None:
        """The form of the marked action; of a KPI that of its newest record."""
        about, workspace = self.focus_row or self.focus_lost, self.app.workspace
        if self.marked_action is not None or about is None or workspace is None:
            super().action_details()
        elif entries := workspace.journal.entries(about.kpi.id):
            self.open_form(entries[0])
        else:
            self.say("Nothing is written down of it yet: n note, c cause, a action.")

    # Which review

    def on_marked_list_chosen(self, message: MarkedList.Chosen) -> None:
        """A review begins, or a KPI is opened."""
        meeting = self.meeting
        if meeting is None:
            self.open_review(message.key)
            return
        about, action = self.focus_row or self.focus_lost, self.marked_action
        if about is not None:
            self.app.show_kpi(about.kpi.id, record=action.id if action else None)

    # Steps

    @property
    def _goes_on(self) -> str:
        return f"{self.app.key('review.next_step')} goes on."

    def action_next_step(self) -> None:
        self._step(1)

    def action_previous_step(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        meeting = self.meeting
        if meeting is None:
            self.say("⏎ begins the marked review.")
            return
        step = meeting.neighbour(by)
        if step is None and by < 0:
            self.action_leave_review()
        elif step is not None:
            self.action_to_step(step)

    def action_to_step(self, step: Step) -> None:
        """A click on a step's name."""
        meeting = self.meeting
        if meeting is None:
            return
        meeting.go_to(step)
        self.said = ""
        self._chosen.clear()
        self._list.scroll_to(y=0, animate=False)
        self._list.show_items(())
        self.figures_changed()

    def step_exception(self, by: int) -> None:
        """The next KPI of the queue that has no verdict yet; another step goes to the queue first."""
        meeting = self.meeting
        if meeting is None:
            self.say("⏎ begins the marked review.")
            return
        if meeting.step != "exceptions" and "exceptions" in meeting.steps:
            meeting.go_to("exceptions")
            self.figures_changed()
        found = self.app.next_in_queue(by)
        if found is None:
            self.say(f"Every exception has its verdict. {self._goes_on}")
        else:
            self._list.mark(found)

    # Verdicts

    def rows_for_verdict(self) -> list[Row]:
        meeting = self.meeting
        if meeting is not None and self._chosen:
            return [row for kpi, row in meeting.session.rows.items() if kpi in self._chosen]
        return super().rows_for_verdict()

    def verdicts_given(self) -> None:
        self._chosen.clear()
        # On to the next that has none, as the meeting goes.
        here, step = self._marked_item, self.meeting.step if self.meeting is not None else None
        if step == "exceptions" and here and here.verdict and (found := self.app.next_in_queue(1)):
            self._go_on(lambda: self._list.mark(found))

    def _go_on(self, move: Callable[[], None]) -> None:
        """Another line is marked by itself: what was just said stays."""
        with self._list.prevent(MarkedList.Moved):
            move()
        self._look()

    def action_choose_several(self) -> None:
        """Mark the KPI, or not, to give several one verdict."""
        item = self._marked_item
        if item is None:
            self.say("KPIs are marked in exceptions and sweep.")
            return
        self._chosen ^= {item.kpi.id}
        key = self.app.key("write.verdict")
        self.said = f"{len(self._chosen)} marked: {key} gives them a verdict." if self._chosen else ""
        self.figures_changed()
        self._go_on(lambda: self._list.action_move(1))

    def action_all_seen(self) -> None:
        """Give all fine KPIs their verdict."""
        meeting = self.meeting
        if meeting is None or meeting.step != "sweep":
            self.say("All seen is for the sweep.")
            return
        saved = self.tried(meeting.session.all_seen)
        if saved is None:
            return
        self.app.records_changed()
        if saved:
            self.say(f"{len(saved)} seen · saved {saved[-1].path}:{saved[-1].line}")
        else:
            self.say("All of them have a verdict already.")

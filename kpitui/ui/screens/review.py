"""The meeting itself: choose a review, then picture, actions, exceptions, sweep, targets, close."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from kpitui.problems import KpituiError
from kpitui.review.queue import Item as QueueItem
from kpitui.terms import Step
from kpitui.ui.keys import bindings
from kpitui.ui.meeting import Meeting
from kpitui.ui.screens.copying import Copied
from kpitui.ui.screens.following import FollowingScreen, MarkedAction
from kpitui.ui.text import fit, plain, width, wrapped
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.foot import Foot
from kpitui.ui.widgets.line import KeyLine, Line, Part, fitted
from kpitui.ui.widgets.marked_list import Item, MarkedList
from kpitui.ui.widgets.review_lines import (
    action_items,
    choice_items,
    close_items,
    lost_item,
    picture_items,
    queue_items,
    target_items,
)
from kpitui.workspace.action_list import ActionList
from kpitui.workspace.answers import Row
from kpitui.workspace.lost import Lost
from kpitui.workspace.numbers import period_name
from kpitui.workspace.session import SignedOff, session
from kpitui.workspace.session_words import STEP_NAME, VERDICT_SENTENCE, clock_phrase, ended_phrase
from kpitui.workspace.sessions import Choice, choices, reopen, start
from kpitui.workspace.wording import background, spoken

_FIRST_IN_FOOT: dict[Step | None, tuple[str, ...]] = {
    None: (),
    "picture": ("next_step", "note", "cause", "action"),
    "actions": ("next_step", "done", "keep", "drop", "details", "note"),
    "exceptions": ("next_step", "verdict", "note", "cause", "action", "decision", "next_exception"),
    "sweep": ("next_step", "all_seen", "verdict", "note"),
    "targets": ("next_step", "revise_target", "verdict", "note"),
    "close": ("sign_off", "previous_step", "reopen"),
}
"""The keys that each step is about."""
_FIRST_STEP: dict[str, Step] = {"new": "picture", "noted": "picture", "signed-off": "close"}
"""By the state of a review, the step at which it is opened; an open one where there is something to do."""
_SPOKEN_ROWS = 3
_Result = TypeVar("_Result")


class ReviewScreen(FollowingScreen):
    """One step at a time: its list, and under it what is to be said of the marked line."""

    DEFAULT_CSS = f"""
    ReviewScreen > #trail {{ height: 1; padding: 0 1; background: $panel; }}
    ReviewScreen > #steps {{ height: 1; padding: 0 1; }}
    ReviewScreen > #rule {{ height: 1; border-top: hkey $panel; }}
    ReviewScreen > #spoken {{ height: {_SPOKEN_ROWS}; padding: 0 1; }}
    """
    PLACE = "review"
    BINDINGS = bindings(PLACE, "write")
    AUTO_FOCUS = "#main"

    def __init__(self) -> None:
        super().__init__()
        self._choices: dict[str, Choice] = {}
        self._chosen: set[str] = set()
        """KPIs that get their verdict together."""
        self._said = ""
        self._ended: SignedOff | None = None
        """What the review that was signed off last left behind."""

    def compose(self) -> ComposeResult:
        yield self.too_small()
        yield KeyLine(id="trail")
        yield KeyLine(id="steps")
        yield MarkedList(id="main")
        yield Static(id="rule")
        yield Line(id="spoken")
        yield Entry(self.echo)
        yield Foot("review", "write", "everywhere", first=_FIRST_IN_FOOT[None])

    # What is shown

    @property
    def meeting(self) -> Meeting | None:
        return self.app.meeting

    @property
    def _list(self) -> MarkedList:
        return self.query_one("#main", MarkedList)

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
    def focus_row(self) -> Row | None:
        kpi, meeting = self._kpi, self.meeting
        return meeting.session.rows.get(kpi) if meeting is not None and kpi is not None else None

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
        line = ActionList(workspace).line(self._list.marked)
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
        self._renew()
        meeting = self.meeting
        if meeting is None:
            found = choices(workspace)
            self._choices = {choice.review_id: choice for choice in found}
            open_one = next((choice.review_id for choice in found if choice.state == "open"), None)
            marked = self._list.marked if self._list.marked in self._choices else open_one
            self._list.show_items(choice_items(found, workspace.definitions.locale), marked)
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

    def _renew(self) -> None:
        """The records may be other ones now, or the workspace was read again."""
        meeting, workspace = self.meeting, self.app.workspace
        if meeting is None or workspace is None:
            return
        try:
            meeting.session = session(workspace, meeting.id)
        except KpituiError as error:
            self.app.hold(None)
            self._said = f"{error}."
        else:
            self.app.hold(meeting)

    def _items(self, meeting: Meeting, room: int) -> list[Item]:
        workspace = self.app.workspace
        assert workspace is not None
        held, locale = meeting.session, workspace.definitions.locale
        match meeting.step:
            case "picture":
                return picture_items(held, workspace, room)
            case "actions":
                return action_items(held.actions, workspace)
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
        self.query_one(Foot).put_first(_FIRST_IN_FOOT[meeting.step if meeting is not None else None])
        self._show_trail()
        self._show_steps()
        self._show_spoken()

    def _show_trail(self) -> None:
        workspace, meeting = self.app.workspace, self.meeting
        if workspace is None:
            return
        room, told = self.app.size.width - 2, ""
        parts = [Part(f"{workspace.definitions.name} › ", action="app.scorecard"), Part("Review")]
        if meeting is not None:
            review = meeting.session.review
            when = period_name(meeting.session.period, workspace.definitions.locale)
            parts[1:] = [Part("Review › ", action="screen.leave_review"), Part(f"{review.cadence} {when}")]
            place = meeting.place(meeting.item) if meeting.step == "exceptions" and meeting.item else None
            if place is not None:
                parts.append(Part(f" › {place[0]} of {place[1]}"))
            if review.state == "signed-off":
                told = ended_phrase(review, workspace.definitions, workspace.as_of)
            else:
                clock = meeting.step_clock()
                told = clock_phrase(clock)
                item = meeting.item_clock()
                if item is not None:
                    told += f" · this one {item.spent} of {item.minutes}"
                self.app.next_minute(clock, item)
        left = room - width(told) - 2
        # Where one came from gives way to where one is.
        while len(parts) > 1 and sum(width(plain(part.text)) for part in parts) > left:
            parts.pop(0)
        self.query_one("#trail", KeyLine).show_parts([*fitted(parts, left), Part("  "), Part(told, "bold")])

    def minute_passed(self) -> None:
        self._show_trail()

    def _show_steps(self) -> None:
        meeting = self.meeting
        if meeting is None:
            text = f"Which review? ⏎ begins it, or goes on with it; {self.app.key('review.reopen')} reopens."
            self.query_one("#steps", KeyLine).show_parts([Part(text, "$signal-usual")])
            return
        parts: list[Part] = []
        narrow = self.app.size.width < 76
        for number, step in enumerate(meeting.steps, 1):
            name = STEP_NAME[step]
            name += self._count(meeting, step)
            here = step == meeting.step
            shown = f" {number} {name} " if here or not narrow else f" {number} "
            parts.append(
                Part(shown, "bold $accent on $panel" if here else "$signal-usual", f"screen.to_step('{step}')")
            )
        self.query_one("#steps", KeyLine).show_parts(parts)

    def _count(self, meeting: Meeting, step: str) -> str:
        """How much of a step is done."""
        held = meeting.session
        found = {"exceptions": held.queue, "sweep": held.sweep}.get(step)
        if found is not None:
            return f" {sum(item.verdict is not None for item in found)}/{len(found)}"
        return f" {len(held.actions)}" if step == "actions" else ""

    def _show_spoken(self) -> None:
        workspace, meeting = self.app.workspace, self.meeting
        room = max(20, self.app.size.width - 2)
        lines: list[Content] = []
        row = self.focus_row
        if meeting is not None and meeting.step == "close":
            lines = [Content(plain(text)) for text in wrapped(self._how_to_end(meeting), room)[: _SPOKEN_ROWS - 1]]
        elif workspace is not None and row is not None and meeting is not None:
            if meeting.step == "actions" and (action := self.marked_action):
                actions = ActionList(workspace)
                steps = [f"{step.when} {step.who}: {step.text}" for step in actions.history(action.id)]
                about = f"{row.kpi.name}: " + " · ".join(steps)
                lines = [Content(plain(text)) for text in wrapped(about, room)[:2]]
            else:
                lines = [
                    Content(fit(spoken(row, workspace.definitions, workspace.as_of), room).rstrip()),
                    Content.styled(fit(background(row, workspace.definitions), room).rstrip(), "$signal-usual"),
                ]
        lines += [Content("")] * (_SPOKEN_ROWS - 1 - len(lines))
        if row is None and (gone := self.focus_lost) is not None:
            lines = [Content(plain(text)) for text in wrapped(f"{gone.said}.", room)[: _SPOKEN_ROWS - 1]]
            lines += [Content("")] * (_SPOKEN_ROWS - 1 - len(lines))
        last = Content.styled(fit(self._said, room).rstrip(), "bold $success")
        if not self._said and (item := self._queue_item()) is not None:
            last = Content.styled(fit(_verdict_line(item, self.app.key("write.verdict")), room).rstrip(), "$accent")
        self.query_one("#spoken", Line).show(Content("\n").join([*lines, last]))

    def _how_to_end(self, meeting: Meeting) -> str:
        if meeting.session.review.state == "open":
            return f"S signs {meeting.id} off. What has no verdict is carried over; nothing is lost."
        ended = self._ended
        git = f" Commit it: {ended.git}" if ended is not None and ended.git else ""
        return f"Signed off. The summary: kpitui report --review {meeting.id}.{git}"

    def _queue_item(self) -> QueueItem | None:
        meeting, kpi = self.meeting, self._kpi
        if meeting is None or meeting.step not in ("exceptions", "sweep"):
            return None
        found = (*meeting.session.queue, *meeting.session.sweep)
        return next((item for item in found if item.kpi.id == kpi), None)

    def to_copy(self) -> Copied | None:
        """At the end the summary in Markdown, for those who were not there."""
        meeting, workspace = self.meeting, self.app.workspace
        if meeting is None or workspace is None or meeting.step != "close" or self.app.summary_of is None:
            return super().to_copy()
        return Copied(f"the summary of {meeting.id}", self.app.summary_of(workspace, meeting.id))

    def say(self, text: str) -> None:
        self._said = text
        self._show_spoken()

    def on_marked_list_moved(self) -> None:
        self._said = ""
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
            self._open(self._choices[message.key])
            return
        about, action = self.focus_row or self.focus_lost, self.marked_action
        if about is not None:
            self.app.show_kpi(about.kpi.id, record=action.id if action else None)

    def _open(self, choice: Choice) -> None:
        workspace = self.app.workspace
        assert workspace is not None
        begun = choice.state in ("open", "signed-off")  # nothing needs to be written, not even where one cannot
        held = self._tried(
            lambda: session(workspace, choice.review_id) if begun else start(workspace, choice.cadence, choice.period)
        )
        if held is None:
            return
        meeting = Meeting(held)
        if choice.state in _FIRST_STEP:
            meeting.step = _FIRST_STEP[choice.state]
        self.app.hold(meeting)
        began = f"began {choice.review_id}, figures frozen in {held.path}"
        self._said = "" if begun else began
        self.app.go_to_period(held.period)
        self.app.records_changed()

    def action_reopen(self) -> None:
        """Open a review again that is signed off."""
        workspace, meeting = self.app.workspace, self.meeting
        if workspace is None:
            return
        review_id = meeting.id if meeting is not None else self._list.marked
        held = self._tried(lambda: reopen(workspace, review_id)) if review_id else None
        if held is None:
            return
        self.app.hold(Meeting(held))
        self._said = f"{held.review.id} is open again."
        self.app.go_to_period(held.period)

    def action_leave_review(self) -> None:
        """Back to the choice; everything is in the file, and it can be resumed."""
        meeting = self.meeting
        if meeting is None:
            return
        self.app.hold(None)
        self._chosen.clear()
        self._said = f"{meeting.id} can be resumed at any time, on another machine too."
        self.figures_changed()

    def _tried(self, work: Callable[[], _Result]) -> _Result | None:
        try:
            return work()
        except KpituiError as error:
            self.notify(plain(str(error)), title="Not done", severity="error", timeout=12, markup=False)
            return None

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
        self._said = ""
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
        if self.meeting is not None and self.meeting.step == "exceptions" and (found := self.app.next_in_queue(1)):
            self._list.mark(found)

    def action_choose_several(self) -> None:
        """Mark the KPI, or not, to give several one verdict."""
        item = self._queue_item()
        if item is None:
            self.say("KPIs are marked in exceptions and sweep.")
            return
        self._chosen ^= {item.kpi.id}
        self.figures_changed()
        self._list.action_move(1)
        if self._chosen:
            self.say(f"{len(self._chosen)} marked: {self.app.key('write.verdict')} gives them a verdict.")

    def action_all_seen(self) -> None:
        """Give all fine KPIs their verdict."""
        meeting = self.meeting
        if meeting is None or meeting.step != "sweep":
            self.say("All seen is for the sweep.")
            return
        saved = self._tried(meeting.session.all_seen)
        if saved is None:
            return
        self.app.records_changed()
        if saved:
            self.say(f"{len(saved)} seen · saved {saved[-1].path}:{saved[-1].line}")
        else:
            self.say("All of them have a verdict already.")

    # The end

    def action_sign_off(self) -> None:
        meeting = self.meeting
        if meeting is None:
            return
        if meeting.step != "close" and "close" in meeting.steps:
            meeting.go_to("close")
            self._said = f"Read this back; {self.app.key('review.sign_off')} again signs off."
            self.figures_changed()
            return
        ended = self._tried(meeting.session.sign_off)
        if ended is not None:
            self._ended = ended
            self._said = f"signed off · {ended.path}"
            self.app.records_changed()


def _verdict_line(item: QueueItem, key: str) -> str:
    """What was said of the KPI, or what its key and Enter would accept."""
    former = f" · last time {item.former.verdict}" if item.former else ""
    over = " · carried over" if item.carried_over else ""
    if item.verdict is not None:
        return f"Verdict: {item.verdict.verdict} — {VERDICT_SENTENCE[item.verdict.verdict]}{former}"
    return f"{key} ⏎ gives it: {item.proposed} — {VERDICT_SENTENCE[item.proposed]}{former}{over}"

"""Which review is held: it is chosen, left, ended and opened again, and it is said who is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from kpitui.problems import KpituiError
from kpitui.terms import Step
from kpitui.ui.meeting import Meeting
from kpitui.ui.screens.asking import Asking
from kpitui.ui.screens.following import FollowingScreen
from kpitui.ui.text import plain
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.marked_list import Item, MarkedList
from kpitui.ui.widgets.review_lines import choice_items
from kpitui.workspace.people import parse_people, people_line
from kpitui.workspace.session import Session, session
from kpitui.workspace.session_times import SessionTimes
from kpitui.workspace.session_words import people_phrase
from kpitui.workspace.sessions import Choice, choices, reopen, start

_FIRST_STEP: dict[str, Step] = {"new": "picture", "noted": "picture", "signed-off": "close"}
"""By the state of a review, the step at which it is opened; an open one where there is something to do."""
_Result = TypeVar("_Result")


class HoldingScreen(FollowingScreen):
    """Base of the review screen; without a meeting its list is that of the reviews."""

    def __init__(self) -> None:
        super().__init__()
        self._choices: dict[str, Choice] = {}
        self.said = ""
        """What just happened; it stands until another line is marked."""

    @property
    def meeting(self) -> Meeting | None:
        """The review that is held."""
        return self.app.meeting

    @property
    def _list(self) -> MarkedList:
        """The reviews, or what is in a step."""
        return self.query_one("#main", MarkedList)

    def renew(self) -> None:
        """The records may be other ones now, or the workspace was read again."""
        meeting, workspace = self.meeting, self.app.workspace
        if meeting is None or workspace is None:
            return
        try:
            meeting.session = session(workspace, meeting.id)
        except KpituiError as error:
            self.app.hold(None)
            self.said = f"{error}."
        else:
            self.app.hold(meeting)

    # Which review

    def choose(self) -> list[Item]:
        """The reviews to choose from, as lines."""
        workspace = self.app.workspace
        assert workspace is not None
        self._choices = {choice.review_id: choice for choice in choices(workspace)}
        return choice_items(self._choices.values(), workspace.definitions.locale)

    @property
    def open_choice(self) -> str | None:
        """The review that would be gone on with, else the first that there is to hold."""
        states = {choice.state: choice.review_id for choice in reversed(self._choices.values())}
        return states.get("open") or states.get("noted") or states.get("new")

    def open_review(self, review_id: str) -> None:
        """Begin a review, or go on with it."""
        workspace, choice = self.app.workspace, self._choices[review_id]
        assert workspace is not None
        begun = choice.state in ("open", "signed-off")  # nothing needs to be written, not even where one cannot
        held = self.tried(
            lambda: session(workspace, choice.review_id) if begun else start(workspace, choice.cadence, choice.period)
        )
        if held is None:
            return
        meeting = self._meeting(held)
        if choice.state in _FIRST_STEP:
            meeting.step = _FIRST_STEP[choice.state]
        self.app.hold(meeting)
        began = f"began {choice.review_id}, figures frozen in {held.path}"
        self.said = "" if begun else began
        self.app.go_to_period(held.period)
        self.app.records_changed()

    def _meeting(self, held: Session) -> Meeting:
        return Meeting(held, SessionTimes(self.app.root))

    def action_reopen(self) -> None:
        """Open a review again that is signed off."""
        workspace, meeting = self.app.workspace, self.meeting
        if workspace is None:
            return
        review_id = meeting.id if meeting is not None else self._list.marked
        if review_id is None:
            return
        if (meeting.session.review.state if meeting is not None else self._choices[review_id].state) != "signed-off":
            self.say(f"{review_id} is not signed off.")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._reopen(review_id)

        self.app.push_screen(Asking(f"Open {review_id} again, which is signed off?", "Open it"), answered)

    def _reopen(self, review_id: str) -> None:
        workspace = self.app.workspace  # it may have been read again
        assert workspace is not None
        held = self.tried(lambda: reopen(workspace, review_id))
        if held is None:
            return
        self.app.hold(self._meeting(held))
        self.said = f"{held.review.id} is open again."
        self.app.go_to_period(held.period)

    def action_leave_review(self) -> None:
        """Back to the choice; everything is in the file, and it can be resumed."""
        meeting = self.meeting
        if meeting is None:
            return
        self.app.hold(None)
        self.said = f"{meeting.id} can be resumed at any time, on another machine too."
        self.figures_changed()

    def tried(self, work: Callable[[], _Result]) -> _Result | None:
        """What comes of the work; None where it could not be done, which is told."""
        try:
            return work()
        except KpituiError as error:
            self.notify(plain(str(error)), title="Not done", severity="error", timeout=12, markup=False)
            return None

    # Who is there

    def action_people(self) -> None:
        """Say who is in the room."""
        meeting = self.meeting
        if meeting is None:
            self.say("⏎ begins the marked review.")
            return
        if not meeting.is_open:
            self.say(f"It is signed off; {self.app.key('review.reopen')} opens it again.")
            return
        review = meeting.session.review
        self.query_one(Entry).begin("people", "", review.id, review.id, people_line(review))

    def echo(self, kind: str, text: str) -> str:
        meeting, workspace = self.meeting, self.app.workspace
        if kind != "people" or meeting is None or workspace is None:
            return super().echo(kind, text)
        people = parse_people(text)
        named = msgspec.structs.replace(meeting.session.review, chair=people.chair, attendees=people.attendees)
        return people_phrase(named, workspace.definitions) or "nobody is named"

    def on_entry_written(self, message: Entry.Written) -> None:
        """The names; the base saves the others, which are about a KPI."""
        meeting = self.meeting
        if message.kind != "people" or meeting is None:
            return
        message.prevent_default()
        try:
            meeting.session.name_people(parse_people(message.text))
        except KpituiError as error:
            self.not_saved(error)
            return
        self.query_one(Entry).saved()
        self.app.records_changed()
        self.say(f"saved {meeting.session.path}")

    # The end

    def action_sign_off(self) -> None:
        """Read back what was agreed; from there, sign it off."""
        meeting = self.meeting
        if meeting is None:
            return
        if meeting.step != "close" and "close" in meeting.steps:
            meeting.go_to("close")
            self.said = f"Read this back; {self.app.key('review.sign_off')} again asks whether to sign it off."
            self.figures_changed()
            return
        if not meeting.is_open:
            self.say(f"It is signed off already; {self.app.key('review.reopen')} opens it again.")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._sign_off()

        self.app.push_screen(Asking(f"Sign {meeting.id} off?", "Sign off"), answered)

    def _sign_off(self) -> None:
        meeting = self.meeting
        if meeting is None:
            return
        ended = self.tried(meeting.session.sign_off)
        if ended is not None:
            self.said = f"signed off · saved {ended.path}"
            self._list.scroll_to(y=0, animate=False)
            self.app.records_changed()

"""A line to write a record in: what it will become stands under it before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from kpitui.ui.text import content, fit, plain, width
from kpitui.ui.widgets.line import KeyLine, LeftByKeys, Part, fitted
from kpitui.ui.widgets.owners import OwnerSuggester
from kpitui.ui.widgets.typed import TypedLine

if TYPE_CHECKING:
    from kpitui.ui.app import KpituiApp
    from kpitui.workspace.drafts import Draft

Echo = Callable[[str, str], str]
"""Kind and text → what it will become; raises ValueError with a sentence where it cannot be saved."""

HINTS = {
    "note": "what the room should know of this figure",
    "cause": "why it moved, in one sentence; #process, #market, #price … is its class",
    "finding": "why it moved: #process, #market, #mix … is its class",
    "action": "what, then @owner and when: restore 1 h routing @ops fri",
    "decision": "what was agreed",
    "rebase": "why the limits begin anew here",
    "baseline": "why the limits shall not move any more",
    "keep": "the new date: fri, +2w, 2026-12-01; then why, if you like",
    "done": "what came of it, if you like; ⏎ alone will do",
    "dropped": "why, if you like; ⏎ alone will do",
    "private": "for yourself: it stays on this machine, and is never in the workspace",
    "people": "the chair, then who else is there: head, ops, Maria; - takes all of them back",
    "value": "the figure, such as 1234.5 or 22%; - takes it back",
}
NEED_NO_WORDS = ("done", "dropped")
_FEWEST_TITLE = 24
"""Cells that what is being written has, on the narrowest screen too."""
DRAFT_AFTER = 0.5
"""Seconds after which what was typed is kept, also while more is typed."""


_SAVE = " · ⏎ save"
_NOTHING_YET = (
    Part("⏎ saves", "$signal-usual", "save"),
    Part(" · ", "$signal-usual"),
    Part("esc closes, the text stays", "$signal-usual", "close"),
)


class Entry(Vertical, LeftByKeys):
    """Hidden until a record is begun; then it covers the two lines above the foot, and nothing moves.

    Esc, or a click elsewhere, closes it; the text is kept as a draft until it is saved.
    """

    DEFAULT_CSS = """
    Entry {
        layer: entry; dock: bottom; height: 2; margin-bottom: 1; display: none;
        background: $panel; padding: 0 1;
    }
    Entry > Horizontal { height: 1; }
    Entry #kind { width: auto; max-width: 50%; color: $accent; text-style: bold; }
    Entry Input { width: 1fr; border: none; height: 1; padding: 0; background: $panel; }
    Entry Input:focus { border: none; }
    Entry #echo { height: 1; color: $foreground; }
    """
    BINDINGS = [
        Binding("escape", "close", show=False),
        # What is typed after a stray Tab must not be commands.
        Binding("tab,shift+tab", "stay", show=False),
    ]
    app: KpituiApp

    @dataclass
    class Written(Message):
        """A record is to be saved."""

        kind: str
        kpi: str
        text: str

    def __init__(self, echo: Echo) -> None:
        super().__init__()
        self._echo = echo
        self._kind = "note"
        self._kpi = ""
        self._key = ""
        self._title = ""
        """Which record on which KPI is written."""
        self._given = ""
        """The text that the line was opened with, of a record that is prefilled."""
        self._draft: Draft | None = None
        """What the line was opened with, until something is typed."""
        self._before: Widget | None = None
        """What had the focus when the line was opened."""
        self._waiting: Timer | None = None

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(id="kind")
            # What stands there already is gone on with, and not replaced by the first letter.
            yield TypedLine(select_on_focus=False, suggester=OwnerSuggester(self._owners, self._names_only))
        yield KeyLine(id="echo", of=self)

    def _owners(self) -> Iterable[str]:
        """Who may be named in an action, or be in the room: people of the settings first."""
        workspace = self.app.workspace
        return workspace.journal.owners() if workspace is not None and self._kind in ("action", "people") else ()

    def _names_only(self) -> bool:
        """The line holds names and nothing else."""
        return self._kind == "people"

    @property
    def is_open(self) -> bool:
        return self.display

    def begin(self, kind: str, kpi: str, name: str, about: str = "", text: str = "") -> None:
        """Open the line for a kind of record on a KPI, with the draft that was left there, or else the text.

        `about` tells drafts of one kind apart: the period that a value is typed for, the segment of a finding.
        """
        self.keep_draft()
        self._kind, self._kpi, self._key = kind, kpi, " ".join(filter(None, (kind, kpi, about)))
        self._title = f"{kind} · {name}"
        self._show_title()
        line = self.query_one(Input)
        line.placeholder = HINTS[kind]
        self._given = text
        self._draft = self.app.drafts.draft(self._key)
        line.value = self._draft.text if self._draft else text
        line.cursor_position = len(line.value)
        if not self.is_open:
            self._before = self.screen.focused
        # At once and not with the next frame: the next key may have come already.
        self.display = True
        self.screen.set_focus(line)
        self._show_echo()

    def _show_title(self) -> None:
        """What is being written, in two fifths of the line: the rest belongs to the text."""
        most = max(_FEWEST_TITLE, self.app.size.width * 2 // 5 - 3)
        shown = fit(self._title, min(width(plain(self._title)), most)).rstrip()
        self.query_one("#kind", Static).update(content(f"{shown} ▸ "))

    def on_resize(self) -> None:
        self._show_title()
        if self.is_open:
            self._show_echo()

    def keep_draft(self) -> None:
        """Keep what is typed; told once where that is impossible."""
        if not self.is_open:
            return
        try:
            text = self.query_one(Input).value
            self.app.drafts.put(self._key, "" if text == self._given else text, self._review)
        except OSError as error:
            self.notify(f"the draft is not kept: {error.strerror}", severity="warning", markup=False)

    @property
    def _review(self) -> str | None:
        """The review that is being held."""
        return self.app.meeting.id if self.app.meeting is not None else None

    def _of_draft(self, draft: Draft) -> list[Part]:
        """Where the words come from that nobody typed just now."""
        definitions = self.app.definitions
        when = draft.when(definitions, date.today()) if definitions else ""  # noqa: DTZ011 - the day on the wall
        elsewhere = (
            "" if draft.review == self._review else f", {f'for {draft.review}' if draft.review else 'outside a review'}"
        )
        style = "bold $accent"
        return [
            Part(f"draft of {when}{elsewhere} · ", style),
            Part("ctrl+u clears it", style, "clear"),
            Part(" · ", style),
            Part("⏎ saves", style, "save"),
        ]

    def action_stay(self) -> None:
        """Tab has nowhere to go from here; at the end of the line it takes what is suggested."""
        line = self.query_one(Input)
        if line.cursor_position == len(line.value):
            line.action_cursor_right()

    def action_close(self) -> None:
        self._close()
        there = self._before is not None and self._before.is_attached and self._before.display
        # At once: what is clicked next may be a key, which would be text while the line has the focus.
        self.screen.set_focus(self._before if self._before is not None and there else self.screen.query_one("#main"))

    def leave(self) -> None:
        self.action_close()

    async def action_save(self) -> None:
        """What Enter does."""
        await self.query_one(Input).action_submit()

    def action_clear(self) -> None:
        """What ctrl+u does, wherever the cursor stands."""
        self.query_one(Input).clear()

    def _close(self) -> None:
        self.keep_draft()
        self.display = False

    def on_descendant_blur(self) -> None:
        """Somebody clicked elsewhere: keys are commands again, so the line must not look open."""
        self.call_later(self._close_if_left)

    def _close_if_left(self) -> None:
        focused = self.screen.focused
        inside = focused is not None and self in focused.ancestors
        if self.is_open and self.app.app_focus and not inside:
            self._close()

    def saved(self) -> None:
        """The record is on disk: the draft is done with."""
        self.query_one(Input).value = ""
        self.action_close()

    def on_input_changed(self) -> None:
        self._show_echo()
        if self._waiting is None:
            self._waiting = self.set_timer(DRAFT_AFTER, self._keep_in_time)

    def _keep_in_time(self) -> None:
        self._waiting = None
        self.keep_draft()

    def _show_echo(self) -> None:
        text = self.query_one(Input).value
        echo = self.query_one("#echo", KeyLine)
        room = self.app.size.width - 2
        if self._draft is not None and text == self._draft.text:
            echo.show_parts(fitted(self._of_draft(self._draft), room))
            return
        self._draft = None
        if not text.strip():
            echo.show_parts(fitted(_NOTHING_YET, room))
            return
        try:
            become = f"→ {self._echo(self._kind, text)}"
        except ValueError as error:
            echo.show_parts(fitted([Part(str(error), "$error")], room))
        else:
            # What it becomes gives way to how it is saved.
            left = room - width(_SAVE)
            shown = fit(become, min(left, width(plain(become))))
            echo.show_parts([Part(shown), Part(_SAVE, action="save")])

    def on_input_submitted(self) -> None:
        text = self.query_one(Input).value.strip()
        if not text and self._kind not in NEED_NO_WORDS:
            self.action_close()
            return
        try:
            self._echo(self._kind, text)
        except ValueError:
            # Why stands under the line, unless it says yet that this is a draft.
            self._draft = None
            self._show_echo()
            self.app.bell()
        else:
            self.post_message(self.Written(self._kind, self._kpi, text))

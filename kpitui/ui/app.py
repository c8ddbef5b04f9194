"""The application: it wires the workspace to the screens and decides nothing about figures."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.binding import Binding
from textual.color import Color
from textual.driver import Driver
from textual.filter import LineFilter
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from kpitui.problems import KpituiError
from kpitui.ui import keymap
from kpitui.ui.keys import AT_ONCE, Action, bindings, called
from kpitui.ui.lean import leaner
from kpitui.ui.reading_app import ReadingApp
from kpitui.ui.screens.base import FigureScreen
from kpitui.ui.screens.scorecard import ScorecardScreen
from kpitui.ui.text import plain
from kpitui.ui.themes import defaults
from kpitui.ui.theming import Theming
from kpitui.ui.uncoloured import Uncoloured

if TYPE_CHECKING:
    from kpitui.periods import Period
    from kpitui.review.clock import Clock
    from kpitui.ui.meeting import Meeting
    from kpitui.ui.reading_app import Opener
    from kpitui.workspace.answers import Scorecard
    from kpitui.workspace.drafts import Drafts
    from kpitui.workspace.live import Live
    from kpitui.workspace.opening import Workspace

    SummaryOf = Callable[[Workspace, str], str]
    """Workspace and a review's id → its summary in Markdown."""


TERMINAL_EVERY = 2.0
"""Seconds between two looks whether the terminal is still there."""


class KpituiApp(ReadingApp):
    """One workspace on screen."""

    CSS = """
    Screen { background: $background; color: $foreground; }
    ToastRack { align: right top; margin: 1 0; }
    Toast { background: $panel; }
    OptionList:nocolor > .option-list--option-highlighted { text-style: bold reverse; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [*bindings("everywhere"), Binding("ctrl+q", "quit", show=False, priority=True)]

    class Prepared(Message):
        """What the next key is likely to need is imported."""

    def __init__(
        self,
        root: Path,
        opener: Opener,
        notice: str | None = None,
        *,
        live: Live | None = None,
        presenting: bool = False,
        summary_of: SummaryOf | None = None,
    ) -> None:
        """`presenting`: it begins with what is shown to a room. `summary_of` writes a review's summary: the screens
        know no reports, but whoever starts them does.
        """
        super().__init__(root, opener, live=live)
        self.title = plain(root.resolve().name)
        self.meeting: Meeting | None = None
        """The review that is being held."""
        self._minute: Timer | None = None
        self._notice = notice
        self._presenting = presenting
        self.summary_of = summary_of
        self.keymap, self.key_problems = keymap.load(keymap.keys_file())
        if self.keymap.changed:
            self.set_keymap(self.keymap.for_textual)
        self.theming = Theming(self, root)
        self._theme_remark = self.theming.begin()
        self._uncoloured: tuple[str, Uncoloured] | None = None
        """Of that theme."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return defaults()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """With `NO_COLOR` no colour goes to the terminal."""
        if not self.no_color:
            return super().get_line_filters()
        if self._uncoloured is None or self._uncoloured[0] != self.theme:
            ground = Color.parse(self.theme_variables["background"])
            self._uncoloured = self.theme, Uncoloured(ground)
        return [self._uncoloured[1]]

    def get_driver_class(self) -> type[Driver]:
        return leaner(super().get_driver_class())

    def get_default_screen(self) -> ScorecardScreen:
        return ScorecardScreen()

    def on_mount(self) -> None:
        self.begin_reading()
        if not self.is_headless:
            self.set_interval(TERMINAL_EVERY, self._leave_without_terminal)
        if self._notice:
            self.notify(plain(self._notice), timeout=8, markup=False)
        if self._presenting:
            return  # a room need not see what is wrong with somebody's files
        if self._theme_remark:
            self.notify(plain(self._theme_remark), severity="warning", timeout=8, markup=False)
        if self.key_problems:
            count = f"{len(self.key_problems)} {'mistake' if len(self.key_problems) == 1 else 'mistakes'}"
            told = f"{count}, told by {self.key('problems')} and by kpitui keys; the rest of the file holds."
            self.notify(plain(told), title="keys.toml", severity="warning", timeout=8, markup=False)

    async def _leave_without_terminal(self) -> None:
        """End where the terminal is gone and nobody was told: reading from it would go round and round for ever."""
        if not os.isatty(sys.__stdin__.fileno() if sys.__stdin__ else 0):
            await self.action_quit()

    def on_unmount(self) -> None:
        """Drafts that are being written are waited for; Textual ends the base's threads by its own `on_unmount`."""
        if "drafts" in self.__dict__:
            self.drafts.close()

    # What the start left out

    def first_figures_stand(self) -> None:
        """What the start left out is made good."""
        if not gc.isenabled():
            # What the start made stays; the collector need not look at it again and again.
            gc.freeze()
            gc.enable()
        if self._presenting:
            self.call_next(self.action_present)
        self._prepare()

    @work(thread=True, group="prepare", exit_on_error=False)
    def _prepare(self) -> None:
        """Keep what the next start shows first, and import what the next key is likely to need."""
        if self._live is not None and self.workspace is not None:
            self._live.keep_glance(self.workspace)
        import kpitui.ui.chart.lines
        import kpitui.ui.screens.kpi
        import kpitui.ui.screens.present
        from kpitui.workspace.about import about

        kpitui.ui.chart.lines.get_ready()
        if self.workspace is not None and self.scorecard is not None and self.scorecard.rows:
            # What all KPIs share of it is worked out here, and remembered; the first Enter does not wait for that.
            about(self.workspace, self.scorecard.rows[0])
        if self.workspace is not None:
            self.workspace.journal.get_ready()
        self.post_message(self.Prepared())

    async def on_kpitui_app_prepared(self) -> None:
        """Begin the screen of a KPI where nobody waits for it: composing and styling it takes longer than a key may."""
        from kpitui.ui.screens.kpi import KpiScreen

        if not self.is_screen_installed("kpi"):
            self.install_screen(KpiScreen(), "kpi")
            # Textual has no public way to begin a screen, and to lay it out, without showing it.
            screen, composed = self._get_screen("kpi")
            await composed
            screen._refresh_layout(self.size)
        self._tell_of_drafts()

    def key(self, action_id: str) -> str:
        """How the key of an action is written for people, for sentences."""
        return self.keymap.shown(action_id)

    @property
    def abandoned(self) -> str:
        return f"Reading was abandoned: {self.key('reload')} reads again, {self.key('quit')} quits."

    # Actions of every screen

    @cached_property
    def drafts(self) -> Drafts:
        """What was typed and not saved, in this session or an earlier one."""
        from kpitui.workspace.drafts import Drafts

        return Drafts(self.root)

    def _tell_of_drafts(self) -> None:
        """Say once what an earlier session left, and where it is."""
        from kpitui.ui.drafts_left import drafts_left

        # A room need not see what somebody has not said yet.
        if (
            self.workspace is not None
            and not self._presenting
            and (told := drafts_left(self.drafts, self.workspace, self.keymap))
        ):
            self.hint(told)

    def hint(self, text: str) -> None:
        """Say something of no weight, without covering anything."""
        screen = self._figure_screen()
        if screen is not None:
            screen.say(text)

    def _figure_screen(self) -> FigureScreen | None:
        return self.screen if isinstance(self.screen, FigureScreen) else None

    def show_kpi(self, kpi_id: str, record: str | None = None) -> None:
        """Open the drill-down of a KPI, with a record marked."""
        from kpitui.ui.screens.kpi import KpiScreen

        self.focused_kpi = kpi_id
        self.last_record = record
        self._show("kpi", KpiScreen)

    def visit(self, name: str, begin: Callable[[], FigureScreen]) -> None:
        """Show a screen right over the scorecard: a KPI that is opened from it goes back to it."""
        there = self.get_screen(name) if self.is_screen_installed(name) else None
        while len(self.screen_stack) > 1 and self.screen is not there:
            self.pop_screen()
        self._show(name, begin)

    def _show(self, name: str, begin: Callable[[], FigureScreen]) -> None:
        """Show a screen over the present one. It is begun once: later it only shows other figures."""
        if not self.is_screen_installed(name):
            self.install_screen(begin(), name)
        screen = self.get_screen(name, FigureScreen)
        # Before it is on screen, so that it is painted once.
        screen.figures_changed()
        if self.screen is not screen:
            screen.arriving = self.push_screen(name)

    def show_owner(self, owner: str) -> None:
        """The scorecard with the KPIs of an owner."""
        self.action_scorecard()
        screen = self.screen_stack[0]
        if isinstance(screen, ScorecardScreen):
            screen.filter_by('owner:"' + owner.replace('"', "") + '"')

    def action_scorecard(self) -> None:
        self._to_scorecard()
        self.screen_stack[0].call_after_refresh(self._show_period)

    def action_tree(self) -> None:
        from kpitui.ui.screens.tree import TreeScreen

        if self.scorecard is not None:
            self.visit("tree", TreeScreen)

    def action_kpi(self) -> None:
        if self.focused_kpi and self.scorecard:
            self.show_kpi(self.focused_kpi)

    def hold(self, meeting: Meeting | None) -> None:
        """A review is being held, or no longer: what is said in it goes to its file."""
        for each in (self.meeting, meeting):
            if each is not None:
                each.keep_times()
        self.meeting = meeting
        if self.workspace is not None:
            still = meeting is not None and meeting.session.review.state == "open"
            self.workspace.journal.held = meeting.id if meeting is not None and still else None

    def _show_period(self) -> None:
        self.hold(self.meeting)  # the workspace may be another one now
        super()._show_period()

    def go_to_period(self, period: Period) -> None:
        """Show the figures of that period."""
        self._chosen.go_to(period)
        self._show_period()

    def next_minute(self, *clocks: Clock | None) -> None:
        """The clocks of the review move on when a minute is over, and with a key: nothing else repaints them."""
        if self._minute is not None:
            self._minute.stop()
        seconds = min((clock.next_change.total_seconds() for clock in clocks if clock), default=60.0)
        self._minute = self.set_timer(seconds + 0.05, self._minute_passed)

    def _minute_passed(self) -> None:
        if self.meeting is None:
            return
        self.meeting.keep_times()
        self.next_minute()  # also where no screen with a clock is shown
        screen = self._figure_screen()
        if screen is not None:
            screen.minute_passed()

    def next_in_queue(self, by: int) -> str | None:
        """The next KPI of the review's queue without a verdict, round and round from the one in focus."""
        if self.meeting is None:
            return None
        items = self.meeting.session.queue
        ids = [item.kpi.id for item in items]
        at = ids.index(self.focused_kpi) if self.focused_kpi in ids else -1 if by > 0 else 0
        order = [items[(at + by * step) % len(items)] for step in range(1, len(items) + 1)]
        return next((item.kpi.id for item in order if item.verdict is None), None)

    def action_review(self) -> None:
        from kpitui.ui.screens.review import ReviewScreen

        if self.scorecard:
            self.visit("review", ReviewScreen)

    def action_actions(self) -> None:
        from kpitui.ui.screens.actions import ActionsScreen

        if self.scorecard:
            self.visit("actions", ActionsScreen)

    async def action_present(self) -> None:
        """Show one KPI at a time to a room; where that is done already, go back."""
        from kpitui.ui.screens.present import PresentScreen

        if isinstance(self.screen, PresentScreen):
            await self.action_back()
        elif self.workspace is not None and self._figure_screen() is not None:
            self._show("present", PresentScreen)

    def action_definitions(self) -> None:
        from kpitui.ui.screens.definitions import DefinitionsScreen

        if self.scorecard:
            self.visit("definitions", DefinitionsScreen)

    async def action_back(self) -> None:
        screen = self._figure_screen()
        if screen is not None and screen.undo_view():
            return
        if len(self.screen_stack) > 1:
            self.pop_screen()
            self.screen.call_after_refresh(self._show_period)
        elif self._is_reading and self._live is not None:
            self._live.abandon()

    def action_earlier(self) -> None:
        self._go(self._chosen.step, -1)

    def action_later(self) -> None:
        self._go(self._chosen.step, 1)

    def action_finer(self) -> None:
        self._go(self._chosen.regrain, -1)

    def action_coarser(self) -> None:
        self._go(self._chosen.regrain, 1)

    def _go(self, to: Callable[[Workspace, Scorecard, int], str], by: int) -> None:
        """To another period, or say why not."""
        if self.workspace is None or self.scorecard is None:
            return
        if told := to(self.workspace, self.scorecard, by):
            self.hint(told)
        else:
            self._show_period()

    def action_next_exception(self) -> None:
        self._step_exception(1)

    def action_previous_exception(self) -> None:
        self._step_exception(-1)

    def _step_exception(self, by: int) -> None:
        screen = self._figure_screen()
        if screen is not None:
            screen.step_exception(by)

    def action_problems(self) -> None:
        from kpitui.ui.screens.problems import Problems

        if self.workspace is not None:
            problems = [*self.key_problems, *self.theming.problems(), *self.workspace.problems]
            self.push_screen(Problems(problems, self.not_read or ""))

    def action_undo(self) -> None:
        """Take back the last record of whoever sits here; what it was is said once that is on disk."""
        from kpitui.workspace.undo import undo

        if self.workspace is None:
            return
        try:
            undone = undo(self.workspace.journal)
        except KpituiError as error:
            self.notify(plain(str(error)), title="Not undone", severity="warning", timeout=12, markup=False)
            return
        self.records_changed()
        self.hint(undone.line)

    def read_definitions(self) -> None:
        """Read what has changed; measurements that have not are as they were."""
        self._read()

    def action_reload(self) -> None:
        self.hint("Reading all files again …")
        self._read(anew=True)

    def action_theme(self) -> None:
        try:
            name = self.theming.after()
        except OSError as error:
            self._theme_not_kept(error)
            return
        self._theme_changed(name)

    def choose_theme(self, name: str) -> None:
        """Show everything in that theme."""
        try:
            problems = self.theming.choose(name)
        except OSError as error:
            self._theme_not_kept(error)
            return
        if problems:
            stays = f"{name} stays as it was" if name == self.theme else f"{self.theme} stays"
            self._tell_of_theme(f"{name} has a mistake; {stays}. {self.key('problems')} lists it.")
        else:
            self._theme_changed(name)

    def _theme_not_kept(self, error: OSError) -> None:
        self._theme_changed(self.theme)
        told = f"the theme is not kept: {error.strerror}"
        self.notify(plain(told), title="Themes", severity="warning", markup=False)

    def _theme_changed(self, name: str) -> None:
        self._tell_of_theme(f"Theme: {name}.")

    def _tell_of_theme(self, told: str) -> None:
        screen = self._figure_screen()
        if screen is not None:
            screen.call_after_refresh(screen.say, told)

    def action_save_screen(self) -> None:
        """Keep what is on the screen as a file."""
        from kpitui.ui.picture_of_screen import free_name, take
        from kpitui.ui.screens.saving import Saving

        screen, scorecard = self._figure_screen(), self.scorecard
        if screen is None:
            return

        def closed(path: Path | None) -> None:
            if path is not None:
                screen.say(f"Saved {path}.")

        about = (self.focused_kpi or "") if screen.PLACE == "kpi" else screen.PLACE
        named = self.definitions.name if self.definitions else self.title
        name = free_name(named, about, scorecard.period.id if scorecard else "")
        self.push_screen(Saving(take(self, screen), name), closed)

    async def action_palette(self) -> None:
        """Find something by some of its letters."""
        from kpitui.ui.commands import Palette, commands

        screen = self._figure_screen()
        if screen is None:
            return
        found = commands(self, screen)

        def chosen(number: str | None) -> None:
            if number is not None:
                self.call_later(found[int(number)].run)

        with self.batch_update():
            await self.push_screen(Palette(found), chosen)

    async def action_quit(self) -> None:
        """Leave; what is being typed is kept as a draft."""
        from kpitui.ui.widgets.entry import Entry

        for screen in self.screen_stack:
            for entry in screen.query(Entry):
                entry.keep_draft()
        if self.meeting is not None:
            self.meeting.keep_times()
        await super().action_quit()

    async def action_help(self) -> None:
        """The keys of this screen; one of them can be chosen."""
        from kpitui.ui.screens.help import Help

        screen = self._figure_screen()
        if screen is None:
            return

        def chosen(action_id: str | None) -> None:
            action = next((action for action in self.keymap.actions if action.id == action_id), None)
            if action is not None:
                self.call_later(self.do, action)

        with self.batch_update():
            await self.push_screen(Help(screen.PLACE, self.keymap), chosen)

    async def do(self, action: Action) -> None:
        """What the action's key would do."""
        moves = action.place in ("list", "outline")
        await self.run_action(
            action.does if moves else called(action.does, self), self.screen.focused if moves else None
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is done at once is asked for before the key is typed, and whatever lies over the screens."""
        screen = self._figure_screen()
        if screen is not None and not screen.can_be_seen:
            return action in ("back", "quit")
        typing = isinstance(self.screen.focused, Input) or screen is None
        return action not in AT_ONCE or not typing

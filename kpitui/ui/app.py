"""The application: it wires the workspace to the screens and decides nothing about figures."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.app import App
from textual.binding import Binding
from textual.driver import Driver
from textual.message import Message
from textual.worker import Worker, WorkerState

from kpitui.measurements.process import ABANDONED
from kpitui.periods import Grain
from kpitui.problems import KpituiError
from kpitui.shipped import shipped
from kpitui.ui import themes
from kpitui.ui.keys import bindings, called
from kpitui.ui.lean import leaner
from kpitui.ui.screens.base import FigureScreen
from kpitui.ui.screens.scorecard import ScorecardScreen
from kpitui.ui.text import plain, plain_lines
from kpitui.ui.watch import Watch
from kpitui.ui.widgets.entry import Entry

if TYPE_CHECKING:
    from datetime import date

    from kpitui.definitions.model import Definitions
    from kpitui.measurements.progress import Progress
    from kpitui.periods import Period
    from kpitui.workspace.answers import Scorecard
    from kpitui.workspace.drafts import Drafts
    from kpitui.workspace.live import Live
    from kpitui.workspace.opening import Workspace

    Opener = Callable[[], Workspace]
    """Opens the workspace, wherever the measurements come from; called on a thread."""


TERMINAL_EVERY = 2.0
"""Seconds between two looks whether the terminal is still there."""


class KpituiApp(App[None]):
    """One workspace on screen."""

    CSS = "Screen { background: $background; color: $foreground; } ToastRack { align: right top; margin: 1 0; }"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [*bindings("everywhere"), Binding("ctrl+q", "quit", show=False)]

    @dataclass
    class Opened(Message):
        """The workspace was read."""

        workspace: Workspace
        reading: int
        former: bool = False
        """With the figures of its last reading: some of its files have changed since, and are being read."""

    @dataclass
    class Failed(Message):
        """The workspace cannot be shown."""

        sentence: str
        reading: int

    @dataclass
    class Progressed(Message):
        """So much of it was read."""

        progress: Progress
        reading: int

    class Prepared(Message):
        """What the next key is likely to need is imported."""

    @dataclass
    class FilesChanged(Message):
        """Files of these kinds are not what was read."""

        kinds: frozenset[str]

    def __init__(self, root: Path, opener: Opener, notice: str | None = None, *, live: Live | None = None) -> None:
        super().__init__()
        self.root = root
        self.title = plain(root.resolve().name)
        self.workspace: Workspace | None = None
        """None until it is open, though figures may be shown before."""
        self.definitions: Definitions | None = None
        """Of what is shown, as is `scorecard`."""
        self.scorecard: Scorecard | None = None
        self.focused_kpi: str | None = None
        self.last_record: str | None = None
        self._open = opener
        self._live = live
        self._reading = 0
        """The number of the latest reading; what comes of earlier ones is not taken."""
        self._is_reading = False
        self._changed_meanwhile = False
        self._written = 0
        self._watch = Watch(lambda: self.workspace, lambda kinds: self.post_message(self.FilesChanged(kinds)))
        self.progress: Progress | None = None
        """How far the reading is, as it was last told."""
        self.reading_sign = ""
        """What the head of the screen says of figures that may be old: they are being read."""
        self._notice = notice
        self._period: Period | None = None
        self._grain: Grain | None = None
        self._chosen: date | None = None
        """The last day of the period that somebody went to; a coarser grain does not change it."""
        self.failure: str | None = None
        """Why nothing can be shown."""
        glance = live.glance if live is not None else None
        if glance is not None:
            self.definitions, self.scorecard = glance.definitions, glance.scorecard
            self.reading_sign = "" if glance.holds(root) else "reading …"
        found, self._theme_problems = themes.load(shipped("themes"))
        for theme in found:
            self.register_theme(theme)
        self._themes = [theme.name for theme in found] or [self.theme]
        self.theme = self._themes[0]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.defaults()

    def get_driver_class(self) -> type[Driver]:
        return leaner(super().get_driver_class())

    def get_default_screen(self) -> ScorecardScreen:
        return ScorecardScreen()

    def on_mount(self) -> None:
        if self.scorecard is None:
            self._read()
        else:
            # Opening the workspace would compete with the first screen.
            self.call_after_refresh(self._read)
        self._watch.start()
        if not self.is_headless:
            self.set_interval(TERMINAL_EVERY, self._leave_without_terminal)
        if self._notice:
            self.notify(plain(self._notice), timeout=8, markup=False)
        if self._theme_problems:
            told = "\n".join(str(problem) for problem in self._theme_problems)
            self.notify(plain_lines(told), title="Themes", severity="warning", markup=False)

    async def _leave_without_terminal(self) -> None:
        """End where the terminal is gone and nobody was told: reading from it would go round and round for ever."""
        if not os.isatty(sys.__stdin__.fileno() if sys.__stdin__ else 0):
            await self.action_quit()

    def on_unmount(self) -> None:
        """Threads that wait for something are let go: the program ends only with them."""
        self._watch.stop()
        if self._live is not None:
            self._live.end()

    # Reading

    def _read(self, *, anew: bool = False) -> None:
        self._reading += 1
        self._is_reading = True
        self._changed_meanwhile = False
        self._written = 0
        self.failure = None
        self._read_on_thread(self._reading, anew=anew)

    @work(thread=True, exclusive=True, group="read", exit_on_error=False)
    def _read_on_thread(self, number: int, *, anew: bool) -> None:
        def opened(workspace: Workspace, *, former: bool = False) -> None:
            # What the screen will ask for is worked out here, where no key waits for it, and remembered.
            workspace.scorecard(self._period, self._grain)
            self.post_message(self.Opened(workspace, number, former))

        def meanwhile(workspace: Workspace) -> None:
            opened(workspace, former=True)

        def tell(progress: Progress) -> None:
            self.post_message(self.Progressed(progress, number))

        try:
            if self._live is None:
                opened(self._open())
            else:
                first = self.workspace is None
                opened(self._live.open(anew=anew, meanwhile=meanwhile if first else None, tell=tell))
        except KpituiError as error:
            self.post_message(self.Failed(str(error), number))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A bug in the reading is told like whatever else stops it, or the screen would wait for ever."""
        if event.state is WorkerState.ERROR and event.worker.group == "read":
            error = event.worker.error
            self.post_message(self.Failed(f"{type(error).__name__}: {error}", self._reading))

    def on_kpitui_app_progressed(self, message: Progressed) -> None:
        if message.reading != self._reading or not self._is_reading:
            return
        self.progress = message.progress
        self.reading_sign = f"reading {message.progress.percent} %"
        screen = self.screen_stack[0]
        if isinstance(screen, ScorecardScreen):
            screen.progressed(message.progress)

    def on_kpitui_app_opened(self, message: Opened) -> None:
        if message.reading != self._reading:
            return
        if message.former and not self._is_reading:
            return
        refreshed = self.workspace is not None
        self.workspace = message.workspace
        self.reading_sign = "reading …" if message.former else ""
        if refreshed:
            self.last_record = None  # the list keeps its mark
        if self._grain is None:
            self._grain = self.workspace.usual_grain
        if self._written:
            # The reading may have begun before the record was there.
            self.workspace.reload_records()
        self._show_period()
        if not message.former:
            self._read_on()

    def _read_on(self) -> None:
        """A reading is over; what changed while it went on is read now."""
        self._is_reading = False
        if self._changed_meanwhile:
            self._read()
        elif self.workspace is not None and self._reading == 1:
            self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """The first figures stand: what the start left out is made good."""
        if not gc.isenabled():
            # What the start made stays; the collector need not look at it again and again.
            gc.freeze()
            gc.enable()
        self._prepare()

    @work(thread=True, group="prepare", exit_on_error=False)
    def _prepare(self) -> None:
        """Keep what the next start shows first, and import what the next key is likely to need."""
        if self._live is not None and self.workspace is not None:
            self._live.keep_glance(self.workspace)
        import kpitui.ui.chart.lines
        import kpitui.ui.screens.kpi

        kpitui.ui.chart.lines.get_ready()
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

    def on_kpitui_app_failed(self, message: Failed) -> None:
        if message.reading != self._reading:
            return
        self._read_on()
        screen = self.screen_stack[0]
        if self.workspace is not None:
            self.reading_sign = "not read" if self.reading_sign else ""
            if isinstance(screen, ScorecardScreen):
                screen.show_head()
            self.notify(plain_lines(message.sentence), title="Not read", severity="error", timeout=12, markup=False)
            return
        # Former figures do not stand where nothing can be opened behind them.
        self.scorecard = self.definitions = None
        self.action_scorecard()
        told = message.sentence
        self.failure = "Reading was abandoned: r reads again, q quits." if told == ABANDONED else told
        if isinstance(screen, ScorecardScreen):
            screen.failed(self.failure)

    def on_kpitui_app_files_changed(self, message: FilesChanged) -> None:
        if self._is_reading:
            self._changed_meanwhile = True
        elif message.kinds <= {"records", "typed"} and self.workspace is not None:
            self.last_record = None
            self.workspace.reload_records()
            self._show_period()
        else:
            self._read()

    def _show_period(self) -> None:
        if self.workspace is None:
            return
        self.definitions = self.workspace.definitions
        self.scorecard = self.workspace.scorecard(self._period, self._grain)
        for screen in self.screen_stack:
            if isinstance(screen, FigureScreen):
                screen.figures_changed()

    def records_changed(self) -> None:
        """A record was written: figures that depend on records, and the lists of them, are shown anew."""
        self._written += 1
        if self.workspace is not None:
            self.workspace.records_changed()
            self._show_period()

    # Actions of every screen

    @cached_property
    def drafts(self) -> Drafts:
        """What was typed and not saved, in this session or an earlier one."""
        from kpitui.workspace.drafts import Drafts

        return Drafts(self.root)

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
        self.visit("kpi", KpiScreen)

    def visit(self, name: str, begin: Callable[[], FigureScreen]) -> None:
        """Show a screen over the present one, or go back to it where that is how one came here.

        It is begun once: later it only shows other figures.
        """
        if not self.is_screen_installed(name):
            self.install_screen(begin(), name)
        screen = self.get_screen(name, FigureScreen)
        while screen in self.screen_stack[:-1]:
            self.pop_screen()
        # Before it is on screen, so that it is painted once.
        screen.figures_changed()
        if self.screen is not screen:
            screen.arriving = self.push_screen(name)

    def action_scorecard(self) -> None:
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.screen_stack[0].call_after_refresh(self._show_period)

    def action_tree(self) -> None:
        """Over the scorecard, or back to it where that is how one came here."""
        from kpitui.ui.screens.tree import TreeScreen

        if self.scorecard is None:
            return
        # Never over a KPI: what is opened from the tree goes back to the tree.
        while len(self.screen_stack) > 1 and not isinstance(self.screen, TreeScreen):
            self.pop_screen()
        self.visit("tree", TreeScreen)

    def action_kpi(self) -> None:
        if self.focused_kpi and self.scorecard:
            self.show_kpi(self.focused_kpi)

    def action_actions(self) -> None:
        from kpitui.ui.screens.actions import ActionsScreen

        if self.scorecard:
            self.visit("actions", ActionsScreen)

    async def action_back(self) -> None:
        screen = self._figure_screen()
        if screen is not None and screen.undo_view():
            return
        if len(self.screen_stack) > 1:
            self.pop_screen()
            self.screen.call_after_refresh(self._show_period)
        elif self._is_reading and self._live is not None:
            self._live.abandon()

    def _step(self, by: int) -> None:
        if self.workspace is None or self.scorecard is None:
            return
        calendar = self.workspace.definitions.calendar
        period = calendar.shift(self.scorecard.period, by)
        if period.start > self.workspace.as_of:
            self.hint("That period has not begun by the as-of date.")
            return
        if period.end.year < 1900:
            return
        self._period = period
        self._chosen = period.end
        self._show_period()

    def action_earlier(self) -> None:
        self._step(-1)

    def action_later(self) -> None:
        self._step(1)

    def _regrain(self, by: int) -> None:
        if self.workspace is None or self.scorecard is None:
            return
        wanted = self.scorecard.grain + by
        if not Grain.DAY <= wanted <= Grain.YEAR:
            end = "finest" if by < 0 else "coarsest"
            self.hint(f"{self.scorecard.grain.word.capitalize()} is the {end} grain.")
            return
        self._grain = Grain(wanted)
        # The period of the day that was last chosen, so that there and back again is no journey; else the last one
        # over by the as-of date.
        self._chosen = self._chosen or self.scorecard.period.end
        inside = self.workspace.definitions.calendar.period(self._grain, self._chosen)
        ended = self.workspace.last_ended(self._grain)
        self._period = inside if inside.end <= self.workspace.as_of else ended
        self._show_period()

    def action_finer(self) -> None:
        self._regrain(-1)

    def action_coarser(self) -> None:
        self._regrain(1)

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
            self.push_screen(Problems(self.workspace.problems))

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
        at = self._themes.index(self.theme) if self.theme in self._themes else -1
        self.theme = self._themes[(at + 1) % len(self._themes)]
        screen = self._figure_screen()
        if screen is not None:
            screen.call_after_refresh(screen.figures_changed)
            screen.call_after_refresh(screen.say, f"Theme: {self.theme}.")

    async def action_quit(self) -> None:
        """Leave; what is being typed is kept as a draft."""
        for screen in self.screen_stack:
            for entry in screen.query(Entry):
                entry.keep_draft()
        await super().action_quit()

    def action_help(self) -> None:
        from kpitui.ui.screens.help import Help

        def clicked(action_id: str | None) -> None:
            if action_id is not None:
                self.call_later(self.run_action, called(action_id, self))

        screen = self._figure_screen()
        if screen is not None:
            self.push_screen(Help(screen.PLACE), clicked)

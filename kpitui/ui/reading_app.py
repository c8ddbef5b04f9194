"""The application's part that reads: the workspace at the start, and again whatever changes while it is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.app import App
from textual.message import Message
from textual.worker import Worker, WorkerState

from kpitui.measurements.process import ABANDONED
from kpitui.problems import KpituiError, NothingToShowError
from kpitui.ui.chosen_period import ChosenPeriod
from kpitui.ui.screens.base import FigureScreen
from kpitui.ui.screens.scorecard import ScorecardScreen
from kpitui.ui.text import plain_lines
from kpitui.ui.watch import Watch

if TYPE_CHECKING:
    from kpitui.definitions.model import Definitions, Kpi
    from kpitui.measurements.progress import Progress
    from kpitui.workspace.answers import Scorecard
    from kpitui.workspace.live import Live
    from kpitui.workspace.lost import Lost
    from kpitui.workspace.opening import Workspace

    Opener = Callable[[], Workspace]
    """Opens the workspace, wherever the measurements come from; called on a thread."""


NOT_READ = "files not read (!)"
"""What the head of the screen says of figures that are those of an earlier reading."""


class ReadingApp(App[None]):
    """Base of the application: it holds the workspace, and tells the screens when there are other figures."""

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
        line: str = ""
        """The same in one line, where the sentence is longer."""

    @dataclass
    class Progressed(Message):
        """So much of it was read."""

        progress: Progress
        reading: int

    @dataclass
    class FilesChanged(Message):
        """Files of these kinds are not what was read."""

        kinds: frozenset[str]

    def __init__(self, root: Path, opener: Opener, *, live: Live | None = None) -> None:
        super().__init__()
        self.root = root
        self.workspace: Workspace | None = None
        """None until it is open, though figures may be shown before."""
        self.definitions: Definitions | None = None
        """Of what is shown, as is `scorecard`."""
        self.scorecard: Scorecard | None = None
        self.last_record: str | None = None
        """The one that is marked in the list, where one was written."""
        self.progress: Progress | None = None
        """How far the reading is, as it was last told."""
        self.reading_sign = ""
        """What the head of the screen says of figures that may be old: they are being read."""
        self.failure: str | None = None
        """Why nothing can be shown."""
        self.focused_kpi: str | None = None
        """The id of the KPI that somebody is at: whoever sits here changes it, and no reading does."""
        self.not_read: str | None = None
        """Why the latest reading gave nothing, where the figures of an earlier one are shown."""
        self._former: dict[str, Kpi] = {}
        """KPIs that an earlier reading knew and the present one does not."""
        self._open = opener
        self._live = live
        self._reading = 0
        """The number of the latest reading; what comes of earlier ones is not taken."""
        self._is_reading = False
        self._changed_meanwhile = False
        self._written = 0
        self._watch = Watch(lambda: self.workspace, lambda kinds: self.post_message(self.FilesChanged(kinds)))
        self._chosen = ChosenPeriod()
        glance = live.glance if live is not None else None
        if glance is not None:
            self.definitions, self.scorecard = glance.definitions, glance.scorecard
            self.reading_sign = "" if glance.holds(root) else "reading …"

    def begin_reading(self) -> None:
        """Open the workspace, and look from now on whether its files change."""
        if self.scorecard is None:
            self._read()
        else:
            # Opening the workspace would compete with the first screen.
            self.call_after_refresh(self._read)
        self._watch.start()

    def on_unmount(self) -> None:
        """Threads that wait for something are let go: the program ends only with them."""
        self._watch.stop()
        if self._live is not None:
            self._live.end()

    @property
    def abandoned(self) -> str:
        """What to say where somebody did not wait for the reading."""
        raise NotImplementedError

    def first_figures_stand(self) -> None:
        """The first reading is over, and what it gave is on screen."""
        raise NotImplementedError

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
            workspace.scorecard(self._chosen.period, self._chosen.grain)
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
        except NothingToShowError as error:
            self.post_message(self.Failed(str(error), number, error.first))
        except KpituiError as error:
            self.post_message(self.Failed(str(error), number))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A bug in the reading is told like whatever else stops it, or the screen would wait for ever."""
        if event.state is WorkerState.ERROR and event.worker.group == "read":
            error = event.worker.error
            self.post_message(self.Failed(f"{type(error).__name__}: {error}", self._reading))

    def on_reading_app_progressed(self, message: Progressed) -> None:
        if message.reading != self._reading or not self._is_reading:
            return
        self.progress = message.progress
        self.reading_sign = f"reading {message.progress.percent} %"
        screen = self.screen_stack[0]
        if isinstance(screen, ScorecardScreen):
            screen.progressed(message.progress)

    def on_reading_app_opened(self, message: Opened) -> None:
        if message.reading != self._reading:
            return
        if message.former and not self._is_reading:
            return
        refreshed = self.workspace is not None
        self.workspace = message.workspace
        self.reading_sign = "reading …" if message.former else ""
        self.not_read = None
        if refreshed:
            self.last_record = None  # the list keeps its mark
        if self._chosen.grain is None:
            self._chosen.grain = self.workspace.usual_grain
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
            self.call_after_refresh(self.first_figures_stand)

    def on_reading_app_failed(self, message: Failed) -> None:
        if message.reading != self._reading:
            return
        self._read_on()
        screen = self.screen_stack[0]
        if self.workspace is not None:
            # Said as long as it is so: who was not looking would take the figures for today's.
            self.not_read, self.reading_sign = message.sentence, NOT_READ
            self.notify(plain_lines(message.sentence), title="Not read", severity="error", timeout=12, markup=False)
            for shown in self.screen_stack:
                if isinstance(shown, FigureScreen):
                    shown.reading_failed(message.line or message.sentence)
            return
        # Former figures do not stand where nothing can be opened behind them.
        self.scorecard = self.definitions = None
        self._to_scorecard()
        told = message.sentence
        self.failure = self.abandoned if told == ABANDONED else told
        if isinstance(screen, ScorecardScreen):
            screen.failed(self.failure)

    def on_reading_app_files_changed(self, message: FilesChanged) -> None:
        if self._is_reading:
            self._changed_meanwhile = True
        elif message.kinds <= {"records", "typed"} and self.workspace is not None:
            self.last_record = None
            self.workspace.reload_records()
            self._show_period()
        else:
            self._read()

    def _to_scorecard(self) -> None:
        """Close all screens over it."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def _show_period(self) -> None:
        if self.workspace is None:
            return
        self._keep_former(self.definitions, self.workspace.definitions)
        self.definitions = self.workspace.definitions
        self.scorecard = self.workspace.scorecard(self._chosen.period, self._chosen.grain)
        for screen in self.screen_stack:
            if isinstance(screen, FigureScreen):
                screen.figures_changed()
                screen.tell_of_definition()

    def _keep_former(self, before: Definitions | None, now: Definitions) -> None:
        """Remember the KPIs that are not defined any more: somebody may be at one of them."""
        if before is not None and before is not now:
            self._former.update((id_, kpi) for id_, kpi in before.kpis.items() if id_ not in now.kpis)

    def lost(self, kpi_id: str | None) -> Lost | None:
        """What became of a KPI that has no definition; None where it has one, or nothing is open."""
        if self.workspace is None or kpi_id is None or kpi_id in self.workspace.definitions.kpis:
            return None
        from kpitui.workspace.lost import lost

        return lost(self.workspace, kpi_id, self._former.get(kpi_id))

    def records_changed(self) -> None:
        """A record was written: figures that depend on records, and the lists of them, are shown anew."""
        self._written += 1
        if self.workspace is not None:
            self.workspace.records_changed()
            self._show_period()

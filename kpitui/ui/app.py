"""The application: it wires the workspace to the screens and decides nothing about figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from textual import work
from textual.app import App
from textual.binding import Binding
from textual.message import Message

from kpitui.periods import Grain, Period
from kpitui.problems import KpituiError
from kpitui.shipped import shipped
from kpitui.ui import themes
from kpitui.ui.keys import Place, bindings
from kpitui.ui.screens.base import FigureScreen
from kpitui.ui.screens.scorecard import ScorecardScreen
from kpitui.ui.text import plain
from kpitui.workspace.answers import Scorecard
from kpitui.workspace.opening import Workspace

Opener = Callable[[], Workspace]
"""Opens the workspace, wherever the measurements come from; called on a thread."""


class KpituiApp(App[None]):
    """One workspace on screen."""

    CSS = "Screen { background: $background; color: $foreground; } ToastRack { margin-bottom: 1; }"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [*bindings("everywhere"), Binding("ctrl+q", "quit", show=False)]

    @dataclass
    class Opened(Message):
        """The workspace was read."""

        workspace: Workspace

    @dataclass
    class Failed(Message):
        """The workspace cannot be shown."""

        sentence: str

    def __init__(self, root: Path, opener: Opener, notice: str | None = None) -> None:
        super().__init__()
        self.root = root
        self.title = plain(root.resolve().name)
        self.workspace: Workspace | None = None
        self.scorecard: Scorecard | None = None
        self.focused_kpi: str | None = None
        self.last_record: str | None = None
        self._open = opener
        self._notice = notice
        self._period: Period | None = None
        self._grain: Grain | None = None
        self.failure: str | None = None
        """Why nothing can be shown."""
        found, self._theme_problems = themes.load(shipped("themes"))
        for theme in found:
            self.register_theme(theme)
        self._themes = [theme.name for theme in found] or [self.theme]
        self.theme = self._themes[0]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.defaults()

    def get_default_screen(self) -> ScorecardScreen:
        return ScorecardScreen()

    def on_mount(self) -> None:
        self._read()
        if self._notice:
            self.notify(plain(self._notice), timeout=8, markup=False)
        if self._theme_problems:
            told = "\n".join(str(problem) for problem in self._theme_problems)
            self.notify(plain(told), title="Themes", severity="warning", markup=False)

    # Reading

    @work(thread=True, exclusive=True, group="read", exit_on_error=False)
    def _read(self) -> None:
        try:
            workspace = self._open()
        except KpituiError as error:
            self.post_message(self.Failed(str(error)))
        else:
            self.post_message(self.Opened(workspace))

    def on_kpitui_app_opened(self, message: Opened) -> None:
        self.workspace = message.workspace
        if self._grain is None:
            self._grain = self.workspace.usual_grain
        self._show_period()

    def on_kpitui_app_failed(self, message: Failed) -> None:
        if self.workspace is not None:
            self.notify(plain(message.sentence), title="Not read", severity="error", timeout=12, markup=False)
            return
        self.failure = message.sentence
        screen = self.screen_stack[0]
        if isinstance(screen, ScorecardScreen):
            screen.failed(message.sentence)

    def _show_period(self) -> None:
        if self.workspace is None:
            return
        self.scorecard = self.workspace.scorecard(self._period, self._grain)
        for screen in self.screen_stack:
            if isinstance(screen, FigureScreen):
                screen.figures_changed()

    def records_changed(self) -> None:
        """A record was written: figures that depend on records, and the lists of them, are shown anew."""
        if self.workspace is not None:
            self.workspace.records_changed()
            self._show_period()

    # Actions of every screen

    def _figure_screen(self) -> FigureScreen | None:
        return self.screen if isinstance(self.screen, FigureScreen) else None

    def show_kpi(self, kpi_id: str) -> None:
        """Open the drill-down of a KPI."""
        from kpitui.ui.screens.kpi import KpiScreen

        self.focused_kpi = kpi_id
        self.last_record = None
        if isinstance(self.screen, ScorecardScreen):
            # Installed once, so that it is composed once: later it only shows another KPI.
            if not self.is_screen_installed("kpi"):
                self.install_screen(KpiScreen(), "kpi")
            self.push_screen("kpi")

    def action_scorecard(self) -> None:
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.screen_stack[0].call_after_refresh(self._show_period)

    def action_kpi(self) -> None:
        if self.focused_kpi and self.scorecard:
            self.show_kpi(self.focused_kpi)

    async def action_back(self) -> None:
        if len(self.screen_stack) > 1:
            self.action_scorecard()

    def _step(self, by: int) -> None:
        if self.workspace is None or self.scorecard is None:
            return
        calendar = self.workspace.definitions.calendar
        period = calendar.shift(self.scorecard.period, by)
        if period.start > self.workspace.as_of:
            self.notify("That period has not begun by the as-of date.")
            return
        if period.end.year < 1900:
            return
        self._period = period
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
            self.notify(f"{self.scorecard.grain.word.capitalize()} is the {end} grain.", markup=False)
            return
        self._grain = Grain(wanted)
        # The period that ends with the shown one, or the last one over by the as-of date.
        inside = self.workspace.definitions.calendar.period(self._grain, self.scorecard.period.end)
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
        from kpitui.ui.screens.kpi import KpiScreen

        if isinstance(self.screen, ScorecardScreen | KpiScreen):
            self.screen.step_exception(by)

    def action_problems(self) -> None:
        from kpitui.ui.screens.problems import Problems

        if self.workspace is not None:
            self.push_screen(Problems(self.workspace.problems))

    def action_reload(self) -> None:
        self.notify("Reading all files again …", timeout=2)
        self._read()

    def action_theme(self) -> None:
        at = self._themes.index(self.theme) if self.theme in self._themes else -1
        self.theme = self._themes[(at + 1) % len(self._themes)]
        screen = self._figure_screen()
        if screen is not None:
            screen.call_after_refresh(screen.figures_changed)

    def action_help(self) -> None:
        from kpitui.ui.screens.help import Help

        place: Place = "scorecard" if isinstance(self.screen, ScorecardScreen) else "kpi"
        self.push_screen(Help(place))

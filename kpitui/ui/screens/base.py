"""What every screen on figures has: a KPI in focus, a line to write records in, and the keys for both."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from kpitui.problems import KpituiError
from kpitui.ui.keys import AT_ONCE, Place
from kpitui.ui.text import plain
from kpitui.ui.widgets.entry import Entry
from kpitui.workspace.numbers import period_name

if TYPE_CHECKING:
    from kpitui.definitions.model import Kpi
    from kpitui.periods import Period
    from kpitui.records.store import Saved
    from kpitui.ui.app import KpituiApp
    from kpitui.workspace.answers import Row


_Kind = TypeVar("_Kind", bound=Widget)

FEWEST_COLUMNS, FEWEST_ROWS = 60, 16


class FigureScreen(Screen[None]):
    """Base of the scorecard and the KPI screen."""

    DEFAULT_CSS = """
    FigureScreen { layers: default entry; }
    FigureScreen > #small { display: none; width: 100%; height: 100%; content-align: center middle; }
    FigureScreen.too-small > * { display: none; }
    FigureScreen.too-small > #small { display: block; }
    """
    app: KpituiApp
    PLACE: ClassVar[Place]
    """Which keys of the table are this screen's."""

    def too_small(self) -> Static:
        """What is shown instead where the terminal has no room; every screen yields it."""
        return Static(id="small")

    def on_resize(self) -> None:
        width, height = self.size
        told = f"{width}×{height} is too small: {FEWEST_COLUMNS}×{FEWEST_ROWS} at least."
        self.query_one("#small", Static).update(told, layout=False)
        self.set_class(width < FEWEST_COLUMNS or height < FEWEST_ROWS, "too-small")

    arriving: Awaitable[object] | None = None
    """Done when the screen's widgets are there, of one that is pushed."""

    async def complete(self) -> None:
        """Wait for what is not there yet, and add what the first paint does without."""
        if self.arriving is not None:
            await self.arriving

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where one types, letters are text; Textual asks for actions that are done at once before it types them."""
        return action not in AT_ONCE or not isinstance(self.focused, Input)

    def ready(self, kind: type[_Kind]) -> _Kind | None:
        """The screen's widget of that kind, once it is there: some come after the first paint."""
        return next((widget for widget in self.query(kind) if widget.is_mounted), None)

    @property
    def focus_row(self) -> Row | None:
        """The KPI that a record would be about."""
        raise NotImplementedError

    def figures_changed(self) -> None:
        """The figures or the records were read again, or the period is another one."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Show one line, such as where a record went, without covering anything."""
        raise NotImplementedError

    def echo(self, kind: str, text: str) -> str:
        """What a quick line will become."""
        if self.app.workspace is None:
            raise ValueError("the workspace is still being read")
        if kind != "value":
            return self.app.workspace.journal.echo(kind, text)
        kpi, period = self._to_type()
        try:
            return self.app.workspace.value_echo(kpi, period, text)
        except KpituiError as error:
            raise ValueError(str(error)) from None

    _typing: tuple[str, Period] | None = None
    """The KPI and the period that a value is being typed for."""

    def _to_type(self) -> tuple[Kpi, Period]:
        assert self._typing is not None
        assert self.app.workspace is not None
        kpi_id, period = self._typing
        return self.app.workspace.kpi(kpi_id), period

    async def _begin(self, kind: str) -> None:
        await self.complete()
        row = self.focus_row
        if row is None:
            self.say("Put the cursor on a KPI first.")
            return
        self.query_one(Entry).begin(kind, row.kpi.id, row.kpi.name)

    async def action_note(self) -> None:
        await self._begin("note")

    async def action_cause(self) -> None:
        await self._begin("cause")

    async def action_action(self) -> None:
        await self._begin("action")

    async def action_decision(self) -> None:
        await self._begin("decision")

    async def action_figure(self) -> None:
        """Type in the figure of the KPI in focus, or say where it comes from."""
        await self.complete()
        row, workspace, scorecard = self.focus_row, self.app.workspace, self.app.scorecard
        if row is None or workspace is None or scorecard is None:
            self.say("Put the cursor on a KPI first.")
        elif not row.manual:
            self.say(f"{workspace.origin(row.kpi)}.")
        else:
            period = workspace.period_to_type(row.kpi, scorecard.period)
            self._typing = row.kpi.id, period
            name = f"{row.kpi.name} · {period_name(period, workspace.definitions.locale)}"
            self.query_one(Entry).begin("value", row.kpi.id, name, period.id)

    def on_entry_written(self, message: Entry.Written) -> None:
        """Save; the line closes only once the record is on disk."""
        workspace, scorecard = self.app.workspace, self.app.scorecard
        if workspace is None or scorecard is None:
            return
        row = next((row for row in scorecard.rows if row.kpi.id == message.kpi), None)
        if row is None:
            return
        try:
            said = self.write(message.kind, row, message.text)
        except KpituiError as error:
            self.notify(plain(str(error)), title="Not saved", severity="error", timeout=12, markup=False)
            return
        self.query_one(Entry).saved()
        self.app.records_changed()
        self.say(said)

    def write(self, kind: str, row: Row, text: str) -> str:
        """Write the line down and tell where it went; KpituiError where that fails."""
        workspace = self.app.workspace
        assert workspace is not None
        if kind == "value":
            place = workspace.save_value(*self._to_type(), text)
            return f"saved {place.path}:{place.line}"
        return self.saved(workspace.record(kind, row, text))

    def saved(self, saved: Saved) -> str:
        """The record is the marked one from now on."""
        self.app.last_record = saved.id
        return saved_line(saved)

    def step_exception(self, by: int) -> None:
        """Go to the next KPI that needs talk, or the one before."""
        raise NotImplementedError

    def undo_view(self) -> bool:
        """Take back how the figures are looked at, by one step; False where there is nothing to take back."""
        return False


def saved_line(saved: Saved) -> str:
    """Where a record went: `saved reviews/2026-10-monthly.toml:88`; and whose version stands beside it."""
    line = f"saved {saved.path}:{saved.line}"
    if saved.conflict is not None:
        line += f" · {saved.conflict.by} changed {saved.conflict.id} meanwhile: both versions are kept"
    return line

"""What every screen on figures has: a KPI in focus, a line to write records in, and the keys for both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from kpitui.problems import KpituiError
from kpitui.ui.keys import AT_ONCE, Place
from kpitui.ui.screens.copying import CopyingScreen
from kpitui.ui.text import plain
from kpitui.ui.trimming import TrimmingCompositor
from kpitui.workspace.numbers import period_name

if TYPE_CHECKING:
    from kpitui.definitions.model import Kpi
    from kpitui.periods import Period
    from kpitui.records.store import Saved
    from kpitui.ui.widgets.entry import Entry
    from kpitui.workspace.answers import Row
    from kpitui.workspace.entries import Entry as RecordEntry
    from kpitui.workspace.lost import Lost


_Kind = TypeVar("_Kind", bound=Widget)

FEWEST_COLUMNS, FEWEST_ROWS = 60, 16


class FigureScreen(CopyingScreen):
    """Base of the scorecard and the KPI screen."""

    DEFAULT_CSS = """
    FigureScreen { layers: default entry; }
    FigureScreen > #small { display: none; width: 100%; height: 100%; content-align: center middle; }
    FigureScreen.too-small { overflow: hidden; }
    FigureScreen.too-small > * { display: none; }
    FigureScreen.too-small > #small { display: block; }
    """
    focused = Reactive[Widget | None](None, repaint=False)
    """Textual's own has the whole screen painted when another widget has the focus; those two are painted anyway."""
    PLACE: ClassVar[Place]
    """Which keys of the table are this screen's."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = TrimmingCompositor()

    def too_small(self) -> Static:
        """What is shown instead where the terminal has no room; every screen yields it."""
        return Static(id="small")

    def on_resize(self) -> None:
        width, height = self.size
        told = f"{width}×{height} is too small: {FEWEST_COLUMNS}×{FEWEST_ROWS} at least."
        self.query_one("#small", Static).update(told, layout=False)
        self.set_class(not self.can_be_seen, "too-small")

    @property
    def can_be_seen(self) -> bool:
        """The terminal has room for the screen; keys would do things unseen where it has none."""
        width, height = self.app.size
        return width >= FEWEST_COLUMNS and height >= FEWEST_ROWS

    arriving: Awaitable[object] | None = None
    """Done when the screen's widgets are there, of one that is pushed."""

    async def complete(self) -> None:
        """Wait for what is not there yet, and add what the first paint does without."""
        if self.arriving is not None:
            await self.arriving

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where one types, letters are text; Textual asks for actions that are done at once before it types them."""
        return self.can_be_seen and (action not in AT_ONCE or not isinstance(self.focused, Input))

    def ready(self, kind: type[_Kind]) -> _Kind | None:
        """The screen's widget of that kind, once it is there: some come after the first paint."""
        return next((widget for widget in self.query(kind) if widget.is_mounted), None)

    @property
    def in_hand(self) -> bool:
        """The keys go to this screen: no other one is over it. Textual's `is_current` is true of the one below, too."""
        return self.app.screen is self

    def _subject(self, kpi_id: str) -> Row | Lost:
        """What a record on the KPI is about; KpituiError while that is not known."""
        about = self.row_of(kpi_id) or self.app.lost(kpi_id)
        if about is None or self.app.workspace is None:
            raise KpituiError("The workspace is still being read: the text is kept.")
        return about

    def reading_failed(self, line: str) -> None:
        """The files were read again and gave nothing; what is shown is from before."""
        self.figures_changed()
        super().reading_failed(line)

    def figures_changed(self) -> None:
        """The figures or the records were read again, or the period is another one."""
        raise NotImplementedError

    def _entry(self) -> Entry:
        """The line that records are written in."""
        # Imported with the first of them: it brings Textual's text area, which the first paint does without.
        from kpitui.ui.widgets.entry import Entry

        return self.query_one(Entry)

    def echo(self, kind: str, text: str) -> str:
        """What a quick line will become."""
        if self.app.workspace is None:
            raise ValueError("the workspace is still being read")
        if kind != "value":
            return self.app.workspace.journal.echo(kind, text)
        try:
            return self.app.workspace.value_echo(*self._to_type(), text)
        except KpituiError as error:
            raise ValueError(str(error)) from None

    _typing: tuple[str, Period] | None = None
    """The KPI and the period that a value is being typed for."""

    def _to_type(self) -> tuple[Kpi, Period]:
        assert self._typing is not None
        assert self.app.workspace is not None
        kpi_id, period = self._typing
        return self.defined(kpi_id), period

    def defined(self, kpi_id: str) -> Kpi:
        """The KPI as it is defined now; KpituiError, with what to do, where it has no definition any more."""
        assert self.app.workspace is not None
        gone = self.app.lost(kpi_id)
        if gone is not None:
            raise KpituiError(f"{gone.said}.")
        return self.app.workspace.kpi(kpi_id)

    async def _begin(self, kind: str) -> None:
        await self.complete()
        self._with_kpi(lambda about: self._entry().begin(kind, about.kpi.id, about.kpi.name))

    def _with_kpi(self, go_on: Callable[[Row | Lost], None]) -> None:
        """Go on with the KPI in focus. Where none is it is asked for: what is typed next must not run as keys."""
        about = self.focus_row or self.focus_lost
        if about is not None:
            go_on(about)
            return
        from kpitui.ui.screens.which_kpi import WhichKpi

        def chosen(kpi_id: str | None) -> None:
            if kpi_id is None:
                return
            try:
                about = self._subject(kpi_id)
            except KpituiError as error:
                self.say(str(error))
                return
            go_on(about)

        self.app.push_screen(WhichKpi(self.kpis_to_write_on()), chosen)

    def _with_figures(self, go_on: Callable[[Row], None]) -> None:
        """The same where figures are needed: of a KPI without a definition why there are none is said."""
        from kpitui.workspace.lost import Lost

        def of(about: Row | Lost) -> None:
            if isinstance(about, Lost):
                self.say(f"{about.said}.")
            else:
                go_on(about)

        self._with_kpi(of)

    def kpis_to_write_on(self) -> list[Kpi]:
        """What can be chosen where no KPI is in focus."""
        return list(self.app.definitions.kpis.values()) if self.app.definitions else []

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
        self._with_figures(self._type_figure)

    def _type_figure(self, row: Row) -> None:
        workspace, scorecard = self.app.workspace, self.app.scorecard
        if workspace is None or scorecard is None:
            self.say_why_not()
        elif not row.manual:
            self.say(f"{workspace.origin(row.kpi)}.")
        else:
            period = workspace.period_to_type(row.kpi, scorecard.period)
            self._typing = row.kpi.id, period
            name = f"{row.kpi.name} · {period_name(period, workspace.definitions.locale)}"
            self._entry().begin("value", row.kpi.id, name, period.id)

    def on_entry_written(self, message: Entry.Written) -> None:
        """Save; the line closes only once the record is on disk."""
        try:
            said = self.write(message.kind, self._subject(message.kpi), message.text)
        except KpituiError as error:
            self.not_saved(error)
            return
        self._entry().saved()
        self.app.records_changed()
        self.say(said)

    def row_of(self, kpi_id: str) -> Row | None:
        """The KPI's row in the period that a record would be about."""
        scorecard = self.app.scorecard
        return next((row for row in scorecard.rows if row.kpi.id == kpi_id), None) if scorecard else None

    def write(self, kind: str, about: Row | Lost, text: str) -> str:
        """Write the line down and tell where it went; KpituiError where that fails."""
        from kpitui.workspace.lost import Lost, record

        workspace, scorecard = self.app.workspace, self.app.scorecard
        assert workspace is not None
        assert scorecard is not None
        if kind == "private":
            return self._keep_private(about.kpi, text)
        if kind == "value":
            place = workspace.save_value(*self._to_type(), text)
            return f"saved {place.path}:{place.line}"
        if isinstance(about, Lost):
            return self.saved(record(workspace, about, kind, text, scorecard.period))
        return self.saved(workspace.record(kind, about, text))

    def saved(self, saved: Saved) -> str:
        """The record is the marked one from now on."""
        self.app.last_record = saved.id
        return saved_line(saved)

    # For oneself

    async def action_private(self) -> None:
        """Write a remark that stays on this machine."""
        await self.complete()
        self._with_kpi(lambda about: self._begin_private(about.kpi))

    def _begin_private(self, kpi: Kpi) -> None:
        from kpitui.workspace.private import PrivateRemarks

        workspace = self.app.workspace
        assert workspace is not None
        try:
            there = PrivateRemarks(self.app.root).get(workspace.journal.review_of(kpi).id, kpi.id)
        except KpituiError as error:
            self.not_saved(error)
            return
        self._entry().begin("private", kpi.id, kpi.name, text=there)

    def _keep_private(self, kpi: Kpi, text: str) -> str:
        from kpitui.workspace.private import PrivateRemarks

        assert self.app.workspace is not None
        review = self.app.workspace.journal.review_of(kpi).id
        PrivateRemarks(self.app.root).put(review, kpi.id, "" if text.strip() == "-" else text)
        return f"Kept on this machine only, for {review}; {self.app.key('write.memo')} shows it again."

    # Verdicts and targets

    def rows_for_verdict(self) -> list[Row]:
        """The KPIs that a verdict would be on."""
        row = self.focus_row
        return [row] if row is not None else []

    def verdicts_given(self) -> None:
        """They are on disk."""

    def action_verdict(self) -> None:
        """Choose a verdict; the proposed one is marked."""
        if rows := self.rows_for_verdict():
            self._choose_verdict(rows)
        else:
            self._with_figures(lambda row: self._choose_verdict([row]))

    def _choose_verdict(self, rows: list[Row]) -> None:
        from kpitui.ui.screens.verdict import VerdictChooser
        from kpitui.workspace.sessions import proposed_for

        workspace = self.app.workspace
        assert workspace is not None
        held = self.app.meeting.session if self.app.meeting is not None else None
        one = proposed_for(workspace, held, rows[0]) if len(rows) == 1 else None
        title = rows[0].kpi.name if len(rows) == 1 else f"{len(rows)} KPIs"
        ids = [row.kpi.id for row in rows]

        def chosen(word: str | None) -> None:
            if word is not None:
                self._give(ids, word)

        self.app.push_screen(VerdictChooser(title, one), chosen)

    def _give(self, ids: list[str], chosen: str) -> None:
        from kpitui.records.model import VERDICTS
        from kpitui.workspace.deciding import verdicts_by_review

        workspace, meeting = self.app.workspace, self.app.meeting
        assert workspace is not None
        word = next((word for word in VERDICTS if word == chosen), None)
        try:
            kpis = [self.defined(kpi_id) for kpi_id in ids]
            if meeting is not None and all(kpi in meeting.session.rows for kpi in ids):
                saved = meeting.session.give_verdicts(ids, word)
            else:
                assert word is not None  # each its own is for the review screen
                saved = verdicts_by_review(workspace, kpis, word)
        except KpituiError as error:
            self.not_saved(error)
            return
        self.app.records_changed()
        many = f" for {len(saved)} KPIs" if len(saved) > 1 else ""
        self.say(f"{chosen}{many}: {saved_line(saved[0])}")
        self.verdicts_given()

    def action_revise_target(self) -> None:
        """A form for another target."""
        self._with_figures(self._revise_target_of)

    def _revise_target_of(self, row: Row) -> None:
        from kpitui.ui.screens.details import Details
        from kpitui.workspace.deciding import revise_target, target_fields, target_now

        workspace = self.app.workspace
        assert workspace is not None
        kpi_id, said = row.kpi.id, ""

        def save(values: dict[str, str], _shown: dict[str, str]) -> str | None:
            nonlocal said
            workspace = self.app.workspace  # it may have been read again
            assert workspace is not None
            try:
                self.defined(kpi_id)
                row = self.row_of(kpi_id)
                assert row is not None
                said = saved_line(revise_target(workspace, row, values))
            except KpituiError as error:
                return plain(str(error))
            return None

        def closed(saved: bool | None) -> None:
            if saved:
                self.app.records_changed()
                self.call_after_refresh(self.say, said)

        entry = workspace.journal.new_entry("target", row.kpi)
        fields = target_fields(workspace, row.kpi, row.point.period)
        first = next(field.key for field in fields if field.key in ("value", "low"))
        self.app.push_screen(Details(entry, fields, save, first=first, told=target_now(workspace, row)), closed)

    # The form of a record

    def open_form(self, entry: RecordEntry) -> None:
        """All fields of a record that is there, to be changed."""
        from kpitui.ui.screens.details import Details

        assert self.app.workspace is not None
        journal = self.app.workspace.journal
        record = journal.record(entry.id)
        said = ""

        def save(values: dict[str, str], shown: dict[str, str]) -> str | None:
            nonlocal said
            workspace = self.app.workspace  # it may have been read again
            assert workspace is not None
            try:
                saved = workspace.change(entry.id, values, base=workspace.journal.with_values(record, shown))
            except KpituiError as error:
                self.app.records_changed()  # what others wrote has been read
                return plain(str(error))
            said = saved_line(saved)
            if saved.id != entry.id:
                self._tell_of_another(entry.id, saved)
            return None

        def closed(saved: bool | None) -> None:
            if saved:
                self.app.records_changed()
                self.call_after_refresh(self.say, said)

        self.app.push_screen(Details(entry, journal.fields(entry.id), save), closed)

    def _tell_of_another(self, record_id: str, saved: Saved) -> None:
        """What was typed is another record than the one that the form was of; why."""
        from kpitui.workspace.forms import two_versions

        if saved.conflict is not None:
            title, told = "Changed by two", two_versions(saved.conflict, saved.record)
        else:
            title, told = "Taken back meanwhile", f"{record_id} was taken back: yours is a new record, {saved.id}."
        lines = "\n".join(plain(line) for line in told.split("\n"))
        self.notify(lines, title=title, severity="warning", timeout=20, markup=False)

    def not_saved(self, error: KpituiError) -> None:
        """Say why; what was typed is still there."""
        self.notify(plain(str(error)), title="Not saved", severity="error", timeout=12, markup=False)

    def step_exception(self, by: int) -> None:
        """Go to the next KPI that needs talk, or the one before."""
        raise NotImplementedError

    def minute_passed(self) -> None:
        """The clock of the review that is held shows another minute."""

    def undo_view(self) -> bool:
        """Take back how the figures are looked at, by one step; False where there is nothing to take back."""
        return False


def saved_line(saved: Saved) -> str:
    """Where a record went: `saved reviews/2026-10-monthly.toml:88`."""
    return f"saved {saved.path}:{saved.line}"

"""The scorecard: what is off and why it deserves talk, in the order of the meeting."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import AwaitMount
from textual.widgets import Static

from kpitui.definitions.model import Definitions
from kpitui.measurements.progress import Progress
from kpitui.periods import Period
from kpitui.ui.columns import BY_ID, USUAL, Context
from kpitui.ui.keys import bindings
from kpitui.ui.screens.base import FigureScreen
from kpitui.ui.screens.copying import Copied
from kpitui.ui.text import clipped, content, fit, plain, width, wrapped
from kpitui.ui.widgets.filter_line import FilterLine, Rule
from kpitui.ui.widgets.foot import Foot
from kpitui.ui.widgets.grid import Grid, Table
from kpitui.ui.widgets.line import Line
from kpitui.ui.widgets.score_head import ScoreHead
from kpitui.workspace.answers import Row
from kpitui.workspace.chosen_columns import ChosenColumns
from kpitui.workspace.empty import why_no_figures, why_no_rows
from kpitui.workspace.grouping import GROUPING_NAME
from kpitui.workspace.looks import Look, Looks, Shown, Viewer
from kpitui.workspace.lost import Lost
from kpitui.workspace.sorting import SORTS
from kpitui.workspace.wording import STATUS_WORD, background, spoken

BAR = 30
"""Cells."""
_FIRST_IN_FOOT = ("drill", "earlier", "later", "note", "cause", "action", "filter")


class ScorecardScreen(FigureScreen):
    """Grid, and under it the sentence on the KPI at the cursor."""

    DEFAULT_CSS = """
    ScorecardScreen > #spoken { height: 2; padding: 0 1; }
    ScorecardScreen > #waiting { height: 1fr; content-align: center middle; color: $foreground; }
    ScorecardScreen #main { display: none; }
    """
    PLACE = "scorecard"
    BINDINGS = bindings(PLACE, "write")
    AUTO_FOCUS = "#main"

    def __init__(self) -> None:
        super().__init__()
        self._late: tuple[AwaitMount, ...] = ()
        """What is added after the first paint, once that has begun."""
        self._looks = Looks()
        self._viewer: Viewer | None = None
        self._said: tuple[str | None, str] | None = None
        """What was said last, and of which KPI."""
        self._absent = ""
        """Why the KPI that the cursor was on is not shown; the cursor is on none then."""
        self._looked_at: tuple[Look, Period] | None = None
        """How, and at which period, when the rows were shown last."""
        self._followed: str | None = None
        """The KPI in focus when the cursor last moved."""

    def compose(self) -> ComposeResult:
        yield self.too_small()
        yield ScoreHead(id="head")
        yield Static(id="waiting")
        yield Grid(self._moved, id="main")
        yield Rule(id="rule")
        yield Line(id="spoken")
        yield Foot("scorecard", "write", "everywhere", first=_FIRST_IN_FOOT)

    async def complete(self) -> None:
        """Add the lines to type in: they cost a fifth of the time until the first figures are painted."""
        from kpitui.ui.widgets.entry import Entry

        if not self._late:
            line = self.query_one(Rule).mount(FilterLine(self.filter_by))
            self._late = line, self.mount(Entry(self.echo), after="#head")
        if self.ready(FilterLine) is None or self.ready(Entry) is None:
            for mounting in self._late:
                await mounting

    async def _painted(self) -> None:
        await self.complete()
        self.figures_changed()

    def on_mount(self) -> None:
        if self._columns.damaged:
            told = "The columns that were chosen cannot be read: the usual ones are shown."
            self.notify(told, severity="warning", markup=False)
        self.query_one(ScoreHead).show(content(self.app.title))
        if self.app.failure is not None:
            self.failed(self.app.failure)
        else:
            self.query_one("#waiting", Static).update(content(f"Reading {self.app.root.name} …"))
            # Told before there was a screen to show it.
            if self.app.progress is not None:
                self.progressed(self.app.progress)
        if self.app.scorecard is not None:
            self.figures_changed()

    def failed(self, sentence: str) -> None:
        """Nothing can be shown."""
        lines = wrapped(sentence, max(20, self.size.width - 4))
        self.query_one(Grid).display = False
        self.query_one(ScoreHead).show(content(self.app.title))
        self.query_one("#spoken", Line).show(Content(""))
        waiting = self.query_one("#waiting", Static)
        waiting.display = True
        waiting.update(Content("\n").join(Content(plain(line)) for line in lines))

    def progressed(self, progress: Progress) -> None:
        """So much is read: as a bar while nothing is shown, else as a number in the head."""
        if self.app.scorecard is not None:
            self.show_head()
            return
        full = BAR * progress.percent // 100
        bar = Content.assemble(("█" * full, "$accent"), ("░" * (BAR - full), "$panel"), f" {progress.percent:3} %")
        doing = "Looking for duplicates in" if progress.again else "Reading"
        file = fit(progress.file, min(width(plain(progress.file)), max(10, self.size.width - len(doing) - 5)))
        waiting = Content("\n").join(
            [Content(f"{doing} {file} …"), bar, Content.styled(f"{self.app.key('back')} abandons it", "dim")]
        )
        self.query_one("#waiting", Static).update(waiting)

    # What is shown

    @property
    def focus_row(self) -> Row | None:
        return self.query_one(Grid).row

    def figures_changed(self) -> None:
        self._show_rows()
        self.show_head()

    def _show_rows(self) -> None:
        """The rows as they are looked at now, and what is said of that; the head is of all rows."""
        scorecard, definitions = self.app.scorecard, self.app.definitions
        if scorecard is None or definitions is None:
            return
        self.query_one("#waiting", Static).display = False
        grid = self.query_one(Grid)
        first_time = not grid.display
        grid.display = True
        look = self._looks.now
        elsewhere = self.app.focused_kpi if self.app.focused_kpi != self._followed else None
        seen = self._view(definitions).shown(scorecard, look)
        self._absent = self._why_absent(seen, (look, scorecard.period))
        grid.show(
            Table(
                groups=seen.groups,
                context=Context(
                    definitions, scorecard.as_of, scorecard.grain, over=scorecard.period.end <= scorecard.as_of
                ),
                order=look.order,
                columns=self._columns.ids or USUAL,
                empty=why_no_rows(scorecard, look, seen, definitions, self.app.key),
            ),
            lost=bool(self._absent),
        )
        if self._absent:
            self._followed = None  # where it comes back, the cursor goes back to it
        elif elsewhere is not None:
            grid.focus_kpi(elsewhere)
        if first_time:
            grid.focus()
            self.call_after_refresh(self._painted)
        missing = why_no_figures(scorecard, definitions, self.app.key)
        if (line := self.ready(FilterLine)) is not None:
            line.tell(look, seen, len(scorecard.rows), missing, self.size.width - 2)

    def _why_absent(self, seen: Shown, looked_at: tuple[Look, Period]) -> str:
        """Why the KPI at the cursor is not shown any more, where nobody chose to see others; empty where it is."""
        grid, focused = self.query_one(Grid), self.app.focused_kpi
        same, self._looked_at = looked_at == self._looked_at, looked_at
        if not same:
            self._said = None  # it told of what was looked at before
        if grid.line is not None and grid.line.row is None:
            return ""
        if (gone := self.app.lost(focused)) is not None:
            return gone.said
        here = grid.row
        shown = any(row.kpi.id == focused for group in seen.groups for row in group.rows)
        if same and focused is not None and not shown and (self._absent or (here and here.kpi.id == focused)):
            name = next((row.kpi.name for row in grid.rows if row.kpi.id == focused), focused)
            return f"{name} is not among the KPIs that the filter lets through any more."
        return ""

    @property
    def focus_lost(self) -> Lost | None:
        return self.app.lost(self.app.focused_kpi) if self._absent else None

    @cached_property
    def _columns(self) -> ChosenColumns:
        return ChosenColumns(self.app.root, BY_ID)

    def _view(self, definitions: Definitions) -> Viewer:
        if self._viewer is None or self._viewer.definitions is not definitions:
            self._viewer = Viewer(definitions)
        return self._viewer

    def show_head(self) -> None:
        """Write the line at the top again."""
        if self.app.scorecard is not None and self.app.definitions is not None:
            head = self.query_one(ScoreHead)
            head.show_scorecard(self.app.scorecard, self.app.definitions, self.app.reading_sign, self.size.width - 2)

    def on_resize(self) -> None:
        if self.app.scorecard is not None:
            self.figures_changed()
            self._show_spoken(self.focus_row)

    def _show_spoken(self, row: Row | None) -> None:
        scorecard, definitions = self.app.scorecard, self.app.definitions
        room = max(20, self.size.width - 2)
        first = second = ""
        style = "$signal-usual"
        if row is not None and scorecard is not None and definitions is not None:
            first, *rest = wrapped(plain(spoken(row, definitions, scorecard.as_of)), room)
            second = clipped(" ".join([*rest, background(row, definitions)]), room)
        elif self._absent:
            first, *rest = wrapped(self._absent, room)
            second = clipped(" ".join(rest), room)
        kpi, said = self._said or (None, "")
        if said and kpi == (row.kpi.id if row else None):
            second, style = clipped(said, room), "bold $success"
        else:
            self._said = None
        self.query_one("#spoken", Line).show(Content.assemble(Content(first), "\n", Content.styled(second, style)))

    def say(self, text: str) -> None:
        """In place of the second line, until the cursor goes to another KPI."""
        self._said = (self.focus_row.kpi.id if self.focus_row else None, text)
        self._show_spoken(self.focus_row)

    def _moved(self, row: Row | None) -> None:
        if self.in_hand:  # else the KPI in focus is another screen's matter
            if row is not None:
                self.app.focused_kpi = row.kpi.id
            self._followed = self.app.focused_kpi
        self._show_spoken(row)

    def on_grid_opened(self, message: Grid.Opened) -> None:
        self.app.show_kpi(message.row.kpi.id)

    def on_grid_heading_clicked(self, message: Grid.HeadingClicked) -> None:
        if message.column in SORTS:
            self._looks.sort_by(message.column)
            self.figures_changed()

    def to_copy(self) -> Copied | None:
        """The row under the cursor; on a heading the rows of its group."""
        from kpitui.workspace.copied import group_lines

        line, scorecard, definitions = self.query_one(Grid).line, self.app.scorecard, self.app.definitions
        if line is None or line.row is not None or scorecard is None or definitions is None:
            return super().to_copy()
        lines = group_lines(line.group.title, line.group.rows, definitions, scorecard.as_of)
        return Copied(f"{len(line.group.rows)} KPIs", "\n".join(lines))

    def filter_by(self, text: str) -> None:
        """Show the KPIs that the words of a filter let through."""
        self._looks.set_filter(text)
        self._show_rows()

    def on_filter_line_left(self) -> None:
        self.figures_changed()

    # Actions: how the scorecard is looked at

    def undo_view(self) -> bool:
        if not self._looks.undo():
            return False
        self._said = None  # it told of what is gone
        self.figures_changed()
        self._show_spoken(self.focus_row)
        return True

    def action_group(self) -> None:
        scorecard, definitions = self.app.scorecard, self.app.definitions
        if scorecard is not None and definitions is not None:
            self._looks.next_grouping(scorecard.rows, definitions)
            self.figures_changed()
            self.say(f"By {GROUPING_NAME[self._looks.now.group]}.")

    def action_exceptions(self) -> None:
        self._looks.toggle_exceptions()
        self.figures_changed()

    def action_sort(self) -> None:
        columns = [column.id for column in self.query_one(Grid).layout_of_columns.columns if column.id in SORTS]
        self._looks.next_order(["name", *columns])
        self._sorted()

    def action_reverse_sort(self) -> None:
        self._looks.reverse_order()
        self._sorted()

    def _sorted(self) -> None:
        order = self._looks.now.order
        self.figures_changed()
        by = "urgency" if order.by is None else "name" if order.by == "name" else BY_ID[order.by].about
        self.say(f"Sorted by {by}{', reversed' if order.reverse else ''}.")

    def action_view(self) -> None:
        if self.app.definitions is None:
            return
        if not self.app.definitions.views:
            self.say('No view is saved: [view.ID] with filter = "owner:ops" in kpitui.toml makes one.')
            return
        self._looks.next_view(self.app.definitions)
        self.figures_changed()

    async def action_filter(self) -> None:
        if self.app.scorecard is not None:
            await self.complete()
            self.query_one(FilterLine).begin(self._looks.now.filter)
            self.figures_changed()

    def action_columns(self) -> None:
        """Choose columns; they are kept for this workspace."""
        from kpitui.ui.screens.columns import ColumnChooser

        grid = self.query_one(Grid)
        if self.app.scorecard is None:
            return

        def chosen(ids: tuple[str, ...] | None) -> None:
            if ids is None:
                return
            try:
                self._columns.choose(None if ids == USUAL else ids)
            except OSError as error:
                self.notify(f"the columns are not kept: {error.strerror}", severity="warning", markup=False)
            self.figures_changed()

        shown_now = {column.id: column.title for column in grid.layout_of_columns.columns}
        self.app.push_screen(ColumnChooser(self._columns.ids or USUAL, shown_now, self.app.scorecard.grain), chosen)

    # Actions: where the cursor goes

    def action_drill(self) -> None:
        about = self.focus_row or self.focus_lost
        if about is not None:
            self.app.show_kpi(about.kpi.id)
        else:
            self.query_one(Grid).drill()

    def action_next_behind(self) -> None:
        self.action_next_of("behind")

    def action_next_of(self, status: str) -> None:
        words = next(word for known, word in STATUS_WORD.items() if known == status).lower()
        self._go_to(lambda row: row.point.status == status, 1, f"None of these KPIs is {words}.")

    def action_next_changed(self) -> None:
        self._go_to(lambda row: row.point.signal is not None, 1, "None of these KPIs has changed.")

    def step_exception(self, by: int) -> None:
        """Move the cursor to the next KPI that needs talk."""
        if self.app.scorecard is not None:
            self._go_to(lambda row: row.group != "fine", by, "Nothing asks for talk in this period.")

    def _go_to(self, wanted: Callable[[Row], bool], by: int, otherwise: str) -> None:
        """To the next such row of those that are shown, round and round; `otherwise` is said where there is none."""
        grid, here = self.query_one(Grid), self.focus_row
        rows = grid.rows
        at = next((i for i, row in enumerate(rows) if here is not None and row.kpi.id == here.kpi.id), None)
        start = at if at is not None else -1 if by > 0 else 0
        for step in range(1, len(rows) + 1):
            row = rows[(start + by * step) % len(rows)]
            if wanted(row):
                grid.focus_kpi(row.kpi.id)
                return
        self.say(otherwise)

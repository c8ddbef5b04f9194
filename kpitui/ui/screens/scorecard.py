"""The scorecard: what is off and why it deserves talk, in the order of the meeting."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from kpitui.measurements.progress import Progress
from kpitui.terms import Status
from kpitui.ui.columns import Context
from kpitui.ui.keys import bindings
from kpitui.ui.screens.base import FigureScreen
from kpitui.ui.text import content, fit, plain, width, wrapped
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.foot import Foot
from kpitui.ui.widgets.grid import Grid
from kpitui.ui.widgets.line import Line
from kpitui.workspace.answers import Row, Scorecard
from kpitui.workspace.grouping import GROUPINGS, changed, counts, exceptions, grouped
from kpitui.workspace.numbers import period_name, short_day
from kpitui.workspace.wording import STATUS_SIGN, background, known_phrase, spoken

BAR = 30
"""Cells."""
_IN_HEAD: tuple[Status, ...] = ("behind", "at_risk", "on_track", "ahead", "no_target", "no_data")


class ScorecardScreen(FigureScreen):
    """Grid, and under it the sentence on the KPI at the cursor."""

    DEFAULT_CSS = """
    ScorecardScreen > #head { height: 1; background: $panel; padding: 0 1; }
    ScorecardScreen > #rule { height: 1; border-top: hkey $panel; }
    ScorecardScreen > #spoken { height: 2; padding: 0 1; }
    ScorecardScreen > #waiting { height: 1fr; content-align: center middle; color: $foreground; }
    ScorecardScreen #main { display: none; }
    """
    BINDINGS = bindings("scorecard", "kpi in focus")

    def __init__(self) -> None:
        super().__init__()
        self._grouping = GROUPINGS[0]
        self._said: tuple[str | None, str] | None = None
        """What was said last, and of which KPI."""
        self._followed: str | None = None
        """The KPI in focus when the cursor last moved."""

    def compose(self) -> ComposeResult:
        yield self.too_small()
        yield Line(id="head")
        yield Static(id="waiting")
        yield Grid(id="main")
        # A widget of its own: what is under it changes with every step of the cursor, the rule does not.
        yield Static(id="rule")
        yield Line(id="spoken")
        yield Entry(self.echo)
        yield Foot("scorecard", "kpi in focus", "everywhere")

    def on_mount(self) -> None:
        self.query_one("#head", Line).show(content(self.app.title))
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
        self.query_one("#head", Line).show(content(self.app.title))
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
        waiting = Content("\n").join([Content(f"{doing} {file} …"), bar, Content.styled("esc abandons it", "dim")])
        self.query_one("#waiting", Static).update(waiting)

    # What is shown

    @property
    def focus_row(self) -> Row | None:
        return self.query_one(Grid).row

    def figures_changed(self) -> None:
        scorecard, definitions = self.app.scorecard, self.app.definitions
        if scorecard is None or definitions is None:
            return
        self.query_one("#waiting", Static).display = False
        grid = self.query_one(Grid)
        first_time = not grid.display
        grid.display = True
        context = Context(definitions, scorecard.as_of, scorecard.grain)
        on_heading = grid.line is not None and grid.row is None and self._followed == self.app.focused_kpi
        grid.show(scorecard, grouped(scorecard.rows, self._grouping), context)
        if self.app.focused_kpi and not on_heading:
            grid.focus_kpi(self.app.focused_kpi)
        if first_time:
            grid.focus()
        self._show_head(scorecard)

    def show_head(self) -> None:
        """Write the line at the top again."""
        if self.app.scorecard is not None:
            self._show_head(self.app.scorecard)

    def _show_head(self, scorecard: Scorecard) -> None:
        assert self.app.definitions is not None
        locale = self.app.definitions.locale
        found = counts(scorecard.rows)
        signs = [
            Content.styled(f"{STATUS_SIGN[status]}{found[status]}", f"$status-{status.replace('_', '-')}")
            for status in _IN_HEAD
            if status in found
        ]
        moved = changed(scorecard.rows)
        signs.append(Content(f" {moved} changed"))
        if scorecard.problems:
            count = scorecard.problems
            signs.append(Content.styled(f" !{count} {'problem' if count == 1 else 'problems'}", "$error"))
        if self.app.reading_sign:
            signs.append(Content.styled(f" {self.app.reading_sign}", "$accent"))
        right = Content(" ").join(signs)
        as_of = short_day(scorecard.as_of, locale)
        known = known_phrase(scorecard.known_at, locale, scorecard.as_of)
        when = f"{period_name(scorecard.period, locale)} · {scorecard.grain.word} · as of {as_of}{known}"
        if width(when) + right.cell_length + 16 > self.size.width:
            when = period_name(scorecard.period, locale) + known
        room = max(10, self.size.width - 2 - right.cell_length - width(when) - 4)
        name = fit(scorecard.workspace, min(room, width(plain(scorecard.workspace))))
        gap = max(2, (self.size.width - 2 - width(name) - width(when) - right.cell_length) // 2)
        line = Content.assemble(Content.styled(name, "bold"), " " * gap, when, " " * gap, right)
        self.query_one("#head", Line).show(line)

    def on_resize(self) -> None:
        if self.app.scorecard is not None:
            self._show_head(self.app.scorecard)
            self._show_spoken(self.focus_row)

    def _show_spoken(self, row: Row | None) -> None:
        scorecard, definitions = self.app.scorecard, self.app.definitions
        room = max(20, self.size.width - 2)
        first = second = ""
        style = "$signal-usual"
        if row is not None and scorecard is not None and definitions is not None:
            first = fit(spoken(row, definitions, scorecard.as_of), room).rstrip()
            second = fit(background(row, definitions), room).rstrip()
        kpi, said = self._said or (None, "")
        if said and kpi == (row.kpi.id if row else None):
            second, style = fit(said, room).rstrip(), "bold $success"
        else:
            self._said = None
        self.query_one("#spoken", Line).show(Content.assemble(Content(first), "\n", Content.styled(second, style)))

    def say(self, text: str) -> None:
        """In place of the second line, until the cursor goes to another KPI."""
        self._said = (self.focus_row.kpi.id if self.focus_row else None, text)
        self._show_spoken(self.focus_row)

    def on_grid_moved(self, message: Grid.Moved) -> None:
        if message.row is not None:
            self.app.focused_kpi = message.row.kpi.id
        self._followed = self.app.focused_kpi
        self._show_spoken(message.row)

    def on_grid_opened(self, message: Grid.Opened) -> None:
        self.app.show_kpi(message.row.kpi.id)

    # Actions

    def action_drill(self) -> None:
        self.query_one(Grid).drill()

    def action_group(self) -> None:
        self._grouping = GROUPINGS[(GROUPINGS.index(self._grouping) + 1) % len(GROUPINGS)]
        self.figures_changed()

    def step_exception(self, by: int) -> None:
        """Move the cursor to the next KPI that needs talk."""
        if self.app.scorecard is None:
            return
        order = exceptions(self.app.scorecard.rows)
        if not order:
            self.say("Nothing asks for talk in this period.")
            return
        here = self.focus_row
        ids = [row.kpi.id for row in order]
        at = ids.index(here.kpi.id) if here and here.kpi.id in ids else -1 if by > 0 else 0
        self.query_one(Grid).focus_kpi(ids[(at + by) % len(ids)])

"""The glossary: what each KPI means, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker, WorkerState, get_current_worker

from kpitui.definitions.advice import Advice
from kpitui.ui.breathing import breathing
from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.keys import bindings
from kpitui.ui.screens.base import FigureScreen
from kpitui.ui.screens.copying import Copied
from kpitui.ui.text import content, fit, plain, width, wrapped
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.filter_line import FilterLine
from kpitui.ui.widgets.foot import Foot
from kpitui.ui.widgets.line import KeyLine, Line, Part, fitted
from kpitui.ui.widgets.marked_list import Item, MarkedList
from kpitui.workspace.advice import advice_in_parts
from kpitui.workspace.answers import Row
from kpitui.workspace.glossary import DIRECTION_SIGN, Glossary, Meaning, advised, glossary, told
from kpitui.workspace.looks import Look, Shown, Viewer
from kpitui.workspace.opening import Workspace

TOLD_ROWS, MORE_TOLD_ROWS = 7, 11
"""Lines on the marked KPI, under the list; on a tall screen more."""
_TALL = 32
"""Rows from which there is room for more."""
_WIDE = 110
"""From so many columns on, the unit and who keeps the KPI have columns."""
_WIDEST = 150
"""From so many on, these are wide enough for most names."""
_FIRST_IN_FOOT = ("drill", "edit_definition", "filter", "only_lacking")
_ADVICE = "advice "
"""Before the keys of lines that are about several KPIs; no KPI's id has a blank."""


class DefinitionsScreen(FigureScreen):
    """A line per KPI, and under the list all that there is to say of the marked one."""

    DEFAULT_CSS = f"""
    DefinitionsScreen > #trail {{ height: 1; padding: 0 1; background: $panel; }}
    DefinitionsScreen > #columns {{ height: 1; padding: 0 1; }}
    DefinitionsScreen > #rule {{ height: 1; border-top: hkey $panel; }}
    DefinitionsScreen > #told {{ height: {TOLD_ROWS}; padding: 0 1; }}
    DefinitionsScreen > FilterLine {{ margin-bottom: {TOLD_ROWS + 1}; }}
    DefinitionsScreen.tall > #told {{ height: {MORE_TOLD_ROWS}; }}
    DefinitionsScreen.tall > FilterLine {{ margin-bottom: {MORE_TOLD_ROWS + 1}; }}
    """
    PLACE = "definitions"
    BINDINGS = bindings(PLACE, "write")
    AUTO_FOCUS = "#main"

    @dataclass
    class Advised(Message):
        """All advice on a workspace has been worked out."""

        workspace: Workspace
        advice: list[Advice]

    def __init__(self) -> None:
        super().__init__()
        self._advice: list[Advice] | None = None
        """None until it has been worked out."""
        self._glossary = Glossary((), ())
        self._viewer: Viewer | None = None
        self._filter = ""
        self._only_lacking = False
        self._said = ""

    def compose(self) -> ComposeResult:
        yield self.too_small()
        yield KeyLine(id="trail")
        yield Line(id="columns")
        yield MarkedList(id="main")
        yield Static(id="rule")
        yield Line(id="told")
        yield FilterLine(self._filter_by)
        yield Entry(self.echo)
        yield Foot("definitions", "write", "everywhere", first=_FIRST_IN_FOOT)

    # What is shown

    @property
    def _meaning(self) -> Meaning | None:
        """The marked KPI's."""
        marked = self.query_one(MarkedList).marked
        return next((each for each in self._glossary.meanings if each.kpi.id == marked), None)

    @property
    def _marked_advice(self) -> Advice | None:
        """The marked line's, where that is about several KPIs."""
        marked = self.query_one(MarkedList).marked or ""
        if not marked.startswith(_ADVICE):
            return None
        at = int(marked.removeprefix(_ADVICE))
        return self._glossary.advice[at] if at < len(self._glossary.advice) else None

    @property
    def focus_row(self) -> Row | None:
        meaning = self._meaning
        return self.row_of(meaning.kpi.id) if meaning else None

    def on_screen_resume(self) -> None:
        self.figures_changed()

    def on_resize(self) -> None:
        super().on_resize()
        self.set_class(self.app.size.height >= _TALL, "tall")
        self._show()

    def figures_changed(self) -> None:
        if self.app.workspace is None or not self.is_current:
            return
        self._work_out(self.app.workspace)
        self._show()

    @work(thread=True, exclusive=True, group="advice", exit_on_error=False)
    def _work_out(self, workspace: Workspace) -> None:
        """Advice needs the figures of a year: with a thousand KPIs a key would wait for that."""
        parts = list(breathing(advice_in_parts(workspace.journal, workspace.figures)))
        if not get_current_worker().is_cancelled:
            self.post_message(self.Advised(workspace, [each for part in parts for each in part]))

    def on_definitions_screen_advised(self, message: Advised) -> None:
        if message.workspace is self.app.workspace and message.advice != self._advice:
            self._advice = message.advice
            self._show()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A bug is told, or the advice would be waited for without end."""
        if event.state is WorkerState.ERROR and event.worker.group == "advice":
            error = event.worker.error
            self.notify(f"{type(error).__name__}: {error}", title="Not worked out", severity="error", markup=False)

    def _show(self) -> None:
        definitions, found = self.app.definitions, self.query(MarkedList)
        if definitions is None or not found:
            return
        self._glossary = glossary(definitions, self._advice or ())
        shown = self._shown()
        items = []
        if self._glossary.advice and shown is None:
            of_all = enumerate(self._glossary.advice)
            items = [Item(f"{_ADVICE}{i}", partial(_write_advice, each)) for i, each in of_all]
        kept = {row.kpi.id for row in shown.rows} if shown is not None else None
        layout = _layout(self.app.size.width)
        for each in self._glossary.meanings:
            if (kept is None or each.kpi.id in kept) and (each.advice or not self._only_lacking):
                items.append(Item(each.kpi.id, partial(_write, each, layout)))
        found.first().show_items(items, self._came_from(), empty=self._why_empty())
        self._show_columns(layout)
        self._show_trail()
        self._show_told()

    def _came_from(self) -> str | None:
        """The KPI in focus where another screen brought it there, to be marked here, too."""
        meaning = self._meaning
        focused = self.app.focused_kpi
        return focused if meaning is None and self._marked_advice is None else None

    def _why_empty(self) -> str:
        if self._filter.strip():
            change, clear = self.app.key("definitions.filter"), self.app.key("back")
            return f"No KPI matches {self._filter.strip()} — {change} changes the filter, {clear} clears it."
        return f"No KPI lacks anything. {self.app.key('definitions.only_lacking')} shows all."

    def _shown(self) -> Shown | None:
        """What the filter lets through; None without one."""
        scorecard, definitions = self.app.scorecard, self.app.definitions
        if scorecard is None or definitions is None:
            return None
        if self._viewer is None or self._viewer.definitions is not definitions:
            self._viewer = Viewer(definitions)
        look = Look(filter=self._filter)
        shown = self._viewer.shown(scorecard, look)
        self.query_one(FilterLine).tell(look, shown, len(scorecard.rows), "", self.app.size.width - 2)
        return shown if self._filter.strip() else None

    def _show_columns(self, layout: _Layout) -> None:
        titles = ("KPI", "Made of", "Unit", "", "Owner", "Source", "How often", "Lacks")
        line = "".join(fit(title, cells) for title, cells in zip(titles, layout, strict=True))
        self.query_one("#columns", Line).show(Content.styled(line.rstrip(), "$signal-usual"))

    def _show_trail(self) -> None:
        assert self.app.definitions is not None
        number = len(self._glossary.meanings)
        lacking = sum(bool(each.advice) for each in self._glossary.meanings)
        counts = f"{number} KPI{'s' * (number != 1)} · "
        counts += "looking …" if self._advice is None else f"{lacking} lack{'s' * (lacking == 1)} something"
        room = self.app.size.width - 2 - width(counts)
        rest = "Definitions" + (" that lack something" if self._only_lacking else "")
        steps = [Part(f"{self.app.definitions.name} › ", action="app.scorecard"), Part(rest)]
        self.query_one("#trail", KeyLine).show_parts([*fitted(steps, room - 2), Part("  "), Part(counts)])

    def _show_told(self) -> None:
        room = max(20, self.app.size.width - 2)
        meaning, advice = self._meaning, self._marked_advice
        lines = list(self._lines_on(meaning, room)) if meaning else []
        if advice is not None:
            lines = [Content.styled(fit(advice.problem.place, room).rstrip(), "$accent"), *_wrapped(advice, room)]
        if self._said:
            lines = [*lines[: self._told_rows - 1], Content.styled(fit(self._said, room).rstrip(), "bold $success")]
        self.query_one("#told", Line).show(Content("\n").join(lines[: self._told_rows]))

    @property
    def _told_rows(self) -> int:
        return MORE_TOLD_ROWS if self.has_class("tall") else TOLD_ROWS

    def _lines_on(self, meaning: Meaning, room: int) -> Iterator[Content]:
        """Name and place, what it lacks, and what it means: of the last, as many lines as are left."""
        assert self.app.definitions is not None
        place = f"  {meaning.kpi.file}:{meaning.kpi.line}"
        name = fit(meaning.kpi.name, min(width(plain(meaning.kpi.name)), max(20, room - width(place))))
        yield Content.assemble((name, "bold"), (fit(place, room - width(name)).rstrip(), "$accent"))
        lacking = [line for advice in meaning.advice for line in _wrapped(advice, room)]
        means = [line for text in told(meaning, self.app.definitions) for line in wrapped(text, room - 2)]
        rows = max(2, self._told_rows - 1 - len(lacking))
        for i, line in enumerate(means[:rows]):
            cut = i == rows - 1 and len(means) > rows
            yield content("  " + (fit(line, room - 3).rstrip(" …") + "…" if cut else line))
        yield from lacking

    def to_copy(self) -> Copied | None:
        """What the marked KPI means, and what it lacks."""
        meaning, advice, definitions = self._meaning, self._marked_advice, self.app.definitions
        if advice is not None:
            return Copied("the advice", advised(advice))
        if meaning is None or definitions is None:
            return None
        place = f"{meaning.kpi.name} ({meaning.kpi.file}:{meaning.kpi.line})"
        lacking = [f"! {advised(each)}" for each in meaning.advice]
        return Copied(
            f"the definition of {meaning.kpi.name}", "\n".join([place, *told(meaning, definitions), *lacking])
        )

    def say(self, text: str) -> None:
        self._said = text
        self._show_told()

    def on_marked_list_moved(self) -> None:
        self._said = ""
        meaning = self._meaning
        if meaning is not None:
            self.app.focused_kpi = meaning.kpi.id
        self._show_told()

    def on_marked_list_chosen(self) -> None:
        self.action_drill()

    def step_exception(self, by: int) -> None:
        """To the next KPI that lacks something."""
        marked = self.query_one(MarkedList)
        lacking = [each.kpi.id for each in self._glossary.meanings if each.advice]
        if not lacking:
            self.say("No KPI lacks anything.")
            return
        at = lacking.index(marked.marked) if marked.marked in lacking else -1 if by > 0 else 0
        self.app.focused_kpi = lacking[(at + by) % len(lacking)]
        marked.mark(self.app.focused_kpi)

    def undo_view(self) -> bool:
        if self._filter:
            self._filter_by("")
            return True
        if self._only_lacking:
            self.action_only_lacking()
            return True
        return False

    # Actions

    def action_drill(self) -> None:
        """The marked KPI's chart."""
        meaning = self._meaning
        if meaning is not None:
            self.app.show_kpi(meaning.kpi.id)
        elif self._marked_advice is not None:
            self.say(f"It is about several KPIs: {self.app.key('write.edit_definition')} opens where to mend it.")

    def action_edit_definition(self) -> None:
        advice = self._marked_advice
        if advice is None:
            super().action_edit_definition()
        else:
            self.edit_at(advice.problem.file, advice.problem.line or 1)

    def action_only_lacking(self) -> None:
        """Only KPIs that lack something, or all again."""
        self._only_lacking = not self._only_lacking
        self._show()

    def action_filter(self) -> None:
        self.query_one(FilterLine).begin(self._filter)
        self._show()

    def _filter_by(self, text: str) -> None:
        self._filter = text
        self._show()

    def on_filter_line_left(self) -> None:
        self._show()


class _Layout(NamedTuple):
    """Cells of each column, the blank behind it included; 0 where there is no room."""

    name: int
    made_of: int
    unit: int
    direction: int
    owner: int
    source: int
    frequency: int
    lacks: int


def _layout(cells: int) -> _Layout:
    room = cells - 2
    if cells < _WIDE:
        name, lacks = (26, 20) if cells >= 76 else (20, 16)
        return _Layout(name, room - name - lacks, 0, 0, 0, 0, 0, lacks)
    name = min(34, room * 22 // 100)
    kept = (9, 2, 22, 18, 10) if cells >= _WIDEST else (9, 2, 15, 12, 10)
    lacks = min(40, 17 + max(0, room - 120) // 3)
    return _Layout(name, room - name - sum(kept) - lacks, *kept, lacks)


def _write(meaning: Meaning, layout: _Layout, canvas: Canvas, y: int, _room: int, bold: bool) -> None:
    kpi = meaning.kpi
    x = 0
    for text, ink, cells in zip(
        (
            kpi.name,
            meaning.made_of or "—",
            meaning.unit,
            DIRECTION_SIGN[kpi.direction],
            meaning.owner or "—",
            meaning.source or "—",
            meaning.frequency,
            meaning.lacks,
        ),
        (
            "bold foreground" if bold else "",
            "signal-usual",
            "",
            "",
            "",
            "signal-usual",
            "signal-usual",
            "status-at-risk",
        ),
        layout,
        strict=True,
    ):
        if cells:
            canvas.write(x, y, fit(text, cells - 1) + " ", ink)
        x += cells


def _write_advice(advice: Advice, canvas: Canvas, y: int, room: int, bold: bool) -> None:
    canvas.write(0, y, fit(f"! {advice.problem.message}", room), "bold status-at-risk" if bold else "status-at-risk")


def _wrapped(advice: Advice, room: int) -> list[Content]:
    lines = wrapped(f"! {advised(advice)}", room - 4)
    return [content(("  " if i == 0 else "    ") + line, "$status-at-risk") for i, line in enumerate(lines)]

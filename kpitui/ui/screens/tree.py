"""The tree of KPIs, what moved its top, and the funnel that the same KPIs make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker, WorkerState, get_current_worker

from kpitui.ui.breathing import breathing
from kpitui.ui.columns import Context
from kpitui.ui.keys import bindings
from kpitui.ui.screens.base import FigureScreen
from kpitui.ui.text import content, fit, width, wrapped
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.foot import Foot
from kpitui.ui.widgets.line import KeyLine, Line, Part, fitted
from kpitui.ui.widgets.tree_funnel import FunnelLines
from kpitui.ui.widgets.tree_grid import TreeGrid
from kpitui.ui.widgets.tree_lines import TreeLines
from kpitui.workspace.answers import Row, Scorecard
from kpitui.workspace.funnel import Funnel, funnel
from kpitui.workspace.funnel_wording import bottleneck_sentence, count_sentence, passage_sentence
from kpitui.workspace.lost import Lost
from kpitui.workspace.numbers import period_name
from kpitui.workspace.opening import Workspace
from kpitui.workspace.tree import Against, Branch, Movement, branches, joined, movement, trees, usual_comparison
from kpitui.workspace.tree_walk import walk
from kpitui.workspace.tree_wording import AGAINST_WORD, compared, links_sentence, part_sentence
from kpitui.workspace.wording import known_phrase, spoken

View = Literal["tree", "funnel"]
SHORTEST_TRAIL = 16
WIDE = 100
"""From so many columns on, the sentences need a line less."""
_FIRST_IN_FOOT = ("walk", "turn_view", "against", "drill", "earlier", "later", "note", "action")
IN_NO_TREE = 'It stands in no tree: parent = "revenue" under its [kpi.ID] would put it under that KPI.'


class TreeScreen(FigureScreen):
    """Lines, and under them what is to be said of the one at the cursor."""

    DEFAULT_CSS = """
    TreeScreen > #head { height: 1; padding: 0 1; background: $panel; }
    TreeScreen > #rule { height: 1; border-top: hkey $panel; }
    TreeScreen > #spoken { height: 4; padding: 0 1; }
    TreeScreen.wide > #spoken { height: 3; }
    """
    BINDINGS = bindings("tree", "write")
    AUTO_FOCUS = "#main"
    PLACE = "tree"

    @dataclass
    class WorkedOut(Message):
        """What the lines contributed, and the funnel, for a scorecard."""

        scorecard: Scorecard
        moved: Movement
        funnel: Funnel

    def __init__(self) -> None:
        super().__init__()
        self._view: View = "tree"
        self._against: Against | None = None
        """None until somebody chose: what there are figures of."""
        self._shown: Scorecard | None = None
        self._of: Workspace | None = None
        """Whose figures are shown; None until it is open."""
        self._lines: tuple[Branch, ...] = ()
        self._moved: Movement | None = None
        self._funnel: Funnel | None = None
        self._folded: set[str] = set()
        self._at: dict[View, str | None] = {"tree": None, "funnel": None}
        """Where the cursor is, or was."""
        self._absent: Lost | None = None
        """The KPI that the cursor was on, where it is gone; the cursor is on none then."""
        self._followed: str | None = None
        """The KPI in focus when the cursor last moved."""
        self._said: tuple[str | None, str] | None = None
        """What was said last, and of which line."""

        self._why: tuple[str, str] | None = None
        """The line that the last step went to, and why."""

    def compose(self) -> ComposeResult:
        yield self.too_small()
        yield KeyLine(id="head")
        yield Entry(self.echo)
        yield TreeGrid(self._cursor_moved, id="main")
        yield Static(id="rule")
        yield Line(id="spoken")
        yield Foot("tree", "write", "everywhere", first=_FIRST_IN_FOOT)

    def on_screen_resume(self) -> None:
        self.figures_changed()
        focused = self.app.focused_kpi
        if self._view == "tree" and focused is not None and focused != self._followed:
            self._grid.go_to(focused)

    def on_resize(self) -> None:
        super().on_resize()
        self.set_class(self.size.width >= WIDE, "wide")
        self._show_head()
        self._show_spoken()

    # What is shown

    @property
    def _grid(self) -> TreeGrid:
        return self.query_one(TreeGrid)

    @property
    def against(self) -> Against:
        return self._against or usual_comparison(self._lines)

    @property
    def focus_row(self) -> Row | None:
        key = self._grid.key
        if key is None:
            return None
        if self._view == "funnel":
            return self._funnel_lines.row(key) if self._funnel_lines else None
        return self._tree_lines.by_key[key].row if self._tree_lines else None

    def _gone(self, key: str | None) -> Lost | None:
        """What became of the KPI that the cursor is on, where no line has it any more."""
        known = self._tree_lines is not None and key in self._tree_lines.by_key
        return None if known else self.app.lost(key)

    @property
    def focus_lost(self) -> Lost | None:
        return self._absent

    _tree_lines: TreeLines | None = None
    _funnel_lines: FunnelLines | None = None

    def figures_changed(self) -> None:
        scorecard, definitions = self.app.scorecard, self.app.definitions
        hidden = self in self.app.screen_stack and not self.is_current
        if scorecard is None or definitions is None or hidden or not self.query(TreeGrid):
            return
        if self._of is not self.app.workspace or scorecard != self._shown:
            same = self._shown is not None and self._shown.period == scorecard.period
            self._shown, self._of = scorecard, self.app.workspace
            self._lines = branches(scorecard.rows, definitions)
            if not same:
                # What another period's parts were would be read as this one's; read again, they stay until it is done.
                self._moved, self._funnel, self._why = None, None, None
            self._work_out()
            self._show_lines()
        self._show_head()

    def _work_out(self) -> None:
        if self._of is not None and self._shown is not None:
            self._on_thread(self._of, self._shown, self._lines, self.against)

    @work(thread=True, exclusive=True, group="tree", exit_on_error=False)
    def _on_thread(
        self, workspace: Workspace, scorecard: Scorecard, lines: tuple[Branch, ...], against: Against
    ) -> None:
        made = funnel(workspace, scorecard.rows, scorecard.period)
        found = list(breathing(movement(workspace, tree, against) for tree in trees(lines)))
        if not get_current_worker().is_cancelled:
            self.post_message(self.WorkedOut(scorecard, joined(found, against), made))

    def on_tree_screen_worked_out(self, message: WorkedOut) -> None:
        if message.scorecard is not self._shown or message.moved.against != self.against:
            return
        known = (self._moved, self._funnel) == (message.moved, message.funnel)
        self._moved, self._funnel = message.moved, message.funnel
        if not known:  # nothing is painted again without a cause
            self._show_lines()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A bug is told, or the parts would be waited for without end."""
        if event.state is WorkerState.ERROR and event.worker.group == "tree":
            error = event.worker.error
            self.notify(f"{type(error).__name__}: {error}", title="Not worked out", severity="error", markup=False)

    def _show_lines(self) -> None:
        """Tree or funnel, with the cursor where it was there."""
        scorecard, definitions = self._shown, self.app.definitions
        if scorecard is None or definitions is None:
            return
        over = scorecard.period.end <= scorecard.as_of
        context = Context(definitions, scorecard.as_of, scorecard.grain, over)
        if self._view == "tree":
            self._tree_lines = TreeLines(self._lines, self._moved, context, self._folded)
            key = self._at["tree"] or self.app.focused_kpi
            self._absent = self._gone(key)
            self._grid.show(self._tree_lines, key, lost=self._absent is not None)
        else:
            made = self._funnel or Funnel(scorecard.period, (), (), (), None, empty="Working it out …")
            self._funnel_lines = FunnelLines(made, context)
            key = self._at["funnel"] or self._funnel_lines.bottleneck
            self._absent = self._gone(key) if self._funnel is not None else None
            self._grid.show(self._funnel_lines, key, lost=self._absent is not None)
        self._show_head()

    def _show_head(self) -> None:
        scorecard, definitions = self._shown, self.app.definitions
        if scorecard is None or definitions is None:
            return
        room = self.size.width - 2
        name, known = scorecard.workspace, known_phrase(scorecard.known_at, definitions.locale, scorecard.as_of)
        if self._view == "tree":
            when = compared(scorecard.period, self.against, definitions) + known
            here, remark = "Tree", " · arithmetic, not cause"
        else:
            when, here, remark = period_name(scorecard.period, definitions.locale) + known, "Funnel", ""
        if sign := self.app.reading_sign:
            remark = f" · {sign}"
        cells = room - width(when) - width(remark) - 2
        back = f"{name} › "
        if cells < SHORTEST_TRAIL:
            # The name of the workspace gives way first, then the remark.
            back = ""
            remark = remark if cells >= len(here) else ""
        steps = [Part(back, "bold", "app.scorecard"), Part(here, "bold", "screen.turn_view")]
        left = fitted(steps, room - width(when) - width(remark))
        self.query_one("#head", KeyLine).show_parts([*left, Part(when), Part(remark, "$signal-usual")])

    def _cursor_moved(self) -> None:
        grid = self._grid
        if grid.key is not None:
            self._at[self._view], self._absent = grid.key, None
        row = self.focus_row
        if self.in_hand and row is not None:
            self.app.focused_kpi = row.kpi.id
            self._followed = row.kpi.id
        self._show_spoken()

    def _show_spoken(self) -> None:
        key = self._grid.key
        room, lines = max(20, self.size.width - 2), 3 if self.has_class("wide") else 4
        said = self._said[1] if self._said and self._said[0] == key else ""
        if not said:
            self._said = None
        texts = [(wrapped(text, room), style) for text, style in self._texts(key) if text]
        last = wrapped(said, room)[:lines] if said else []
        if self._why and self._why[0] == key and sum(len(parts) for parts, _ in texts) + len(last) > lines:
            texts = texts[1:]  # what the line itself shows; why the way led here is not shown elsewhere
        shown: list[tuple[str, str]] = []
        for parts, style in texts:
            left = lines - len(last) - len(shown)
            if len(parts) > left > 0:
                parts[left - 1 :] = [fit(f"{parts[left - 1]} {parts[left]}", room).rstrip()]
            shown += [(part, style) for part in parts[:left]]
        shown += [(part, "bold $success") for part in last]
        self.query_one("#spoken", Line).show(Content("\n").join(content(part, style) for part, style in shown))

    def _texts(self, key: str | None) -> list[tuple[str, str]]:
        """What is to be said of a line, the most important first, each with its style."""
        definitions, scorecard = self.app.definitions, self._shown
        if self._absent is not None:
            return [(self._absent.said, "")]
        if key is None or definitions is None or scorecard is None:
            return []
        row = self.focus_row
        first = spoken(row, definitions, scorecard.as_of) if row is not None else ""
        if self._view == "funnel":
            return [*((text, "") for text in self._of_funnel(key)), (first, "")]
        assert self._tree_lines is not None
        line = self._tree_lines.by_key[key]
        links = links_sentence(line, definitions), "$signal-usual"
        if self._why and self._why[0] == key:
            return [(first, ""), (self._why[1], "bold"), links]
        if line.kind == "heading" or not (line.depth or line.below):
            return [(first, ""), links, (IN_NO_TREE, "$signal-usual")]
        part = part_sentence(line, self._tree_lines.by_key, self._moved, definitions) if self._moved else ""
        return [(first, ""), (part, ""), links]

    def _of_funnel(self, key: str) -> list[str]:
        definitions, lines = self.app.definitions, self._funnel_lines
        assert definitions is not None
        assert lines is not None
        if key in lines.counts:
            own = count_sentence(lines.counts[key], lines.found, definitions)
        elif key in lines.passages and key != lines.bottleneck:
            own = passage_sentence(lines.passages[key], definitions)
        else:
            own = ""
        return [bottleneck_sentence(lines.found, definitions), own]

    def say(self, text: str) -> None:
        """In place of what is said last, until the cursor goes to another line."""
        self._said = (self._grid.key, text)
        self._show_spoken()

    # Actions

    def on_tree_grid_opened(self, message: TreeGrid.Opened) -> None:
        row = self.focus_row
        if row is not None:
            self.app.show_kpi(row.kpi.id)
        elif self._view == "tree" and self._tree_lines and self._tree_lines.by_key[message.key].below:
            self._grid.turn()
        else:
            self.say("That is a measure: no KPI has its figures. The facts of a KPI above say where they are from.")

    def action_drill(self) -> None:
        if self._absent is not None:
            self.app.show_kpi(self._absent.kpi.id)
        else:
            self._grid.drill()

    def action_turn(self) -> None:
        self._grid.turn()

    def action_turn_view(self) -> None:
        """Tree or funnel."""
        self.query_one(Foot).rename("turn_view", self._view)
        self._view = "funnel" if self._view == "tree" else "tree"
        self._show_lines()

    def action_against(self) -> None:
        """Compare with the year before, or with the period before."""
        if self._view == "funnel":
            key = self.app.key("tree.turn_view")
            self.say(f"The funnel is held against its targets and the year before; {key} goes back to the tree.")
            return
        self._why = None
        self._against = "previous" if self.against == "year_ago" else "year_ago"
        self._moved = None
        self._work_out()
        self._show_lines()
        self.say(f"Compared with {AGAINST_WORD[self._against]}.")

    def action_walk(self) -> None:
        """One step to what moved the KPI at the cursor most."""
        workspace, lines, moved = self.app.workspace, self._tree_lines, self._moved
        if self._view == "funnel":
            if self._funnel_lines and self._funnel_lines.bottleneck:
                self._grid.go_to(self._funnel_lines.bottleneck)
            return
        key = self._grid.key
        if workspace is None or lines is None or moved is None or key is None:
            self.say("The parts are being worked out …")
            return
        step = walk(workspace, self._lines, moved, key)
        if step.key is None:
            self.say(step.why)
        else:
            self._why = step.key, step.why
            self._grid.go_to(step.key)

    def step_exception(self, by: int) -> None:
        """The next KPI that needs talk, in the order of the tree."""
        if self._view == "funnel" or self._tree_lines is None:
            return
        keys = [line.key for line in self._lines if line.kind == "kpi" and line.row and line.row.group != "fine"]
        if not keys:
            self.say("Nothing asks for talk in this period.")
            return
        order = [line.key for line in self._lines]
        here = order.index(self._grid.key) if self._grid.key in order else -1
        places = [order.index(key) for key in keys]
        after = [place for place in places if (place > here if by > 0 else place < here)]
        self._grid.go_to(order[(after or places)[0 if by > 0 else -1]])

    def undo_view(self) -> bool:
        if self._view == "funnel":
            self.action_turn_view()
            return True
        return False

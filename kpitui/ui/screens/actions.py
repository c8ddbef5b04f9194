"""The actions that were agreed: what is overdue first, followed up in place."""

from __future__ import annotations

from functools import partial

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.keys import bindings
from kpitui.ui.screens.copying import Copied
from kpitui.ui.screens.following import FollowingScreen, MarkedAction
from kpitui.ui.text import content, fit, plain, width, wrapped
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.foot import Foot
from kpitui.ui.widgets.line import KeyLine, Line, Part, fitted
from kpitui.ui.widgets.marked_list import Item, MarkedList
from kpitui.workspace.action_list import WAYS, ActionGroup, ActionLine, ActionList
from kpitui.workspace.answers import Row
from kpitui.workspace.lost import Lost
from kpitui.workspace.numbers import short_day
from kpitui.workspace.wording import STATUS_SIGN, verdict

HISTORY_ROWS = 7
"""Lines of the marked action's history, under the list."""
_OWNER, _WHEN = 22, 14
_WIDE = 100
"""From so many columns on there is room for the KPI beside each action."""
_FIRST_IN_FOOT = ("done", "keep", "drop", "details", "group_actions", "closed_actions")
_FIRST_WITHOUT_ACTIONS = ("action", "closed_actions")
_NEED_AN_ACTION = ("done", "keep", "drop", "details", "group_actions")


class ActionsScreen(FollowingScreen):
    """A list of actions in groups, and under it what became of the marked one."""

    DEFAULT_CSS = f"""
    ActionsScreen > #trail {{ height: 1; padding: 0 1; background: $panel; }}
    ActionsScreen > #rule {{ height: 1; border-top: hkey $panel; }}
    ActionsScreen > #history {{ height: {HISTORY_ROWS}; padding: 0 1; }}
    """
    PLACE = "actions"
    BINDINGS = bindings(PLACE, "write")
    AUTO_FOCUS = "#main"

    def __init__(self) -> None:
        super().__init__()
        self._by = WAYS[0]
        self._with_closed = False
        self._lines: dict[str, ActionLine] = {}
        self._said = ""

    def compose(self) -> ComposeResult:
        yield self.too_small()
        yield KeyLine(id="trail")
        yield MarkedList(id="main")
        yield Static(id="rule")
        yield Line(id="history")
        yield Entry(self.echo)
        yield Foot("actions", "write", "everywhere", first=_FIRST_IN_FOOT)

    # What is shown

    @property
    def _list(self) -> ActionList | None:
        workspace = self.app.workspace
        return ActionList(workspace) if workspace else None

    @property
    def _line(self) -> ActionLine | None:
        """The marked action."""
        return self._lines.get(self.query_one(MarkedList).marked or "")

    @property
    def marked_action(self) -> MarkedAction | None:
        line = self._line
        return MarkedAction(line.id, line.kpi, line.title, line.closed) if line else None

    @property
    def focus_row(self) -> Row | None:
        line, scorecard = self._line, self.app.scorecard
        if line is None or scorecard is None:
            return None
        return next((row for row in scorecard.rows if row.kpi.id == line.kpi), None)

    @property
    def focus_lost(self) -> Lost | None:
        return self.app.lost(self._line.kpi) if self._line is not None else None

    def on_screen_resume(self) -> None:
        self.figures_changed()

    def on_resize(self) -> None:
        self.figures_changed()

    def figures_changed(self) -> None:
        found = self.query(MarkedList)
        if not found:
            return
        actions = self._list
        if actions is None:
            found.first().show_items((), empty="Opening the workspace …")
            return
        groups = actions.groups(self._by, closed=self._with_closed)
        self._lines = {line.id: line for group in groups for line in group.lines}
        items = []
        for group in groups:
            items.append(Item(f" {group.title}", partial(_heading, group), heading=True))
            items += [Item(line.id, partial(_write, line)) for line in group.lines]
        empty = f"No action is open. Press {self.app.key('write.action')} on a KPI to agree one: what @owner fri"
        found.first().show_items(items, self.app.last_record, empty=empty)
        foot = self.query_one(Foot)
        if self._lines:
            foot.put_first(_FIRST_IN_FOOT)
        else:
            foot.put_first(_FIRST_WITHOUT_ACTIONS, without=_NEED_AN_ACTION)
        self._show_trail(actions)
        self._show_history()

    def _show_trail(self, actions: ActionList) -> None:
        workspace = self.app.workspace
        assert workspace is not None
        number, overdue = actions.count()
        counts = f"{number} open · {overdue} overdue"
        counts += f" · as of {short_day(workspace.as_of, workspace.definitions.locale)}"
        room = self.app.size.width - 2 - width(counts)
        steps = [
            Part(f"{workspace.definitions.name} › ", action="app.scorecard"),
            Part(f"Actions by {self._by}", action="screen.group_actions"),
        ]
        style = "bold $status-behind" if overdue else ""
        self.query_one("#trail", KeyLine).show_parts([*fitted(steps, room - 2), Part("  "), Part(counts, style)])

    def _show_history(self) -> None:
        """What the marked action is about, and what became of it: the newest, where not all has room."""
        line, actions, room = self._line, self._list, max(20, self.app.size.width - 2)
        shown: list[Content] = []
        if line is not None and actions is not None:
            row, gone = self.focus_row, self.focus_lost
            sign = f"{STATUS_SIGN[row.point.status]} {verdict(row.point).lower()}" if row else "no figure"
            sign = f"{gone.title}: {gone.place}" if gone else sign
            about = f" · {line.kpi_name} {sign}"
            title = fit(line.title, min(width(plain(line.title)), max(20, room - width(plain(about)))))
            rest = fit(about, room - width(title)).rstrip()
            shown.append(Content.assemble((title, "bold"), (rest, "$signal-usual")))
            outcome = actions.outcome(line.id)
            for step in (*actions.history(line.id), *([outcome] if outcome else [])):
                told = wrapped(f"{step.when} {step.who}: {step.text}", room - 4)
                shown += [content(("    " if i else "  ") + text) for i, text in enumerate(told)]
        head, rest_lines = shown[:1], shown[1:]
        space = HISTORY_ROWS - len(head) - bool(self._said)
        lines = [*head, *rest_lines[-space:]]
        if self._said:
            lines.append(Content.styled(fit(self._said, room).rstrip(), "bold $success"))
        self.query_one("#history", Line).show(Content("\n").join(lines))

    def to_copy(self) -> Copied | None:
        """The marked action, and what became of it."""
        line, actions = self._line, self._list
        if line is None or actions is None:
            return None
        slipped = f", slipped {line.slips}×" if line.slips else ""
        head = f"{line.title} · {line.owner} · {line.when}{slipped} · {line.kpi_name}"
        steps = (f"  {step.when} {step.who}: {step.text}" for step in actions.history(line.id))
        return Copied(line.title, "\n".join([head, *steps]))

    def say(self, text: str) -> None:
        self._said = text
        self._show_history()

    def on_marked_list_moved(self) -> None:
        self._said = ""
        line = self._line
        if line is not None:
            self.app.focused_kpi = line.kpi
            self.app.last_record = None
        self._show_history()

    def on_marked_list_chosen(self, message: MarkedList.Chosen) -> None:
        """Its KPI, with the action marked in the record."""
        line = self._lines.get(message.key)
        if line is not None:
            self.app.show_kpi(line.kpi, record=line.id)

    # Actions

    def action_group_actions(self) -> None:
        """By due date, owner, KPI."""
        self._by = WAYS[(WAYS.index(self._by) + 1) % len(WAYS)]
        self.figures_changed()

    def action_closed_actions(self) -> None:
        self._with_closed = not self._with_closed
        self.figures_changed()
        self.say("With closed ones." if self._with_closed else "Open ones only.")


def _heading(group: ActionGroup, canvas: Canvas, y: int, room: int, _: bool) -> None:
    count = str(len(group.lines))
    canvas.write(0, y, fit(group.title, room - width(count) - 1), "bold primary")
    canvas.write(room - width(count), y, count, "signal-usual")


def _write(line: ActionLine, canvas: Canvas, y: int, room: int, bold: bool) -> None:
    """Title, owner, when it is due, how often it slipped, and the KPI where there is room."""
    kpi = max(20, room // 4) if room >= _WIDE else 0
    owner = _OWNER if room >= _WIDE else 14
    slips = "" if not line.slips else f"↻{line.slips}"
    title = room - 2 - owner - _WHEN - 5 - kpi
    ink = "status-behind" if line.overdue else "status-at-risk" if line.soon else "signal-usual"
    sign = "⚑" if line.overdue else "✓" if line.closed else "·"
    strong = "bold " if bold else ""
    x = 0
    for text, colour in (
        (f"{sign} ", ink),
        (fit(line.title, title - 1) + " ", f"{strong}foreground" if bold else ""),
        (fit(line.owner, owner - 1) + " ", "signal-usual"),
        (fit(line.when, _WHEN), ink),
        (fit(slips, 5), "status-at-risk"),
        (fit(line.kpi_name, kpi), "accent"),
    ):
        canvas.write(x, y, text, colour)
        x += width(text)

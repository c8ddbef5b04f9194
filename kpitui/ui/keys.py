"""Every key in one table: bindings, the foot of the screen, the help, the palette and README's table come from it.

To add a key, add a line to the table of the place where it holds, and `action_…` to that screen or to the app. For a
new screen add its place, too. What a person's own file changes of it is in `keymap.py`.

Plain letters do the work; terminals, tmux and editors take most control and function keys. Letters typed into an
input are text. Whatever moves has a key for those who know vi beside the arrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from textual.binding import Binding

Place = Literal[
    "write",
    "scorecard",
    "kpi",
    "tree",
    "review",
    "actions",
    "definitions",
    "present",
    "everywhere",
    "list",
    "outline",
]


class Action(NamedTuple):
    """Something that a key does."""

    does: str
    """Textual's action: `fold` is `action_fold` of what holds it."""
    key: str
    """As it stands on the keyboard, or by its name (`enter`, `ctrl+x`); others that do the same behind it."""
    help: str
    label: str = ""
    """For the foot of the screen; one without goes with the next one, whose label stands for both."""
    foot: bool = False
    """It is in the foot of the screen; one that is not may be put there by a screen."""
    at_once: bool = False
    """It is done before the next key is looked at, which is meant for what this one opens."""
    over: str = ""
    """The action of another place that gives up its key here."""
    name: str = ""
    """In the id, where that is not what it does."""
    place: Place = "everywhere"

    @property
    def id(self) -> str:
        """What a person's own file calls it: `kpi.mark`, `quit`. It stays as it is."""
        name = self.name or self.does
        return name if self.place == "everywhere" else f"{self.place}.{name}"

    @property
    def keys(self) -> list[str]:
        """All its keys, the one to show first."""
        return self.key.split()

    @property
    def shown(self) -> str:
        """How its key is written for people."""
        return shown(self.keys[0])


_WRITE = (
    Action("note", key="n", label="note", foot=True, at_once=True, help="Write a note on the KPI"),
    Action(
        "cause",
        key="c",
        label="cause",
        foot=True,
        at_once=True,
        help="Write down a cause of the variance; in why: what the marked bar says, to be confirmed",
    ),
    Action("action", key="a", label="action", foot=True, at_once=True, help="Agree an action: what @owner when"),
    Action("decision", key="d", label="decision", at_once=True, help="Write down a decision"),
    Action("figure", key="f", at_once=True, help="Type in the figure of a KPI that no file holds (⌨)"),
    Action(
        "verdict", key="v", label="verdict", foot=True, at_once=True, help="Give a verdict: ⏎ accepts the proposed one"
    ),
    Action(
        "revise_target",
        name="target",
        key="t",
        label="target",
        at_once=True,
        help="Another target, from a day on, with its reason",
    ),
    Action(
        "copy",
        key="y",
        label="copy",
        help="Copy the KPI's row, a group's, the chart with its figures, the action, at a review's end the summary",
    ),
    Action("private", name="memo", key="M", at_once=True, help="A memo for yourself; it stays on this machine"),
    Action(
        "edit_definition", key="E", label="edit", help="Its definition in your editor ($VISUAL, $EDITOR), at its line"
    ),
)
"""Wherever a KPI is in focus."""

_SCORECARD = (
    Action(
        "drill",
        key="enter",
        label="drill",
        foot=True,
        at_once=True,
        help="Open the KPI under the cursor; on a heading: fold it",
    ),
    Action(
        "filter",
        key="/",
        label="find",
        foot=True,
        at_once=True,
        help="Only KPIs with these words; owner:ops status:behind",
    ),
    Action("exceptions", key="x", help="Only KPIs that need talk, or all again"),
    Action(
        "group",
        key="g",
        label="group",
        foot=True,
        help="Group by decision, perspective, stage, owner, …: what is in use",
    ),
    Action("sort", key="s", help="Sort by the next column; after the last one by urgency"),
    Action("reverse_sort", key="S", help="Sort the other way round"),
    Action("view", key="V", help="The next saved view; after the last one all KPIs"),
    Action("columns", key="C", help="Choose and order the columns"),
    Action("next_behind", key="B", help="Next KPI that is behind"),
    Action("next_changed", key="N", help="Next KPI that has changed"),
)

_KPI = (
    Action(
        "details", key="e", label="details", foot=True, help="All fields of the marked record (Enter does the same)"
    ),
    Action("done", key="o", at_once=True, help="The marked action is done"),
    Action("drop", key="x", at_once=True, help="The marked action is dropped"),
    Action("chart_left", key="left (", foot=True, help="Chart cursor one period back"),
    Action("chart_right", key="right )", label="cursor", foot=True, help="Chart cursor one period on"),
    Action("chart_first", key="^ ctrl+home", help="Chart cursor to the first period"),
    Action("chart_last", key="$ ctrl+end", help="Chart cursor to the last period"),
    Action(
        "next_view",
        key="w",
        label="view",
        foot=True,
        help="Next view: weeks, months, years, …; in why: against the period before, a year before, A and B",
    ),
    Action("previous_view", key="W", help="View before"),
    Action("zoom_in", key="z", help="Half as many periods"),
    Action("zoom_out", key="Z", help="Twice as many periods"),
    Action("pan_back", key="< ctrl+left", help="Back in time"),
    Action("pan_on", key="> ctrl+right", help="On in time"),
    Action(
        "mark",
        key="m",
        label="mark",
        foot=True,
        help="Mark the period under the cursor, in why a segment; two marked ones are compared",
    ),
    Action("next_column", key="s", help="Break the KPI down by the next column; in why also by its inputs"),
    Action(
        "explain",
        key="h",
        label="why",
        foot=True,
        help="Why it moved: its inputs or segments as bars; again: the chart",
    ),
    Action(
        "linked",
        key="l",
        label="links",
        foot=True,
        help="KPIs before and after it; ⏎ goes to the marked one, esc comes back",
    ),
    Action("planned", key="p", help="In why: this comparison of A and B was planned before the figures were seen"),
    Action("rebase", key="b", at_once=True, help="New limits from the period under the cursor on, with a reason"),
    Action("baseline", key="B", at_once=True, help="Limits fixed by the points up to the cursor, with a reason"),
    Action(
        "definition",
        name="facts",
        key="i",
        label="facts",
        foot=True,
        help="What the figure is made of; arrows scroll it, Tab goes back",
    ),
)

_TREE = (
    Action("drill", key="enter", label="open", foot=True, help="Open the KPI under the cursor"),
    Action(
        "walk",
        key="m",
        label="mover",
        foot=True,
        help="Go to what moved it most, and on to what led to that, a step each",
    ),
    Action("against", key="b", label="before", foot=True, help="Compare with the year before, or the period before"),
    Action("turn", key="space", help="Fold the line, or unfold it"),
    Action("turn_view", key="w", label="funnel", foot=True, help="The funnel of the same KPIs, or the tree"),
)

_REVIEW = (
    Action("next_step", key="> tab ctrl+right", label="step", foot=True, help="The next step"),
    Action(
        "previous_step",
        key="< shift+tab ctrl+left",
        label="back",
        help="The step before; before the first: all reviews",
    ),
    Action("people", key="p", label="people", help="Who is in the room: the chair, then the others"),
    Action("choose_several", key="space", help="Mark the KPI, to give several one verdict"),
    Action("all_seen", key="s", label="all seen", help="Give all KPIs of the sweep their verdict"),
    Action("sign_off", key="S", label="sign off", at_once=True, help="Read it back; again: asks, and ⏎ signs it off"),
    Action("reopen", key="R", label="reopen", at_once=True, help="Open a review again that is signed off; ⏎ does it"),
    Action("leave_review", key="L", help="Leave the review; it can be resumed"),
    Action("done", key="o", label="done", at_once=True, help="The marked action is done"),
    Action(
        "keep", key="+ =", label="keep", over="coarser", at_once=True, help="Keep the marked action, with a new date"
    ),
    Action("drop", key="x", label="drop", at_once=True, help="The marked action is dropped"),
    Action("details", key="e", label="details", help="All fields of the marked action"),
)

_ACTIONS = (
    Action("done", key="o", label="done", foot=True, at_once=True, help="The marked action is done"),
    Action(
        "keep",
        key="+ =",
        label="keep",
        foot=True,
        over="coarser",
        at_once=True,
        help="Keep the marked action, with a new date",
    ),
    Action("drop", key="x", label="drop", foot=True, at_once=True, help="The marked action is dropped"),
    Action("details", key="e", label="details", foot=True, help="All fields of the marked action"),
    Action("group_actions", key="g", label="group", foot=True, help="By due date, by owner, by KPI"),
    Action("closed_actions", key="A", label="closed", foot=True, help="Closed ones, too, or open ones only"),
)

_DEFINITIONS = (
    Action("drill", key="enter", label="drill", foot=True, at_once=True, help="Open the marked KPI"),
    Action("filter", key="/", label="find", foot=True, at_once=True, help="Only KPIs with these words; lacks:owner"),
    Action("only_lacking", key="x", label="lacking", foot=True, help="Only KPIs that lack something, or all again"),
)

_PRESENT = (
    Action("next_kpi", key="right space l down j", help="The next KPI that needs talk, round and round"),
    Action("previous_kpi", key="left h up k", help="The one before"),
)

_EVERYWHERE = (
    Action("undo", key="u", help="Take back the last record you wrote, then the one before it"),
    Action("earlier", key=", [ shift+left", foot=True, help="One period earlier"),
    Action("later", key=". ] shift+right", label="period", foot=True, help="One period later"),
    Action("finer", key="-", help="Finer grain: month to week to day"),
    Action("coarser", key="+ =", help="Coarser grain: day to week to month, quarter, year"),
    Action("next_exception", key="J shift+down", label="next", foot=True, help="Next KPI that needs talk"),
    Action("previous_exception", key="K shift+up", help="Previous KPI that needs talk"),
    Action("scorecard", name="to_scorecard", key="1", help="The scorecard"),
    Action("kpi", name="to_kpi", key="2", help="The KPI in focus"),
    Action("tree", name="to_tree", key="3", help="The tree of KPIs, what moved its top, and the funnel"),
    Action("review", name="to_review", key="4", help="Hold a review: from the picture to the sign-off"),
    Action("actions", name="to_actions", key="5", help="What was agreed, overdue first"),
    Action("present", name="to_present", key="P", help="Present one KPI at a time to the room; again: back"),
    Action("definitions", name="to_definitions", key="6", help="What each KPI means, and what it lacks"),
    Action("back", key="escape", help="Close the innermost thing, or undo a change of view; drafts stay"),
    Action("problems", key="!", help="What is wrong with definitions, measurements, records"),
    Action("save_screen", key="Y", help="Save the screen as a picture (.svg) or as text (.txt)"),
    Action("reload", key="r", help="Read all files again"),
    Action("theme", key="T", help="Next theme"),
    Action(
        "palette",
        key=":",
        at_once=True,
        help="Find a KPI, a screen, an owner, an action, a key, a theme by some letters",
    ),
    Action(
        "help",
        key="?",
        label="keys",
        foot=True,
        at_once=True,
        help="The keys of this screen; type to find one, ⏎ does it",
    ),
    Action("quit", key="q", label="quit", foot=True, help="Quit; nothing is lost"),
)

_LIST = (
    Action("move(-1)", name="up", key="up k", help="One line up"),
    Action("move(1)", name="down", key="down j", help="One line down"),
    Action("page(-1)", name="page_up", key="pageup ctrl+u", help="One screen up"),
    Action("page(1)", name="page_down", key="pagedown ctrl+d", help="One screen down"),
    Action("to(0)", name="first", key="home H", help="First line"),
    Action("to(-1)", name="last", key="end G", help="Last line"),
)

_OUTLINE = (
    Action("fold(True)", name="fold", key="left h", help="Fold, or go to what the line stands under"),
    Action("fold(False)", name="unfold", key="right l", help="Unfold"),
)

_TABLES: tuple[tuple[Place, str, tuple[Action, ...]], ...] = (
    ("write", "With a KPI in focus", _WRITE),
    ("scorecard", "On the scorecard", _SCORECARD),
    ("kpi", "On a KPI", _KPI),
    ("tree", "On the tree and the funnel", _TREE),
    ("review", "In a review", _REVIEW),
    ("actions", "On the actions", _ACTIONS),
    ("definitions", "On the definitions", _DEFINITIONS),
    ("present", "Presenting", _PRESENT),
    ("everywhere", "Everywhere", _EVERYWHERE),
    ("list", "In lists, and in what scrolls", _LIST),
    ("outline", "In the groups of the scorecard, and in the tree", _OUTLINE),
)
_OUTLINES: tuple[Place, ...] = ("scorecard", "tree")
"""The screens with groups to fold."""
WHERE: dict[Place, str] = {place: where for place, where, _table in _TABLES}
"""What each place is called."""
ACTIONS = tuple(action._replace(place=place) for place, _where, table in _TABLES for action in table)
"""In the order of the foot and of the help."""
AT_ONCE = frozenset(action.does for action in ACTIONS if action.at_once)

MOUSE: tuple[tuple[str, str], ...] = (
    ("click", "marks a line, and opens it where it is marked; sorts by a column, by its title"),
    ("", "on the counts and the trail at the top, the keys at the bottom, and those in this list"),
    ("wheel", "scrolls"),
    ("presenting", "the right half goes on, the left half back, the place at the top right leaves; the wheel walks"),
)


def places_of(screen: Place) -> tuple[Place, ...]:
    """The places whose keys hold on a screen, its own first."""
    if screen == "present":  # it has no list, and nothing is written in front of a room
        return (screen, "everywhere")
    return (screen, "write", "everywhere", "list", *(("outline",) if screen in _OUTLINES else ()))


def called(does: str, app: object) -> str:
    """The action as Textual runs it on a click: the app's where it has it, else the screen's."""
    return f"{'app' if hasattr(app, f'action_{does}') else 'screen'}.{does}"


def bindings(*places: Place) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Textual's bindings for the actions of those places."""
    from textual.binding import Binding  # what prints the table does without

    return [
        Binding(for_textual(action.keys), action.does, show=False, id=action.id, priority=action.at_once)
        for action in ACTIONS
        if action.place in places
    ]


def for_textual(keys: Sequence[str]) -> str:
    """Keys as Textual takes them: commas stand between them, so that the comma has a name."""
    return ",".join("comma" if key == "," else key for key in keys)


_SIGNS = {"enter": "⏎", "escape": "esc", "left": "←", "right": "→", "up": "↑", "down": "↓"}
_SIGNS |= {"home": "Home", "end": "End", "pageup": "PgUp", "pagedown": "PgDn"}


def shown(key: str) -> str:
    """How a key is written for people: `shift+left` is shift+←."""
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    return "+".join([*modifiers, _SIGNS.get(name, name)])

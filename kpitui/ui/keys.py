"""Every key in one table: bindings, the foot of the screen and the help are made from it.

Plain letters do the work; terminals, tmux and editors take most control and function keys. Letters typed into an
input are text.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from textual.binding import Binding

Place = Literal["everywhere", "scorecard", "kpi", "actions", "review", "list", "kpi in focus", "tree"]


class Action(NamedTuple):
    """Something that a key does."""

    id: str
    """Textual's action: `scorecard.fold` is `action_fold` of what holds it."""
    keys: str
    """Separated by commas, the one to show first."""
    shown: str
    """How the key is written for people."""
    label: str
    """For the foot of the screen; empty where the next one's stands for both."""
    help: str
    place: Place
    in_foot: bool = False
    at_once: bool = False
    """It is done before the next key is looked at, which is meant for what this one opens."""


ACTIONS: tuple[Action, ...] = (
    Action(
        "drill", "enter", "⏎", "drill", "Open the KPI under the cursor; on a heading: fold it", "scorecard", True, True
    ),
    Action("note", "n", "n", "note", "Write a note on the KPI", "kpi in focus", True, True),
    Action(
        "cause",
        "c",
        "c",
        "cause",
        "Write down a cause of the variance; in why: what the marked bar says, to be confirmed",
        "kpi in focus",
        True,
        True,
    ),
    Action("action", "a", "a", "action", "Agree an action: what @owner when", "kpi in focus", True, True),
    Action("decision", "d", "d", "decision", "Write down a decision", "kpi in focus", at_once=True),
    Action(
        "figure", "f", "f", "figure", "Type in the figure of a KPI that no file holds (⌨)", "kpi in focus", at_once=True
    ),
    Action("verdict", "v", "v", "verdict", "Give a verdict: ⏎ accepts the proposed one", "kpi in focus", True),
    Action("revise_target", "t", "t", "target", "Another target, from a day on, with its reason", "kpi in focus"),
    Action("private", "M", "M", "memo", "A memo for yourself; it stays on this machine", "kpi in focus", at_once=True),
    Action("details", "e", "e", "details", "All fields of the marked record (Enter does the same)", "kpi", True),
    Action("done", "o", "o", "done", "The marked action is done", "kpi", at_once=True),
    Action("drop", "x", "x", "drop", "The marked action is dropped", "kpi", at_once=True),
    Action("undo", "u", "u", "undo", "Take back the last record you wrote, then the one before it", "everywhere"),
    Action("earlier", "comma,left_square_bracket", ",", "", "One period earlier", "everywhere", True),
    Action("later", "full_stop,right_square_bracket", ".", "period", "One period later", "everywhere", True),
    Action("finer", "minus", "-", "finer", "Finer grain: month to week to day", "everywhere"),
    Action(
        "coarser",
        "plus,equals_sign",
        "+",
        "coarser",
        "Coarser grain: day to week to month, quarter, year",
        "everywhere",
    ),
    Action(
        "filter", "slash", "/", "find", "Only KPIs with these words; owner:ops status:behind", "scorecard", True, True
    ),
    Action("exceptions", "x", "x", "exceptions", "Only KPIs that need talk, or all again", "scorecard"),
    Action(
        "group", "g", "g", "group", "Group by decision, perspective, stage, owner, …: what is in use", "scorecard", True
    ),
    Action("sort", "s", "s", "sort", "Sort by the next column; after the last one by urgency", "scorecard"),
    Action("reverse_sort", "S", "S", "reverse", "Sort the other way round", "scorecard"),
    Action("view", "V", "V", "view", "The next saved view; after the last one all KPIs", "scorecard"),
    Action("columns", "C", "C", "columns", "Choose and order the columns", "scorecard"),
    Action("next_behind", "B", "B", "behind", "Next KPI that is behind", "scorecard"),
    Action("next_changed", "N", "N", "changed", "Next KPI that has changed", "scorecard"),
    Action("next_exception", "J", "J", "next", "Next KPI that needs talk", "everywhere", True),
    Action("previous_exception", "K", "K", "previous", "Previous KPI that needs talk", "everywhere"),
    Action("chart_left", "left", "←", "", "Chart cursor one period back", "kpi", True),
    Action("chart_right", "right", "→", "cursor", "Chart cursor one period on", "kpi", True),
    Action("chart_first", "circumflex_accent", "^", "", "Chart cursor to the first period", "kpi"),
    Action("chart_last", "dollar_sign", "$", "", "Chart cursor to the last period", "kpi"),
    Action(
        "next_view",
        "w",
        "w",
        "view",
        "Next view: weeks, months, years, …; in why: against the period before, a year before, A and B",
        "kpi",
        True,
    ),
    Action("previous_view", "W", "W", "", "View before", "kpi"),
    Action("zoom_in", "z", "z", "zoom", "Half as many periods", "kpi"),
    Action("zoom_out", "Z", "Z", "", "Twice as many periods", "kpi"),
    Action("pan_back", "less_than_sign", "<", "pan", "Back in time", "kpi"),
    Action("pan_on", "greater_than_sign", ">", "", "On in time", "kpi"),
    Action(
        "mark",
        "m",
        "m",
        "mark",
        "Mark the period under the cursor, in why a segment; two marked ones are compared",
        "kpi",
        True,
    ),
    Action(
        "next_column",
        "s",
        "s",
        "segments",
        "Break the KPI down by the next column; in why: its inputs, then by each column",
        "kpi",
    ),
    Action("explain", "h", "h", "why", "Why it moved: its inputs or segments as bars; again: the chart", "kpi", True),
    Action(
        "linked", "l", "l", "links", "KPIs before and after it; ⏎ goes to the marked one, esc comes back", "kpi", True
    ),
    Action(
        "planned", "p", "p", "", "In why: this comparison of A and B was planned before the figures were seen", "kpi"
    ),
    Action(
        "rebase",
        "b",
        "b",
        "limits",
        "New limits from the period under the cursor on, with a reason",
        "kpi",
        at_once=True,
    ),
    Action("baseline", "B", "B", "", "Limits fixed by the points up to the cursor, with a reason", "kpi", at_once=True),
    Action("done", "o", "o", "done", "The marked action is done", "actions", True, True),
    Action("keep", "plus,equals_sign", "+", "keep", "Keep the marked action, with a new date", "actions", True, True),
    Action("drop", "x", "x", "drop", "The marked action is dropped", "actions", True, True),
    Action("details", "e", "e", "details", "All fields of the marked action", "actions", True),
    Action("group_actions", "g", "g", "group", "By due date, by owner, by KPI", "actions", True),
    Action("closed_actions", "A", "A", "closed", "Closed ones, too, or open ones only", "actions", True),
    Action("next_step", "greater_than_sign,tab", ">", "step", "The next step", "review", True),
    Action(
        "previous_step",
        "less_than_sign,shift+tab",
        "<",
        "back",
        "The step before; before the first: all reviews",
        "review",
    ),
    Action("choose_several", "space", "space", "mark", "Mark the KPI, to give several one verdict", "review"),
    Action("all_seen", "s", "s", "all seen", "Give all KPIs of the sweep their verdict", "review"),
    Action("sign_off", "S", "S", "sign off", "Read it back; again: sign it off", "review"),
    Action("reopen", "R", "R", "reopen", "Open a review again that is signed off", "review"),
    Action("leave_review", "L", "L", "leave", "Leave the review; it can be resumed", "review"),
    Action("done", "o", "o", "done", "The marked action is done", "review", at_once=True),
    Action("keep", "plus,equals_sign", "+", "keep", "Keep the marked action, with a new date", "review", at_once=True),
    Action("drop", "x", "x", "drop", "The marked action is dropped", "review", at_once=True),
    Action("details", "e", "e", "details", "All fields of the marked action", "review"),
    Action("edit_definition", "E", "E", "edit", "The definition in your editor ($VISUAL, $EDITOR), at its line", "kpi"),
    Action("definition", "i", "i", "facts", "What the figure is made of; arrows scroll it, Tab goes back", "kpi", True),
    Action("drill", "enter", "⏎", "open", "Open the KPI under the cursor", "tree", True),
    Action(
        "walk", "m", "m", "mover", "Go to what moved it most, and on to what led to that, a step each", "tree", True
    ),
    Action("against", "b", "b", "before", "Compare with the year before, or the period before", "tree", True),
    Action("turn_view", "w", "w", "funnel", "The funnel of the same KPIs, or the tree", "tree", True),
    Action("scorecard", "1", "1", "scorecard", "The scorecard", "everywhere"),
    Action("kpi", "2", "2", "KPI", "The KPI in focus", "everywhere"),
    Action("tree", "3", "3", "tree", "The tree of KPIs, what moved its top, and the funnel", "everywhere"),
    Action("review", "4", "4", "review", "Hold a review: from the picture to the sign-off", "everywhere"),
    Action("actions", "5", "5", "actions", "What was agreed, overdue first", "everywhere"),
    Action(
        "back",
        "escape",
        "esc",
        "back",
        "Close the innermost thing, or undo a change of view; drafts stay",
        "everywhere",
    ),
    Action(
        "problems",
        "exclamation_mark",
        "!",
        "problems",
        "What is wrong with definitions, measurements, records",
        "everywhere",
    ),
    Action("reload", "r", "r", "reload", "Read all files again", "everywhere"),
    Action("theme", "T", "T", "theme", "Next theme", "everywhere"),
    Action(
        "palette",
        "colon",
        ":",
        "palette",
        "Find a KPI, an owner, an action, a key, a theme by some letters",
        "everywhere",
    ),
    Action("help", "question_mark", "?", "keys", "The keys of this screen", "everywhere", True),
    Action("quit", "q", "q", "quit", "Quit; nothing is lost", "everywhere", True),
)

MOVING: tuple[tuple[str, str], ...] = (
    ("↑ ↓  k j", "one row"),
    ("PgUp PgDn", "one screen"),
    ("Home End", "first, last row"),
    ("← →", "on the scorecard and the tree: fold, unfold a group or a part of the tree"),
    ("space", "on the tree: fold or unfold"),
    ("mouse", "click to mark, click again to open, on a column's title to sort, wheel to scroll"),
    ("", "click on the counts and the trail at the top, the keys at the bottom, and those in this list"),
)


AT_ONCE = frozenset(action.id for action in ACTIONS if action.at_once)


def called(action_id: str, app: object) -> str:
    """The action as Textual runs it on a click: the app's where it has it, else the screen's."""
    return f"{'app' if hasattr(app, f'action_{action_id}') else 'screen'}.{action_id}"


def bindings(*places: Place) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Textual's bindings for the actions of those places."""
    return [
        Binding(action.keys, action.id, action.label, show=False, id=action.id, priority=action.at_once)
        for action in ACTIONS
        if action.place in places
    ]

"""The keys of the screen below, made from the one table of keys."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from kpitui.ui.keys import ACTIONS, MOVING, Place
from kpitui.workspace.wording import STATUS_SIGN, STATUS_WORD

_TITLES: dict[Place, str] = {
    "scorecard": "On the scorecard",
    "kpi": "On a KPI",
    "tree": "On the tree and the funnel",
    "kpi in focus": "Writing about the KPI in focus",
    "everywhere": "Everywhere",
}


_LEGEND = (
    ("⚑2 ✎ !", "open actions, notes of this period, a missing component (such as an owner)"),
    ("↺ ⌨", "restated: a review saw another figure; the figures are typed in"),
    ("◷ ~", "stale: later values are due; limits of fewer than 12 points are provisional"),
    ("61%* ◔95%", "not every value that was due has come; ◔ how many have, where that is enough to judge"),
    ("usual", "nothing but usual variation, by the KPI's process behaviour chart"),
    ("worse ↑", "a change: limit (outside the limits), run (long on one side), trend, near (a limit)"),
    ("Gap↑ Gap↓", "rows are sorted by this column, from its low or from its high end"),
    ("• ○ ▲ ▼", "on the chart: a period, one that is not over (amounts: at its pace), signals above and below"),
    ("· ─ ╌ . :", "limits, mean, target, the same periods a year and two years ago"),
    ("① A B ┆", "on its axis: what happened, told below it; marked periods; the cursor"),
)
_FILTER = (
    ("ops lead", "both words, anywhere in names, owners, teams and the like"),
    ("owner:ops", "also team: objective: stage: initiative: name: id: tier: kind: type: level: perspective:"),
    ("status:", "behind, at_risk, on_track, ahead, no_target, no_data; a comma means or"),
    ("signal:", "any, usual, better, worse, above, below, limit, run, trend, near, step"),
    ("is:", "stale, incomplete, restated, manual, provisional, noted, open, overdue"),
    ("group: lacks:", "watch, fine, …; owner, target, …"),
)


_TREE = (
    ("Contribution", "its part of the change of the tree's top, in the top's unit; bold: that change"),
    ("", "Owen values of the formulas: the parts of a KPI add up to its own; arithmetic, not cause"),
    ("—", "its formula does not name it, or cannot be taken apart: the sentence says why"),
    ("⇢ 3 weeks", "predicts the KPI above it, so much later; behind a name: it is a part as well"),
    ("m", "the largest part that has changed by its chart and pulls the same way; without one, what"),
    ("", "leads it and changed first, up to 26 weeks before; without one, the largest part of all"),
    ("↓ share", "funnel: how many of a count come to the next one; ┊ the target, or the year before"),
    ("bottleneck", "the share that is furthest below its target in per cent of it; without a target,"),
    ("", "below the year before"),
)


class Help(ModalScreen[None]):
    """A list of keys, then the signs."""

    DEFAULT_CSS = """
    Help { align: center middle; }
    Help > VerticalScroll {
        width: 72; max-width: 96%; height: auto; max-height: 92%;
        background: $surface; border: round $primary; padding: 0 2;
    }
    """
    BINDINGS = [Binding("escape,question_mark,q,enter", "leave", "Close")]

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Keys · ↑ ↓ scroll · esc closes"
            yield Static(Content("\n").join(self._lines()))

    def _lines(self) -> list[Content]:
        lines: list[Content] = []
        for place in (self._place, "kpi in focus", "everywhere"):
            lines += [*self._keys(place), Content("")]
        lines += _signs()
        if self._place == "scorecard":
            lines += [Content(""), Content.styled("Words for / and for saved views", "bold $primary")]
            lines += [_key(key, words) for key, words in _FILTER]
        if self._place == "tree":
            lines += [Content(""), Content.styled("What stands there", "bold $primary")]
            lines += [_key(sign, what) for sign, what in _TREE]
        lines += [Content(""), Content.styled("Moving", "bold $primary")]
        lines += [_key(keys, what) for keys, what in MOVING]
        return lines

    def _keys(self, place: Place) -> list[Content]:
        return [
            Content.styled(_TITLES[place], "bold $primary"),
            *(_key(action.shown, action.help) for action in ACTIONS if action.place == place),
        ]

    def action_leave(self) -> None:
        self.dismiss()


def _signs() -> list[Content]:
    lines = [Content.styled("Signs", "bold $primary")]
    for status, word in STATUS_WORD.items():
        colour = f"bold $status-{status.replace('_', '-')}"
        lines.append(Content.assemble((STATUS_SIGN[status].ljust(12), colour), word))
    return lines + [_key(sign, what) for sign, what in _LEGEND]


def _key(shown: str, what: str) -> Content:
    return Content.assemble((shown.ljust(12), "bold $accent"), what)

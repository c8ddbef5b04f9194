"""The keys of the screen below, made from the one table of keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from kpitui.ui.keys import ACTIONS, MOVING, Place
from kpitui.ui.screens.overlay import Overlay
from kpitui.ui.text import wrapped
from kpitui.workspace.wording import STATUS_SIGN, STATUS_WORD

_KEY = "bold $accent"
_SIGN = 12
"""Cells of a key or a sign, the blank behind it included."""
_NARROWEST = 20
"""Cells of a meaning at least."""
_TITLES: dict[Place, str] = {
    "scorecard": "On the scorecard",
    "kpi": "On a KPI",
    "review": "In a review",
    "actions": "On the actions",
    "definitions": "On the definitions",
    "tree": "On the tree and the funnel",
    "write": "Writing about the KPI in focus",
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
    (
        "Contribution",
        (
            "its part of the change of the tree's top, in the top's unit; bold: that change. "
            "Owen values of the formulas: the parts of a KPI add up to its own; arithmetic, not cause"
        ),
    ),
    ("—", "its formula does not name it, or cannot be taken apart: the sentence says why"),
    ("⇢ 3 weeks", "predicts the KPI above it, so much later; behind a name: it is a part as well"),
    (
        "m",
        (
            "the largest part that has changed by its chart and pulls the same way; without one, what "
            "leads it and changed first, up to 26 weeks before; without one, the largest part of all"
        ),
    ),
    ("↓ share", "funnel: how many of a count come to the next one; ┊ the target, or the year before"),
    (
        "bottleneck",
        "the share that is furthest below its target in per cent of it; without a target, below the year before",
    ),
)


class Help(Overlay[str | None]):
    """A list of keys, then the signs; gives the id of the action that was clicked."""

    DEFAULT_CSS = """
    Help > VerticalScroll {
        width: 72; max-width: 96%; height: auto; max-height: 92%;
        background: $surface; border: round $primary; padding: 0 1 0 2;
        scrollbar-gutter: stable; scrollbar-size-vertical: 1;
    }
    """
    BINDINGS = [Binding("escape,question_mark,q,enter", "leave", "Close")]

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Keys · ↑ ↓ scroll · esc closes"
            yield _Explained(_parts(self._place))

    def action_leave(self) -> None:
        self.leave_with(None)

    def action_run(self, action_id: str) -> None:
        """A key in the list was clicked."""
        self.leave_with(action_id)


class _Said(NamedTuple):
    """A key or a sign, and what it means."""

    sign: str
    style: str
    meaning: str
    action: str = ""
    """Run by a click."""


class _Part(NamedTuple):
    """A heading and what stands under it; a sign's style is ours."""

    title: str
    explained: Sequence[_Said]


class _Explained(Widget):
    """Keys and signs with their meanings beside them; a long meaning goes on under itself."""

    DEFAULT_CSS = """
    _Explained { height: auto; link-style: none; link-color: $foreground; link-background: $surface;
                 link-style-hover: bold; link-color-hover: $accent; link-background-hover: $surface; }
    """

    def __init__(self, parts: Sequence[_Part]) -> None:
        super().__init__()
        self._parts = parts

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, columns: int) -> list[Content]:
        lines: list[Content] = []
        for part in self._parts:
            if lines:
                lines.append(Content(""))
            lines.append(Content.styled(part.title, "bold $primary"))
            for said in part.explained:
                first, *more = wrapped(said.meaning, max(_NARROWEST, columns - _SIGN))
                lines.append(_first(said, first))
                lines += [Content(" " * _SIGN + line) for line in more]
        return lines


def _first(said: _Said, meaning: str) -> Content:
    sign = said.sign.ljust(_SIGN)
    if not said.action:
        return Content.assemble((sign, said.style), meaning)
    # Texts of our own table only.
    markup = f"[@click=screen.run('{said.action}')][{said.style}]$sign[/]$meaning[/]"
    return Content.from_markup(markup, sign=sign, meaning=meaning)


def _parts(place: Place) -> list[_Part]:
    """What the help of a screen explains."""
    parts = [
        _Part(
            _TITLES[one],
            [_Said(action.shown, _KEY, action.help, action.does) for action in ACTIONS if action.place == one],
        )
        for one in (place, "write", "everywhere")
    ]
    signs = [
        _Said(STATUS_SIGN[status], f"bold $status-{status.replace('_', '-')}", word)
        for status, word in STATUS_WORD.items()
    ]
    parts.append(_Part("Signs", [*signs, *_keys(_LEGEND)]))
    if place == "scorecard":
        parts.append(_Part("Words for / and for saved views", _keys(_FILTER)))
    if place == "tree":
        parts.append(_Part("What stands there", _keys(_TREE)))
    return [*parts, _Part("Moving", _keys(MOVING))]


def _keys(explained: Iterable[tuple[str, str]]) -> list[_Said]:
    return [_Said(key, _KEY, meaning) for key, meaning in explained]

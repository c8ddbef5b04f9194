"""The keys of the screen below, made from the one table of keys."""

from __future__ import annotations

from collections.abc import Sequence
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

_TITLES: dict[Place, str] = {
    "scorecard": "On the scorecard",
    "kpi": "On a KPI",
    "kpi in focus": "Writing about the KPI in focus",
    "everywhere": "Everywhere",
}
_HEADING = "bold $primary"

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


_KEY = 12
"""Cells for a key or a sign; its text stands beside them, on all of its lines."""


class _Said(NamedTuple):
    """A key or a sign and what it means; a heading has no meaning."""

    shown: str
    what: str = ""
    style: str = "bold $accent"
    action: str = ""
    """Run by a click."""


class _List(Widget):
    DEFAULT_CSS = """
    _List { height: auto; link-style: none; link-color: $foreground; link-background: $surface;
            link-style-hover: bold; link-color-hover: $accent; link-background-hover: $surface; }
    """

    def __init__(self, said: Sequence[_Said]) -> None:
        super().__init__()
        self._said = said

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return sum(len(_lines(said, width)) for said in self._said)

    def render(self) -> Content:
        return Content("\n").join(line for said in self._said for line in _lines(said, self.content_size.width))


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
            yield _List(self._listed())

    def _listed(self) -> list[_Said]:
        said: list[_Said] = []
        for place in (self._place, "kpi in focus", "everywhere"):
            said += [*_keys(place), _Said("")]
        said.append(_Said("Signs", style=_HEADING))
        for status, word in STATUS_WORD.items():
            said.append(_Said(STATUS_SIGN[status], word, f"bold $status-{status.replace('_', '-')}"))
        said += [_Said(sign, what) for sign, what in _LEGEND]
        if self._place == "scorecard":
            said += [_Said(""), _Said("Words for / and for saved views", style=_HEADING)]
            said += [_Said(key, words) for key, words in _FILTER]
        said += [_Said(""), _Said("Moving", style=_HEADING)]
        return said + [_Said(keys, what) for keys, what in MOVING]

    def action_leave(self) -> None:
        self.leave_with(None)

    def action_run(self, action_id: str) -> None:
        """A key in the list was clicked."""
        self.leave_with(action_id)


def _keys(place: Place) -> list[_Said]:
    keys = [action for action in ACTIONS if action.place == place]
    return [_Said(_TITLES[place], style=_HEADING), *(_Said(a.shown, a.help, action=a.id) for a in keys)]


def _lines(said: _Said, width: int) -> list[Content]:
    if not said.what:
        return [Content.styled(said.shown, said.style)]
    first, *more = wrapped(said.what, max(10, width - _KEY))
    key, below = said.shown.ljust(_KEY), [Content(" " * _KEY + line) for line in more]
    if not said.action:
        return [Content.assemble((key, said.style), first), *below]
    link = f"@click=screen.run('{said.action}')"
    return [Content.from_markup(f"[{link}][{said.style}]$key[/]$what[/]", key=key, what=first), *below]

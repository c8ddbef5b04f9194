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
    "kpi in focus": "Writing about the KPI in focus",
    "everywhere": "Everywhere",
}


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
            lines.append(Content.styled(_TITLES[place], "bold $primary"))
            lines += [_key(action.shown, action.help) for action in ACTIONS if action.place == place]
            lines.append(Content(""))
        lines.append(Content.styled("Moving", "bold $primary"))
        lines += [_key(keys, what) for keys, what in MOVING]
        lines += [Content(""), Content.styled("Signs", "bold $primary")]
        for status, word in STATUS_WORD.items():
            colour = f"bold $status-{status.replace('_', '-')}"
            lines.append(Content.assemble((STATUS_SIGN[status].ljust(12), colour), word))
        lines += [
            _key("⚑2 ✎ !", "open actions, notes of this period, a missing component (such as an owner)"),
            _key("↺ ⌨", "restated: a review saw another figure; the figures are typed in"),
            _key("61%*", "not every value that was due has come"),
            _key("usual", "nothing but usual variation, by the KPI's process behaviour chart"),
            _key(
                "• ○ ▲ ▼",
                "on the chart: a period, one that is not over (amounts: at its pace), signals above and below",
            ),
            _key("· ─ ╌ . :", "limits, mean, target, the same periods a year and two years ago"),
            _key("① A B ┆", "on its axis: what happened, told below it; marked periods; the cursor"),
            _key("worse ↑", "a change: limit (outside the limits), run (long on one side), trend, near (a limit)"),
        ]
        return lines

    def action_leave(self) -> None:
        self.dismiss()


def _key(shown: str, what: str) -> Content:
    return Content.assemble((shown.ljust(12), "bold $accent"), what)

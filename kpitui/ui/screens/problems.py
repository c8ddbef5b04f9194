"""Everything wrong with definitions, measurements and records, each with its place and its cure."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from kpitui.problems import Problem, total
from kpitui.ui.screens.overlay import Overlay
from kpitui.ui.text import plain, plain_lines
from kpitui.ui.widgets.scrolls import Scrolls


class _Box(VerticalScroll, Scrolls):
    """The lines."""


class Problems(Overlay[None]):
    """A list to read; it scrolls."""

    DEFAULT_CSS = """
    Problems > VerticalScroll {
        width: 96%; height: auto; max-height: 92%;
        background: $surface; border: round $error; padding: 0 1;
    }
    """
    BINDINGS = [Binding("escape,exclamation_mark,q,enter", "leave", "Close")]

    def __init__(self, problems: Sequence[Problem], not_read: str = "") -> None:
        """`not_read`: why the files are not what is shown; the problems are those of the last reading."""
        super().__init__()
        self._problems = problems
        self._not_read = not_read

    def compose(self) -> ComposeResult:
        with _Box() as box:
            count = total(self._problems)
            box.border_title = f"{count} {'problem' if count == 1 else 'problems'} · [@click=screen.leave]esc closes[/]"
            if self._not_read:
                told = f"Not read; what is shown is from before: {self._not_read}"
                yield Static(Content.styled(plain_lines(told), "$error"))
            elif not self._problems:
                yield Static("Nothing is wrong with definitions, measurements and records.")
            for problem in self._problems:
                yield Static(_told(problem))

    def action_leave(self) -> None:
        self.leave_with(None)


def _told(problem: Problem) -> Content:
    place = ": ".join(part for part in (problem.place, problem.key) if part)
    parts: list[str | tuple[str, str]] = [(plain(place), "bold $accent"), "  ", plain(problem.message)]
    if problem.hint:
        parts.append((f"\n    {plain(problem.hint)}", "$signal-usual"))
    if problem.holds_up:
        parts.append((f"\n    {plain(problem.held_up)}", "$signal-usual"))
    return Content.assemble(*parts)

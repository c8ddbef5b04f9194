"""What `kpitui` shows where there is no workspace: the demo, those of late, CSV files to begin from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.text import content, fit, plain, width
from kpitui.ui.themes import defaults
from kpitui.ui.theming import Theming
from kpitui.ui.widgets.marked_list import Item, MarkedList
from kpitui.ui.widgets.typed import TypedLine

_LONGEST = 34
"""Cells of a name."""

What = Literal["demo", "open", "from", "empty"]


@dataclass(frozen=True)
class Choice:
    """What somebody wants to begin with."""

    what: What
    path: str = ""
    """The workspace, the CSV file, or the folder of a new workspace."""


@dataclass(frozen=True)
class Offer:
    """A line of the page."""

    choice: Choice
    name: str
    says: str
    asks: str = ""
    """What is to be typed before it can be done; empty where nothing is."""


class StartPage(App[Choice]):
    """Offers, of which one is chosen; None where somebody leaves."""

    CSS = """
    Screen { background: $background; color: $foreground; padding: 1 1; }
    #here { color: $foreground-muted; margin: 0 0 1 0; }
    #head, #here, #foot { height: 1; padding: 0 1; }
    TypedLine { display: none; margin: 0 1 1 1; background: $surface; }
    TypedLine.asked { display: block; }
    #foot { color: $foreground-muted; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [Binding("q,ctrl+q,escape", "leave", show=False)]

    def __init__(self, here: Path, offers: Sequence[Offer]) -> None:
        super().__init__()
        self._here = here
        self._offers = offers
        self._asked: Offer | None = None
        Theming(self, here).begin()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return defaults()

    def compose(self) -> ComposeResult:
        yield Static(Content.styled("kpitui", "bold") + Content(" · KPI reviews in the terminal"), id="head")
        yield Static(content(f"There is no kpitui.toml in {self._here}."), id="here")
        yield MarkedList()
        yield TypedLine(select_on_focus=False)
        yield Static(content("⏎ choose   ↑ ↓ k j move   q quit   ·   kpitui WORKSPACE opens one at once"), id="foot")

    def on_mount(self) -> None:
        names = min(_LONGEST, max(width(plain(offer.name)) for offer in self._offers))
        items = [Item(str(at), partial(_write, offer, names)) for at, offer in enumerate(self._offers)]
        offers = self.query_one(MarkedList)
        offers.show_items(items)
        offers.focus()

    def action_leave(self) -> None:
        """Close what is asked, else the page."""
        if self._asked is None:
            self.exit()
            return
        self._asked = None
        self.query_one(Input).remove_class("asked")
        self.query_one(MarkedList).focus()

    def on_marked_list_chosen(self, event: MarkedList.Chosen) -> None:
        offer = self._offers[int(event.key)]
        if not offer.asks:
            self.exit(offer.choice)
            return
        self._asked = offer
        box = self.query_one(Input)
        box.add_class("asked")
        box.placeholder = plain(offer.asks)
        box.value = plain(offer.choice.path)
        box.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if self._asked is not None and event.value.strip():
            self.exit(Choice(self._asked.choice.what, event.value.strip()))


def _write(offer: Offer, names: int, canvas: Canvas, y: int, room: int, marked: bool) -> None:
    """The name, and behind it what it is."""
    canvas.write(0, y, fit(offer.name, names), "bold foreground" if marked else "")
    canvas.write(names + 3, y, fit(offer.says, room - names - 3), "signal-usual")

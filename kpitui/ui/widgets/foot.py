"""The foot of a screen: its most used keys, as many as fit; each can be clicked."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from kpitui.ui.keys import ACTIONS, Place


class Foot(Widget):
    """One line of keys. Help and quit are always there, the others as there is room."""

    DEFAULT_CSS = """
    Foot { height: 1; dock: bottom; background: $panel; color: $foreground; padding: 0 1;
           link-style: none; link-color: $foreground; link-background: $panel;
           link-style-hover: bold; link-color-hover: $accent; link-background-hover: $panel; }
    """

    def __init__(self, *places: Place, first: Sequence[str] = ()) -> None:
        """`first`: ids of the actions that are the last to leave, in their order."""
        super().__init__()
        found = [action for action in ACTIONS if action.in_foot and action.label and action.place in places]
        self._actions = sorted(found, key=lambda action: first.index(action.id) if action.id in first else len(first))

    def render(self) -> Content:
        always = [action for action in self._actions if action.id in ("help", "quit")]
        room = self.size.width - sum(len(action.shown) + len(action.label) + 3 for action in always)
        shown = []
        for action in self._actions:
            if action in always:
                continue
            room -= len(action.shown) + len(action.label) + 3
            if room < 0:
                break
            shown.append(action)
        parts = []
        for action in [*shown, *always]:
            where = "app" if hasattr(self.app, f"action_{action.id}") else "screen"
            # Texts of our own table only: this is the one place where markup is wanted.
            parts.append(
                Content.from_markup(
                    f"[@click={where}.{action.id}][bold $accent]$key[/] $label[/]", key=action.shown, label=action.label
                )
            )
        return Content("  ").join(parts)

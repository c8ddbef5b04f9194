"""The foot of a screen: its most used keys, as many as fit; each can be clicked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from kpitui.ui.keys import Action, Place, called
from kpitui.ui.widgets.line import LeftByKeys

if TYPE_CHECKING:
    from kpitui.ui.app import KpituiApp


class Foot(Widget):
    """One line of keys. Help and quit are always there, the others as there is room."""

    DEFAULT_CSS = """
    Foot { height: 1; dock: bottom; background: $panel; color: $foreground; padding: 0 1;
           link-style: none; link-color: $foreground; link-background: $panel;
           link-style-hover: bold; link-color-hover: $accent; link-background-hover: $panel; }
    """

    app: KpituiApp

    def __init__(self, *places: Place, first: Sequence[str] = ()) -> None:
        """`first`: ids of the actions that are the last to leave, in their order."""
        super().__init__()
        self._places = places
        self._first: Sequence[str] = ()
        self._without: Sequence[str] = ()
        self._items: list[tuple[Action, ...]] = []
        self.put_first(first)

    def put_first(self, first: Sequence[str], without: Sequence[str] = ()) -> None:
        """Show these actions before the others, where there is room; `without` those that can do nothing now."""
        if self._items and (first, without) == (self._first, self._without):
            return
        self._first, self._without = first, without
        found = [
            action
            for action in self.app.keymap.of(*self._places)
            if (action.foot or action.does in first) and action.does not in without
        ]
        found.sort(key=lambda action: first.index(action.does) if action.does in first else len(first))
        self._items = list(_items(found))
        self.refresh()

    def rename(self, does: str, label: str) -> None:
        """Of an action that goes to and fro: where it leads from here."""
        item = next(at for at, item in enumerate(self._items) if item[-1].does == does)
        self._items[item] = (*self._items[item][:-1], self._items[item][-1]._replace(label=label))
        self.refresh()

    def on_mouse_down(self) -> None:
        """Whoever clicks on a key means it, also while something is typed elsewhere."""
        focused = self.screen.focused
        for holder in focused.ancestors if focused is not None else ():
            if isinstance(holder, LeftByKeys):
                holder.leave()

    def render(self) -> Content:
        always = [item for item in self._items if item[-1].does in ("help", "quit")]
        room = self.size.width - sum(map(_cells, always))
        shown = []
        for item in self._items:
            if item not in always and _cells(item) <= room:
                room -= _cells(item)
                shown.append(item)
        return Content("  ").join(Content(" ").join(map(self._written, item)) for item in [*shown, *always])

    def _written(self, action: Action) -> Content:
        # Texts of our own table only: this is the one place where markup is wanted.
        label = " $label" if action.label else ""
        return Content.from_markup(
            f"[@click={called(action.does, self.app)}][bold $accent]$key[/]{label}[/]",
            key=action.shown,
            label=action.label,
        )


def _items(actions: Sequence[Action]) -> Iterator[tuple[Action, ...]]:
    """Keys that share a label: those without one go with the next."""
    item: list[Action] = []
    for action in actions:
        item.append(action)
        if action.label:
            yield tuple(item)
            item = []


def _cells(item: Sequence[Action]) -> int:
    """With the blanks behind."""
    return sum(len(action.shown) + 1 for action in item) + len(item[-1].label) + 2

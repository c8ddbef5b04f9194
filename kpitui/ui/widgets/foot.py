"""The foot of a screen: its most used keys, as many as fit; each can be clicked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from textual.content import Content
from textual.widget import Widget

from kpitui.ui.keys import ACTIONS, Action, Place, called

_BETWEEN = "  "


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
        found = [action for action in ACTIONS if action.in_foot and action.place in places]
        found.sort(key=lambda action: first.index(action.id) if action.id in first else len(first))
        self._groups = list(_under_one_label(found))

    def render(self) -> Content:
        texts = {group[-1].id: Content(" ").join(self._key(action) for action in group) for group in self._groups}
        always = [texts.pop(id_) for id_ in ("help", "quit")]
        room = self.size.width - sum(text.cell_length + len(_BETWEEN) for text in always)
        shown = []
        for text in texts.values():
            room -= text.cell_length + len(_BETWEEN)
            if room < 0:
                break
            shown.append(text)
        return Content(_BETWEEN).join([*shown, *always])

    def _key(self, action: Action) -> Content:
        # Texts of our own table only: this is the one place where markup is wanted.
        markup = f"[@click={called(action.id, self.app)}][bold $accent]$key[/]{' $label' * bool(action.label)}[/]"
        return Content.from_markup(markup, key=action.shown, label=action.label)


def _under_one_label(actions: Iterable[Action]) -> Iterator[list[Action]]:
    """Keys that go with the one after them, as `,` with `.`, have no label of their own."""
    group: list[Action] = []
    for action in actions:
        group.append(action)
        if action.label:
            yield group
            group = []

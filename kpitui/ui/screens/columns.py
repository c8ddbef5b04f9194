"""Which columns the scorecard has, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kpitui.periods import Grain
from kpitui.ui.columns import BY_ID, COLUMNS, USUAL
from kpitui.ui.keys import bindings
from kpitui.ui.screens.overlay import Overlay

_KEYS = (
    "[@click=screen.mark]space[/] shows or hides · [@click=screen.right]J[/] [@click=screen.left]K[/] move · "
    "[@click=screen.usual]u the usual ones[/]\n"
    "[@click=screen.keep]⏎ keeps them[/] · [@click=screen.leave]esc cancels[/]"
)


class ColumnChooser(Overlay[tuple[str, ...] | None]):
    """Gives the ids of the chosen columns from left to right, or None where it is left."""

    DEFAULT_CSS = """
    ColumnChooser > Vertical {
        width: 74; max-width: 96%; height: auto; max-height: 92%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    ColumnChooser OptionList {
        height: auto; max-height: 100%; background: $surface; scrollbar-size-vertical: 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    ColumnChooser OptionList:focus > .option-list--option-highlighted {
        background: $panel; color: $foreground; text-style: bold;
    }
    ColumnChooser #keys {
        dock: bottom; height: 2; color: $signal-usual; link-style: none; link-color: $signal-usual;
        link-background: $surface; link-style-hover: bold; link-color-hover: $accent; link-background-hover: $surface;
    }
    """
    BINDINGS = [
        Binding("escape,q", "leave", "Cancel"),
        Binding("enter", "keep", "Keep", priority=True),
        Binding("space", "mark", "Show or hide", priority=True),
        Binding("K,shift+up", "left", "Further left"),
        Binding("J,shift+down", "right", "Further right"),
        *bindings("list"),
        Binding("u", "usual", "The usual ones"),
    ]

    def __init__(self, chosen: Sequence[str], fitting: Mapping[str, str], grain: Grain) -> None:
        """`fitting`: the columns that have room now, and their titles there."""
        super().__init__()
        self._chosen = list(chosen)
        self._at_first = tuple(chosen)
        self._fitting = fitting
        self._grain = grain
        self._order = [*chosen, *(column.id for column in COLUMNS if column.id not in chosen)]

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Columns, from left to right after the name"
            yield OptionList(compact=True)
            yield Static(Content.from_markup(_KEYS), id="keys")

    def on_mount(self) -> None:
        self._list(0)

    def _list(self, at: int) -> None:
        box = self.query_one(OptionList)
        box.clear_options()
        box.add_options([Option(self._told(column_id), id=column_id) for column_id in self._order])
        box.highlighted = at

    def _told(self, column_id: str) -> Content:
        column, shown = BY_ID[column_id], column_id in self._chosen
        title = self._fitting.get(column_id) or column.title.format(grain=self._grain.word, count="").strip()
        remark = "no room now · " if shown and column_id in self._at_first and column_id not in self._fitting else ""
        return Content.assemble(
            ("✓ " if shown else "  ", "$success"),
            (title.ljust(12), "bold" if shown else ""),
            (remark, "$status-at-risk"),
            (column.about, "$signal-usual"),
        )

    @property
    def _at(self) -> int:
        return self.query_one(OptionList).highlighted or 0

    def action_mark(self) -> None:
        column_id = self._order[self._at]
        if column_id in self._chosen:
            self._chosen.remove(column_id)
        else:
            self._chosen.append(column_id)
        self._list(self._at)

    def action_left(self) -> None:
        self._shift(-1)

    def action_right(self) -> None:
        self._shift(1)

    def _shift(self, by: int) -> None:
        """Change places with the neighbour."""
        at, to = self._at, self._at + by
        if 0 <= to < len(self._order):
            self._order[at], self._order[to] = self._order[to], self._order[at]
            self._list(to)

    def action_move(self, by: int) -> None:
        box = self.query_one(OptionList)
        box.highlighted = max(0, min(self._at + by, len(self._order) - 1))

    def action_page(self, by: int) -> None:
        self.action_move(by * max(1, self.query_one(OptionList).size.height - 1))

    def action_to(self, index: int) -> None:
        self.action_move(-len(self._order) if index == 0 else len(self._order))

    def action_usual(self) -> None:
        self._chosen = list(USUAL)
        self._order = [*USUAL, *(column.id for column in COLUMNS if column.id not in USUAL)]
        self._list(0)

    def on_option_list_option_selected(self) -> None:
        """A click."""
        self.action_mark()

    def action_keep(self) -> None:
        chosen = tuple(column_id for column_id in self._order if column_id in self._chosen)
        self.leave_with(chosen or USUAL)

    def action_leave(self) -> None:
        self.leave_with(None)

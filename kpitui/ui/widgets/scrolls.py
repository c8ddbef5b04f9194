"""What scrolls without a line that is marked: the keys of lists scroll it."""

from __future__ import annotations

from textual.widget import Widget

from kpitui.ui.keys import bindings


class Scrolls(Widget):
    """Mixed into a container or a view that scrolls; named behind it, as Textual takes styles from the first base."""

    BINDINGS = bindings("list")

    def action_move(self, by: int) -> None:
        """By lines."""
        self.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """By screens."""
        self.scroll_relative(y=by * self.scrollable_content_region.height, animate=False)

    def action_to(self, index: int) -> None:
        """To the beginning, or to the end (-1)."""
        self.scroll_to(y=0 if index == 0 else self.max_scroll_y, animate=False)

"""Text of a height that does not depend on it: a new one repaints these lines and nothing else."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Line(Static):
    """A `Static` whose place on the screen stays; what it shows already is not shown again."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._shown = Content("")

    def show(self, text: Content) -> None:
        """Show another text. Repaints only where it differs."""
        if text.is_same(self._shown):
            return
        self._shown = text
        self.update(text, layout=False)

"""Fields to type in that show what a terminal would obey as its picture; the text itself stays as it is."""

from __future__ import annotations

from rich.highlighter import Highlighter
from rich.text import Text
from textual.suggester import Suggester
from textual.widgets import Input, TextArea

from kpitui.ui.text import plain


class _Plain(Highlighter):
    """One character for each, so that the cursor and the selection stay where they are."""

    def highlight(self, text: Text) -> None:
        text.plain = plain(text.plain)


class TypedLine(Input):
    """One line."""

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        select_on_focus: bool = True,
        suggester: Suggester | None = None,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(
            value, placeholder, _Plain(), id=id, compact=True, select_on_focus=select_on_focus, suggester=suggester
        )


class TypedText(TextArea):
    """Several lines; Tab leaves it."""

    def __init__(self, text: str, id: str | None = None) -> None:  # noqa: A002
        super().__init__(text, id=id, soft_wrap=True, compact=True, tab_behavior="focus")

    def take_over(self, text: str) -> None:
        """Another text in place of this one; one step takes all of it back."""
        if text == self.text:
            return
        self.history.checkpoint()
        self.replace(text, self.document.start, self.document.end, maintain_selection_offset=False)
        self.history.checkpoint()

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        _Plain().highlight(line)
        return line

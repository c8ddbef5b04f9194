"""The line above the spoken sentence: the filter as it is typed, and how the scorecard is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from kpitui.ui.text import content, fit, plain
from kpitui.ui.widgets.line import LeftByKeys, Line
from kpitui.workspace.looks import Look, Shown

if TYPE_CHECKING:
    from kpitui.ui.app import KpituiApp


_EXAMPLE = "owner:ops status:behind"
"""As long as there is room for on the narrowest screen."""
_KEYS = Content.from_markup("[@click=keep]⏎ keeps it[/] · [@click=clear]esc clears it[/]")


class FilterInput(Input):
    """Tells each text that is typed, as it is typed."""

    virtual_size = reactive(Size(0, 0))
    """How long the text is. No place on the screen depends on it: Textual's own has all of it laid out anew."""

    def __init__(self, changed: Callable[[str], None], *, placeholder: str) -> None:
        super().__init__(compact=True, placeholder=placeholder)
        self.cursor_blink = False  # nothing is painted without a cause
        self._changed = changed

    def watch_value(self, value: str) -> None:
        clean = plain(value)
        if clean != value:
            self.value = clean  # pasted; this is called again
        elif self.has_focus:
            self._changed(clean)


class Rule(Widget):
    """The rule under the rows, which the filter's line covers while it shows something.

    The line is in the rule, so that no other place changes: docked over it, it would have the whole screen painted.
    """

    DEFAULT_CSS = """
    Rule { height: 1; }
    """

    def render(self) -> Content:
        return Content.styled("▔" * self.size.width, "$panel")


class FilterLine(Line, LeftByKeys):
    """Hidden while all KPIs are shown in the usual way.

    What it tells is its own text, under the input where one types: told by a widget of its own, it would be painted
    a frame later.
    """

    DEFAULT_CSS = """
    FilterLine {
        height: 1; display: none; background: $surface; padding: 0 1;
        link-style: none; link-color: $signal-usual; link-background: $surface;
        link-style-hover: bold; link-color-hover: $accent; link-background-hover: $surface;
    }
    FilterLine Input { width: 40%; margin-left: 1; border: none; height: 1; padding: 0; background: $surface; }
    FilterLine Input:focus { border: none; }
    """
    BINDINGS = [
        Binding("escape", "clear", show=False),
        Binding("enter,down,tab,shift+tab", "keep", show=False, priority=True),
    ]

    class Left(Message):
        """Nobody types in it any more."""

    app: KpituiApp

    def __init__(self, changed: Callable[[str], None]) -> None:
        """`changed` is called with each text, and sends no message: the rows are painted together with the letter."""
        super().__init__()
        self._changed = changed
        self._line = FilterInput(changed, placeholder=_EXAMPLE)
        self._line.display = False

    def compose(self) -> ComposeResult:
        yield self._line

    @property
    def is_open(self) -> bool:
        return bool(self._line.display)

    def begin(self, text: str) -> None:
        """Type the filter, from what it is now."""
        line = self._line
        line.value = plain(text)
        line.cursor_position = len(line.value)
        # Not by a class: the styles of the line and of all in it would be looked up again, which is seen.
        line.display = self.display = True
        self.screen.set_focus(line)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Its keys are its own only while it is typed in."""
        return self.is_open if action in ("clear", "keep") else True

    def action_keep(self) -> None:
        """Back to the rows; the filter stays."""
        self._close()
        self.screen.set_focus(self.screen.query_one("#main"))

    def action_clear(self) -> None:
        """Back to the rows, to all of them."""
        self._line.value = ""
        self.action_keep()
        self._changed("")

    def leave(self) -> None:
        self.action_keep()

    def _close(self) -> None:
        self._line.display = False
        self.post_message(self.Left())

    def on_descendant_blur(self) -> None:
        """Somebody clicked elsewhere."""
        self.call_later(self._close_if_left)

    def _close_if_left(self) -> None:
        if self.is_open and self.app.app_focus and not self._line.has_focus:
            self._close()

    def tell(self, look: Look, shown: Shown, of: int, missing: str, room: int) -> None:
        """Say what is shown of how many rows; `missing`: why there are no figures."""
        parts = [*_found(look, shown, of, typing=self.is_open)]
        if missing:
            parts.append(content(missing, "$status-no-data"))
        if look.exceptions_only:
            hidden = f", {shown.hidden} hidden" if shown.hidden else ""
            parts.append(Content.styled(f"exceptions only{hidden}", "$accent"))
        self.display = bool(parts) or self.is_open
        if parts and not self.is_open and not missing:
            parts.append(Content.from_markup("[@click=app.back]$key undoes[/]", key=self.app.key("back")))
        typed = room * 2 // 5 + 2 if self.is_open else 0
        room -= typed
        told = Content(" · ").join(parts)
        if told.cell_length > room:
            told = content(fit(told.plain, max(10, room)).rstrip())
        if self.is_open:
            told = Content.assemble(("/", "$accent"), " " * (typed - 1), told)
        self.show(told)


def _found(look: Look, shown: Shown, of: int, *, typing: bool) -> list[Content]:
    """The view, the filter, how many rows it lets through, and what in it is not understood."""
    parts: list[Content] = []
    if look.view is not None:
        parts.append(Content.assemble("view ", Content.styled(look.view, "bold $accent")))
    filtered = bool(look.filter.strip())
    if filtered and not typing and look.view is None:
        parts.append(content(f"/{look.filter.strip()}", "bold"))
    told = (f"{remark.message}: {remark.hint}" if remark.hint else remark.message for remark in shown.remarks)
    parts += [content(remark, "$status-at-risk") for remark in told]
    if filtered:
        parts.append(Content(f"{len(shown.rows)} of {of}"))
    elif typing:
        parts.append(_KEYS)
    return parts

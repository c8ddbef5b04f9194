"""Text of a height that does not depend on it: of a new one, only what differs is painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.widget import Widget

from kpitui.ui.text import fit, plain, width


class Line(Widget):
    """A widget whose place on the screen stays; what it shows already is not shown again."""

    virtual_size = reactive(Size(0, 0), repaint=False)
    """Textual's own has all laid out once more when the line is first seen."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._shown = Content("")

    def render(self) -> Content:
        return self._shown

    def show(self, text: Content) -> None:
        """Show another text, of lines that fit the width."""
        if text.is_same(self._shown):
            return
        before, self._shown = self._shown, text
        regions = _differing(before, text)
        width = self.content_size.width
        if all(region.right <= width for region in regions):
            self.refresh(*regions)
        else:
            self.refresh()  # lines are broken at the edge, or there is no width yet


class Part(NamedTuple):
    """A stretch of a line, and what a click on it does."""

    text: str
    """It may be from outside."""
    style: str = ""
    action: str = ""
    """Textual's, such as `app.back`; none where a click does nothing."""


def fitted(parts: Sequence[Part], cells: int) -> list[Part]:
    """Just so many cells: what has no room is cut, and blanks follow what has."""
    shown, left = [], cells
    for part in parts:
        text = fit(part.text, min(left, width(plain(part.text))))
        shown.append(part._replace(text=text))
        left -= width(text)
    return [*shown, Part(" " * left)]


class KeyLine(Line):
    """A line of which parts are keys. Textual's own links would have one colour, and one more when pointed at."""

    def __init__(self, id: str | None = None, *, of: Widget | None = None) -> None:  # noqa: A002
        """`of`: who does the actions that name neither app nor screen."""
        super().__init__(id=id)
        self._of = of
        self._actions: list[tuple[range, str]] = []
        """Columns, and what a click there does."""

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these one after the other."""
        self._actions = []
        at = self.styles.padding.left
        parts = [part._replace(text=plain(part.text)) for part in parts]
        for part in parts:
            cells = width(part.text)
            if part.action:
                self._actions.append((range(at, at + cells), part.action))
            at += cells
        self.show(Content("").join(Content.styled(part.text, part.style) for part in parts))

    async def on_click(self, event: events.Click) -> None:
        for columns, action in self._actions:
            if event.x in columns:
                await self.app.run_action(action, self._of)
                return


class LeftByKeys:
    """What holds a line to type in. A click on a key of the foot leaves it: typed there, the key would be text."""

    def leave(self) -> None:
        """Close it; what was typed stays."""
        raise NotImplementedError


def _differing(before: Content, now: Content) -> list[Region]:
    """The cells in which two texts may differ: of each line from the first difference to the end of the longer one."""
    old, new = (text.split(allow_blank=True) for text in (before, now))
    regions = []
    for y in range(max(len(old), len(new))):
        was = old[y] if y < len(old) else Content("")
        is_ = new[y] if y < len(new) else Content("")
        if was.is_same(is_):
            continue
        x = _common(was, is_)
        regions.append(Region(x, y, max(was.cell_length, is_.cell_length) - x, 1))
    return regions


def _common(one: Content, other: Content) -> int:
    """How many cells both begin with, in the same style."""
    length = 0
    for a, b in zip(one.plain, other.plain, strict=False):
        if a != b:
            break
        length += 1
    head = one[:length]
    return head.cell_length if head.is_same(other[:length]) else 0

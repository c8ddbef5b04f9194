"""The one way for text from outside to reach a widget: printable, without markup, cut to cells."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from kpitui.printable import JOINED, printable, printable_lines

__all__ = ["clipped", "content", "fit", "plain", "plain_lines", "width", "wrapped"]


_LONG_WORD = 18
"""Cells: longer ones are cut."""


def plain(text: str) -> str:
    """One line without control codes, for places that take no markup."""
    return printable(text)


def plain_lines(text: str) -> str:
    """The same of a text of several lines."""
    return "\n".join(printable_lines(text))


def content(text: str, style: str = "") -> Content:
    """The text as it is, never as markup; `style` is ours."""
    return Content.styled(printable(text), style) if style else Content(printable(text))


def width(text: str) -> int:
    """How many cells the text takes (a CJK character takes two)."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, cells: int, *, right: bool = False) -> str:
    """Exactly so many cells: padded, or cut with `…`."""
    shown = text if text.isascii() and text.isprintable() else printable(text)
    taken = width(shown)
    if taken > cells:
        if cells <= 0:
            return ""
        shown = _head(text, cells - 1).rstrip() + "…"
        taken = width(shown)
    padding = " " * (cells - taken)
    return padding + shown if right else shown + padding


def clipped(text: str, cells: int) -> str:
    """The text, or as many of its whole words as fit, and `…`; of a long word, such as a path, as much as fits."""
    shown = plain(text)
    if width(shown) <= cells:
        return shown
    words = wrapped(shown, max(1, cells - 2))[0]
    return f"{words} …" if width(words) > cells - _LONG_WORD else fit(shown, cells).rstrip()


def _head(text: str, cells: int) -> str:
    """As much of the text as fits; emoji that are joined to one picture stay together or leave together."""
    head, left = "", cells
    for number, part in enumerate(JOINED.split(text)):
        shown = printable(part)
        if width(shown) > left:
            joined = number % 2 == 1  # what was split at stands between the other parts
            return head if joined else head + set_cell_size(shown, left)
        head += shown
        left -= width(shown)
    return head


def wrapped(text: str, cells: int) -> list[str]:
    """The lines of a text, broken at blanks to the width; words longer than a line are cut."""
    lines: list[str] = []
    for paragraph in printable_lines(text.rstrip("\n")):
        line = ""
        for word in paragraph.split(" "):
            while width(word) > cells:
                if line:
                    lines.append(line)
                    line = ""
                head = set_cell_size(word, cells).rstrip()
                lines.append(head)
                word = word[len(head) :]
                if not head:
                    break
            joined = f"{line} {word}" if line else word
            if width(joined) <= cells:
                line = joined
            else:
                lines.append(line)
                line = word
        lines.append(line)
    return lines

"""What is sent to the terminal, without what it knows already.

Textual ends each stretch of text with a reset and begins the next with all of its style: some 40 bytes where often
only the colour of the letters changes. Over SSH most of what a key sends is that. What is left out here changes
nothing that is seen: a terminal keeps its colours until it is told others.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from textual.driver import Driver

_STYLED = re.compile(r"\x1b\[([0-9;]*)m|\r?\n?(\x1b\[[0-9]+;[0-9]+H)")
"""A change of style, or a move of the cursor, which leaves the style as it is.

Textual ends each line that it repaints but the last, and goes to where the next one begins: the end is needless.
"""
_COLOUR = re.compile(r"(?:^|;)([34]8;2;[0-9]+;[0-9]+;[0-9]+|[34]8;5;[0-9]+|(?:3|4|9|10)[0-79])(?=;|$)")


class _Style(NamedTuple):
    """What the terminal draws with."""

    attributes: str = ""
    """Bold and the like, as they are written."""
    letters: str = ""
    ground: str = ""
    """Colours, as they are written; empty for the terminal's own."""

    @classmethod
    def parse(cls, written: str) -> _Style:
        colours = _COLOUR.findall(written)
        ground = next((c for c in colours if c.startswith(("4", "10"))), "")
        letters = next((c for c in colours if not c.startswith(("4", "10"))), "")
        rest = _COLOUR.sub("", written).strip(";")
        return cls(rest, letters, ground)


_KNOWN: dict[str, _Style] = {}
"""Of a theme there are a few dozen styles."""


def _parsed(written: str) -> _Style:
    style = _KNOWN.get(written)
    if style is None:
        if len(_KNOWN) > 1000:
            _KNOWN.clear()
        style = _KNOWN[written] = _Style.parse(written)
    return style


def lean(text: str) -> str:
    """The same picture in fewer bytes; it begins and ends with the styles that the text begins and ends with."""
    out: list[str] = []
    now: _Style | None = None
    """None where it is not known."""
    reset, at = False, 0
    """A reset that has not been sent yet: what follows may make it needless."""
    for match in _STYLED.finditer(text):
        if match.start() > at:
            if reset:
                out.append("\x1b[0m")
                now, reset = _Style(), False
            out.append(text[at : match.start()])
        at = match.end()
        written, move = match.groups()
        if move:
            out.append(move)
        elif written in ("", "0"):
            reset = True
        else:
            wanted = _parsed(written)
            # Without a reset before it, a style is added to what holds; that is followed from a reset on only.
            out.append(_change(now, wanted, written) if reset else match[0])
            now = wanted if reset or now == _Style() else None
            reset = False
    if reset:
        out.append("\x1b[0m")
    out.append(text[at:])
    return "".join(out)


def _change(now: _Style | None, wanted: _Style, written: str) -> str:
    """From one style to another, where a reset would stand between."""
    lost = now is None or now.attributes != wanted.attributes
    if now is None or lost or (now.letters and not wanted.letters) or (now.ground and not wanted.ground):
        return f"\x1b[0;{written}m"
    parts = [wanted.letters] if wanted.letters != now.letters else []
    parts += [wanted.ground] if wanted.ground != now.ground else []
    return f"\x1b[{';'.join(parts)}m" if parts else ""


def leaner(driver: type[Driver]) -> type[Driver]:
    """The driver, sending less."""

    class Lean(driver):  # type: ignore[valid-type,misc]
        def write(self, data: str) -> None:
            super().write(lean(data))

    return Lean

"""The screen as a file: a picture (SVG) that loads nothing, or text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from textual.app import App
from textual.screen import Screen

from kpitui.problems import KpituiError

_FONTS = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)
"""Rich's pictures load their fonts from elsewhere; whoever opens one should not be told on."""


class Taken(NamedTuple):
    """What was on the screen at a moment, before anything was laid over it."""

    svg: str
    text: str


def take(app: App[None], screen: Screen[None]) -> Taken:
    """The screen as it is now."""
    # Textual has no public way to the text of a screen.
    lines = ("".join(segment.text for segment in strip).rstrip() for strip in screen._compositor.render_strips())
    # Some programs make one of several blanks, hard ones too, unless they are told not to.
    svg = _FONTS.sub("", app.export_screenshot()).replace("<text ", '<text xml:space="preserve" ')
    return Taken(svg, "\n".join(lines).rstrip() + "\n")


def save(taken: Taken, name: str) -> Path:
    """Write a new file, in the current folder unless the name has another; what it is follows from its ending.

    Raises KpituiError where it is not written: a file that is there already is never replaced.
    """
    path = Path(name).expanduser()
    contents = {".svg": taken.svg, ".txt": taken.text}
    if path.suffix.lower() not in contents:
        raise KpituiError("the name ends with .svg for a picture, or with .txt for text")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(contents[path.suffix.lower()])
    except FileExistsError:
        raise KpituiError(f"{path} is there already: another name, please") from None
    except (OSError, ValueError) as error:
        raise KpituiError(f"{path} was not written: {getattr(error, 'strerror', None) or error}") from error
    return path


def free_name(*parts: str) -> str:
    """A file's name made of the parts, such as `acme-marketing-scorecard-2026-10.svg`, that is not taken."""
    stem = "-".join(filter(None, (re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in parts)))
    for number in range(1, 1000):
        name = f"{stem}.svg" if number == 1 else f"{stem}-{number}.svg"
        if not Path(name).exists():
            return name
    return f"{stem}.svg"

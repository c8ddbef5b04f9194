"""Text from outside, made safe to print: what a terminal or a widget would obey is shown instead.

Both gates to the outside, `ui/text.py` and `report/plain.py`, go through here. Stored data stay as they are.
"""

from __future__ import annotations

import re

_PICTURE = "\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
"""Where emoji are, among other signs."""
_SHADE = "\ufe0f\U0001f3fb-\U0001f3ff"
"""Coloured instead of black and white, and colours of skin."""
_JOINERS = re.compile(f"(?<=[{_PICTURE}])(?:\ufe0f?\u200d(?=[{_PICTURE}])|[{_SHADE}])")
JOINED = re.compile(f"((?:[{_PICTURE}][{_SHADE}]*\u200d)+[{_PICTURE}][{_SHADE}]*|[\U0001f1e6-\U0001f1ff]{{2}})")
"""Several emoji that are meant as one picture (a family, a flag), as they are stored."""
_UNPRINTABLE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: cursor moves, titles, clipboard writes
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # invisible or joining
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line separators, bidirectional overrides
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\ud800-\udfff"  # surrogates cannot be encoded
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # tags, variation selectors
    "]"
)
_UNPRINTABLE_BUT_BREAKS = re.compile(_UNPRINTABLE.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """One line of text in which no character does anything: controls become their pictures (`␛`) or `�`.

    Emoji that are joined stand side by side, and in the usual shade: how many cells a terminal gives to a picture of
    several characters is not known.
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNPRINTABLE.sub(_shown, _JOINERS.sub("", text))


def printable_lines(text: str) -> list[str]:
    """The lines of a longer text, each printable; tabs become four spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return [_UNPRINTABLE_BUT_BREAKS.sub(_shown, _JOINERS.sub("", line)) for line in text.split("\n")]

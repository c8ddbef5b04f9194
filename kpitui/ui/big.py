"""Large letters and digits, made of half cells: a glyph is five squares high, and a square a column wide at scale 1.

Scale 0 is a line of the terminal's own letters.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from kpitui.ui.text import width

HEIGHT = 5
"""Squares."""
_BETWEEN = 1
"""Squares between two letters."""

_GLYPHS = {
    " ": "../../../../..",
    "0": ".##./#..#/#..#/#..#/.##.",
    "1": ".#./##./.#./.#./###",
    "2": "###./...#/.##./#.../####",
    "3": "###./...#/.##./...#/###.",
    "4": "#..#/#..#/####/...#/...#",
    "5": "####/#.../###./...#/###.",
    "6": ".##./#.../###./#..#/.##.",
    "7": "####/...#/..#./.#../.#..",
    "8": ".##./#..#/.##./#..#/.##.",
    "9": ".##./#..#/.###/...#/.##.",
    "A": ".##./#..#/####/#..#/#..#",
    "Ä": "#..#/.##./#..#/####/#..#",
    "B": "###./#..#/###./#..#/###.",
    "C": ".###/#.../#.../#.../.###",
    "D": "###./#..#/#..#/#..#/###.",
    "E": "####/#.../###./#.../####",
    "F": "####/#.../###./#.../#...",
    "G": ".###/#.../#.##/#..#/.###",
    "H": "#..#/#..#/####/#..#/#..#",
    "I": "###/.#./.#./.#./###",
    "J": "..##/...#/...#/#..#/.##.",
    "K": "#..#/#.#./##../#.#./#..#",
    "L": "#.../#.../#.../#.../####",
    "M": "#...#/##.##/#.#.#/#...#/#...#",
    "N": "#...#/##..#/#.#.#/#..##/#...#",
    "O": ".##./#..#/#..#/#..#/.##.",
    "Ö": "#..#/.##./#..#/#..#/.##.",
    "P": "###./#..#/###./#.../#...",
    "Q": ".##./#..#/#..#/#.#./.#.#",
    "R": "###./#..#/###./#.#./#..#",
    "S": ".###/#.../.##./...#/###.",
    "T": "#####/..#../..#../..#../..#..",
    "U": "#..#/#..#/#..#/#..#/.##.",
    "Ü": "#..#/..../#..#/#..#/.##.",
    "V": "#...#/#...#/.#.#./.#.#./..#..",
    "W": "#...#/#...#/#.#.#/##.##/#...#",
    "X": "#...#/.#.#./..#../.#.#./#...#",
    "Y": "#...#/.#.#./..#../..#../..#..",
    "Z": "####/...#/.##./#.../####",
    "€": "..###/.#.../####./.#.../..###",
    "$": ".####/#.#../.###./..#.#/####.",
    "£": "..##/.#../###./.#../####",
    "%": "##..#/##.#./..#../.#.##/#..##",
    "+": ".../.#./###/.#./...",
    "-": ".../.../###/.../...",
    "−": ".../.../###/.../...",
    "–": ".../.../###/.../...",
    "—": "...../...../#####/...../.....",
    "≤": "..##/##../..##/..../####",
    "≥": "##../..##/##../..../####",
    "*": "#.#/.#./#.#/.../...",
    ".": "././././#",
    ",": "../../../.#/#.",
    ":": "./#/./#/.",
    ";": "../.#/../.#/#.",
    "·": "././#/./.",
    "'": "#/#/././.",
    "’": "#/#/././.",
    "/": "..#/..#/.#./#../#..",
    "(": ".#/#./#./#./.#",
    ")": "#./.#/.#/.#/#.",
    "&": ".##../#..#./.##../#..#./.##.#",
    "?": "###./...#/.##./..../.#..",
    "!": "#/#/#/./#",
    "×": ".../#.#/.#./#.#/...",
    "÷": ".#./.../###/.../.#.",
    "■": "#####/#####/#####/#####/#####",
    "●": ".###./#####/#####/#####/.###.",
    "○": ".###./#...#/#...#/#...#/.###.",
    "◆": "..#../.###./#####/.###./..#..",
    "▲": "..#../..#../.###./.###./#####",
    "▼": "#####/.###./.###./..#../..#..",
}
_UNITS = {
    "d": "...#/...#/.###/#..#/.###",
    "h": "#.../#.../###./#..#/#..#",
    "k": "#.../#.#./##../#.#./#..#",
}
"""Behind a digit they stay small letters; all others are written in capitals."""
_HALVES = {("#", "#"): "█", ("#", "."): "▀", (".", "#"): "▄", (".", "."): " "}


def cells_of(text: str, scale: int) -> int | None:
    """How many columns a printable text takes; None where a letter of it has no large form."""
    if scale == 0:
        return width(text)
    squares = _squares(text)
    return None if squares is None else len(squares[0]) * scale


def rows_of(scale: int) -> int:
    """How many rows a line of that scale takes."""
    return -(-HEIGHT * scale // 2) if scale else 1


@lru_cache(maxsize=256)
def large(text: str, scale: int) -> tuple[str, ...]:
    """The rows of the text; none where a letter of it has no large form."""
    squares = _squares(text)
    if squares is None:
        return ()
    halves = ["".join(square * scale for square in line) for line in squares for _ in range(scale)]
    if len(halves) % 2:
        halves.append("." * len(halves[0]))
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return tuple("".join(_HALVES[each] for each in zip(top, bottom, strict=True)) for top, bottom in pairs)


def _squares(text: str) -> list[str] | None:
    """The text in five lines of `#` and `.`."""
    units = ((_UNITS if before.isdecimal() else {}).get(letter) for before, letter in pairwise(f" {text}"))
    glyphs = [unit or _GLYPHS.get(letter.upper()) for unit, letter in zip(units, text, strict=True)]
    if not glyphs or None in glyphs:
        return None
    lines = zip(*(glyph.split("/") for glyph in glyphs if glyph), strict=True)
    return [("." * _BETWEEN).join(line) for line in lines]

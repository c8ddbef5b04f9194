"""A sheet of cells to write on, each with a colour's name; it is read back as runs of one style."""

from __future__ import annotations

from typing import NamedTuple

from kpitui.ui.text import plain, width

BLANK = " "


class Run(NamedTuple):
    """A stretch of a row in one style."""

    text: str
    ink: str
    """The name of the colour of its letters, with `bold ` before it; empty for the usual one."""
    fill: str
    """The name of the colour behind them; empty for the usual one."""


class Canvas:
    """So many columns and rows of blanks, to begin with. What lies outside is not written."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = max(0, columns)
        self.rows = max(0, rows)
        self._letters = [[BLANK] * self.columns for _ in range(self.rows)]
        self._inks = [[""] * self.columns for _ in range(self.rows)]
        self._fills = [[""] * self.columns for _ in range(self.rows)]

    def put(self, x: int, y: int, letter: str, ink: str = "") -> None:
        """One character of one cell."""
        if 0 <= x < self.columns and 0 <= y < self.rows:
            self._letters[y][x] = letter
            self._inks[y][x] = ink

    def write(self, x: int, y: int, text: str, ink: str = "") -> None:
        """A text from `x` on; it may be from outside, and hold wide characters."""
        if not 0 <= y < self.rows:
            return
        row, text = self._letters[y], plain(text)
        if text.isascii() and 0 <= x <= self.columns - len(text):
            # Most texts: a cell for each letter, all of them at once.
            row[x : x + len(text)] = text
            self._inks[y][x : x + len(text)] = [ink] * len(text)
            return
        for letter in text:
            cells = width(letter)
            if x < 0 or x + cells > self.columns:
                return
            if cells == 0 and x:
                row[x - 1] += letter
                continue
            self.put(x, y, letter, ink)
            if cells == 2:
                self.put(x + 1, y, "", ink)
            x += cells

    def fill(self, x: int, y: int, cells: int, colour: str) -> None:
        """Colour the ground of a stretch."""
        if 0 <= y < self.rows:
            for at in range(max(0, x), min(x + cells, self.columns)):
                self._fills[y][at] = colour

    def at(self, x: int, y: int) -> str:
        """What stands in the cell."""
        return self._letters[y][x]

    def runs(self, y: int) -> list[Run]:
        """The row in as few runs as can be: a blank looks the same in every ink, and goes with what it is beside."""
        found: list[Run] = []
        text, ink, fill = "", "", ""
        inked = False
        for letter, own, ground in zip(self._letters[y], self._inks[y], self._fills[y], strict=True):
            blank = letter == BLANK
            if text and (ground != fill or not (blank or not inked or own == ink)):
                found.append(Run(text, ink, fill))
                text, ink, inked = "", "", False
            text += letter
            fill = ground
            if not blank and not inked:
                ink, inked = own, True
        return [*found, Run(text, ink, fill)] if text else found

"""The only place that draws with plotext: lines through points become rows of braille.

Where there are more points than columns of dots, what shows is no line but a stroke in each column, from the lowest
to the highest. Strokes are set here: plotext goes through each of their dots, which took twice as long for ten years
of days as for one.

plotext does what takes most work, lines in dots. Axes, levels, marks and colours are put around it cell by cell (see
`panel`): each of them would cost plotext as much again, and its colours would cost bytes on every cell.

It keeps one global figure, so that this is called on one thread only. It is imported with the first drawing, or
before that by `get_ready`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

DOTS_ACROSS, DOTS_DOWN = 2, 4
"""Of a braille cell."""
_EMPTY = 0x2800
"""Unicode's braille cell without a dot; a dot is a bit of its number."""
_BITS = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
"""Of the left and the right column of dots, from the bottom."""
_STROKES = [
    [[sum(side[bottom : top + 1]) for top in range(DOTS_DOWN)] for bottom in range(DOTS_DOWN)] for side in _BITS
]
"""Of a column of dots, all from one to another."""
_RESET = "\x1b[0m"


class Dot(NamedTuple):
    """A point of a line, in dots from the left and from the bottom."""

    x: int
    y: int


_X = itemgetter(0)


def get_ready() -> None:
    """Import plotext, so that the first drawing does not wait for it."""
    import plotext  # noqa: F401


def braille(columns: int, rows: int, runs: Sequence[Sequence[Dot]]) -> list[str]:
    """The lines through the dots of each run, as rows of so many characters, the top one first.

    A run of one dot is no line.
    """
    crowded = [run for run in runs if len({dot.x for dot in run}) < len(run)]
    drawn = [run for run in runs if run not in crowded and len(run) > 1]
    found = _lines(columns, rows, drawn) if drawn else [" " * columns] * rows
    return _stroked(found, crowded) if crowded else found


def _stroked(rows: list[str], runs: Sequence[Sequence[Dot]]) -> list[str]:
    """The rows, with a stroke in each column of dots that a run goes through."""
    strokes = [[0] * len(row) for row in rows]
    for run in runs:
        before: tuple[int, int] | None = None
        for x, group in groupby(run, key=_X):
            heights = [dot.y for dot in group]
            lowest, highest = min(heights), max(heights)
            low, high = lowest, highest
            if before is not None:
                # Up or down to the one before, as a line would go.
                low, high = min(low, before[1] + 1), max(high, before[0] - 1)
            before = lowest, highest
            column, bits = x // DOTS_ACROSS, _STROKES[x % DOTS_ACROSS]
            first, last = low // DOTS_DOWN, high // DOTS_DOWN
            for up in range(first, last + 1):
                bottom = low % DOTS_DOWN if up == first else 0
                top = high % DOTS_DOWN if up == last else DOTS_DOWN - 1
                strokes[-1 - up][column] |= bits[bottom][top]
    return [_over(row, bits) if any(bits) else row for row, bits in zip(rows, strokes, strict=True)]


def _over(row: str, strokes: Sequence[int]) -> str:
    """The row with the dots of strokes set, too."""
    cells = zip(row, strokes, strict=True)
    return "".join(
        [chr((_EMPTY if letter == " " else ord(letter)) | bits) if bits else letter for letter, bits in cells]
    )


def _lines(columns: int, rows: int, drawn: Sequence[Sequence[Dot]]) -> list[str]:
    # plotext takes its time for each cell, whatever is in it: it gets those only that the lines go through.
    left = min(dot.x for run in drawn for dot in run) // DOTS_ACROSS
    right = max(dot.x for run in drawn for dot in run) // DOTS_ACROSS + 1
    low = min(dot.y for run in drawn for dot in run) // DOTS_DOWN
    high = max(dot.y for run in drawn for dot in run) // DOTS_DOWN + 1
    across: list[int | None] = []
    up: list[int | None] = []
    for run in drawn:
        across += [*(dot.x - left * DOTS_ACROSS for dot in run), None]
        up += [*(dot.y - low * DOTS_DOWN for dot in run), None]
    built = _built(right - left, high - low, across[:-1], up[:-1])
    before, behind = " " * left, " " * (columns - right)
    blank = [" " * columns]
    return blank * (rows - high) + [before + line + behind for line in built] + blank * low


def _built(columns: int, rows: int, across: list[int | None], up: list[int | None]) -> list[str]:
    """One line of plotext's; None ends a stretch of it."""
    import plotext as plt

    plt.clear_data()
    # Our size counts, not what plotext takes for the terminal's.
    plt.limit_size(False, False)
    plt.plotsize(columns, rows)
    plt.canvas_color("default")
    plt.axes_color("default")
    plt.xaxes(False, False)
    plt.yaxes(False, False)
    plt.xticks([], [])
    plt.yticks([], [])
    plt.xlim(0, columns * DOTS_ACROSS - 1)
    plt.ylim(0, rows * DOTS_DOWN - 1)
    plt.plot(across, up, marker="braille", color="default")
    drawing: str = plt.build()
    return drawing.replace(_RESET, "").split("\n")[:rows]

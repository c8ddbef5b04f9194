"""The only place that draws with plotext: a picture of plain values becomes lines of segments.

plotext keeps one global figure, so that this is called on one thread only; it is imported with the first drawing.
Labels are ours throughout: it gets no text from files, and numbers that it would format are formatted already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor, isfinite, log10
from typing import NamedTuple

from rich.ansi import AnsiDecoder
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from kpitui.ui.text import fit, width

RGB = tuple[int, int, int]

FEWEST_ROWS = 6
FEWEST_COLUMNS = 24


class Level(NamedTuple):
    """A line across the chart: a limit, a mean, a target; one value per point, None where it does not hold."""

    name: str
    values: Sequence[float | None]
    marker: str
    colour: RGB
    every: int = 1
    """Drawn at every so manyth column: without colour, too, a limit is not a mean."""


class Mark(NamedTuple):
    """A point that its chart marked."""

    at: int
    """Index of the point."""
    sign: str
    colour: RGB


class Picture(NamedTuple):
    """What is to be drawn; all sequences are as long as `labels`."""

    labels: Sequence[str]
    """Of the points, short, for the axis."""
    values: Sequence[float | None]
    hollow: frozenset[int]
    """Points of periods that are not over."""
    year_ago: Sequence[float | None]
    levels: Sequence[Level]
    marks: Sequence[Mark]
    cursor: int | None
    written: Callable[[float], str]
    line: RGB
    quiet: RGB
    year_ago_colour: RGB


def get_ready() -> None:
    """Import plotext, so that the first chart does not wait for it."""
    import plotext  # noqa: F401


def draw(picture: Picture, columns: int, rows: int) -> list[list[Segment]]:
    """The picture in exactly so many columns and rows, labels of its levels to the right.

    An area that is too small, or a picture without a value, gives a sentence instead.
    """
    known = _known(picture)
    if columns < FEWEST_COLUMNS or rows < FEWEST_ROWS:
        return _sentence("too small for a chart", columns, rows)
    if not any(value is not None for value in picture.values):
        return _sentence("no values to draw", columns, rows)
    low, high = _range(known)
    ticks = _ticks(low, high, rows - 2)
    tick_texts = [picture.written(value) for value in ticks]
    gutter = _gutter(picture, columns)
    left = max(width(text) for text in tick_texts)
    plot_columns = columns - gutter - left - 1
    canvas = rows - 2
    lines = _build(picture, columns - gutter, rows, plot_columns, (low, high), ticks, tick_texts)
    _label_levels(lines, picture, gutter, canvas, (low, high))
    return lines


def _sentence(text: str, columns: int, rows: int) -> list[list[Segment]]:
    blank = [Segment(" " * max(0, columns))]
    lines = [list(blank) for _ in range(max(0, rows))]
    if lines:
        lines[len(lines) // 2] = [Segment(fit(text.center(columns), columns))]
    return lines


def _known(picture: Picture) -> list[float]:
    series = [picture.values, picture.year_ago, *(level.values for level in picture.levels)]
    return [value for values in series for value in values if value is not None and isfinite(value)]


def _range(values: Sequence[float]) -> tuple[float, float]:
    """Lowest and highest with a little air; a flat series gets some, too."""
    low, high = min(values), max(values)
    if low == high:
        air = abs(low) * 0.1 or 1.0
        return low - air, high + air
    air = (high - low) * 0.04
    # Nothing that cannot be negative gets an axis that is.
    return (0.0 if low >= 0 > low - air else low - air), high + air


def _ticks(low: float, high: float, canvas: int) -> list[float]:
    """Round values between the ends, at least two rows apart."""
    wanted = max(2, min(8, canvas // 3))
    step = 10.0 ** floor(log10((high - low) / wanted))
    for factor in (1, 2, 5, 10):
        if (high - low) / (step * factor) <= wanted:
            step *= factor
            break
    first = floor(low / step) + 1
    ticks = []
    while first * step <= high:
        ticks.append(first * step)
        first += 1
    return ticks or [low]


def _build(
    picture: Picture,
    columns: int,
    rows: int,
    plot_columns: int,
    span: tuple[float, float],
    ticks: Sequence[float],
    tick_texts: Sequence[str],
) -> list[list[Segment]]:
    import plotext as plt

    count = len(picture.values)
    x_low, x_high = -0.5, count - 0.5
    plt.clear_figure()
    # The widget's size counts, not what plotext takes for the terminal's.
    plt.limit_size(False, False)
    plt.plotsize(columns, rows)
    plt.canvas_color("default")
    plt.axes_color("default")
    plt.ticks_color(picture.quiet)
    plt.xlim(x_low, x_high)
    plt.ylim(*span)
    plt.xaxes(True, False)
    plt.yaxes(True, False)
    # Points at the columns' centres, so that a dotted line is evenly dotted.
    centres = [x_low + column / max(1, plot_columns - 1) * (x_high - x_low) for column in range(plot_columns)]
    for level in picture.levels:
        heights = [(x, level.values[min(count - 1, max(0, round(x)))]) for x in centres[:: level.every]]
        drawn = [(x, y) for x, y in heights if y is not None]
        if drawn:
            plt.scatter([x for x, _ in drawn], [y for _, y in drawn], marker=level.marker, color=level.colour)
    if picture.cursor is not None:
        column = [span[0] + row / max(1, rows - 3) * (span[1] - span[0]) for row in range(rows - 2)]
        plt.scatter([picture.cursor] * len(column), column, marker="┆", color=picture.quiet)
    _line(plt.plot, picture.year_ago, ".", picture.year_ago_colour)
    _line(plt.plot, picture.values, "braille", picture.line)
    marked = {mark.at for mark in picture.marks}
    roomy = plot_columns >= 1.5 * count
    plain = [i for i, value in enumerate(picture.values) if value is not None and i not in marked]
    _points(plt.scatter, picture, [i for i in plain if i not in picture.hollow] if roomy else [], "•", picture.line)
    _points(plt.scatter, picture, [i for i in plain if i in picture.hollow], "○", picture.line)
    for mark in picture.marks:
        _points(plt.scatter, picture, [mark.at], mark.sign, mark.colour)
    plt.yticks(list(ticks), list(tick_texts))
    positions = _label_positions(picture.labels, plot_columns)
    plt.xticks(positions, [picture.labels[i] for i in positions])
    decoded = list(AnsiDecoder().decode(plt.build()))
    lines = [_segments(text) for text in decoded[:rows]]
    return lines + [[Segment(" " * columns)] for _ in range(rows - len(lines))]


def _segments(text: Text) -> list[Segment]:
    """A decoded line, each stretch with its colour."""
    segments, done = [], 0
    for part in sorted(text.spans):
        if part.start > done:
            segments.append(Segment(text.plain[done : part.start]))
        style = part.style if isinstance(part.style, Style) else Style.null()
        segments.append(Segment(text.plain[part.start : part.end], style))
        done = part.end
    return [*segments, Segment(text.plain[done:])] if done < len(text.plain) else segments


def _line(plot: Callable[..., None], values: Sequence[float | None], marker: str, colour: RGB) -> None:
    """A line through the values, broken where one is missing."""
    run: list[tuple[int, float]] = []
    for index, value in [*enumerate(values), (len(values), None)]:
        if value is not None:
            run.append((index, value))
            continue
        if len(run) > 1:
            plot([i for i, _ in run], [v for _, v in run], marker=marker, color=colour)
        run = []


def _points(scatter: Callable[..., None], picture: Picture, indexes: Sequence[int], marker: str, colour: RGB) -> None:
    drawn = [(i, value) for i in indexes if (value := picture.values[i]) is not None]
    if drawn:
        scatter([i for i, _ in drawn], [value for _, value in drawn], marker=marker, color=colour)


def _label_positions(labels: Sequence[str], plot_columns: int) -> list[int]:
    """Indexes whose labels fit side by side, counted back from the last."""
    widest = max(width(label) for label in labels) + 2
    fitting = max(1, plot_columns // widest)
    step = max(1, -(-len(labels) // fitting))
    for nice in (1, 2, 3, 4, 6, 12, 13, 26, 52):
        if nice >= step:
            step = nice
            break
    half = max(1, round(widest / 2 * len(labels) / plot_columns))
    return [i for i in range(len(labels) - 1, -1, -step) if half <= i <= len(labels) - half or len(labels) < 4][::-1]


def _gutter(picture: Picture, columns: int) -> int:
    """Cells to the right for the levels' names; none where the chart would get too narrow."""
    texts = [
        f" {picture.written(value)} {level.name}" for level in picture.levels if (value := _last(level)) is not None
    ]
    wide = max((width(text) for text in texts), default=0)
    return wide if columns - wide >= FEWEST_COLUMNS + 16 else 0


def _last(level: Level) -> float | None:
    return level.values[-1] if level.values else None


def _label_levels(
    lines: list[list[Segment]], picture: Picture, gutter: int, canvas: int, span: tuple[float, float]
) -> None:
    """Write each level's last value and name beside its row, moved to a free one where two meet."""
    if not gutter:
        return
    low, high = span
    wanted = []
    for level in picture.levels:
        value = _last(level)
        if value is not None:
            row = canvas - 1 - floor((value - low) / (high - low) * (canvas - 1) + 0.5)
            red, green, blue = level.colour
            text = fit(f" {picture.written(value)} {level.name}", gutter)
            wanted.append((row, -value, Segment(text, Style.parse(f"rgb({red},{green},{blue})"))))
    wanted.sort(key=lambda label: label[:2])
    rows = _apart([row for row, _, _ in wanted], canvas)
    texts = {row: segment for row, (_, _, segment) in zip(rows, wanted, strict=True)}
    for row, line in enumerate(lines):
        line.append(texts.get(row, Segment(" " * gutter)))


def _apart(rows: Sequence[int], count: int) -> list[int]:
    """The ascending rows, moved as little as keeps each on one of its own and all in their order."""
    placed: list[int] = []
    for row in rows:
        placed.append(max(row, placed[-1] + 1 if placed else 0))
    limit = count
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = min(placed[i], limit - 1)
        limit = placed[i]
    return placed

"""One panel of a chart as inline SVG: line, target, mean, limits, and marks that differ by shape as well as colour."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from kpitui.printable import printable
from kpitui.workspace.charts.values import Panel
from kpitui.workspace.numbers import Style

WIDTH, HEIGHT = 640, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 130, 14, 24
_LEVEL_CLASS = {"mean": "mean", "limit": "limit", "target": "target", "benchmark_low": "band", "benchmark_high": "band"}
_NAMED_FIRST = ("target", "mean", "limit", "benchmark_low", "benchmark_high")
"""Where there is no room for the names of all levels."""
_MARK_RISES = 7
"""Of a mark's triangle, above or below its point."""


class _Scale:
    """From periods and values to places in the picture."""

    def __init__(self, panel: Panel) -> None:
        drawn = [line.values for line in panel.lines] + [level.values for level in panel.levels]
        known = [value for values in drawn for value in values if value is not None]
        self.low: float = min(known)
        self.high: float = max(known)
        if self.low == self.high:
            self.low, self.high = self.low - 1, self.high + 1
        self._step = (WIDTH - _LEFT - _RIGHT) / max(1, len(panel.periods) - 1)

    def x(self, index: int) -> float:
        return _LEFT + index * self._step

    def y(self, value: float) -> float:
        return _TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - _TOP - _BOTTOM)


def chart_svg(panel: Panel, style: Style, name: str) -> str:
    """The panel as an `svg` element that its page's styles colour; nothing where there is no value."""
    if not any(value is not None for value in panel.lines[0].values):
        return ""
    scale = _Scale(panel)
    parts = [_text(name, "title")]
    parts += [_path(level.values, scale, _LEVEL_CLASS[level.kind], steps=True) for level in panel.levels]
    values = panel.lines[0].values
    parts.append(_path(values, scale, "actual"))
    parts += [_point(panel, scale, index, value) for index, value in enumerate(values) if value is not None]
    parts += _labels(panel, scale, style)
    label = escape(printable(f"{name}: {len(panel.periods)} periods"), quote=True)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">' + "".join(parts) + "</svg>"


def _text(text: str, element: str, attributes: str = "") -> str:
    return f"<{element}{attributes}>{escape(printable(text))}</{element}>"


def _path(values: Sequence[float | None], scale: _Scale, kind: str, *, steps: bool = False) -> str:
    """A line through the values that interrupts itself where one is missing; a level changes in steps."""
    drawn: list[str] = []
    before: float | None = None
    for index, value in enumerate(values):
        if value is not None:
            if before is None:
                drawn.append(f"M{scale.x(index):.1f} {scale.y(value):.1f}")
            elif steps and value != before:
                drawn.append(f"H{scale.x(index):.1f}V{scale.y(value):.1f}")
            else:
                drawn.append(f"L{scale.x(index):.1f} {scale.y(value):.1f}")
        before = value
    return f'<path class="{kind}" d="{"".join(drawn)}"/>' if drawn else ""


def _point(panel: Panel, scale: _Scale, index: int, value: float) -> str:
    x, y = scale.x(index), scale.y(value)
    mark = panel.marks[index] if panel.marks else None
    if mark is None:
        hollow = " hollow" if index in panel.hollow else ""
        return f'<circle class="point{hollow}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
    tip = y - _MARK_RISES if mark.side == "above" else y + _MARK_RISES
    corners = f"{x - 6:.1f},{y:.1f} {x + 6:.1f},{y:.1f} {x:.1f},{tip:.1f}"
    return f'<polygon class="{mark.verdict}" points="{corners}"/>'


def _labels(panel: Panel, scale: _Scale, style: Style) -> list[str]:
    """The bounds of the axis, the first and the last period, the last value and the levels at the right."""
    last = len(panel.periods) - 1
    found = [
        _label(_LEFT - 8, scale.y(scale.high), style.value(scale.high), "end"),
        _label(_LEFT - 8, scale.y(scale.low), style.value(scale.low), "end"),
        _label(scale.x(0), HEIGHT - 6, panel.label(0), "start"),
        _label(scale.x(last), HEIGHT - 6, panel.label(last), "end"),
    ]
    taken: list[float] = []
    levels = sorted(panel.levels, key=lambda level: _NAMED_FIRST.index(level.kind))
    named = [(panel.lines[0].values[last], "now"), *((level.values[last], level.name) for level in levels)]
    for value, name in named:
        if value is None:
            continue
        y = scale.y(value)
        if all(abs(y - other) > 11 for other in taken):
            taken.append(y)
            found.append(_label(scale.x(last) + 10, y, f"{style.value(value)} {name}", "start"))
    return found


def _label(x: float, y: float, text: str, anchor: str) -> str:
    return _text(text, "text", f' x="{x:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}"')

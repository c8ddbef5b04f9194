"""The trend of a KPI: its periods, last year's, the target, the mean and limits, and what the chart says."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from kpitui.ui.palette import palette
from kpitui.ui.widgets.plot import RGB, Level, Mark, Picture, draw
from kpitui.workspace.answers import Point, Trend
from kpitui.workspace.numbers import Style, axis_label
from kpitui.workspace.wording import better_or_worse


class Chart(Widget):
    """Draws a trend, with a cursor on one of its periods."""

    DEFAULT_CSS = """
    Chart { height: 1fr; min-height: 6; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._trend: Trend | None = None
        self._style: Style | None = None
        self._cursor: int | None = None
        self._lines: list[Strip] = []
        self._drawn_for: Size | None = None

    def show(self, trend: Trend, style: Style, cursor: int | None) -> None:
        """Draw this trend; the cursor is an index into its points."""
        self._trend, self._style, self._cursor = trend, style, cursor
        self._drawn_for = None
        self.refresh()

    def notify_style_update(self) -> None:
        """The theme changed."""
        self._drawn_for = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        if self._drawn_for != self.size:
            self._drawn_for = self.size
            self._lines = self._draw()
        if y < len(self._lines):
            return self._lines[y]
        return Strip.blank(self.size.width, self.rich_style)

    def _draw(self) -> list[Strip]:
        if self._trend is None or self._style is None:
            return []
        lines = draw(self._picture(self._trend, self._style), self.size.width, self.size.height)
        return [
            Strip(line or [Segment("")]).adjust_cell_length(self.size.width).apply_style(self.rich_style)
            for line in lines
        ]

    def _picture(self, trend: Trend, style: Style) -> Picture:
        paint = palette(self.app)

        def rgb(name: str) -> RGB:
            return _rgb(paint.colour(name))

        points = trend.points
        levels = [
            Level("upper", _phase(points, "upper"), "·", rgb("chart-limit"), every=2),
            Level("mean", _phase(points, "mean"), "─", rgb("chart-mean")),
            Level("lower", _phase(points, "lower"), "·", rgb("chart-limit"), every=2),
        ]
        if trend.kpi.direction == "range":
            for name in ("low", "high"):
                bound = [getattr(point.goal, name) if point.goal else None for point in points]
                levels.append(Level(f"target {name}", bound, "╌", rgb("chart-target")))
        else:
            target = [point.goal.value if point.goal else None for point in points]
            levels.append(Level("target", target, "╌", rgb("chart-target")))
        return Picture(
            labels=[axis_label(point.period, style.locale) for point in points],
            values=[point.judged if point.partial else point.value if point.usable else None for point in points],
            hollow=frozenset(i for i, point in enumerate(points) if point.partial),
            year_ago=[point.year_ago if point.year_ago_complete else None for point in points],
            levels=[level for level in levels if any(value is not None for value in level.values)],
            marks=[
                Mark(
                    i,
                    "▲" if point.signal.side == "above" else "▼",
                    rgb(f"signal-{better_or_worse(point.variation)}"),
                )
                for i, point in enumerate(points)
                if point.signal is not None and point.variation is not None
            ],
            cursor=self._cursor,
            written=style.value,
            line=rgb("chart-line"),
            quiet=rgb("signal-usual"),
            year_ago_colour=rgb("chart-year-ago"),
        )


def _phase(points: tuple[Point, ...], name: str) -> list[float | None]:
    return [getattr(point.phase, name) if point.phase else None for point in points]


def _rgb(colour: Color) -> RGB:
    return (colour.r, colour.g, colour.b)

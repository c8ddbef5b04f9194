"""What the period under the cursor says, and how two marked periods compare."""

from __future__ import annotations

from kpitui.analysis import status
from kpitui.definitions.model import Kpi
from kpitui.periods import Grain, Period
from kpitui.workspace.answers import Point
from kpitui.workspace.changes import change_text, weeks_phrase, yoy_text
from kpitui.workspace.charts.happenings import number_sign
from kpitui.workspace.charts.values import Happening, Picture
from kpitui.workspace.numbers import NONE, Style, percent, period_name, short_day
from kpitui.workspace.opening import Workspace
from kpitui.workspace.wording import coverage_phrase, figure, signal_phrase


def point_parts(point: Point, kpi: Kpi, style: Style) -> list[str]:
    """Figure, coverage, signal, target and comparisons of a period, the most important first."""
    parts = [f"┆ {period_name(point.period, style.locale)}: {figure(point, style, exact=True)}"]
    if not point.complete and point.due:
        parts.append(coverage_phrase(point, kpi))
    if said := signal_phrase(point):
        parts.append(said)
    if point.goal:
        parts.append(f"target {style.goal(point.goal, kpi.direction)}")
    if point.change is not None:
        parts.append(f"{change_text(point, kpi, style)} vs {point.period.grain.word}{_in_weeks(point)}")
    # Of a year it is the same.
    if point.yoy is not None and point.period.grain is not Grain.YEAR:
        parts.append(f"{yoy_text(point, kpi, style)} vs year{_in_weeks(point, year=True)}")
    return parts


def _in_weeks(point: Point, *, year: bool = False) -> str:
    said = weeks_phrase(point, year=year)
    return f" ({said})" if said else ""


def reading(workspace: Workspace, kpi: Kpi, picture: Picture, panel_at: int, at: int) -> list[str]:
    """What the view says of the period under the cursor, in parts, the most important first."""
    panel = picture.panels[panel_at]
    period = panel.periods[at]
    if picture.view == "segments":
        values = [f"{p.title} {picture.written_at(p.lines[0], at)}" for p in picture.panels]
        return [f"┆ {period_name(period, picture.style.locale)}: {values[0]}", *values[1:]]
    if picture.view == "years":
        values = [f"{line.name} {picture.written_at(line, at)}" for line in panel.lines]
        return [f"┆ {panel.label(at)}: {values[0]}", *values[1:]]
    if picture.differences:
        value = picture.written_at(panel.lines[0], at)
        parts = [f"┆ {period_name(period, picture.style.locale)}: moved by {value}"]
        levels = [f"{level.name} {_written(picture, level.values[at])}" for level in panel.levels]
        return parts + levels[::-1]
    return point_parts(workspace.figures.point(kpi, period), kpi, picture.style)


def _written(picture: Picture, value: float | None) -> str:
    return NONE if value is None else picture.written(value)


def compared(workspace: Workspace, kpi: Kpi, first: Period, second: Period) -> str:
    """`A Mar 2026 25.5% → B Oct 2026 22.0%: −3.5 pp, −13.7%`; why there is no difference where there is none."""
    style = Style.of(kpi, workspace.definitions.locale)
    points = [workspace.figures.point(kpi, period) for period in (first, second)]
    named = [
        f"{letter} {period_name(point.period, style.locale)} {figure(point, style, exact=True)}"
        for letter, point in zip("AB", points, strict=True)
    ]
    then, now = (point.value if point.usable else None for point in points)
    line = " → ".join(named)
    if then is None or now is None:
        return f"{line}: one of them has too few values to compare"
    # Across zero a percentage says nothing.
    relative = NONE if now * then < 0 else percent(status.change(now, then, "percent"), style.locale)
    said = f"{line}: {style.difference(now - then, 'points')}"
    said += f" ({relative})" if relative != NONE else ""
    if any(point.partial for point in points):
        said += ", and one of them is not over yet"
    return said


def told(number: int, happening: Happening, workspace: Workspace) -> str:
    """`① 9 Feb · New routing rule`."""
    day = short_day(happening.day, workspace.definitions.locale, workspace.as_of)
    kind = "" if happening.kind in ("event", "target", "limits") else f"{happening.kind}: "
    return f"{number_sign(number)} {day} {kind}{' '.join(happening.text.split())}"

"""How a change and a gap are written, where a percentage would mislead: across zero, and between unequal months.

From −5 to 40 is +900 % by the rule (on |then|), and a reader would take it for ten times as much: where both sides have
different signs, their difference stands instead, in the KPI's unit. The figures themselves stay what they are.
"""

from __future__ import annotations

from kpitui.definitions.model import Kpi
from kpitui.periods import Grain
from kpitui.workspace.answers import Point
from kpitui.workspace.numbers import Style, percent


def change_text(point: Point, kpi: Kpi, style: Style) -> str:
    """On the period before: `+4.0%`; across zero `+€45k`."""
    return _text(point.change, point.value, point.previous, kpi, style)


def yoy_text(point: Point, kpi: Kpi, style: Style) -> str:
    """On the same period a year before."""
    return _text(point.yoy, point.value, point.year_ago, kpi, style)


def _text(change: float | None, now: float | None, then: float | None, kpi: Kpi, style: Style) -> str:
    if kpi.comparison == "percent" and change is not None and now is not None and then is not None and now * then < 0:
        return style.difference(now - then, "points")
    return style.difference(change, kpi.comparison)


def gap_text(point: Point, kpi: Kpi, style: Style, *, short: bool = False) -> str:
    """The gap, plus where it is favourable: `−12.0%`, `short`: `−12%`; in the KPI's unit where bands are absolute, and
    across zero."""
    if point.gap is None or kpi.bands.absolute:
        return style.difference(point.gap, "points")
    aim = point.goal.value if point.goal else None
    if aim is not None and point.judged is not None and point.judged * aim < 0:
        return style.difference(point.gap * abs(aim), "points")
    # From twice as much on, a tenth of a per cent says nothing.
    return percent(point.gap, style.locale, decimals=0 if short or abs(point.gap) >= 0.9995 else 1)


def weeks_phrase(point: Point, *, year: bool = False) -> str:
    """`5 weeks against 4`; empty where both periods have as many, or weeks are not what is counted."""
    if point.weeks is None:
        return ""
    then = point.weeks.year_ago if year else point.weeks.before
    return "" if point.weeks.now == then else f"{point.weeks.now} weeks against {then}"


def weeks_remark(point: Point) -> str:
    """What both comparisons have to be known with: `5 weeks against 4 the month before, and 4 the year before`."""
    said = []
    if point.change is not None and weeks_phrase(point):
        said.append(f"the {point.period.grain.word} before")
    if point.yoy is not None and point.period.grain is not Grain.YEAR and weeks_phrase(point, year=True):
        said.append("the year before")
    if not said or point.weeks is None:
        return ""
    counts = {"the year before": point.weeks.year_ago}
    return f"{point.weeks.now} weeks against " + ", and ".join(
        f"{counts.get(when, point.weeks.before)} {when}" for when in said
    )

"""What is to be drawn: panels of lines, levels and marks over periods. Nothing here knows of cells or colours."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from typing import Literal, NamedTuple

from kpitui.periods import Grain, Period
from kpitui.terms import Side
from kpitui.workspace.numbers import NONE, Style, month_name, month_tag, period_tag
from kpitui.workspace.wording import INCOMPLETE

LineKind = Literal["actual", "year_ago", "two_years_ago", "leading"]
LevelKind = Literal["mean", "limit", "target", "benchmark_low", "benchmark_high"]
Verdict = Literal["better", "worse", "changed"]
HappeningKind = Literal["event", "note", "cause", "decision", "action", "target", "limits"]
Arrangement = Literal["row", "grid"]
_A_YEAR = timedelta(days=366)
"""Where days and weeks reach over more than that, the axis names months with their years."""


class Line(NamedTuple):
    """A series of figures, one per period of its panel; None is a gap."""

    name: str
    values: tuple[float | None, ...]
    kind: LineKind = "actual"
    incomplete: frozenset[int] = frozenset()
    """Periods with a figure for which values are missing, where figures are written beside the line."""

    @property
    def last(self) -> int | None:
        """Index of its last figure; None where it has none."""
        return next((at for at in reversed(range(len(self.values))) if self.values[at] is not None), None)


class Level(NamedTuple):
    """What the figures are seen against: one value per period, None where it does not hold."""

    name: str
    values: tuple[float | None, ...]
    kind: LevelKind


class Mark(NamedTuple):
    """What the chart calls a point that is a signal."""

    side: Side
    verdict: Verdict


class Happening(NamedTuple):
    """Something on the time axis: an event, a remark, another target, other limits."""

    day: date
    kind: HappeningKind
    text: str


class Panel(NamedTuple):
    """One set of axes; sequences are as long as `periods`, oldest first."""

    title: str
    periods: tuple[Period, ...]
    locale: str
    lines: tuple[Line, ...]
    """The figures that it is about come first."""
    levels: tuple[Level, ...] = ()
    phase_starts: frozenset[int] = frozenset()
    """Periods with which a phase begins: levels before and after are not joined."""
    hollow: frozenset[int] = frozenset()
    """Periods that are not over."""
    marks: tuple[Mark | None, ...] = ()
    """One per period, None for what is no signal; empty where nothing is."""
    within_year: bool = False
    """Its periods are called by their place in a year, as several years lie over each other."""

    def at(self, day: date) -> int | None:
        """Index of the period that holds the day."""
        index = bisect_right(self.periods, day, key=lambda period: period.start) - 1
        return index if index >= 0 and day in self.periods[index] else None

    def label(self, index: int) -> str:
        """A period's name on the axis, short."""
        period = self.periods[index]
        if not self.within_year:
            if period.grain < Grain.MONTH and self.periods[-1].start - self.periods[0].start > _A_YEAR:
                return month_tag(period.start, self.locale)
            return period_tag(period, self.locale)
        return month_name(period.start, self.locale) if period.grain is Grain.MONTH else period.id[-2:]


class Picture(NamedTuple):
    """One view of a KPI."""

    view: str
    title: str
    """The view's name, what was zoomed to, and the method of the limits."""
    grain: Grain
    """Of its periods; of two panels the coarser one's."""
    panels: tuple[Panel, ...]
    style: Style
    arrangement: Arrangement = "row"
    one_scale: bool = True
    """All panels have the same vertical axis."""
    remarks: tuple[str, ...] = ()
    """What is to be known of it before it is believed, the most important first."""
    differences: bool = False
    """The values are differences of the KPI's figures."""
    happenings: tuple[Happening, ...] = ()
    """What happened in the periods shown, oldest first; what has a number is marked by it."""
    earlier: int = 0
    """How many happenings of these periods have no number any more."""
    left_out: int = 0
    """How many panels there could be beside these."""
    empty: str = ""
    """Why there is nothing to draw, and what to do."""

    def figure_at(self, panel: Panel, at: int | None) -> str:
        """The panel's own figure of a period, or its last one."""
        if at is None:
            at = panel.lines[0].last
        return NONE if at is None else self.written_at(panel.lines[0], at)

    def written_at(self, line: Line, at: int) -> str:
        """A line's figure of a period, marked where values are missing; `—` where there is none."""
        value = line.values[at]
        if value is None:
            return NONE
        return self.written(value) + (INCOMPLETE if at in line.incomplete else "")

    def written(self, value: float) -> str:
        """A value of the vertical axis."""
        if self.differences:
            return self.style.difference(value, "points").removeprefix("+")
        return self.style.value(value)

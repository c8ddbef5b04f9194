"""What a workspace answers with: plain frozen values that screens, commands and reports draw from."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

import msgspec

from kpitui.analysis.signals import Chart, Phase, Signal
from kpitui.analysis.targets import Goal
from kpitui.definitions.model import Kpi
from kpitui.periods import Grain, Period
from kpitui.terms import Component, Group, Status, StatusBasis, Variation


class Weeks(NamedTuple):
    """How many weeks of a weekly source belong to a period, and to those that it is compared with."""

    now: int
    before: int
    year_ago: int


class Point(msgspec.Struct, frozen=True):
    """A KPI's figure for one period, judged and compared."""

    period: Period
    value: float | None
    coverage: float
    seen: int
    due: int
    """Values that came, and that were due, of the input with the least coverage."""
    complete: bool
    usable: bool
    partial: bool
    goal: Goal | None
    status: Status
    status_basis: StatusBasis
    gap: float | None
    judged: float | None
    """What was held against the goal: the value, or a partial period's pace."""
    change: float | None
    yoy: float | None
    year_ago: float | None
    year_ago_complete: bool
    previous: float | None
    signal: Signal | None
    variation: Variation | None
    """None where the chart says nothing of this period."""
    phase: Phase | None
    possible_duplicates: bool
    """A value that the figure is made of may be there twice."""
    weeks: Weeks | None = None
    """Of an amount that is measured by the week, in longer periods: a month has four or five of them."""


class KpiChart(msgspec.Struct, frozen=True):
    """The process behaviour chart of a KPI at a grain, and the periods of its points."""

    chart: Chart
    periods: tuple[Period, ...]
    values: tuple[float, ...]


class ToDate(msgspec.Struct, frozen=True):
    """A figure from the start of a period to the as-of date, against the same stretch before."""

    value: float | None
    change: float | None
    previous: float | None
    yoy: float | None
    year_ago: float | None
    goal: Goal | None
    complete: bool
    """All values that were due for `value` have come; below, for the other two."""
    previous_complete: bool
    year_ago_complete: bool


class Restated(NamedTuple):
    """A review saw another figure of the period than the data now give."""

    value: float
    """What the room saw."""
    review: str
    """The review's id."""


class Row(msgspec.Struct, frozen=True):
    """A KPI on the scorecard."""

    kpi: Kpi
    point: Point
    coarser: bool
    """The point is of a coarser grain than the scorecard: the KPI has no finer one."""
    group: Group
    quarter_goal: Goal | None
    """The target of the quarter that holds the point's period; None for longer periods."""
    year_goal: Goal | None
    """The year's amount where the target is given per year, else the value in force at its end."""
    year_goal_per: Grain | None
    """What that value is for, of an amount whose target is for less than a year."""
    chart: Chart
    changed_since: Period | None
    """First period of the run of signals, all on one side, that the point ends; None without a signal."""
    spark: tuple[float | None, ...]
    stale_since: date | None
    """Last day with a value, where later ones were due by the end of the period."""
    spoiled: str | None
    """Why there is no figure at all: what is wrong with a file that it needs."""
    manual: bool
    """The figures are typed in."""
    restated: Restated | None
    redefined: str | None
    """The newest review of the period, where the KPI's definition has changed since."""
    notes: int
    open_actions: int
    overdue_actions: int
    missing_components: tuple[Component, ...]


class Scorecard(msgspec.Struct, frozen=True):
    """Every KPI for one period."""

    workspace: str
    as_of: date
    known_at: date | None
    """The day at whose end the figures were known so; None: as they are known now."""
    grain: Grain
    period: Period
    problems: int
    rows: tuple[Row, ...]
    """In the order of the definitions."""


RemarkKind = Literal[
    "stands_in",
    "too_few",
    "adjusted",
    "not_adjusted",
    "counts_not_adjusted",
    "unstable",
    "autocorrelated",
    "season",
    "season_of_counts",
    "target_at_median",
]


class Remark(NamedTuple):
    """Something to be known of a chart before it is believed."""

    kind: RemarkKind
    value: float | None = None
    """autocorrelated: of neighbours, over 0.3; a season: its strength, over 0.64; adjusted: from how many years."""


class Trend(msgspec.Struct, frozen=True):
    """A KPI's recent periods with its chart and its to-date figures."""

    kpi: Kpi
    grain: Grain
    points: tuple[Point, ...]
    """Oldest first."""
    to_date: dict[Grain, ToDate]
    """week, month, quarter, year; empty figures where the source is coarser."""
    chart: KpiChart
    remarks: tuple[Remark, ...]
    """What is to be known of the chart before it is believed."""

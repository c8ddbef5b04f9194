"""The words and small values that definitions, analysis and records share: one word per thing.

They stand below both, so that neither has to know the other.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple, get_args

from kpitui.periods import Grain

Direction = Literal["up", "down", "range"]
Comparison = Literal["percent", "points", "bps"]
Aggregate = Literal["sum", "count", "mean", "median", "min", "max", "first", "last"]
Frequency = Literal["daily", "weekdays", "weekly", "monthly", "quarterly", "yearly", "event"]
Path = Literal["flat", "linear", "seasonal"]
Method = Literal["nhs", "wheeler", "p", "u", "none"]
Tier = Literal["primary", "supporting", "diagnostic"]
Kind = Literal["leading", "lagging"]
KpiType = Literal["volume", "efficiency", "quality", "growth", "retention"]
Level = Literal["kgi", "ksf", "kpi"]
Perspective = Literal["financial", "customer", "internal process", "learning & growth"]
Component = Literal["measure", "target", "data_source", "frequency", "owner"]
CauseClass = Literal["data", "definition", "timing", "market", "process", "price", "mix", "target"]

Status = Literal["ahead", "on_track", "at_risk", "behind", "no_target", "no_data"]
StatusBasis = Literal["actual", "pace"]
Rule = Literal["outside_limits", "trend", "near_limits", "shift", "moving_range"]
Side = Literal["above", "below"]
Variation = Literal[
    "common_cause",
    "improvement_high",
    "improvement_low",
    "concern_high",
    "concern_low",
    "neutral_high",
    "neutral_low",
]
Assurance = Literal["pass", "fail", "inconsistent"]
Grouping = Literal[
    "decision", "perspective", "objective", "stage", "tier", "type", "owner", "team", "initiative", "tree"
]
"""What the rows of a scorecard may be grouped by."""
Group = Literal["find_the_cause", "change_the_process", "watch", "no_judgement", "fine"]
Step = Literal["picture", "actions", "exceptions", "sweep", "targets", "close"]
"""Of a review session, in the order of the meeting."""

TIERS: tuple[Tier, ...] = get_args(Tier)
KINDS: tuple[Kind, ...] = get_args(Kind)
TYPES: tuple[KpiType, ...] = get_args(KpiType)
LEVELS: tuple[Level, ...] = get_args(Level)
STATUSES: tuple[Status, ...] = get_args(Status)
PERSPECTIVES: tuple[Perspective, ...] = get_args(Perspective)
COMPONENTS: tuple[Component, ...] = get_args(Component)
CAUSE_CLASSES: tuple[CauseClass, ...] = get_args(CauseClass)
GROUPS: tuple[Group, ...] = get_args(Group)
GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)
STEPS: tuple[Step, ...] = get_args(Step)

FREQUENCY_GRAIN: dict[Frequency, Grain] = {
    "daily": Grain.DAY,
    "weekdays": Grain.DAY,
    "event": Grain.DAY,
    "weekly": Grain.WEEK,
    "monthly": Grain.MONTH,
    "quarterly": Grain.QUARTER,
    "yearly": Grain.YEAR,
}
"""The grain of the period for which one value of a source stands."""

CADENCES: dict[str, Grain] = {
    "daily": Grain.DAY,
    "weekly": Grain.WEEK,
    "monthly": Grain.MONTH,
    "quarterly": Grain.QUARTER,
    "yearly": Grain.YEAR,
}
"""How often a team reviews, finest first, and the grain of the period that a review looks at."""


class Target(NamedTuple):
    """What is aimed at from a date on: a value, or a range from `low` to `high`."""

    since: date
    until: date | None
    """The last day, included; None where it holds until another begins."""
    value: float | None
    low: float | None
    high: float | None
    per: Grain
    """What an additive KPI's value is for; other KPIs' values do not depend on it."""
    path: Path
    start: float | None
    """Where a linear path begins, at `since`."""
    reason: str


class Bands(NamedTuple):
    """From which favourable gap a status holds: in parts of the target, or (`absolute`) in the KPI's own unit."""

    ahead: float = 0.05
    on_track: float = 0.05
    at_risk: float = 0.10
    absolute: bool = False


class ChartRule(NamedTuple):
    """How a KPI's process behaviour chart is drawn."""

    method: Method = "nhs"
    screen: bool = True
    """nhs: leave out moving ranges beyond their own limit, once."""
    baseline: int | None = None
    """Limits from the first so many points of a phase; None for all of them."""
    rebase: tuple[date, ...] = ()
    """A new phase begins with the period that holds the date."""
    seasonal: bool = False

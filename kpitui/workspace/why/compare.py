"""Two rates of a KPI, of two periods or two segments: a comparison that was planned before the figures were seen."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from kpitui.analysis.counts import Count, sigma_z
from kpitui.analysis.distributions import Z95
from kpitui.analysis.rates import Rate, TwoRates, two_rates
from kpitui.analysis.signals import FEWEST_FOR_LIMITS
from kpitui.definitions.formula import Expression
from kpitui.definitions.model import Kpi
from kpitui.definitions.ratios import Ratio, part_of_whole
from kpitui.measurements.values import Segmented
from kpitui.periods import Period
from kpitui.problems import KpituiError
from kpitui.workspace.charts.segments import segments
from kpitui.workspace.figures import Figures
from kpitui.workspace.opening import Workspace

SIGNIFICANT = 0.05
OVERDISPERSED = 2.0
"""From this σ_z on, periods differ by far more than chance among those counted."""

SMALL_DIFFERENCE = 0.001
"""A tenth of a point: where counts are so large that this would be significant, almost every difference is."""


class Side(NamedTuple):
    """What is compared: periods from one to another, of all or of one segment."""

    label: str
    first: Period
    last: Period
    column: str | None = None
    segment: str | None = None

    def overlaps(self, other: Side) -> bool:
        """Whether a case may count on both sides: segments of two columns may share some, too."""
        apart = self.column is not None and self.column == other.column and self.segment != other.segment
        return not apart and self.first.start <= other.last.end and other.first.start <= self.last.end


class Comparison(NamedTuple):
    """Two rates, the first less the second, and what speaks against believing the test."""

    kpi: Kpi
    a: Side
    b: Side
    rate_a: Rate
    rate_b: Rate
    found: TwoRates
    sigma_z: float | None
    """How much more the KPI's periods differ than chance would have them; None where there are fewer than five."""
    usual: bool | None
    """The chart calls both periods usual variation; None where it is not about two single periods."""
    pairs: int | None = None
    """How many pairs there are to pick from, this one included: of a column's segments, or of the chart's periods."""

    @property
    def large_counts(self) -> bool:
        """A tenth of a point would be significant: the test tells little but that there are many cases."""
        a, b = self.rate_a, self.rate_b
        pooled = (a.part + b.part) / (a.whole + b.whole)
        error = sqrt(pooled * (1 - pooled) * (1 / a.whole + 1 / b.whole))
        return 0 < Z95 * error < SMALL_DIFFERENCE

    @property
    def large_counts_and_noise(self) -> bool:
        """The test finds a difference, and the chart says that the process has as much of it all the time."""
        of_periods = self.a.column is None and self.b.column is None
        overdispersed = of_periods and self.sigma_z is not None and self.sigma_z >= OVERDISPERSED
        noisy = overdispersed if self.usual is None else self.usual
        return self.found.p < SIGNIFICANT and noisy


def side(workspace: Workspace, text: str, within: Period | None) -> Side:
    """What a text names: `2026-10`, `2026-07..2026-09`, or a segment, `region=EMEA`, of the period `within`."""
    column, is_segment, segment = text.partition("=")
    if is_segment:
        period = within or workspace.last_ended(workspace.usual_grain)
        return Side(f"{column} = {segment}", period, period, column, segment)
    first, _, last = text.partition("..")
    begins = workspace.period(first)
    ends = workspace.period(last) if last else begins
    if begins.grain is not ends.grain or ends.start < begins.start:
        raise KpituiError(f"{text!r} is not from one period to a later one of the same length")
    return Side(text, begins, ends)


def compare(workspace: Workspace, kpi: Kpi, a: Side, b: Side, found: dict[str, Segmented] | None = None) -> Comparison:
    """Raises KpituiError where the KPI is no part of a whole of counts, or a side has none. `found`: by column."""
    if a.overlaps(b):
        raise KpituiError(f"{a.label} and {b.label} have cases in common: the test is of two samples that have none")
    of = part_of_whole(kpi, workspace.definitions)
    if of is None:
        raise KpituiError(f"{kpi.name} is no part of a whole of counts, such as a / b or (a - b) / a in per cent")
    rate_a, rate_b = (_rate(workspace, kpi, of, each, found or {}) for each in (a, b))
    return Comparison(
        kpi,
        a,
        b,
        rate_a,
        rate_b,
        two_rates(rate_a, rate_b),
        _sigma_z(workspace, kpi, of, a),
        _usual(workspace, kpi, a, b),
        _pairs(workspace, kpi, a, b, found or {}),
    )


def _pairs(workspace: Workspace, kpi: Kpi, a: Side, b: Side, found: dict[str, Segmented]) -> int | None:
    """None where the two are not of one kind, or go over several periods."""
    if a.column != b.column:
        return None
    if a.column is not None:
        count = len(found[a.column].series) + found[a.column].left_out
    elif a.first == a.last and b.first == b.last and a.first.grain is b.first.grain:
        count = len(workspace.figures.chart(kpi, a.first.grain).periods)
    else:
        return None
    return count * (count - 1) // 2


def _rate(workspace: Workspace, kpi: Kpi, of: Ratio, side: Side, found: dict[str, Segmented]) -> Rate:
    figures = workspace.figures
    if side.column is not None:
        own = {segment.name: segment.figures for segment in segments(workspace, kpi, found[side.column])}
        if side.segment not in own:
            raise KpituiError(f"{side.column} has no {side.segment!r}; there are {', '.join(sorted(own)[:20])}")
        figures = own[side.segment]
    part, whole = (_sum(figures, each, side) for each in (of.part, of.whole))
    if part is None or whole is None:
        raise KpituiError(f"{kpi.name} has no figures for all of {side.label}")
    if part != round(part) or whole != round(whole) or not 0 <= part <= whole or not whole:
        raise KpituiError(f"{part:g} of {whole:g} in {side.label}: the test needs counts of a part and its whole")
    return Rate(round(part), round(whole))


def _sum(figures: Figures, expression: Expression, side: Side) -> float | None:
    calendar, grain = figures.definitions.calendar, side.first.grain
    numbers = range(calendar.number(grain, side.first.start), calendar.number(grain, side.last.start) + 1)
    values = figures.evaluated(expression, grain, numbers)
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _sigma_z(workspace: Workspace, kpi: Kpi, of: Ratio, side: Side) -> float | None:
    chart = workspace.figures.chart(kpi, side.first.grain)
    calendar = workspace.definitions.calendar
    numbers = [calendar.number(period.grain, period.start) for period in chart.periods]
    parts, wholes = (workspace.figures.evaluated(each, side.first.grain, numbers) for each in (of.part, of.whole))
    counts = [Count(part, whole) for part, whole in zip(parts, wholes, strict=True) if part is not None and whole]
    if len(counts) < FEWEST_FOR_LIMITS:
        return None
    mean = sum(count.events for count in counts) / sum(count.whole for count in counts)
    return sigma_z(counts, mean, parts=True)


def _usual(workspace: Workspace, kpi: Kpi, a: Side, b: Side) -> bool | None:
    if any(side.column is not None or side.first != side.last for side in (a, b)):
        return None
    variations = [workspace.figures.point(kpi, side.first).variation for side in (a, b)]
    if None in variations:
        return None
    return variations == ["common_cause", "common_cause"]

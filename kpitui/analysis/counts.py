"""p′ and u′ charts: process behaviour charts of parts of a whole, and of events per unit.

Laney, Improved control charts for attributes (2002): the limits of a p or u chart know chance only, and where counts
are large they flag everything. Here they are widened (or narrowed) by σ_z, how much more the standardised points move
from one to the next than chance alone would have them. One rule: `outside_limits`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum, sqrt
from typing import NamedTuple

from kpitui.analysis.signals import (
    FEWEST_FOR_LIMITS,
    Chart,
    Level,
    Phase,
    Signal,
    assured,
    splits,
    stretches,
    variation,
)
from kpitui.terms import ChartRule, Direction

MEAN_RANGE_OF_TWO = 1.128
"""d₂: the mean difference of two neighbours, in standard deviations."""
EQUAL = 1e-12
"""Part of a share that is no difference."""
FEWEST_EVENTS = 5
"""Events a period; charts of fewer say little, and coarser periods more."""


class Count(NamedTuple):
    """A point of the chart: so many of so many, or so many events in so many units."""

    events: float
    whole: float

    @property
    def rate(self) -> float:
        return self.events / self.whole


def counts_chart(
    counts: Sequence[Count],
    rule: ChartRule,
    direction: Direction = "up",
    *,
    phase_starts: Sequence[int] = (),
    baselines: Sequence[int | None] = (),
    target: float | None = None,
) -> Chart:
    """The p′ or u′ chart of a KPI's usable, whole periods, oldest first; see `signals.chart` for what is given.

    Mean p̄ = Σk ÷ Σn; limits p̄ ± 3σᵢσ_z with σᵢ = √(p̄(1−p̄)/nᵢ), of u √(ū/nᵢ); z = (pᵢ−p̄)/σᵢ; σ_z the mean of
    |zᵢ − zᵢ₋₁| over 1.128. All from the phase's baseline. They differ from point to point: `Chart.levels` has them.
    """
    if not counts:
        return Chart(rule.method)
    phases: list[Phase] = []
    signals: list[Signal | None] = []
    levels: list[Level] = []
    for start, end, baseline in stretches(len(counts), rule, phase_starts, baselines):
        stretch = counts[start:end]
        base = stretch[:baseline] if baseline else stretch
        mean = fsum(count.events for count in base) / fsum(count.whole for count in base)
        spread = sigma_z(base, mean, rule.method == "p")
        phases.append(Phase(start, len(stretch), mean, None, None, None, 0, spread, baseline or None))
        for count in stretch:
            level = Level(mean, None, None)
            if spread is not None and len(base) >= FEWEST_FOR_LIMITS:
                reach = 3 * _sigma(count, mean, rule.method == "p") * spread
                level = Level(mean, mean - reach, mean + reach)
            levels.append(level)
            signals.append(_signal(count.rate, level))
    last = phases[-1]
    marked = sum(signal is not None for signal in signals[last.first :])
    return Chart(
        method=rule.method,
        phases=tuple(phases),
        signals=tuple(signals),
        variation=variation(signals[-1], direction),
        assurance=assured(levels[-1], direction, target),
        stable=marked * 3 <= last.points,
        levels=tuple(levels),
        splits=splits([count.rate for count in counts[last.first :]], signals[last.first :], target),
    )


def sigma_z(counts: Sequence[Count], mean: float, parts: bool) -> float | None:
    """How much more the points move than chance would have them; None of one point."""
    # Where none or all of everything counts, no point differs from the mean.
    sigmas = [_sigma(count, mean, parts) for count in counts]
    scores = [(count.rate - mean) / sigma if sigma else 0.0 for count, sigma in zip(counts, sigmas, strict=True)]
    if len(scores) < 2:
        return None
    return fsum(abs(later - earlier) for earlier, later in pairwise(scores)) / (len(scores) - 1) / MEAN_RANGE_OF_TWO


def _sigma(count: Count, mean: float, parts: bool) -> float:
    return sqrt(max(0.0, mean * (1 - mean) if parts else mean) / count.whole)


def _signal(rate: float, level: Level) -> Signal | None:
    # Where all shares are the same, limits and share are equal but for the last bit.
    slack = EQUAL * abs(rate)
    if level.lower is None or level.upper is None or level.lower - slack <= rate <= level.upper + slack:
        return None
    return Signal("outside_limits", "above" if rate > level.upper else "below")


def too_few(counts: Sequence[Count], *, parts: bool) -> bool:
    """Whether there are fewer than about five events a period (of a part also: five that are none)."""
    events = fsum(count.events for count in counts)
    others = fsum(count.whole for count in counts) - events if parts else events
    return min(events, others) < FEWEST_EVENTS * len(counts)

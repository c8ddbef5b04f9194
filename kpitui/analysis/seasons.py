"""What returns every year: the season of a series, how clear it is, and shares of a year; and what hangs together.

Classical decomposition: Hyndman and Athanasopoulos, Forecasting: principles and practice (3rd ed.), 3.4; as an aid to
process behaviour charts: Wheeler, Making Sense of Data (2003), on seasonal relatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum
from typing import NamedTuple

from kpitui.analysis import signals
from kpitui.analysis.signals import Chart, Level
from kpitui.terms import ChartRule, Direction

FEWEST_YEARS = 3
CLEAR = 0.64
"""Strength from which a season is called clear: Wang, Smith and Hyndman, Characteristic-based clustering (2006)."""
LARGE_AUTOCORRELATION = 0.3


class Season(NamedTuple):
    """What is usual at each place in the year."""

    usual: tuple[float, ...]
    """By the period's number modulo the periods of a year: the factor of the year's level, or what is added to it."""
    multiplies: bool
    years: int
    strength: float
    """The share of the variation within years that returns every year, 0 to 1."""

    def of(self, number: int) -> float:
        return self.usual[number % len(self.usual)]

    def without(self, number: int, value: float) -> float:
        """The value as it would be at a usual place in the year."""
        return value / self.of(number) if self.multiplies else value - self.of(number)

    def within(self, number: int, value: float) -> float:
        """The way back: what the adjusted value is at that place."""
        return value * self.of(number) if self.multiplies else value + self.of(number)


def season(numbers: Sequence[int], values: Sequence[float], per_year: int, *, multiplies: bool) -> Season | None:
    """The season of a series whose periods have these numbers; None without three whole years up to its last point.

    A year is so many periods in a row, counted back from the last, all with a value. Its level is its mean; within it
    the level drifts as it does from the first year to the last. What a value is of the level (or differs from it)
    belongs to its place, and the mean over the years is usual there. `multiplies` gives way to adding where a level
    or a value is not positive.
    """
    known = dict(zip(numbers, values, strict=True))
    years = _whole_years(known, per_year)
    if len(years) < FEWEST_YEARS:
        return None
    means = [fsum(known[number] for number in year) / per_year for year in years]
    drift = (means[-1] - means[0]) / (years[-1][0] - years[0][0])
    levels = {
        number: mean + drift * (i - (per_year - 1) / 2)
        for year, mean in zip(years, means, strict=True)
        for i, number in enumerate(year)
    }
    multiplies = multiplies and min(known.values()) > 0 and min(levels.values()) > 0
    neutral = 1.0 if multiplies else 0.0
    off = {number: known[number] / at if multiplies else known[number] - at for number, at in levels.items()}
    at_place = [fsum(each) / len(each) for each in _by_place(off, per_year)]
    middle = fsum(at_place) / per_year
    usual = tuple(each / middle if multiplies else each - middle for each in at_place)
    all_of_it = fsum((each - neutral) ** 2 for each in off.values())
    rest = fsum((each - usual[number % per_year]) ** 2 for number, each in off.items())
    strength = max(0.0, 1 - rest / all_of_it) if all_of_it else 0.0
    return Season(usual, multiplies, len(years), strength)


def _whole_years(known: dict[int, float], per_year: int) -> list[range]:
    """Years with a value in each of their periods, oldest first."""
    if not known:
        return []
    found = []
    end = max(known) + 1
    while end - per_year >= min(known):
        year = range(end - per_year, end)
        if all(number in known for number in year):
            found.append(year)
        end -= per_year
    return found[::-1]


def _by_place(off: dict[int, float], per_year: int) -> list[list[float]]:
    places: list[list[float]] = [[] for _ in range(per_year)]
    for number, each in off.items():
        places[number % per_year].append(each)
    return places


def adjusted_chart(
    season: Season,
    numbers: Sequence[int],
    values: Sequence[float],
    rule: ChartRule,
    direction: Direction = "up",
    *,
    phase_starts: Sequence[int] = (),
    baselines: Sequence[int | None] = (),
    target: float | None = None,
) -> Chart:
    """The process behaviour chart of the seasonally adjusted values, without screening; see `signals.chart`.

    Phases and signals are of the adjusted values; `levels` takes mean and limits back to each point's own season, so
    that the values as they were measured can be drawn between them.
    """
    adjusted = [season.without(number, value) for number, value in zip(numbers, values, strict=True)]
    chart = signals.chart(
        adjusted, rule._replace(screen=False), direction, phase_starts=phase_starts, baselines=baselines
    )
    levels = []
    for index, number in enumerate(numbers):
        phase = chart.phase_of(index)
        lower, upper = (None if each is None else season.within(number, each) for each in (phase.lower, phase.upper))
        levels.append(Level(season.within(number, phase.mean), lower, upper))
    first = chart.phases[-1].first
    return chart._replace(
        levels=tuple(levels),
        adjusted=tuple(adjusted),
        assurance=signals.assured(levels[-1], direction, target),
        splits=signals.splits(values[first:], chart.signals[first:], target),
    )


def autocorrelation(values: Sequence[float]) -> float | None:
    """How much a value resembles the one before, −1 to 1; None of fewer than three, or of a flat series.

    Box and Jenkins, Time Series Analysis (1970): Σ(xᵢ−x̄)(xᵢ₊₁−x̄) ÷ Σ(xᵢ−x̄)².
    """
    if len(values) < 3:
        return None
    mean = fsum(values) / len(values)
    whole = fsum((value - mean) ** 2 for value in values)
    if whole == 0:
        return None
    return fsum((one - mean) * (other - mean) for one, other in pairwise(values)) / whole

"""Two rates: whether two parts of wholes differ by more than chance, for a comparison that was planned.

A comparison that was chosen because it looked large has no p-value: there the process behaviour chart speaks.
"""

from __future__ import annotations

from math import exp, fsum, log, sqrt
from typing import NamedTuple

from kpitui.analysis.distributions import Z95, normal_p

_FEWEST_EXPECTED = 5
"""Cochran (1954): below that in a cell, the normal approximation does not hold."""
_SLACK = 1e-7
"""So that tables which are equally likely count as such, whatever the last digits; R has the same."""


class Rate(NamedTuple):
    """So many of a whole."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        return self.part / self.whole


class TwoRates(NamedTuple):
    """What is known of the difference of two rates, the first less the second."""

    difference: float
    low: float
    high: float
    """The 95 % interval of the difference (Newcombe)."""
    z: float | None
    """Pooled; None where both rates are 0, or both 1."""
    p: float
    """Of a difference at least as large, on either side, if the two rates were the same."""
    test: str
    """Which test `p` is of: `pooled z`, or `Fisher's exact` where a cell was expected to hold fewer than five."""
    least_expected: float
    """Of the four cells, the smallest count to be expected if the two rates were the same."""


def two_rates(first: Rate, second: Rate) -> TwoRates:
    """Compare two rates; raises ValueError where a part is not one of its whole, or a whole is empty.

    Pooled z: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003), 3.1. Interval: Newcombe,
    Interval estimation for the difference between independent proportions (1998), method 10, without continuity
    correction. Fisher's exact test adds all tables that are no likelier than the one found, as R's fisher.test does.
    """
    for rate in (first, second):
        if rate.whole <= 0 or not 0 <= rate.part <= rate.whole:
            raise ValueError(f"{rate.part} of {rate.whole} is no part of a whole")
    difference = first.share - second.share
    pooled = (first.part + second.part) / (first.whole + second.whole)
    error = sqrt(pooled * (1 - pooled) * (1 / first.whole + 1 / second.whole))
    z = difference / error if error else None
    least = min(first.whole, second.whole) * min(pooled, 1 - pooled)
    exact = least < _FEWEST_EXPECTED or z is None
    low, high = newcombe(first, second)
    return TwoRates(
        difference=difference,
        low=low,
        high=high,
        z=z,
        p=fisher_p(first, second) if exact or z is None else normal_p(z),
        test="Fisher's exact" if exact else "pooled z",
        least_expected=least,
    )


def wilson(rate: Rate) -> tuple[float, float]:
    """The 95 % score interval of a rate: Wilson, Probable inference (1927)."""
    share, n, zz = rate.share, rate.whole, Z95 * Z95
    middle = share + zz / (2 * n)
    spread = Z95 * sqrt(share * (1 - share) / n + zz / (4 * n * n))
    # At 0 and at 1 the bound is the rate itself, but for the last digit.
    low = 0.0 if rate.part == 0 else (middle - spread) / (1 + zz / n)
    high = 1.0 if rate.part == n else (middle + spread) / (1 + zz / n)
    return low, high


def newcombe(first: Rate, second: Rate) -> tuple[float, float]:
    """The 95 % interval of the difference of two rates, from the Wilson intervals of both."""
    (low1, high1), (low2, high2) = wilson(first), wilson(second)
    difference = first.share - second.share
    below = sqrt((first.share - low1) ** 2 + (high2 - second.share) ** 2)
    above = sqrt((high1 - first.share) ** 2 + (second.share - low2) ** 2)
    return difference - below, difference + above


def fisher_p(first: Rate, second: Rate) -> float:
    """Fisher's exact test of two rates, on both sides."""
    parts = first.part + second.part
    least, most = max(0, parts - second.whole), min(first.whole, parts)
    logs = [0.0]  # of each table's likelihood, from the one with the smallest first part on, up to a common factor
    for part in range(least, most):
        odds = (first.whole - part) * (parts - part) / ((part + 1) * (second.whole - parts + part + 1))
        logs.append(logs[-1] + log(odds))
    top = max(logs)
    tables = [exp(each - top) for each in logs]
    found = tables[first.part - least] * (1 + _SLACK)
    return min(1.0, fsum(table for table in tables if table <= found) / fsum(tables))

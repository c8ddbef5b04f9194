"""Tails and quantiles of the normal distribution and of Student's t."""

from __future__ import annotations

from functools import lru_cache
from math import atan, cos, erfc, fsum, pi, sin, sqrt

Z95 = 1.959963984540054
"""97.5 % of a normal distribution lie below: both tails together are 5 %."""


def normal_p(z: float) -> float:
    """The probability of a value at least as far from 0 as `z`, on either side."""
    return erfc(abs(z) / sqrt(2))


def t_between(t: float, freedom: int) -> float:
    """The probability of a value between −t and t with so many degrees of freedom.

    Finite sums: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4.
    """
    angle = atan(t / sqrt(freedom))
    odd = freedom % 2
    terms = []
    term = cos(angle) if odd else 1.0
    for i in range(2 + odd, freedom + 1, 2):
        terms.append(term)
        term *= cos(angle) ** 2 * (i - 1) / i
    total = sin(angle) * fsum(terms)
    return 2 / pi * (angle + total) if odd else total


@lru_cache(maxsize=64)
def t_quantile(freedom: int) -> float:
    """The t that 95 % of the values lie between, from −t to t; raises ValueError without a degree of freedom."""
    if freedom < 1:
        raise ValueError("Student's t needs a degree of freedom")
    low, high = Z95, 13.0  # of one degree of freedom it is 12.706
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if t_between(middle, freedom) > 0.95 else (middle, high)
    return (low + high) / 2

"""Will we get there: where a period's amount is heading, and what it would take to reach the target."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt
from typing import Literal, NamedTuple

from kpitui.analysis.distributions import t_quantile
from kpitui.analysis.targets import Goal
from kpitui.terms import Direction

FEWEST_DONE = 4
"""Of fewer, nothing is said."""
FEWEST_YEARS = 2
"""Earlier years from which it is told what a projection was off by in them, and the seasonal one leads."""

Verdict = Literal["reached", "missed", "on_pace", "off_pace", "no_target", "cannot_be_said"]


class Earlier(NamedTuple):
    """The same stretch of an earlier year, and the whole it was part of."""

    to_date: float
    end: float
    done: int
    of: int
    """Parts that were over, of so many."""

    @property
    def share(self) -> float:
        return self.to_date / self.end


class Bounds(NamedTuple):
    """Between what the end is expected: 95 %, if the rest is like what is over, without season or trend (it covered
    74 to 83 %)."""

    low: float
    high: float


class Projection(NamedTuple):
    """Where the period will end at the present pace."""

    end: float
    bounds: Bounds | None
    """Of the linear projection."""
    errors: tuple[float, ...]
    """What the same projection was off by in earlier years, the latest first: end ÷ truth − 1; none of fewer than two
    years. They are told as they are: two or three figures make no interval."""
    multiple: float | None
    """What is still required, as a multiple of what the present pace will bring; None without a target, or where
    nothing more is to come."""


class Pace(NamedTuple):
    """What can be said of the end of a period after `done` of `of` parts."""

    to_date: float
    done: int
    of: int
    verdict: Verdict
    linear: Projection | None = None
    seasonal: Projection | None = None
    """By the share of earlier years that was reached by then."""
    years: int = 0
    """How many earlier years were looked at."""
    target: float | None = None
    """Of a range: the bound that the projection is nearer to missing."""
    required: float | None = None
    """In each of the parts to come."""

    @property
    def by(self) -> Literal["linear", "seasonal"] | None:
        """Which projection the verdict is about."""
        if self.leading is None:
            return None
        return "linear" if self.leading is self.linear else "seasonal"

    @property
    def leading(self) -> Projection | None:
        """The projection that the verdict is about: the seasonal one where its errors are known."""
        return self.seasonal if self.seasonal and self.seasonal.errors else self.linear


def pace(
    to_date: float, parts: Sequence[float], of: int, goal: Goal | None, direction: Direction, earlier: Sequence[Earlier]
) -> Pace:
    """The pace of an amount: `to_date` is of all parts that are over, `parts` are these (0 of one without a value).

    Linear: A·N/k. Seasonal: A ÷ the mean share that was reached by then in earlier years. Required per part:
    (T − A)/h, where h = N − k are to come.
    """
    done = len(parts)
    if done < FEWEST_DONE:
        return Pace(to_date, done, of, "cannot_be_said")
    left = of - done
    earlier = [year for year in earlier if year.end > 0 and year.to_date > 0]
    bounds = interval(to_date, parts, left)
    linear = Projection(to_date * of / done, bounds, _linear_errors(earlier), None)
    seasonal = None
    if earlier:
        share = fsum(year.share for year in earlier) / len(earlier)
        seasonal = Projection(to_date / share, None, _seasonal_errors(earlier), None)
    found = Pace(to_date, done, of, "no_target", linear, seasonal, len(earlier))
    leading = found.leading
    assert leading is not None
    target, at_least = _aim(goal, direction, leading.end)
    if target is None:
        return found
    return found._replace(
        target=target,
        required=(target - to_date) / left if left else None,
        linear=linear._replace(multiple=_multiple(target, to_date, linear.end)),
        seasonal=seasonal and seasonal._replace(multiple=_multiple(target, to_date, seasonal.end)),
        verdict=_verdict(target, to_date, leading.end, at_least, left),
    )


def _aim(goal: Goal | None, direction: Direction, end: float) -> tuple[float | None, bool]:
    """What the end is held against, and whether it should be at least that much (else: at most)."""
    if goal is None:
        return None, True
    if direction != "range":
        return goal.value, direction == "up"
    if goal.high is not None and (goal.low is None or abs(end - goal.high) < abs(end - goal.low)):
        return goal.high, False
    return goal.low, True


def _verdict(target: float, to_date: float, end: float, at_least: bool, left: int) -> Verdict:
    if at_least and to_date >= target:
        return "reached"
    if not left:
        return "missed" if at_least or to_date > target else "reached"
    if not at_least and to_date > target:
        return "missed"
    return "on_pace" if (end >= target if at_least else end <= target) else "off_pace"


def _multiple(target: float, to_date: float, end: float) -> float | None:
    return (target - to_date) / (end - to_date) if end > to_date else None


def interval(to_date: float, parts: Sequence[float], left: int) -> Bounds | None:
    """95 % of ends lie in it if the rest is like the first k parts, without season or trend: A + h·x̄ ± t·s·√(h + h²/k).

    The prediction interval of a sum: Hahn and Meeker, Statistical Intervals (1991), 4.8.
    """
    k = len(parts)
    if k < FEWEST_DONE:
        return None
    mean = fsum(parts) / k
    deviation = sqrt(fsum((part - mean) ** 2 for part in parts) / (k - 1))
    reach = t_quantile(k - 1) * deviation * sqrt(left + left * left / k)
    middle = to_date + left * to_date / k
    return Bounds(middle - reach, middle + reach)


def _linear_errors(earlier: Sequence[Earlier]) -> tuple[float, ...]:
    """What A·N/k was off by in each year."""
    if len(earlier) < FEWEST_YEARS:
        return ()
    return tuple(year.to_date * year.of / year.done / year.end - 1 for year in earlier)


def _seasonal_errors(earlier: Sequence[Earlier]) -> tuple[float, ...]:
    """What the projection would have been off by in each year, seen from the others."""
    if len(earlier) < FEWEST_YEARS:
        return ()
    shares = [year.share for year in earlier]
    return tuple(share / ((fsum(shares) - share) / (len(shares) - 1)) - 1 for share in shares)

"""Whether one series leads another: how they go together at the stated lag, and which signalled first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import atanh, fsum, sqrt, tanh
from typing import NamedTuple

from kpitui.analysis.distributions import Z95
from kpitui.analysis.seasons import autocorrelation
from kpitui.analysis.signals import Signal

FEWEST_PAIRS = 5
PROVISIONAL_UNDER = 12
ENDS_AFTER = 7
"""Points without a signal that end a run of signals."""


class Together(NamedTuple):
    """How two series go together."""

    r: float | None
    """Pearson's; None of fewer than five pairs, or of a series that does not vary."""
    n: int
    effective_n: float | None
    """What n is worth where neighbours resemble each other (Bartlett)."""
    low: float | None
    high: float | None
    """The 95 % interval of r (Fisher), from the effective n."""
    differences: bool
    """Of changes from one period to the next; else of the values themselves."""
    pairs: tuple[tuple[int, float, float], ...]
    """The number of the later one's period, the leading figure so many periods before, and the led one's."""

    @property
    def provisional(self) -> bool:
        return self.n < PROVISIONAL_UNDER

    @property
    def clear(self) -> bool:
        """Whether the interval does not hold 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def together(leading: Mapping[int, float], led: Mapping[int, float], lag: int, *, differences: bool) -> Together:
    """Hold `led` against `leading` so many periods before; both by period number.

    Fisher, On the probable error of a coefficient of correlation (1921): atanh r ± 1.96 ÷ √(n − 3). Neighbours that
    resemble each other make n worth less: Bartlett, Some aspects of the time-correlation problem (1935),
    n(1 − ρ₁ρ₂)/(1 + ρ₁ρ₂), ρ being each series' autocorrelation; never taken for more than n.
    """
    if differences:
        leading, led = _changes(leading), _changes(led)
    numbers = [number for number in sorted(led) if number - lag in leading]
    pairs = tuple((number, leading[number - lag], led[number]) for number in numbers)
    found = Together(None, len(pairs), None, None, None, differences, pairs)
    xs, ys = [x for _, x, _ in pairs], [y for _, _, y in pairs]
    r = correlation(xs, ys) if len(pairs) >= FEWEST_PAIRS else None
    if r is None:
        return found
    alike = (autocorrelation(xs) or 0.0) * (autocorrelation(ys) or 0.0)
    worth = min(float(len(pairs)), len(pairs) * (1 - alike) / (1 + alike))
    found = found._replace(r=r, effective_n=worth)
    if worth <= 3 or abs(r) >= 1:
        return found
    middle, reach = atanh(r), Z95 / sqrt(worth - 3)
    return found._replace(low=tanh(middle - reach), high=tanh(middle + reach))


def _changes(values: Mapping[int, float]) -> dict[int, float]:
    """From each period's value to the next one's; none across a gap."""
    return {number: value - values[number - 1] for number, value in values.items() if number - 1 in values}


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's r; None where one of the series does not vary."""
    mean_x, mean_y = fsum(xs) / len(xs), fsum(ys) / len(ys)
    both = fsum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    spread = sqrt(fsum((x - mean_x) ** 2 for x in xs)) * sqrt(fsum((y - mean_y) ** 2 for y in ys))
    return max(-1.0, min(1.0, both / spread)) if spread else None


class Run(NamedTuple):
    """Points with a signal on one side, close to each other: the indexes of the first and the last."""

    first: int
    last: int
    signal: Signal
    """The first point's."""


def runs(signals: Sequence[Signal | None]) -> list[Run]:
    """The runs of a chart's signals, oldest first.

    A few points without a signal do not end a run: back where it was is a process after seven of them, what it takes
    for a shift.
    """
    found: list[Run] = []
    for i, signal in enumerate(signals):
        if signal is None:
            continue
        if found and i - found[-1].last <= ENDS_AFTER and found[-1].signal.side == signal.side:
            found[-1] = found[-1]._replace(last=i)
        else:
            found.append(Run(i, i, signal))
    return found

"""Parts of a change as they are shown: in steps of one size, so that what stands below each other adds up.

Each part rounded by itself would not: −319.4, −79.0 and +12.9 are −385.5, and −319 − 79 + 13 are −385.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, log10
from typing import NamedTuple

from kpitui.workspace.numbers import MINUS, Style, decimal, shortened_by

_DIGITS = 3
"""Of the largest amount, at least where its unit has as many."""
_USUAL_DECIMALS = {"percent": 1, "days": 1, "hours": 1, "ratio": 2, "score": 1}


class Steps(NamedTuple):
    """The step that amounts are rounded to, a power of ten, and how so many steps are written."""

    exponent: int
    scale: float
    letter: str
    """`k` where amounts are written in thousands."""
    style: Style

    @classmethod
    def of(cls, amounts: Iterable[float], style: Style) -> Steps:
        """For amounts that are shown together: three digits of the largest, or as many as are written of it in full;
        no more decimals than their unit has.

        A part of a percentage has one decimal more than its figure, and is written in percentage points.
        """
        sizes = [abs(amount) for amount in amounts]
        largest = max(sizes, default=0.0)
        decimals = style.decimals if style.decimals is not None else _USUAL_DECIMALS.get(style.unit)
        if decimals is not None:
            finest = -(decimals + 3 if style.unit == "percent" else decimals)
        else:
            finest = 0 if all(size == floor(size) for size in sizes) else -6
        digits = floor(log10(largest)) - _DIGITS + 1 if largest else finest
        scale, letter = (1.0, "") if style.unit == "percent" else shortened_by(largest)
        if style.unit != "percent":
            digits = min(digits, round(log10(scale)))
        return cls(max(finest, digits), scale, letter, style)

    @property
    def size(self) -> float:
        return 10.0**self.exponent

    def count(self, amount: float) -> int:
        """How many steps the amount is by itself."""
        return round(amount / self.size)

    def spread(self, parts: Sequence[float], total: int) -> list[int]:
        """Each part in steps, so that together they are so many.

        Each is rounded down, and what is lacking goes to those that lost most by it (Hamilton's method of largest
        remainders). A part of nothing stays nothing.
        """
        exact = [part / self.size for part in parts]
        counts = [floor(steps) for steps in exact]
        takers = sorted((i for i, part in enumerate(parts) if part), key=lambda i: counts[i] - exact[i])
        lacking = total - sum(counts)
        while lacking and takers:
            sign = 1 if lacking > 0 else -1
            for i in takers[::sign][: abs(lacking)]:
                counts[i] += sign
                lacking -= sign
        return counts

    def text(self, count: int) -> str:
        """So many steps, signed and with their unit: `−€319k`, `+2.61 pp`, `€0`."""
        if not count:
            return "0 pp" if self.style.unit == "percent" else self.style.with_unit("0")
        value = abs(count) * self.size
        sign = MINUS if count < 0 else "+"
        if self.style.unit == "percent":
            return f"{sign}{decimal(value * 100, max(0, -self.exponent - 2), self.style.locale)} pp"
        decimals = max(0, round(log10(self.scale)) - self.exponent)
        digits = decimal(value / self.scale, decimals, self.style.locale) + self.letter
        return sign + self.style.with_unit(digits)

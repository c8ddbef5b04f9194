"""What is worked out once for each of the periods that a chart is moved over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")

_FARTHEST = 1000
"""Periods between two stretches that are worked out, too, for the sake of one stretch."""


class ByNumber(Generic[_T]):
    """Values by the numbers of periods: those of a window in time are a slice, which ten years of days need."""

    def __init__(self, work_out: Callable[[int], _T]) -> None:
        self._work_out = work_out
        self._start = 0
        self._values: list[_T] = []

    def of(self, numbers: range) -> list[_T]:
        """The values of these numbers, which follow each other."""
        start, stop = self._start, self._start + len(self._values)
        if start == stop or numbers.start > stop + _FARTHEST or numbers.stop < start - _FARTHEST:
            self._start, self._values = numbers.start, []
            start = stop = numbers.start
        if numbers.start < start:
            self._values[:0] = map(self._work_out, range(numbers.start, start))
            self._start = numbers.start
        if numbers.stop > stop:
            self._values += map(self._work_out, range(stop, numbers.stop))
        return self._values[numbers.start - self._start : numbers.stop - self._start]

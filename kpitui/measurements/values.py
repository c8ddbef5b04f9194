"""What crosses from measurements to the rest: aggregated values by date, as plain lists.

No Polars here, so that a process that was handed these values never has to import it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import fsum

import msgspec

from kpitui.measurements.sight import Sight
from kpitui.problems import Problem
from kpitui.terms import Aggregate


class Series(msgspec.Struct, frozen=True):
    """One measure's values, one entry per period of its source's frequency that has a value.

    The four lists are equally long (`rows` may be empty where the aggregate is not `median`).
    """

    aggregate: Aggregate
    days: list[int]
    """Proleptic ordinals, ascending: the day itself, a week's fourth day, the first day of a month, quarter, year."""
    totals: list[float]
    """sum, mean: the sum of the rows; min, max: the extreme; first, last: the sum of that date's rows; else 0."""
    counts: list[int]
    """How many rows hold a value."""
    rows: list[list[float]] = []
    """median only: the values themselves."""
    lost: list[int] = []
    """Of event sources: days of which a value cannot be read, ascending. There, no entry does not mean none."""
    doubled: list[int] = []
    """Of `days`, those with a value that may be there twice, ascending."""

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Indexes [i, j) of the entries from ordinal `first` to ordinal `last`, both included."""
        return bisect_left(self.days, first), bisect_right(self.days, last)

    def seen(self, first: int, last: int) -> int:
        """How many entries there are from `first` to `last`."""
        i, j = self.span(first, last)
        return max(0, j - i)

    def may_be_doubled(self, first: int, last: int) -> bool:
        """Whether a value from `first` to `last` may be there twice."""
        return bisect_left(self.doubled, first) < bisect_right(self.doubled, last)

    def value(self, first: int, last: int) -> float | None:
        """The aggregate over the rows from `first` to `last`, None where there are none."""
        i, j = self.span(first, last)
        if i >= j:
            return None
        match self.aggregate:
            case "sum":
                return fsum(self.totals[i:j])
            case "count":
                return float(sum(self.counts[i:j]))
            case "mean":
                return fsum(self.totals[i:j]) / sum(self.counts[i:j])
            case "min":
                return min(self.totals[i:j])
            case "max":
                return max(self.totals[i:j])
            case "first":
                return self.totals[i]
            case "last":
                return self.totals[j - 1]
            case "median":
                from statistics import median  # 10 ms that few workspaces need

                return median(value for row in self.rows[i:j] for value in row)


class SourceRead(msgspec.Struct, frozen=True):
    """What was found of one source."""

    rows: int
    first: int | None
    """Ordinal of the oldest dated row of the source, whatever its values; None where there is none."""
    last: int | None
    """Ordinal of the newest."""
    files: tuple[str, ...]


class Told(msgspec.Struct, frozen=True, array_like=True):
    """What was found wrong, by file and kind, before it was put in order (findings.Findings)."""

    shown: list[Problem]
    counts: list[tuple[str, str, int]]
    hidden: list[tuple[str, str, Problem]]


class Ending(msgspec.Struct, frozen=True):
    """How a source's last file ended, and what has to be known to go on when rows are added to it."""

    names: tuple[str, ...]
    """Its header."""
    line: int
    """The number that the next line will have."""
    until: int
    """Ordinal of the latest unit of which any row speaks, also of one whose value is lost."""
    keys: list[str]
    """Long layout: the keys that are there."""
    texts: dict[str, list[str]]
    """Of the columns of `where`: the texts that are there, all that are looked for and some others."""
    told: Told


class SourceResult(msgspec.Struct, frozen=True):
    """Everything that was found of one source: what a cache keeps of it, and what `Measured` is composed of."""

    series: dict[str, Series]
    """By measure id; every measure of the source that is not spoiled."""
    read: SourceRead
    spoiled: dict[str, str]
    problems: list[Problem]
    files: tuple[str, ...]
    """What the source's `files` named when it was read, whether or not it could be."""
    ending: Ending | None = None
    """Where it was read in parts and its last file may grow."""
    absent: dict[str, str] = {}
    """Measure id → what of its definition is in no row, so that it has no figures yet."""


class Measured(msgspec.Struct, frozen=True):
    """Everything that was measured, aggregated by date."""

    series: dict[str, Series]
    """By measure id; a measure without any value has an empty series."""
    sources: dict[str, SourceRead]
    spoiled: dict[str, str]
    """Measure id → why none of its figures can be trusted. Such a measure has no series."""
    problems: list[Problem]
    sights: dict[str, Sight] = {}
    """By source: its files as they were found before they were read; empty where nobody looked."""


class Segmented(msgspec.Struct, frozen=True):
    """Measures broken down by the texts of a column."""

    series: dict[str, dict[str, Series]]
    """Text → measure id → series."""
    left_out: int = 0
    """How many texts there are beside these; they have the fewest rows."""

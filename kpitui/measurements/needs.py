"""What the measures of a source need of its files: which columns for what, and which rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kpitui.definitions.model import Measure, Source

Where = tuple[tuple[str, tuple[str, ...]], ...]
"""Columns and their admitted texts: OR within a column, AND across."""


class Needs(NamedTuple):
    """A source, and the measures that come from it."""

    source: Source
    measures: tuple[Measure, ...]

    @property
    def long(self) -> bool:
        """A row per measure and date, not a column per measure."""
        return self.source.layout == "long"

    @property
    def key_column(self) -> str:
        """Long layout: the column that says which measure a row is for."""
        return self.source.measure or ""

    def value_column(self, measure: Measure) -> str | None:
        """Where the measure's values stand; None where rows are counted."""
        return self.source.value if self.long else measure.column

    def columns_of(self, measure: Measure) -> set[str]:
        """The columns without which the measure has no figures."""
        needed = {self.source.date, self.source.recorded, self.value_column(measure)}
        if self.long:
            needed.add(self.key_column)
        needed |= {column for column, _ in measure.where}
        if self.source.recorded is not None and self.source.frequency != "event":
            needed.update(self.identity)  # without one, rows would give way to others than their own later ones
        return {column for column in needed if column is not None}

    @property
    def columns(self) -> set[str]:
        """All columns that are wanted of the files."""
        return {self.source.date, *self.source.segments}.union(*map(self.columns_of, self.measures))

    @property
    def value_columns(self) -> list[str]:
        """The columns that hold values, whatever is wanted of them."""
        return sorted({column for measure in self.measures if (column := self.value_column(measure)) is not None})

    @property
    def number_columns(self) -> list[str]:
        """The columns of which something else than a count is wanted."""
        numbers = {self.value_column(measure) for measure in self.measures if measure.aggregate != "count"}
        return [column for column in self.value_columns if column in numbers]

    def reading_numbers(self, column: str) -> list[Measure]:
        """The measures that need numbers in this column."""
        return [
            measure
            for measure in self.measures
            if measure.aggregate != "count" and self.value_column(measure) == column
        ]

    @property
    def keys(self) -> list[str]:
        """Long layout: the keys that some measure is for."""
        return sorted({measure.key or "" for measure in self.measures})

    @property
    def identity(self) -> list[str]:
        """What makes two rows of a date two values: segments, `where` columns, the key of a long file."""
        filtered = {column for measure in self.measures for column, _ in measure.where}
        return sorted({*self.source.segments, *filtered, *([self.key_column] if self.long else [])})

    @property
    def texts(self) -> dict[str, set[str]]:
        """By column: the texts that some measure's `where` admits."""
        found: dict[str, set[str]] = {}
        for measure in self.measures:
            for column, texts in measure.where:
                found.setdefault(column, set()).update(texts)
        return found

    def by_where(self, measures: Sequence[Measure]) -> Iterator[tuple[Where, list[Measure]]]:
        """These measures, those together that look at the same rows (in a long file: but for the key)."""
        for where in sorted({measure.where for measure in measures}):
            yield where, [measure for measure in measures if measure.where == where]

"""What periods hold of KPIs and measures: their figures and how much of them was measured, many periods at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from kpitui.analysis.coverage import Coverage
from kpitui.definitions.formula import evaluate, references
from kpitui.definitions.model import Definitions, Kpi, Source
from kpitui.measurements.values import Measured, Series
from kpitui.periods import Grain

_LARGEST = 1e290
"""Of a formula's figure, as of a measured one: sums and differences of many such are still numbers."""


class Cell(msgspec.Struct, frozen=True, gc=False):
    """A figure for a span of time, and how sure it is. There are many; they hold nothing that could hold them."""

    value: float | None
    coverage: float
    """Values that came ÷ values due, 0 to 1; of a formula, that of its least sure input."""
    usable: bool
    """There is a figure, and enough was measured to judge and compare it."""
    complete: bool
    elapsed: float
    """Values due so far ÷ values of the whole period, 0 to 1."""
    seen: int
    due: int
    doubled: bool = False
    """A value in it, of a formula in any of its inputs, may be there twice."""


NOTHING = Cell(None, 0.0, False, False, 0.0, 0, 0)


class Input(NamedTuple):
    """A measure as a formula's leaf sees it."""

    series: Series | None
    coverage: Coverage


class Cells:
    """The cells of a workspace on one as-of date, each worked out once.

    Periods are meant by their grain and number (`Calendar.nth`): a formula then needs neither dates nor ids.
    """

    def __init__(self, definitions: Definitions, measured: Measured, as_of: date) -> None:
        self._definitions = definitions
        self._measured = measured
        self._as_of = as_of
        self._references = {kpi.id: references(kpi.formula) for kpi in definitions.kpis.values() if kpi.formula}
        self._measures: dict[str, tuple[str, ...]] = {}
        self._inputs: dict[str, Input] = {}
        self._coverages: dict[tuple[str, int], list[Coverage]] = {}
        self._cells: dict[tuple[str, Grain, date], dict[int, Cell]] = {}

    def of(self, id: str, grain: Grain, numbers: Sequence[int], until: date) -> list[Cell]:  # noqa: A002
        """The figures of a KPI or measure for periods, of which what had ended by the day `until` is in them."""
        known = self._cells.setdefault((id, grain, until), {})
        missing = [number for number in numbers if number not in known]
        if missing:
            kpi = self._definitions.kpis.get(id)
            found = self._of_formula if kpi and kpi.formula else self._of_measure
            known.update(zip(missing, found(id, grain, missing, until), strict=True))
        return [known[number] for number in numbers]

    def _of_formula(self, kpi_id: str, grain: Grain, numbers: Sequence[int], until: date) -> list[Cell]:
        """From the cells of the inputs: a figure is as sure as its least sure input."""
        inputs = {
            (ref.id, ref.back): self.of(ref.id, grain, [number - ref.back for number in numbers], until)
            for ref in self._references[kpi_id]
        }
        formula = self._definitions.kpis[kpi_id].formula
        if formula is None or not inputs:
            return [NOTHING] * len(numbers)
        values = evaluate(formula, lambda id_, back: [cell.value for cell in inputs[id_, back]], len(numbers))
        # The share of a period that has elapsed is that of the period itself, not of one that `prev` names.
        now = [not back for _, back in inputs]
        enough = self._definitions.min_coverage
        found = []
        for value, cells in zip(values, zip(*inputs.values(), strict=True), strict=True):
            least = cells[0]
            complete, elapsed, doubled = True, 1.0, False
            for cell, is_now in zip(cells, now, strict=True):
                if cell.coverage < least.coverage:
                    least = cell
                if not cell.complete:
                    complete = False
                if cell.doubled:
                    doubled = True
                if is_now and cell.elapsed < elapsed:
                    elapsed = cell.elapsed
            if value is not None and abs(value) > _LARGEST:
                value = None
            coverage = least.coverage
            usable = value is not None and coverage >= enough
            found.append(Cell(value, coverage, usable, complete, elapsed, least.seen, least.due, doubled))
        return found

    def _of_measure(self, measure_id: str, grain: Grain, numbers: Sequence[int], until: date) -> list[Cell]:
        series, coverage = self.input(measure_id)
        if series is None:
            return [NOTHING] * len(numbers)
        adds_up = series.aggregate in ("sum", "count")
        enough = self._definitions.min_coverage
        whole = 1.0 if adds_up else enough
        # Between events, nothing is none.
        without_rows = 0.0 if adds_up and coverage.covered is not None else None
        value_between = series.value
        found = []
        for window in coverage.windows(grain, numbers, until):
            if window is None:
                found.append(NOTHING)
                continue
            first, last, seen, owed, share, elapsed = window
            value = value_between(first, last)
            if value is None and seen:
                value = without_rows
            usable = value is not None and share >= enough
            doubled = bool(series.doubled) and series.may_be_doubled(first, last)
            found.append(Cell(value, share, usable, share >= whole, elapsed, seen, owed, doubled))
        return found

    def references(self, kpi: Kpi) -> list[tuple[str, int]]:
        """What the KPI's formula names, each with how many periods before."""
        return [(ref.id, ref.back) for ref in self._references.get(kpi.id, ())]

    def measures_of(self, id: str) -> tuple[str, ...]:  # noqa: A002
        """The measures that a KPI's figure is made of, in the order of its formula."""
        if id not in self._references:
            return (id,)
        if id not in self._measures:
            leaves = (leaf for ref in self._references[id] for leaf in self.measures_of(ref.id))
            self._measures[id] = tuple(dict.fromkeys(leaves))
        return self._measures[id]

    def coverages(self, kpi: Kpi) -> list[Coverage]:
        """Of the measures that the KPI's figure is made of, each once."""
        return list(dict.fromkeys(self.input(measure_id).coverage for measure_id in self.measures_of(kpi.id)))

    def input(self, measure_id: str) -> Input:
        found = self._inputs.get(measure_id)
        if found is None:
            series = self._measured.series.get(measure_id)
            found = self._inputs[measure_id] = Input(series, self._coverage(measure_id, series))
        return found

    def _coverage(self, measure_id: str, series: Series | None) -> Coverage:
        """One for all measures of a source that have values on the same days."""
        days, lost = (series.days, series.lost) if series else ([], [])
        source = self._definitions.sources.get(self._definitions.measures[measure_id].source)
        if source is None:
            kpi = self._definitions.kpis.get(measure_id)
            frequency = kpi.frequency if kpi else "monthly"
            return Coverage(self._definitions.calendar, frequency, 0, days, None, self._as_of)
        alike = self._coverages.setdefault((source.id, len(days)), [])
        for coverage in alike:
            if coverage.days == days and coverage.lost == lost:
                return coverage
        covered = self._covered(source)
        calendar, due_after = self._definitions.calendar, source.due_after or 0
        alike.append(Coverage(calendar, source.frequency, due_after, days, covered, self._as_of, lost))
        return alike[-1]

    def _covered(self, source: Source) -> tuple[int, int] | None:
        """Of an event source, the days of which it is known whether something happened."""
        read = self._measured.sources.get(source.id)
        if source.frequency != "event" or read is None or read.first is None or read.last is None:
            return None
        today = self._as_of.toordinal()
        reach = min(read.last, today)
        if source.due_after is not None:
            reach = max(reach, today - source.due_after)
        return read.first, reach

"""Rows of the sources → each measure's series by segment: a series for each text of one column."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

import msgspec
import polars as pl

from kpitui.definitions.model import Definitions, Measure, Source
from kpitui.measurements.aggregate import read_source_with
from kpitui.measurements.duplicates import Place
from kpitui.measurements.findings import Findings
from kpitui.measurements.plain import Plain
from kpitui.measurements.reading import Reading
from kpitui.measurements.rows import text
from kpitui.measurements.series import Part, gather
from kpitui.measurements.values import Segmented, Series

MOST = 60
"""Segments of a column that are looked at; of more, those with the most rows."""

GATHERED = 2 * MOST
"""Texts of one stretch of rows whose series are gathered: those with the most rows there."""


def read_segments(
    definitions: Definitions, root: Path, column: str, measures: Collection[str], *, known_at: date | None = None
) -> Segmented:
    """The series of these measures for each text of the column; their sources declare it as one of segments.

    What is wrong with the files is told where they are read as a whole, and not here again. `known_at`: only rows
    recorded by that day.
    """
    wanted = {id_: definitions.measures[id_] for id_ in measures}
    definitions = msgspec.structs.replace(definitions, measures=wanted)
    series: dict[str, dict[str, Series]] = defaultdict(dict)
    rows: Counter[str] = Counter()
    passed_over: set[str] = set()
    for source in {measure.source: definitions.sources[measure.source] for measure in wanted.values()}.values():

        def make(found: Sequence[Measure], findings: Findings, source: Source = source) -> _ByText:
            return _ByText(column, source, found, definitions, findings, known_at)

        reading = read_source_with(source.id, definitions, root, make)
        rows.update(reading.rows)
        passed_over |= reading.passed_over
        for name, own in reading.segments().items():
            series[name] |= own
    # Of a text that some rows were passed over the series would lack them: it is one of those that are left out.
    known = (name for name, _ in rows.most_common() if name not in passed_over)
    shown = list(islice(known, MOST))
    return Segmented({name: series[name] for name in shown}, len(rows) - len(shown))


class _ByText(Reading):
    """Checks rows like any reading, and gathers them apart by a column's texts."""

    def __init__(
        self,
        column: str,
        source: Source,
        measures: Sequence[Measure],
        definitions: Definitions,
        findings: Findings,
        known_at: date | None,
    ) -> None:
        super().__init__(source, measures, definitions, findings, known_at)
        self._column = column
        self.rows: Counter[str] = Counter()
        """Of each text, all of them."""
        self.passed_over: set[str] = set()
        """Texts with rows that were counted, and not gathered: in one of many thousands each would cost too much."""
        self._by_text: dict[str, dict[str, list[Part]]] = defaultdict(lambda: defaultdict(list))

    def take_plain(self, part: Plain, place: Place) -> bool:
        """No: what is reduced by date alone does not know its segment any more."""
        return False

    def _gather(self, rows: pl.DataFrame) -> None:
        counts = rows.group_by(text(self._column).alias("text")).len().sort("len", "text", descending=[True, False])
        for place, (name, count) in enumerate(counts.iter_rows()):
            self.rows[name] += count
            if place >= GATHERED:
                self.passed_over.add(name)
                continue
            own = rows.filter(text(self._column) == name)
            for id_, part in gather(own, self.needs, self._sound()).items():
                self._by_text[name][id_].append(part)

    def segments(self) -> dict[str, dict[str, Series]]:
        """What was gathered: text → measure id → series."""
        measures = {measure.id: measure for measure in self.needs.measures}
        return {
            name: {id_: self._series(measures[id_], parts) for id_, parts in by_measure.items()}
            for name, by_measure in self._by_text.items()
        }

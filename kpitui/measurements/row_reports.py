"""Problems of cells, row by row: where they stand, and where in the definitions the cure goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import polars as pl

from kpitui.definitions.model import Source
from kpitui.measurements.findings import Findings
from kpitui.measurements.intake import Table
from kpitui.problems import Level, Problem

Fault = tuple[str, str | None]
"""A message, and the hint."""


class RowReports:
    """Reports on rows of the tables that are looked at now."""

    def __init__(self, source: Source, findings: Findings) -> None:
        self.tables: Sequence[Table] = ()
        self._source = source
        self._findings = findings

    def report(
        self,
        kind: str,
        rows: pl.DataFrame,
        fault: Callable[[dict[str, Any]], Fault],
        column: str,
        level: Level = "problem",
    ) -> None:
        """Report the cell of this column in each of these rows."""
        for (index,), here in rows.sort("file", "line").group_by("file", maintain_order=True):
            table = self.tables[cast("int", index)]

            def describe(i: int, table: Table = table, here: pl.DataFrame = here) -> Problem:
                row = here.row(i, named=True)
                message, hint = fault(row)
                place = table.place(row["line"], table.columns[column])
                return Problem(table.file, message, *place, hint=hint, level=level)

            self._findings.add_all(kind, table.file, range(len(here)), describe)

    def cure(self, line: str | None) -> str | None:
        """Where the definition's line goes."""
        return line and f"{line} in [source.{self._source.id}]"

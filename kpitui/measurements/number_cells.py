"""A source's cells of numbers: which of them are none, which may be another number, and how to cure both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from kpitui.definitions.model import Source
from kpitui.measurements.cells import read_numbers
from kpitui.measurements.findings import has_digit, quoted, toml_string
from kpitui.measurements.needs import Needs
from kpitui.measurements.numbers import DECIMAL_COMMA, MAYBE_THOUSANDS, NOT_MISSING, Grammar
from kpitui.measurements.row_reports import Fault, RowReports
from kpitui.measurements.rows import asked, cell

_LONGEST_WORD = 20
"""Characters up to which a cell may be a word for "no value"."""


class CommaError(Exception):
    """Parts were taken before a later one showed that a column has decimal commas: all has to be read anew."""


class NumberCells:
    """How the source writes numbers, as declared and as found out."""

    def __init__(self, source: Source, needs: Needs, reports: RowReports) -> None:
        self.grammar = Grammar(source.decimal, source.thousands or None)
        self.commas: set[str] = set()
        """Columns of numbers with a decimal comma that nobody declared: there, a point may mark thousands."""
        self._source = source
        self._needs = needs
        self._reports = reports

    def read(self, texts: pl.LazyFrame, *, in_parts: bool) -> pl.DataFrame:
        """The rows with their numbers. Raises CommaError."""
        return self._without_doubtful_points(
            read_numbers(texts, self._needs.number_columns, self.grammar), in_parts=in_parts
        )

    def _without_doubtful_points(self, rows: pl.DataFrame, *, in_parts: bool) -> pl.DataFrame:
        """Where a cell of a column has a decimal comma that is not declared, `1.250` beside it is no number."""
        for column in self._needs.number_columns if self.grammar == Grammar() else ():
            bad = pl.lit(False)
            if f"bad {column}" in rows.columns:
                bad = pl.col(f"bad {column}")
                if rows.select((bad & cell(column).str.contains(DECIMAL_COMMA)).any()).item():
                    if in_parts and column not in self.commas:
                        self.commas.add(column)
                        raise CommaError
                    self.commas.add(column)
            if column in self.commas:
                doubtful = cell(column).str.contains(MAYBE_THOUSANDS).fill_null(False)
                number = pl.when(~doubtful).then(pl.col(f"number {column}"))
                rows = rows.with_columns(
                    number.alias(f"number {column}"), (bad | doubtful).fill_null(False).alias(f"bad {column}")
                )
        return rows

    def report_bad(self, rows: pl.DataFrame) -> None:
        """Report cells that are no numbers."""
        for column in self._needs.number_columns:
            if f"bad {column}" in rows.columns:
                bad = rows.filter(pl.col(f"bad {column}") & asked(self._needs, self._needs.reading_numbers(column)))
                self._reports.report("cells that are not numbers", bad, self._fault(column), column)

    def _fault(self, column: str) -> Callable[[dict[str, Any]], Fault]:
        def fault(row: dict[str, Any]) -> Fault:
            written = row[f"cell {column}"]
            if column in self.commas and self.grammar.read(written) is not None:
                message = f"{quoted(written)} may be thousands: other cells of the column have a decimal comma"
                return message, self._reports.cure('decimal = "," and thousands = "."')
            message, cure = self.grammar.fault(written)
            is_word = not has_digit(written) and len(written) <= _LONGEST_WORD
            if cure is None and is_word and not NOT_MISSING.fullmatch(written):
                words = dict.fromkeys([*self._source.missing, written])
                cure = f"missing = [{', '.join(map(toml_string, words))}]"
            return message, self._reports.cure(cure) or self.grammar.remedy(written)

        return fault

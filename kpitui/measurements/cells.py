"""Columns of texts → columns of numbers: at Polars' speed where a text is plain, else by the grammar."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpitui.measurements.numbers import EXACT, Grammar
from kpitui.measurements.rows import cell


def read_numbers(lazy: pl.LazyFrame, columns: Sequence[str], grammar: Grammar) -> pl.DataFrame:
    """The rows, now read, with a `number <column>` for each of these; null stays null.

    Columns in which a text is no number have a `bad <column>` too, true in those rows.
    """
    numbers = (_plain(column, grammar).alias(f"number {column}") for column in columns)
    rows = lazy.with_columns(numbers).collect(engine="in-memory")
    doubtful = rows.select(_doubtful(column).any().alias(column) for column in columns)
    for column in columns:
        if doubtful[column].item():
            rows = _read_slowly(rows, column, grammar)
    return rows


def _plain(column: str, grammar: Grammar) -> pl.Expr:
    """Polars' cast, which admits what the grammar does without thousands, and beside it only inf and nan."""
    written = cell(column)
    if grammar.decimal != ".":
        no_point = ~written.str.contains(".", literal=True)
        written = pl.when(no_point).then(written.str.replace(grammar.decimal, ".", literal=True))
    return written.cast(pl.Float64, strict=False)


def _doubtful(column: str) -> pl.Expr:
    """Where the cast gave nothing, or something that may not be what was written."""
    number = pl.col(f"number {column}")
    vanished = (number == 0) & (cell(column).str.len_bytes() > len("0.00"))  # 1e-400
    sure = (number.abs() < EXACT) & ~vanished  # inf and nan are not
    return cell(column).is_not_null() & ~sure.fill_null(False)


def _read_slowly(rows: pl.DataFrame, column: str, grammar: Grammar) -> pl.DataFrame:
    """Each distinct text of which the cast was not sure, by the grammar."""
    doubtful = _doubtful(column)
    texts = rows.filter(doubtful)[f"cell {column}"].unique().to_list()
    numbers = [grammar.read(text) for text in texts]
    read = cell(column).replace_strict(texts, numbers, default=None, return_dtype=pl.Float64)
    number = pl.when(doubtful).then(read).otherwise(pl.col(f"number {column}"))
    rows = rows.with_columns(number.alias(f"number {column}"))
    bad = cell(column).is_not_null() & pl.col(f"number {column}").is_null()
    return rows.with_columns(bad.alias(f"bad {column}")) if None in numbers else rows

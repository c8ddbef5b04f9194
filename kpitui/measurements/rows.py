"""The rows of a source's files in one frame, and the expressions that speak of its columns.

`file` is the index of the table, `line` the number of the line; `text <column>` is what stands in the file,
and `cell <column>` the same where it is a value, null where it means none. `day` is an ordinal, null where
the date cannot be read, and `unit` that of the source's period that holds it. The prefixes keep a file's own
column `day` apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from kpitui.definitions.model import Measure
from kpitui.measurements.intake import Table
from kpitui.measurements.needs import Needs, Where


def text(column: str) -> pl.Expr:
    """A column as the files have it."""
    return pl.col(f"text {column}")


def cell(column: str) -> pl.Expr:
    """A column of values: null where the text means none."""
    return pl.col(f"cell {column}")


def selected(where: Where) -> pl.Expr:
    """Rows that a measure's `where` admits."""
    return pl.all_horizontal(pl.lit(True), *(text(column).is_in(texts) for column, texts in where))


def asked(needs: Needs, measures: Sequence[Measure]) -> pl.Expr:
    """Rows at which one of these measures looks."""
    admitted = [
        selected(where) & text(needs.key_column).is_in(sorted({measure.key or "" for measure in looking}))
        if needs.long
        else selected(where)
        for where, looking in needs.by_where(measures)
    ]
    return pl.any_horizontal(pl.lit(False), *admitted)


def held(needs: Needs, measures: Sequence[Measure]) -> pl.Expr:
    """Rows that hold a value of one of these measures; a counted row is one."""
    columns = {needs.value_column(measure) for measure in measures}
    holders = {column: [m for m in measures if needs.value_column(m) == column] for column in columns}
    return pl.any_horizontal(
        pl.lit(False),
        *(
            asked(needs, looking) & (pl.lit(True) if column is None else cell(column).is_not_null())
            for column, looking in holders.items()
        ),
    )


Days = Callable[[list[str]], tuple[list[int | None], list[int | None]]]
"""Distinct texts of dates → for each its day and its unit, None where it is not a date."""


def assemble(tables: Sequence[Table], needs: Needs, days: Days) -> pl.LazyFrame:
    """The rows of all tables; a column that a table does not have is blank. A date is parsed once."""
    wanted = sorted(needs.columns)
    schema = {"file": pl.UInt32, "line": pl.UInt32, **{f"text {column}": pl.String for column in wanted}}
    parts = [pl.LazyFrame(schema=schema)] if not tables else []
    for index, table in enumerate(tables):
        texts = [_written(table, column, needs).alias(f"text {column}") for column in wanted]
        parts.append(table.frame.lazy().select(pl.lit(index, pl.UInt32).alias("file"), "line", *texts))
    rows = pl.concat(parts).collect(engine="in-memory")
    return dated(rows, needs, days).lazy().with_columns(valued(needs, needs.value_columns))


def _written(table: Table, column: str, needs: Needs) -> pl.Expr:
    if column not in table.columns:
        return pl.lit("")
    there = pl.col(str(table.columns[column])).str.strip_chars()
    if needs.source.decimal != "." and table.kinds and table.kinds.get(column) == "number":
        return there.str.replace(".", needs.source.decimal, literal=True)  # a number is one however it is written
    return there


def dated(rows: pl.DataFrame, needs: Needs, days: Days) -> pl.DataFrame:
    """With `day` and `unit`."""
    column = f"text {needs.source.date}"
    written = rows[column].unique().to_list()
    ordinals, units = days(written)
    read = {"day": ordinals} if ordinals == units else {"day": ordinals, "unit": units}
    rows = rows.with_columns(
        pl.col(column).replace_strict(written, to, default=None, return_dtype=pl.Int32).alias(name)
        for name, to in read.items()
    )
    return rows if "unit" in read else rows.with_columns(unit="day")


def valued(needs: Needs, columns: Sequence[str]) -> list[pl.Expr]:
    """The cells of these columns."""
    no_value = ["", *(word.strip() for word in needs.source.missing)]
    return [pl.when(~text(column).is_in(no_value)).then(text(column)).alias(f"cell {column}") for column in columns]

"""A Parquet file → tables of texts like those of a CSV file, so that every later check is the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from kpitui.measurements.contents import ChangedError, UnreadableError
from kpitui.measurements.files import reason
from kpitui.measurements.intake import Kind, Table
from kpitui.measurements.progress import at
from kpitui.problems import Problem

ROWS = 1 << 20
"""That are held at a time."""


def tables(root: Path, file: str, wanted: Collection[str], *, again: bool = False) -> Iterator[Table]:
    """The wanted columns, so many rows at a time; at least one table. A row's line is its number.

    Raises UnreadableError, and ChangedError at the end where the file has changed since the beginning.
    """
    path = root / file
    try:
        before = path.stat()
        scan = pl.scan_parquet(path.resolve(), glob=False, hive_partitioning=False)
        schema = scan.collect_schema()
        height = scan.select(pl.len()).collect().item()
        names = list(schema)
        kinds = {name: _kind(schema[name]) for name in wanted if name in schema}
        texts = [_text(name, schema[name]).alias(str(names.index(name))) for name in sorted(kinds)]
        for first in range(0, max(height, 1), ROWS):
            at(file, first / max(height, 1), again=again)
            rows = scan.slice(first, ROWS).select(texts).collect(engine="in-memory") if texts else pl.DataFrame()
            count = min(ROWS, height - first)
            lines = pl.Series("line", range(first + 1, first + count + 1), pl.UInt32)
            yield Table(
                file=file,
                delimiter="",
                header_line=None,
                columns={name: position for position, name in enumerate(names)},
                repeated=frozenset(),
                frame=pl.DataFrame([lines, *rows.get_columns()]),
                damaged=[],
                lines=None,
                spanning=False,
                kinds=kinds,
            )
        after = path.stat()
    except OSError as error:
        raise UnreadableError(Problem(file, f"the file cannot be read: {reason(error)}")) from error
    except PolarsError as error:
        raise UnreadableError(Problem(file, "this is not a Parquet file, or a damaged one")) from error
    if (before.st_ino, before.st_size, before.st_mtime_ns) != (after.st_ino, after.st_size, after.st_mtime_ns):
        raise ChangedError(Problem(file, "the file changed while it was read", hint="try again once it is written"))


def _kind(dtype: pl.DataType) -> Kind:
    if dtype == pl.Null:
        return "nothing"
    if dtype.is_numeric():
        return "whole" if dtype.is_integer() else "number"
    if dtype in (pl.Date, pl.Datetime):
        return "date"
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return "text"
    return "truth" if dtype == pl.Boolean else "other"


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    """The column as a CSV file would have it; null is blank."""
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        # The date on the clock of the column's own time zone.
        column = column.dt.strftime("%Y-%m-%dT%H:%M:%S")
    elif dtype == pl.Date:
        column = column.dt.strftime("%Y-%m-%d")
    elif _kind(dtype) == "other":
        return pl.lit("")
    return column.cast(pl.String).fill_null("")

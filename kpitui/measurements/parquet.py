"""A Parquet file → tables of texts like those of a CSV file, so that every later check is the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from kpitui.measurements.contents import UnreadableError, changed, most_unpacked, seen, unpacks_to_too_much
from kpitui.measurements.files import reason
from kpitui.measurements.footer import FormatError, footer
from kpitui.measurements.intake import Kind, Table
from kpitui.measurements.progress import at
from kpitui.problems import Problem

ROWS = 1 << 20
"""That are held at a time."""
_ROW = 8
"""Bytes as which a row counts at least: of equal ones, a few thousand bytes hold millions."""
_CURE = "write it as several smaller files"


def size(path: Path) -> int:
    """What the file comes to in memory, in bytes, roughly; 0 where it cannot be read. Raises OSError."""
    try:
        with path.open("rb") as opened:
            found = footer(opened)
    except FormatError:
        return 0
    return max(found.rows * _ROW, found.unpacked.total())


def tables(root: Path, file: str, wanted: Collection[str], *, again: bool = False) -> Iterator[Table]:
    """The wanted columns, so many rows at a time; at least one table. A row's line is its number.

    Raises UnreadableError, and ChangedError where the file has changed since the beginning.
    """
    path = root / file
    try:
        before = seen(path.stat())
        try:
            yield from _tables(path, file, wanted, again=again)
            damaged = False
        except (PolarsError, FormatError):
            damaged = True
        if seen(path.stat()) != before:
            raise changed(file)
    except OSError as error:
        raise UnreadableError(Problem(file, f"the file cannot be read: {reason(error)}")) from error
    if damaged:
        raise UnreadableError(Problem(file, "this is not a Parquet file, or a damaged one"))


def _tables(path: Path, file: str, wanted: Collection[str], *, again: bool) -> Iterator[Table]:
    left = most_unpacked(path.stat().st_size)
    with path.open("rb") as opened:
        found = footer(opened)
    if max(found.rows * _ROW, sum(found.unpacked[name] for name in wanted)) > left:
        raise unpacks_to_too_much(file, _CURE)
    scan = pl.scan_parquet(path.resolve(), glob=False, hive_partitioning=False)
    schema = scan.collect_schema()
    height = scan.select(pl.len()).collect().item()
    names = list(schema)
    kinds = {name: _kind(schema[name]) for name in wanted if name in schema}
    texts = [_text(name, schema[name]).alias(str(names.index(name))) for name in sorted(kinds)]
    for first in range(0, max(height, 1), ROWS):
        at(file, first / max(height, 1), again=again)
        rows = scan.slice(first, ROWS).select(texts).collect(engine="in-memory") if texts else pl.DataFrame()
        left -= int(sum(column.str.len_bytes().sum() for column in rows))
        if left < 0:  # long texts that many rows share are there but once until each row's is looked at
            raise unpacks_to_too_much(file, _CURE)
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

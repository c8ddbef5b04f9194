"""The rows of a part of a file in which nothing is doubtful, at the speed at which Polars reads it.

Whatever is not plain is left to `intake` and `cells`: there is nothing here that repairs or reports.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from polars.exceptions import ComputeError

from kpitui.measurements.cells import read_numbers
from kpitui.measurements.needs import Needs
from kpitui.measurements.numbers import EXACT, Grammar
from kpitui.measurements.rows import Days, dated, valued

_BLANKS = (b" ", b"\t", b"\v", b"\f")


def plain_rows(
    raw: bytes, names: Sequence[str], needs: Needs, delimiter: str, days: Days, grammar: Grammar
) -> pl.DataFrame | None:
    """The rows as `assemble` and `read_numbers` give them, without `file` and `line`; None where any is doubtful.

    The text has no quotes, and no line end but line feeds.
    """
    ascii_ = raw.isascii()
    positions = {name: names.index(name) for name in needs.columns if name in names}
    texts = {needs.source.date, needs.key_column, *needs.identity}
    direct = [name for name in needs.number_columns if name in positions and name not in texts]
    if grammar != Grammar() or any(map(_is_number, needs.source.missing)):
        direct = []
    rows = _read(raw, names, delimiter, direct)
    if rows is None and direct:
        direct = []
        rows = _read(raw, names, delimiter, direct)
    if rows is None:
        return None
    blanks = not ascii_ or any(blank in raw for blank in _BLANKS if blank != delimiter.encode())
    there = {
        name: pl.col(str(position)).str.strip_chars() if blanks else pl.col(str(position))
        for name, position in positions.items()
        if name not in direct
    }
    rows = rows.select(
        *(there.get(name, pl.lit("")).alias(f"text {name}") for name in sorted(needs.columns) if name not in direct),
        *(pl.col(str(positions[name])).alias(f"number {name}") for name in direct),
    )
    if not _are_sure(rows, direct, raw):
        return None
    rows = dated(rows, needs, days)
    if rows["day"].null_count():
        return None
    cells = [column for column in needs.value_columns if column not in direct]
    lazy = rows.lazy().with_columns(
        *valued(needs, cells), *(pl.col(f"number {column}").alias(f"cell {column}") for column in direct)
    )
    rows = read_numbers(lazy, [column for column in needs.number_columns if column not in direct], grammar)
    return None if any(f"bad {column}" in rows.columns for column in needs.number_columns) else rows


def _read(raw: bytes, names: Sequence[str], delimiter: str, direct: Sequence[str]) -> pl.DataFrame | None:
    """All columns, by position; None where a row is longer or shorter than the header, or a number is none."""
    schema = {str(position): pl.Float64() if name in direct else pl.String() for position, name in enumerate(names)}
    scan = pl.scan_csv(
        raw,
        has_header=False,
        schema=schema,
        separator=delimiter,
        quote_char=None,
        empty_string_is_null=False,
        glob=False,
    )
    try:
        rows = scan.collect(engine="streaming")  # without a projection, or else long rows go unseen
    except ComputeError:
        return None
    # Long rows were refused, so that a short one cannot be made up for. A blank line is a row to Polars.
    whole = raw.count(delimiter.encode()) == len(rows) * (len(names) - 1)
    return rows if whole and len(rows) == raw.count(b"\n") + (not raw.endswith(b"\n")) else None


def _are_sure(rows: pl.DataFrame, direct: Sequence[str], raw: bytes) -> bool:
    """Whether the numbers are what was written: none infinite, rounded, or vanished."""
    if not direct:
        return True
    numbers = [pl.col(f"number {column}") for column in direct]
    large, zero = rows.select(
        pl.any_horizontal(((number.abs() < EXACT).fill_null(True).not_()).any() for number in numbers).alias("large"),
        pl.any_horizontal((number == 0).any() for number in numbers).alias("zero"),
    ).row(0)
    return not large and not (zero and (b"e-" in raw or b"E-" in raw or b"0" * 99 in raw))


def _is_number(word: str) -> bool:
    return pl.Series([word]).str.strip_chars().cast(pl.Float64, strict=False).null_count() == 0

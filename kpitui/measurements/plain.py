"""The rows of a part of a file in which nothing is doubtful, at the speed at which Polars reads it.

Whatever is not plain is left to `intake` and `cells`: there is nothing here that repairs or reports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import polars as pl
from polars.exceptions import PolarsError

from kpitui.measurements.cells import read_numbers
from kpitui.measurements.duplicates import Identities, identify
from kpitui.measurements.needs import Needs
from kpitui.measurements.numbers import EXACT, Grammar
from kpitui.measurements.rows import Days, dated, text, valued
from kpitui.measurements.series import adds_up, group_by_text

_BLANKS = (b" ", b"\t", b"\v", b"\f")


class Plain(NamedTuple):
    """Rows of texts and, where Polars could read them at once, of numbers: `direct` names these columns."""

    rows: pl.DataFrame
    direct: list[str]
    needs: Needs
    groups: pl.DataFrame | None = None
    """What they say by date and key as they are written, if that is enough for all measures."""
    identities: Identities | None = None
    """Of the rows that are grouped and for some measure, if dates are written in ISO's form."""

    def dated(self, days: Days, grammar: Grammar) -> pl.DataFrame | None:
        """The rows as `assemble` and `read_numbers` give them, without `file` and `line`; None where in doubt."""
        rows = dated(self.rows, self.needs, days)
        if rows["day"].null_count():
            return None
        cells = [column for column in self.needs.value_columns if column not in self.direct]
        lazy = _with_cells(rows, self.direct).lazy().with_columns(valued(self.needs, cells))
        left = [column for column in self.needs.number_columns if column not in self.direct]
        rows = read_numbers(lazy, left, grammar)
        return None if any(f"bad {column}" in rows.columns for column in left) else rows

    def grouped(self) -> Plain:
        """With groups and identities, where that is possible."""
        needs = self.needs
        at_once = all(column in self.direct for column in needs.value_columns)
        if not at_once or not all(map(adds_up, needs.measures)):
            return self
        groups = group_by_text(_with_cells(self.rows, self.direct), needs)
        if needs.source.frequency == "event" or not len(groups):
            return self._replace(groups=groups)
        rows = self.rows
        if needs.long and not groups[f"text {needs.key_column}"].is_in(needs.keys).all():
            rows = rows.filter(text(needs.key_column).is_in(needs.keys))
        dates = groups[f"text {needs.source.date}"]
        return self._replace(groups=groups, identities=identify(rows, dates.name, dates.min(), dates.max(), needs))


def unquoted(raw: bytes, delimiter: str) -> bytes | None:
    """The text without its quotes, None where one of them does more than stand around a field of one line."""
    if b'"' not in raw:
        return raw
    return None if b'"' in _quoted_field(delimiter).sub(b"", raw) else raw.replace(b'"', b"")


@cache
def _quoted_field(delimiter: str) -> re.Pattern[bytes]:
    mark = re.escape(delimiter.encode())
    # It begins with the quote itself, which is found fast, and then looks back.
    return re.compile(rb'"(?<![^%b\n]")[^"%b\n]*+"(?![^%b\n])' % (mark, mark, mark))


def plain(raw: bytes, names: Sequence[str], needs: Needs, delimiter: str, grammar: Grammar) -> Plain | None:
    """The rows of the text, None where any is doubtful.

    The text has no quotes, and no line end but line feeds.
    """
    positions = {name: names.index(name) for name in needs.columns if name in names}
    texts = {needs.source.date, needs.key_column, *needs.identity}
    direct = [name for name in needs.number_columns if name in positions and name not in texts]
    if grammar != Grammar() or any(map(_is_number, needs.source.missing)):
        direct = []
    rows = _read(raw, names, delimiter, direct)
    if rows is None and direct:
        direct = []
        rows = _read(raw, names, delimiter, direct)
    if rows is None or _may_be_short(rows, raw, delimiter):
        return None
    blanks = not raw.isascii() or any(blank in raw for blank in _BLANKS if blank != delimiter.encode())
    there = {
        name: pl.col(str(position)).str.strip_chars() if blanks else pl.col(str(position))
        for name, position in positions.items()
        if name not in direct
    }
    rows = rows.select(
        *(there.get(name, pl.lit("")).alias(f"text {name}") for name in sorted(needs.columns) if name not in direct),
        *(pl.col(str(positions[name])).alias(f"number {name}") for name in direct),
    ).rechunk()
    return Plain(rows, direct, needs).grouped() if _are_sure(rows, direct, raw) else None


def _with_cells(rows: pl.DataFrame, direct: Sequence[str]) -> pl.DataFrame:
    return rows.with_columns(pl.col(f"number {column}").alias(f"cell {column}") for column in direct)


def _may_be_short(rows: pl.DataFrame, raw: bytes, delimiter: str) -> bool:
    """Whether a row may have fewer fields than the header. A blank line is a row to Polars, too.

    What is missing at its end comes as blank. Long rows were refused, so that they cannot make up for a short one.
    """
    last = rows.to_series(rows.width - 1)
    blank = last.null_count() > 0 if last.dtype == pl.Float64 else bool((last == "").any())
    return blank and raw.count(delimiter.encode()) != len(rows) * (rows.width - 1)


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
        return scan.collect(engine="in-memory")  # without a projection, or else long rows go unseen
    except PolarsError:
        return None


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

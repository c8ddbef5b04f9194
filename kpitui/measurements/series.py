"""Rows of one source → each measure's series, one entry per period of the source's frequency."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, groupby
from math import fsum
from typing import Any

import polars as pl

from kpitui.definitions.model import Measure
from kpitui.measurements.needs import Needs
from kpitui.measurements.rows import cell, selected
from kpitui.measurements.values import Series
from kpitui.terms import Aggregate

Unit = int
"""The ordinal that stands for a period of the source's frequency (`Series.days`)."""
_EXACT_TERMS = 2
"""The float sum of two numbers is as near to the true one as can be, whatever their order."""


def gather(
    rows: pl.DataFrame, needs: Needs, measures: Sequence[Measure], lost: dict[str, set[Unit]]
) -> dict[str, Series]:
    """The series of these measures from dated rows with numbers.

    A unit with a cell of the measure that is no number, or with a value known to be `lost`, has no entry.
    """
    result: dict[str, Series] = {}
    for where, looking in needs.by_where(measures):
        by = [f"text {needs.key_column}", "unit"] if needs.long else ["unit"]
        wanted = sorted({(needs.value_column(measure), measure.aggregate) for measure in looking}, key=str)
        per_unit = {name: e for column, how in wanted for name, e in _per_unit(column, how, rows.columns).items()}
        units = rows.lazy().filter(selected(where)).group_by(by).agg(**per_unit).sort(by)
        found = units.collect(engine="in-memory").to_dict(as_series=False)
        parts = _stretches(found[by[0]]) if needs.long else {}
        for measure in looking:
            part = parts.get(measure.key, slice(0)) if needs.long else slice(None)
            own = {name: values[part] for name, values in found.items()}
            result[measure.id] = _series(measure.aggregate, needs.value_column(measure), own, lost[measure.id])
    return result


def _per_unit(column: str | None, aggregate: Aggregate, known: Sequence[str]) -> dict[str, pl.Expr]:
    """What Python gets of each unit: how many values, their total, whether a cell was no number."""
    if aggregate == "count":
        return {f"rows {column}": pl.len() if column is None else cell(column).count()}
    number = pl.col(f"number {column}")
    found = {f"values {column}": number.count()}
    if f"bad {column}" in known:
        found[f"bad {column}"] = pl.col(f"bad {column}").any()
    total = f"{aggregate} {column}"
    match aggregate:
        case "min":
            return found | {total: number.min()}
        case "max":
            return found | {total: number.max()}
        case "median":
            return found | {total: number.drop_nulls().sort().implode()}
        case "first" | "last":
            dates = pl.col("day").filter(number.is_not_null())
            number = number.filter(pl.col("day") == (dates.min() if aggregate == "first" else dates.max()))
    terms = number.drop_nulls()
    many = pl.when(terms.len() > _EXACT_TERMS).then(terms.implode())
    return found | {total: terms.sum(), f"{total} terms": many}


def _series(aggregate: Aggregate, column: str | None, found: dict[str, list[Any]], lost: set[Unit]) -> Series:
    """From the parallel lists of `_per_unit`, oldest first."""
    units = found["unit"]
    counts = found[f"{'rows' if aggregate == 'count' else 'values'} {column}"]
    totals = [0.0] * len(units) if aggregate == "count" else found[f"{aggregate} {column}"]
    if (terms := found.get(f"{aggregate} {column} terms")) is not None:
        totals = [total if many is None else fsum(many) for total, many in zip(totals, terms, strict=True)]
    bad = found.get(f"bad {column}", []) if aggregate != "count" else []
    lost = lost.union(compress(units, bad))
    sound = [bool(count) and unit not in lost for unit, count in zip(units, counts, strict=True)]
    units, counts, totals = (list(compress(values, sound)) for values in (units, counts, totals))
    if aggregate == "median":
        return Series(aggregate, units, [0.0] * len(units), counts, rows=totals)
    return Series(aggregate, units, totals, counts)


def _stretches(keys: list[str]) -> dict[str | None, slice]:
    """Where each key stands in a sorted list of them."""
    parts: dict[str | None, slice] = {}
    start = 0
    for key, run in groupby(keys):
        end = start + sum(1 for _ in run)
        parts[key] = slice(start, end)
        start = end
    return parts

"""Rows of one source → each measure's series, one entry per period of the source's frequency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import chain, compress, groupby
from math import frexp, fsum
from operator import add
from typing import Any, NamedTuple, cast

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
_MANY = 100_000
"""Rows from which sums are not left to Python's `fsum`."""
_SHORT_RUN = 4
"""Rows. Where fewer stand together on average it does not pay to add them up first."""


class Part(NamedTuple):
    """What some rows of a source say of one measure: parallel lists, by unit, oldest first."""

    units: list[Unit]
    totals: list[Any]
    """As `Series.totals`; for medians the values themselves."""
    counts: list[int]
    days: list[int]
    """first, last: the date whose rows were summed."""
    bad: list[Unit]
    """Units with a cell that is no number."""


def gather(rows: pl.DataFrame, needs: Needs, measures: Sequence[Measure]) -> dict[str, Part]:
    """What dated rows with numbers say of these measures."""
    result: dict[str, Part] = {}
    for where, looking in needs.by_where(measures):
        by = [f"text {needs.key_column}", "unit"] if needs.long else ["unit"]
        admitted = rows.lazy().filter(selected(where)) if where else rows.lazy()
        found = _all_per_unit(rows, needs, looking, many=len(rows) > _MANY)
        units = admitted.group_by(by).agg(**found).collect(engine="in-memory")
        result |= _parts(units, needs, looking)
    return result


def group_by_text(rows: pl.DataFrame, needs: Needs) -> pl.DataFrame:
    """What the rows say by date and key as they are written, for a few dates are read faster than all of them.

    For measures that `adds_up`. How many rows there are is in `all`.
    """
    by = [f"text {needs.source.date}", *([f"text {needs.key_column}"] if needs.long else [])]
    begins = pl.any_horizontal(pl.col(column).ne_missing(pl.col(column).shift()) for column in by)
    lazy = rows.with_columns(run=begins.cum_sum().set_sorted()).lazy()
    found = {"all": pl.len(), **_all_per_unit(rows, needs, needs.measures, many=True)}
    runs = lazy.select(pl.col("run").last()).collect(engine="in-memory").item() or 0
    if runs * _SHORT_RUN <= len(rows):
        # Rows of one date and key that stand together are added up first: no table of texts is needed for that.
        lazy = lazy.group_by("run").agg(pl.col(by).first(), **found)
        found = {name: _again(name) for name in found}
    totals = [name.removesuffix(" rest") for name in found if name.endswith(" rest")]
    whole = {total: pl.col(f"{total} leading") + pl.col(f"{total} rest") for total in totals}
    parts = [f"{total} {part}" for total in totals for part in ("leading", "rest")]
    return lazy.group_by(by).agg(**found).with_columns(**whole).drop(parts).collect(engine="in-memory")


def gather_groups(groups: Sequence[pl.DataFrame], needs: Needs, measures: Sequence[Measure]) -> dict[str, Part]:
    """What dated groups of rows, of any number of parts, say of these measures."""
    rows = pl.concat(groups)
    by = [f"text {needs.key_column}", "unit"] if needs.long else ["unit"]
    found: dict[str, pl.Expr] = {}
    for name in rows.columns:
        if name.startswith(("sum ", "mean ")):
            found |= _total_exactly(name, pl.col(name))
        elif name.startswith(("rows ", "values ", "min ", "max ")):
            found[name] = _again(name)
    return _parts(rows.lazy().group_by(by).agg(**found).collect(engine="in-memory"), needs, measures)


def _again(name: str) -> pl.Expr:
    """What groups of groups say by this name."""
    column = pl.col(name)
    return column.min() if name.startswith("min ") else column.max() if name.startswith("max ") else column.sum()


def adds_up(measure: Measure) -> bool:
    """Whether what groups of rows say of the measure is all that is needed of them."""
    return not measure.where and measure.aggregate in ("sum", "count", "mean", "min", "max")


def _parts(groups: pl.DataFrame, needs: Needs, measures: Sequence[Measure]) -> dict[str, Part]:
    by = [f"text {needs.key_column}", "unit"] if needs.long else ["unit"]
    found = groups.sort(by).to_dict(as_series=False)
    parts = _stretches(found[by[0]]) if needs.long else {}
    result = {}
    for measure in measures:
        part = parts.get(measure.key, slice(0)) if needs.long else slice(None)
        own = {name: values[part] for name, values in found.items()}
        result[measure.id] = _part(measure.aggregate, needs.value_column(measure), own)
    return result


def combine(aggregate: Aggregate, parts: Sequence[Part], lost: Collection[Unit]) -> Series:
    """The series that the parts make together, without the units of which a value is lost."""
    units, totals, counts = _joined(aggregate, parts) if len(parts) != 1 else parts[0][:3]
    if lost or not all(counts):
        sound = [bool(count) and unit not in lost for unit, count in zip(units, counts, strict=True)]
        units, totals, counts = (list(compress(values, sound)) for values in (units, totals, counts))
    if aggregate == "median":
        return Series(aggregate, units, [0.0] * len(units), counts, rows=totals)
    return Series(aggregate, units, totals, counts)


def _joined(aggregate: Aggregate, parts: Sequence[Part]) -> tuple[list[Unit], list[Any], list[int]]:
    """Units, totals and counts of all parts as of one."""
    counted = list(chain.from_iterable(part.counts for part in parts))
    units = list(compress(chain.from_iterable(part.units for part in parts), counted))
    totals = list(compress(chain.from_iterable(part.totals for part in parts), counted))
    counts = list(compress(counted, counted))
    place = dict(zip(units, range(len(units)), strict=True))
    if len(place) < len(units):  # most units come whole: only the others are looked at one by one
        days = list(compress(chain.from_iterable(part.days or part.units for part in parts), counted))
        found: dict[Unit, list[int]] = defaultdict(list)
        for at, unit in enumerate(units):
            if place[unit] != at:
                found[unit].append(at)
        for unit, places in found.items():
            places.append(place[unit])
            totals[place[unit]] = _total(aggregate, [(totals[at], days[at]) for at in places])
            counts[place[unit]] = sum(counts[at] for at in places)
    if len(place) == len(units) and units == sorted(units):
        return units, totals, counts
    order = [place[unit] for unit in sorted(place)]
    return [units[at] for at in order], [totals[at] for at in order], [counts[at] for at in order]


def _total(aggregate: Aggregate, found: list[tuple[Any, int]]) -> Any:
    """Of a unit's totals, each with its day."""
    match aggregate:
        case "min":
            return min(total for total, _ in found)
        case "max":
            return max(total for total, _ in found)
        case "median":
            return sorted(value for values, _ in found for value in values)
        case "first" | "last":
            days = [day for _, day in found]
            day = min(days) if aggregate == "first" else max(days)
            return fsum(total for total, own in found if own == day)
    return fsum(total for total, _ in found)


def _all_per_unit(rows: pl.DataFrame, needs: Needs, measures: Sequence[Measure], *, many: bool) -> dict[str, pl.Expr]:
    found: dict[str, pl.Expr] = {}
    for column, how in sorted({(needs.value_column(measure), measure.aggregate) for measure in measures}, key=str):
        digits = _digits(rows[f"number {column}"]) if many and how in ("sum", "mean") else None
        found |= _per_unit(column, how, rows.columns, digits)
    return found


def _digits(numbers: pl.Series) -> dict[str, pl.Expr]:
    """Two numbers that make up each number: its leading 27 binary digits, and the rest.

    The first ones add up without rounding, for 2**26 of them fit into a float; the rests are so small that what
    is rounded there is nothing. Adding and taking away a large number leaves a multiple of its last digit.
    """
    largest = cast("float", numbers.abs().max() or 0.0)
    large = 1.5 * 2.0 ** (26 + frexp(largest)[1])
    number = pl.col(numbers.name)
    leading = (number + large) - large
    return {"leading": leading, "rest": number - leading}


def _per_unit(
    column: str | None, aggregate: Aggregate, known: Sequence[str], digits: dict[str, pl.Expr] | None
) -> dict[str, pl.Expr]:
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
            date = dates.min() if aggregate == "first" else dates.max()
            found[f"{total} day"] = date
            number = number.filter(pl.col("day") == date)
        case _ if digits is not None:
            return found | {f"{total} {name}": part.sum() for name, part in digits.items()}
    return found | _total_exactly(total, number)


def _total_exactly(name: str, numbers: pl.Expr) -> dict[str, pl.Expr]:
    """The sum of few numbers, or the numbers themselves, for Python to add up."""
    terms = numbers.drop_nulls()
    several = pl.when(terms.len() > _EXACT_TERMS).then(terms.implode())
    return {name: terms.sum(), f"{name} terms": several}


def _part(aggregate: Aggregate, column: str | None, found: dict[str, list[Any]]) -> Part:
    """From the parallel lists of `_per_unit`."""
    units = found["unit"]
    if aggregate == "count":
        return Part(units, [0.0] * len(units), found[f"rows {column}"], [], [])
    total = f"{aggregate} {column}"
    if f"{total} rest" in found:
        totals = list(map(add, found[f"{total} leading"], found[f"{total} rest"]))
    elif (terms := found.get(f"{total} terms")) is not None:
        plain = found[total]
        totals = [one if many is None else fsum(many) for one, many in zip(plain, terms, strict=True)]
    else:
        totals = found.get(total, [])
    bad = list(compress(units, found.get(f"bad {column}", [])))
    return Part(units, totals, found[f"values {column}"], found.get(f"{total} day", []), bad)


def _stretches(keys: list[str]) -> dict[str | None, slice]:
    """Where each key stands in a sorted list of them."""
    parts: dict[str | None, slice] = {}
    start = 0
    for key, run in groupby(keys):
        end = start + len(list(run))
        parts[key] = slice(start, end)
        start = end
    return parts

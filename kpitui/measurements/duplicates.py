"""Values that may be there twice: rows of one date that agree in all by which rows are told apart.

Where a source comes in parts, a hash stands for each row; only parts that hold a hash that came more than once are
looked at again, for the lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import polars as pl

from kpitui.measurements.findings import Findings, quoted
from kpitui.measurements.needs import Needs
from kpitui.measurements.rows import asked, cell, selected, text
from kpitui.periods import Grain
from kpitui.problems import Problem
from kpitui.terms import FREQUENCY_GRAIN

Place = tuple[int, int]
"""Which of a source's files, and which part of it."""
_EPOCH = date(1970, 1, 1).toordinal()
_HASHES = pl.Series("identity", [], pl.UInt64)


class Identities(NamedTuple):
    """Of the rows of a part: hashes of what makes each a value of its own."""

    all: pl.Series
    repeated: pl.Series
    """Those that several of the rows have."""
    edges: pl.Series
    """Of the rows of its first and its last unit, each once."""


class _Part(NamedTuple):
    place: Place
    identities: Identities
    units: frozenset[int]


def iso(days: pl.Series) -> pl.Series:
    """Ordinals as ISO writes the dates."""
    return (days.cast(pl.Int32) - _EPOCH).cast(pl.Date).cast(pl.String)


def identify(rows: pl.DataFrame, dates: str, first: Any, last: Any, needs: Needs) -> Identities:
    """Of these rows, whose column `dates` holds texts in ISO's form from `first` to `last`."""
    hashes = _hashes(rows, dates, needs)
    repeated = _HASHES
    if hashes.n_unique() != len(hashes):
        repeated = hashes.filter(hashes.is_duplicated()).unique()
    edges = hashes.filter((rows[dates] == first) | (rows[dates] == last))
    return Identities(hashes, repeated, edges.unique() if len(repeated) else edges)


def _hashes(rows: pl.DataFrame, dates: str, needs: Needs) -> pl.Series:
    return rows.select(dates, *(f"text {column}" for column in needs.identity)).hash_rows().alias("identity")


class Duplicates:
    """Of one source: noted part by part, or looked for in all rows together."""

    def __init__(self, needs: Needs, findings: Findings) -> None:
        self._needs = needs
        self._findings = findings
        self._parts: list[_Part] = []
        self._suspects = _HASHES
        """Hashes that came more than once."""
        self._repeated: list[pl.DataFrame] = []
        """The rows that have them."""
        self.units: dict[str, set[int]] = {}
        """Measure id → units with a value that may be there twice."""

    def note(self, place: Place, identities: Identities, units: pl.Series) -> None:
        """Keep what tells whether a value of this part comes again; `units` holds each of its units at least once."""
        self._parts.append(_Part(place, identities, frozenset(units.unique().to_list())))

    def note_rows(self, place: Place, rows: pl.DataFrame) -> None:
        """The same of dated rows."""
        if not len(rows):
            return
        written = iso(rows["unit"]).alias("iso")
        identities = identify(rows.with_columns(written), "iso", written.min(), written.max(), self._needs)
        self.note(place, identities, rows["unit"])

    def places(self) -> set[Place]:
        """The parts with values that may be there twice: they have to be looked at again."""
        parts = Counter(unit for part in self._parts for unit in part.units)
        # In a file that is sorted by date two parts share a unit at most.
        sorted_by_unit = all(
            parts[unit] == 1 or unit in (min(part.units), max(part.units))
            for part in self._parts
            for unit in part.units
        )
        across = [
            part.identities.edges
            if sorted_by_unit
            else part.identities.all.unique()
            if len(part.identities.repeated)
            else part.identities.all
            for part in self._parts
        ]
        repeated = [_HASHES, *(part.identities.repeated for part in self._parts)]
        if across and (every := pl.concat(across)).n_unique() != len(every):
            repeated.append(every.filter(every.is_duplicated()))
        self._suspects = pl.concat(repeated).unique()
        found = {
            part.place
            for part in self._parts
            if len(self._suspects) and part.identities.all.is_in(self._suspects.implode()).any()
        }
        self._parts.clear()
        return found

    def look_again(self, file_index: int, rows: pl.DataFrame) -> None:
        """Find the values of this part of a file, dated and with lines, that may be there twice."""
        rows = rows.with_columns(iso(rows["unit"]).alias("iso"), file=pl.lit(file_index, pl.UInt32))
        rows = rows.with_columns(_hashes(rows, "iso", self._needs))
        rows = rows.filter(pl.col("identity").is_in(self._suspects.implode()))
        self._repeated.append(self._counted(rows, ["identity"]))

    def report(self, files: Sequence[str]) -> None:
        """Report what was found by looking again."""
        if self._repeated:
            self._report(pl.concat(self._repeated), ["identity"], files)

    def report_all(self, rows: pl.DataFrame, files: Sequence[str]) -> None:
        """Report what of all rows of the source is there twice."""
        identity = ["unit", *(f"text {column}" for column in self._needs.identity)]
        if rows.select(identity).n_unique() != len(rows):
            repeated = rows.filter(pl.struct(identity).is_duplicated())
            self._report(self._counted(repeated, identity), identity, files)

    def _counted(self, rows: pl.DataFrame, identity: Sequence[str]) -> pl.DataFrame:
        """What of these rows duplicates are told by: whether they count for each column, and where they stand."""
        counted = [
            (cell(column).is_not_null() & asked(self._needs, self._needs.reading_numbers(column))).alias(
                f"counted {column}"
            )
            for column in self._needs.number_columns
        ]
        key = text(self._needs.key_column) if self._needs.long else pl.lit("")
        columns = dict.fromkeys(["file", "line", "day", "unit", *identity])
        admitted = [
            selected(where).alias(f"admitted {where}") for where, _ in self._needs.by_where(self._needs.measures)
        ]
        return rows.select(*columns, key.alias("key"), *counted, *admitted)

    def _report(self, rows: pl.DataFrame, identity: list[str], files: Sequence[str]) -> None:
        """One report per column, or key, with more than one value for a date and its segments."""
        for column in self._needs.number_columns:
            counted = rows.filter(pl.col(f"counted {column}"))
            twice = counted.filter(pl.struct(identity).is_duplicated()).sort("file", "line")
            self._mark(column, twice)
            groups: dict[str, list[pl.DataFrame]] = {}
            for _, group in twice.group_by("key", maintain_order=True):
                groups.setdefault(files[group["file"][0]], []).append(group)
            for file, here in groups.items():
                self._findings.add_all("duplicates", file, here, partial(self._describe, column, identity, files))

    def _mark(self, column: str, twice: pl.DataFrame) -> None:
        """Note the units in which measures of this column count one of these rows."""
        for where, looking in self._needs.by_where(self._needs.reading_numbers(column)):
            units: dict[str, set[int]] = {}
            for key, unit in twice.filter(pl.col(f"admitted {where}")).select("key", "unit").unique().iter_rows():
                units.setdefault(key, set()).add(unit)
            for measure in looking:
                found = units.get((measure.key or "") if self._needs.long else "", set())
                self.units.setdefault(measure.id, set()).update(found)

    def _describe(self, column: str, identity: list[str], files: Sequence[str], rows: pl.DataFrame) -> Problem:
        """Of the values in these rows, each of which is there more than once; the first two stand for all."""
        first = rows.row(0, named=True)
        same = pl.all_horizontal(pl.col(name) == first[name] for name in identity)
        second = rows.filter(same).row(1, named=True)
        extra = len(rows) - rows.select(identity).n_unique()
        what = first["key"] if self._needs.long else column
        one, other = files[first["file"]], files[second["file"]]
        again = f"line {second['line']}" if one == other else f"{other}:{second['line']}"
        day = date.fromordinal(first["day"]).isoformat()
        grain = FREQUENCY_GRAIN[self._needs.source.frequency]
        message = (
            f"possible duplicates: {extra} value{'s' * (extra != 1)} of {quoted(what)} for a "
            f"{'date' if grain is Grain.DAY else grain.word} that already has one, all counted; "
            f"first {day}, again in {again}"
        )
        hint = self._cure(grain, same_day=first["day"] == second["day"], same_file=one == other)
        return Problem(one, message, first["line"], hint=hint)

    def _cure(self, grain: Grain, *, same_day: bool, same_file: bool) -> str | None:
        """The frequency by which they would be no duplicates; rows of two files are rather a copy of one."""
        if not same_day:
            what_rows, frequency = "there is a value per day", "daily"
        elif same_file and grain is Grain.DAY and self._needs.source.recorded is None:
            what_rows, frequency = "each row is an event", "event"
        else:
            return None
        return f'if {what_rows}: frequency = "{frequency}" in [source.{self._needs.source.id}]'

"""One source's tables → its measures' series, and what had to be left out of them.

A bad cell costs its measure one value; a damaged row costs every measure one; a row that could belong to any
period costs each measure of which it holds a value all of them. What may be a wrong figure is no figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, NamedTuple, cast

import msgspec
import polars as pl

from kpitui.definitions.model import Definitions, Measure, Source
from kpitui.measurements.cells import read_numbers
from kpitui.measurements.dates import FIRST_YEAR, LAST_YEAR, Dates
from kpitui.measurements.findings import Findings, did_you_mean, has_digit, quoted, toml_string
from kpitui.measurements.intake import Record, Table
from kpitui.measurements.needs import Needs
from kpitui.measurements.numbers import Grammar
from kpitui.measurements.plain import Plain
from kpitui.measurements.rows import asked, assemble, cell, dated, held, text
from kpitui.measurements.series import Part, combine, gather, gather_groups
from kpitui.measurements.values import Series, SourceRead
from kpitui.periods import Grain
from kpitui.problems import Level, Problem
from kpitui.terms import FREQUENCY_GRAIN

_LONGEST_WORD = 20
"""Characters up to which a cell may be a word for "no value"."""
_DELIMITERS = frozenset(";\t|")
_EPOCH = date(1970, 1, 1).toordinal()
_REMEMBERED = 1_000_000
"""Texts of dates."""
_KINDS = {"text": "texts", "date": "dates", "number": "numbers", "truth": "true and false"}
_NO_NUMBERS = ("text", "date", "truth")
Fault = tuple[str, str | None]
"""A message, and the hint."""


def _repeated(_: dict[str, Any]) -> Fault:
    return "the header is repeated", None


class _Identities(NamedTuple):
    """Of the rows of a part: hashes of what makes each a value of its own."""

    all: pl.Series
    units: frozenset[int]
    edges: pl.Series
    """Of the rows of its first and its last unit, each once."""


def _iso(days: pl.Series) -> pl.Series:
    """Ordinals as ISO writes the dates."""
    return (days.cast(pl.Int32) - _EPOCH).cast(pl.Date).cast(pl.String)


class Reading:
    """A source, the measures that come from it, and what is found out about both.

    Small files are taken all together. Large ones come in parts, each reduced to what it says of each measure
    before the next is looked at; `finish` then needs a second look only if it finds values that may be there twice.
    """

    def __init__(
        self,
        source: Source,
        measures: Sequence[Measure],
        definitions: Definitions,
        findings: Findings,
        known_at: date | None = None,
    ) -> None:
        self.source = source
        self.needs = Needs(source, tuple(measures))
        self.grammar = Grammar(source.decimal, source.thousands or None)
        self.spoiled: dict[str, str] = {}
        """Measure id → why none of its figures can be trusted."""
        self._findings = findings
        self._kpis = definitions.kpis
        self._dates = Dates(source.date_format, FREQUENCY_GRAIN[source.frequency], definitions.calendar)
        self._known_at = known_at
        self._lost: dict[str, set[int]] = {measure.id: set() for measure in measures}
        """Measure id → units of which a value is known to be lost."""
        self._tables: list[Table] = []
        """Those that are looked at now."""
        self._days: dict[str, tuple[int | None, int | None]] = {}
        """What `days` found of each text."""
        self._parts: dict[str, list[Part]] = {measure.id: [] for measure in measures}
        self._found = SourceRead(0, None, None, ())
        self._keys: set[str] = set()
        """Long layout: the keys that are there."""
        self._first_file: str | None = None
        self._identities: list[_Identities] = []
        """Of each part."""
        self._repeated_in_parts: list[pl.Series] = []
        self._suspects = pl.Series("identity", [], pl.UInt64)
        """Hashes that came more than once."""
        self._repeated: list[pl.DataFrame] = []
        """The rows that have them."""

    def spoil(self, problem: Problem, measures: Iterable[Measure] | None = None) -> None:
        """Note why these measures, by default all of the source, have no figures that can be trusted."""
        for measure in self.needs.measures if measures is None else measures:
            self.spoiled.setdefault(measure.id, ": ".join(filter(None, (problem.place, problem.message))))

    def days(self, texts: list[str]) -> tuple[list[int | None], list[int | None]]:
        """The day and the unit of each of these dates, None where a text is none."""
        known = self._days
        if len(known) > _REMEMBERED:
            known.clear()
        for written in texts:
            if written not in known:
                day = self._dates.read(written)
                known[written] = (None, None) if day is None else (day.toordinal(), self._dates.unit(day))
        found = [known[written] for written in texts]
        return [day for day, _ in found], [unit for _, unit in found]

    def take(self, tables: Iterable[Table], *, all_of_it: bool = True) -> None:
        """Reduce these tables to what they say, in the order in which doubts are settled.

        `all_of_it` says that nothing else comes of the source; else headers were checked when their file began.
        """
        self._tables = [table for table in tables if not all_of_it or self._is_whole(table)]
        texts = assemble(self._tables, self.needs, self.days)
        rows = read_numbers(texts, self.needs.number_columns, self.grammar)
        self._count(rows["day"], rows["day"].count())
        self._lose_damaged_rows()
        rows = self._without_remarks(rows)
        if self.needs.long:
            rows = self._with_known_keys(rows)
        rows = self._without_undated(self._latest(rows))
        self._report_bad_cells(rows)
        if self.source.frequency != "event":
            if all_of_it:
                self._look_for_duplicates(rows)
            else:
                self._note_identities(rows)
        self._gather(rows)
        self._tables = []  # they hold all the files' text

    def take_plain(self, part: Plain) -> bool:
        """Reduce rows in which nothing is doubtful; False where there is a date that cannot be read."""
        if (groups := part.groups()) is not None:
            return self._take_groups(groups, part.rows)
        rows = part.dated(self.days, self.grammar)
        if rows is None:
            return False
        self._count(rows["day"], rows["day"].count())
        if self.needs.long:
            rows = self._with_known_keys(rows)
        if self.source.frequency != "event":
            self._note_identities(rows)
        self._gather(rows)
        return True

    def _take_groups(self, groups: pl.DataFrame, rows: pl.DataFrame) -> bool:
        groups = dated(groups, self.needs, self.days)
        if groups["day"].null_count():
            return False
        self._count(groups["day"], int(groups["all"].sum()))
        if self.needs.long:
            known = self._with_known_keys(groups)
            if len(known) < len(groups):
                rows = rows.filter(text(self.needs.key_column).is_in(self._wanted_keys()))
            groups = known
        if self.source.frequency != "event":
            written = groups[f"text {self.source.date}"]
            if (written == _iso(groups["unit"])).all():
                self._note_identities(rows, groups["unit"], f"text {self.source.date}")
            else:
                self._note_identities(dated(rows, self.needs, self.days))
        sound = [measure for measure in self.needs.measures if measure.id not in self.spoiled]
        for id_, part in gather_groups(groups, self.needs, sound).items():
            self._parts[id_].append(part)
        return True

    def may_repeat(self) -> bool:
        """Whether what came in parts holds values that may be there twice: it has to be looked at again."""
        parts = Counter(unit for part in self._identities for unit in part.units)
        # In a file that is sorted by date two parts share a unit at most.
        sorted_by_unit = all(
            parts[unit] == 1 or unit in (min(part.units), max(part.units))
            for part in self._identities
            for unit in part.units
        )
        across = [part.edges if sorted_by_unit else part.all.unique() for part in self._identities]
        self._identities.clear()
        repeated = [pl.Series("identity", [], pl.UInt64), *self._repeated_in_parts]
        if across and (every := pl.concat(across)).n_unique() != len(every):
            repeated.append(every.filter(every.is_duplicated()))
        self._suspects = pl.concat(repeated).unique()
        return len(self._suspects) > 0

    def _note_identities(
        self, rows: pl.DataFrame, units: pl.Series | None = None, iso_column: str | None = None
    ) -> None:
        """Keep what tells whether the same value comes again in another part, and look whether it does in this.

        Where the units' dates are written in ISO's form, `iso_column` names them, and `units` holds each at least once.
        """
        if units is None or iso_column is None:
            units, iso_column = rows["unit"], "iso"
            rows = rows.with_columns(_iso(units).alias("iso"))
        if not len(rows):
            return
        identity = self._identity(rows, iso_column)
        if identity.n_unique() != len(identity):
            self._repeated_in_parts.append(identity.filter(identity.is_duplicated()).unique())
        held = frozenset(units.unique().to_list())
        first, last = (date.fromordinal(unit).isoformat() for unit in (min(held), max(held)))
        at_edge = rows[iso_column].is_in([first, last])
        self._identities.append(_Identities(identity, held, identity.filter(at_edge).unique()))

    def look_again(self, file_index: int, table: Table) -> None:
        """Find the values of this part of a file that may be there twice."""
        self._tables = [table]
        rows = assemble(self._tables, self.needs, self.days).collect(engine="in-memory")
        rows = rows.filter(pl.col("day").is_not_null())
        if self.needs.long:
            rows = rows.filter(text(self.needs.key_column).is_in(self._wanted_keys()))
        rows = rows.with_columns(_iso(rows["unit"]).alias("iso"), file=pl.lit(file_index, pl.UInt32))
        rows = rows.with_columns(self._identity(rows, "iso"))
        rows = rows.filter(pl.col("identity").is_in(self._suspects.implode()))
        self._repeated.append(self._counted(rows, ["identity"]))
        self._tables = []

    def finish(self, files: Sequence[str]) -> tuple[SourceRead, dict[str, Series]]:
        """What was found of the source, and the series of its sound measures."""
        if self._repeated:
            self._report_duplicates(pl.concat(self._repeated), ["identity"], files)
        if self.needs.long and self._first_file is not None:
            self._report_absent_keys(self._first_file)
        series = {
            measure.id: combine(measure.aggregate, self._parts[measure.id], self._lost[measure.id])
            for measure in self.needs.measures
            if measure.id not in self.spoiled
        }
        return msgspec.structs.replace(self._found, files=tuple(files)), series

    # Files and rows as a whole

    def begins(self, table: Table) -> bool:
        """Report columns that are missing or there twice, and spoil what needs them; False without dates."""
        for column in sorted(self.needs.columns):
            if column in table.repeated:
                message, hint = f"there are two columns {quoted(column)}", None
            elif column not in table.columns:
                message, hint = f"there is no column {quoted(column)}", did_you_mean(column, table.columns)
            elif fault := self._kind_fault(table, column):
                message, hint = f"the column {quoted(column)} {fault}", None
            else:
                continue
            problem = Problem(table.file, message, table.header_line, hint=hint)
            self._findings.add("columns", problem)
            as_number = (table.kinds or {}).get(column) in _NO_NUMBERS and column != self.source.date
            self.spoil(
                problem,
                self._reading_numbers(column)
                if as_number
                else [measure for measure in self.needs.measures if column in self.needs.columns_of(measure)],
            )
        usable = self.source.date in table.columns and self.source.date not in table.repeated
        if usable and self._kind_fault(table, self.source.date) is None:
            self._first_file = self._first_file or table.file
            return True
        return False

    def _is_whole(self, table: Table) -> bool:
        if table.is_empty:
            self.has_no_rows(table.file, table.header_line)
        return self.begins(table)

    def has_no_rows(self, file: str, header_line: int | None) -> None:
        """Report a file that only begins."""
        message = "there are no rows" if header_line is None else "there are no rows below the header"
        self._findings.add("no rows", Problem(file, message, header_line, level="advice"))

    def _kind_fault(self, table: Table, column: str) -> str | None:
        """What a typed column holds, where it is not what it is wanted for."""
        kind = (table.kinds or {}).get(column)
        if kind == "other":
            return "holds lists, structures or bytes"
        if kind is None or kind == "nothing":
            return None
        if column == self.source.date and kind not in ("date", "text"):
            # Years and days such as 20260401 are written as integers; as texts they are checked like any other.
            return None if kind == "whole" else f"holds {_KINDS[kind]}, not dates"
        if self._reading_numbers(column) and kind in _NO_NUMBERS:
            return f"holds {_KINDS[kind]}, not numbers"
        return None

    def _count(self, days: pl.Series, count: int) -> None:
        first, last = cast("tuple[int | None, int | None]", (days.min(), days.max()))
        found = self._found
        self._found = SourceRead(
            found.rows + count,
            min((day for day in (found.first, first) if day is not None), default=None),
            max((day for day in (found.last, last) if day is not None), default=None),
            (),
        )

    def _gather(self, rows: pl.DataFrame) -> None:
        sound = [measure for measure in self.needs.measures if measure.id not in self.spoiled]
        for id_, part in gather(rows, self.needs, sound).items():
            self._parts[id_].append(part)

    def _lose_damaged_rows(self) -> None:
        """Report rows that are not what the header announces: their dates have no value."""
        for table in self._tables:
            position = table.columns[self.source.date]
            for record in table.damaged:
                self._lose(table.file, record, position)

    def _lose(self, file: str, record: Record, position: int) -> None:
        fields = [field.strip() for field in record.fields]
        written = fields[position] if position < len(fields) else ""
        day = self._dates.read(written)
        if day is None and _is_remark(fields, position) and not any(map(self._dates.read, fields)):
            message = f"{quoted(written)} is not a date: the row is left out"
            self._findings.add("remarks", Problem(file, message, record.line, level="advice"))
            return
        problem = Problem(file, record.fault or "", record.line)
        if day is None:
            problem = problem._replace(message=f"{record.fault}, and {self._dates.fault(written)}")
            self.spoil(problem)
        else:
            for lost in self._lost.values():
                lost.add(self._dates.unit(day))
        self._findings.add("damaged rows", problem)

    def _without_remarks(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Leave out, and say so, totals, footnotes and repeated headers: rows whose date has no digit."""
        if not rows["day"].null_count():
            return rows
        written = text(self.source.date)
        is_remark = pl.col("day").is_null() & (written != "") & ~written.str.contains(r"\d")
        remarks = rows.filter(is_remark)
        if not len(remarks):
            return rows
        is_header = written == self.source.date
        same = pl.all_horizontal(text(column).is_in([column, ""]) for column in self.needs.columns)
        self._report("remarks", remarks.filter(~is_header), self._remark, self.source.date, "advice")
        self._report("repeated headers", remarks.filter(is_header & same), _repeated, self.source.date, "advice")
        for row in remarks.filter(is_header & ~same).iter_rows(named=True):
            problem = Problem(self._tables[row["file"]].file, "here begins a header with other columns", row["line"])
            self._findings.add("headers", problem)
            self.spoil(problem)
        return rows.filter(~is_remark)

    def _remark(self, row: dict[str, Any]) -> Fault:
        return f"{quoted(row[f'text {self.source.date}'])} is not a date: the row is left out", None

    def _wanted_keys(self) -> list[str]:
        return sorted({measure.key or "" for measure in self.needs.measures})

    def _with_known_keys(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of a long file that are for some measure."""
        column = self.needs.key_column
        present = set(rows[f"text {column}"].unique().to_list())
        self._keys |= present
        wanted = self._wanted_keys()
        return rows if present.issubset(wanted) else rows.filter(text(column).is_in(wanted))

    def _report_absent_keys(self, file: str) -> None:
        """Report measures that no row of a long file is for."""
        for measure in self.needs.measures:
            if measure.key not in self._keys and measure.id not in self.spoiled:
                table = "kpi" if measure.id in self._kpis else "measure"
                key = measure.key or ""
                message = f"no row has {quoted(key)} in the column {quoted(self.needs.key_column)}"
                hint = did_you_mean(key, self._keys)
                self._findings.add("keys", Problem(file, message, key=f"{table}.{measure.id}.key", hint=hint))

    def _latest(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Of rows for the same thing those that were recorded last, of all that were known by then.

        Events are each a thing of its own. A row whose time of recording cannot be read never wins; where it is
        the only one, its date has no value, for it may be from any time.
        """
        if self.source.recorded is None:
            return rows
        column = f"text {self.source.recorded}"
        texts = rows[column].unique().to_list()
        moments = [self._moment(text) for text in texts]
        known = [moment and (self._known_at is None or moment[0] <= self._known_at) for moment in moments]
        rows = rows.with_columns(
            pl.col(column).replace_strict(texts, read, default=None, return_dtype=dtype).alias(name)
            for name, read, dtype in (
                ("recorded", [moment and moment[1] for moment in moments], pl.Float64()),
                ("known", [bool(one) for one in known], pl.Boolean()),
            )
        )
        unread = pl.col("recorded").is_null()
        without = [index for index, table in enumerate(self._tables) if self.source.recorded not in table.columns]
        strange = rows.filter(unread & held(self.needs, self.needs.measures) & ~pl.col("file").is_in(without))
        if len(strange):
            self._report("times of recording", strange, self._recorded_fault, self.source.recorded)
        if self.source.frequency == "event":
            self._lose_units(rows.filter(unread))
            return rows.filter(pl.col("known"))
        key = ("day", *(f"text {column}" for column in self.needs.identity))
        if len(strange):
            self._lose_units(rows.filter(unread & ~pl.col("known").any().over(key)))
        rows = rows.filter(pl.col("known"))
        return rows.filter(pl.col("day").is_null() | (pl.col("recorded") == pl.col("recorded").max().over(key)))

    def _moment(self, text: str) -> tuple[date, float] | None:
        """The day on which a row was recorded, and when, to compare; without a time zone it is universal time."""
        moment: datetime | None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            day = self._dates.read(text) if self._dates.grain is Grain.DAY and self._dates.date_format else None
            moment = datetime(day.year, day.month, day.day) if day else None  # noqa: DTZ001 - UTC is put in below
        if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
            return None
        at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.date(), at.timestamp()

    def _recorded_fault(self, row: dict[str, Any]) -> Fault:
        written = row[f"text {self.source.recorded}"]
        what = (
            f"{quoted(written)} does not say when the row was recorded" if written else "the time of recording is blank"
        )
        return f"{what}: no other row gives way to it", "write 2026-01-31 or 2026-01-31T09:30:00Z"

    def _lose_units(self, rows: pl.DataFrame) -> None:
        """Note that these rows' values are lost."""
        for measure in self.needs.measures:
            lost = rows.filter(held(self.needs, [measure]))["unit"].drop_nulls().unique().to_list()
            self._lost[measure.id].update(lost)

    def _without_undated(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Leave out rows whose date cannot be read; what they hold could belong to any period, and spoils."""
        if not rows["day"].null_count():
            return rows
        undated = rows.filter(pl.col("day").is_null()).sort("file", "line")
        column = f"text {self.source.date}"
        holds = held(self.needs, self.needs.measures)
        self._report(
            "undated rows without a value",
            undated.filter(~holds),
            lambda row: (f"{self._dates.fault(row[column])}: the row is left out, it has no value", None),
            self.source.date,
            "advice",
        )
        without = undated.filter(~holds)[column].unique().sort().to_list()
        undated = undated.filter(holds)
        # Another format than the declared one is no cure where the declared one reads the other rows.
        curable = self.source.date_format is None or len(undated) == len(rows)
        cure = self._cure(self._dates.cure(undated[column].unique().sort().to_list(), without)) if curable else None
        self._report("dates", undated, lambda row: (self._dates.fault(row[column]), cure), self.source.date)
        for measure in self.needs.measures:
            for row in undated.filter(held(self.needs, [measure])).head(1).to_dicts():
                message = f"{self._dates.fault(row[column])}, so its value may belong to any period"
                self.spoil(Problem(self._tables[row["file"]].file, message, row["line"]), [measure])
        return rows.filter(pl.col("day").is_not_null())

    # Cells

    def _report_bad_cells(self, rows: pl.DataFrame) -> None:
        for column in self.needs.number_columns:
            if f"bad {column}" in rows.columns:
                bad = rows.filter(pl.col(f"bad {column}") & asked(self.needs, self._reading_numbers(column)))
                self._report("cells that are not numbers", bad, self._number_fault(f"cell {column}"), column)

    def _reading_numbers(self, column: str) -> list[Measure]:
        """The measures that need numbers in this column."""
        return [
            measure
            for measure in self.needs.measures
            if measure.aggregate != "count" and self.needs.value_column(measure) == column
        ]

    def _number_fault(self, name: str) -> Callable[[dict[str, Any]], Fault]:
        def fault(row: dict[str, Any]) -> Fault:
            written = row[name]
            message, cure = self.grammar.fault(written)
            if cure is None and not has_digit(written) and len(written) <= _LONGEST_WORD:
                words = dict.fromkeys([*self.source.missing, written])
                cure = f"missing = [{', '.join(map(toml_string, words))}]"
            return message, self._cure(cure) or self.grammar.remedy(written)

        return fault

    def _identity(self, rows: pl.DataFrame, iso_column: str) -> pl.Series:
        """A hash per row of what makes it a value of its own."""
        identity = rows.select(iso_column, *(f"text {column}" for column in self.needs.identity))
        return identity.hash_rows().alias("identity")

    def _look_for_duplicates(self, rows: pl.DataFrame) -> None:
        identity = ["unit", *(f"text {column}" for column in self.needs.identity)]
        if rows.select(identity).n_unique() != len(rows):
            repeated = rows.filter(pl.struct(identity).is_duplicated())
            files = [table.file for table in self._tables]
            self._report_duplicates(self._counted(repeated, identity), identity, files)

    def _counted(self, rows: pl.DataFrame, identity: Sequence[str]) -> pl.DataFrame:
        """What of these rows duplicates are told by: whether they count for each column, and where they stand."""
        counted = [
            (cell(column).is_not_null() & asked(self.needs, self._reading_numbers(column))).alias(f"counted {column}")
            for column in self.needs.number_columns
        ]
        key = text(self.needs.key_column) if self.needs.long else pl.lit("")
        columns = dict.fromkeys(["file", "line", "day", *identity])
        return rows.select(*columns, key.alias("key"), *counted)

    def _report_duplicates(self, rows: pl.DataFrame, identity: list[str], files: Sequence[str]) -> None:
        """One report per column, or key, with more than one value for a date and its segments."""
        for column in self.needs.number_columns:
            counted = rows.filter(pl.col(f"counted {column}"))
            twice = counted.filter(pl.struct(identity).is_duplicated()).sort("file", "line")
            groups: dict[str, list[pl.DataFrame]] = {}
            for _, group in twice.group_by("key", maintain_order=True):
                groups.setdefault(files[group["file"][0]], []).append(group)
            for file, here in groups.items():
                self._findings.add_all("duplicates", file, here, partial(self._duplicate, column, identity, files))

    def _duplicate(self, column: str, identity: list[str], files: Sequence[str], rows: pl.DataFrame) -> Problem:
        """Of the values in these rows, each of which is there more than once; the first two stand for all."""
        first = rows.row(0, named=True)
        same = pl.all_horizontal(pl.col(name) == first[name] for name in identity)
        second = rows.filter(same).row(1, named=True)
        extra = len(rows) - rows.select(identity).n_unique()
        what = first["key"] if self.needs.long else column
        one, other = files[first["file"]], files[second["file"]]
        again = f"line {second['line']}" if one == other else f"{other}:{second['line']}"
        day = date.fromordinal(first["day"]).isoformat()
        grain = self._dates.grain
        message = (
            f"possible duplicates: {extra} value{'s' * (extra != 1)} of {quoted(what)} for a "
            f"{'date' if grain is Grain.DAY else grain.word} that already has one, all counted; "
            f"first {day}, again in {again}"
        )
        what_rows, frequency = (
            ("each row is an event", "event")
            if first["day"] == second["day"]
            else ("there is a value per day", "daily")
        )
        hint = f'if {what_rows}: frequency = "{frequency}" in [source.{self.source.id}]'
        return Problem(one, message, first["line"], hint=hint)

    # Reports

    def _report(
        self,
        kind: str,
        rows: pl.DataFrame,
        fault: Callable[[dict[str, Any]], Fault],
        column: str,
        level: Level = "problem",
    ) -> None:
        """Report the cell of this column in each of these rows."""
        for (index,), here in rows.sort("file", "line").group_by("file", maintain_order=True):
            table = self._tables[cast("int", index)]

            def describe(i: int, table: Table = table, here: pl.DataFrame = here) -> Problem:
                row = here.row(i, named=True)
                message, hint = fault(row)
                place = table.place(row["line"], table.columns[column])
                return Problem(table.file, message, *place, hint=hint, level=level)

            self._findings.add_all(kind, table.file, range(len(here)), describe)

    def _cure(self, line: str | None) -> str | None:
        """Where the definition's line goes."""
        return line and f"{line} in [source.{self.source.id}]"


def _is_remark(fields: list[str], position: int) -> bool:
    """Whether a row that does not fit the header is a total or a footnote, and no value is lost with it."""
    written = fields[position] if position < len(fields) else ""
    if written and not has_digit(written):
        return True
    others = [field for at, field in enumerate(fields) if at != position and field]
    is_prose = any(map(str.isalpha, written)) and _DELIMITERS.isdisjoint(written)
    return is_prose and not others

"""One source's tables → its measures' series, and what had to be left out of them.

A bad cell costs its measure one value; a damaged row costs every measure one; a row that could belong to any
period costs each measure of which it holds a value all of them. What may be a wrong figure is no figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any, cast

import polars as pl

from kpitui.definitions.model import Definitions, Measure, Source
from kpitui.measurements.cells import read_numbers
from kpitui.measurements.dates import Dates
from kpitui.measurements.findings import Findings, did_you_mean, has_digit, quoted, toml_string
from kpitui.measurements.intake import Record, Table
from kpitui.measurements.needs import Needs
from kpitui.measurements.numbers import Grammar
from kpitui.measurements.rows import asked, assemble, cell, held, text
from kpitui.measurements.series import gather
from kpitui.measurements.values import Series, SourceRead
from kpitui.problems import Level, Problem
from kpitui.terms import FREQUENCY_GRAIN

_LONGEST_WORD = 20
"""Characters up to which a cell may be a word for "no value"."""
_DELIMITERS = frozenset(";\t|")
Fault = tuple[str, str | None]
"""A message, and the hint."""


def _repeated(_: dict[str, Any]) -> Fault:
    return "the header is repeated", None


class Reading:
    """A source, the measures that come from it, and what is found out about both."""

    def __init__(
        self, source: Source, measures: Sequence[Measure], definitions: Definitions, findings: Findings
    ) -> None:
        self.source = source
        self.needs = Needs(source, tuple(measures))
        self.spoiled: dict[str, str] = {}
        """Measure id → why none of its figures can be trusted."""
        self._findings = findings
        self._kpis = definitions.kpis
        self._dates = Dates(source.date_format, FREQUENCY_GRAIN[source.frequency], definitions.calendar)
        self._grammar = Grammar(source.decimal, source.thousands or None)
        self._lost: dict[str, set[int]] = {measure.id: set() for measure in measures}
        """Measure id → units of which a value is known to be lost."""
        self._tables: list[Table] = []

    def spoil(self, problem: Problem, measures: Iterable[Measure] | None = None) -> None:
        """Note why these measures, by default all of the source, have no figures that can be trusted."""
        for measure in self.needs.measures if measures is None else measures:
            self.spoiled.setdefault(measure.id, ": ".join(filter(None, (problem.place, problem.message))))

    def read(self, tables: Iterable[Table], files: Sequence[str]) -> tuple[SourceRead, dict[str, Series]]:
        """What the tables hold, in the order in which doubts are settled; reports and spoils on the way."""
        self._tables = [table for table in tables if self._check_header(table)]
        texts = assemble(self._tables, self.needs, self._dates)
        rows = read_numbers(texts, self.needs.number_columns, self._grammar)
        found = _found(rows["day"], files)
        self._lose_damaged_rows()
        rows = self._without_remarks(rows)
        if self.needs.long:
            rows = self._with_known_keys(rows)
        rows = self._without_undated(self._latest(rows))
        self._report_bad_cells(rows)
        self._report_duplicates(rows)
        self._tables = []  # they hold all the files' text
        sound = [measure for measure in self.needs.measures if measure.id not in self.spoiled]
        return found, gather(rows, self.needs, sound, self._lost)

    # Files and rows as a whole

    def _check_header(self, table: Table) -> bool:
        """Report columns that are missing or there twice, and spoil what needs them; False without dates."""
        for column in sorted(self.needs.columns):
            if column in table.repeated:
                message, hint = f"there are two columns {quoted(column)}", None
            elif column not in table.columns:
                message, hint = f"there is no column {quoted(column)}", did_you_mean(column, table.columns)
            else:
                continue
            problem = Problem(table.file, message, table.header_line, hint=hint)
            self._findings.add("columns", problem)
            self.spoil(
                problem,
                [measure for measure in self.needs.measures if column in self.needs.columns_of(measure)],
            )
        if not len(table.frame) and not table.damaged:
            message = "there are no rows below the header"
            self._findings.add("no rows", Problem(table.file, message, table.header_line, level="advice"))
        return self.source.date in table.columns and self.source.date not in table.repeated

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

    def _with_known_keys(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of a long file that are for some measure; report measures that no row is for."""
        column = self.needs.key_column
        present = set(rows[f"text {column}"].unique().to_list())
        for measure in self.needs.measures:
            if measure.key not in present and measure.id not in self.spoiled and self._tables:
                table = "kpi" if measure.id in self._kpis else "measure"
                key = measure.key or ""
                message = f"no row has {quoted(key)} in the column {quoted(column)}"
                hint = did_you_mean(key, present)
                self._findings.add(
                    "keys", Problem(self._tables[0].file, message, key=f"{table}.{measure.id}.key", hint=hint)
                )
        return rows.filter(text(column).is_in(sorted({measure.key or "" for measure in self.needs.measures})))

    def _latest(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Of rows for the same thing those that were recorded last; events are each a thing of its own."""
        if self.source.recorded is None or self.source.frequency == "event":
            return rows
        recorded = text(self.source.recorded)
        latest = recorded.max().over("day", *(f"text {column}" for column in self.needs.identity))
        return rows.filter(pl.col("day").is_null() | (recorded == latest))

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
        cure = self._cure(self._dates.cure(undated[column].unique().sort().to_list(), without))
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
            message, cure = self._grammar.fault(written)
            if cure is None and not has_digit(written) and len(written) <= _LONGEST_WORD:
                words = dict.fromkeys([*self.source.missing, written])
                cure = f"missing = [{', '.join(map(toml_string, words))}]"
            return message, self._cure(cure)

        return fault

    def _report_duplicates(self, rows: pl.DataFrame) -> None:
        """One report per column, or key, with more than one value for a date and its segments."""
        if self.source.frequency == "event":
            return
        identity = ["day", *(f"text {column}" for column in self.needs.identity)]
        if rows.select(identity).n_unique() == len(rows):
            return
        repeated = rows.filter(pl.struct(identity).is_duplicated())
        for column in self.needs.number_columns:
            counted = repeated.filter(cell(column).is_not_null() & asked(self.needs, self._reading_numbers(column)))
            twice = counted.filter(pl.struct(identity).is_duplicated()).sort("file", "line")
            if twice.is_empty():
                continue  # grouped by a literal, no rows are still one group
            by = pl.lit(column) if not self.needs.long else text(self.needs.key_column)
            groups: dict[str, list[pl.DataFrame]] = {}
            for _, group in twice.group_by(by, maintain_order=True):
                groups.setdefault(self._tables[group["file"][0]].file, []).append(group)
            for file, here in groups.items():
                self._findings.add_all("duplicates", file, here, partial(self._duplicate, column, identity))

    def _duplicate(self, column: str, identity: list[str], rows: pl.DataFrame) -> Problem:
        """Of the values in these rows, each of which is there more than once; the first two stand for all."""
        first = rows.row(0, named=True)
        same = pl.all_horizontal(pl.col(name) == first[name] for name in identity)
        second = rows.filter(same).row(1, named=True)
        extra = len(rows) - rows.select(identity).n_unique()
        what = first[f"text {self.needs.key_column}"] if self.needs.long else column
        one, other = self._tables[first["file"]], self._tables[second["file"]]
        again = f"line {second['line']}" if one is other else f"{other.file}:{second['line']}"
        day = date.fromordinal(first["day"]).isoformat()
        message = (
            f"possible duplicates: {extra} value{'s' * (extra != 1)} of {quoted(what)} for a date that "
            f"already has one, all counted; first {day}, again in {again}"
        )
        hint = f'if each row is an event: frequency = "event" in [source.{self.source.id}]'
        return Problem(one.file, message, first["line"], hint=hint)

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


def _found(days: pl.Series, files: Sequence[str]) -> SourceRead:
    first, last = cast("tuple[int | None, int | None]", (days.min(), days.max()))
    return SourceRead(days.count(), first, last, tuple(files))


def _is_remark(fields: list[str], position: int) -> bool:
    """Whether a row that does not fit the header is a total or a footnote, and no value is lost with it."""
    written = fields[position] if position < len(fields) else ""
    if written and not has_digit(written):
        return True
    others = [field for at, field in enumerate(fields) if at != position and field]
    is_prose = any(map(str.isalpha, written)) and _DELIMITERS.isdisjoint(written)
    return is_prose and not others

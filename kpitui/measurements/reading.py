"""One source's tables → its measures' series, and what had to be left out of them.

A bad cell costs its measure one value; a damaged row costs every measure one; a row that could belong to any
period costs each measure of which it holds a value all of them. What may be a wrong figure is no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

import msgspec
import polars as pl

from kpitui.definitions.model import Definitions, Measure, Source
from kpitui.measurements import recorded
from kpitui.measurements.dates import DECLARED_FORMAT, Dates, reads_any
from kpitui.measurements.duplicates import Duplicates, Place, iso
from kpitui.measurements.findings import CURABLE_DATES, Findings, has_digit, quoted
from kpitui.measurements.headers import faults, has_dates
from kpitui.measurements.intake import UNBALANCED, Head, Record, Table
from kpitui.measurements.looked_for import LookedFor
from kpitui.measurements.needs import Needs
from kpitui.measurements.number_cells import NumberCells
from kpitui.measurements.plain import Plain
from kpitui.measurements.row_reports import Fault, RowReports
from kpitui.measurements.rows import assemble, dated, held, text
from kpitui.measurements.series import Part, combine, gather, gather_groups
from kpitui.measurements.values import Ending, Series, SourceRead, SourceResult
from kpitui.problems import Problem
from kpitui.terms import FREQUENCY_GRAIN

_IS_WEEKEND = (pl.col("day") + 6) % 7 >= 5
_DELIMITERS = frozenset(";\t|")
_REMEMBERED = 1_000_000
"""Texts of dates."""


def _repeated(_: dict[str, Any]) -> Fault:
    return "the header is repeated", None


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
        self._reports = RowReports(source, findings)
        self.numbers = NumberCells(source, self.needs, self._reports)
        self.looked_for = LookedFor(self.needs, definitions.kpis, findings)
        self.spoiled: dict[str, str] = {}
        """Measure id → why none of its figures can be trusted."""
        self._in_parts = False
        self._findings = findings
        self._dates = Dates(source.date_format, FREQUENCY_GRAIN[source.frequency], definitions.calendar)
        self._known_at = known_at
        self._lost: dict[str, set[int]] = {measure.id: set() for measure in measures}
        """Measure id → units of which a value is known to be lost."""
        self._days: dict[str, tuple[int | None, int | None]] = {}
        """What `days` found of each text."""
        self._parts: dict[str, list[Part]] = {measure.id: [] for measure in measures}
        self._found = SourceRead(0, None, None, ())
        self._first_file: str | None = None
        self._units: tuple[int, int] | None = None
        """The first and the last of which a row speaks."""
        self._files_with_rows: set[int] = set()
        self._groups: list[pl.DataFrame] = []
        """Of those parts of which groups say all."""
        self.duplicates = Duplicates(self.needs, findings)

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

    def take(self, tables: Iterable[Table]) -> None:
        """Reduce all tables of the source to what they say."""
        whole = [table for table in tables if self._is_whole(table)]
        rows = self._take(whole)
        if self.source.frequency != "event":
            self.duplicates.report_all(rows, [table.file for table in whole])

    def take_part(self, table: Table, place: Place) -> None:
        """The same of a part of a file, whose header was checked when it began. Raises CommaError."""
        self._in_parts = True
        if not table.is_empty:
            self._files_with_rows.add(place[0])
        rows = self._take([table])
        if self.source.frequency != "event":
            self.duplicates.note_rows(place, rows)

    def _take(self, tables: list[Table]) -> pl.DataFrame:
        """In the order in which doubts are settled."""
        self._reports.tables = tables
        texts = assemble(tables, self.needs, self.days)
        rows = self.numbers.read(texts, in_parts=self._in_parts)
        self._count(rows, rows["day"].count())
        self._lose_damaged_rows()
        self._report_swallowed_rows()
        rows = self._without_remarks(rows)
        self.looked_for.note_texts(rows)
        if self.needs.long:
            rows = self.looked_for.with_known_keys(rows)
        rows = self._without_undated(self._latest(rows))
        if self.source.frequency == "weekdays":
            self._report_weekends(rows)
        self.numbers.report_bad(rows)
        self._gather(rows)
        self._reports.tables = ()  # they hold all the files' text
        return rows

    def take_plain(self, part: Plain, place: Place) -> bool:
        """Reduce rows in which nothing is doubtful; False where there is a date, or may be a number, that is."""
        if self.numbers.commas:
            return False
        if part.groups is not None:
            taken = self._take_groups(part, part.groups, place)
        else:
            rows = part.dated(self.days, self.numbers.grammar)
            taken = rows is not None and self._take_rows(rows, place)
        if taken:
            self._files_with_rows.add(place[0])
        return taken

    def _has_weekends(self, rows: pl.DataFrame) -> bool:
        """Whether dates that a source of weekdays should not have need to be told with their lines."""
        return self.source.frequency == "weekdays" and bool(rows.select(_IS_WEEKEND.any()).item())

    def _report_weekends(self, rows: pl.DataFrame) -> None:
        """Report values of Saturdays and Sundays in a source of weekdays: they count, but none is due."""
        hint = self._reports.cure('if there is a value per day: frequency = "daily"')

        def fault(row: dict[str, Any]) -> Fault:
            day = ("Saturday", "Sunday")[(row["day"] + 6) % 7 - 5]
            return f"{quoted(row[f'text {self.source.date}'])} is a {day} in a source of weekdays: it is counted", hint

        weekends = rows.filter(_IS_WEEKEND & held(self.needs, self.needs.measures))
        self._reports.report("weekends", weekends, fault, self.source.date)

    def _take_rows(self, rows: pl.DataFrame, place: Place) -> bool:
        if self._has_weekends(rows):
            return False
        self._count(rows, rows["day"].count())
        self.looked_for.note_texts(rows)
        if self.needs.long:
            rows = self.looked_for.with_known_keys(rows)
        if self.source.frequency != "event":
            self.duplicates.note_rows(place, rows)
        self._gather(rows)
        return True

    def _take_groups(self, part: Plain, groups: pl.DataFrame, place: Place) -> bool:
        groups = dated(groups, self.needs, self.days)
        if groups["day"].null_count() or self._has_weekends(groups):
            return False
        self._count(groups, int(groups["all"].sum()))
        if self.needs.long:
            groups = self.looked_for.with_known_keys(groups)
        written = groups[f"text {self.source.date}"]
        if part.identities is not None:
            if (written == iso(groups["unit"])).all():
                self.duplicates.note(place, part.identities, groups["unit"])
            else:
                rows = dated(part.rows, self.needs, self.days)
                self.duplicates.note_rows(place, self.looked_for.with_known_keys(rows) if self.needs.long else rows)
        self._groups.append(groups)
        return True

    def look_again(self, table: Table, place: Place) -> None:
        """Find the values of this part of a file that may be there twice."""
        rows = assemble([table], self.needs, self.days).collect(engine="in-memory")
        rows = rows.filter(pl.col("day").is_not_null())
        if self.needs.long:
            rows = rows.filter(text(self.needs.key_column).is_in(self.needs.keys))
        self.duplicates.look_again(place[0], rows)

    def go_on(self, former: SourceResult, ending: Ending) -> None:
        """Begin with what is known of the source from before it grew, all but the series."""
        self.spoiled = dict(former.spoiled)
        self._found = former.read
        self.looked_for.go_on(ending)
        self._first_file = former.files[0]

    def ending(self, head: Head) -> Ending | None:
        """What has to be known to go on at this place; None where no row has a date, or not all is known."""
        if self._units is None or self.numbers.commas:
            return None
        found = self.looked_for
        return Ending(head.names, head.line, self._units[1], found.keys, found.texts, self._findings.told())

    def comes_after(self, until: int) -> bool:
        """Whether all rows speak of units later than this one, so that no unit is in two goes."""
        return self._units is None or self._units[0] > until

    def has_rows(self, file_index: int) -> bool:
        return file_index in self._files_with_rows

    def finish(self, files: Sequence[str]) -> tuple[SourceRead, dict[str, Series]]:
        """What was found of the source, and the series of its sound measures."""
        if self.needs.long and self._first_file is not None:
            self.looked_for.report_absent_keys(self._first_file, self.spoiled)
        if self._found.rows and self._first_file is not None:
            self.looked_for.report_absent_texts(self._first_file, self.spoiled)
        if self._groups:
            for id_, part in gather_groups(self._groups, self.needs, self._sound()).items():
                self._parts[id_].append(part)
        series = {measure.id: self._series(measure, self._parts[measure.id]) for measure in self._sound()}
        return msgspec.structs.replace(self._found, files=tuple(files)), series

    def _series(self, measure: Measure, parts: Sequence[Part]) -> Series:
        """What the parts make, with what is known of the measure's days beside its values."""
        lost = self._lost[measure.id].union(*(part.bad for part in parts))
        series = combine(measure.aggregate, parts, lost)
        doubled = self.duplicates.units.get(measure.id, set()).intersection(series.days)
        if doubled or (lost and self.source.frequency == "event"):
            known = sorted(lost) if self.source.frequency == "event" else []
            return msgspec.structs.replace(series, lost=known, doubled=sorted(doubled))
        return series

    def _sound(self) -> list[Measure]:
        return [measure for measure in self.needs.measures if measure.id not in self.spoiled]

    # Files and rows as a whole

    def begins(self, table: Table) -> bool:
        """Report what is wrong with the header, and spoil what needs it; False without dates."""
        for problem, measures in faults(table, self.needs):
            self._findings.add("columns", problem)
            self.spoil(problem, measures)
        if has_dates(table, self.needs):
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

    def _count(self, rows: pl.DataFrame, count: int) -> None:
        first, last = cast("tuple[int | None, int | None]", (rows["day"].min(), rows["day"].max()))
        found = self._found
        self._found = SourceRead(
            found.rows + count,
            min((day for day in (found.first, first) if day is not None), default=None),
            max((day for day in (found.last, last) if day is not None), default=None),
            (),
        )
        self._speaks_of(cast("list[int | None]", [rows["unit"].min(), rows["unit"].max()]))

    def _speaks_of(self, units: Iterable[int | None]) -> None:
        known = [unit for unit in (*(self._units or ()), *units) if unit is not None]
        self._units = (min(known), max(known)) if known else None

    def _gather(self, rows: pl.DataFrame) -> None:
        for id_, part in gather(rows, self.needs, self._sound()).items():
            self._parts[id_].append(part)

    def _lose_damaged_rows(self) -> None:
        """Report rows that are not what the header announces: their dates have no value."""
        for table in self._reports.tables:
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
            unit = self._dates.unit(day)
            self._speaks_of([unit])
            for lost in self._lost.values():
                lost.add(unit)
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
        self._reports.report("remarks", remarks.filter(~is_header), self._remark, self.source.date, "advice")
        self._reports.report(
            "repeated headers", remarks.filter(is_header & same), _repeated, self.source.date, "advice"
        )
        for row in remarks.filter(is_header & ~same).iter_rows(named=True):
            problem = Problem(
                self._reports.tables[row["file"]].file, "here begins a header with other columns", row["line"]
            )
            self._findings.add("headers", problem)
            self.spoil(problem)
        return rows.filter(~is_remark)

    def _remark(self, row: dict[str, Any]) -> Fault:
        return f"{quoted(row[f'text {self.source.date}'])} is not a date: the row is left out", None

    def _latest(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Of rows for the same thing those that were recorded last, of all that were known by then.

        Events are each a thing of its own. A row whose time of recording cannot be read never wins; where it is
        the only one, its date has no value, for it may be from any time.
        """
        if self.source.recorded is None:
            return rows
        column = f"text {self.source.recorded}"
        rows = recorded.with_moments(rows, column, self._dates, self._known_at)
        unread = pl.col("recorded").is_null()
        without = [
            index for index, table in enumerate(self._reports.tables) if self.source.recorded not in table.columns
        ]
        strange = rows.filter(unread & held(self.needs, self.needs.measures) & ~pl.col("file").is_in(without))
        if len(strange):
            self._reports.report(
                "times of recording",
                strange,
                lambda row: (recorded.fault(row[column]), recorded.HINT),
                self.source.recorded,
            )
        if self.source.frequency == "event":
            self._lose_units(rows.filter(unread))
            return rows.filter(pl.col("known"))
        key = ("day", *(f"text {column}" for column in self.needs.identity))
        if len(strange):
            self._lose_units(rows.filter(unread & ~pl.col("known").any().over(key)))
        return recorded.latest(rows, key)

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
        self._reports.report(
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
        cure = (
            self._reports.cure(self._dates.cure(undated[column].unique().sort().to_list(), without))
            if curable
            else None
        )
        formats = DECLARED_FORMAT.findall(cure or "")
        stray = [one for one in undated[column].unique().to_list() if formats and not reads_any(one, formats)]
        strays = pl.col(column).is_in(stray)
        # Dates that the hint does not cure have to be looked for: the others must not hide them.
        others = CURABLE_DATES if stray else "dates"
        self._reports.report(
            "dates", undated.filter(strays), lambda row: (self._dates.fault(row[column]), None), self.source.date
        )
        self._reports.report(
            others, undated.filter(~strays), lambda row: (self._dates.fault(row[column]), cure), self.source.date
        )
        for measure in self.needs.measures:
            for row in undated.filter(held(self.needs, [measure])).head(1).to_dicts():
                message = f"{self._dates.fault(row[column])}, so its value may belong to any period"
                self.spoil(Problem(self._reports.tables[row["file"]].file, message, row["line"]), [measure])
        return rows.filter(pl.col("day").is_not_null())

    def _report_swallowed_rows(self) -> None:
        """Report quotes that close in a later row than they should: what is between them is in no figure."""
        for table in self._reports.tables:
            position = table.columns[self.source.date]
            told: set[int] = set()
            for opening, line, inner in table.inner:
                fields = inner.split(table.delimiter)
                if opening in told or position >= len(fields) or len(fields) == 1 < len(table.names):
                    continue
                written = fields[position].strip().strip('"')
                if self._dates.read(written) is not None:
                    told.add(opening)
                    message = (
                        f"the quotes do not balance: line {line} stands within them, and has the date {quoted(written)}"
                    )
                    problem = Problem(table.file, message, opening, hint=UNBALANCED)
                    self._findings.add("quotes", problem)
                    self.spoil(problem)


def _is_remark(fields: list[str], position: int) -> bool:
    """Whether a row that does not fit the header is a total or a footnote, and no value is lost with it."""
    written = fields[position] if position < len(fields) else ""
    if written and not has_digit(written):
        return True
    others = [field for at, field in enumerate(fields) if at != position and field]
    is_prose = any(map(str.isalpha, written)) and _DELIMITERS.isdisjoint(written)
    return is_prose and not others

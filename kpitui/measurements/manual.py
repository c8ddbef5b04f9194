"""Values that people type: `measurements/manual/<kpi>.csv`, one row per value, a correction being a row of its own.

A line is a row (no field needs line breaks), so that what somebody spoils by hand spoils nothing below it. No Polars
here: a value that was just typed shows without any source being read again.
"""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from kpitui.definitions.model import MANUAL, Definitions, Measure
from kpitui.measurements.dates import FIRST_YEAR, LAST_YEAR, Dates
from kpitui.measurements.files import reason
from kpitui.measurements.findings import Findings, did_you_mean, quoted
from kpitui.measurements.numbers import Grammar
from kpitui.measurements.text import decode
from kpitui.measurements.values import Measured, Series
from kpitui.periods import Period
from kpitui.places import MANUAL_FOLDER
from kpitui.problems import Problem
from kpitui.terms import FREQUENCY_GRAIN, Frequency

HEADER = ("period", "value", "by", "at")
MAX_BYTES = 10_000_000
"""A century of daily values is a third of it."""
_PLAIN = Grammar()


class Typed(NamedTuple):
    """What somebody wrote down as the value of a period; None took the value back."""

    period: Period
    value: float | None
    by: str
    at: datetime


class Sheet(msgspec.Struct, frozen=True):
    """One measure's file, read."""

    columns: tuple[str, ...] = ()
    """The header; empty where there is no file, or none that can be written to."""
    values: Mapping[int, Typed] = {}
    """Ordinal of the period's anchor → what was typed last. Periods whose last row is damaged are not there."""
    latest: Mapping[int, datetime] = {}
    """Ordinal of the period's anchor → the last moment at which something was typed, sound or not."""
    problems: tuple[Problem, ...] = ()
    spoiled: str | None = None
    """Why no value can be trusted."""
    unfit: str | None = None
    """Why nothing can be added, as a sentence without a full stop."""


def file_of(measure_id: str) -> str:
    """Where the values of a measure are typed to, relative to the workspace."""
    return f"{MANUAL_FOLDER}/{measure_id}.csv"


def frequency(definitions: Definitions, measure_id: str) -> Frequency:
    """How often a value is typed: as the KPI that is its own measure says, else monthly."""
    kpi = definitions.kpis.get(measure_id)
    return kpi.frequency if kpi is not None and kpi.formula is None else "monthly"


def with_typed(measured: Measured, definitions: Definitions, root: Path, known_at: date | None = None) -> Measured:
    """What was measured, with the typed values as they are on disk now; `known_at`: those of that day's end."""
    series, spoiled = dict(measured.series), dict(measured.spoiled)
    problems = [*measured.problems, *_orphans(definitions, root)]
    for measure in definitions.measures.values():
        if measure.source == MANUAL:
            sheet = read(definitions, measure.id, root, known_at)
            problems += sheet.problems
            series.pop(measure.id, None)
            if sheet.spoiled is None:
                series[measure.id] = _series(measure, sheet)
            else:
                spoiled[measure.id] = sheet.spoiled
    return msgspec.structs.replace(measured, series=series, spoiled=spoiled, problems=problems)


def _orphans(definitions: Definitions, root: Path) -> Iterator[Problem]:
    """Files whose values no measure takes, as after a KPI was given another id; unless it may be in an unread file."""
    if definitions.unread:
        return
    takers = [measure.id for measure in definitions.measures.values() if measure.source == MANUAL]
    try:
        names = sorted(path.name for path in real_path(root, MANUAL_FOLDER).iterdir())
    except OSError:
        return  # whoever has values there is told
    for name in names:
        measure_id = name.removesuffix(".csv")
        if name.startswith(".") or name == measure_id or measure_id in takers or measure_id in definitions.broken:
            continue
        message = f'nothing takes these values: there is no measure {quoted(measure_id)} with source = "manual"'
        yield Problem(f"{MANUAL_FOLDER}/{name}", message, hint=did_you_mean(measure_id, takers))


def _series(measure: Measure, sheet: Sheet) -> Series:
    found = sorted((day, typed.value) for day, typed in sheet.values.items() if typed.value is not None)
    values = [value for _, value in found]
    return Series(
        aggregate=measure.aggregate,
        days=[day for day, _ in found],
        totals=values,
        counts=[1] * len(values),
        rows=[[value] for value in values] if measure.aggregate == "median" else [],
    )


def read(definitions: Definitions, measure_id: str, root: Path, known_at: date | None = None) -> Sheet:
    """The file of a manual measure, as it is on disk, of which rows after `known_at` do not count.

    Without a file there are no values.
    """
    file = file_of(measure_id)
    try:
        raw = read_bytes(root, file)
    except FileNotFoundError:
        return Sheet()
    except OSError as error:
        return _unreadable(Problem(file, f"the file cannot be read: {reason(error)}"))
    return parse(file, raw, dates(definitions, measure_id), known_at)


def read_bytes(root: Path, file: str) -> bytes:
    """The file's bytes. OSError where it is not there, no regular file, too large, or outside of the workspace."""
    path = real_path(root, file)
    # O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as opened:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(None, "this is no regular file")
        raw = opened.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise OSError(None, f"it is larger than {MAX_BYTES // 1_000_000} MB")
    return raw


def real_path(root: Path, file: str) -> Path:
    """Where the file really is, links followed. OSError where that is not inside the workspace."""
    try:
        path = (root / file).resolve()
    except RuntimeError as error:  # before Python 3.13
        raise OSError(None, "the link leads in a circle") from error
    if not path.is_relative_to(root.resolve()):
        raise OSError(None, "the link leads out of the workspace")
    return path


def dates(definitions: Definitions, measure_id: str) -> Dates:
    return Dates(None, FREQUENCY_GRAIN[frequency(definitions, measure_id)], definitions.calendar)


# A file's text


def parse(file: str, raw: bytes, dates: Dates, known_at: date | None = None) -> Sheet:
    """The sheet that the bytes hold; of two rows for a period the later `at` counts, of equal ones the lower line."""
    if not raw.strip():
        return Sheet()
    text = decode(file, raw, "utf-8")
    if isinstance(text, Problem):
        return _unreadable(text)
    rows = _rows(text)
    number, first = next(rows, (1, ""))
    columns = tuple(field.strip() for field in _fields(first) or ())
    for name in HEADER:
        if columns.count(name) != 1:
            if name in columns:
                return _unreadable(Problem(file, f"there are two columns {quoted(name)}", number))
            hint = did_you_mean(name, columns) or f"the first line is {','.join(HEADER)}"
            return _unreadable(Problem(file, f"there is no column {quoted(name)}", number, hint=hint))
    reading = _Reading(file, columns, dates, known_at)
    for number, row in rows:
        if row != first:  # two files that began on their own and were merged have two headers
            reading.take(number, row)
    return reading.sheet()


def _rows(text: str) -> Iterator[tuple[int, str]]:
    """The lines that hold anything but separators, numbered from 1."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip(', \t"'):
            yield number, line


def _fields(line: str) -> list[str] | None:
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error:
        return None


def _unreadable(problem: Problem) -> Sheet:
    told = ": ".join(filter(None, (problem.place, problem.message)))
    hint = f" ({problem.hint})" if problem.hint else ""
    return Sheet(problems=(problem,), spoiled=told, unfit=f"{problem.message}{hint}")


class _Reading:
    """A file's rows, one by one."""

    def __init__(self, file: str, columns: tuple[str, ...], dates: Dates, known_at: date | None) -> None:
        self._file = file
        self._columns = columns
        self._dates = dates
        self._known_at = known_at
        self._findings = Findings()
        self._last: dict[int, tuple[datetime, Typed | None]] = {}
        """Ordinal of the anchor → when the row that counts was written, and what it says; None: nothing readable."""
        self._undated: set[int] = set()
        """Periods of which a row does not say when it was written: it may be the one that counts."""
        self._spoiled: str | None = None

    def take(self, number: int, line: str) -> None:
        fields = _fields(line)
        if fields is None:
            self._lose(number, line, "the quotes of this row are not balanced")
        elif len(fields) != len(self._columns):
            count = f"{len(fields)} {'field' if len(fields) == 1 else 'fields'}"
            self._lose(number, line, f"this row has {count} instead of {len(self._columns)}")
        else:
            self._take(number, line, dict(zip(self._columns, (field.strip() for field in fields), strict=True)))

    def _lose(self, number: int, line: str, message: str) -> None:
        """A row that is not cut as the header says: its period, if that can be read, has no value."""
        self._findings.add("rows", Problem(self._file, message, number))
        position = self._columns.index("period")
        fields = line.split(",")
        period = self._period(fields[position].strip(' "')) if position < len(fields) else None
        if period is None:
            self._spoil(number, message)
        else:
            self._undated.add(self._day(period))

    def _take(self, number: int, line: str, row: dict[str, str]) -> None:
        period = self._period(row["period"])
        if period is None:
            self._report(number, line, "period", self._period_fault(row["period"]))
            self._spoil(number, f"{self._period_fault(row['period'])}, so its value may belong to any period")
            return
        day = self._day(period)
        at = _moment(row["at"])
        if at is None:
            message = f"{quoted(row['at'])} is no moment" if row["at"] else "this row does not say when it was written"
            self._report(number, line, "at", message, "with its offset, such as 2026-11-04T09:12:00+01:00")
            self._undated.add(day)
        elif self._known_at is not None and at.date() > self._known_at:
            return
        value = _PLAIN.read(row["value"]) if row["value"] else None
        sound = value is not None or not row["value"]
        if not sound:
            self._report(
                number, line, "value", f"{quoted(row['value'])} is not a plain decimal number", "such as 1234.5"
            )
        if at is not None and (day not in self._last or at >= self._last[day][0]):
            self._last[day] = at, Typed(period, value, row["by"], at) if sound else None

    def _period(self, text: str) -> Period | None:
        period = self._dates.calendar.parse(text)
        if period is None or period.grain is not self._dates.grain:
            return None
        return period if FIRST_YEAR <= self._dates.calendar.anchor(period).year <= LAST_YEAR else None

    def _period_fault(self, text: str) -> str:
        if period := self._dates.calendar.parse(text):
            named, own = period.grain.word, self._dates.grain.word
            if named != own:
                return f"{quoted(text)} names a {named}, but a value is typed per {own}"
            return f"{quoted(text)} lies outside {FIRST_YEAR} to {LAST_YEAR}"
        return f"{quoted(text)} is not a period" if text else "the period is blank"

    def _day(self, period: Period) -> int:
        return self._dates.calendar.anchor(period).toordinal()

    def _report(self, number: int, line: str, name: str, message: str, hint: str | None = None) -> None:
        column = _place(line, self._columns.index(name))
        self._findings.add(name, Problem(self._file, message, number, column, hint=hint))

    def _spoil(self, number: int, message: str) -> None:
        self._spoiled = self._spoiled or f"{self._file}:{number}: {message}"

    def sheet(self) -> Sheet:
        return Sheet(
            columns=self._columns,
            values={
                day: typed for day, (_, typed) in self._last.items() if typed is not None and day not in self._undated
            },
            latest={day: at for day, (at, _) in self._last.items()},
            problems=tuple(self._findings.problems()),
            spoiled=self._spoiled,
        )


def _place(line: str, position: int) -> int:
    """The column, from 1, at which the field of that position begins in a well-formed line."""
    quoted_part = False
    for index, character in enumerate(line):
        if position == 0:
            return index + 1
        if character == '"':
            quoted_part = not quoted_part
        elif character == "," and not quoted_part:
            position -= 1
    return len(line) + 1


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None and FIRST_YEAR <= at.year <= LAST_YEAR else None


# A row to add


def added(raw: bytes, columns: Sequence[str], row: Mapping[str, str]) -> bytes:
    """What is to be written behind a file's bytes for one more row: a header first where the file is empty.

    Line ends are the file's own; a last line without one gets it first.
    """
    end = "\r\n" if b"\r\n" in raw else "\n"
    lines = [] if raw.strip() else [HEADER]
    missing = end if raw and not raw.endswith((b"\n", b"\r")) else ""
    fields = [row.get(name, "") for name in columns or HEADER]
    return (missing + "".join(_line(each) + end for each in (*lines, fields))).encode()


def _line(fields: Sequence[str]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="").writerow(fields)
    return written.getvalue()

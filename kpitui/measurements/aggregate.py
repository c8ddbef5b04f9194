"""The files of all sources → every measure's values by date, and everything that was wrong with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kpitui.definitions.model import Definitions, Source
from kpitui.measurements.dates import format_grain
from kpitui.measurements.files import find, reason
from kpitui.measurements.findings import Findings, quoted
from kpitui.measurements.intake import Table, intake
from kpitui.measurements.joining import join, wanted
from kpitui.measurements.progress import at
from kpitui.measurements.reading import Reading
from kpitui.measurements.text import decode
from kpitui.measurements.values import Measured, SourceResult
from kpitui.periods import Grain
from kpitui.problems import Problem
from kpitui.terms import FREQUENCY_GRAIN


def read(definitions: Definitions, root: Path, *, known_at: date | None = None) -> Measured:
    """Read the sources that some measure comes from and aggregate every measure by date.

    A measure of the source `manual` has an empty series (see manual). What the operating system refuses is a problem.
    """
    results = {id_: read_source(id_, definitions, root, known_at=known_at) for id_ in wanted(definitions)}
    return join(definitions, results)


def read_source(
    source_id: str,
    definitions: Definitions,
    root: Path,
    *,
    known_at: date | None = None,
) -> SourceResult:
    """Read one source's files, each once, and aggregate its measures by date."""
    findings = Findings()
    measures = [measure for measure in definitions.measures.values() if measure.source == source_id]
    reading = Reading(definitions.sources[source_id], measures, definitions, findings)
    forms = _files(reading, root, findings)
    shelf = _Shelf(root, ((form, reading.needs.columns) for form in forms))
    tables = []
    for form in forms:
        table = shelf.take(form)
        if isinstance(table, Problem):
            findings.add("files", table)
            reading.spoil(table)
        else:
            tables.append(table)
    names = tuple(form.file for form in forms)
    found, series = reading.read(tables, names)
    return SourceResult(series, found, reading.spoiled, findings.problems(), names)


class _Form(NamedTuple):
    """A file and how it is to be cut; what two sources share if all of it is the same."""

    file: str
    encoding: str
    delimiter: str


class _Shelf:
    """The tables of all files: each is read when first asked for, and let go when nobody else will ask."""

    def __init__(self, root: Path, wants: Iterable[tuple[_Form, set[str]]]) -> None:
        self._root = root
        self._columns: dict[_Form, set[str]] = defaultdict(set)
        self._asking: Counter[_Form] = Counter()
        self._tables: dict[_Form, Table | Problem] = {}
        for form, columns in wants:
            self._columns[form] |= columns
            self._asking[form] += 1

    def take(self, form: _Form) -> Table | Problem:
        """The file's table, with the columns that any source wants of it, or why it cannot be trusted."""
        if form not in self._tables:
            self._tables[form] = self._read(form)
        self._asking[form] -= 1
        return self._tables[form] if self._asking[form] else self._tables.pop(form)

    def _read(self, form: _Form) -> Table | Problem:
        at(form.file, 0)
        try:
            raw = (self._root / form.file).read_bytes()
        except OSError as error:
            return Problem(form.file, f"the file cannot be read: {reason(error)}")
        at(form.file, 0.1)
        text = decode(form.file, raw, form.encoding)
        at(form.file, 0.3)
        table = text if isinstance(text, Problem) else intake(form.file, text, form.delimiter, self._columns[form])
        at(form.file, 0.6)  # the rest is for finding out what the cells say
        return table


def _files(reading: Reading, root: Path, findings: Findings) -> list[_Form]:
    """What there is to read for the source; what is not there, or not as declared, spoils its measures."""
    source = reading.source
    if fault := _unreadable(source):
        findings.add("definitions", fault)
        reading.spoil(fault)
        return []
    names, problems = find(root, source.files, f"source.{source.id}.files")
    for problem in problems:
        findings.add("files", problem)
        reading.spoil(problem)
    return [_Form(name, source.encoding, source.delimiter) for name in names]


def _unreadable(source: Source) -> Problem | None:
    """A declaration by which no file could be read, or only wrongly."""
    key = f"source.{source.id}"
    try:
        bytes(4).decode(source.encoding)  # a lookup would find codecs that are not of texts, too
    except (LookupError, ValueError):
        return Problem("", f"{quoted(source.encoding)} is not an encoding", key=f"{key}.encoding")
    if len(source.delimiter) != 1 or not source.delimiter.isascii() or source.delimiter in '"\r\n\0 ':
        return Problem(
            "", f"{quoted(source.delimiter)} cannot be a delimiter: one character is", key=f"{key}.delimiter"
        )
    if len(source.decimal) != 1 or source.decimal == source.thousands or len(source.thousands or ".") != 1:
        message = "the marks of decimals and thousands are one character each, and differ"
        return Problem("", message, key=f"{key}.decimal")
    if source.date_format is None:
        return None
    grain, own = format_grain(source.date_format), FREQUENCY_GRAIN[source.frequency]
    if grain is None:
        message = f"{quoted(source.date_format)} does not say which day, month or year is meant"
    elif grain not in (Grain.DAY, own):
        message = f"{quoted(source.date_format)} names a {grain.word}, but this source has a value per {own.word}"
    else:
        return None
    return Problem("", message, key=f"{key}.date_format")

"""The files of all sources → every measure's values by date, and everything that was wrong with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kpitui.definitions.model import Definitions, Measure, Source
from kpitui.measurements import chunks, parquet
from kpitui.measurements.contents import ChangedError, UnreadableError, pieces, whole
from kpitui.measurements.dates import format_grain
from kpitui.measurements.files import find
from kpitui.measurements.findings import Findings, quoted
from kpitui.measurements.intake import Head, Table, intake, is_stray
from kpitui.measurements.joining import join, wanted
from kpitui.measurements.needs import Needs
from kpitui.measurements.plain import Plain, plain
from kpitui.measurements.progress import at
from kpitui.measurements.reading import Reading
from kpitui.measurements.text import as_utf8, decode, decode_more, line_ends, lines_are_bytes
from kpitui.measurements.values import Measured, SourceResult
from kpitui.periods import Grain
from kpitui.problems import Problem
from kpitui.terms import FREQUENCY_GRAIN

_PACKED = 8
"""How many times its size a packed file is taken to hold."""


def read(definitions: Definitions, root: Path, *, known_at: date | None = None) -> Measured:
    """Read the sources that some measure comes from and aggregate every measure by date.

    A file that several sources share is read once, unless it is large. A measure of the source `manual` has an
    empty series (see manual). What the operating system refuses is a problem. `known_at`: only rows recorded by
    that day.
    """
    plans = [_plan(definitions.sources[id_], definitions, root) for id_ in wanted(definitions)]
    shelf = _Shelf(root, plans)
    return join(definitions, {plan.source.id: _read(plan, definitions, root, shelf, known_at) for plan in plans})


def read_source(source_id: str, definitions: Definitions, root: Path, *, known_at: date | None = None) -> SourceResult:
    """Read one source and aggregate its measures by date. `known_at`: only rows recorded by that day."""
    plan = _plan(definitions.sources[source_id], definitions, root)
    return _read(plan, definitions, root, _Shelf(root, [plan]), known_at)


class _Plan(NamedTuple):
    """What is to be read of a source."""

    source: Source
    measures: list[Measure]
    forms: list[_Form]
    problems: list[tuple[str, Problem]]
    """Of some kind each: what is not there, or not as declared, and spoils all measures."""


def _plan(source: Source, definitions: Definitions, root: Path) -> _Plan:
    measures = [measure for measure in definitions.measures.values() if measure.source == source.id]
    if not measures:
        return _Plan(source, [], [], [])
    if fault := _unreadable(source):
        return _Plan(source, measures, [], [("definitions", fault)])
    names, problems = find(root, source.files, f"source.{source.id}.files")
    forms = [_Form(name, source.encoding, source.delimiter) for name in names]
    return _Plan(source, measures, forms, [("files", problem) for problem in problems])


def _read(plan: _Plan, definitions: Definitions, root: Path, shelf: _Shelf, known_at: date | None) -> SourceResult:
    in_parts, changed = True, False
    while True:
        findings = Findings()
        reading = Reading(plan.source, plan.measures, definitions, findings, known_at)
        for kind, problem in plan.problems:
            findings.add(kind, problem)
            reading.spoil(problem)
        job = _Job(reading, root, plan.forms, shelf, findings, last_try=changed)
        try:
            if in_parts and job.wants_parts():
                job.in_parts()
            else:
                job.at_once()
        except _WholeError:
            in_parts = False
        except ChangedError:
            changed = True
        else:
            files = tuple(form.file for form in plan.forms)
            found, series = reading.finish(files)
            return SourceResult(series, found, reading.spoiled, findings.problems(), files)


class _WholeError(Exception):
    """A file's quotes leave open where its records end: it has to be read from its beginning in one go."""


class _Form(NamedTuple):
    """A file and how it is to be cut; what two sources share if all of it is the same."""

    file: str
    encoding: str
    delimiter: str

    @property
    def is_parquet(self) -> bool:
        return self.file.lower().endswith(".parquet")

    def size(self, root: Path) -> int:
        """What the file comes to, in bytes, roughly where it is packed."""
        packed = _PACKED if self.file.lower().endswith(".gz") else 1
        try:
            return parquet.size(root / self.file) if self.is_parquet else (root / self.file).stat().st_size * packed
        except OSError:
            return 0  # what is wrong will be told when it is opened


class _Job(NamedTuple):
    """One go at a source's files."""

    reading: Reading
    root: Path
    forms: list[_Form]
    shelf: _Shelf
    findings: Findings
    last_try: bool

    def wants_parts(self) -> bool:
        source = self.reading.source
        return (
            any(form.size(self.root) > chunks.LARGE for form in self.forms)
            and source.recorded is None  # which of a row's records is the latest is known when all have been seen
            and (lines_are_bytes(source.encoding) or all(form.is_parquet for form in self.forms))
        )

    def at_once(self) -> None:
        """Read all files, then look at them together."""
        found: list[Table] = []
        for form in self.forms:
            if form.is_parquet:
                with self._telling():
                    found += parquet.tables(self.root, form.file, self.reading.needs.columns)
                continue
            table = self.shelf.take(form)
            if isinstance(table, Problem):
                self._tell(table)
            else:
                found.append(table)
        self.reading.take(found)

    def in_parts(self) -> None:
        """Read the files one after the other, a part at a time."""
        for form in self.forms:
            with self._telling():
                for part in self._parts(form):
                    self.reading.take([part], all_of_it=False)
        if self.reading.may_repeat():
            for index, form in enumerate(self.forms):
                with self._telling():
                    for part in self._parts(form, again=True):
                        self.reading.look_again(index, part)

    def _parts(self, form: _Form, again: bool = False) -> Iterator[Table]:
        """Tables of those parts in which something is doubtful, or of all `again`; of a file with dates only."""
        needs = self.reading.needs
        if form.is_parquet:
            for index, table in enumerate(parquet.tables(self.root, form.file, needs.columns)):
                if index == 0 and not again:
                    if table.is_empty:
                        self.reading.has_no_rows(form.file, None)
                    if not self.reading.begins(table):
                        return
                yield table
            return
        head: Head | None = None
        header_line, empty = None, True
        done, size = 0, form.size(self.root)
        for chunk in chunks.ahead(chunks.chunks(pieces(self.root, form.file, chunks.SIZE))):
            if not again:
                at(form.file, min(1, done / max(size, 1)))
            done += len(chunk.raw)
            if head is not None and chunk.plain and not again:
                raw = as_utf8(chunk.raw, form.encoding)
                part = raw and plain(raw, head.names, needs, form.delimiter, self.reading.grammar)
                if isinstance(part, Plain) and self.reading.take_plain(part):
                    empty = False
                    head = head._replace(line=head.line + len(part.rows))
                    continue
            table = self._table(form, chunk.raw, head)
            if head is None:
                header_line = table.header_line
                if not again and not self.reading.begins(table):
                    return
            empty = empty and table.is_empty
            yield table
            head = Head(table.names, (head.line if head else 1) + line_ends(chunk.raw))
        if empty and not again and head is not None:
            self.reading.has_no_rows(form.file, header_line)

    def _table(self, form: _Form, raw: bytes, head: Head | None) -> Table:
        """Of a part of the file. Raises UnreadableError, and _WholeError where quotes leave its end open."""
        text = (decode if head is None else decode_more)(form.file, raw, form.encoding)
        before = head.line - 1 if head else 0
        if isinstance(text, Problem):
            raise UnreadableError(text._replace(line=text.line and text.line + before))
        table = intake(form.file, text, form.delimiter, self.reading.needs.columns, head)
        if isinstance(table, Problem):
            if b'"' in raw:
                raise _WholeError
            raise UnreadableError(table)
        if any(map(is_stray, table.damaged)) or "\n" in "".join(table.names):
            raise _WholeError
        return table

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except UnreadableError as error:
            if isinstance(error, ChangedError) and not self.last_try:
                raise
            self._tell(error.problem)

    def _tell(self, problem: Problem) -> None:
        self.findings.add("files", problem)
        self.reading.spoil(problem)


class _Shelf:
    """The tables of files that are read at once: each is kept until nobody else will ask."""

    def __init__(self, root: Path, plans: Iterable[_Plan]) -> None:
        self._root = root
        self._columns: dict[_Form, set[str]] = defaultdict(set)
        self._asking: Counter[_Form] = Counter()
        self._tables: dict[_Form, Table | Problem] = {}
        for plan in plans:
            columns = Needs(plan.source, tuple(plan.measures)).columns
            for form in plan.forms:
                self._columns[form] |= columns
                self._asking[form] += 1

    def take(self, form: _Form) -> Table | Problem:
        """The file's table, with the columns that any source wants of it, or why it cannot be trusted."""
        if form not in self._tables:
            self._tables[form] = self._read(form)
        self._asking[form] -= 1
        return self._tables[form] if self._asking[form] > 0 else self._tables.pop(form)

    def _read(self, form: _Form) -> Table | Problem:
        at(form.file, 0)
        raw = whole(self._root, form.file)
        if isinstance(raw, Problem):
            return raw
        at(form.file, 0.1)
        text = decode(form.file, raw, form.encoding)
        at(form.file, 0.3)
        table = text if isinstance(text, Problem) else intake(form.file, text, form.delimiter, self._columns[form])
        at(form.file, 0.6)  # the rest is for finding out what the cells say
        return table


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

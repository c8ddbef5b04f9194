"""The files of all sources → every measure's values by date, and everything that was wrong with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

from kpitui.definitions.model import Definitions, Measure, Source
from kpitui.measurements.contents import ChangedError, Prefix, UnreadableError, whole
from kpitui.measurements.dates import format_grain
from kpitui.measurements.files import find
from kpitui.measurements.findings import Findings, quoted
from kpitui.measurements.intake import Head, Table, intake
from kpitui.measurements.job import Form, Job, Start, WholeError
from kpitui.measurements.joining import join, wanted
from kpitui.measurements.needs import Needs
from kpitui.measurements.number_cells import CommaError
from kpitui.measurements.progress import at
from kpitui.measurements.reading import Reading
from kpitui.measurements.text import decode
from kpitui.measurements.values import Ending, Measured, Series, SourceResult
from kpitui.periods import Grain
from kpitui.problems import Problem
from kpitui.terms import FREQUENCY_GRAIN

Kept = TypeVar("Kept", bound=Reading)
Make = Callable[[Sequence[Measure], Findings], Kept]
"""Begins a reading of these measures; what is found goes to the findings."""


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


def read_on(
    source_id: str, definitions: Definitions, root: Path, former: SourceResult, prefix: Prefix
) -> SourceResult | None:
    """What the source gives now that rows were added to its last file, which began with `prefix` when it was read.

    None where it has to be read as a whole: the file begins otherwise, or new rows speak of a time of which older
    ones do, so that they may be there twice or belong to a value that was known to be lost.
    """
    plan = _plan(definitions.sources[source_id], definitions, root)
    ending = former.ending
    if ending is None or plan.problems or tuple(form.file for form in plan.forms) != former.files:
        return None
    findings = Findings(ending.told)
    reading = Reading(plan.source, plan.measures, definitions, findings)
    reading.go_on(former, ending)
    job = Job(reading, root, plan.forms, _Shelf(root, [plan]).take, findings)
    try:
        new_ending = job.go_on(Start(prefix, Head(ending.names, ending.line)))
    except (UnreadableError, WholeError, CommaError):
        return None
    if not reading.comes_after(ending.until):
        return None
    found, added = reading.finish(former.files)
    series = {id_: _followed(former.series[id_], new) for id_, new in added.items()}
    return SourceResult(
        series, found, reading.spoiled, findings.problems(), former.files, new_ending, reading.looked_for.absent
    )


def _followed(one: Series, other: Series) -> Series:
    """A series and what comes after it."""
    return Series(
        one.aggregate,
        [*one.days, *other.days],
        [*one.totals, *other.totals],
        [*one.counts, *other.counts],
        [*one.rows, *other.rows],
        [*one.lost, *other.lost],
        [*one.doubled, *other.doubled],
    )


class _Plan(NamedTuple):
    """What is to be read of a source."""

    source: Source
    measures: list[Measure]
    forms: list[Form]
    problems: list[tuple[str, Problem]]
    """Of some kind each: what is not there, or not as declared, and spoils all measures where it is no advice."""


def _plan(source: Source, definitions: Definitions, root: Path) -> _Plan:
    measures = [measure for measure in definitions.measures.values() if measure.source == source.id]
    if not measures:
        return _Plan(source, [], [], [])
    if fault := _unreadable(source):
        return _Plan(source, measures, [], [("definitions", fault)])
    names, problems = find(root, source.files, f"source.{source.id}.files")
    forms = [Form(name, source.encoding, source.delimiter) for name in names]
    return _Plan(source, measures, forms, [("files", problem) for problem in problems])


def read_source_with(source_id: str, definitions: Definitions, root: Path, make: Make[Kept]) -> Kept:
    """Let a reading of one's own take the rows of a source."""
    plan = _plan(definitions.sources[source_id], definitions, root)
    return _taken(plan, root, _Shelf(root, [plan]), make)[0]


def _read(plan: _Plan, definitions: Definitions, root: Path, shelf: _Shelf, known_at: date | None) -> SourceResult:
    def make(measures: Sequence[Measure], findings: Findings) -> Reading:
        return Reading(plan.source, measures, definitions, findings, known_at)

    reading, findings, ending = _taken(plan, root, shelf, make)
    files = tuple(form.file for form in plan.forms)
    found, series = reading.finish(files)
    ending = None if plan.problems else ending
    return SourceResult(series, found, reading.spoiled, findings.problems(), files, ending, reading.looked_for.absent)


def _taken(plan: _Plan, root: Path, shelf: _Shelf, make: Make[Kept]) -> tuple[Kept, Findings, Ending | None]:
    """A reading that has taken all rows, what was found on the way, and how a file that may grow ended."""
    in_parts, changed = True, False
    commas: set[str] = set()
    while True:
        findings = Findings()
        reading = make(plan.measures, findings)
        reading.numbers.commas |= commas
        for kind, problem in plan.problems:
            findings.add(kind, problem)
            if problem.level == "problem":
                reading.spoil(problem)
        job = Job(reading, root, plan.forms, shelf.take, findings, last_try=changed)
        ending = None
        try:
            if in_parts and job.wants_parts():
                ending = job.in_parts()
            else:
                job.at_once()
        except WholeError:
            in_parts = False
        except ChangedError:
            changed = True
        except CommaError:
            commas = reading.numbers.commas
        else:
            return reading, findings, ending


class _Shelf:
    """The tables of files that are read at once: each is kept until nobody else will ask."""

    def __init__(self, root: Path, plans: Iterable[_Plan]) -> None:
        self._root = root
        self._columns: dict[Form, set[str]] = defaultdict(set)
        self._asking: Counter[Form] = Counter()
        self._tables: dict[Form, Table | Problem] = {}
        for plan in plans:
            columns = Needs(plan.source, tuple(plan.measures)).columns
            for form in plan.forms:
                self._columns[form] |= columns
                self._asking[form] += 1

    def take(self, form: Form) -> Table | Problem:
        """The file's table, with the columns that any source wants of it, or why it cannot be trusted."""
        if form not in self._tables:
            self._tables[form] = self._read(form)
        self._asking[form] -= 1
        return self._tables[form] if self._asking[form] > 0 else self._tables.pop(form)

    def _read(self, form: Form) -> Table | Problem:
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

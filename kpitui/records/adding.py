"""A record added to a text that is parsed already: what comes out is known without parsing all of it once more.

TOML is read statement by statement. Where the new table stands between two of them, under a name that nothing else in
the file has, all others mean what they meant before; so the table is parsed alone and compared with the record. What
cannot be shown in this way, `store` shows by parsing all of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from kpitui.records import emit, splice
from kpitui.records.layout import blocks
from kpitui.records.model import TABLES, Record, ReviewFile, table_of
from kpitui.records.read import may_stand_alone, read_record


class Place(NamedTuple):
    """Where the next record goes."""

    at: int
    """Offset in the text, between two statements; what follows is blank, or begins with a header."""
    tables: frozenset[str]
    """Those of ours that are there, with a header of its own for each of their records."""


class Parsed(NamedTuple):
    """The text of a review file and what it is as TOML."""

    text: str
    document: dict[str, Any]
    place: Place | None = None
    """Where that is known."""


class Known(NamedTuple):
    """A review file that has been read."""

    parsed: Parsed
    file: ReviewFile


class Added(NamedTuple):
    """A file with one more record."""

    known: Known
    line: int
    """Where the record's table begins, with the comment above it."""


def add(known: Known, record: Record, comment: str) -> Added | None:
    """The file with that record, whose text is what `splice.add_block` makes; None where this cannot be shown."""
    (text, document, place), file = known
    place = place or place_in(text, document)
    table = document.get(record.table, {})
    if place is None or (record.table in document and record.table not in place.tables):
        return None
    if record.id in table or record.id in file.lines or len(file.lines) != len(file.records):
        return None  # where a record is there twice, the lines do not tell which stands where
    block = emit.record_block(record, comment)
    new = splice.insert_block(text, place.at, block)
    own = new.text[new.start : new.end]
    try:
        alone = tomllib.loads(own)
    except ValueError:
        return None
    if alone != {record.table: {record.id: table_of(record)}} or not may_stand_alone(own):
        return None
    found = read_record(record.table, record.id, alone[record.table][record.id])
    if found is None or found != record:
        return None
    line = new.text.count("\n", 0, new.start) + 1
    header = line + block.startswith("#")
    new_document = {**document, record.table: {**table, record.id: alone[record.table][record.id]}}
    new_place = Place(new.end, place.tables | {record.table})
    new_file = _with_record(file, found, header, _Shift.of(text, place.at, new.text))
    return Added(Known(Parsed(new.text, new_document, new_place), new_file), line)


class _Shift(NamedTuple):
    """Lines that moved down."""

    first: int
    by: int

    @classmethod
    def of(cls, old: str, at: int, new: str) -> _Shift:
        """What stood behind `at`, the end of a line."""
        ends = old.count("\n", 0, at) + (not old.endswith("\n", 0, at))
        return cls(ends + 1, new.count("\n") - old.count("\n"))

    def __call__(self, line: int) -> int:
        return line + self.by if line >= self.first else line


def _with_record(file: ReviewFile, record: Record, line: int, moved: _Shift) -> ReviewFile:
    """The file with the record, whose header is in that line; the others' lines are those of the old text."""
    above = sum(other < moved.first for other in file.lines.values())
    problems = (problem._replace(line=problem.line and moved(problem.line)) for problem in file.problems)
    return msgspec.structs.replace(
        file,
        records=(*file.records[:above], record, *file.records[above:]),
        lines={record.id: line} | {of: moved(other) for of, other in file.lines.items()},
        problems=tuple(problems),
    )


def place_in(text: str, document: Mapping[str, Any]) -> Place | None:
    """Where a table goes in a text which is that document; None where its layout and the document do not agree."""
    first, *parts = blocks(text)
    paths = {part.path for part in parts}
    names = {path[0] for path in paths} | {statement.key for statement in first.body} - {None}
    if names != document.keys() or not all(_leads_into(document, path) for path in paths):
        return None
    tables = (name for name in TABLES if isinstance(document.get(name), dict) and document[name])
    own = frozenset(name for name in tables if all((name, record_id) in paths for record_id in document[name]))
    return Place(splice.end_of_records(text), own)


def _leads_into(value: Any, path: tuple[str, ...]) -> bool:
    """Whether the parts of a header lead to a table of the document, or to a list of tables."""
    for part in path:
        tables = value if isinstance(value, list) else [value]
        value = next((table[part] for table in tables if isinstance(table, dict) and part in table), None)
    return isinstance(value, dict | list)

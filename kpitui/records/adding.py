"""A record added to a text that is parsed already: what comes out is known without parsing all of it once more.

TOML is read statement by statement. Where the new table stands between two of them, under a name that nothing else in
the file has, all others mean what they meant before; so the table is parsed alone and compared with the record. What
cannot be shown in this way, `store` shows by parsing all of it.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from kpitui.records import emit, splice
from kpitui.records.layout import blocks, newline_of
from kpitui.records.model import TABLES, Record, ReviewFile, table_of
from kpitui.records.read import may_stand_alone, read_record


class Place(NamedTuple):
    """Where the next record goes."""

    at: int
    """Offset in the text, between two statements; what follows is blank, or begins with a header."""
    line: int
    """The line that begins there, or would if the one before it had its end."""
    newline: str
    """The line break that most lines of the text end with."""
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
    new = splice.insert_block(text, place.at, block, place.newline)
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
    line = place.line + 1  # below a blank one
    end = line + own.count("\n")
    blank_below = len(new.text) - new.end > len(text) - place.at
    new_file = _with_record(file, found, line + block.startswith("#"), place.line, end + blank_below - place.line)
    new_document = {**document, record.table: {**table, record.id: alone[record.table][record.id]}}
    new_place = Place(new.end, end, place.newline, place.tables | {record.table})
    return Added(Known(Parsed(new.text, new_document, new_place), new_file), line)


def _with_record(file: ReviewFile, record: Record, line: int, moved_from: int, by: int) -> ReviewFile:
    """The file with the record, whose header is in that line; what stood in `moved_from` and below is further down."""
    above = bisect_left(list(file.lines.values()), moved_from)
    below = {of: other + by for of, other in islice(file.lines.items(), above, None)}
    problems = tuple(
        problem._replace(line=problem.line + by) if problem.line and problem.line >= moved_from else problem
        for problem in file.problems
    )
    return msgspec.structs.replace(
        file,
        records=(*file.records[:above], record, *file.records[above:]),
        lines={**dict(islice(file.lines.items(), above)), record.id: line, **below},
        problems=problems,
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
    at = splice.end_of_records(text)
    ends = text.count("\n", 0, at) + (not text.endswith("\n", 0, at))
    return Place(at, ends + 1, newline_of(text), own)


def _leads_into(value: Any, path: tuple[str, ...]) -> bool:
    """Whether the parts of a header lead to a table of the document, or to a list of tables."""
    for part in path:
        tables = value if isinstance(value, list) else [value]
        value = next((table[part] for table in tables if isinstance(table, dict) and part in table), None)
    return isinstance(value, dict | list)

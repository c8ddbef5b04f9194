"""A record changed in a text that is parsed already, without parsing all of it once more: see `adding`.

Where the lines from a record's header on, parsed alone, are that record and nothing else, other lines in their place
are the changed one, and all statements before and behind mean what they meant before. What cannot be shown in this
way, `store` shows by parsing all of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from kpitui.records import splice
from kpitui.records.adding import Known, Parsed, place_in
from kpitui.records.layout import newline_of
from kpitui.records.model import ReviewFile
from kpitui.records.read import may_stand_alone, read_record


class Alone(NamedTuple):
    """The lines of a record, which are nothing else."""

    known: Known
    """The file, with the place of its next record."""
    table: str
    id: str
    start: int
    """Offset of the header."""
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def values(self) -> dict[str, Any]:
        """As the file holds them, without the id."""
        return dict(self.known.parsed.document[self.table][self.id])


def alone(known: Known, table: str, record_id: str) -> Alone | None:
    """The record's lines; None where it cannot be shown that they are all of it, and that nothing is wrong there."""
    (text, document, place), file = known
    place = place or place_in(text, document)
    line = file.lines.get(record_id)
    if place is None or table not in place.tables or line is None or len(file.lines) != len(file.records):
        return None
    below = next((other for other in file.lines.values() if other > line), None)
    start = _offset(text, line)
    end = len(text) if below is None else _offset(text, below)
    if start < place.at < end:
        end = place.at
    own = text[start:end]
    found = Alone(Known(Parsed(text, document, place), file), table, record_id, start, own)
    try:
        sound = tomllib.loads(own) == {table: {record_id: document[table].get(record_id)}}
    except ValueError:
        return None
    if not sound or splice.own_values(own, (table, record_id)) != found.values or newline_of(own) != place.newline:
        return None
    last = line + own.count("\n")
    told = (problem for problem in file.problems if problem.line is None or line <= problem.line <= last)
    return None if any(told) else found


def change(found: Alone, values: Mapping[str, Any]) -> Known | None:
    """The file with these values of the record, whose text is what `splice.change_table` makes; None as above."""
    (text, document, place), file = found.known
    path = (found.table, found.id)
    assert place is not None
    own, _ = splice.change_table(found.text, path, values)
    try:
        changed = tomllib.loads(own)
    except ValueError:
        return None
    if changed != {found.table: {found.id: dict(values)}} or not may_stand_alone(own):
        return None
    new_text = text[: found.start] + own + text[found.end :]
    if place.at >= found.end:
        at = place.at + len(own) - len(found.text)
        ends = new_text.count("\n", 0, at) + (not new_text.endswith("\n", 0, at))
        place = place._replace(at=at, line=ends + 1)
    new_file = _with_changed(file, found, changed[found.table][found.id], own.count("\n") - found.text.count("\n"))
    if new_file is None:
        return None
    records = {**document[found.table], found.id: changed[found.table][found.id]}
    new_place = place._replace(newline=newline_of(new_text))
    return Known(Parsed(new_text, {**document, found.table: records}, new_place), new_file)


def _with_changed(file: ReviewFile, found: Alone, values: dict[str, Any], by: int) -> ReviewFile | None:
    """The file with the record's new values; what stands below it is so many lines further down."""
    record = read_record(found.table, found.id, values)
    if record is None:
        return None
    line = file.lines[found.id]
    return msgspec.structs.replace(
        file,
        records=tuple(record if there.id == found.id else there for there in file.records),
        lines={of: other + by if other > line else other for of, other in file.lines.items()},
        problems=tuple(
            problem._replace(line=problem.line + by) if problem.line and problem.line > line else problem
            for problem in file.problems
        ),
    )


def _offset(text: str, line: int) -> int:
    """Where a line begins, counted from 1."""
    at = 0
    for _ in range(line - 1):
        at = text.index("\n", at) + 1
    return at

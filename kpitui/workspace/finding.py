"""All records that say something, whichever review they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kpitui.records.model import Record, ReviewFile, table_of
from kpitui.workspace.register import OpenJournal

_WORDS = ("text", "title", "effect", "reason", "whys", "segment", "class", "is", "owner", "approved_by")
"""Keys that hold what was said, and for whom; `by`, ids and dates are no words of a record."""


class Found(NamedTuple):
    """A record that says it."""

    record: Record
    review: str
    place: str
    """`reviews/2026-10-monthly.toml:88`."""
    said: str
    """Its text; of an action what is to be done, of a verdict its word."""


def find(journal: OpenJournal, text: str) -> list[Found]:
    """The records that hold every word of `text`, in their own words or their KPI's name, oldest first.

    Capitals do not matter. What was taken back is not found.
    """
    words = text.casefold().split()
    gone = journal.journal.state.retracted
    found = {
        (record.id, record): (record, file)
        for file in journal.journal.records.files
        for record in file.records
        if record.id not in gone and all(word in _folded(record, journal) for word in words)
    }
    ordered = sorted(found.values(), key=lambda pair: (pair[0].at, pair[0].id))
    return [_found(record, file) for record, file in ordered]


def _found(record: Record, file: ReviewFile) -> Found:
    place = f"{file.path}:{file.lines[record.id]}"
    return Found(record, file.review_id, place, said(record))


def said(record: Record) -> str:
    """The words of a record that stand for it: its text, its title, its reason, its verdict."""
    table = table_of(record)
    for key in ("text", "title", "reason", "is", "status"):
        if key in table:
            return str(table[key])
    return ""


def _folded(record: Record, journal: OpenJournal) -> str:
    kpi = journal.definitions.kpis.get(record.kpi)
    return "\n".join((*_texts(record), record.kpi, kpi.name if kpi else "")).casefold()


def _texts(record: Record) -> Iterator[str]:
    table = table_of(record)
    for key in _WORDS:
        value = table.get(key)
        if isinstance(value, list):
            yield from map(str, value)
        elif value is not None:
            yield str(value)

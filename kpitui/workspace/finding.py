"""All records that say something, whichever review they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kpitui.records.model import Record, ReviewFile, table_of
from kpitui.workspace.register import OpenJournal

_WORDS = ("text", "title", "effect", "reason", "whys", "segment", "class", "is", "owner", "approved_by")
"""Keys that hold what was said, and for whom; `by`, ids and dates are no words of a record."""

BEFORE, LONG = 48, 96
"""Characters of a text before the first word that was found, and of all that is shown, at word ends."""


class Excerpt(NamedTuple):
    """Where a record says it: a stretch of one of its texts, on one line."""

    key: str
    """Of the record's table."""
    stands_for_it: bool
    """It is the text that `Found.said` is."""
    text: str
    words: tuple[tuple[int, int], ...]
    """Begin and end of each word that was looked for."""

    def marked(self) -> str:
        """The text with `»…«` around what was looked for."""
        parts, at = [], 0
        for begin, end in self.words:
            parts += [self.text[at:begin], "»", self.text[begin:end], "«"]
            at = end
        return "".join([*parts, self.text[at:]])


class Found(NamedTuple):
    """A record that says it."""

    record: Record
    review: str
    place: str
    """`reviews/2026-10-monthly.toml:88`."""
    said: str
    """Its text; of an action what is to be done, of a verdict its word."""
    excerpt: Excerpt


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
    wanted = re.compile("|".join(map(re.escape, words)) or "(?!)", re.IGNORECASE)
    return [_found(record, file, wanted) for record, file in ordered]


def _found(record: Record, file: ReviewFile, wanted: re.Pattern[str]) -> Found:
    place = f"{file.path}:{file.lines[record.id]}"
    key, said = _said(record)
    return Found(record, file.review_id, place, said, _excerpt(record, key, wanted))


def _said(record: Record) -> tuple[str, str]:
    """The words of a record that stand for it, and their key: its text, its title, its reason, its verdict."""
    table = table_of(record)
    key = next((key for key in ("text", "title", "reason", "is", "status") if key in table), "")
    return key, str(table.get(key, ""))


def _excerpt(record: Record, own_key: str, wanted: re.Pattern[str]) -> Excerpt:
    """Of the text with the most of the words, what stands around the first of them; where only the KPI's name has
    them, the beginning of the text that stands for the record."""
    texts = [(key, " ".join(text.split())) for key, text in _texts(record)]
    hits = [{found[0].casefold() for found in wanted.finditer(text)} for _, text in texts]
    most = max(map(len, hits), default=0)
    own = (own_key, " ".join(str(table_of(record).get(own_key, "")).split()))
    key, text = texts[[len(hit) for hit in hits].index(most)] if most else own
    places = [found.span() for found in wanted.finditer(text)]
    begin = _word_before(text, places[0][0] - BEFORE) if places else 0
    end = _word_after(text, begin + LONG)
    before, after = "…" if begin else "", "…" if end < len(text) else ""
    words = tuple((a - begin + len(before), b - begin + len(before)) for a, b in places if b <= end)
    return Excerpt(key, key == own_key, f"{before}{text[begin:end].strip()}{after}", words)


def _word_before(text: str, at: int) -> int:
    """The beginning of a word, at that place or before it."""
    return text.rfind(" ", 0, at) + 1 if at > 0 else 0


def _word_after(text: str, at: int) -> int:
    """The end of a word, at that place or after it; what is nearly at the end goes on to the end."""
    end = text.find(" ", at)
    return len(text) if end < 0 else end


def _folded(record: Record, journal: OpenJournal) -> str:
    kpi = journal.definitions.kpis.get(record.kpi)
    return "\n".join((*(text for _, text in _texts(record)), record.kpi, kpi.name if kpi else "")).casefold()


def _texts(record: Record) -> Iterator[tuple[str, str]]:
    """The record's own words, with their keys."""
    table = table_of(record)
    for key in _WORDS:
        value = table.get(key)
        values = value if isinstance(value, list) else [] if value is None else [value]
        yield from ((key, str(each)) for each in values)

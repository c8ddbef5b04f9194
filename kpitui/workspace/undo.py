"""Undo of records: the last one is taken back, then the one before it, also those of an earlier session.

What is in a file may have been read and copied by others, so nothing is erased: a retraction is written, which holds
for everybody who has the file. What one key wrote, one key takes back: verdicts in bulk are one save of one moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kpitui.problems import KpituiError
from kpitui.records.model import (
    Action,
    Followup,
    PhaseChange,
    Record,
    Retraction,
    ReviewFile,
    TargetRevision,
    Verdict,
)
from kpitui.records.store import Saved
from kpitui.workspace.author import author
from kpitui.workspace.journal import Journal

_GIST = 40
"""Characters of a record's text that are enough to know it by."""


class Undone(NamedTuple):
    """What was taken back: a record, or the verdicts that were given at once."""

    records: tuple[Record, ...]
    saved: Saved
    """The first retraction."""
    said: str
    """What it was, as people say it."""
    newer: str | None
    """A signed-off review that holds a newer record of the same author, which stays."""

    @property
    def line(self) -> str:
        """What was undone."""
        signed_off = f"{self.newer} is signed off and stays" if self.newer else ""
        return " · ".join(filter(None, (f"undone: {self.said}", signed_off)))


class _Own(NamedTuple):
    record: Record
    file: ReviewFile


def undo(journal: Journal) -> Undone:
    """Take back the newest record of this author that stands in a review which may be written.

    Of a verdict, those that were given with it go too, in one save. Raises KpituiError, a sentence, where there is
    none, or the file cannot be written.
    """
    journal.reload()  # another program may have undone it meanwhile
    who = author(journal.root)
    own = sorted(_own(journal, who), key=lambda own: (own.record.at, own.record.id), reverse=True)
    at = next((at for at, (_, file) in enumerate(own) if _may_be_written(file)), None)
    if at is None:
        signed_off = f": what {who} wrote in {own[0].file.review_id} and before is signed off" if own else ""
        raise KpituiError(f"There is nothing of {who} to undo{signed_off}.")
    newest, file = own[at]
    together = tuple(record for record, its_file in own if its_file is file and _written_at_once(record, newest))
    saved = journal.retract_all(file, [(record, described(record)) for record in together], by=who)
    said = (
        _as_people_say(newest, journal) if len(together) == 1 else f"{len(together)} verdicts that were given at once"
    )
    return Undone(together, saved[0], said, own[0].file.review_id if at else None)


def _written_at_once(record: Record, newest: Record) -> bool:
    """Whether one save wrote both: each save has a moment of its own, and only verdicts are given in bulk.

    Other records of one moment were written by hand, with the same day, and have nothing to do with each other.
    """
    both_verdicts = isinstance(record, Verdict) and isinstance(newest, Verdict)
    return record.id == newest.id or (both_verdicts and record.at == newest.at)


def _own(journal: Journal, who: str) -> Iterator[_Own]:
    """What the author said and did not take back."""
    for file in journal.records.files:
        for record in file.records:
            if record.by == who and not isinstance(record, Retraction) and record.id not in journal.state.retracted:
                yield _Own(record, file)


def _may_be_written(file: ReviewFile) -> bool:
    return file.review is not None and file.review.state == "open" and file.read_only is None


def _as_people_say(record: Record, journal: Journal) -> str:
    """`done · list of owners complete, SQL conversion rate`: what it was, its words, its KPI."""
    kind, said, kpi = record.table, _said(record), record.kpi
    if isinstance(record, Followup):
        state = journal.state.action(record.action)
        kind = record.status if record.status and record.status != "open" else "kept"
        said = record.text or (state.action.title if state else record.action)
        kpi = state.action.kpi if state else record.kpi
    return f"{kind} · {_cut(said)}" + (f", {journal.kpi_name(kpi)}" if kpi else "")


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return f"{text[: _GIST - 1]}…" if len(text) > _GIST else text


def described(record: Record) -> str:
    """Kind, KPI and the beginning of the text: `note on mqls: EMEA leads wait`."""
    about = f" on {record.kpi}" if record.kpi else ""
    return f"{record.table}{about}: {_cut(_said(record))}"


def _said(record: Record) -> str:
    match record:
        case Action():
            return record.title
        case Verdict():
            return record.verdict
        case TargetRevision() | PhaseChange():
            return record.reason
        case Followup():
            due = record.due.isoformat() if record.due else ""
            return " · ".join(part for part in (record.action, record.status, due, record.text) if part)
        case Retraction():
            return record.of
    return str(getattr(record, "text", ""))

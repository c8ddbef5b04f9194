"""Undo of records: the last one is taken back, then the one before it, also those of an earlier session.

What is in a file may have been read and copied by others, so nothing is erased: a retraction is written, which holds
for everybody who has the file.
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
    """A record that was taken back."""

    record: Record
    saved: Saved
    """The retraction."""
    newer: str | None
    """A signed-off review that holds a newer record of the same author, which stays."""

    @property
    def line(self) -> str:
        """What was undone, and where that is written."""
        signed_off = f"{self.newer} is signed off and stays" if self.newer else ""
        undone = f"undone: {described(self.record)}"
        return " · ".join(filter(None, (undone, signed_off, f"saved {self.saved.path}:{self.saved.line}")))


class _Own(NamedTuple):
    record: Record
    file: ReviewFile


def undo(journal: Journal) -> Undone:
    """Take back the newest record of this author that stands in a review which may be written.

    Raises KpituiError, a sentence, where there is none, or the file cannot be written.
    """
    journal.reload()  # another program may have undone it meanwhile
    who = author(journal.root)
    own = sorted(_own(journal, who), key=lambda own: (own.record.at, own.record.id), reverse=True)
    at = next((at for at, (_, file) in enumerate(own) if _may_be_written(file)), None)
    if at is None:
        signed_off = f": what {who} wrote in {own[0].file.review_id} and before is signed off" if own else ""
        raise KpituiError(f"There is nothing of {who} to undo{signed_off}.")
    record = own[at].record
    saved = journal.retract(record.id, described(record), by=who)
    return Undone(record, saved, own[0].file.review_id if at else None)


def _own(journal: Journal, who: str) -> Iterator[_Own]:
    """What the author said and did not take back."""
    for file in journal.records.files:
        for record in file.records:
            if record.by == who and not isinstance(record, Retraction) and record.id not in journal.state.retracted:
                yield _Own(record, file)


def _may_be_written(file: ReviewFile) -> bool:
    return file.review is not None and file.review.state == "open" and file.read_only is None


def described(record: Record) -> str:
    """Kind, KPI and the beginning of the text: `note on mqls: EMEA leads wait`."""
    about = f" on {record.kpi}" if record.kpi else ""
    said = " ".join(_said(record).split())
    return f"{record.table}{about}: {said[: _GIST - 1]}…" if len(said) > _GIST else f"{record.table}{about}: {said}"


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

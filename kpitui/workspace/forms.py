"""A record in a form: its fields as texts, and what the record becomes by them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple, get_args

import msgspec

from kpitui.problems import KpituiError
from kpitui.records.model import (
    Action,
    Cause,
    Confidence,
    Decision,
    Note,
    PhaseChange,
    Record,
    TargetRevision,
    Verdict,
    VerdictWord,
)
from kpitui.records.quick import parse_due
from kpitui.terms import CAUSE_CLASSES

CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
VERDICTS: tuple[VerdictWord, ...] = get_args(VerdictWord)


class Field(NamedTuple):
    """One key of a record in a form."""

    key: str
    label: str
    value: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    long: bool = False


def fields(record: Record) -> list[Field]:
    """The keys of a record for a form."""
    match record:
        case Action():
            return [
                Field("title", "what", record.title),
                Field("owner", "owner", record.owner or "", "a short id, or any text"),
                Field("due", "due", record.due.isoformat() if record.due else "", "fri, +2w, 2026-12-01"),
                Field("effect", "effect", record.effect or "", "what it is expected to change"),
                Field("cause", "cause", record.cause or "", "id of the cause it acts on"),
            ]
        case Cause():
            return [
                Field("text", "cause", record.text, long=True),
                Field("class", "class", record.cause_class or "", choices=CAUSE_CLASSES),
                Field("confidence", "confidence", record.confidence or "", choices=CONFIDENCES),
                Field("whys", "whys", "\n".join(record.whys), "one per line", long=True),
                Field("segment", "segment", record.segment or "", "such as region = EMEA"),
            ]
        case Note():
            return [
                Field("text", "note", record.text, long=True),
                Field("segment", "segment", record.segment or "", "such as region = EMEA"),
            ]
        case Decision():
            return [Field("text", "decision", record.text, long=True)]
        case Verdict():
            return [
                Field("is", "verdict", record.verdict, choices=VERDICTS),
                Field("owner", "owner", record.owner or "", "who goes on with it: a short id, or any text"),
                Field("due", "due", record.due.isoformat() if record.due else "", "fri, +2w, 2026-12-01"),
            ]
        case TargetRevision():
            return [
                Field("reason", "reason", record.reason, long=True),
                Field("approved_by", "approved by", record.approved_by or "", "a short id, or any text"),
            ]
        case PhaseChange():
            return [Field("reason", "reason", record.reason, long=True)]
    raise KpituiError(f"a {record.table} has no form")


def with_values(record: Record, values: Mapping[str, str], today: date) -> Record:
    """The record with the texts of a form, in those fields in which they are other ones than its own.

    Raises KpituiError where a text cannot be what its field holds.
    """
    own = {field.key: field.value for field in fields(record)}
    changed: dict[str, Any] = {}
    for key, text in values.items():
        if text == own[key]:
            continue
        value = text.strip()
        match key:
            case "due":
                changed[key] = parse_due(value, today) if value else None
            case "class":
                changed["cause_class"] = value or None
            case "is":
                if value not in VERDICTS:
                    raise KpituiError(f"a verdict is one of {', '.join(VERDICTS)}, not {value!r}")
                changed["verdict"] = value
            case "whys":
                changed[key] = tuple(line.strip() for line in text.splitlines() if line.strip())
            case "text" | "title" | "reason":
                if not value:
                    raise KpituiError(f"the {record.table} needs a {key}")
                changed[key] = text.rstrip() if key == "text" else value
            case _:
                changed[key] = value or None
    return msgspec.structs.replace(record, **changed)


def two_versions(theirs: Record, yours: Record) -> str:
    """Both versions of a record that two people changed, where they differ: one line for each."""
    own = {field.key: field.value for field in fields(yours)}
    apart = [field for field in fields(theirs) if own[field.key] != field.value]
    one = ", ".join(f"{field.label} {_short(field.value)}" for field in apart)
    other = ", ".join(f"{field.label} {_short(own[field.key])}" for field in apart)
    return f"theirs, {theirs.id}: {one}\nyours, {yours.id}: {other}\nBoth are kept."


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line[:79]}…”" if len(line) > 80 else f"“{line}”"

"""Who is in the room: a review's chair and attendees, said in one line with the chair first."""

from __future__ import annotations

import csv
import io
from typing import NamedTuple

from kpitui.records.model import Review

NOBODY = "-"
"""A line that takes back who was named."""


class People(NamedTuple):
    """Short ids, or any text."""

    chair: str | None = None
    attendees: tuple[str, ...] = ()


def parse_people(line: str) -> People:
    """`head, ops, "Lopez, Maria"`: the chair, then who else is there; nothing before the first comma: no chair."""
    if line.strip() == NOBODY:
        return People()
    [names] = csv.reader([" ".join(line.split())], skipinitialspace=True)
    chair, *others = (name.strip().removeprefix("@") for name in names)
    return People(chair or None, tuple(dict.fromkeys(filter(None, others))))


def people_line(review: Review) -> str:
    """What `parse_people` reads; empty where nobody was named."""
    if not review.chair and not review.attendees:
        return ""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([review.chair or "", *review.attendees])
    return text.getvalue().replace(",", ", ") if '"' not in text.getvalue() else text.getvalue()

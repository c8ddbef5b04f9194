"""What the formats of a review's summary share: the titles of its parts, and how texts of several lines are cut."""

from __future__ import annotations

from kpitui.printable import printable_lines
from kpitui.report.tables import Table
from kpitui.workspace.summary import Exceptional, Summary

OFF = "What is off, and why"
EXCEPTIONS = "Exceptions"
ACTIONS = "Actions"
OVERDUE = "Still overdue, not looked at"
TARGETS = "Changed targets"
RESTATED = "Restated figures"
LEARNED = "What we learned"
BEFORE = "Said before"
OTHERS = "Also said"
CARRIED_OVER = "Without a verdict, carried over"
DRAFT = "Draft: the review is not signed off."
NOT_FROZEN = "The record kept no figures: these are what the data give now."


def off_table(summary: Summary) -> Table:
    """A row per exception."""
    header = ["KPI", "actual", "target", "status", "chart", "verdict", "why"]
    rows = [
        [found.kpi.name, found.actual, found.target, found.standing, found.signal, found.verdict, found.why]
        for found in summary.exceptions
    ]
    return header, rows, frozenset({1, 2})


def actions_table(summary: Summary) -> Table:
    """A row per action."""
    header = ["what", "owner", "due", "status", "KPI", "expected"]
    rows = [
        [action.title, action.owner, action.due, action.status, action.kpi, action.effect] for action in summary.actions
    ]
    return header, rows, frozenset()


def standing(found: Exceptional) -> str:
    """`22.0% against 25.0% · Behind · worse, below the lower limit`."""
    figure = found.actual if found.target == "—" else f"{found.actual} against {found.target}"
    return " · ".join(part for part in (figure, found.standing, found.signal) if part)


def lines(text: str) -> list[str]:
    """The lines of a text, each printable, without blank ones."""
    return [line.strip() for line in printable_lines(text) if line.strip()]


def remarks(summary: Summary) -> list[str]:
    """What is to be known of the summary before it is read."""
    return [
        *([DRAFT] if summary.draft else []),
        *([] if summary.frozen else [NOT_FROZEN]),
        *([f"{summary.before_phrase}."] if summary.before else []),
    ]


def said(found: Exceptional) -> list[tuple[str, str, str, str]]:
    """Kind, text, remark and author of everything that was said of the KPI."""
    kinds = (("Cause", found.causes), ("Decision", found.decisions), ("Note", found.notes))
    return [(kind, each.whole, each.remark, each.by) for kind, records in kinds for each in records]

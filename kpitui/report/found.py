"""Records that were found, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kpitui.records.model import Record, table_of
from kpitui.report.tables import Table
from kpitui.workspace.finding import Excerpt, Found
from kpitui.workspace.register import OpenJournal


def found_json(journal: OpenJournal, text: str, found: Sequence[Found]) -> dict[str, Any]:
    """The answer of `kpitui find --format json`."""
    return {
        "schema": 1,
        "workspace": journal.name,
        "text": text,
        "records": [
            {
                "id": each.record.id,
                "kind": each.record.table,
                "kpi": each.record.kpi,
                "period": each.record.period,
                "review": each.review,
                "by": each.record.by,
                "at": each.record.at.isoformat(),
                "file": each.place,
                "said": each.said,
                "found": {"key": each.excerpt.key, "text": each.excerpt.text},
                "record": record_json(each.record),
            }
            for each in found
        ],
    }


def record_json(record: Record) -> dict[str, Any]:
    """The keys and values of its table; days and moments as ISO texts."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in table_of(record).items()}


def found_table(journal: OpenJournal, found: Sequence[Found], *, marked: bool) -> Table:
    """A row per record with the words around what was looked for, which is `marked` or not."""
    header = ["day", "kind", "kpi", "said", "by", "where"]
    rows = [
        [
            each.record.at.date().isoformat(),
            each.record.table,
            each.record.kpi,
            _shown(each.excerpt, marked=marked),
            journal.definitions.who(each.record.by),
            each.place,
        ]
        for each in found
    ]
    return header, rows, frozenset()


def _shown(excerpt: Excerpt, *, marked: bool) -> str:
    text = excerpt.marked() if marked else excerpt.text
    return text if excerpt.stands_for_it else f"{excerpt.key}: {text}"

"""What a file's header, or the types of its columns, say against the measures that need them."""

from __future__ import annotations

from collections.abc import Iterator

from kpitui.definitions.model import Measure
from kpitui.measurements.findings import did_you_mean, quoted
from kpitui.measurements.intake import Table
from kpitui.measurements.needs import Needs
from kpitui.problems import Problem

_KINDS = {"text": "texts", "date": "dates", "number": "numbers", "truth": "true and false"}
_NO_NUMBERS = ("text", "date", "truth")


def faults(table: Table, needs: Needs) -> Iterator[tuple[Problem, list[Measure]]]:
    """Columns that are missing, there twice or of another type, each with the measures that it spoils."""
    for column in sorted(needs.columns):
        if column in table.repeated:
            message, hint = f"there are two columns {quoted(column)}", None
        elif column not in table.columns:
            message, hint = f"there is no column {quoted(column)}", did_you_mean(column, table.columns)
        elif fault := _kind_fault(table, column, needs):
            message, hint = f"the column {quoted(column)} {fault}", None
        else:
            continue
        as_number = (table.kinds or {}).get(column) in _NO_NUMBERS and column != needs.source.date
        spoiled = (
            needs.reading_numbers(column)
            if as_number
            else [measure for measure in needs.measures if column in needs.columns_of(measure)]
        )
        yield Problem(table.file, message, table.header_line, hint=hint), spoiled


def has_dates(table: Table, needs: Needs) -> bool:
    """Whether there is one column of dates."""
    column = needs.source.date
    there_once = column in table.columns and column not in table.repeated
    return there_once and _kind_fault(table, column, needs) is None


def _kind_fault(table: Table, column: str, needs: Needs) -> str | None:
    """What a typed column holds, where it is not what it is wanted for."""
    kind = (table.kinds or {}).get(column)
    if kind == "other":
        return "holds lists, structures or bytes"
    if kind is None or kind == "nothing":
        return None
    if column == needs.source.date and kind not in ("date", "text"):
        # Years and days such as 20260401 are written as integers; as texts they are checked like any other.
        return None if kind == "whole" else f"holds {_KINDS[kind]}, not dates"
    if needs.reading_numbers(column) and kind in _NO_NUMBERS:
        return f"holds {_KINDS[kind]}, not numbers"
    return None

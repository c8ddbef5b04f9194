"""The two tables that a person keeps as CSV beside the definitions: targets, and events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import StringIO
from math import isfinite
from pathlib import Path
from typing import TypeVar

from kpitui.definitions.causes import UNREAD
from kpitui.definitions.files import UnfitFileError, read_text
from kpitui.definitions.model import Event
from kpitui.definitions.reader import ISO_DATE, shortened, suggestion
from kpitui.places import EVENTS_FILE
from kpitui.problems import Problem

Default = TypeVar("Default")
Word = TypeVar("Word", bound=str)

_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


class Row:
    """One row of a CSV, read like a `reader.Table`; a blank cell is an absent key."""

    def __init__(self, file: str, line: int, values: dict[str, str], problems: list[Problem]) -> None:
        self.file = file
        self.line = line
        self.values = {key: value.strip() for key, value in values.items() if value.strip()}
        self.problems = problems
        self.spoiled: set[str] = set()

    def problem(self, key: str, message: str, hint: str | None = None, *, rests_on: tuple[str, ...] = ()) -> None:
        self.spoiled.add(key)
        self.problems.append(Problem(self.file, message, self.line, key=key, hint=hint, rests_on=rests_on))

    def missing(self, key: str, hint: str) -> None:
        self.problem(key, f"`{key}` is missing", hint)

    def text(self, key: str) -> str | None:
        return self.values.get(key)

    def number(self, key: str, default: Default) -> float | Default:
        text = self.values.get(key)
        if text is None:
            return default
        number = float(text) if _NUMBER.fullmatch(text) else None
        if number is None or not isfinite(number):
            self.problem(key, f"expected a number, found `{shortened(text)}`", "such as 1250.5, without units")
            return default
        return number

    def day(self, key: str) -> date | None:
        text = self.values.get(key)
        try:
            if text is None or ISO_DATE.fullmatch(text):
                return date.fromisoformat(text) if text else None
        except ValueError:
            pass
        self.problem(key, f"expected a date, found `{shortened(text or '')}`", "such as 2026-01-31")
        return None

    def word(self, key: str, words: tuple[Word, ...], default: Default) -> Word | Default:
        text = self.values.get(key)
        for word in words:
            if word == text:
                return word
        if text is not None:
            self.problem(key, f"unknown {key} `{shortened(text)}`", f"one of {', '.join(words)}")
        return default

    def kpi(self, declared: dict[str, str]) -> str | None:
        """The id in the column `kpi`, where such a KPI is defined, soundly or not."""
        kpi_id = self.text("kpi")
        if kpi_id is None or kpi_id in declared:
            return kpi_id
        self.problem("kpi", f"unknown KPI `{shortened(kpi_id)}`", suggestion(kpi_id, declared), rests_on=(UNREAD,))
        return None


def rows(
    root: Path, file: str, columns: tuple[str, ...], needed: tuple[str, ...], problems: list[Problem]
) -> Iterator[Row]:
    """The rows of a CSV whose header names some of these columns, all that are needed, and no other."""
    import csv

    try:
        text = read_text(root, file)
    except UnfitFileError as error:
        problems.append(Problem(file, str(error)))
        return
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = [name.strip() for name in next(reader, [])]
        faults = list(_header_faults(header, columns, needed))
        problems.extend(Problem(file, message, 1, hint=hint) for message, hint in faults)
        if faults:
            return
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                yield Row(file, line, dict(zip(header, cells, strict=True)), problems)
            elif cells:
                problems.append(Problem(file, f"{len(cells)} cells, where the header has {len(header)}", line))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(file, f"not CSV from here on: {error}", line))


def _header_faults(
    header: list[str], columns: tuple[str, ...], needed: tuple[str, ...]
) -> Iterator[tuple[str, str | None]]:
    expected = f"the columns are {','.join(columns)}"
    for position, name in enumerate(header):
        if name not in columns:
            yield f"unknown column `{shortened(name)}`", suggestion(name, columns)
        elif name in header[:position]:
            yield f"column `{name}` is there twice", expected
    for name in needed:
        if name not in header:
            yield f"no column `{name}`", expected


def read_events(root: Path, declared: dict[str, str], sound: set[str], problems: list[Problem]) -> tuple[Event, ...]:
    """What happened, by date; nothing where the workspace has no `events.csv`."""
    if not (root / EVENTS_FILE).exists():
        return ()
    events = []
    for row in rows(root, EVENTS_FILE, ("date", "kpi", "text"), ("date", "text"), problems):
        day, kpi, text = row.day("date"), row.kpi(declared), row.text("text")
        for key in ("date", "text"):
            if key not in row.values:
                row.missing(key, "each event has a date and a text")
        if day and text and not row.spoiled and (kpi is None or kpi in sound):
            events.append(Event(day, kpi, text))
    return tuple(sorted(events, key=lambda event: event.day))

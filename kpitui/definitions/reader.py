"""Typed access to one TOML table: what is wrong is written down, and the default given instead."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from math import isfinite
from typing import TypeVar

from kpitui.definitions.files import Document
from kpitui.definitions.locate import Keys

Default = TypeVar("Default")
Word = TypeVar("Word", bound=str)

MOST_NAMED = 12
"""More words than this are no help in a hint."""
ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER_IN_TEXT = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")


class Table:
    """One table of a definitions file, such as `[kpi.mqls]`."""

    def __init__(self, document: Document, keys: Keys, values: dict[str, object], known: Collection[str]) -> None:
        self.document = document
        self.keys = keys
        self.values = values
        self.spoiled: set[str] = set()
        """Known keys that have a problem, and those that a misspelt one probably meant."""
        for key in values:
            if key not in known:
                self._unknown(key, known)

    @property
    def id(self) -> str:
        return str(self.keys[-1])

    @property
    def line(self) -> int:
        return self.document.line(self.keys)

    def _unknown(self, key: str, known: Collection[str]) -> None:
        meant = nearest(key, known)
        if meant:
            self.spoiled.add(meant)
        self.document.problem((*self.keys, key), f"unknown key `{shortened(key)}`", suggestion(key, known))

    def problem(
        self,
        key: str,
        message: str,
        hint: str | None = None,
        column: int | None = None,
        *,
        rests_on: tuple[str, ...] = (),
    ) -> None:
        """`rests_on`: the tables, dotted, one of which has the problem that this one follows from."""
        self.spoiled.add(key)
        self.document.problem((*self.keys, key), message, hint, column, rests_on=rests_on)

    def missing(self, key: str, hint: str) -> None:
        self.problem(key, f"`{key}` is missing", hint)

    def _not(self, expected: str, key: str, value: object) -> None:
        self.problem(key, f"expected {expected}, found {kind(value)}", _cure(expected, key, value))

    def text(self, key: str) -> str | None:
        """A text; None where it is absent or blank."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self._not("text", key, value)
            return None
        return value if value.strip() else None

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        value = self.values.get(key)
        if value is None:
            return default
        values = value if isinstance(value, list) else [value]
        for text in values:
            if not isinstance(text, str):
                self._not("text or a list of texts", key, text)
                return default
        return tuple(values)

    def number(
        self, key: str, default: Default, least: float | None = None, most: float | None = None
    ) -> float | Default:
        value = self.values.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._not("a number", key, value)
            return default
        try:
            number = float(value)
        except OverflowError:
            number = float("inf")
        if not isfinite(number):
            self.problem(key, "expected a number that can be counted with", "neither inf nor nan")
            return default
        return number if self._within(key, number, least, most) else default

    def whole(self, key: str, default: Default, least: int, most: int | None = None) -> int | Default:
        value = self.values.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self._not("a whole number", key, value)
            return default
        return value if self._within(key, value, least, most) else default

    def _within(self, key: str, number: float, least: float | None, most: float | None) -> bool:
        if (least is None or number >= least) and (most is None or number <= most):
            return True
        bounds = f"from {least} to {most}" if most is not None else f"{least} or more"
        self.problem(key, f"out of bounds: expected {bounds}")
        return False

    def truth(self, key: str, default: bool) -> bool:
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self._not("true or false", key, value)
            return default
        return value

    def day(self, key: str) -> date | None:
        value = self.values.get(key)
        if value is None:
            return None
        if not _is_date(value):
            self._not("a date", key, value)
            return None
        return value if isinstance(value, date) else None

    def days(self, key: str) -> tuple[date, ...]:
        """A list of dates; a single date is a list of one."""
        value = self.values.get(key, [])
        values = value if isinstance(value, list) else [value]
        for day in values:
            if not _is_date(day):
                self._not("a list of dates", key, day)
                return ()
        return tuple(sorted(values))

    def word(self, key: str, words: tuple[Word, ...], default: Default) -> Word | Default:
        """One of a vocabulary."""
        value = self.values.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self._not("text", key, value)
            return default
        for word in words:
            if word == value:
                return word
        self.problem(key, f"unknown {key} `{shortened(value)}`", f"one of {', '.join(words)}")
        return default

    def table(self, key: str, known: Collection[str]) -> Table | None:
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._not("a table", key, value)
            return None
        return Table(self.document, (*self.keys, key), value, known)

    def tables(self, key: str, known: Collection[str]) -> list[Table]:
        """A list of tables; a single table is a list of one."""
        value = self.values.get(key, [])
        if isinstance(value, dict):
            return [Table(self.document, (*self.keys, key), value, known)]
        if not isinstance(value, list):
            self._not("a list of tables", key, value)
            return []
        for entry in value:
            if not isinstance(entry, dict):
                self._not("a list of tables", key, entry)
                return []
        return [Table(self.document, (*self.keys, key, position), entry, known) for position, entry in enumerate(value)]


def entries(document: Document, section: str, known: Collection[str]) -> Iterator[Table]:
    """The tables `[section.id]` of a file whose ids are sound."""
    section_table = document.tables.get(section, {})
    if not isinstance(section_table, dict):
        document.problem((section,), f"expected tables [{section}.id], found {kind(section_table)}")
        return
    for name, values in section_table.items():
        keys = (section, name)
        if not isinstance(values, dict):
            document.problem(keys, f"expected a table [{section}.{name}], found {kind(values)}")
        elif not ID.fullmatch(name):
            document.problem(
                keys,
                f"`{shortened(name)}` cannot be an id",
                "small letters, digits and _, a letter first, 64 at most",
            )
        else:
            yield Table(document, keys, values, known)


def single(document: Document, section: str, known: Collection[str]) -> Table:
    """The table `[section]`, empty where there is none."""
    values = document.tables.get(section, {})
    if not isinstance(values, dict):
        document.problem((section,), f"expected a table, found {kind(values)}")
        values = {}
    return Table(document, (section,), values, known)


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that was probably meant."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word[:100], known, 1)), None)


def suggestion(word: str, known: Collection[str]) -> str | None:
    """The hint for a word that is not known: the one that was probably meant, or those that there are."""
    meant = nearest(word, known)
    if meant:
        return f"did you mean `{meant}`?"
    return f"there are {', '.join(known)}" if 0 < len(known) <= MOST_NAMED else None


def shortened(text: str) -> str:
    """Enough of a text to know it again in a message."""
    return text if len(text) <= 60 else f"{text[:59]}…"


def kind(value: object) -> str:
    """What a TOML value is, in words."""
    match value:
        case bool():
            return "true or false"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case datetime():
            return "a date with a time"
        case date():
            return "a date"
        case time():
            return "a time"
        case list():
            return "a list"
        case _:
            return "a table"


def _is_date(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _cure(expected: str, key: str, value: object) -> str | None:
    """The line to write instead, where it can be told."""
    if isinstance(value, str):
        bare = value.strip()
        dates = "date" in expected
        if (ISO_DATE if dates else _NUMBER_IN_TEXT).fullmatch(bare) and "text" not in expected:
            written = f"[{bare}]" if "list of dates" in expected else bare
            return f"without quotes: {key} = {written}"
        return f"as {key} = 2026-01-31, without quotes" if dates else None
    if isinstance(value, datetime) and expected == "a date":
        return f"without the time: {key} = {value.date()}"
    if expected.startswith("text") and isinstance(value, int | float | date):
        return f'in quotes: {key} = "{value}"'
    return None

"""On which line a key of a TOML text stands; tomllib does not say.

The text is known to be TOML, so this reads just enough of the grammar to follow headers, dotted keys, inline
tables and arrays. The headers alone, which every KPI needs, are found without reading the rest.
"""

from __future__ import annotations

import re
import tomllib
from functools import cached_property

Keys = tuple[str | int, ...]
"""The way to a value: names, and positions in arrays (from 0)."""

_STRINGS_AND_COMMENTS = r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*'''
_HEADER = re.compile(_STRINGS_AND_COMMENTS + r"|^[ \t]*\[([^\[\]\n\"'#]+)\]", re.DOTALL | re.MULTILINE)
_TOKEN = re.compile(_STRINGS_AND_COMMENTS + r"""|\n|[\[\]{},=.]|[^\s\[\]{},=."'\#]+""", re.DOTALL)


class Locator:
    """The lines of one text's keys, worked out when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    def line(self, keys: Keys) -> int | None:
        """The line (from 1) of the innermost of these keys that can be found."""
        if keys in self._headers:
            return self._headers[keys]
        while keys:
            if keys in self._lines:
                return self._lines[keys]
            keys = keys[:-1]
        return None

    @cached_property
    def _headers(self) -> dict[Keys, int]:
        found: dict[Keys, int] = {}
        line, counted = 1, 0
        for match in _HEADER.finditer(self.text):
            if match[1]:
                line += self.text.count("\n", counted, match.start(1))
                counted = match.start(1)
                found.setdefault(tuple(part.strip() for part in match[1].split(".")), line)
        return found

    @cached_property
    def _lines(self) -> dict[Keys, int]:
        return _Scanner(self.text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, int]] = []
        line = 1
        for match in _TOKEN.finditer(text):
            sign = match[0]
            if sign[0] != "#":
                self.tokens.append((sign, line))
            line += sign.count("\n")
        self.tokens.append(("", line))
        self.at = 0
        self.lines: dict[Keys, int] = {}
        self.tables_in: dict[Keys, int] = {}
        """How many tables an array of tables (`[[…]]`) has had so far."""

    def scan(self) -> dict[Keys, int]:
        table: Keys = ()
        while self.tokens[self.at][0]:
            sign, _ = self.tokens[self.at]
            if sign == "\n":
                self.at += 1
            elif sign == "[":
                table = self.header()
            else:
                self.pair(table)
        return self.lines

    def header(self) -> Keys:
        self.at += 1
        of_array = self.tokens[self.at][0] == "["
        self.at += of_array
        line = self.tokens[self.at][1]
        *outer, last = self.names("]")
        self.at += of_array
        keys: Keys = ()
        for name in outer:
            keys = (*keys, name)
            self.lines.setdefault(keys, line)
            if keys in self.tables_in:
                keys = (*keys, self.tables_in[keys] - 1)
        keys = (*keys, last)
        self.lines.setdefault(keys, line)
        if of_array:
            position = self.tables_in.get(keys, 0)
            self.tables_in[keys] = position + 1
            keys = (*keys, position)
            self.lines[keys] = line
        return keys

    def names(self, end: str) -> list[str]:
        """The parts of a dotted key up to its end, and past that."""
        names: list[str] = []
        while True:
            sign, _ = self.tokens[self.at]
            self.at += 1
            if sign in (end, ""):
                return names
            if sign != ".":
                names.append(_unquoted(sign))

    def pair(self, table: Keys) -> None:
        line = self.tokens[self.at][1]
        keys = table
        for name in self.names("="):
            keys = (*keys, name)
            self.lines.setdefault(keys, line)
        self.value(keys)

    def value(self, keys: Keys) -> None:
        sign, _ = self.tokens[self.at]
        if sign == "{":
            self.at += 1
            while self.past("}"):
                self.pair(keys)
        elif sign == "[":
            self.at += 1
            position = 0
            while self.past("]"):
                self.lines[(*keys, position)] = self.tokens[self.at][1]
                self.value((*keys, position))
                position += 1
        else:
            while self.tokens[self.at][0] not in ("\n", ",", "]", "}", ""):
                self.at += 1

    def past(self, end: str) -> bool:
        """Past commas and line breaks; False, and past the end too, where the list or table ends here."""
        while self.tokens[self.at][0] in ("\n", ","):
            self.at += 1
        if self.tokens[self.at][0] in (end, ""):
            self.at += 1
            return False
        return True


def _unquoted(sign: str) -> str:
    if sign[0] == '"' and "\\" in sign:
        return str(tomllib.loads(f"key = {sign}")["key"])
    return sign[1:-1] if sign[0] in "\"'" else sign

"""Where things stand in the text of a TOML file: its statements, its tables, their lines.

`tomllib` gives values without places; writing into a text that somebody else wrote needs the places.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(
    r'''
      """ (?: [^"\\]++ | \\[\s\S] | "(?!"") )*+ (?: "{3,5} )?   # strings of several lines
    | \'\'\' (?: [^']++ | '(?!'') )*+ (?: '{3,5} )?
    | " (?: [^"\\\n]++ | \\[^\n] )*+ "?                         # and of one
    | ' [^'\n]*+ '?
    | (?P<comment> \#[^\n]*+ )
    | [\[\]]
    | \n
    ''',
    re.VERBOSE,
)
_BARE_KEY = re.compile(r"[ \t]*([A-Za-z0-9_-]+)[ \t]*=")
_BARE_HEADER = re.compile(r"[ \t]*\[([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)\][ \t\r\n]*")
MAX_DOTS = 60
"""Of one statement, outside strings and comments: `tomllib` needs 1.6 GB for a key with 40,000."""


class Statement(NamedTuple):
    """A header, a key with its value, a comment or a blank line: whole lines, with their line break."""

    text: str
    start: int
    line: int
    """1 is the first line."""
    comment: int | None = None
    """Offset in `text` of the comment that ends it."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def blank(self) -> bool:
        return not self.text or self.text.isspace()

    @property
    def only_comment(self) -> bool:
        return self.text.lstrip().startswith("#")

    @property
    def header(self) -> tuple[str, ...] | None:
        """The parts of `[cause.c-9m2x]`; None where this is no header."""
        if not self.text.lstrip().startswith("["):
            return None
        if bare := _BARE_HEADER.fullmatch(self.text):
            return tuple(bare[1].split("."))
        return _path(tomllib.loads(self.text))

    @property
    def key(self) -> str | None:
        """The first part of the key that it gives a value; None where it gives none."""
        if bare := _BARE_KEY.match(self.text):
            return bare[1]
        if self.blank or self.only_comment or self.header:
            return None
        return _path(tomllib.loads(self.text))[0]

    @property
    def dots(self) -> int:
        """Dots outside strings and comments."""
        return _TOKEN.sub("", self.text).count(".") if self.text.count(".") > MAX_DOTS else 0


def _path(table: object) -> tuple[str, ...]:
    """The keys that lead into a document which holds one header or one value."""
    parts: list[str] = []
    while table and isinstance(table, dict | list):
        if isinstance(table, list):
            table = table[0]
        else:
            name, table = next(iter(table.items()))
            parts.append(name)
    return tuple(parts)


def statements(text: str, first_line: int = 1) -> Iterator[Statement]:
    """The statements of a text, in order; joined they are the text. Where it is no TOML, they are a guess."""
    start, line, depth = 0, first_line, 0
    comment: int | None = None
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "[":
                depth += 1
            case "]":
                depth -= 1
            case "\n" if depth <= 0:
                statement = Statement(text[start : token.end()], start, line, comment)
                yield statement
                start, line, depth, comment = token.end(), line + statement.text.count("\n"), 0, None
            case "\n":
                comment = None
            case _ if token["comment"] is not None:
                comment = token.start() - start
    if start < len(text):
        yield Statement(text[start:], start, line, comment)


class Block(NamedTuple):
    """A table of the file: its header and all that belongs to it. The first block has no header."""

    path: tuple[str, ...]
    """Parts of the header; empty for the keys before the first one."""
    lead: tuple[Statement, ...]
    """The comment lines right above the header."""
    header: Statement | None
    body: tuple[Statement, ...]
    """Up to the last line before the next block's lead, blank lines included."""

    @property
    def start(self) -> int:
        """Offset of the lead, or of the header where it has none."""
        return self._lines[0].start if self._lines else 0

    @property
    def content_end(self) -> int:
        """Offset behind the last line that is not blank."""
        return next((part.end for part in reversed(self._lines) if not part.blank), self.start)

    @property
    def end(self) -> int:
        """Offset behind the last line."""
        return self._lines[-1].end if self._lines else 0

    @property
    def _lines(self) -> tuple[Statement, ...]:
        return (*self.lead, *((self.header,) if self.header else ()), *self.body)


@lru_cache(maxsize=2)
def blocks(text: str, first_line: int = 1) -> tuple[Block, ...]:
    """The tables of a text that is TOML, in order.

    What was written last is what the next record is added to: its tables are known then.
    """
    found: list[Block] = []
    path: tuple[str, ...] = ()
    lead: tuple[Statement, ...] = ()
    header: Statement | None = None
    body: list[Statement] = []
    for statement in statements(text, first_line):
        next_path = statement.header
        if next_path is None:
            body.append(statement)
            continue
        above = len(body)
        while above and body[above - 1].only_comment:
            above -= 1
        found.append(Block(path, lead, header, tuple(body[:above])))
        path, lead, header, body = next_path, tuple(body[above:]), statement, []
    found.append(Block(path, lead, header, tuple(body)))
    return tuple(found)


def newline_of(text: str) -> str:
    """The line break that most of the text's lines end with."""
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"

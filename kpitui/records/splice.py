"""Writing into a text that others wrote too: what a write does not change stays as it is, byte for byte.

Every function takes the text of a review file, which is TOML, and gives the new one. `store` checks the
outcome by reading it back.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from kpitui.problems import KpituiError
from kpitui.records.emit import figures_block, figures_value, key_text, line_text
from kpitui.records.layout import Block, Statement, blocks, newline_of, statements
from kpitui.records.model import Figures

_BLANK_LINE = re.compile(r"[ \t]*\r?\n")


class Inserted(NamedTuple):
    """A text with a new table, which stands from `start` to `end`."""

    text: str
    start: int
    end: int


def add_block(text: str, block: str) -> tuple[str, int]:
    """A new table before `[figures]`, else at the end, a blank line away; and the line in which it begins."""
    new = insert_block(text, end_of_records(text), block, newline_of(text))
    return new.text, new.text.count("\n", 0, new.start) + 1


def end_of_records(text: str) -> int:
    """The offset at which a new table goes: behind the last line that is not blank, `[figures]` and later left out."""
    at = 0
    for part in blocks(text):
        if part.path == ("figures",):
            break
        at = max(at, part.content_end)
    return at


def insert_block(text: str, at: int, block: str, newline: str) -> Inserted:
    """A new table between two statements, a blank line away from both, with the text's kind of line break."""
    before, after = text[:at], text[at:]
    if before and not before.endswith("\n"):
        before += newline
    if before:
        before += newline
    if after.strip() and not _BLANK_LINE.match(after):
        after = newline + after
    before_and_block = before + block.replace("\n", newline)
    return Inserted(before_and_block + after, len(before), len(before_and_block))


def change_table(text: str, path: tuple[str, ...], values: Mapping[str, Any]) -> tuple[str, int]:
    """The table with these values and no others, and the line of its header.

    Lines whose value does not change stay as they are. New keys go where the order of `values` puts them.
    """
    part = _block(text, path)
    given = own_values(text, path)
    changed = {key: line_text(key, value) for key, value in values.items() if key not in given or given[key] != value}
    return _replace_lines(text, part, changed, values), part.header.line if part.header else 1


def set_figures(text: str, figures: Mapping[str, Figures]) -> str:
    """`[figures]` with these lines; those of other KPIs stay."""
    if ("figures",) not in {part.path for part in blocks(text)}:
        return add_block(text, figures_block(figures))[0] if figures else text
    rows = {kpi: figures_value(row) for kpi, row in figures.items()}
    return change_table(text, ("figures",), {**own_values(text, ("figures",)), **rows})[0]


def own_values(text: str, path: tuple[str, ...]) -> dict[str, Any]:
    """The keys that stand in the table's own lines, tables below it left out."""
    return tomllib.loads("".join(statement.text for statement in _block(text, path).body))


def remove_block(text: str, path: tuple[str, ...]) -> str:
    """Without that table, the comments above it and the blank lines below it."""
    part = _block(text, path)
    return text[: part.start] + text[part.end :]


def content(text: str, part: Block) -> str:
    """The table's own lines with the comments above it, each ended by LF."""
    own = text[part.start : part.content_end].replace("\r\n", "\n")
    return own if own.endswith("\n") or not own else own + "\n"


def rename_block(block: str, path: tuple[str, ...]) -> str:
    """The text of one table under another header."""
    header = next(part for part in statements(block) if part.header)
    return f"{block[: header.start]}[{'.'.join(map(key_text, path))}]\n{block[header.end :]}"


def replace_block(text: str, path: tuple[str, ...], block: str) -> str:
    """Another text in the place of that table and the comments above it."""
    part = _block(text, path)
    return text[: part.start] + block.replace("\n", newline_of(text)) + text[part.content_end :]


def _block(text: str, path: tuple[str, ...]) -> Block:
    found = [part for part in blocks(text) if part.path == path]
    if len(found) != 1:
        name = ".".join(path)
        raise KpituiError(f"`{name}` does not stand under one header [{name}] in the file: change it with an editor")
    return found[0]


def _replace_lines(text: str, part: Block, changed: Mapping[str, str], order: Iterable[str]) -> str:
    """The text with new lines for the changed keys of a table, without keys that `order` does not name."""
    newline = newline_of(text)
    places = {statement.key: statement for statement in part.body if statement.key}
    edits = [(place.start, place.end, 0, "") for key, place in places.items() if key not in order]
    """From, to, rank among those at one place, new text."""
    after = part.header.end if part.header else part.start
    for rank, key in enumerate(order):
        line = changed.get(key, "").replace("\n", newline)
        place = places.get(key)
        if place and line:
            edits.append((place.start, place.end, rank, _with_comment(place, line, newline)))
        elif line:
            edits.append((after, after, rank, line))
        after = place.end if place else after
    for start, end, _, line in sorted(edits, reverse=True):
        if line and start and not text[:start].endswith("\n"):
            line = newline + line
        text = text[:start] + line + text[end:]
    return text


def _with_comment(old: Statement, line: str, newline: str) -> str:
    """The new line, indented as the old one was, with the comment that stood behind it."""
    indent = old.text[: len(old.text) - len(old.text.lstrip())]
    ending = newline if old.text.endswith("\n") else ""
    comment = "" if old.comment is None else "  " + old.text[old.comment :].rstrip("\r\n")
    return indent + line.removesuffix(newline) + comment + ending

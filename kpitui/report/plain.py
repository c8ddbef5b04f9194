"""Tables of text for a terminal or a pipe, and the one gate through which text from files gets there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import combining, east_asian_width

from kpitui.printable import printable


def cells(text: str) -> int:
    """How many terminal cells a printable text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """Columns as wide as they need, two blanks apart; `right` are the indexes of those aligned to the right."""
    clean = [[printable(cell) for cell in row] for row in (header, *rows)]
    widths = [max(cells(row[i]) for row in clean) for i in range(len(header))]
    lines = []
    for row in clean:
        padded = (
            " " * (width - cells(cell)) + cell if i in right else cell + " " * (width - cells(cell))
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """A table in GitHub's Markdown; what would end a cell or start markup is escaped."""

    def line(row: Sequence[str]) -> str:
        return "| " + " | ".join(markdown_text(cell) for cell in row) + " |"

    rule = "|" + "|".join("--:" if i in right else "---" for i in range(len(header))) + "|"
    return "\n".join([line(header), rule, *(line(row) for row in rows)])


def markdown_text(text: str) -> str:
    """One line of text that stays text in Markdown."""
    text = printable(text)
    for sign in "\\`*_~[]<>&|#":
        text = text.replace(sign, "\\" + sign)
    return text


def csv(header: Sequence[str], rows: Sequence[Sequence[str]], _right: frozenset[int] = frozenset()) -> str:
    """Comma-separated, not aligned; a text that a spreadsheet would take for a formula begins with an apostrophe."""
    import csv as csv_module
    import io

    out = io.StringIO()
    writer = csv_module.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue().rstrip("\n")


_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
"""How a formula begins; some programs pass over blanks, and take full-width signs for the others."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


def _csv_cell(text: str) -> str:
    text = printable(text)
    return "'" + text if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text

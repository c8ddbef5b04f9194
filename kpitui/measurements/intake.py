"""A file → a checked table of texts with line numbers, and what was wrong on the way.

Lines are looked at all at once, in Polars: a line without a quote and with as many separators as the header
is what it seems to be. Only the others are read by Python's `csv`, in strict mode. If a line holds an odd
number of quotes, a field may go on in the next one, and the whole file is read that way.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from io import StringIO
from typing import Literal, NamedTuple

import polars as pl

from kpitui.measurements import text as texts
from kpitui.measurements.findings import quoted
from kpitui.problems import Problem

UNBALANCED = 'inside quotes, a quote is written twice: ""'
_STRAY_QUOTE = "a quote stands within a field that does not begin with one"
_OTHER_DELIMITERS = (";", "\t", ",", "|")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
"""What a spreadsheet program wants above the header."""
_LINES_ABOVE = 20
"""Lines at the beginning among which the header is looked for."""
_LONGEST_RECORD = 100
"""Lines that are searched for the place of a cell, where quoted fields go over several."""


Kind = Literal["text", "whole", "number", "date", "truth", "nothing", "other"]
"""What a typed column holds; whole numbers may be years."""


class Inner(NamedTuple):
    """A line that begins inside of quotes."""

    opening: int
    """The line on which they open."""
    line: int
    text: str


class Record(NamedTuple):
    """One row as the csv module reads it."""

    line: int
    """Where it begins."""
    fields: list[str]
    fault: str | None = None
    """Why it cannot be trusted; None if it can."""
    inner: tuple[Inner, ...] = ()
    """Its lines that begin inside of quotes."""


class Head(NamedTuple):
    """The header of a file of which only a part is looked at, and where that part begins."""

    names: tuple[str, ...]
    line: int
    """Of the first line of the part."""


class Table(NamedTuple):
    """What a file holds, as texts."""

    file: str
    delimiter: str
    header_line: int | None
    """None in a Parquet file."""
    columns: dict[str, int]
    """Where each name of the header stands."""
    repeated: frozenset[str]
    """Names that the header has twice: nobody can tell which one is meant."""
    frame: pl.DataFrame
    """`line`, and each wanted column of texts, named by its position in the header; in the file's order."""
    damaged: list[Record]
    """Rows that are not what the header announces; not in the frame."""
    lines: pl.DataFrame | None
    """`line` and `text`, to find places in; None in a Parquet file, whose lines are its rows."""
    spanning: bool
    """Whether quoted fields may go over several lines."""
    names: tuple[str, ...] = ()
    """The header."""
    inner: Sequence[Inner] = ()
    """Lines of rows that begin inside of quotes."""
    kinds: dict[str, Kind] | None = None
    """What each wanted column of a Parquet file holds."""

    @property
    def is_empty(self) -> bool:
        return not len(self.frame) and not self.damaged

    def place(self, line: int, position: int) -> tuple[int, int | None]:
        """Line and column of a field of the record that begins on that line."""
        if self.lines is None:
            return line, None
        following = pl.col("line").is_between(line, line + (_LONGEST_RECORD if self.spanning else 0))
        record = "\n".join(self.lines.filter(following)["text"].to_list())
        offset = 0
        for _ in range(position):
            field = _field(self.delimiter).match(record, offset)
            offset = field.end() + 1 if field else offset
        down, column = texts.place(record, min(offset, len(record)))
        return line + down - 1, column


def intake(file: str, text: str, delimiter: str, wanted: Collection[str], head: Head | None = None) -> Table | Problem:
    """The checked table of a decoded text, with the wanted columns, or why the file cannot be trusted.

    With a `head` the text is a part of a file, of whole records, that does not begin with the header.
    """
    lines = _lines(text if head is None else f"{_header_line(head, delimiter)}\n{text}", delimiter, head)
    spanning = bool((lines["quotes"] % 2 == 1).any())
    if not spanning and lines["blank"].any():
        lines = lines.filter(~lines["blank"])
    try:
        header = next(_records(lines if spanning else lines.head(1), delimiter, spanning), None)
    except _UnbalancedError as error:
        return _unbalanced(file, error)
    if header is None:
        return Problem(file, "the file is empty")
    names = [name.strip() for name in header.fields]
    is_doubtful = head is None and not any(name in wanted for name in names)
    if is_doubtful and (problem := _not_the_header(file, header, lines, delimiter, wanted)):
        return problem
    if names[0] not in wanted and (problem := _wrong_delimiter(file, header, delimiter)):
        return problem

    plain = (lines["quotes"] == 0) & (lines["separators"] == len(names) - 1) & (not spanning)
    if plain.all():  # most files: for a small one, each step that Polars is spared counts
        ordinary, suspicious = lines[1:], lines.clear()
    else:
        ordinary, suspicious = lines.filter(plain & (lines["line"] > header.line)), lines.filter(~plain)
    try:
        read = [record for record in _records(suspicious, delimiter, spanning) if record.line > header.line]
    except _UnbalancedError as error:
        return _unbalanced(file, error)
    columns = {name: position for position, name in reversed(list(enumerate(names))) if name}
    positions = sorted(columns[name] for name in wanted if name in columns)
    sound = [record for record in read if record.fault is None and len(record.fields) == len(names)]
    frame = _split(ordinary, delimiter, positions)
    if sound:
        frame = pl.concat([frame, _frame(sound, positions)]).sort("line")
    return Table(
        file=file,
        delimiter=delimiter,
        header_line=header.line,
        columns=columns,
        repeated=frozenset(name for name, count in Counter(names).items() if name and count > 1),
        frame=frame,
        damaged=[
            record._replace(fault=record.fault or _length_fault(len(record.fields), len(names)))
            for record in read
            if record.fault is not None or len(record.fields) != len(names)
        ],
        lines=lines,
        spanning=spanning,
        names=tuple(names),
        inner=[inner for record in read for inner in record.inner],
    )


def is_stray(record: Record) -> bool:
    """Whether its quotes leave open how other programs read on from here."""
    return record.fault == _STRAY_QUOTE


def _header_line(head: Head, delimiter: str) -> str:
    """The header as one line."""
    line = StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="").writerow(name.replace("\n", " ") for name in head.names)
    return line.getvalue()


def _lines(text: str, delimiter: str, head: Head | None) -> pl.DataFrame:
    """Every `line` by number: its `text`, the number of `separators` and `quotes`, whether it is `blank`."""
    # NUL was refused when the file was decoded, so that as a separator it gives one column: the line.
    lines = _read_csv(text, "\0").rename({"column_0": "text"}).with_row_index("line", 1)
    if head is not None:
        lines = lines.with_columns(
            line=pl.when(pl.col("line") == 1).then(0).otherwise(pl.col("line") + (head.line - 2))
        )
        lines = lines.with_columns(pl.col("line").cast(pl.UInt32))
    content = pl.col("text")
    return lines.with_columns(
        separators=content.str.count_matches(delimiter, literal=True),
        quotes=content.str.count_matches('"', literal=True) if '"' in text else pl.lit(0, pl.UInt32),
        blank=~content.str.contains(rf'[^\s"{re.escape(delimiter)}]'),
    ).collect(engine="in-memory")


def _read_csv(text: str, delimiter: str) -> pl.LazyFrame:
    return pl.scan_csv(
        text.encode(),
        has_header=False,
        separator=delimiter,
        quote_char=None,
        infer_schema=False,
        empty_string_is_null=False,
        glob=False,
    )


def _split(lines: pl.DataFrame, delimiter: str, positions: list[int]) -> pl.DataFrame:
    """The wanted columns of lines that have no quotes and all the same number of separators."""
    if not len(lines) or not positions:
        return lines.select("line", *(pl.lit("").alias(str(position)) for position in positions))
    columns = _read_csv(lines["text"].str.join("\n").item(), delimiter)
    wanted = [pl.col(f"column_{position}").alias(str(position)) for position in positions]
    return columns.select(wanted).collect(engine="in-memory").insert_column(0, lines["line"])


def _frame(records: list[Record], positions: list[int]) -> pl.DataFrame:
    return pl.DataFrame(
        {"line": [record.line for record in records]}
        | {str(position): [record.fields[position] for record in records] for position in positions},
        schema={"line": pl.UInt32, **{str(position): pl.String for position in positions}},
    )


class _UnbalancedError(Exception):
    """The quotes of the record that begins on this line leave open where it ends."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


def _records(lines: pl.DataFrame, delimiter: str, spanning: bool) -> Iterator[Record]:
    """The records in these lines, each line one of its own unless they may be `spanning` several."""
    numbers, contents = lines["line"].to_list(), lines["text"].to_list()
    reader = csv.reader((content + "\n" for content in contents), delimiter=delimiter, strict=True)
    while (begin := reader.line_num) < len(contents):
        try:
            fields = next(reader)
        except csv.Error as error:
            raise _UnbalancedError(numbers[begin], str(error)) from error
        if reader.line_num - begin > 1 and not spanning:
            raise _UnbalancedError(numbers[begin], "one is not closed")
        if any(map(str.strip, fields)):
            # In a field that begins without a quote, csv takes quotes as they are; other programs do not.
            stray = any('"' in field for field in fields) and not _well_formed(delimiter).fullmatch(
                "\n".join(contents[begin : reader.line_num])
            )
            inner = _inner(numbers, contents, begin, reader.line_num) if reader.line_num - begin > 1 else ()
            yield Record(numbers[begin], fields, _STRAY_QUOTE if stray else None, inner)


def _inner(numbers: list[int], contents: list[str], begin: int, end: int) -> tuple[Inner, ...]:
    """Of a record's lines from `begin` to before `end` those that begin inside of quotes."""
    found: list[Inner] = []
    opening: int | None = None
    for number, content in zip(numbers[begin:end], contents[begin:end], strict=True):
        if opening is not None:
            found.append(Inner(opening, number, content))
        if content.count('"') % 2:
            opening = number if opening is None else None
    return tuple(found)


@cache
def _field(delimiter: str) -> re.Pattern[str]:
    other = rf"[^{re.escape(delimiter)}\n]*+"
    return re.compile(rf'"(?:[^"]|"")*+"{other}|{other}')


@cache
def _well_formed(delimiter: str) -> re.Pattern[str]:
    field = rf'(?:"(?:[^"]|"")*+"|[^"{re.escape(delimiter)}]*+)'
    return re.compile(rf"{field}(?:{re.escape(delimiter)}{field})*+")


def _length_fault(found: int, expected: int) -> str:
    return f"the row has {found} field{'s' * (found != 1)}, the header {expected}"


def _unbalanced(file: str, error: _UnbalancedError) -> Problem:
    message = f"the quotes do not balance: {error}"
    return Problem(file, message, error.line, hint=UNBALANCED)


def _not_the_header(
    file: str, header: Record, lines: pl.DataFrame, delimiter: str, wanted: Collection[str]
) -> Problem | None:
    """A first line, without any wanted column, that stands above the header."""
    first = lines.filter(pl.col("line") == header.line)["text"].item()
    message = f"line {header.line} is not the header"
    if separator := _SEPARATOR_LINE.fullmatch(first):
        hint = "delete this line"
        if separator[1] != delimiter:
            hint += f', and write delimiter = "{_shown(separator[1])}" in the source\'s table'
        return Problem(file, f"{message}, it names a delimiter: {quoted(first)}", header.line, hint=hint)
    hint = "delete the lines above the header"
    for number, content in lines.head(_LINES_ABOVE).select("line", "text").iter_rows():
        if any(_names_columns(content, one, wanted) for one in {delimiter, *_OTHER_DELIMITERS}):
            if number == header.line:  # it is the header, cut at another delimiter
                return None
            return Problem(file, f"{message}: line {number} has the columns that are read", header.line, hint=hint)
    if first.startswith("#") and len(header.fields) == 1:
        return Problem(file, f"{message}, it is a comment: {quoted(first)}", header.line, hint=hint)
    return None


def _names_columns(line: str, delimiter: str, wanted: Collection[str]) -> bool:
    """Whether at least two of the wanted columns, or the only one, are fields of the line."""
    fields = {field.strip().strip('"').strip() for field in line.split(delimiter)}
    return len(fields.intersection(wanted)) >= min(2, len(wanted))


def _shown(delimiter: str) -> str:
    """As a definition writes it."""
    return "\\t" if delimiter == "\t" else delimiter


def _wrong_delimiter(file: str, header: Record, delimiter: str) -> Problem | None:
    """A header in one piece that another delimiter would cut."""
    if len(header.fields) > 1:
        return None
    name = header.fields[0]
    for other in _OTHER_DELIMITERS:
        if other != delimiter and other in name:
            message = f"the header is one column: {quoted(name)}"
            return Problem(file, message, header.line, hint=f'delimiter = "{_shown(other)}"')
    return None

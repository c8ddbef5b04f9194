"""A reading of CSV files so slow and plain that it can be checked by eye: what kpitui's is held against.

One row after the other, by Python's `csv`, `decimal` and `datetime`. It shares nothing with kpitui but the
declaration: which file, which columns, how numbers and dates are written.
"""

from __future__ import annotations

import csv
import gzip
import re
import statistics
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from kpitui.definitions.model import Measure, Source

DAY = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"([T ]([01][0-9]|2[0-3]):?[0-5][0-9](:?[0-5][0-9]([.,][0-9]+)?)? ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)
BLANKS = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace() and sign not in "\x1c\x1d\x1e\x1f")
"""As Unicode has them; Python's `strip` takes four control characters for blanks, too."""
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Of byte order; nothing to see, and nothing is meant by it at the beginning of a line."""


class Figure(NamedTuple):
    """One measure's value in one day, week or month."""

    value: Decimal
    size: Decimal
    """Of all that went into it: by this is judged how near a float comes to it."""


class Strict(NamedTuple):
    """What a file says of one measure."""

    figures: dict[date, Figure]
    """By the first day of a month, the fourth of a week, or the day; none where one of its rows cannot be read."""
    doubtful: set[range]
    """The lines of each row that holds, or may hold, a value that is in no figure."""
    repeated: set[date]
    """Of which two rows are of the same date, segments and `where` columns."""


class Row(NamedTuple):
    """One record of a file."""

    lines: range
    fields: dict[str, str]
    """By the header's names."""
    whole: bool
    """Whether it has as many fields as the header."""
    day: date | None


def read_strictly(
    content: bytes, source: Source, measures: Sequence[Measure], *, packed: bool
) -> dict[str, Strict | None]:
    """By measure id; None where the file, or a column that the measure needs, is not what was declared."""
    text = text_of(content, source.encoding, packed)
    table = None if text is None else rows_of(text, source)
    if table is None:
        return dict.fromkeys([measure.id for measure in measures])
    header, rows = table
    where = {column for measure in measures for column, _ in measure.where}
    identity = sorted({*source.segments, *where, *([source.measure] if source.measure else [])})
    found: dict[str, Strict | None] = {}
    for measure in measures:
        needed = [source.date, *(column for column, _ in measure.where)]
        needed += [column for column in (source.measure, value_column(source, measure)) if column]
        if source.recorded:
            needed += [source.recorded, *(identity if source.frequency != "event" else [])]
        sound = all(header.count(column or "") == 1 for column in needed)
        found[measure.id] = read_measure(rows, source, measure, identity) if sound else None
    return found


def text_of(content: bytes, encoding: str, packed: bool) -> str | None:
    """The file's text with one kind of line end, None where it is no text."""
    try:
        text = (gzip.decompress(content) if packed else content).decode(encoding)
    except (UnicodeError, EOFError, OSError, zlib.error):
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a")
    broken = "\0" in text or "\x1a" in text or re.search("^(<{7}|>{7})( |$)", text, re.MULTILINE)
    return None if broken else text


def rows_of(text: str, source: Source) -> tuple[list[str], list[Row]] | None:
    """The header and the rows below it."""
    lines = (line.lstrip(MARK) + "\n" for line in text.split("\n"))
    reader = csv.reader(lines, delimiter=source.delimiter, strict=True)
    header: list[str] = []
    rows: list[Row] = []
    before = 0
    try:
        for record in reader:
            span, before = range(before + 1, reader.line_num + 1), reader.line_num
            fields = [field.strip(BLANKS) for field in record]
            if not any(map(str.strip, fields)):
                continue
            if not header:
                header = fields
                if header.count(source.date) != 1:
                    return None
                continue
            named = dict(zip(header, fields, strict=False))
            day = day_of(named.get(source.date, ""), source)
            rows.append(Row(span, named, len(fields) == len(header), day))
    except csv.Error:
        return None
    return (header, rows) if header else None


def read_measure(rows: list[Row], source: Source, measure: Measure, identity: list[str]) -> Strict:
    """One measure, row by row."""
    values: dict[date, list[tuple[date, Decimal]]] = defaultdict(list)
    lost: set[date] = set()
    doubtful: set[range] = set()
    keys: list[tuple[date, tuple[str | None, ...]]] = []
    column = value_column(source, measure)
    latest = latest_of(rows, source, identity)
    for row in rows:
        written = row.fields.get(column or "", "")
        if row.whole and (not is_of(measure, source, row) or (column and is_missing(written, source))):
            continue
        if row.day is None:
            doubtful.add(row.lines)
            continue
        unit = unit_of(row.day, source)
        key = row.day, *(row.fields.get(name) for name in identity)
        if row.whole and source.recorded:
            moment = moment_of(row.fields[source.recorded])
            if moment is None:
                doubtful.add(row.lines)
                if key not in latest:
                    lost.add(unit)
                continue
            if source.frequency != "event" and moment < latest[key]:
                continue
        number = Decimal(0) if measure.aggregate == "count" else number_of(written, source)
        if row.whole and number is not None:
            values[unit].append((row.day, number))
        else:
            lost.add(unit)
            doubtful.add(row.lines)
        if row.whole and measure.aggregate != "count":
            keys.append((unit, tuple(row.fields.get(name) for name in identity)))
    figures = {unit: aggregated(measure.aggregate, found) for unit, found in values.items() if unit not in lost}
    repeated = {unit for (unit, _), count in Counter(keys).items() if count > 1 and source.frequency != "event"}
    return Strict(figures, doubtful, repeated)


def latest_of(rows: list[Row], source: Source, identity: list[str]) -> dict[tuple[object, ...], datetime]:
    """When what is known of each date, with its segments, was last recorded."""
    latest: dict[tuple[object, ...], datetime] = {}
    for row in rows:
        if source.recorded and row.whole and row.day and (moment := moment_of(row.fields[source.recorded])):
            key = row.day, *(row.fields.get(column) for column in identity)
            latest[key] = max(moment, latest.get(key, moment))
    return latest


def value_column(source: Source, measure: Measure) -> str | None:
    """Where the measure's values stand, None where rows are counted."""
    return source.value if source.layout == "long" else measure.column


def is_of(measure: Measure, source: Source, row: Row) -> bool:
    """Whether the row is one of the measure's."""
    if source.layout == "long" and row.fields[source.measure or ""] != measure.key:
        return False
    return all(row.fields[column] in texts for column, texts in measure.where)


def is_missing(text: str, source: Source) -> bool:
    """Whether the cell holds no value."""
    return text in ("", *source.missing)


def number_of(text: str, source: Source) -> Decimal | None:
    """A number that a float can hold."""
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    mark = re.escape(source.decimal)
    if source.thousands and re.fullmatch(
        rf"[+-]?[0-9]{{1,3}}({re.escape(source.thousands)}[0-9]{{3}})+({mark}.*)?", text
    ):
        text = text.replace(source.thousands, "")
    if not re.fullmatch(rf"[+-]?([0-9]+({mark}[0-9]*)?|{mark}[0-9]+)([eE][+-]?[0-9]+)?", text):
        return None
    number = Decimal(text.replace(source.decimal, "."))
    if number != 0 and not Decimal("1e-320") < abs(number) <= Decimal("1e290"):
        return None
    few_digits = len(number.normalize().as_tuple().digits) <= 15
    return number if abs(number) < 2**53 or few_digits or number == Decimal(float(number)) else None


def day_of(text: str, source: Source) -> date | None:
    """The day that is written, or the one that stands for the week or month that is."""
    try:
        if source.date_format:
            day = datetime.strptime(text, source.date_format).replace(tzinfo=UTC).date()
        elif match := DAY.fullmatch(text):
            day = date.fromisoformat(match[1])
        elif source.frequency == "weekly" and re.fullmatch("[0-9]{4}-W[0-9]{2}", text):
            day = date.fromisocalendar(int(text[:4]), int(text[-2:]), 4)
        elif source.frequency == "monthly" and re.fullmatch("[0-9]{4}-[0-9]{2}", text):
            day = date(int(text[:4]), int(text[-2:]), 1)
        else:
            return None
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


def unit_of(day: date, source: Source) -> date:
    """What stands for the day, week or month of which the source has a value."""
    if source.frequency == "weekly":
        return day + timedelta(days=3 - day.weekday())
    return day.replace(day=1) if source.frequency == "monthly" else day


def moment_of(text: str) -> datetime | None:
    """When a row was recorded; without a time zone it is universal time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not 1900 <= moment.year <= 2200:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def aggregated(aggregate: str, found: list[tuple[date, Decimal]]) -> Figure:
    """What the rows of a day, week or month come to."""
    numbers = [number for _, number in found]
    size = sum(map(abs, numbers), Decimal(0))
    first, last = min(day for day, _ in found), max(day for day, _ in found)
    match aggregate:
        case "sum":
            value = sum(numbers, Decimal(0))
        case "count":
            value = Decimal(len(numbers))
        case "mean":
            value = sum(numbers, Decimal(0)) / len(numbers)
        case "median":
            value = statistics.median(numbers)
        case "min":
            value = min(numbers)
        case "max":
            value = max(numbers)
        case "first":
            value = sum((number for day, number in found if day == first), Decimal(0))
        case _:
            value = sum((number for day, number in found if day == last), Decimal(0))
    return Figure(value, size)

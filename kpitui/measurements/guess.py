"""What a CSV file probably is: guessed from its beginning, for a person to confirm.

Reading goes by declaration and never by guess; this is where a first declaration comes from. What is guessed here is
written into definitions, and the file is then read as any other is, which tells what does not fit.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

from kpitui.measurements import contents
from kpitui.measurements.dates import DECLARED_FORMAT, Dates, format_grain
from kpitui.measurements.findings import has_digit, quoted
from kpitui.measurements.numbers import Grammar
from kpitui.measurements.text import decode
from kpitui.periods import Calendar, Grain
from kpitui.problems import Problem
from kpitui.terms import Frequency

_LOOKED_AT = 4 << 20
"""Bytes."""
_ROWS = 20_000
_DELIMITERS = ",;\t|"
_GRAMMARS = (
    Grammar(),
    Grammar(".", ","),
    Grammar(",", None),
    Grammar(",", "."),
    Grammar(",", " "),
    Grammar(".", " "),
    Grammar(".", "'"),
)
"""The first that reads most of a file's numbers is taken."""
_MOST = 0.8
"""Of a column's cells that are not blank: so many make it a column of numbers, or of dates."""
_FEW_TEXTS = 60
"""A column of more different texts is something to break a KPI down by only where rows are the same without it."""
_NO_VALUE = re.compile(r"(?i)n\.?/?a\.?|k\.? ?a\.?|nan|null|none|nil|missing|unknown|tbd|--+|\.+|#n/?a|#n/v")
"""What stands in cells for "no value"; another word may be a damaged number."""
_UNDERSTOOD_MISSING = ("", "N/A", "-")
_DATE_NAME = re.compile(r"(?i)date|day|week|month|quarter|year|period|time|datum|tag|woche|monat|jahr|fecha|mois")
_ID_NAME = re.compile(r"(?i)(^|[-_ ])(id|ids|code|zip|postcode|phone|nr|no|uuid|key)$")
_METRIC_NAME = re.compile(r"(?i)metric|measure|kpi|indicator|variable|series")
_CODED_ENCODING = re.compile(r'encoding = "([^"]+)"')
_NEIGHBOURS: tuple[tuple[int, int, Frequency], ...] = (
    (6, 8, "weekly"),
    (27, 32, "monthly"),
    (88, 93, "quarterly"),
    (360, 370, "yearly"),
)
"""Days from one date to the next, from and to."""
_GRAIN_FREQUENCY: dict[Grain, Frequency] = {
    Grain.DAY: "daily",
    Grain.WEEK: "weekly",
    Grain.MONTH: "monthly",
    Grain.QUARTER: "quarterly",
    Grain.YEAR: "yearly",
}
_SATURDAY = 5
_TWO_WEEKS = 14


class NumberColumn(NamedTuple):
    """A column of numbers, or the rows of a long file with one key."""

    name: str
    values: tuple[float, ...]
    """Those at the beginning of the file."""


class TableGuess(NamedTuple):
    """A CSV file as it probably has to be declared."""

    encoding: str
    delimiter: str
    grammar: Grammar
    missing: tuple[str, ...]
    """Words that mean "no value", beside those that are understood anyway."""
    date: str
    """The column that says when."""
    date_formats: tuple[str, ...]
    """Empty where the dates need none; two where a person has to say which is meant."""
    date_example: str
    frequency: Frequency
    numbers: tuple[NumberColumn, ...]
    segments: tuple[str, ...]
    """Columns of a few texts that repeat."""
    metric: str | None
    """Long layout: the column that says what a row measures; `numbers` are then its texts."""
    value: str | None
    """Long layout: the column of the values."""
    left_out: tuple[tuple[str, str], ...]
    """Columns that are none of these, each with the reason; empty where it is just a text."""
    doubtful: str
    """A cell that may be another number: `1.205`; empty where there is none."""
    newest: datetime.date
    """Day of the last period that was seen."""


def guess(folder: Path, file: str, date_format: str | None = None) -> TableGuess | Problem:
    """What the file probably is, or the reason why nothing can be said of it; `file` is relative to the folder.

    `date_format` is what a person says of its dates.
    """
    found = _text(folder, file)
    if isinstance(found, Problem):
        return found
    encoding, text = found
    delimiter = _delimiter(text)
    rows = list(islice(_rows(text, delimiter), _ROWS))
    width = _usual_width(rows)
    if width < 2:
        return Problem(file, "there are no two columns in it, so no dates beside values", 1)
    first = next(n for n, (_, row) in enumerate(rows) if len(row) == width and not row[0].startswith("sep="))
    line, header = rows[first][0], [name.strip() for name in rows[first][1]]
    if first:
        return Problem(file, f"the columns begin in line {line}", 1, hint="delete the lines above the header")
    if sum(_is_day(name) for name in header) > 1:
        return Problem(file, "there is a column for each period", line, hint="one row per period, and a date in it")
    if any(Grammar().read(name) is not None for name in header):
        return Problem(file, "the first line holds numbers; it should name the columns", line)
    cells = [row for _, row in rows[1:] if len(row) == width]
    if not cells:
        return Problem(file, "there are no rows under the header", line)
    columns = {
        name: [row[at].strip() for row in cells] for at, name in enumerate(header) if name and header.count(name) == 1
    }
    when = _date_column(columns, date_format)
    if when is None and date_format:
        return Problem(file, f"no column holds dates of the form {quoted(date_format)}", 1)
    if when is None:
        return Problem(
            file, "no column holds dates", 1, hint="one column has to say when, such as 2026-10-31 or 2026-10"
        )
    return _table(encoding, delimiter, columns, when)


class _When(NamedTuple):
    """The column of dates, and how it is read."""

    name: str
    formats: tuple[str, ...]
    grain: Grain

    def days(self, texts: Sequence[str]) -> list[datetime.date | None]:
        dates = Dates(self.formats[0] if self.formats else None, self.grain, Calendar())
        return [dates.read(text) for text in texts]


def _text(folder: Path, file: str) -> tuple[str, str] | Problem:
    """The encoding, and the text at the file's beginning, whole lines of it."""
    try:
        whole = contents.whole(folder, file) if (folder / file).stat().st_size <= _LOOKED_AT else None
        raw = next(contents.pieces(folder, file, _LOOKED_AT), b"") if whole is None else whole
    except contents.UnreadableError as error:
        return error.problem
    except OSError as error:
        return Problem(file, f"the file cannot be read: {error.strerror}")
    if isinstance(raw, Problem):
        return raw
    if whole is None and b"\0" not in raw[:_LOOKED_AT]:
        raw = raw[: raw.rfind(b"\n") + 1] or raw
    encoding = "utf-8"
    text = decode(file, raw, encoding)
    if isinstance(text, Problem) and text.hint and (other := _CODED_ENCODING.search(text.hint)):
        encoding = other[1]
        text = decode(file, raw, encoding)
    return text if isinstance(text, Problem) else (encoding, text)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them, and the line each ends in; a quote that is never closed ends them."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error:
        return


def _delimiter(text: str) -> str:
    """The one that cuts most of the first rows into the same number of cells, and into most of them."""

    def fit(delimiter: str) -> tuple[int, int]:
        rows = list(islice(_rows(text, delimiter), 100))
        width = _usual_width(rows)
        return (sum(len(row) == width for _, row in rows), width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=fit)


def _usual_width(rows: Sequence[tuple[int, list[str]]]) -> int:
    """How many cells most rows have; of two as frequent ones the larger, for titles and totals are short."""
    widths = Counter(len(row) for _, row in rows[:100])
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _is_day(text: str) -> bool:
    """Whether a text names a day or a period, and not just a year."""
    return not text.isdigit() and _when("", [text], likely=True) is not None


def _date_column(columns: dict[str, list[str]], date_format: str | None) -> _When | None:
    """The first column of dates, those first that are named like one."""
    named = sorted(columns, key=lambda name: not _DATE_NAME.search(name))
    first = next(iter(columns))
    for name in named:
        likely = name == first or bool(_DATE_NAME.search(name))
        texts = [text for text in columns[name] if text]
        found = _declared(name, texts, date_format) if date_format else _when(name, texts, likely=likely)
        if found:
            return found
    return None


def _declared(name: str, texts: Sequence[str], date_format: str) -> _When | None:
    when = _When(name, (date_format,), format_grain(date_format) or Grain.DAY)
    return when if texts and sum(day is not None for day in when.days(texts)) >= len(texts) * _MOST else None


def _when(name: str, texts: Sequence[str], *, likely: bool) -> _When | None:
    """How the texts are read as dates; bare numbers are only where a column is likely to hold dates."""
    if not texts or (not likely and all(text.isdigit() for text in texts)):
        return None
    enough = len(texts) * _MOST
    calendar = Calendar()
    if sum(day is not None for day in _When(name, (), Grain.DAY).days(texts)) >= enough:
        return _When(name, (), Grain.DAY)
    grains = Counter(period.grain for text in texts if (period := calendar.parse(text)))
    if grains and grains.most_common(1)[0][1] >= enough:
        return _When(name, (), grains.most_common(1)[0][0])
    for grain in (Grain.DAY, Grain.MONTH):
        cure = Dates(None, grain, calendar).cure([text for text in texts if has_digit(text)], []) or ""
        formats = tuple(DECLARED_FORMAT.findall(cure))
        if formats and sum(day is not None for day in _When(name, formats, grain).days(texts)) >= enough:
            return _When(name, formats, format_grain(formats[0]) or grain)
    return None


def _table(encoding: str, delimiter: str, columns: dict[str, list[str]], when: _When) -> TableGuess:
    others = {name: texts for name, texts in columns.items() if name != when.name}
    grammar = max(_GRAMMARS, key=lambda one: sum(_is_numeric(texts, one) for texts in others.values()))
    days = when.days(columns[when.name])
    numeric = {
        name: texts for name, texts in others.items() if _is_numeric(texts, grammar) and not _ID_NAME.search(name)
    }
    texts_of = {name: texts for name, texts in others.items() if not _is_numeric(texts, grammar)}
    segments = [name for name, texts in texts_of.items() if _repeats(texts) and len(set(texts)) <= _FEW_TEXTS]
    metric = next((name for name in segments if _METRIC_NAME.search(name)), None) if len(numeric) == 1 else None
    more = [name for name in others if name not in numeric and name not in segments and _repeats(others[name])]
    while more and _most_rows_alike(days, [columns[name] for name in segments]) > 1:
        segments.append(more.pop(0))
    value = next(iter(numeric)) if metric else None
    missing = tuple(dict.fromkeys(word for texts in numeric.values() for word in _missing_words(texts, grammar)))
    if metric and value:
        segments.remove(metric)
        numbers = _by_key(columns[metric], numeric[value], grammar)
    else:
        numbers = tuple(NumberColumn(name, _values(texts, grammar)) for name, texts in numeric.items())
    alike = _most_rows_alike(days, [columns[name] for name in (*segments, *([metric] if metric else []))])
    used = {when.name, *numeric, *segments, metric}
    return TableGuess(
        encoding=encoding,
        delimiter=delimiter,
        grammar=grammar,
        missing=missing,
        date=when.name,
        date_formats=when.formats,
        date_example=next(text for text in columns[when.name] if text),
        frequency=_frequency(when.grain, days, alike=alike),
        numbers=numbers,
        segments=tuple(segments),
        metric=metric,
        value=value,
        left_out=tuple((name, _reason(columns[name], grammar)) for name in columns if name not in used),
        doubtful=next((cell for texts in numeric.values() if (cell := _doubtful(texts, grammar))), ""),
        newest=max(day for day in days if day is not None),
    )


def _values(texts: Sequence[str], grammar: Grammar) -> tuple[float, ...]:
    return tuple(value for text in texts if (value := grammar.read(text)) is not None)


def _by_key(keys: Sequence[str], texts: Sequence[str], grammar: Grammar) -> tuple[NumberColumn, ...]:
    found: dict[str, list[str]] = {}
    for key, text in zip(keys, texts, strict=True):
        if key:
            found.setdefault(key, []).append(text)
    return tuple(NumberColumn(key, _values(of_key, grammar)) for key, of_key in found.items())


def _is_numeric(texts: Sequence[str], grammar: Grammar) -> bool:
    written = [text for text in texts if text not in _UNDERSTOOD_MISSING and not _NO_VALUE.fullmatch(text)]
    read = sum(grammar.read(text) is not None for text in written)
    return bool(written) and read >= len(written) * _MOST


def _missing_words(texts: Sequence[str], grammar: Grammar) -> list[str]:
    """Words in a column of numbers that stand for no value."""
    return sorted({text for text in texts if _NO_VALUE.fullmatch(text) and grammar.read(text) is None})


def _reason(texts: Sequence[str], grammar: Grammar) -> str:
    """Why a column with numbers in it is not one of numbers: its first cell that is none, and what to do."""
    written = [text for text in texts if text not in _UNDERSTOOD_MISSING and not _NO_VALUE.fullmatch(text)]
    bad = [text for text in written if grammar.read(text) is None]
    if not bad or sum(map(has_digit, written)) * 2 < len(written):
        return ""
    remedy = grammar.remedy(bad[0])
    if remedy is None and len(bad) == len(written):
        return ""
    return f"{quoted(bad[0])} is no number" + (f": {remedy}" if remedy else "")


def _doubtful(texts: Sequence[str], grammar: Grammar) -> str:
    """The first cell of a column in which every mark may stand for decimals as well as for thousands."""
    mark = re.escape(grammar.thousands or grammar.decimal)
    marked = [text for text in texts if re.search(mark, text)]
    alike = all(re.fullmatch(rf"-?[1-9]\d{{0,2}}{mark}\d{{3}}", text) for text in marked)
    return marked[0] if marked and alike and (grammar.thousands or grammar.decimal) in ".," else ""


def _repeats(texts: Sequence[str]) -> bool:
    """Whether the column says of what kind a row is, and not something about each."""
    different = len(set(texts) - {""})
    return different > 1 and different * 2 <= len(texts)


def _most_rows_alike(days: Sequence[datetime.date | None], keys: Sequence[Sequence[str]]) -> int:
    """How many rows have the same date and the same text in each of the columns."""
    rows = Counter((day, *(column[at] for column in keys)) for at, day in enumerate(days) if day is not None)
    return max(rows.values(), default=0)


def _frequency(grain: Grain, days: Sequence[datetime.date | None], *, alike: int) -> Frequency:
    """How often a value is due; rows that nothing tells apart are events."""
    if grain is not Grain.DAY:
        return _GRAIN_FREQUENCY[grain]
    if alike > 1:
        return "event"
    dates = sorted({day for day in days if day is not None})
    gaps = [(later - earlier).days for earlier, later in pairwise(dates)]
    usual = median(gaps) if gaps else 0
    for least, most, frequency in _NEIGHBOURS:
        if least <= usual <= most:
            return frequency
    if usual > 1:
        return "event"
    at_weekends = any(day.weekday() >= _SATURDAY for day in dates)
    return "daily" if at_weekends or len(dates) < 2 or (dates[-1] - dates[0]).days < _TWO_WEEKS else "weekdays"

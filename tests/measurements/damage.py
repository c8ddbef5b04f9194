"""Files as exports leave them, of several shapes, and what can happen to them on their way."""

from __future__ import annotations

import csv
import gzip
from io import StringIO
from typing import Any, NamedTuple

from hypothesis import strategies as st

from kpitui.definitions.model import Definitions, Measure, Source
from kpitui.terms import Aggregate

PAID = (("channel", ("paid",)),)
MAIL_IN_EU = (("channel", ("mail", "a, b")), ("region", ("EU",)))


def measure(id_: str, aggregate: Aggregate, **more: Any) -> Measure:
    return Measure(id_, id_.title(), "s", aggregate, **more)


SUMS = tuple(
    measure(aggregate, aggregate, column=column)
    for aggregate, column in (("sum", "leads"), ("count", "leads"), ("mean", "cost"), ("min", "leads"), ("max", "cost"))
)
"""What is read the fastest way."""
ALL = (
    *SUMS,
    *(measure(aggregate, aggregate, column="leads") for aggregate in ("first", "last", "median")),
    measure("paid", "sum", column="leads", where=PAID),
    measure("mail", "mean", column="cost", where=MAIL_IN_EU),
    measure("rows", "count", where=PAID),
)
KEYED = tuple(
    measure(f"{key}_{aggregate}", aggregate, key=key)
    for key, aggregate in (("leads", "sum"), ("leads", "count"), ("cost", "mean"), ("cost", "max"))
)
KEYED_ALL = (
    *KEYED,
    measure("leads_last", "last", key="leads"),
    measure("cost_median", "median", key="cost"),
    measure("paid", "sum", key="leads", where=PAID),
)


class Shape(NamedTuple):
    """A kind of file, as it is declared and as it is written."""

    name: str
    declared: dict[str, Any]
    measures: tuple[Measure, ...]
    days: tuple[str, ...]
    numbers: tuple[str, ...] = ("1", "2.5", "-3", "", "0.1", "4", "N/A", "1e2", "007", "0", "12345.678", "7")
    packed: bool = False

    @property
    def definitions(self) -> Definitions:
        """A workspace with this one source."""
        return Definitions(
            "Test", sources={"s": self.source}, measures={measure.id: measure for measure in self.measures}
        )

    @property
    def file(self) -> str:
        return "a.csv.gz" if self.packed else "a.csv"

    @property
    def source(self) -> Source:
        return Source("s", (self.file,), "date", **self.declared)

    @property
    def header(self) -> tuple[str, ...]:
        if self.source.layout == "long":
            return ("date", "metric", "channel", "value")
        return ("date", "channel", "region", "leads", "cost", *(["at"] if self.source.recorded else []))


DAYS = ("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-01T10:30", "2024-02-29")
GERMAN = ("1,5", "-1.234,5", "1.234.567", "12", "", "0,25", "-", "3")
ENGLISH = ("1.5", "-1,234.5", "1,234,567", "12", "", "-", "3")
LONG: dict[str, Any] = {"layout": "long", "measure": "metric", "value": "value"}

SHAPES = [
    Shape("daily sums", {"frequency": "daily"}, SUMS, DAYS),
    Shape("daily", {"frequency": "daily", "segments": ("channel", "region")}, ALL, DAYS),
    Shape("events", {"frequency": "event", "encoding": "latin-1"}, ALL, DAYS),
    Shape("event sums", {"frequency": "event"}, SUMS, DAYS),
    Shape("weeks", {"frequency": "weekly", "delimiter": "\t"}, ALL, ("2026-W01", "2026-W02", "2025-12-30", "2026-W53")),
    Shape("months", {"frequency": "monthly", "segments": ("channel",)}, ALL, ("2026-01", "2026-02", "2026-02-28")),
    Shape("month sums", {"frequency": "monthly"}, SUMS, ("2026-01", "2026-02", "2026-03")),
    Shape(
        "German",
        {"frequency": "daily", "delimiter": ";", "decimal": ",", "thousands": ".", "date_format": "%d.%m.%Y"},
        ALL,
        ("01.01.2026", "02.01.2026", "28.02.2026"),
        GERMAN,
    ),
    Shape(
        "English",
        {"frequency": "event", "thousands": ",", "date_format": "%d/%m/%Y", "missing": ("-", "none")},
        ALL,
        ("01/01/2026", "02/01/2026", "31/01/2026"),
        ENGLISH,
    ),
    Shape(
        "revisions",
        {"frequency": "daily", "segments": ("channel", "region"), "recorded": "at"},
        ALL,
        DAYS[:2],
    ),
    Shape("recorded events", {"frequency": "event", "recorded": "at"}, SUMS, DAYS),
    Shape("long sums", {"frequency": "daily", **LONG}, KEYED, DAYS),
    Shape("long", {"frequency": "event", "segments": ("channel",), "delimiter": ";", **LONG}, KEYED_ALL, DAYS),
    Shape("long weeks", {"frequency": "weekly", **LONG}, KEYED_ALL, ("2026-W01", "2026-W02", "2026-01-05")),
    Shape("packed", {"frequency": "daily", "segments": ("channel",)}, ALL, DAYS, packed=True),
    Shape("UTF-16", {"frequency": "daily", "encoding": "utf-16"}, SUMS, DAYS),
]

TIMES = ("2026-02-01", "2026-02-02T09:30:00Z", "2026-02-02T10:30:00+02:00", "2026-02-03 08:00", "", "soon")


def words(text: str) -> list[str]:
    return text.split()


def lines(text: str) -> list[str]:
    return text.split("\n")


NUMBERS = (
    *words("1e400 -1e400 1e-400 1e-310 1e290 1e300 nan inf Infinity 1_000 0x10 1,234 1.234 1.234,5 1'234 12,34"),
    *words("9007199254740993 123456789012345678 0.1234567890123456789 1234567,5 12.345.678 1,5 1;5 1.23.456 -0 00 0e5"),
    *words("٣ １２ −5 5− --1 (5) 5% €5 + +7 . 5. .5 1e 1e5.5 1E+2 1d5 5f #REF! =1+1 - N/A n/a null true"),
    *(
        "9" * 400,
        "0" * 99 + "1",
        "5 EUR",
        "1 234",
        "5\x1c",
        "5\x85",
        "\N{NO-BREAK SPACE}5",
        "5\N{NARROW NO-BREAK SPACE}",
    ),
    *("5\N{ZERO WIDTH SPACE}", "\N{ZERO WIDTH NO-BREAK SPACE}5"),
)
DATES = (
    *words("2026-01-32 2026-02-29 2026-1-1 20260101 01/02/2026 31/01/2026 01/31/2026 1/1/2026 26-01-01 01.02.26"),
    *words("2026-01-01T25:00 2026-01-01T10:30:00.5+02:00 9999-01-01 0001-01-01 1899-12-31 31.02.2026 ٢٠٢٦-٠١-٠١"),
    *words("1.1.2026 2026-W01 2026-W1 2026-W54 2025-W53 2026-01 2026-13 2026-Q1 2026 FY2026 date Total − today"),
    *("2026-01-01 10", "2026-01-01 10:30", "02.01.2026 00:00", "Jan 2026", "Summe 2026", "* estimated"),
    *("2026-01-01\x1c", "\N{NO-BREAK SPACE}2026-01-01"),
)
TEXTS = (
    *("paid", "Paid", "mail", "paid ", "paid\x1c", "\N{NO-BREAK SPACE}paid", "pai\N{ZERO WIDTH SPACE}d", "EU", "leads"),
    *("Leads", "cost", "other", "channel", "None", '"', '""', '12"', '"paid" ', "a\nb", "\n", ";", ",", "\t", "|", " "),
)
"""What may stand where a number, a date or a text is meant."""
FOREIGN_LINES = lines("""
Total
Total,,,12,3
Total;;;12;3
Sum of 2026,,,9,9
,,,7,7
,
;;;;
\t
""
# comment
---
Source: CRM, exported 2026-02-01
Exported on 2026-02-01
2026-01-02
2026-01-02,paid
1,2,3,4,5,6,7,8,9
<<<<<<< HEAD
=======
>>>>>>> theirs
<<<<<<<
<html><body>Please log in</body></html>
{"a": 1}
[1, 2]
date,channel,region,leads,cost
date,channel,region,cost,leads
date;metric;channel;value
date,leads
sep=;
\x1a
\0
\N{ZERO WIDTH NO-BREAK SPACE}
…
"
"open
é""")
PIECES = (
    *'",;\t\n\r\x1a\0 -+.%eExX0159|\x0b\x0c\x1c\x85\N{NO-BREAK SPACE}\N{LINE SEPARATOR}\N{ZERO WIDTH SPACE}−é٣',
    *("\r\n", "\n\r", "\n\n", '""', '","', ",,", ";;", "2026-01-03", "2026", "paid", "Total", "N/A"),
    *("e308", "00000000", "99999999", "\N{ZERO WIDTH NO-BREAK SPACE}"),
)
RAW = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", *(bytes([byte]) for byte in b'\x00\x1a\xe9\xa0\xc3\r\n",\x80-'))
OTHER_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252", "utf-32")


@st.composite
def rows_of(draw: st.DrawFn, shape: Shape) -> list[list[str]]:
    """Two to seven sound rows, below the header."""
    long = shape.source.layout == "long"
    channel = st.sampled_from(("paid", "mail", "a, b", "Größe"))
    number, day = st.sampled_from(shape.numbers), st.sampled_from(shape.days)
    if long:
        cells = st.tuples(day, st.sampled_from(("leads", "cost", "other")), channel, number)
    else:
        cells = st.tuples(day, channel, st.sampled_from(("EU", "US")), number, number)
        if shape.source.recorded:
            cells = st.tuples(cells, st.sampled_from(TIMES)).map(lambda both: (*both[0], both[1]))
    return [list(shape.header), *map(list, draw(st.lists(cells, min_size=2, max_size=7)))]


def written(rows: list[list[str]], delimiter: str) -> str:
    out = StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _place(draw: st.DrawFn, length: int, first: int = 0) -> int:
    return draw(st.integers(min(first, max(length - 1, 0)), max(length - 1, 0)))


def cells_damaged(draw: st.DrawFn, rows: list[list[str]]) -> None:
    """A cell is replaced, emptied, put in, taken away, or changes places with its neighbour."""
    row = rows[_place(draw, len(rows), draw(st.sampled_from((1, 1, 1, 1, 1, 0))))]
    at = draw(st.sampled_from((0, *range(len(row)))))  # most depends on the date
    match draw(st.sampled_from(("other", "other", "other", "other", "other", "empty", "in", "out", "swap"))):
        case "other":
            name = rows[0][at] if at < len(rows[0]) else ""
            meant = DATES if name in ("date", "at") else NUMBERS if name in ("leads", "cost", "value") else TEXTS
            texts = draw(st.sampled_from((meant, meant, meant, DATES + NUMBERS + TEXTS)))
            row[at : at + 1] = [draw(st.sampled_from(texts))]
        case "empty":
            row[at : at + 1] = [""]
        case "in":
            row.insert(at, draw(st.sampled_from(("", "x", "2026-01-02", "5"))))
        case "out":
            del row[at : at + 1]
        case _:
            row[at : at + 2] = reversed(row[at : at + 2])


def lines_damaged(draw: st.DrawFn, text: str) -> str:
    """A line is lost, there twice, elsewhere, cut, joined to the next, or one of another kind comes in."""
    found = lines(text)
    at, other = _place(draw, len(found)), _place(draw, len(found))
    match draw(st.sampled_from(("lost", "twice", "swap", "cut", "joined", "foreign", "foreign", "header"))):
        case "lost":
            del found[at]
        case "twice":
            found.insert(other, found[at])
        case "swap":
            found[at], found[other] = found[other], found[at]
        case "cut":
            found[at] = found[at][: _place(draw, len(found[at]))]
        case "joined":
            found[at : at + 2] = ["".join(found[at : at + 2])]
        case "header":
            found.insert(at, found[0])
        case _:
            found.insert(at, draw(st.sampled_from(FOREIGN_LINES)))
    return "\n".join(found)


def text_damaged(draw: st.DrawFn, text: str) -> str:
    """Some characters become others."""
    start = _place(draw, len(text) + 1)
    end = start + draw(st.integers(0, 3))
    return text[:start] + draw(st.sampled_from(PIECES)) + text[end:]


def bytes_damaged(draw: st.DrawFn, raw: bytes) -> bytes:
    """A byte changes, some are lost, or what comes after is; others come in."""
    at = _place(draw, len(raw))
    match draw(st.sampled_from(("changed", "lost", "cut", "in"))):
        case "changed":
            return raw[:at] + bytes([draw(st.integers(0, 255))]) + raw[at + 1 :]
        case "lost":
            return raw[:at] + raw[at + draw(st.integers(1, 4)) :]
        case "cut":
            return raw[:at]
    at = draw(st.sampled_from((0, at)))
    return raw[:at] + draw(st.sampled_from(RAW)) + raw[at:]


@st.composite
def damaged_files(draw: st.DrawFn, shape: Shape) -> bytes:
    """A file of this shape to which up to four things have happened, or none."""
    happened = sorted(draw(st.lists(st.sampled_from(HAPPENINGS), max_size=4)))
    rows = draw(rows_of(shape))
    for _ in range(happened.count("1 cells")):
        cells_damaged(draw, rows)
    text = written(rows, shape.source.delimiter)
    for what in happened:
        if what == "2 lines":
            text = lines_damaged(draw, text)
        elif what == "3 text":
            text = text_damaged(draw, text)
        elif what == "4 line ends":
            text = text.replace(
                "\n", draw(st.sampled_from(("\r\n", "\r", "\n\r", "\r\r\n"))), draw(st.sampled_from((-1, 2)))
            )
    encoding = draw(st.sampled_from(OTHER_ENCODINGS)) if "5 encoding" in happened else shape.source.encoding
    raw = text.encode(encoding, "replace")
    for _ in range(happened.count("6 bytes")):
        raw = bytes_damaged(draw, raw)
    if shape.packed:
        raw = gzip.compress(raw, mtime=0)
        for _ in range(happened.count("7 packed")):
            raw = bytes_damaged(draw, raw)
    return raw


HAPPENINGS = (*["1 cells"] * 4, *["2 lines"] * 2, *["3 text"] * 2, "4 line ends", "5 encoding", "6 bytes", "7 packed")
"""By the order in which they happen; what is named more often happens more often."""

"""The table in docs/formats.md, row by row: each names a case below, its outcome and the hint that is given."""

from __future__ import annotations

import gzip
import io
import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from kpitui.definitions.model import Definitions, Measure, Source
from kpitui.measurements import contents
from kpitui.measurements.aggregate import read

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("| in the file | outcome | hint |\n|---|---|---|\n")[2].partition("\n\n")[0]
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in TABLE.splitlines()]

Figures = dict[int, float]
"""Day of January 2026 → value."""


LEADS = Measure("leads", "Leads", "s", "sum", column="leads")


class Case(NamedTuple):
    """A file in which the case occurs, and the figures that come of it."""

    content: str | bytes | Callable[[Path], None]
    """Or what puts it there."""
    figures: Figures | None
    """None where there are none that can be trusted."""
    declared: dict[str, Any] = {}  # noqa: RUF012
    file: str = "a.csv"
    measure: Measure = LEADS


def cells(*written: str, figures: Figures | None = None, delimiter: str = ",", **declared: Any) -> Case:
    """A value a day, from 1 January on; the last row is sound."""
    texts = [f'"{text}"' if delimiter in text else text for text in (*written, "7")]
    lines = [f"2026-01-{day:02}{delimiter}{text}\n" for day, text in enumerate(texts, 1)]
    found = {**(figures or {}), len(texts): 7.0}
    return Case(f"date{delimiter}leads\n{''.join(lines)}", found, {"delimiter": delimiter, **declared})


def dates(*written: str, figures: Figures | None = None, **declared: Any) -> Case:
    """Values 1, 2, 3 … of these dates."""
    lines = [f"{text},{value}\n" for value, text in enumerate(written, 1)]
    return Case(f"date,leads\n{''.join(lines)}", figures, declared)


def parquet(**columns: Any) -> bytes:
    out = io.BytesIO()
    pl.DataFrame({"date": [date(2026, 1, 1)], **columns}).write_parquet(out)
    return out.getvalue()


def put_odd_files(path: Path) -> None:
    os.mkfifo(path)
    path.with_name("b.csv").mkdir()
    path.with_name("c.csv").symlink_to(os.devnull)


def put_two(path: Path, *others: str) -> None:
    path.write_text(SOUND)
    for name in others:
        path.with_name(name).write_text("date,leads\n2026-01-02,2\n")


OUTCOMES = {
    "read": (set(), False),
    "read, and told": ({"problem"}, False),
    "read, told and marked": ({"problem"}, False),
    "row left out, and told": ({"advice"}, False),
    "file left out, and told": ({"advice"}, False),
    "file left out": (set(), False),
    "no rows, and told": ({"advice"}, False),
    "no value": ({"problem"}, False),
    "no value, not 0": ({"problem"}, False),
    "no figures": ({"problem"}, True),
}
"""Of what level the problems are, and whether the measure is without any figure."""
SOUND = "date,leads\n2026-01-01,1\n"
ONE: Figures = {1: 1}
GERMAN = {"decimal": ",", "thousands": ".", "delimiter": ";"}
CONFLICT = "<<<<<<< HEAD\n2026-01-02,1\n=======\n2026-01-02,2\n>>>>>>> x\n"

CASES = {
    # The text
    "byte order mark": Case(b"\xef\xbb\xbf" + SOUND.encode(), ONE),
    "CR, LF, CRLF or mixed line ends": Case("date,leads\r\n2026-01-01,1\r2026-01-02,2\n", {1: 1, 2: 2}),
    "UTF-16": Case(SOUND.encode("utf-16"), None),
    "UTF-16 without a byte order mark": Case(SOUND.encode("utf-16-le"), None),
    "UTF-16 without a byte order mark, declared": Case(SOUND.encode("utf-16-le"), ONE, {"encoding": "utf-16-le"}),
    "UTF-16, declared": Case(SOUND.encode("utf-16"), ONE, {"encoding": "utf-16"}),
    "UTF-8, declared as UTF-16": Case(SOUND, None, {"encoding": "utf-16"}),
    "UTF-16 that is cut off in a character": Case(SOUND.encode("utf-16")[:-1], None, {"encoding": "utf-16"}),
    "latin-1": Case(f"{SOUND}Größe,\n".encode("latin-1"), None),
    "latin-1, declared": Case("date,größe,leads\n2026-01-01,ß,1\n".encode("latin-1"), ONE, {"encoding": "latin-1"}),
    "NUL bytes": Case(f"{SOUND}\0\0\0", None),
    "Ctrl-Z at the end": Case(f"{SOUND}\x1a", ONE),
    "Ctrl-Z before the end": Case(f"{SOUND}\x1a\n2026-01-02,1\n", None),
    "marks of a merge conflict": Case(SOUND + CONFLICT, None),
    "a web page": Case("<!DOCTYPE html>\n<html>Please log in", None),
    "JSON": Case('[{"date": "2026-01-01", "leads": 1}]', None),
    "gzip in a file named `.csv`": Case(gzip.compress(SOUND.encode()), None),
    "a ZIP archive or a spreadsheet in a file named `.csv`": Case(b"PK\x03\x04\x14\0\x06\0\x08\0", None),
    "nothing": Case("", None),
    "a header only": Case("date,leads\n", {}),
    # Rows and columns
    "`;` as delimiter": Case("date;leads\n2026-01-01;1\n", None),
    "`sep=;` above the header": Case(f"sep=;\n{SOUND}".replace(",", ";"), None),
    "a comment, `# …`, above the header": Case(f"# exported\n{SOUND}", None),
    "tabs as delimiter": Case("date\tleads\n2026-01-01\t1\n", None),
    "blanks around names and cells": Case("date , leads\n2026-01-01, 1\n", ONE),
    "a column missing": Case("date,Lead\n2026-01-01,1\n", None),
    "a needed column twice": Case("date,leads,leads\n2026-01-01,1,2\n", None),
    "a row too short or too long": Case(f"{SOUND}2026-01-02\n2026-01-03,3,3\n", ONE),
    "the same in an `event` source": Case(f"{SOUND}2026-01-02\n2026-01-02,4\n", ONE, {"frequency": "event"}),
    "a quote that is not closed": Case(f'{SOUND}2026-01-02,"2\n', None),
    "quotes around lines that have a date where rows have it": Case(
        'date,note,leads\n2026-01-01,,1\n2026-01-02,"12,7\n2026-01-03,,4\n2026-01-04,9",9\n', None
    ),
    'a stray quote, as in `12" disc`': Case('date,note,leads\n2026-01-01,,1\n2026-01-02,12" disc,2\n', ONE),
    "the header repeated": Case(f"{SOUND}date,leads\n2026-01-02,2\n", {1: 1, 2: 2}),
    "another header further down": Case("date,leads,x\n2026-01-01,1,0\ndate,x,leads\n2026-01-02,0,2\n", None),
    "a row of totals, a footnote": Case(f"{SOUND}Total,1\nSource: CRM\n", ONE),
    "the same date, segments and `where` columns twice": Case(f"{SOUND}2026-01-01,2\n", {1: 3}),
    "two dates of one week or month in a weekly or monthly source": dates(
        "2026-01-01", "2026-01-02", figures={1: 3}, frequency="weekly"
    ),
    "a value of a Saturday or Sunday in a `weekdays` source": dates(
        "2026-01-02", "2026-01-03", "2026-01-05", figures={2: 1, 3: 2, 5: 3}, frequency="weekdays"
    ),
    "a text of `where`, or a `key`, that no row has": Case(
        "date,channel,leads\n2026-01-01,Mail,1\n",
        None,
        measure=Measure("leads", "Leads", "s", "sum", column="leads", where=(("channel", ("mail",)),)),
    ),
    # Numbers
    "blank, `N/A`, `-`": cells("", "N/A", "-"),
    "another word for no value": cells("n/a"),
    "`007`, `+1.5e2`, `.5`, `−3`": cells("007", "+1.5e2", ".5", "−3", figures={1: 7, 2: 150, 3: 0.5, 4: -3}),
    "`1,5`": cells("1,5", delimiter=";"),
    "`1,5`, declared": cells("1,5", figures={1: 1.5}, delimiter=";", decimal=","),
    "`1,234`": cells("1,234"),
    "`1.234,5`": cells("1.234,5"),
    "`1.234,5`, declared": cells("1.234,5", figures={1: 1234.5}, **GERMAN),
    "`1.234` where the comma is decimal": cells("1.234", delimiter=";", decimal=","),
    "`1.250` where other cells of the column have a decimal comma": cells(
        "1.250", "1.250,50", "-2.000", "0.125", figures={4: 0.125}, delimiter=";"
    ),
    "`1'234`": cells("1'234"),
    "`1’234`": cells("1’234"),
    "`1,23` where the comma marks thousands": cells("1,23", thousands=","),
    "`12%`": cells("12%"),
    "`12,5%`": cells("12,5%"),
    "`€5`, `5 EUR`": cells("€5", "5 EUR"),
    "`£1,200.50`": cells("£1,200.50"),
    "`£1,200.50` where the comma marks thousands": cells("£1,200.50", thousands=","),
    "`£1,200`, 1200 or 1.2": cells("£1,200"),
    "`(5)`": cells("(5)"),
    "`(1,234.5)`": cells("(1,234.5)"),
    "`true`, `false`, `inf`": cells("true", "false", "inf"),
    "`1e400`": cells("1e400"),
    "`NaN`": cells("NaN"),
    "an integer of more digits than can be held": cells("9007199254740993"),
    "`0x10`, `1_000`, `٣`": cells("0x10", "1_000", "٣"),
    # Dates
    "`2026-01-31T09:30:00Z`": dates("2026-01-31T09:30:00Z", figures={31: 1}),
    "`29/01/2026`": dates("29/01/2026"),
    "`01/02/2026`": dates("01/02/2026"),
    "`20260131`": dates("20260131"),
    "`2026-1-31`": dates("2026-1-31", "2026-02-01"),
    "`2026-1-31`, declared": dates("2026-1-31", "2026-01-30", figures={30: 2, 31: 1}, date_format="%Y-%m-%d"),
    "`1026-01-31`, a year before 1900 or after 2200": dates("1026-01-31"),
    "a date that contradicts `date_format`": dates("31/01/2026", "01/31/2026", date_format="%d/%m/%Y"),
    "29 February of a common year": dates("2026-02-29"),
    "`2025-W53`, a week that does not exist": dates("2025-W53", frequency="weekly"),
    "a month in a daily source": dates("2026-01"),
    "a blank date beside a value": Case(f"{SOUND},2\n", None),
    "a date that is none, without a value": Case(f"{SOUND}as of 2026-02-30,\n", ONE),
    # Files
    "gzip": Case(gzip.compress(SOUND.encode()), ONE, file="a.csv.gz"),
    "gzip that is cut off or damaged": Case(gzip.compress(SOUND.encode())[:-9], None, file="a.csv.gz"),
    "gzip that unpacks to over 64 MB and 200 times its size": Case(
        gzip.compress(SOUND.encode() + b"2026-01-02,1\n" * 300_000), None, file="a.csv.gz"
    ),
    "Parquet": Case(parquet(leads=[1]), ONE, file="a.parquet"),
    "Parquet that is cut off or damaged": Case(parquet(leads=[1])[:-9], None, file="a.parquet"),
    "Parquet that unpacks to as much": Case(
        parquet(leads=[1], note=["x" * 3_000_000]), None, {"segments": ("note",)}, "a.parquet"
    ),
    "Parquet with texts in place of numbers": Case(parquet(leads=["1"]), None, file="a.parquet"),
    "the file `a[1].csv`": Case(SOUND, ONE, file="a[1].csv"),
    "a name that matches no file": Case(SOUND, None, {"files": ("b*.csv", "c.csv")}),
    "`b.CSV` where `*.csv` is to be read": Case(lambda path: put_two(path, "b.CSV"), ONE, {"files": ("*.csv",)}),
    "`~$b.csv`, `.~lock.b.csv#`, left by office programs, where `*.csv` is to be read": Case(
        lambda path: put_two(path, "~$b.csv", ".~lock.b.csv#", ".~lock.b.csv"), ONE, {"files": ("*.csv",)}
    ),
    "an address, `~`, `$`, `..`, a path from `/`": Case(
        SOUND, None, {"files": ("http://a.b/a.csv", "~/a.csv", "$HOME/a.csv", "../a.csv", "/a.csv")}
    ),
    "a link that leads out of the workspace": Case(lambda path: path.symlink_to(os.devnull), None),
    "a FIFO, a folder, a link to a device": Case(put_odd_files, None, {"files": ("a.csv", "b.csv", "c.csv")}),
}


def test_every_row_is_a_case_and_every_case_a_row() -> None:
    assert [name for name, *_ in ROWS] == list(CASES)


@pytest.mark.parametrize("name", [name for name, *_ in ROWS if "unpacks" not in name])  # parts are a few bytes
@pytest.mark.usefixtures("in_parts")
def test_a_row_of_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    [(outcome, hint)] = [row[1:] for row in ROWS if row[0] == name]
    test_a_row(tmp_path, monkeypatch, name, outcome, hint)


@pytest.mark.parametrize(("name", "outcome", "hint"), ROWS, ids=[name for name, *_ in ROWS])
def test_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, outcome: str, hint: str) -> None:
    monkeypatch.setattr(contents, "_ALWAYS_UNPACKED", 1 << 20)
    case = CASES[name]
    path = tmp_path / case.file
    if callable(case.content):
        case.content(path)
    else:
        path.write_bytes(case.content if isinstance(case.content, bytes) else case.content.encode())
    source = Source("s", **{"files": (case.file,), "date": "date", "frequency": "daily", **case.declared})
    measured = read(Definitions("Test", sources={"s": source}, measures={"leads": case.measure}), tmp_path)
    series = measured.series.get("leads")
    found = series and {date.fromordinal(day).day: value for day, value in zip(series.days, series.totals, strict=True)}
    assert found == case.figures
    assert bool(series and series.lost) == (outcome == "no value, not 0")
    assert bool(series and series.doubled) == (outcome == "read, told and marked")
    levels = {problem.level for problem in measured.problems}
    assert (levels, found is None) == OUTCOMES[outcome]
    if outcome == "no figures" and "files" in case.declared:
        assert {problem.file for problem in measured.problems} == set(case.declared["files"])
    hints = {problem.hint or "" for problem in measured.problems} or {""}
    assert {re.sub(r" in \[source\.s\]$", "", given) for given in hints} == {unmarked(hint)}


def unmarked(hint: str) -> str:
    """A hint as it is printed: in the table, what is all code has marks around it."""
    return hint[1:-1] if re.fullmatch("`[^`]+`", hint) else hint

"""What `read` makes of files, case by case: a few lines of CSV → the figures, or the problem and its place.

Days are of January 2026 unless a case says otherwise; figures are written as {date: total}.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kpitui.definitions.model import Definitions, Measure, Source
from kpitui.measurements.aggregate import read
from kpitui.measurements.values import Measured, Series
from kpitui.periods import Calendar

LEADS = Measure("leads", "Leads", "s", "sum", column="leads")


CIVIL = Calendar()


def define(
    *measures: Measure, calendar: Calendar = CIVIL, files: tuple[str, ...] = ("a.csv",), **source: Any
) -> Definitions:
    """A workspace with one source `s` and these measures, by default the sum of the column `leads`."""
    settings = {"date": "date", "frequency": "daily", **source}
    return Definitions(
        "Test",
        calendar=calendar,
        sources={"s": Source("s", files, **settings)},
        measures={measure.id: measure for measure in measures or (LEADS,)},
    )


def put(root: Path, content: str | bytes, name: str = "a.csv") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def figures(series: Series) -> dict[str, float]:
    """{date: value of that entry alone}."""
    return {date.fromordinal(day).isoformat(): series.value(day, day) for day in series.days}  # type: ignore[misc]


def told(measured: Measured) -> list[str]:
    return [f"{problem.level}: {problem}" for problem in measured.problems]


class Case(NamedTuple):
    """A file and what is to come of the measure `leads`."""

    content: str | bytes
    expected: dict[str, float] | None
    """The figures; None where the measure is spoiled."""
    said: tuple[str, ...] = ()
    """For each problem, in order, a part of `level: place: message (hint)`."""
    source: dict[str, Any] = {}  # noqa: RUF012


ONE, TWO, THREE, FOUR = "2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"

NUMBERS = {
    "plain": Case("date,leads\n2026-01-01,3\n2026-01-02,4.5\n", {ONE: 3, TWO: 4.5}),
    "signs, exponent, bare decimals, leading zeros, blanks": Case(
        "date,leads\n2026-01-01, -2 \n2026-01-02,+1.5e2\n2026-01-03,.5\n2026-01-04,007\n",
        {ONE: -2, TWO: 150, THREE: 0.5, FOUR: 7},
    ),
    "minus sign of typesetters": Case("date,leads\n2026-01-01,−3\n", {ONE: -3}),
    "blank is missing, never 0": Case(
        "date,leads\n2026-01-01,\n2026-01-02,0\n2026-01-03,-\n2026-01-04, N/A \n", {TWO: 0}
    ),
    "declared words for missing": Case(
        "date,leads\n2026-01-01,none\n2026-01-02,1\n2026-01-03,\n", {TWO: 1}, source={"missing": ("none",)}
    ),
    "undeclared word for missing": Case(
        "date,leads\n2026-01-01,n/a\n2026-01-02,1\n",
        {TWO: 1},
        ('problem: a.csv:2:12: `n/a` is not a number (missing = ["", "N/A", "-", "n/a"] in [source.s])',),
    ),
    "percent sign": Case(
        "date,leads\n2026-01-01,12%\n2026-01-02,1\n",
        {TWO: 1},
        ("a.csv:2:12: `12%` is not a number (export it without the percent sign, as 0.12)",),
    ),
    "percent sign with decimals": Case(
        "date,leads\n2026-01-01,-2.5 %\n", {}, ("(export it without the percent sign, as -0.025)",)
    ),
    "currency sign": Case(
        "date,leads\n2026-01-01,€5\n2026-01-02,1\n",
        {TWO: 1},
        ("a.csv:2:12: `€5` is not a number (export it without the currency, as 5)",),
    ),
    "currency code": Case("date,leads\n2026-01-01,5.50 EUR\n", {}, ("(export it without the currency, as 5.50)",)),
    "accountants' brackets": Case(
        "date,leads\n2026-01-01,(5)\n2026-01-02,1\n",
        {TWO: 1},
        ("`(5)` is not a number (export negative numbers with a minus sign, as -5)",),
    ),
    "the place counts characters, not bytes": Case(
        "date,note,leads\n2026-01-01,äöü€,x1\n", {}, ("a.csv:2:17: `x1` is not a number",)
    ),
    "underscores, hexadecimals, other scripts' digits": Case(
        "date,leads\n2026-01-01,1_000\n2026-01-02,0x10\n2026-01-03,٣\n",
        {},
        ("a.csv:2:12: `1_000`", "a.csv:3:12: `0x10`", "a.csv:4:12: `٣`"),
    ),
    "infinite, not a number, out of range, vanishing": Case(
        "date,leads\n2026-01-01,inf\n2026-01-02,nan\n2026-01-03,1e400\n2026-01-04,1e-400\n2026-01-05,1\n",
        {"2026-01-05": 1},
        ("`inf` is not", "`nan` is not", "`1e400` cannot be held", "`1e-400` cannot be held"),
    ),
    "an integer that a float would round": Case(
        "date,leads\n2026-01-01,9007199254740993\n2026-01-02,9007199254740992\n2026-01-03,1e23\n",
        {TWO: 9007199254740992, THREE: 1e23},
        ("a.csv:2:12: `9007199254740993` cannot be held exactly",),
    ),
    "decimal comma": Case("date;leads\n2026-01-01;1,5\n", {ONE: 1.5}, source={"delimiter": ";", "decimal": ","}),
    "decimal comma, undeclared": Case(
        "date;leads\n2026-01-01;1,5\n2026-01-02;2\n",
        {TWO: 2},
        ('a.csv:2:12: `1,5` is not a number (decimal = "," in [source.s])',),
        {"delimiter": ";"},
    ),
    "a point where the comma is decimal is ambiguous": Case(
        "date;leads\n2026-01-01;1.234\n2026-01-02;1,5\n",
        {TWO: 1.5},
        ('`1.234` is ambiguous: the point may mark decimals or thousands (thousands = "." in [source.s])',),
        {"delimiter": ";", "decimal": ","},
    ),
    "German thousands": Case(
        "date;leads\n2026-01-01;1.234.567,89\n2026-01-02;1234,5\n2026-01-03;1.234\n",
        {ONE: 1234567.89, TWO: 1234.5, THREE: 1234},
        source={"delimiter": ";", "decimal": ",", "thousands": "."},
    ),
    "English thousands": Case('date,leads\n2026-01-01,"1,234.5"\n', {ONE: 1234.5}, source={"thousands": ","}),
    "thousands undeclared": Case(
        'date,leads\n2026-01-01,"1,234"\n2026-01-02,1\n',
        {TWO: 1},
        ('a.csv:2:12: `1,234` is not a number (thousands = "," in [source.s])',),
    ),
    "both marks the other way round": Case(
        "date;leads\n2026-01-01;1.234,5\n",
        {},
        ('(decimal = "," and thousands = "." in [source.s])',),
        {"delimiter": ";"},
    ),
    "decimal point where the comma is declared": Case(
        "date;leads\n2026-01-01;1.5\n",
        {},
        ('`1.5` is not a number with decimal `,` (decimal = "." in [source.s])',),
        {"delimiter": ";", "decimal": ","},
    ),
    "thousands in wrong groups": Case(
        'date,leads\n2026-01-01,"12,34"\n2026-01-02,"1,2345"\n',
        {},
        ("`12,34`", "`1,2345`"),
        {"thousands": ","},
    ),
    "a blank as thousands mark is any blank": Case(
        "date,leads\n2026-01-01,1 234\n2026-01-02,1\N{NARROW NO-BREAK SPACE}234\n",
        {ONE: 1234, TWO: 1234},
        source={"thousands": " "},
    ),
    "Swiss thousands": Case(
        "date,leads\n2026-01-01,1'234'567.5\n2026-01-02,12\n", {ONE: 1234567.5, TWO: 12}, source={"thousands": "'"}
    ),
    "Swiss thousands, undeclared": Case(
        "date,leads\n2026-01-01,1'234\n2026-01-02,1\n", {TWO: 1}, ('(thousands = "\'" in [source.s])',)
    ),
    "18 digits that say more than a float holds": Case(
        "date,leads\n2026-01-01,123456789012345678\n2026-01-02,0.12345678901234567\n",
        {TWO: 0.12345678901234567},
        ("a.csv:2:12: `123456789012345678` cannot be held exactly",),
    ),
    "a float sum that is exact": Case(
        "date,leads\n" + "2026-01-01,0.1\n" * 10, {ONE: 1.0}, source={"frequency": "event"}
    ),
    "long texts are quoted in part, controls shown": Case(
        f"date,leads\n2026-01-01,\x1b[31m{'x' * 99}\n", {}, (f"`␛[31m{'x' * 34}…` is not a number",)
    ),
}

DATES = {
    "29 February": Case(
        "date,leads\n2024-02-29,1\n2026-02-29,\n",
        {"2024-02-29": 1},
        ("advice: a.csv:3:1: `2026-02-29` is not a date",),
    ),
    "29 February of a common year": Case(
        "date,leads\n2026-02-28,1\n2026-02-29,2\n", None, ("problem: a.csv:3:1: `2026-02-29` is not a date",)
    ),
    "week 53": Case(
        "date,leads\n2026-W53,1\n2027-W01,4\n", {"2026-12-31": 1, "2027-01-07": 4}, source={"frequency": "weekly"}
    ),
    "week 53 of a year that has 52": Case(
        "date,leads\n2025-W53,1\n", None, ("`2025-W53` is not a date",), {"frequency": "weekly"}
    ),
    "with a time": Case("date,leads\n2026-01-01T23:59:59Z,1\n2026-01-02 08:00,2\n", {ONE: 1, TWO: 2}),
    "a time that no clock shows": Case("date,leads\n2026-01-01T24:30,1\n", None, ("`2026-01-01T24:30` is not a date",)),
    "declared day first": Case("date,leads\n02/01/2026,1\n", {TWO: 1}, source={"date_format": "%d/%m/%Y"}),
    "declared month first": Case("date,leads\n01/02/2026,1\n", {TWO: 1}, source={"date_format": "%m/%d/%Y"}),
    "declared, and one that does not fit": Case(
        "date,leads\n31/01/2026,1\n01/31/2026,2\n",
        None,
        ("a.csv:3:1: `01/31/2026` is not a date of the form `%d/%m/%Y`",),
        {"date_format": "%d/%m/%Y"},
    ),
    "declared, with something after it": Case(
        "date,leads\n02/01/2026 x,1\n", None, ("a.csv:2:1",), {"date_format": "%d/%m/%Y"}
    ),
    "day or month first, undecided": Case(
        "date,leads\n01/02/2026,1\n",
        None,
        ('a.csv:2:1: `01/02/2026` is not a date (date_format = "%d/%m/%Y" or date_format = "%m/%d/%Y" in',),
    ),
    "day or month first, settled by a later row": Case(
        "date,leads\n01/02/2026,1\n12/31/2026,1\n",
        None,
        ('a.csv:2:1: `01/02/2026` is not a date (date_format = "%m/%d/%Y" in', "a.csv:3:1"),
    ),
    "day or month first, settled by a row without a value": Case(
        "date,leads\n01/02/2026,1\n31/01/2026,\n",
        None,
        (
            'a.csv:2:1: `01/02/2026` is not a date (date_format = "%d/%m/%Y" in [source.s])',
            "advice: a.csv:3:1",
        ),
    ),
    "digits only": Case("date,leads\n20260401,1\n", None, ('(date_format = "%Y%m%d" in [source.s])',)),
    "no day of the calendar": Case("date,leads\n2026-02-30,1\n", None, ("`2026-02-30` is not a date",)),
    "a year that nobody means": Case("date,leads\n3026-01-01,1\n", None, ("lies outside 1900 to 2200: 3026",)),
    "a format without a year": Case(
        "date,leads\n02/01,1\n",
        None,
        ("source.s.date_format: `%d/%m` does not say",),
        {"date_format": "%d/%m"},
    ),
    "a format of weeks without a weekday": Case(
        "date,leads\n2026 02,1\n", None, ("`%Y %W` does not say",), {"date_format": "%Y %W"}
    ),
    "a format of days of the year": Case(
        "date,leads\n2026 033,1\n", {"2026-02-02": 1}, source={"date_format": "%Y %j"}
    ),
    "a format of months in a daily source": Case(
        "date,leads\nJan 2026,1\n", None, ("`%b %Y` names a month",), {"date_format": "%b %Y"}
    ),
    "a format of months": Case(
        "date,leads\nFeb 2026,1\n", {"2026-02-01": 1}, source={"date_format": "%b %Y", "frequency": "monthly"}
    ),
    "months": Case("date,leads\n2026-02,1\n", {"2026-02-01": 1}, source={"frequency": "monthly"}),
    "weeks stand on their fourth day": Case(
        "date,leads\n2026-W02,1\n2026-01-12,2\n",
        {"2026-01-08": 1, "2026-01-15": 2},
        source={"frequency": "weekly"},
    ),
    "two dates of one week": Case(
        "date,leads\n2026-W53,1\n2027-01-02,2\n2027-W01,4\n",
        {"2026-12-31": 3, "2027-01-07": 4},
        ("for a week that already has one, all counted; first 2026-12-31, again in line 3 (if there is a value",),
        {"frequency": "weekly"},
    ),
    "two dates of one month": Case(
        "date,channel,leads\n2026-01-31,paid,1\n2026-02-28,paid,2\n2026-01-15,mail,4\n2026-01-01,paid,8\n",
        {ONE: 13, "2026-02-01": 2},
        ("a.csv:2: possible duplicates: 1 value of `leads` for a month that already has one",),
        {"frequency": "monthly", "segments": ("channel",)},
    ),
    "one month twice": Case(
        "date,leads\n2026-01,1\n2026-01,2\n",
        {ONE: 3},
        ("for a month that already has one, all counted; first 2026-01-01, again in line 3",),
        {"frequency": "monthly"},
    ),
    "days of a month in a source of events": Case(
        "date,leads\n2026-01-01,1\n2026-01-02,2\n", {ONE: 1, TWO: 2}, source={"frequency": "event"}
    ),
    "quarters": Case("date,leads\n2026-Q2,1\n", {"2026-04-01": 1}, source={"frequency": "quarterly"}),
    "years": Case("date,leads\n2026,1\n", {ONE: 1}, source={"frequency": "yearly"}),
    "an id coarser than the source": Case(
        "date,leads\n2026-01,1\n",
        None,
        ('a value per day (if there is one value per month: frequency = "monthly" in [source.s])',),
    ),
    "an id finer than the source": Case(
        "date,leads\n2026-01,1\n",
        None,
        ("names a month, but this source has a value per quarter",),
        {"frequency": "quarterly"},
    ),
    "a blank date with a value could be any": Case(
        "date,leads\n2026-01-01,1\n,2\n", None, ("problem: a.csv:3:1: the date is blank",)
    ),
    "a bad date without a value costs nothing": Case(
        "date,leads\n2026-01-01,1\nas of 2026-01-05,\n",
        {ONE: 1},
        ("advice: a.csv:3:1: `as of 2026-01-05` is not a date",),
    ),
    "totals and footnotes": Case(
        "date,leads\n2026-01-01,1\nTotal,1\nSource: HubSpot\nExported on 2026-02-01\n",
        {ONE: 1},
        (
            "advice: a.csv:3:1: `Total`",
            "advice: a.csv:4: `Source: HubSpot`",
            "advice: a.csv:5: `Exported on 2026-02-01`",
        ),
    ),
    "a date column called day": Case("day,leads\n2026-01-01,1\n", {ONE: 1}, source={"date": "day"}),
}

FILES = {
    "empty": Case("", None, ("a.csv: the file is empty",)),
    "blank": Case(" \n\n", None, ("a.csv: the file is empty",)),
    "header only": Case("date,leads\n", {}, ("advice: a.csv:1: there are no rows",)),
    "byte order mark": Case(b"\xef\xbb\xbfdate,leads\n2026-01-01,1\n", {ONE: 1}),
    "UTF-16": Case(
        "date,leads\n2026-01-01,1\n".encode("utf-16"),
        None,
        ('begins with the mark of UTF-16, but is declared as utf-8 (encoding = "utf-16")',),
    ),
    "UTF-16, declared": Case("date,leads\n2026-01-01,1\n".encode("utf-16"), {ONE: 1}, source={"encoding": "utf-16"}),
    "UTF-16 without a mark": Case(
        "date,leads\n".encode("utf-16-le"),
        None,
        ('a.csv: this is UTF-16 without a byte order mark (encoding = "utf-16-le")',),
    ),
    "UTF-8, declared as UTF-16": Case(
        "date,leads\n2026-01-01,1\n",
        None,
        ('a.csv: this is UTF-8, but is declared as utf-16 (encoding = "utf-8")',),
        {"encoding": "utf-16"},
    ),
    "UTF-8, declared as UTF-32, of an odd number of bytes": Case(
        "date,leads,ä\n2026-01-01,1,\n",
        None,
        ('a.csv: this is UTF-8, but is declared as utf-32-le (encoding = "utf-8")',),
        {"encoding": "utf-32-le"},
    ),
    "latin-1, declared as UTF-16": Case(
        "date,leads,ä\n2026-01-01,10,\n".encode("latin-1"),
        None,
        ('a.csv: this is not utf-16 (encoding = "latin-1")',),
        {"encoding": "utf-16"},
    ),
    "UTF-16 cut in the middle of a character": Case(
        "date,leads\n2026-01-01,1\n".encode("utf-16")[:-1],
        None,
        ("problem: a.csv:2:13: the file ends in the middle of a character: it was cut off on its way",),
        {"encoding": "utf-16"},
    ),
    "UTF-16 with half a character": Case(
        b"\xff\xfe" + "date,leads\n2026-01-01,".encode("utf-16-le") + b"\x00\xdc" + "1\n".encode("utf-16-le"),
        None,
        ("problem: a.csv:2:12: the bytes 00 dc are not utf-16",),
        {"encoding": "utf-16"},
    ),
    "Ctrl-Z within": Case(
        "date,leads\n2026-01-01,1\n\x1a\n2026-01-02,1\n", None, ("a.csv:3:1: the file holds an end-of-file",)
    ),
    "Ctrl-Z at the end": Case("date,leads\n2026-01-01,1\n\x1a", {ONE: 1}),
    "latin-1, undeclared": Case(
        "date,leads\n2026-01-01,1\nGröße,\n".encode("latin-1"),
        None,
        ('a.csv:3:3: the byte f6 is not utf-8 (encoding = "latin-1")',),
    ),
    "a mark against the declaration": Case(
        b"\xef\xbb\xbfdate,leads\n2026-01-01,1\n", None, ('(encoding = "utf-8")',), {"encoding": "latin-1"}
    ),
    "latin-1, declared": Case(
        "date,größe,leads\n2026-01-01,ß,1\n".encode("latin-1"), {ONE: 1}, source={"encoding": "latin-1"}
    ),
    "Windows' euro": Case("date,€\n".encode("cp1252"), None, ('(encoding = "cp1252")',)),
    "a codec that is not of texts": Case("date,leads\n", None, ("`hex` is not an encoding",), {"encoding": "hex"}),
    "unknown encoding": Case(
        "date,leads\n", None, ("source.s.encoding: `utf-99` is not an encoding",), {"encoding": "utf-99"}
    ),
    "carriage returns only": Case("date,leads\r2026-01-01,1\r2026-01-02,x1\r", {ONE: 1}, ("a.csv:3:12",)),
    "two carriage returns at each line end": Case(
        "date,leads\r\r\n2026-01-01,1\r\r\n2026-01-02,x1\r\r\n", {ONE: 1}, ("a.csv:5:12",)
    ),
    "mixed line ends": Case(
        "date,leads\r\n2026-01-01,1\n2026-01-02,x1\r2026-01-03,3", {ONE: 1, THREE: 3}, ("a.csv:3:12",)
    ),
    "login page": Case("<!DOCTYPE html>\n<html>", None, ("a.csv:1: this is a web page or XML",)),
    "JSON": Case('[{"date": "2026-01-01"}]', None, ("a.csv:1: this is JSON",)),
    "merge conflict": Case(
        "date,leads\n<<<<<<< HEAD\n2026-01-01,1\n=======\n2026-01-01,2\n>>>>>>> x\n",
        None,
        ("a.csv:2:1: the file holds the marks",),
    ),
    "another delimiter": Case(
        "date;leads\n2026-01-01;1\n",
        None,
        ('a.csv:1: the header is one column: `date;leads` (delimiter = ";")',),
    ),
    "tabs": Case("date\tleads\n2026-01-01\t1\n", None, (r'(delimiter = "\t")',)),
    "tabs, declared": Case("date\tleads\n2026-01-01\t1\n", {ONE: 1}, source={"delimiter": "\t"}),
    "decimal and thousands alike": Case(
        "date,leads\n", None, ("source.s.decimal: the marks of decimals",), {"thousands": "."}
    ),
    "delimiter of two characters": Case(
        "date,leads\n", None, ("source.s.delimiter: `||` cannot be",), {"delimiter": "||"}
    ),
    "blank lines, and lines of delimiters": Case(
        "\ndate,leads\n\n2026-01-01,1\n , \n\n2026-01-02,x1\n", {ONE: 1}, ("a.csv:7:12: `x1`",)
    ),
    "column missing": Case(
        "date,Lead\n2026-01-01,1\n", None, ("a.csv:1: there is no column `leads` (did you mean `Lead`?)",)
    ),
    "date column missing": Case(
        "Date,leads\n2026-01-01,1\n", None, ("there is no column `date` (did you mean `Date`?)",)
    ),
    "another file altogether": Case(
        "name;mail\nx;y\n", None, ("no column `date`", "no column `leads`"), {"delimiter": ";"}
    ),
    "padded header": Case("date , leads\n2026-01-01, 1\n", {ONE: 1}),
    "header twice": Case("date,leads, leads \n2026-01-01,1,2\n", None, ("a.csv:1: there are two columns `leads`",)),
    "another column twice": Case("date,leads,x,x\n2026-01-01,1,2,3\n", {ONE: 1}),
    "header repeated": Case(
        "date,leads\n2026-01-01,1\ndate,leads\n2026-01-02,2\n",
        {ONE: 1, TWO: 2},
        ("advice: a.csv:3:1: the header is repeated",),
    ),
    "another header begins": Case(
        "date,leads,x\n2026-01-01,1,9\ndate,x,leads\n2026-01-02,9,2\n",
        None,
        ("a.csv:3: here begins a header with other",),
    ),
    "short and long rows cost their date": Case(
        "date,leads,x\n2026-01-01,1,0\n2026-01-02,2\n2026-01-03,3,0,0\n2026-01-04,4,0\n",
        {ONE: 1, FOUR: 4},
        ("a.csv:3: the row has 2 fields, the header 3", "a.csv:4: the row has 4 fields, the header 3"),
    ),
    "a long row without a date could be any": Case(
        "leads,date\n1,2026-01-01\n1,234,2026-01-02\n",
        None,
        ("a.csv:3: the row has 3 fields, the header 2, and `234` is not a date",),
    ),
    "a long row whose date was pushed aside could be any": Case(
        "channel,date,leads\npaid,2026-01-01,1\npaid,search,2026-01-01,2\n",
        None,
        ("problem: a.csv:3: the row has 4 fields, the header 3, and `search` is not a date",),
    ),
    "a row cut by another delimiter": Case(
        "date,leads\n2026-01-01,1\n2026-01-02;2\n", None, ("a.csv:3: the row has 1 field,",)
    ),
    "quoted cells": Case(
        'date,note,leads\n2026-01-01,"a, b",1\n"2026-01-02","say ""x""","2"\n2026-01-03,,"x"\n',
        {ONE: 1, TWO: 2},
        ("a.csv:4:13: `x` is not a number",),
    ),
    "a line break in a quoted cell": Case(
        'date,note,leads\n2026-01-01,"a\n\nb",1\n2026-01-02,"c\nd",x1\n2026-01-03,,3\n',
        {ONE: 1, THREE: 3},
        ("a.csv:6:4: `x1` is not a number",),
    ),
    "lines of nothing but empty quotes": Case('"",""\ndate,leads\n"",\n2026-01-01,1\n', {ONE: 1}),
    "nothing but empty quotes": Case('"",""\n', None, ("a.csv: the file is empty",)),
    "quoted header": Case('"date","leads"\n2026-01-01,1\n', {ONE: 1}),
    "quote never closed": Case(
        'date,leads\n2026-01-01,1\n2026-01-02,"2\n2026-01-03,3\n',
        None,
        ("a.csv:3: the quotes do not balance",),
    ),
    "text after a quote": Case('date,note,leads\n2026-01-01,"a"b,1\n', None, ("a.csv:2: the quotes do not balance",)),
    "two stray quotes do not hide a line": Case(
        'date,note,leads\n2026-01-01,a"b,"c\n2026-01-02,d",e"f\n', None, ("the quotes do not balance",)
    ),
    "inch sign": Case(
        'date,note,leads\n2026-01-01,12" disc,1\n2026-01-02,,2\n',
        {TWO: 2},
        ("a.csv:2: a quote stands within a field",),
    ),
    "no line end at the end": Case("date,leads\n2026-01-01,1", {ONE: 1}),
}


EVERY_CASE = pytest.mark.parametrize(
    "case", [pytest.param(case, id=name) for name, case in {**NUMBERS, **DATES, **FILES}.items()]
)


@EVERY_CASE
def test_a_file(tmp_path: Path, case: Case) -> None:
    put(tmp_path, case.content)
    measured = read(define(**case.source), tmp_path)
    if case.expected is None:
        assert set(measured.spoiled) == {"leads"}
        assert measured.series == {}
    else:
        assert measured.spoiled == {}
        assert figures(measured.series["leads"]) == case.expected
    assert len(told(measured)) == len(case.said), told(measured)
    for line, part in zip(told(measured), case.said, strict=True):
        assert part in line


@EVERY_CASE
def test_a_file_in_parts(tmp_path: Path, case: Case, request: pytest.FixtureRequest) -> None:
    """The same comes of it; only the hint to a date's format is of the part in which the date stands."""
    put(tmp_path, case.content)
    at_once = read(define(**case.source), tmp_path)
    request.getfixturevalue("in_parts")
    measured = read(define(**case.source), tmp_path)
    assert measured.series == at_once.series
    assert set(measured.spoiled) == set(at_once.spoiled)
    assert [problem._replace(hint=None) for problem in measured.problems] == [
        problem._replace(hint=None) for problem in at_once.problems
    ]


ROWS = """date,leads
2026-01-05,1
2026-01-06,4
2026-01-06,2
2026-01-07,
2026-02-10,9
2026-02-09,5
2026-02-10,1
"""


DELETE = "delete the lines above the header"


@pytest.mark.parametrize(
    ("above", "delimiter", "message", "hint"),
    [
        ("sep=;\n", ";", ", it names a delimiter: `sep=;`", "delete this line"),
        (
            "sep=;\n",
            ",",
            ", it names a delimiter: `sep=;`",
            'delete this line, and write delimiter = ";" in the source\'s table',
        ),
        ("Leads, by day\n\n", ";", ": line 3 has the columns that are read", DELETE),
        ("# exported; by the CRM\n# on Monday\n", ";", ": line 3 has the columns that are read", DELETE),
        ("# exported\nDay;Number\n", ",", ": line 3 has the columns that are read", DELETE),
        ("# exported\n" + "#\n" * 20, ";", ", it is a comment: `# exported`", DELETE),
    ],
)
def test_lines_above_the_header(tmp_path: Path, above: str, delimiter: str, message: str, hint: str) -> None:
    put(tmp_path, f'{above}"date";leads\n2026-01-01;1\n')
    measured = read(define(delimiter=delimiter), tmp_path)
    assert told(measured) == [f"problem: a.csv:1: line 1 is not the header{message} ({hint})"]
    assert set(measured.spoiled) == {"leads"}


def test_a_repeated_header_that_another_delimiter_cuts_stands_below_no_other_line(tmp_path: Path) -> None:
    put(tmp_path, "date;leads\n2026-01-01;1\ndate;leads\n")
    measured = read(define(), tmp_path)
    assert told(measured) == [
        'problem: a.csv:1: the header is one column: `date;leads` (delimiter = ";")',
    ]


@pytest.mark.parametrize(
    ("aggregate", "totals", "counts", "rows"),
    [
        ("sum", [7, 15], [3, 3], []),
        ("mean", [7, 15], [3, 3], []),
        ("min", [1, 1], [3, 3], []),
        ("max", [4, 9], [3, 3], []),
        ("first", [1, 5], [3, 3], []),
        ("last", [6, 10], [3, 3], []),
        ("median", [0, 0], [3, 3], [[1, 2, 4], [1, 5, 9]]),
        ("count", [0, 0], [3, 3], []),
    ],
)
def test_dates_of_one_unit_are_combined_by_the_aggregate(
    tmp_path: Path, aggregate: Any, totals: list[float], counts: list[int], rows: list[list[float]]
) -> None:
    put(tmp_path, ROWS)
    measure = Measure("m", "M", "s", aggregate, column="leads")
    series = read(define(measure, frequency="monthly"), tmp_path).series["m"]
    days = [date(2026, 1, 1).toordinal(), date(2026, 2, 1).toordinal()]
    doubled = [] if aggregate == "count" else days
    assert series == Series(aggregate, days, totals, counts, rows, doubled=doubled)


def test_rows_are_counted_without_a_column_and_texts_with_one(tmp_path: Path) -> None:
    put(
        tmp_path,
        "date,mail,plan\n2026-01-01,a@x,pro\n2026-01-01,,pro\n2026-01-01,c@x,free\n2026-01-02,,free\n",
    )
    pro = (("plan", ("pro",)),)
    definitions = define(
        Measure("rows", "Rows", "s", "count"),
        Measure("mails", "Mails", "s", "count", column="mail"),
        Measure("pro", "Pro", "s", "count", where=pro),
        frequency="event",
    )
    measured = read(definitions, tmp_path)
    assert {id_: figures(series) for id_, series in measured.series.items()} == {
        "rows": {ONE: 3, TWO: 1},
        "mails": {ONE: 2},
        "pro": {ONE: 2},
    }
    assert measured.problems == []


def test_where_is_or_within_a_column_and_across_columns(tmp_path: Path) -> None:
    put(
        tmp_path,
        "date,channel,region,leads\n"
        "2026-01-01,paid,EU,1\n2026-01-01,organic,EU,2\n2026-01-01,paid,US,4\n2026-01-01, mail ,EU,8\n",
    )
    where = (("channel", ("paid", "mail")), ("region", ("EU",)))
    measured = read(define(Measure("m", "M", "s", "sum", column="leads", where=where), LEADS), tmp_path)
    assert figures(measured.series["m"]) == {ONE: 9}
    assert figures(measured.series["leads"]) == {ONE: 15}
    assert measured.problems == []


def test_a_bad_cell_spoils_only_the_measures_that_read_it(tmp_path: Path) -> None:
    put(
        tmp_path,
        "date,channel,leads,sqls\n2026-01-01,paid,?,1\n2026-01-01,mail,2,1\n2026-01-02,paid,3,1\n2026-01-02,shop,?,1\n",
    )
    definitions = define(
        Measure("paid", "P", "s", "sum", column="leads", where=(("channel", ("paid",)),)),
        Measure("mail", "M", "s", "sum", column="leads", where=(("channel", ("mail",)),)),
        Measure("sqls", "S", "s", "sum", column="sqls"),
        Measure("texts", "T", "s", "count", column="leads"),
    )
    measured = read(definitions, tmp_path)
    assert {id_: figures(series) for id_, series in measured.series.items()} == {
        "paid": {TWO: 3},
        "mail": {ONE: 2},
        "sqls": {ONE: 2, TWO: 2},
        "texts": {ONE: 2, TWO: 2},
    }
    assert [problem.place for problem in measured.problems] == ["a.csv:2:17"]  # the shop's is nobody's


def test_a_row_without_a_date_spoils_only_the_measures_that_it_has_values_of(tmp_path: Path) -> None:
    put(tmp_path, "date,leads,sqls\n2026-01-01,1,1\n32.01.2026,,7\n")
    sqls = Measure("sqls", "S", "s", "sum", column="sqls")
    measured = read(define(LEADS, sqls), tmp_path)
    assert measured.spoiled == {"sqls": "a.csv:3: `32.01.2026` is not a date, so its value may belong to any period"}
    assert figures(measured.series["leads"]) == {ONE: 1}


def test_a_missing_column_spoils_only_the_measures_that_need_it(tmp_path: Path) -> None:
    put(tmp_path, "date,leads\n2026-01-01,1\n")
    filtered = Measure("filtered", "F", "s", "sum", column="leads", where=(("channel", ("paid",)),))
    measured = read(define(LEADS, filtered, segments=("region",)), tmp_path)
    assert set(measured.spoiled) == {"filtered"}
    assert figures(measured.series["leads"]) == {ONE: 1}
    assert told(measured) == [
        "problem: a.csv:1: there is no column `channel`",
        "problem: a.csv:1: there is no column `region`",
    ]


LONG: dict[str, Any] = {"layout": "long", "measure": "metric", "value": "value"}


def test_long_layout_takes_the_rows_of_a_key(tmp_path: Path) -> None:
    put(
        tmp_path,
        "date,metric,value\n"
        "2026-01-01,leads,1\n2026-01-01,other,what?\n,other,5\n2026-01-02,leads,x\n2026-01-02,sqls,2\n",
    )
    definitions = define(
        Measure("leads", "L", "s", "sum", key="leads"), Measure("sqls", "S", "s", "sum", key="sqls"), **LONG
    )
    measured = read(definitions, tmp_path)
    assert figures(measured.series["leads"]) == {ONE: 1}
    assert figures(measured.series["sqls"]) == {TWO: 2}
    assert [problem.place for problem in measured.problems] == ["a.csv:5:18"]


def test_a_key_that_no_row_has(tmp_path: Path) -> None:
    put(tmp_path, "date,metric,value\n2026-01-01,Leads,1\n")
    measured = read(define(Measure("leads", "L", "s", "sum", key="leads"), **LONG), tmp_path)
    assert measured.series == {}
    assert measured.spoiled == {"leads": "a.csv: no row has `leads` in the column `metric`"}
    assert told(measured) == [
        "problem: a.csv: measure.leads.key: no row has `leads` in the column `metric` (did you mean `Leads`?)"
    ]


def test_duplicates_are_counted_and_reported_once_per_column(tmp_path: Path) -> None:
    put(
        tmp_path,
        "date,channel,leads,sqls\n"
        "2026-01-01,paid,1,\n2026-01-01,mail,1,1\n2026-01-01,paid,1,2\n2026-01-02,mail,1,1\n2026-01-02,mail,1,1\n",
    )
    sqls = Measure("sqls", "S", "s", "sum", column="sqls")
    counted = Measure("n", "N", "s", "count")
    measured = read(define(LEADS, sqls, counted, segments=("channel",)), tmp_path)
    assert figures(measured.series["leads"]) == {ONE: 3, TWO: 2}
    assert [problem.place for problem in measured.problems] == ["a.csv:2", "a.csv:5"]
    assert [problem.message for problem in measured.problems] == [
        f"possible duplicates: {values} for a date that already has one, all counted; first {first}"
        for values, first in [
            ("2 values of `leads`", "2026-01-01, again in line 4"),
            ("1 value of `sqls`", "2026-01-02, again in line 6"),
        ]
    ]
    assert read(define(LEADS, segments=("channel",), frequency="event"), tmp_path).problems == []


def test_duplicates_in_two_files_and_ways_to_write_a_date(tmp_path: Path) -> None:
    put(tmp_path, "date,leads\n2026-01-01,1\n")
    put(tmp_path, "date,leads\n2026-01-01T00:00,1\n", "b.csv")
    measured = read(define(files=("*.csv",)), tmp_path)
    assert figures(measured.series["leads"]) == {ONE: 2}
    assert [problem.place for problem in measured.problems] == ["a.csv:2"]
    assert measured.problems[0].message.endswith("first 2026-01-01, again in b.csv:2")


def test_the_latest_record_of_a_row_wins(tmp_path: Path) -> None:
    put(
        tmp_path,
        "date,channel,leads,at\n"
        "2026-01-01,paid,5,2026-02-01\n2026-01-01,paid,x,2026-01-02\n2026-01-01,mail,1,2026-01-02\n"
        "2026-01-02,paid,1,2026-01-03\n2026-01-02,paid,2,2026-01-03\n",
    )
    measured = read(define(recorded="at", segments=("channel",)), tmp_path)
    assert figures(measured.series["leads"]) == {ONE: 6, TWO: 3}
    assert [problem.message[:19] for problem in measured.problems] == ["possible duplicates"]


def test_no_row_gives_way_to_one_of_a_segment_that_cannot_be_told(tmp_path: Path) -> None:
    put(tmp_path, "date,chanel,leads,at\n2026-01-01,paid,5,2026-02-01\n2026-01-01,mail,1,2026-01-02\n")
    measured = read(define(recorded="at", segments=("channel",)), tmp_path)
    assert measured.spoiled == {"leads": "a.csv:1: there is no column `channel`"}


def test_a_file_without_the_column_of_recording_times(tmp_path: Path) -> None:
    put(tmp_path, "date,leads\n2026-01-01,5\n")
    put(tmp_path, "date,leads,at\n2026-01-02,5,soon\n", "b.csv")
    measured = read(define(files=("*.csv",), recorded="at"), tmp_path)
    assert measured.spoiled == {"leads": "a.csv:1: there is no column `at`"}
    assert [problem.place for problem in measured.problems] == ["a.csv:1", "b.csv:2:14"]


def test_what_was_found_of_the_source(tmp_path: Path) -> None:
    put(tmp_path, "date,leads\n2026-01-09,\n2026-01-03,1\nTotal,1\n", "data/b.csv")
    put(tmp_path, "date,leads\n2026-01-05,1\n", "data/a.csv")
    found = read(define(files=("data/*.csv",)), tmp_path).sources["s"]
    assert (found.rows, found.files) == (3, ("data/a.csv", "data/b.csv"))
    assert (found.first, found.last) == (date(2026, 1, 3).toordinal(), date(2026, 1, 9).toordinal())


def test_many_problems_of_a_kind_are_counted(tmp_path: Path) -> None:
    put(tmp_path, "date,leads\n" + "".join(f"2026-01-{day:02},x\n" for day in range(1, 31)))
    problems = read(define(), tmp_path).problems
    assert [problem.line for problem in problems] == list(range(2, 23))
    assert problems[-1].message == "… and 10 more like this: cells that are not numbers"


def test_manual_and_unused_sources_are_not_read(tmp_path: Path) -> None:
    definitions = define(Measure("typed", "T", "manual", "sum"))
    measured = read(definitions, tmp_path)
    assert measured == Measured({"typed": Series("sum", [], [], [])}, {}, {}, [])


def test_rows_that_repeat_a_date_in_one_column_only(tmp_path: Path) -> None:
    put(tmp_path, "date,leads,deals\n2026-01-01,1,7\n2026-01-01,2,\n")
    deals = Measure("deals", "Deals", "s", "sum", column="deals")
    measured = read(define(LEADS, deals), tmp_path)
    assert [figures(measured.series[id_]) for id_ in ("leads", "deals")] == [{ONE: 3}, {ONE: 7}]
    assert [problem.message.partition(" for")[0] for problem in measured.problems] == [
        "possible duplicates: 1 value of `leads`"
    ]


def test_a_file_that_two_sources_share(tmp_path: Path) -> None:
    put(tmp_path, "made,done,deals\n2026-01-01,2026-01-02,1\n2026-01-01,2026-01-01,1,1\n")
    definitions = Definitions(
        "Test",
        sources={id_: Source(id_, ("a.csv",), id_, "event") for id_ in ("made", "done")},
        measures={id_: Measure(id_, id_, id_, "sum", column="deals") for id_ in ("made", "done")},
    )
    measured = read(definitions, tmp_path)
    assert figures(measured.series["made"]) == {}
    assert figures(measured.series["done"]) == {TWO: 1}
    assert told(measured) == ["problem: a.csv:3: the row has 4 fields, the header 3"]


def test_a_week_begins_when_the_workspace_says(tmp_path: Path) -> None:
    put(tmp_path, "date,leads\n2026-01-04,1\n2026-01-10,2\n")  # a Sunday and the Saturday after it
    weekly = read(define(calendar=Calendar(week_start=6), frequency="weekly"), tmp_path)
    assert figures(weekly.series["leads"]) == {"2026-01-07": 3}
    fiscal = read(define(calendar=Calendar(fiscal_year_start=4), frequency="yearly"), tmp_path)
    assert figures(fiscal.series["leads"]) == {"2025-04-01": 3}


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "date,leads\n2026-01-01,1\n")

    def refuse(path: Path, flags: int) -> int:
        raise PermissionError(13, "Permission denied", os.fspath(path))

    monkeypatch.setattr("kpitui.measurements.contents.os.open", refuse)
    measured = read(define(), tmp_path)
    assert measured.spoiled == {"leads": "a.csv: the file cannot be read: Permission denied"}


def test_one_wrong_date_among_many_is_told_and_the_others_have_their_hint(tmp_path: Path) -> None:
    days = "".join(f"{day:02}/10/2026,1\n" for day in range(1, 32))
    put(tmp_path, f"date,leads\n{days}31/09/2026,5\n")
    problems = read(define(), tmp_path).problems
    hint = 'date_format = "%d/%m/%Y" in [source.s]'
    assert [(problem.line, problem.message, problem.hint) for problem in problems] == [
        *((line, f"`{line - 1:02}/10/2026` is not a date", hint) for line in range(2, 7)),
        (7, "… and 26 more like this: dates of another form", None),
        (33, "`31/09/2026` is not a date", None),
    ]
    assert sum(problem.stands_for for problem in problems) == 32


def test_one_wrong_date_among_few(tmp_path: Path) -> None:
    put(tmp_path, "date,leads\n01/02/2026,1\n03/02/2026,2\n29/02/2026,5\n15/01/2026,5\n")
    hint = 'date_format = "%d/%m/%Y" in [source.s]'
    problems = read(define(), tmp_path).problems
    assert [(problem.line, problem.hint) for problem in problems] == [(2, hint), (3, hint), (4, None), (5, hint)]

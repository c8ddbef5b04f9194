"""Tables of text: aligned, and harmless whatever a cell says."""

from __future__ import annotations

import csv as csv_module
import io

import pytest

from kpitui.report.plain import cells, csv, markdown, table


def test_columns_are_as_wide_as_they_need() -> None:
    assert table(["kpi", "value"], [["mqls", "800"], ["revenue", "1,200,000"]], frozenset({1})) == (
        "kpi          value\n"
        "mqls           800\n"
        "revenue  1,200,000"
    )  # fmt: skip


def test_a_table_without_rows_is_its_header() -> None:
    assert table(["kpi", "value"], []) == "kpi  value"


def test_wide_characters_take_two_cells_and_combining_ones_none() -> None:
    assert [cells(text) for text in ("abc", "売上", "é", "e\u0301", "≤ 8.0h", "Ａ", "한국")] == [3, 4, 1, 1, 6, 2, 4]
    lines = table(["name", "x"], [["売上", "1"], ["Cafe\u0301", "2"], ["Umsatz", "3"]]).split("\n")
    assert lines == ["name    x", "売上    1", "Cafe\u0301    2", "Umsatz  3"]


def test_control_codes_are_shown_and_take_a_cell() -> None:
    lines = table(["name", "x"], [["\x1b[2J", "1"], ["a\nb\tc", "2"], ["\u202eabc", "3"]]).split("\n")
    assert lines == ["name   x", "␛[2J   1", "a␊b␉c  2", "�abc   3"]


def test_markdown_is_a_table_and_nothing_more() -> None:
    assert markdown(["kpi", "value"], [["a|b", "1"]], frozenset({1})) == (
        "| kpi | value |\n"
        "|---|--:|\n"
        "| a\\|b | 1 |"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>", "\\<script\\>"),
        ("[x](http://a)", "\\[x\\](http://a)"),
        ("*b* _i_ `c` ~s~", "\\*b\\* \\_i\\_ \\`c\\` \\~s\\~"),
        ("&copy; #1", "\\&copy; \\#1"),
        ("a\\|b", "a\\\\\\|b"),
        ("a\nb", "a␊b"),
    ],
)
def test_markup_is_text(text: str, escaped: str) -> None:
    assert markdown(["x"], [[text]]).split("\n")[2] == f"| {escaped} |"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-cmd|'/c calc'!A0", "'-cmd|'/c calc'!A0"),
        ("@x", "'@x"),
        ("-12.5", "-12.5"),
        ("+4", "+4"),
        ("1e-05", "1e-05"),
        ("-1e-05", "-1e-05"),
        ("  =1+1", "'  =1+1"),
        ("＝1+1", "'＝1+1"),
        ("－１", "'－１"),
        ("-1_000", "'-1_000"),
        ("-inf", "'-inf"),
        ("+49 30 1234", "'+49 30 1234"),
        ("a=1", "a=1"),
        ("\t=1+1", "␉=1+1"),
        ("\r=1+1", "␍=1+1"),
        ("\n=1+1", "␊=1+1"),
        ("", ""),
        ('say "hi", x', 'say "hi", x'),
    ],
)
def test_a_spreadsheet_finds_no_formula(text: str, written: str) -> None:
    parsed = list(csv_module.reader(io.StringIO(csv(["a", "b"], [[text, "z"]]))))
    assert parsed == [["a", "b"], [written, "z"]]


def test_a_row_of_csv_is_a_line() -> None:
    assert csv(["a", "b"], [["x\ny", "1"]]).split("\n") == ["a,b", "x␊y,1"]

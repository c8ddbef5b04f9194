"""What a CSV file probably is: given its first lines, how it has to be declared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpitui.measurements.guess import TableGuess, guess
from kpitui.measurements.numbers import Grammar
from kpitui.problems import Problem


def guessed(folder: Path, text: str, *, encoding: str = "utf-8", date_format: str | None = None) -> TableGuess:
    (folder / "a.csv").write_text(text, encoding=encoding)
    found = guess(folder, "a.csv", date_format)
    assert isinstance(found, TableGuess), found
    return found


def refused(folder: Path, text: str) -> str:
    (folder / "a.csv").write_text(text, encoding="utf-8")
    found = guess(folder, "a.csv")
    assert isinstance(found, Problem)
    return str(found)


def test_a_plain_monthly_file(tmp_path: Path) -> None:
    found = guessed(tmp_path, "month,calls,wait\n2026-08,400,3.5\n2026-09,410,3.25\n2026-10,420,\n")
    assert (found.encoding, found.delimiter, found.grammar) == ("utf-8", ",", Grammar())
    assert (found.date, found.date_formats, found.frequency) == ("month", (), "monthly")
    assert [column.name for column in found.numbers] == ["calls", "wait"]
    assert found.numbers[1].values == (3.5, 3.25)
    assert found.newest == date(2026, 10, 1)


def test_a_german_export(tmp_path: Path) -> None:
    text = (
        "Tag;Stadt;Umsatz;Quote\n"
        "30.09.2026;Köln;1.200,50;0,5\n30.09.2026;Bonn;900,00;k.A.\n"
        "31.10.2026;Köln;10.200,50;0,6\n31.10.2026;Bonn;950,00;0,7\n30.11.2026;Köln;990,00;0,7\n30.11.2026;Bonn;9,00;0,7\n"
    )
    found = guessed(tmp_path, text, encoding="latin-1")
    assert (found.encoding, found.delimiter, found.grammar) == ("latin-1", ";", Grammar(",", "."))
    assert (found.date, found.date_formats, found.frequency) == ("Tag", ("%d.%m.%Y",), "monthly")
    assert found.segments == ("Stadt",)
    assert found.missing == ("k.A.",)
    assert found.numbers[0].values[0] == 1200.5


def test_utf_16_as_spreadsheets_save_it(tmp_path: Path) -> None:
    found = guessed(tmp_path, "week\tcalls\n2026-W40\t3\n2026-W41\t4\n", encoding="utf-16")
    assert (found.encoding, found.delimiter, found.frequency) == ("utf-16", "\t", "weekly")


def test_a_long_file(tmp_path: Path) -> None:
    rows = "".join(
        f"2026-{month:02},{metric},{region},{value}\n"
        for month in range(1, 7)
        for metric, value in (("Orders", 120), ("Returns", 4))
        for region in ("north", "south")
    )
    found = guessed(tmp_path, f"month,metric,region,value\n{rows}")
    assert (found.metric, found.value, found.segments) == ("metric", "value", ("region",))
    assert [column.name for column in found.numbers] == ["Orders", "Returns"]


def test_rows_that_nothing_tells_apart_are_events(tmp_path: Path) -> None:
    rows = "".join(f"{number},2026-10-0{1 + number // 3},mail,{number}\n" for number in range(9))
    found = guessed(tmp_path, f"ticket_id,opened,channel,minutes\n{rows}")
    assert (found.date, found.frequency) == ("opened", "event")
    assert found.left_out == (("ticket_id", ""), ("channel", ""))


@pytest.mark.parametrize(
    ("days", "frequency"),
    [
        ([f"2026-10-{day:02}" for day in range(1, 29)], "daily"),
        ([f"2026-10-{day:02}" for day in (1, 2, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 19, 20)], "weekdays"),
        (["2026-10-04", "2026-10-11", "2026-10-18", "2026-10-25"], "weekly"),
        (["2025-12-31", "2026-03-31", "2026-06-30"], "quarterly"),
        (["2026-Q1", "2026-Q2"], "quarterly"),
        (["2024", "2025", "2026"], "yearly"),
        (["Jan 2026", "Feb 2026", "Mar 2026"], "monthly"),
        (["01.2026", "02.2026", "03.2026"], "monthly"),
        (["2026-10-01", "2026-10-03", "2026-10-09", "2026-10-12"], "event"),
    ],
)
def test_how_often_a_value_is_due(tmp_path: Path, days: list[str], frequency: str) -> None:
    assert guessed(tmp_path, "when,calls\n" + "".join(f"{day},7\n" for day in days)).frequency == frequency


def test_two_orders_of_day_and_month_are_both_named(tmp_path: Path) -> None:
    text = "date,calls\n01/10/2026,5\n02/10/2026,6\n03/10/2026,7\n"
    assert guessed(tmp_path, text).date_formats == ("%d/%m/%Y", "%m/%d/%Y")
    assert guessed(tmp_path, text, date_format="%d/%m/%Y").frequency == "daily"
    assert guessed(tmp_path, text, date_format="%m/%d/%Y").frequency == "monthly"


def test_a_code_that_repeats_tells_rows_of_one_date_apart(tmp_path: Path) -> None:
    """100 stores are too many to be a segment at sight, but without them each row would be there 100 times."""
    rows = "".join(f"2026-{month:02},{store},{store * month}\n" for month in range(1, 4) for store in range(100, 200))
    found = guessed(tmp_path, f"month,store_id,sales\n{rows}")
    assert (found.segments, [column.name for column in found.numbers]) == (("store_id",), ["sales"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("calls\n4\n", "no two columns"),
        ("day,calls\n", "no rows"),
        ("region,calls\nnorth,4\n", "no column holds dates"),
        ("2026-01,4\n2026-02,5\n", "the first line holds numbers"),
        ("<html><body>log in</body></html>", "web page"),
        ("", "the file is empty"),
        ("Report of Ann\n\nmonth,calls\n2026-01,4\n2026-02,5\n", "the columns begin in line 3 (delete the lines above"),
        ("sep=;\nmonth;calls\n2026-01;4\n2026-02;5\n", "the columns begin in line 2"),
        ("kpi,2026-01,2026-02\ncalls,4,5\nsales,4,5\n", "there is a column for each period"),
    ],
)
def test_what_is_no_such_table_says_why(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(tmp_path, text)


def test_of_a_large_file_the_beginning_is_read(tmp_path: Path) -> None:
    row = "2026-10,north," + "7" * 80 + "\n"
    found = guessed(tmp_path, "month,region,calls\n2026-09,south,5\n2026-10,north,6\n" + row * 60_000)
    assert found.date == "month"


@pytest.mark.parametrize(
    ("text", "cell", "value"),
    [
        ("month;calls\n2026-09;1.205\n2026-10;2.400\n", "1.205", 1.205),
        ('month,calls\n2026-09,"1,205"\n2026-10,"2,400"\n', "1,205", 1205),
        ("month;calls\n2026-09;1.205\n2026-10;2.4\n", "", 1.205),
    ],
)
def test_a_mark_that_may_be_for_decimals_or_thousands_is_named(
    tmp_path: Path, text: str, cell: str, value: float
) -> None:
    found = guessed(tmp_path, text)
    assert (found.doubtful, found.numbers[0].values[0]) == (cell, value)

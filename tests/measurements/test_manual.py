"""Typed values on disk: which row counts, what a damaged one spoils, and what hand edits survive."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from kpitui.definitions.model import Definitions, Kpi, Measure
from kpitui.measurements.manual import Sheet, read, with_typed
from kpitui.measurements.values import Measured
from kpitui.periods import Calendar, Grain
from kpitui.terms import Aggregate, Frequency

HEADER = "period,value,by,at"
FILE = "measurements/manual/nps.csv"


def definitions(
    frequency: Frequency = "monthly", calendar: Calendar | None = None, aggregate: Aggregate = "last"
) -> Definitions:
    return Definitions(
        name="Acme",
        calendar=calendar or Calendar(),
        measures={"nps": Measure("nps", "NPS", "manual", aggregate)},
        kpis={"nps": Kpi(id="nps", name="NPS", file="kpitui.toml", line=1, frequency=frequency, grain=Grain.DAY)},
    )


def sheet(root: Path, *lines: str, end: str = "\n", known: Definitions | None = None) -> Sheet:
    write(root, end.join([*lines, ""]).encode())
    return read(known or definitions(), "nps", root)


def write(root: Path, raw: bytes) -> None:
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def values(found: Sheet) -> dict[str, float | None]:
    return {typed.period.id: typed.value for typed in found.values.values()}


def told(found: Sheet) -> list[str]:
    return [str(problem) for problem in found.problems]


def row(period: str, value: str, hour: int = 9) -> str:
    return f"{period},{value},head,2026-11-04T{hour:02d}:00:00+01:00"


# Which row counts


def test_without_a_file_there_are_no_values(tmp_path: Path) -> None:
    assert read(definitions(), "nps", tmp_path) == Sheet()


def test_the_latest_row_of_a_period_counts_wherever_it_stands(tmp_path: Path) -> None:
    found = sheet(tmp_path, HEADER, row("2026-10", "41", 11), row("2026-10", "40", 10), row("2026-09", "39"))
    assert values(found) == {"2026-10": 41.0, "2026-09": 39.0}
    assert told(found) == []


def test_moments_are_compared_across_offsets(tmp_path: Path) -> None:
    early, late = "2026-10,1,a,2026-11-04T10:00:00+02:00", "2026-10,2,b,2026-11-04T08:30:00Z"
    assert values(sheet(tmp_path, HEADER, late, early)) == {"2026-10": 2.0}


def test_of_equal_moments_the_lower_line_counts(tmp_path: Path) -> None:
    assert values(sheet(tmp_path, HEADER, row("2026-10", "41"), row("2026-10", "42"))) == {"2026-10": 42.0}


def test_a_blank_value_takes_a_value_back_and_a_later_one_gives_it_again(tmp_path: Path) -> None:
    found = sheet(tmp_path, HEADER, row("2026-10", "41"), row("2026-10", "", 10))
    assert values(found) == {"2026-10": None}
    found = sheet(tmp_path, HEADER, row("2026-10", "41"), row("2026-10", "", 10), row("2026-10", "43", 11))
    assert values(found) == {"2026-10": 43.0}


@pytest.mark.parametrize(
    ("frequency", "period"),
    [
        ("daily", "2026-10-31"),
        ("weekdays", "2026-10-30"),
        ("weekly", "2026-W44"),
        ("monthly", "2026-10"),
        ("quarterly", "2026-Q3"),
        ("yearly", "2025"),
    ],
)
def test_a_period_is_one_of_the_kpis_frequency(tmp_path: Path, frequency: Frequency, period: str) -> None:
    found = sheet(tmp_path, HEADER, row(period, "5"), known=definitions(frequency))
    assert values(found) == {period: 5.0}


def test_fiscal_periods_have_fiscal_ids(tmp_path: Path) -> None:
    known = definitions("quarterly", Calendar(fiscal_year_start=4))
    found = sheet(tmp_path, HEADER, row("FY2027-Q1", "5"), known=known)
    assert list(found.values) == [date(2026, 4, 1).toordinal()]


def test_values_stand_at_the_anchor_of_their_period(tmp_path: Path) -> None:
    write(tmp_path, "\n".join([HEADER, row("2026-W44", "5"), row("2026-W43", "4"), ""]).encode())
    known = definitions("weekly")
    series = with_typed(Measured({}, {}, {}, []), known, tmp_path).series["nps"]
    assert series.days == [date(2026, 10, 22).toordinal(), date(2026, 10, 29).toordinal()]
    assert (series.totals, series.counts) == ([4.0, 5.0], [1, 1])
    assert series.value(series.days[0], series.days[1]) == 5.0


@pytest.mark.parametrize(("aggregate", "value"), [("sum", 9), ("count", 2), ("mean", 4.5), ("median", 4.5), ("max", 5)])
def test_a_longer_period_takes_the_measures_aggregate(tmp_path: Path, aggregate: Aggregate, value: float) -> None:
    write(tmp_path, "\n".join([HEADER, row("2026-09", "4"), row("2026-10", "5"), ""]).encode())
    series = with_typed(Measured({}, {}, {}, []), definitions(aggregate=aggregate), tmp_path).series["nps"]
    assert series.value(series.days[0], series.days[-1]) == value


# Hand edits


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_blank_lines_and_missing_last_ones(tmp_path: Path, end: str) -> None:
    text = end.join([HEADER, "", row("2026-09", "4"), ",,,", row("2026-10", "5")])
    write(tmp_path, b"\xef\xbb\xbf" + text.encode())
    found = read(definitions(), "nps", tmp_path)
    assert values(found) == {"2026-09": 4.0, "2026-10": 5.0}
    assert told(found) == []


def test_columns_may_be_moved_and_added(tmp_path: Path) -> None:
    found = sheet(
        tmp_path, "at,period,remark,by,value", '2026-11-04T09:00+01:00, 2026-10 ,"a, ""b""","Doe, J.", 1234.5 '
    )
    assert values(found) == {"2026-10": 1234.5}
    assert [typed.by for typed in found.values.values()] == ["Doe, J."]


def test_a_header_in_the_middle_is_none(tmp_path: Path) -> None:
    found = sheet(tmp_path, HEADER, row("2026-09", "4"), HEADER, row("2026-10", "5"))
    assert (values(found), told(found)) == ({"2026-09": 4.0, "2026-10": 5.0}, [])


def test_values_that_nothing_takes_are_told(tmp_path: Path) -> None:
    sheet(tmp_path, HEADER, row("2026-10", "5"))
    (tmp_path / FILE).rename(tmp_path / "measurements/manual/npx.csv")
    (tmp_path / "measurements/manual/.npx.csv.lock").touch()
    (tmp_path / "measurements/manual/README").touch()
    problems = with_typed(Measured({}, {}, {}, []), definitions(), tmp_path).problems
    (problem,) = problems
    assert problem.place == "measurements/manual/npx.csv"
    assert problem.message == 'nothing takes these values: there is no measure `npx` with source = "manual"'
    assert problem.hint == "did you mean `nps`?"


# What is damaged


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("2026-10,4O,head,2026-11-04T10:00:00+01:00", "3:9: `4O` is not a plain decimal number (such as 1234.5)"),
        (
            '2026-10,"1,234",head,2026-11-04T10:00:00+01:00',
            "3:9: `1,234` is not a plain decimal number (such as 1234.5)",
        ),
        ("2026-10,nan,head,2026-11-04T10:00:00+01:00", "3:9: `nan` is not a plain decimal number (such as 1234.5)"),
        ("2026-10,1e999,head,2026-11-04T10:00:00+01:00", "3:9: `1e999` is not a plain decimal number (such as 1234.5)"),
        (
            "2026-10,41,head,2026-11-04",
            "3:17: `2026-11-04` is no moment (with its offset, such as 2026-11-04T09:12:00+01:00)",
        ),
        (
            "2026-10,41,head,",
            "3:17: this row does not say when it was written (with its offset, such as 2026-11-04T09:12:00+01:00)",
        ),
        ("2026-10,41,head", "3: this row has 3 fields instead of 4"),
        ("2026-10,41,head,2026-11-04T10:00:00+01:00,x", "3: this row has 5 fields instead of 4"),
        ('2026-10,41,"he"ad,2026-11-04T10:00:00+01:00', "3: the quotes of this row are not balanced"),
        ('2026-10,41,"head,2026-11-04T10:00:00+01:00', "3: the quotes of this row are not balanced"),
    ],
)
def test_a_damaged_row_spoils_the_value_of_its_period_only(tmp_path: Path, line: str, problem: str) -> None:
    found = sheet(tmp_path, HEADER, row("2026-10", "40"), line, row("2026-09", "39"))
    assert values(found) == {"2026-09": 39.0}
    assert told(found) == [f"{FILE}:{problem}"]
    assert found.spoiled is None


def test_a_correction_cures_a_value_that_was_no_number(tmp_path: Path) -> None:
    found = sheet(tmp_path, HEADER, row("2026-10", "4O"), row("2026-10", "40", 10))
    assert values(found) == {"2026-10": 40.0}
    assert len(told(found)) == 1


@pytest.mark.parametrize(
    ("period", "message"),
    [
        ("2026-1O", "`2026-1O` is not a period"),
        ("2026-W44", "`2026-W44` names a week, but a value is typed per month"),
        ("", "the period is blank"),
        ("1526-10", "`1526-10` lies outside 1900 to 2200"),
    ],
)
def test_a_value_of_no_known_period_spoils_all(tmp_path: Path, period: str, message: str) -> None:
    found = sheet(tmp_path, HEADER, row("2026-09", "39"), row(period, "40"))
    assert told(found) == [f"{FILE}:3:1: {message}"]
    assert found.spoiled == f"{FILE}:3: {message}, so its value may belong to any period"
    measured = with_typed(Measured({}, {}, {}, []), definitions(), tmp_path)
    assert (measured.series, measured.spoiled) == ({}, {"nps": found.spoiled})


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"periode,value,by,at\n", ":1: there is no column `period` (did you mean `periode`?)"),
        (b"2026-10,5\n", ":1: there is no column `period` (the first line is period,value,by,at)"),
        (b"period,value,by,at,value\n", ":1: there are two columns `value`"),
        (b"period,value,by,at\n\xff\n", ':2:1: the byte ff is not utf-8 (encoding = "latin-1")'),
        (
            b"period,value,by,at\n<<<<<<< HEAD\n2026-10,5,a,2026-11-04T09:00Z\n",
            ":2:1: the file holds the marks of a merge conflict",
        ),
        (b"<html>", ":1: this is a web page or XML, not CSV (an export that needed a login saves its login page)"),
    ],
)
def test_a_file_that_is_something_else_spoils_all(tmp_path: Path, raw: bytes, message: str) -> None:
    write(tmp_path, raw)
    found = read(definitions(), "nps", tmp_path)
    assert told(found) == [FILE + message]
    assert found.spoiled
    assert values(found) == {}


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "acme", tmp_path / "outside.csv"
    outside.write_text(f"{HEADER}\n{row('2026-10', '5')}\n")
    (root / "measurements/manual").mkdir(parents=True)
    (root / FILE).symlink_to(outside)
    found = read(definitions(), "nps", root)
    assert told(found) == [f"{FILE}: the file cannot be read: the link leads out of the workspace"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "measurements/manual").mkdir(parents=True)
    os.mkfifo(tmp_path / FILE)
    assert told(read(definitions(), "nps", tmp_path)) == [f"{FILE}: the file cannot be read: this is no regular file"]

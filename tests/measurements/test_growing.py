"""Rows added to a file: only they are read, and what comes out is what reading all of it would give."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpitui.definitions.model import Definitions, Measure, Source
from kpitui.measurements import aggregate, cache
from kpitui.measurements.aggregate import read, read_source
from kpitui.measurements.cache import read_through
from kpitui.measurements.values import Measured

pytestmark = pytest.mark.usefixtures("in_parts")


def define(*measures: Measure, **source: Any) -> Definitions:
    settings = {"files": ("crm*.csv",), "date": "date", "frequency": "daily", **source}
    found = measures or (Measure("leads", "Leads", "crm", "sum", column="leads"),)
    return Definitions(
        "Test",
        sources={"crm": Source("crm", **settings)},
        measures={measure.id: measure for measure in found},
    )


@pytest.fixture
def wholes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are read as a whole, as they are."""
    found: list[str] = []

    def counting(source_id: str, *arguments: Any, **named: Any) -> Any:
        found.append(source_id)
        return read_source(source_id, *arguments, **named)

    monkeypatch.setattr(aggregate, "read_source", counting)
    return found


def add(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as out:
        out.write(text)


def figures(measured: Measured, id_: str = "leads") -> dict[str, float]:
    series = measured.series[id_]
    return {date.fromordinal(day).isoformat(): series.value(day, day) or 0.0 for day in series.days}


def said(measured: Measured) -> list[str]:
    return [f"{problem.line}: {problem.message}" for problem in measured.problems]


FIRST = "date,leads\n2026-01-01,1\n2026-01-02,2\n2026-01-03,x\n"


def test_only_new_rows_are_read_and_old_problems_told_again(tmp_path: Path, wholes: list[str]) -> None:
    file = tmp_path / "crm.csv"
    file.write_text(FIRST)
    read_through(define(), tmp_path)
    add(file, "2026-01-04,4\n2026-01-05,y\n2026-01-06,6\n")
    measured = read_through(define(), tmp_path)
    assert wholes == ["crm"]
    assert figures(measured) == {"2026-01-01": 1.0, "2026-01-02": 2.0, "2026-01-04": 4.0, "2026-01-06": 6.0}
    assert said(measured) == ["4: `x` is not a number", "6: `y` is not a number"]
    assert measured.sources["crm"].rows == 6

    add(file, "2026-01-07,7\n2026-01-08,z\n")  # and once more
    measured = read_through(define(), tmp_path)
    assert wholes == ["crm"]
    assert figures(measured)["2026-01-07"] == 7.0
    assert said(measured)[-1] == "9: `z` is not a number"

    read_through(define(), tmp_path)
    assert wholes == ["crm"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            FIRST.replace(",2\n", ",9\n"),
            "2026-01-04,4\n",
            {"2026-01-01": 1.0, "2026-01-02": 9.0, "2026-01-04": 4.0},
            id="an old row is another",
        ),
        pytest.param(FIRST, "2026-01-02,5\n", {"2026-01-01": 1.0, "2026-01-02": 7.0}, id="a new row for an old date"),
        pytest.param(FIRST, "2026-01-03,3\n", {"2026-01-01": 1.0, "2026-01-02": 2.0}, id="one for a lost value"),
        pytest.param(
            FIRST,
            '2026-01-04,"4\n2026-01-05,5\n',
            None,
            id="a quote that does not close",
        ),
    ],
)
def test_otherwise_all_of_it_is_read(
    tmp_path: Path, wholes: list[str], old: str, new: str, expected: dict[str, float] | None
) -> None:
    file = tmp_path / "crm.csv"
    file.write_text(FIRST)
    read_through(define(), tmp_path)
    file.write_text(old + new)
    measured = read_through(define(), tmp_path)
    assert wholes == ["crm", "crm"]
    if expected is None:
        assert set(measured.spoiled) == {"leads"}
    else:
        assert figures(measured) == expected


def test_a_last_line_without_an_end_may_go_on(tmp_path: Path, wholes: list[str]) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("date,leads\n2026-01-01,1\n2026-01-02,2")
    assert figures(read_through(define(), tmp_path))["2026-01-02"] == 2.0
    add(file, "5\n2026-01-03,3\n")
    assert figures(read_through(define(), tmp_path)) == {"2026-01-01": 1.0, "2026-01-02": 25.0, "2026-01-03": 3.0}
    assert wholes == ["crm", "crm"]


def test_a_date_whose_row_was_damaged_gets_no_value_later(tmp_path: Path, wholes: list[str]) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("date,leads\n2026-01-01,1\n2026-01-02,2,2\n")
    read_through(define(), tmp_path)
    add(file, "2026-01-02,5\n")
    assert figures(read_through(define(), tmp_path)) == {"2026-01-01": 1.0}
    assert wholes == ["crm", "crm"]


def test_the_days_of_events_that_cannot_be_read(tmp_path: Path, wholes: list[str]) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("date,leads\n2026-01-01,1\n2026-01-02,x\n2026-01-03,3,3\n")
    read_through(define(frequency="event"), tmp_path)
    add(file, "2026-01-04,4\n2026-01-05,y\n")
    measured = read_through(define(frequency="event"), tmp_path)
    lost = [date.fromordinal(day).isoformat() for day in measured.series["leads"].lost]
    assert lost == ["2026-01-02", "2026-01-03", "2026-01-05"]
    assert read_through(define(frequency="event"), tmp_path).series == measured.series
    assert wholes == ["crm"]


def test_values_that_are_there_twice(tmp_path: Path, wholes: list[str]) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("date,leads\n2026-01-01,1\n2026-01-02,2\n2026-01-02,2\n")
    read_through(define(), tmp_path)
    add(file, "2026-01-03,3\n")
    measured = read_through(define(), tmp_path)
    twice = "possible duplicates: 1 value of `leads` for a date that already has one, all counted; first "
    assert said(measured) == [f"3: {twice}2026-01-02, again in line 4"]
    assert wholes == ["crm"]
    add(file, "2026-01-04,4\n2026-01-05,5\n2026-01-04,4\n")  # they are counted together
    measured = read_through(define(), tmp_path)
    assert said(measured) == [f"3: {twice.replace('1 value', '2 values')}2026-01-02, again in line 4"]
    assert wholes == ["crm", "crm"]


def test_a_key_that_is_there_now(tmp_path: Path, wholes: list[str]) -> None:
    definitions = define(
        Measure("leads", "Leads", "crm", "sum", key="leads"),
        Measure("sqls", "SQLs", "crm", "sum", key="sqls"),
        layout="long",
        measure="kpi",
        value="value",
    )
    file = tmp_path / "crm.csv"
    file.write_text("date,kpi,value\n2026-01-01,leads,1\n2026-01-02,leads,2\n")
    assert said(read_through(definitions, tmp_path)) == ["None: no row has `sqls` in the column `kpi`"]
    add(file, "2026-01-03,leads,3\n2026-01-03,sqls,4\n")
    measured = read_through(definitions, tmp_path)
    assert said(measured) == []
    assert figures(measured, "sqls") == {"2026-01-03": 4.0}
    assert wholes == ["crm"]


def test_a_text_of_where_that_is_there_now(tmp_path: Path, wholes: list[str]) -> None:
    mail = Measure("leads", "Leads", "crm", "sum", column="leads", where=(("channel", ("Mail",)),))
    definitions = define(mail, frequency="event")
    file = tmp_path / "crm.csv"
    file.write_text("date,channel,leads\n2026-01-01,mail,1\n2026-01-02,mail,2\n")
    measured = read_through(definitions, tmp_path)
    assert said(measured) == ["None: no row has `channel` = `Mail`"]
    assert measured.spoiled == {"leads": "crm.csv: no row has `channel` = `Mail`"}
    add(file, "2026-01-03,mail,3\n")
    assert set(read_through(definitions, tmp_path).spoiled) == {"leads"}
    add(file, "2026-01-04,Mail,4\n")
    measured = read_through(definitions, tmp_path)
    assert said(measured) == []
    assert figures(measured) == {"2026-01-04": 4.0}
    assert wholes == ["crm"]


def test_a_decimal_comma_further_down_makes_points_doubtful(tmp_path: Path, wholes: list[str]) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("date;leads\n2026-01-01;1.250\n2026-01-02;2\n")
    assert figures(read_through(define(delimiter=";"), tmp_path)) == {"2026-01-01": 1.25, "2026-01-02": 2.0}
    add(file, "2026-01-03;3\n2026-01-04;4,5\n")
    measured = read_through(define(delimiter=";"), tmp_path)
    assert figures(measured) == {"2026-01-02": 2.0, "2026-01-03": 3.0}
    assert said(measured) == [
        "2: `1.250` may be thousands: other cells of the column have a decimal comma",
        "5: `4,5` is not a number",
    ]
    add(file, "2026-01-05;5.000\n")
    assert figures(read_through(define(delimiter=";"), tmp_path)) == {"2026-01-02": 2.0, "2026-01-03": 3.0}
    assert wholes == ["crm", "crm", "crm"]


def test_many_problems_of_a_kind_are_counted_on(tmp_path: Path, wholes: list[str]) -> None:
    rows = [f"2026-{month:02}-{day:02},x\n" for month in (1, 2) for day in range(1, 16)]
    file = tmp_path / "crm.csv"
    file.write_text("date,leads\n" + "".join(rows[:25]))
    read_through(define(), tmp_path)
    add(file, "".join(rows[25:]))
    measured = read_through(define(), tmp_path)
    assert said(measured)[-1] == "22: … and 10 more like this: cells that are not numbers"
    assert wholes == ["crm"]


def test_the_last_of_several_files_grows(tmp_path: Path, wholes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "crm-1.csv").write_text("date,leads\n2026-01-01,1\n")
    monkeypatch.setattr(cache, "_young", lambda *_: [])
    file = tmp_path / "crm-2.csv"
    file.write_text("date,leads\n2026-01-02,2\n")
    read_through(define(), tmp_path)
    add(file, "2026-01-03,3\n")
    assert figures(read_through(define(), tmp_path)) == {"2026-01-01": 1.0, "2026-01-02": 2.0, "2026-01-03": 3.0}
    add(tmp_path / "crm-1.csv", "2026-01-04,4\n")
    assert figures(read_through(define(), tmp_path))["2026-01-04"] == 4.0
    assert wholes == ["crm", "crm"]


AGGREGATES = ("sum", "count", "mean", "median", "min", "max", "first", "last")
CELLS = st.sampled_from(["1", "2.5", "-3", "", "x", "1e400"])
ROW = st.tuples(st.integers(1, 9), CELLS, st.sampled_from(["", ",7", " "])).map(
    lambda row: f"2026-01-0{row[0]},{row[1]}{row[2]}"
)
LINE = st.one_of(ROW, st.sampled_from(["", "Total,9", "2026-13-01,4", '2026-01-05,"4"', '2026-01-06,"4', "date,leads"]))


@given(
    old=st.lists(LINE, max_size=6), new=st.lists(LINE, min_size=1, max_size=4), later=st.booleans(), end=st.booleans()
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_what_reading_all_of_it_gives(
    tmp_path_factory: pytest.TempPathFactory, old: list[str], new: list[str], later: bool, end: bool
) -> None:
    root = tmp_path_factory.mktemp("acme")
    definitions = define(*(Measure(aggregate, aggregate, "crm", aggregate, column="leads") for aggregate in AGGREGATES))
    file = root / "crm.csv"
    file.write_text("\n".join(["date,leads", *old]) + "\n" * end)
    read_through(definitions, root)
    added = [line.replace("2026-01", "2026-02") for line in new] if later else new
    add(file, "\n".join(added) + "\n")
    measured, expected = read_through(definitions, root), read(definitions, root)
    assert (measured.series, measured.spoiled, measured.problems, measured.sources) == (
        expected.series,
        expected.spoiled,
        expected.problems,
        expected.sources,
    )

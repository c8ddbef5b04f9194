"""Packed files, files that do not keep still, and Parquet: the same figures, or a problem."""

from __future__ import annotations

import gzip
import io
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpitui.definitions.model import Definitions, Measure, Source
from kpitui.measurements import chunks, contents
from kpitui.measurements.aggregate import read, read_source
from kpitui.measurements.footer import FormatError, footer
from kpitui.measurements.intake import Table
from kpitui.measurements.progress import Meter, Progress
from kpitui.measurements.reading import Reading
from kpitui.measurements.sight import look
from kpitui.measurements.text import decode
from kpitui.measurements.values import Series
from kpitui.problems import Problem

LEADS = Measure("leads", "Leads", "s", "sum", column="leads")
CSV = "date,channel,leads\n2026-01-01,paid,1\n2026-01-01,mail,2\n2026-01-02,paid,4\n"
BOTH = pytest.mark.parametrize("way", ["at once", "in parts"])


def define(*measures: Measure, files: tuple[str, ...], **source: Any) -> Definitions:
    settings = {"date": "date", "frequency": "daily", "segments": ("channel",), **source}
    return Definitions(
        "Test",
        sources={"s": Source("s", files, **settings)},
        measures={measure.id: measure for measure in measures or (LEADS,)},
    )


def figures(series: Series) -> dict[str, float]:
    return {date.fromordinal(day).isoformat(): series.value(day, day) for day in series.days}  # type: ignore[misc]


@pytest.fixture(autouse=True)
def _way(request: pytest.FixtureRequest) -> None:
    if "way" in request.fixturenames and request.getfixturevalue("way") == "in parts":
        request.getfixturevalue("in_parts")


@BOTH
@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(CSV.encode()),
        gzip.compress(CSV[:30].encode()) + gzip.compress(CSV[30:].encode()),
        gzip.compress(CSV.encode()) + bytes(512),
    ],
    ids=["one member", "two members", "padded"],
)
def test_a_gzip_file_is_what_it_holds(tmp_path: Path, packed: bytes, way: str) -> None:
    (tmp_path / "a.csv.gz").write_bytes(packed)
    measured = read(define(files=("a.csv.gz",)), tmp_path)
    assert figures(measured.series["leads"]) == {"2026-01-01": 3, "2026-01-02": 4}
    assert measured.problems == []


@BOTH
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(CSV.encode() * 99)[:-20], "the gzip file ends in the middle: it was cut off on its way"),
        (CSV.encode(), "this is not a gzip file, or a damaged one"),
        (gzip.compress(CSV.encode())[:-8] + bytes(8), "the gzip file is damaged"),
        (b"", "the file is empty"),
    ],
    ids=["cut off", "not packed", "damaged", "empty"],
)
def test_a_damaged_gzip_file_has_no_figures(tmp_path: Path, content: bytes, message: str, way: str) -> None:
    (tmp_path / "a.csv.gz").write_bytes(content)
    measured = read(define(files=("a.csv.gz",)), tmp_path)
    assert set(measured.spoiled) == {"leads"}
    assert message in measured.spoiled["leads"] or "not a gzip file" in measured.spoiled["leads"]


@BOTH
def test_a_gzip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setattr(contents, "_ALWAYS_UNPACKED", 1 << 20)
    monkeypatch.setattr(chunks, "SIZE", 1 << 18)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(CSV.encode() + b"2026-01-03,paid,1\n" * 1_000_000))
    measured = read(define(files=("a.csv.gz",)), tmp_path)
    assert measured.spoiled == {"leads": "a.csv.gz: the file unpacks to more than 200 times its size: it is not read"}


@BOTH
@pytest.mark.parametrize("steady_after", [1, 2])
def test_a_file_that_grows_is_read_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steady_after: int, way: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    looked, real = [], os.fstat

    def grow(descriptor: int) -> os.stat_result:
        status = real(descriptor)
        looked.append(status)
        if len(looked) in (1, 3) and len(looked) <= 2 * steady_after:  # each reading looks before and after
            with path.open("a") as out:
                out.write(f"2026-01-0{2 + (len(looked) + 1) // 2},paid,8\n")
        return status

    monkeypatch.setattr("kpitui.measurements.contents.os.fstat", grow)
    measured = read(define(files=("a.csv",)), tmp_path)
    assert len(looked) == 4
    if steady_after == 1:
        assert figures(measured.series["leads"]) == {"2026-01-01": 3, "2026-01-02": 4, "2026-01-03": 8}
    else:
        assert measured.spoiled == {"leads": "a.csv: the file changed while it was read"}


@BOTH
def test_a_file_that_vanishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    real = os.open

    def vanish(file: Any, *args: Any, **more: Any) -> int:
        descriptor = real(file, *args, **more)
        if Path(file) == path:
            path.unlink()
        return descriptor

    monkeypatch.setattr("kpitui.measurements.contents.os.open", vanish)
    measured = read(define(files=("a.csv",)), tmp_path)
    assert measured.spoiled == {"leads": "a.csv: the file cannot be read: No such file or directory"}


def test_a_fifo_that_took_the_files_place_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    problem = contents.whole(tmp_path, "a.csv")
    assert not isinstance(problem, bytes)
    assert problem.message == "this is not a regular file"


DAY_ONE, DAY_TWO = date(2026, 1, 1), date(2026, 1, 2)


def put_parquet(root: Path, **columns: Any) -> None:
    pl.DataFrame(columns).write_parquet(root / "a.parquet")


@BOTH
@pytest.mark.parametrize(
    "dates",
    [
        [DAY_ONE, DAY_ONE, DAY_TWO],
        ["2026-01-01", "2026-01-01", " 2026-01-02"],
        [datetime(2026, 1, 1, 23), datetime(2026, 1, 1), datetime(2026, 1, 2)],  # noqa: DTZ001
    ],
    ids=["dates", "texts", "datetimes"],
)
def test_parquet_gives_what_the_same_csv_would(tmp_path: Path, dates: list[Any], way: str) -> None:
    put_parquet(tmp_path, date=dates, channel=["paid", "mail", "paid"], leads=[1.5, None, 4.0], day=[1, 2, 3])
    paid = Measure("paid", "P", "s", "sum", column="leads", where=(("channel", ("paid",)),))
    second = Measure("second", "S", "s", "count", where=(("day", ("2",)),))
    measured = read(define(LEADS, paid, second, files=("a.parquet",), decimal=","), tmp_path)
    assert measured.problems == []
    assert {id_: figures(series) for id_, series in measured.series.items()} == {
        "leads": {"2026-01-01": 1.5, "2026-01-02": 4},
        "paid": {"2026-01-01": 1.5, "2026-01-02": 4},
        "second": {"2026-01-01": 1},
    }


@BOTH
def test_parquet_cells_are_checked_like_others(tmp_path: Path, way: str) -> None:
    put_parquet(
        tmp_path,
        date=["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-03", "2026-01-04"],
        channel=["a"] * 5,
        leads=[float("nan"), float("inf"), 1.0, 2.0, 2.0],
    )
    measured = read(define(files=("a.parquet",)), tmp_path)
    assert figures(measured.series["leads"]) == {"2026-01-03": 3, "2026-01-04": 2}
    assert [(problem.line, problem.message[:19]) for problem in measured.problems] == [
        (1, "`NaN` is not a numb"),
        (2, "`inf` is not a numb"),
        (3, "possible duplicates"),
    ]


@BOTH
@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"date": [True], "leads": [1]}, "the column `date` holds true and false, not dates"),
        ({"date": [1.5], "leads": [1]}, "the column `date` holds numbers, not dates"),
        ({"date": [DAY_ONE], "leads": ["1"]}, "the column `leads` holds texts, not numbers"),
        ({"date": [DAY_ONE], "leads": [[1]]}, "the column `leads` holds lists, structures or bytes"),
        ({"date": [DAY_ONE], "Leads": [1]}, "there is no column `leads`"),
    ],
)
def test_parquet_columns_of_another_type(tmp_path: Path, columns: Any, message: str, way: str) -> None:
    put_parquet(tmp_path, **columns)
    measured = read(define(files=("a.parquet",), segments=()), tmp_path)
    assert measured.spoiled == {"leads": f"a.parquet: {message}"}


@BOTH
def test_what_is_no_parquet_file(tmp_path: Path, way: str) -> None:
    out = io.BytesIO()
    pl.DataFrame({"date": ["2026-01-01"], "leads": [1]}).write_parquet(out)
    for content in (b"", b"date,leads\n", out.getvalue()[:-9]):
        (tmp_path / "a.parquet").write_bytes(content)
        measured = read(define(files=("a.parquet",)), tmp_path)
        assert measured.spoiled == {"leads": "a.parquet: this is not a Parquet file, or a damaged one"}


@BOTH
@pytest.mark.parametrize("steady_after", [1, 2])
def test_a_parquet_file_that_is_replaced_is_read_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steady_after: int, way: str
) -> None:
    put_parquet(tmp_path, date=[DAY_ONE, DAY_TWO], channel=["paid"] * 2, leads=[1, 2])
    readings, real = [], pl.scan_parquet

    def replaced(path: Path, **more: Any) -> pl.LazyFrame:
        readings.append(path)
        scan = real(path, **more)
        scan.collect_schema()
        if len(readings) <= steady_after:
            put_parquet(tmp_path, date=[DAY_ONE] * 9, channel=["paid"] * 9, leads=[*[0] * 8, len(readings)])
        return scan

    monkeypatch.setattr("kpitui.measurements.parquet.pl.scan_parquet", replaced)
    measured = read(define(files=("a.parquet",), frequency="event"), tmp_path)
    assert len(readings) == 2
    if steady_after == 1:
        assert figures(measured.series["leads"]) == {"2026-01-01": 1}
        assert measured.problems == []
    else:
        assert measured.spoiled == {"leads": "a.parquet: the file changed while it was read"}


@pytest.mark.parametrize(
    "columns",
    [
        {"date": [DAY_ONE], "channel": ["x" * 3_000_000], "leads": [1]},
        {"date": [DAY_ONE] * 300, "channel": ["x" * 10_000] * 300, "leads": [1] * 300},
        {"date": [DAY_ONE] * 300_000, "channel": ["paid"] * 300_000, "leads": [1] * 300_000},
    ],
    ids=["a long text", "a long text that all rows share", "rows that are all the same"],
)
def test_a_parquet_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: Any) -> None:
    put_parquet(tmp_path, **columns)
    assert (tmp_path / "a.parquet").stat().st_size < 10_000
    definitions = define(files=("a.parquet",), frequency="event")
    assert read(definitions, tmp_path).problems == []
    monkeypatch.setattr(contents, "_ALWAYS_UNPACKED", 1 << 20)
    measured = read(definitions, tmp_path)
    assert measured.spoiled == {"leads": "a.parquet: the file unpacks to more than 200 times its size: it is not read"}
    assert [problem.hint for problem in measured.problems] == [
        "if that is what it should hold, write it as several smaller files"
    ]


def test_a_column_that_nobody_wants_may_be_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_parquet(tmp_path, date=[DAY_ONE], channel=["paid"], leads=[1], note=["x" * 3_000_000])
    monkeypatch.setattr(contents, "_ALWAYS_UNPACKED", 1 << 20)
    assert figures(read(define(files=("a.parquet",)), tmp_path).series["leads"]) == {"2026-01-01": 1}


def test_a_small_parquet_file_of_many_rows_is_read_in_parts(tmp_path: Path) -> None:
    rows = 3 << 20  # of eight bytes each, more than chunks.LARGE
    dates = pl.select(pl.lit(DAY_ONE).repeat_by(rows).explode()).to_series()
    put_parquet(tmp_path, date=dates, leads=pl.zeros(rows, eager=True))
    assert (tmp_path / "a.parquet").stat().st_size < 100_000
    held, real = [], Reading.take_part

    def take(reading: Reading, table: Table, place: tuple[int, int]) -> None:
        held.append(len(table.frame))
        real(reading, table, place)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reading, "take_part", take)
        measured = read(define(files=("a.parquet",), segments=(), frequency="event"), tmp_path)
    assert held == [1 << 20] * 3
    assert measured.series["leads"].counts == [rows]


@pytest.mark.parametrize("compression", ["zstd", "snappy", "gzip", "uncompressed"])
def test_what_a_parquet_file_says_of_its_size(tmp_path: Path, compression: Any) -> None:
    path = tmp_path / "a.parquet"
    frame = pl.DataFrame({"a": range(1000), "b": ["x" * 50_000] * 1000, "c": [[1]] * 1000, "d": [{"e": 0.5}] * 1000})
    frame.write_parquet(path, compression=compression, row_group_size=300, statistics="full")
    with path.open("rb") as file:
        found = footer(file)
    assert found.rows == 1000
    assert set(found.unpacked) == {"a", "b", "c", "d"}
    assert 50_000 <= found.unpacked["b"] < 4 * 60_000  # the text, once per row group


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_damaged_footer_is_no_footer(data: st.DataObject) -> None:
    out = io.BytesIO()
    pl.DataFrame({"date": ["2026-01-01"], "leads": [1]}).write_parquet(out)
    raw = bytearray(out.getvalue())
    for _ in range(3):
        raw[data.draw(st.integers(len(raw) // 2, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert footer(io.BytesIO(raw)).rows is not None
    except FormatError:
        assert raw != out.getvalue()


@pytest.mark.parametrize("content", [b"\x35" + b"\xff" * 200_000, b"\x3c" * 200_000, b"\x39\xfc\xff\xff\xff\x7f"])
def test_a_footer_that_does_not_end_takes_no_time(content: bytes) -> None:
    with pytest.raises(FormatError):
        footer(io.BytesIO(b"PAR1" + content + len(content).to_bytes(4, "little") + b"PAR1"))


@BOTH
def test_duplicates_are_found_wherever_they_stand(tmp_path: Path, way: str) -> None:
    rows = [f"2026-01-{day:02},{channel},1\n" for day in range(1, 20) for channel in ("paid", "mail")]
    text = "date,channel,leads\n" + "".join(rows) + "2026-01-03,mail,1\n2026-01-19T08:00,mail,1\n"
    (tmp_path / "a.csv").write_text(text)
    (tmp_path / "b.csv").write_text("date,channel,leads\n2026-01-07,paid,1\n")
    [problem] = read(define(files=("*.csv",)), tmp_path).problems
    assert str(problem).startswith(
        "a.csv:7: possible duplicates: 3 values of `leads` for a date that already has one, all counted; "
        "first 2026-01-03, again in line 40"
    )


@BOTH
@pytest.mark.parametrize("file", ["a.csv", "a.csv.gz"])
def test_a_reading_tells_how_far_it_is(tmp_path: Path, file: str, way: str) -> None:
    raw = ("date,channel,leads\n" + "".join(f"2026-01-{day:02},paid,1\n" for day in range(1, 29))).encode()
    (tmp_path / file).write_bytes(gzip.compress(raw) if file.endswith(".gz") else raw)
    definitions, told = define(files=(file,)), list[Progress]()
    with Meter([look(definitions.sources["s"], tmp_path)], told.append).reading(
        look(definitions.sources["s"], tmp_path)
    ):
        read(definitions, tmp_path)
    percents = [progress.percent for progress in told]
    assert percents == sorted(percents)
    assert percents[0] == 0
    assert 50 <= percents[-1] <= 100


@pytest.mark.usefixtures("in_parts")
def test_a_reading_tells_how_far_it_is_in_a_parquet_file(tmp_path: Path) -> None:
    days = [f"2026-01-{day:02}" for day in range(1, 9)]
    pl.DataFrame({"date": days, "channel": "paid", "leads": 1}).write_parquet(tmp_path / "a.parquet")
    definitions, told = define(files=("a.parquet",)), list[Progress]()
    sight = look(definitions.sources["s"], tmp_path)
    with Meter([sight], told.append).reading(sight):
        read(definitions, tmp_path)
    assert [progress.percent for progress in told] == [0, 24, 49, 74]


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_looking_for_duplicates_is_told_of_by_itself(tmp_path: Path, ending: str) -> None:
    rows = pl.DataFrame({"date": ["2026-01-01", "2026-01-02"] * 8, "channel": "paid", "leads": 1})
    if ending == "csv":
        rows.write_csv(tmp_path / "a.csv")
    else:
        rows.write_parquet(tmp_path / "a.parquet")
    definitions, told = define(files=(f"a.{ending}",)), list[Progress]()
    sight = look(definitions.sources["s"], tmp_path)
    with Meter([sight], told.append).reading(sight):
        read(definitions, tmp_path)
    again = [progress.percent for progress in told if progress.again]
    assert [progress.again for progress in told] == sorted(progress.again for progress in told)
    assert again == sorted(again)
    assert again[0] == 0
    assert again[-1] > 50


def test_a_source_by_itself_is_what_it_is_among_others(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV + "2026-01-03,paid,x\n")
    definitions = define(files=("*.csv", "b.csv"))
    measured, result = read(definitions, tmp_path), read_source("s", definitions, tmp_path)
    assert (result.series, result.spoiled, result.problems) == (measured.series, measured.spoiled, measured.problems)
    assert (result.read, result.files) == (measured.sources["s"], ("a.csv",))


RECORDED = (
    "date,channel,leads,at\n2026-01-01,paid,1,2026-01-02\n2026-01-01,mail,10,2026-01-02T08:00:00Z\n"
    "2026-01-01,paid,2,2026-01-05T10:00:00+02:00\n2026-01-01,paid,3,2026-01-05T09:00:00Z\n2026-01-02,paid,7,2026-02-01\n"
)


@pytest.mark.parametrize(
    ("known_at", "expected"),
    [
        (None, {"2026-01-01": 13, "2026-01-02": 7}),
        (date(2026, 1, 31), {"2026-01-01": 13}),
        (date(2026, 1, 4), {"2026-01-01": 11}),
        (date(2026, 1, 1), {}),
    ],
)
def test_what_was_known_by_a_day(tmp_path: Path, known_at: date | None, expected: dict[str, float]) -> None:
    (tmp_path / "a.csv").write_text(RECORDED)
    measured = read(define(files=("a.csv",), recorded="at"), tmp_path, known_at=known_at)
    assert figures(measured.series["leads"]) == expected
    assert measured.problems == []


def test_a_time_of_recording_that_cannot_be_read_never_wins(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "date,channel,leads,at\n2026-01-01,paid,1,2026-01-02\n2026-01-01,paid,2,zz\n2026-01-02,paid,3,\n2026-01-03,paid,4,2026-01-04\n"
    )
    measured = read(define(files=("a.csv",), recorded="at"), tmp_path)
    assert figures(measured.series["leads"]) == {"2026-01-01": 1, "2026-01-03": 4}
    assert [f"{problem.place}: {problem.message}" for problem in measured.problems] == [
        "a.csv:3:19: `zz` does not say when the row was recorded: no other row gives way to it",
        "a.csv:4:19: the time of recording is blank: no other row gives way to it",
    ]


def test_utf_16_of_either_order_without_a_mark() -> None:
    text = "date,leads\n2026-01-01,1\n"
    for encoding in ("utf-16-le", "utf-16-be"):
        found = decode("a.csv", text.encode(encoding), "utf-8")
        assert isinstance(found, Problem)
        assert (found.message, found.hint) == (
            "this is UTF-16 without a byte order mark",
            f'encoding = "{encoding}"',
        )
        assert decode("a.csv", text.encode(encoding), encoding) == text

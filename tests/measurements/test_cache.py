"""What is kept between starts: used while nothing changed, and never in place of what would be read now."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpitui.definitions.model import Bands, Definitions, Kpi, Measure, Source
from kpitui.measurements import aggregate, cache, cache_folder
from kpitui.measurements.aggregate import read, read_source
from kpitui.measurements.cache import cached, kept, read_through
from kpitui.measurements.cache_folder import clear, where
from kpitui.measurements.values import Measured
from kpitui.periods import Calendar
from kpitui.stamps import SURE_AFTER

ONE, TWO = (date(2026, 1, day).toordinal() for day in (1, 2))
LONG_AGO = 1_700_000_000


def define(*measures: Measure, calendar: Calendar = Calendar(), **source: Any) -> Definitions:  # noqa: B008
    """Leads of two sources: `crm`, all matching files, and `web`."""
    crm = {"files": ("crm*.csv",), "date": "date", "frequency": "daily", **source}
    found = measures or (Measure("leads", "Leads", "crm", "sum", column="leads"),)
    web = Measure("visits", "Visits", "web", "sum", column="visits")
    return Definitions(
        "Test",
        calendar=calendar,
        sources={"crm": Source("crm", **crm), "web": Source("web", ("web.csv",), "date", "daily")},
        measures={measure.id: measure for measure in (*found, web)},
    )


def put(path: Path, text: str, *, old: bool = True) -> None:
    path.write_text(text, encoding="utf-8")
    if old:
        os.utime(path, (LONG_AGO, LONG_AGO))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "acme"
    root.mkdir()
    put(root / "crm.csv", "date,leads,other\n2026-01-01,1,3\n2026-01-02,2,4\n")
    put(root / "web.csv", "date,visits\n2026-01-01,10\nmiddle,x\n2026-01-02,ten\n")
    return root


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are read, as they are."""
    found: list[str] = []

    def counting(source_id: str, *arguments: Any, **named: Any) -> Any:
        found.append(source_id)
        return read_source(source_id, *arguments, **named)

    monkeypatch.setattr(aggregate, "read_source", counting)
    return found


def figures(measured: Measured) -> dict[str, list[tuple[int, float]]]:
    return {id_: list(zip(s.days, s.totals, strict=True)) for id_, s in measured.series.items()}


def plain(measured: Measured) -> Measured:
    return msgspec.structs.replace(measured, sights={})


# Used again


def test_what_was_read_is_read_once(root: Path, reads: list[str]) -> None:
    first = read_through(define(), root)
    assert reads == ["crm", "web"]
    assert figures(first)["leads"] == [(ONE, 1), (TWO, 2)]
    again = read_through(define(), root)
    assert reads == ["crm", "web"]
    assert again == first


def test_it_is_the_same_as_without_a_cache_and_problems_are_told_again(root: Path) -> None:
    read_through(define(), root)
    warm = read_through(define(), root)
    assert plain(warm) == read(define(), root)
    assert [str(problem) for problem in warm.problems] == [
        "web.csv:3:1: `middle` is not a date: the row is left out",
        'web.csv:4:12: `ten` is not a number (missing = ["", "N/A", "-", "ten"] in [source.web])',
    ]


def test_only_the_source_whose_file_changed_is_read(root: Path, reads: list[str]) -> None:
    read_through(define(), root)
    reads.clear()
    put(root / "crm.csv", "date,leads,other\n2026-01-01,5,3\n")
    assert figures(read_through(define(), root))["leads"] == [(ONE, 5)]
    assert reads == ["crm"]


def test_without_cache_nothing_is_asked_or_kept(root: Path, reads: list[str]) -> None:
    read_through(define(), root, use_cache=False)
    assert not where().exists()
    read_through(define(), root)
    reads.clear()
    read_through(define(), root, use_cache=False)
    assert reads == ["crm", "web"]


def test_what_was_known_earlier_is_not_kept_where_it_may_differ(root: Path, reads: list[str]) -> None:
    put(root / "crm.csv", "date,leads,at\n2026-01-01,1,2026-01-02\n")
    definitions = define(recorded="at")
    read_through(definitions, root)
    for _ in range(2):
        reads.clear()
        read_through(definitions, root, known_at=date(2026, 1, 5))
        assert reads == ["crm"]
    reads.clear()
    read_through(definitions, root)
    assert reads == []


# What a file is


@pytest.mark.parametrize("ending", ["csv.gz", "parquet"])
def test_packed_files_are_kept_and_read_again_when_they_change(root: Path, reads: list[str], ending: str) -> None:
    path = root / f"crm.{ending}"

    def write(leads: int) -> None:
        if ending == "parquet":
            pl.DataFrame({"date": [date(2026, 1, 1)], "leads": [leads]}).write_parquet(path)
        else:
            path.write_bytes(gzip.compress(f"date,leads\n2026-01-01,{leads}\n".encode(), mtime=0))
        os.utime(path, (LONG_AGO, LONG_AGO))

    definitions = define(files=(path.name,))
    write(1)
    first = read_through(definitions, root)
    assert read_through(definitions, root) == first
    assert reads == ["crm", "web"]
    write(2)
    assert figures(read_through(definitions, root))["leads"] == [(ONE, 2)]
    assert reads == ["crm", "web", "crm"]


def test_same_size_and_times_but_another_file(root: Path, reads: list[str]) -> None:
    read_through(define(), root)
    put(root / "new", "date,leads,other\n2026-01-01,7,3\n2026-01-02,8,4\n")
    (root / "new").replace(root / "crm.csv")
    assert figures(read_through(define(), root))["leads"] == [(ONE, 7), (TWO, 8)]


def test_a_file_written_in_place_whose_time_is_set_back(root: Path) -> None:
    read_through(define(), root)
    with (root / "crm.csv").open("r+") as stream:
        stream.write("date,leads,other\n2026-01-01,9")
    os.utime(root / "crm.csv", (LONG_AGO, LONG_AGO))
    assert figures(read_through(define(), root))["leads"] == [(ONE, 9), (TWO, 2)]


def test_a_young_file_is_known_by_its_content(root: Path, monkeypatch: pytest.MonkeyPatch, reads: list[str]) -> None:
    """As on a file system whose clock stands still: a change that leaves all times as they are."""
    read_through(define(), root)
    real = cache.look

    def standing_still(source: Source, root: Path) -> Any:
        sight = real(source, root)
        files = tuple(
            (name, stamp and msgspec.structs.replace(stamp, modified=0, changed=time.time_ns() // 10**12 * 10**12))
            for name, stamp in sight.files
        )
        return msgspec.structs.replace(sight, files=files)

    monkeypatch.setattr(cache, "look", standing_still)
    monkeypatch.setattr("kpitui.stamps.SURE_AFTER", 10**15)
    read_through(define(), root)
    reads.clear()
    read_through(define(), root)
    assert reads == []
    with (root / "crm.csv").open("r+") as stream:
        stream.write("date,leads,other\n2026-01-01,9")
    assert figures(read_through(define(), root))["leads"] == [(ONE, 9), (TWO, 2)]
    assert reads == ["crm"]


def test_once_a_file_is_old_enough_its_content_is_not_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_through(define(), root)  # the files were made just now
    later = time.time_ns() + 2 * SURE_AFTER
    monkeypatch.setattr(time, "time_ns", lambda: later)
    read_through(define(), root)

    def refuse(*_: Any) -> Any:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(cache, "file_digest", refuse)
    assert not cached(define(), root).to_read


def test_a_new_file_that_the_glob_finds(root: Path) -> None:
    read_through(define(), root)
    put(root / "crm2.csv", "date,leads,other\n2026-01-02,30,0\n")
    assert figures(read_through(define(), root))["leads"] == [(ONE, 1), (TWO, 2 + 30)]


def test_a_file_that_is_gone_and_back(root: Path) -> None:
    read_through(define(), root)
    (root / "crm.csv").rename(root / "away")
    gone = read_through(define(), root)
    assert "leads" in gone.spoiled
    assert "leads" in read_through(define(), root).spoiled
    (root / "away").rename(root / "crm.csv")
    assert figures(read_through(define(), root))["leads"] == [(ONE, 1), (TWO, 2)]


def test_a_file_that_changes_while_it_is_read_is_not_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def changing(source_id: str, *arguments: Any, **named: Any) -> Any:
        result = read_source(source_id, *arguments, **named)
        if source_id == "crm":
            put(root / "crm.csv", "date,leads,other\n2026-01-01,50,3\n")
        return result

    monkeypatch.setattr(aggregate, "read_source", changing)
    read_through(define(), root)
    assert list(cached(define(), root).to_read) == ["crm"]


# What the definitions are

SHAPING: dict[str, Callable[[], Definitions]] = {
    "aggregate": lambda: define(Measure("leads", "Leads", "crm", "max", column="leads")),
    "column": lambda: define(Measure("leads", "Leads", "crm", "sum", column="other")),
    "where": lambda: define(Measure("leads", "Leads", "crm", "sum", column="leads", where=(("other", ("3",)),))),
    "another measure": lambda: define(
        Measure("leads", "Leads", "crm", "sum", column="leads"), Measure("o", "O", "crm", "sum", column="other")
    ),
    "id": lambda: define(Measure("led", "Leads", "crm", "sum", column="leads")),
    "frequency": lambda: define(frequency="event"),
    "date": lambda: define(date="day"),
    "date_format": lambda: define(date_format="%Y-%m-%d"),
    "delimiter": lambda: define(delimiter=";"),
    "encoding": lambda: define(encoding="latin-1"),
    "decimal": lambda: define(decimal=","),
    "thousands": lambda: define(thousands=","),
    "missing": lambda: define(missing=("1",)),
    "segments": lambda: define(segments=("other",)),
    "recorded": lambda: define(recorded="other"),
    "layout": lambda: define(layout="long", measure="other", value="leads"),
    "files": lambda: define(files=("crm.csv",)),
    "week_start": lambda: define(calendar=Calendar(week_start=6)),
    "fiscal_year_start": lambda: define(calendar=Calendar(fiscal_year_start=4)),
}


@pytest.mark.parametrize("change", SHAPING.values(), ids=SHAPING)
def test_a_definition_that_shapes_figures(root: Path, reads: list[str], change: Callable[[], Definitions]) -> None:
    read_through(define(), root)
    reads.clear()
    measured = read_through(change(), root)
    assert "crm" in reads
    assert plain(measured) == read(change(), root)


def test_names_owners_targets_and_due_dates_do_not(root: Path, reads: list[str]) -> None:
    read_through(define(), root)
    reads.clear()
    changed = define(Measure("leads", "Sales leads", "crm", "sum", column="leads"), due_after=5)
    changed = msgspec.structs.replace(
        changed,
        name="Other",
        locale="de_DE",
        kpis={"rate": Kpi("rate", "Rate", "kpitui.toml", 1, owner="ops", bands=Bands(0.1, 0.1, 0.1))},
    )
    read_through(changed, root)
    assert reads == []


def test_an_entry_of_another_workspace_is_not_used(root: Path, tmp_path: Path, reads: list[str]) -> None:
    read_through(define(), root)
    other = tmp_path / "other"
    shutil.copytree(root, other, copy_function=shutil.copy2)
    shutil.copytree(cache_folder.folder_of(root), cache_folder.folder_of(other))
    reads.clear()
    assert cached(define(), other).to_read == dict.fromkeys(["crm", "web"], "its entry is of another workspace")


def test_an_entry_of_another_source_is_not_used(root: Path) -> None:
    read_through(define(), root)
    folder = cache_folder.folder_of(root)
    (folder / "web.msgpack").replace(folder / "crm.msgpack")
    assert cached(define(), root).to_read["crm"] == "its entry is of another workspace"


@pytest.mark.parametrize("schema", [cache.SCHEMA - 1, cache.SCHEMA + 1])
def test_an_older_or_newer_schema(root: Path, monkeypatch: pytest.MonkeyPatch, schema: int) -> None:
    with monkeypatch.context() as other:
        other.setattr(cache, "SCHEMA", schema)
        read_through(define(), root)
        assert not cached(define(), root).to_read
    assert cached(define(), root).to_read["crm"] == "its entry is of another version"
    read_through(define(), root)
    assert not cached(define(), root).to_read


def test_another_version_of_the_program(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_through(define(), root)
    monkeypatch.setattr(cache, "_reader", lambda: "9.9.9")
    assert cached(define(), root).to_read["crm"] == "its entry is of another version"


# Damage


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_at_any_place_gives_no_figure(root: Path, data: st.DataObject) -> None:
    path = cache_folder.folder_of(root) / "crm.msgpack"
    if not path.exists():
        read_through(define(), root)
    whole = path.read_bytes()
    try:
        damaged = bytearray(whole)
        kind = data.draw(st.sampled_from(["flip", "cut", "insert", "zeros"]))
        at = data.draw(st.integers(0, len(whole) - 1))
        if kind == "flip":
            damaged[at] ^= data.draw(st.integers(1, 255))
        elif kind == "cut":
            del damaged[at:]
        elif kind == "insert":
            damaged[at:at] = data.draw(st.binary(min_size=1, max_size=8))
        else:
            damaged[at:] = bytes(len(damaged) - at)
        path.write_bytes(damaged)
        looked = cached(define(), root, former=True)
        assert bytes(damaged) == whole or looked.to_read == {"crm": "its entry is damaged"}
        assert "crm" not in looked.former
    finally:
        path.write_bytes(whole)


def test_every_single_byte(root: Path) -> None:
    read_through(define(), root)
    path = cache_folder.folder_of(root) / "crm.msgpack"
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        assert cached(define(), root).to_read == {"crm": "its entry is damaged"}
    assert figures(read_through(define(), root))["leads"] == [(ONE, 1), (TWO, 2)]
    assert not cached(define(), root).to_read


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | st.recursive(st.none() | st.integers(-9, 9) | st.text(max_size=3), st.lists))
def test_a_whole_entry_of_anything_else(root: Path, body: object) -> None:
    """With a checksum that fits, as another program or version might have written it."""
    path = cache_folder.folder_of(root) / "crm.msgpack"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = body if isinstance(body, bytes) else msgspec.msgpack.encode(body)
    path.write_bytes(cache._MAGIC + cache._digest(content) + content)
    assert "crm" in cached(define(), root).to_read


@pytest.mark.parametrize("kind", ["folder", "fifo", "link to nothing", "empty"])
def test_what_stands_in_an_entrys_place(root: Path, kind: str) -> None:
    path = cache_folder.folder_of(root) / "crm.msgpack"
    path.parent.mkdir(parents=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "empty":
        path.touch()
    else:
        path.symlink_to(path.parent / "nowhere")
    assert figures(read_through(define(), root))["leads"] == [(ONE, 1), (TWO, 2)]
    assert (not cached(define(), root).to_read) == (kind != "folder")


# A folder that cannot be written; two programs at once


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(28, "No space left on device")])
def test_a_cache_that_cannot_be_written_costs_only_speed(
    root: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    assert plain(read_through(define(), root)) == read(define(), root)
    assert set(cached(define(), root).to_read) == {"crm", "web"}


def test_a_disk_that_fills_up_leaves_nothing_behind(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert figures(read_through(define(), root))["leads"] == [(ONE, 1), (TWO, 2)]
    assert list(cache_folder.folder_of(root).iterdir()) == []


def test_a_cache_folder_that_is_a_file(root: Path, home: Path) -> None:
    (home / "cache").write_text("", encoding="utf-8")
    assert figures(read_through(define(), root))["leads"] == [(ONE, 1), (TWO, 2)]
    assert kept() == []
    assert clear() == 0


def test_only_the_user_may_look(root: Path) -> None:
    read_through(define(), root)
    folder = cache_folder.folder_of(root)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "crm.msgpack": 0o600,
        "web.msgpack": 0o600,
    }


WRITER = """
import sys, time
from pathlib import Path
sys.path.insert(0, {tests!r})
from kpitui.measurements import cache
from tests.measurements.test_cache import define
root, end = Path({root!r}), time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    measured = cache.read_through(define(), root)
    assert [*measured.series["leads"].totals] == [1, 2], measured
    for path in cache.folder_of(root).glob("*.msgpack"):
        path.unlink(missing_ok=True)
"""


def writer(root: Path, seconds: float) -> subprocess.Popen[str]:
    code = WRITER.format(tests=str(Path(__file__).parents[2]), root=str(root))
    command = [sys.executable, "-c", code, str(seconds)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def test_two_programs_at_once(root: Path) -> None:
    programs = [writer(root, 2), writer(root, 2)]
    while any(program.poll() is None for program in programs):
        assert set(cached(define(), root).to_read.values()) <= {"nothing is kept of it"}
        assert figures(read_through(define(), root))["leads"] == [(ONE, 1), (TWO, 2)]
    assert [program.communicate()[1] for program in programs] == ["", ""]


def test_a_program_that_is_killed_leaves_whole_entries(root: Path) -> None:
    for delay in (0.0, 0.013, 0.029):
        program = writer(root, 60)
        folder = cache_folder.folder_of(root)
        end = time.monotonic() + 20
        while not folder.exists() and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(delay)
        program.send_signal(signal.SIGKILL)
        program.communicate()
        assert set(cached(define(), root).to_read.values()) <= {"nothing is kept of it"}
        shutil.rmtree(folder, ignore_errors=True)


def test_half_an_entry_is_removed_after_an_hour(root: Path) -> None:
    folder = cache_folder.folder_of(root)
    folder.mkdir(parents=True)
    put(folder / "crm.x.half", "")
    put(folder / "crm.y.half", "", old=False)
    read_through(define(), root)
    assert sorted(path.name for path in folder.glob("*.half")) == ["crm.y.half"]


# Where it is, and its end


def test_where_it_is_and_clearing_it(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(root, other)
    for folder in (root, other):
        read_through(define(), folder)
    (where() / "not ours").mkdir()
    assert [(one.workspace, one.sources) for one in kept()] == [(str(root), 2), (str(other), 2)]
    size = kept()[0].size
    assert size > 0
    assert clear(root) == size
    assert [one.workspace for one in kept()] == [str(other)]
    assert clear() > 0
    assert kept() == []
    assert (where() / "not ours").is_dir()


def test_former_figures_are_given_on_request_only(root: Path) -> None:
    read_through(define(), root)
    put(root / "crm.csv", "date,leads,other\n2026-01-01,5,3\n")
    assert cached(define(), root).former == {}
    looked = cached(define(), root, former=True)
    assert looked.former["crm"].series["leads"].totals == [1, 2]
    assert looked.to_read == {"crm": "its files changed"}
    other = define(Measure("leads", "Leads", "crm", "max", column="leads"))
    assert cached(other, root, former=True).former == {}

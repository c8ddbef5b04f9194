"""What happens to files in real life: no record is lost, and each time it is said what was done."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kpitui.problems import KpituiError
from kpitui.records import safe
from kpitui.records.model import Note, Review
from kpitui.records.store import RecordStore

AT = datetime(2026, 11, 4, 9, 12, tzinfo=UTC)
REVIEW = Review(id="2026-10-monthly", cadence="monthly", period="2026-10", started=AT)
FILE = "reviews/2026-10-monthly.toml"
ENV = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
PRELUDE = """
import errno, fcntl, os, signal, subprocess, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from kpitui.problems import KpituiError
from kpitui.records import safe
from kpitui.records.model import Note, Review
from kpitui.records.store import RecordStore
AT = datetime(2026, 11, 4, 9, 12, tzinfo=UTC)
REVIEW = Review(id="2026-10-monthly", cadence="monthly", period="2026-10", started=AT)
def note(text, second=0):
    return Note(kpi="mqls", by="head", at=AT + timedelta(seconds=second), text=text)
root = Path(sys.argv[1])
store = RecordStore(root)
def attempt(text):
    try:
        print(f"saved {store.add(REVIEW, note(text)).path}")
    except KpituiError as error:
        print(error)
"""


def note(text: str, second: int = 0) -> Note:
    return Note(kpi="mqls", by="head", at=AT + timedelta(seconds=second), text=text)


def texts(root: Path) -> list[str]:
    records, problems = RecordStore(root).load()
    assert problems == []
    return sorted(getattr(record, "text", "") for file in records.files for record in file.records)


def program(body: str) -> list[str]:
    return [sys.executable, "-c", PRELUDE + textwrap.dedent(body)]


def on_a_disk_of_its_own(root: Path, body: str) -> list[str]:
    """What a program says that may mount: `root` is a disk of 64 KB that only it sees."""
    unshare = shutil.which("unshare")
    mount = 'mount -t tmpfs -o size=64k tmpfs "$0" && exec "$@"'
    command = [unshare or "", "-rm", "sh", "-c", mount, root]
    if not unshare or subprocess.run([*command, "true"], capture_output=True).returncode:
        pytest.skip("no disk can be mounted here; tests/records/cut_short.py injects what one would answer")
    ended = subprocess.run([*command, *program(body), root], env=ENV, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def test_a_full_disk_takes_nothing_away_and_saving_again_works(tmp_path: Path) -> None:
    said = on_a_disk_of_its_own(
        tmp_path,
        """
        attempt("one" * 5000)
        before = (root / "reviews/2026-10-monthly.toml").read_bytes()
        (root / "other").write_bytes(b"x" * 40_000)
        attempt("two" * 500)
        print((root / "reviews/2026-10-monthly.toml").read_bytes() == before)
        print(sorted(path.name for path in (root / "reviews").iterdir()))
        (root / "other").unlink()
        attempt("two" * 500)
        print(len(store.load()[0].files[0].records))
        """,
    )

    assert said == [
        f"saved {FILE}",
        f"{FILE} was not written: the disk is full. Nothing in it has changed; make room, then save again.",
        "True",
        "['.2026-10-monthly.toml.lock', '2026-10-monthly.toml']",
        f"saved {FILE}",
        "2",
    ]


def test_a_disk_that_can_only_be_read(tmp_path: Path) -> None:
    said = on_a_disk_of_its_own(
        tmp_path,
        """
        attempt("one")
        subprocess.run(["mount", "-o", "remount,ro", root], check=True)
        attempt("two")
        print([record.text for record in store.load()[0].files[0].records])
        subprocess.run(["mount", "-o", "remount,rw", root], check=True)
        attempt("two")
        """,
    )

    assert said == [
        f"saved {FILE}",
        (
            f"{FILE} was not written: the disk can only be read. Nothing in it has changed; "
            "make it writable or copy the workspace to another one, then save again."
        ),
        "['one']",
        f"saved {FILE}",
    ]


def test_a_lock_of_a_program_that_was_killed_is_not_in_the_way(tmp_path: Path) -> None:
    RecordStore(tmp_path).add(REVIEW, note("one"))
    killed = subprocess.run(
        [
            *program(
                """
                with safe.locked(root / "reviews/2026-10-monthly.toml", "it"):
                    os.kill(os.getpid(), signal.SIGKILL)
                """
            ),
            tmp_path,
        ],
        env=ENV,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    started = time.monotonic()

    RecordStore(tmp_path).add(REVIEW, note("two", 1))

    assert time.monotonic() - started < safe.WAIT_SECONDS / 2
    assert texts(tmp_path) == ["one", "two"]


WITHOUT_LOCKS = """
        def flock(*_):
            raise OSError(errno.ENOLCK, "No locks available")
        fcntl.flock = flock
"""


def test_two_programs_in_a_folder_without_locks(tmp_path: Path) -> None:
    body = WITHOUT_LOCKS + "        for n in range(25): store.add(REVIEW, note(f'{sys.argv[2]} {n}', n))\n"
    writers = [subprocess.Popen([*program(body), tmp_path, who], env=ENV) for who in ("ana", "bo")]

    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert texts(tmp_path) == sorted(f"{who} {number}" for who in ("ana", "bo") for number in range(25))
    assert not (tmp_path / "reviews/.2026-10-monthly.toml.lock.held").exists()


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", flock)
    monkeypatch.setattr(safe, "WAIT_SECONDS", 0.3)


@pytest.mark.usefixtures("without_locks")
def test_in_a_folder_without_locks_what_a_killed_program_left_is_not_in_the_way(tmp_path: Path) -> None:
    RecordStore(tmp_path).add(REVIEW, note("one"))
    body = WITHOUT_LOCKS + (
        "        with safe.locked(root / 'reviews/2026-10-monthly.toml', 'it'): os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([*program(body), tmp_path], env=ENV, timeout=60).returncode == -signal.SIGKILL
    assert (tmp_path / "reviews/.2026-10-monthly.toml.lock.held").exists()

    RecordStore(tmp_path).add(REVIEW, note("two", 1))

    assert texts(tmp_path) == ["one", "two"]


@pytest.mark.usefixtures("without_locks")
def test_in_a_folder_without_locks_the_lock_of_another_machine_is_named(tmp_path: Path) -> None:
    RecordStore(tmp_path).add(REVIEW, note("one"))
    held = tmp_path / "reviews/.2026-10-monthly.toml.lock.held"
    held.write_text("4711\nanother-machine\n")

    with pytest.raises(KpituiError, match=r"or find the other program \(\.2026-10-monthly\.toml\.lock\.held, to be de"):
        RecordStore(tmp_path).add(REVIEW, note("two", 1))

    held.unlink()
    RecordStore(tmp_path).add(REVIEW, note("two", 1))
    assert texts(tmp_path) == ["one", "two"]


def test_a_git_merge_in_between_leaves_markers_and_the_record_waits_for_them_to_go(tmp_path: Path) -> None:
    store = RecordStore(tmp_path)
    store.add(REVIEW, note("one"))
    store.load()
    path = tmp_path / FILE
    whole = path.read_text()
    block = whole[whole.index("[note.") :]
    ours, theirs = (block.replace("one", word).replace("[note.n-", f"[note.n-{word}") for word in ("ours", "theirs"))
    path.write_text(f"{whole}<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> bo\n")

    with pytest.raises(KpituiError, match=r"git left conflict markers in it; keep the blocks of both sides, delete"):
        store.add(REVIEW, note("two", 1))
    records, problems = store.load()
    assert [getattr(record, "text", "") for record in records.files[0].records] == ["one", "ours", "theirs"]
    assert (problems[0].line, "conflict markers" in problems[0].message) == (whole.count("\n") + 1, True)

    path.write_text("".join(line for line in path.read_text().splitlines(True) if line[:7] not in _MARKERS))
    store.add(REVIEW, note("two", 1))
    assert texts(tmp_path) == ["one", "ours", "theirs", "two"]


_MARKERS = ("<" * 7, "=" * 7, ">" * 7)


def test_what_a_killed_program_left_half_written_goes_after_an_hour(tmp_path: Path) -> None:
    RecordStore(tmp_path).add(REVIEW, note("one"))
    old, young = (tmp_path / f"reviews/.2026-10-monthly.toml.{name}.tmp" for name in ("aaaa", "bbbb"))
    for path in (old, young):
        path.write_text("half")
    os.utime(old, (time.time() - 4000,) * 2)

    RecordStore(tmp_path).add(REVIEW, note("two", 1))

    assert (old.exists(), young.exists()) == (False, True)

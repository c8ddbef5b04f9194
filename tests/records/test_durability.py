"""A record that was saved is there, and a file is never half of what it should be, whatever ends a save.

The counts are printed, for they are what the promise rests on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpitui.records.store import RecordStore

HERE = Path(__file__).parent
ENV = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder in memory where there is one: what is tested are processes that end, not machines."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder made in it is one's own
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


def cut_short(how: str, folder: Path) -> subprocess.Popen[str]:
    (folder / how).mkdir()
    command = [sys.executable, HERE / "cut_short.py", how, folder / how]
    return subprocess.Popen(command, env=ENV, stdout=subprocess.PIPE, text=True)


def outcome(program: subprocess.Popen[str]) -> tuple[int, list[str]]:
    printed, _ = program.communicate(timeout=120)
    assert program.returncode == 0
    found = json.loads(printed)
    return found["points"], found["wrong"]


def test_a_save_that_is_cut_short_leaves_the_file_old_or_new(
    in_memory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = cut_short("fail", in_memory)
    killed = outcome(cut_short("kill", in_memory))
    at_random = outcome(cut_short("random", in_memory))
    failed = outcome(failing)

    assert failed[1] == killed[1] == at_random[1] == []
    assert failed[0] + killed[0] >= 200
    assert at_random[0] == 200
    with capsys.disabled():
        print(
            f"\nsaves cut short: {failed[0]} operations that failed, {killed[0]} kills at an operation, "
            f"{at_random[0]} at random; 0 files damaged, 0 records lost"
        )


def test_four_processes_add_a_hundred_records_each(in_memory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = textwrap.dedent(
        """
        import sys
        from datetime import UTC, datetime
        from pathlib import Path
        from kpitui.records.model import Note, Review
        from kpitui.records.store import RecordStore
        at = datetime(2026, 11, 4, tzinfo=UTC)
        review = Review(id="2026-10-monthly", cadence="monthly", period="2026-10", started=at)
        store = RecordStore(Path(sys.argv[1]))
        for number in range(100):
            store.add(review, Note(kpi="mqls", by=sys.argv[2], at=at, text=f"{sys.argv[2]} {number}"))
        """
    )
    people = ("ana", "bo", "cy", "di")
    writers = [subprocess.Popen([sys.executable, "-c", program, in_memory, name], env=ENV) for name in people]

    assert [writer.wait(120) for writer in writers] == [0, 0, 0, 0]
    records, problems = RecordStore(in_memory).load()
    texts = sorted(getattr(record, "text", "") for record in records.files[0].records)
    assert problems == []
    assert texts == sorted(f"{who} {number}" for who in people for number in range(100))
    with capsys.disabled():
        print(f"\n4 processes × 100 records: {len(texts)} there")

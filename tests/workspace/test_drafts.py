"""What was typed and not saved is there in the next program, whatever ended this one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kpitui.workspace import drafts as drafts_module
from kpitui.workspace.drafts import Draft, Drafts
from kpitui.workspace.state_folder import state_folder

SOURCE = Path(__file__).parents[2]


NIGHT = datetime(2026, 11, 4, 0, 25, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time that drafts see: the last of the list."""
    times = [NIGHT]
    monkeypatch.setattr(drafts_module, "_now", lambda: times[-1])
    return times


def kept(**texts: str) -> str:
    """A file of drafts: the note on each KPI."""
    return json.dumps({f"note {kpi}": {"text": text, "at": "2026-11-04T00:25:00Z"} for kpi, text in texts.items()})


def files(root: Path) -> list[str]:
    return sorted(path.suffix for path in (state_folder(root) / "drafts").iterdir())


def left_behind(root: Path, key: str, text: str) -> None:
    """By a program that was killed."""
    program = (
        "import sys, os, signal; from pathlib import Path; from kpitui.workspace.drafts import Drafts;"
        "Drafts(Path(sys.argv[1])).put(sys.argv[2], sys.argv[3]); os.kill(os.getpid(), signal.SIGKILL)"
    )
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    ended = subprocess.run([sys.executable, "-c", program, root, key, text], env=env, timeout=60)
    assert ended.returncode == -signal.SIGKILL


def test_a_text_is_on_disk_at_once_and_gone_when_it_is_done_with(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    assert drafts.get("note sales") == ""
    drafts.put("note sales", "half a tho")
    [path] = (state_folder(tmp_path) / "drafts").glob("*.json")
    assert json.loads(path.read_bytes()) == {
        "note sales": {"text": "half a tho", "at": "2026-11-04T00:25:00Z", "review": None}
    }

    drafts.put("note sales", "")
    assert files(tmp_path) == [".lock"]
    drafts.close()


def test_the_next_program_takes_over_what_one_that_was_killed_left(tmp_path: Path) -> None:
    left_behind(tmp_path, "note sales", "half a tho")

    drafts = Drafts(tmp_path)

    assert drafts.get("note sales") == "half a tho"
    assert files(tmp_path) == [".json", ".lock"]
    drafts.close()


def test_two_programs_that_run_do_not_touch_each_others(tmp_path: Path) -> None:
    one, other = Drafts(tmp_path), Drafts(tmp_path)
    one.put("note sales", "of one")
    other.put("note sales", "of the other")
    third = Drafts(tmp_path)
    assert third.get("note sales") == ""
    one.close()
    assert Drafts(tmp_path).get("note sales") == "of one"
    other.close()


def test_of_two_texts_for_one_key_the_older_waits_for_the_newer(tmp_path: Path) -> None:
    folder = state_folder(tmp_path) / "drafts"
    folder.mkdir(parents=True)
    (folder / "1-aa.json").write_text(kept(sales="older", visits="seen"))
    (folder / "2-bb.json").write_text(kept(sales="newer"))
    os.utime(folder / "1-aa.json", (1, 1))

    drafts = Drafts(tmp_path)
    assert (drafts.get("note sales"), drafts.get("note visits")) == ("newer", "seen")
    drafts.put("note sales", "")
    drafts.close()

    drafts = Drafts(tmp_path)
    assert (drafts.get("note sales"), drafts.get("note visits")) == ("older", "seen")
    drafts.close()


def test_a_file_that_is_none_of_ours_is_no_draft(tmp_path: Path) -> None:
    folder = state_folder(tmp_path) / "drafts"
    folder.mkdir(parents=True)
    (folder / "1-aa.json").write_text("[1, 2]")

    assert Drafts(tmp_path).newest() == []
    assert (folder / "1-aa.json").read_text() == "[1, 2]"


def test_a_draft_is_as_old_as_its_last_letter_and_of_the_review_that_was_held(
    tmp_path: Path, clock: list[datetime]
) -> None:
    drafts = Drafts(tmp_path)
    drafts.put("note sales", "half a tho", "2026-10-monthly")
    drafts.put("note visits", "x")
    clock.append(NIGHT + timedelta(hours=1))
    drafts.put("note sales", "half a tho")  # opened and closed, in no review
    assert drafts.draft("note sales") == Draft("half a tho", NIGHT, "2026-10-monthly")
    drafts.put("note visits", "xy")
    assert [key for key, _ in drafts.newest()] == ["note visits", "note sales"]

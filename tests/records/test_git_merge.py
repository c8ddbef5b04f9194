"""Branches that both wrote records, joined by git itself with `kpitui merge` as its merge driver."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from kpitui.cli.merge import MERGE_HELP
from kpitui.records.model import Figures, Note, Record, Retraction, Review
from kpitui.records.store import RecordStore

AT = datetime(2026, 11, 4, 9, 12, tzinfo=UTC)
REVIEW = Review(id="2026-10-monthly", cadence="monthly", period="2026-10", started=AT)
FILE = "reviews/2026-10-monthly.toml"
SOURCE = Path(__file__).parents[2]


class Repository:
    """A workspace in git, with the driver registered by the two lines of the command's help."""

    def __init__(self, root: Path, tools: Path) -> None:
        self.root = root
        self.env = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(SOURCE)}
        for name in ("AUTHOR", "COMMITTER"):
            self.env |= {f"GIT_{name}_NAME": "ada", f"GIT_{name}_EMAIL": "ada@example.org"}

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *arguments], cwd=self.root, env=self.env, capture_output=True, text=True, timeout=60
        )

    def shell(self, line: str) -> None:
        subprocess.run(line, cwd=self.root, env=self.env, shell=True, check=True, timeout=60)  # noqa: S602

    def commit(self) -> None:
        assert self.git("add", "--all").returncode == 0
        assert self.git("commit", "--quiet", "--message", "records").returncode == 0

    def branch(self, name: str) -> None:
        assert self.git("checkout", "--quiet", "-B", name, "main").returncode == 0

    def merge(self, name: str) -> subprocess.CompletedProcess[str]:
        assert self.git("checkout", "--quiet", "main").returncode == 0
        return self.git("merge", "--quiet", "--no-edit", name)

    @property
    def store(self) -> RecordStore:
        return RecordStore(self.root, "Acme")

    def records(self) -> list[Record]:
        records, problems = self.store.load()
        assert problems == []
        return [record for file in records.files for record in file.records]

    def texts(self) -> list[str]:
        return sorted(getattr(record, "text", "") for record in self.records())


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    tools = tmp_path / "tools"
    tools.mkdir()
    command = tools / "kpitui"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kpitui "$@"\n')
    command.chmod(0o755)
    root = tmp_path / "acme"
    root.mkdir()
    made = Repository(root, tools)
    assert made.git("init", "--quiet", "--initial-branch", "main").returncode == 0
    for line in MERGE_HELP.splitlines():
        if line.startswith("  "):
            made.shell(line)
    (root / ".gitignore").write_text(".*.lock\n")
    made.store.add(REVIEW, note("one"))
    made.commit()
    return made


def note(text: str, second: int = 0) -> Note:
    return Note(kpi="mqls", by="head", at=AT + timedelta(seconds=second), text=text)


def test_branches_that_both_added_records_merge_without_a_conflict(repository: Repository) -> None:
    repository.branch("theirs")
    repository.store.add(REVIEW, note("theirs", 1))
    repository.store.start(REVIEW, {"mqls": Figures(80.0, 100.0, "behind", "", "5f3a")})
    repository.commit()
    repository.branch("ours")
    repository.store.add(REVIEW, note("ours", 2))
    gone = repository.records()[0]
    repository.store.add(REVIEW, Retraction(by="head", at=AT + timedelta(seconds=3), of=gone.id))
    repository.commit()

    for name in ("theirs", "ours"):
        merged = repository.merge(name)
        assert merged.returncode == 0, merged.stdout + merged.stderr

    assert repository.texts() == ["", "one", "ours", "theirs"]
    assert "<<<<" not in (repository.root / FILE).read_text()
    assert (repository.root / FILE).read_text().endswith('mqls = [80.0, 100.0, "behind", "", "5f3a"]\n')


def test_branches_that_both_made_the_file_merge_without_a_conflict(repository: Repository) -> None:
    november = msgspec.structs.replace(REVIEW, id="2026-11-monthly", period="2026-11")
    for name, day in (("ours", 1), ("theirs", 2)):
        repository.branch(name)
        started = AT + timedelta(days=day)
        repository.store.add(msgspec.structs.replace(november, started=started), note(name, day))
        repository.commit()

    assert repository.merge("ours").returncode == 0
    merged = repository.merge("theirs")

    assert merged.returncode == 0, merged.stdout + merged.stderr
    assert repository.texts() == ["one", "ours", "theirs"]
    [first] = [review for review in repository.store.load()[0].reviews if review.id == november.id]
    assert first.started == AT + timedelta(days=1)


def test_a_record_that_both_changed_is_there_twice_and_git_asks(repository: Repository) -> None:
    [before] = repository.records()
    for name in ("ours", "theirs"):
        repository.branch(name)
        repository.store.change(REVIEW, before, msgspec.structs.replace(before, text=f"{name} version"))
        repository.commit()

    assert repository.merge("ours").returncode == 0
    merged = repository.merge("theirs")

    assert merged.returncode == 1
    assert f"{FILE}: note.{before.id}: both sides changed text; ours is now note.n-" in merged.stderr
    assert f"Keep what holds in {FILE}, delete the rest, then: git add {FILE}" in merged.stderr
    assert repository.git("diff", "--name-only", "--diff-filter=U").stdout.split() == [FILE]
    assert repository.texts() == ["ours version", "theirs version"]
    assert f"# another version of {before.id}, which somebody else changed" in (repository.root / FILE).read_text()


def test_a_file_that_is_no_review_any_more_is_merged_line_by_line(repository: Repository) -> None:
    path = repository.root / FILE
    for name in ("ours", "theirs"):
        repository.branch(name)
        path.write_text(path.read_text().replace('"""\none"""', f'"{name}'))
        repository.commit()

    assert repository.merge("ours").returncode == 0
    merged = repository.merge("theirs")

    assert merged.returncode == 1
    assert f"{FILE}: " in merged.stderr
    assert "merged line by line" in merged.stderr
    assert path.read_text().count("<<<<<<< ours\n") == 1
    _, problems = repository.store.load()
    assert "conflict markers of git" in problems[0].message


def test_the_page_on_the_record_has_the_two_lines() -> None:
    lines = [line.strip() for line in MERGE_HELP.splitlines() if line.startswith("  ")]
    assert len(lines) == 2
    page = (SOURCE / "docs" / "record.md").read_text(encoding="utf-8")
    assert [line for line in lines if line not in page] == []


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    from kpitui.cli import run

    assert run(["merge", *(str(tmp_path / name) for name in ("base", "ours", "theirs"))]) == 2

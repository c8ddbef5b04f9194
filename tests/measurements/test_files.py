"""Which files a source's `files` names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kpitui.measurements.files import find


def looked_up(root: Path, *entries: str) -> tuple[list[str], list[str]]:
    names, problems = find(root, entries, "source.s.files")
    assert all(problem.key == "source.s.files" for problem in problems)
    return names, [f"{problem.file}: {problem.message}" for problem in problems]


def touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_patterns_and_names_give_each_file_once_in_order(tmp_path: Path) -> None:
    touch(tmp_path, "m/b.csv", "m/a.csv", "m/.hidden.csv", "m/deep/c.csv")
    assert looked_up(tmp_path, "m/*.csv", "m/a.csv") == (["m/a.csv", "m/b.csv"], [])
    assert looked_up(tmp_path, "m/**/*.csv") == (["m/a.csv", "m/b.csv", "m/deep/c.csv"], [])
    assert looked_up(tmp_path, "m/.hidden.csv") == (["m/.hidden.csv"], [])


def test_a_name_that_looks_like_a_pattern_is_taken_literally_where_it_exists(tmp_path: Path) -> None:
    touch(tmp_path, "a1.csv", "a[1].csv")
    assert looked_up(tmp_path, "a[1].csv") == (["a[1].csv"], [])
    (tmp_path / "a[1].csv").unlink()
    assert looked_up(tmp_path, "a[1].csv") == (["a1.csv"], [])


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("none.csv", "the file is not there"),
        ("no/*.csv", "no file matches this pattern"),
        ("", "no file is named"),
        ("~/a.csv", "a path is taken as it stands"),
        ("$HOME/a.csv", "a path is taken as it stands"),
        ("/etc/passwd", "a path is relative to the workspace"),
        ("C:\\a.csv", "a path is relative to the workspace"),
        ("../a.csv", "a path stays inside the workspace"),
        ("m/../../a.csv", "a path stays inside the workspace"),
        ("https://example.com/a.csv", "not an address"),
        ("s3://bucket/a.csv", "not an address"),
        ("**a/*.csv", "pattern"),
        ("folder.csv", "this is a folder"),
        ("pipe.csv", "this is not a regular file"),
        ("a.xlsx", "only .csv, .csv.gz, .parquet files are read"),
        ("outside.csv", "the link leads out of the workspace"),
        ("round.csv", "the file cannot be looked up"),
        ("dangling.csv", "the file cannot be looked up: No such file or directory"),
    ],
)
def test_what_is_not_read_is_a_problem_at_the_entry(tmp_path: Path, entry: str, message: str) -> None:
    root = tmp_path / "workspace"
    touch(root, "a.xlsx", "folder.csv/x")
    touch(tmp_path, "secret.csv")
    os.mkfifo(root / "pipe.csv")
    (root / "outside.csv").symlink_to(tmp_path / "secret.csv")
    (root / "round.csv").symlink_to(root / "round.csv")
    (root / "dangling.csv").symlink_to(root / "gone.csv")
    names, told = looked_up(root, entry)
    assert names == []
    assert len(told) == 1
    assert told[0].startswith(f"{entry}: ")
    assert message in told[0]


def test_a_link_within_the_workspace_does_not_count_twice(tmp_path: Path) -> None:
    touch(tmp_path, "a.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    assert looked_up(tmp_path, "*.csv") == (["a.csv"], [])


def test_folders_that_match_a_pattern_are_passed_over(tmp_path: Path) -> None:
    touch(tmp_path, "m/a.csv", "m/manual/x.csv")
    assert looked_up(tmp_path, "m/*") == (["m/a.csv"], [])

"""`kpitui cache`, and `--no-cache`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kpitui import cli
from tests.ui.helpers import write_workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme")


def test_it_says_where_and_how_large(root: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = home / "cache" / "kpitui"
    assert cli.run(["cache"]) == 0
    assert capsys.readouterr().out.split() == ["0", "bytes", "in", str(folder)]
    cli.run(["scorecard", str(root)])
    capsys.readouterr()
    assert cli.run(["cache"]) == 0
    one, total = capsys.readouterr().out.splitlines()
    size = one.split()[0]
    assert one.split()[1:] == ["bytes", "1", "source", str(root)]
    assert total.split() == [size, "bytes", "in", str(folder)]


def test_clearing_one_workspace_or_all(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = write_workspace(tmp_path / "other")
    for workspace in (root, other):
        cli.run(["scorecard", str(workspace)])
    capsys.readouterr()
    assert cli.run(["cache", str(root), "--clear", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["workspaces"] == []
    assert cli.run(["cache", "--format", "json"]) == 0
    assert [one["workspace"] for one in json.loads(capsys.readouterr().out)["workspaces"]] == [str(other)]
    assert cli.run(["cache", "--clear"]) == 0
    assert "bytes freed" in capsys.readouterr().out
    assert cli.run(["cache", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["size"] == 0


def test_a_folder_that_is_not_there(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["--clear"]):
        assert cli.run(["cache", str(tmp_path / "nonexistent"), *arguments]) == 2
        assert "there is no folder" in capsys.readouterr().err
    cli.run(["scorecard", str(root)])
    gone = root.rename(tmp_path / "elsewhere")
    assert gone.is_dir()
    assert cli.run(["cache", str(root), "--clear"]) == 0  # what is kept of a folder that is gone


@pytest.mark.parametrize("command", ["scorecard", "series", "check"])
def test_no_cache_keeps_nothing(root: Path, command: str, capsys: pytest.CaptureFixture[str], home: Path) -> None:
    cli.run([command, str(root), "--no-cache"])
    cold = capsys.readouterr()
    assert not (home / "cache").exists()
    for _ in range(2):
        cli.run([command, str(root)])
        assert capsys.readouterr() == cold

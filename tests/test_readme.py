"""What README says, held against the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kpitui.cli import run
from kpitui.cli.main import COMMANDS
from kpitui.ui.keymap import load

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\w*\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_first_two_blocks_are_one_command_each() -> None:
    demo, tests = BLOCKS[:2]
    assert demo.splitlines() == [
        "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/kpitui demo",
    ]
    assert tests.splitlines() == [
        "python3 -m venv .venv-dev && .venv-dev/bin/pip install -q -e '.[dev]' && .venv-dev/bin/python -m pytest -n 2",
    ]


def test_the_example_workspace_prints_what_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings, rows, shown = BLOCKS[3:6]
    (tmp_path / "measurements").mkdir()
    (tmp_path / "kpitui.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "measurements" / "tickets.csv").write_text(rows, encoding="utf-8")

    assert run(["check", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 KPI, 0 problems, 1 piece of advice"
    assert run(["scorecard", str(tmp_path), "--period", "2026-10"]) == 0
    assert capsys.readouterr().out == shown


def test_the_table_of_keys_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["keys", "--format", "markdown"]) == 0
    assert capsys.readouterr().out in README


def test_the_example_of_keys_of_ones_own_is_sound(tmp_path: Path) -> None:
    example = next(block for block in BLOCKS if block.startswith("[keys]"))
    (tmp_path / "keys.toml").write_text(example, encoding="utf-8")
    keymap, problems = load(tmp_path / "keys.toml")
    assert problems == []
    assert keymap.changed == {
        "undo": ["U"],
        "kpi.mark": ["space", "f2"],
        "write.note": ["a"],
        "write.action": ["n"],
    }


def test_every_command_is_in_the_table() -> None:
    table = README.partition("| command | what it does |\n")[2].partition("\n\n")[0]
    assert set(COMMANDS) <= set(re.findall(r"`(?:kpitui )?([a-z]+)", table))

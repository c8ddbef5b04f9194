"""Keys that come in one piece, as from a paste or over a slow line: what follows a key is meant for what it opens.

In a real pseudo-terminal: the pilot waits after each key, and sees nothing of it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.ui.helpers import write_workspace

pytest.importorskip("pty", reason="needs a pseudo-terminal")
from terminal import Terminal

LETTERS = "jxq gsq"
"""Each is a key of the scorecard: q would end the program."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme")


@pytest.mark.parametrize(("key", "kind"), [("n", "note"), ("c", "cause"), ("a", "action"), ("d", "decision")])
def test_on_the_scorecard(root: Path, key: str, kind: str) -> None:
    with Terminal([sys.executable, "-m", "kpitui", str(root)]) as terminal:
        terminal.wait_for("FIND THE CAUSE")
        terminal.press(key + LETTERS)
        terminal.wait_for(f"{kind} · Leads ▸ {LETTERS}")


@pytest.mark.parametrize(("key", "kind"), [("n", "note"), ("b", "rebase")])
def test_behind_enter_they_are_for_the_kpi_that_it_opens(root: Path, key: str, kind: str) -> None:
    with Terminal([sys.executable, "-m", "kpitui", str(root)], columns=120) as terminal:
        terminal.wait_for("FIND THE CAUSE")
        # Right after the start the KPI's screen may not have been begun.
        terminal.press("\r" + key + LETTERS)
        terminal.wait_for("› Leads")
        terminal.wait_for(LETTERS)
        assert f"{kind} · " in terminal.text


@pytest.mark.parametrize(("key", "title"), [("?", "Keys · "), (":", "Find · ")])
def test_what_comes_behind_a_box_that_finds_goes_into_its_line(root: Path, key: str, title: str) -> None:
    with Terminal([sys.executable, "-m", "kpitui", str(root)]) as terminal:
        terminal.wait_for("FIND THE CAUSE")
        terminal.press(key + "quit")
        terminal.wait_for(title)
        terminal.wait_for("Quit; nothing is lost")
        assert "quit " in terminal.text

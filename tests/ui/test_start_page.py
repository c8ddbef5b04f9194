"""`kpitui` where there is no workspace: what it offers, and what follows from it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import terminal
from kpitui.cli.beginning import offers
from kpitui.ui.start_page import Choice, Offer, StartPage
from kpitui.workspace.recent import recent, remember
from tests.ui.helpers import SIZES, on_screen, write_workspace

OFFERS = [
    Offer(Choice("demo"), "The demo", "invented figures"),
    Offer(Choice("open", "/work/desk"), "Desk [/b] [@click=app.quit]x[/]\x1b]52;c;eA==\x07", "~/work/desk"),
    Offer(Choice("empty"), "Start an empty one …", "figures are typed in", asks="the new folder"),
]


@pytest.mark.parametrize("size", SIZES)
async def test_the_offers_are_there_at_each_size(size: tuple[int, int]) -> None:
    async with StartPage(Path("/home/ann"), OFFERS).run_test(size=size) as pilot:
        text = on_screen(pilot.app)
        assert "There is no kpitui.toml in /home/ann." in text
        assert "The demo" in text
        assert "[/b] [@click" in text
        assert "\x1b" not in text
        assert "⏎ choose" in text


async def test_enter_chooses() -> None:
    page = StartPage(Path("/home/ann"), OFFERS)
    async with page.run_test() as pilot:
        await pilot.press("j", "enter")
    assert page.return_value == Choice("open", "/work/desk")


async def test_what_needs_a_folder_asks_for_it_and_escape_takes_that_back() -> None:
    page = StartPage(Path("/home/ann"), OFFERS)
    async with page.run_test() as pilot:
        await pilot.press("end", "enter", "q", "escape", "up", "down", "enter", *"desk", "enter")
    assert page.return_value == Choice("empty", "desk")


async def test_q_leaves() -> None:
    page = StartPage(Path("/home/ann"), OFFERS)
    async with page.run_test() as pilot:
        await pilot.press("q")
    assert page.return_value is None


def test_the_last_workspaces_are_remembered_without_those_that_are_gone(tmp_path: Path) -> None:
    one, two = write_workspace(tmp_path / "one"), write_workspace(tmp_path / "two")
    for root, name in ((one, "One"), (two, "Two"), (one, "One again")):
        remember(root, name)
    assert [(entry.name, entry.path) for entry in recent()] == [("One again", str(one)), ("Two", str(two))]
    (one / "kpitui.toml").unlink()
    assert [entry.name for entry in recent()] == ["Two"]


def test_a_damaged_list_is_an_empty_one(home: Path) -> None:
    folder = home / "state" / "kpitui"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recent.json").write_text("[{", encoding="utf-8")
    assert recent() == []


def test_from_nothing_over_a_csv_to_a_scorecard(tmp_path: Path) -> None:
    rows = "".join(f"2026-{month:02},{400 + month},{month}\n" for month in range(1, 11))
    (tmp_path / "calls.csv").write_text("month,calls,complaints\n" + rows, encoding="utf-8")
    with terminal.Terminal([sys.executable, "-m", "kpitui"], cwd=tmp_path, env=dict(os.environ)) as program:
        program.wait_for("From calls.csv")
        program.press("j\r")
        program.wait_for("Change, or Enter to write it:")
        program.press("1 target 405\r")
        program.wait_for("405")
        program.press("\r")
        program.wait_for("Enter opens")
        program.press("\r")
        program.wait_for("not off target")
        assert "Complaints" in program.text
        program.press("q")
        assert program.wait_for_end() == 0
        assert "Traceback" not in program.text
    assert (tmp_path / "calls" / "kpitui.toml").is_file()
    assert [entry.name for entry in recent()] == ["calls"]


def test_csv_files_are_offered_the_newest_first_without_those_that_were_begun_from(tmp_path: Path) -> None:
    for age, name in enumerate(("old.csv", "new.csv.gz", "done.csv", "notes.txt")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (age, age))
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "kpitui.toml").touch()
    found = [offer for offer in offers(tmp_path) if offer.choice.what == "from"]
    assert [offer.name for offer in found] == ["From new.csv.gz", "From old.csv", "From another CSV …"]


def test_what_cannot_be_done_is_said_and_leads_back(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("nothing,here\n1,2\n", encoding="utf-8")
    with terminal.Terminal([sys.executable, "-m", "kpitui"], cwd=tmp_path, env=dict(os.environ)) as program:
        program.wait_for("From calls.csv")
        program.press("j\r")
        program.wait_for("no column holds dates")
        program.press("\r")
        program.wait_for("⏎ choose")
        program.press("q")
        assert program.wait_for_end() == 0

"""The keys of a screen, and what its signs mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpitui.ui import keymap
from tests.ui.helpers import on_screen, running, type_keys, write_workspace


@pytest.mark.parametrize("size", [(60, 80), (80, 80), (120, 80)])
async def test_a_long_meaning_goes_on_under_itself(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(write_workspace(tmp_path / "acme"), size) as (app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        seen = on_screen(app).split("\n")
    first = next(at for at, line in enumerate(seen) if "Close the innermost thing" in line)
    left = seen[first].index("Close")
    assert seen[first][left:].rstrip(" │▂▃▄▅▆▇█").endswith("or undo a" if size[0] == 60 else "view;")
    assert seen[first + 1][left:].startswith("change of view; drafts" if size[0] == 60 else "drafts stay")


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_it_finds_as_one_types_and_enter_does_what_is_marked(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(write_workspace(tmp_path / "acme"), size) as (app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        before = [line for line in on_screen(app).split("\n") if "│" in line]
        await type_keys(pilot, "need talk")
        await pilot.pause()
        found = [line.strip(" │▁▂▃▄▅▆▇█") for line in on_screen(app).split("\n") if "│" in line]
        assert [line for line in found if line][:2] == ["need talk", "On the scorecard"]
        assert [line.split("  ")[0] for line in found if "need" in line][:2] == ["need talk", "▌x"]
        assert "▌x             Only KPIs that need talk, or all" in on_screen(app)
        # The box stays as large as it was.
        assert len(found) == len(before)
        await pilot.press("down", "up", "enter")
        await pilot.pause()
        assert "exceptions only, 2 hidden" in on_screen(app)


async def test_a_key_finds_what_it_does(tmp_path: Path) -> None:
    async with running(write_workspace(tmp_path / "acme")) as (app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        await type_keys(pilot, "S")
        await pilot.pause()
        assert "▌S             Sort the other way round" in on_screen(app)


async def test_a_sign_is_nothing_to_run_and_words_that_nothing_has_are_told(tmp_path: Path) -> None:
    async with running(write_workspace(tmp_path / "acme")) as (app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        await type_keys(pilot, "typed in")
        await pilot.press("pagedown", "enter")
        await pilot.pause()
        assert "▌↺ ⌨" in on_screen(app)
        await type_keys(pilot, " xyz")
        await pilot.pause()
        assert "Nothing has these words." in on_screen(app)
        await pilot.press("enter", "escape")
        await pilot.pause()
        assert "FIND THE CAUSE" in on_screen(app)


async def test_it_does_what_has_another_key_now_and_what_moves_the_cursor(tmp_path: Path) -> None:
    path = keymap.keys_file()
    path.parent.mkdir(parents=True)
    path.write_text('[keys]\nscorecard.sort = "o"\n', encoding="utf-8")
    async with running(write_workspace(tmp_path / "acme")) as (app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        await type_keys(pilot, "next column")
        await pilot.pause()
        assert "▌o             Sort by the next column" in on_screen(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "Sorted by name." in on_screen(app)
        await pilot.press("escape", "question_mark")
        await pilot.pause()
        await type_keys(pilot, "last line")
        await pilot.press("enter")
        await pilot.pause()
        assert "usual is 5.4–6.9h" in on_screen(app)

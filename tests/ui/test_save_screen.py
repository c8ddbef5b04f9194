"""`Y`: the screen as a picture or as text, in a file that was not there before."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from kpitui.ui.picture_of_screen import free_name
from tests.ui.helpers import SETTINGS, on_screen, running, write, write_workspace


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace; the program runs in the folder beside it."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    hostile = SETTINGS.replace('"Leads"', '"Leads <b>&\\u001b]0;x\\u0007"')
    return write_workspace(tmp_path / "acme", hostile)


async def test_a_picture_is_one_file_that_loads_nothing(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("Y")
        await pilot.pause()
        assert "acme-scorecard-2026-10.svg" in on_screen(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "Saved acme-scorecard-2026-10.svg." in on_screen(app)
        await pilot.press("Y")
        await pilot.pause()
        assert "acme-scorecard-2026-10-2.svg" in on_screen(app)
    svg = Path("acme-scorecard-2026-10.svg").read_text(encoding="utf-8")
    text = "".join(ElementTree.fromstring(svg).itertext()).replace("\xa0", " ")  # noqa: S314 - our own
    assert "Response time" in text
    assert "Leads <b>&␛]0;x␇" in text
    assert "Save the screen" not in text
    assert "@font-face" not in svg
    assert "url(http" not in svg
    assert "\x1b" not in svg


async def test_text_is_what_stands_on_the_screen(root: Path) -> None:
    async with running(root) as (app, pilot):
        shown = on_screen(app)
        await pilot.press("Y", "ctrl+u")
        await write(pilot, "seen.txt")
        await pilot.press("enter")
        await pilot.pause()
    assert Path("seen.txt").read_text(encoding="utf-8").rstrip() == shown.rstrip()


async def test_nothing_is_overwritten_and_why_is_said(root: Path) -> None:
    Path("seen.txt").write_text("mine")
    async with running(root) as (app, pilot):
        for name, said in (
            ("seen.txt", "seen.txt is there already"),
            ("seen.png", "the name ends with .svg for a picture"),
            ("nowhere/seen.txt", "was not written: No such file or directory"),
            ("", "the name ends with .svg for a picture"),
        ):
            await pilot.press("Y", "ctrl+u")
            await write(pilot, name)
            await pilot.press("enter")
            await pilot.pause()
            assert said in " ".join(on_screen(app).replace("│", " ").split()), name
            await pilot.press("escape")
            await pilot.pause()
        assert app.screen.PLACE == "scorecard"
    assert Path("seen.txt").read_text() == "mine"
    assert [path.name for path in Path().iterdir()] == ["seen.txt"]


def test_a_name_is_made_of_what_is_shown(root: Path) -> None:
    assert free_name("Acme [EUR]/..", "sql_rate", "2026-W44") == "acme-eur-sql-rate-2026-w44.svg"
    Path("a.svg").touch()
    assert free_name("a", "") == "a-2.svg"

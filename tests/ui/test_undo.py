"""`u` on the screens: what was undone is said where records are told, and it is gone from the list."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kpitui.ui.app import KpituiApp

from .helpers import on_screen, running, write, write_workspace

REVIEW = "reviews/2026-11-monthly.toml"


@pytest.fixture
def root(tmp_path: Path, home: Path) -> Path:
    (home / "config" / "kpitui").mkdir(parents=True)
    (home / "config" / "kpitui" / "config.toml").write_text('by = "head"\n')
    return write_workspace(tmp_path / "acme")


def retractions(root: Path) -> int:
    return len(tomllib.loads((root / REVIEW).read_text(encoding="utf-8")).get("retraction", {}))


async def test_records_are_taken_back_one_by_one_and_after_a_restart(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter")
        for text in ("first", "second"):
            await pilot.press("n")
            await write(pilot, text)
            await pilot.press("enter")
            await pilot.pause()
        await pilot.press("u")
        await pilot.pause()
        assert "undone: note · second, Leads" in on_screen(app)
        assert "first" in on_screen(app)

    async with running(root) as (app, pilot):
        await pilot.press("u")
        await pilot.pause()
        assert "undone: note · first, Leads" in on_screen(app)
        await pilot.press("u")
        await pilot.pause()
        assert notified(app) == ["There is nothing of head to undo."]
    assert retractions(root) == 2


async def test_u_is_text_while_something_is_typed(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("n", "u")
        await pilot.pause()
        assert "▸ u" in on_screen(app)
        await pilot.press("escape")
    assert not (root / REVIEW).exists()


def notified(app: KpituiApp) -> list[str]:
    return [notification.message for notification in app._notifications]

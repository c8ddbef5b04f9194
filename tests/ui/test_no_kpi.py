"""Keys that are about a KPI where none is under the cursor: a sentence typed behind them runs as no keys."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from kpitui.workspace.opening import Workspace
from kpitui.workspace.sessions import start
from tests.ui.helpers import on_screen, running, type_keys, write, write_workspace

REVIEW = "reviews/2026-10-monthly.toml"
SENTENCE = "Sales said Sara is ill"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme")


def written(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / REVIEW).read_text(encoding="utf-8"))


@pytest.mark.parametrize("steps", [1, 4])
async def test_a_sentence_typed_at_a_step_without_a_kpi_signs_nothing_off(root: Path, steps: int) -> None:
    """The empty actions, and the close."""
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", *["greater_than_sign"] * steps)
        for first in ("", "n"):
            await type_keys(pilot, first + SENTENCE)
            await pilot.press("enter")
            await pilot.pause()
            assert written(root)["review"]["state"] == "open"
            assert "verdict" not in written(root)
            await pilot.press("escape")
            await pilot.pause()
        assert "2026-10-monthly" in (app.meeting.id if app.meeting else "")


async def test_only_enter_or_a_click_signs_off_and_opens_again(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", "S", "S")
        await pilot.pause()
        assert "Sign 2026-10-monthly off?" in on_screen(app)
        await type_keys(pilot, "ales")
        await pilot.press("enter")
        await pilot.pause()
        assert "Words are no answer" in on_screen(app)
        assert written(root)["review"]["state"] == "open"
        await pilot.click("#does")
        await pilot.pause()
        assert written(root)["review"]["state"] == "signed-off"
        foot = on_screen(app).split("\n")[-1]
        assert "R reopen" in foot
        assert not {"note", "cause", "action", "verdict"} & set(foot.split())
        await pilot.press("R", "escape")
        await pilot.pause()
        assert written(root)["review"]["state"] == "signed-off"
        await pilot.press("R", "enter")
        await pilot.pause()
        assert written(root)["review"]["state"] == "open"


@pytest.mark.parametrize("key", ["n", "c", "a", "d", "v", "t", "M", "f"])
async def test_which_kpi_is_asked_and_the_line_or_the_box_opens_for_it(root: Path, key: str) -> None:
    opens = {
        "n": "note · Leads ▸",
        "c": "cause · Leads ▸",
        "a": "action · Leads ▸",
        "d": "decision · Leads ▸",
        "v": "Verdict · Leads",
        "t": "approved by",
        "M": "private · Leads ▸",
        "f": "measurements/crm.csv",
    }
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("4", "enter", "greater_than_sign", key)
        await pilot.pause()
        assert "Which KPI?" in on_screen(app)
        await type_keys(pilot, "lead")
        await pilot.press("enter")
        await pilot.pause(0.05)
        assert opens[key] in on_screen(app)


async def test_what_is_written_then_is_on_that_kpi(root: Path) -> None:
    start(Workspace.open(root))
    async with running(root) as (app, pilot):
        await pilot.press("5")
        await pilot.pause()
        foot = on_screen(app).split("\n")[-1]
        assert not {"done", "keep", "drop", "details", "group"} & set(foot.split())
        await pilot.press("a")
        await type_keys(pilot, "resp")
        await pilot.press("enter")
        await write(pilot, "ring the bell @ops fri")
        await pilot.press("enter")
        await pilot.pause()
        assert "ring the bell" in on_screen(app)
    [action] = Workspace.open(root).journal.state.actions
    assert action.action.kpi == "response"

"""The definitions screen: the glossary, and what each KPI lacks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.ui.helpers import SETTINGS, at_each_size, on_screen, running, write, write_workspace

NEAR = SETTINGS.replace("value = 8 }", "value = 7 }")
"""Response times are 6 hours: a target of 8 would be 30% from them."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme", NEAR)


def line_of(screen: str, text: str) -> str:
    return next(line for line in screen.split("\n") if text in line)


async def test_each_kpi_is_told_with_what_it_lacks_and_the_cure(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("6")
        async for (columns, _), lines in at_each_size(app, pilot):
            await app.workers.wait_for_complete()
            await pilot.pause()
            screen = on_screen(app)
            assert lines[0].startswith(" Acme › Definitions")
            assert "1 lacks something" in screen
            assert "sum of churned" in line_of(screen, " Customers lost")
            assert line_of(screen, " Customers lost").rstrip().endswith("owner")
            assert "! no objective is defined" in screen
            if columns >= 120:
                assert "Operations" in line_of(screen, "Response time")
                assert "↓" in line_of(screen, "Response time")
        await pilot.press("home", "down")
        screen = " ".join(on_screen(app).split())
    assert "Customers lost kpitui.toml:34 sum of churned · number, less is better" in screen
    assert 'no owner: so far it is only a metric → owner = "…"' in screen


async def test_only_what_lacks_something_and_back(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("6", "x")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "Response time" not in on_screen(app)
        assert "Customers lost" in on_screen(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "Response time" in on_screen(app)
        assert app.screen.PLACE == "definitions"


async def test_the_filter_is_the_scorecards(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("6", "slash")
        await write(pilot, "lacks:owner")
        screen = on_screen(app)
        assert "Customers lost" in screen
        assert "Leads" not in screen
        assert "1 of 3" in screen
        await pilot.press("enter", "escape")
        await pilot.pause()
        assert "Leads" in on_screen(app)
        await pilot.press("slash")
        await write(pilot, "nothing of that name")
        await pilot.press("enter")
        await pilot.pause()
        assert "No KPI matches nothing of that name" in on_screen(app)


async def test_enter_opens_the_kpi_and_esc_comes_back_to_it(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("6", "end", "enter")
        await pilot.pause()
        assert app.screen.PLACE == "kpi"
        assert "Response time" in on_screen(app).split("\n")[0]


async def test_a_definition_that_is_edited_is_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = root / "editor.sh"
    script.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/args"\n')
    script.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(script))
    async with running(root) as (app, pilot):
        await pilot.press("6", "end")
        monkeypatch.setattr(app, "suspend", _no_suspension)
        await pilot.press("E")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "kpitui.toml is read again: nothing is wrong." in on_screen(app)
    assert (root / "args").read_text().splitlines() == [os.fspath((root / "kpitui.toml").resolve())]


class _no_suspension:  # noqa: N801 - stands in for a context manager that is a method
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


async def test_a_note_can_be_written_on_the_marked_kpi(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("6", "end", "n")
        await write(pilot, "Ask ops.")
        await pilot.press("enter")
        await pilot.pause()
        assert "saved reviews/" in on_screen(app)
        await pilot.press("home", "n")
        await pilot.pause()
        assert "Which KPI?" in on_screen(app)


async def test_the_next_that_lacks_something_is_a_key_away(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("6")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("end", "J")
        await pilot.pause()
        assert app.focused_kpi == "churn"
    (root / "kpitui.toml").write_text(NEAR.replace('name = "Customers lost"', 'name = "Customers lost"\nowner = "ops"'))
    async with running(root) as (app, pilot):
        await pilot.press("6")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("J")
        await pilot.pause()
        assert "No KPI lacks anything." in on_screen(app)

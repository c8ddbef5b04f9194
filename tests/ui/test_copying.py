"""`y`: what each screen gives to be pasted elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from kpitui.cli.screens import _summary
from kpitui.ui.app import KpituiApp
from kpitui.workspace.state_folder import state_folder
from tests.ui.helpers import SETTINGS, on_screen, running, write, write_workspace


@pytest.fixture(autouse=True)
def _no_clipboard(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "TMUX", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme")


async def copied(app: KpituiApp, pilot: Pilot[None]) -> list[str]:
    """What `y` gives, line by line."""
    await pilot.press("y")
    await app.workers.wait_for_complete()
    await pilot.pause()
    return (state_folder(app.root) / "copied.txt").read_text(encoding="utf-8").split("\n")


async def test_a_row_and_on_a_heading_its_group(root: Path) -> None:
    async with running(root) as (app, pilot):
        assert await copied(app, pilot) == [
            "■ BEHIND · Oct 2026 · Leads: 70 against 100, worse since Oct 2026; usual was 91.0–107.",
            "  Operations",
            "",
        ]
        await pilot.press("g", "home")
        assert await copied(app, pilot) == [
            "CUSTOMER",
            "■ BEHIND · Oct 2026 · Leads: 70 against 100, worse since Oct 2026; usual was 91.0–107.",
            "◆ AHEAD · Oct 2026 · Customers lost: 11 against 12, usual variation; usual is 6.26–14.1.",
            "",
        ]


async def test_a_chart_as_it_is_drawn_and_its_figures(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        lines = await copied(app, pilot)
    assert lines[0].startswith("■ BEHIND · Oct 2026 · Leads")
    assert any("┤" in line for line in lines)
    [head] = [line for line in lines if line.startswith("period")]
    assert head.split() == ["period", "Leads", "upper", "mean", "lower", "target", "signal"]
    [october] = [line.split() for line in lines if line.startswith("Oct 2026")]
    assert (october[2], october[-3:]) == ("70", ["100", "worse", "below"])


async def test_the_marked_action_with_what_became_of_it(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("a")
        await write(pilot, "call the inbox owners @ops 2026-11-06")
        await pilot.press("enter", "5")
        await pilot.pause()
        head, agreed, _ = await copied(app, pilot)
    assert head == "call the inbox owners · Operations · due 6 Nov · Leads"
    assert agreed.endswith("agreed, due 6 Nov")


async def test_what_a_kpi_means(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("6")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("home", "down")
        lines = await copied(app, pilot)
    assert lines[:3] == [
        "Customers lost (kpitui.toml:34)",
        "sum of churned · number, less is better",
        "no owner · crm · monthly",
    ]
    assert '! no owner: so far it is only a metric → owner = "…"' in lines


async def test_at_a_reviews_end_the_summary(root: Path) -> None:
    async with running(root) as (app, pilot):
        app.summary_of = _summary
        await pilot.press("4", "enter")
        await pilot.pause()
        while app.meeting is not None and app.meeting.step != "close":
            await pilot.press(">")
            await pilot.pause()
        lines = await copied(app, pilot)
        assert "Copied to a file" in on_screen(app)
    assert lines[0] == "# Acme · Oct 2026 · monthly review"
    assert "## What is off, and why" in lines


async def test_what_is_copied_is_harmless(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "acme", SETTINGS.replace('"Leads"', '"\\u001b]0;owned\\u0007Leads\\u202e"'))
    async with running(root) as (app, pilot):
        [head, *_] = await copied(app, pilot)
    assert "␛]0;owned␇Leads�: 70 against 100" in head

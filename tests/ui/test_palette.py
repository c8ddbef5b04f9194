"""The palette: whatever has a name is found by some of its letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpitui.ui.app import KpituiApp
from tests.ui.helpers import SETTINGS, on_screen, running, write, write_workspace

HOSTILE = SETTINGS.replace(
    'name = "Customers lost"', 'name = "Lost [/b][@click=app.quit]x[/] \\u001b]52;c;aGk=\\u0007 名"'
)
ACTION = """\
schema = 1

[review]
id = "2026-10-monthly"
cadence = "monthly"
period = "2026-10"
started = 2026-10-05T09:00:00+01:00

[action.a-one]
kpi = "churn"
by = "head"
at = 2026-10-05T09:12:00+01:00
title = "Ask why they left"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_workspace(tmp_path / "acme", HOSTILE)
    (root / "reviews").mkdir()
    (root / "reviews" / "2026-10-monthly.toml").write_text(ACTION, encoding="utf-8")
    return root


def blanks_apart(app: KpituiApp) -> str:
    """What is on the screen, a blank between two words."""
    return " ".join(on_screen(app).split())


@pytest.mark.parametrize(
    ("letters", "found", "then"),
    [
        ("respt", "Response time KPI", "Acme › Scorecard › FINE 2 of 2 › Response time"),
        ("ask why", "Ask why they left action", "Ask why they left"),
        ("kpis of op", "KPIs of Operations owner", '/owner:"ops" · 2 of 3 · esc undoes'),
        ("overdue first", "What was agreed, overdue first screen 5", "Acme › Actions by due"),
        ("hold a review", "Hold a monthly review, Oct 2026 review", "Which review?"),
        ("theme light", "Theme light theme", "Theme: light."),
        ("theme nord", "Theme nord theme", "Theme: nord."),
    ],
)
async def test_it_is_found_and_done(root: Path, letters: str, found: str, then: str) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("colon")
        await pilot.pause()
        await write(pilot, letters)
        for _ in range(30):
            await pilot.pause(0.1)
            if found in blanks_apart(app):
                break
        assert found in blanks_apart(app)
        await pilot.press("enter")
        for _ in range(30):
            await pilot.pause(0.1)
            if then in on_screen(app):
                break
        assert then in on_screen(app)


async def test_names_are_text(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("colon")
        await pilot.pause()
        await write(pilot, "lost")
        for _ in range(30):
            await pilot.pause(0.1)
            if "名 KPI" in blanks_apart(app):
                break
        screen = on_screen(app)
        assert "Lost [/b][@click=app.quit]x[/] " in screen
        assert "\x1b" not in screen
        await pilot.press("escape")
        await pilot.pause()
        assert "FIND THE CAUSE" in on_screen(app)

"""What the tests of the screens share: a small workspace, a running app, and the text on its screen.

Starting the app takes longer than looking at it: a test that needs many states, or all sizes, goes through them in one
run (`at_each_size`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.cells import cell_len
from textual import events
from textual.pilot import Pilot

from kpitui.ui.app import KpituiApp
from kpitui.workspace.opening import Workspace

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]
"""Columns and rows that every screen is promised to be right at."""

SETTINGS = """\
[workspace]
name = "Acme"
as_of = 2026-11-04

[person.ops]
name = "Operations"

[source.crm]
files = "measurements/crm.csv"
date = "month"
frequency = "monthly"

[kpi.leads]
name = "Leads"
source = "crm"
column = "leads"
aggregate = "sum"
owner = "ops"
tier = "primary"
perspective = "customer"
target = [{ from = 2025-01-01, value = 100 }]

[kpi.response]
name = "Response time"
source = "crm"
column = "response"
aggregate = "mean"
unit = "hours"
direction = "down"
owner = "ops"
perspective = "internal process"
target = [{ from = 2025-01-01, value = 8 }]

[kpi.churn]
name = "Customers lost"
source = "crm"
column = "churned"
aggregate = "sum"
direction = "down"
perspective = "customer"
target = [{ from = 2025-01-01, value = 12 }]
"""
LEADS = [101, 99, 103, 98, 100, 102, 97, 101, 99, 103, 100, 98, 102, 99, 101, 100, 98, 103, 99, 101, 100, 70]
RESPONSE = [
    6.1,
    6.4,
    5.9,
    6.2,
    6.0,
    6.3,
    5.8,
    6.1,
    6.4,
    6.0,
    6.2,
    5.9,
    6.3,
    6.1,
    6.0,
    6.2,
    6.4,
    5.9,
    6.1,
    6.3,
    6.0,
    6.2,
]
CHURNED = [10, 11, 9, 10, 12, 10, 9, 11, 10, 9, 11, 10, 12, 9, 10, 11, 9, 10, 11, 10, 9, 11]


def months(count: int) -> list[str]:
    """Ids of so many months from January 2025 on."""
    return [f"{2025 + i // 12}-{i % 12 + 1:02d}" for i in range(count)]


def write_workspace(root: Path, settings: str = SETTINGS) -> Path:
    """Leads fell out of their limits in October 2026; response and churn are as usual."""
    (root / "measurements").mkdir(parents=True)
    (root / "kpitui.toml").write_text(settings, encoding="utf-8")
    rows = zip(months(22), LEADS, RESPONSE, CHURNED, strict=True)
    lines = ["month,leads,response,churned", *(",".join(map(str, row)) for row in rows)]
    (root / "measurements" / "crm.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


@asynccontextmanager
async def running(root: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[KpituiApp, Pilot[None]]]:
    """The app on a workspace, once its figures are on screen (or the sentence why there are none)."""
    app = KpituiApp(root, lambda: Workspace.open(root))
    async with app.run_test(size=size, notifications=True) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause(0.05)
        await pilot.pause()
        yield app, pilot


def on_screen(app: KpituiApp) -> str:
    """The text of the screen, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


async def at_each_size(app: KpituiApp, pilot: Pilot[None]) -> AsyncIterator[tuple[tuple[int, int], list[str]]]:
    """Each size that is promised, with the lines on the screen there, and what holds of every screen asserted."""
    for size in SIZES:
        await pilot.resize_terminal(*size)
        for _ in range(100):
            if len(lines := on_screen(app).split("\n")) == size[1]:
                break
            await pilot.pause(0.02)  # the machine has something else to do
        assert_whole(lines, size)
        yield size, lines


def assert_whole(lines: list[str], size: tuple[int, int]) -> None:
    """No line is wider than the terminal."""
    assert max(map(cell_len, lines)) <= size[0], lines


async def type_keys(pilot: Pilot[None], text: str) -> None:
    """Type a text key by key, where it matters that they are keys: each takes a twentieth of a second."""
    names = {" ": "space", "@": "at", ".": "full_stop", "+": "plus", "-": "minus"}
    await pilot.press(*(names.get(letter, letter) for letter in text))


async def write(pilot: Pilot[None], text: str) -> None:
    """Put a text where somebody types, at once, as a paste does."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()

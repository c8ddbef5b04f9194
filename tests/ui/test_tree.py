"""The tree and the funnel on screen: what stands there, the walk, folding, and the way to a KPI and back."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kpitui.shipped import shipped
from kpitui.ui.app import KpituiApp
from kpitui.ui.screens.kpi import KpiScreen
from kpitui.ui.screens.scorecard import ScorecardScreen
from kpitui.ui.screens.tree import TreeScreen
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.tree_grid import TreeGrid
from tests.ui.helpers import SETTINGS, on_screen, running, write, write_workspace
from tests.ui.test_hostile import HOSTILE, assert_harmless, toml

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]
TREE = (
    SETTINGS.replace(
        '[kpi.leads]\nname = "Leads"', '[kpi.leads]\nname = "Leads"\nparent = "revenue"\nlevel = "ksf"'
    ).replace("[kpi.churn]\n", '[kpi.churn]\nparent = "revenue"\npredicts = [{ kpi = "leads", lag = 1 }]\n')
    + """
[kpi.revenue]
name = "Net leads"
formula = "leads - churn"
level = "kgi"
target = [{ from = 2025-01-01, value = 90 }]
"""
)
FUNNEL = SETTINGS.replace("[kpi.leads]", '[kpi.leads]\nstage = "asked"').replace(
    "[kpi.churn]", '[kpi.churn]\nstage = "left"'
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme", TREE)


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(shipped("data/demo"), tmp_path / "demo"))


def lines(app: KpituiApp) -> list[str]:
    return on_screen(app).split("\n")


def line_of(app: KpituiApp, name: str) -> str:
    return next(line for line in lines(app) if re.match(rf"[▌ ]\S [ ▾▸⇢]*{re.escape(name)}", line))


def at_cursor(app: KpituiApp) -> str:
    return next(line for line in lines(app) if line.startswith("▌"))


async def opened(app: KpituiApp, pilot: object) -> None:
    await pilot.press("3")  # type: ignore[attr-defined]
    await app.workers.wait_for_complete()
    await pilot.pause()  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", SIZES)
async def test_the_tree_says_what_each_contributed(root: Path, size: tuple[int, int]) -> None:
    async with running(root, size) as (app, pilot):
        await opened(app, pilot)
        screen = on_screen(app)
        assert isinstance(app.screen, TreeScreen)
        assert all(len(line) <= size[0] for line in lines(app))
        # Leads 103 → 70 (tests/ui/helpers.py), lost 9 → 11: 94 → 59
        assert "−35" in line_of(app, "Net leads")
        assert "−33" in line_of(app, "Leads")
        assert "worse ↓" in line_of(app, "Leads")
        led, part = (line for line in lines(app) if "Customers lost" in line)
        assert "⇢ 1 month" in led
        assert "−2" in part
        assert "NOT IN A TREE 1" in screen
        assert "Response time" in screen
        assert "arithmetic, not cause" in screen
        assert "Oct 2026 against Oct 2025" in screen


@pytest.mark.parametrize("size", SIZES)
async def test_the_funnel_names_its_bottleneck(demo: Path, size: tuple[int, int]) -> None:
    async with running(demo, size) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("w")
        screen = on_screen(app)
        assert "The bottleneck is SQL conversion rate: 22.0% against 25.0%" in screen.replace("\n ", " ")
        assert "◀" in at_cursor(app)
        if size != (60, 20):  # it has no room for the year before
            assert " −2.7pp " in at_cursor(app)  # 22.0 % against 24.7 %
        assert "CONSIDERATION" in screen
        assert "w tree" in screen
        assert all(len(line) <= size[0] for line in lines(app))
        await pilot.press("enter")
        assert isinstance(app.screen, KpiScreen)
        assert app.focused_kpi == "sql_rate"
        await pilot.press("escape")
        assert "› Funnel" in screen or "Funnel" in on_screen(app)
        await pilot.press("escape")
        assert "Tree" in lines(app)[0]
        assert "w funnel" in on_screen(app)
        await pilot.press("escape")
        assert isinstance(app.screen, ScorecardScreen)


async def test_the_demos_story_is_walked_by_one_key(demo: Path) -> None:
    async with running(demo) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("home", "m")
        assert "Opportunities" in at_cursor(app)
        assert "the largest part that has changed." in on_screen(app)
        await pilot.press("m")
        assert "SQL conversion rate" in at_cursor(app)
        assert "is usual variation." in on_screen(app).replace("\n ", " ")
        await pilot.press("m")
        assert "Lead response time" in at_cursor(app)
        assert "began 3 weeks before" in on_screen(app).replace("\n ", " ")
        await pilot.press("m")
        assert "Lead response time" in at_cursor(app)
        assert "The way ends here" in on_screen(app)
        await pilot.press("enter")
        assert lines(app)[0].startswith(" Acme marketing › Tree › Lead response time")
        await pilot.press("escape")
        assert "Lead response time" in at_cursor(app)


async def test_the_walk_unfolds_what_it_goes_to(demo: Path) -> None:
    async with running(demo) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("home", "left")
        assert "▸ Influenced revenue +16" in on_screen(app)
        await pilot.press("m")
        assert "Opportunities" in at_cursor(app)
        await pilot.press("left")
        assert "▸ Opportunities +" in on_screen(app)
        await pilot.press("left", "left")
        assert "▸ Influenced revenue" in at_cursor(app)
        await pilot.press("right")
        assert "▸ Opportunities +" in on_screen(app)  # as it was left
        await pilot.press("space", "space")
        assert "▾ Influenced revenue" in at_cursor(app)


async def test_one_key_compares_with_the_period_before(root: Path) -> None:
    async with running(root) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("b")
        await app.workers.wait_for_complete()
        await pilot.pause()
        # Leads 100 → 70, lost 9 → 11: 91 → 59
        assert "Oct 2026 against Sept 2026" in on_screen(app)
        assert "−32" in line_of(app, "Net leads")
        assert "−30" in line_of(app, "Leads")
        assert "Compared with the period before." in on_screen(app)
        await pilot.press("b")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "−35" in line_of(app, "Net leads")


async def test_periods_and_grains_are_changed_here_too(root: Path) -> None:
    async with running(root) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("comma")
        await app.workers.wait_for_complete()
        await pilot.pause()
        # September: leads 99 → 100
        assert "Sept 2026 against Sept 2025" in on_screen(app)
        assert "+1" in line_of(app, "Leads")
        await pilot.press("plus")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "2026 Q3 against 2025 Q3" in on_screen(app)


async def test_a_period_that_is_not_over_says_so(root: Path) -> None:
    async with running(root) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("full_stop", "home")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "Its change is not told: Nov 2026 is not over." in on_screen(app)


async def test_a_reload_keeps_the_cursor_and_what_is_folded(root: Path) -> None:
    async with running(root) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("home", "j")
        before = at_cursor(app)
        await pilot.press("r")
        await app.workers.wait_for_complete()
        await pilot.pause(0.05)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert at_cursor(app) == before
        assert isinstance(app.focused, TreeGrid)
        assert "−35" in line_of(app, "Net leads")


async def test_a_record_is_written_on_the_kpi_at_the_cursor(root: Path) -> None:
    async with running(root) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("home", "j", "n")
        await write(pilot, "Campaign ended.")
        await pilot.press("enter")
        await pilot.pause()
        assert "saved reviews/2026-11-monthly.toml:" in on_screen(app)
        [review] = (root / "reviews").glob("*.toml")
        assert 'kpi = "leads"' in review.read_text(encoding="utf-8")
        assert not app.screen.query_one(Entry).display


async def test_the_next_exception_is_the_next_in_the_tree(root: Path) -> None:
    async with running(root) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("home", "J")
        assert "Leads" in at_cursor(app)
        await pilot.press("K")
        assert "Net leads" in at_cursor(app)


async def test_a_workspace_without_tree_and_stages_says_what_makes_them(tmp_path: Path) -> None:
    async with running(write_workspace(tmp_path / "acme")) as (app, pilot):
        await opened(app, pilot)
        assert "NOT IN A TREE 3" in on_screen(app)
        await pilot.press("end")
        assert "It stands in no tree:" in on_screen(app)
        await pilot.press("m")
        assert "The way ends here" in on_screen(app)
        await pilot.press("w", "j", "k", "home", "end", "enter", "space", "left", "m", "b", "J", "n", "escape")
        assert 'No KPI has a stage. stage = "awareness" under [kpi.ID]' in on_screen(app)
        assert app.is_running


async def test_counts_without_shares_are_a_funnel(tmp_path: Path) -> None:
    async with running(write_workspace(tmp_path / "acme", FUNNEL)) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("w")
        assert "ASKED" in on_screen(app)
        # 11 of 70 after 9 of 103 a year before
        assert "15.7%" in line_of(app, "  ↓ of Leads")
        assert "No step is below its target" in on_screen(app)


async def test_before_the_workspace_is_open_the_tree_stands_without_parts(root: Path) -> None:
    async with running(root) as (app, pilot):
        workspace, app.workspace = app.workspace, None
        await opened(app, pilot)
        assert "Net leads" in on_screen(app)
        assert "…" in line_of(app, "Net leads")
        await pilot.press("home", "m")
        assert "being worked out" in on_screen(app)
        app.workspace = workspace
        app._show_period()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "−35" in line_of(app, "Net leads")


async def test_the_mouse_marks_opens_and_folds(root: Path) -> None:
    async with running(root) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("home")
        await pilot.click(TreeGrid, offset=(10, 2))
        assert "Leads" in at_cursor(app)
        await pilot.click(TreeGrid, offset=(3, 1))
        assert "▸ Net leads" in on_screen(app)
        await pilot.click(TreeGrid, offset=(3, 1))
        await pilot.click(TreeGrid, offset=(10, 2))
        await pilot.click(TreeGrid, offset=(10, 2))
        assert isinstance(app.screen, KpiScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_names_are_text(tmp_path: Path, size: tuple[int, int]) -> None:
    kpis = "".join(
        f"[kpi.h{i}]\nname = {toml(name)}\nstage = {toml(name or 'x')}\n"
        f'source = "crm"\ncolumn = "leads"\naggregate = "sum"\n'
        f'parent = "top"\npredicts = [{{ kpi = "top", lag = 1 }}, {{ kpi = "h0", lag = 2 }}]\n'
        for i, name in enumerate(HOSTILE)
    )
    top = f'[kpi.top]\nname = {toml(HOSTILE[1])}\nformula = "{" + ".join(f"h{i}" for i in range(len(HOSTILE)))}"\n'
    settings = SETTINGS.replace('name = "Acme"', 'name = "[/b]Ac\\u001bme[red]"')
    # A KPI cannot lead itself.
    kpis = kpis.replace(', { kpi = "h0", lag = 2 }', "", 1)
    async with running(write_workspace(tmp_path / "hostile", settings + kpis + top), size) as (app, pilot):
        await opened(app, pilot)
        for key in ["home", *["j"] * 30, "home", "m", "m", "b", "w", *["j"] * 20, "m", "w", "enter", "escape"]:
            await pilot.press(key)
            assert_harmless(on_screen(app).encode())
            assert all(len(line) <= size[0] for line in lines(app))
        shown = on_screen(app)
        assert "[@click=app.qu" in shown
        assert app.is_running
        assert json.dumps(shown)


def test_nothing_of_it_is_loaded_before_it_is_opened() -> None:
    code = (
        "import sys, kpitui.ui.app, kpitui.ui.screens.scorecard, kpitui.ui.screens.kpi;"
        "print(*[name for name in sys.modules if 'tree' in name.rpartition('.')[2] and name.startswith('kpitui')"
        " or 'funnel' in name])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stdout.strip()) == (0, "")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_last_step_of_the_walk_loses_no_word(demo: Path, size: tuple[int, int]) -> None:
    """Its reason has two lines, and so has the end of the way at 80 columns."""
    async with running(demo, size) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("m", "m", "m", "m")
        screen = " ".join(on_screen(app).split())
        assert "its chart signalled 3 weeks before (W13)." in screen
        assert "did not change in the 26 weeks before." in screen

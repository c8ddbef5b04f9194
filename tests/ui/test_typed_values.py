"""Typing a figure in, and the marks of typed and restated figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.helpers import SETTINGS, on_screen, running, write, write_workspace

MANUAL = """
[kpi.nps]
name = "Promoters"
source = "manual"
tier = "primary"
target = [{ from = 2025-01-01, value = 40 }]
"""
FILE = "measurements/manual/nps.csv"
REVIEW = """\
schema = 1

[review]
id = "2026-10-monthly"
cadence = "monthly"
period = "2026-10"
state = "open"
started = 2026-11-04T09:00:00+01:00

[figures]
leads = [75, 100, "behind", "", "0000"]
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "kpitui").mkdir(parents=True)
    (tmp_path / "config" / "kpitui" / "config.toml").write_text('by = "head"\n', encoding="utf-8")
    root = write_workspace(tmp_path / "acme", SETTINGS + MANUAL)
    (root / "measurements" / "manual").mkdir()
    (root / FILE).write_text("period,value,by,at\n2026-10,30,ops,2026-11-02T09:00:00+01:00\n", encoding="utf-8")
    return root


async def test_f_types_a_figure_in_and_shows_what_it_replaces(root: Path) -> None:
    async with running(root, (120, 30)) as (app, pilot):
        app.focused_kpi = "nps"
        await pilot.press("enter", "escape")
        await pilot.pause()
        row = next(line for line in on_screen(app).split("\n") if "Promoters" in line and "⌨" in line)
        assert "Behind" in row
        app.show_kpi("nps")
        await pilot.pause()
        assert "typed in (f)" in on_screen(app)
        await pilot.press("f")
        await write(pilot, "41.5")
        await pilot.pause()
        screen = on_screen(app)
        assert "value · Promoters · Oct 2026 ▸ 41.5" in screen
        assert "→ 41.5 instead of 30 (Operations, 2 Nov) · ⏎ save" in screen
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        screen = on_screen(app)
    assert "saved measurements/manual/nps.csv:3" in screen
    assert screen.split("\n")[1].startswith(" ● ON TRACK   41.5   target 40")
    assert (root / FILE).read_text(encoding="utf-8").splitlines()[2].startswith("2026-10,41.5,head,")


async def test_a_minus_takes_the_figure_back(root: Path) -> None:
    async with running(root, (120, 30)) as (app, pilot):
        app.show_kpi("nps")
        await pilot.pause()
        await pilot.press("f", "minus")
        await pilot.pause()
        assert "→ takes back 30 (Operations, 2 Nov) · ⏎ save" in on_screen(app)
        await pilot.press("enter")
        await pilot.pause()
        assert on_screen(app).split("\n")[1].startswith(" ? NO DATA")


async def test_what_is_no_number_is_not_saved_and_the_draft_stays_with_its_period(root: Path) -> None:
    before = (root / FILE).read_bytes()
    async with running(root, (120, 30)) as (app, pilot):
        app.show_kpi("nps")
        await pilot.pause()
        await pilot.press("f")
        await write(pilot, "4x")
        await pilot.press("enter")
        await pilot.pause()
        assert "`4x` is not a number" in on_screen(app)
        await pilot.press("escape", "comma", "f")
        await pilot.pause()
        assert "value · Promoters · Sept 2026 ▸ the figure" in on_screen(app)
        await pilot.press("escape", "full_stop", "f")
        await pilot.pause()
        assert "value · Promoters · Oct 2026 ▸ 4x" in on_screen(app)
    assert (root / FILE).read_bytes() == before


async def test_other_kpis_say_where_their_figure_comes_from(root: Path) -> None:
    async with running(root, (120, 30)) as (app, pilot):
        app.show_kpi("leads")
        await pilot.pause()
        await pilot.press("f")
        await pilot.pause()
        screen = on_screen(app)
    assert "Leads comes from the source crm" in screen
    assert "value ·" not in screen


async def test_a_restated_figure_is_marked_and_said(root: Path) -> None:
    (root / "reviews").mkdir()
    (root / "reviews" / "2026-10-monthly.toml").write_text(REVIEW, encoding="utf-8")
    async with running(root, (120, 30)) as (app, pilot):
        screen = on_screen(app)
        assert any("Leads" in line and "↺" in line for line in screen.split("\n"))
        app.show_kpi("leads")
        await pilot.pause()
        second = on_screen(app).split("\n")[2]
    assert second.startswith(" Restated: 75 when reviewed in 2026-10-monthly, 70 now; definition changed since then.")


async def test_help_explains_the_signs(root: Path) -> None:
    async with running(root, (120, 110)) as (app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        screen = on_screen(app)
    assert "Type in the figure" in screen
    assert "↺ ⌨" in screen

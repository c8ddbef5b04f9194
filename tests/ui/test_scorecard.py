"""The scorecard: 80×24 unless a test says otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich.segment import Segment

from kpitui.ui.widgets import grid_rows
from kpitui.ui.widgets.grid import Grid
from kpitui.ui.widgets.grid_lines import Line
from tests.ui.helpers import SETTINGS, on_screen, running, write, write_workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme")


async def test_exceptions_come_first_with_shape_word_and_signal(root: Path) -> None:
    async with running(root) as (app, _):
        screen = on_screen(app).split("\n")
    assert screen[0] == " Acme        Oct 2026 · 1–31 Oct · month · as of 4 Nov        ■1 ◆2  1 changed"
    assert screen[2].startswith(" FIND THE CAUSE — off target, and changed")
    assert screen[3] == "▌■ Leads                        70       100 −30.0% █▇▇█▇█▇▇█▇█▇▁ worse ↓ limit"
    assert screen[4].startswith(" FINE")
    assert screen[5].split()[:7] == ["◆", "Customers", "lost", "!", "11", "≤", "12"]
    assert screen[6].split()[:7] == ["◆", "Response", "time", "6.2h", "≤", "8.0h", "+22.5%"]


async def test_the_sentence_under_the_grid_can_be_read_aloud(root: Path) -> None:
    async with running(root) as (app, pilot):
        assert "Leads: 70 against 100, worse since Oct 2026; usual was" in on_screen(app)
        await pilot.press("j", "j", "j")
        assert "Response time: 6.2h against 8.0h, usual variation; usual is 5.4–6.9h." in on_screen(app)


async def test_periods_go_back_and_forth_and_stop_at_the_as_of_date(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("comma")
        assert "Sept 2026 · 1–30 Sept · month" in on_screen(app)
        assert "FIND THE CAUSE" not in on_screen(app)
        await pilot.press("full_stop", "full_stop")
        assert "Nov 2026 · 1–30 Nov · month" in on_screen(app)
        await pilot.press("full_stop")
        assert "Nov 2026 · 1–30 Nov · month" in on_screen(app)


async def test_grain_gets_coarser_and_finer(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("plus")
        # The quarter that holds the month that one looked at; it is not over, and says so.
        assert "2026 Q4 · 1 Oct–31 Dec · as of 4 Nov" in on_screen(app)
        line = next(line for line in on_screen(app).split("\n") if " Leads " in line)
        assert line.split()[1:5] == ["Leads", "~", "70", "300"]
        assert "not over yet" in line
        assert ": the quarter is not over." in on_screen(app)
        await pilot.press("plus")
        assert "2026 · 1 Jan–31 Dec · year · as of 4 Nov" in on_screen(app)
        await pilot.press("minus", "minus")
        assert "Oct 2026 · 1–31 Oct · month" in on_screen(app)


async def test_a_week_leads_to_the_month_that_it_belongs_to(root: Path) -> None:
    """Its fourth day is 29 October, its last one 1 November."""
    async with running(root) as (app, pilot):
        await pilot.press("minus", "comma", "full_stop")
        assert "26 Oct–1 Nov" in on_screen(app)
        await pilot.press("plus")
        assert "Oct 2026 · 1–31 Oct · month" in on_screen(app)


async def test_a_sentence_that_is_longer_than_its_line_goes_on_in_the_next(tmp_path: Path) -> None:
    name = "Leads of all the campaigns that we run in all of our regions together"
    root = write_workspace(tmp_path / "acme", SETTINGS.replace('name = "Leads"', f'name = "{name}"'))
    async with running(root) as (app, pilot):
        await pilot.pause()
        first, second = on_screen(app).split("\n")[-3:-1]
        assert first.split() == f"{name}: 70".split()
        assert second.startswith(" against 100, worse since ")


async def test_a_notice_goes_with_what_it_was_about(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("full_stop", "full_stop")
        assert "That period has not begun by the as-of date." in on_screen(app)
        await pilot.press("comma")
        assert "That period has not begun" not in on_screen(app)


async def test_a_monthly_kpi_on_a_weekly_scorecard_shows_its_own_month(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("minus")
        assert "week" in on_screen(app).split("\n")[0]
        line = next(line for line in on_screen(app).split("\n") if "Leads " in line)
        assert " 70 " in line
        assert "Oct ’26" in line
        assert "worse ↓ limit" in line


async def test_groups_by_perspective(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("g")
        screen = on_screen(app)
        assert screen.index("CUSTOMER") < screen.index("Leads") < screen.index("INTERNAL PROCESS")
        # Then by tier and by owner; nothing else is in use here.
        await pilot.press("g")
        assert "WITHOUT A TIER" in on_screen(app)
        await pilot.press("g")
        assert "OPERATIONS" in on_screen(app)
        await pilot.press("g")
        assert "FIND THE CAUSE" in on_screen(app)


async def test_enter_on_a_heading_folds_its_group(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("home", "enter")
        assert "▸ 1 more" in on_screen(app)
        assert "■ Leads" not in on_screen(app)
        await pilot.press("enter")
        assert "■ Leads" in on_screen(app)


async def test_a_click_marks_and_a_second_opens(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.click("#main", offset=(10, 5))
        assert "Response time: 6.2h" in on_screen(app)
        await pilot.click("#main", offset=(10, 5))
        await pilot.pause()
        assert "› Response time" in on_screen(app)


async def test_a_key_in_the_foot_can_be_clicked(root: Path) -> None:
    async with running(root) as (app, pilot):
        foot = on_screen(app).split("\n")[-1]
        await pilot.click("Foot", offset=(foot.index("? keys"), 0))
        await pilot.pause()
        assert "On the scorecard" in on_screen(app)


async def test_the_cursor_stays_on_its_kpi_when_all_is_read_again(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("j", "j", "j", "r")
        await app.workers.wait_for_complete()
        await pilot.pause()
        row = app.screen.query_one(Grid).row
        assert row is not None
        assert row.kpi.id == "response"


async def test_a_thousand_kpis_draw_their_visible_rows_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kpis = "".join(
        f'[kpi.k{i}]\nname = "KPI {i}"\nsource = "crm"\ncolumn = "leads"\naggregate = "sum"\n'
        "target = [{ from = 2025-01-01, value = 100 }]\n"
        for i in range(1000)
    )
    root = write_workspace(tmp_path / "many", SETTINGS + kpis)
    drawn: list[object] = []
    original = grid_rows.row

    def counting(line: Line, *args: Any, **options: Any) -> list[Segment]:
        drawn.append(line)
        return original(line, *args, **options)

    monkeypatch.setattr(grid_rows, "row", counting)
    async with running(root) as (app, pilot):
        assert "■1001" in on_screen(app)
        assert on_screen(app).split("\n")[2].startswith(" FIND THE CAUSE")
        first = len(drawn)
        assert 0 < first < 100
        drawn.clear()
        await pilot.press("j")
        await pilot.pause()
        assert len(drawn) <= 2
        await pilot.press("end")
        await pilot.pause()
        assert "2 more" in on_screen(app) or "FINE" in on_screen(app)
        assert len(drawn) < 100


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_every_size_shows_the_exception_and_both_words(root: Path, size: tuple[int, int]) -> None:
    async with running(root, size) as (app, _):
        screen = on_screen(app)
        assert all(len(line) <= size[0] for line in screen.split("\n"))
        line = next(line for line in screen.split("\n") if "Leads" in line)
        assert "■" in line
        assert "70" in line
        assert "worse ↓" in line
        # Before the status has room for its word, the group's heading says it.
        assert "Behind" in line if size[0] >= 87 else "FIND THE CAUSE — off target" in screen


async def test_a_terminal_too_small_says_so(root: Path) -> None:
    async with running(root, (50, 12)) as (app, _):
        assert "50×12 is too small: 60×16 at least." in on_screen(app)


async def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "kpitui.toml").write_text("[workspace\n", encoding="utf-8")
    async with running(tmp_path) as (app, pilot):
        assert "no KPI that can be shown" in " ".join(on_screen(app).split())
        assert "kpitui.toml:1" in on_screen(app)
        await pilot.press("enter", "n", "comma", "plus", "J", "2")
        assert "no KPI that can be shown" in " ".join(on_screen(app).split())


async def test_problems_are_counted_in_the_head_and_told_behind_a_key(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "acme", SETTINGS.replace('tier = "primary"', 'teir = "primary"'))
    async with running(root) as (app, pilot):
        assert "!1 problem" in on_screen(app).split("\n")[0]
        await pilot.press("exclamation_mark")
        await pilot.pause()
        assert "kpi.leads.teir" in on_screen(app)
        assert "`tier`" in on_screen(app)


async def test_no_key_does_anything_where_nothing_can_be_seen(root: Path) -> None:
    async with running(root) as (app, pilot):
        theme = app.theme
        await pilot.press("n")
        await write(pilot, "half a note")
        await pilot.resize_terminal(40, 10)
        await pilot.pause()
        await pilot.press("T", "P", "c", "comma", "2")
        await pilot.resize_terminal(80, 24)
        await pilot.pause(0.1)
        assert app.theme == theme
        assert "Oct 2026" in on_screen(app).split("\n")[0]
        assert len(app.screen_stack) == 1
        await pilot.press("n")
        await pilot.pause()
        assert "half a note" in on_screen(app)

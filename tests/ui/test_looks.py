"""How the scorecard is looked at: filter, exceptions, groups, order, views, columns, and Esc."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from textual.geometry import Region
from textual.pilot import Pilot

from kpitui.ui.app import KpituiApp
from kpitui.ui.widgets.grid import Grid
from kpitui.workspace.state_folder import state_folder
from tests.ui.helpers import SETTINGS, on_screen, running, write_workspace

VIEWS = """
[view.customers]
filter = "perspective:customer"
group = "owner"
[view.nobody]
filter = "owner:nobody"
"""
TREE = SETTINGS.replace('tier = "primary"', 'tier = "primary"\nparent = "churn"').replace(
    'direction = "down"\nowner', 'direction = "down"\nparent = "leads"\nowner'
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme", SETTINGS + VIEWS)


LOOK = -4
"""The line on which is told how the scorecard is looked at."""


def focused(app: KpituiApp) -> str | None:
    row = app.screen.query_one(Grid).row
    return row.kpi.id if row else None


async def type_filter(pilot: Pilot[None], text: str) -> None:
    names = {":": "colon", " ": "space", "/": "slash", '"': "quotation_mark"}
    await pilot.press("slash", *(names.get(letter, letter) for letter in text))
    await pilot.pause()


def lines(app: KpituiApp) -> list[str]:
    return on_screen(app).split("\n")


# The filter


async def test_rows_are_filtered_as_one_types(root: Path) -> None:
    async with running(root) as (app, pilot):
        await type_filter(pilot, "lost")
        assert lines(app)[LOOK].startswith(" /lost")
        assert lines(app)[LOOK].rstrip().endswith("1 of 3")
        assert "Customers lost" in on_screen(app)
        assert "Response time" not in on_screen(app)
        assert focused(app) == "churn"


async def test_a_letter_paints_the_rows_that_differ_and_lays_nothing_out(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await type_filter(pilot, "")
        layouts: list[object] = []
        painted: list[int] = []
        app.screen.screen_layout_refresh_signal.subscribe(app, layouts.append)
        original = Grid.refresh

        def refresh(self: Grid, *regions: Region, **options: Any) -> Grid:
            painted.append(sum(region.height for region in regions) if regions else self.size.height)
            return original(self, *regions, **options)

        monkeypatch.setattr(Grid, "refresh", refresh)
        await pilot.press("p")  # of five lines the heading that counts, and the two below it
        await pilot.pause()
        assert "Customers lost" not in on_screen(app)
        assert painted == [3]
        await pilot.press("r")  # in the tier of one and the perspective of the other: the same rows
        await pilot.pause()
        assert lines(app)[LOOK].rstrip().endswith("2 of 3")
        assert painted == [3]
        assert layouts == []


async def test_enter_keeps_the_filter_and_esc_undoes_it(root: Path) -> None:
    async with running(root) as (app, pilot):
        await type_filter(pilot, "owner:ops")
        await pilot.press("enter", "j")
        assert lines(app)[LOOK] == " /owner:ops · 2 of 3 · esc undoes"
        await pilot.press("comma")
        assert "/owner:ops · 2 of 3" in lines(app)[LOOK]
        await pilot.press("escape")
        assert "Customers lost" in on_screen(app)
        assert "esc undoes" not in on_screen(app)


async def test_esc_while_typing_clears_the_filter(root: Path) -> None:
    async with running(root) as (app, pilot):
        await type_filter(pilot, "lost")
        await pilot.press("escape")
        await pilot.pause()
        assert "Response time" in on_screen(app)
        assert isinstance(app.focused, Grid)
        await pilot.press("j")
        assert focused(app) is not None


async def test_an_unknown_key_says_so_and_hides_nothing(root: Path) -> None:
    async with running(root) as (app, pilot):
        await type_filter(pilot, "onwer:ops")
        assert "unknown key `onwer`: did you mean `owner`?" in lines(app)[LOOK]
        assert "Customers lost" in on_screen(app)


async def test_no_match_says_what_to_do(root: Path) -> None:
    async with running(root) as (app, pilot):
        await type_filter(pilot, "zzz")
        assert "No KPI matches zzz — / changes the filter, esc clears it." in on_screen(app)
        assert "0 of 3" in lines(app)[LOOK]
        await pilot.press("enter", "enter", "n", "escape", "j", "J", "B", "left", "home", "end")
        assert "None of these KPIs is behind." in on_screen(app)
        await pilot.press("J")
        assert "Nothing asks for talk in this period." in on_screen(app)


async def test_the_cursor_goes_near_and_comes_back(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("j", "j", "j")
        assert focused(app) == "response"
        await type_filter(pilot, "lost")
        assert focused(app) == "churn"
        await pilot.press("escape")
        await pilot.pause()
        assert focused(app) == "response"


def test_keys_that_come_all_at_once(tmp_path: Path) -> None:
    """In a real pseudo-terminal: what follows / is the filter, what follows Enter are commands."""
    pytest.importorskip("pty", reason="needs a pseudo-terminal")
    from terminal import Terminal

    root = write_workspace(tmp_path / "acme")
    with Terminal([sys.executable, "-m", "kpitui", str(root)]) as terminal:
        terminal.wait_for("FIND THE CAUSE")
        terminal.press("/e\rjjx")
        terminal.wait_for("/e · 3 of 3 · exceptions only, 2 hidden")
        terminal.settle()  # `q` right behind the escape would be another key
        terminal.press("\x1b")
        terminal.wait_until_gone("exceptions only")
        terminal.settle()
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_opening_the_filter_paints_its_line_and_nothing_else(tmp_path: Path) -> None:
    """A screen of 120×40 takes some ten thousand bytes."""
    pytest.importorskip("pty", reason="needs a pseudo-terminal")
    from terminal import Terminal

    root = write_workspace(tmp_path / "acme")
    with Terminal([sys.executable, "-m", "kpitui", str(root)], columns=120, rows=40) as terminal:
        terminal.wait_for("FIND THE CAUSE")
        terminal.settle(1)
        terminal.press("/")
        assert 0 < terminal.settle(0.5).count <= 700
        assert terminal.text.split("\n")[-4].startswith(" /owner:ops status:behind ")
        assert "⏎ keeps it · esc clears it" in terminal.text.split("\n")[-4]


# Exceptions, groups, order


async def test_exceptions_only(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("x")
        assert lines(app)[LOOK] == " exceptions only, 2 hidden · esc undoes"
        assert "Response time" not in on_screen(app)
        await pilot.press("comma")
        assert "Nothing asks for talk in Sept 2026. x shows the 3" in on_screen(app)
        await pilot.press("x")
        assert "Response time" in on_screen(app)


async def test_a_regroup_keeps_the_cursor_and_counts_each_status(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("j", "j", "j", "g")
        assert focused(app) == "response"
        assert next(line for line in lines(app) if line.startswith(" CUSTOMER")).endswith("■1 ◆1")
        assert "By perspective." in on_screen(app)
        await pilot.press("escape")
        assert "FIND THE CAUSE" in on_screen(app)


async def test_sorting_shows_an_arrow_and_esc_undoes_it(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("s")
        assert lines(app)[1].startswith("   KPI↑")
        await pilot.press("S")
        assert lines(app)[1].startswith("   KPI↓")
        await pilot.press("escape")
        assert lines(app)[1].startswith("   KPI ")


async def test_a_click_on_a_title_sorts_by_it_and_again_reverses(root: Path) -> None:
    async with running(root) as (app, pilot):
        x = lines(app)[1].index("Gap")
        await pilot.click("#main", offset=(x, 0))
        await pilot.pause()
        assert "Gap↑" in lines(app)[1]
        await pilot.click("#main", offset=(x, 0))
        await pilot.pause()
        assert "Gap↓" in lines(app)[1]


async def test_esc_goes_back_step_by_step(root: Path) -> None:
    async with running(root) as (app, pilot):
        await type_filter(pilot, "e")
        await pilot.press("enter", "g", "s", "x")
        await pilot.pause()
        assert "exceptions only" in lines(app)[LOOK]
        await pilot.press("escape")
        assert "exceptions only" not in lines(app)[LOOK]
        assert "KPI↑" in lines(app)[1]
        await pilot.press("escape")
        assert "KPI↑" not in lines(app)[1]
        assert "CUSTOMER" in on_screen(app)
        await pilot.press("escape")
        assert "CUSTOMER" not in on_screen(app)
        assert lines(app)[LOOK].startswith(" /e")
        await pilot.press("escape")
        assert "/e" not in lines(app)[LOOK]


async def test_the_tree_is_indented_and_folds(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "acme", TREE)
    async with running(root) as (app, pilot):
        await type_filter(pilot, "")
        await pilot.press("enter")
        while "KPI TREE" not in on_screen(app):
            await pilot.press("g")
        tree = [line[3:21].rstrip() for line in lines(app)[3:6]]
        assert tree == ["▾ Customers lost", "  ▾ Leads", "    Response time"]
        app.screen.query_one(Grid).focus_kpi("leads")
        await pilot.press("left")
        assert "▸ Leads +1" in on_screen(app)
        assert "Response time" not in "\n".join(lines(app)[:10])
        await pilot.press("right")
        assert "Response time" in on_screen(app)
        await pilot.press("left", "left")
        assert focused(app) == "churn"


# Views


async def test_views_are_named_and_counted(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("V")
        assert lines(app)[LOOK] == " view customers · 2 of 3 · esc undoes"
        assert "OPERATIONS" in on_screen(app)
        await pilot.press("V")
        assert "No KPI is in the view nobody now" in on_screen(app)
        await pilot.press("V")
        assert "view" not in lines(app)[LOOK]
        assert "FIND THE CAUSE" in on_screen(app)


async def test_without_views_it_says_how_to_save_one(tmp_path: Path) -> None:
    async with running(write_workspace(tmp_path / "acme")) as (app, pilot):
        await pilot.press("V")
        assert "[view.ID]" in on_screen(app)


# Columns


async def test_columns_are_chosen_ordered_and_kept(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("C")
        await pilot.pause()
        # The first one goes one to the right, then out.
        await pilot.press("J", "space", "enter")
        await pilot.pause()
        header = lines(app)[1]
        assert "Actual" not in header
        assert "Target" in header
        assert "70 " not in next(line for line in lines(app) if "Leads " in line)
    async with running(root) as (app, _):
        assert "Actual" not in lines(app)[1]


async def test_leaving_the_columns_changes_nothing(root: Path) -> None:
    async with running(root) as (app, pilot):
        before = lines(app)[1]
        await pilot.press("C", "space", "escape")
        await pilot.pause()
        assert lines(app)[1] == before


async def test_damaged_columns_are_told_once_and_the_usual_ones_shown(root: Path) -> None:
    file = state_folder(root) / "columns.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\x00[")
    async with running(root) as (app, pilot):
        await pilot.pause(0.1)
        assert "Actual" in on_screen(app)
        assert len(app._notifications) == 1


# The head


async def test_counts_in_the_head_go_to_the_next_one(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("end")
        assert focused(app) == "response"
        await pilot.click("#head", offset=(lines(app)[0].index("■1"), 0))
        await pilot.pause()
        assert focused(app) == "leads"
        await pilot.press("end", "B")
        assert focused(app) == "leads"
        await pilot.press("end", "N")
        assert focused(app) == "leads"
        await pilot.click("#head", offset=(lines(app)[0].index("◆2"), 0))
        await pilot.pause()
        assert focused(app) == "churn"


async def test_where_the_data_end_is_said(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "acme")
    file = root / "measurements" / "crm.csv"
    file.write_text("\n".join(file.read_text().split("\n")[:18]) + "\n", encoding="utf-8")
    async with running(root, (120, 40)) as (app, _):
        assert "No measurements after 31 May: the source `crm` ends there. , goes one period back." in lines(app)[LOOK]

"""The KPI that a screen is at loses its definition while it is open: no key may act on another one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kpitui.ui.app import KpituiApp
from kpitui.ui.screens.details import Details
from kpitui.ui.watch import Watch
from kpitui.ui.widgets.entry import Entry
from kpitui.ui.widgets.grid import Grid
from kpitui.workspace.opening import Workspace
from tests.ui.helpers import SETTINGS, on_screen, running, write, write_workspace
from tests.ui.test_live import replace, shown, until

KPIS = "kpis/shop.toml"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watch, "EVERY", 0.1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Leads and response time in kpitui.toml, customers lost in a file of its own."""
    head, churn, tail = SETTINGS.partition("[kpi.churn]")
    root = write_workspace(tmp_path / "acme", head)
    (root / "kpis").mkdir()
    (root / KPIS).write_text(churn + tail, encoding="utf-8")
    return root


def break_formula(root: Path) -> None:
    replace(root / KPIS, "[kpi.churn]\n", '[kpi.churn]\nformula = "1 /"\n')


def break_file(root: Path) -> None:
    replace(root / KPIS, "[kpi.churn]\n", "[kpi.churn\n")


def break_source(root: Path) -> None:
    replace(root / KPIS, 'source = "crm"', 'source = "cmr"')


def rename(root: Path) -> None:
    replace(root / KPIS, "[kpi.churn]", "[kpi.lost]")


def remove(root: Path) -> None:
    (root / KPIS).write_text("", encoding="utf-8")


def delete_file(root: Path) -> None:
    (root / KPIS).unlink()


WAYS: list[tuple[Callable[[Path], None], str, str]] = [
    (break_formula, "its definition cannot be read", "kpis/shop.toml:2:15: the formula does not parse"),
    (break_file, "its definition cannot be read", "kpis/shop.toml:1:11: not TOML"),
    (break_source, "its definition cannot be read", "kpis/shop.toml:3: unknown source `cmr`"),
    (rename, "it has another id", "kpis/shop.toml:1 has it as `lost`"),
    (remove, "it is not defined any more", "kpis/shop.toml"),
    (delete_file, "its file is gone", "kpis/shop.toml"),
]


def records(root: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted((root / "reviews").glob("*.toml")))


def words(app: KpituiApp) -> str:
    return " ".join(on_screen(app).split())


async def open_churn(app: KpituiApp, pilot: Pilot[None]) -> None:
    """The screen of customers lost, as Enter opens it."""
    app.screen.query_one(Grid).focus_kpi("churn")
    await pilot.press("enter")
    await shown(app, pilot, "target ≤ 12")


@pytest.mark.parametrize(("lose", "title", "place"), WAYS)
async def test_the_screen_of_a_kpi_stays_on_it_and_says_why_it_has_no_figures(
    root: Path, lose: Callable[[Path], None], title: str, place: str
) -> None:
    whole = (root / KPIS).read_text(encoding="utf-8")
    async with running(root, (120, 40)) as (app, pilot):
        await open_churn(app, pilot)
        lose(root)
        await shown(app, pilot, f"No figures: {title}")
        assert place in words(app)
        assert app.focused_kpi == "churn"
        # What rests on figures is refused in a sentence, and writes nothing.
        for key in ("b", "B", "v", "t", "f"):
            await pilot.press(key)
            await pilot.pause()
            assert f"Customers lost: {title}" in words(app).split("RECORD")[1]
            assert not app.screen.query_one(Entry).is_open
        assert records(root) == ""
        # What was said can be added to.
        await pilot.press("n")
        await write(pilot, "Still known")
        await pilot.press("enter")
        await shown(app, pilot, "saved reviews/2026-11-monthly.toml")
        assert 'kpi = "churn"' in records(root)
        assert "# Customers lost · without figures" in records(root)
        # Views and reasons have nothing to show, and say so.
        for key in ("h", "l", "w", "z", "m", "s", "left", "i", "escape"):
            await pilot.press(key)
            await pilot.pause()
        # Once it is defined again, its figures are back on the same screen.
        (root / KPIS).write_text(whole, encoding="utf-8")
        await shown(app, pilot, "target ≤ 12")
        assert app.focused_kpi == "churn"
        assert "Still known" in on_screen(app)


async def test_a_phase_that_is_being_decided_is_refused_and_no_other_kpi_gets_it(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await open_churn(app, pilot)
        await pilot.press("b")
        await write(pilot, "New form")
        break_formula(root)
        await shown(app, pilot, "No figures: its definition cannot be read")
        assert app.screen.query_one(Entry).is_open
        await pilot.press("enter")
        await shown(app, pilot, "kpis/shop.toml:2:15: the formula does not parse")
        assert records(root) == ""
        assert "New form" in on_screen(app)


@pytest.mark.parametrize(("lose", "title", "place"), WAYS)
async def test_a_note_in_progress_is_saved_for_the_kpi_it_was_begun_for(
    root: Path, lose: Callable[[Path], None], title: str, place: str
) -> None:
    async with running(root) as (app, pilot):
        await open_churn(app, pilot)
        await pilot.press("n")
        await write(pilot, "Half a")
        lose(root)
        await shown(app, pilot, f"No figures: {title}")
        await pilot.press("space", "w", "o", "r", "d", "enter")
        await until(pilot, lambda: "Half a word" in records(root))
        assert records(root).count("kpi = ") == 1
        assert 'kpi = "churn"' in records(root)


async def test_the_form_of_a_record_keeps_its_words_and_saves_them(root: Path) -> None:
    workspace = Workspace.open(root)
    workspace.record("note", workspace.row(workspace.kpi("churn"), workspace.period("2026-10")), "Before", by="ann")
    async with running(root, (120, 40)) as (app, pilot):
        await open_churn(app, pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, Details))
        await write(pilot, "After ")
        delete_file(root)
        await until(pilot, lambda: app.lost("churn") is not None)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: not isinstance(app.screen, Details))
        assert "After" in records(root)


async def test_a_verdict_and_a_target_that_are_being_chosen_are_refused(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await open_churn(app, pilot)
        whole = (root / KPIS).read_text(encoding="utf-8")
        await pilot.press("v")
        await pilot.pause()
        break_formula(root)
        await until(pilot, lambda: app.lost("churn") is not None)
        await pilot.press("enter")
        await shown(app, pilot, "Customers lost: its definition cannot be read")
        assert records(root) == ""
        (root / KPIS).write_text(whole, encoding="utf-8")
        await until(pilot, lambda: app.lost("churn") is None)
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Details))
        break_formula(root)
        await until(pilot, lambda: app.lost("churn") is not None)
        await pilot.press("ctrl+s")
        await pilot.pause(0.1)
        assert isinstance(app.screen, Details)
        assert "Customers lost: its definition cannot be read" in words(app)
        assert records(root) == ""


async def test_on_the_scorecard_the_cursor_goes_to_no_other_kpi(root: Path) -> None:
    whole = (root / KPIS).read_text(encoding="utf-8")
    async with running(root) as (app, pilot):
        grid = app.screen.query_one(Grid)
        grid.focus_kpi("churn")
        break_formula(root)
        await shown(app, pilot, "Customers lost: its definition cannot be read: kpis/shop.toml:2:15")
        assert grid.row is None
        await pilot.press("v")
        assert len(app.screen_stack) == 1
        await pilot.press("n")
        assert "note · Customers lost" in on_screen(app)
        await pilot.press("escape", "enter")
        await shown(app, pilot, "No figures: its definition cannot be read")
        await pilot.press("escape")
        await pilot.pause(0.1)
        # A step of the cursor is somebody's own: from then on it is another KPI.
        await pilot.press("j")
        assert grid.row is not None
        assert app.focused_kpi == grid.row.kpi.id == "response"
        await pilot.press("k", "k")
        (root / KPIS).write_text(whole, encoding="utf-8")
        await shown(app, pilot, "Customers lost  ")


async def test_on_the_scorecard_the_cursor_goes_back_once_the_kpi_is_there_again(root: Path) -> None:
    whole = (root / KPIS).read_text(encoding="utf-8")
    async with running(root) as (app, pilot):
        grid = app.screen.query_one(Grid)
        grid.focus_kpi("churn")
        delete_file(root)
        await shown(app, pilot, "Customers lost: its file is gone")
        (root / KPIS).write_text(whole, encoding="utf-8")
        await until(pilot, lambda: grid.row is not None)
        assert grid.row is not None
        assert grid.row.kpi.id == "churn"


async def test_a_filter_that_lets_the_kpi_through_no_more_hands_no_other_one_to_the_keys(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("x")
        grid = app.screen.query_one(Grid)
        assert grid.row is not None
        assert grid.row.kpi.id == "leads"
        replace(root / "measurements/crm.csv", "2026-10,70,", "2026-10,101,")
        replace(root / "measurements/crm.csv", ",6.2,11\n", ",60.2,11\n")
        await shown(app, pilot, "Leads is not among the KPIs that the filter lets through any more.")
        assert grid.row is None
        await pilot.press("escape")  # the filter is somebody's own, too
        await pilot.pause()
        assert grid.row is not None
        assert grid.row.kpi.id == "leads"


async def test_on_the_tree_the_cursor_goes_to_no_other_kpi(root: Path) -> None:
    async with running(root) as (app, pilot):
        app.screen.query_one(Grid).focus_kpi("churn")
        app.action_tree()
        await shown(app, pilot, "Tree")
        await until(pilot, lambda: app.screen.focus_row is not None)  # type: ignore[attr-defined]
        break_formula(root)
        await shown(app, pilot, "Customers lost: its definition cannot be read")
        await pilot.press("v")
        await pilot.pause()
        assert not isinstance(app.screen, Details)
        await pilot.press("n")
        await write(pilot, "From the tree")
        await pilot.press("enter")
        await until(pilot, lambda: "From the tree" in records(root))
        assert 'kpi = "churn"' in records(root)
        await pilot.press("enter")
        await shown(app, pilot, "No figures: its definition cannot be read")


async def test_an_action_on_a_kpi_without_definition_is_followed_up_and_opened(root: Path) -> None:
    workspace = Workspace.open(root)
    row = workspace.row(workspace.kpi("churn"), workspace.period("2026-10"))
    workspace.record("action", row, "Call them @ops 2026-11-06", by="ann")
    async with running(root, (120, 40)) as (app, pilot):
        app.action_actions()
        await shown(app, pilot, "Call them")
        break_file(root)
        await shown(app, pilot, "its definition cannot be read: kpis/shop.toml:1:11")
        await pilot.press("enter")
        await shown(app, pilot, "No figures: its definition cannot be read")
        await pilot.press("escape")
        await pilot.pause(0.1)
        await pilot.press("o")
        await write(pilot, "Called")
        await pilot.press("enter")
        await until(pilot, lambda: 'status = "done"' in records(root))


async def test_in_a_review_its_line_stays_under_the_cursor(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        app.action_review()
        await shown(app, pilot, "Which review?")
        await pilot.press("enter")
        await until(pilot, lambda: app.meeting is not None)
        screen = app.screen
        screen.action_to_step("sweep")  # type: ignore[attr-defined]
        screen._list.mark("churn")  # type: ignore[attr-defined]
        await pilot.pause()
        assert app.focused_kpi == "churn"
        before = records(root)
        break_formula(root)
        await shown(app, pilot, "Customers lost: its definition cannot be read: kpis/shop.toml:2:15")
        assert screen._list.marked == "churn"  # type: ignore[attr-defined]
        await pilot.press("v")
        await pilot.pause()
        assert app.screen is screen
        assert records(root) == before
        await pilot.press("n")
        await write(pilot, "In the review")
        await pilot.press("enter")
        await until(pilot, lambda: "In the review" in records(root))
        assert records(root).count('kpi = "churn"') == 1


async def test_on_the_screen_of_a_kpi_over_a_review_the_list_below_changes_nothing(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        app.action_review()
        await shown(app, pilot, "Which review?")
        await pilot.press("enter")
        await until(pilot, lambda: app.meeting is not None)
        app.screen.action_to_step("sweep")  # type: ignore[attr-defined]
        app.screen._list.mark("churn")  # type: ignore[attr-defined]
        await pilot.pause()
        await pilot.press("enter")
        await shown(app, pilot, "target ≤ 12")
        delete_file(root)
        await shown(app, pilot, "No figures: its file is gone")
        assert app.focused_kpi == "churn"


async def test_settings_that_cannot_be_read_leave_the_figures_and_say_so_as_long_as_it_lasts(root: Path) -> None:
    whole = (root / "kpitui.toml").read_text(encoding="utf-8")
    async with running(root, (120, 40)) as (app, pilot):
        await open_churn(app, pilot)
        (root / "kpitui.toml").write_text("[workspace\n", encoding="utf-8")
        await shown(app, pilot, "files not read (!): the figures are those of the last reading.")
        await pilot.press("n")
        await write(pilot, "Meanwhile")
        await pilot.press("enter")
        await until(pilot, lambda: "Meanwhile" in records(root))
        await pilot.press("!")
        await shown(app, pilot, "Not read; what is shown is from before")
        assert "kpitui.toml:1" in on_screen(app)
        await pilot.press("escape", "escape")
        await shown(app, pilot, "files not read (!)")
        (root / "kpitui.toml").unlink()
        await pilot.pause(1)
        assert "Leads" in on_screen(app)
        assert "files not read (!)" in on_screen(app)
        (root / "kpitui.toml").write_text(whole, encoding="utf-8")
        await until(pilot, lambda: "files not read" not in on_screen(app))


async def test_measurements_that_go_while_they_are_shown_are_said_to_be_gone(root: Path) -> None:
    file = root / "measurements/crm.csv"
    whole = file.read_text(encoding="utf-8")
    async with running(root, (120, 40)) as (app, pilot):
        await open_churn(app, pilot)
        file.unlink()
        await until(pilot, lambda: "measurements/crm.csv" in words(app))
        assert app.focused_kpi == "churn"
        file.write_text(whole, encoding="utf-8")
        await shown(app, pilot, "target ≤ 12")


async def test_a_start_with_a_broken_file_shows_the_rest_and_an_action_on_what_it_defines(root: Path) -> None:
    workspace = Workspace.open(root)
    row = workspace.row(workspace.kpi("churn"), workspace.period("2026-10"))
    workspace.record("action", row, "Call them @ops 2026-11-06", by="ann")
    break_file(root)
    async with running(root, (120, 40)) as (app, pilot):
        assert "1 problem" in on_screen(app)
        app.action_actions()
        await shown(app, pilot, "Call them")
        assert "kpis/shop.toml:1:11" in words(app)
        await pilot.press("enter")
        await shown(app, pilot, "No figures: its definition cannot be read")

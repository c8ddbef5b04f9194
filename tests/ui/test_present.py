"""Presenting: one KPI at a time for a room, walked by the arrows, with nothing on it that the room need not see."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from kpitui.ui.app import KpituiApp
from kpitui.ui.big import cells_of, large, rows_of
from kpitui.ui.keys import ACTIONS
from kpitui.ui.widgets.grid import Grid
from kpitui.ui.widgets.poster import scale_of
from kpitui.workspace.opening import Workspace
from kpitui.workspace.presented import Step, step
from kpitui.workspace.private import PrivateRemarks
from tests.ui.helpers import SETTINGS, SIZES, at_each_size, on_screen, running, write_workspace
from tests.ui.states import workspace_of_all_marks
from tests.ui.test_hostile import EVERYTHING, HOSTILE, hostile_workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme")


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Three that need talk: leads fell, and two targets are missed."""
    settings = SETTINGS.replace("value = 8 }", "value = 5 }").replace("value = 12 }", "value = 8 }")
    return write_workspace(tmp_path / "acme", settings)


# Large letters


def test_letters_are_made_of_half_cells() -> None:
    assert large("1k", 1) == (
        "▄█  █ ▄ ",
        " █  █▀▄ ",
        "▀▀▀ ▀  ▀",
    )
    # Twice as large, each square is two columns and one row.
    assert large("1", 2) == ("  ██  ", "████  ", "  ██  ", "  ██  ", "██████")
    assert (rows_of(1), rows_of(2), rows_of(3), rows_of(0)) == (3, 5, 8, 1)


def test_units_stay_small_behind_a_digit_and_words_are_capitals() -> None:
    assert large("9h", 2) != large("9H", 2)
    assert large("path", 2) == large("PATH", 2)


def test_what_has_no_large_form_is_written_as_it_is() -> None:
    assert large("日本", 2) == ()
    assert cells_of("日本", 1) is None
    assert scale_of("日本", 100, 3) == 0
    # 104 takes 3 + 4 + 4 squares and 2 between them.
    assert (scale_of("104", 26, 5), scale_of("104", 25, 5), scale_of("104", 12, 5)) == (2, 1, 0)


# What is shown


async def test_it_shows_one_kpi_and_the_arrows_walk_those_that_need_talk(three: Path) -> None:
    async with running(three) as (app, pilot):
        await pilot.press("P")
        await pilot.pause(0.1)
        seen = [lines(app)]
        for key in ("right", "space", "down", "left", "up", "K", "J"):
            await pilot.press(key)
            await pilot.pause()
            seen.append(lines(app))
        assert [(text[0].split()[-3:], text[2].strip()) for text in seen[:4]] == [
            (["1", "of", "3"], "Leads"),
            (["2", "of", "3"], "Customers lost"),
            (["3", "of", "3"], "Response time"),
            (["1", "of", "3"], "Leads"),
        ]
        # Round and round, which is said.
        assert "again from the first" not in seen[2][0]
        assert "again from the first · 1 of 3" in seen[3][0]
        assert "again from the last · 3 of 3" in seen[4][0]
        assert [text[2].strip() for text in seen[4:]] == ["Response time", "Customers lost", "Leads", "Customers lost"]


async def test_the_figure_is_large_and_what_it_is_held_against_beside_it(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("P")
        await pilot.pause(0.1)
        shown = lines(app)
        assert shown[0].split() == ["Acme", "·", "Oct", "2026", "1", "of", "1"]
        digits = [line[2:40].rstrip() for line in shown[4:9]]
        assert digits == list(map(str.rstrip, large("70", 2)))
        text = "\n".join(shown)
        for said in (
            "target 100",
            "gap −30.0%",
            "■ BEHIND   ▼ WORSE: below the lower limit",
            "24 months",
            "100 target",
        ):
            assert said in text
        assert "Leads: 70 against 100, worse since Oct 2026; usual was" in text


def lines(app: KpituiApp) -> list[str]:
    return on_screen(app).split("\n")


async def test_neither_keys_nor_records_nor_memos_nor_drafts_are_shown(root: Path) -> None:
    workspace = Workspace.open(root)
    row = workspace.row(workspace.kpi("leads"), workspace.last_ended(workspace.usual_grain))
    workspace.record("note", row, "said in the room next door", by="ann")
    workspace.record("action", row, "do it quietly @ops", by="ann")
    PrivateRemarks(root).put(workspace.journal.review_of(row.kpi).id, "leads", "mine alone")
    async with running(root) as (app, pilot):
        await pilot.press("P")
        async for size, shown in at_each_size(app, pilot):
            await pilot.pause(0.05)
            text = "\n".join(shown)
            for hidden in ("next door", "quietly", "mine alone", "quit", "?", "⚑", "✎", "①"):
                assert hidden not in text, (size, hidden)


async def test_begun_from_the_shell_drafts_are_not_told_of(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("J", "n", "h", "u", "s", "h", "escape")
    app = KpituiApp(root, lambda: Workspace.open(root), presenting=True)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        for _ in range(100):
            await pilot.pause(0.05)
            if "1 of 1" in on_screen(app):
                break
        await app.workers.wait_for_complete()
        await pilot.pause(0.1)
        assert "1 of 1" in on_screen(app)
        assert "draft" not in on_screen(app).lower()
        assert app._notifications.__len__() == 0


@pytest.mark.parametrize("left_by", ["P", "escape"])
@pytest.mark.parametrize("begun", [[], ["enter"]], ids=["scorecard", "KPI"])
async def test_leaving_goes_back_to_the_same_kpi(three: Path, begun: list[str], left_by: str) -> None:
    async with running(three, (120, 40)) as (app, pilot):
        await pilot.press(*begun)
        place = app.screen
        await pilot.press("P", "right", left_by)
        await pilot.pause(0.1)
        assert app.screen is place
        assert app.focused_kpi == "churn"
        if begun:
            assert "Customers lost" in lines(app)[0]
        else:
            row = app.screen.query_one(Grid).row
            assert row is not None
            assert row.kpi.id == "churn"


async def test_one_that_needs_no_talk_is_shown_where_it_is_in_focus(root: Path) -> None:
    async with running(root) as (app, pilot):
        app.show_kpi("response")
        await pilot.press("P")
        await pilot.pause(0.1)
        assert "needs no talk" in lines(app)[0]
        assert lines(app)[2].strip() == "Response time"
        await pilot.press("right")
        await pilot.pause()
        assert lines(app)[2].strip() == "Leads"


async def test_where_nothing_needs_talk_that_is_said(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "calm", SETTINGS.split("[kpi.leads]")[0] + RESPONSE_ALONE)
    async with running(root) as (app, pilot):
        await pilot.press("P", "right")
        await pilot.pause(0.1)
        assert "Nothing asks for talk in this period · needs no talk" in lines(app)[0]
        assert lines(app)[2].strip() == "Response time"


RESPONSE_ALONE = """
[kpi.response]
name = "Response time"
source = "crm"
column = "response"
aggregate = "mean"
unit = "hours"
direction = "down"
target = [{ from = 2025-01-01, value = 8 }]
"""


async def test_another_period_is_presented_and_pointed_at(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("P", ",")
        await pilot.pause(0.1)
        assert "Acme · Sept 2026" in lines(app)[0]
        assert "┆" in on_screen(app)


async def test_marks_of_a_figure_are_kept(tmp_path: Path) -> None:
    root = workspace_of_all_marks(tmp_path / "states")
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("P")
        said: dict[str, str] = {}
        assert app.scorecard is not None
        for row in app.scorecard.rows:
            app.focused_kpi = row.kpi.id
            app.screen.figures_changed()  # type: ignore[attr-defined]
            await pilot.pause()
            said[row.kpi.id] = on_screen(app)
        for row in app.scorecard.rows:
            text, point = said[row.kpi.id], row.point
            if row.stale_since is not None:
                assert "data end on" in text or "stale" in text
            if row.restated is not None:
                assert "restated: " in text
            if row.manual and point.value is not None:
                assert "typed in" in text
            if point.usable and not point.complete:
                assert f"{point.seen}/{point.due} " in text
                assert large("*", 3)[0].strip() in text
            if point.phase is not None and point.phase.lower is not None and point.phase.provisional:
                assert "limits are provisional" in text
        assert any("provisional" in text for text in said.values())
        assert any("data end on" in text for text in said.values())


# Sizes


async def test_it_has_its_room_at_every_size(three: Path) -> None:
    async with running(three) as (app, pilot):
        await pilot.press("P")
        for size in [*SIZES, (300, 80), (400, 120)]:
            await pilot.resize_terminal(*size)
            for _ in range(100):
                await pilot.pause(0.02)
                if len(lines(app)) == size[1]:
                    break
            await pilot.pause(0.05)
            shown = lines(app)
            assert max(map(cell_len, shown)) <= size[0]
            text = "\n".join(shown)
            assert "too small" not in text
            assert "1 of 3" in text
            assert "┤" in text  # the chart has room for its axis
            assert shown[-1].strip()  # the sentence stands at the foot


async def test_nothing_moves_from_kpi_to_kpi(three: Path) -> None:
    async with running(three, (120, 40)) as (app, pilot):
        await pilot.press("P")
        await pilot.pause(0.1)
        regions = []
        for _ in range(3):
            regions.append([widget.region for widget in app.screen.children])
            await pilot.press("right")
            await pilot.pause()
        assert regions[0] == regions[1] == regions[2]


async def test_a_terminal_that_is_too_small_says_so(root: Path) -> None:
    async with running(root, (50, 14)) as (app, pilot):
        await pilot.press("P")
        await pilot.pause(0.1)
        assert "50×14 is too small" in on_screen(app)


# Hostile texts


async def test_hostile_texts_stay_text(tmp_path: Path) -> None:
    root = hostile_workspace(tmp_path / "hostile")
    async with running(root) as (app, pilot):
        await pilot.press("P")
        for at in range(len(HOSTILE)):
            app.focused_kpi = f"h{at}"
            app.screen.figures_changed()  # type: ignore[attr-defined]
            async for _, shown in at_each_size(app, pilot):
                assert not any(sign in "".join(shown) for sign in "\x1b\x07\x9b\u202e\u200d")
        app.focused_kpi = "top"
        app.screen.figures_changed()  # type: ignore[attr-defined]
        await pilot.resize_terminal(80, 24)
        await pilot.pause(0.2)
        assert EVERYTHING[:25] in on_screen(app)
        assert app.is_running


# Walking


def test_a_step_from_nowhere_begins_at_the_end_it_comes_from(three: Path) -> None:
    rows = Workspace.open(three).scorecard().rows
    assert step(rows, None, 1) == Step("leads", wrapped=False)
    assert step(rows, None, -1) == Step("response", wrapped=False)
    assert step(rows, "response", 1) == Step("leads", wrapped=True)
    assert step([], "leads", 1) is None


def test_its_keys_are_in_the_table() -> None:
    assert [(action.key, action.does) for action in ACTIONS if action.place == "present"] == [
        ("right space l down j", "next_kpi"),
        ("left h up k", "previous_kpi"),
    ]
    assert json.dumps([action.key for action in ACTIONS if action.does == "present"]) == '["P"]'

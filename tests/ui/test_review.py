"""The review screen: a session by its keys, from the choice to the sign-off."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpitui.ui.meeting import Meeting
from kpitui.workspace.opening import Workspace
from kpitui.workspace.private import PrivateRemarks
from kpitui.workspace.sessions import start
from tests.ui.helpers import SETTINGS, on_screen, running, write, write_workspace

REVIEW = "reviews/2026-10-monthly.toml"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "kpitui").mkdir(parents=True)
    (tmp_path / "config" / "kpitui" / "config.toml").write_text('by = "head"\n', encoding="utf-8")
    return write_workspace(tmp_path / "acme")


def written(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / REVIEW).read_text(encoding="utf-8"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 20)])
async def test_a_session_from_the_choice_to_the_sign_off(root: Path, size: tuple[int, int]) -> None:
    async with running(root, size) as (app, pilot):
        await pilot.press("4")
        await pilot.pause()
        screen = on_screen(app)
        assert "Which review?" in screen
        assert "3 KPIs" in screen
        assert "not begun" in screen

        await pilot.press("enter")
        await pilot.pause()
        screen = on_screen(app)
        assert "WHERE WE STAND — 3 KPIs, 1 with a signal" in screen
        assert "■ 1 behind" in screen
        assert "CHANGED SINCE 2026-09" in screen
        assert written(root)["figures"]["leads"][:3] == [70.0, 100.0, "behind"]

        await pilot.press("greater_than_sign")
        await pilot.pause()
        assert "No action is overdue or due before the next review." in on_screen(app)

        await pilot.press("greater_than_sign")
        await pilot.pause()
        screen = on_screen(app)
        assert "Exceptions 0/1" in screen
        assert "1 of 1" in screen.split("\n")[0]
        assert any(line.startswith("▌") and "Leads" in line for line in screen.split("\n"))
        await pilot.press("v", "enter")
        await pilot.pause()
        assert [(v["kpi"], v["is"]) for v in written(root)["verdict"].values()] == [("leads", "investigating")]
        assert "✓ investigating" in on_screen(app)

        await pilot.press("greater_than_sign", "s")
        await pilot.pause()
        assert sorted(v["kpi"] for v in written(root)["verdict"].values()) == ["churn", "leads", "response"]
        assert f"2 seen · saved {REVIEW}:" in on_screen(app)

        await pilot.press("S")
        await pilot.pause()
        assert "Read this back; S again signs off." in on_screen(app)
        assert written(root)["review"]["state"] == "open"
        await pilot.press("S")
        await pilot.pause()
        screen = on_screen(app)
        assert written(root)["review"]["state"] == "signed-off"
        assert "kpitui report --review 2026-10-monthly" in " ".join(screen.split())
        assert max(len(line) for line in screen.split("\n")) <= size[0]


async def test_what_is_written_in_it_goes_to_its_file_and_a_letter_picks_a_verdict(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", "greater_than_sign", "greater_than_sign", "n")
        await pilot.pause()
        await write(pilot, "the phone line was down")
        await pilot.press("enter")
        await pilot.pause()
        assert f"saved {REVIEW}:" in on_screen(app)
        await pilot.press("v", "d")
        await pilot.pause()
    found = written(root)
    assert [(note["text"], note["period"]) for note in found["note"].values()] == [
        ("the phone line was down", "2026-10")
    ]
    assert [verdict["is"] for verdict in found["verdict"].values()] == ["data"]


async def test_several_get_one_verdict_in_one_save(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", *["greater_than_sign"] * 3, "space", "space")
        await pilot.pause()
        assert on_screen(app).count("✚") == 2
        assert "2 marked: v gives them a verdict." in on_screen(app)
        await pilot.press("v", "n")
        await pilot.pause()
        assert on_screen(app).count("✚") == 0
    verdicts = written(root)["verdict"].values()
    assert sorted((v["kpi"], v["is"]) for v in verdicts) == [("churn", "noise"), ("response", "noise")]


async def test_it_is_left_and_resumed_by_another_program(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", "L")
        await pilot.pause()
        assert "2026-10-monthly can be resumed at any time" in on_screen(app)
    async with running(root) as (app, pilot):
        await pilot.press("4")
        await pilot.pause()
        assert "open" in next(line for line in on_screen(app).split("\n") if line.startswith("▌"))
        await pilot.press("enter")
        await pilot.pause()
        assert "monthly Oct 2026" in on_screen(app)


async def test_the_kpi_screen_says_which_of_the_queue_it_is_and_j_walks_what_has_no_verdict(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("4", "enter", "greater_than_sign", "greater_than_sign", "enter")
        await pilot.pause()
        assert " › Review › 1 of 1 · 0 of 45 min › Leads" in on_screen(app)
        await pilot.press("v", "e")
        await pilot.pause()
        await pilot.press("J")
        await pilot.pause()
        assert "Every exception of the review has its verdict." in on_screen(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "✓ explained" in on_screen(app)


async def test_a_review_that_is_signed_off_is_read_and_reopened(root: Path) -> None:
    start(Workspace.open(root)).sign_off()
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter")
        await pilot.pause()
        assert re.search(r" signed off \d+ \w+ \d\d:\d\d by \w+$", on_screen(app).split("\n")[0].rstrip())
        await pilot.press("less_than_sign", "v", "n")
        await pilot.pause()
        assert "verdict" not in written(root)
        assert "signed off" in on_screen(app)
        await pilot.press("R")
        await pilot.pause()
        assert written(root)["review"]["state"] == "open"
        assert "2026-10-monthly is open again." in on_screen(app)


async def test_a_target_is_revised_by_a_form_that_asks_for_the_reason(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("4", "enter", "greater_than_sign", "greater_than_sign", "t")
        await pilot.pause()
        assert "reason" in on_screen(app)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "a target needs a reason" in on_screen(app)
        assert "target" not in written(root)


async def test_a_memo_stays_out_of_the_workspace_and_is_shown_again(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", "greater_than_sign", "greater_than_sign", "M")
        await pilot.pause()
        await write(pilot, "ask zoe in private")
        await pilot.press("enter")
        await pilot.pause()
        assert "Kept on this machine only" in on_screen(app)
        await pilot.press("M")
        await pilot.pause()
        assert "ask zoe in private" in on_screen(app)
    assert PrivateRemarks(root).get("2026-10-monthly", "leads") == "ask zoe in private"
    assert all("zoe" not in file.read_text(encoding="utf-8") for file in root.rglob("*.toml"))


async def test_without_a_session_a_verdict_goes_where_other_records_go(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("v", "a")
        await pilot.pause()
        assert "act: saved reviews/2026-11-monthly.toml:" in on_screen(app)


def test_the_clock_counts_each_step_and_each_kpi_over_all_visits(root: Path) -> None:
    at = datetime(2026, 11, 4, 9, 0)  # noqa: DTZ001 - a duration
    meeting = Meeting(start(Workspace.open(root)), lambda: at)
    meeting.go_to("exceptions")
    meeting.look_at("leads")
    at += timedelta(minutes=3, seconds=10)
    clock = meeting.item_clock()
    assert clock is not None
    assert (clock.spent, clock.minutes, clock.next_change) == (3, 45, timedelta(seconds=50))
    meeting.go_to("sweep")
    at += timedelta(minutes=2)
    assert meeting.step_clock()[:2] == (2, 5)
    assert meeting.item_clock() is None
    meeting.go_to("exceptions")
    meeting.look_at("leads")
    at += timedelta(minutes=1)
    assert meeting.step_clock()[:2] == (4, 45)
    again = meeting.item_clock()
    assert again is not None
    assert again.spent == 4


WEEKLY = SETTINGS.replace(
    "[person.ops]", '[review.weekly]\nkpis = { ids = ["leads"] }\n\n[review.monthly]\n\n[person.ops]'
)


async def test_what_is_said_in_a_session_goes_to_it_whatever_the_kpis_own_review(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "acme", WEEKLY)
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", "greater_than_sign", "greater_than_sign")
        await pilot.pause()
        assert "weekly W44" in on_screen(app)
        app.focused_kpi = "leads"
        await pilot.press("a")
        await write(pilot, "ring the bell @ops fri")
        await pilot.press("enter")
        await pilot.pause()
        weekly = tomllib.loads((root / "reviews/2026-W44-weekly.toml").read_text(encoding="utf-8"))
        assert [action["title"] for action in weekly["action"].values()] == ["ring the bell"]
        await pilot.press("S")
        await pilot.pause()
        assert "ring the bell · Operations · 6 Nov · Leads" in on_screen(app)
        await pilot.press("S")
        await pilot.pause()
        await pilot.press("1", "n")
        await write(pilot, "after it")
        await pilot.press("enter")
        await pilot.pause()
    assert not (root / "reviews/2026-11-monthly.toml").exists() or "ring the bell" not in (
        root / "reviews/2026-11-monthly.toml"
    ).read_text(encoding="utf-8")
    assert "after it" not in (root / "reviews/2026-W44-weekly.toml").read_text(encoding="utf-8")


async def test_esc_comes_back_to_the_review_from_a_kpi_that_was_open_before(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("4", "enter", *["greater_than_sign"] * 3, "enter")
        await pilot.pause()
        assert "Leads" not in on_screen(app).split("\n")[0]
        await pilot.press("escape")
        await pilot.pause()
        assert "Sweep 0/2" in on_screen(app)


async def test_a_review_that_was_noted_before_begins_with_the_picture(root: Path) -> None:
    workspace = Workspace.open(root)
    row = workspace.row(workspace.kpi("leads"), workspace.period("2026-10"))
    session = start(workspace)
    workspace.record("note", row, "said before", review=session.review.id)
    lines = (root / REVIEW).read_text(encoding="utf-8").split("\n")
    lines = lines[: lines.index("[figures]")]
    (root / REVIEW).write_text("\n".join(lines) + "\n", encoding="utf-8")
    async with running(root) as (app, pilot):
        await pilot.press("4")
        await pilot.pause()
        assert "not begun, 1 record" in on_screen(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "WHERE WE STAND" in on_screen(app)
        assert "CHANGED SINCE 2026-09 — the period before; no review was held" in on_screen(app)

"""The review screen: a session by its keys, from the choice to the sign-off."""

from __future__ import annotations

import errno
import re
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpitui.records import safe
from kpitui.ui.meeting import Meeting
from kpitui.workspace.opening import Workspace
from kpitui.workspace.private import PrivateRemarks
from kpitui.workspace.session_times import SessionTimes
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
        assert "Read this back; S again asks whether to sign it off." in on_screen(app)
        await pilot.press("S")
        await pilot.pause()
        assert "Sign 2026-10-monthly off?" in on_screen(app)
        assert written(root)["review"]["state"] == "open"
        await pilot.press("enter")
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
        await pilot.press("R", "enter")
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
    meeting = Meeting(start(Workspace.open(root)), SessionTimes(root), lambda: at)
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


def test_the_clock_goes_on_where_it_stood_and_does_not_count_the_time_between(root: Path) -> None:
    at = datetime(2026, 11, 4, 9, 0)  # noqa: DTZ001 - a duration
    held = start(Workspace.open(root))
    meeting = Meeting(held, SessionTimes(root), lambda: at)
    meeting.go_to("exceptions")
    meeting.look_at("leads")
    at += timedelta(minutes=7)
    meeting.keep_times()
    at += timedelta(seconds=40)  # and the program is killed

    at += timedelta(days=1)
    again = Meeting(held, SessionTimes(root), lambda: at)
    again.go_to("exceptions")
    again.look_at("leads")
    at += timedelta(minutes=1)
    clock = again.item_clock()
    assert clock is not None
    assert (again.step_clock().spent, clock.spent) == (8, 8)
    again.keep_times()
    held.sign_off()
    again.session = held.again()
    again.keep_times()
    assert SessionTimes(root).get(held.review.id) == {}


def test_a_clock_whose_file_is_damaged_begins_anew(root: Path) -> None:
    times = SessionTimes(root)
    times.put("2026-10-monthly", {"picture": timedelta(minutes=2)})
    assert times.get("2026-10-monthly") == {"picture": timedelta(minutes=2)}
    times.path.write_text("{", encoding="utf-8")
    assert times.get("2026-10-monthly") == {}


async def test_a_killed_programs_clock_goes_on_in_the_next(root: Path) -> None:
    start(Workspace.open(root))
    SessionTimes(root).put("2026-10-monthly", {"picture": timedelta(minutes=1, seconds=30)})
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter")
        await pilot.pause()
        assert on_screen(app).split("\n")[0].rstrip().endswith("1 of 2 min")


async def test_who_is_there_is_said_in_the_picture_and_stands_in_the_head_the_file_and_the_report(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("4", "enter", "p")
        await write(pilot, "Ann, o")
        await pilot.pause()
        await pilot.press("right")  # takes what is suggested
        await write(pilot, ', "Lopez, Maria"')
        await pilot.pause()
        assert "→ chair Ann · with Operations, Lopez, Maria" in on_screen(app)
        await pilot.press("enter")
        await pilot.pause()
        assert f"saved {REVIEW}" in on_screen(app)
        assert "chair Ann · with Operations, Lopez, Maria" in on_screen(app).split("\n")[0]
        assert "IN THE ROOM" in on_screen(app)
        assert written(root)["review"]["chair"] == "Ann"
        assert written(root)["review"]["attendees"] == ["ops", "Lopez, Maria"]
        await pilot.press("p", "ctrl+u")
        await write(pilot, ", ops")
        await pilot.press("enter")
        await pilot.pause()
        assert "chair" not in written(root)["review"]
        await pilot.press("p", "ctrl+u")
        await write(pilot, "-")
        await pilot.pause()
        assert "nobody is named" in on_screen(app)
        await pilot.press("enter")
        await pilot.pause()
    assert "attendees" not in written(root)["review"]


async def test_after_the_sign_off_the_foot_and_the_names_are_those_of_a_review_that_is_over(root: Path) -> None:
    start(Workspace.open(root)).sign_off()
    (root / ".git").mkdir()
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter")
        await pilot.pause()
        assert "the summary: kpitui report --review 2026-10-monthly" in on_screen(app)
        assert f"git commit -m 'Review 2026-10-monthly' -- {REVIEW}"[-40:] in " ".join(on_screen(app).split())
        foot = on_screen(app).split("\n")[-1]
        assert "sign off" not in foot
        assert "R reopen" in foot
        await pilot.press("p")
        await pilot.pause()
        assert "It is signed off; R opens it again." in on_screen(app)
        await pilot.press("S")
        await pilot.pause()
        assert "It is signed off already; R opens it again." in on_screen(app)


async def test_a_review_that_is_resumed_goes_on_with_what_has_no_verdict(root: Path) -> None:
    held = start(Workspace.open(root))
    held.give_verdicts(["leads", "response"])
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter")
        await pilot.pause()
        screen = on_screen(app)
        assert "Sweep 1/2" in screen
        assert any(line.startswith("▌") and "Customers lost" in line for line in screen.split("\n"))


async def test_the_targets_of_a_quarters_last_month_are_looked_at(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "acme", SETTINGS.replace("2026-11-04", "2026-10-05"))
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", *["greater_than_sign"] * 4)
        await pilot.pause()
        screen = on_screen(app)
        assert "5 Targets" in screen
        assert next(line for line in screen.split("\n") if line.startswith("▌")).split() == (
            ["▌", "Leads", "100", "not", "looked", "at", "since", "1", "Jan", "2025"]
        )
        await pilot.press("t")
        await pilot.pause()
        screen = on_screen(app)
        assert "now 100 a month" in screen
        assert "Save  ctrl+s" in screen  # at 24 rows
        await pilot.press("1", "2", "0", "tab", "tab", "tab", "tab")
        await write(pilot, "the new site")
        await pilot.press("ctrl+s")
        await pilot.pause()
        screen = on_screen(app)
        assert "saved reviews/2026-09-monthly.toml:" in screen
        assert "→ 120 a month from 1 Nov" in screen
        await pilot.press("greater_than_sign")
        await pilot.pause()
        assert "Leads: 120 a month from 1 Nov: the new site" in on_screen(app)


async def test_where_nothing_can_be_written_a_review_is_resumed_and_the_words_stay_as_a_draft(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(Workspace.open(root))
    before = (root / REVIEW).read_bytes()

    def refuse(path: Path, *_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(safe, "_write_and_swap", refuse)
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", "greater_than_sign", "greater_than_sign", "n")
        await write(pilot, "the phone line was down")
        await pilot.press("enter")
        await pilot.pause()
        said = " ".join(on_screen(app).replace("▌", " ").split())
        assert "Not saved" in said
        assert "the phone line was down" in said
        await pilot.press("escape")
    assert (root / REVIEW).read_bytes() == before
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", "greater_than_sign", "greater_than_sign", "n")
        await pilot.pause()
        assert "note · Leads ▸ the phone line was down" in on_screen(app)
        assert "draft of " in on_screen(app)


async def test_figures_that_were_restated_since_the_last_review_are_in_the_picture(root: Path) -> None:
    workspace = Workspace.open(root)
    start(workspace, "monthly", workspace.period("2026-09")).sign_off()
    csv = root / "measurements" / "crm.csv"
    csv.write_text(csv.read_text(encoding="utf-8").replace("2026-09,100,", "2026-09,96,"), encoding="utf-8")
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter")
        await pilot.pause()
        assert "RESTATED — the data give another figure than the room saw" in on_screen(app)
        assert "Sept 2026: 100 in 2026-09-monthly, 96 now" in on_screen(app)


async def test_of_an_action_that_is_asked_after_the_newest_is_read_first(root: Path) -> None:
    workspace = Workspace.open(root)
    row = workspace.row(workspace.kpi("leads"), workspace.period("2026-10"))
    action = workspace.record("action", row, "call everybody who left a number at the fair in Hanover @ops 2026-11-02")
    workspace.keep_action(action.id, "2026-11-03 the list came late")
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", "greater_than_sign")
        await pilot.pause()
        lines = on_screen(app).split("\n")
        at = next(i for i, line in enumerate(lines) if "Leads: call everybody who left a number at the fair" in line)
        assert "now due 3 Nov" in lines[at + 1]
        assert "the list came late · " in lines[at + 1]


async def test_where_verdicts_went_stays_while_the_next_is_marked(root: Path) -> None:
    settings = SETTINGS.replace('direction = "down"\nperspective', 'direction = "down"\ntier = "primary"\nperspective')
    settings = settings.replace("value = 12 }", "value = 5 }").replace("value = 8 }", "value = 2 }")
    (root / "kpitui.toml").write_text(settings, encoding="utf-8")
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", "greater_than_sign", "greater_than_sign", "space")
        await pilot.pause()
        assert "1 marked: v gives them a verdict." in on_screen(app)
        await pilot.press("space")
        await pilot.pause()
        third = next(line for line in on_screen(app).split("\n") if line.startswith("▌"))
        await pilot.press("v", "i")
        await pilot.pause()
        assert next(line for line in on_screen(app).split("\n") if line.startswith("▌")) == third
        assert re.search(rf"investigating for 2 KPIs: saved {REVIEW}:\d+", on_screen(app))
        lines = (root / REVIEW).read_text(encoding="utf-8").split("\n")
        shown = re.search(rf"saved {REVIEW}:(\d+)", on_screen(app))
        assert shown
        assert lines[int(shown[1])].startswith("[verdict.")


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
        await pilot.press("S", "enter")
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


async def test_what_is_done_just_now_stays_in_sight_and_is_read_back_with_causes_and_what_is_overdue(
    root: Path,
) -> None:
    workspace = Workspace.open(root)
    before = start(workspace, period=workspace.period("2026-09"))
    row = workspace.row(workspace.kpi("leads"), workspace.period("2026-09"))
    for title in ("ring the bell", "call them all"):
        workspace.record("action", row, f"{title} @ops 2026-11-02", review="2026-09-monthly")
    before.again().sign_off()
    async with running(root) as (app, pilot):
        await pilot.press("4", "enter", "greater_than_sign", "o")
        await write(pilot, "all of them")
        await pilot.press("enter")
        await pilot.pause()
        screen = on_screen(app)
        assert "ASKED IN THIS REVIEW" in screen
        assert "done: ring the bell · Operations (all of them)" in screen
        assert any(line.startswith("▌") and "call them all" in line for line in screen.split("\n"))
        await pilot.press("greater_than_sign", "c")
        await write(pilot, "The phone was off. #process")
        await pilot.press("enter", "S")
        await pilot.pause()
        screen = on_screen(app)
        assert "DONE, KEPT, DROPPED" in screen
        assert "done: ring the bell · Operations (all of them)" in screen
        assert "STILL OVERDUE, NOT LOOKED AT" in screen
        assert "call them all · Operations · due 2 Nov · Leads" in screen
        assert "Leads: The phone was off. (process" in screen

"""The drill-down, and writing records from it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kpitui.ui.app import KpituiApp
from kpitui.ui.meeting import Meeting
from kpitui.ui.reading_app import ReadingApp
from kpitui.workspace.opening import Workspace
from kpitui.workspace.session_times import SessionTimes
from kpitui.workspace.sessions import start
from tests.ui.helpers import on_screen, running, type_keys, write, write_workspace

REVIEW = "reviews/2026-11-monthly.toml"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "kpitui").mkdir(parents=True)
    (tmp_path / "config" / "kpitui" / "config.toml").write_text('by = "head"\n', encoding="utf-8")
    return write_workspace(tmp_path / "acme")


async def test_enter_shows_verdict_trend_components_and_to_date(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        screen = on_screen(app)
    lines = screen.split("\n")
    assert lines[0].startswith(" Acme › Scorecard › FIND THE CAUSE 1 of 1 › Leads")
    assert lines[1].startswith(" ■ BEHIND   70   target 100   gap −30.0%   ▼ WORSE: below the lower limit")
    assert "(nhs, 22 months" in lines[2]
    for level in ("upper", "mean", "lower", "target"):
        assert level in screen
    assert "▼" in "\n".join(lines[3:34])
    for component in ("measure", "target", "source", "frequency", "owner"):
        assert any(component in line for line in lines[4:30])
    assert "sum of leads" in screen
    assert "Operations" in screen
    assert "TO DATE" in screen
    assert next(line for line in lines if " year " in line and "2,0" not in line)


async def test_the_chart_reads_without_colour(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        chart = "\n".join(line[:80] for line in on_screen(app).split("\n")[3:34])
    for sign in ("· ·", "──", "╌╌", "•", "▼", "┆"):
        assert sign in chart


async def test_the_cursor_reads_out_the_period_under_it(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("enter", "left")
        await pilot.pause()
        assert "┆ Sept 2026: 100 · usual · target 100 · −1.0% vs month" in on_screen(app)


async def test_at_80x24_a_key_swaps_the_chart_for_the_definition(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert "DEFINITION" not in on_screen(app)
        assert "mean" in on_screen(app)
        await pilot.press("i")
        await pilot.pause()
        assert "DEFINITION" in on_screen(app)
        assert "RECORD" in on_screen(app)


async def test_note_cause_and_action_are_in_the_file_and_there_the_next_time(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter", "n")
        await write(pilot, "EMEA leads wait")
        await pilot.press("enter", "c")
        await write(pilot, "shared inbox")
        await pilot.press("enter", "a")
        await write(pilot, "restore 1 h routing @ops fri")
        await pilot.pause()
        assert "→ action · Operations · Fri 6 Nov" in on_screen(app)
        await pilot.press("enter")
        await pilot.pause()
        assert f"saved {REVIEW}:" in on_screen(app)
    written = tomllib.loads((root / REVIEW).read_text(encoding="utf-8"))
    (note,), (cause,), (action,) = (list(written[kind].values()) for kind in ("note", "cause", "action"))
    assert (note["kpi"], note["period"], note["by"], note["text"]) == ("leads", "2026-10", "head", "EMEA leads wait")
    assert (cause["chart"], cause["text"]) == ("outside_limits below", "shared inbox")
    assert (action["title"], action["owner"], str(action["due"])) == ("restore 1 h routing", "ops", "2026-11-06")

    async with running(root) as (app, pilot):
        assert "Leads              ⚑1✎" in on_screen(app)
        await pilot.press("enter")
        await pilot.pause()
        screen = on_screen(app)
    assert "EMEA leads wait" in screen
    assert "shared inbox" in screen
    assert "restore 1 h routing  ops · due 6 Nov" in screen


async def test_an_action_without_a_title_is_not_saved_and_the_text_stays(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter", "a")
        await write(pilot, "@ops fri")
        await pilot.press("enter")
        await pilot.pause()
        assert "@ops fri" in on_screen(app)
    assert not (root / REVIEW).exists()


async def test_escape_keeps_the_draft(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter", "n")
        await write(pilot, "half a thought")
        await pilot.press("escape", "n")
        await pilot.pause()
        assert "half a thought" in on_screen(app)


async def test_letters_typed_into_a_line_are_text(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("n")
        await type_keys(pilot, "quit jJkK1234 gT r")
        await pilot.pause()
        assert "quit jJkK1234 gT r" in on_screen(app)


async def test_a_write_that_fails_keeps_the_line_and_says_why(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import os

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with running(root) as (app, pilot):
        await pilot.press("enter", "n")
        await write(pilot, "do not lose me")
        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", full)
            await pilot.press("enter")
            await pilot.pause()
        screen = on_screen(app)
        assert "do not lose me" in screen
        assert "Not saved" in screen
        assert not (root / REVIEW).exists()
        await pilot.press("enter")
        await pilot.pause()
    assert "do not lose me" in (root / REVIEW).read_text(encoding="utf-8")


async def test_details_change_the_record_in_place(root: Path) -> None:
    async with running(root, (100, 40)) as (app, pilot):
        await pilot.press("enter", "a")
        await write(pilot, "call them @ops fri")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("e")
        await pilot.pause()
        assert "call them" in on_screen(app)
        await pilot.press("tab", "tab", "end", *["backspace"] * 10)
        await write(pilot, "+2w")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "due 18 Nov" in on_screen(app)
    text = (root / REVIEW).read_text(encoding="utf-8")
    assert text.count("[action.") == 1
    assert "due = 2026-11-18" in text


async def test_an_action_is_closed_with_a_key(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter", "a")
        await write(pilot, "call them @ops fri")
        await pilot.press("enter", "o", "enter")
        await pilot.pause()
        assert "call them  ops · done" in on_screen(app)
        await pilot.press("1")
        await pilot.pause()
        assert "⚑" not in on_screen(app)
    (followup,) = tomllib.loads((root / REVIEW).read_text(encoding="utf-8"))["followup"].values()
    assert followup["status"] == "done"


async def test_exceptions_are_walked_with_j_and_k_from_any_screen(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("j", "j", "J")
        await pilot.pause()
        assert "Leads: 70 against 100" in on_screen(app)
        await pilot.press("2", "J")
        await pilot.pause()
        assert "› Leads" in on_screen(app)
        await pilot.press("1")
        await pilot.pause()
        assert "FIND THE CAUSE —" in on_screen(app)


async def test_help_lists_every_key_of_the_screen(root: Path) -> None:
    async with running(root, (100, 120)) as (app, pilot):
        await pilot.press("enter", "question_mark")
        await pilot.pause()
        screen = on_screen(app)
    for text in ("Write a note on the KPI", "Chart cursor one period back", "Quit; nothing is lost", "At risk"):
        assert text in screen


async def test_q_quits(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("q")
        await pilot.pause()
        assert app.return_code == 0


async def test_a_stray_tab_leaves_the_line_open_and_letters_are_still_text(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter", "n")
        await write(pilot, "talked to ops")
        await pilot.press("tab")
        await type_keys(pilot, " on xo")
        await pilot.pause()
        assert "talked to ops on xo" in on_screen(app)
    assert not (root / REVIEW).exists()


async def test_a_click_elsewhere_closes_the_line_and_keeps_the_text(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("n")
        await write(pilot, "half")
        await pilot.click("#main", offset=(10, 5))
        await pilot.pause()
        assert "▸ half" not in on_screen(app)
        await pilot.press("home", "down", "n")
        await pilot.pause()
        assert "▸ half" in on_screen(app)


async def test_a_draft_outlives_the_program(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("n")
        await write(pilot, "not yet")
        await pilot.press("ctrl+q")
    async with running(root) as (app, pilot):
        await pilot.press("n")
        await pilot.pause()
        assert "▸ not yet" in on_screen(app)
        assert re.search(r"draft of \d\d:\d\d · ctrl\+u clears it · ⏎ saves", on_screen(app))
        await pilot.press("enter")
        await pilot.pause()
        assert f"saved {REVIEW}:" in on_screen(app)
        await pilot.press("n")
        await pilot.pause()
        assert "not yet" not in on_screen(app).split("\n")[-3]


async def test_what_an_earlier_session_left_is_told_at_the_start(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("n")
        await write(pilot, "not yet")
        await pilot.press("ctrl+q")
    async with running(root) as (app, pilot):
        await pilot.pause(0.5)
        assert re.search(r"A draft is kept \(n there\): a note on Leads, from \d\d:\d\d", on_screen(app))
        await pilot.press("enter", "n", "ctrl+u")
        await write(pilot, "c")
        await pilot.press("escape", "c")
        await write(pilot, "why")
        await pilot.press("ctrl+q")
    async with running(root) as (app, pilot):
        await pilot.pause(0.5)
        assert "2 drafts are kept, the newest (c there): a cause on Leads, from" in on_screen(app)


async def test_a_draft_goes_with_ctrl_u_and_is_no_draft_once_something_is_typed(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter", "n")
        await write(pilot, "half")
        await pilot.press("escape", "n")
        await pilot.pause()
        assert "ctrl+u clears it" in on_screen(app)
        await pilot.press("x")
        await pilot.pause()
        assert "→ note · ⏎ save" in on_screen(app)
        await pilot.press("ctrl+u", "escape", "n")
        await pilot.pause()
        assert "half" not in on_screen(app)
        assert "ctrl+u" not in on_screen(app)


async def test_a_draft_says_that_another_review_was_being_held(root: Path) -> None:
    async with running(root) as (app, pilot):
        assert app.workspace is not None
        app.meeting = Meeting(start(app.workspace), SessionTimes(root))
        await pilot.press("enter", "n")
        await write(pilot, "half")
        await pilot.press("escape", "n")
        await pilot.pause()
        assert ", for" not in on_screen(app)
        await pilot.press("escape")
        app.meeting = None
        await pilot.press("n")
        await pilot.pause()
        assert ", for 2026-10-monthly · ctrl+u clears it" in on_screen(app)


async def test_a_form_with_a_mistake_stays_open_and_says_why(root: Path) -> None:
    async with running(root, (100, 40)) as (app, pilot):
        await pilot.press("enter", "a")
        await write(pilot, "call them @ops fri")
        await pilot.press("enter", "e", "tab", "tab", "end", *["backspace"] * 10)
        await write(pilot, "30 febr")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "'30 febr' is no day" in on_screen(app)
        await pilot.press("escape", "e")
        await pilot.pause()
        assert "30 febr" in on_screen(app)
        assert "not saved yet" in on_screen(app)


async def noted(pilot: Pilot[None], text: str) -> None:
    """A note on the KPI that is open."""
    await pilot.press("n")
    await write(pilot, text)
    await pilot.press("enter")
    await pilot.pause()


def reread(app: KpituiApp) -> None:
    """As the watch has it when another program wrote a record."""
    app.on_reading_app_files_changed(ReadingApp.FilesChanged(frozenset({"records"})))


async def test_a_form_that_is_open_while_somebody_else_changes_the_record_keeps_both(root: Path) -> None:
    async with running(root, (100, 40)) as (app, pilot):
        await pilot.press("enter")
        await noted(pilot, "as it was")
        await pilot.press("e", "end")
        await write(pilot, " here")
        file = root / REVIEW
        file.write_text(file.read_text(encoding="utf-8").replace("as it was", "as it was there"), encoding="utf-8")
        reread(app)
        await pilot.press("ctrl+s")
        await pilot.pause()
        shown = on_screen(app)
        assert "note “as it was there”" in " ".join(shown.replace("│", " ").split())
        assert f"saved {REVIEW}:" in shown
    text = file.read_text(encoding="utf-8")
    assert text.count("[note.") == 2
    assert "as it was there" in text
    assert "as it was here" in text


async def test_a_draft_of_a_form_knows_what_it_was_typed_over(root: Path) -> None:
    async with running(root, (100, 40)) as (app, pilot):
        await pilot.press("enter")
        await noted(pilot, "as it was")
        await pilot.press("e", "end")
        await write(pilot, " here")
        await pilot.press("escape")
        file = root / REVIEW
        file.write_text(file.read_text(encoding="utf-8").replace("as it was", "as it was there"), encoding="utf-8")
        reread(app)
        await pilot.press("e")
        await pilot.pause()
        shown = " ".join(on_screen(app).replace("│", " ").split())
        assert "not saved yet. Changed meanwhile: note is “as it was there” by now." in shown
        await pilot.press("ctrl+s")
        await pilot.pause()
    text = file.read_text(encoding="utf-8")
    assert "as it was there" in text
    assert "as it was here" in text


async def test_a_form_of_a_record_that_was_taken_back_becomes_a_new_one(root: Path) -> None:
    async with running(root, (100, 40)) as (app, pilot):
        await pilot.press("enter")
        await noted(pilot, "as it was")
        await pilot.press("e", "end")
        await write(pilot, " here")
        other = Workspace.open(root).journal
        other.retract(other.state.notes["leads"][0].id, by="ann")
        reread(app)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "was taken back: yours is a new record" in on_screen(app)
        assert [note.text for note in app.workspace.journal.state.notes["leads"]] == ["as it was here"]


async def test_words_for_a_review_that_cannot_be_read_stay_in_the_line(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter")
        await noted(pilot, "first")
        file = root / REVIEW
        file.write_text(file.read_text(encoding="utf-8").replace("[review]", "<<<<<<< ours"), encoding="utf-8")
        reread(app)
        await pilot.pause()
        await noted(pilot, "do not lose me")
        shown = on_screen(app)
        assert "do not lose me" in shown
        assert "Not saved" in shown
        assert "2026-11-monthly.toml cannot" in shown
        assert [path.name for path in file.parent.glob("*.toml")] == [file.name]


async def test_a_long_text_is_there_whole_in_the_form(root: Path) -> None:
    (root / "reviews").mkdir()
    line = "Since the new routing rule of February, leads from EMEA land in a shared inbox that"
    (root / REVIEW).write_text(
        'schema = 1\n\n[review]\nid = "2026-11-monthly"\ncadence = "monthly"\nperiod = "2026-11"\nstate = "open"\n'
        "started = 2026-11-04T09:00:00Z\n\n[cause.c-9m2x]\n"
        f'kpi = "leads"\nby = "head"\nat = 2026-11-04T09:12:00Z\ntext = """\n{line}\nnobody is assigned to."""\n',
        encoding="utf-8",
    )
    async with running(root) as (app, pilot):
        await pilot.press("enter", "e")
        await pilot.pause()
        shown = " ".join(on_screen(app).replace("│", " ").split())
    assert line in shown
    assert "nobody is assigned to." in shown


async def test_the_facts_can_be_scrolled_with_the_arrows(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter", "i")
        await pilot.pause()
        assert "outlook" not in on_screen(app)
        await pilot.press("end")
        await pilot.pause(0.5)
        assert "TARGET" in on_screen(app)


async def test_the_run_counts_only_periods_on_its_side_of_the_mean(root: Path) -> None:
    """Seven rising months are all marked as a trend; the sentence on the last one must not call all of them high."""
    path = root / "measurements" / "crm.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    rising = [80, 85, 90, 95, 100, 105, 160]
    head, rows = lines[0], [line.split(",") for line in lines[1:]]
    for row, value in zip(rows[-7:], rising, strict=True):
        row[1] = str(value)
    path.write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    async with running(root, (120, 40)) as (app, pilot):
        app.focused_kpi = "leads"
        await pilot.press("2")
        await pilot.pause()
        said = on_screen(app).split("\n")[2]
    # The mean of the 22 months is 100.8: only September (105) and October (160) are above it.
    assert said.startswith(" Changed since Jun 2026; the last 2 months are above the mean.")

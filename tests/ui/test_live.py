"""What is shown at the start, and what happens when files change while the program is open."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from kpitui import stamps
from kpitui.measurements import process
from kpitui.ui.app import KpituiApp
from kpitui.ui.screens.kpi import KpiScreen
from kpitui.ui.watch import Watch
from kpitui.ui.widgets.grid import Grid
from kpitui.workspace import glance
from kpitui.workspace import live as live_module
from kpitui.workspace.live import Live
from kpitui.workspace.opening import Workspace
from tests.ui.helpers import SETTINGS, on_screen, running, write, write_workspace

CRM = "measurements/crm.csv"
TYPED = SETTINGS + '\n[kpi.mood]\nname = "Mood"\nsource = "manual"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watch, "EVERY", 0.1)


@asynccontextmanager
async def live(
    root: Path, size: tuple[int, int] = (80, 24), *, use_cache: bool = True
) -> AsyncIterator[tuple[KpituiApp, Pilot[None]]]:
    """The app as the command line starts it, from its first moment on."""
    opening = Live(root, use_cache=use_cache)
    app = KpituiApp(root, opening.open, live=opening)
    async with app.run_test(size=size, notifications=True) as pilot:
        yield app, pilot


async def until(pilot: Pilot[None], holds: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, on_screen(pilot.app)  # type: ignore[arg-type]
        await pilot.pause(0.02)


async def shown(app: KpituiApp, pilot: Pilot[None], text: str) -> None:
    await until(pilot, lambda: text in on_screen(app))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def no_child(*_: object, **__: object) -> None:
    raise AssertionError("a child was started")


# The start


async def test_where_nothing_is_kept_a_child_reads(root: Path) -> None:
    async with live(root) as (app, pilot):
        await shown(app, pilot, "Leads                        70")


async def test_what_is_kept_is_shown_without_a_child(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Workspace.open(root)
    monkeypatch.setattr(live_module, "Reading", no_child)
    async with live(root) as (app, pilot):
        await shown(app, pilot, "FIND THE CAUSE")
        assert "reading" not in on_screen(app)


async def test_former_figures_are_shown_and_marked_while_a_changed_file_is_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Workspace.open(root)
    replace(root / CRM, "2026-10,70,", "2026-10,71,")
    go = threading.Event()
    result = process.Reading.result

    def waiting(*arguments: object) -> object:
        assert go.wait(20)
        return result(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(process.Reading, "result", waiting)
    async with live(root) as (app, pilot):
        await shown(app, pilot, "Leads                        70")
        assert "reading …" in on_screen(app).split("\n")[0]
        await pilot.press("j", "j", "j")
        go.set()
        await shown(app, pilot, "Leads                        71")
        assert "reading" not in on_screen(app)
        row = app.screen.query_one(Grid).row
        assert row is not None
        assert row.kpi.id == "response"


async def test_without_cache_nothing_is_kept(root: Path, home: Path) -> None:
    async with live(root, use_cache=False) as (app, pilot):
        await shown(app, pilot, "FIND THE CAUSE")
        replace(root / CRM, "2026-10,70,", "2026-10,71,")
        await shown(app, pilot, "Leads                        71")
    assert not (home / "cache").exists()


async def test_reload_reads_what_has_not_changed_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Workspace.open(root)
    started: list[Path] = []

    def counting(root: Path, **options: Any) -> process.Reading:
        started.append(root)
        return process.Reading(root, **options)

    monkeypatch.setattr(live_module, "Reading", counting)
    async with live(root) as (app, pilot):
        await shown(app, pilot, "FIND THE CAUSE")
        assert started == []
        await pilot.press("r")
        await until(pilot, lambda: not app._is_reading)
        assert started == [root]
        assert "FIND THE CAUSE" in on_screen(app)


# As it was known at an earlier day


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """October's leads were 70 at first, and 75 from 3 November on; somebody typed in a mood on the 2nd, and the 3rd."""
    settings = TYPED.replace('frequency = "monthly"', 'frequency = "monthly"\nrecorded = "at"')
    root = write_workspace(tmp_path / "acme", settings)
    header, *rows = (root / CRM).read_text(encoding="utf-8").splitlines()
    lines = [f"{header},at", *(f"{row},2026-11-01" for row in rows), "2026-10,75,6.2,11,2026-11-03"]
    (root / CRM).write_text("\n".join(lines) + "\n", encoding="utf-8")
    typed = root / "measurements" / "manual" / "mood.csv"
    typed.parent.mkdir()
    typed.write_text("period,value,by,at\n2026-10,7,a,2026-11-02T09:00:00Z\n2026-10,8,a,2026-11-03T09:00:00Z\n")
    return root


@pytest.mark.parametrize("use_cache", [True, False])
async def test_figures_as_they_were_known_at_a_day(recorded: Path, use_cache: bool) -> None:
    for known_at, leads, mood in ((None, 75, 8), (date(2026, 11, 2), 70, 7), (date(2026, 10, 31), "—", "—")):
        opening = Live(recorded, known_at=known_at, use_cache=use_cache)
        app = KpituiApp(recorded, opening.open, live=opening)
        async with app.run_test(size=(80, 40)) as pilot:
            await shown(app, pilot, "Leads  ")
            words = " ".join(on_screen(app).split())
            assert f" Leads {leads} " in words
            assert f" Mood ⌨! {mood} " in words


async def test_the_head_says_when_it_was_known(recorded: Path) -> None:
    opening = Live(recorded, date(2026, 11, 3), known_at=date(2026, 11, 2))
    app = KpituiApp(recorded, opening.open, live=opening)
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(app, pilot, "Leads  ")
        assert "Oct 2026 · 1–31 Oct · month · as of 3 Nov · known at 2 Nov" in on_screen(app).split("\n")[0]
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "Oct 2026 · 1–31 Oct · known at 2 Nov" in on_screen(app).split("\n")[0])
        await pilot.press("enter")
        await until(pilot, lambda: on_screen(app).split("\n")[0].endswith("‹ Oct 2026 › · known at 2 Nov"))


def test_what_is_kept_for_the_next_start_is_of_now(recorded: Path) -> None:
    workspace, earlier = Workspace.open(recorded), date(2026, 11, 2)
    Live(recorded, known_at=earlier).keep_glance(workspace)
    assert Live(recorded).glance is None
    Live(recorded).keep_glance(workspace)
    assert Live(recorded).glance is not None
    assert Live(recorded, known_at=earlier).glance is None


def test_what_is_kept_does_not_hold_once_somebody_typed_a_value(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpitui.stamps.SURE_AFTER", 0)
    workspace = Workspace.open(recorded)
    Live(recorded).keep_glance(workspace)
    glance = Live(recorded).glance
    assert glance is not None
    assert glance.holds(recorded)
    with (recorded / "measurements" / "manual" / "mood.csv").open("a", encoding="utf-8") as typed:
        typed.write("2026-10,9,a,2026-11-04T09:00:00Z\n")
    assert not glance.holds(recorded)


async def test_a_value_is_not_typed_where_it_would_not_show(recorded: Path) -> None:
    opening = Live(recorded, known_at=date(2026, 11, 2))
    app = KpituiApp(recorded, opening.open, live=opening)
    typed = recorded / "measurements" / "manual" / "mood.csv"
    before = typed.read_bytes()
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(app, pilot, "Leads  ")
        app.screen.query_one(Grid).focus_kpi("mood")
        await pilot.press("f")
        await write(pilot, "9")
        await shown(app, pilot, "the figures are as they were known at 2026-11-02")
        await pilot.press("enter")
        await pilot.pause()
    assert typed.read_bytes() == before


# Progress

SLOW = (
    "import sys, time; from kpitui.measurements.process import main;"
    """sys.stdout.write('P["measurements/[b]crm.csv",430,1000]\\n'); sys.stdout.flush(); time.sleep(60)"""
)


async def test_a_long_reading_shows_a_bar_and_can_be_abandoned(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as slow:
        slow.setattr(process, "_CHILD", SLOW)
        opening = Live(root)
    app = KpituiApp(root, opening.open, live=opening)
    async with app.run_test(notifications=True) as pilot:
        await shown(app, pilot, "43 %")
        assert "Reading measurements/[b]crm.csv …" in on_screen(app)
        await pilot.press("question_mark")
        await shown(app, pilot, "On the scorecard")
        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        await pilot.press("escape")
        await shown(app, pilot, "Reading was abandoned: r reads again, q quits.")
        await pilot.press("r")
        await shown(app, pilot, "FIND THE CAUSE")


async def test_leaving_ends_the_reading(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_CHILD", SLOW)
    opening = Live(root)
    app = KpituiApp(root, opening.open, live=opening)
    started = time.monotonic()
    async with app.run_test() as pilot:
        await shown(app, pilot, "43 %")
        assert opening._reading is not None
        child = opening._reading._child
        await pilot.press("q")
    assert time.monotonic() - started < 20
    assert child.wait(5) != 0


def test_what_the_child_tells_is_how_far_it_is(root: Path) -> None:
    for number in range(3):
        (root / "measurements" / f"crm{number}.csv").write_text("month,leads,response,churned\n", encoding="utf-8")
    replace(root / "kpitui.toml", "crm.csv", "crm*.csv")
    told: list[tuple[str, int]] = []
    process.Reading(root).result(lambda progress: told.append((progress.file, progress.percent)))
    assert told
    assert told[0] == ("measurements/crm.csv", 0)


def test_a_child_that_fails_says_why(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_CHILD", "import sys; sys.stderr.write('x' * 300_000 + '\\nno luck'); sys.exit(3)")
    with pytest.raises(process.KpituiError, match="could not be read: no luck"):
        process.Reading(root).result()


# Files that change


async def test_a_changed_measurement_leaves_cursor_and_words_where_they_are(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("j", "j", "j", "n")
        await write(pilot, "half a ")
        replace(root / CRM, "2026-10,70,", "2026-10,71,")
        await shown(app, pilot, "Leads                        71")
        await write(pilot, "word")
        line = app.screen.query_one("Entry Input", Input)
        assert line.value == "half a word"
        assert line.has_focus
        row = app.screen.query_one(Grid).row
        assert row is not None
        assert row.kpi.id == "response"


async def test_a_new_file_that_the_glob_finds(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "acme", SETTINGS.replace("crm.csv", "crm*.csv"))
    async with running(root) as (app, pilot):
        (root / "measurements" / "crm2.csv").write_text("month,leads,response,churned\n2026-10,5,,\n", encoding="utf-8")
        await shown(app, pilot, "Leads                        75")


async def test_the_cursor_stays_on_a_heading(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("j", "j", "k")
        grid = app.screen.query_one(Grid)
        before = grid.line
        assert before is not None
        assert before.row is None
        replace(root / CRM, "2026-10,70,", "2026-10,71,")
        await shown(app, pilot, "Leads                        71")
        assert grid.line is not None
        assert grid.line.key == before.key


async def test_a_changed_definition(root: Path) -> None:
    async with running(root) as (app, pilot):
        (root / "kpis").mkdir()
        more = '[kpi.losses]\nname = "Losses"\nsource = "crm"\ncolumn = "churned"\naggregate = "max"\n'
        (root / "kpis" / "more.toml").write_text(more, encoding="utf-8")
        await shown(app, pilot, "Losses")
        replace(root / "kpitui.toml", "Customers lost", "Customers gone")
        await shown(app, pilot, "Customers gone")


async def test_a_broken_definition_is_told_once_and_the_figures_stay(root: Path) -> None:
    async with running(root) as (app, pilot):
        whole = (root / "kpitui.toml").read_text(encoding="utf-8")
        (root / "kpitui.toml").write_text("[workspace\n", encoding="utf-8")
        await until(pilot, lambda: len(app._notifications) == 1)
        await pilot.pause(0.5)
        assert len(app._notifications) == 1
        assert "Leads" in on_screen(app)
        (root / "kpitui.toml").write_text(whole.replace("Customers lost", "Customers gone"), encoding="utf-8")
        await shown(app, pilot, "Customers gone")


async def test_a_record_that_somebody_else_writes(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("enter")
        await shown(app, pilot, "Nothing is written down yet")
        await pilot.press("left", "left", "left")
        screen = app.screen
        assert isinstance(screen, KpiScreen)
        period = screen.chart.period
        opened = app.workspace
        other = Workspace.open(root)
        other.record("note", other.row(other.kpi("leads"), other.last_ended(other.usual_grain)), "From afar", by="ann")
        await shown(app, pilot, "From afar")
        assert screen.chart.period == period
        assert period is not None
        assert period.id == "2026-07"
        assert app.workspace is opened  # no measurement was read for it


async def test_a_value_that_somebody_else_types(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "acme", TYPED)
    async with running(root, (80, 40)) as (app, pilot):

        def says(figure: str) -> Callable[[], bool]:
            return lambda: f" Mood ⌨! {figure} " in " ".join(on_screen(app).split())

        assert says("—")()
        opened = app.workspace
        file = root / "measurements" / "manual" / "mood.csv"
        file.parent.mkdir()
        file.write_text("period,value,by,at\n2026-10,7,ann,2026-11-03T09:00:00Z\n", encoding="utf-8")
        await until(pilot, says("7"))
        with file.open("a", encoding="utf-8") as more:
            more.write("2026-10,8,ann,2026-11-03T10:00:00Z\n")
        await until(pilot, says("8"))
        file.unlink()
        await until(pilot, says("—"))
        assert app.workspace is opened  # no measurement was read for it


async def test_a_value_that_is_typed_here_is_no_change(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "acme", TYPED)
    async with running(root, (80, 40)) as (app, pilot):
        app.screen.query_one(Grid).focus_kpi("mood")
        await pilot.press("f")
        await write(pilot, "7")
        await pilot.press("enter")
        await shown(app, pilot, "saved measurements/manual/mood.csv:2")
        await pilot.pause(1)
        assert "saved measurements/manual/mood.csv:2" in on_screen(app)
        assert app.workspace is not None
        assert app.workspace.seen == app.workspace.look()


async def test_what_is_written_here_is_no_change(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter", "n")
        await write(pilot, "mine")
        await pilot.press("enter")
        await shown(app, pilot, "saved reviews/")
        await pilot.pause(1)
        assert "saved reviews/" in on_screen(app)


async def test_several_changes_at_once_are_read_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[float] = []

    def opener() -> Workspace:
        opened.append(time.monotonic())
        return Workspace.open(root)

    app = KpituiApp(root, opener)
    async with app.run_test(notifications=True) as pilot:
        await shown(app, pilot, "FIND THE CAUSE")
        assert len(opened) == 1
        for leads in range(71, 80):
            replace(root / CRM, f"2026-10,{leads - 1},", f"2026-10,{leads},")
            replace(root / "kpitui.toml", 'name = "Leads', f'name = "Leads{leads % 10}')
            await asyncio.sleep(0.03)
        await shown(app, pilot, "79 ")
        await pilot.pause(1)
        assert len(opened) == 2


async def test_a_change_during_a_reading_is_read_after_it(root: Path) -> None:
    go, begun = threading.Event(), threading.Event()
    first = True

    def opener() -> Workspace:
        nonlocal first
        workspace = Workspace.open(root)
        if not first:
            begun.set()
            assert go.wait(20)
        first = False
        return workspace

    app = KpituiApp(root, opener)
    async with app.run_test(notifications=True) as pilot:
        await shown(app, pilot, "FIND THE CAUSE")
        replace(root / CRM, "2026-10,70,", "2026-10,71,")
        await until(pilot, begun.is_set)
        replace(root / CRM, "2026-10,71,", "2026-10,72,")
        await until(pilot, lambda: app._changed_meanwhile)
        go.set()
        await shown(app, pilot, "Leads                        72")


async def test_a_record_written_during_a_reading_is_there_after_it(root: Path) -> None:
    go, begun = threading.Event(), threading.Event()
    first = True

    def opener() -> Workspace:
        nonlocal first
        workspace = Workspace.open(root)
        if not first:
            begun.set()
            assert go.wait(20)
        first = False
        return workspace

    app = KpituiApp(root, opener)
    async with app.run_test(notifications=True) as pilot:
        await shown(app, pilot, "FIND THE CAUSE")
        replace(root / CRM, "2026-10,70,", "2026-10,71,")
        await until(pilot, begun.is_set)
        await pilot.press("n")
        await write(pilot, "mine")
        await pilot.press("enter")
        go.set()
        await shown(app, pilot, " 71 ")
        assert app.workspace is not None
        assert [entry.text for entry in app.workspace.journal.entries("leads")] == ["mine"]


async def test_a_bug_in_the_reading_is_told(root: Path) -> None:
    def broken() -> Workspace:
        raise IndexError("[b]out of bounds")

    async with KpituiApp(root, broken).run_test(notifications=True) as pilot:
        assert isinstance(pilot.app, KpituiApp)
        await shown(pilot.app, pilot, "IndexError: [b]out of bounds")


async def test_the_watch_ends_with_the_program(root: Path) -> None:
    async with running(root) as (app, _):
        assert app._watch._thread.is_alive()
    app._watch._thread.join(5)
    assert not app._watch._thread.is_alive()


def test_it_ends_when_its_terminal_is_gone(root: Path) -> None:
    terminal = pytest.importorskip("terminal", reason="needs a pseudo-terminal")
    # A session without a controlling terminal: nothing tells the program that it was closed.
    with terminal.Terminal([sys.executable, "-m", "kpitui", str(root)]) as program:
        program.wait_for("Leads                        70")
        assert program.hang_up() == 0


def test_in_a_real_terminal(root: Path) -> None:
    """A first start and a later one; a change of a file; leaving."""
    terminal = pytest.importorskip("terminal", reason="needs a pseudo-terminal")
    for figure in ("70", "71"):
        with terminal.Terminal([sys.executable, "-m", "kpitui", str(root)]) as program:
            program.wait_for(f"Leads                        {figure}")
            replace(root / CRM, f"2026-10,{figure},", f"2026-10,{int(figure) + 1},")
            program.wait_for(f"Leads                        {int(figure) + 1}")
            leaving = time.monotonic()
            program.press("q")
            assert program.wait_for_end() == 0
            assert time.monotonic() - leaving < 5


def test_as_of_a_day_and_as_it_was_known_in_a_real_terminal(recorded: Path) -> None:
    terminal = pytest.importorskip("terminal", reason="needs a pseudo-terminal")
    days = ["--as-of", "2026-11-03", "--known-at", "2026-11-02"]
    with terminal.Terminal([sys.executable, "-m", "kpitui", str(recorded), *days], columns=120) as program:
        program.wait_for("as of 3 Nov · known at 2 Nov")
        program.press("q")
        assert program.wait_for_end() == 0


# The glance


@pytest.fixture
def started_before(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that was open before, and whose files are not young any more."""
    monkeypatch.setattr(stamps, "SURE_AFTER", 0)
    workspace = Workspace.open(root)
    glance.keep(workspace, None)
    return root


class Waiting:
    """Opens workspaces only once it may."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.may = threading.Event()
        former = Workspace.open

        def open_(*arguments: Any, **named: Any) -> Workspace:
            self.may.wait(15)
            return former(*arguments, **named)

        monkeypatch.setattr(Workspace, "open", open_)


async def test_a_later_start_shows_figures_before_anything_is_opened(
    started_before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Waiting(monkeypatch)
    async with live(started_before) as (app, pilot):
        await shown(app, pilot, "Leads                        70")
        assert app.workspace is None
        assert "reading" not in on_screen(app)
        await pilot.press("enter")  # what is asked for meanwhile comes when it can
        waiting.may.set()
        await until(pilot, lambda: app.workspace is not None)
        await shown(app, pilot, "RECORD")


async def test_figures_of_files_that_changed_since_are_said_to_be_former(
    started_before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace(started_before / CRM, "2026-10,70,", "2026-10,71,")
    waiting = Waiting(monkeypatch)
    async with live(started_before) as (app, pilot):
        await shown(app, pilot, "Leads                        70")
        assert "reading …" in on_screen(app)
        waiting.may.set()
        await shown(app, pilot, "Leads                        71")
        assert "reading" not in on_screen(app)


async def test_former_figures_give_way_to_the_reason_why_nothing_can_be_opened(started_before: Path) -> None:
    (started_before / "kpitui.toml").write_text("[workspace]\nname = 3\n")
    async with live(started_before) as (app, pilot):
        await until(pilot, lambda: app.failure is not None)
        await pilot.pause()
        assert "Leads" not in on_screen(app)
        assert "nothing to show" in on_screen(app) or "no KPI" in on_screen(app)


async def test_the_first_start_keeps_a_glance_for_the_next(root: Path) -> None:
    async with live(root) as (app, pilot):
        await shown(app, pilot, "Leads                        70")
        await until(pilot, lambda: glance.take(root, None) is not None)


async def test_without_the_cache_no_glance_is_used(started_before: Path) -> None:
    async with live(started_before, use_cache=False) as (app, pilot):
        assert app._live is not None
        assert app._live.glance is None
        await shown(app, pilot, "Leads                        70")


@pytest.mark.parametrize("on_top", [(), ("question_mark",)])
async def test_a_kpi_that_was_opened_from_a_glance_gives_way_to_that_reason_too(
    started_before: Path, monkeypatch: pytest.MonkeyPatch, on_top: tuple[str, ...]
) -> None:
    waiting = Waiting(monkeypatch)
    async with live(started_before) as (app, pilot):
        await shown(app, pilot, "Leads                        70")
        await pilot.press("enter")
        await shown(app, pilot, "Opening the workspace …")
        # What was begun to be written is kept for later.
        await pilot.press("n", "w", "h", "y", *(("escape", *on_top) if on_top else ()))
        (started_before / "kpitui.toml").write_text("[workspace]\nname = 3\n")
        waiting.may.set()
        await until(pilot, lambda: app.failure is not None)
        await pilot.pause()
        await pilot.pause()
        assert "Opening the workspace" not in on_screen(app)
        assert "kpitui.toml" in on_screen(app)
        await until(pilot, lambda: app.drafts.get("note leads") == "why")
        # Nothing is left that a key could stumble over, and what is mended is read.
        await pilot.press("n", "2", "enter", "J", "C", "slash", "question_mark", "escape")
        (started_before / "kpitui.toml").write_text(SETTINGS)
        await pilot.press("r")
        await shown(app, pilot, "Leads                        70")
        await pilot.press("enter")
        await shown(app, pilot, "RECORD")

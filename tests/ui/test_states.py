"""The scorecard in each of its states, at every size that is promised: what must be there, and what always holds."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot

from kpitui.measurements.progress import Progress
from kpitui.ui.app import KpituiApp
from kpitui.ui.widgets.grid import Grid
from kpitui.workspace.opening import Workspace
from tests.ui.helpers import SETTINGS, SIZES, at_each_size, on_screen, running, type_keys, write_workspace
from tests.ui.states import workspace_of_all_marks


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace_of_all_marks(tmp_path / "acme")


def row(lines: list[str], name: str) -> str:
    """The row of a KPI, without what is below the grid."""
    return next(line for line in lines[:-4] if f" {name}" in line)


async def each(app: KpituiApp, pilot: Pilot[None], *told: str, but: tuple[str, ...] = ()) -> None:
    """At every size: head, titles and foot whole, the column of names, what must be told, and what must not."""
    async for size, lines in at_each_size(app, pilot):
        screen = "\n".join(lines)
        assert lines[0].startswith(" Acme "), size
        assert "Oct 2026" in lines[0], size
        assert "■2 ●2 ◆2 ?2  2 changed" in lines[0], size
        titles = next(line for line in lines[1:3] if line.startswith("   KPI"))
        assert " Actual" in titles, size
        assert lines[-1].startswith(" ⏎ drill  , . period  n note"), size
        assert lines[-1].endswith("? keys  q quit"), size
        assert "…" not in lines[0] + titles + lines[-1], size
        assert [text for text in told if text not in screen] == [], f"{size}\n{screen}"
        assert [text for text in but if text in screen] == [], f"{size}\n{screen}"


async def test_each_row_says_what_it_lacks(root: Path) -> None:
    marks = {
        "Leads": ("■", "⚑1✎↺", " 70 ", "worse ↓ limit"),
        "Lost of leads": ("■", "15.7%", "−31.0%", "worse ↑ limit"),
        "Visits": ("?", "◷", "320*", "20/31 days"),
        "Promoters": ("?", " — ", "stale 31 May"),
        "Trial users": ("●", "~", "usual"),
        "Mood": ("●", "⌨!", "too few"),
        "Customers lost": ("◆", " ! ", " 11 ", "usual"),
        "Response time": ("◆", "6.2h", "8.0h"),
    }
    async with running(root) as (app, pilot):
        await each(app, pilot, "FIND THE CAUSE — off target, and changed", "NO JUDGEMENT — ", "FINE")
        async for size, lines in at_each_size(app, pilot):
            for name, signs in marks.items():
                found = row(lines, name)
                assert [sign for sign in signs if sign not in found] == [], (size, found)
            assert ("Behind" in row(lines, "Leads")) is (size[0] >= 120)
            assert ("1–31 Oct" in lines[0]) is (size[0] >= 80)
        assert "restated: 75 when reviewed in 2026-10-monthly, 70 now" in on_screen(app)


async def test_every_grouping_and_the_tree(root: Path) -> None:
    titles = [
        ("CUSTOMER ", "INTERNAL PROCESS ", "WITHOUT A PERSPECTIVE "),
        ("GROW THE BASE ", "WITHOUT AN OBJECTIVE "),
        ("ACQUIRE ", "WITHOUT A FUNNEL STAGE "),
        ("PRIMARY ", "WITHOUT A TIER "),
        ("VOLUME ", "WITHOUT A TYPE "),
        ("OPERATIONS ", "ANN LEE ", "WITHOUT AN OWNER "),
        ("SALES ", "WITHOUT A TEAM "),
        ("PUSH ", "WITHOUT AN INITIATIVE "),
        ("KPI TREE ", "OUTSIDE THE TREE ", "▾ Customers lo", "▾ Leads"),
    ]
    async with running(root) as (app, pilot):
        for told in titles:
            await pilot.press("g")
            await each(app, pilot, *told, but=("FIND THE CAUSE",))
            # Each group counts its statuses, and the cursor is where it was.
            headings = [line for line in on_screen(app).split("\n") if line.startswith(f" {told[0]}")]
            assert headings[0].rstrip()[-2] in "■●◆?"
            focused = app.screen.query_one(Grid).row
            assert focused is not None
            assert focused.kpi.id == "leads"
        await pilot.press("left")
        await each(app, pilot, "▸ Leads", "+1", but=(" Response time ",))
        await pilot.press("left", "left")
        await each(app, pilot, "▸ Customers", "+2", but=("■  ▸ Leads",))
        await pilot.press("up", "enter")
        await each(app, pilot, "▸ 3 more", but=("Customers lo",))


async def test_sorted_by_each_column_that_every_size_has(root: Path) -> None:
    first = {"KPI↑": "Leads", "Actual↑": "Lost of leads", "Target↑": "Lost of leads", "Gap↑": "Lost of leads"}
    async with running(root, SIZES[0]) as (app, pilot):
        for title, name in first.items():
            await pilot.resize_terminal(*SIZES[0])
            await pilot.press("s")
            async for size, lines in at_each_size(app, pilot):
                assert title in lines[1], size
                assert f" {name}" in lines[3], size
        await pilot.press("S")
        await each(app, pilot, "Gap↓")
        await pilot.press("escape")
        await each(app, pilot, "FIND THE CAUSE", but=("Gap↑", "Gap↓"))


async def test_exceptions_views_and_filters(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("x")
        await each(app, pilot, "exceptions only, 4 hidden · esc undoes", "Leads", but=("Trial users", "FINE"))
        await pilot.press("escape", "V")
        await each(app, pilot, "view mine · 5 of 8 · esc undoes", "ANN LEE", but=("Response time",))
        await pilot.press("V")
        await each(app, pilot, "view none · 0 of 8", "No KPI is in the view none now: owner:nobody.")
        await pilot.press("V", "slash")
        await type_keys(pilot, "lost")
        await each(app, pilot, " /lost", "2 of 8", "Customers lost", "Lost of leads", but=("Promoters", "esc undoes"))
        await pilot.press("enter")
        await each(app, pilot, " /lost · 2 of 8 · esc undoes")
        await pilot.press("slash")
        await type_keys(pilot, "zz")
        await pilot.press("enter")
        await each(app, pilot, "0 of 8", "No KPI matches zz — / changes the filter, esc clears")


async def test_what_was_said_of_a_look_goes_with_it(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("g")
        assert "By perspective." in on_screen(app)
        await pilot.press("escape")
        assert "By perspective." not in on_screen(app)


async def test_columns_are_chosen_at_every_size(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("C")
        async for size, lines in at_each_size(app, pilot):
            box = "\n".join(lines)
            for told in ("Columns, from left to right", "✓ Actual      the figure", "⏎ keeps them · esc cancels"):
                assert told in box, size
            assert "╰" in box, size
        # Actual goes behind Target, and the gap goes out.
        await pilot.press("J", "j", "j", "j", "j", "space", "enter")
        await pilot.pause()
        async for size, lines in at_each_size(app, pilot):
            assert lines[1].index(" Target") < lines[1].index(" Actual"), size
            assert " Gap" not in lines[1], size


async def test_a_reading_leaves_focus_and_look_as_they_are(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("g", "j", "j", "j", "r")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await each(app, pilot, "CUSTOMER ", "Response time")
        assert isinstance(app.focused, Grid)
        focused = app.focused.row
        assert focused is not None
        await pilot.press("k")
        assert app.focused.row is not focused


# With little to show


async def test_while_it_is_read_it_says_so(root: Path) -> None:
    go = Event()

    def opened() -> Workspace:
        go.wait(20)
        return Workspace.open(root)

    app = KpituiApp(root, opened)
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.pause()
        async for size, lines in at_each_size(app, pilot):
            assert lines[0].startswith(" acme"), size
            assert "Reading acme …" in "\n".join(lines), size
            assert lines[-1].endswith("? keys  q quit"), size
        app.post_message(KpituiApp.Progressed(Progress("measurements/crm.csv", 430, 1000), app._reading))
        await pilot.pause()
        async for size, lines in at_each_size(app, pilot):
            for told in ("Reading measurements/crm.csv …", "████████████░░░", " 43 %", "esc abandons it"):
                assert told in "\n".join(lines), size
        go.set()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (1, "No measurements for Oct 2026: , goes one period back, ! tells what is wrong."),
        (18, "No measurements after 31 May: the source `crm` ends there. , goes one period back."),
    ],
)
async def test_where_there_are_no_measurements_it_says_what_to_do(tmp_path: Path, rows: int, told: str) -> None:
    root = write_workspace(tmp_path / "acme")
    file = root / "measurements" / "crm.csv"
    file.write_text("\n".join(file.read_text().split("\n")[:rows]) + "\n", encoding="utf-8")
    async with running(root) as (app, pilot):
        async for size, lines in at_each_size(app, pilot):
            assert lines[-4].startswith(f" {told[: size[0] - 4]}"), size
            assert " Leads" in "\n".join(lines), size
            assert "?3" in lines[0], size


async def test_without_a_kpi_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "kpitui.toml").write_text(SETTINGS.partition("[kpi")[0], encoding="utf-8")
    async with running(tmp_path) as (app, pilot):
        async for size, lines in at_each_size(app, pilot):
            assert "KPI" in "\n".join(lines[1:-1]), size
            assert lines[-1].endswith("? keys  q quit"), size

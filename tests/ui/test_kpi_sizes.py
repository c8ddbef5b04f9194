"""The drill-down at every size that is promised: its views and its states, by the words and signs on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot

from kpitui.ui.app import KpituiApp
from kpitui.ui.screens.kpi import KpiScreen
from kpitui.ui.widgets.record_list import RecordList
from kpitui.workspace.opening import Workspace
from tests.ui.helpers import SETTINGS, SIZES, at_each_size, on_screen, running, write_workspace

MORE = """
[source.web]
files = "measurements/web.csv"
date = "day"
frequency = "daily"
segments = ["region"]

[kpi.visits]
source = "web"
column = "visits"
aggregate = "sum"
benchmark = { low = 100, high = 400 }

[source.survey]
files = "measurements/survey.csv"
date = "month"
frequency = "monthly"

[kpi.nps]
name = "Promoters"
source = "survey"
column = "score"
aggregate = "mean"
target = [{ from = 2025-01-01, value = 40 }]

[kpi.margin]
source = "survey"
column = "margin"
aggregate = "mean"
unit = "percent"

[kpi.young]
source = "survey"
column = "young"
aggregate = "mean"
unit = "currency"
currency = "EUR"
target = [{ from = 2025-01-01, low = 1000, high = 3000 }]
direction = "range"

[source.board]
files = "measurements/board.csv"
date = "quarter"
frequency = "quarterly"

[kpi.board]
source = "board"
column = "score"
aggregate = "mean"

[kpi.typed]
name = "Typed in"
source = "manual"
frequency = "monthly"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_workspace(tmp_path / "acme", SETTINGS + MORE)
    days = [(month, day) for month in (8, 9, 10) for day in range(1, 31)]
    visits = [f"2026-{m:02d}-{d:02d},{region},{5 + d % 7}" for m, d in days for region in ("north", "south")]
    (root / "measurements" / "web.csv").write_text("day,region,visits\n" + "\n".join(visits) + "\n", encoding="utf-8")
    survey = [(f"2025-{m:02d}", 40 + m % 3, (m - 6) / 100, "") for m in range(1, 13)]
    survey += [(f"2026-{m:02d}", "" if m > 5 else 0, -0.02, 2000 + m if m > 7 else "") for m in range(1, 11)]
    rows = [",".join(map(str, row)) for row in survey]
    (root / "measurements" / "survey.csv").write_text("month,score,margin,young\n" + "\n".join(rows) + "\n", "utf-8")
    quarters = "".join(f"{year}-Q{q},{q}\n" for year in (2024, 2025) for q in (1, 2, 3, 4))
    (root / "measurements" / "board.csv").write_text("quarter,score\n" + quarters, encoding="utf-8")
    return root


@asynccontextmanager
async def shown(root: Path, kpi: str, *keys: str) -> AsyncIterator[tuple[KpituiApp, Pilot[None]]]:
    """The screen of a KPI after these keys."""
    async with running(root, SIZES[-1]) as (app, pilot):
        app.focused_kpi = kpi
        await pilot.press("2", *keys)
        await settled(app, pilot)
        yield app, pilot


async def settled(app: KpituiApp, pilot: Pilot[None]) -> None:
    """Segments are read by a process of their own."""
    await app.workers.wait_for_complete()
    await pilot.pause(0.05)
    for _ in range(100):
        if "Reading the segments …" not in on_screen(app):
            return
        await pilot.pause(0.05)


def chart_title(lines: list[str]) -> str:
    return lines[3].split("▏")[0].strip()


async def test_every_view_has_its_title_its_axis_and_its_read_out(root: Path) -> None:
    views = [
        ("24 months · nhs", "┆ Oct 2026: 474* · 30/31 days · too few"),
        ("36 months · nhs", "┆ Oct 2026: 474* · 30/31 days · too few"),
        ("year over year · 2026 · nhs", "┆ Oct: 2026 474*"),
        ("moving range · 6 months · nhs", "┆ Oct 2026: moved by 0"),
        ("by region · 6 months", "┆ Oct 2026: north 237* · south 237*"),
        ("6 weeks + 12 months · nhs", "┆ Oct 2026: 474* · 30/31 days · too few"),
        ("13 weeks · nhs", "┆ W44 · 26 Oct–1 Nov 2026: 78"),
        ("12 months · nhs", "┆ "),
        ("24 months · nhs", "┆ "),
    ]
    async with shown(root, "visits") as (app, pilot):
        for title, read_out in views:
            async for size, lines in at_each_size(app, pilot):
                told = f"{title} at {size}:\n" + "\n".join(lines)
                assert chart_title(lines).startswith(title), told
                assert any(read_out in line for line in lines), told
                assert any("└" in line and "┬" in line for line in lines), told
                assert any("RECORD · 0" in line for line in lines), told
            await pilot.press("w")
            await settled(app, pilot)


async def test_every_grain_has_its_view(root: Path) -> None:
    async with shown(root, "visits") as (app, pilot):
        for key, title in (
            ("minus", "13 weeks"),
            ("minus", "31 days"),
            ("plus", "13 weeks"),
            ("plus", "24 months"),
            ("plus", "6 quarters"),
            ("plus", "6 years"),
        ):
            await pilot.press(key)
            await pilot.pause()
            async for size, lines in at_each_size(app, pilot):
                assert chart_title(lines).startswith(title), (title, size)
                # Of a year, the period before is the year before.
                assert sum(line.count("vs year") for line in lines) <= 1, (title, size)


@pytest.mark.parametrize(
    ("kpi", "said"),
    [
        ("nps", "No measurements after 31 May: the source `survey` ends there."),
        ("young", "3 months so far: no limits under five."),
        ("typed", "Nothing is typed in for Oct 2026: f types it in."),
        ("board", "No measurements after 31 Dec 2025: the source `board` ends"),
    ],
)
async def test_what_is_missing_is_said_with_what_to_do(root: Path, kpi: str, said: str) -> None:
    async with shown(root, kpi) as (app, pilot):
        async for (columns, _), lines in at_each_size(app, pilot):
            shown_of_it = lines[2].strip().removesuffix("…").rstrip()
            assert shown_of_it.startswith(said) or (len(shown_of_it) > columns - 20 and said.startswith(shown_of_it))


async def test_a_range_is_two_targets_and_money_has_its_sign(root: Path) -> None:
    async with shown(root, "young") as (app, pilot):
        async for _, lines in at_each_size(app, pilot):
            screen = "\n".join(lines)
            assert "€1,000" in screen
            assert screen.count("╌╌╌╌") >= 2
            assert "┆ Oct 2026: €2,010" in screen


async def test_values_below_nothing_have_a_minus_and_an_axis_that_goes_there(root: Path) -> None:
    async with shown(root, "margin") as (app, pilot):
        async for _, lines in at_each_size(app, pilot):
            assert "┆ Oct 2026: −2.0%" in "\n".join(lines)
            zero = next(y for y, line in enumerate(lines) if line.lstrip().startswith("0.0%┤"))
            axis = next(y for y, line in enumerate(lines) if "└" in line)
            assert zero < axis - 1


async def test_a_benchmark_has_lines_of_its_own_shape(root: Path) -> None:
    async with shown(root, "visits") as (app, pilot):
        async for _, lines in at_each_size(app, pilot):
            assert sum(line.count("═") >= 3 for line in lines) == 2


async def test_the_foot_has_the_keys_of_the_chart_first(root: Path) -> None:
    async with shown(root, "leads") as (app, pilot):
        async for size, lines in at_each_size(app, pilot):
            assert lines[-1].startswith(" w view  i facts  h why  l links  ")
            assert ("← → cursor" in lines[-1]) == (size[0] >= 80)
            assert lines[-1].endswith("? keys  q quit")


@pytest.mark.parametrize(("size", "most"), [((60, 20), 5), ((80, 24), 6), ((120, 40), 10), ((200, 60), 12)])
async def test_the_chart_has_the_lines_that_records_do_not_need(root: Path, size: tuple[int, int], most: int) -> None:
    async with running(root, size) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause(0.05)
        heights = [app.screen.query_one(RecordList).size.height]
        assert app.workspace is not None
        row = app.workspace.row(app.workspace.kpi("leads"), app.workspace.last_ended(app.workspace.usual_grain))
        for number in range(12):
            app.workspace.record("note", row, f"note {number}", by="ann")
        app.records_changed()
        await pilot.pause(0.1)
        heights.append(app.screen.query_one(RecordList).size.height)
    assert heights == [3, most]


async def test_what_happened_is_whole_in_the_panel(root: Path) -> None:
    told = "The new routing rule of February sends leads from EMEA to a shared inbox that nobody is assigned to"
    (root / "events.csv").write_text(f"date,kpi,text\n2026-02-09,leads,{told}\n", encoding="utf-8")
    async with shown(root, "leads", "i") as (app, pilot):
        async for size, _ in at_each_size(app, pilot):
            await pilot.press("end")
            await pilot.pause()
            lines = on_screen(app).split("\n")
            panel = " ".join(line.rpartition("▏")[2].strip() for line in lines if "▏" in line)
            assert "ON THE TIME AXIS" in panel, size
            assert told in " ".join(panel.split()), size


def opener_that_waits(root: Path, go: Event) -> Callable[[], Workspace]:
    def opened() -> Workspace:
        go.wait(10)
        return Workspace.open(root)

    return opened


@pytest.mark.parametrize("size", SIZES)
async def test_a_kpi_that_is_looked_at_before_the_workspace_is_open_says_so(root: Path, size: tuple[int, int]) -> None:
    ready = Workspace.open(root)
    go = Event()
    app = KpituiApp(root, opener_that_waits(root, go))
    # As a glance at the last session leaves it: a scorecard, and no workspace behind it yet.
    app.definitions, app.scorecard = ready.definitions, ready.scorecard()
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.1)
        await pilot.press("enter")
        await pilot.pause(0.05)
        waiting = on_screen(app)
        assert isinstance(app.screen, KpiScreen)
        go.set()
        await app.workers.wait_for_complete()
        await asyncio.sleep(0.1)
        await pilot.pause()
        opened = on_screen(app)
    assert waiting.count("Opening the workspace …") == 2
    assert "› Leads" in waiting
    assert "BEHIND" in waiting
    assert "Opening" not in opened
    assert "24 months · nhs" in opened

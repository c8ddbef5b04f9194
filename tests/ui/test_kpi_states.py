"""The drill-down and the boxes over it in each of their states, at every size: what must be there."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from kpitui.ui.app import KpituiApp
from kpitui.ui.widgets.record_list import RecordList
from tests.ui.helpers import at_each_size, on_screen, running, write
from tests.ui.states import workspace_of_all_marks


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace_of_all_marks(tmp_path / "acme")


async def each(app: KpituiApp, pilot: Pilot[None], *told: str, but: tuple[str, ...] = ()) -> None:
    """At every size: the trail with the KPI's name, the verdict, the foot; what must be told, and what must not."""
    async for size, lines in at_each_size(app, pilot):
        screen = "\n".join(lines)
        assert "› Leads " in lines[0], size
        assert lines[0].endswith("‹ Oct 2026 ›"), size
        assert lines[1].startswith(" ■ BEHIND   70   target 100   gap −30.0%   ▼ WORSE"), size
        assert lines[2].startswith(" Restated: 75 when reviewed in 2026-10-monthly"), size
        assert any(line.startswith(" RECORD · 2 · 1 overdue · ") for line in lines), size
        assert lines[-1].startswith(" w view  i facts  h why  l links  "), size
        assert lines[-1].endswith("? keys  q quit"), size
        assert "…" not in lines[0] + lines[1] + lines[-1], size
        assert [text for text in told if text not in screen] == [], f"{size}\n{screen}"
        assert [text for text in but if text in screen] == [], f"{size}\n{screen}"


async def test_chart_cursor_marks_and_zoom(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        signs = ("▼", "┆", "①", "②", "· ·", "──", "╌")
        await each(app, pilot, "24 months · nhs", "┆ Oct 2026: 70 · worse ↓ limit", *signs, "100 target", "98.8 mean")
        await pilot.press("left", "left")
        await each(app, pilot, "┆ Aug 2026: 101 · usual · target 100")
        await pilot.press("m")
        assert "┆ Aug 2026: 101 · A is marked, m marks B" in on_screen(app)
        await pilot.press("right", "right", "m")
        await each(app, pilot, "A Aug 2026 101 → B Oct 2026 70: −31 (−30.7%)")
        async for size, lines in at_each_size(app, pilot):
            axis = next(line for line in lines if "└" in line)
            assert 0 < axis.index("A") < axis.index("B"), size
        await pilot.press("escape", "z")
        await each(app, pilot, "12 months · nhs", "┆ Oct 2026: 70")
        await pilot.press("less_than_sign")
        await each(app, pilot, "12 months · until Jul 2026 · nhs")
        await pilot.press("escape", "w", "w")
        await each(app, pilot, "year over year · 2026, 2025 · nhs", "┆ Jul: 2026 99 · 2025 97")
        await pilot.press("w")
        await each(app, pilot, "moving range · 23 months · nhs", "┆ Jul 2026: moved by 4", "mean mR")


async def test_the_panel_beside_the_chart_or_in_its_place(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter", "i")
        await pilot.pause()
        async for size, lines in at_each_size(app, pilot):
            panel = "\n".join(line.rpartition("▏")[2] for line in lines if "▏" in line)
            for told in ("DEFINITION", "measure    sum of leads", "target     100", "source     crm", "1/1 months"):
                assert told in panel, size
            assert any("24 months · nhs" in line for line in lines) is (size[0] >= 100), size
        await pilot.press("i")
        await each(app, pilot, "24 months · nhs")


async def test_records_are_written_and_shown_whole(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("enter", "a")
        await write(pilot, "Call them @ops fri")
        async for size, lines in at_each_size(app, pilot):
            assert lines[-3].startswith(" action · Leads ▸ Call them @ops fri"), size
            assert lines[-2].startswith(" → action · Operations · Fri 6 Nov · ⏎ save"), size
            assert lines[-1].endswith("? keys  q quit"), size
        await pilot.press("escape", *["left"] * 6, "b")
        await write(pilot, "New form")
        async for size, lines in at_each_size(app, pilot):
            assert lines[-3].startswith(" rebase · from Apr 2026 ▸ New form"), size
            assert "limits anew from Apr 2026 on: 7 months" in lines[-2], size
        await pilot.press("enter")
        async for size, lines in at_each_size(app, pilot):
            title = next(line for line in lines if line.startswith(" RECORD · 3 · 1 overdue · "))
            assert "saved reviews/2026" in title, size
            assert any(line.startswith(" 4 Nov   cause     Leads from EMEA land") for line in lines), size
        await pilot.press("end", "e")
        await pilot.pause()
        async for size, lines in at_each_size(app, pilot):
            box = "\n".join(lines)
            assert "╭─ cause c-9m2x" in box, size
            assert "Leads from EMEA land in a shared inbox" in box, size
            assert "class" in box, size
            assert size[1] == 20 or ("Save  ctrl+s" in box and "Leave  esc" in box), size


async def test_keys_and_problems_are_boxes_that_fit(root: Path) -> None:
    (root / "events.csv").write_text("date,kpi,text\n2026-13-02,leads,New form\n", encoding="utf-8")
    async with running(root) as (app, pilot):
        await pilot.press("enter", "question_mark")
        for keys, told in (
            ([], ("╭─ Keys · type to find · ⏎ runs · esc closes", "On a KPI", "All fields of the marked record")),
            ([*"click"], ("With the mouse", "marks a line, and opens it")),
            (["escape", "exclamation_mark"], ("╭─ 1 problem · esc closes", "events.csv:2", "2026-13-02")),
        ):
            await pilot.press(*keys)
            async for size, lines in at_each_size(app, pilot):
                assert [text for text in told if text not in "\n".join(lines)] == [], (size, "\n".join(lines))
                assert any(line.lstrip().startswith("╰") for line in lines), size


async def test_without_records_and_after_a_reading(root: Path) -> None:
    async with running(root) as (app, pilot):
        app.focused_kpi = "churn"
        await pilot.press("2")
        async for size, lines in at_each_size(app, pilot):
            assert any(line.startswith(" Nothing is written down yet: n note, c cause, a action.") for line in lines), (
                size
            )
        app.focused_kpi = "leads"
        await pilot.press("1", "2", "down", "left", "r")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await each(app, pilot, "┆ Sept 2026: 100 · usual")
        assert isinstance(app.focused, RecordList)
        assert app.focused.entry is not None
        assert app.focused.entry.kind == "cause"

"""The actions screen: what was agreed, overdue first, and followed up in place."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from kpitui.ui.widgets.owners import OwnerSuggester
from tests.ui.helpers import on_screen, running, write, write_workspace

REVIEW = """\
schema = 1

[review]
id = "2026-10-monthly"
cadence = "monthly"
period = "2026-10"
started = 2026-10-05T09:00:00+01:00

[action.a-late]
kpi = "leads"
by = "head"
at = 2026-10-05T09:10:00+01:00
title = "Call the [b]shared[/b] inbox owners"
owner = "ops"
due = 2026-10-20
effect = "leads back over 95"

[followup.f-one]
kpi = "leads"
by = "ops"
at = 2026-10-20T09:10:00+01:00
action = "a-late"
due = 2026-10-26
text = "waiting for legal"

[action.a-soon]
kpi = "response"
by = "head"
at = 2026-10-05T09:11:00+01:00
title = "Buy a second phone line"
owner = "zoe"
due = 2026-11-06

[action.a-free]
kpi = "churn"
by = "head"
at = 2026-10-05T09:12:00+01:00
title = "Ask three customers why they left"

[action.a-over]
kpi = "churn"
by = "head"
at = 2026-10-05T09:13:00+01:00
title = "Print the price list"

[followup.f-two]
kpi = "churn"
by = "ops"
at = 2026-10-21T09:10:00+01:00
action = "a-over"
status = "done"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_workspace(tmp_path / "acme")
    (root / "reviews").mkdir()
    (root / "reviews" / "2026-10-monthly.toml").write_text(REVIEW, encoding="utf-8")
    return root


def followups(root: Path) -> list[dict[str, object]]:
    """What was written beside the fixture's, whichever file it went to."""
    found = []
    for file in (root / "reviews").glob("*.toml"):
        records = tomllib.loads(file.read_text(encoding="utf-8")).get("followup", {})
        found += [record for name, record in records.items() if name not in ("f-one", "f-two")]
    return found


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 20)])
async def test_what_is_overdue_comes_first_and_its_history_stands_below(root: Path, size: tuple[int, int]) -> None:
    async with running(root, size) as (app, pilot):
        await pilot.press("5")
        await pilot.pause()
        screen = on_screen(app)
    lines = screen.split("\n")
    assert lines[0].rstrip().endswith("3 open · 1 overdue · as of 4 Nov")
    headings = [line.split()[0] for line in lines if line.startswith((" OVER", " DUE", " LATER", " WITHOUT"))]
    assert headings == ["OVERDUE", "DUE", "WITHOUT"]
    late = next(line for line in lines if line.startswith("▌⚑ Call the"))
    assert "9 days late" in late
    assert "↻1" in late
    assert "Call the [b]shared[/b] inbox owners · Leads ■ behind" in " ".join(screen.split())
    assert "5 Oct head: agreed, due 20 Oct; expected: leads back over 95" in " ".join(screen.split())
    assert "20 Oct Operations: now due 26 Oct (slipped once): waiting for legal" in " ".join(screen.split())
    assert "Print the price list" not in screen
    assert "Buy a second" in screen
    assert max(len(line) for line in lines) <= size[0]


async def test_done_is_written_and_leaves_the_list(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("5", "down", "o")
        await write(pilot, "two lines now")
        await pilot.press("enter")
        await pilot.pause()
        screen = on_screen(app)
        await pilot.press("x", "enter")
        await pilot.pause()
    assert [(record["action"], record["status"], record.get("text")) for record in followups(root)] == [
        ("a-soon", "done", "two lines now"),
        ("a-free", "dropped", None),
    ]
    assert "2 open · 1 overdue" in screen
    assert "done: saved reviews/2026-10-monthly.toml:" in screen
    assert "DUE WITHIN A WEEK" not in screen


async def test_keeping_it_asks_for_the_day_and_takes_the_reason(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("5", "plus")
        await pilot.pause()
        await write(pilot, "soon")
        await pilot.press("enter")
        await pilot.pause()
        assert "A new date comes first" in on_screen(app)
        assert followups(root) == []
        await pilot.press(*["backspace"] * 4)
        await write(pilot, "+2w holidays")
        await pilot.pause()
        assert "keep · due Wed 18 Nov · holidays" in on_screen(app)
        await pilot.press("enter")
        await pilot.pause()
        screen = on_screen(app)
    assert [(record["due"], record["text"]) for record in followups(root)] == [(date(2026, 11, 18), "holidays")]
    assert "3 open · 0 overdue" in screen
    assert "LATER" in screen
    assert "↻2" in screen


async def test_it_is_grouped_by_owner_and_by_kpi_and_shows_closed_ones_on_demand(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("5", "g")
        await pilot.pause()
        owners = [line.split("  ")[0].strip() for line in on_screen(app).split("\n")]
        assert [word for word in owners if word in ("Operations", "zoe", "no owner")] == [
            "Operations",
            "zoe",
            "no owner",
        ]
        await pilot.press("g")
        await pilot.pause()
        kpis = [line.split("  ")[0].strip() for line in on_screen(app).split("\n")]
        assert [word for word in kpis if word in ("Leads", "Response time", "Customers lost")] == [
            "Customers lost",
            "Leads",
            "Response time",
        ]
        await pilot.press("A")
        await pilot.pause()
        assert "✓ Print the price list" in on_screen(app)
        assert "done 21 Oct" in on_screen(app)


async def test_enter_goes_to_the_kpi_with_the_action_marked_and_esc_comes_back(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("5", "down", "enter")
        await pilot.pause()
        assert "Response time" in on_screen(app).split("\n")[0]
        await pilot.press("e")
        await pilot.pause()
        assert "action a-soon" in on_screen(app)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert on_screen(app).startswith(" Acme › Actions by due")
        await pilot.press("escape")
        await pilot.pause()
        assert "FIND THE CAUSE" in on_screen(app)


async def test_without_an_action_it_says_how_to_agree_one(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "acme")
    async with running(root) as (app, pilot):
        await pilot.press("5")
        await pilot.pause()
        assert "No action is open. Press a on a KPI" in on_screen(app)
        await pilot.press("o", "plus", "x", "e", "enter")
        await pilot.pause()
        assert "0 open · 0 overdue" in on_screen(app)
    assert not list((root / "reviews").glob("*.toml")) if (root / "reviews").exists() else True


async def test_an_owner_that_is_known_is_completed(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("a")
        await write(pilot, "call back @z")
        await pilot.pause(0.2)
        assert "@zoe" in on_screen(app)
        await pilot.press("tab")
        await write(pilot, " fri")
        await pilot.pause()
        assert "→ action · zoe · Fri 6 Nov · ⏎ save" in on_screen(app)


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("call @o", "call @ops"),
        ("call @O", "call @ops"),
        ('call @"he', 'call @"Head of sales"'),
        ("call @he", None),
        ("call @ops", None),
        ("call @", None),
        ("mail me@o", None),
        ("call @ops and", None),
    ],
)
async def test_what_is_suggested_for_an_owner(typed: str, suggested: str | None) -> None:
    suggester = OwnerSuggester(lambda: ["ops", "Head of sales"], lambda: False)
    assert await suggester.get_suggestion(typed) == suggested


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [("he", "Head of sales"), ("Ann, o", "Ann, ops"), ("ann", None), ("ops", None), ("ops,", None), ("", None)],
)
async def test_what_is_suggested_for_who_is_there(typed: str, suggested: str | None) -> None:
    suggester = OwnerSuggester(lambda: ["ops", "Head of sales"], lambda: True)
    assert await suggester.get_suggestion(typed) == suggested

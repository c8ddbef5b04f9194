"""The chart of the drill-down: its views, its cursor, zoom, marks, and what is decided and edited from it."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kpitui.ui.app import KpituiApp
from kpitui.ui.editor import command
from kpitui.ui.screens.kpi import KpiScreen
from kpitui.ui.widgets.chart import Chart
from kpitui.ui.widgets.chart_pane import ChartPane
from tests.ui.helpers import SETTINGS, on_screen, running, write, write_workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_workspace(tmp_path / "acme")
    (root / "events.csv").write_text(
        "date,kpi,text\n2026-02-09,leads,New routing rule\n2026-10-05,,Prices raised\n", encoding="utf-8"
    )
    return root


def chart_lines(app: KpituiApp) -> list[str]:
    """The rows of the chart and its read-out."""
    region = app.screen.query_one("#picture").region
    lines = on_screen(app).split("\n")[region.y : region.bottom]
    return [line[region.x : region.right] for line in lines]


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()
    await pilot.pause(0.02)


def screen(app: KpituiApp) -> KpiScreen:
    assert isinstance(app.screen, KpiScreen)
    return app.screen


# Views


async def test_w_walks_the_views_and_each_names_itself_and_its_method(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pressed(pilot, "enter")
        titles = [chart_lines(app)[0].strip()]
        for _ in range(5):
            await pressed(pilot, "w")
            titles.append(chart_lines(app)[0].strip())
    # Remarks on the chart stand behind its method, as far as there is room.
    assert [title.partition(" · the target")[0] for title in titles] == [
        "24 months · nhs",
        "36 months · nhs",
        "year over year · 2026, 2025 · nhs",
        "moving range · 23 months · nhs",
        "12 months · nhs",
        "24 months · nhs",
    ]


async def test_capital_w_walks_back_and_the_view_holds_for_the_next_kpi(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter", "W")
        assert "12 months · nhs" in chart_lines(app)[0]
        app.focused_kpi = "churn"
        screen(app).figures_changed()
        await pilot.pause()
        assert "› Customers lost" in on_screen(app)
        assert "12 months · nhs" in chart_lines(app)[0]


async def test_years_are_compared_by_month(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter", "w", "w")
        shown = "\n".join(chart_lines(app))
    assert "70 2026" in shown
    assert "99 2025" in shown or "98 2025" in shown
    assert "┆ Oct: 2026 70 · 2025 103" in shown


# Segments


async def test_s_breaks_a_kpi_down(tmp_path: Path) -> None:
    settings = SETTINGS.replace('frequency = "monthly"', 'frequency = "monthly"\nsegments = ["region"]')
    root = write_workspace(tmp_path / "acme", settings)
    path = root / "measurements" / "crm.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    by_region = [f"{head},region", *(f"{row},north" for row in rows), *(f"{row},[/b]south" for row in rows)]
    path.write_text("\n".join(by_region) + "\n", encoding="utf-8")
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter", "s")
        await app.workers.wait_for_complete()
        await pilot.pause(0.1)
        shown = "\n".join(chart_lines(app))
    assert "by region · 23 months" in shown
    assert "[/b]south" in shown
    assert "north" in shown
    # With all rows twice, the customers lost are what there is to talk about.
    assert "┆ Oct 2026: [/b]south 11 · north 11" in shown


async def test_a_kpi_without_columns_says_what_is_missing(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pressed(pilot, "enter", "s")
        assert "There is no column to break it down by" in on_screen(app)


# The cursor


async def test_the_cursor_walks_jumps_and_is_put_by_a_click(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter", "left")
        assert "┆ Sept 2026: 100" in chart_lines(app)[-1]
        await pressed(pilot, "circumflex_accent")
        assert "┆ Jan 2025: 101" in chart_lines(app)[-1]
        await pressed(pilot, "dollar_sign")
        assert "┆ Nov 2026" in chart_lines(app)[-1]
        await pilot.click(Chart, offset=(5, 5))
        await pilot.pause()
        assert "┆ Jan 2025: 101" in chart_lines(app)[-1]


async def test_what_happened_at_the_cursor_is_told_below(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter")
        assert chart_lines(app)[-2].startswith(" ② 5 Oct Prices raised   ① 9 Feb New routing rule")


async def test_the_panel_shows_the_period_under_the_cursor(root: Path) -> None:
    (root / "kpitui.toml").write_text(
        SETTINGS + '\n[kpi.share]\nname = "Share lost"\nformula = "churn / leads"\nunit = "percent"\n', encoding="utf-8"
    )
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter")
        app.focused_kpi = "share"
        screen(app).figures_changed()
        await pilot.pause()
        assert "in Oct 2026:" in on_screen(app)
        await pressed(pilot, "left")
        shown = on_screen(app)
    assert "in Sept 2026:" in shown
    assert next(line for line in shown.split("\n") if "Leads  " in line and "▏" in line).rstrip().endswith("100")


async def test_a_cursor_key_repaints_two_columns(root: Path) -> None:
    """Of 30 rows with 80 cells each, what the cursor leaves, what it comes to, and two lines of text."""
    painted: list[int] = []
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter")
        chart = app.screen.query_one(Chart)
        refresh = chart.refresh

        def counting(*regions: object, **how: object) -> Chart:
            painted.append(sum(region.area for region in regions))  # type: ignore[attr-defined]
            return refresh(*regions, **how)  # type: ignore[arg-type]

        chart.refresh = counting  # type: ignore[method-assign, assignment]
        await pressed(pilot, "left")
    assert 0 < sum(painted) < 250


def test_a_cursor_key_sends_a_few_hundred_bytes(root: Path) -> None:
    """As much as SCREENS.md gives the scorecard's."""
    terminal = pytest.importorskip("terminal", reason="needs a pseudo-terminal")
    with terminal.Terminal([sys.executable, "-m", "kpitui", str(root)], columns=120, rows=40) as program:
        program.wait_for("FIND THE CAUSE")
        program.settle(1)
        program.press("\r")
        program.wait_for("Oct 2026: 70")
        program.settle(1)
        program.press("\x1b[D")
        assert 0 < program.settle(0.5).count <= 700
        assert "Sept 2026: 100" in program.text


# Zoom, pan, marks, and back


async def test_zoom_and_pan(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter", "z")
        assert "12 months · nhs" in chart_lines(app)[0]
        await pressed(pilot, "less_than_sign")
        assert "12 months · until Jul 2026 · nhs" in chart_lines(app)[0]
        await pressed(pilot, "greater_than_sign", "greater_than_sign")
        assert "until" not in chart_lines(app)[0]
        assert "This is the present period" in on_screen(app)


async def test_a_zoom_keeps_the_period_under_the_cursor_where_it_is(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter", *["left"] * 10)
        assert "┆ Dec 2025: 98" in chart_lines(app)[-1]
        before = next(line for line in chart_lines(app) if "┆" in line).index("┆")
        await pressed(pilot, "z")
        assert "12 months · until Jun 2026 · nhs" in chart_lines(app)[0]
        assert "┆ Dec 2025: 98" in chart_lines(app)[-1]
        after = next(line for line in chart_lines(app) if "┆" in line).index("┆")
        assert abs(after - before) <= 6  # one of twelve months takes five or six cells
        await pressed(pilot, "Z")
        assert "24 months · nhs" in chart_lines(app)[0]
        assert "┆ Dec 2025: 98" in chart_lines(app)[-1]


async def test_a_kpi_that_is_opened_anew_begins_at_the_period_of_the_scorecard(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter", "m", "left", "left", "left", "w")
        assert "┆ Jul 2026: 99" in chart_lines(app)[-1]
        await pressed(pilot, "escape", "escape", "escape", "enter")
        assert "┆ Oct 2026: 70" in chart_lines(app)[-1]
        assert app.screen.query_one(ChartPane).marked == ()


async def test_two_marked_periods_are_compared_and_kept(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter", "m")
        assert "A is marked, m marks B" in chart_lines(app)[-1]
        await pressed(pilot, "left", "left", "m")
        assert "A Aug 2026 101 → B Oct 2026 70: −31 (−30.7%)" in chart_lines(app)[-1]
        assert [period.id for period in screen(app).marked_periods] == ["2026-08", "2026-10"]
        axis = next(line for line in chart_lines(app) if "└" in line)
        assert 0 < axis.index("A") < axis.index("B")


async def test_esc_takes_back_marks_then_time_then_view_then_leaves(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter", "w", "z", "m", "left", "m")
        assert "A " in chart_lines(app)[-1]
        await pressed(pilot, "escape")
        assert "┆" in chart_lines(app)[-1]
        assert "18 months · nhs" in chart_lines(app)[0]
        await pressed(pilot, "escape")
        assert "36 months · nhs" in chart_lines(app)[0]
        await pressed(pilot, "escape")
        assert "24 months · nhs" in chart_lines(app)[0]
        await pressed(pilot, "escape")
        assert "FIND THE CAUSE —" in on_screen(app)


# Limits by decision


async def test_limits_begin_anew_from_the_chart_with_a_reason(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter", *["left"] * 6, "b")
        assert "limits anew from" not in "\n".join(chart_lines(app))
        await write(pilot, "New form")
        await pilot.pause()
        assert "→ limits anew from Apr 2026 on: 7 months so far" in on_screen(app)
        await pressed(pilot, "enter")
        shown = on_screen(app)
    assert "saved reviews/2026-11-monthly.toml:" in shown
    assert "② 1 Apr limits computed anew: New form" in shown
    assert "limits anew from 1 Apr" in shown
    record = (root / "reviews" / "2026-11-monthly.toml").read_text(encoding="utf-8")
    assert 'from = 2026-04-01\nreason = "New form"' in record


async def test_limits_cannot_be_fixed_by_few_points(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter", "circumflex_accent", "B")
        assert "the phase has 1 point up to Jan 2025; limits need 5." in on_screen(app)


# The definition in the editor


@pytest.mark.parametrize(
    ("editor", "arguments"),
    [
        (["vim"], ["vim", "+12", "/w/kpis/a.toml"]),
        (["/usr/bin/nano", "-w"], ["/usr/bin/nano", "-w", "+12", "/w/kpis/a.toml"]),
        (["hx"], ["hx", "/w/kpis/a.toml:12"]),
        (["code", "--wait"], ["code", "--wait", "--goto", "/w/kpis/a.toml:12"]),
        (["my-editor"], ["my-editor", "/w/kpis/a.toml"]),
    ],
)
def test_editors_are_told_the_line_in_their_own_way(editor: list[str], arguments: list[str]) -> None:
    assert command(editor, Path("/w/kpis/a.toml"), 12) == arguments


def editor_that(tmp_path: Path, old: str, new: str) -> str:
    """A program that replaces a text in the file that it is given, and notes how it was called."""
    script = tmp_path / "an editor.py"
    script.write_text(
        "import sys, pathlib\n"
        f"pathlib.Path({str(tmp_path / 'called')!r}).write_text(repr(sys.argv[1:]))\n"
        "path = pathlib.Path(sys.argv[1])\n"
        f"path.write_text(path.read_text().replace({old!r}, {new!r}))\n",
        encoding="utf-8",
    )
    return f'{sys.executable} "{script}"'


async def test_a_notice_about_a_key_goes_with_the_next_one_that_changes_what_is_shown(root: Path) -> None:
    async with running(root) as (app, pilot):
        await pressed(pilot, "enter")
        for key in ("z", "less_than_sign", "left", "comma", "m", "w"):
            await pressed(pilot, *["Z"] * 8)
            assert "There is nothing more to show." in on_screen(app), key
            await pressed(pilot, key)
            assert "There is nothing more to show." not in on_screen(app), key
            assert " · into reviews/" in on_screen(app), key


async def test_e_edits_the_definition_and_what_is_wrong_is_told(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KpituiApp, "suspend", lambda _: nullcontext())
    monkeypatch.delenv("VISUAL", raising=False)
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter")
        monkeypatch.setenv("EDITOR", editor_that(tmp_path, 'name = "Leads"', 'name = "Leads of all sorts"'))
        await pressed(pilot, "E")
        await app.workers.wait_for_complete()
        await pilot.pause(0.1)
        assert "› Leads of all sorts" in on_screen(app)
        assert "kpitui.toml is read again: nothing is wrong." in on_screen(app)
        monkeypatch.setenv("EDITOR", editor_that(tmp_path, 'tier = "primary"', 'tier = "primry"'))
        await pressed(pilot, "E")
        await app.workers.wait_for_complete()
        await pilot.pause(0.1)
        assert "kpitui.toml:19: kpi.leads.tier: unknown tier `primry`" in on_screen(app)
    assert str(root / "kpitui.toml") in (tmp_path / "called").read_text(encoding="utf-8")


async def test_without_an_editor_it_says_what_to_set(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KpituiApp, "suspend", lambda _: nullcontext())
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with running(root, (120, 40)) as (app, pilot):
        await pressed(pilot, "enter", "E")
        assert "no editor is set: set $VISUAL or $EDITOR" in on_screen(app)

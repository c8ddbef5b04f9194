"""The definition in the editor (`E`), and files that change in the ways that editors and other programs change them."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kpitui.ui.app import KpituiApp
from kpitui.ui.watch import Watch
from kpitui.ui.widgets.grid import Grid
from tests.ui.helpers import SETTINGS, on_screen, running, write_workspace
from tests.ui.test_kpi_chart import editor_that
from tests.ui.test_live import replace, shown, until


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watch, "EVERY", 0.1)
    monkeypatch.setattr(KpituiApp, "suspend", lambda _: nullcontext())
    monkeypatch.delenv("VISUAL", raising=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme", SETTINGS + '\n[kpi.twice]\nname = "Twice"\nformula = "leads * 2"\n')


async def edited(pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch, folder: Path, old: str, new: str) -> None:
    """Press `E`, with an editor that replaces a text."""
    monkeypatch.setenv("EDITOR", editor_that(folder, old, new))
    await pilot.press("E")


def words(app: KpituiApp) -> str:
    return " ".join(on_screen(app).split())


async def test_what_the_editor_left_is_told_in_a_line_whatever_it_is(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("enter")
        await shown(app, pilot, "RECORD")
        # Sound, and the figures follow.
        await edited(pilot, monkeypatch, tmp_path, "value = 100 }", "value = 140 }")
        await shown(app, pilot, "kpitui.toml is read again: nothing is wrong.")
        assert "target 140" in on_screen(app)
        # The KPI's own formula: the screen stays, E mends it.
        await edited(pilot, monkeypatch, tmp_path, 'name = "Leads"\nsource = "crm"', 'name = "Leads"\nsource = "cmr"')
        await shown(app, pilot, "No figures: ")
        assert "kpitui.toml:15: kpi.leads.source: unknown source `cmr` (did you mean `crm`?)" in on_screen(app)
        assert app.focused_kpi == "leads"
        await edited(pilot, monkeypatch, tmp_path, 'source = "cmr"', 'source = "crm"')
        await shown(app, pilot, "kpitui.toml is read again: nothing is wrong.")
        assert "target 140" in on_screen(app)
        # All of it: the figures are the last ones, and the line says why.
        await edited(pilot, monkeypatch, tmp_path, "[workspace]", "[workspace")
        await shown(app, pilot, "kpitui.toml:1:11: not TOML")
        assert "files not read (!)" in on_screen(app)
        assert "target 140" in on_screen(app)
        await edited(pilot, monkeypatch, tmp_path, "[workspace", "[workspace]")
        await shown(app, pilot, "kpitui.toml is read again: nothing is wrong.")
        assert "files not read" not in on_screen(app)


async def test_an_editor_that_fails_is_told(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "fails.py"
    script.write_text("import sys\nsys.exit(3)\n", encoding="utf-8")
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("enter")
        await shown(app, pilot, "RECORD")
        monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
        await pilot.press("E")
        await shown(app, pilot, f"{Path(sys.executable).name} ended with status 3: kpitui.toml is as it is.")
        assert "nothing is wrong" not in on_screen(app)


async def test_what_follows_from_a_mistake_is_told_last(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("enter")
        await shown(app, pilot, "RECORD")
        await edited(pilot, monkeypatch, tmp_path, 'name = "Leads"\nsource = "crm"', 'name = "Leads"\nsource = "cmr"')
        await shown(app, pilot, "unknown source `cmr` (did you mean `crm`?); until then no figures for …")


async def test_what_an_edit_breaks_in_another_file_is_told_too(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "kpis").mkdir()
    (root / "kpis" / "more.toml").write_text('[kpi.thrice]\nformula = "leads * 3"\n', encoding="utf-8")
    replace(root / "kpitui.toml", '\n[kpi.twice]\nname = "Twice"\nformula = "leads * 2"\n', "")
    async with running(root, (120, 40)) as (app, pilot):
        app.screen.query_one(Grid).focus_kpi("leads")
        await pilot.press("enter")
        await shown(app, pilot, "RECORD")
        await edited(pilot, monkeypatch, tmp_path, "[kpi.leads]", "[kpi.all_leads]")
        await shown(app, pilot, "kpis/more.toml:2: kpi.thrice.formula: unknown id `leads`")
        assert "No figures: it has another id" in on_screen(app)
        assert "kpitui.toml:13 has it as `all_leads`" in words(app)


# How files change


async def test_a_file_that_is_emptied_and_then_written_is_read_once_it_is_whole(root: Path) -> None:
    """As editors save that write in place: between both, nothing is taken for the new content for long."""
    whole = (root / "kpitui.toml").read_text(encoding="utf-8")
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("enter")
        await shown(app, pilot, "target 100")
        for part in ("", whole[: len(whole) // 2], whole[:-40], whole.replace("value = 100 }", "value = 140 }")):
            (root / "kpitui.toml").write_text(part, encoding="utf-8")
            await pilot.pause(0.1)
        await shown(app, pilot, "target 140")
        assert app.focused_kpi == "leads"
        assert len(app._notifications) == 0


async def test_a_file_that_is_replaced_by_a_renamed_one(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("enter")
        await shown(app, pilot, "target 100")
        new = root / ".kpitui.toml.swp"
        text = (root / "kpitui.toml").read_text(encoding="utf-8")
        new.write_text(text.replace("value = 100 }", "value = 140 }"), encoding="utf-8")
        new.replace(root / "kpitui.toml")
        await shown(app, pilot, "target 140")


async def test_a_file_that_becomes_a_link_out_of_the_workspace_is_not_followed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text((root / "kpitui.toml").read_text(encoding="utf-8").replace("value = 100 }", "value = 140 }"))
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("enter")
        await shown(app, pilot, "target 100")
        (root / "kpitui.toml").unlink()
        (root / "kpitui.toml").symlink_to(outside)
        await shown(app, pilot, "files not read (!)")
        assert "target 100" in on_screen(app)
        await pilot.press("!")
        await shown(app, pilot, "not read: it lies outside the workspace")


async def test_a_file_of_kpis_that_may_not_be_read_any_more(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "kpis").mkdir()
    (root / "kpis" / "more.toml").write_text('[kpi.thrice]\nname = "Thrice"\nformula = "leads * 3"\n', encoding="utf-8")
    async with running(root, (120, 40)) as (app, pilot):
        app.screen.query_one(Grid).focus_kpi("thrice")
        await pilot.press("enter")
        await shown(app, pilot, "Thrice")
        former = Path.open

        def refused(path: Path, *arguments: object, **named: object) -> object:
            if path.name == "more.toml":
                raise PermissionError(13, "Permission denied", str(path))
            return former(path, *arguments, **named)  # type: ignore[call-overload]

        monkeypatch.setattr(Path, "open", refused)
        os.utime(root / "kpis" / "more.toml", (1, 1))
        await shown(app, pilot, "No figures: its definition cannot be read")
        assert "kpis/more.toml: cannot be read: Permission denied" in words(app)


async def test_a_csv_that_is_replaced_while_it_is_shown_is_told_and_comes_back(root: Path) -> None:
    file = root / "measurements/crm.csv"
    whole = file.read_text(encoding="utf-8")
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("enter")
        await shown(app, pilot, "RECORD")
        file.write_text("", encoding="utf-8")
        await until(pilot, lambda: "measurements/crm.csv" in words(app))
        assert app.focused_kpi == "leads"
        half = whole[: len(whole) // 2]
        file.write_text(half[: half.rindex(",")], encoding="utf-8")
        await pilot.pause(0.8)
        assert app.focused_kpi == "leads"
        new = file.with_suffix(".tmp")
        new.write_text(whole.replace("2026-10,70,", "2026-10,71,"), encoding="utf-8")
        new.replace(file)
        await shown(app, pilot, " 71 ")

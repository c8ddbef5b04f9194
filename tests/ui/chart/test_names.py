"""Names at a chart's right end: each beside its own line, or where it cannot be read as another one's."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.cells import cell_len

from kpitui.periods import Calendar, Grain
from kpitui.shipped import shipped
from kpitui.ui.app import KpituiApp
from kpitui.ui.chart.draw import FEWEST_COLUMNS, Drafter, Drawing, View
from kpitui.ui.chart.panel import Frame
from kpitui.ui.keymap import KeyMap
from kpitui.workspace.charts.pictures import picture
from kpitui.workspace.charts.values import Level, LevelKind, Line, Panel, Picture
from kpitui.workspace.charts.views import VIEWS, Window
from kpitui.workspace.numbers import Style
from kpitui.workspace.opening import Workspace
from tests.ui.helpers import running

DEMO = shipped("data") / "demo"
PERCENT = Style("number", None, 1, "en_GB")
MONTHS = tuple(Calendar().between(Grain.MONTH, date(2025, 1, 1), date(2025, 12, 31)))
VIEW_IDS = ("months24", "weeks6_months12", "years", "moving_range")
CHARTS = ((58, 6), (60, 7), (64, 6), (66, 11), (78, 9), (80, 15), (82, 26), (118, 17))
"""Of the room and of the drill-down, on terminals of 60×16, 66×20, 80×24 and 120×40."""
FEWEST_BESIDE = 12
"""Columns of the shortest value with a name, such as ` 4.00% mean`: with fewer beside the plot there are none."""


class Named(NamedTuple):
    """A level or line as it should be named."""

    row: int
    text: str
    name: str


def levels(**values: tuple[float, LevelKind]) -> Panel:
    """A year of a KPI that ends at 100, with these levels."""
    return Panel(
        title="",
        periods=MONTHS,
        locale="en_GB",
        lines=(Line("KPI", (0.0, *(100.0,) * 11)),),
        levels=tuple(Level(name, (value,) * 12, kind) for name, (value, kind) in values.items()),
    )


def drawn(panel: Panel, columns: int = 80, rows: int = 9) -> tuple[Picture, Drawing]:
    shown = Picture("months12", "12 months", Grain.MONTH, (panel,), PERCENT)
    return shown, Drafter().draw(shown, columns, rows, View())


def beside(drawing: Drawing) -> list[str]:
    """What stands to the right of each row of the last panel."""
    frame = drawing.frames[-1]
    texts = ["".join(run.text for run in row) for row in drawing.rows[frame.top : frame.bottom]]
    return [text[frame.left + frame.axis.columns :].strip() for text in texts]


def named(shown: Picture, frame: Frame) -> list[Named]:
    """What is to be named of the last panel, the most important first."""
    panel = shown.panels[-1]
    found: list[tuple[str, str, float | None]] = [(one.kind, one.name, one.values[-1]) for one in panel.levels]
    if len(panel.lines) > 1:
        found += [(line.kind, line.name, line.values[line.last]) for line in panel.lines if line.last is not None]
    order = ["actual", "target", "mean", "limit", "year_ago", "two_years_ago", "benchmark_low", "benchmark_high"]
    found.sort(key=lambda one: order.index(one[0]))
    return [
        Named(frame.scale.row(value), f"{shown.written(value)} {name}", name)
        for _, name, value in found
        if value is not None and name
    ]


def assert_beside_their_lines(shown: Picture, drawing: Drawing) -> None:
    """Each name stands on its line's row, or on a free one next to it; where one is missing, there is no room."""
    frame, rows = drawing.frames[-1], beside(drawing)
    wanted = named(shown, frame)
    if not wanted:
        return
    if not frame.gutter:
        plots = sum(one.axis.columns for one in drawing.frames)
        assert plots < FEWEST_COLUMNS + 8 * (len(drawing.frames) - 1) + FEWEST_BESIDE
        return
    homes = {one.row for one in wanted}
    said: dict[Named, int] = {}
    for row, text in enumerate(rows):
        parts = re.split(r" · |, ", text.replace("*", "")) if text else []
        for part in parts:
            cut = part.removesuffix("…")
            of_it = [
                one for one in wanted if part in (one.text, one.name) or (cut != part and one.text.startswith(cut))
            ]
            right = [
                one
                for one in of_it
                if one not in said
                and (one.row == row or (abs(one.row - row) == 1 and row not in homes and len(parts) == 1))
            ]
            assert right, f"{part!r} stands on row {row} of {rows}, wanted {wanted}"
            said[right[0]] = row
    for lost in wanted:
        if lost in said:
            continue
        first, *others = (one for one in wanted if one == lost or said.get(one) == lost.row)
        shortest = cell_len(first.text) + sum(3 + cell_len(one.name) for one in others)
        assert others, f"{lost} is not named though nothing else stands on its row: {rows}"
        assert shortest > frame.gutter - 1, f"{lost} has room: {rows}"


# One chart


def test_names_of_one_row_use_the_free_rows_above_and_below() -> None:
    _, drawing = drawn(levels(upper=(52.0, "limit"), mean=(50.0, "mean"), target=(48.0, "target")), rows=9)
    rows = beside(drawing)
    at = rows.index("50.0 mean")
    assert rows[at - 1 : at + 2] == ["52.0 upper", "50.0 mean", "48.0 target"]


def test_a_name_does_not_move_to_another_levels_row() -> None:
    """In six rows of 0 to 100 each level but one has a neighbour; the target stays with the mean."""
    panel = levels(
        upper=(68.0, "limit"), mean=(50.0, "mean"), target=(48.0, "target"), lower=(34.0, "limit"), far=(10.0, "limit")
    )
    shown, drawing = drawn(panel, rows=9)
    assert "50.0 mean · 48.0 target" in beside(drawing)
    assert_beside_their_lines(shown, drawing)


def test_a_name_does_not_move_to_a_number_of_the_axis() -> None:
    panel = levels(mean=(60.0, "mean"), target=(58.0, "target"))
    shown, drawing = drawn(panel, rows=9)
    frame = drawing.frames[0]
    lines = ["".join(run.text for run in row) for row in drawing.rows[frame.top : frame.bottom]]
    numbered = [row for row, line in enumerate(lines) if "┤" in line]
    assert all(not beside(drawing)[row] for row in numbered if row != frame.scale.row(60.0))
    assert_beside_their_lines(shown, drawing)


@pytest.mark.parametrize(
    ("columns", "text"),
    [(80, "50.0 mean · 48.0 target"), (62, "mean · 48.0 target"), (42, "48.0 target")],
)
def test_names_that_share_a_row_are_shortened_and_the_least_important_left_out(columns: int, text: str) -> None:
    panel = levels(upper=(68.0, "limit"), mean=(50.0, "mean"), target=(48.0, "target"), lower=(34.0, "limit"))
    _, drawing = drawn(panel, columns, rows=9)
    assert beside(drawing)[drawing.frames[0].scale.row(48.0)] == text


def test_a_value_that_two_share_is_written_once() -> None:
    panel = levels(upper=(68.0, "limit"), mean=(50.0, "mean"), target=(50.0, "target"), lower=(34.0, "limit"))
    _, drawing = drawn(panel, rows=9)
    assert any(row in ("50.0 target, mean", "50.0 mean, target") for row in beside(drawing))


def test_each_part_has_the_colour_of_its_line() -> None:
    panel = levels(upper=(68.0, "limit"), mean=(50.0, "mean"), target=(48.0, "target"), lower=(34.0, "limit"))
    _, drawing = drawn(panel, rows=9)
    inks = {name: run.ink for row in drawing.rows for run in row for name in ("mean", "target") if name in run.text}
    assert inks == {"mean": "chart-mean", "target": "chart-target"}


def test_levels_that_meet_on_a_row_are_both_seen() -> None:
    panel = levels(mean=(50.0, "mean"), target=(50.0, "target"), lower=(49.9, "limit"))
    _, drawing = drawn(panel, rows=9)
    frame = drawing.frames[0]
    text = "".join(run.text for run in drawing.rows[frame.row(50.0)])
    assert all(sign in text[frame.left : frame.left + frame.axis.columns] for sign in "─╌·")


def test_weeks_beside_months_leave_room_for_names_on_a_small_terminal() -> None:
    months = levels(mean=(50.0, "mean"), target=(20.0, "target"))
    weeks = months._replace(periods=MONTHS[:6], lines=(Line("KPI", (100.0,) * 6),), levels=())
    shown = Picture("weeks6_months12", "", Grain.MONTH, (weeks, months), PERCENT)
    assert {"50.0 mean", "20.0 target"} <= set(beside(Drafter().draw(shown, 60, 11, View())))


# The demo


@pytest.fixture(scope="module")
def demo() -> Workspace:
    return Workspace.open(DEMO)


@pytest.mark.parametrize("size", CHARTS, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_name_of_the_demo_stands_beside_its_line(demo: Workspace, size: tuple[int, int]) -> None:
    looked_at = 0
    for kpi in demo.definitions.kpis.values():
        for view in VIEWS:
            if view.id in VIEW_IDS:
                shown = picture(demo, kpi, view, Window(), Grain.MONTH, key=KeyMap().shown)
                if shown.empty:
                    continue
                assert_beside_their_lines(shown, Drafter().draw(shown, *size, View()))
                looked_at += 1
    assert looked_at > 60


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Picture, Drawing]]:
    """All that the program draws."""
    found: list[tuple[Picture, Drawing]] = []
    draw = Drafter.draw

    def keeping(drafter: Drafter, shown: Picture, columns: int, rows: int, view: View) -> Drawing:
        drawing = draw(drafter, shown, columns, rows, view)
        found.append((shown, drawing))
        return drawing

    monkeypatch.setattr(Drafter, "draw", keeping)
    return found


@pytest.mark.parametrize("size", [(60, 16), (66, 20), (80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_name_on_the_screens_stands_beside_its_line(
    tmp_path: Path, size: tuple[int, int], seen: list[tuple[Picture, Drawing]]
) -> None:
    root = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    async with running(root, size) as (app, pilot):
        assert isinstance(app, KpituiApp)
        # Three KPIs for the room, then three in the drill-down, each in the view of weeks and months, too.
        for key in ("P", "right", "right", "escape", "enter", "w", "w", "w", "w", "w", "w", "J", "J"):
            await pilot.press(key)
            await pilot.pause(0.02)
    drawings = [(shown, drawing) for shown, drawing in seen if drawing.frames and shown.arrangement == "row"]
    assert {shown.view for shown, _ in drawings} >= {"months24", "weeks6_months12"}
    assert len({shown.panels[0].lines[0].values for shown, _ in drawings}) >= 5
    for shown, drawing in drawings:
        assert_beside_their_lines(shown, drawing)

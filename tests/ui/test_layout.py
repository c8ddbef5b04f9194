"""Which columns have room at which width."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kpitui.periods import Grain
from kpitui.ui.columns import USUAL
from kpitui.ui.layout import lay_out
from tests.ui.helpers import on_screen, running, write_workspace

AT_120 = ["actual", "target", "year_target", "status", "gap", "change", "yoy", "spark", "signal", "owner"]


def shown(width: int, *, over: bool = True) -> list[str]:
    return [column.id for column in lay_out(width, Grain.MONTH, over=over).columns]


def months(width: int, chosen: Sequence[str] = USUAL, *, over: bool = True) -> int:
    """How many the sparkline has room for."""
    columns = lay_out(width, Grain.MONTH, chosen, over=over).columns
    return next((column.width - 1 for column in columns if column.id == "spark"), 0)


def test_what_is_there_at_80_and_at_120() -> None:
    assert shown(80) == ["actual", "target", "gap", "spark", "signal"]
    assert shown(120) == AT_120
    assert shown(119) == AT_120, "a scroll bar takes a cell"
    assert [lay_out(width, Grain.MONTH).name for width in (80, 119)] == [22, 22]


def test_a_period_that_is_not_over_has_its_pace_in_place_of_the_change() -> None:
    assert shown(120, over=False) == [
        *("actual", "target", "year_target", "status", "gap", "yoy", "pace", "spark", "signal", "owner")
    ]


@pytest.mark.parametrize("over", [True, False])
def test_a_wider_grid_has_all_columns_of_a_narrower_one_and_none_is_wider_than_it(*, over: bool) -> None:
    before: set[str] = set()
    for width in range(60, 260):
        layout = lay_out(width, Grain.MONTH, over=over)
        columns = {column.id for column in layout.columns}
        assert before <= columns
        assert 3 + layout.name + sum(column.width for column in layout.columns) <= width
        before = columns
    assert len(before) == 13


@pytest.mark.parametrize(("width", "shown"), [(60, 0), (80, 13), (100, 13), (120, 13), (160, 22), (200, 25)])
def test_the_trend_has_13_months_at_80_and_more_where_all_columns_have_room(width: int, shown: int) -> None:
    assert months(width) == shown


@pytest.mark.parametrize("over", [True, False])
@pytest.mark.parametrize("more", [(), ("objective",), ("team", "id"), ("usual", "coverage", "stage")])
def test_a_wider_grid_never_shows_fewer_months(more: tuple[str, ...], *, over: bool) -> None:
    lengths = [months(width, (*USUAL, *more), over=over) for width in range(60, 300)]
    assert lengths == sorted(lengths)


@pytest.mark.parametrize("grain", list(Grain))
def test_titles_have_room(grain: Grain) -> None:
    for width in range(60, 260):
        for column in lay_out(width, grain).columns:
            assert len(column.title) < column.width


async def test_at_120_words_are_short_and_figures_whole(tmp_path: Path) -> None:
    async with running(write_workspace(tmp_path / "acme"), (120, 40)) as (app, _):
        lines = on_screen(app).split("\n")
    assert lines[1].split() == [
        *("KPI", "Actual", "Target", "Yr", "goal", "Status", "Gap", "vs", "mth", "vs", "year", "13"),
        *("months", "Change", "Owner"),
    ]
    response = next(line for line in lines if " Response time" in line)
    # 22.5 % under 8 hours; 6.0 in September, and in October 2025.
    assert response.split()[3:10] == ["6.2h", "≤8.0h", "≤8.0h", "Ahead", "+22.5%", "+0.2h", "+0.2h"]
    assert response.rstrip().endswith("usual          ops")
    leads = next(line for line in lines if " Leads" in line)
    assert leads.rstrip().endswith("worse ↓ limit  ops")
    # Nobody answers for it.
    assert next(line for line in lines if " Customers lost" in line).rstrip().endswith("nobody")


async def test_the_chooser_calls_columns_as_the_grid_does(tmp_path: Path) -> None:
    async with running(write_workspace(tmp_path / "acme")) as (app, pilot):
        assert " 13 months " in on_screen(app).split("\n")[1]
        await pilot.press("C")
        await pilot.pause()
        assert "✓ 13 months " in on_screen(app)

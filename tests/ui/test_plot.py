"""Pictures of plain values: what is drawn where."""

from __future__ import annotations

import pytest

from kpitui.ui.widgets.plot import Level, Mark, Picture, draw

RED, GREY = (200, 0, 0), (100, 100, 100)


def picture(**changes: object) -> Picture:
    count = 24
    plain = Picture(
        labels=[f"m{i}" for i in range(count)],
        values=[6 + i * 0.1 for i in range(count)],
        hollow=frozenset(),
        year_ago=[None] * count,
        levels=[Level("target", [8.0] * count, "╌", RED), Level("mean", [7.0] * count, "─", GREY)],
        marks=[],
        cursor=None,
        written=lambda value: f"{value:.1f}h",
        line=RED,
        quiet=GREY,
        year_ago_colour=GREY,
    )
    return plain._replace(**changes)


def drawn(shown: Picture, columns: int = 80, rows: int = 25) -> list[str]:
    return ["".join(segment.text for segment in line) for line in draw(shown, columns, rows)]


@pytest.mark.parametrize("rows", [6, 10, 16, 25, 26, 40, 80])
@pytest.mark.parametrize("columns", [24, 60, 80, 200, 400])
def test_a_picture_fills_its_area_whatever_the_terminal_is(columns: int, rows: int) -> None:
    lines = drawn(picture(), columns, rows)
    assert len(lines) == rows
    assert {len(line) for line in lines} == {columns}


@pytest.mark.parametrize("rows", [16, 25, 26, 40])
def test_a_levels_name_stands_beside_its_line(rows: int) -> None:
    lines = drawn(picture(), rows=rows)
    assert next(line for line in lines if "╌╌╌" in line).endswith(" 8.0h target")
    assert next(line for line in lines if "───" in line and "└" not in line).endswith(" 7.0h mean  ")


def test_levels_that_meet_have_their_names_one_above_the_other() -> None:
    same = [Level("target", [7.0] * 24, "╌", RED), Level("mean", [7.0] * 24, "─", GREY)]
    lines = drawn(picture(levels=same))
    assert sum("7.0h target" in line for line in lines) == 1
    assert sum("7.0h mean" in line for line in lines) == 1


def test_marks_and_hollow_points_are_told_by_shape() -> None:
    lines = drawn(picture(marks=[Mark(3, "▼", RED)], hollow=frozenset({23})))
    text = "\n".join(lines)
    assert text.count("▼") == 1
    assert text.count("○") == 1


def test_a_missing_value_is_a_gap() -> None:
    values: list[float | None] = [7.0] * 24
    values[10:14] = [None] * 4
    line = next(line for line in drawn(picture(values=values, levels=[])) if "•" in line)
    assert line.count("•") == 20
    assert " " * 10 in line.strip()


@pytest.mark.parametrize("values", [[5.0] * 24, [0.0] * 24, [-3.0] * 24, [None] * 23 + [1.0], [1e-300] * 23 + [1e280]])
def test_flat_and_extreme_series_are_drawn(values: list[float | None]) -> None:
    assert len(drawn(picture(values=values, levels=[]))) == 25


def test_nothing_to_draw_and_no_room_are_said() -> None:
    assert any("no values to draw" in line for line in drawn(picture(values=[None] * 24, levels=[])))
    assert any("too small" in line for line in drawn(picture(), 20, 5))

"""Segments where small charts have no room: a line each, with its figure."""

from __future__ import annotations

from kpitui.ui.chart.draw import Stop, View
from kpitui.workspace.charts.values import Line, Panel, Picture
from tests.ui.chart.test_draw import drawing, panel, picture, text

RISING = [float(i) for i in range(1, 25)]
FALLING = RISING[::-1]


def segment(title: str, values: list[float | None], **changes: object) -> Panel:
    return panel(title=title, lines=(Line(title, tuple(values)),), levels=(), **changes)


def segments(*shown: Panel) -> Picture:
    return picture(*shown, arrangement="grid")


def test_at_60x20_each_segment_has_a_line_and_its_last_figure() -> None:
    north = panel(title="North", lines=(Line("North", tuple(RISING), incomplete=frozenset({23})),), levels=())
    found = text(segments(north, segment("日本", FALLING), segment("[/b]", [None] * 24)), 60, 9)
    assert found[0].startswith(" 24 months · nhs · each line on its own scale")
    assert [line.split()[0] for line in found[1:7:2]] == ["North", "日本", "[/b]"]
    # Of a figure that lacks a value the mark is shown, of none at all that there is none.
    assert [line.split()[-1] for line in found[1:7:2]] == ["24.0h*", "1.0h", "—"]
    assert "Jun ’25" in found[8]


def test_the_figure_is_that_at_the_cursor_which_stands_on_the_axis() -> None:
    shown = segments(segment("North", RISING), segment("South", FALLING), segment("West", RISING))
    found = text(shown, 60, 6, View(cursor=Stop(0, 2)))
    assert [line.split()[-1] for line in found[1:4]] == ["3.0h", "22.0h", "3.0h"]
    axis = found[4]
    assert axis[drawing(shown, 60, 6).frames[0].column(2)] == "┆"


def test_more_segments_than_lines_are_counted() -> None:
    found = text(segments(*(segment(f"region {i}", RISING) for i in range(13))), 60, 10)
    assert found[0].rstrip().endswith("and 6 more")
    assert [line.split()[1] for line in found[1:8]] == ["0", "1", "2", "3", "4", "5", "6"]


def test_where_four_small_charts_have_room_they_are_charts() -> None:
    shown = segments(*(segment(f"region {i}", RISING) for i in range(13)))
    assert "own scale" not in "".join(text(shown, 80, 15))
    assert drawing(shown, 80, 15).shown == 4

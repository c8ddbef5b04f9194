"""Pictures in cells: what is drawn where, at any size, with and without colour."""

from __future__ import annotations

from datetime import date

import pytest

from kpitui.periods import Calendar, Grain
from kpitui.ui.chart import lines
from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.chart.draw import Drafter, Drawing, Stop, View
from kpitui.ui.chart.lines import Dot, braille
from kpitui.ui.chart.scale import Axis
from kpitui.ui.chart.thinning import runs
from kpitui.workspace.charts.values import Happening, Level, Line, Mark, Panel, Picture
from kpitui.workspace.numbers import Style

HOURS = Style("hours", None, 1, "en_GB")
MONTHS = tuple(Calendar().between(Grain.MONTH, date(2024, 1, 1), date(2025, 12, 31)))


def panel(values: list[float | None] | None = None, **changes: object) -> Panel:
    shown = values if values is not None else [6 + i * 0.1 for i in range(24)]
    plain = Panel(
        title="",
        periods=MONTHS[: len(shown)],
        locale="en_GB",
        lines=(Line("Response time", tuple(shown)),),
        levels=(
            Level("target", (8.0,) * len(shown), "target"),
            Level("mean", (7.0,) * len(shown), "mean"),
        ),
    )
    return plain._replace(**changes)


def marked(marks: dict[int, Mark]) -> tuple[Mark | None, ...]:
    return tuple(marks.get(at) for at in range(24))


def picture(*panels: Panel, **changes: object) -> Picture:
    plain = Picture("months24", "24 months · nhs", Grain.MONTH, panels or (panel(),), HOURS)
    return plain._replace(**changes)


def drawing(shown: Picture, columns: int = 80, rows: int = 25, view: View | None = None) -> Drawing:
    return Drafter().draw(shown, columns, rows, view or View())


def text(shown: Picture, columns: int = 80, rows: int = 25, view: View | None = None) -> list[str]:
    return ["".join(run.text for run in row) for row in drawing(shown, columns, rows, view).rows]


@pytest.mark.parametrize("rows", [6, 10, 16, 25, 26, 40, 80])
@pytest.mark.parametrize("columns", [24, 60, 80, 200, 400])
@pytest.mark.parametrize("panels", [1, 2])
def test_a_picture_fills_its_area_whatever_the_terminal_is(columns: int, rows: int, panels: int) -> None:
    found = text(picture(*[panel()] * panels), columns, rows)
    assert len(found) == rows
    assert {len(line) for line in found} == {columns}


@pytest.mark.parametrize("columns", [24, 60, 80, 120, 200])
@pytest.mark.parametrize("rows", [6, 12, 25, 60])
def test_small_charts_fill_their_area(columns: int, rows: int) -> None:
    shown = picture(*[panel(title=f"region {i}", levels=()) for i in range(13)], arrangement="grid")
    found = text(shown, columns, rows)
    assert len(found) == rows
    assert {len(line) for line in found} == {columns}


def test_small_charts_that_have_no_room_are_counted() -> None:
    shown = picture(*[panel(title=f"region {i}", levels=()) for i in range(13)], arrangement="grid")
    found = text(shown, 80, 24)
    assert "and 7 more" in found[0]
    assert "region 5" in "\n".join(found)
    assert "region 6" not in "\n".join(found)


@pytest.mark.parametrize("rows", [16, 25, 26, 40])
def test_a_levels_name_stands_beside_its_line(rows: int) -> None:
    found = text(picture(), rows=rows)
    assert next(line for line in found if "╌╌╌" in line).endswith(" 8.0h target ")
    assert next(line for line in found if "───" in line and "└" not in line).endswith(" 7.0h mean   ")


def test_levels_that_meet_have_their_names_one_above_the_other() -> None:
    same = (Level("target", (7.0,) * 24, "target"), Level("mean", (7.0,) * 24, "mean"))
    found = text(picture(panel(levels=same)))
    assert sum("7.0h target" in line for line in found) == 1
    assert sum("7.0h mean" in line for line in found) == 1


def test_a_figure_at_the_right_end_that_lacks_values_is_marked() -> None:
    now = Line("2026", (*[7.0] * 23, 9.0), incomplete=frozenset({23}))
    before = Line("2025", (6.0,) * 24, "year_ago", incomplete=frozenset({3}))
    found = text(picture(panel(lines=(now, before), levels=())))
    assert any(line.rstrip().endswith(" 9.0h* 2026") for line in found)
    assert any(line.rstrip().endswith(" 6.0h 2025") for line in found)


def test_remarks_have_a_second_line_where_there_are_rows() -> None:
    remarks = ("not stable: rebase, or chart the change", "autocorrelated (r = 0.58): limits too narrow")
    shown = picture(remarks=remarks)
    assert text(shown, 120)[0].strip() == f"24 months · nhs · {remarks[0]} · {remarks[1]}"
    assert [line.strip() for line in text(shown)[:2]] == [f"24 months · nhs · {remarks[0]}", remarks[1]]
    assert text(shown, rows=14)[0].rstrip().endswith("change · autocorrelated …")


def test_a_revised_target_is_a_step() -> None:
    step = (Level("target", (6.0,) * 12 + (8.0,) * 12, "target"),)
    found = text(picture(panel([7.0] * 24, levels=step)))
    upper, lower = (line for line in found if "╌╌╌" in line)
    assert upper.index("╌") > lower.rindex("╌")


def test_levels_of_two_phases_are_not_joined() -> None:
    mean = (Level("mean", (7.0,) * 24, "mean"),)
    gaps = []
    for starts in (frozenset[int](), frozenset({12})):
        found = text(picture(panel([None] * 23 + [6.0], levels=mean, phase_starts=starts)))
        (line,) = (line for line in found if "───" in line and "└" not in line)
        gaps.append(line.count("─ ─"))
    assert gaps == [0, 1]


def test_signals_and_periods_that_are_not_over_are_told_by_shape() -> None:
    shown = picture(
        panel(marks=marked({3: Mark("below", "worse"), 5: Mark("above", "better")}), hollow=frozenset({23}))
    )
    found = "\n".join(text(shown))
    assert (found.count("▼"), found.count("▲"), found.count("○")) == (1, 1, 1)


def test_signals_are_told_by_colour_as_well() -> None:
    shown = picture(panel(marks=marked({3: Mark("below", "worse")})))
    inks = {run.ink for row in drawing(shown).rows for run in row if "▼" in run.text}
    assert inks == {"signal-worse"}


def test_a_missing_value_is_a_gap() -> None:
    values: list[float | None] = [7.0] * 24
    values[10:14] = [None] * 4
    line = next(line for line in text(picture(panel(values, levels=()))) if "•" in line)
    assert line.count("•") == 20
    assert " " * 10 in line.strip()


def test_a_benchmark_is_a_band_behind_the_plot() -> None:
    band = (Level("benchmark", (6.5,) * 24, "benchmark_low"), Level("benchmark", (7.5,) * 24, "benchmark_high"))
    shown = drawing(picture(panel(levels=band)))
    filled = [y for y, row in enumerate(shown.rows) if any(run.fill == "chart-band" for run in row)]
    assert filled == list(range(filled[0], filled[-1] + 1))
    assert 8 <= len(filled) <= 11  # 1.0 of the 2.5 hours that 22 rows show
    names = "\n".join("".join(run.text for run in row) for row in shown.rows)
    assert "7.5h benchmark" in names
    assert "6.5h benchmark" in names


@pytest.mark.parametrize("values", [[5.0] * 24, [0.0] * 24, [-3.0] * 24, [None] * 23 + [1.0], [1e-300] * 23 + [1e280]])
def test_flat_and_extreme_series_are_drawn(values: list[float | None]) -> None:
    assert len(text(picture(panel(values, levels=())))) == 25


def test_no_room_and_nothing_to_draw_are_said() -> None:
    assert any("too small" in line for line in text(picture(), 20, 5))
    assert any("no measurements yet" in line for line in text(picture(empty="no measurements yet")))


def test_what_happened_has_a_number_on_the_axis_and_a_text_below() -> None:
    shown = picture(happenings=(Happening(date(2024, 5, 3), "event", "x"), Happening(date(2025, 5, 3), "event", "y")))
    found = text(shown, view=View(texts=("① 3 May 2024 Relaunch", "② 3 May Routing rule")))
    axis = next(line for line in found if "└" in line)
    assert 0 < axis.index("①") < axis.index("②")
    assert found[-1].startswith(" ① 3 May 2024 Relaunch   ② 3 May Routing rule")


def test_what_happened_at_the_cursor_comes_first() -> None:
    many = tuple(Happening(period.start, "event", "x") for period in MONTHS[:20])
    texts = tuple(f"{chr(0x2460 + i)} something that takes some room, number {i}" for i in range(20))
    found = text(picture(happenings=many), rows=16, view=View(cursor=Stop(0, 2), texts=texts))
    assert found[-1].startswith(" ③ something")


def test_three_texts_that_take_a_line_each_stand_below_the_chart_of_a_screen_of_40_rows() -> None:
    """A third of that screen is for the records and what else stands there: 17 rows are the fewest of its chart."""
    three = tuple(Happening(period.start, "event", "x") for period in MONTHS[:3])
    texts = tuple(f"{chr(0x2460 + i)} something that takes more than half of the line" for i in range(3))
    found = text(picture(happenings=three), rows=17, view=View(texts=texts))
    assert [line[1] for line in found[-3:]] == ["①", "②", "③"]


def test_two_marked_periods_have_letters() -> None:
    found = text(picture(), view=View(letters={Stop(0, 4): "A", Stop(0, 20): "B"}))
    axis = next(line for line in found if "└" in line)
    assert 0 < axis.index("A") < axis.index("B")


def test_a_click_finds_the_period_that_is_drawn_there() -> None:
    shown = drawing(picture(panel(), panel()), 120, 25)
    for number, frame in enumerate(shown.frames):
        for at in range(24):
            assert shown.stop(frame.column(at), frame.top) == Stop(number, at)
    assert shown.stop(0, 3) is None


def test_hostile_texts_stay_in_their_cells() -> None:
    name = "\x1b]52;c;x\x07[/b]\u202e漢字"
    shown = picture(panel(title=name), panel(title=name), title=name)
    found = text(shown, 100, 25, View(texts=(f"① {name}",)))
    assert not any("\x1b" in line or "\x07" in line or "\u202e" in line for line in found)


# Many periods


def test_of_values_above_each_other_the_extremes_stay() -> None:
    axis = Axis(periods=10, columns=1)  # two dots across, five periods each
    assert runs([3.0, 9.0, 1.0, 5.0, 4.0, *[2.0] * 5], axis) == [[1, 2, 5]]
    assert runs([None, None, 3.0, None, None, *[None] * 5], axis) == [[2]]


def test_a_gap_of_a_column_of_dots_ends_a_run() -> None:
    values = [1.0] * 10 + [None] * 10 + [1.0] * 20
    assert runs(values, Axis(periods=40, columns=2)) == [[0], [20, 30]]
    assert runs([1.0, None, 2.0], Axis(periods=3, columns=40)) == [[0], [2]]


DECADE = tuple(Calendar().between(Grain.DAY, date(2016, 1, 1), date(2025, 12, 31)))


def a_decade() -> Panel:
    """Ten years of days, each a signal."""
    values = tuple(float(i * 7919 % 1000) for i in range(len(DECADE)))
    return Panel("", DECADE, "en_GB", (Line("x", values),), marks=(Mark("above", "better"),) * len(DECADE))


def test_ten_years_of_days_give_plotext_no_point_and_one_year_as_many_as_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[int] = []
    draw = lines._built

    def counting(columns: int, rows: int, across: list[int | None], up: list[int | None]) -> list[str]:
        given.append(len(across))
        return draw(columns, rows, across, up)

    monkeypatch.setattr(lines, "_built", counting)
    drawing(picture(a_decade()), 80, 25)
    assert given == []
    drawing(picture(a_decade()), 4000, 25)
    assert given == [3653]


def test_of_ten_years_a_stroke_per_column_of_dots_shows() -> None:
    shown = drawing(picture(a_decade()._replace(marks=())), 80, 25)
    (frame,) = shown.frames
    plot = ["".join(run.text for run in row)[frame.left : frame.left + frame.axis.columns] for row in shown.rows]
    # All of 0 to 999 are in each column: each cell of the plot is full.
    assert {row.strip("⣿") for row in plot[frame.top + 3 : frame.bottom - 3]} == {""}


def test_strokes_reach_each_other_and_leave_what_plotext_drew() -> None:
    crowded = [Dot(0, 0), Dot(0, 1), Dot(1, 6), Dot(1, 7)]
    assert braille(3, 2, [crowded, [Dot(4, 0), Dot(5, 0)]]) == ["⢸  ", "⡜ ⣀"]


def test_ten_years_of_days_write_as_many_cells_as_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    put, count = Canvas.put, 0

    def counting(canvas: Canvas, x: int, y: int, letter: str, ink: str = "") -> None:
        nonlocal count
        count += 1
        put(canvas, x, y, letter, ink)

    monkeypatch.setattr(Canvas, "put", counting)
    shown = drawing(picture(a_decade()), 80, 25)
    assert sum("▲" in run.text for row in shown.rows for run in row) > 0
    assert count <= 80 * 25


def test_a_drawing_that_only_moves_its_cursor_asks_for_no_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    drafter, shown = Drafter(), picture()
    drafter.draw(shown, 80, 25, View(cursor=Stop(0, 1)))
    monkeypatch.setattr("kpitui.ui.chart.draw.braille", lambda *_: pytest.fail("drawn again"))
    rows = drafter.draw(shown, 80, 25, View(cursor=Stop(0, 2))).rows
    assert any("┆" in run.text for row in rows for run in row)


def test_a_row_has_few_runs() -> None:
    """Blanks between the dots of a limit do not cost a style each."""
    limits = (Level("upper", (8.5,) * 24, "limit"),)
    row = next(row for row in drawing(picture(panel(levels=limits))).rows if any("· ·" in run.text for run in row))
    assert len(row) <= 3

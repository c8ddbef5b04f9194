"""Rows that may be there twice: the figures that count them say so, and no others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kpitui.measurements import chunks
from kpitui.report.figures_json import scorecard_json
from kpitui.report.tables import scorecard_table
from kpitui.workspace.opening import Workspace
from kpitui.workspace.wording import row_remark, signal_sentence, spoken

Open = Callable[..., Workspace]

WIDE = """
[source.shop]
files = "*.csv"
date = "date"
frequency = "daily"
[measure.north]
source = "shop"
column = "sales"
aggregate = "sum"
where = { region = ["north"] }
[measure.south]
source = "shop"
column = "sales"
aggregate = "sum"
where = { region = ["south"] }
[kpi.of_north]
formula = "north"
[kpi.of_south]
formula = "south"
[kpi.both]
formula = "north + south"
[kpi.growth]
formula = "north / prev(north)"
"""
ROWS = """date,region,sales
2026-08-31,north,5
2026-08-31,south,5
2026-09-30,north,5
2026-09-30,south,5
2026-09-30,north,5
2026-10-31,north,5
2026-10-31,south,5
"""
LONG = """
[source.shop]
files = "*.csv"
date = "date"
frequency = "daily"
layout = "long"
measure = "region"
value = "sales"
[kpi.of_north]
source = "shop"
key = "north"
aggregate = "sum"
[kpi.of_south]
source = "shop"
key = "south"
aggregate = "sum"
"""


def marked(workspace: Workspace, kpi: str) -> list[str]:
    """The months of which a figure is marked."""
    latest = workspace.period("2026-10")
    points = workspace.figures.points(workspace.kpi(kpi), latest, 3)
    return [point.period.id for point in points if point.possible_duplicates]


@pytest.mark.parametrize("in_parts", [False, True])
@pytest.mark.parametrize("settings", [WIDE, LONG], ids=["wide", "long"])
def test_the_periods_and_measures_that_count_them(
    opened: Open, monkeypatch: pytest.MonkeyPatch, settings: str, in_parts: bool
) -> None:
    if in_parts:
        monkeypatch.setattr(chunks, "LARGE", 0)
        monkeypatch.setattr(chunks, "_FIRST", 12)
        monkeypatch.setattr(chunks, "SIZE", 30)
    for _ in ("read", "kept in the cache"):
        workspace = opened(settings, {"a.csv": ROWS})
        assert marked(workspace, "of_north") == ["2026-09"]
        assert marked(workspace, "of_south") == []


def test_a_formula_counts_what_its_inputs_count(opened: Open) -> None:
    workspace = opened(WIDE, {"a.csv": ROWS})
    assert marked(workspace, "both") == ["2026-09"]
    assert marked(workspace, "growth") == ["2026-09", "2026-10"]


def test_a_copy_of_a_file_beside_it(opened: Open) -> None:
    copy = "date,region,sales\n2026-10-31,south,5\n"
    workspace = opened(WIDE, {"a.csv": ROWS, "a (1).csv": copy})
    assert marked(workspace, "of_south") == ["2026-10"]


def test_a_date_without_a_figure_is_not_marked(opened: Open) -> None:
    workspace = opened(WIDE, {"a.csv": ROWS + "2026-09-30,north,x\n"})
    assert marked(workspace, "of_north") == []


def test_what_is_said_of_it(opened: Open) -> None:
    workspace = opened(WIDE, {"a.csv": ROWS})
    september = workspace.period("2026-09")
    row = workspace.row(workspace.kpi("of_north"), september)
    assert row_remark(row, "en_GB", workspace.as_of) == "1/30 days"  # it is not judged at all
    sentence = "of_north: 10* so far known, 1/30 days, with possible duplicates: too little to judge."
    assert spoken(row, workspace.definitions, workspace.as_of) == sentence
    workspace = opened(WIDE.replace('"daily"', '"monthly"'), {"a.csv": ROWS})
    row = workspace.row(workspace.kpi("of_north"), september)
    assert row_remark(row, "en_GB", workspace.as_of) == "duplicates?"
    sentence = "of_north: 10, with possible duplicates: a value may be counted twice."
    assert spoken(row, workspace.definitions, workspace.as_of) == sentence
    assert signal_sentence(row.point) == "POSSIBLE DUPLICATES: a value may be counted twice"

    card = workspace.scorecard(september)
    header, lines, _ = scorecard_table(card, workspace.definitions)
    assert {line[1]: line[header.index("remarks")] for line in lines} == {
        "of_north": "possible duplicates",
        "of_south": "",
        "both": "possible duplicates",
        "growth": "possible duplicates",
    }
    header, lines, _ = scorecard_table(card, workspace.definitions, exact=True)
    assert {line[1]: line[header.index("possible_duplicates")] for line in lines} == {
        "of_north": "yes",
        "of_south": "",
        "both": "yes",
        "growth": "yes",
    }
    answer = scorecard_json(card)["kpis"]
    assert [kpi["possible_duplicates"] for kpi in answer] == [True, False, True, True]

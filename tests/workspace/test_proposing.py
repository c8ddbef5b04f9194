"""What the columns of a file are taken for, and what a person's word changes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpitui.measurements.guess import TableGuess, guess
from kpitui.workspace.amending import amended
from kpitui.workspace.proposing import Proposal, propose


def proposal(folder: Path, header: str, *rows: str) -> Proposal:
    (folder / "desk.csv").write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    table = guess(folder, "desk.csv")
    assert isinstance(table, TableGuess)
    return propose("Help desk", table, "desk")


@pytest.mark.parametrize(
    ("column", "value", "aggregate", "unit", "direction"),
    [
        ("calls", "400", "sum", "number", "up"),
        ("revenue_eur", "1200.5", "sum", "currency", "up"),
        ("Conversion rate", "0.25", "mean", "percent", "up"),
        ("churn_rate", "0.02", "mean", "percent", "down"),
        ("on-time share", "97", "mean", "%", "up"),
        ("avg_response_hours", "9.4", "mean", "hours", "down"),
        ("hours worked", "160", "sum", "hours", "up"),
        ("cycle time days", "3", "mean", "days", "down"),
        ("complaints", "3", "sum", "number", "down"),
        ("returning customers", "30", "sum", "number", "up"),
        ("backlog", "12", "last", "number", "down"),
        ("headcount", "48", "last", "number", "up"),
        ("NPS", "41", "mean", "score", "up"),
        ("Wartezeit min", "4.5", "mean", "min", "down"),
        ("Cost per order", "12.5", "mean", "currency", "down"),
        ("Kosten je Auftrag", "12.5", "mean", "currency", "down"),
        ("Days sales outstanding", "40", "mean", "days", "down"),
        ("Temperature", "21.5", "mean", "number", "up"),
        ("Avg response ms", "250", "mean", "ms", "down"),
        ("Open tickets", "17", "last", "number", "down"),
        ("Reklamationsquote", "0.02", "mean", "percent", "down"),
        ("load", "0.4", "mean", "number", "up"),
    ],
)
def test_a_column_by_its_name_and_values(
    tmp_path: Path, column: str, value: str, aggregate: str, unit: str, direction: str
) -> None:
    kpi = proposal(tmp_path, f"month,{column}", f"2026-09,{value}", f"2026-10,{value}").kpis[0]
    assert (kpi.aggregate, kpi.unit, kpi.direction) == (aggregate, unit, direction)


def test_names_and_ids(tmp_path: Path) -> None:
    found = proposal(tmp_path, "month,first_contact,Gelöste Fälle,2nd line,First contact", "2026-09,1,2,3,4")
    assert [(kpi.id, kpi.name) for kpi in found.kpis] == [
        ("first_contact", "First contact"),
        ("geloste_falle", "Gelöste Fälle"),
        ("kpi_2nd_line", "2nd line"),
        ("first_contact_2", "First contact"),
    ]


def test_of_events_the_rows_are_counted_and_times_are_not_added_up(tmp_path: Path) -> None:
    found = proposal(tmp_path, "day,minutes", "2026-10-01,5", "2026-10-01,7", "2026-10-02,9")
    assert [(kpi.name, kpi.column, kpi.aggregate) for kpi in found.kpis] == [
        ("Desk", None, "count"),
        ("Minutes", "minutes", "mean"),
    ]


@pytest.fixture
def three(tmp_path: Path) -> Proposal:
    return proposal(tmp_path, "month,calls,cost,wait", "2026-09,1,2,3", "2026-10,2,2,3")


def test_a_person_changes_lines(three: Proposal) -> None:
    found = amended(amended(amended(three, "1 target 400"), "3 hours"), "2, 3 up")
    assert [(kpi.target, kpi.unit, kpi.direction) for kpi in found.kpis] == [
        (400, "number", "up"),
        (None, "currency", "up"),
        (None, "hours", "up"),
    ]
    assert [kpi.name for kpi in amended(amended(three, "2 off"), "1 name Calls in").kpis] == ["Calls in", "Wait"]
    assert amended(three, "currency chf").currency == "CHF"
    assert amended(three, "1 target 12.5 a month").kpis[0][-3:-1] == (12.5, "month")
    assert amended(three, '1 "pallets"').kpis[0].unit == "pallets"
    assert amended(three, "1 mean").kpis[0].aggregate == "mean"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("down", "begin with the number"),
        ("4 down", "there is no line 4"),
        ("0 down", "there is no line 0"),
        ("2", "say what is to change"),
        ("2 sideways", "`sideways` is no change"),
        ("2 target soon", "a target is a number"),
        ("2 target nan", "a target is a number"),
        ("2 target 400 a moment", "`moment` is none"),
        ("2 target 4%", "is not in per cent"),
        ("1 percent", "goes up to 2"),
        ("1 2 3 off", "one KPI has to stay"),
        ("currency euro", "three letters"),
    ],
)
def test_what_is_no_change_says_so(three: Proposal, line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        amended(three, line)


def test_a_target_is_read_as_the_file_writes_its_numbers(tmp_path: Path) -> None:
    found = proposal(tmp_path, "month;calls;share", "2026-09;1.205.000,5;0,25", "2026-10;350.000,5;0,3")
    assert amended(found, "1 target 350.000").kpis[0].target == 350_000
    assert amended(found, "1 target 350,5").kpis[0].target == 350.5
    assert amended(found, "2 target 30%").kpis[1].target == 0.3
    with pytest.raises(ValueError, match=r"write 30%, or 0\.3"):
        amended(found, "2 target 30")

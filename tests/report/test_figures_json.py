"""The JSON of `scorecard`, `series` and `actions`: its keys are a promise."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kpitui.periods import Grain
from kpitui.report.actions import actions_json
from kpitui.report.figures_json import scorecard_json, series_json
from kpitui.report.tables import scorecard_table, series_table
from kpitui.shipped import shipped
from kpitui.workspace.opening import Workspace
from kpitui.workspace.register import action_register, open_journal


@pytest.fixture(scope="module")
def demo() -> Workspace:
    return Workspace.open(shipped("data") / "demo")


@pytest.fixture(scope="module")
def scorecard(demo: Workspace) -> dict[str, Any]:
    return scorecard_json(demo.scorecard())


@pytest.fixture(scope="module")
def series(demo: Workspace) -> dict[str, Any]:
    trends = [demo.trend(kpi, Grain.MONTH, 3) for kpi in demo.definitions.kpis.values()]
    return series_json(demo, Grain.MONTH, trends)


def of(answer: dict[str, Any], kpi_id: str) -> dict[str, Any]:
    return next(kpi for kpi in answer["kpis"] if kpi["id"] == kpi_id)


def test_the_scorecard(scorecard: dict[str, Any]) -> None:
    assert {key: value for key, value in scorecard.items() if key != "kpis"} == {
        "schema": 1,
        "workspace": "Acme marketing",
        "as_of": "2026-11-04",
        "known_at": None,
        "grain": "month",
        "period": "2026-10",
        "problems": 0,
    }
    keys = {
        "id", "name", "owner", "tier", "kind", "perspective", "objective", "unit", "currency", "direction", "period",
        "actual", "complete", "usable", "partial", "coverage", "stale_since", "restated", "redefined_since", "manual",
        "possible_duplicates",
        "target", "target_low", "target_high", "year_target", "year_target_per", "gap", "status",
        "status_basis", "change", "yoy", "comparison", "signal",
        "variation", "assurance", "method", "group", "spark", "notes", "open_actions", "missing_components", "spoiled",
        "weeks",
    }  # fmt: skip
    assert all(set(kpi) == keys for kpi in scorecard["kpis"])


def test_a_row_of_the_scorecard(scorecard: dict[str, Any]) -> None:
    row = of(scorecard, "sql_rate")
    assert row["signal"] == {"rule": "outside_limits", "side": "below"}
    assert {
        key: row[key] for key in ("actual", "target", "year_target", "gap", "status", "status_basis", "comparison")
    } == {
        "actual": 0.22,
        "target": 0.25,
        "year_target": 0.25,
        "gap": pytest.approx(-0.12),
        "status": "behind",
        "status_basis": "actual",
        "comparison": "points",
    }
    assert (row["variation"], row["method"], row["group"]) == ("concern_low", "nhs", "find_the_cause")
    assert (row["open_actions"], row["missing_components"], len(row["spark"])) == (1, [], 13)


def test_what_is_missing_is_null(scorecard: dict[str, Any]) -> None:
    nps = of(scorecard, "nps")
    assert [nps[key] for key in ("actual", "gap", "change", "yoy", "signal", "variation")] == [None] * 6
    assert (nps["status"], nps["stale_since"], nps["target"]) == ("no_data", "2026-05-03", 40)
    assert of(scorecard, "record_quality")["missing_components"] == ["owner"]


def test_a_range_has_two_bounds_instead_of_a_target(scorecard: dict[str, Any]) -> None:
    row = of(scorecard, "budget_use")
    assert (row["target"], row["target_low"], row["target_high"]) == (None, 0.95, 1.05)


def test_a_chart_names_the_method_that_drew_it(scorecard: dict[str, Any]) -> None:
    assert of(scorecard, "deal_size")["method"] == "wheeler"
    assert {row["method"] for row in scorecard["kpis"]} == {"nhs", "wheeler", "p"}


def test_the_series(series: dict[str, Any]) -> None:
    assert {key: value for key, value in series.items() if key != "kpis"} == {
        "schema": 1,
        "workspace": "Acme marketing",
        "as_of": "2026-11-04",
        "known_at": None,
        "grain": "month",
        "problems": 0,
    }
    keys = {"id", "name", "unit", "currency", "comparison", "points", "to_date", "chart"}
    point_keys = {
        "period", "start", "end", "value", "complete", "usable", "partial", "coverage", "possible_duplicates",
        "target", "target_low",
        "target_high", "gap", "status", "status_basis", "change", "yoy", "year_ago", "year_ago_complete", "signal",
        "lower", "upper", "weeks",
    }  # fmt: skip
    phase_keys = {"start", "points", "mean", "mean_moving_range", "lower", "upper", "provisional", "dropped", "sigma_z"}
    for kpi in series["kpis"]:
        assert set(kpi) == keys
        assert all(set(point) == point_keys for point in kpi["points"])
        assert list(kpi["to_date"]) == ["week", "month", "quarter", "year"]
        to_date_keys = {"value", "complete", "change", "yoy", "year_ago", "year_ago_complete", "target"}
        assert all(set(each) == to_date_keys for each in kpi["to_date"].values())
        assert set(kpi["chart"]) == {
            "method", "variation", "assurance", "stable", "seasonally_adjusted", "remarks", "phases",
        }  # fmt: skip
        assert all(set(phase) == phase_keys for phase in kpi["chart"]["phases"])


def test_points_are_oldest_first_up_to_the_one_that_holds_the_day(series: dict[str, Any]) -> None:
    points = of(series, "mqls")["points"]
    assert [(point["period"], point["start"], point["end"], point["partial"]) for point in points] == [
        ("2026-09", "2026-09-01", "2026-09-30", False),
        ("2026-10", "2026-10-01", "2026-10-31", False),
        ("2026-11", "2026-11-01", "2026-11-30", True),
    ]
    assert [point["status_basis"] for point in points] == ["actual", "actual", "pace"]


def test_limits_come_from_all_periods(series: dict[str, Any]) -> None:
    [phase] = of(series, "mqls")["chart"]["phases"]
    assert (phase["start"], phase["points"]) == ("2023-11-01", 36)


def test_json_is_strict(scorecard: dict[str, Any], series: dict[str, Any]) -> None:
    for answer in (scorecard, series):
        json.dumps(answer, allow_nan=False)


def test_the_actions(demo: Workspace) -> None:
    journal = open_journal(demo.root)
    assert actions_json(journal, action_register(journal)) == {
        "schema": 1,
        "workspace": "Acme marketing",
        "as_of": "2026-11-04",
        "actions": [
            {
                "id": "a-7k3q",
                "kpi": "sql_rate",
                "title": "Give every EMEA lead a named owner again",
                "owner": "ops",
                "status": "doing",
                "due": "2026-10-26",
                "overdue": True,
                "slips": 1,
                "by": "head",
                "at": "2026-10-07T09:19:00+02:00",
                "file": "reviews/2026-09-monthly.toml:37",
            }
        ],
    }


def test_tables_for_spreadsheets_hold_plain_numbers(demo: Workspace) -> None:
    header, rows, _ = scorecard_table(demo.scorecard(), demo.definitions, exact=True)
    rate = dict(zip(header, next(row for row in rows if row[1] == "sql_rate"), strict=True))
    assert (rate["actual"], rate["target"], rate["status"]) == ("0.22", "0.25", "behind")
    budget = dict(zip(header, next(row for row in rows if row[1] == "budget_use"), strict=True))
    assert budget["target"] == "0.95..1.05"
    header, rows, _ = series_table([demo.trend(demo.kpi("nps"), Grain.MONTH, 1)], demo.definitions, exact=True)
    assert dict(zip(header, rows[0], strict=True))["value"] == ""

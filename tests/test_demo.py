"""The bundled workspaces say what their README promises."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from kpitui.shipped import shipped
from kpitui.terms import PERSPECTIVES
from kpitui.workspace.checking import check
from kpitui.workspace.opening import Workspace

DEMO = shipped("data") / "demo"
DASHBOARD = shipped("data") / "b2b-dashboard"


@pytest.fixture(scope="module")
def demo() -> Workspace:
    return Workspace.open(DEMO)


@pytest.fixture(scope="module")
def dashboard() -> Workspace:
    return Workspace.open(DASHBOARD)


# demo


def test_the_demo_is_sound(demo: Workspace) -> None:
    assert demo.problems == []
    assert check(DEMO).problems == []
    assert demo.as_of == date(2026, 11, 4)


def test_it_has_24_kpis_in_four_perspectives(demo: Workspace) -> None:
    kpis = demo.definitions.kpis.values()
    assert len(kpis) == 24
    assert {kpi.perspective for kpi in kpis} == set(PERSPECTIVES)


def test_all_but_one_have_all_five_components(demo: Workspace) -> None:
    lacking = {row.kpi.id: row.missing_components for row in demo.scorecard().rows if row.missing_components}
    assert lacking == {"record_quality": ("owner",)}


def test_october_asks_for_four_kinds_of_talk(demo: Workspace) -> None:
    rows = demo.scorecard().rows
    talk = {row.kpi.id: row.group for row in rows if row.group != "fine"}
    assert talk == {
        "opportunities": "find_the_cause",
        "lead_response": "find_the_cause",
        "sql_rate": "find_the_cause",
        "influenced_revenue": "find_the_cause",
        "mqls": "change_the_process",
        "cost_per_lead": "change_the_process",
        "campaign_cycle": "watch",
        "win_rate": "watch",
        "nps": "no_judgement",
        "attribution_coverage": "no_judgement",
    }
    statuses = Counter(row.point.status for row in rows)
    assert statuses == {"behind": 5, "at_risk": 1, "on_track": 15, "ahead": 1, "no_data": 2}


@pytest.mark.parametrize(
    ("kpi", "since", "rule", "variation"),
    [
        ("lead_response", "2026-03", "outside_limits", "concern_high"),
        ("sql_rate", "2026-03", "outside_limits", "concern_low"),
        ("opportunities", "2026-04", "shift", "concern_low"),
        ("influenced_revenue", "2026-04", "outside_limits", "concern_low"),
        ("campaign_cycle", "2026-03", "near_limits", "improvement_low"),
    ],
)
def test_the_trouble_travels(demo: Workspace, kpi: str, since: str, rule: str, variation: str) -> None:
    row = demo.row(demo.kpi(kpi), demo.period("2026-10"))
    assert row.changed_since
    assert row.point.signal
    assert (row.changed_since.id, row.point.signal.rule, row.point.variation) == (since, rule, variation)


def test_what_is_missing_says_how_much_of_it(demo: Workspace) -> None:
    october = demo.period("2026-10")
    nps = demo.row(demo.kpi("nps"), october)
    assert (nps.point.value, nps.stale_since) == (None, date(2026, 5, 3))
    coverage = demo.row(demo.kpi("attribution_coverage"), october).point
    assert (coverage.seen, coverage.due, coverage.usable) == (22, 31, False)


def test_an_action_is_overdue_and_has_slipped_once(demo: Workspace) -> None:
    [state] = demo.journal.state.actions
    assert (state.action.id, state.due, state.overdue(demo.as_of), state.slips) == (
        "a-7k3q",
        date(2026, 10, 26),
        True,
        1,
    )


def test_the_measurements_are_the_generators(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, DEMO / "generate.py", "--out", tmp_path], check=True, timeout=60, capture_output=True
    )
    made = {path.name: path.read_bytes() for path in (tmp_path / "measurements").iterdir()}
    assert made == {path.name: path.read_bytes() for path in (DEMO / "measurements").iterdir()}


# b2b-dashboard: the article's table, row by row


def test_the_dashboard_is_sound(dashboard: Workspace) -> None:
    assert dashboard.problems == []
    assert len(dashboard.definitions.kpis) == 6


@pytest.mark.parametrize(
    ("kpi", "now", "first_quarter", "year", "status"),
    [
        ("organic_traffic", 10_000, 12_000, 20_000, "on_track"),
        ("mqls", 80, 100, 200, "behind"),
        ("cost_per_lead", 150, 140, 120, "on_track"),
        ("sql_rate", 0.22, 0.25, 0.30, "ahead"),
        ("win_rate", 0.28, 0.30, 0.35, "on_track"),
        ("influenced_revenue", 800_000, 1_200_000, 2_500_000, "behind"),
    ],
)
def test_the_dashboard_shows_the_articles_figures(
    dashboard: Workspace, kpi: str, now: float, first_quarter: float, year: float, status: str
) -> None:
    row = dashboard.row(dashboard.kpi(kpi), dashboard.period("2026-01"))
    assert row.point.value == pytest.approx(now)
    assert row.point.status == status
    assert row.year_goal
    assert row.year_goal.value == year
    in_march = dashboard.figures.goal(dashboard.kpi(kpi), dashboard.period("2026-03"))
    assert in_march
    assert in_march.value == pytest.approx(first_quarter)
    assert row.missing_components == ()


def test_a_goal_at_the_years_end_says_what_it_is_for(demo: Workspace) -> None:
    rows = {row.kpi.id: row for row in demo.scorecard().rows}
    found = {kpi: (rows[kpi].year_goal, rows[kpi].year_goal_per) for kpi in ("mqls", "expansion_revenue", "sql_rate")}
    told = {kpi: (goal and goal.value, per and per.word) for kpi, (goal, per) in found.items()}
    assert told == {"mqls": (1000.0, "month"), "expansion_revenue": (2_400_000.0, None), "sql_rate": (0.25, None)}

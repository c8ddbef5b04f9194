"""Scorecard and series as the JSON that CLI.md of the design promises; keys are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpitui.analysis.signals import Chart, Signal
from kpitui.analysis.targets import Goal
from kpitui.periods import Grain
from kpitui.problems import total
from kpitui.workspace.answers import Remark, Row, Scorecard, ToDate, Trend
from kpitui.workspace.opening import Workspace

SCHEMA = 1
SPARK = 13
"""Periods."""
_TO_DATE = (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)


def scorecard_json(scorecard: Scorecard) -> dict[str, Any]:
    """The answer of `kpitui scorecard --format json`."""
    return {
        "schema": SCHEMA,
        "workspace": scorecard.workspace,
        "as_of": scorecard.as_of.isoformat(),
        "known_at": scorecard.known_at.isoformat() if scorecard.known_at else None,
        "grain": scorecard.grain.word,
        "period": scorecard.period.id,
        "problems": scorecard.problems,
        "kpis": [_row(row) for row in scorecard.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    kpi, point = row.kpi, row.point
    return {
        "id": kpi.id,
        "name": kpi.name,
        "owner": kpi.owner,
        "tier": kpi.tier,
        "kind": kpi.kind,
        "perspective": kpi.perspective,
        "objective": kpi.objective,
        "unit": kpi.unit,
        "currency": kpi.currency,
        "direction": kpi.direction,
        "period": point.period.id,
        "actual": point.value,
        "complete": point.complete,
        "usable": point.usable,
        "partial": point.partial,
        "coverage": point.coverage,
        "stale_since": row.stale_since.isoformat() if row.stale_since else None,
        "restated": {"value": row.restated.value, "review": row.restated.review} if row.restated else None,
        "redefined_since": row.redefined,
        "manual": row.manual,
        "possible_duplicates": point.possible_duplicates,
        **_goal(point.goal),
        "year_target": row.year_goal.value if row.year_goal else None,
        "year_target_per": row.year_goal_per.word if row.year_goal_per else None,
        "gap": point.gap,
        "status": point.status,
        "status_basis": point.status_basis,
        "change": point.change,
        "yoy": point.yoy,
        "comparison": kpi.comparison,
        "signal": _signal(point.signal),
        "variation": point.variation,
        "assurance": row.chart.assurance,
        "method": row.chart.method,
        "group": row.group,
        "spark": list(row.spark[-SPARK:]),
        "notes": row.notes,
        "open_actions": row.open_actions,
        "missing_components": list(row.missing_components),
        "spoiled": row.spoiled,
        "weeks": point.weeks._asdict() if point.weeks else None,
    }


def series_json(workspace: Workspace, grain: Grain, trends: Sequence[Trend]) -> dict[str, Any]:
    """The answer of `kpitui series --format json`."""
    return {
        "schema": SCHEMA,
        "workspace": workspace.name,
        "as_of": workspace.as_of.isoformat(),
        "known_at": workspace.known_at.isoformat() if workspace.known_at else None,
        "grain": grain.word,
        "problems": total(workspace.problems),
        "kpis": [_trend(trend) for trend in trends],
    }


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "id": trend.kpi.id,
        "name": trend.kpi.name,
        "unit": trend.kpi.unit,
        "currency": trend.kpi.currency,
        "comparison": trend.kpi.comparison,
        "points": [
            {
                "period": point.period.id,
                "start": point.period.start.isoformat(),
                "end": point.period.end.isoformat(),
                "value": point.value,
                "complete": point.complete,
                "usable": point.usable,
                "partial": point.partial,
                "coverage": point.coverage,
                "possible_duplicates": point.possible_duplicates,
                **_goal(point.goal),
                "gap": point.gap,
                "status": point.status,
                "status_basis": point.status_basis,
                "change": point.change,
                "yoy": point.yoy,
                "year_ago": point.year_ago,
                "year_ago_complete": point.year_ago_complete,
                "signal": _signal(point.signal),
                "lower": point.phase.lower if point.phase else None,
                "upper": point.phase.upper if point.phase else None,
                "weeks": point.weeks._asdict() if point.weeks else None,
            }
            for point in trend.points
        ],
        "to_date": {grain.word: _to_date(trend.to_date[grain]) for grain in _TO_DATE},
        "chart": _chart(trend.chart.chart, [period.start.isoformat() for period in trend.chart.periods], trend.remarks),
    }


def _to_date(figures: ToDate) -> dict[str, Any]:
    return {
        "value": figures.value,
        "complete": figures.complete,
        "change": figures.change,
        "yoy": figures.yoy,
        "year_ago": figures.year_ago,
        "year_ago_complete": figures.year_ago_complete,
        "target": figures.goal.value if figures.goal else None,
    }


def _chart(chart: Chart, starts: Sequence[str], remarks: Sequence[Remark]) -> dict[str, Any]:
    return {
        "method": chart.method,
        "variation": chart.variation,
        "assurance": chart.assurance,
        "stable": chart.stable,
        "seasonally_adjusted": bool(chart.adjusted),
        "remarks": [{"kind": remark.kind, "value": remark.value} for remark in remarks],
        "phases": [
            {
                "start": starts[phase.first],
                "points": phase.points,
                "mean": phase.mean,
                "mean_moving_range": phase.mean_moving_range,
                "lower": phase.lower,
                "upper": phase.upper,
                "provisional": phase.provisional,
                "dropped": phase.dropped,
                "sigma_z": phase.sigma_z,
            }
            for phase in chart.phases
        ],
    }


def _goal(goal: Goal | None) -> dict[str, float | None]:
    """A range has bounds instead of a value."""
    if goal is None:
        return {"target": None, "target_low": None, "target_high": None}
    return {"target": goal.value, "target_low": goal.low, "target_high": goal.high}


def _signal(signal: Signal | None) -> dict[str, str] | None:
    return {"rule": signal.rule, "side": signal.side} if signal else None

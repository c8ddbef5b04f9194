"""Explanations, outlooks, links and comparisons as JSON; keys are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpitui.analysis.drivers import Part
from kpitui.analysis.pace import Projection
from kpitui.analysis.segments import SegmentPart
from kpitui.workspace.opening import Workspace
from kpitui.workspace.why.compare import Comparison, Side
from kpitui.workspace.why.explain import Explanation
from kpitui.workspace.why.links import LinkFound, Step
from kpitui.workspace.why.pace import Outlook
from kpitui.workspace.wording import pace_phrase

SCHEMA = 1


def explain_json(workspace: Workspace, found: Explanation) -> dict[str, Any]:
    """The answer of `kpitui explain --format json`."""
    return {
        **_head(workspace),
        "kpi": found.kpi.id,
        "from": found.before.id,
        "to": found.after.id,
        "before": found.figure_before,
        "after": found.figure_after,
        "change": found.change,
        "how": found.how,
        "why_not": found.why_not or None,
        "usual": found.usual,
        "drivers": [_driver(part) for part in found.drivers.parts] if found.drivers else [],
        "drivers_why_not": (found.drivers.why_not or None) if found.drivers else None,
        "orders_drawn": found.drivers.drawn if found.drivers else 0,
        "weeks": dict(zip(("before", "after"), found.weeks, strict=True)) if found.weeks else None,
        "by": found.by,
        "segments": [_segment(part) for part in found.segments],
        "lacking": [{**each._asdict(), "period": each.period.id} for each in found.lacking],
    }


def _driver(part: Part) -> dict[str, Any]:
    return {
        "id": part.name,
        "before": part.before,
        "after": part.after,
        "contribution": part.contribution,
        "why_not": part.why_not or None,
        "orders_drawn": part.drawn,
        "drivers": [_driver(below) for below in part.parts],
    }


def _segment(part: SegmentPart) -> dict[str, Any]:
    return {**part._asdict(), "contribution": part.contribution}


def pace_json(workspace: Workspace, found: Sequence[Outlook]) -> dict[str, Any]:
    """The answer of `kpitui pace --format json`."""
    return {
        **_head(workspace),
        "kpi": found[0].kpi.id if found else None,
        "outlooks": [_outlook(each) for each in found],
    }


def _outlook(found: Outlook) -> dict[str, Any]:
    pace, level, goal = found.pace, found.level, found.goal
    return {
        "period": found.period.id,
        "target": goal.value if goal else None,
        "target_low": goal.low if goal else None,
        "target_high": goal.high if goal else None,
        "parts": found.parts.word if found.parts is not None else None,
        "why_not": found.why_not or None,
        "verdict": pace.verdict if pace else None,
        "words": pace_phrase(pace) if pace else None,
        "to_date": pace.to_date if pace else None,
        "done": pace.done if pace else None,
        "of": pace.of if pace else None,
        "required": pace.required if pace else None,
        "linear": _projection(pace.linear if pace else None),
        "seasonal": _projection(pace.seasonal if pace else None),
        "earlier_years": pace.years if pace else None,
        "mean": level.mean if level else None,
        "lower": level.lower if level else None,
        "upper": level.upper if level else None,
        "provisional": level.provisional if level else None,
        "assurance": found.assurance,
        "projection": pace.by if pace else None,
        "missing": [part.id for part in found.missing],
    }


def _projection(projection: Projection | None) -> dict[str, Any] | None:
    if projection is None:
        return None
    errors = projection.errors
    return {
        "end": projection.end,
        "multiple": projection.multiple,
        "interval": {**projection.bounds._asdict(), "basis": "rest_like_the_first"} if projection.bounds else None,
        "errors": {"years": len(errors), "low": min(errors), "high": max(errors)} if errors else None,
    }


def links_json(workspace: Workspace, found: Sequence[LinkFound], back: Sequence[Step]) -> dict[str, Any]:
    """The answer of `kpitui links --format json`."""
    return {**_head(workspace), "links": [_link(each) for each in found], "back": [_step(each) for each in back]}


def _link(found: LinkFound) -> dict[str, Any]:
    together = found.together
    return {
        "leading": found.leading.id,
        "led": found.led.id,
        "lag": found.lag,
        "lag_grain": found.leading.grain.word,
        "grain": found.grain.word,
        "lag_here": found.lag_here,
        "r": together.r,
        "n": together.n,
        "effective_n": together.effective_n,
        "low": together.low,
        "high": together.high,
        "differences": together.differences,
        "provisional": together.provisional,
        "lags_tried": found.tried,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "kpi": step.kpi.id,
        "leads": step.leads.id if step.leads else None,
        "lag": step.lag,
        "lag_grain": step.kpi.grain.word,
        "since": step.since.id if step.since else None,
        "variation": step.variation,
        "weeks_earlier": step.weeks_earlier,
        "depth": step.depth,
        "signalled": step.told.id if step.told else None,
        "signalled_weeks_earlier": step.told_weeks_earlier,
    }


def compare_json(workspace: Workspace, found: Comparison) -> dict[str, Any]:
    """The answer of `kpitui compare --format json`."""
    test = found.found
    return {
        **_head(workspace),
        "kpi": found.kpi.id,
        "a": {**_side(found.a), **found.rate_a._asdict(), "rate": found.rate_a.share},
        "b": {**_side(found.b), **found.rate_b._asdict(), "rate": found.rate_b.share},
        **test._asdict(),
        "sigma_z": found.sigma_z,
        "usual": found.usual,
        "large_counts_and_noise": found.large_counts_and_noise,
        "pairs": found.pairs,
        "large_counts": found.large_counts,
    }


def _side(side: Side) -> dict[str, Any]:
    return {"from": side.first.id, "to": side.last.id, "column": side.column, "segment": side.segment}


def _head(workspace: Workspace) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "workspace": workspace.name,
        "as_of": workspace.as_of.isoformat(),
        "known_at": workspace.known_at.isoformat() if workspace.known_at else None,
    }

"""Where a figure stands against its goal, and what kind of talk it needs."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

from kpitui.analysis.targets import Goal
from kpitui.terms import Bands, Comparison, Direction, Group, Status, Tier, Variation

_SLACK = 1e-9
"""So that 0.95 against 1.00 is within five per cent, whatever the last binary digit."""

OFF_TARGET: frozenset[Status] = frozenset({"at_risk", "behind"})
ON_TARGET: frozenset[Status] = frozenset({"ahead", "on_track"})
_NO_BANDS = Bands(ahead=0.0, on_track=0.0, at_risk=0.0)


class Judgement(NamedTuple):
    status: Status
    gap: float | None
    """Favourable is positive: in parts of the target, or in the KPI's own unit where the bands are absolute."""


def judge(actual: float | None, goal: Goal | None, direction: Direction, bands: Bands) -> Judgement:
    """The status of a usable figure. `actual` None means that there is nothing to judge."""
    if actual is None:
        return Judgement("no_data", None)
    if goal is None:
        return Judgement("no_target", None)
    if direction == "range":
        return _judge_range(actual, goal, bands)
    if goal.value is None:
        return Judgement("no_target", None)
    favourable = actual - goal.value if direction == "up" else goal.value - actual
    if bands.absolute:
        return Judgement(_banded(favourable, bands), favourable)
    if goal.value == 0:
        return Judgement("on_track" if favourable == 0 else "ahead" if favourable > 0 else "behind", None)
    gap = favourable / abs(goal.value)
    return Judgement(_banded(gap, bands), _finite(gap))


def missed(actual: float | None, goal: Goal | None, direction: Direction) -> bool | None:
    """Whether a figure is worse than its goal, by however little; None where there is nothing to compare."""
    found = judge(actual, goal, direction, _NO_BANDS).status
    return found in OFF_TARGET if found in OFF_TARGET | ON_TARGET else None


def _judge_range(actual: float, goal: Goal, bands: Bands) -> Judgement:
    """Inside is on track; outside counts the distance to the nearer bound."""
    if goal.low is not None and actual < goal.low:
        bound, distance = goal.low, actual - goal.low
    elif goal.high is not None and actual > goal.high:
        bound, distance = goal.high, goal.high - actual
    elif goal.low is None and goal.high is None:
        return Judgement("no_target", None)
    else:
        return Judgement("on_track", 0.0)
    if bands.absolute:
        return Judgement(_banded(distance, bands), distance)
    if bound == 0:
        return Judgement("behind", None)
    gap = distance / abs(bound)
    return Judgement(_banded(gap, bands), _finite(gap))


def _banded(gap: float, bands: Bands) -> Status:
    if gap >= bands.ahead - _SLACK:
        return "ahead"
    if gap >= -bands.on_track - _SLACK:
        return "on_track"
    if gap >= -bands.at_risk - _SLACK:
        return "at_risk"
    return "behind"


def group(status: Status, variation: Variation | None, tier: Tier | None) -> Group:
    """The talk that a KPI needs: status × signal.

    A KPI without a target is watched where it changed. Where it did not, a diagnostic one is fine (it draws
    attention only when it is anomalous) and any other lacks what would judge it.
    """
    changed = variation is not None and variation != "common_cause"
    if status == "no_data":
        return "no_judgement"
    if status in OFF_TARGET:
        return "find_the_cause" if changed else "change_the_process"
    if changed:
        return "watch"
    if status == "no_target" and tier != "diagnostic":
        return "no_judgement"
    return "fine"


def change(now: float | None, then: float | None, comparison: Comparison) -> float | None:
    """How much `now` differs from `then`: a fraction of |then| for percent, else the difference."""
    if now is None or then is None:
        return None
    if comparison != "percent":
        return now - then
    if then == 0:
        return None
    return _finite((now - then) / abs(then) if then < 0 else now / then - 1)


def _finite(value: float) -> float | None:
    """None where a figure has outgrown what a float holds: as good as division by zero."""
    return value if isfinite(value) else None

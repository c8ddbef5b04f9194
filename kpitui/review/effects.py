"""Before and after an action: whether the process is another one since, as its chart sees it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from kpitui.analysis.signals import Chart, Signal
from kpitui.periods import Period

ENOUGH = 7
"""Whole periods after the action within which a lasting change shows as a run on one side of the mean."""

Outcome = Literal["new_limits", "signal", "usual_again", "no_change", "too_early", "no_chart"]
"""new_limits: somebody began a new phase since; signal: points since are marked that were not before, or on the other
side; usual_again: what was marked before is not any more."""


class Effect(NamedTuple):
    """What became of a KPI's process after a day."""

    outcome: Outcome
    after: int
    """Charted periods that began after the day."""
    since: Period | None = None
    """With which the change shows."""
    signal: Signal | None = None
    mean_before: float | None = None
    mean_after: float | None = None
    """Of the phases before and after, where a new one began."""


def effect(chart: Chart, periods: Sequence[Period], day: date) -> Effect:
    """Whether the process changed after the day; `periods` are those of the chart's points, oldest first."""
    first = bisect_right(periods, day, key=lambda period: period.start)
    after = len(periods) - first
    if not chart.phases or not first:
        return Effect("no_chart", after)
    if not after:
        return Effect("too_early", after)
    begun = next((phase for phase in reversed(chart.phases) if phase.first >= first), None)
    if begun is not None:
        before = chart.phase_of(begun.first - 1)
        return Effect("new_limits", after, periods[begun.first], None, before.mean, begun.mean)
    signalled = _first_new(chart.signals, first)
    if signalled is not None:
        return Effect("signal", after, periods[signalled], chart.signals[signalled])
    if chart.signals[first - 1] is not None and chart.signals[-1] is None:
        last_marked = max(index for index, signal in enumerate(chart.signals) if signal is not None)
        return Effect("usual_again", after, periods[last_marked + 1])
    return Effect("no_change" if after >= ENOUGH else "too_early", after)


def _first_new(signals: Sequence[Signal | None], first: int) -> int | None:
    """The first signal from `first` on that the point before did not have on the same side."""
    for index in range(first, len(signals)):
        now, before = signals[index], signals[index - 1]
        if now is not None and (before is None or before.side != now.side):
            return index
    return None

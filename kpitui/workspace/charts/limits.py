"""A chart's limits fixed or begun anew by decision: what a `phase` record would say, and where it may be made."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from kpitui.analysis.signals import FEWEST_FOR_LIMITS
from kpitui.definitions.model import Kpi
from kpitui.periods import Period
from kpitui.problems import KpituiError
from kpitui.records.store import Saved
from kpitui.workspace.answers import Row
from kpitui.workspace.numbers import period_name
from kpitui.workspace.opening import Workspace
from kpitui.workspace.wording import grain_words, record_comment

PhaseKind = Literal["rebase", "baseline"]
"""rebase: a new phase begins with the period. baseline: limits come from the points up to it."""


class Proposal(NamedTuple):
    """A phase record that nobody gave a reason for yet."""

    since: date
    baseline_until: date | None
    sentence: str


def propose(workspace: Workspace, kpi: Kpi, kind: PhaseKind, period: Period) -> Proposal:
    """What the record would change; KpituiError where the chart has no limits to fix, or none to begin anew."""
    chart = workspace.figures.chart(kpi, period.grain)
    locale = workspace.definitions.locale
    name = period_name(period, locale)
    places = [i for i, charted in enumerate(chart.periods) if charted.start <= period.start]
    if not chart.chart.phases:
        raise KpituiError(f"{kpi.name} has no limits by {period.grain.word}")
    if not places or (kind == "rebase" and chart.periods[places[-1]] != period):
        raise KpituiError(f"{name} is no point of the chart: put the cursor on one")
    if kind == "rebase":
        count = len(chart.periods) - places[-1]
        so_far = f"{count} {grain_words(period.grain, count)} so far"
        few = f", limits from {FEWEST_FOR_LIMITS} on" if count < FEWEST_FOR_LIMITS else ""
        return Proposal(period.start, None, f"limits anew from {name} on: {so_far}{few}")
    phase = chart.chart.phase_of(places[-1])
    count = places[-1] - phase.first + 1
    if count < FEWEST_FOR_LIMITS:
        points = "point" if count == 1 else "points"
        raise KpituiError(f"the phase has {count} {points} up to {name}; limits need {FEWEST_FOR_LIMITS}")
    first = chart.periods[phase.first]
    stretch = f"{period_name(first, locale)} to {name}"
    return Proposal(first.start, period.end, f"limits fixed by {stretch}, {count} points")


def record_phase(workspace: Workspace, row: Row, kind: PhaseKind, period: Period, reason: str) -> Saved:
    """Write the decision down; on disk when this returns. KpituiError where it cannot be."""
    proposal = propose(workspace, row.kpi, kind, period)
    return workspace.journal.add(
        "phase",
        row.kpi,
        reason,
        period=period.id,
        comment=record_comment(row, workspace.definitions.locale),
        values={"since": proposal.since, "baseline_until": proposal.baseline_until},
    )

"""Which targets are to be looked at: those that nobody has looked at for a quarter, and those that keep changing.

Targets are reviewed quarterly, and every change is written down with its reason; more than one change in a quarter
looks like moving the goalposts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from kpitui.analysis.targets import in_force
from kpitui.definitions.model import Kpi
from kpitui.periods import add_months
from kpitui.records.model import TargetRevision, Verdict
from kpitui.terms import Target

_QUARTER = 3
MOST_CHANGES = 1
"""In a quarter."""


class TargetLook(NamedTuple):
    """A KPI's target, and when somebody last looked at it."""

    kpi: Kpi
    target: Target | None
    """In force; None where there is none."""
    ended: date | None
    """The last day on which one held, where there is none any more."""
    looked_at: date | None
    """None where there is no sign of it."""
    stale: bool
    """Not looked at for a quarter."""
    changes: tuple[TargetRevision, ...]
    """Of the last quarter, oldest first."""

    @property
    def unsteady(self) -> bool:
        """Changed more than once in a quarter."""
        return len(self.changes) > MOST_CHANGES


def a_quarter_before(today: date) -> date:
    """The same day of the month three months ago; the month's last where it has no such day."""
    first = add_months(today, -_QUARTER)
    last = add_months(first, 1).toordinal() - 1
    return date.fromordinal(min(first.toordinal() + today.day - 1, last))


def target_look(
    kpi: Kpi,
    targets: Sequence[Target],
    revisions: Iterable[TargetRevision],
    verdicts: Iterable[Verdict],
    reviewed: Iterable[date],
    today: date,
) -> TargetLook:
    """When the KPI's target was looked at last: with the day from which it holds, a revision, a verdict on the
    target, or a review that had targets on its agenda and was signed off (`reviewed`, their days).

    `targets` are in the order of precedence, the strongest last.
    """
    since = a_quarter_before(today)
    target = in_force(targets, today)
    made = sorted(revisions, key=lambda revision: (revision.at, revision.id))
    signs = [
        *((target.since,) if target else ()),
        *(revision.at.date() for revision in made),
        *(verdict.at.date() for verdict in verdicts if verdict.verdict == "target"),
        *reviewed,
    ]
    # Of a workspace that is seen as of an earlier day, what was decided since counts as decided on that day.
    looked_at = max((min(day, today) for day in signs), default=None)
    stale = target is not None and (looked_at is None or looked_at < since)
    recent = tuple(revision for revision in made if since <= revision.at.date())
    ended = max((each.until for each in targets if each.until and each.until < today), default=None)
    return TargetLook(kpi, target, None if target else ended, looked_at, stale, recent)

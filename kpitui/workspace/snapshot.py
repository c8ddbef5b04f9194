"""What the room saw: the figures of a review, frozen into its file when it is first started.

They say later which figures were restated and which definitions have changed since the room decided on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpitui.analysis.targets import Goal
from kpitui.records.model import Figures, Review
from kpitui.workspace.answers import Row

if TYPE_CHECKING:
    from kpitui.workspace.opening import Workspace

_DIGITS = 12
"""Of a figure in the file: without the tail of a binary fraction, and closer than what counts as restated."""


def freeze(workspace: Workspace, review: Review) -> Mapping[str, Figures]:
    """Begin a review with the figures of its period as they are now; gives what the room saw, by KPI.

    Of a review that was begun before, here or elsewhere, that is what was seen then, and only a chair and attendees
    that `review` names are written. A file that notes made before the session gets the figures, and the moment. Raises
    KpituiError where the file cannot be written.
    """
    period = workspace.period(review.period)
    rows = (workspace.row(kpi, period) for kpi in workspace.definitions.kpis.values())
    return workspace.journal.start(review, {row.kpi.id: as_seen(row) for row in rows})


def as_seen(row: Row) -> Figures:
    """The figures of a row of the scorecard as a review keeps them."""
    point, signal = row.point, row.point.signal
    return Figures(
        actual=_rounded(point.value),
        target=_target(point.goal),
        status=point.status,
        signal=f"{signal.rule} {signal.side}" if signal else "",
        fingerprint=row.kpi.fingerprint,
    )


def _target(goal: Goal | None) -> float | tuple[float, float] | None:
    if goal is None:
        return None
    low, high = _rounded(goal.low), _rounded(goal.high)
    return _rounded(goal.value) if low is None or high is None else (low, high)


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")

"""Which period the figures are of, and how one goes from there to others."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kpitui.periods import Grain

if TYPE_CHECKING:
    from kpitui.periods import Period
    from kpitui.workspace.answers import Scorecard
    from kpitui.workspace.opening import Workspace

_FIRST_YEAR = 1900
"""Nobody has figures from before."""


class ChosenPeriod:
    """The period and the grain that somebody went to; None where it is the workspace's usual one."""

    def __init__(self) -> None:
        self.period: Period | None = None
        self.grain: Grain | None = None
        self._day: date | None = None
        """The last day of the period that somebody went to; a coarser grain does not change it."""

    def go_to(self, period: Period) -> None:
        """Choose a period, and its grain."""
        self.period, self.grain, self._day = period, period.grain, period.end

    def step(self, workspace: Workspace, scorecard: Scorecard, by: int) -> str:
        """Go so many periods on from the one that is shown; why not, or nothing."""
        period = workspace.definitions.calendar.shift(scorecard.period, by)
        if period.start > workspace.as_of:
            return "That period has not begun by the as-of date."
        if period.end.year >= _FIRST_YEAR:
            self.period, self._day = period, period.end
        return ""

    def regrain(self, workspace: Workspace, scorecard: Scorecard, by: int) -> str:
        """Go so many grains coarser than the one that is shown; why not, or nothing."""
        wanted = scorecard.grain + by
        if not Grain.DAY <= wanted <= Grain.YEAR:
            end = "finest" if by < 0 else "coarsest"
            return f"{scorecard.grain.word.capitalize()} is the {end} grain."
        self.grain = Grain(wanted)
        # The period of the day that was last chosen, so that there and back again is no journey; else the last one
        # over by the as-of date.
        self._day = self._day or scorecard.period.end
        inside = workspace.definitions.calendar.period(self.grain, self._day)
        self.period = inside if inside.end <= workspace.as_of else workspace.last_ended(self.grain)
        return ""

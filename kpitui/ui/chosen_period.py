"""Which period the figures are of, and how one goes from there to others."""

from __future__ import annotations

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
        self._from: Period | None = None
        """The period that somebody went to; another grain does not change it."""

    def go_to(self, period: Period) -> None:
        """Choose a period, and its grain."""
        self.period = self._from = period
        self.grain = period.grain

    def step(self, workspace: Workspace, scorecard: Scorecard, by: int) -> str:
        """Go so many periods on from the one that is shown; why not, or nothing."""
        period = workspace.definitions.calendar.shift(scorecard.period, by)
        if period.start > workspace.as_of:
            return "That period has not begun by the as-of date."
        if period.end.year >= _FIRST_YEAR:
            self.period = self._from = period
        return ""

    def regrain(self, workspace: Workspace, scorecard: Scorecard, by: int) -> str:
        """Go so many grains coarser than the one that is shown; why not, or nothing."""
        wanted = scorecard.grain + by
        if not Grain.DAY <= wanted <= Grain.YEAR:
            end = "finest" if by < 0 else "coarsest"
            return f"{scorecard.grain.word.capitalize()} is the {end} grain."
        self.grain = Grain(wanted)
        # The one that holds the period that was last chosen, even where it is not over, so that there and back again is
        # no journey; of finer ones the last.
        calendar = workspace.definitions.calendar
        self._from = self._from or scorecard.period
        day = calendar.anchor(self._from) if wanted > self._from.grain else self._from.end
        self.period = calendar.period(self.grain, min(day, workspace.as_of))
        return ""

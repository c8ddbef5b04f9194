"""How long a step or an item has taken, in whole minutes: a function of times that are given."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

_MINUTE = timedelta(minutes=1)


class Clock(NamedTuple):
    """What the clock shows, and for how long it will."""

    spent: int
    """Whole minutes."""
    minutes: int
    """That were planned."""
    next_change: timedelta
    """Until the next whole minute."""

    @property
    def over(self) -> bool:
        return self.spent >= self.minutes


def clock(since: datetime, now: datetime, minutes: int) -> Clock:
    """The clock of what began at `since` and was given so many minutes. A clock that was set back shows 0."""
    spent = max(now - since, timedelta(0))
    return Clock(spent // _MINUTE, minutes, _MINUTE - spent % _MINUTE)

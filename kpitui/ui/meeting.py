"""The review that is being held on the screens: which step, which item, and how long each has taken so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from kpitui.review.agenda import share
from kpitui.review.clock import Clock, clock
from kpitui.terms import Step
from kpitui.workspace.session import Session


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005 - durations in one process


class Meeting:
    """Where one is in a review. What was said in it stands in its file; this is forgotten with the program."""

    def __init__(self, session: Session, now: Callable[[], datetime] = _now) -> None:
        self.session = session
        self._now = now
        self.step: Step = session.resume_at()
        if self.step not in self.steps:
            self.step = self.steps[0]
        self.item: str | None = None
        """The KPI that is talked about."""
        self._spent: dict[str, timedelta] = {}
        """By step, and by KPI of the queue, up to `_since`."""
        self._since = now()

    @property
    def id(self) -> str:
        return self.session.review.id

    @property
    def steps(self) -> Sequence[Step]:
        return [planned.step for planned in self.session.agenda]

    # Where one is

    def go_to(self, step: Step) -> None:
        """Another step; its clock goes on from where it stood."""
        self._count()
        self.step, self.item = step, None

    def look_at(self, item: str | None) -> None:
        """Another KPI is talked about."""
        if item != self.item:
            self._count()
            self.item = item

    def neighbour(self, by: int) -> Step | None:
        """The step after or before the present one; None where there is none."""
        at = self.steps.index(self.step) + by
        return self.steps[at] if 0 <= at < len(self.steps) else None

    def place(self, kpi_id: str) -> tuple[int, int] | None:
        """Which item of the queue the KPI is, from 1, and of how many."""
        ids = [item.kpi.id for item in self.session.queue]
        return (ids.index(kpi_id) + 1, len(ids)) if kpi_id in ids else None

    # The clock

    def _count(self) -> None:
        now = self._now()
        spent = max(now - self._since, timedelta(0))
        for key in filter(None, (self.step, self.item)):
            self._spent[key] = self._spent.get(key, timedelta(0)) + spent
        self._since = now

    def step_clock(self) -> Clock:
        """Of the step, all visits together."""
        minutes = next(planned.minutes for planned in self.session.agenda if planned.step == self.step)
        return self._clock(self.step, minutes)

    def item_clock(self) -> Clock | None:
        """Of the KPI in the queue that is talked about: the step's minutes are shared out evenly."""
        if self.step != "exceptions" or self.item is None:
            return None
        minutes = next(planned.minutes for planned in self.session.agenda if planned.step == "exceptions")
        return self._clock(self.item, share(minutes, len(self.session.queue)))

    def _clock(self, key: str, minutes: int) -> Clock:
        return clock(self._since - self._spent.get(key, timedelta(0)), self._now(), minutes)

"""The review that is being held on the screens: which step, which item, and how long each has taken so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from kpitui.review.agenda import share
from kpitui.review.clock import Clock, clock
from kpitui.review.queue import Item
from kpitui.terms import Step
from kpitui.workspace.session import Session
from kpitui.workspace.session_times import SessionTimes

_BEGINNING = datetime(2000, 1, 1)  # noqa: DTZ001 - no moment of any calendar: durations in one process


def _now() -> datetime:
    """A clock that nobody sets, and that stands still while the machine sleeps."""
    return _BEGINNING + timedelta(seconds=time.monotonic())


class Meeting:
    """Where one is in a review. What was said in it stands in its file, and how long it took in the state folder;
    the rest is forgotten with the program."""

    def __init__(self, session: Session, times: SessionTimes, now: Callable[[], datetime] = _now) -> None:
        self.session = session
        self._times = times
        self._now = now
        self.step: Step = session.resume_at()
        if self.step not in self.steps:
            self.step = self.steps[0]
        self.item = self._next_item()
        """The KPI that is talked about."""
        self._spent = times.get(session.review.id)
        """By step, and by KPI of the queue (`kpi sql_rate`), up to `_since`."""
        self._since = now()

    @property
    def id(self) -> str:
        return self.session.review.id

    @property
    def is_open(self) -> bool:
        return self.session.review.state == "open"

    @property
    def steps(self) -> Sequence[Step]:
        return [planned.step for planned in self.session.agenda]

    # Where one is

    def go_to(self, step: Step) -> None:
        """Another step; its clock goes on from where it stood."""
        self._count()
        self.step = step
        self.item = self._next_item()

    def _next_item(self) -> str | None:
        """Of the exceptions, and of the fine ones, the first on which nothing was said yet."""
        items = {"exceptions": self.session.queue, "sweep": self.session.sweep}.get(self.step, ())
        return next((item.kpi.id for item in items if item.verdict is None), None)

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

    def item_of(self, kpi_id: str | None) -> Item | None:
        """What is to be said of a KPI, in the steps that are about verdicts."""
        if self.step not in ("exceptions", "sweep"):
            return None
        found = (*self.session.queue, *self.session.sweep)
        return next((item for item in found if item.kpi.id == kpi_id), None)

    # The clock

    def _count(self) -> None:
        now = self._now()
        spent = max(now - self._since, timedelta(0))
        for key in (self.step, *([_of_kpi(self.item)] if self.item else [])):
            self._spent[key] = self._spent.get(key, timedelta(0)) + spent
        self._since = now

    def keep_times(self) -> None:
        """Have the clocks go on from here with the program that holds the review next; one that is over has none."""
        self._count()
        self._times.put(self.id, self._spent if self.is_open else {})

    def step_clock(self) -> Clock:
        """Of the step, all visits together."""
        minutes = next(planned.minutes for planned in self.session.agenda if planned.step == self.step)
        return self._clock(self.step, minutes)

    def item_clock(self) -> Clock | None:
        """Of the KPI in the queue that is talked about: the step's minutes are shared out evenly."""
        if self.step != "exceptions" or self.item is None:
            return None
        minutes = next(planned.minutes for planned in self.session.agenda if planned.step == "exceptions")
        return self._clock(_of_kpi(self.item), share(minutes, len(self.session.queue)))

    def _clock(self, key: str, minutes: int) -> Clock:
        return clock(self._since - self._spent.get(key, timedelta(0)), self._now(), minutes)


def _of_kpi(kpi_id: str) -> str:
    """A KPI's id may be the name of a step."""
    return f"kpi {kpi_id}"

"""Which of an input's values are due, which have come, and until when it is known."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kpitui.analysis.series import Due, Span, due, last_anchor, units
from kpitui.periods import Calendar, Grain
from kpitui.terms import FREQUENCY_GRAIN, Frequency


class Window(NamedTuple):
    """What a period holds of an input by a day, whatever the values are."""

    first: int
    last: int
    """Ordinals of the days that count, both included."""
    seen: int
    """Values that came."""
    owed: int
    """Values that were due, or came before they were."""
    coverage: float
    elapsed: float
    """Values owed so far ÷ values of the whole period."""


class Coverage:
    """The days on which values came, against those on which they were due.

    Measures of one file mostly have values on the same days: they share one of these, and what it works out.
    """

    def __init__(
        self,
        calendar: Calendar,
        frequency: Frequency,
        due_after: int,
        days: list[int],
        covered: tuple[int, int] | None,
        as_of: date,
        lost: Sequence[int] = (),
    ) -> None:
        """`days` are the ordinals of the days with a value, ascending.

        `covered`, of event sources: ordinals between which a day without a row is a zero; None for other sources.
        `lost`, of event sources: days within them of which a row cannot be read, ascending.
        """
        self.frequency = frequency
        self.covered = covered
        self.days = days
        self.lost = lost
        self._calendar = calendar
        self._due_after = due_after
        self._as_of = as_of
        self._windows: dict[tuple[Grain, date], dict[int, Window | None]] = {}
        self._stale: dict[date, date | None] = {}

    def windows(self, grain: Grain, numbers: Iterable[int], until: date) -> list[Window | None]:
        """What the periods of these numbers hold by the day `until`; None where the input has no figures so fine."""
        known = self._windows.setdefault((grain, until), {})
        found = []
        for number in numbers:
            if number not in known:
                known[number] = self._window(grain, number, until)
            found.append(known[number])
        return found

    def _window(self, grain: Grain, number: int, until: date) -> Window | None:
        try:
            span = Span(self._calendar.nth(grain, number), until)
        except (ValueError, OverflowError):
            return None  # before the year 1
        dues = due(self._calendar, self.frequency, self._due_after, span, self._as_of)
        if dues is None:
            return None
        seen, owed = self._of_events(dues, self.covered) if self.covered is not None else self._of_values(dues)
        return Window(
            dues.first,
            dues.last,
            seen,
            owed,
            coverage=seen / owed if owed else 0.0,
            elapsed=owed / dues.whole if dues.whole else 0.0,
        )

    def _of_values(self, dues: Due) -> tuple[int, int]:
        """Values that came, and values owed; what came before it was due counts on both sides."""
        early = self._seen(max(dues.first, dues.owed + 1), dues.last)
        owed = units(self._calendar, self.frequency, dues.first, dues.owed) + early
        return self._seen(dues.first, dues.last), owed

    def _seen(self, first: int, last: int) -> int:
        """How many of the values from `first` to `last` have come; of weekdays, none counts for a weekend."""
        i, j = bisect_left(self.days, first), bisect_right(self.days, last)
        if self.frequency != "weekdays":
            return max(0, j - i)
        return sum((day + 6) % 7 < 5 for day in self.days[i:j])

    def _of_events(self, dues: Due, covered: tuple[int, int]) -> tuple[int, int]:
        """Days that are known, with or without a row, and days owed; what came early counts on both sides."""
        last = min(dues.last, max(dues.owed, covered[1]))
        from_, until = max(dues.first, covered[0]), min(last, covered[1])
        lost = bisect_right(self.lost, until) - bisect_left(self.lost, from_)
        return max(0, until - from_ + 1 - max(0, lost)), max(0, last - dues.first + 1)

    @property
    def first(self) -> int | None:
        """Ordinal of the first day that is known; None where none is."""
        if self.covered is not None:
            return self.covered[0]
        return self.days[0] if self.days else None

    def stale_since(self, by: date) -> date | None:
        """The last day with a value, where a later one was due by the day."""
        if by not in self._stale:
            newest = self._newest() if self.days else None
            stale = newest is not None and newest < self._last_due(by - timedelta(days=self._due_after))
            self._stale[by] = self._end(newest) if newest is not None and stale else None
        return self._stale[by]

    def known_until(self) -> date | None:
        """The last day up to which all values were due or have come, where that is before the as-of date.

        A value that nobody owes yet would else stand on one side of a comparison only.
        """
        last = self._last_due(self._as_of)
        owed = self._last_due(self._as_of - timedelta(days=self._due_after))
        newest = max(owed, self._newest() or owed)
        return self._end(newest) if newest < last else None

    def newest_and_next(self) -> tuple[date, date] | None:
        """The last day with a value, and the day by which the next one is due; None without any."""
        newest = self._newest() if self.covered is not None or self.days else None
        if newest is None:
            return None
        unit = self._calendar.period(FREQUENCY_GRAIN[self.frequency], date.fromordinal(newest))
        following = self._calendar.shift(unit, 1)
        while self.frequency == "weekdays" and following.start.weekday() > 4:
            following = self._calendar.shift(following, 1)
        return unit.end, following.end + timedelta(days=self._due_after)

    def _newest(self) -> int | None:
        """Ordinal of the newest value that counts on the as-of date."""
        if self.covered is not None:
            return self.covered[1]
        count = bisect_right(self.days, last_anchor(self._calendar, self.frequency, self._as_of))
        return self.days[count - 1] if count else None

    def _last_due(self, day: date) -> int:
        """Ordinal of the last value that is owed for what had ended by the day."""
        last = last_anchor(self._calendar, self.frequency, day)
        if self.frequency == "weekdays":
            last -= max(0, (last + 6) % 7 - 4)  # back to Friday
        return last

    def _end(self, newest: int) -> date:
        """The last day of what a value stands for."""
        return self._calendar.period(FREQUENCY_GRAIN[self.frequency], date.fromordinal(newest)).end

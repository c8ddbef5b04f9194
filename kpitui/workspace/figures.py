"""From measured values to judged figures: the one place where definitions, measurements and analysis meet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from math import fsum
from typing import NamedTuple

from kpitui.analysis import signals, status
from kpitui.analysis.series import Span, units
from kpitui.analysis.signals import Chart, Phase, Signal
from kpitui.analysis.targets import Goal, goal, in_force, year_goal
from kpitui.definitions.formula import Expression, evaluate
from kpitui.definitions.model import Definitions, Kpi
from kpitui.measurements.values import Measured
from kpitui.periods import A_YEAR, Grain, Period, year_earlier
from kpitui.terms import FREQUENCY_GRAIN, Target
from kpitui.workspace.answers import KpiChart, Point, Remark, ToDate, Weeks
from kpitui.workspace.by_number import ByNumber
from kpitui.workspace.cells import Cell, Cells
from kpitui.workspace.drawing import drawer

_SEASON_YEARS = 3
"""Earlier years whose mean shares spread a year's target over its months."""
_SEASON_LOOKS_BACK = 6
"""Years before, among which those may be found that are complete."""


class PhaseStart(NamedTuple):
    """A new phase of a chart: it begins with the period that holds `since`."""

    since: date
    baseline_until: date | None = None


class _Drawn(NamedTuple):
    """A chart, and where a period is in it."""

    chart: KpiChart
    numbers: tuple[int, ...]
    """Of the periods of its points, ascending."""

    def says(self, number: int) -> tuple[Phase | None, Signal | None, bool]:
        """Of a period: the phase of the last point up to it (before all points: the first phase), the signal that it
        gives, and whether its point can be judged by limits."""
        chart = self.chart.chart
        if not chart.phases:
            return None, None, False
        at = bisect_right(self.numbers, number) - 1
        phase = chart.phase_of(max(0, at))
        if at < 0 or self.numbers[at] != number:
            return phase, None, False
        return phase, chart.signals[at], phase.lower is not None


class Figures:
    """The figures of a workspace on one as-of date; nothing after it counts.

    Answers are worked out when asked for, for all periods that are wanted of a KPI at once, and the parts of them that
    comparisons and charts need again are kept.
    """

    def __init__(
        self,
        definitions: Definitions,
        measured: Measured,
        as_of: date,
        targets: Mapping[str, Sequence[Target]] | None = None,
        phases: Mapping[str, Sequence[PhaseStart]] | None = None,
    ) -> None:
        """`targets` and `phases` are the ones that were decided in reviews, by KPI, oldest decision first."""
        self.definitions = definitions
        self.measured = measured
        self.as_of = as_of
        self._calendar = definitions.calendar
        self._targets = targets or {}
        self._phases = phases or {}
        self._cells = Cells(definitions, measured, as_of)
        self._charts: dict[tuple[str, Grain], _Drawn] = {}
        self._goals: dict[tuple[str, Grain], ByNumber[Goal]] = {}
        self._shares: dict[tuple[str, Period], float | None] = {}
        self._remarks: dict[tuple[str, Grain], tuple[Remark, ...]] = {}
        self._last: dict[Grain, int] = {}
        self._periods: dict[Grain, ByNumber[Period]] = {}
        self._week_counts: dict[tuple[Grain, int], int] = {}

    def cell(self, id: str, span: Span) -> Cell:  # noqa: A002 - the field's own word
        """The figure of a KPI or measure for a span, with its coverage."""
        grain, start = span.period.grain, span.period.start
        [cell] = self._cells.of(id, grain, [self._calendar.number(grain, start)], span.until)
        return cell

    def measures_of(self, id: str) -> tuple[str, ...]:  # noqa: A002
        """The measures that a KPI's figure is made of, in the order of its formula."""
        return self._cells.measures_of(id)

    def spoiled(self, kpi: Kpi) -> str | None:
        """Why none of the KPI's figures can be trusted, where that is so."""
        spoiled = self.measured.spoiled
        return next((spoiled[m] for m in self.measures_of(kpi.id) if m in spoiled), None) if spoiled else None

    def stale_since(self, kpi: Kpi, by: date) -> date | None:
        """The last day with a value, where a later one was due by the day; of several inputs the earliest."""
        stale = (coverage.stale_since(by) for coverage in self._cells.coverages(kpi))
        return min((day for day in stale if day is not None), default=None)

    def first_stale(self, kpi: Kpi, by: date) -> tuple[str, date] | None:
        """The measure whose values ended first where later ones were due by the day, and its last day with one."""
        ends = {id_: self._cells.input(id_).coverage.stale_since(by) for id_ in self.measures_of(kpi.id)}
        known = [(day, id_) for id_, day in ends.items() if day is not None]
        return min(known)[::-1] if known else None

    def without_values(self, kpi: Kpi) -> list[str]:
        """The measures of the KPI that have no value at all."""
        return [id_ for id_ in self.measures_of(kpi.id) if self._cells.input(id_).coverage.first is None]

    def freshness(self, kpi: Kpi) -> tuple[date, date] | None:
        """The last day for which all inputs have a value, and the day by which the next one is due."""
        known = [coverage.newest_and_next() for coverage in self._cells.coverages(kpi)]
        return min((days for days in known if days is not None), default=None) if all(known) else None

    # Points: a period judged and compared

    def targets(self, kpi: Kpi) -> Sequence[Target]:
        """The KPI's targets by precedence, the strongest last."""
        return (*kpi.targets, *self._targets.get(kpi.id, ()))

    def goal(self, kpi: Kpi, period: Period) -> Goal | None:
        """The target scaled to the period; none below the KPI's own grain."""
        if period.grain < kpi.grain:
            return None
        return self._goal(kpi, period)

    def _goal(self, kpi: Kpi, stretch: Period) -> Goal | None:
        def share(month: Period) -> float | None:
            return self._share(kpi, month)

        return goal(
            self.targets(kpi), stretch, self._calendar, additive=kpi.additive, frequency=kpi.frequency, share=share
        )

    def _share(self, kpi: Kpi, month: Period) -> float | None:
        """Which share of its year's amount fell to the month in up to three earlier years, those that are complete.

        Where the figures are coarser, a third of the quarter's share.
        """
        if (kpi.id, month) not in self._shares:
            grain = max(Grain.MONTH, FREQUENCY_GRAIN[kpi.frequency])
            year, part = (self._calendar.number(each, month.start) for each in (Grain.YEAR, grain))
            found: list[float] = []
            for back in range(1, _SEASON_LOOKS_BACK + 1):
                [whole] = self._cells.of(kpi.id, Grain.YEAR, [year - back], self.as_of)
                [own] = self._cells.of(kpi.id, grain, [part - back * A_YEAR[grain]], self.as_of)
                if whole.complete and year - back <= self.ended(Grain.YEAR) and whole.value and own.value is not None:
                    found.append(own.value / whole.value * A_YEAR[grain] / 12)
            recent = found[:_SEASON_YEARS]
            self._shares[kpi.id, month] = fsum(recent) / len(recent) if recent else None
        return self._shares[kpi.id, month]

    def quarter_goal(self, kpi: Kpi, period: Period) -> Goal | None:
        """The target of the quarter that the period belongs to; None for years."""
        if period.grain > Grain.QUARTER:
            return None
        return self.goal(kpi, self._calendar.period(Grain.QUARTER, self._calendar.anchor(period)))

    def goals(self, kpi: Kpi, grain: Grain, numbers: range) -> list[Goal]:
        """The targets of the periods of these numbers, empty where there is none."""

        def worked_out(number: int) -> Goal:
            return self.goal(kpi, self._calendar.nth(grain, number)) or Goal()

        if (kpi.id, grain) not in self._goals:
            self._goals[kpi.id, grain] = ByNumber(worked_out)
        return self._goals[kpi.id, grain].of(numbers)

    def year_goal(self, kpi: Kpi, period: Period) -> Goal | None:
        return year_goal(self.targets(kpi), period, self._calendar, additive=kpi.additive, frequency=kpi.frequency)

    def year_goal_per(self, kpi: Kpi, period: Period) -> Grain | None:
        """For how long a stretch the year's goal is, where that is less than the year."""
        target = in_force(self.targets(kpi), self._calendar.period(Grain.YEAR, period.end).end)
        return target.per if kpi.additive and target is not None and target.per is not Grain.YEAR else None

    def target_in_force(self, kpi: Kpi, period: Period) -> Target | None:
        """The target that holds at the period's end."""
        return in_force(self.targets(kpi), period.end)

    def inputs(self, kpi: Kpi, period: Period) -> list[tuple[str, float | None]]:
        """The ids of a formula's inputs with their figures in the period (or the one that `prev` means)."""
        number = self._calendar.number(period.grain, period.start)
        return [
            (input_id, self._cells.of(input_id, period.grain, [number - back], self.as_of)[0].value)
            for input_id, back in self._cells.references(kpi)
        ]

    def incomplete(self, kpi: Kpi, grain: Grain, numbers: range) -> frozenset[int]:
        """Which of the periods of these numbers, by their index, have a figure for which values are missing."""
        cells = self._cells.of(kpi.id, grain, numbers, self.as_of)
        return frozenset(index for index, cell in enumerate(cells) if cell.value is not None and not cell.complete)

    def point(self, kpi: Kpi, period: Period) -> Point:
        """The KPI's figure for the period, judged, compared and with what its chart says of it."""
        [point] = self.points(kpi, period, 1)
        return point

    def points(self, kpi: Kpi, latest: Period, count: int) -> list[Point]:
        """So many points, oldest first, the last of them for the period `latest`; fewer where the calendar begins."""
        grain = latest.grain
        last = self._calendar.number(grain, latest.start)
        first = max(last - count + 1, self._calendar.number(grain, date.min) + 1)  # date.min's own may be cut off
        year = A_YEAR[grain]
        cells = self._cells.of(kpi.id, grain, range(first - 1, last + 1), self.as_of)
        years_ago = self._cells.of(kpi.id, grain, range(first - year, last - year + 1), self.as_of)
        periods = self.periods(grain, range(first, last + 1))
        return [
            self._point(kpi, period, number, cell, before, year_ago)
            for number, (period, cell, before, year_ago) in enumerate(
                zip(periods, cells[1:], cells[:-1], years_ago, strict=True), first
            )
        ]

    def _point(self, kpi: Kpi, period: Period, number: int, cell: Cell, before: Cell, year_ago: Cell) -> Point:
        grain = period.grain
        ended = self.ended(grain)
        whole_year_ago = number - A_YEAR[grain] <= ended
        partial = number > ended
        aim = self.goal(kpi, period)
        pace = partial and kpi.additive
        judged = cell.value if cell.usable else None
        if pace and judged is not None:
            judged = judged / cell.elapsed if cell.elapsed else None
        judgement = status.judge(judged, aim, kpi.direction, kpi.bands)
        now = cell.value if cell.usable and not partial else None
        then = before.value if before.usable and number - 1 <= ended else None
        then_a_year_ago = year_ago.value if year_ago.usable and whole_year_ago else None
        phase, signal, judged_by_chart = self._drawn(kpi, grain).says(number)
        return Point(
            period=period,
            value=cell.value,
            coverage=cell.coverage,
            seen=cell.seen,
            due=cell.due,
            complete=cell.complete and cell.value is not None,
            usable=cell.usable,
            partial=partial,
            goal=aim,
            status=judgement.status,
            status_basis="pace" if pace else "actual",
            gap=judgement.gap,
            judged=judged,
            change=status.change(now, then, kpi.comparison),
            yoy=status.change(now, then_a_year_ago, kpi.comparison),
            year_ago=year_ago.value,
            year_ago_complete=year_ago.complete and year_ago.value is not None and whole_year_ago,
            previous=then,
            signal=signal,
            variation=signals.variation(signal, kpi.direction) if judged_by_chart else None,
            phase=phase,
            possible_duplicates=cell.doubled and cell.value is not None,
            weeks=self._weeks(kpi, grain, number),
        )

    def _weeks(self, kpi: Kpi, grain: Grain, number: int) -> Weeks | None:
        if kpi.frequency != "weekly" or not kpi.additive or grain <= Grain.WEEK:
            return None
        return Weeks(*(self._weeks_in(grain, each) for each in (number, number - 1, number - A_YEAR[grain])))

    def _weeks_in(self, grain: Grain, number: int) -> int:
        if (grain, number) not in self._week_counts:
            period = self._calendar.nth(grain, number)
            ends = period.start.toordinal(), period.end.toordinal()
            self._week_counts[grain, number] = units(self._calendar, "weekly", *ends)
        return self._week_counts[grain, number]

    def ended(self, grain: Grain) -> int:
        """The number of the last period that has ended by the as-of date."""
        if grain not in self._last:
            self._last[grain] = self._calendar.number(grain, self._calendar.last_ended(grain, self.as_of).start)
        return self._last[grain]

    def periods(self, grain: Grain, numbers: range) -> list[Period]:
        """The periods of these numbers; most KPIs ask for the same ones."""
        if grain not in self._periods:
            self._periods[grain] = ByNumber(partial(self._calendar.nth, grain))
        return self._periods[grain].of(numbers)

    def spark(self, kpi: Kpi, period: Period, length: int) -> tuple[float | None, ...]:
        """The usable figures of the last `length` periods up to and including this one."""
        last = self._calendar.number(period.grain, period.start)
        cells = self._cells.of(kpi.id, period.grain, range(last - length + 1, last + 1), self.as_of)
        return tuple(cell.value if cell.usable else None for cell in cells)

    # Charts

    def first_day(self, kpi: Kpi) -> date | None:
        """The first day from which all of the KPI's inputs have values."""
        latest: int | None = None
        for coverage in self._cells.coverages(kpi):
            if coverage.first is None:
                return None
            latest = max(latest or 0, coverage.first)
        return date.fromordinal(latest) if latest is not None else None

    def chart(self, kpi: Kpi, grain: Grain) -> KpiChart:
        """The process behaviour chart over all usable, whole periods up to the as-of date."""
        return self._drawn(kpi, grain).chart

    def charted_numbers(self, kpi: Kpi, grain: Grain) -> tuple[int, ...]:
        """The numbers of the periods of its points, ascending."""
        return self._drawn(kpi, grain).numbers

    def _drawn(self, kpi: Kpi, grain: Grain) -> _Drawn:
        drawn = self._charts.get((kpi.id, grain))
        if drawn is None:
            drawn = self._charts[kpi.id, grain] = self._draw(kpi, grain)
        return drawn

    def _draw(self, kpi: Kpi, grain: Grain) -> _Drawn:
        first = self.first_day(kpi)
        if first is None or first > self.as_of or grain < FREQUENCY_GRAIN[kpi.frequency]:
            return _Drawn(KpiChart(Chart("none"), (), ()), ())
        numbers = range(self._calendar.number(grain, first), self.ended(grain) + 1)
        cells = self._cells.of(kpi.id, grain, numbers, self.as_of)
        whole = zip(numbers, self.periods(grain, numbers), cells, strict=True)
        charted = [(number, period, cell.value) for number, period, cell in whole if cell.usable]
        if not charted:
            return _Drawn(KpiChart(Chart("none"), (), ()), ())
        at, periods, values = zip(*charted, strict=True)
        if grain < kpi.grain:
            return _Drawn(KpiChart(Chart("none"), periods, values), at)
        starts, baselines = self._phase_starts(kpi, periods)
        aim = self.goal(kpi, periods[-1])
        chart = drawer(self, kpi, grain, at, values)(
            kpi.direction,
            phase_starts=starts,
            baselines=baselines,
            target=aim.value if aim else None,
        )
        return _Drawn(KpiChart(chart, periods, values), at)

    def evaluated(self, expression: Expression, grain: Grain, numbers: Sequence[int]) -> Sequence[float | None]:
        """A part of a formula in these periods."""

        def figures(id_: str, back: int) -> list[float | None]:
            cells = self._cells.of(id_, grain, [number - back for number in numbers], self.as_of)
            return [cell.value for cell in cells]

        return evaluate(expression, figures, len(numbers))

    def remarks(self, kpi: Kpi, grain: Grain) -> tuple[Remark, ...]:
        """What is to be known of the KPI's chart before it is believed."""
        key = (kpi.id, grain)
        if key not in self._remarks:
            from kpitui.workspace.remarks import remarks

            drawn = self._drawn(kpi, grain)
            self._remarks[key] = remarks(self, kpi, grain, drawn.chart, drawn.numbers)
        return self._remarks[key]

    def _phase_starts(self, kpi: Kpi, periods: Sequence[Period]) -> tuple[list[int], list[int | None]]:
        """Indexes at which phases begin, and from how many of its points each takes its limits."""
        decided = [PhaseStart(day) for day in kpi.chart.rebase] + list(self._phases.get(kpi.id, ()))
        starts: dict[int, int | None] = {0: kpi.chart.baseline}
        for phase in decided:
            index = next((i for i, period in enumerate(periods) if period.end >= phase.since), None)
            if index is None:
                continue
            baseline = kpi.chart.baseline
            if phase.baseline_until is not None:
                baseline = sum(p.end <= phase.baseline_until for p in periods[index:]) or None
            starts[index] = baseline
        ordered = sorted(starts)
        return ordered, [starts[index] for index in ordered]

    # To date

    def to_date(self, kpi: Kpi, grain: Grain) -> ToDate:
        """The figure from the period's start to the as-of date, against as much of the period before, and against
        the same calendar dates a year before (weeks: 364 days before)."""
        period = self._calendar.period(grain, self.as_of)
        until = self.known_until(kpi)
        previous = self._calendar.shift(period, -1)
        year_before = self._calendar.year_before(period)
        year_until = until - timedelta(days=364) if grain is Grain.WEEK else year_earlier(until)
        now, before, year_ago = (
            self.cell(kpi.id, span)
            for span in (
                Span(period, until),
                Span(previous, min(previous.end, previous.start + (until - period.start))),
                Span(year_before, min(year_before.end, year_until)),
            )
        )
        aim = None
        if grain >= kpi.grain and period.start <= until:
            stretch = Period(period.start, until, grain, period.id)
            aim = self._goal(kpi, stretch)
        return ToDate(
            value=now.value,
            change=status.change(_usable(now), _usable(before), kpi.comparison),
            previous=_usable(before),
            yoy=status.change(_usable(now), _usable(year_ago), kpi.comparison),
            year_ago=_usable(year_ago),
            goal=aim,
            complete=now.complete,
            previous_complete=before.complete,
            year_ago_complete=year_ago.complete,
        )

    def known_until(self, kpi: Kpi) -> date:
        """The as-of date, or an earlier day up to which all of the KPI's values were due or have come."""
        known = (coverage.known_until() for coverage in self._cells.coverages(kpi))
        return min((day for day in known if day is not None), default=self.as_of)


def _usable(cell: Cell) -> float | None:
    """The value where it can be compared."""
    return cell.value if cell.usable else None

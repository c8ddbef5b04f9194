"""From measured values to judged figures: the one place where definitions, measurements and analysis meet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kpitui.analysis import signals, status
from kpitui.analysis.series import NOTHING, Cell, Due, Span, due, last_anchor, units
from kpitui.analysis.signals import Chart
from kpitui.analysis.targets import Goal, goal, in_force, year_goal
from kpitui.definitions.formula import evaluate, references
from kpitui.definitions.model import Definitions, Kpi
from kpitui.measurements.values import Measured, Series
from kpitui.periods import Grain, Period, year_earlier
from kpitui.terms import FREQUENCY_GRAIN, Frequency, Target
from kpitui.workspace.answers import KpiChart, Point, ToDate

_LARGEST = 1e290
"""Of a formula's figure, as of a measured one: sums and differences of many such are still numbers."""


class PhaseStart(NamedTuple):
    """A new phase of a chart: it begins with the period that holds `since`."""

    since: date
    baseline_until: date | None = None


class Input(NamedTuple):
    """A measure as a formula's leaf sees it."""

    series: Series | None
    frequency: Frequency
    due_after: int
    covered: tuple[int, int] | None
    """Event sources: ordinals between which a day without a row is a zero; None for other sources."""

    def seen(self, first: int, last: int) -> int:
        """How many of the values from `first` to `last` have come; of weekdays, none counts for a weekend."""
        if self.series is None:
            return 0
        if self.frequency != "weekdays":
            return self.series.seen(first, last)
        i, j = self.series.span(first, last)
        return sum((day + 6) % 7 < 5 for day in self.series.days[i:j])


class Figures:
    """The figures of a workspace on one as-of date; nothing after it counts.

    Answers are computed when asked for and kept: a scorecard asks for a few hundred cells, and the same ones again
    for comparisons and charts.
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
        self._inputs: dict[str, Input] = {}
        self._references = {kpi.id: references(kpi.formula) for kpi in definitions.kpis.values() if kpi.formula}
        self._cells: dict[tuple[str, Grain, date, date], Cell] = {}
        self._charts: dict[tuple[str, Grain], KpiChart] = {}

    # Cells: what a period holds

    def cell(self, id: str, span: Span) -> Cell:  # noqa: A002 - the field's own word
        """The figure of a KPI or measure for a span, with its coverage."""
        key = (id, span.period.grain, span.period.start, span.until)
        cell = self._cells.get(key)
        if cell is None:
            kpi = self.definitions.kpis.get(id)
            cell = self._formula_cell(kpi, span) if kpi and kpi.formula else self._measure_cell(id, span)
            self._cells[key] = cell
        return cell

    def _formula_cell(self, kpi: Kpi, span: Span) -> Cell:
        assert kpi.formula is not None
        cells: dict[tuple[str, int], Cell] = {}
        for reference in self._references[kpi.id]:
            try:
                period = self._calendar.shift(span.period, -reference.back)
            except (ValueError, OverflowError):
                return NOTHING  # before the year 1
            cells[reference.id, reference.back] = self.cell(reference.id, Span(period, span.until))
        if not cells:
            return NOTHING
        value = evaluate(kpi.formula, lambda input_id, back: cells[input_id, back].value)
        if value is not None and abs(value) > _LARGEST:
            value = None
        least = min(cells.values(), key=lambda cell: cell.coverage)
        return Cell(
            value,
            least.coverage,
            all(cell.complete for cell in cells.values()),
            min(cell.elapsed for (_, back), cell in cells.items() if not back) if _any_now(cells) else 1.0,
            least.seen,
            least.due,
        )

    def _measure_cell(self, measure_id: str, span: Span) -> Cell:
        measure = self._input(measure_id)
        window = due(self._calendar, measure.frequency, measure.due_after, span, self.as_of)
        if window is None or measure.series is None:
            return NOTHING
        value = measure.series.value(window.first, window.last)
        adds_up = measure.series.aggregate in ("sum", "count")
        if measure.covered is not None:
            seen, owed = _covered(measure.covered, window)
            if value is None and seen and adds_up:
                value = 0.0
        else:
            seen = measure.seen(window.first, window.last)
            # What came before it was due counts on both sides.
            early = measure.seen(max(window.first, window.owed + 1), window.last)
            owed = units(self._calendar, measure.frequency, window.first, window.owed) + early
        coverage = seen / owed if owed else 0.0
        return Cell(
            value,
            coverage,
            coverage >= (1.0 if adds_up else self.definitions.min_coverage),
            owed / window.whole if window.whole else 0.0,
            seen,
            owed,
        )

    def _input(self, measure_id: str) -> Input:
        found = self._inputs.get(measure_id)
        if found is None:
            found = self._inputs[measure_id] = self._make_input(measure_id)
        return found

    def _make_input(self, measure_id: str) -> Input:
        measure = self.definitions.measures[measure_id]
        series = self.measured.series.get(measure_id)
        source = self.definitions.sources.get(measure.source)
        if source is None:
            kpi = self.definitions.kpis.get(measure_id)
            return Input(series, kpi.frequency if kpi else "monthly", 0, None)
        covered = None
        read = self.measured.sources.get(source.id)
        if source.frequency == "event" and read and read.first is not None and read.last is not None:
            today = self.as_of.toordinal()
            reach = min(read.last, today)
            if source.due_after is not None:
                reach = max(reach, today - source.due_after)
            covered = (read.first, reach)
        return Input(series, source.frequency, source.due_after or 0, covered)

    def measures_of(self, id: str) -> tuple[str, ...]:  # noqa: A002
        """The measures that a KPI's figure is made of, in the order of its formula."""
        kpi = self.definitions.kpis.get(id)
        if kpi is None or kpi.formula is None:
            return (id,)
        return tuple(dict.fromkeys(leaf for ref in self._references[id] for leaf in self.measures_of(ref.id)))

    def spoiled(self, kpi: Kpi) -> str | None:
        """Why none of the KPI's figures can be trusted, where that is so."""
        return next((self.measured.spoiled[m] for m in self.measures_of(kpi.id) if m in self.measured.spoiled), None)

    def stale_since(self, kpi: Kpi, by: date) -> date | None:
        """The last day with a value, where a later one was due by the day; of several inputs the earliest."""
        stale: list[date] = []
        for measure_id in self.measures_of(kpi.id):
            measure = self._input(measure_id)
            if measure.series is None or not measure.series.days:
                continue
            newest = self._newest(measure)
            if newest is not None and newest < self._last_due(measure, by - timedelta(days=measure.due_after)):
                grain = FREQUENCY_GRAIN[measure.frequency]
                stale.append(self._calendar.period(grain, date.fromordinal(newest)).end)
        return min(stale, default=None)

    def _newest(self, measure: Input) -> int | None:
        """Ordinal of the newest value that counts on the as-of date."""
        if measure.covered is not None:
            return measure.covered[1]
        days = measure.series.days if measure.series else []
        count = bisect_right(days, last_anchor(self._calendar, measure.frequency, self.as_of))
        return days[count - 1] if count else None

    def _last_due(self, measure: Input, day: date) -> int:
        """Ordinal of the last value that is owed for what had ended by the day."""
        last = last_anchor(self._calendar, measure.frequency, day)
        if measure.frequency == "weekdays":
            last -= max(0, (last + 6) % 7 - 4)  # back to Friday
        return last

    # Points: a period judged and compared

    def targets(self, kpi: Kpi) -> Sequence[Target]:
        """The KPI's targets by precedence, the strongest last."""
        return (*kpi.targets, *self._targets.get(kpi.id, ()))

    def goal(self, kpi: Kpi, period: Period) -> Goal | None:
        """The target scaled to the period; none below the KPI's own grain."""
        if period.grain < kpi.grain:
            return None
        return goal(self.targets(kpi), period, self._calendar, additive=kpi.additive)

    def quarter_goal(self, kpi: Kpi, period: Period) -> Goal | None:
        """The target of the quarter that the period belongs to; None for years."""
        if period.grain > Grain.QUARTER:
            return None
        return self.goal(kpi, self._calendar.period(Grain.QUARTER, self._calendar.anchor(period)))

    def year_goal(self, kpi: Kpi, period: Period) -> Goal | None:
        return year_goal(self.targets(kpi), period, self._calendar, additive=kpi.additive)

    def target_in_force(self, kpi: Kpi, period: Period) -> Target | None:
        """The target that holds at the period's end."""
        return in_force(self.targets(kpi), period.end)

    def inputs(self, kpi: Kpi, period: Period) -> list[tuple[str, float | None]]:
        """The ids of a formula's inputs with their figures in the period (or the one that `prev` means)."""
        if kpi.formula is None:
            return []
        return [
            (ref.id, self.cell(ref.id, Span(self._calendar.shift(period, -ref.back), self.as_of)).value)
            for ref in self._references[kpi.id]
        ]

    def usable(self, cell: Cell) -> bool:
        return cell.value is not None and cell.coverage >= self.definitions.min_coverage

    def point(self, kpi: Kpi, period: Period) -> Point:
        """The KPI's figure for the period, judged, compared and with what its chart says of it."""
        span = Span(period, self.as_of)
        cell = self.cell(kpi.id, span)
        usable = self.usable(cell)
        aim = self.goal(kpi, period)
        pace = span.partial and kpi.additive
        judged = cell.value if usable else None
        if pace and judged is not None:
            judged = judged / cell.elapsed if cell.elapsed else None
        judgement = status.judge(judged, aim, kpi.direction, kpi.bands)
        before = self._settled(kpi, self._calendar.shift(period, -1))
        year_before = self._calendar.year_before(period)
        year_cell = self.cell(kpi.id, Span(year_before, self.as_of))
        year_ago = year_cell.value if self.usable(year_cell) and year_before.end <= self.as_of else None
        now = cell.value if usable and not span.partial else None
        drawn = self.chart(kpi, period.grain)
        index = _index_of(drawn.periods, period)
        phase = None
        if drawn.chart.phases:
            at_or_before = sum(charted.start <= period.start for charted in drawn.periods) - 1
            phase = drawn.chart.phase_of(max(0, at_or_before))
        signal = drawn.chart.signals[index] if index is not None and drawn.chart.signals else None
        judged_by_chart = index is not None and phase is not None and phase.lower is not None
        return Point(
            period=period,
            value=cell.value,
            coverage=cell.coverage,
            seen=cell.seen,
            due=cell.due,
            complete=cell.complete and cell.value is not None,
            usable=usable,
            partial=span.partial,
            goal=aim,
            status=judgement.status,
            status_basis="pace" if pace else "actual",
            gap=judgement.gap,
            judged=judged,
            change=status.change(now, before, kpi.comparison),
            yoy=status.change(now, year_ago, kpi.comparison),
            year_ago=year_cell.value,
            year_ago_complete=year_cell.complete and year_cell.value is not None and year_before.end <= self.as_of,
            previous=before,
            signal=signal,
            variation=signals.variation(signal, kpi.direction) if judged_by_chart else None,
            phase=phase,
        )

    def _settled(self, kpi: Kpi, period: Period) -> float | None:
        """The figure of a whole, usable period: what may be compared and charted."""
        if period.end > self.as_of:
            return None
        cell = self.cell(kpi.id, Span(period, self.as_of))
        return cell.value if self.usable(cell) else None

    def spark(self, kpi: Kpi, period: Period, length: int) -> tuple[float | None, ...]:
        """The usable figures of the last `length` periods up to and including this one."""
        cells = (
            self.cell(kpi.id, Span(self._calendar.shift(period, back), self.as_of)) for back in range(1 - length, 1)
        )
        return tuple(cell.value if self.usable(cell) else None for cell in cells)

    # Charts

    def first_day(self, kpi: Kpi) -> date | None:
        """The first day from which all of the KPI's inputs have values."""
        firsts: list[int] = []
        for measure_id in self.measures_of(kpi.id):
            measure = self._input(measure_id)
            if measure.covered is not None:
                firsts.append(measure.covered[0])
            elif measure.series is not None and measure.series.days:
                firsts.append(measure.series.days[0])
            else:
                return None
        return date.fromordinal(max(firsts)) if firsts else None

    def chart(self, kpi: Kpi, grain: Grain) -> KpiChart:
        """The process behaviour chart over all usable, whole periods up to the as-of date."""
        key = (kpi.id, grain)
        if key not in self._charts:
            self._charts[key] = self._make_chart(kpi, grain)
        return self._charts[key]

    def _make_chart(self, kpi: Kpi, grain: Grain) -> KpiChart:
        first = self.first_day(kpi)
        if first is None or first > self.as_of or grain < FREQUENCY_GRAIN[kpi.frequency]:
            return KpiChart(Chart("none"), (), ())
        periods: list[Period] = []
        values: list[float] = []
        for period in self._calendar.between(grain, first, self.as_of):
            value = self._settled(kpi, period)
            if value is not None:
                periods.append(period)
                values.append(value)
        if not values or grain < kpi.grain:
            return KpiChart(Chart("none"), tuple(periods), tuple(values))
        starts, baselines = self._phase_starts(kpi, periods)
        aim = self.goal(kpi, periods[-1])
        rule = kpi.chart
        if rule.method in ("p", "u"):
            # Charts of counts are not drawn yet: the chart of individual values stands in, under its own name.
            rule = rule._replace(method="nhs")
        drawn = signals.chart(
            values,
            rule,
            kpi.direction,
            phase_starts=starts,
            baselines=baselines,
            target=aim.value if aim else None,
        )
        return KpiChart(drawn, tuple(periods), tuple(values))

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
        until = self._known_until(kpi)
        previous = self._calendar.shift(period, -1)
        year_before = self._calendar.year_before(period)
        year_until = until - timedelta(days=364) if grain is Grain.WEEK else year_earlier(until)
        now, before, year_ago = (
            self._usable_value(kpi, span)
            for span in (
                Span(period, until),
                Span(previous, min(previous.end, previous.start + (until - period.start))),
                Span(year_before, min(year_before.end, year_until)),
            )
        )
        shown = self.cell(kpi.id, Span(period, until)).value
        aim = None
        if grain >= kpi.grain and period.start <= until:
            stretch = Period(period.start, until, grain, period.id)
            aim = goal(self.targets(kpi), stretch, self._calendar, additive=kpi.additive)
        return ToDate(
            value=shown,
            change=status.change(now, before, kpi.comparison),
            previous=before,
            yoy=status.change(now, year_ago, kpi.comparison),
            year_ago=year_ago,
            goal=aim,
        )

    def _known_until(self, kpi: Kpi) -> date:
        """The as-of date, or an earlier day up to which all of the KPI's values were due or have come.

        A value that nobody owes yet would else stand on one side of a comparison only.
        """
        known: list[date] = []
        for measure_id in self.measures_of(kpi.id):
            measure = self._input(measure_id)
            last = self._last_due(measure, self.as_of)
            owed = self._last_due(measure, self.as_of - timedelta(days=measure.due_after))
            newest = max(owed, self._newest(measure) or owed)
            if newest < last:
                grain = FREQUENCY_GRAIN[measure.frequency]
                known.append(self._calendar.period(grain, date.fromordinal(newest)).end)
        return min(known, default=self.as_of)

    def _usable_value(self, kpi: Kpi, span: Span) -> float | None:
        cell = self.cell(kpi.id, span)
        return cell.value if self.usable(cell) else None


def _covered(covered: tuple[int, int], window: Due) -> tuple[int, int]:
    """Of events, days that are known, with or without a row, and days owed; what came early counts on both sides."""
    last = min(window.last, max(window.owed, covered[1]))
    seen = min(last, covered[1]) - max(window.first, covered[0]) + 1
    return max(0, seen), max(0, last - window.first + 1)


def _any_now(cells: Mapping[tuple[str, int], Cell]) -> bool:
    return any(not back for _, back in cells)


def _index_of(periods: Sequence[Period], period: Period) -> int | None:
    """Where the period stands in the ascending sequence."""
    low, high = 0, len(periods)
    while low < high:
        middle = (low + high) // 2
        if periods[middle].start < period.start:
            low = middle + 1
        else:
            high = middle
    return low if low < len(periods) and periods[low].start == period.start else None

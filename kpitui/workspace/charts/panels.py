"""The figures of one panel: values, target, benchmark, mean and limits, and what the chart marks.

Ten years of days are 3,653 periods, so that nothing is worked out by period that holds for many of them: phases and
benchmarks are known as stretches, signals by their kind, and labels are written when they are drawn.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise, repeat
from operator import attrgetter
from typing import NamedTuple
from weakref import WeakKeyDictionary

from kpitui.analysis import signals
from kpitui.analysis.signals import WHEELER_RANGE, Chart, Phase, Signal
from kpitui.definitions.model import Kpi
from kpitui.periods import Grain
from kpitui.workspace.charts.values import Level, LevelKind, Line, LineKind, Mark, Panel, Verdict
from kpitui.workspace.figures import Figures
from kpitui.workspace.wording import better_or_worse

_VALUE, _LOW, _HIGH = attrgetter("value"), attrgetter("low"), attrgetter("high")
_MARKS: WeakKeyDictionary[Figures, dict[tuple[str, Grain], list[Mark | None]]] = WeakKeyDictionary()
"""Of the charts that were shown: of one that is moved most points are shown again."""


class _Stretch(NamedTuple):
    """Periods of a panel in which one phase holds."""

    start: int
    stop: int
    phase: Phase


class _Unbroken(NamedTuple):
    """Points of the chart that follow each other without a gap."""

    start: int
    """The first one's period, by its index in the panel."""
    first: int
    stop: int
    """Indexes into the chart."""


class _Charted(NamedTuple):
    """Where the periods of a panel stand in the KPI's chart."""

    values: tuple[float | None, ...]
    unbroken: tuple[_Unbroken, ...]
    stretches: tuple[_Stretch, ...]
    """What lies before the first phase belongs to it, too."""
    hollow: frozenset[int]
    before: int
    """Index of the last point before the periods, or the first point."""

    @property
    def indexes(self) -> list[int | None]:
        """Into the chart; None where the period has no point."""
        found: list[int | None] = [None] * len(self.values)
        for start, first, stop in self.unbroken:
            found[start : start + stop - first] = range(first, stop)
        return found


def kpi_panel(figures: Figures, kpi: Kpi, grain: Grain, numbers: range, title: str = "") -> Panel:
    """The KPI's figures in the periods of these numbers, with target, benchmark, mean and limits, and its signals."""
    found = _charted(figures, kpi, grain, numbers)
    return Panel(
        title=title,
        periods=tuple(figures.periods(grain, numbers)),
        locale=figures.definitions.locale,
        lines=(Line(kpi.name, found.values),),
        levels=(
            *_limits(figures.chart(kpi, grain).chart, found),
            *_targets(figures, kpi, grain, numbers),
            *_benchmark(kpi, len(numbers)),
        ),
        phase_starts=_phase_starts(found.stretches),
        hollow=found.hollow,
        marks=_marks(figures, kpi, grain, found),
    )


def figures_panel(figures: Figures, kpi: Kpi, grain: Grain, numbers: range, title: str) -> Panel:
    """The figures alone, such as a segment's."""
    found = _charted(figures, kpi, grain, numbers)
    return Panel(
        title=title,
        periods=tuple(figures.periods(grain, numbers)),
        locale=figures.definitions.locale,
        lines=(Line(title, found.values, incomplete=figures.incomplete(kpi, grain, numbers)),),
        hollow=found.hollow,
    )


def former_line(figures: Figures, kpi: Kpi, grain: Grain, numbers: range, name: str, kind: LineKind) -> Line:
    """The KPI's figures in the periods of these numbers, such as those of a year before."""
    values = _charted(figures, kpi, grain, numbers).values
    return Line(name, values, kind, figures.incomplete(kpi, grain, numbers))


def moving_range_panel(figures: Figures, kpi: Kpi, grain: Grain, numbers: range) -> Panel:
    """How much each period differs from the one before, with the mean of that and its upper limit."""
    chart = figures.chart(kpi, grain)
    found = _charted(figures, kpi, grain, numbers)
    # The first point of a phase has none before it to differ from.
    without = {0, *(phase.first for phase in chart.chart.phases)}
    means = _stretched(found.stretches, [stretch.phase.mean_moving_range for stretch in found.stretches])
    uppers = tuple(None if mean is None else WHEELER_RANGE * mean for mean in means) or (None,) * len(numbers)
    values: list[float | None] = []
    marks: list[Mark | None] = []
    for index, upper in zip(found.indexes, uppers, strict=True):
        step = None if index is None or index in without else chart.values[index] - chart.values[index - 1]
        values.append(None if step is None else abs(step))
        if step is None or upper is None or abs(step) <= upper:
            marks.append(None)
        else:
            marks.append(_mark(Signal("moving_range", "above" if step > 0 else "below"), kpi))
    return Panel(
        title="",
        periods=tuple(figures.periods(grain, numbers)),
        locale=figures.definitions.locale,
        lines=(Line("moving range", tuple(values), incomplete=_unsure_steps(figures, kpi, grain, found.indexes)),),
        levels=_holding(Level("upper", uppers, "limit"), Level("mean mR", means, "mean")),
        phase_starts=_phase_starts(found.stretches),
        marks=tuple(marks),
    )


def _unsure_steps(figures: Figures, kpi: Kpi, grain: Grain, indexes: Sequence[int | None]) -> frozenset[int]:
    """The periods whose step is from a figure that is not complete, or to one."""
    charted = figures.charted_numbers(kpi, grain)
    if not charted:
        return frozenset()
    unsure = {charted[0] + at for at in figures.incomplete(kpi, grain, range(charted[0], charted[-1] + 1))}
    return frozenset(at for at, index in enumerate(indexes) if index and unsure & {charted[index - 1], charted[index]})


# Where periods stand in the chart


def _charted(figures: Figures, kpi: Kpi, grain: Grain, numbers: range) -> _Charted:
    charted, chart = figures.charted_numbers(kpi, grain), figures.chart(kpi, grain)
    first, stop = bisect_left(charted, numbers.start), bisect_left(charted, numbers.stop)
    values: list[float | None] = [None] * len(numbers)
    unbroken = []
    for begin, end in _unbroken(charted, first, stop):
        start = charted[begin] - numbers.start
        values[start : start + end - begin] = chart.values[begin:end]
        unbroken.append(_Unbroken(start, begin, end))
    hollow = set()
    for number in range(max(figures.ended(grain) + 1, numbers.start), numbers.stop):
        [period] = figures.periods(grain, range(number, number + 1))
        value = figures.point(kpi, period).judged
        values[number - numbers.start] = value
        if value is not None:
            hollow.add(number - numbers.start)
    stretches = _stretches(chart.chart.phases, charted, numbers)
    return _Charted(tuple(values), tuple(unbroken), tuple(stretches), frozenset(hollow), max(0, first - 1))


def _unbroken(numbers: Sequence[int], start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Where ascending numbers follow each other without a gap: most series have few, and are taken whole."""
    if start < stop and numbers[stop - 1] - numbers[start] == stop - 1 - start:
        yield start, stop
    elif start < stop:
        middle = (start + stop) // 2
        yield from _unbroken(numbers, start, middle)
        yield from _unbroken(numbers, middle, stop)


def _stretches(phases: Sequence[Phase], charted: Sequence[int], numbers: range) -> Iterable[_Stretch]:
    """The phases that hold in the periods; each until the next one begins, the first one from the start."""
    begins = [charted[phase.first] - numbers.start for phase in phases]
    for place, (phase, begin) in enumerate(zip(phases, begins, strict=True)):
        start = max(0, begin) if place else 0
        stop = min(len(numbers), begins[place + 1] if place + 1 < len(phases) else len(numbers))
        if start < stop:
            yield _Stretch(start, stop, phase)


def _stretched(stretches: Sequence[_Stretch], values: Iterable[float | None]) -> tuple[float | None, ...]:
    """A value of each stretch as one per period."""
    repeated = (repeat(value, s.stop - s.start) for s, value in zip(stretches, values, strict=True))
    return tuple(chain.from_iterable(repeated))


def _phase_starts(stretches: Sequence[_Stretch]) -> frozenset[int]:
    return frozenset(later.start for _, later in pairwise(stretches))


# Levels and marks


def _holding(*levels: Level) -> tuple[Level, ...]:
    """The levels that hold anywhere."""
    return tuple(level for level in levels if any(value is not None for value in level.values))


def _limits(chart: Chart, found: _Charted) -> tuple[Level, ...]:
    stretches = found.stretches
    if chart.levels:
        # They differ within a phase: a period without a point has those of the last point before it.
        last, levels = found.before, []
        for index in found.indexes:
            last = last if index is None else index
            levels.append(chart.levels[last])
        return _holding(
            Level("upper", tuple(level.upper for level in levels), "limit"),
            Level("mean", tuple(level.mean for level in levels), "mean"),
            Level("lower", tuple(level.lower for level in levels), "limit"),
        )
    return _holding(
        Level("upper", _stretched(stretches, [s.phase.upper for s in stretches]), "limit"),
        Level("mean", _stretched(stretches, [s.phase.mean for s in stretches]), "mean"),
        Level("lower", _stretched(stretches, [s.phase.lower for s in stretches]), "limit"),
    )


def _targets(figures: Figures, kpi: Kpi, grain: Grain, numbers: range) -> tuple[Level, ...]:
    """What was aimed at in each period, so that a revised target is a step."""
    goals = figures.goals(kpi, grain, numbers)
    if kpi.direction == "range":
        return _holding(
            Level("target low", tuple(map(_LOW, goals)), "target"),
            Level("target high", tuple(map(_HIGH, goals)), "target"),
        )
    return _holding(Level("target", tuple(map(_VALUE, goals)), "target"))


def _benchmark(kpi: Kpi, count: int) -> list[Level]:
    if kpi.benchmark is None:
        return []
    bounds: tuple[tuple[LevelKind, float | None], ...] = (
        ("benchmark_low", kpi.benchmark.low),
        ("benchmark_high", kpi.benchmark.high),
    )
    return [Level("benchmark", (bound,) * count, kind) for kind, bound in bounds if bound is not None]


def _marks(figures: Figures, kpi: Kpi, grain: Grain, charted: _Charted) -> tuple[Mark | None, ...]:
    """Empty where nothing is a signal."""
    of_points = _marks_of_points(figures, kpi, grain)
    marks: list[Mark | None] = [None] * len(charted.values)
    for start, first, stop in charted.unbroken:
        here = of_points[first:stop]
        marks[start : start + len(here)] = here
    return tuple(marks) if any(marks) else ()


def _marks_of_points(figures: Figures, kpi: Kpi, grain: Grain) -> list[Mark | None]:
    """What each point of the KPI's chart is called; empty where none is a signal."""
    kept = _MARKS.setdefault(figures, {})
    if (kpi.id, grain) not in kept:
        found = figures.chart(kpi, grain).chart.signals
        kinds = {signal: _mark(signal, kpi) for signal in set(found) if signal is not None}
        kept[kpi.id, grain] = [None if signal is None else kinds[signal] for signal in found]
    return kept[kpi.id, grain]


def _mark(signal: Signal, kpi: Kpi) -> Mark:
    verdicts: dict[str, Verdict] = {"better": "better", "worse": "worse"}
    word = better_or_worse(signals.variation(signal, kpi.direction))
    return Mark(signal.side, verdicts.get(word, "changed"))

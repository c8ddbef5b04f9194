"""Signal or noise: process behaviour charts (XmR charts) of a KPI's periods.

Two sets of detection rules, which disagree on real series, so that the method's name belongs on every chart:

* **nhs**: the rules of NHS England's "Making Data Count", as its open program NHSRplotthedots 0.2.2 applies them.
* **wheeler**: Donald J. Wheeler, *Understanding Variation* (1993) and *Making Sense of Data* (2003), as the open
  program statprocon 2.0.0 applies them.

Natural process limits are X̄ ± 2.66·mR̄ (2.66 = 3 ÷ d₂, d₂ = 1.128 for two neighbours); the moving range's own upper
limit is 3.267·mR̄ (D₄; Wheeler rounds it to 3.268).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import ceil, fsum, log10
from typing import NamedTuple

from kpitui.terms import Assurance, ChartRule, Direction, Method, Rule, Side, Variation

SIGNIFICANT = 13
"""Decimal digits of the largest value; a float holds 15."""
LIMITS = 2.66
SCREEN = 3.267
WHEELER_RANGE = 3.268
FEWEST_FOR_LIMITS = 5
FEWEST_FOR_ASSURANCE = 12
AT_ITS_END = 7
"""Points: as many as it takes to tell a shift."""


class Signal(NamedTuple):
    """Why a point is no usual variation."""

    rule: Rule
    side: Side
    """Of the mean; of a trend: rising is above; of a moving range: the step's direction."""


class Phase(NamedTuple):
    """A stretch of points that share a mean and limits."""

    first: int
    """Index of its first point."""
    points: int
    mean: float
    mean_moving_range: float | None
    """None where there is one point only."""
    lower: float | None
    upper: float | None
    """None under five points, and in a chart where they differ from point to point (`Chart.levels`)."""
    dropped: int
    """Moving ranges that the screen left out of their mean."""
    sigma_z: float | None = None
    """p′, u′: how much more its points move than chance would have them."""
    baseline: int | None = None
    """How many of its first points mean and limits are of; None: of all of them."""

    @property
    def known_from(self) -> int:
        """How many points mean and limits are of."""
        return self.points if self.baseline is None else min(self.baseline, self.points)

    @property
    def provisional(self) -> bool:
        """Fewer than twelve points: the limits will still move."""
        return self.points < FEWEST_FOR_ASSURANCE


class Level(NamedTuple):
    """Mean and limits of one point."""

    mean: float
    lower: float | None
    upper: float | None


class Chart(NamedTuple):
    """The chart of a series; `signals` has one entry per point."""

    method: Method
    phases: tuple[Phase, ...] = ()
    signals: tuple[Signal | None, ...] = ()
    variation: Variation | None = None
    """Of the last point; None without points."""
    assurance: Assurance | None = None
    """Whether the process as it is will meet the target; None without a target or limits."""
    stable: bool = True
    """False where more than a third of the last phase is marked."""
    levels: tuple[Level, ...] = ()
    """Of each point, where they differ within a phase: in p′ and u′ charts, and by season."""
    adjusted: tuple[float, ...] = ()
    """Seasonally adjusted values, where phases and signals are of those; empty where they are of the values."""
    splits: bool = False
    """About half of the last phase misses the target, as it must where the target was set at the median; the phase
    has no signal at its end."""

    def phase_of(self, index: int) -> Phase:
        """The phase that holds the point, with the mean and the limits that hold for this point."""
        phase = next(phase for phase in reversed(self.phases) if phase.first <= index)
        return phase._replace(**self.levels[index]._asdict()) if self.levels else phase


def moving_ranges(values: Sequence[float]) -> list[float]:
    """|xᵢ − xᵢ₋₁| of neighbours; one fewer than values."""
    return [abs(later - earlier) for earlier, later in pairwise(values)]


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)


def _places(values: Sequence[float]) -> int:
    """Decimal places up to which values of this size are looked at: what comes after them is the rounding of sums."""
    largest = max(map(abs, values))
    return SIGNIFICANT - ceil(log10(largest)) if largest else SIGNIFICANT


def _limits(values: Sequence[float], first: int, baseline: int | None, screened: bool, places: int) -> Phase:
    """The phase whose points are `values`, with limits from its baseline."""
    base = values[:baseline] if baseline else values
    mean = round(_mean(base), places)
    ranges = moving_ranges(base)
    if not ranges:
        return Phase(first, len(values), mean, None, None, None, 0, baseline=baseline or None)
    kept = ranges
    if screened:
        bound = SCREEN * _mean(ranges)
        # In a flat series every range equals the bound, 0, and none is beyond it.
        kept = [mr for mr in ranges if mr < bound] or ranges
    mean_range = _mean(kept)
    enough = len(base) >= FEWEST_FOR_LIMITS
    return Phase(
        first=first,
        points=len(values),
        mean=mean,
        mean_moving_range=mean_range,
        lower=mean - LIMITS * mean_range if enough else None,
        upper=mean + LIMITS * mean_range if enough else None,
        dropped=len(ranges) - len(kept),
        baseline=baseline or None,
    )


def chart(
    values: Sequence[float],
    rule: ChartRule,
    direction: Direction = "up",
    *,
    phase_starts: Sequence[int] = (),
    baselines: Sequence[int | None] = (),
    target: float | None = None,
) -> Chart:
    """The process behaviour chart of a KPI's usable, whole periods, oldest first.

    `phase_starts` are the indexes at which a new phase begins (0 is implied); `baselines`, where given, says for each
    phase from how many of its first points the limits come. `target` is the last period's. Methods "p" and "u"
    need counts: `counts.counts_chart` draws them.
    """
    if rule.method == "none" or not values:
        return Chart(rule.method)
    wheeler = rule.method == "wheeler"
    places = _places(values)
    # A figure that is always 30.1 must not lie outside of limits that are 30.1 but for the last bit.
    values = [round(value, places) for value in values]
    phases: list[Phase] = []
    signals: list[Signal | None] = []
    for start, end, baseline in stretches(len(values), rule, phase_starts, baselines):
        stretch = values[start:end]
        phase = _limits(stretch, start, baseline, rule.screen and not wheeler, places)
        phases.append(phase)
        signals.extend(_detect(stretch, phase, _WHEELER if wheeler else _NHS))
    last = phases[-1]
    marked = sum(signal is not None for signal in signals[last.first :])
    return Chart(
        method=rule.method,
        phases=tuple(phases),
        signals=tuple(signals),
        variation=variation(signals[-1], direction),
        assurance=assured(last, direction, target),
        stable=marked * 3 <= last.points,
        splits=splits(values[last.first :], signals[last.first :], target),
    )


def stretches(
    count: int, rule: ChartRule, phase_starts: Sequence[int], baselines: Sequence[int | None]
) -> Iterator[tuple[int, int, int | None]]:
    """Of each phase of so many points: its first index, the one after its last, and how many fix its limits."""
    starts = sorted({0, *(start for start in phase_starts if 0 < start < count)})
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], count], strict=True)):
        yield start, end, baselines[number] if number < len(baselines) else rule.baseline


def variation(signal: Signal | None, direction: Direction) -> Variation:
    """What a point's signal means for a KPI that should go in that direction."""
    if signal is None:
        return "common_cause"
    if direction == "range":
        return "neutral_high" if signal.side == "above" else "neutral_low"
    if signal.side == "above":
        return "improvement_high" if direction == "up" else "concern_high"
    return "concern_low" if direction == "up" else "improvement_low"


def assured(level: Phase | Level, direction: Direction, target: float | None) -> Assurance | None:
    """Whether a process with these limits will meet the target."""
    if target is None or level.lower is None or level.upper is None or direction == "range":
        return None
    if target > level.upper:
        return "fail" if direction == "up" else "pass"
    if target < level.lower:
        return "pass" if direction == "up" else "fail"
    return "inconsistent"


def splits(values: Sequence[float], signals: Sequence[Signal | None], target: float | None) -> bool:
    """Whether the target parts the points of a phase (twelve at least) into two halves, give or take a tenth of them.

    Not where the phase ends with signals: what half of its points did is no longer what the process does.
    """
    if target is None or len(values) < FEWEST_FOR_ASSURANCE or any(signals[-AT_ITS_END:]):
        return False
    above = sum(value > target for value in values) + sum(value == target for value in values) / 2
    return 0.4 <= above / len(values) <= 0.6


_Marks = dict[int, Side]
_Detector = Callable[[Sequence[float], Phase], _Marks]


def _detect(values: Sequence[float], phase: Phase, detectors: Sequence[tuple[Rule, _Detector]]) -> list[Signal | None]:
    """Per point the first rule that marks it."""
    found: list[Signal | None] = [None] * len(values)
    for rule, detector in detectors:
        for index, side in detector(values, phase).items():
            if found[index] is None:
                found[index] = Signal(rule, side)
    return found


def told_with(chart: Chart, values: Sequence[float], first: int, last: int) -> int:
    """The index of the point with which the chart could first mark any of the points from `first` to `last`.

    A shift of seven is marked from its first point on, and known with its seventh. The limits are those that the
    chart has now. `values` are the chart's points; at least one of `first` to `last` is marked.
    """
    if chart.method in ("p", "u"):
        return first  # their one rule looks at one point
    values = chart.adjusted or values
    detectors = _WHEELER if chart.method == "wheeler" else _NHS
    phase = next(phase for phase in reversed(chart.phases) if phase.first <= first)
    begins, ends = phase.first, phase.first + phase.points
    for known in range(first, ends):
        signals = _detect(values[begins : known + 1], phase, detectors)
        if any(signals[first - begins : last + 1 - begins]):
            return known
    raise AssertionError("a point that is marked is marked by its own phase")


def _outside_limits(values: Sequence[float], phase: Phase) -> _Marks:
    if phase.lower is None or phase.upper is None:
        return {}
    upper, lower = phase.upper, phase.lower
    marks: _Marks = {i: "above" for i, value in enumerate(values) if value > upper}
    marks |= {i: "below" for i, value in enumerate(values) if value < lower}
    return marks


def _nhs_trend(values: Sequence[float], _phase: Phase) -> _Marks:
    """Seven points whose six steps all rise, or all fall."""
    steps = [(later > earlier) - (later < earlier) for earlier, later in pairwise(values)]
    inside: set[int] = set()
    run = before = 0
    for last, step in enumerate(steps):
        run = run + 1 if step == before else 1
        before = step
        if run >= 6 and step:
            inside.update(range(last - 5, last + 2))
    marks: _Marks = {}
    for i in inside:
        # Where two trends meet, the one that goes on decides.
        step = steps[i] if i + 1 in inside and steps[i] else steps[i - 1]
        marks[i] = "above" if step > 0 else "below"
    return marks


def _nhs_near_limits(values: Sequence[float], phase: Phase) -> _Marks:
    """Two of three neighbours in the outer third between mean and limit, all three on one side of the mean."""
    if phase.lower is None or phase.upper is None:
        return {}
    marks: _Marks = {}
    mean, upper, lower = phase.mean, phase.upper, phase.lower
    high = mean + (upper - mean) * 2 / 3
    low = mean - (mean - lower) * 2 / 3
    outer = [i for i, value in enumerate(values) if high < value <= upper or lower <= value < low]
    for one, other in pairwise(outer):
        # Only threes with two such points can count, and most series have few.
        for first in range(max(0, other - 2), min(one, len(values) - 3) + 1):
            three = values[first : first + 3]
            if all(value > mean for value in three):
                marks[one] = marks[other] = "above"
            elif all(value < mean for value in three):
                marks[one] = marks[other] = "below"
    return marks


def _nhs_shift(values: Sequence[float], phase: Phase) -> _Marks:
    """Seven neighbours on one side of the mean; a point on the mean breaks the run."""
    marks: _Marks = {}
    mean = phase.mean
    run = run_side = 0
    for i, value in enumerate(values):
        side = (value > mean) - (value < mean)
        run = run + 1 if side == run_side else 1
        run_side = side
        if run >= 7 and side:
            marks.update(dict.fromkeys(range(i - 6, i + 1), "above" if side > 0 else "below"))
    return marks


def _wheeler_shift(values: Sequence[float], phase: Phase) -> _Marks:
    """Eight successive points on one side; a point on the line neither counts nor breaks the run."""
    marks: _Marks = {}
    count = run_side = 0
    for i, value in enumerate(values):
        side = (value > phase.mean) - (value < phase.mean)
        if side == 0:
            continue
        count = count + 1 if side == run_side else 1
        run_side = side
        name: Side = "above" if side > 0 else "below"
        if count == 8:
            marks.update(dict.fromkeys(range(max(0, i - 7), i + 1), name))
        elif count > 8:
            marks[i] = name
    return marks


def _wheeler_near_limits(values: Sequence[float], phase: Phase) -> _Marks:
    """Three of four successive points nearer to one limit than to the mean."""
    if phase.lower is None or phase.upper is None:
        return {}
    high = (phase.mean + phase.upper) / 2
    low = (phase.mean + phase.lower) / 2
    zones = [(value > high) - (value < low) for value in values]
    marks: _Marks = {}
    for first in range(len(values) - 3):
        balance = sum(zones[first : first + 4])
        if abs(balance) >= 3:
            marks.update(dict.fromkeys(range(first, first + 4), "above" if balance > 0 else "below"))
    return marks


def _wheeler_moving_range(values: Sequence[float], phase: Phase) -> _Marks:
    """A step larger than the moving range's own upper limit."""
    if phase.mean_moving_range is None or phase.upper is None:
        return {}
    bound = WHEELER_RANGE * phase.mean_moving_range
    steps = [later - earlier for earlier, later in pairwise(values)]
    return {i + 1: "above" if step > 0 else "below" for i, step in enumerate(steps) if abs(step) > bound}


_NHS: tuple[tuple[Rule, _Detector], ...] = (
    ("outside_limits", _outside_limits),
    ("trend", _nhs_trend),
    ("near_limits", _nhs_near_limits),
    ("shift", _nhs_shift),
)
_WHEELER: tuple[tuple[Rule, _Detector], ...] = (
    ("outside_limits", _outside_limits),
    ("shift", _wheeler_shift),
    ("near_limits", _wheeler_near_limits),
    ("moving_range", _wheeler_moving_range),
)

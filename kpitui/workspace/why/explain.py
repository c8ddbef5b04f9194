"""Why a KPI moved between two periods: its formula's inputs, or the segments of a column. Arithmetic, not cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import fsum
from typing import Literal, NamedTuple

import msgspec

from kpitui.analysis.drivers import Node, Part, contributions
from kpitui.analysis.segments import OTHERS, Ratio, SegmentPart, differences, rate_and_mix, with_others
from kpitui.analysis.series import Span
from kpitui.definitions.formula import Expression, evaluate, references
from kpitui.definitions.model import Definitions, Kpi
from kpitui.definitions.ratios import is_sum, part_of_whole, ratio
from kpitui.measurements.values import Segmented
from kpitui.periods import Period
from kpitui.problems import KpituiError
from kpitui.terms import Aggregate
from kpitui.workspace.charts.segments import columns, segments
from kpitui.workspace.figures import Figures
from kpitui.workspace.numbers import period_name
from kpitui.workspace.opening import Workspace

MOST_SEGMENTS = 12
"""Segments that are shown by themselves; the others together are one."""

How = Literal["drivers", "rate_and_mix", "differences"]


class Lacking(NamedTuple):
    """A segment of which values are missing in one of the periods: its figure counts them as nothing."""

    name: str
    period: Period
    seen: int
    due: int


class Explanation(NamedTuple):
    """The change of a KPI from one period to another, in parts that sum to it."""

    kpi: Kpi
    before: Period
    after: Period
    figure_before: float | None
    figure_after: float | None
    how: How | None = None
    """None where it cannot be explained; `why_not` says why."""
    why_not: str = ""
    drivers: Part | None = None
    """The KPI itself, with its inputs as parts, and theirs below."""
    by: str | None = None
    """The column of the segments."""
    segments: tuple[SegmentPart, ...] = ()
    """The largest first, all others last."""
    weeks: tuple[int, int] | None = None
    """Of an amount that is measured by the week: how many weeks both periods have, where that differs."""
    lacking: tuple[Lacking, ...] = ()
    """What the segments lack, also where the whole has a value of each day: from the other segments."""
    usual: bool = False
    """The KPI's chart calls both periods usual variation: look at the process, not at these periods."""

    @property
    def change(self) -> float | None:
        if self.figure_before is None or self.figure_after is None:
            return None
        return self.figure_after - self.figure_before


def periods(workspace: Workspace, kpi: Kpi, before: Period | None, after: Period | None) -> tuple[Period, Period]:
    """The two periods to compare: by default the KPI's last one, and the same a year before, or else the one before
    it; raises KpituiError where the two are none of a kind."""
    calendar = workspace.definitions.calendar
    if after is None:
        grain = before.grain if before else workspace.usual_grain
        after = workspace.own_period(kpi, workspace.last_ended(grain))
    if before is None:
        before = calendar.year_before(after)
        if workspace.figures.point(kpi, before).value is None:
            before = calendar.shift(after, -1)
    if before.grain is not after.grain:
        raise KpituiError(f"{before.id} is a {before.grain.word}, {after.id} is a {after.grain.word}")
    if before == after:
        raise KpituiError(f"nothing changes from {before.id} to itself")
    return before, after


def column_of(workspace: Workspace, kpi: Kpi, wanted: str | None) -> str | None:
    """The column to break the KPI down by: the one that is wanted, else the first of `ways`; None: by its inputs.

    Raises KpituiError where the KPI has no such column.
    """
    if wanted is None:
        return ways(workspace, kpi)[0]
    offered = columns(workspace, kpi)
    if wanted in offered:
        return wanted
    known = f"there are {', '.join(offered)}" if offered else "its sources declare no segments that they share"
    raise KpituiError(f"{kpi.name} cannot be broken down by {wanted!r}: {known}")


def ways(workspace: Workspace, kpi: Kpi) -> tuple[str | None, ...]:
    """What the KPI can be explained by, the usual way first: each column of segments, and its inputs (None).

    A ratio moves because its segments do: they stand first, and of a part of a whole alone, for its two counts say
    nothing of it. Everything else with a formula is explained by its inputs first, and by segments only where these
    add up to it. At least one way, so that it is said why there is none.
    """
    offered = columns(workspace, kpi)
    if kpi.formula is None:
        return offered or (None,)
    amounts = _amounts(workspace.definitions, kpi)
    if part_of_whole(kpi, workspace.definitions) is not None:
        return offered or (None,)
    if amounts is None:
        return (None,)
    return (None, *offered) if amounts.whole is None else (*offered, None)


def explain(workspace: Workspace, kpi: Kpi, before: Period, after: Period) -> Explanation:
    """By the inputs of its formula, down to measures."""
    asked = _asked(workspace, kpi, before, after)
    if asked.why_not:
        return asked
    if kpi.formula is None:
        way = "break it down by a column of segments" if columns(workspace, kpi) else "its source names no `segments`"
        return asked._replace(why_not=f"it is a measure, not a formula: {way}")
    if part_of_whole(kpi, workspace.definitions) is not None:
        return asked._replace(why_not="a part of a whole is explained by rate and mix of segments, not by its counts")
    return asked._replace(how="drivers", drivers=contributions(_node(workspace, kpi.id, before, after, 0, True)))


def _asked(workspace: Workspace, kpi: Kpi, before: Period, after: Period) -> Explanation:
    """The figures, and why they cannot be compared where that is so."""
    points = [workspace.figures.point(kpi, period) for period in (before, after)]
    asked = Explanation(kpi, before, after, points[0].value, points[1].value)
    for point in points:
        name = period_name(point.period, workspace.definitions.locale)
        if point.partial:
            return asked._replace(why_not=f"{name} is not over")
        if point.value is None:
            return asked._replace(why_not=f"{kpi.name} has no figure in {name}")
        if not point.usable:
            lacking = f"{point.seen} of {point.due} values"
            return asked._replace(why_not=f"of {name} there are {lacking}: too few to compare")
    counts = [point.weeks.now for point in points if point.weeks is not None]
    weeks = (counts[0], counts[1]) if len(counts) == 2 and counts[0] != counts[1] else None
    return asked._replace(weeks=weeks, usual=all(point.variation == "common_cause" for point in points))


def _node(workspace: Workspace, id_: str, before: Period, after: Period, back: int, is_top: bool) -> Node:
    """A KPI or measure with what its formula names below it; a ratio stays closed, but at the top.

    Its two amounts mostly move together: wins that fall by a third would divide a deal's size, and so add most.
    """
    definitions, calendar = workspace.definitions, workspace.definitions.calendar
    then, now = ((calendar.shift(period, -back) if back else period) for period in (before, after))
    figure_then, figure_now = (_figure(workspace.figures, id_, period) for period in (then, now))
    kpi = definitions.kpis.get(id_)
    formula = kpi.formula if kpi else None
    name = id_ if not back else f"prev({id_}, {back})"
    if kpi is None or formula is None or (not is_top and ratio(kpi, definitions) is not None):
        return Node(name, figure_then, figure_now)
    named = references(formula)
    places = {(ref.id, ref.back): place for place, ref in enumerate(named)}

    def own(values: Sequence[float]) -> float | None:
        return evaluate(formula, lambda ref_id, ref_back: [values[places[ref_id, ref_back]]])[0]

    inputs = tuple(_node(workspace, ref.id, then, now, ref.back, False) for ref in named)
    return Node(name, figure_then, figure_now, inputs, own)


def _figure(figures: Figures, id_: str, period: Period) -> float | None:
    return figures.cell(id_, Span(period, figures.as_of)).value


def explain_by(
    workspace: Workspace, kpi: Kpi, before: Period, after: Period, column: str, found: Segmented
) -> Explanation:
    """By the segments of a column, which were read of the KPI's measures."""
    asked = _asked(workspace, kpi, before, after)._replace(by=column)
    if asked.why_not:
        return asked
    of = _amounts(workspace.definitions, kpi)
    if of is None:
        return asked._replace(
            why_not="it is neither an amount nor a ratio of two: its segments do not add up to it",
        )
    own = [(segment.name, segment.figures) for segment in segments(workspace, kpi, found)]
    sides = []
    for period in (before, after):
        known = {name: _pair(of, figures, period) for name, figures in own}
        if found.left_out:
            whole = _pair(of, workspace.figures, period)
            rest = Ratio(*(whole[i] - fsum(pair[i] for pair in known.values()) for i in (0, 1)))
            known[OTHERS] = rest
        sides.append({name: pair for name, pair in known.items() if pair != (0.0, 0.0)})
    asked = asked._replace(lacking=tuple(_lacking(kpi, own, (before, after))))
    if of.whole is None:
        parts = differences(*({name: pair.part for name, pair in side.items()} for side in sides))
        return asked._replace(how="differences", segments=_shown(parts, found))
    shares = rate_and_mix(*sides)
    if shares is None:
        return asked._replace(why_not="shares of the whole cannot be said: it is zero, or negative in a segment")
    return asked._replace(how="rate_and_mix", segments=_shown(shares, found))


def only_way(workspace: Workspace, kpi: Kpi) -> str:
    """Why there is no other way to break a KPI down than the one that `ways` has."""
    offered = columns(workspace, kpi)
    if len(offered) == 1 and ways(workspace, kpi) == offered:
        return f"{offered[0]} is the only column of segments."
    if not offered:
        return "No segments: its sources share no such column."
    return "No segments: they would not add up to it."


def read_segments_of(workspace: Workspace, kpi: Kpi, column: str) -> Segmented:
    """The segments of a column, read in this process; screens have `SegmentReading`."""
    from kpitui.measurements.segments import read_segments

    measures = workspace.figures.measures_of(kpi.id)
    return read_segments(workspace.definitions, workspace.root, column, measures, known_at=workspace.known_at)


def _lacking(kpi: Kpi, own: Sequence[tuple[str, Figures]], sides: Sequence[Period]) -> Iterator[Lacking]:
    """A segment without any value in a period is absent there, and lacks nothing."""
    for name, figures in own:
        for period in sides:
            cell = figures.cell(kpi.id, Span(period, figures.as_of))
            if cell.value is not None and cell.seen < cell.due:
                yield Lacking(name, period, cell.seen, cell.due)


def _shown(parts: Sequence[SegmentPart], found: Segmented) -> tuple[SegmentPart, ...]:
    counted = [part._replace(segments=found.left_out) if part.name == OTHERS else part for part in parts]
    return tuple(with_others(counted, MOST_SEGMENTS))


class _Amounts(NamedTuple):
    """What gives a KPI's amounts: its part and its whole, or (`whole` is None) all of it."""

    part: Callable[[Figures, Period], float | None]
    whole: Callable[[Figures, Period], float | None] | None


def _amounts(definitions: Definitions, kpi: Kpi) -> _Amounts | None:
    """A ratio's two amounts, an amount, or of a mean the sum and the count of its rows; None of anything else."""
    of = ratio(kpi, definitions)
    if of is not None and is_sum(of.part, definitions) and is_sum(of.whole, definitions):
        return _Amounts(_of_formula(of.part), _of_formula(of.whole))
    if kpi.formula is not None:
        return _Amounts(_of_formula(kpi.formula), None) if is_sum(kpi.formula, definitions) else None
    match definitions.measures[kpi.id].aggregate:
        case "sum" | "count":
            return _Amounts(lambda figures, period: _figure(figures, kpi.id, period), None)
        case "mean":
            return _Amounts(_of_rows(kpi.id, "sum"), _of_rows(kpi.id, "count"))
    return None


def _of_formula(expression: Expression) -> Callable[[Figures, Period], float | None]:
    def amount(figures: Figures, period: Period) -> float | None:
        number = figures.definitions.calendar.number(period.grain, period.start)
        return figures.evaluated(expression, period.grain, [number])[0]

    return amount


def _of_rows(measure_id: str, aggregate: Aggregate) -> Callable[[Figures, Period], float | None]:
    """What the rows of a measure come to when they are aggregated in another way."""

    def amount(figures: Figures, period: Period) -> float | None:
        series = figures.measured.series.get(measure_id)
        if series is None:
            return None
        other = msgspec.structs.replace(series, aggregate=aggregate)
        measured = msgspec.structs.replace(figures.measured, series={measure_id: other})
        return _figure(Figures(figures.definitions, measured, figures.as_of), measure_id, period)

    return amount


def _pair(of: _Amounts, figures: Figures, period: Period) -> Ratio:
    """What a segment has of both; nothing where it has no rows."""
    part = of.part(figures, period) or 0.0
    whole = (of.whole(figures, period) or 0.0) if of.whole else 0.0
    return Ratio(part, whole)

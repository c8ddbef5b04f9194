"""An explanation as it is looked at: a bar per input or segment, what they sum to, and what has to be known first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from kpitui.analysis.drivers import Part
from kpitui.analysis.segments import OTHERS, SegmentPart
from kpitui.definitions.model import Definitions, Kpi
from kpitui.measurements.values import Segmented
from kpitui.periods import Period
from kpitui.terms import CauseClass, Direction
from kpitui.workspace.numbers import Style, period_name, period_tag
from kpitui.workspace.opening import Workspace
from kpitui.workspace.why.explain import MOST_SEGMENTS, Explanation, explain, explain_by
from kpitui.workspace.why.words import (
    ARITHMETIC,
    input_name,
    input_style,
    lacking_sentences,
    segment_figure,
    segment_name,
    share_text,
    weeks_sentence,
)
from kpitui.workspace.why.written import Written, WrittenSegment, written
from kpitui.workspace.wording import METHOD_NAME, points_phrase

Against = Literal["previous", "year_ago", "marked"]
"""What a period is explained against: the one before, the same a year before; or the two marked periods."""
AGAINST_WORD: dict[Against, str] = {"previous": "the period before", "year_ago": "a year before", "marked": "A and B"}
Sense = Literal["better", "worse", "changed"]


class Column(NamedTuple):
    """A figure that stands beside each bar."""

    head: str
    rank: int
    """What has no room leaves from the highest rank on."""


class Finding(NamedTuple):
    """What a bar says, as the beginning of a cause."""

    text: str
    cause_class: CauseClass | None
    """Proposed; None where the figures do not suggest one."""
    segment: str | None
    """`region = EMEA`, as records have it; None of an input, and of all others."""


class Bar(NamedTuple):
    """What an input or a segment contributed."""

    name: str
    contribution: float
    figures: tuple[str, ...]
    """One per column."""
    sense: Sense
    """Whether it took the KPI where it should go."""
    finding: Finding
    depth: int = 0
    """Of an input: how many formulas it is below."""
    segment: str | None = None
    """The segment's name in the data."""


class Bars(NamedTuple):
    """A change in parts that sum to it."""

    explanation: Explanation
    title: str
    """Both figures and the change."""
    short: str
    """The change alone, for where there is little room."""
    by: str
    columns: tuple[Column, ...]
    bars: tuple[Bar, ...]
    """Largest first, those below another one right behind it."""
    total: tuple[str, ...]
    """The sum, one text per column."""
    said: tuple[str, ...]
    """What has to be known before it is believed, the gravest first."""


def usual_against(workspace: Workspace, kpi: Kpi, after: Period) -> Against:
    """A year before where there is a figure of it: the season is the same, and one month's noise weighs less."""
    before = workspace.definitions.calendar.year_before(workspace.own_period(kpi, after))
    return "year_ago" if workspace.figures.point(kpi, before).value is not None else "previous"


def sides(
    workspace: Workspace, kpi: Kpi, after: Period, against: Against, marked: Sequence[Period]
) -> tuple[Period, Period]:
    """The two periods to explain the KPI between; marked ones only where there are two."""
    if against == "marked" and len(marked) == 2:
        return marked[0], marked[1]
    calendar = workspace.definitions.calendar
    after = workspace.own_period(kpi, after)
    return (calendar.year_before(after) if against == "year_ago" else calendar.shift(after, -1)), after


def bars(
    workspace: Workspace, kpi: Kpi, before: Period, after: Period, column: str | None, found: Segmented | None
) -> Bars:
    """The KPI's change by its inputs, or by the segments of the column, which were read (`found`)."""
    if column is None or found is None:
        explanation = explain(workspace, kpi, before, after)
    else:
        explanation = explain_by(workspace, kpi, before, after, column, found)
    return _Writer(workspace, explanation).bars()


class _Writer:
    """Puts one explanation into words."""

    def __init__(self, workspace: Workspace, explanation: Explanation) -> None:
        self._workspace = workspace
        self._definitions: Definitions = workspace.definitions
        self._found = explanation
        self._kpi = explanation.kpi
        self._style = Style.of(explanation.kpi, workspace.definitions.locale)
        self._then, self._now = (period_tag(p, self._style.locale) for p in (explanation.before, explanation.after))
        self._parts = written(explanation, self._style)
        self._change = self._parts.change

    def bars(self) -> Bars:
        found, style = self._found, self._style
        then, now = (style.value(each, exact=True) for each in (found.figure_before, found.figure_after))
        ends = style.value(found.figure_before), style.value(found.figure_after)
        names = [period_name(period, style.locale) for period in (found.before, found.after)]
        # A percentage has a digit less than its parts.
        change = self._change if style.unit != "percent" else style.difference(found.change, "points")
        change = "" if found.change is None else change
        title = f"{names[0]} {then} → {names[1]} {now}" + (f": {change}" if change else "")
        columns: tuple[Column, ...] = ()
        rows: list[Bar] = []
        total: tuple[str, ...] = ()
        by = f"by {found.by}" if found.by else "by the inputs of its formula"
        if found.how == "rate_and_mix":
            columns = tuple(
                Column(*each)
                for each in ((self._then, 4), (self._now, 3), ("share", 5), ("rate", 1), ("mix", 2), ("both", 0))
            )
            rows = [self._of_rate(*each) for each in zip(found.segments, self._parts.segments, strict=True)]
            total = (*ends, "", *(self._parts.total or ()))
        elif found.how == "differences":
            columns = (Column(self._then, 2), Column(self._now, 1), Column("share", 3), Column("adds", 0))
            rows = [self._of_amount(*each) for each in zip(found.segments, self._parts.segments, strict=True)]
            total = (*ends, "", self._change)
        elif found.drivers is not None:
            columns = (Column(self._then, 2), Column(self._now, 1), Column("adds", 0))
            rows = list(self._inputs(self._parts.drivers, 0))
            total = (*ends, self._change) if rows else ()
        short = f"{self._then} → {self._now}" + (f": {change}" if change else "")
        return Bars(found, title, short, by, columns, tuple(rows), total, tuple(self._said()))

    # A bar

    def _of_rate(self, part: SegmentPart, texts: WrittenSegment) -> Bar:
        style, locale = self._style, self._style.locale
        shares = share_text(part.share_before, locale), share_text(part.share_after, locale)
        figures = (
            *(segment_figure(self._found, part, period, style) for period in (self._found.before, self._found.after)),
            _from_to(*shares),
            *texts,
        )
        by_mix = abs(part.mix) > abs(part.rate)
        moved = f"{shares[0]} → {shares[1]} of the whole" if by_mix else f"{figures[0]} → {figures[1]}"
        own = f"{texts.mix} by mix" if by_mix else texts.rate
        return self._of_segment(part, figures, moved, own, "mix" if by_mix else "process")

    def _of_amount(self, part: SegmentPart, texts: WrittenSegment) -> Bar:
        style, found = self._style, self._found
        parts = found.segments
        shares = (
            _share(part.before, found.figure_before, [each.before for each in parts]),
            _share(part.after, found.figure_after, [each.after for each in parts]),
        )
        figures = (
            *(segment_figure(found, part, period, style) for period in (found.before, found.after)),
            _from_to(*(share_text(share, style.locale) for share in shares)),
            texts.both,
        )
        return self._of_segment(part, figures, f"{figures[0]} → {figures[1]}", figures[3], None)

    def _of_segment(
        self, part: SegmentPart, figures: tuple[str, ...], moved: str, own: str, cause_class: CauseClass | None
    ) -> Bar:
        name = segment_name(part.name, part.segments)
        alone = part.name != OTHERS
        segment = f"{self._found.by} = {part.name}" if alone else None
        finding = Finding(f"{name}: {moved} {self._of_change(own)}", cause_class, segment)
        sense = _sense(part.contribution, self._kpi.direction)
        return Bar(name, part.contribution, figures, sense, finding, segment=part.name if alone else None)

    def _inputs(self, parts: Sequence[Written], depth: int) -> Iterator[Bar]:
        ordered = sorted(parts, key=lambda each: -abs(each.part.contribution))
        for part, rounded, below in ordered[:MOST_SEGMENTS]:
            style = input_style(self._definitions, part.name)
            figures = (style.value(part.before), style.value(part.after), self._parts.steps.text(rounded))
            name = input_name(self._definitions, part.name)
            text = f"{name}: {figures[0]} → {figures[1]} {self._of_change(figures[2])}"
            finding = Finding(text, self._class_of(part.name), None)
            yield Bar(name, part.contribution, figures, _sense(part.contribution, self._kpi.direction), finding, depth)
            yield from self._inputs(below, depth + 1)
        if rest := ordered[MOST_SEGMENTS:]:
            own = sum(each.part.contribution for each in rest)
            name, text = segment_name(OTHERS, len(rest)), self._parts.steps.text(sum(each.rounded for each in rest))
            finding = Finding(f"{name} {self._of_change(text)}", None, None)
            yield Bar(name, own, ("", "", text), _sense(own, self._kpi.direction), finding, depth)

    def _of_change(self, own: str) -> str:
        since = period_name(self._found.before, self._style.locale)
        return f"since {since}: {own}, all together {self._change}"

    def _class_of(self, id_: str) -> CauseClass | None:
        """What an input suggests: a price where it is money for one, a process where it is another rate."""
        kpi = self._definitions.kpis.get(id_)
        if kpi is None or kpi.additive:
            return None
        return "price" if kpi.unit == "currency" else "process"

    # What has to be known

    def _said(self) -> Iterator[str]:
        found = self._found
        if found.how is None:
            yield f"Not explained: {found.why_not}."
            return
        if found.usual:
            yield f"No signal: look at the process, not at this {found.after.grain.word}."
        if found.drivers is not None and found.drivers.why_not:
            yield f"Not broken down: {found.drivers.why_not}."
            return
        if said := weeks_sentence(found):
            yield f"{said}."
        for said in lacking_sentences(found, self._style.locale):
            yield f"{said}."
        yield f"{self._method()}: {ARITHMETIC}."
        if found.drivers is not None:
            for part in _closed(found.drivers.parts):
                yield f"{input_name(self._definitions, part.name)} is not broken down: {part.why_not}."
        point = self._workspace.figures.point(self._kpi, found.after)
        if point.phase is not None:
            count = points_phrase(point.phase, found.after.grain)
            early = ", provisional: fewer than 12" if point.phase.provisional else ""
            method = METHOD_NAME[self._workspace.figures.chart(self._kpi, found.after.grain).chart.method]
            yield f"What is usual is known from {count} ({method}){early}."

    def _method(self) -> str:
        found = self._found
        count = sum(part.segments for part in found.segments)
        words = f"{count} {'segment' if count == 1 else 'segments'}"
        if found.how == "rate_and_mix":
            return f"Rate and mix of {words} (Kitagawa)"
        if found.how == "differences":
            return f"Differences of {words}"
        assert found.drivers is not None
        drawn = found.drivers.drawn
        orders = f"{drawn:,} drawn orders" if drawn else "all orders"
        inputs = len(found.drivers.parts)
        return f"Shapley values, {orders} of {inputs} {'input' if inputs == 1 else 'inputs'}"


def _share(part: float | None, whole: float | None, all_parts: Sequence[float | None]) -> float | None:
    """Of an amount's whole; None where a share says nothing, as some parts are below zero."""
    if not whole or any(each is not None and each < 0 for each in all_parts):
        return None
    return (part or 0.0) / whole


def _from_to(then: str, now: str) -> str:
    """`46.0→43.8%`."""
    return f"{then.removesuffix('%')}→{now}"


def _sense(contribution: float, direction: Direction) -> Sense:
    if direction == "range":
        return "changed"
    return "better" if (contribution > 0) is (direction == "up") else "worse"


def _closed(parts: Sequence[Part]) -> Iterator[Part]:
    """The inputs that have inputs of their own and could not be broken down."""
    for part in parts:
        if part.why_not:
            yield part
        yield from _closed(part.parts)

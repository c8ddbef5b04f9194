"""What a KPI's figure is made of, as lines of text: its definition, its figures to date, its target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from kpitui.analysis.status import OFF_TARGET, missed
from kpitui.definitions.formula import references
from kpitui.definitions.model import Kpi
from kpitui.periods import Grain, Period
from kpitui.workspace.answers import Row
from kpitui.workspace.formula_words import measure_words
from kpitui.workspace.numbers import NONE, Style, period_name, short_day
from kpitui.workspace.opening import Workspace
from kpitui.workspace.wording import (
    INCOMPLETE,
    STATUS_SIGN,
    assurance_sentence,
    coverage_phrase,
    grain_words,
    remark_sentence,
    signal_phrase,
)

LOOKED_BACK = 12
"""Periods that are counted where they missed the target."""
TO_DATE = (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)


class Fact(NamedTuple):
    """A label and what there is to say under it."""

    label: str
    text: str
    kind: Literal["text", "missing", "input"] = "text"
    """missing: a component that the definition lacks; input: `label` is part of the formula, `text` its figure."""


class Table(NamedTuple):
    """Figures to date: a head, and a row per stretch of time; or why there are none."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    why_none: str = ""


class About(NamedTuple):
    """Everything that stands beside the chart."""

    definition: tuple[Fact, ...]
    to_date: Table
    target: tuple[Fact, ...]
    chart: tuple[str, ...]
    """What is to be known of the chart before it is believed."""
    place: tuple[Fact, ...]
    """Where the KPI belongs, and where its definition is."""


def about(workspace: Workspace, row: Row, period: Period | None = None) -> About:
    """What the row's figure is made of; the inputs of its formula are those of `period` (by default the row's)."""
    grain = row.point.period.grain
    return About(
        tuple(_definition(workspace, row, period or row.point.period)),
        _to_date(workspace, row.kpi),
        tuple(_target(workspace, row)),
        tuple(remark_sentence(remark, row.kpi, grain) for remark in workspace.figures.remarks(row.kpi, grain)),
        tuple(_place(workspace, row)),
    )


def _definition(workspace: Workspace, row: Row, period: Period) -> Iterator[Fact]:
    kpi, definitions = row.kpi, workspace.definitions
    yield Fact("measure", kpi.formula_text or _measure_text(workspace, row))
    if kpi.formula_text:
        yield Fact("", f"in {period_name(period, definitions.locale)}:")
        for name, value in workspace.inputs(kpi, period):
            yield Fact(name, value or NONE, "input")
    missing = set(row.missing_components)
    goal = Style.of(kpi, definitions.locale).goal(row.point.goal, kpi.direction)
    yield Fact("target", "missing", "missing") if "target" in missing else Fact("target", goal)
    yield Fact("source", kpi.data_source) if kpi.data_source else Fact("source", "missing", "missing")
    point = row.point if period == row.point.period else workspace.figures.point(kpi, period)
    if point.due:
        yield Fact("coverage", coverage_phrase(point, kpi))
    if fresh := _freshness(workspace, kpi):
        yield Fact("newest", fresh)
    frequency = (kpi.stated_frequency or kpi.frequency) + (f", reviewed {kpi.review}" if kpi.review else "")
    yield Fact("frequency", frequency, "missing" if "frequency" in missing else "text")
    owner = definitions.who(kpi.owner)
    yield Fact("owner", owner) if owner else Fact("owner", "missing", "missing")


def _measure_text(workspace: Workspace, row: Row) -> str:
    return measure_words(row.kpi, workspace.definitions) + (" (f)" if row.manual else "")


def _freshness(workspace: Workspace, kpi: Kpi) -> str:
    fresh = workspace.figures.freshness(kpi)
    if fresh is None:
        return ""
    newest, due = (short_day(day, workspace.definitions.locale, workspace.as_of) for day in fresh)
    return f"{newest}, {'next due' if fresh[1] >= workspace.as_of else 'the next was due'} {due}"


def _place(workspace: Workspace, row: Row) -> Iterator[Fact]:
    kpi, definitions = row.kpi, workspace.definitions
    if place := " · ".join(part for part in (kpi.tier, kpi.kind, kpi.perspective) if part):
        yield Fact("place", place)
    if kpi.objective:
        objective = definitions.objectives.get(kpi.objective)
        yield Fact("objective", objective.title if objective else kpi.objective)
    if kpi.pair and kpi.pair in definitions.kpis:
        yield Fact("pair", _pair(workspace, definitions.kpis[kpi.pair], row.point.period))
    for label, found in _relatives(workspace, kpi):
        if found:
            yield Fact(label, ", ".join(found))
    for label, text in (("question", kpi.question), ("assumption", kpi.assumption)):
        if text:
            yield Fact(label, text)
    yield Fact("hash", f"{kpi.fingerprint} · {same_since(workspace, kpi)}")
    yield Fact("defined in", f"{kpi.file}:{kpi.line} (E)")


def _pair(workspace: Workspace, pair: Kpi, period: Period) -> str:
    """What must not suffer while the KPI gets better, and how it is in that period: `Lead quality ● usual`."""
    point = workspace.row(pair, period).point
    return " ".join(part for part in (pair.name, STATUS_SIGN[point.status], signal_phrase(point)) if part)


def _relatives(workspace: Workspace, kpi: Kpi) -> Iterator[tuple[str, list[str]]]:
    """What it predicts and what predicts it, and apart from these, as nobody states them, formulas."""
    kpis = workspace.definitions.kpis
    yield "feeds", [_later(kpis[link.kpi].name, link.lag, kpi.grain) for link in kpi.predicts if link.kpi in kpis]
    yield (
        "fed by",
        [
            _later(other.name, link.lag, other.grain, "earlier")
            for other in kpis.values()
            for link in other.predicts
            if link.kpi == kpi.id
        ],
    )
    yield "part of", [other.name for other in kpis.values() if kpi.id in _inputs(other)]
    yield "made of", [kpis[other].name for other in _inputs(kpi) if other in kpis]


def _inputs(kpi: Kpi) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ref.id for ref in references(kpi.formula))) if kpi.formula else ()


def _later(name: str, lag: int, grain: Grain, word: str = "later") -> str:
    return f"{name} ({lag} {grain_words(grain, lag)} {word})" if lag else name


def same_since(workspace: Workspace, kpi: Kpi) -> str:
    """Since which review the KPI has meant the same: `same since Jan 2025`."""
    seen = sorted(
        (file.review.started, file.review.period, file.figures[kpi.id].fingerprint)
        for file in workspace.journal.records.files
        if file.review is not None and kpi.id in file.figures
    )
    if not seen:
        return "not recorded in a review yet"
    since = None
    for _, period, fingerprint in reversed(seen):
        if fingerprint != kpi.fingerprint:
            break
        since = period
    if since is None:
        return f"changed since the review of {_named(workspace, seen[-1][1])}"
    return f"same since {_named(workspace, since)}"


def _named(workspace: Workspace, period_id: str) -> str:
    period = workspace.definitions.calendar.parse(period_id)
    return period_name(period, workspace.definitions.locale) if period else period_id


def _to_date(workspace: Workspace, kpi: Kpi) -> Table:
    locale = workspace.definitions.locale
    style = Style.of(kpi, locale)
    rows = []
    for grain in TO_DATE:
        found = workspace.figures.to_date(kpi, grain)
        values = (
            style.value(value) + ("" if complete or value is None else INCOMPLETE)
            for value, complete in (
                (found.value, found.complete),
                (found.previous, found.previous_complete),
                (found.year_ago, found.year_ago_complete),
            )
        )
        rows.append((grain.word, *values, style.goal(found.goal, kpi.direction).removeprefix("≤ ")))
    if all(text == NONE for row in rows for text in row[1:4]):
        begun = workspace.definitions.calendar.period(TO_DATE[-1], workspace.as_of).start
        return Table((), (), f"no figure yet since {short_day(begun, locale, workspace.as_of)}")
    return Table(("now", "before", "yr ago", "target"), tuple(rows))


def _missed(workspace: Workspace, kpi: Kpi, latest: Period) -> str:
    """`8 of the last 12 months, 3 of them by more than the bands`; empty where no complete period has a target."""
    points = [
        (point, by_any)
        for point in workspace.figures.points(kpi, latest, LOOKED_BACK)
        if point.complete and not point.partial
        if (by_any := missed(point.judged, point.goal, kpi.direction)) is not None
    ]
    if not points:
        return ""
    count = sum(by_any for _, by_any in points)
    off = sum(point.status in OFF_TARGET for point, _ in points)
    beyond = f", {off or 'none'} of them by more than the bands" if off < count else ""
    return f"{count or 'none'} of the last {len(points)} {grain_words(latest.grain, len(points))}{beyond}"


def _target(workspace: Workspace, row: Row) -> Iterator[Fact]:
    kpi, locale = row.kpi, workspace.definitions.locale
    style = Style.of(kpi, locale)
    yield Fact("period", style.goal(row.point.goal, kpi.direction))
    per = f" a {row.year_goal_per.word}" if row.year_goal_per else ""
    yield Fact("year's end", style.goal(row.year_goal, kpi.direction) + per)
    target = workspace.figures.target_in_force(kpi, row.point.period)
    if target and target.reason:
        yield Fact("reason", target.reason)
    if target and target.until:
        yield Fact("until", short_day(target.until, locale, workspace.as_of))
    if counted := _missed(workspace, kpi, row.point.period):
        yield Fact("missed", counted)
    chart = workspace.figures.chart(kpi, row.point.period.grain)
    if sentence := assurance_sentence(chart, row.changed_since, locale):
        yield Fact("outlook", sentence)
    if kpi.benchmark and (kpi.benchmark.low is not None or kpi.benchmark.high is not None):
        low, high = style.value(kpi.benchmark.low), style.value(kpi.benchmark.high)
        source = f" ({kpi.benchmark.source})" if kpi.benchmark.source else ""
        yield Fact("benchmark", f"{low}–{high}{source}")

"""Explanations, outlooks, links and comparisons as tables of text, and the lines that belong below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpitui.analysis.pace import Projection
from kpitui.definitions.model import Definitions
from kpitui.definitions.ratios import part_of_whole
from kpitui.report.tables import Table
from kpitui.workspace.amounts import Steps
from kpitui.workspace.numbers import MINUS, NONE, Style
from kpitui.workspace.why.ahead import assured
from kpitui.workspace.why.compare import Comparison
from kpitui.workspace.why.explain import Explanation
from kpitui.workspace.why.links import LOOKED_BACK, LinkFound, Step
from kpitui.workspace.why.pace import Outlook, missing_phrase
from kpitui.workspace.why.words import (
    ARITHMETIC,
    compared_said,
    input_name,
    input_style,
    lacking_sentences,
    segment_figure,
    segment_name,
    weeks_sentence,
)
from kpitui.workspace.why.written import Written, written
from kpitui.workspace.wording import better_or_worse, bounds_phrase, errors_phrase, grain_words, pace_phrase


def explain_table(found: Explanation, definitions: Definitions) -> tuple[Table, list[str]]:
    """A row per driver, those below another indented, or per segment."""
    style = Style.of(found.kpi, definitions.locale)
    then, now = (style.value(each, exact=True) for each in (found.figure_before, found.figure_after))
    parts = written(found, style)
    said = [f"{found.kpi.name}: {then} in {found.before.id}, {now} in {found.after.id}, change {parts.change}"]
    if found.how is None:
        said.append(f"not explained: {found.why_not}")
    else:
        said.append(ARITHMETIC)
    said += lacking_sentences(found, definitions.locale)
    if weeks := weeks_sentence(found):
        said.append(weeks)
    if found.usual:
        said.append("no signal in either period: look at the process, not at these two")
    if found.drivers is not None:
        if found.drivers.why_not:
            said.append(f"not broken down: {found.drivers.why_not}")
        rows = list(_drivers(parts.drivers, definitions, parts.steps, 0))
        return (["driver", found.before.id, found.after.id, "contribution", "remark"], rows, frozenset({1, 2, 3})), said
    if found.how == "differences":
        header = [found.by or "", found.before.id, found.after.id, "contribution"]
        rows = [
            [
                segment_name(part.name, part.segments),
                *(segment_figure(found, part, period, style) for period in (found.before, found.after)),
                texts.both,
            ]
            for part, texts in zip(found.segments, parts.segments, strict=True)
        ]
        return (header, rows, frozenset({1, 2, 3})), said
    header = [found.by or "", found.before.id, found.after.id, "share before", "share after", "rate", "mix", "both"]
    share = Style("percent", None, 1, definitions.locale)
    rows = [
        [
            segment_name(part.name, part.segments),
            *(segment_figure(found, part, period, style) for period in (found.before, found.after)),
            share.value(part.share_before),
            share.value(part.share_after),
            *texts,
        ]
        for part, texts in zip(found.segments, parts.segments, strict=True)
    ]
    return (header, rows, frozenset(range(1, 8))), said


def _drivers(parts: Sequence[Written], definitions: Definitions, steps: Steps, depth: int) -> Iterator[list[str]]:
    for part, rounded, below in sorted(parts, key=lambda each: -abs(each.part.contribution)):
        kpi = definitions.kpis.get(part.name)
        own, name = input_style(definitions, part.name), input_name(definitions, part.name)
        remark = ""
        if part.why_not:
            remark = f"not broken down: {part.why_not}"
        elif kpi and kpi.formula is not None and not part.parts:
            of_whole = part_of_whole(kpi, definitions) is not None
            remark = "a part of a whole: explain it by segment" if of_whole else "a ratio: explain it by itself"
        if part.drawn:
            remark = f"from {part.drawn} orders of its inputs"
        figures = [own.value(part.before), own.value(part.after)]
        yield ["  " * depth + name, *figures, steps.text(rounded), remark]
        yield from _drivers(below, definitions, steps, depth + 1)


def pace_table(found: Sequence[Outlook], definitions: Definitions) -> tuple[Table, list[str]]:
    """A row per period."""
    header = ["period", "to date", "after", "linear", "seasonal", "between", "target", "required", "by", "words"]
    rows, said = [], []
    for each in found:
        style = Style.of(each.kpi, definitions.locale)
        target = style.goal(each.goal, each.kpi.direction)
        if each.pace is None:
            level = each.level
            between = NONE
            if level and level.lower is not None and level.upper is not None:
                between = style.between(level.lower, level.upper)
            words = each.why_not or assured(each) or "cannot be said yet"
            mean = f"{style.value(level.mean)} mean" if level else NONE
            rows.append([each.period.id, NONE, NONE, mean, NONE, between, target, NONE, NONE, words])
            continue
        pace = each.pace
        unit = grain_words(each.parts, 2) if each.parts is not None else ""
        between = NONE
        if pace.linear and pace.linear.bounds:
            between = style.between(*pace.linear.bounds)
            said.append(f"{each.period.id}: linear {between}, {bounds_phrase(pace)}")
        for name, projection in (("linear", pace.linear), ("seasonal", pace.seasonal)):
            if projection and projection.errors:
                off = errors_phrase(projection.errors, style.locale)
                said.append(f"{each.period.id}: {name} {style.value(projection.end)}, {off}")
        rows.append(
            [
                each.period.id,
                style.value(pace.to_date),
                f"{pace.done} of {pace.of} {unit}",
                _end(pace.linear, style),
                _end(pace.seasonal, style),
                between,
                target,
                f"{style.value(pace.required)} a {each.parts.word}"
                if pace.required and each.parts is not None
                else NONE,
                pace.by or NONE,
                pace_phrase(pace),
            ]
        )
        if each.missing:
            said.append(f"{each.period.id}: {missing_phrase(each.missing, definitions.locale)}, counted as nothing")
    return (header, rows, frozenset({1, 3, 4, 6, 7})), said


def _end(projection: Projection | None, style: Style) -> str:
    return style.value(projection.end) if projection else NONE


def links_table(found: Sequence[LinkFound]) -> tuple[Table, list[str]]:
    """A row per link."""
    header = ["leading", "leads", "lag", "held by", "r", "95%", "n", "worth", "of", "remark"]
    rows = []
    for each in found:
        link = each.together
        rows.append(
            [
                each.leading.id,
                each.led.id,
                f"{each.lag} {grain_words(each.leading.grain, each.lag)}",
                each.grain.word,
                NONE if link.r is None else f"{link.r:+.2f}",
                NONE if link.low is None or link.high is None else f"{link.low:+.2f} to {link.high:+.2f}",
                str(link.n),
                NONE if link.effective_n is None else f"{link.effective_n:.0f}",
                "changes" if link.differences else "values",
                _link_remark(each),
            ]
        )
    looked = f"{len(found)} {'link' if len(found) == 1 else 'links'} looked at, each at the stated lag alone"
    said = [looked if found else "no KPI predicts another"]
    return (header, rows, frozenset({4, 5, 6, 7})), said


def _link_remark(found: LinkFound) -> str:
    if found.together.r is None:
        return "cannot be said: too few pairs, or a series that does not vary"
    parts = ["provisional"] if found.together.provisional else []
    if found.grain is not found.leading.grain:
        parts.append(f"lag taken as {found.lag_here} {grain_words(found.grain, found.lag_here)}")
    if not found.together.clear:
        parts.append("may be nothing")
    return "; ".join(parts)


def back_table(back: Sequence[Step]) -> tuple[Table, list[str]]:
    """The way back from a signal, a row per KPI."""
    rows = []
    for step in back:
        stated = "" if step.lag is None else f"{step.lag} {grain_words(step.kpi.grain, step.lag)}"
        word = better_or_worse(step.variation) if step.variation else "no signal in time"
        began = [step.since.id if step.since else "", _weeks(step.weeks_earlier)]
        told = [step.told.id if step.told else "", _weeks(step.told_weeks_earlier)]
        rows.append(["  " * step.depth + step.kpi.id, word, *began, *told, stated])
    header = ["kpi", "signal", "run began", "weeks before", "signalled", "weeks before", "stated lag"]
    return (header, rows, frozenset({3, 5})), [
        f"runs of signals that began up to {LOOKED_BACK} weeks before the one that they lead to",
        "run began: with its first point; signalled: the point with which the chart could tell, by today's limits",
    ]


def _weeks(count: float | None) -> str:
    return "" if count is None else f"{count:.0f}".replace("-", MINUS)


def compare_table(found: Comparison, locale: str) -> tuple[Table, list[str]]:
    """Both rates, and what the test says."""
    style = Style("percent", None, max(2, found.kpi.decimals or 0), locale)
    whole = Style("number", None, None, locale)
    rows = [
        [
            name,
            side.label,
            whole.value(rate.part, exact=True),
            whole.value(rate.whole, exact=True),
            style.value(rate.share),
        ]
        for name, side, rate in (("a", found.a, found.rate_a), ("b", found.b, found.rate_b))
    ]
    said = compared_said(found, locale, planned=True)
    return (["", "what", "part", "whole", found.kpi.name], rows, frozenset({2, 3, 4})), said

"""What segments, inputs and comparisons are called, and how they are written."""

from __future__ import annotations

from collections.abc import Iterator

from kpitui.analysis.segments import OTHERS, SegmentPart
from kpitui.definitions.model import Definitions, Kpi
from kpitui.periods import Period
from kpitui.workspace.numbers import NONE, Style, decimal, period_name
from kpitui.workspace.why.compare import SIGNIFICANT, Comparison
from kpitui.workspace.why.explain import Explanation
from kpitui.workspace.wording import INCOMPLETE, coverage_unit

ARITHMETIC = "arithmetic, not cause"
_MOST_NAMED = 3
"""Segments that are named with what they lack."""


def weeks_sentence(found: Explanation) -> str:
    """That one of the periods is longer; empty where both have as many weeks."""
    if found.weeks is None:
        return ""
    then, now = found.weeks
    return f"{now} weeks against {then}: some of the change is the number of weeks"


def segment_figure(found: Explanation, part: SegmentPart, period: Period, style: Style) -> str:
    """A segment's own figure, marked where it lacks values."""
    value = part.before if period == found.before else part.after
    lacks = any(each.name == part.name and each.period == period for each in found.lacking)
    return style.value(value) + (INCOMPLETE if lacks and value is not None else "")


def lacking_sentences(found: Explanation, locale: str) -> Iterator[str]:
    """What the segments lack, by name where they are few: in the whole it is counted as nothing, too."""
    lacking = found.lacking
    if not lacking:
        return
    if len(lacking) <= _MOST_NAMED:
        unit = coverage_unit(found.kpi)
        named = [f"{each.name} {each.seen}/{each.due} {unit} in {period_name(each.period, locale)}" for each in lacking]
        said = ", ".join(named)
    else:
        said = f"{len({each.name for each in lacking})} segments lack values"
    yield f"{INCOMPLETE} {said}: what is missing counts as nothing, in the whole as well"


def segment_name(name: str, segments: int) -> str:
    """The segment, or how many those are that stand together: `all others (12)`."""
    return f"{name} ({segments})" if name == OTHERS else name


def input_name(definitions: Definitions, id_: str) -> str:
    """What a formula's input is called; one of an earlier period as the formula writes it."""
    if id_ in definitions.kpis:
        return definitions.kpis[id_].name
    return definitions.measures[id_].name if id_ in definitions.measures else id_


def input_style(definitions: Definitions, id_: str) -> Style:
    """How the figures of a formula's input are written."""
    kpi: Kpi | None = definitions.kpis.get(id_)
    return Style.of(kpi, definitions.locale) if kpi else Style("number", None, None, definitions.locale)


def share_text(value: float | None, locale: str) -> str:
    """A share of a whole: `45.2%`."""
    return NONE if value is None else Style("percent", None, 1, locale).value(value)


def compared_said(found: Comparison, locale: str, *, planned: bool) -> list[str]:
    """What a comparison of two rates says; a p-value only where it was planned before the figures were seen."""
    style = Style("percent", None, max(2, found.kpi.decimals or 0), locale)
    test = found.found
    difference, low, high = (style.difference(each, "points") for each in (test.difference, test.low, test.high))
    said = [f"difference (A less B) {difference}, 95% between {low} and {high} (Newcombe)"]
    if planned:
        z = "" if test.z is None else f"z = {decimal(test.z, 3, locale)}, "
        p = f"p = {test.p:.4f}" if test.p >= 0.0001 else "p < 0.0001"
        said.append(f"{z}{p} ({test.test}): for a comparison that was planned before the figures were seen")
    if found.pairs is not None and found.pairs > 1:
        what = "segments" if found.a.column else f"{found.a.first.grain.word}s"
        said.append(
            f"one of {found.pairs:,} pairs of {what} that could be picked: the more looks, the more differences"
        )
    if found.large_counts and test.p < SIGNIFICANT:
        said.append("with counts this large a tenth of a point is significant, and so is almost every difference")
    if found.large_counts_and_noise:
        spread = "" if found.sigma_z is None else f", {found.sigma_z:.1f} times as much as chance"
        said.append(f"periods always differ so{spread}: look at the process, not at these")
    return said


def side_said(found: Comparison, locale: str) -> str:
    """Both rates with their counts: `A EMEA 17.1% (60 of 350) · B APAC 25.6% (32 of 125)`."""
    style = Style("percent", None, max(1, found.kpi.decimals or 0), locale)
    sides = (("A", found.a, found.rate_a), ("B", found.b, found.rate_b))
    counts = Style("number", None, None, locale)
    return " · ".join(
        f"{letter} {side.label} {style.value(rate.share)} "
        f"({counts.value(rate.part, exact=True)} of {counts.value(rate.whole, exact=True)})"
        for letter, side, rate in sides
    )

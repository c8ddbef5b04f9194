"""The sentences of the funnel: where too few come through, and what each count and share is."""

from __future__ import annotations

from kpitui.definitions.model import Definitions
from kpitui.workspace.changes import yoy_text
from kpitui.workspace.funnel import Count, Funnel, Passage
from kpitui.workspace.numbers import NONE, Style, percent, period_name
from kpitui.workspace.wording import better_or_worse


def share_style(passage: Passage, definitions: Definitions) -> Style:
    """How the share of a passage is written."""
    if passage.row is None:
        return Style("percent", None, 1, definitions.locale)
    return Style.of(passage.row.kpi, definitions.locale)


def count_style(count: Count, definitions: Definitions) -> Style:
    if count.row is None:
        return Style("number", None, None, definitions.locale)
    return Style.of(count.row.kpi, definitions.locale)


def year_change(passage: Passage, definitions: Definitions) -> str:
    """How the share has changed on the year before: in points, as rates are, or as its KPI says."""
    style = share_style(passage, definitions)
    if passage.row is not None and passage.share is not None:
        return yoy_text(passage.row.point, passage.row.kpi, style)
    if passage.share is None or passage.year_ago is None:
        return NONE
    return style.difference(passage.share - passage.year_ago, "points")


def bottleneck_sentence(found: Funnel, definitions: Definitions) -> str:
    """Which step lets too few through, and how many are lacking for it."""
    if not found.passages:
        return ""
    if found.bottleneck is None:
        return "No step is below its target, or below the year before where it has none."
    passage = found.passages[found.bottleneck]
    said = f"The bottleneck is {passage.name}: {_against(passage, definitions)}"
    if passage.lacking:
        many = Style("number", None, 0 if passage.lacking >= 1 else None, definitions.locale).value(passage.lacking)
        said += f", {many} fewer than should have come through"
    return said + "."


def _against(passage: Passage, definitions: Definitions) -> str:
    style = share_style(passage, definitions)
    aim = passage.year_ago if passage.target is None else passage.target
    held = "a year before, without a target" if passage.target is None else "its target"
    short = year_change(passage, definitions) if passage.target is None else percent(passage.short, definitions.locale)
    return f"{style.value(passage.share)} against {style.value(aim)}, {held} ({short})"


def passage_sentence(passage: Passage, definitions: Definitions) -> str:
    """`SQL conversion rate: 22.0% against 25.0%, its target (−12.0%); worse, 24.7% a year before.`"""
    style = share_style(passage, definitions)
    if passage.share is None:
        return f"{passage.name}: no share, for not all of its figures have come."
    said = f"{passage.name}: "
    said += style.value(passage.share) if passage.short is None else _against(passage, definitions)
    if passage.row is not None:
        word = better_or_worse(passage.row.point.variation)
        said += f"; {'usual variation' if word == 'usual' else word}" if word else ""
    else:
        said += "; the share of two counts, which no KPI says"
    if passage.target is not None and passage.year_ago is not None:
        said += f"; {style.value(passage.year_ago)} a year before"
    return said + "."


def count_sentence(count: Count, found: Funnel, definitions: Definitions) -> str:
    """`Sales qualified leads: 176 in Oct 2026, 211 a year before (−16.6%).`"""
    style = count_style(count, definitions)
    when = period_name(count.row.point.period if count.row else found.period, definitions.locale)
    if count.value is None:
        return f"{count.name}: no count for {when}."
    said = f"{count.name}: {style.value(count.value)} in {when}"
    if count.year_ago is not None:
        change = percent(count.change, definitions.locale)
        said += f", {style.value(count.year_ago)} a year before" + (f" ({change})" if change != NONE else "")
    return said + "."

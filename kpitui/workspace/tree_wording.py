"""The sentences of the tree: what a line is a part of, and what it leads."""

from __future__ import annotations

from collections.abc import Mapping

from kpitui.definitions.model import Definitions, Kpi
from kpitui.definitions.ratios import ratio
from kpitui.periods import Period
from kpitui.workspace.numbers import Style, period_name
from kpitui.workspace.tree import Against, Branch, Movement, Share
from kpitui.workspace.wording import grain_words

AGAINST_WORD: dict[Against, str] = {"year_ago": "the year before", "previous": "the period before"}
LEVEL_WORD = {"kgi": "KGI", "ksf": "KSF", "kpi": "KPI"}


def later(kpi: Kpi, lag: int) -> str:
    """How much later it shows in the KPI that it leads: `3 weeks later`."""
    return f"{lag} {grain_words(kpi.grain, lag)} later" if lag else "in the same period"


def compared(period: Period, against: Against, definitions: Definitions) -> str:
    """`Oct 2026 against Oct 2025`."""
    calendar = definitions.calendar
    before = calendar.year_before(period) if against == "year_ago" else calendar.shift(period, -1)
    return f"{period_name(period, definitions.locale)} against {period_name(before, definitions.locale)}"


def part_sentence(line: Branch, lines: Mapping[str, Branch], moved: Movement, definitions: Definitions) -> str:
    """What the line contributed, to what; or why that is not said. `lines` are all lines of the tree, by key."""
    share = moved.shares.get(line.key)
    if share is None:
        return _no_part(line, lines, moved, definitions)
    went = _went(line, share, definitions)
    if share.of is None:
        why_not = moved.why_not.get(line.key)
        left_whole = f"; not broken down: {why_not}" if why_not and line.below else ""
        since = period_name(moved.periods[line.key][0], definitions.locale)
        return f"{share.text} since {since}{went}{left_whole}."
    top = lines[share.of]
    since = period_name(moved.periods[top.key][0], definitions.locale)
    said = f"{share.text} of the {moved.shares[top.key].text} of {top.name} since {since}{went}"
    if share.within and line.under is not None:
        said += f"; of {lines[line.under].name} {share.within}"
    return said + "."


def _went(line: Branch, share: Share, definitions: Definitions) -> str:
    """`: from 24.7% to 22.0%`; of a measure the plain figures."""
    style = Style.of(line.row.kpi, definitions.locale) if line.row else Style("number", None, None, definitions.locale)
    return f": from {style.value(share.before)} to {style.value(share.after)}"


def _no_part(line: Branch, lines: Mapping[str, Branch], moved: Movement, definitions: Definitions) -> str:
    if line.key in moved.why_not:
        return f"Its change is not told: {moved.why_not[line.key]}."
    if line.leads and line.lag is not None and line.row is not None and line.under is not None:
        return f"⇢ predicts {lines[line.under].name} {later(line.row.kpi, line.lag)}; no part of it."
    if line.under is None or not line.depth:
        return ""
    over = lines[line.under]
    if line.part is None:
        formula = over.row.kpi.formula if over.row else None
        why = "whose formula does not name it" if formula else "which is measured by itself"
        return f"It stands under {over.name}, {why}: no part of its change."
    if over.key in moved.shares and over.row and ratio(over.row.kpi, definitions) is not None:
        return f"No part of {over.name} is told: it is a ratio, and one part by itself."
    return f"No part of {over.name} is told: {_why_above(line, lines, moved)}."


def _why_above(line: Branch, lines: Mapping[str, Branch], moved: Movement) -> str:
    """The nearest reason above it."""
    over = line.under
    while over:
        if over in moved.why_not:
            return moved.why_not[over]
        over = lines[over].under
    return "it is not worked out"


def links_sentence(line: Branch, definitions: Definitions) -> str:
    """What the KPI leads: `⇢ predicts SQL conversion rate 3 weeks later`."""
    if line.row is None:
        return ""
    kpi = line.row.kpi
    told = [
        f"{definitions.kpis[link.kpi].name} {later(kpi, link.lag)}"
        for link in kpi.predicts
        if link.kpi in definitions.kpis
    ]
    return f"⇢ predicts {', '.join(told)}" if told else ""

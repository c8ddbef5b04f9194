"""What to say where there is nothing to see, and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from kpitui.definitions.formula import references
from kpitui.definitions.model import MANUAL, Definitions, Kpi
from kpitui.workspace.answers import Row, Scorecard
from kpitui.workspace.looks import Look, Shown
from kpitui.workspace.numbers import period_name, short_day

MOST_NAMED = 3
"""More sources than this are counted, not named."""


def why_no_rows(
    scorecard: Scorecard, look: Look, shown: Shown, definitions: Definitions, key: Callable[[str], str]
) -> str:
    """Why a look has no rows, and the key that shows some; nothing where it has rows.

    `key` tells how the key of an action is written.
    """
    if shown.groups:
        return ""
    if shown.hidden:
        when = period_name(scorecard.period, definitions.locale)
        rest = "the KPI that is fine" if shown.hidden == 1 else f"the {shown.hidden} KPIs that are fine"
        return f"Nothing asks for talk in {when}. {key('scorecard.exceptions')} shows {rest}."
    if look.view is not None:
        ways = f"{key('scorecard.view')} shows the next view, {key('back')} the one before"
        return f"No KPI is in the view {look.view} now: {look.filter}. {ways}."
    ways = f"{key('scorecard.filter')} changes the filter, {key('back')} clears it"
    return f"No KPI matches {look.filter.strip()} — {ways}."


def why_no_figures(scorecard: Scorecard, definitions: Definitions, key: Callable[[str], str]) -> str:
    """Why no KPI has a figure, and where there are some; nothing where one has a figure."""
    if any(row.point.value is not None for row in scorecard.rows):
        return ""
    when = period_name(scorecard.period, definitions.locale)
    ends = [row.stale_since for row in scorecard.rows if row.stale_since is not None]
    back = f"{key('earlier')} goes one period back"
    if not ends and any(_is_typed(row.kpi, definitions) for row in scorecard.rows):
        return f"Nothing is typed in for {when} yet: {key('write.figure')} on a KPI types its figure in."
    if not ends:
        return f"No measurements for {when}: {back}, {key('problems')} tells what is wrong."
    last = max(ends)
    day = short_day(last, definitions.locale, scorecard.as_of)
    ending = [row for row in scorecard.rows if row.stale_since == last]
    return f"No measurements after {day}: {_end_there(ending, definitions)}. {back}."


def _is_typed(kpi: Kpi, definitions: Definitions) -> bool:
    # Imported where it is needed: it brings the files of typed values, which the first screen does without.
    from kpitui.workspace.manual import is_manual

    return is_manual(definitions, kpi)


def sources_of(kpi: Kpi, definitions: Definitions) -> list[str]:
    """The sources that the KPI's figure is made of, `manual` left out, in the order of its formula."""
    found: dict[str, None] = {}
    to_come, seen = [kpi.id], {kpi.id}
    while to_come:
        id_ = to_come.pop(0)
        part = definitions.kpis.get(id_)
        if part is not None and part.formula is not None:
            new = [ref.id for ref in references(part.formula) if ref.id not in seen]
            seen.update(new)
            to_come += new
        elif (measure := definitions.measures.get(id_)) is not None and measure.source != MANUAL:
            found[measure.source] = None
    return list(found)


def _end_there(rows: list[Row], definitions: Definitions) -> str:
    sources = list(dict.fromkeys(source for row in rows for source in sources_of(row.kpi, definitions)))
    if not sources or len(sources) > MOST_NAMED:
        return f"{len(sources)} sources end there" if sources else "the typed figures end there"
    names = ", ".join(f"`{source}`" for source in sources)
    return f"the source {names} ends there" if len(sources) == 1 else f"the sources {names} end there"

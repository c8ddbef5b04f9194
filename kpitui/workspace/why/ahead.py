"""Where a KPI's month, quarter and year are going, as facts for the panel beside its chart."""

from __future__ import annotations

from collections.abc import Iterator

from kpitui.definitions.model import Kpi
from kpitui.workspace.about import Fact
from kpitui.workspace.numbers import Style
from kpitui.workspace.opening import Workspace
from kpitui.workspace.why.pace import Outlook, missing_phrase, outlooks
from kpitui.workspace.wording import ASSURANCE_SENTENCE, AT_MEDIAN, bounds_phrase, errors_phrase, pace_phrase


def pace_facts(workspace: Workspace, kpi: Kpi) -> tuple[Fact, ...]:
    """On pace or not, with the end that is projected, its interval and on what ground; of a rate what is usual."""
    found = outlooks(workspace, kpi)
    style = Style.of(kpi, workspace.definitions.locale)
    if not kpi.additive:
        return tuple(_level(found[-1], style)) if found else ()
    # A month of which there is one value says nothing of itself before it is over.
    told = [each for each in found if each.pace is not None] or found
    facts = [Fact(each.period.grain.word, _words(each, style)) for each in told]
    # What is missing of the month is missing of the year, too; where nothing is said, the reason names it.
    missing = {missing_phrase(each.missing, style.locale): None for each in told if each.missing and not each.why_not}
    facts += [Fact("missing", f"{named}: counted as nothing") for named in missing]
    told_of = [each.pace for each in told if each.pace is not None and each.pace.linear is not None]
    grounds = dict.fromkeys(bounds_phrase(pace) for pace in told_of)
    return (*facts, *(Fact("between", ground) for ground in grounds))


def _words(found: Outlook, style: Style) -> str:
    """`needs 2.1× the present pace: ends at €12.2M, seasonal (in 2 earlier years …); linear €12.0M (95% t: …)`."""
    if found.pace is None:
        return found.why_not
    pace = found.pace
    words, leading, linear = pace_phrase(pace), pace.leading, pace.linear
    if leading is None or linear is None:
        return words
    said = f"{words}: ends at "
    if leading is not linear:
        said += f"{style.value(leading.end)}, seasonal"
        said += f" ({errors_phrase(leading.errors, style.locale)}); "
    said += f"{style.value(linear.end)}, linear"
    return said + (f" (95% t: {style.between(*linear.bounds)})" if linear.bounds is not None else "")


def _level(found: Outlook, style: Style) -> Iterator[Fact]:
    level = found.level
    if level is not None:
        bounds = ""
        if level.lower is not None and level.upper is not None:
            bounds = f", {style.between(level.lower, level.upper)}"
        early = " (provisional)" if level.provisional else ""
        yield Fact("usual", f"{style.value(level.mean)}{bounds}{early}; a rate or a level is not projected")
    if said := found.why_not or assured(found):
        yield Fact("outlook", said)


def assured(found: Outlook) -> str:
    """Whether the process as it is will meet the target; empty where that is not said."""
    if found.assurance is None:
        return ""
    return AT_MEDIAN if found.assurance == "inconsistent" and found.at_median else ASSURANCE_SENTENCE[found.assurance]

"""From a KPI to what moved it most, one step at a time: down the parts of its change, and back along what leads it.

A part that is usual variation is no news, however large. So the next step goes to the largest part among those whose
charts show a change, and that pulled the same way as the whole; where there is none, to the KPI that leads it and
changed first, in the weeks before it; and where there is none either, to the largest part of all, which is then called
what it is: usual variation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kpitui.definitions.model import Definitions
from kpitui.definitions.ratios import ratio
from kpitui.workspace.answers import Row
from kpitui.workspace.opening import Workspace
from kpitui.workspace.tree import Branch, Movement
from kpitui.workspace.why.linked import run_sentence
from kpitui.workspace.why.links import LOOKED_BACK, Step, walk_back
from kpitui.workspace.wording import grain_words


class Walked(NamedTuple):
    """One step."""

    key: str | None
    """The line it goes to; None where the way ends."""
    why: str
    """A sentence that says why it goes there, or why no further."""


def walk(workspace: Workspace, lines: Sequence[Branch], moved: Movement, key: str) -> Walked:
    """The next step from a line; from a link, or another mention, it goes on where the KPI itself stands."""
    by_key = {line.key: line for line in lines}
    here = by_key[key]
    if here.row is None:
        return Walked(None, "The way ends here: a measure has nothing below it.")
    here = by_key[here.row.kpi.id]
    assert here.row is not None
    below = [line for line in lines if line.under == here.key]
    # The two amounts of a ratio move together: neither of them is what moved it.
    of_ratio = ratio(here.row.kpi, workspace.definitions) is not None
    parts = [line for line in below if not of_ratio and line.key in moved.shares and moved.shares[line.key].amount]
    parts.sort(key=lambda line: -abs(moved.shares[line.key].amount))
    whole = moved.shares[here.key].amount if parts else 0.0
    pulling = [line for line in parts if moved.shares[line.key].amount * whole >= 0]
    changed = [line for line in pulling if line.row and line.row.point.signal is not None]
    if changed:
        return Walked(changed[0].key, _largest_changed(changed[0], pulling[0], here, moved))
    steps = _leading(workspace, here.row)
    first = max((step for step in steps if step.since), key=lambda step: step.weeks_earlier or 0.0, default=None)
    if first is not None:
        to = next(line for line in below if line.row and line.row.kpi.id == first.kpi.id)
        return Walked(to.key, _changed_before(first, here, workspace.definitions))
    if parts:
        return Walked(parts[0].key, _largest(parts[0], here, moved))
    if of_ratio and not steps and here.row.point.signal is not None:
        return Walked(
            None, f"The way ends here: {here.name} is a ratio, which its segments explain, not its two amounts."
        )
    return Walked(None, _ends(here, below, steps, moved))


def _leading(workspace: Workspace, row: Row) -> list[Step]:
    """The KPIs that lead it, held against the run of signals that is the last one in the row's period.

    At the finest grain that it has figures worth judging for: a month would hide which of two changed first.
    """
    calendar, shown = workspace.definitions.calendar, row.point.period
    grain = min(workspace.finest_grain(row.kpi), shown.grain)
    first, last = (calendar.number(grain, day) for day in (shown.start, min(shown.end, workspace.as_of)))
    for number in range(last, first - 1, -1):
        steps = walk_back(workspace, row.kpi, calendar.nth(grain, number))
        if steps:
            return [step for step in steps if step.depth == 1]
    return []


def _largest(line: Branch, here: Branch, moved: Movement) -> str:
    text, own = moved.shares[line.key].text, moved.shares[here.key].text
    if line.row is None or line.row.point.signal is None:
        return f"{text} of the {own} of {here.name}: the largest part of it, but {_unchanged(line)}."
    return f"{text} of the {own} of {here.name}: the largest part of it, though it pulled the other way."


def _largest_changed(line: Branch, largest: Branch, here: Branch, moved: Movement) -> str:
    text, own = moved.shares[line.key].text, moved.shares[here.key].text
    said = f"{text} of the {own} of {here.name}: the largest part that has changed."
    if largest is not line:
        said += f" {largest.name}, {moved.shares[largest.key].text}, is {_unchanged(largest)}."
    return said


def _unchanged(line: Branch) -> str:
    """What a part is that no chart calls changed."""
    if line.row is None:
        return "a measure, which has no chart"
    return "usual variation" if line.row.point.variation is not None else "not judged by its chart"


def _changed_before(step: Step, here: Branch, definitions: Definitions) -> str:
    stated = f"stated: {step.lag} {grain_words(step.kpi.grain, step.lag or 0)}"
    return f"It leads {here.name} ({stated}): {run_sentence(step, definitions.locale)}."


def _ends(here: Branch, below: Sequence[Branch], steps: Sequence[Step], moved: Movement) -> str:
    """Why there is no next step."""
    assert here.row is not None
    if here.row.point.signal is None:
        if here.row.point.variation is None:
            return f"The way ends here: {here.name} is not judged by its chart, and nothing below it has a part."
        return f"The way ends here: {here.name} is usual variation. Look at the process, not at this period."
    if steps:
        names = ", ".join(step.kpi.name for step in steps)
        return f"The way ends here: {names} leads it, and did not change in the {LOOKED_BACK} weeks before."
    reason = moved.why_not.get(here.key, "")
    if any(line.kind == "kpi" for line in below):
        return f"The way ends here: nothing below it has a part in it{', for ' + reason if reason else ''}."
    return "The way ends here: nothing stands below it, and nothing is said to lead it."

"""Advice from figures: a target far from what there is, a KPI that is behind for months, one that never moves.

All three look at months, the periods in which outcomes are reviewed, or at a KPI's own where those are longer. What
is reviewed by weeks would be told of four weeks otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpitui.analysis.ambition import PERIODS, Ambition, ambition
from kpitui.analysis.standing import behind_for, stands_still
from kpitui.definitions.advice import Advice, of_kpi
from kpitui.definitions.model import Kpi
from kpitui.periods import A_YEAR, Grain, Period
from kpitui.workspace.figures import Figures
from kpitui.workspace.numbers import Style, decimal
from kpitui.workspace.wording import grain_words

BEHIND_MONTHS = 4
"""After so many months it is time to act."""
_LOOKS_BACK = {Grain.MONTH: 24, Grain.QUARTER: 8, Grain.YEAR: 4}
"""Periods that are looked at; one that is behind for longer is behind for as many and more."""
_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
_FEWEST_STILL = 4
"""Periods, where a year has fewer."""


def figure_advice(figures: Figures, kpi: Kpi, open_actions: int) -> Iterator[Advice]:
    """What the KPI's figures give advice on, up to the last period that has ended."""
    if figures.spoiled(kpi):
        return
    grain = max(kpi.grain, Grain.MONTH)
    latest = figures.definitions.calendar.last_ended(grain, figures.as_of)
    style = Style.of(kpi, figures.definitions.locale)
    still = max(A_YEAR[grain], _FEWEST_STILL)
    values = figures.spark(kpi, latest, still)
    if found := _far_target(figures, kpi, grain, values, style):
        yield found
    behind = _behind_for(figures, kpi, latest)
    if behind * _MONTHS[grain] >= BEHIND_MONTHS:
        yield _behind(kpi, grain, behind, open_actions)
    # Written one after the other: the second is another one than the first of nearly all KPIs.
    if stands_still(None if value is None else style.value(value, exact=True) for value in values):
        yield _not_moving(kpi, grain, still, style.value(values[-1], exact=True))


def _behind_for(figures: Figures, kpi: Kpi, latest: Period) -> int:
    """For how many periods in a row; more than a few are looked at where all of these are behind."""
    few = -(-BEHIND_MONTHS // _MONTHS[latest.grain])
    behind = behind_for([point.status for point in figures.points(kpi, latest, few)])
    if behind < few:
        return behind
    return behind_for([point.status for point in figures.points(kpi, latest, _LOOKS_BACK[latest.grain])])


def _far_target(
    figures: Figures, kpi: Kpi, grain: Grain, values: Sequence[float | None], style: Style
) -> Advice | None:
    """Of a seasonal target the periods differ by design, and where bands are absolute zero is no beginning."""
    now = figures.definitions.calendar.period(grain, figures.as_of)
    target, goal = figures.target_in_force(kpi, now), figures.goal(kpi, now)
    if target is None or goal is None or target.path == "seasonal" or kpi.bands.absolute:
        return None
    found = ambition(goal, values, kpi.direction)
    if found is None:
        return None
    of = f"the median of the last {PERIODS} {grain_words(grain, PERIODS)}, {style.value(found.median)}"
    message = f"the target, {style.value(found.bound)}, is {_how_far(found, style.locale)} {of}"
    if not found.credible:
        return of_kpi("target_not_credible", kpi, "target", f"{message}: not credible", _TOO_FAR)
    return of_kpi("target_far", kpi, "target", message, _TOO_FAR if found.better else _TOO_EASY)


_TOO_FAR = '20 to 30% better is ambitious: break it down into steps, path = "linear" with start, or give it a reason'
_TOO_EASY = "it asks for less than there is: set it anew, from the median, a benchmark or backwards from the goal above"


def _how_far(found: Ambition, locale: str) -> str:
    if not found.credible:
        return (
            f"{decimal(found.times, 0, locale)} times"
            if found.times > 1
            else f"1/{decimal(1 / found.times, 0, locale)} of"
        )
    part = decimal(abs(found.times - 1) * 100, 0, locale)
    return f"{part}% {'above' if found.times > 1 else 'below'}"


def _behind(kpi: Kpi, grain: Grain, periods: int, open_actions: int) -> Advice:
    more = " and more" if periods == _LOOKS_BACK[grain] else ""
    message = f"behind for {periods} {grain_words(grain, periods)}{more} in a row"
    if not open_actions:
        hint = "no action is open: agree one, or another target with its reason"
    else:
        actions = "1 action is open" if open_actions == 1 else f"{open_actions} actions are open"
        hint = f"{actions}: if that is not enough, agree another one, or another target with its reason"
    return of_kpi("behind", kpi, "target", message, hint)


def _not_moving(kpi: Kpi, grain: Grain, periods: int, figure: str) -> Advice:
    message = f"the same figure, {figure}, for {periods} {grain_words(grain, periods)}: it never moves"
    return of_kpi("not_moving", kpi, "name", message, 'tier = "diagnostic", or another KPI in its place')

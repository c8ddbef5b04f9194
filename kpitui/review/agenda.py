"""The steps of a review with their minutes, and which KPIs it looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kpitui.definitions.model import Cadence, Definitions, Kpi
from kpitui.periods import Calendar, Grain, Period
from kpitui.problems import KpituiError
from kpitui.terms import CADENCES, STEPS, Step

_SHORT: Mapping[Step, int] = {"picture": 1, "actions": 3, "exceptions": 15, "sweep": 1, "targets": 0, "close": 1}
_LONG: Mapping[Step, int] = {"picture": 2, "actions": 5, "exceptions": 45, "sweep": 5, "targets": 10, "close": 5}
USUAL_MINUTES: Mapping[str, Mapping[Step, int]] = {
    "daily": _SHORT,
    "weekly": _SHORT,
    "monthly": _LONG,
    "quarterly": _LONG,
    "yearly": _LONG,
}
"""Where `[review.<cadence>]` does not say otherwise. Targets are looked at once a quarter: see `agenda`."""


class Planned(NamedTuple):
    """A step of the agenda."""

    step: Step
    minutes: int


def agenda(cadence: Cadence, period: Period, calendar: Calendar) -> tuple[Planned, ...]:
    """The steps of a review of that period, in the order of the meeting; those with 0 minutes are left out.

    Targets are looked at once a quarter: in a monthly review of the last month of a quarter, in every quarterly and
    yearly one. Minutes that the team has set hold for every review of the cadence.
    """
    usual = dict(USUAL_MINUTES[cadence.id])
    if not ends_quarter(period, calendar):
        usual["targets"] = 0
    minutes = {**usual, **cadence.minutes}
    return tuple(Planned(step, minutes[step]) for step in STEPS if minutes[step])


def ends_quarter(period: Period, calendar: Calendar) -> bool:
    """Whether a quarter is over with the period."""
    return calendar.period(Grain.QUARTER, period.end).end == period.end


def share(minutes: int, items: int) -> int:
    """How many minutes each of so many items gets, at least one."""
    return max(1, minutes // items) if items else minutes


def cadence_of(definitions: Definitions, cadence_id: str) -> Cadence:
    """A cadence, also one that is not held any more but of which there are reviews. KpituiError where it is none."""
    held = {cadence.id: cadence for cadence in definitions.cadences}
    if cadence_id in held:
        return held[cadence_id]
    if cadence_id not in CADENCES:
        raise KpituiError(f"there is no cadence {cadence_id!r}; the words are {', '.join(CADENCES)}")
    return Cadence(cadence_id, CADENCES[cadence_id])


# Which KPIs


def members(cadence: Cadence, definitions: Definitions) -> tuple[Kpi, ...]:
    """The KPIs that a review of the cadence looks at: those selected, and those that name it as theirs."""
    return tuple(kpi for kpi in definitions.kpis.values() if _belongs(kpi, cadence, definitions))


def _belongs(kpi: Kpi, cadence: Cadence, definitions: Definitions) -> bool:
    if kpi.review == cadence.id:
        return True
    return all(set(words) & set(_values(key, kpi, definitions)) for key, words in cadence.kpis.keys)


def _values(key: str, kpi: Kpi, definitions: Definitions) -> Sequence[str | None]:
    """What a word of a selection may be equal to; an owner is known by id and by name."""
    match key:
        case "ids":
            return (kpi.id,)
        case "owner":
            return (kpi.owner, definitions.who(kpi.owner))
        case "team":
            return (definitions.team_of(kpi),)
    value: str | None = getattr(kpi, key)
    return (value,)

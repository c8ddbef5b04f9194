"""What the last review saw, against how things stand: what changed, which figures were restated, what means
something else now, and which exceptions it left without a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, get_args

from kpitui.analysis.signals import Signal, variation
from kpitui.analysis.status import group
from kpitui.definitions.model import Kpi
from kpitui.records.model import Figures
from kpitui.terms import STATUSES, Rule, Side, Status

_RULES: tuple[Rule, ...] = get_args(Rule)
_ORDER: Mapping[Status, int] = {"behind": 0, "at_risk": 1, "on_track": 2, "ahead": 3}
"""Statuses that can be compared."""

ChangeKind = Literal["worse", "better", "judged", "no_judgement", "signal", "usual_again"]
"""Of the status: worse, better, judged again, not judged any more; of the chart, where the status is the same: it
signals now (or on the other side), or no longer does."""


class Seen(NamedTuple):
    """What can be compared of two meetings."""

    status: Status
    signal: Signal | None


class Change(NamedTuple):
    """A KPI that does not stand as it stood."""

    kpi: Kpi
    kind: ChangeKind
    before: Seen
    now: Seen


def seen(figures: Figures) -> Seen | None:
    """What a review saw, from its frozen figures; None where a person wrote there what is no status."""
    status = next((word for word in STATUSES if word == figures.status), None)
    rule_word, _, side_word = figures.signal.partition(" ")
    rule = next((word for word in _RULES if word == rule_word), None)
    side: Side = "below" if side_word == "below" else "above"
    return Seen(status, Signal(rule, side) if rule else None) if status else None


def change(kpi: Kpi, before: Seen, now: Seen) -> Change | None:
    """How the KPI's standing changed, None where it did not; another rule for the same side is no news."""
    kind: ChangeKind
    if before.status != now.status:
        was, is_ = _ORDER.get(before.status), _ORDER.get(now.status)
        if was is None and is_ is None:
            return None
        if was is None or is_ is None:
            kind = "judged" if was is None else "no_judgement"
        else:
            kind = "worse" if is_ < was else "better"
    elif _side(before) != _side(now):
        kind = "signal" if now.signal else "usual_again"
    else:
        return None
    return Change(kpi, kind, before, now)


def _side(found: Seen) -> Side | None:
    return found.signal.side if found.signal else None


def left_over(figures: Mapping[str, Figures], verdicts: Iterable[str], kpis: Mapping[str, Kpi]) -> set[str]:
    """The KPIs that were exceptions in a review and got no verdict there: the next one takes them up.

    `verdicts` are the KPIs that got one.
    """
    judged = set(verdicts)
    return {kpi_id for kpi_id, row in figures.items() if kpi_id in kpis and kpi_id not in judged
            and _was_exception(row, kpis[kpi_id])}  # fmt: skip


def _was_exception(figures: Figures, kpi: Kpi) -> bool:
    before = seen(figures)
    if before is None:
        return False
    changed = variation(before.signal, kpi.direction) if before.signal else None
    return group(before.status, changed, kpi.tier) != "fine"

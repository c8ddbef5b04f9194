"""The exceptions of a review in the order of the meeting, the fine ones for the sweep, and the verdicts on both.

Order: off target and changed; off target, usual variation; on target but changed; no judgement; in each primary first
and leading before lagging. Behind them stands what the last review left without a verdict and is fine by now.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from kpitui.definitions.model import Kpi
from kpitui.records.model import Verdict, VerdictWord
from kpitui.review.urgency import urgency
from kpitui.terms import GROUPS, Group, Status, Variation


class Standing(NamedTuple):
    """How a KPI stands in the period under review."""

    kpi: Kpi
    group: Group
    status: Status
    gap: float | None
    variation: Variation | None
    """None where its chart says nothing of the period."""


class Said(NamedTuple):
    """Of which kinds there is a record on the KPI in this review."""

    cause: bool = False
    action: bool = False
    target: bool = False


class Item(NamedTuple):
    """A KPI in the queue or in the sweep."""

    standing: Standing
    proposed: VerdictWord
    """What Enter accepts."""
    verdict: Verdict | None
    """What this review has said of it."""
    former: Verdict | None
    """What the last review of the cadence said of it."""
    carried_over: bool
    """The last review left it without a verdict, though it was an exception."""

    @property
    def kpi(self) -> Kpi:
        return self.standing.kpi


# The prefilled verdict

_WORSE, _BETTER, _OTHER, _USUAL, _SILENT = range(5)
PROPOSED: Mapping[Status, tuple[VerdictWord, VerdictWord, VerdictWord, VerdictWord, VerdictWord]] = {
    # status:    worse            better           otherwise        usual     the chart is silent
    "behind":    ("investigating", "investigating", "investigating", "act",    "investigating"),
    "at_risk":   ("investigating", "investigating", "investigating", "noise",  "investigating"),
    "on_track":  ("investigating", "fine",          "investigating", "fine",   "fine"),
    "ahead":     ("investigating", "fine",          "investigating", "fine",   "fine"),
    "no_target": ("investigating", "target",        "investigating", "target", "target"),
    "no_data":   ("data",          "data",          "data",          "data",   "data"),
}  # fmt: skip
"""Status × what the chart says of the period.

Off target and changed, the cause is looked for, also where it is getting better: the process is another one. Behind by
usual variation, waiting will not help: act on the process. At risk by usual variation is noise until it is more.
"""


def proposed(standing: Standing, said: Said = Said()) -> VerdictWord:  # noqa: B008 - a frozen value
    """The verdict that is prefilled: what the room has done about the KPI already, else from the table above.

    An agreed action means act, a new target means target, a cause means explained. What the scorecard calls fine is
    fine: a diagnostic KPI needs no target.
    """
    if said.action:
        return "act"
    if said.target:
        return "target"
    if said.cause:
        return "explained"
    if standing.group == "fine":
        return "fine"
    return PROPOSED[standing.status][_column(standing.variation)]


def _column(variation: Variation | None) -> int:
    if variation is None:
        return _SILENT
    if variation == "common_cause":
        return _USUAL
    return {"concern": _WORSE, "improvement": _BETTER, "neutral": _OTHER}[variation.partition("_")[0]]


# The order


def items(
    standings: Iterable[Standing],
    *,
    said: Mapping[str, Said],
    verdicts: Mapping[str, Verdict],
    former: Mapping[str, Verdict],
    carried_over: Container[str],
) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """The queue of exceptions and the sweep, both in the order of the meeting; mappings are by KPI."""
    ordered = sorted(
        (
            Item(
                standing,
                proposed(standing, said.get(standing.kpi.id, Said())),
                verdicts.get(standing.kpi.id),
                former.get(standing.kpi.id),
                standing.kpi.id in carried_over,
            )
            for standing in standings
        ),
        key=lambda item: (GROUPS.index(item.standing.group), urgency(item.kpi, item.standing.gap)),
    )
    queue = tuple(item for item in ordered if item.standing.group != "fine" or item.carried_over)
    sweep = tuple(item for item in ordered if item.standing.group == "fine" and not item.carried_over)
    return queue, sweep


def without_verdict(found: Sequence[Item]) -> tuple[Item, ...]:
    """Those on which this review has said nothing yet."""
    return tuple(item for item in found if item.verdict is None)

"""How long a KPI has stood where it stands: behind its target, or at the same figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from kpitui.terms import Status


def behind_for(statuses: Sequence[Status]) -> int:
    """For how many of the latest periods in a row it has been behind; the statuses are oldest first."""
    return sum(1 for _ in takewhile(lambda status: status == "behind", reversed(statuses)))


def stands_still(figures: Iterable[str | None]) -> bool:
    """Whether all of these periods have a figure and people read the same one in each of them."""
    first: str | None = None
    for figure in figures:
        if figure is None or (first is not None and figure != first):
            return False
        first = figure
    return first is not None

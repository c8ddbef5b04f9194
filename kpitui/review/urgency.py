"""Which of two KPIs is talked about first where both need the same talk."""

from __future__ import annotations

from math import inf

from kpitui.definitions.model import Kpi

_TIERS = {"primary": 0, "supporting": 1, None: 1, "diagnostic": 2}
_KINDS = {"leading": 0, None: 1, "lagging": 2}


def urgency(kpi: Kpi, gap: float | None) -> tuple[int, int, float]:
    """Sort key: primary first, leading before lagging, then the worst gap."""
    return (_TIERS[kpi.tier], _KINDS[kpi.kind], gap if gap is not None else inf)

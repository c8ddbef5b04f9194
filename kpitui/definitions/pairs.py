"""Activity KPIs and their pairs: where an amount alone is counted, the amount is what one gets."""

from __future__ import annotations

from collections.abc import Iterable

from kpitui.definitions.advice import Advice, of_kpi
from kpitui.definitions.model import Kpi


def is_activity(kpi: Kpi) -> bool:
    """Whether the KPI counts what people do: a volume that is neither an outcome nor looked at for diagnosis only."""
    return kpi.type == "volume" and kpi.kind != "lagging" and kpi.tier != "diagnostic"


def unpaired(kpis: Iterable[Kpi]) -> list[Advice]:
    """Advice on each activity KPI without a pair, the quality KPI that shows when it is gamed."""
    message = "an activity without its pair: nothing shows when it is gamed"
    hint = 'pair = "…", the quality KPI that falls when only the number is chased'
    return [of_kpi("pair", kpi, "pair", message, hint) for kpi in kpis if is_activity(kpi) and kpi.pair is None]

"""Primary KPIs: few enough to be looked after, and those that lag with something that leads them.

Five to ten primary KPIs, three to five for each team; one or two leading ones for each important lagging one. What
gets more gets no attention, and what only lags can be reacted to, and not steered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kpitui.definitions.advice import Advice, Rule, of_kpi
from kpitui.definitions.formula import references
from kpitui.definitions.model import Definitions, Kpi

MOST_PRIMARY = 10
"""Primary KPIs of a workspace."""
MOST_OF_ONE = 5
"""Primary KPIs of an owner, or of a team."""
_FEWER = 'tier = "supporting" or "diagnostic" for the others'


def too_many_primary(definitions: Definitions) -> list[Advice]:
    """Advice where the workspace, an owner or a team has too many, each at the first that is one too many."""
    primary = [kpi for kpi in definitions.kpis.values() if kpi.tier == "primary"]
    found = []
    if len(primary) > MOST_PRIMARY:
        message = f"{len(primary)} KPIs are primary, more than {MOST_PRIMARY} get no attention"
        found.append(_too_many("primary", primary, MOST_PRIMARY, message))
    said: set[tuple[Kpi, ...]] = set()
    ways: tuple[tuple[Rule, Callable[[Kpi], str | None]], ...] = (
        ("primary_of_owner", lambda kpi: definitions.who(kpi.owner) or None),
        ("primary_of_team", definitions.team_of),
    )
    for rule, whose in ways:
        for name, kpis in _by(primary, whose).items():
            # A team of one owner is told of once.
            if len(kpis) > MOST_OF_ONE and tuple(kpis) not in said:
                said.add(tuple(kpis))
                message = f"{name} has {len(kpis)} primary KPIs, more than {MOST_OF_ONE} get no attention"
                found.append(_too_many(rule, kpis, MOST_OF_ONE, message))
    return found


def _by(kpis: Sequence[Kpi], whose: Callable[[Kpi], str | None]) -> dict[str, list[Kpi]]:
    found: dict[str, list[Kpi]] = {}
    for kpi in kpis:
        name = whose(kpi)
        if name is not None:
            found.setdefault(name, []).append(kpi)
    return found


def _too_many(rule: Rule, kpis: Sequence[Kpi], most: int, message: str) -> Advice:
    told = of_kpi(rule, kpis[most], "tier", message, _FEWER)
    return told._replace(kpis=tuple(kpi.id for kpi in kpis))


def unled(definitions: Definitions) -> list[Advice]:
    """Advice on each lagging primary KPI that no leading one leads to."""
    leads = _leads(definitions)
    found = []
    for kpi in definitions.kpis.values():
        if kpi.tier == "primary" and kpi.kind == "lagging" and not _is_led(kpi, leads, definitions):
            message = "a lagging primary KPI that no leading one leads to: it can be reacted to, not steered"
            hint = f'predicts = [{{ kpi = "{kpi.id}", lag = … }}] under the KPI that moves first'
            found.append(of_kpi("leading", kpi, "kind", message, hint))
    return found


def _leads(definitions: Definitions) -> dict[str, list[str]]:
    """By KPI, what leads to it: what predicts it, what its formula is made of, what stands under it in the tree."""
    found: dict[str, list[str]] = {}
    for kpi in definitions.kpis.values():
        for link in kpi.predicts:
            found.setdefault(link.kpi, []).append(kpi.id)
        if kpi.parent is not None:
            found.setdefault(kpi.parent, []).append(kpi.id)
        if kpi.formula is not None:
            found.setdefault(kpi.id, []).extend(ref.id for ref in references(kpi.formula))
    return found


def _is_led(kpi: Kpi, leads: dict[str, list[str]], definitions: Definitions) -> bool:
    """Whether a leading KPI is among those that lead to it, however many steps before."""
    to_come, seen = list(leads.get(kpi.id, ())), {kpi.id}
    while to_come:
        id_ = to_come.pop()
        if id_ in seen:
            continue
        seen.add(id_)
        before = definitions.kpis.get(id_)
        if before is not None and before.kind == "leading":
            return True
        to_come += leads.get(id_, ())
    return False

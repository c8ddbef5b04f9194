"""The glossary: what each KPI means, who keeps it, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kpitui.definitions.advice import Advice, Rule
from kpitui.definitions.model import Definitions, Kpi
from kpitui.terms import Direction
from kpitui.workspace.formula_words import made_of

DIRECTION_WORDS: Mapping[Direction, str] = {
    "up": "more is better",
    "down": "less is better",
    "range": "best within a range",
}
DIRECTION_SIGN: Mapping[Direction, str] = {"up": "↑", "down": "↓", "range": "↕"}
_LACKS: Mapping[Rule, str] = {
    "measure": "measure",
    "target": "target",
    "data_source": "source",
    "frequency": "frequency",
    "owner": "owner",
    "objective": "objective",
    "objectives": "objectives",
    "review": "review",
    "chart_method": "counts",
    "primary": "fewer primary",
    "primary_of_owner": "fewer primary",
    "primary_of_team": "fewer primary",
    "leading": "leading KPI",
    "pair": "pair",
    "target_not_looked_at": "look at target",
    "target_unsteady": "steady target",
    "target_far": "realistic target",
    "target_not_credible": "credible target",
    "behind": "progress",
    "not_moving": "movement",
}
"""By rule, what is lacking, in a word or two."""


class Meaning(NamedTuple):
    """What a KPI means, as one reads it in a glossary; an empty text is missing."""

    kpi: Kpi
    made_of: str
    """In words: `SQLs ÷ MQLs`."""
    unit: str
    owner: str
    source: str
    frequency: str
    advice: tuple[Advice, ...]
    """On this KPI alone."""

    @property
    def lacks(self) -> str:
        """What is lacking, in a few words."""
        return ", ".join(dict.fromkeys(_LACKS[each.rule] for each in self.advice))


class Glossary(NamedTuple):
    """The KPIs of a workspace in the order of their names, and advice on the set of them."""

    meanings: tuple[Meaning, ...]
    advice: tuple[Advice, ...]
    """On several KPIs together."""


def glossary(definitions: Definitions, advice: Iterable[Advice]) -> Glossary:
    """What is meant by each KPI, with the advice on it."""
    of_one: dict[str, list[Advice]] = {}
    of_several = []
    for each in advice:
        if len(each.kpis) == 1:
            of_one.setdefault(each.kpis[0], []).append(each)
        else:
            of_several.append(each)
    kpis = sorted(definitions.kpis.values(), key=lambda kpi: (kpi.name.casefold(), kpi.id))
    meanings = tuple(_meaning(kpi, definitions, of_one.get(kpi.id, ())) for kpi in kpis)
    return Glossary(meanings, tuple(of_several))


def _meaning(kpi: Kpi, definitions: Definitions, advice: Sequence[Advice]) -> Meaning:
    return Meaning(
        kpi=kpi,
        made_of=made_of(kpi, definitions),
        unit=kpi.currency if kpi.unit == "currency" and kpi.currency else kpi.unit,
        owner=definitions.who(kpi.owner),
        source=kpi.data_source or "",
        frequency=kpi.stated_frequency or kpi.frequency,
        advice=tuple(advice),
    )


def told(meaning: Meaning, definitions: Definitions) -> list[str]:
    """What stands under the KPI's name: its figure, who keeps it, where it belongs, what it is asked for."""
    kpi = meaning.kpi
    review = f"reviewed {kpi.review}" if kpi.review else ""
    kept = (meaning.owner or "no owner", meaning.source or "no source", meaning.frequency, review)
    pair = definitions.kpis.get(kpi.pair or "")
    objective = definitions.objectives.get(kpi.objective or "")
    place = (kpi.tier, kpi.kind, kpi.type, kpi.stage, f"pair: {pair.name}" if pair else "")
    lines = (
        f"{meaning.made_of or 'no measure'} · {meaning.unit}, {DIRECTION_WORDS[kpi.direction]}",
        _joined(kept),
        _joined((*place, objective.title if objective else "")),
        _joined((kpi.question, kpi.description, kpi.so_what)),
    )
    return [line for line in lines if line]


def _joined(parts: Iterable[str | None]) -> str:
    return " · ".join(part for part in parts if part)


def advised(advice: Advice) -> str:
    """A piece of advice as a sentence with its cure: `no owner: so far it is only a metric → owner = "…"`."""
    problem = advice.problem
    return f"{problem.message} → {problem.hint}" if problem.hint else problem.message

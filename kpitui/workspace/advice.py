"""All advice on a workspace's KPIs: on their definitions, their targets and their figures."""

from __future__ import annotations

from collections.abc import Iterator

from kpitui.definitions.advice import Advice
from kpitui.definitions.check import advice
from kpitui.workspace.figure_advice import figure_advice
from kpitui.workspace.figures import Figures
from kpitui.workspace.journal import Journal
from kpitui.workspace.target_advice import target_advice


def all_advice(journal: Journal, figures: Figures) -> list[Advice]:
    """On the definitions first, then on targets, then on figures; of each in the order of the definitions."""
    return [each for part in advice_in_parts(journal, figures) for each in part]


def advice_in_parts(journal: Journal, figures: Figures) -> Iterator[list[Advice]]:
    """The same a little at a time, for whoever has something else to do: of a thousand KPIs it takes half a second."""
    definitions = figures.definitions
    decided = [kpi for kpi, targets in journal.state.targets.items() if targets]
    open_actions = journal.open_actions()
    yield [*advice(definitions, decided), *target_advice(journal, definitions, figures.as_of)]
    for kpi in definitions.kpis.values():
        yield list(figure_advice(figures, kpi, len(open_actions.get(kpi.id, ()))))

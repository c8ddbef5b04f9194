"""All advice on a workspace's KPIs: on their definitions, their targets and their figures."""

from __future__ import annotations

from kpitui.definitions.advice import Advice
from kpitui.definitions.check import advice
from kpitui.workspace.figure_advice import figure_advice
from kpitui.workspace.figures import Figures
from kpitui.workspace.journal import Journal
from kpitui.workspace.target_advice import target_advice


def all_advice(journal: Journal, figures: Figures) -> list[Advice]:
    """On the definitions first, then on targets, then on figures; of each in the order of the definitions."""
    definitions = figures.definitions
    decided = [kpi for kpi, targets in journal.state.targets.items() if targets]
    open_actions = journal.open_actions()
    return [
        *advice(definitions, decided),
        *target_advice(journal, definitions, figures.as_of),
        *(
            each
            for kpi in definitions.kpis.values()
            for each in figure_advice(figures, kpi, len(open_actions.get(kpi.id, ())))
        ),
    ]

"""Everything wrong with a workspace, and what its KPIs lack."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from kpitui.definitions.advice import Advice
from kpitui.measurements.manual import with_typed
from kpitui.problems import Problem
from kpitui.workspace.advice import all_advice
from kpitui.workspace.figures import Figures
from kpitui.workspace.opening import Measure, read_here
from kpitui.workspace.register import open_journal


class Checked(NamedTuple):
    name: str
    kpis: int
    problems: list[Problem]
    advice: list[Advice]


def check(root: Path, measure: Measure = read_here, as_of: date | None = None) -> Checked:
    """Read all of it, also where nothing could be shown; raises KpituiError where it is no workspace."""
    opened = open_journal(root, as_of)
    measured = with_typed(measure(opened.definitions, root), opened.definitions, root)
    journal = opened.journal
    figures = Figures(opened.definitions, measured, opened.as_of, targets=journal.targets(), phases=journal.phases())
    return Checked(
        name=opened.name,
        kpis=len(opened.definitions.kpis),
        problems=[*opened.problems, *measured.problems],
        advice=all_advice(journal, figures),
    )

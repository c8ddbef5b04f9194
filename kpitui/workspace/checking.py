"""Everything wrong with a workspace, and what its KPIs lack."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from kpitui.definitions.check import advice
from kpitui.measurements.manual import with_typed
from kpitui.problems import Problem
from kpitui.workspace.opening import Measure, read_here
from kpitui.workspace.register import open_journal
from kpitui.workspace.target_advice import target_advice


class Checked(NamedTuple):
    name: str
    kpis: int
    problems: list[Problem]
    advice: list[Problem]


def check(root: Path, measure: Measure = read_here) -> Checked:
    """Read all of it, also where nothing could be shown; raises KpituiError where it is no workspace."""
    opened = open_journal(root)
    measured = with_typed(measure(opened.definitions, root), opened.definitions, root)
    return Checked(
        name=opened.name,
        kpis=len(opened.definitions.kpis),
        problems=[*opened.problems, *measured.problems],
        advice=[*advice(opened.definitions), *target_advice(opened.journal, opened.definitions, opened.as_of)],
    )

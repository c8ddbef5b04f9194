"""Everything wrong with a workspace, and what its KPIs lack."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from kpitui.definitions.check import advice
from kpitui.definitions.load import load
from kpitui.problems import Problem
from kpitui.workspace.opening import Measure, read_here
from kpitui.workspace.register import OpenJournal, open_journal


class Checked(NamedTuple):
    name: str
    kpis: int
    problems: list[Problem]
    advice: list[Problem]


def check(root: Path, measure: Measure = read_here) -> Checked:
    """Read all of it, also where nothing could be shown; raises KpituiError where it is no workspace."""
    definitions, problems = load(root)
    measured = measure(definitions, root)
    journal: OpenJournal = open_journal(root)
    return Checked(
        name=definitions.name,
        kpis=len(definitions.kpis),
        problems=[*problems, *measured.problems, *journal.journal.problems],
        advice=advice(definitions),
    )

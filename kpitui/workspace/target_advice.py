"""Targets that nobody has looked at for a quarter, and those that were changed more than once in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kpitui.definitions.advice import Advice, of_kpi
from kpitui.definitions.model import Definitions, Kpi
from kpitui.problems import Problem
from kpitui.records.model import Verdict
from kpitui.review.agenda import agenda, cadence_of, members, reviewed_period
from kpitui.review.targets import TargetLook, target_look
from kpitui.workspace.journal import Journal
from kpitui.workspace.numbers import short_day


def target_looks(journal: Journal, definitions: Definitions, kpis: Iterable[Kpi], as_of: date) -> list[TargetLook]:
    """When the targets were looked at, by whatever sign there is of it."""
    reviewed = _reviewed(journal, definitions)
    verdicts: dict[str, list[Verdict]] = {}
    for (_, kpi_id), verdict in journal.state.verdicts.items():
        verdicts.setdefault(kpi_id, []).append(verdict)
    decided = journal.targets()
    return [
        target_look(
            kpi,
            (*kpi.targets, *decided.get(kpi.id, ())),
            journal.state.targets.get(kpi.id, ()),
            verdicts.get(kpi.id, ()),
            reviewed.get(kpi.id, ()),
            as_of,
        )
        for kpi in kpis
    ]


def _reviewed(journal: Journal, definitions: Definitions) -> dict[str, list[date]]:
    """The days of the signed-off reviews that had targets on their agenda, by KPI."""
    found: dict[str, list[date]] = {}
    for review in journal.records.begun:
        period = reviewed_period(review, definitions.calendar)
        if review.state != "signed-off" or period is None:
            continue
        cadence = cadence_of(definitions, review.cadence)
        if any(planned.step == "targets" for planned in agenda(cadence, period, definitions.calendar)):
            for kpi in members(cadence, definitions):
                found.setdefault(kpi.id, []).append(review.started.date())
    return found


def target_advice(journal: Journal, definitions: Definitions, as_of: date) -> list[Advice]:
    """What `check` says of targets; nothing of stale ones before the team has held a review, where that would show."""
    if not journal.records.begun:
        return []
    found = []
    for look in target_looks(journal, definitions, definitions.kpis.values(), as_of):
        if look.unsteady:
            found.append(_unsteady(look, journal))
        elif look.stale:
            day = f", last on {short_day(look.looked_at, definitions.locale, as_of)}" if look.looked_at else ""
            message = f"nobody has looked at the target for a quarter{day}"
            hint = "the review of a quarter's last month has targets on its agenda; signing it off is a look"
            found.append(of_kpi("target_not_looked_at", look.kpi, "target", message, hint))
    return found


def _unsteady(look: TargetLook, journal: Journal) -> Advice:
    """At the newest of the changes."""
    newest = look.changes[-1]
    file = journal.records.holding(newest.id)
    place = Problem(
        file.path if file else look.kpi.file,
        f"the target of {look.kpi.name} was changed {len(look.changes)} times in a quarter",
        file.lines[newest.id] if file else look.kpi.line,
        key=f"target.{newest.id}",
        hint="it looks like moving the goalposts: agree on one, and give it a quarter",
        level="advice",
    )
    return Advice("target_unsteady", (look.kpi.id,), place)

"""Records as lists show them: when, what, by whom, and what is to be said beside it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from kpitui.records.fold import ActionState
from kpitui.records.model import (
    Cause,
    PhaseChange,
    Record,
    TargetRevision,
    Verdict,
)
from kpitui.workspace.numbers import short_day
from kpitui.workspace.record_book import RecordBook
from kpitui.workspace.revisions import revision_phrase


class Entry(NamedTuple):
    """A record as a list shows it."""

    id: str
    kind: str
    at: datetime
    when: str
    """The day, short."""
    text: str
    remark: str
    """What the record says beside its text: class and confidence, owner and due date."""
    by: str
    place: str
    """`reviews/2026-10-monthly.toml:88`."""
    overdue: bool = False


class Entries(RecordBook):
    """The records, in lines to look through."""

    def entries(self, kpi: str) -> list[Entry]:
        """Everything said of the KPI, newest first."""
        state = self.state
        found = [self._entry(note, note.text, "") for note in state.notes.get(kpi, ())]
        found += [self._entry(decision, decision.text, "") for decision in state.decisions.get(kpi, ())]
        found += [self._entry(cause, cause.text, _cause_remark(cause)) for cause in state.causes.get(kpi, ())]
        found += [self.action_entry(action) for action in state.actions_of(kpi)]
        found += [
            self._entry(verdict, verdict.verdict, self._verdict_remark(verdict)) for verdict in state.verdicts_on(kpi)
        ]
        found += [
            self._entry(target, target.reason, self._target_remark(target)) for target in state.targets.get(kpi, ())
        ]
        changes = state.phases.get(kpi, ())
        found += [self._entry(change, change.reason, self._phase_remark(change)) for change in changes]
        return sorted(found, key=lambda entry: (entry.at, entry.id), reverse=True)

    def action_entry(self, action: ActionState) -> Entry:
        """An action with its owner, its due date, and how late it is."""
        entry = self._entry(action.action, action.action.title, self._action_remark(action))
        return entry._replace(overdue=action.overdue(self._as_of))

    def _entry(self, record: Record, text: str, remark: str) -> Entry:
        file = self.records.holding(record.id)
        place = f"{file.path}:{file.lines[record.id]}" if file else ""
        when = short_day(record.at.date(), self._definitions.locale, self._as_of)
        return Entry(record.id, record.table, record.at, when, text, remark, self._definitions.who(record.by), place)

    def _action_remark(self, action: ActionState) -> str:
        parts = [action.action.owner or "no owner"]
        if action.closed:
            parts.append(action.status)
        elif action.due is not None and action.overdue(self._as_of):
            days = (self._as_of - action.due).days
            parts.append(f"{days} {'day' if days == 1 else 'days'} late")
        elif action.due is not None:
            parts.append(f"due {short_day(action.due, self._definitions.locale, self._as_of)}")
        if action.slips:
            parts.append("slipped once" if action.slips == 1 else f"slipped {action.slips} times")
        return " · ".join(parts)

    def _verdict_remark(self, verdict: Verdict) -> str:
        due = f"due {short_day(verdict.due, self._definitions.locale, self._as_of)}" if verdict.due else ""
        return " · ".join(part for part in (self._definitions.who(verdict.owner), due) if part)

    def _target_remark(self, revision: TargetRevision) -> str:
        kpi = self._definitions.kpis.get(revision.kpi)
        said = revision_phrase(revision, kpi, self._definitions, self._as_of) if kpi else ""
        approved = f"approved by {self._definitions.who(revision.approved_by)}" if revision.approved_by else ""
        return " · ".join(part for part in (said, approved) if part)

    def _phase_remark(self, change: PhaseChange) -> str:
        locale = self._definitions.locale
        if change.baseline_until is None:
            return f"limits anew from {short_day(change.since, locale, self._as_of)}"
        return f"limits fixed until {short_day(change.baseline_until, locale, self._as_of)}"


def _cause_remark(cause: Cause) -> str:
    said = "usual variation" if cause.chart == "usual variation" else None
    return " · ".join(part for part in (cause.cause_class, cause.confidence, cause.segment, said) if part)

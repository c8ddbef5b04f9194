"""What stands on the time axis of a chart: events, remarks of the record, other targets, other limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from kpitui.analysis.targets import Goal, in_force
from kpitui.definitions.model import Kpi
from kpitui.records.model import Record
from kpitui.terms import Target
from kpitui.workspace.charts.values import Happening, HappeningKind
from kpitui.workspace.effects import day_of
from kpitui.workspace.numbers import Style, short_day
from kpitui.workspace.opening import Workspace

NUMBERED = 20
"""There are signs for so many numbers: ① to ⑳."""


def number_sign(number: int) -> str:
    """① for 1."""
    return chr(0x2460 + number - 1)


def happenings(workspace: Workspace, kpi: Kpi, first: date, last: date) -> list[Happening]:
    """What happened to the KPI from one day to the other, up to the as-of date, oldest first."""
    last = min(last, workspace.as_of)
    found = [
        *(Happening(e.day, "event", e.text) for e in workspace.definitions.events if e.kpi in (None, kpi.id)),
        *_remarks(workspace, kpi),
        *_awaited_actions(workspace, kpi),
        *_target_changes(workspace, kpi),
        *_limit_changes(workspace, kpi),
    ]
    return sorted((one for one in found if first <= one.day <= last), key=lambda one: one.day)


def newest(found: Sequence[Happening]) -> tuple[tuple[Happening, ...], int]:
    """The last ones, as many as there are numbers for, and how many came before them."""
    return tuple(found[-NUMBERED:]), max(0, len(found) - NUMBERED)


def _remarks(workspace: Workspace, kpi: Kpi) -> Iterator[Happening]:
    state, calendar = workspace.journal.state, workspace.definitions.calendar
    kinds: tuple[tuple[HappeningKind, Sequence[Record]], ...] = (
        ("note", state.notes.get(kpi.id, ())),
        ("cause", state.causes.get(kpi.id, ())),
        ("decision", state.decisions.get(kpi.id, ())),
    )
    for kind, records in kinds:
        for record in records:
            about = calendar.parse(record.period) if record.period else None
            # A remark stands with the period that it is about, not with the meeting some days later.
            day = min(about.end, record.at.date()) if about else record.at.date()
            yield Happening(day, kind, getattr(record, "text", ""))


def _awaited_actions(workspace: Workspace, kpi: Kpi) -> Iterator[Happening]:
    """Actions of which an effect is expected: from that day on it may show."""
    for state in workspace.journal.state.actions_of(kpi.id):
        if state.action.effect and state.status != "dropped":
            day, done = day_of(state)
            yield Happening(
                day, "action", f"{'done' if done else 'agreed'}: {state.action.title} ({state.action.effect})"
            )


def _target_changes(workspace: Workspace, kpi: Kpi) -> Iterator[Happening]:
    """Where another target begins to hold than the day before."""
    style = Style.of(kpi, workspace.definitions.locale)
    targets = workspace.figures.targets(kpi)
    for day in sorted({target.since for target in targets}):
        now, before = in_force(targets, day), in_force(targets, day - timedelta(days=1))
        if now is None or before is None or _same(now, before):
            continue
        reason = f" ({now.reason})" if now.reason else ""
        yield Happening(day, "target", f"target {_written(before, kpi, style)} → {_written(now, kpi, style)}{reason}")


def _same(a: Target, b: Target) -> bool:
    return (a.value, a.low, a.high, a.per, a.path) == (b.value, b.low, b.high, b.per, b.path)


def _written(target: Target, kpi: Kpi, style: Style) -> str:
    amount = style.goal(Goal(target.value, target.low, target.high), kpi.direction)
    return f"{amount} a {target.per.word}" if kpi.additive else amount


def _limit_changes(workspace: Workspace, kpi: Kpi) -> Iterator[Happening]:
    for day in kpi.chart.rebase:
        yield Happening(day, "limits", "limits computed anew")
    for change in workspace.journal.state.phases.get(kpi.id, ()):
        yield Happening(change.since, "limits", f"{_limits_since(change.baseline_until, workspace)}: {change.reason}")


def _limits_since(baseline_until: date | None, workspace: Workspace) -> str:
    if baseline_until is None:
        return "limits computed anew"
    return f"limits from the points up to {short_day(baseline_until, workspace.definitions.locale, workspace.as_of)}"

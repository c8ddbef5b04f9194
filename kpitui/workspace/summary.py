"""The summary of a review for those who were not there, as plain values that every format is written from.

It says what the record says: figures as the room saw them, and nothing that depends on the day on which it is asked
for, so that the same record gives the same summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypeVar

from kpitui.analysis.signals import Signal, variation
from kpitui.analysis.status import OFF_TARGET, group, judge
from kpitui.analysis.targets import Goal
from kpitui.definitions.model import Kpi
from kpitui.periods import Grain, Period
from kpitui.problems import KpituiError
from kpitui.records.fold import ActionState
from kpitui.records.model import Cause, Figures, Record, Review, Verdict
from kpitui.review.queue import Standing
from kpitui.review.since import seen
from kpitui.review.urgency import urgency
from kpitui.terms import GROUPS, Group, Status
from kpitui.workspace.charts.panels import kpi_panel
from kpitui.workspace.charts.values import Panel
from kpitui.workspace.effects import action_effect
from kpitui.workspace.figures import Figures as WorkspaceFigures
from kpitui.workspace.numbers import Style, period_name, short_day
from kpitui.workspace.opening import Workspace
from kpitui.workspace.revisions import replaced, revision_phrase
from kpitui.workspace.session import Session, session
from kpitui.workspace.session_words import (
    cause_remark,
    effect_phrase,
    ended_phrase,
    overdue_phrase,
    people_phrase,
    reopened_phrase,
    restatement_phrase,
)
from kpitui.workspace.snapshot import as_seen
from kpitui.workspace.wording import RULE_SENTENCE, STATUS_WORD, better_or_worse

_Of = TypeVar("_Of", bound=Record)
CHARTED = 13
"""Periods of a chart, the last of them under review."""


class SaidOf(NamedTuple):
    """Something that was said of a KPI, and by whom."""

    text: str
    remark: str
    """Class and confidence of a cause, and that the chart called the point usual variation."""
    by: str
    whys: tuple[str, ...] = ()
    """Of a cause."""

    @property
    def whole(self) -> str:
        """The text, and a line for each of its whys."""
        return "\n".join([self.text, *(f"Why: {why}" for why in self.whys)])


class AgreedAction(NamedTuple):
    kpi: str
    title: str
    owner: str
    due: str
    status: str
    """With how often it slipped, and what was said of it in this review."""
    effect: str
    """What it is expected to change; empty where nothing was said."""


class Exceptional(NamedTuple):
    """A KPI that the room talked about, with the figures that it saw."""

    kpi: Kpi
    group: Group
    status: Status
    actual: str
    target: str
    standing: str
    """`Behind`."""
    signal: str
    """`worse, below the lower limit`, `no signal`; empty where there is no figure."""
    verdict: str
    """With who goes on with it and until when; empty where there is none."""
    causes: tuple[SaidOf, ...]
    decisions: tuple[SaidOf, ...]
    notes: tuple[SaidOf, ...]
    known_cause: str
    """Why, where no cause was given in this review: one that was given of the same period before, and where the
    verdict says that it is explained, of whichever; with the day on which it was given, or that none was written."""
    panel: Panel
    style: Style

    @property
    def why(self) -> str:
        """The first sentence of the first cause; empty where none was given, nor was to be."""
        return _first_sentence(self.causes[0].text) if self.causes else self.known_cause


class OnKpi(NamedTuple):
    """A line about a KPI."""

    name: str
    text: str
    reason: str = ""


class Summary(NamedTuple):
    workspace: str
    review: Review
    title: str
    """`Acme marketing · Oct 2026 · monthly review`."""
    held: str
    """When it was held, who was there, and who signed it off."""
    draft: bool
    """It is not signed off."""
    frozen: bool
    """The figures are those that the room saw; else the file kept none, and they are today's."""
    headlines: tuple[str, ...]
    exceptions: tuple[Exceptional, ...]
    actions: tuple[AgreedAction, ...]
    """Agreed in this review, and those that it asked after."""
    overdue: tuple[OnKpi, ...]
    """Agreed before, overdue on its day, and nothing was said of them."""
    targets: tuple[OnKpi, ...]
    restated: tuple[OnKpi, ...]
    learned: tuple[OnKpi, ...]
    others: tuple[OnKpi, ...]
    """Notes, causes and decisions on KPIs that were no exceptions."""
    carried_over: tuple[str, ...]
    """Names of the exceptions without a verdict."""


def newest_review(workspace: Workspace) -> str:
    """The review that was begun last; KpituiError where there is none."""
    begun = workspace.journal.records.begun
    if not begun:
        raise KpituiError("no review was started yet: kpitui review start, or 4 on the screens")
    return max(begun, key=lambda review: (review.started, review.id)).id


def summarise(workspace: Workspace, review_id: str) -> Summary:
    """The summary of a review that was begun; KpituiError where there is none of that id."""
    return _Writer(workspace, session(workspace, review_id)).summary()


class _Writer:
    """Puts one review into words."""

    def __init__(self, workspace: Workspace, held: Session) -> None:
        self.workspace = workspace
        self.held = held
        self.definitions = workspace.definitions
        self.locale = workspace.definitions.locale
        self.day: date = held.review.started.date()
        self.read_back = held.read_back
        self.kpis = {kpi.id: kpi for kpi in held.kpis}
        self.then = self._figures_then()

    def summary(self) -> Summary:
        held = self.held
        exceptions = tuple(self._exceptional(standing, figures) for standing, figures in self._exceptions())
        # The next review takes up what it finds among the figures: of a file that kept none, nothing.
        carried_over = tuple(found.kpi.name for found in exceptions if held.figures and not found.verdict)
        parts = (self.workspace.name, period_name(held.period, self.locale), f"{held.review.cadence} review")
        return Summary(
            workspace=self.workspace.name,
            review=held.review,
            title=" · ".join(parts),
            held=self._held(),
            draft=held.review.state == "open",
            frozen=bool(held.figures),
            headlines=self._headlines(exceptions, carried_over),
            exceptions=exceptions,
            actions=tuple(self._actions()),
            overdue=tuple(
                OnKpi(self._name(state.action.kpi), overdue_phrase(state, self.definitions, self.day))
                for state in self.read_back.overdue
            ),
            targets=tuple(self._targets()),
            restated=tuple(
                OnKpi(found.kpi.name, restatement_phrase(found, self.locale)) for found in held.picture.restated
            ),
            learned=tuple(self._learned()),
            others=tuple(self._others({found.kpi.id for found in exceptions})),
            carried_over=carried_over,
        )

    def _figures_then(self) -> WorkspaceFigures:
        """The figures up to the day of the review: what came later moves no limits of its charts."""
        workspace = self.workspace
        if workspace.as_of <= self.day:
            return workspace.figures
        journal = workspace.journal
        return WorkspaceFigures(self.definitions, workspace.measured, self.day, journal.targets(), journal.phases())

    def _held(self) -> str:
        review = self.held.review
        parts = [f"held {short_day(self.day, self.locale)} {self.day.year}", people_phrase(review, self.definitions)]
        parts.append(reopened_phrase(review, self.definitions, self.day))
        if review.state == "signed-off":
            parts.append(ended_phrase(review, self.definitions, self.day))
        return " · ".join(filter(None, parts))

    # What was off

    def _seen(self) -> dict[str, Figures]:
        """What the room saw; of a review that kept nothing, what it would see now."""
        if self.held.figures:
            return {kpi: figures for kpi, figures in self.held.figures.items() if kpi in self.kpis}
        return {kpi: as_seen(row) for kpi, row in self.held.rows.items()}

    def _exceptions(self) -> list[tuple[Standing, Figures]]:
        found = []
        for kpi_id, figures in self._seen().items():
            kpi, then = self.kpis[kpi_id], seen(figures)
            if then is None:
                continue
            changed = variation(then.signal, kpi.direction) if then.signal else None
            talk = group(then.status, changed, kpi.tier)
            gap = judge(figures.actual, _goal(figures), kpi.direction, kpi.bands).gap
            if talk != "fine" or kpi_id in self._talked_about():
                found.append((Standing(kpi, talk, then.status, gap, changed), figures))
        return sorted(found, key=lambda pair: (GROUPS.index(pair[0].group), urgency(pair[0].kpi, pair[0].gap)))

    def _talked_about(self) -> set[str]:
        """KPIs that got a verdict other than fine."""
        return {verdict.kpi for verdict in self.read_back.verdicts if verdict.verdict != "fine"}

    def _exceptional(self, standing: Standing, figures: Figures) -> Exceptional:
        kpi = standing.kpi
        style = Style.of(kpi, self.locale)
        then = seen(figures)
        verdict = next((each for each in self.read_back.verdicts if each.kpi == kpi.id), None)
        grain = max(self.held.cadence.grain, self.workspace.finest_grain(kpi))
        return Exceptional(
            kpi=kpi,
            group=standing.group,
            status=standing.status,
            actual=style.value(figures.actual),
            target=style.goal(_goal(figures), kpi.direction),
            standing=STATUS_WORD[standing.status],
            signal="" if standing.status == "no_data" else _signal_words(then.signal if then else None, kpi),
            verdict=self._verdict(verdict) if verdict else "",
            causes=tuple(self._said(cause, cause_remark(cause)) for cause in _on(kpi, self.read_back.causes)),
            decisions=tuple(self._said(decision) for decision in _on(kpi, self.read_back.decisions)),
            notes=tuple(self._said(note) for note in _on(kpi, self.read_back.notes)),
            known_cause=self._known_cause(kpi, explained=verdict is not None and verdict.verdict == "explained"),
            panel=kpi_panel(self.then, kpi, grain, self._charted(grain)),
            style=style,
        )

    def _known_cause(self, kpi: Kpi, *, explained: bool) -> str:
        """What was said of the KPI before this review."""
        period = self.held.rows[kpi.id].point.period.id
        before = [
            cause
            for cause in self.workspace.journal.state.causes.get(kpi.id, ())
            if cause.at < self.held.review.started and (explained or cause.period == period)
        ]
        if not before:
            return NO_CAUSE if explained else ""
        return f"{_first_sentence(before[-1].text)} (said {short_day(before[-1].at.date(), self.locale, self.day)})"

    def _charted(self, grain: Grain) -> range:
        calendar = self.definitions.calendar
        last = calendar.number(grain, self._shown(grain).start)
        return range(last - CHARTED + 1, last + 1)

    def _shown(self, grain: Grain) -> Period:
        calendar = self.definitions.calendar
        if grain is self.held.period.grain:
            return self.held.period
        return calendar.last_ended(grain, self.held.period.end)

    def _verdict(self, verdict: Verdict) -> str:
        parts: list[str] = [verdict.verdict]
        if verdict.owner:
            parts.append(self.definitions.who(verdict.owner))
        if verdict.due:
            parts.append(f"due {short_day(verdict.due, self.locale, self.day)}")
        return " · ".join(parts)

    def _said(self, record: Record, remark: str = "") -> SaidOf:
        whys = record.whys if isinstance(record, Cause) else ()
        return SaidOf(str(getattr(record, "text", "")).strip(), remark, self.definitions.who(record.by), whys)

    # The other sections

    def _headlines(self, exceptions: tuple[Exceptional, ...], carried_over: tuple[str, ...]) -> tuple[str, ...]:
        return (
            self._how_many(exceptions),
            *(_gravest(found) for found in exceptions[:1]),
            self._agreed(carried_over),
        )

    def _how_many(self, exceptions: tuple[Exceptional, ...]) -> str:
        total = len(self._seen())
        off = sum(found.status in OFF_TARGET for found in exceptions)
        changed = sum(found.signal not in ("", _NO_SIGNAL) for found in exceptions)
        return f"{off} of {_counted(total, 'KPI')} {'is' if off == 1 else 'are'} off target, {changed} changed."

    def _agreed(self, carried_over: tuple[str, ...]) -> str:
        parts = [
            _counted(len(self.read_back.decisions), "decision"),
            _counted(len(self.read_back.actions), "action"),
        ]
        if self.read_back.targets:
            parts.append(_counted(len(self.read_back.targets), "other target"))
        text = f"Agreed: {', '.join(parts)}."
        if carried_over:
            verb = "is" if len(carried_over) == 1 else "are"
            text += f" {_counted(len(carried_over), 'exception')} {verb} carried over without a verdict."
        return text

    def _actions(self) -> Iterable[AgreedAction]:
        followed = {followup.action for followup in self.read_back.followups}
        own = {state.action.id for state in self.read_back.actions}
        asked = [state for state in self.workspace.journal.state.actions if state.action.id in followed - own]
        for state in (*self.read_back.actions, *asked):
            yield self._action(state)

    def _action(self, state: ActionState) -> AgreedAction:
        status: str = state.status
        if state.slips:
            status += ", slipped once" if state.slips == 1 else f", slipped {state.slips} times"
        said = [followup.text for followup in self.read_back.followups if followup.action == state.action.id]
        status = ": ".join([status, *([_first_sentence(said[-1])] if said and said[-1] else [])])
        return AgreedAction(
            kpi=self._name(state.action.kpi),
            title=state.action.title,
            owner=self.definitions.who(state.action.owner) or "no owner",
            due=short_day(state.due, self.locale, self.day) if state.due else "no date",
            status=status,
            effect=state.action.effect or "",
        )

    def _targets(self) -> Iterable[OnKpi]:
        for revision in self.read_back.targets:
            kpi = self.definitions.kpis.get(revision.kpi)
            if kpi is not None:
                approved = (
                    f" (approved by {self.definitions.who(revision.approved_by)})" if revision.approved_by else ""
                )
                made = self.workspace.journal.state.targets.get(kpi.id, ())
                old = replaced(revision, kpi, made, self.definitions)
                text = f"{old} → {revision_phrase(revision, kpi, self.definitions, self.day)}{approved}"
                yield OnKpi(kpi.name, text, revision.reason)

    def _learned(self) -> Iterable[OnKpi]:
        """Confirmed causes, and what became of actions that were to change something."""
        for cause in self.read_back.causes:
            if cause.confidence == "confirmed":
                yield OnKpi(self._name(cause.kpi), cause.text.strip(), cause.cause_class or "")
        for state in self.workspace.journal.state.actions:
            found = action_effect(self.workspace, state, self.then) if state.action.kpi in self.kpis else None
            if found and found.day <= self.day and found.effect.outcome in ("new_limits", "signal", "usual_again"):
                phrase = effect_phrase(found.effect, found.kpi, self.locale)
                yield OnKpi(found.kpi.name, f"after “{state.action.title}”: {phrase}", state.action.effect or "")

    def _others(self, exceptional: set[str]) -> Iterable[OnKpi]:
        said = (*self.read_back.decisions, *self.read_back.causes, *self.read_back.notes)
        for record in sorted(said, key=lambda record: (record.at, record.id)):
            if record.kpi not in exceptional:
                told = self._said(record, cause_remark(record) if isinstance(record, Cause) else "")
                reason = " · ".join(filter(None, (record.table, told.remark, told.by)))
                yield OnKpi(self._name(record.kpi), told.whole, reason)

    def _name(self, kpi_id: str) -> str:
        kpi = self.definitions.kpis.get(kpi_id)
        return kpi.name if kpi else kpi_id


NO_CAUSE = "no cause written"
"""Of a verdict that says that the cause is known."""
_NO_SIGNAL = "no signal"
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_LONG = 160
"""Characters of a cause in a table."""


def _first_sentence(text: str) -> str:
    """Of a text that may be wrapped by hand; a long one is cut."""
    sentence = " ".join(_END_OF_SENTENCE.split(text.strip(), maxsplit=1)[0].split())
    return sentence if len(sentence) <= _LONG else f"{sentence[: _LONG - 1]}…"


def _on(kpi: Kpi, records: Iterable[_Of]) -> list[_Of]:
    return [record for record in records if record.kpi == kpi.id]


def _goal(figures: Figures) -> Goal | None:
    match figures.target:
        case None:
            return None
        case (low, high):
            return Goal(None, low, high)
        case value:
            return Goal(value)


def _signal_words(signal: Signal | None, kpi: Kpi) -> str:
    if signal is None:
        return _NO_SIGNAL
    word = better_or_worse(variation(signal, kpi.direction))
    return f"{word}, {RULE_SENTENCE[signal.rule][signal.side == 'below']}"


def _gravest(found: Exceptional) -> str:
    figure = f"{found.actual} against {found.target}" if found.target != "—" else found.actual
    said = "; ".join(part for part in (f"{figure}, {found.standing.lower()}", found.signal) if part)
    why = "" if found.why == NO_CAUSE else found.why
    return f"{found.kpi.name}: {said}. {why}".strip()


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"

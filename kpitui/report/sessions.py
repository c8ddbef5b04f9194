"""A review session as JSON and as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from kpitui.analysis.signals import Signal
from kpitui.definitions.model import Definitions
from kpitui.printable import printable
from kpitui.records.model import Record
from kpitui.report import plain
from kpitui.review.actions import DueAction
from kpitui.review.picture import Picture
from kpitui.review.queue import Item
from kpitui.review.since import Seen
from kpitui.review.targets import TargetLook
from kpitui.terms import STATUSES
from kpitui.workspace.numbers import Style, period_name, short_day
from kpitui.workspace.opening import Workspace
from kpitui.workspace.revisions import revision_phrase
from kpitui.workspace.session import ReadBack, Session, SignedOff
from kpitui.workspace.session_words import (
    STEP_NAME,
    before_phrase,
    cause_remark,
    change_phrase,
    due_phrase,
    ended_phrase,
    followup_phrase,
    overdue_phrase,
    people_phrase,
    restatement_phrase,
    supply_phrase,
)
from kpitui.workspace.sessions import Choice, choices
from kpitui.workspace.wording import GROUP_NAME, STATUS_WORD, actual, signal_phrase

# JSON


def session_json(workspace: Workspace, held: Session | None) -> dict[str, Any]:
    """The answer of `kpitui review … --format json`."""
    return {
        "schema": 1,
        "workspace": workspace.name,
        "as_of": workspace.as_of.isoformat(),
        "choices": [_choice_json(choice) for choice in choices(workspace)],
        "review": _held_json(held) if held else None,
    }


def _choice_json(choice: Choice) -> dict[str, Any]:
    return {
        "cadence": choice.cadence,
        "period": choice.period.id,
        "review": choice.review_id,
        "state": choice.state,
        "kpis": choice.kpis,
        "minutes": choice.minutes,
        "records": choice.records,
        "can_reopen": choice.can_reopen,
    }


def _held_json(held: Session) -> dict[str, Any]:
    review = held.review
    return {
        "id": review.id,
        "cadence": review.cadence,
        "period": review.period,
        "state": review.state,
        "started": review.started.isoformat(),
        "chair": review.chair,
        "attendees": list(review.attendees),
        "signed_off_by": review.signed_off_by,
        "signed_off_at": review.signed_off_at.isoformat() if review.signed_off_at else None,
        "reopened_by": review.reopened_by,
        "reopened_at": review.reopened_at.isoformat() if review.reopened_at else None,
        "file": held.path,
        "resume_at": held.resume_at(),
        "agenda": [planned._asdict() for planned in held.agenda],
        "picture": _picture_json(held.picture),
        "actions": [_action_json(action) for action in held.actions],
        "queue": [_item_json(item, held) for item in held.queue],
        "sweep": [_item_json(item, held) for item in held.sweep],
        "targets": [_target_json(look) for look in held.targets],
        "read_back": _read_back_json(held.read_back),
        "said_before": [said.record.id for said in held.said_before],
        "git": held.git_command(),
    }


def _picture_json(picture: Picture) -> dict[str, Any]:
    return {
        "statuses": dict(picture.statuses),
        "groups": dict(picture.groups),
        "signals": picture.signals,
        "since": picture.since,
        "changes": [
            {"kpi": each.kpi.id, "kind": each.kind, "before": _seen_json(each.before), "now": _seen_json(each.now)}
            for each in picture.changes
        ],
        "supplies": [
            {"kpi": each.kpi.id, "freshness": each.freshness, "since": each.since.isoformat() if each.since else None}
            for each in picture.supplies
        ],
        "restated": [{**each._asdict(), "kpi": each.kpi.id, "period": each.period.id} for each in picture.restated],
        "redefined": [{"kpi": each.kpi.id, "review": each.review} for each in picture.redefined],
    }


def _seen_json(seen: Seen) -> dict[str, Any]:
    return {"status": seen.status, "signal": _signal_json(seen.signal)}


def _signal_json(signal: Signal | None) -> dict[str, str] | None:
    return signal._asdict() if signal else None


def _action_json(action: DueAction) -> dict[str, Any]:
    state = action.state
    return {
        "id": state.action.id,
        "kpi": state.action.kpi,
        "title": state.action.title,
        "owner": state.action.owner,
        "due": state.due.isoformat() if state.due else None,
        "urgency": action.urgency,
        "days_late": action.days_late,
        "slips": state.slips,
    }


def _item_json(item: Item, held: Session) -> dict[str, Any]:
    return {
        "kpi": item.kpi.id,
        "group": item.standing.group,
        "status": item.standing.status,
        "signal": _signal_json(held.rows[item.kpi.id].point.signal),
        "proposed": item.proposed,
        "verdict": item.verdict.verdict if item.verdict else None,
        "former": item.former.verdict if item.former else None,
        "carried_over": item.carried_over,
    }


def _target_json(look: TargetLook) -> dict[str, Any]:
    return {
        "kpi": look.kpi.id,
        "from": look.target.since.isoformat() if look.target else None,
        "looked_at": look.looked_at.isoformat() if look.looked_at else None,
        "stale": look.stale,
        "changes": len(look.changes),
    }


def _read_back_json(read_back: ReadBack) -> dict[str, Any]:
    def ids(records: Iterable[Record]) -> list[str]:
        return [record.id for record in records]

    return {
        "decisions": ids(read_back.decisions),
        "actions": [state.action.id for state in read_back.actions],
        "followups": ids(read_back.followups),
        "overdue": [state.action.id for state in read_back.overdue],
        "causes": ids(read_back.causes),
        "notes": ids(read_back.notes),
        "targets": ids(read_back.targets),
        "verdicts": ids(read_back.verdicts),
        "carried_over": [item.kpi.id for item in read_back.carried_over],
        "unseen": [item.kpi.id for item in read_back.unseen],
    }


# Text


def choices_text(workspace: Workspace) -> str:
    """Which reviews can be started, resumed or opened again."""
    rows = [
        [
            choice.review_id,
            period_name(choice.period, workspace.definitions.locale),
            _state_words(choice),
            str(choice.kpis),
            str(choice.minutes),
            str(choice.records),
        ]
        for choice in choices(workspace)
    ]
    return plain.table(["review", "period", "state", "kpis", "minutes", "records"], rows, frozenset({3, 4, 5}))


def _state_words(choice: Choice) -> str:
    words = {
        "new": "not started",
        "noted": "not started, has notes",
        "open": "open",
        "signed-off": "signed off",
        "unreadable": "cannot be read",
    }
    return words[choice.state] + (", can be reopened" if choice.can_reopen else "")


def session_text(held: Session, workspace: Workspace) -> str:
    """How far a review is: its steps, what changed, what is due, and the queue with its verdicts."""
    definitions, as_of = workspace.definitions, workspace.as_of
    people = people_phrase(held.review, definitions)
    lines = [
        _heading(held, definitions, as_of),
        *([people] if people else []),
        *_picture_lines(held.picture, definitions, as_of),
    ]
    if before := before_phrase(held.said_before, held.period, definitions.locale):
        lines.append(before)
    lines += [
        f"{action.state.action.id}  {action.state.action.title} · "
        f"{definitions.who(action.state.action.owner) or 'no owner'} · {due_phrase(action, definitions.locale, as_of)}"
        for action in held.actions
    ]
    return "\n".join([*map(printable, lines), "", _queue_table(held, definitions), "", printable(_sweep_line(held))])


def _heading(held: Session, definitions: Definitions, as_of: date) -> str:
    review = held.review
    minutes = " + ".join(f"{STEP_NAME[planned.step].lower()} {planned.minutes}" for planned in held.agenda)
    state = "open" if review.state == "open" else ended_phrase(review, definitions, as_of)
    return f"{review.id} · {period_name(held.period, definitions.locale)} · {state} · {minutes} min"


def _picture_lines(picture: Picture, definitions: Definitions, as_of: date) -> list[str]:
    counts = (
        f"{picture.statuses[status]} {STATUS_WORD[status].lower()}" for status in STATUSES if status in picture.statuses
    )
    lines = [f"{', '.join(counts)}; {picture.signals} changed"]
    if picture.changes:
        told = "; ".join(f"{each.kpi.name} {change_phrase(each)}" for each in picture.changes)
        lines.append(f"since {picture.since}: {told}")
    lacking = [
        f"{supply.kpi.name} {supply_phrase(supply, definitions.locale, as_of)}"
        for supply in picture.supplies
        if supply.freshness != "fresh"
    ]
    if lacking:
        lines.append("data: " + "; ".join(lacking))
    lines += [f"restated: {each.kpi.name}, {restatement_phrase(each, definitions.locale)}" for each in picture.restated]
    lines += [f"definition changed since {each.review}: {each.kpi.name}" for each in picture.redefined]
    return lines


def _queue_table(held: Session, definitions: Definitions) -> str:
    rows = []
    for item in held.queue:
        row = held.rows[item.kpi.id]
        style = Style.of(item.kpi, definitions.locale)
        talk = GROUP_NAME[item.standing.group].lower()
        rows.append(
            [
                f"{talk}, carried over" if item.carried_over else talk,
                item.kpi.id,
                actual(row, style),
                style.goal(row.point.goal, item.kpi.direction),
                STATUS_WORD[item.standing.status],
                signal_phrase(row.point),
                item.verdict.verdict if item.verdict else f"({item.proposed})",
            ]
        )
    return plain.table(["talk", "kpi", "actual", "target", "status", "signal", "verdict"], rows, frozenset({2, 3}))


def _sweep_line(held: Session) -> str:
    fine, unseen = len(held.sweep), len(held.read_back.unseen)
    return f"{fine} fine, {fine - unseen} of them seen"


def sign_off_text(signed_off: SignedOff, definitions: Definitions, as_of: date) -> str:
    """What was agreed, what is carried over, and the command that would commit it."""
    read_back = signed_off.read_back
    by = f" by {definitions.who(signed_off.review.signed_off_by)}" if signed_off.review.signed_off_by else ""
    lines = [f"{signed_off.review.id} is signed off{by}"]
    lines += _read_aloud(signed_off, definitions, as_of)
    lines += [
        f"still overdue, not looked at: {overdue_phrase(state, definitions, as_of)}" for state in read_back.overdue
    ]
    if read_back.carried_over:
        lines.append("carried over without a verdict: " + ", ".join(item.kpi.name for item in read_back.carried_over))
    if read_back.unseen:
        lines.append("fine, and not seen: " + ", ".join(item.kpi.name for item in read_back.unseen))
    lines.append(f"commit it: {signed_off.git}" if signed_off.git else "not in a git repository")
    return "\n".join(map(printable, lines))


def _read_aloud(signed_off: SignedOff, definitions: Definitions, as_of: date) -> Sequence[str]:
    read_back = signed_off.read_back

    def name(kpi_id: str) -> str:
        return definitions.kpis[kpi_id].name if kpi_id in definitions.kpis else kpi_id

    told = [f"decision  {name(each.kpi)}: {' '.join(each.text.split())}" for each in read_back.decisions]
    for state in read_back.actions:
        due = short_day(state.due, definitions.locale, as_of) if state.due else "no date"
        owner = definitions.who(state.action.owner) or "no owner"
        told.append(f"action    {name(state.action.kpi)}: {state.action.title} · {owner} · {due}")
    for followup in read_back.followups:
        action = signed_off.actions.get(followup.action)
        told.append(f"asked     {followup_phrase(followup, action, definitions, as_of)}")
    told += [
        f"cause     {name(cause.kpi)}: {' '.join(cause.text.split())}{_bracketed(cause_remark(cause))}"
        for cause in read_back.causes
    ]
    for revision in read_back.targets:
        kpi = definitions.kpis.get(revision.kpi)
        what = revision_phrase(revision, kpi, definitions, as_of) if kpi else revision.since.isoformat()
        told.append(f"target    {name(revision.kpi)}: {what} ({revision.reason})")
    return told or ["nothing was agreed"]


def _bracketed(text: str) -> str:
    return f" ({text})" if text else ""

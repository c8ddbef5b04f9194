"""What a review session says of its steps, in words that screens, commands and reports share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from kpitui.analysis import signals
from kpitui.definitions.model import Definitions, Kpi
from kpitui.records.fold import ActionState
from kpitui.records.model import Action, Cause, Followup, Review, VerdictWord
from kpitui.review.actions import DueAction
from kpitui.review.clock import Clock
from kpitui.review.effects import Effect
from kpitui.review.picture import Restatement, Supply
from kpitui.review.since import Change, Seen
from kpitui.review.targets import TargetLook
from kpitui.terms import Step
from kpitui.workspace.numbers import Style, period_name, short_day
from kpitui.workspace.wording import RULE_WORD, STATUS_WORD, apart, better_or_worse

STEP_NAME: Mapping[Step, str] = {
    "picture": "Picture",
    "actions": "Actions",
    "exceptions": "Exceptions",
    "sweep": "Sweep",
    "targets": "Targets",
    "close": "Close",
}
VERDICT_SENTENCE: Mapping[VerdictWord, str] = {
    "fine": "nothing to talk about",
    "noise": "usual variation: wait for more",
    "explained": "the cause is known",
    "investigating": "the cause is looked for",
    "act": "something is done about it",
    "data": "the data have to be mended first",
    "target": "the target has to be looked at",
}

USUAL = "usual variation"
"""What the record says of a cause whose point the chart takes for that."""


def ended_phrase(review: Review, definitions: Definitions, as_of: date) -> str:
    """`signed off 4 Nov 10:05 by Head of marketing`; of a file that does not say who and when, less."""
    return "signed off" + _by_whom(review.signed_off_at, review.signed_off_by, definitions, as_of)


def reopened_phrase(review: Review, definitions: Definitions, as_of: date) -> str:
    """`opened again 5 Nov 09:00 by Ops`; empty where it never was."""
    if review.reopened_at is None:
        return ""
    return "opened again" + _by_whom(review.reopened_at, review.reopened_by, definitions, as_of)


def _by_whom(at: datetime | None, by: str | None, definitions: Definitions, as_of: date) -> str:
    when = f" {short_day(at.date(), definitions.locale, as_of)} {at:%H:%M}" if at else ""
    return when + (f" by {definitions.who(by)}" if by else "")


def people_phrase(review: Review, definitions: Definitions) -> str:
    """`chair Head of marketing · with Ops, Maria`; empty where nobody was named."""
    parts = [f"chair {definitions.who(review.chair)}"] if review.chair else []
    if review.attendees:
        parts.append("with " + ", ".join(definitions.who(person) for person in review.attendees))
    return " · ".join(parts)


def clock_phrase(clock: Clock) -> str:
    """`3 of 6 min`."""
    return f"{clock.spent} of {clock.minutes} min"


def change_phrase(change: Change) -> str:
    """`On track → Behind`, `now worse ↓ limit`, `usual again`."""
    before, now = change.before, change.now
    if before.status != now.status:
        return f"{STATUS_WORD[before.status]} → {STATUS_WORD[now.status]}"
    return f"now {_signal_phrase(now, change.kpi)}" if now.signal else "usual again"


def _signal_phrase(seen: Seen, kpi: Kpi) -> str:
    if seen.signal is None:
        return "usual"
    arrow = "↑" if seen.signal.side == "above" else "↓"
    word = better_or_worse(signals.variation(seen.signal, kpi.direction))
    return f"{word} {arrow} {RULE_WORD[seen.signal.rule]}"


def supply_phrase(supply: Supply, locale: str, as_of: date) -> str:
    """`stale since 3 May`, `incomplete`, `missing`, `fresh`."""
    if supply.since is not None:
        return f"stale since {short_day(supply.since, locale, as_of)}"
    return supply.freshness


def restatement_phrase(restatement: Restatement, locale: str) -> str:
    """`Sep 2026: 21.0% in 2026-09-monthly, 21.4% now`."""
    then, now = apart(restatement.then, restatement.now, Style.of(restatement.kpi, locale))
    return f"{period_name(restatement.period, locale)}: {then} in {restatement.review}, {now} now"


def due_phrase(action: DueAction, locale: str, as_of: date) -> str:
    """`9 days late, slipped once`, `due 6 Nov`, `no date`."""
    state = action.state
    if action.urgency == "overdue":
        text = f"{action.days_late} {'day' if action.days_late == 1 else 'days'} late"
    else:
        text = f"due {short_day(state.due, locale, as_of)}" if state.due else "no date"
    if state.slips:
        text += ", slipped once" if state.slips == 1 else f", slipped {state.slips} times"
    return text


def overdue_phrase(state: ActionState, definitions: Definitions, as_of: date) -> str:
    """`Give every lead an owner · Operations · due 26 Oct`: of an action that nobody looked at."""
    return f"{state.action.title} · {_owner(state.action.owner, definitions)} · {_due(state.due, definitions, as_of)}"


def followup_phrase(followup: Followup, action: Action | None, definitions: Definitions, as_of: date) -> str:
    """`done: Give every lead an owner · Operations (all have one)`, `kept, due 11 Dec: …`."""
    what = followup.status if followup.status in ("done", "dropped", "doing") else "kept"
    due = f", {_due(followup.due, definitions, as_of)}" if followup.due else ""
    about = f"{action.title} · {_owner(action.owner, definitions)}" if action else followup.action
    said = " ".join(followup.text.split())
    return f"{what}{due}: {about}" + (f" ({said})" if said else "")


def _owner(owner: str | None, definitions: Definitions) -> str:
    return definitions.who(owner) if owner else "no owner"


def _due(due: date | None, definitions: Definitions, as_of: date) -> str:
    return f"due {short_day(due, definitions.locale, as_of)}" if due else "no date"


def cause_remark(cause: Cause) -> str:
    """`process · hypothesis · EMEA · usual variation`: what is known of a cause beside its text."""
    usual = USUAL if cause.chart == USUAL else ""
    return " · ".join(part for part in (cause.cause_class, cause.confidence, cause.segment, usual) if part)


def target_phrase(look: TargetLook, locale: str, as_of: date) -> str:
    """When the target was looked at, or how often it changed: `not looked at since 1 Jan`."""
    if look.target is None:
        return f"none after {short_day(look.ended, locale, as_of)}" if look.ended else "no target"
    if look.unsteady:
        since = short_day(look.changes[0].at.date(), locale, as_of)
        return f"changed {len(look.changes)} times since {since}"
    if look.looked_at is None:
        return "never looked at"
    day = short_day(look.looked_at, locale, as_of)
    return f"not looked at since {day}" if look.stale else f"looked at on {day}"


def effect_phrase(effect: Effect, kpi: Kpi, locale: str) -> str:
    """What became of the process after an action: `changed: worse ↓ limit since Mar 2026`, `no change in 8 periods`."""
    style = Style.of(kpi, locale)
    since = f" since {period_name(effect.since, locale)}" if effect.since else ""
    match effect.outcome:
        case "new_limits" if effect.mean_before is not None and effect.mean_after is not None:
            return f"changed: mean {style.value(effect.mean_before)} → {style.value(effect.mean_after)}{since}"
        case "signal" if effect.signal is not None:
            return f"changed: {_signal_phrase(Seen('no_data', effect.signal), kpi)}{since}"
        case "usual_again":
            return f"usual again{since}"
        case "no_change":
            return f"no change in {effect.after} periods"
        case "too_early" if not effect.after:
            return "too early to say: no period has begun since"
        case "too_early":
            return f"too early to say: {effect.after} {'period' if effect.after == 1 else 'periods'} since"
    return "not charted"

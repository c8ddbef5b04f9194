"""The lines of a review's steps: what was found out stands below the screens, here it gets its place and colour."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from kpitui.records.model import Followup, VerdictWord
from kpitui.review.actions import DueAction, Urgency
from kpitui.review.queue import Item as Exception_
from kpitui.terms import GROUPS
from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.text import fit, width, wrapped
from kpitui.ui.widgets.marked_list import Item
from kpitui.workspace.answers import Row
from kpitui.workspace.changes import gap_text
from kpitui.workspace.lost import Lost
from kpitui.workspace.numbers import Style, period_name, short_day
from kpitui.workspace.opening import Workspace
from kpitui.workspace.revisions import revision_phrase
from kpitui.workspace.session import ReadBack, Session
from kpitui.workspace.session_words import (
    cause_remark,
    change_phrase,
    due_phrase,
    ended_phrase,
    followup_phrase,
    overdue_phrase,
    people_phrase,
    restatement_phrase,
    supply_phrase,
    target_phrase,
)
from kpitui.workspace.sessions import Choice
from kpitui.workspace.wording import STATUS_SIGN, STATUS_WORD, actual, decision_title, signal_phrase

_KIND_INK = {
    "worse": "signal-worse",
    "better": "signal-better",
    "signal": "signal-changed",
    "no_judgement": "status-no-data",
}
_URGENCY: dict[Urgency, str] = {"overdue": "OVERDUE", "due": "DUE BEFORE THE NEXT REVIEW", "undated": "WITHOUT A DATE"}
_STATE = {
    "new": "not begun",
    "noted": "not begun",
    "open": "open",
    "signed-off": "signed off",
    "unreadable": "cannot be read",
}
_VERDICT = 15
_CHANGE = 16
_FIGURE = 10
_ALL_COLUMNS = 76
"""Cells from which on a row of the queue has its gap, and what its chart says."""


class _Part(NamedTuple):
    text: str
    ink: str = ""


# Parts of lines


def heading(key: str, title: str, count: int | None = None) -> Item:
    """A line that cannot be marked."""
    return Item(f" {key}", partial(_heading, title, "" if count is None else str(count)), heading=True)


def _heading(title: str, count: str, canvas: Canvas, y: int, room: int, _: bool) -> None:
    head, dash, rest = title.partition(" — ")
    head = fit(head, min(width(head), room - width(count) - 1))
    canvas.write(0, y, head, "bold primary")
    canvas.write(width(head), y, fit(dash + rest, room - width(head) - width(count) - 1), "signal-usual")
    canvas.write(room - width(count), y, count, "signal-usual")


def line(key: str, *parts: _Part, marked: bool = True) -> Item:
    """One text after the other; the last one is cut where it has no room."""
    return Item(key, partial(_line, parts), heading=not marked)


def _line(parts: Sequence[_Part], canvas: Canvas, y: int, room: int, bold: bool) -> None:
    x = 1
    for i, (text, ink) in enumerate(parts):
        shown = fit(text, min(width(text), room - x)).rstrip() if i == len(parts) - 1 else text
        canvas.write(x, y, shown, f"bold {ink or 'foreground'}" if bold and i == 0 else ink)
        x += width(shown)


def lost_item(gone: Lost) -> Item:
    """A KPI that the review looked at, in its place: its definition went while somebody was at it."""
    return line(gone.kpi.id, _Part(f"{gone.kpi.name}  ", "bold"), _Part(gone.title, "status-no-data"))


def _told(key: str, text: str, room: int, ink: str = "") -> list[Item]:
    """A text as long as it is, in lines that cannot be marked."""
    return [line(f"{key} {i}", _Part(part, ink), marked=False) for i, part in enumerate(wrapped(text, max(20, room)))]


# Which review


def choice_items(choices: Iterable[Choice], locale: str) -> list[Item]:
    """The reviews that can be held."""
    return [Item(choice.review_id, partial(_choice, choice, locale)) for choice in choices]


def _choice(choice: Choice, locale: str, canvas: Canvas, y: int, room: int, bold: bool) -> None:
    strong = "bold " if bold else ""
    ink = {"open": "status-at-risk", "signed-off": "status-on-track", "unreadable": "status-behind"}.get(
        choice.state, "signal-usual"
    )
    wide = room >= _ALL_COLUMNS
    counts = 20 if wide else 10
    records = f", {choice.records} {'record' if choice.records == 1 else 'records'}" if choice.records else ""
    x = 0
    for text, colour in (
        (fit(choice.cadence, 10), f"{strong}accent"),
        (fit(period_name(choice.period, locale), 24) + " ", f"{strong}foreground" if bold else ""),
        (fit(f"{choice.kpis} KPIs" + (f" · {choice.minutes} min" if wide else ""), counts), "signal-usual"),
        (fit(_STATE[choice.state] + records, room - 35 - counts).rstrip(), ink),
    ):
        canvas.write(x, y, text, colour)
        x += width(text)


def room_items(session: Session, workspace: Workspace, room: int) -> list[Item]:
    """Who is there, where somebody said so."""
    people = people_phrase(session.review, workspace.definitions)
    return [heading("room", "IN THE ROOM"), *_told("names", people, room - 2)] if people else []


# 1 Picture


def picture_items(session: Session, workspace: Workspace, room: int) -> list[Item]:
    """How many where, what changed, and which figures can be relied on."""
    seen, locale, as_of = session.picture, workspace.definitions.locale, workspace.as_of
    counts = " · ".join(
        f"{STATUS_SIGN[status]} {count} {STATUS_WORD[status].lower()}"
        for status in STATUS_WORD
        if (count := seen.statuses.get(status))
    )
    found = room_items(session, workspace, room)
    found.append(heading("where", f"WHERE WE STAND — {len(session.kpis)} KPIs, {seen.signals} with a signal"))
    found += _told("counts", counts, room - 2)
    since = seen.since
    if session.previous is None:
        since += " — the period before; no review was held"
    elif seen.since != session.previous.review_id:
        since += f" — the period before; {session.previous.review_id} kept no figures"
    found.append(heading("changes", f"CHANGED SINCE {since}", len(seen.changes)))
    found += [
        line(
            f"{change.kpi.id} change",
            _Part(fit(change.kpi.name, _name_room(room))),
            _Part("  " + change_phrase(change), _KIND_INK.get(change.kind, "signal-usual")),
        )
        for change in seen.changes
    ]
    supplies = [supply for supply in seen.supplies if supply.freshness != "fresh"]
    fresh = len(seen.supplies) - len(supplies)
    found.append(heading("figures", f"FIGURES — {fresh} of {len(seen.supplies)} whole and up to date"))
    found += [
        line(
            f"{supply.kpi.id} supply",
            _Part(fit(supply.kpi.name, _name_room(room))),
            _Part("  " + supply_phrase(supply, locale, as_of), "status-no-data"),
        )
        for supply in supplies
    ]
    if seen.restated:
        found.append(
            heading("restated", "RESTATED — the data give another figure than the room saw", len(seen.restated))
        )
        found += [
            line(
                f"{each.kpi.id} restated {each.review}",
                _Part(fit(each.kpi.name, _name_room(room))),
                _Part("  " + restatement_phrase(each, locale), "accent"),
            )
            for each in seen.restated
        ]
    if seen.redefined:
        found.append(heading("redefined", "DEFINED ANEW — the figure means something else", len(seen.redefined)))
        found += [
            line(
                f"{each.kpi.id} redefined",
                _Part(fit(each.kpi.name, _name_room(room))),
                _Part(f"  since {each.review}", "accent"),
            )
            for each in seen.redefined
        ]
    return found


def _name_room(room: int) -> int:
    return max(18, min(34, room * 2 // 5))


# 2 Actions


def action_items(session: Session, workspace: Workspace) -> list[Item]:
    """What is asked after: overdue first; and what was said of others just now."""
    found, actions = [], session.actions
    for urgency, title in _URGENCY.items():
        here = [action for action in actions if action.urgency == urgency]
        if here:
            found.append(heading(urgency, title, len(here)))
            found += [Item(action.state.action.id, partial(_action, action, workspace)) for action in here]
    asked = {action.state.action.id for action in actions}
    said = [followup for followup in session.read_back.followups if followup.action not in asked]
    if said:
        found.append(heading("just now", "ASKED IN THIS REVIEW", len(said)))
        # Keys of their own: the mark goes on to the next action, and not down here with the one that is done.
        found += [line(f"{each.action} {each.id}", _Part(_followed(each, session, workspace))) for each in said]
    return found


def _followed(followup: Followup, session: Session, workspace: Workspace) -> str:
    return followup_phrase(followup, session.asked_after.get(followup.action), workspace.definitions, workspace.as_of)


def _action(action: DueAction, workspace: Workspace, canvas: Canvas, y: int, room: int, bold: bool) -> None:
    definitions, state = workspace.definitions, action.state
    due = due_phrase(action, definitions.locale, workspace.as_of)
    owner = definitions.who(state.action.owner) if state.action.owner else "no owner"
    when, who = 28, max(13, min(22, room // 5))
    ink = "status-behind" if action.urgency == "overdue" else "signal-usual"
    strong = "bold " if bold else ""
    x = 0
    for text, colour in (
        ("⚑ " if action.urgency == "overdue" else "· ", ink),
        (fit(state.action.title, room - 2 - when - who - 1) + " ", f"{strong}foreground" if bold else ""),
        (fit(owner, who - 1) + " ", "signal-usual"),
        (fit(due, when).rstrip(), ink),
    ):
        canvas.write(x, y, text, colour)
        x += width(text)


# 3 Exceptions, 4 Sweep


def queue_items(items: Sequence[Exception_], session: Session, locale: str, chosen: Collection[str]) -> list[Item]:
    """KPIs with what was said of them, or what is proposed; `chosen` ones get their verdict together."""
    found: list[Item] = []
    for group in GROUPS:
        here = [item for item in items if item.standing.group == group]
        if not here:
            continue
        title = decision_title(group, [session.rows[item.kpi.id] for item in here])
        found.append(heading(group, title, len(here)))
        found += [
            Item(item.kpi.id, partial(_exception, item, session.rows[item.kpi.id], locale, item.kpi.id in chosen))
            for item in here
        ]
    return found


def _exception(
    item: Exception_, row: Row, locale: str, chosen: bool, canvas: Canvas, y: int, room: int, bold: bool
) -> None:
    point, style = row.point, Style.of(row.kpi, locale)
    whole = room >= _ALL_COLUMNS
    gap = gap_text(point, row.kpi, style)
    status = f"status-{point.status.replace('_', '-')}"
    word = signal_phrase(point).partition(" ")[0]
    strong = "bold " if bold else ""
    name = room - 4 - _FIGURE - _VERDICT - 2 - (_FIGURE + _CHANGE if whole else 0)
    over = " ↪" if item.carried_over else ""
    x = 0
    for text, ink in (
        ("✚ " if chosen else "  ", "accent"),
        (f"{STATUS_SIGN[point.status]} ", status),
        (fit(row.kpi.name, name - width(over)) + over, f"{strong}foreground" if bold else ""),
        (fit(actual(row, style), _FIGURE, right=True), ""),
        *(
            (
                (fit(gap if point.gap is not None else "", _FIGURE, right=True), status),
                (
                    "  " + fit(signal_phrase(point), _CHANGE - 2),
                    f"signal-{word}" if word in _SIGNALS else "signal-usual",
                ),
            )
            if whole
            else ()
        ),
        ("  " + _verdict(item.verdict.verdict if item.verdict else None, item.proposed), _verdict_ink(item)),
    ):
        canvas.write(x, y, text, ink)
        x += width(text)


_SIGNALS = ("better", "worse", "changed", "usual")


def _verdict(given: VerdictWord | None, proposed: VerdictWord) -> str:
    return fit(f"✓ {given}" if given else f"{proposed}?", _VERDICT)


def _verdict_ink(item: Exception_) -> str:
    return "status-on-track" if item.verdict else "signal-usual"


# 5 Targets


def target_items(session: Session, workspace: Workspace, room: int) -> list[Item]:
    """Those that nobody has looked at come first."""
    definitions, as_of = workspace.definitions, workspace.as_of
    found = []
    for look in session.targets:
        row = session.rows[look.kpi.id]
        style = Style.of(look.kpi, definitions.locale)
        goal = style.goal(row.point.goal, look.kpi.direction) if row.point.goal else "no target"
        ink = "status-at-risk" if look.stale or look.unsteady else "signal-usual"
        told = target_phrase(look, definitions.locale, as_of)
        if look.changes and look.changes[-1].id in session.file.lines:
            ink, told = "accent", f"→ {revision_phrase(look.changes[-1], look.kpi, definitions, as_of)}"
        found.append(
            line(
                look.kpi.id,
                _Part(fit(look.kpi.name, _name_room(room))),
                _Part(fit(goal, 13, right=True)),
                _Part("  " + told, ink),
            )
        )
    return found


# 6 Close


def close_items(session: Session, workspace: Workspace, room: int) -> list[Item]:
    """What is read back before it is signed off."""
    back, definitions = session.read_back, workspace.definitions

    def about(kpi_id: str) -> str:
        kpi = definitions.kpis.get(kpi_id)
        return kpi.name if kpi else kpi_id

    found = _over(session, workspace, room) if session.review.state == "signed-off" else []
    found += room_items(session, workspace, room)
    found.append(heading("decisions", "DECISIONS", len(back.decisions)))
    for decision in back.decisions:
        found += _told(decision.id, f"{about(decision.kpi)}: {decision.text}", room - 2)
    found.append(heading("agreed", "ACTIONS AGREED", len(back.actions)))
    for state in back.actions:
        owner = definitions.who(state.action.owner) if state.action.owner else "no owner"
        due = short_day(state.due, definitions.locale, workspace.as_of) if state.due else "no date"
        found += _told(state.action.id, f"{state.action.title} · {owner} · {due} · {about(state.action.kpi)}", room - 2)
    if back.followups:
        found.append(heading("followed", "DONE, KEPT, DROPPED", len(back.followups)))
        for followup in back.followups:
            found += _told(followup.id, _followed(followup, session, workspace), room - 2)
    if back.overdue:
        found.append(heading("overdue", "STILL OVERDUE, NOT LOOKED AT", len(back.overdue)))
        for state in back.overdue:
            told = f"{overdue_phrase(state, definitions, workspace.as_of)} · {about(state.action.kpi)}"
            found += _told(state.action.id, told, room - 2, "status-behind")
    if back.causes:
        found.append(heading("causes", "CAUSES", len(back.causes)))
        for cause in back.causes:
            remark = f" ({known})" if (known := cause_remark(cause)) else ""
            text = fit(f"{about(cause.kpi)}: {' '.join(cause.text.split())}", 2 * (room - 2) - width(remark)).rstrip()
            found += _told(cause.id, text + remark, room - 2)
    if back.targets:
        found.append(heading("targets", "TARGETS CHANGED", len(back.targets)))
        for revision in back.targets:
            kpi = definitions.kpis.get(revision.kpi)
            what = revision_phrase(revision, kpi, definitions, workspace.as_of) if kpi else ""
            found += _told(revision.id, f"{about(revision.kpi)}: {what}: {revision.reason}", room - 2)
    found.append(heading("left", "WITHOUT A VERDICT — the next review takes them up", len(back.carried_over)))
    found += [line(item.kpi.id, _Part(item.kpi.name)) for item in back.carried_over]
    found.append(heading("said", "SAID"))
    return found + _told("counts", _counts(back), room - 2)


def _over(session: Session, workspace: Workspace, room: int) -> list[Item]:
    """What can be done with a review that is signed off."""
    ended = ended_phrase(session.review, workspace.definitions, workspace.as_of)
    told = [ended, f"the summary: kpitui report --review {session.review.id}"]
    if git := session.git_command():
        told.append(f"commit it: {git}")
    lines = (_told(f"over {i}", text, room - 2) for i, text in enumerate(told))
    return [heading("over", "SIGNED OFF"), *(line for each in lines for line in each)]


def _counts(back: ReadBack) -> str:
    counted = (
        (len(back.verdicts), "verdict", "verdicts"),
        (len(back.causes), "cause", "causes"),
        (len(back.notes), "note", "notes"),
        (len(back.followups), "follow-up", "follow-ups"),
        (len(back.unseen), "fine one not swept", "fine ones not swept"),
    )
    return (
        " · ".join(f"{count} {one if count == 1 else many}" for count, one, many in counted if count) or "nothing yet"
    )

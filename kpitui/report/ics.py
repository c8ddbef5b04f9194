"""The action register as iCalendar tasks (RFC 5545), for a calendar or a list of things to do.

Written here, as the one library for it that is well kept takes 9 MB with what it needs: of the format, seven
properties, one escape and one way to fold are wanted. The tests read it with that library.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from kpitui.definitions.model import Definitions
from kpitui.printable import printable_lines
from kpitui.records.fold import ActionState
from kpitui.records.model import ActionStatus
from kpitui.workspace.register import OpenJournal

LONGEST = 75
"""Octets of a line, its end not counted."""
_STATUS: dict[ActionStatus, str] = {
    "open": "NEEDS-ACTION",
    "doing": "IN-PROCESS",
    "done": "COMPLETED",
    "dropped": "CANCELLED",
}


def actions_ics(journal: OpenJournal, actions: Sequence[ActionState]) -> bytes:
    """A calendar with a task for each action. The same records give the same bytes, whenever they are asked for."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//kpitui//actions//EN", _text("NAME", journal.name)]
    for state in actions:
        lines += _task(state, journal.definitions)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _task(state: ActionState, definitions: Definitions) -> Iterator[str]:
    action = state.action
    latest = max([action.at, *(followup.at for followup in state.followups)])
    yield "BEGIN:VTODO"
    # An action's id is short: with its moment it is another one than that of any other team.
    yield f"UID:{action.id}-{_moment(action.at)}@kpitui"
    yield f"DTSTAMP:{_moment(latest)}"
    yield f"CREATED:{_moment(action.at)}"
    yield f"LAST-MODIFIED:{_moment(latest)}"
    yield f"SEQUENCE:{len(state.followups)}"
    yield _text("SUMMARY", action.title)
    yield _text("DESCRIPTION", "\n".join(_description(state, definitions)))
    if action.owner:
        # Text, and no ATTENDEE: that would need an address, which nobody has given.
        yield _text("CONTACT", definitions.who(action.owner))
    if state.due:
        yield f"DUE;VALUE=DATE:{_day(state.due)}"
    yield f"STATUS:{_STATUS[state.status]}"
    if state.status == "done":
        yield f"COMPLETED:{_moment(latest)}"
        yield "PERCENT-COMPLETE:100"
    yield "END:VTODO"


def _description(state: ActionState, definitions: Definitions) -> Iterator[str]:
    action = state.action
    kpi = definitions.kpis.get(action.kpi)
    yield f"KPI: {kpi.name if kpi else action.kpi}"
    if action.owner:
        yield f"Owner: {definitions.who(action.owner)}"
    if action.effect:
        yield f"Expected: {action.effect}"
    if state.slips:
        yield f"Slipped: {state.slips} {'time' if state.slips == 1 else 'times'}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")


def _text(name: str, text: str) -> str:
    """A property of type TEXT (RFC 5545, 3.3.11), without control codes."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return f"{name}:" + "\\n".join(printable_lines(text.strip()))


def _folded(line: str) -> bytes:
    """The line in UTF-8 in pieces that are short enough, each further one behind a blank (RFC 5545, 3.1)."""
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LONGEST:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"

"""The two lines above a review's list: which review it is with its clock, and its steps."""

from __future__ import annotations

from kpitui.terms import Step
from kpitui.ui.meeting import Meeting
from kpitui.ui.text import fit, plain, width
from kpitui.ui.widgets.line import Part, fitted
from kpitui.workspace.numbers import period_name
from kpitui.workspace.opening import Workspace
from kpitui.workspace.session_words import STEP_NAME, clock_phrase, ended_phrase, people_phrase

_ALL_NAMES = 76
"""Cells from which on every step has its name, and not the present one only."""


def trail_parts(workspace: Workspace, meeting: Meeting | None, room: int) -> list[Part]:
    """Where one is, who is there if there is room for it, and at the end what the clock says."""
    parts = [Part(f"{plain(workspace.definitions.name)} › ", action="app.scorecard"), Part("Review")]
    told = ""
    if meeting is not None:
        review = meeting.session.review
        when = period_name(meeting.session.period, workspace.definitions.locale)
        parts[1:] = [Part("Review › ", action="screen.leave_review"), Part(plain(f"{review.cadence} {when}"))]
        place = meeting.place(meeting.item) if meeting.step == "exceptions" and meeting.item else None
        if place is not None:
            parts.append(Part(f" › {place[0]} of {place[1]}"))
        if review.state == "open":
            told = clock_told(meeting)
        else:
            told = plain(ended_phrase(review, workspace.definitions, workspace.as_of))
            told = fit(told, min(width(told), room * 3 // 5)).rstrip()
    left = room - width(told) - 2
    # Where one came from gives way to where one is.
    while len(parts) > 1 and _cells(parts) > left:
        parts.pop(0)
    if meeting is not None and (people := people_phrase(meeting.session.review, workspace.definitions)):
        there = Part(plain(f" · {people}"), "$signal-usual")
        if _cells([*parts, there]) <= left:
            parts.append(there)
    return [*fitted(parts, left), Part("  "), Part(told, "bold")]


def clock_told(meeting: Meeting) -> str:
    """`3 of 45 min · this one 1 of 6`."""
    item = meeting.item_clock()
    told = clock_phrase(meeting.step_clock())
    return f"{told} · this one {item.spent} of {item.minutes}" if item else told


def _cells(parts: list[Part]) -> int:
    return sum(width(part.text) for part in parts)


def step_parts(meeting: Meeting, cells: int) -> list[Part]:
    """The steps with how much of each is done; a click goes to one."""
    parts = []
    for number, step in enumerate(meeting.steps, 1):
        here = step == meeting.step
        named = here or cells >= _ALL_NAMES
        text = f" {number} {STEP_NAME[step]}{_count(meeting, step)} " if named else f" {number} "
        parts.append(Part(text, "bold $accent on $panel" if here else "$signal-usual", f"screen.to_step('{step}')"))
    return parts


def _count(meeting: Meeting, step: Step) -> str:
    """How much of a step is done."""
    held = meeting.session
    found = {"exceptions": held.queue, "sweep": held.sweep}.get(step)
    if found is not None:
        return f" {sum(item.verdict is not None for item in found)}/{len(found)}"
    return f" {len(held.actions)}" if step == "actions" else ""

"""All records of all files, folded into how things stand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from kpitui.periods import Grain
from kpitui.records.fold import State, fold
from kpitui.records.model import (
    Action,
    Cause,
    Decision,
    Followup,
    Note,
    PhaseChange,
    Record,
    Records,
    Retraction,
    Review,
    ReviewFile,
    TargetRevision,
    Verdict,
)
from kpitui.terms import Target

START = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


def said(minute: int) -> dict[str, Any]:
    return {"kpi": "mqls", "by": "head", "at": START + timedelta(minutes=minute)}


def file(*records: Record, name: str = "2026-10-monthly") -> ReviewFile:
    review = Review(id=name, cadence="monthly", period=name[:7], started=START)
    lines = {record.id: number for number, record in enumerate(records, 1)}
    return ReviewFile(f"reviews/{name}.toml", review, records, lines)


def folded(*files: ReviewFile) -> tuple[State, list[str]]:
    state, problems = fold(Records(files))
    return state, [str(problem) for problem in problems]


def test_what_was_said_stands_by_kpi_in_the_order_of_time() -> None:
    late = Note(id="n-1", text="late", **said(5))
    early = Note(id="n-2", text="early", **said(1))
    cause = Cause(id="c-1", text="why", **said(2))
    decision = Decision(id="d-1", text="stop", **said(3))
    phase = PhaseChange(id="p-1", since=date(2026, 4, 1), reason="new form", **said(4))

    state, problems = folded(file(late, name="2026-09-monthly"), file(early, cause, decision, phase))

    assert problems == []
    assert state.notes == {"mqls": (early, late)}
    assert state.causes == {"mqls": (cause,)}
    assert state.decisions == {"mqls": (decision,)}
    assert state.phases == {"mqls": (phase,)}


def test_an_action_follows_its_followups() -> None:
    action = Action(id="a-1", title="call", due=date(2026, 11, 6), **said(0))
    later = Followup(id="f-1", action="a-1", due=date(2026, 11, 13), **said(1))
    sooner = Followup(id="f-2", action="a-1", due=date(2026, 11, 10), status="doing", **said(2))
    latest = Followup(id="f-3", action="a-1", due=date(2026, 12, 1), **said(3))

    state, _ = folded(file(latest, sooner), file(later, action, name="2026-11-monthly"))

    (call,) = state.actions
    assert (call.status, call.due, call.slips) == ("doing", date(2026, 12, 1), 2)
    assert call.followups == (later, sooner, latest)
    assert state.action("a-1") == call
    assert state.actions_of("mqls") == [call]
    assert call.overdue(date(2026, 12, 2))
    assert not call.overdue(date(2026, 12, 1))


def test_a_first_due_date_is_no_slip_and_a_closed_action_is_not_overdue() -> None:
    action = Action(id="a-1", title="call", **said(0))
    dated = Followup(id="f-1", action="a-1", due=date(2026, 11, 13), **said(1))
    done = Followup(id="f-2", action="a-1", status="done", **said(2))

    (call,) = folded(file(action, dated, done))[0].actions

    assert (call.slips, call.closed, call.overdue(date(2027, 1, 1))) == (0, True, False)


def test_what_is_retracted_is_gone_until_the_retraction_is() -> None:
    note = Note(id="n-1", text="oops", **said(0))
    undo = Retraction(id="r-1", of="n-1", **said(1))
    redo = Retraction(id="r-2", of="r-1", **said(1))
    undo_again = Retraction(id="r-3", of="r-2", **said(1))

    assert folded(file(note, undo)) == (State(retracted=frozenset({"n-1"})), [])
    assert folded(file(note, undo, redo))[0].notes == {"mqls": (note,)}
    assert folded(file(note, undo, redo, undo_again))[0].notes == {}


def test_a_thousand_undos_and_redos() -> None:
    note = Note(id="r-0", text="oops", **said(0))
    chain = [Retraction(id=f"r-{n}", of=f"r-{n - 1}", **said(n)) for n in range(1, 2001)]

    assert folded(file(note, *chain))[0].notes == {"mqls": (note,)}


def test_retractions_in_a_circle_count_for_nothing_and_are_told() -> None:
    note = Note(id="n-1", text="kept", **said(0))
    one = Retraction(id="r-1", of="r-2", **said(1))
    two = Retraction(id="r-2", of="r-1", **said(2))

    state, problems = folded(file(note, one, two))

    assert state.notes == {"mqls": (note,)}
    assert len(problems) == 2
    assert "take each other back" in problems[0]


def test_a_followup_of_a_retracted_action_is_no_mistake() -> None:
    action = Action(id="a-1", title="call", **said(0))
    done = Followup(id="f-1", action="a-1", status="done", **said(1))
    undo = Retraction(id="r-1", of="a-1", **said(2))

    assert folded(file(action, done, undo)) == (State(retracted=frozenset({"a-1"})), [])


def test_what_refers_to_nothing_is_told_with_its_place() -> None:
    followup = Followup(id="f-1", action="a-9", status="done", **said(0))
    action = Action(id="a-1", title="call", cause="c-9", **said(1))
    undo = Retraction(id="r-1", of="n-9", **said(2))

    state, problems = folded(file(followup, action, undo))

    assert [state.action.id for state in state.actions] == ["a-1"]
    assert [problem.partition(" (")[0] for problem in problems] == [
        "reviews/2026-10-monthly.toml:1: followup.f-1: there is no action a-9",
        "reviews/2026-10-monthly.toml:2: action.a-1: there is no cause c-9",
        "reviews/2026-10-monthly.toml:3: retraction.r-1: there is no record n-9",
    ]


def test_a_copy_counts_once_and_two_versions_count_both() -> None:
    note = Note(id="n-1", text="one", **said(0))
    other = Note(id="n-1", text="another", **said(1))

    copied, no_problems = folded(file(note), file(note, name="2026-11-monthly"))
    differing, problems = folded(file(note), file(other, name="2026-11-monthly"))

    assert (copied.notes, no_problems) == ({"mqls": (note,)}, [])
    assert differing.notes == {"mqls": (note, other)}
    assert len(problems) == 1
    assert problems[0] == (
        "reviews/2026-11-monthly.toml:1: n-1: the id stands twice, with different content "
        "(reviews/2026-10-monthly.toml:1 has it too; give one another id)"
    )


def test_the_last_verdict_of_a_review_on_a_kpi_holds() -> None:
    first = Verdict(id="v-1", verdict="act", **said(0))
    second = Verdict(id="v-2", verdict="explained", **said(1))
    elsewhere = Verdict(id="v-3", verdict="fine", **said(2))

    state, _ = folded(file(second, first), file(elsewhere, name="2026-11-monthly"))

    assert state.verdicts == {("2026-10-monthly", "mqls"): second, ("2026-11-monthly", "mqls"): elsewhere}


def test_a_target_revision_is_a_target() -> None:
    revision = TargetRevision(id="t-1", since=date(2026, 4, 1), value=100.0, reason="two new channels", **said(0))

    state, _ = folded(file(revision))

    assert state.targets["mqls"][0].target(Grain.WEEK) == Target(
        since=date(2026, 4, 1),
        until=None,
        value=100.0,
        low=None,
        high=None,
        per=Grain.WEEK,
        path="flat",
        start=None,
        reason="two new channels",
    )

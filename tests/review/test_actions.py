"""Which actions a review asks after."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kpitui.periods import Calendar, Grain
from kpitui.records.fold import ActionState
from kpitui.records.model import Action, ActionStatus
from kpitui.review.actions import due_actions

AT = datetime(2026, 10, 7, 9, 0, tzinfo=UTC)


def action(title: str, due: str | None, status: ActionStatus = "open") -> ActionState:
    day = date.fromisoformat(due) if due else None
    return ActionState(Action(id=title, kpi="rate", by="head", at=AT, title=title, due=day), status, day)


ACTIONS = (
    action("undated", None),
    action("today", "2026-11-04"),
    action("late", "2026-11-03"),
    action("later than late", "2026-10-26"),
    action("this week", "2026-11-08"),
    action("this month", "2026-11-30"),
    action("next month", "2026-12-01"),
    action("done", "2026-10-01", "done"),
    action("dropped", None, "dropped"),
)


def asked(grain: Grain) -> list[tuple[str, str, int]]:
    found = due_actions(ACTIONS, date(2026, 11, 4), grain, Calendar())
    return [(each.state.action.title, each.urgency, each.days_late) for each in found]


def test_a_weekly_review_asks_after_what_is_due_this_week() -> None:
    assert asked(Grain.WEEK) == [
        ("later than late", "overdue", 9),
        ("late", "overdue", 1),
        ("today", "due", 0),
        ("this week", "due", 0),
        ("undated", "undated", 0),
    ]


def test_a_monthly_one_after_what_is_due_this_month() -> None:
    assert [title for title, _, _ in asked(Grain.MONTH)] == [
        *("later than late", "late", "today", "this week", "this month", "undated"),
    ]

"""The one line that makes an action."""

from __future__ import annotations

from datetime import date

import pytest

from kpitui.problems import KpituiError
from kpitui.records.quick import parse_action, parse_due

WEDNESDAY = date(2026, 11, 4)


@pytest.mark.parametrize(
    ("line", "title", "owner", "due"),
    [
        ("restore 1 h routing @ops fri", "restore 1 h routing", "ops", date(2026, 11, 6)),
        ("@ops restore 1 h routing", "restore 1 h routing", "ops", None),
        ("restore fri @ops", "restore", "ops", date(2026, 11, 6)),
        ('brief @"Marketing operations" Friday', "brief", "Marketing operations", date(2026, 11, 6)),
        ("email a@b.com fri", "email a@b.com", None, date(2026, 11, 6)),
        ("email a@b.com @ana, tomorrow", "email a@b.com", "ana", date(2026, 11, 5)),
        ("ask @ana and @bo", "ask and @bo", "ana", None),
        ("call wed", "call", None, date(2026, 11, 11)),
        ("call today", "call", None, date(2026, 11, 4)),
        ("call +3d", "call", None, date(2026, 11, 7)),
        ("call +2w", "call", None, date(2026, 11, 18)),
        ("call +1m", "call", None, date(2026, 12, 4)),
        ("call 2026-12-01", "call", None, date(2026, 12, 1)),
        ("call 1 dec", "call", None, date(2026, 12, 1)),
        ("call Dec 1", "call", None, date(2026, 12, 1)),
        ("call 3 november", "call", None, date(2027, 11, 3)),
        ("call 4 nov", "call", None, date(2026, 11, 4)),
        ("call 29 feb", "call", None, date(2028, 2, 29)),
        ("raise the budget to 12", "raise the budget to 12", None, None),
        ("tell them we may", "tell them we may", None, None),
        ("call them on friday.", "call them on friday.", None, None),
        ("call on fri mon", "call on fri", None, date(2026, 11, 9)),
        ("  spaced   out  ", "spaced out", None, None),
        ("mention @ and go", "mention @ and go", None, None),
        ('an open @"quote', 'an open @"quote', None, None),
    ],
)
def test_title_owner_and_due_date(line: str, title: str, owner: str | None, due: date | None) -> None:
    assert parse_action(line, WEDNESDAY) == (title, owner, due)


def test_a_month_later_ends_with_the_month() -> None:
    assert parse_due("+1m", date(2027, 1, 31)) == date(2027, 2, 28)


@pytest.mark.parametrize("line", ["", "   ", "@ops fri", "fri"])
def test_a_title_is_needed(line: str) -> None:
    with pytest.raises(KpituiError, match="An action needs a title"):
        parse_action(line, WEDNESDAY)


@pytest.mark.parametrize(("line", "day"), [("call 2026-02-30", "2026-02-30"), ("call 31 feb", "31 feb")])
def test_a_day_that_does_not_exist_is_told(line: str, day: str) -> None:
    with pytest.raises(KpituiError, match=f"There is no {day}"):
        parse_action(line, WEDNESDAY)


def test_a_due_field_is_a_day() -> None:
    assert parse_due(" 1  Dec ", WEDNESDAY) == date(2026, 12, 1)
    with pytest.raises(KpituiError, match="'soon' is no day"):
        parse_due("soon", WEDNESDAY)
    with pytest.raises(KpituiError, match="is no day"):
        parse_due("", WEDNESDAY)

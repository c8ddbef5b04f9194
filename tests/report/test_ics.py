"""The action register as iCalendar: by the letter of RFC 5545, and as a parser of others reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kpitui.report.ics import actions_ics
from kpitui.workspace.register import action_register, open_journal

SETTINGS = """\
[workspace]
name = "Acme; marketing"
as_of = 2026-11-04
[person.ops]
name = "Operations, EMEA"
[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"
[kpi.leads]
name = "Leads"
source = "crm"
column = "leads"
aggregate = "sum"
"""
REVIEW = """\
schema = 1

[review]
id = "2026-10-monthly"
cadence = "monthly"
period = "2026-10"
started = 2026-11-04T09:00:00+01:00

[action.a-8d2f]
kpi = "leads"
by = "head"
at = 2026-11-04T09:14:00+01:00
title = "Pause EMEA form"
owner = "ops"
due = 2026-11-06
"""
Written = Callable[..., bytes]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(more: str = "", review: str = REVIEW, *, closed: bool = False) -> bytes:
        (tmp_path / "reviews").mkdir(exist_ok=True)
        (tmp_path / "kpitui.toml").write_text(SETTINGS, encoding="utf-8")
        (tmp_path / "reviews" / "2026-10-monthly.toml").write_text(review + more, encoding="utf-8")
        journal = open_journal(tmp_path)
        assert [str(problem) for problem in journal.problems] == []
        return actions_ics(journal, action_register(journal, closed=closed))

    return write


def test_an_action_is_a_task(written: Written) -> None:
    assert written().decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//kpitui//actions//EN",
        "NAME:Acme\\; marketing",
        "BEGIN:VTODO",
        "UID:a-8d2f-20261104T081400Z@kpitui",
        "DTSTAMP:20261104T081400Z",
        "CREATED:20261104T081400Z",
        "LAST-MODIFIED:20261104T081400Z",
        "SEQUENCE:0",
        "SUMMARY:Pause EMEA form",
        "DESCRIPTION:KPI: Leads\\nOwner: Operations\\, EMEA",
        "CONTACT:Operations\\, EMEA",
        "DUE;VALUE=DATE:20261106",
        "STATUS:NEEDS-ACTION",
        "END:VTODO",
        "END:VCALENDAR",
        "",
    ]


def test_its_id_stays_and_its_stamp_is_that_of_the_last_followup(written: Written) -> None:
    lines = written(FOLLOWUPS, closed=True).decode().split("\r\n")
    assert "UID:a-8d2f-20261104T081400Z@kpitui" in lines
    for line in (
        "DTSTAMP:20261120T100000Z",
        "CREATED:20261104T081400Z",
        "SEQUENCE:2",
        "DUE;VALUE=DATE:20261115",
        "STATUS:COMPLETED",
        "COMPLETED:20261120T100000Z",
        "PERCENT-COMPLETE:100",
        "DESCRIPTION:KPI: Leads\\nOwner: Operations\\, EMEA\\nSlipped: 1 time",
    ):
        assert line in lines, line


FOLLOWUPS = """
[followup.f-1]
kpi = "leads"
by = "ops"
at = 2026-11-08T10:00:00Z
action = "a-8d2f"
due = 2026-11-15

[followup.f-2]
kpi = "leads"
by = "ops"
at = 2026-11-20T10:00:00Z
action = "a-8d2f"
status = "done"
"""
HOSTILE = [
    "BEGIN:VALARM\\r\\nEND:VCALENDAR",
    "売上" * 60,
    "x" * 300,
    "\\u001b]52;c;QUJD\\u0007 \\u202egnp.exe",
    'back\\\\slash, comma; "quote" : colon',
    "é" * 37 + "a" + "ü" * 40,
]


@pytest.mark.parametrize("title", HOSTILE)
def test_whatever_a_title_says_lines_are_short_and_end_as_they_must(written: Written, title: str) -> None:
    made = written(review=REVIEW.replace("Pause EMEA form", title.replace('"', '\\"')))
    assert made.endswith(b"END:VCALENDAR\r\n")
    lines = made.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line or b"\x1b" in line for line in lines)
    assert [line for line in lines if line.startswith((b"BEGIN", b"END"))] == [
        b"BEGIN:VCALENDAR",
        b"BEGIN:VTODO",
        b"END:VTODO",
        b"END:VCALENDAR",
    ]
    for line in lines:
        line.decode()  # no character is cut in two


def test_a_parser_reads_the_same(written: Written) -> None:
    icalendar = pytest.importorskip("icalendar", reason="it comes with pip install -e '.[dev]'")
    for title in HOSTILE:
        shown = title.replace("\\r\\n", "\n").replace("\\\\", "\\")
        shown = shown.replace("\\u001b", "␛").replace("\\u0007", "␇").replace("\\u202e", "�")
        made = written(FOLLOWUPS, review=REVIEW.replace("Pause EMEA form", title.replace('"', '\\"')), closed=True)
        calendar = icalendar.Calendar.from_ical(made)
        [task] = calendar.walk("VTODO")
        assert calendar.errors == task.errors == []
        assert str(calendar["VERSION"]) == "2.0"
        assert str(task["SUMMARY"]) == shown
        assert task.decoded("DUE") == date(2026, 11, 15)
        assert task.decoded("DTSTAMP") == datetime(2026, 11, 20, 10, tzinfo=UTC)
        assert str(task["STATUS"]) == "COMPLETED"
        assert str(task["CONTACT"]) == "Operations, EMEA"
        assert str(task["DESCRIPTION"]) == "KPI: Leads\nOwner: Operations, EMEA\nSlipped: 1 time"
        assert "ATTENDEE" not in task


def test_what_has_no_owner_and_no_date_says_none(written: Written) -> None:
    made = written(review=REVIEW.replace('owner = "ops"\n', "").replace("due = 2026-11-06\n", "")).decode()
    assert "CONTACT" not in made
    assert "DUE" not in made
    assert "DESCRIPTION:KPI: Leads\r\n" in made


def test_without_an_action_it_is_an_empty_calendar(written: Written) -> None:
    made = written(review=REVIEW.partition("[action")[0])
    assert made.count(b"\r\n") == 5
    assert b"VTODO" not in made

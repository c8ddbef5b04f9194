"""`kpitui review`, `verdict`, `find` and `report`: October of the demo, from the shell."""

from __future__ import annotations

import json
import shutil
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kpitui.cli import run
from kpitui.workspace import journal as journal_module

DEMO = Path(__file__).parents[1] / "data" / "demo"
Say = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "_now", lambda: datetime(2026, 11, 4, 9, 0, tzinfo=UTC))


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "demo"))


def told(capsys: Say, root: Path, *arguments: str, status: int = 0) -> str:
    assert run([*arguments, "-w", str(root)]) == status
    return capsys.readouterr().out


def asked(capsys: Say, root: Path, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told(capsys, root, *arguments, "--format", "json"))
    assert found["schema"] == 1
    return found


STATUS = """\
2026-10-monthly · Oct 2026 · open · picture 2 + actions 5 + exceptions 45 + sweep 5 + close 5 min
chair Head of marketing · with Marketing operations
1 ahead, 15 on track, 1 at risk, 5 behind, 2 no data; 6 changed
since 2026-09: Opportunities On track → Behind; Return on ad spend At risk → On track; Training per person Behind → On \
track; SQL to opportunity rate Ahead → On track; Attribution coverage On track → No data
data: Net promoter score stale since 3 May; Attribution coverage incomplete
a-7k3q  Give every EMEA lead a named owner again · Marketing operations · 9 days late, slipped once

talk                               kpi                   actual   target  status    signal         verdict
find the cause                     opportunities            104      130  Behind    worse ↓ run    (investigating)
find the cause                     lead_response           9.4h   ≤ 8.0h  Behind    worse ↑ limit  (investigating)
find the cause                     sql_rate               22.0%    25.0%  Behind    worse ↓ limit  (investigating)
find the cause                     influenced_revenue     €801k    €1.2M  Behind    worse ↓ limit  (investigating)
change the process, or the target  mqls                     800    1,000  Behind    usual          (act)
change the process, or the target  cost_per_lead           €150   ≤ €140  At risk   usual          (noise)
watch                              campaign_cycle          9.6d  ≤ 10.0d  On track  better ↓ near  (fine)
watch                              win_rate               28.8%    30.0%  On track  worse ↓ near   (investigating)
no judgement                       nps                        —       40  No data                  (data)
no judgement                       attribution_coverage    78%*      80%  No data                  (data)

14 fine, 0 of them seen
"""


def test_october_from_start_to_sign_off(demo: Path, capsys: Say) -> None:
    assert told(capsys, demo, "review", "status").splitlines()[1:] == [
        "2026-W44-weekly  W44 · 26 Oct–1 Nov 2026  not started    16       21        0",
        "2026-10-monthly  Oct 2026                 not started    24       62        0",
    ]
    assert told(capsys, demo, "review", "start", "--by", "head", "--attendee", "ops") == STATUS
    told(capsys, demo, "cause", "sql_rate", "--text", "EMEA leads wait in a shared inbox.", "--by", "ops")
    told(capsys, demo, "action", "sql_rate", "pause the EMEA form @ops fri", "--by", "head")
    ids = told(capsys, demo, "verdict", "sql_rate", "lead_response", "act", "--owner", "ops", "--by", "head").split()
    assert [record_id[:2] for record_id in ids] == ["v-", "v-"]

    review = asked(capsys, demo, "review", "status")["review"]
    assert (review["id"], review["state"], review["chair"], review["attendees"]) == (
        *("2026-10-monthly", "open", "head"),
        ["ops"],
    )
    assert (review["resume_at"], review["git"]) == ("exceptions", None)
    by_kpi = {item["kpi"]: item for item in review["queue"]}
    assert by_kpi["sql_rate"] == {
        "kpi": "sql_rate",
        "group": "find_the_cause",
        "status": "behind",
        "signal": {"rule": "outside_limits", "side": "below"},
        "proposed": "act",
        "verdict": "act",
        "former": "investigating",
        "carried_over": False,
    }
    assert review["picture"]["statuses"] == {"ahead": 1, "on_track": 15, "at_risk": 1, "behind": 5, "no_data": 2}
    assert review["actions"] == [
        {
            "id": "a-7k3q",
            "kpi": "sql_rate",
            "title": "Give every EMEA lead a named owner again",
            "owner": "ops",
            "due": "2026-10-26",
            "urgency": "overdue",
            "days_late": 9,
            "slips": 1,
        }
    ]

    (demo / ".git").mkdir()
    lines = told(capsys, demo, "review", "sign-off", "--by", "head").splitlines()
    assert lines[:2] == [
        "2026-10-monthly is signed off by Head of marketing",
        "action    SQL conversion rate: pause the EMEA form · Marketing operations · 6 Nov",
    ]
    assert lines[2] == "cause     SQL conversion rate: EMEA leads wait in a shared inbox."
    assert lines[3] == (
        "still overdue, not looked at: Give every EMEA lead a named owner again · Marketing operations · due 26 Oct"
    )
    assert lines[4].startswith("carried over without a verdict: Opportunities, Influenced revenue, Qualified leads")
    assert lines[-1].endswith("-- reviews/2026-10-monthly.toml")
    file = tomllib.loads((demo / "reviews/2026-10-monthly.toml").read_text())
    assert (file["review"]["state"], file["review"]["signed_off_by"]) == ("signed-off", "head")
    ended = f"{file['review']['signed_off_at']:%H:%M}"
    assert f"{ended} by Head of marketing · picture" in told(capsys, demo, "review", "status", "--period", "2026-10")
    assert file["figures"]["sql_rate"][:4] == [0.22, 0.25, "behind", "outside_limits below"]

    report = told(capsys, demo, "report")
    assert report.startswith("# Acme marketing · Oct 2026 · monthly review\n")
    assert "| SQL conversion rate | 22.0% | 25.0% | Behind | worse, below the lower limit | act" in report
    assert told(capsys, demo, "report", "--review", "2026-10-monthly") == report
    assert told(capsys, demo, "report", "--format", "html").count("<svg ") == 10
    assert told(capsys, demo, "report", "--format", "slack").startswith(
        "*Acme marketing · Oct 2026 · monthly review*\n"
    )

    assert "chair Head of marketing · with Marketing operations · signed off" in report
    assert f"{ended} by Head of marketing\n" in report

    reopened = asked(capsys, demo, "review", "reopen", "--by", "ops")["review"]
    assert (reopened["state"], reopened["signed_off_by"], reopened["reopened_by"]) == ("open", None, "ops")


@pytest.mark.parametrize(
    "call",
    [
        ["--as-of", "2026-10-07", "-w", "DEMO", "review", "status", "--format", "json"],
        ["--as-of=2026-10-07", "--no-cache", "review", "status", "--format", "json", "-w", "DEMO"],
        ["review", "status", "--as-of", "2026-10-07", "--format", "json", "-w", "DEMO"],
    ],
)
def test_the_day_may_be_named_before_the_command_or_behind_it(demo: Path, capsys: Say, call: list[str]) -> None:
    assert run([str(demo) if part == "DEMO" else part for part in call]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["as_of"] == "2026-10-07"
    assert [choice["period"] for choice in found["choices"]] == ["2026-W40", "2026-09"]


def test_every_command_that_looks_at_a_day_takes_one(demo: Path, capsys: Say) -> None:
    on_the_day = ["--as-of", "2026-10-20", "-w", str(demo)]
    assert run([*on_the_day, "actions"]) == 0
    assert "2026-10-26        doing" in capsys.readouterr().out  # and not 9 days late, as on 4 November
    assert run([*on_the_day, "action", "sql_rate", "call them @ops fri"]) == 0
    assert "Fri 23 Oct" in capsys.readouterr().err
    assert run([*on_the_day, "report", "--review", "2026-09-monthly"]) == 0


def test_a_record_is_about_the_period_under_review(demo: Path, capsys: Say) -> None:
    told(capsys, demo, "review", "start", "--cadence", "weekly")
    for kpi in ("lead_response", "win_rate"):  # of the weekly review that is held; of a monthly one that is not
        told(capsys, demo, "note", kpi, "--text", "slow", "--by", "ops")
    found = asked(capsys, demo, "find", "slow")["records"]
    assert [(each["kpi"], each["review"], each["period"]) for each in found] == [
        ("lead_response", "2026-W44-weekly", "2026-W44"),
        ("win_rate", "2026-11-monthly", "2026-10"),
    ]


def test_find(demo: Path, capsys: Say) -> None:
    assert told(capsys, demo, "find", "named", "owner").splitlines()[1] == (
        "2026-10-07  action  sql_rate  Give every EMEA lead a »named« »owner« again  Head of marketing  "
        "reviews/2026-09-monthly.toml:37"
    )
    [found] = asked(capsys, demo, "find", "named owner")["records"]
    assert (found["id"], found["kind"], found["review"], found["record"]["due"]) == (
        *("a-7k3q", "action", "2026-09-monthly"),
        "2026-10-15",
    )
    assert found["found"] == {"key": "title", "text": "Give every EMEA lead a named owner again"}
    assert asked(capsys, demo, "find", "nobody said this")["records"] == []
    # In the second line of a cause; and in what an action is expected to change.
    assert (
        "…rule of February, leads from EMEA land in a shared »inbox« that nobody is assigned to. Response time…"
        in told(capsys, demo, "find", "inbox")
    )
    assert "effect: SQL conversion rate back »above« 24 % by December" in told(capsys, demo, "find", "above")
    assert "shared inbox that" in told(capsys, demo, "find", "inbox", "--format", "csv")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["review", "sign-off"], "no review was signed off: none is open"),
        (["review", "sign-off", "--attendee", "head"], "--attendee is said when a review is started"),
        (["review", "status", "--by", "head"], "--by is said when something is written; status only tells"),
        (["review", "reopen", "--cadence", "weekly"], "no review was opened: none can be opened again"),
        (["review", "start", "--cadence", "monthly", "--period", "2026-W44"], "a monthly review looks at a month"),
        (["review", "status", "--period", "2026-Q3"], "no review is held that looks at a quarter"),
        (["review", "status", "--period", "2026-08"], "there is no review '2026-08-monthly' that was started"),
        (["verdict", "sql_rates", "fine"], "there is no KPI 'sql_rates'; did you mean sql_rate"),
        (["report", "--review", "2026-08-monthly"], "there is no review '2026-08-monthly' that was started"),
    ],
)
def test_what_cannot_be_done_says_why_with_status_2(capsys: Say, arguments: list[str], sentence: str) -> None:
    assert run([*arguments, "-w", str(DEMO)]) == 2
    assert sentence in capsys.readouterr().err


def test_where_two_reviews_are_open_one_has_to_be_named(demo: Path, capsys: Say) -> None:
    told(capsys, demo, "review", "start", "--cadence", "weekly")
    told(capsys, demo, "review", "start", "--cadence", "monthly")
    assert run(["review", "sign-off", "-w", str(demo)]) == 2
    assert "which of 2026-W44-weekly, 2026-10-monthly? Name its --cadence" in capsys.readouterr().err
    assert told(capsys, demo, "review", "sign-off", "--period", "2026-W44").startswith("2026-W44-weekly is signed off")
    assert told(capsys, demo, "review", "sign-off").startswith("2026-10-monthly is signed off")


@pytest.mark.parametrize("command", ["review", "find"])
def test_help_documents_the_json(command: str, capsys: Say) -> None:
    with pytest.raises(SystemExit):
        run([command, "--help"])
    assert "schema" in capsys.readouterr().out

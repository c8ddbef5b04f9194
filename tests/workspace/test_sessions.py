"""A review from start to sign-off, and what the next one starts from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kpitui.problems import KpituiError
from kpitui.report.sessions import choices_text
from kpitui.workspace import journal as journal_module
from kpitui.workspace import sessions
from kpitui.workspace.checking import check
from kpitui.workspace.opening import Workspace
from kpitui.workspace.people import People, parse_people, people_line
from kpitui.workspace.session import Session
from kpitui.workspace.state_folder import state_folder

Open = Callable[..., Workspace]
DEMO = Path(__file__).parents[2] / "data" / "demo"
MORNING = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)

SETTINGS = """\
[workspace]
name = "Acme"

[review.weekly]
kpis = { ids = ["calls"] }

[review.monthly]
minutes = { exceptions = 20 }

[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"

[kpi.rate]
name = "Rate"
source = "crm"
column = "rate"
aggregate = "last"
unit = "percent"
target = [{ from = 2026-01-01, value = 0.3 }]

[kpi.calls]
name = "Calls"
source = "crm"
column = "calls"
aggregate = "sum"
target = [{ from = 2026-01-01, value = 10 }]
"""
CRM = "month,rate,calls\n2026-08,0.30,10\n2026-09,0.30,10\n2026-10,0.22,11\n"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time that the journal sees: the last of the list."""
    times = [MORNING]
    monkeypatch.setattr(journal_module, "_now", lambda: times[-1])
    return times


@pytest.fixture
def acme(opened: Open) -> Workspace:
    return opened(SETTINGS, {"crm.csv": CRM})


def again(workspace: Workspace, as_of: str = "2026-11-04") -> Workspace:
    return Workspace.open(workspace.root, as_of=date.fromisoformat(as_of))


# Which reviews there are


def told(workspace: Workspace) -> list[tuple[str, str, int, int, bool]]:
    return [(c.review_id, c.state, c.kpis, c.minutes, c.can_reopen) for c in sessions.choices(workspace)]


def test_the_last_period_of_each_cadence_can_be_started(acme: Workspace) -> None:
    assert told(acme) == [("2026-W44-weekly", "new", 1, 21, False), ("2026-10-monthly", "new", 2, 37, False)]


def test_a_note_beforehand_starts_nothing(acme: Workspace) -> None:
    row = acme.row(acme.kpi("rate"), acme.period("2026-10"))
    acme.record("note", row, "x", review=None, by="ada")
    assert told(again(acme, "2026-12-02"))[1][:2] == ("2026-11-monthly", "noted")


@pytest.mark.parametrize("period", ["2026-10", "2026-09"])
def test_a_review_whose_file_cannot_be_read_is_told_as_that(acme: Workspace, tmp_path: Path, period: str) -> None:
    sessions.start(acme, "monthly", acme.period(period))
    file = tmp_path / f"reviews/{period}-monthly.toml"
    file.write_text(file.read_text().replace("[review]", "<<<<<<< ours"))
    found = again(acme)
    assert (f"{period}-monthly", "unreadable") in [choice[:2] for choice in told(found)]
    assert f"{period}-monthly" not in [held.review.id for held in sessions.open_sessions(found)]
    [line] = [line for line in choices_text(found).split("\n") if line.startswith(f"{period}-monthly")]
    assert "cannot be read" in line
    with pytest.raises(KpituiError, match="was not written"):
        sessions.start(found, "monthly", found.period(period))


def test_a_review_that_was_begun_is_resumed(acme: Workspace, clock: list[datetime]) -> None:
    first = sessions.start(acme, "monthly", chair="head")
    clock.append(MORNING + timedelta(hours=1))
    resumed = sessions.start(again(acme), "monthly")
    assert resumed.review == first.review
    assert (resumed.review.chair, resumed.review.started) == ("head", MORNING)
    assert [held.review.id for held in sessions.open_sessions(acme)] == ["2026-10-monthly"]


def test_the_coarsest_cadence_and_the_last_period_are_the_default(acme: Workspace) -> None:
    assert sessions.start(acme).review.id == "2026-10-monthly"


@pytest.mark.parametrize(
    ("cadence", "period", "sentence"),
    [
        ("monthly", "2026-W44", "a monthly review looks at a month, and 2026-W44 is none"),
        ("monthly", "2026-12", "2026-12 has not begun by the as-of date"),
        ("hourly", None, "there is no cadence 'hourly'"),
    ],
)
def test_what_cannot_be_started(acme: Workspace, cadence: str, period: str | None, sentence: str) -> None:
    with pytest.raises(KpituiError, match=sentence):
        sessions.start(acme, cadence, acme.period(period) if period else None)


def test_a_review_that_was_not_started_has_no_session(acme: Workspace) -> None:
    with pytest.raises(KpituiError, match="no review '2026-10-monthly' that was started; the newest are: none"):
        sessions.session(acme, "2026-10-monthly")


def test_a_review_of_no_period_is_told_and_is_in_nobodys_way(acme: Workspace, tmp_path: Path) -> None:
    sessions.start(acme, "monthly").sign_off()
    file = tmp_path / "reviews/2026-10-monthly.toml"
    text = file.read_text()
    for name, damaged in (
        ("hourly", text.replace('cadence = "monthly"', 'cadence = "hourly"')),
        ("weekly", text.replace('period = "2026-10"\nstate', 'period = "2026-Q4"\nstate')),
    ):
        damaged = damaged.replace("2026-10-monthly", f"2026-10-{name}").replace("signed-off", "open")
        (tmp_path / f"reviews/2026-10-{name}.toml").write_text(damaged)
    workspace = again(acme)
    assert sessions.open_sessions(workspace) == []
    assert [choice.state for choice in sessions.choices(workspace)] == ["new", "signed-off"]
    assert [problem.message for problem in workspace.problems] == [
        "no session can be held: `hourly` and `2026-10` do not go together",
        "no session can be held: `monthly` and `2026-Q4` do not go together",
    ]


# October of the demo


@pytest.fixture
def demo(tmp_path: Path) -> Workspace:
    shutil.copytree(DEMO, tmp_path / "demo")
    return Workspace.open(tmp_path / "demo")


QUEUE = [
    ("opportunities", "find_the_cause", "investigating"),
    ("lead_response", "find_the_cause", "investigating"),
    ("sql_rate", "find_the_cause", "investigating"),
    ("influenced_revenue", "find_the_cause", "investigating"),
    ("mqls", "change_the_process", "act"),
    ("cost_per_lead", "change_the_process", "noise"),
    ("campaign_cycle", "watch", "fine"),
    ("win_rate", "watch", "investigating"),
    ("nps", "no_judgement", "data"),
    ("attribution_coverage", "no_judgement", "data"),
]


def queue(held: Session) -> list[tuple[str, str, str]]:
    return [(item.kpi.id, item.standing.group, item.proposed) for item in held.queue]


def test_october_of_the_demo_from_start_to_sign_off(demo: Workspace, clock: list[datetime]) -> None:
    held = sessions.start(demo, "monthly", chair="head", attendees=["ops", "demand"])
    assert [(planned.step, planned.minutes) for planned in held.agenda] == [
        ("picture", 2),
        ("actions", 5),
        ("exceptions", 45),
        ("sweep", 5),
        ("close", 5),
    ]
    assert held.figures["sql_rate"][:4] == (0.22, 0.25, "behind", "outside_limits below")
    assert held.resume_at() == "picture"

    picture = held.picture
    assert picture.statuses == {"ahead": 1, "on_track": 15, "at_risk": 1, "behind": 5, "no_data": 2}
    assert (picture.signals, picture.since) == (6, "2026-09")  # September's review kept no figures
    assert {(change.kpi.id, change.kind) for change in picture.changes} == {
        ("opportunities", "worse"),
        ("opportunity_rate", "worse"),
        ("roas", "better"),
        ("training_hours", "better"),
        ("attribution_coverage", "no_judgement"),
    }
    [nps] = picture.with_freshness("stale")
    assert (nps.kpi.id, nps.since) == ("nps", date(2026, 5, 3))
    assert [supply.kpi.id for supply in picture.with_freshness("incomplete")] == ["attribution_coverage"]

    [late] = held.actions
    assert (late.state.action.id, late.urgency, late.days_late, late.state.slips) == ("a-7k3q", "overdue", 9, 1)
    assert queue(held) == QUEUE
    former = {item.kpi.id: item.former.verdict for item in held.queue if item.former}
    assert (len(held.sweep), former) == (14, {"sql_rate": "investigating"})

    demo.journal.follow_up("a-7k3q", due=date(2026, 11, 13), by="head")
    row = held.rows["sql_rate"]
    demo.record("cause", row, "EMEA leads wait in a shared inbox.", by="ops", values={"cause_class": "process"})
    demo.record("action", row, "pause the EMEA form @ops fri", by="head", values={"effect": "24 % by December"})
    demo.record("decision", held.rows["mqls"], "A new channel from January.", by="head")
    held = held.again()
    assert {"sql_rate": "act"}.items() <= {item.kpi.id: item.proposed for item in held.queue}.items()
    assert held.resume_at() == "exceptions"

    saved = held.give_verdicts([kpi_id for kpi_id, *_ in QUEUE[:8]], by="head")
    assert [each.record.verdict for each in saved][:3] == ["investigating", "investigating", "act"]  # type: ignore[attr-defined]
    held = held.again()
    held.all_seen(by="head")
    held = held.again()
    signed_off = held.sign_off()

    read_back = signed_off.read_back
    assert [decision.text for decision in read_back.decisions] == ["A new channel from January."]
    assert [(state.action.title, state.due) for state in read_back.actions] == [
        ("pause the EMEA form", date(2026, 11, 6))
    ]
    assert [followup.due for followup in read_back.followups] == [date(2026, 11, 13)]
    assert [item.kpi.id for item in read_back.carried_over] == ["nps", "attribution_coverage"]
    assert (read_back.unseen, len(read_back.verdicts)) == ((), 22)
    assert signed_off.review.state == "signed-off"

    # December: November's review starts from what October left open.
    clock.append(datetime(2026, 12, 3, 9, 0, tzinfo=UTC))
    later = again(demo, "2026-12-03")
    following = sessions.start(later, "monthly")
    assert following.review.id == "2026-11-monthly"
    assert [(due.state.action.title, due.days_late, due.state.slips) for due in following.actions] == [
        ("pause the EMEA form", 27, 0),
        ("Give every EMEA lead a named owner again", 20, 2),
    ]
    carried = {item.kpi.id for item in following.queue if item.carried_over}
    assert carried == {"nps", "attribution_coverage"}
    assert following.picture.since == "2026-10-monthly"
    with pytest.raises(KpituiError, match="2026-10-monthly stays signed off, for 2026-11-monthly has started"):
        sessions.reopen(later, "2026-10-monthly")


def test_a_weekly_review_looks_at_leading_kpis_for_21_minutes(demo: Workspace) -> None:
    held = sessions.start(demo, "weekly")
    assert held.review.id == "2026-W44-weekly"
    assert (sum(planned.minutes for planned in held.agenda), len(held.kpis)) == (21, 16)
    assert {kpi.kind for kpi in held.kpis} == {"leading"}
    assert [item.kpi.id for item in held.queue] == [
        *("opportunities", "sql_rate", "lead_response", "mqls", "campaign_cycle", "nps"),
    ]
    assert held.path == "reviews/2026-W44-weekly.toml"


# What the last review saw


def test_restated_figures_and_changed_definitions_are_told(
    acme: Workspace, clock: list[datetime], tmp_path: Path
) -> None:
    sessions.start(acme, "monthly").sign_off()
    (tmp_path / "crm.csv").write_text(CRM.replace("0.22", "0.24") + "2026-11,0.31,5\n")
    settings = SETTINGS.replace('column = "calls"\naggregate = "sum"', 'column = "calls"\naggregate = "max"')
    (tmp_path / "kpitui.toml").write_text(settings)
    clock.append(datetime(2026, 12, 2, 9, 0, tzinfo=UTC))

    picture = sessions.start(again(acme, "2026-12-02"), "monthly").picture
    [restatement] = picture.restated
    assert (restatement.kpi.id, restatement.period.id, restatement.then, restatement.now) == (
        *("rate", "2026-10"),
        0.22,
        0.24,
    )
    assert [(each.kpi.id, each.review) for each in picture.redefined] == [("calls", "2026-10-monthly")]
    assert {(change.kpi.id, change.kind) for change in picture.changes} == {("rate", "better"), ("calls", "worse")}


def test_an_exception_without_a_verdict_comes_back_though_it_is_fine_by_then(
    acme: Workspace, clock: list[datetime], tmp_path: Path
) -> None:
    held = sessions.start(acme, "monthly")
    assert [item.kpi.id for item in held.queue] == ["rate"]
    held.sign_off()
    (tmp_path / "crm.csv").write_text(CRM + "2026-11,0.31,10\n")
    clock.append(datetime(2026, 12, 2, 9, 0, tzinfo=UTC))
    held = sessions.start(again(acme, "2026-12-02"), "monthly")
    [item] = held.queue
    assert (item.kpi.id, item.standing.group, item.carried_over, item.proposed) == ("rate", "fine", True, "fine")


# Writing and ending


def test_verdicts_in_bulk_are_one_save_with_one_comment_each(acme: Workspace, tmp_path: Path) -> None:
    held = sessions.start(acme, "monthly")
    saved = held.give_verdicts(["rate", "calls"], by="head", owner="ops")
    text = (tmp_path / "reviews/2026-10-monthly.toml").read_text()
    assert f'# Rate · 22.0% of 30.0% · behind\n[verdict.{saved[0].id}]\nkpi = "rate"\nperiod = "2026-10"' in text
    assert text.count('owner = "ops"') == 2
    assert [item.verdict.verdict for item in (*held.again().queue, *held.again().sweep) if item.verdict] == [
        *("investigating", "fine"),
    ]


def test_a_later_verdict_takes_the_place_of_the_first(acme: Workspace) -> None:
    held = sessions.start(acme, "monthly")
    held.give_verdicts(["rate"], "act", by="head")
    held.give_verdicts(["rate"], "noise", by="head")
    [item] = held.again().queue
    assert [each.verdict for each in acme.journal.state.verdicts_on("rate")] == ["noise"]
    assert item.verdict == acme.journal.state.verdicts_on("rate")[0]


def test_a_verdict_on_what_the_review_does_not_look_at(acme: Workspace) -> None:
    held = sessions.start(acme, "weekly")
    with pytest.raises(KpituiError, match=r"2026-W44-weekly does not look at Rate \(rate\)"):
        held.give_verdicts(["rate"])


def test_records_go_to_the_review_that_is_being_held(acme: Workspace, clock: list[datetime]) -> None:
    row = acme.row(acme.kpi("rate"), acme.period("2026-10"))
    assert acme.record("note", row, "before", by="ada").path == "reviews/2026-11-monthly.toml"
    sessions.start(acme, "monthly")
    assert acme.record("note", row, "during", by="ada").path == "reviews/2026-10-monthly.toml"
    sessions.session(acme, "2026-10-monthly").sign_off()
    assert acme.record("note", row, "after", by="ada").path == "reviews/2026-11-monthly.toml"


def test_a_review_is_signed_off_and_opened_again(acme: Workspace) -> None:
    held = sessions.start(acme, "monthly")
    ended = held.sign_off(by="ada").review
    assert ended.signed_off_by == "ada"
    assert ended.signed_off_at is not None
    assert ended.signed_off_at >= held.review.started
    assert told(acme)[1] == ("2026-10-monthly", "signed-off", 2, 37, True)
    with pytest.raises(KpituiError, match="signed off already"):
        held.again().sign_off()
    with pytest.raises(KpituiError, match="2026-10-monthly is signed off; kpitui review reopen"):
        sessions.start(acme, "monthly")
    review = sessions.reopen(acme, "2026-10-monthly", by="bo").review
    assert (review.state, review.signed_off_by, review.signed_off_at) == ("open", None, None)
    assert review.reopened_by == "bo"
    with pytest.raises(KpituiError, match="is open already"):
        sessions.reopen(acme, "2026-10-monthly")


def test_who_is_there_is_written_as_long_as_the_review_is_open(acme: Workspace) -> None:
    held = sessions.start(acme, "monthly", chair="head", attendees=["ops"])
    held.name_people(parse_people('ada, "Lopez, Maria", @ops, ops'))
    review = held.again().review
    assert (review.chair, review.attendees) == ("ada", ("Lopez, Maria", "ops"))
    assert parse_people(people_line(review)) == People("ada", ("Lopez, Maria", "ops"))
    held.name_people(parse_people(" , bo"))
    assert people_line(held.again().review) == ", bo"
    held.name_people(parse_people("-"))
    review = held.again().review
    assert (review.chair, review.attendees, people_line(review)) == (None, (), "")
    held.sign_off()
    with pytest.raises(KpituiError, match="is signed off; it can say who was there once it is opened again"):
        held.again().name_people(People("cy"))


def test_the_git_command_is_told_in_a_repository_only(
    acme: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = sessions.start(acme, "monthly")
    assert held.git_command() is None
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    file = "reviews/2026-10-monthly.toml"
    assert held.git_command() == f"git add {file} && git commit -m 'Review 2026-10-monthly' -- {file}"
    monkeypatch.chdir("/")
    assert held.git_command() == (
        f"git -C {tmp_path} add {file} && git -C {tmp_path} commit -m 'Review 2026-10-monthly' -- {file}"
    )


# check, and private remarks


def test_check_advises_on_targets_once_a_review_was_held(acme: Workspace, tmp_path: Path) -> None:
    def said() -> list[str]:
        return [str(each.problem) for each in check(tmp_path).advice if each.rule.startswith("target_")]

    settings = tmp_path / "kpitui.toml"
    settings.write_text(SETTINGS.replace('name = "Acme"', 'name = "Acme"\nas_of = 2026-11-04'))
    assert said() == []
    sessions.start(acme, "monthly").sign_off()
    assert said() == [
        f"kpitui.toml:{line}: kpi.{kpi}.target: nobody has looked at the target for a quarter, last on 1 Jan "
        "(the review of a quarter's last month has targets on its agenda; signing it off is a look)"
        for line, kpi in ((16, "rate"), (24, "calls"))
    ]


def test_private_remarks_are_in_the_state_folder_only(acme: Workspace, tmp_path: Path) -> None:
    from kpitui.workspace.private import PrivateRemarks

    before = sorted(tmp_path.rglob("*"))
    PrivateRemarks(tmp_path).put("2026-10-monthly", "rate", "Ask Eve first.")
    PrivateRemarks(tmp_path).put("2026-10-monthly", "calls", "x")
    PrivateRemarks(tmp_path).put("2026-10-monthly", "calls", " ")
    assert sorted(tmp_path.rglob("*")) == before
    file = state_folder(tmp_path) / "private.json"
    assert json.loads(file.read_text()) == {"2026-10-monthly rate": "Ask Eve first."}
    assert file.stat().st_mode & 0o777 == 0o600
    assert PrivateRemarks(tmp_path).get("2026-10-monthly", "rate") == "Ask Eve first."


def test_a_damaged_file_of_private_remarks_is_not_overwritten(acme: Workspace, tmp_path: Path) -> None:
    from kpitui.workspace.private import PrivateRemarks

    PrivateRemarks(tmp_path).put("2026-10-monthly", "rate", "Ask Eve first.")
    file = state_folder(tmp_path) / "private.json"
    file.write_text('{"2026-10-monthly rate": "Ask Eve')
    with pytest.raises(KpituiError, match=r"private\.json is damaged"):
        PrivateRemarks(tmp_path).put("2026-10-monthly", "rate", "x")
    assert file.read_text() == '{"2026-10-monthly rate": "Ask Eve'

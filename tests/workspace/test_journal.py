"""What is said of KPIs: written, listed, followed up, in the order in which it was said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kpitui.problems import KpituiError
from kpitui.records.model import Cause
from kpitui.workspace import journal as journal_module
from kpitui.workspace.checking import check
from kpitui.workspace.forms import two_versions
from kpitui.workspace.journal import Journal
from kpitui.workspace.opening import Workspace
from kpitui.workspace.register import action_register, open_journal

Open = Callable[..., Workspace]
NOON = datetime(2026, 11, 4, 12, 0, 0, tzinfo=UTC)

SETTINGS = """
[workspace]
as_of = 2026-11-04
[person.ops]
name = "Marketing operations"
[source.shop]
files = "shop.csv"
date = "date"
frequency = "monthly"
[kpi.sales]
source = "shop"
column = "sales"
aggregate = "sum"
[kpi.visits]
source = "shop"
column = "sales"
aggregate = "sum"
"""
SHOP = {"shop.csv": "date,sales\n2026-10,5\n"}
FILE = "reviews/2026-11-monthly.toml"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time that the journal sees: the last of the list."""
    times = [NOON]
    monkeypatch.setattr(journal_module, "_now", lambda: times[-1])
    return times


@pytest.fixture
def journal(opened: Open) -> Journal:
    return opened(SETTINGS, SHOP).journal


@pytest.fixture
def write(journal: Journal, opened: Open) -> Callable[..., str]:
    """Adds a record on `sales` and gives its id."""
    kpi = opened(SETTINGS, SHOP).kpi("sales")

    def add(kind: str, text: str, **more: object) -> str:
        return journal.add(kind, kpi, text, period="2026-10", comment="Sales", by="ada", **more).id  # type: ignore[arg-type]

    return add


Write = Callable[..., str]


# Writing


def test_a_record_is_on_disk_when_add_returns(journal: Journal, write: Write, tmp_path: Path) -> None:
    note = write("note", "The fair was in October.")
    text = (tmp_path / FILE).read_text()
    assert f'# Sales\n[note.{note}]\nkpi = "sales"\nperiod = "2026-10"\nby = "ada"\n' in text
    assert [record.text for record in journal.state.notes["sales"]] == ["The fair was in October."]


def test_a_quick_line_becomes_an_action(journal: Journal, write: Write) -> None:
    write("action", "call them @ops fri")
    [state] = journal.open_actions()["sales"]
    assert (state.action.title, state.action.owner, state.due) == ("call them", "ops", date(2026, 11, 6))


def test_a_cause_keeps_what_the_chart_said(journal: Journal, write: Write) -> None:
    write("cause", "Routing.", chart="usual variation", values={"cause_class": "process", "whys": ("a", "b")})
    [cause] = journal.state.causes["sales"]
    assert (cause.chart, cause.cause_class, cause.whys) == ("usual variation", "process", ("a", "b"))


@pytest.mark.parametrize("kind", ["note", "cause", "decision", "action"])
def test_a_record_needs_a_text(write: Write, kind: str) -> None:
    with pytest.raises(KpituiError, match=f"the {kind} needs a text"):
        write(kind, " \n")


def test_an_action_needs_more_than_an_owner_and_a_date(write: Write) -> None:
    with pytest.raises(KpituiError, match="An action needs a title"):
        write("action", "@ops fri")


def test_a_kind_that_is_none(write: Write) -> None:
    with pytest.raises(KpituiError, match="no record of the kind 'rumour'"):
        write("rumour", "x")


def test_a_record_about_a_review_that_is_none(write: Write) -> None:
    with pytest.raises(KpituiError, match="No review has the id 2020-01-monthly"):
        write("note", "x", review="2020-01-monthly")


def test_the_author_is_the_machines_where_nobody_is_named(journal: Journal, opened: Open, home: Path) -> None:
    (home / "config" / "kpitui").mkdir(parents=True)
    (home / "config" / "kpitui" / "config.toml").write_text('by = "head"\n')
    kpi = opened(SETTINGS, SHOP).kpi("sales")
    journal.add("note", kpi, "x", period="2026-10", comment="")
    assert journal.state.notes["sales"][0].by == "head"


# The order of what is said


def test_records_of_one_second_differ_and_keep_their_order(journal: Journal, write: Write) -> None:
    ids = [write("note", f"note {number}") for number in range(10)]
    notes = journal.state.notes["sales"]
    assert [note.id for note in notes] == ids
    assert [note.at - NOON for note in notes] == [timedelta(seconds=second) for second in range(10)]
    assert [entry.id for entry in journal.entries("sales")] == ids[::-1]


def test_a_followup_of_the_same_second_comes_after_its_action(journal: Journal, write: Write) -> None:
    action = write("action", "call them")
    journal.follow_up(action, status="doing", by="ada")
    journal.follow_up(action, status="done", by="ada")
    [state] = journal.state.actions
    assert state.status == "done"
    assert [followup.status for followup in state.followups] == ["doing", "done"]


def test_the_clock_is_kept_once_it_has_caught_up(journal: Journal, write: Write, clock: list[datetime]) -> None:
    write("note", "one")
    write("note", "two")
    clock.append(NOON + timedelta(seconds=30))
    write("note", "three")
    assert [note.at - NOON for note in journal.state.notes["sales"]] == [
        timedelta(0),
        timedelta(seconds=1),
        timedelta(seconds=30),
    ]


def test_a_clock_that_went_back_a_little_is_made_up_for(journal: Journal, write: Write, clock: list[datetime]) -> None:
    first = write("note", "one")
    clock.append(NOON - timedelta(seconds=20))
    second = write("note", "two")
    assert [note.id for note in journal.state.notes["sales"]] == [first, second]


def test_somebodys_clock_that_runs_far_ahead_drags_nobody_along(
    journal: Journal, write: Write, clock: list[datetime]
) -> None:
    clock.append(NOON + timedelta(hours=3))
    write("note", "from the future")
    clock.append(NOON)
    write("note", "one")
    write("note", "two")
    assert [note.at - NOON for note in journal.state.notes["sales"]] == [
        timedelta(0),
        timedelta(seconds=1),
        timedelta(hours=3),
    ]


def test_no_record_is_more_than_a_minute_ahead(journal: Journal, write: Write, clock: list[datetime]) -> None:
    clock.append(NOON + timedelta(seconds=59))
    write("note", "somebody's")
    clock.append(NOON)
    for number in range(3):
        write("note", f"note {number}")
    assert max(note.at for note in journal.state.notes["sales"]) == NOON + timedelta(minutes=1)


# Reading


def test_entries_are_of_one_kpi_the_newest_first(journal: Journal, write: Write, opened: Open) -> None:
    write("note", "a note")
    write("cause", "a cause", values={"cause_class": "market", "confidence": "hypothesis", "segment": "region = EMEA"})
    write("decision", "a decision")
    write("action", "an action @ops +1w")
    other = opened(SETTINGS, SHOP).kpi("visits")
    journal.add("note", other, "elsewhere", period="2026-10", comment="", by="ada")

    entries = journal.entries("sales")
    assert [(entry.kind, entry.text, entry.remark) for entry in entries] == [
        ("action", "an action", "ops · due 11 Nov"),
        ("decision", "a decision", ""),
        ("cause", "a cause", "market · hypothesis · region = EMEA"),
        ("note", "a note", ""),
    ]
    assert {(entry.when, entry.by) for entry in entries} == {("4 Nov", "ada")}
    assert entries[-1].place.startswith(f"{FILE}:")


def test_a_cause_of_usual_variation_says_so(journal: Journal, write: Write) -> None:
    write("cause", "chance", chart="usual variation")
    assert journal.entries("sales")[0].remark == "usual variation"


def test_an_action_says_how_late_it_is_and_how_often_it_slipped(journal: Journal, write: Write) -> None:
    action = write("action", "call them @ops 2026-10-26")
    assert journal.entries("sales")[0].remark == "ops · 9 days late"
    assert journal.entries("sales")[0].overdue
    journal.follow_up(action, status="doing", due=date(2026, 11, 3), by="ada")
    assert journal.entries("sales")[0].remark == "ops · 1 day late · slipped once"
    journal.follow_up(action, due=date(2026, 11, 10), by="ada")
    assert journal.entries("sales")[0].remark == "ops · due 10 Nov · slipped 2 times"
    journal.follow_up(action, status="done", by="ada")
    assert journal.entries("sales")[0].remark == "ops · done · slipped 2 times"
    assert not journal.entries("sales")[0].overdue
    assert journal.open_actions() == {}


def test_an_action_due_today_is_not_late(journal: Journal, write: Write) -> None:
    write("action", "call them today")
    assert journal.entries("sales")[0].remark == "no owner · due 4 Nov"
    assert not journal.entries("sales")[0].overdue


def test_notes_and_causes_of_a_period_are_counted(journal: Journal, write: Write, opened: Open) -> None:
    write("note", "x")
    write("cause", "y")
    write("decision", "z")
    workspace = opened(SETTINGS, SHOP)
    assert journal.notes_in("sales", workspace.period("2026-10")) == 2
    assert journal.notes_in("sales", workspace.period("2026-09")) == 0
    [row, _] = workspace.scorecard().rows
    assert (row.notes, row.open_actions, row.overdue_actions) == (2, 0, 0)


# What a quick line will become


@pytest.mark.parametrize(
    ("kind", "text", "echo"),
    [
        ("note", "anything", "note"),
        ("action", "call them @ops fri", "action · Marketing operations · Fri 6 Nov"),
        ("action", "call them @eve +8w", "action · eve · Wed 30 Dec"),
        ("action", "call them", "action · no owner yet (@name) · no date yet"),
        ("action", "call them 2027-01-08", "action · no owner yet (@name) · Fri 8 Jan 2027"),
    ],
)
def test_echo(journal: Journal, kind: str, text: str, echo: str) -> None:
    assert journal.echo(kind, text) == echo


def test_an_echo_of_what_is_not_complete(journal: Journal) -> None:
    with pytest.raises(ValueError, match="An action needs a title"):
        journal.echo("action", "@ops fri")


# Following up, changing


def test_a_follow_up_of_what_is_no_action(journal: Journal, write: Write) -> None:
    with pytest.raises(KpituiError, match="there is no action 'a-none'; open are none"):
        journal.follow_up("a-none", status="done")
    action = write("action", "call them")
    with pytest.raises(KpituiError, match=f"open are {action}"):
        journal.follow_up("a-none", status="done")


def test_a_follow_up_says_something(journal: Journal, write: Write) -> None:
    action = write("action", "call them")
    with pytest.raises(KpituiError, match="needs a status, a new due date or a text"):
        journal.follow_up(action)


def test_a_changed_record_keeps_its_id_and_its_time(journal: Journal, write: Write) -> None:
    cause = write("cause", "Routing.")
    journal.change(cause, {"text": "Routing, since February.\n", "class": "process", "whys": "why?\n\n because \n"})
    [found] = journal.state.causes["sales"]
    assert (found.id, found.at, found.text, found.cause_class) == (cause, NOON, "Routing, since February.", "process")
    assert found.whys == ("why?", "because")
    journal.change(cause, {"class": "", "whys": ""})
    [found] = journal.state.causes["sales"]
    assert (found.cause_class, found.whys) == (None, ())


def test_a_changed_action_takes_a_day_in_words(journal: Journal, write: Write) -> None:
    action = write("action", "call them @ops fri")
    journal.change(action, {"due": "+2w", "owner": "", "title": "write to them"})
    [state] = journal.state.actions
    assert (state.action.title, state.action.owner, state.due) == ("write to them", None, date(2026, 11, 18))
    assert state.slips == 0
    with pytest.raises(KpituiError, match="'someday' is no day"):
        journal.change(action, {"due": "someday"})


def test_a_text_cannot_be_changed_to_nothing(journal: Journal, write: Write) -> None:
    with pytest.raises(KpituiError, match="the note needs a text"):
        journal.change(write("note", "x"), {"text": " "})
    with pytest.raises(KpituiError, match="the action needs a title"):
        journal.change(write("action", "x"), {"title": " "})


def test_a_record_that_is_gone_cannot_be_changed(journal: Journal, write: Write, tmp_path: Path) -> None:
    note = write("note", "x")
    (tmp_path / FILE).unlink()
    journal.reload()
    with pytest.raises(KpituiError, match="there is no record"):
        journal.change(note, {"text": "y"})


def beside(tmp_path: Path) -> Journal:
    """The journal of another program on the same workspace."""
    return Workspace.open(tmp_path).journal


def test_what_two_forms_changed_of_one_field_is_kept_in_both_versions(
    journal: Journal, write: Write, tmp_path: Path
) -> None:
    note = write("note", "as it was")
    shown = journal.record(note)
    beside(tmp_path).change(note, {"text": "theirs"})
    journal.reload()  # as the screen does when it sees the change

    saved = journal.change(note, {"text": "mine", "segment": ""}, base=shown)

    assert saved.conflict == journal.record(note)
    assert sorted(said.text for said in journal.state.notes["sales"]) == ["mine", "theirs"]
    assert two_versions(saved.conflict, saved.record) == (
        f"theirs, {note}: note “theirs”\nyours, {saved.id}: note “mine”\nBoth are kept."
    )


def test_fields_that_a_form_did_not_change_are_left_to_others(journal: Journal, write: Write, tmp_path: Path) -> None:
    action = write("action", "call them @ops fri")
    shown = journal.record(action)
    form = {field.key: field.value for field in journal.fields(action)}
    beside(tmp_path).change(action, {"title": "write to them", "due": "2026-12-01"})
    journal.reload()

    saved = journal.change(action, {**form, "owner": "ann"}, base=shown)

    [state] = journal.state.actions
    assert (state.action.title, state.action.owner, state.due) == ("write to them", "ann", date(2026, 12, 1))
    assert (saved.id, saved.conflict) == (action, None)


def test_what_was_taken_back_meanwhile_is_written_as_a_new_record(
    journal: Journal, write: Write, tmp_path: Path
) -> None:
    cause = write("cause", "#process Routing.")
    shown = journal.record(cause)
    beside(tmp_path).retract(cause)

    saved = journal.change(cause, {"text": "Routing, since February."}, base=shown)

    [found] = journal.state.causes["sales"]
    assert (found.id, found.text, found.cause_class) == (saved.id, "Routing, since February.", "process")
    assert saved.id != cause
    assert f"# in place of {cause}, which was taken back meanwhile" in (tmp_path / FILE).read_text()
    with pytest.raises(KpituiError, match="taken back meanwhile, and nothing is changed here"):
        journal.change(cause, {"text": shown.text if isinstance(shown, Cause) else ""}, base=shown)


def test_what_was_deleted_meanwhile_is_written_again(journal: Journal, write: Write, tmp_path: Path) -> None:
    note = write("note", "x")
    shown = journal.record(note)
    (tmp_path / FILE).unlink()
    journal.change(note, {"text": "y"}, base=shown)
    assert [(said.id, said.text) for said in journal.state.notes["sales"]] == [(note, "y")]


def test_what_may_belong_to_a_file_that_cannot_be_read_goes_nowhere_else(
    journal: Journal, write: Write, tmp_path: Path
) -> None:
    write("note", "x")
    file = tmp_path / FILE
    sound = file.read_text()
    file.write_text(
        sound.replace("[review]", "<<<<<<< ours\n[review]").replace(
            "state =", "=======\n>>>>>>> theirs\n[review\nstate ="
        )
    )
    journal.reload()
    with pytest.raises(KpituiError, match=r"reviews/2026-11-monthly\.toml cannot be read, and this may belong to it"):
        write("note", "y")
    assert [path.name for path in file.parent.glob("*.toml")] == [file.name]
    file.write_text(sound)
    journal.reload()
    write("note", "y")
    assert [said.text for said in journal.state.notes["sales"]] == ["x", "y"]


def test_a_form_has_the_keys_of_its_record(journal: Journal, write: Write) -> None:
    forms = {
        kind: [field.key for field in journal.fields(write(kind, "x"))]
        for kind in ("note", "cause", "decision", "action")
    }
    assert forms == {
        "note": ["text", "segment"],
        "cause": ["text", "class", "confidence", "whys", "segment"],
        "decision": ["text"],
        "action": ["title", "owner", "due", "effect", "cause"],
    }


# The register, and check


def test_the_register_has_what_is_open_overdue_first(journal: Journal, write: Write, tmp_path: Path) -> None:
    done = write("action", "done @ops 2026-10-01")
    journal.follow_up(done, status="done", by="ada")
    someday = write("action", "someday")
    soon = write("action", "soon @eve 2026-11-20")
    late = write("action", "late @ops 2026-10-26")

    opened = open_journal(tmp_path)
    ids = [state.action.id for state in action_register(opened)]
    assert ids == [late, soon, someday]
    assert [state.action.id for state in action_register(opened, overdue=True)] == [late]
    assert [state.action.id for state in action_register(opened, closed=True)] == [late, soon, someday, done]
    assert [state.action.id for state in action_register(opened, owner="OPS")] == [late]
    assert [state.action.id for state in action_register(opened, owner="marketing operations")] == [late]
    assert action_register(opened, owner="nobody") == []
    assert (opened.place(late) or "").startswith(f"{FILE}:")
    assert opened.place("a-none") is None


def test_check_finds_what_is_wrong_in_all_three(opened: Open, tmp_path: Path) -> None:
    opened(SETTINGS + '[view.x]\ncolour = "red"\n', {"shop.csv": "date,sales\n2026-10,five\n"})
    (tmp_path / "reviews").mkdir()
    (tmp_path / FILE).write_text("schema = 1\n[note.n-1]\n")
    checked = check(tmp_path)
    assert {problem.file for problem in checked.problems} == {"kpitui.toml", "shop.csv", FILE}
    assert checked.kpis == 2
    assert {advice.problem.level for advice in checked.advice} == {"advice"}

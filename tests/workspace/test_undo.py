"""The last record is taken back, then the one before it; nothing that was written is erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kpitui.cli import run
from kpitui.problems import KpituiError
from kpitui.records.model import Verdict, VerdictWord
from kpitui.workspace import journal as journal_module
from kpitui.workspace.journal import Journal
from kpitui.workspace.opening import Workspace
from kpitui.workspace.undo import undo

Open = Callable[..., Workspace]
Write = Callable[..., str]
NOON = datetime(2026, 11, 4, 12, 0, 0, tzinfo=UTC)
FILE = "reviews/2026-11-monthly.toml"
SETTINGS = """
[source.shop]
files = "shop.csv"
date = "date"
frequency = "monthly"
[kpi.sales]
source = "shop"
column = "sales"
aggregate = "sum"
"""
SHOP = {"shop.csv": "date,sales\n2026-10,5\n"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    times = [NOON]
    monkeypatch.setattr(journal_module, "_now", lambda: times[-1])
    return times


@pytest.fixture(autouse=True)
def ada(home: Path) -> None:
    """The author on this machine."""
    (home / "config" / "kpitui").mkdir(parents=True)
    (home / "config" / "kpitui" / "config.toml").write_text('by = "ada"\n')


@pytest.fixture
def journal(opened: Open) -> Journal:
    return opened(SETTINGS, SHOP).journal


@pytest.fixture
def write(journal: Journal, opened: Open) -> Write:
    kpi = opened(SETTINGS, SHOP).kpi("sales")

    def add(kind: str, text: str, **more: object) -> str:
        return journal.add(kind, kpi, text, period="2026-10", comment="Sales", **more).id  # type: ignore[arg-type]

    return add


def again(journal: Journal, opened: Open) -> Journal:
    """The workspace in a program that was started later."""
    return opened(SETTINGS, SHOP).journal


def notes(journal: Journal) -> list[str]:
    return [note.text for note in journal.state.notes.get("sales", ())]


def test_the_newest_record_goes_first_and_the_file_keeps_it(journal: Journal, write: Write, tmp_path: Path) -> None:
    write("note", "one")
    two = write("note", "two")
    before = (tmp_path / FILE).read_text()

    undone = undo(journal)

    assert notes(journal) == ["one"]
    text = (tmp_path / FILE).read_text()
    assert text.startswith(before)
    own_lines = text.removeprefix(before).splitlines()
    assert own_lines[:3] == ["", "# note on sales: two", f"[retraction.{undone.saved.id}]"]
    assert f'of = "{two}"' in own_lines
    assert undone.line == "undone: note · two, sales"


def test_undo_goes_on_across_starts_and_ends(journal: Journal, write: Write, opened: Open) -> None:
    for text in ("one", "two", "three"):
        write("note", text)
    undo(journal)

    later = again(journal, opened)
    undo(later)
    undo(later)

    assert notes(again(journal, opened)) == []
    with pytest.raises(KpituiError, match=r"There is nothing of ada to undo\."):
        undo(later)


def test_a_second_program_takes_back_the_record_before_and_brings_none_back(
    journal: Journal, write: Write, opened: Open
) -> None:
    for text in ("one", "two"):
        write("note", text)
    other = again(journal, opened)

    undo(journal)
    other.add("note", opened(SETTINGS, SHOP).kpi("sales"), "of another", period="2026-10", comment="", by="bo")
    assert undo(other).line.startswith("undone: note · one, sales")

    journal.reload()
    assert notes(journal) == notes(other) == ["of another"]


def test_only_what_the_author_wrote(journal: Journal, write: Write) -> None:
    write("note", "mine")
    write("note", "theirs", by="bo")

    assert undo(journal).line.startswith("undone: note · mine, sales")
    assert notes(journal) == ["theirs"]


def verdicts(journal: Journal) -> dict[str, str]:
    said = {kpi: journal.state.verdicts_on(kpi) for kpi in ("sales", "orders", "returns")}
    return {kpi: given[-1].verdict for kpi, given in said.items() if given}


def give(journal: Journal, *words: tuple[str, VerdictWord]) -> None:
    signed = journal.signed()
    given = [(Verdict(kpi=kpi, period="2026-10", verdict=word, **signed), "") for kpi, word in words]
    journal.add_all(journal.records.reviews[0], given)


def test_verdicts_that_one_key_gave_are_taken_back_by_one(journal: Journal, write: Write, tmp_path: Path) -> None:
    write("note", "before")
    give(journal, ("sales", "noise"))
    give(journal, ("sales", "fine"), ("orders", "fine"), ("returns", "fine"))
    journal.add_all(
        journal.records.reviews[0],
        [(Verdict(kpi="orders", period="2026-10", verdict="act", by="bo", at=journal.signed()["at"]), "")],
    )

    line = undo(journal).line

    assert line.startswith("undone: 3 verdicts that were given at once")
    assert verdicts(journal) == {"sales": "noise", "orders": "act"}
    comments = [row for row in (tmp_path / FILE).read_text().splitlines() if row.startswith("# verdict on")]
    assert sorted(comments) == ["# verdict on orders: fine", "# verdict on returns: fine", "# verdict on sales: fine"]
    assert undo(journal).line.startswith("undone: verdict · noise, sales")
    assert undo(journal).line.startswith("undone: note · before, sales")


def test_verdicts_that_another_program_took_back_already_are_not_taken_back_again(
    journal: Journal, write: Write
) -> None:
    write("note", "before")
    give(journal, ("sales", "fine"), ("orders", "fine"))
    of_sales = journal.state.verdicts_on("sales")[-1].id
    journal.retract(of_sales)

    assert undo(journal).line.startswith("undone: verdict · fine, orders")
    assert verdicts(journal) == {}


def test_what_was_written_by_hand_at_one_moment_is_taken_back_one_by_one(
    journal: Journal, write: Write, tmp_path: Path
) -> None:
    one = write("note", "one")
    path = tmp_path / FILE
    block = path.read_text().partition(f"[note.{one}]\n")[2]
    path.write_text(path.read_text() + f"\n[note.n-zzzz]\n{block.replace('one', 'two')}")

    assert undo(journal).line.startswith("undone: note · two, sales")
    assert notes(journal) == ["one"]


def test_a_followup_that_is_undone_leaves_the_action_as_it_was(journal: Journal, write: Write) -> None:
    action = write("action", "call them @ops fri")
    journal.follow_up(action, status="done")

    assert undo(journal).line.startswith("undone: done · ")

    [state] = journal.open_actions()["sales"]
    assert (state.status, state.followups) == ("open", ())


def test_signed_off_records_stay_and_that_is_said(
    journal: Journal, write: Write, clock: list[datetime], tmp_path: Path
) -> None:
    write("note", "in November")
    [november] = journal.records.reviews
    journal.set_state(november, "signed-off")
    with pytest.raises(KpituiError, match="to undo: what ada wrote in 2026-11-monthly and before is signed off"):
        undo(journal)

    clock.append(NOON - timedelta(days=1))
    write("note", "the day before, in December's")
    signed_off = (tmp_path / FILE).read_bytes()

    line = undo(journal).line

    assert " · 2026-11-monthly is signed off and stays" in line
    assert notes(journal) == ["in November"]
    assert (tmp_path / FILE).read_bytes() == signed_off


def test_a_file_that_cannot_be_written_to_is_left_alone(journal: Journal, write: Write, tmp_path: Path) -> None:
    write("note", "one")
    path = tmp_path / FILE
    path.write_text(path.read_text() + "\n<<<<<<< HEAD\n=======\n>>>>>>> main\n")

    with pytest.raises(KpituiError, match="There is nothing of ada to undo"):
        undo(journal)

    assert notes(journal) == ["one"]


def test_a_long_text_is_cut_where_it_is_only_named(journal: Journal, write: Write) -> None:
    write("note", "word " * 40)
    assert undo(journal).line.startswith("undone: note · " + "word " * 7 + "word…, sales")


@pytest.mark.usefixtures("journal")
def test_any_record_can_be_taken_back_from_the_shell_and_a_retraction_too(
    write: Write, opened: Open, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = write("note", "one", by="bo")

    assert run(["retract", one, "--text", "of another KPI", "-w", str(tmp_path)]) == 0
    told = capsys.readouterr()
    retraction = told.out.strip()
    assert "note on sales: one\nsaved reviews/2026-11-monthly.toml:" in told.err
    assert notes(opened(SETTINGS, SHOP).journal) == []
    assert 'text = """\nof another KPI"""' in (tmp_path / FILE).read_text()

    assert run(["retract", one, "-w", str(tmp_path)]) == 2
    assert f"{one} was taken back before" in capsys.readouterr().err
    assert run(["retract", "n-zzzz", "-w", str(tmp_path)]) == 2
    assert "there is no record 'n-zzzz'" in capsys.readouterr().err

    assert run(["retract", retraction, "-w", str(tmp_path)]) == 0
    assert notes(opened(SETTINGS, SHOP).journal) == ["one"]


def test_a_record_of_a_signed_off_review_is_taken_back_in_the_next_one(
    journal: Journal, write: Write, tmp_path: Path
) -> None:
    one = write("note", "one")
    journal.set_state(journal.records.reviews[0], "signed-off")
    before = (tmp_path / FILE).read_bytes()

    assert journal.retract(one).path == "reviews/2026-12-monthly.toml"
    assert notes(journal) == []
    assert (tmp_path / FILE).read_bytes() == before

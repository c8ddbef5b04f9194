"""Signed-off reviews are read once: what is kept of them says what the files say, or is not used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kpitui.definitions.load import load
from kpitui.measurements import cache_folder
from kpitui.records import shelf
from kpitui.workspace import archive
from kpitui.workspace.journal import Journal

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
MONTHS = 8
AS_OF = date(2026, 11, 4)


def review(month: int, state: str = "signed-off", text: str = "said") -> dict[str, str]:
    moment = f"2026-{month:02d}-05T09:00:00Z"
    common = f'kpi = "sales"\nperiod = "2026-{month:02d}"\nby = "ada"\nat = {moment}\n'
    return {
        f"reviews/2026-{month:02d}-monthly.toml": f"""\
schema = 1
[review]
id = "2026-{month:02d}-monthly"
cadence = "monthly"
period = "2026-{month:02d}"
state = "{state}"
started = {moment}
[note.n-{month}]
{common}text = "{text} in {month}"
[action.a-{month}]
{common}title = "call"
[followup.f-{month}]
{common}action = "a-{month + 1}"
status = "done"
[verdict.v-{month}]
{common}is = "act"
[figures]
sales = [5, 6, "behind", "", "5f3a"]
"""
    }


FILES = {"kpitui.toml": SETTINGS} | {
    name: text for month in range(1, MONTHS + 1) for name, text in review(month).items()
}


@pytest.fixture
def journal(tmp_path: Path) -> Callable[..., Journal]:
    """Writes the files that differ, and opens the journal as a program does that was started for it."""

    def start(files: dict[str, str] | None = None) -> Journal:
        (tmp_path / "reviews").mkdir(exist_ok=True)
        for name, text in {**FILES, **(files or {})}.items():
            path = tmp_path / name
            if not path.exists() or path.read_text() != text:
                path.write_text(text)
        return Journal(tmp_path, load(tmp_path)[0], AS_OF)

    return start


@pytest.fixture(autouse=True)
def long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as old at once: the time of their entry cannot be set back."""
    monkeypatch.setattr("kpitui.stamps.SURE_AFTER", -(10**12))


@pytest.fixture
def read_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were read since."""
    names: list[str] = []
    read = shelf.read

    def told(path: str, data: bytes) -> object:
        names.append(path)
        return read(path, data)

    monkeypatch.setattr(shelf, "read", told)
    return names


def said(journal: Journal) -> list[str]:
    return [note.text for note in journal.state.notes["sales"]]


def same(one: Journal, other: Journal) -> bool:
    files = [[(f.path, f.review, tuple(f.records), f.lines, f.figures) for f in j.records.files] for j in (one, other)]
    return (one.state, one.problems, files[0]) == (other.state, other.problems, files[1])


def test_a_later_start_reads_no_signed_off_file(journal: Callable[..., Journal], read_files: list[str]) -> None:
    first = journal()
    assert len(read_files) == MONTHS
    read_files.clear()

    second = journal(review(9, state="open"))

    assert read_files == ["reviews/2026-09-monthly.toml"]
    assert said(second) == [f"said in {month}" for month in range(1, 10)]
    assert [state.status for state in second.state.actions] == ["open", *["done"] * 8]
    assert [problem.message for problem in second.problems] == ["there is no action a-10"]
    assert [problem.message for problem in first.problems] == ["there is no action a-9"]
    place = second.records.holding("n-3")
    assert place is not None
    assert (place.path, place.lines["n-3"]) == ("reviews/2026-03-monthly.toml", 8)
    assert second.record("n-3").by == "ada"


def test_what_is_kept_is_what_the_files_say(journal: Callable[..., Journal], tmp_path: Path) -> None:
    journal()
    kept = journal(review(9, state="open"))
    cache_folder.clear(tmp_path)

    assert same(kept, journal())


def test_a_file_that_changed_is_read_again(journal: Callable[..., Journal], read_files: list[str]) -> None:
    journal()
    read_files.clear()

    changed = journal(review(3, text="said by hand"))

    assert set(read_files) == {"reviews/2026-03-monthly.toml"}
    assert said(changed)[2] == "said by hand in 3"
    read_files.clear()
    assert same(journal(review(3, text="said by hand")), changed)
    assert read_files == []


def test_a_file_that_is_gone_is_forgotten(journal: Callable[..., Journal], tmp_path: Path) -> None:
    first = journal()
    (tmp_path / "reviews/2026-03-monthly.toml").unlink()
    first.reload()

    assert "said in 3" not in said(first)
    assert "there is no action a-3" in [problem.message for problem in first.problems]


@pytest.mark.parametrize("damage", ["cut", "flipped", "of another program"])
def test_what_is_damaged_is_not_used(
    journal: Callable[..., Journal], tmp_path: Path, read_files: list[str], monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    first = journal()
    read_files.clear()
    path = archive._path(tmp_path)
    whole = path.read_bytes()
    if damage == "cut":
        path.write_bytes(whole[:-100])
    elif damage == "flipped":
        path.write_bytes(whole.replace(b"said in 3", b"said in 4", 1))
    else:
        monkeypatch.setattr(archive, "_program", lambda: "9.9")

    second = journal()

    assert len(read_files) == MONTHS
    assert same(first, second)


def test_few_signed_off_files_are_not_worth_keeping(journal: Callable[..., Journal], tmp_path: Path) -> None:
    journal({name: text.replace("signed-off", "open") for name, text in FILES.items() if "-05-" not in name})
    assert not archive._path(tmp_path).exists()


def test_a_record_of_what_is_kept_is_taken_back(journal: Callable[..., Journal]) -> None:
    journal()
    second = journal()
    second.retract("n-3", by="ada")

    assert "said in 3" not in said(second)
    assert "said in 3" not in said(journal())

"""What a person edited by hand opens as far as it is sound, and every mistake is told with its place."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kpitui.records.model import Action, Figures, ReviewFile
from kpitui.records.read import MAX_BYTES, read, read_text

HEAD = """schema = 1

[review]
id = "2026-10-monthly"
cadence = "monthly"
period = "2026-10"
state = "open"
started = 2026-11-04T09:00:00+01:00

"""
NOTE = '[note.n-2b3c]\nkpi = "mqls"\nby = "head"\nat = 2026-11-04T09:12:00+01:00\ntext = "seen"\n'


def opened(text: str) -> ReviewFile:
    return read_text("reviews/2026-10-monthly.toml", text)


def told(file: ReviewFile) -> list[str]:
    return [str(problem) for problem in file.problems]


def test_a_sound_file() -> None:
    action = NOTE.replace("note.n", "action.a").replace("text", "title").replace("seen", "call")
    figures = (
        '\n[figures]\nmqls = [80, 100.0, "behind", "shift below", "5f3a"]\nasp = ["", [1, 2], "no_data", "", ""]\n'
    )

    file = opened(HEAD + action + "due = 2026-11-06\n\n" + NOTE + figures)

    assert told(file) == []
    assert [record.id for record in file.records] == ["a-2b3c", "n-2b3c"]
    assert file.lines == {"a-2b3c": 10, "n-2b3c": 17}
    assert isinstance(file.records[0], Action)
    assert file.records[0].due == date(2026, 11, 6)
    assert file.figures == {
        "mqls": Figures(80.0, 100.0, "behind", "shift below", "5f3a"),
        "asp": Figures(None, (1.0, 2.0), "no_data", "", ""),
    }
    assert file.review is not None
    assert file.review.state == "open"
    assert file.read_only is None


@pytest.mark.parametrize(
    ("added", "problem"),
    [
        ("clas = 'x'\n", "reviews/2026-10-monthly.toml:15: note.n-2b3c.clas: unknown key `clas`"),
        ("segmnt = 'x'\n", "15: note.n-2b3c.segmnt: unknown key `segmnt` (did you mean `segment`?)"),
        ("segment = 3\n", "15: note.n-2b3c.segment: expected `str | null`, got `int`"),
        ("id = 'n-1'\n", "15: note.n-2b3c.id: unknown key `id` (it is in the header)"),
    ],
)
def test_a_mistake_in_a_key_costs_that_key(added: str, problem: str) -> None:
    file = opened(HEAD + NOTE + added)

    assert [record.id for record in file.records] == ["n-2b3c"]
    assert problem in told(file)[0]
    assert file.read_only is None


def test_every_mistake_of_a_record_is_told_at_once() -> None:
    action = NOTE.replace("note.n", "action.a").replace('text = "seen"', 'title = "call"\ndue = "fri"\nowner = 1')

    file = opened(HEAD + action)

    assert len(told(file)) == 2
    assert file.records[0] == Action(
        id="a-2b3c", kpi="mqls", by="head", at=datetime(2026, 11, 4, 8, 12, tzinfo=UTC), title="call"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (NOTE.replace('text = "seen"\n', ""), "10: note.n-2b3c: `text` is missing"),
        ("[note]\nn-1 = 3\n", "11: `note.n-1` is no table (a note has an id: [note.n-2b3c])"),
        ("[nots.n-1]\na = 1\n", "10: unknown table `nots` (did you mean `note`?)"),
        ("[[note]]\na = 1\n", "11: `note.a` is no table"),
        ("[figures]\nmqls = [1, 2]\n", "11: figures.mqls: figures are [actual, target, status, signal"),
        (
            "[verdict.v-1]\nkpi='m'\nby='h'\nat=2026-11-04T09:00:00Z\nis='good'\n",
            "14: verdict.v-1.is: invalid enum value",
        ),
        (
            "[target.t-1]\nkpi='m'\nby='h'\nat=2026-11-04T09:00:00Z\nfrom=2026-01-01\nreason='x'\n",
            "10: target.t-1: a target",
        ),
        (
            "[target.t-1]\nkpi='m'\nby='h'\nat=2026-11-04T09:00:00Z\nfrom=2026-01-01\nreason='x'\nvalue=1e400\n",
            "16: target.t-1.value: not a number",
        ),
    ],
)
def test_a_table_that_is_wrong_costs_that_table(text: str, problem: str) -> None:
    file = opened(HEAD + text + NOTE.replace("2b3c", "9999"))

    assert [record.id for record in file.records] == ["n-9999"]
    assert problem in told(file)[0]


def test_a_time_without_an_offset_is_utc_and_told() -> None:
    file = opened(HEAD + NOTE.replace("+01:00", ""))

    assert file.records[0].at == datetime(2026, 11, 4, 9, 12, tzinfo=UTC)
    assert "13: note.n-2b3c.at: a time without an offset is read as UTC" in told(file)[0]


def test_a_slip_of_the_pen_costs_one_table_and_the_file_is_not_written_to() -> None:
    broken = '[cause.c-1]\ntext = "never closed\n\n'

    file = opened(HEAD + broken + NOTE)

    assert [record.id for record in file.records] == ["n-2b3c"]
    assert told(file)[0].startswith("reviews/2026-10-monthly.toml:11: this is no TOML: illegal character")
    assert file.read_only == "it is no TOML any more: `kpitui check` tells where"


def test_both_sides_of_a_conflict_open_and_the_file_is_not_written_to() -> None:
    other = NOTE.replace("2b3c", "9999")

    file = opened(f"{HEAD}<<<<<<< HEAD\n{NOTE}=======\n{other}>>>>>>> main\n")

    assert {record.id for record in file.records} == {"n-2b3c", "n-9999"}
    assert len(told(file)) == 1
    assert ":10: the file has conflict markers of git" in told(file)[0]
    assert "delete the marker lines" in told(file)[0]
    assert file.read_only
    assert "conflict markers" in file.read_only


def test_a_conflict_within_one_text_is_a_conflict_too() -> None:
    text = NOTE.replace('"seen"', '"""\n<<<<<<< HEAD\nseen\n=======\nheard\n>>>>>>> main\n"""')

    assert opened(HEAD + text).read_only


def test_a_table_that_stands_twice() -> None:
    file = opened(HEAD + NOTE + NOTE.replace("seen", "heard"))

    assert [getattr(record, "text", "") for record in file.records] == ["seen", "heard"]
    assert "15: note.n-2b3c: a table stands twice in the file" in told(file)[0]
    assert file.read_only


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"schema = 1\n# caf\xe9\n", ":2: the file is not UTF-8"),
        (b"#" * (MAX_BYTES + 1), "the file is larger than 20 MB"),
        (b"a" + b".a" * 40_000 + b" = 1\n", ":1: more than 60 dots in one key"),
        (b"a = " + b"[" * 100_000 + b"]" * 100_000, ":1: this is no TOML: too many brackets"),
        (b"a = " + b"9" * 5_000, ":1: this is no TOML"),
        (b'a = "' + b'\\"' * 100_000, ":1: this is no TOML"),
        (b"", "the file has no [review]"),
        (b"schema = 2\n", ":1: schema: schema is 2, this kpitui knows 1"),
    ],
)
def test_files_that_are_no_reviews(data: bytes, problem: str) -> None:
    file = read("reviews/x.toml", data)

    assert problem in told(file)[0]
    assert file.read_only
    assert file.review_id == "x"


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    file = read("reviews/x.toml", b"\xef\xbb\xbf" + (HEAD + NOTE).replace("\n", "\r\n").encode())

    assert told(file) == []
    assert file.lines == {"n-2b3c": 10}


def test_a_broken_review_table_leaves_the_records() -> None:
    file = opened(HEAD.replace("started = 2026-11-04T09:00:00+01:00", "startd = 1") + NOTE)

    assert [record.id for record in file.records] == ["n-2b3c"]
    assert file.review is None
    assert file.read_only == "its [review] cannot be read"
    assert [problem.line for problem in file.problems] == [8, 3]

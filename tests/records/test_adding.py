"""A record that is added without parsing the whole file again: what is known then is what parsing would have said."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kpitui.records.adding import Known, Parsed, add
from kpitui.records.emit import record_block
from kpitui.records.model import Action, Cause, Figures, Note, Record, Retraction, Review, TargetRevision
from kpitui.records.read import decode, read, read_text
from kpitui.records.splice import add_block
from kpitui.records.store import RecordStore

AT = datetime(2026, 11, 4, 9, 12, tzinfo=UTC)
REVIEW = Review(id="2026-10-monthly", cadence="monthly", period="2026-10", started=AT)
FILE = "reviews/2026-10-monthly.toml"
HEAD = """\
schema = 1
[review]
id = "2026-10-monthly"
cadence = "monthly"
period = "2026-10"
started = 2026-11-04T09:12:00Z
"""
SAID = 'kpi = "mqls"\nby = "ana"\nat = 2026-11-04T09:12:00Z\n'
FIGURES = '[figures]\nmqls = [80.0, 100.0, "behind", "", "5f3a"]\nodd = 3\n'

spaces = st.sampled_from(["", "\n", "\n\n", "  \n", "\n# on its own\n\n"])
pieces = st.sampled_from(
    [
        "# a comment\n",
        f"[note.n-{{n}}]\n{SAID}text = 'short'   # [note.n-no]\n",
        f'# lead\n[cause.c-{{n}}]\n{SAID}text = """\n[figures]\n[note.n-no]\n# x ""\\" y"""\n',
        f"[ action . 'a-{{n}}' ]\n{SAID}  title   =   '''\n\n[review]\n<<<<<<< no'''\t# by hand\n",
        f"[cause.c-{{n}}]\n{SAID}text = 'without an offset'\nat_what = 2026-11-04\nmood = 'calm'\n",
        "[note.n-{n}]\ntext = 'kpi, by and at are missing'\n",
        "[note.n-2222]\nid = 'taken, and unsound'\n",
        "[decision]\nd-{n} = {{ text = 'inline' }}\n",
        "[unknown{n}]   # why\na.b = [1,\n '[note.n-no]', # ]\n 3]\n",
        "[[list{n}]]\nx = '''\n[note.n-2b3c]\n'''\n[list{n}.below]\ny = {{ z = [ {{ a = 1 }} ] }}\n",
        "[note.n-{n}.below]\nx = 1\n",
        "[empty{n}]\n",
        "[target]\n",
        f"[cause.n-2222]\n{SAID}text = 'an id that the next note has'\n",
        f"[note.x-{{n}}]\n{SAID}text = 'an id'\n\n[cause.x-{{n}}]\n{SAID}text = 'of two tables'\n",
    ]
)
keys = st.sampled_from(
    ["", "schema_of = 'x'\n", 'odd = """\n[note.n-no]\n"""\n', "retraction = {}\n", "note.n-9.text = 'x'\n"]
)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.sampled_from(
    ["[note.n-no]\n[figures]", '"""', "'''\n\\", "=======\n>>>>>>> x\n<<<<<<< y", "one\r\ntwo\n", "." * 70, "x " * 50]
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Review files that are TOML, with what people write into them, before `[figures]` and behind it."""
    text = draw(keys) + HEAD
    for number, piece in enumerate(draw(st.lists(pieces, max_size=6))):
        text += draw(spaces) + piece.replace("{n}", str(number)).replace("{{", "{").replace("}}", "}")
    if draw(st.booleans()):
        text += draw(spaces) + draw(st.sampled_from(["", "# lead\n"])) + FIGURES
        text += draw(st.sampled_from(["", f"\n[note.n-last]\n{SAID}text = 'behind'\n", "[odd]\nx = 1\n[target.t-1]\n"]))
    text += draw(spaces)
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + text.encode()


@st.composite
def records(draw: st.DrawFn) -> Record:
    said = {"kpi": "mqls", "by": "head", "at": AT + timedelta(seconds=draw(st.integers(0, 9)))}
    text = draw(texts).replace("\r\n", "\n")
    return draw(
        st.sampled_from(
            [
                Note(id="n-2222", text=text, **said),
                Cause(id="c-2222", text=text, cause_class="process", whys=(text, "so"), **said),
                Action(id="a-2222", title=text, due=date(2026, 11, 6), **said),
                TargetRevision(id="t-2222", since=date(2026, 12, 1), value=5, reason=text, **said),
                Retraction(id="r-2222", of="n-0", **said),
            ]
        )
    )


def is_toml(data: bytes) -> bool:
    try:
        tomllib.loads(decode(data))
    except ValueError:
        return False
    return True


def test_it_is_what_parsing_all_of_it_gives() -> None:
    counts = Counter[str]()

    @settings(max_examples=600, deadline=None)
    @given(files().filter(is_toml), st.lists(records(), min_size=1, max_size=3, unique_by=type), texts)
    def compared(data: bytes, new: list[Record], comment: str) -> None:
        file = read(FILE, data)
        assume(file.read_only is None)
        known = Known(Parsed(decode(data), tomllib.loads(decode(data))), file)
        for record in new:
            added = add(known, record, comment)
            counts["added" if added else "left to a full parse"] += 1
            if added is None:
                break
            text, line = add_block(known.parsed.text, record_block(record, comment))
            assert (added.known.parsed.text, added.line) == (text, line)
            assert added.known.parsed.document == tomllib.loads(text)
            assert added.known.file == read_text(FILE, text)
            known = added.known

    compared()

    assert counts["added"] > counts["left to a full parse"] > 0


def note(text: str, second: int) -> Note:
    return Note(kpi="mqls", by="head", at=AT + timedelta(seconds=second), text=text)


@pytest.fixture
def parsed_alone(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are parsed while a record is added."""
    parsed: list[str] = []
    loads = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text: parsed.append(text) or loads(text))  # type: ignore[func-returns-value]
    return parsed


def test_one_more_record_costs_its_own_table(tmp_path: Path, parsed_alone: list[str]) -> None:
    store = RecordStore(tmp_path)
    store.start(REVIEW, {"mqls": Figures(80.0, 100.0, "behind", "", "5f3a")})
    store.add(REVIEW, note("one", 1))
    parsed_alone.clear()

    saved = store.add(REVIEW, note("two", 2), "MQLs")

    at = "2026-11-04T09:12:02+00:00"
    own = f'# MQLs\n[note.{saved.id}]\nkpi = "mqls"\nby = "head"\nat = {at}\ntext = """\ntwo"""\n'
    assert parsed_alone == [own]


def test_what_another_program_wrote_is_parsed_first(tmp_path: Path, parsed_alone: list[str]) -> None:
    store = RecordStore(tmp_path)
    store.add(REVIEW, note("one", 1))
    by_hand = (tmp_path / FILE).read_text() + '\n[figures]\n# the room\nmqls = [1, 2, "", "", ""]\n'
    (tmp_path / FILE).write_text(by_hand)
    parsed_alone.clear()

    store.add_all(REVIEW, [(note("two", 2), ""), (note("three", 3), "")])

    assert by_hand in parsed_alone
    [file] = RecordStore(tmp_path).load()[0].files
    assert [record.text for record in file.records if isinstance(record, Note)] == ["one", "two", "three"]
    assert (tmp_path / FILE).read_text().endswith(by_hand[by_hand.index("\n[figures]") :])


def test_what_cannot_be_shown_from_the_table_alone_is_parsed_as_a_whole(tmp_path: Path) -> None:
    store = RecordStore(tmp_path)
    store.add(REVIEW, note("one", 1))
    path = tmp_path / FILE
    path.write_text("note.n-2b3c.text = 'dotted'\n" + path.read_text())

    saved = store.add(REVIEW, note("two", 2))

    assert tomllib.loads(path.read_text())["note"][saved.id]["text"] == "two"
    assert path.read_text().startswith("note.n-2b3c.text = 'dotted'\n")

"""A record as TOML: what was said comes back letter by letter, laid out for a reader of the diff."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpitui.records.emit import as_stored, comment_line, line_text, new_file, record_block
from kpitui.records.model import KINDS, Action, Cause, Note, Record, Review
from kpitui.records.read import read_text

AT = datetime(2026, 11, 4, 9, 12, tzinfo=timezone(timedelta(hours=1)))

texts = st.one_of(
    st.text(st.characters(codec=None), min_size=1, max_size=200),
    st.text('"\\\r\n\t <=>|#[]ab\x00\x1b\x7f\u2028\ud800é', min_size=1, max_size=90),
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
offsets = st.integers(-14 * 3600, 14 * 3600).map(lambda seconds: timezone(timedelta(seconds=seconds)))
moments = st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1), timezones=offsets)  # noqa: DTZ001


def of_type(field: msgspec.structs.FieldInfo) -> st.SearchStrategy[object]:
    """Values of a field, also none where it is optional."""
    if field.encode_name in ("at", "since"):
        return moments if field.encode_name == "at" else st.dates()
    words = str(field.type)
    if "Literal" in words:
        options = next((part for part in getattr(field.type, "__args__", ()) if "Literal" in str(part)), field.type)
        value: st.SearchStrategy[object] = st.sampled_from(options.__args__)
    elif "date" in words:
        value = st.dates()
    elif "float" in words:
        value = numbers
    elif "tuple" in words:
        return st.lists(texts, max_size=4).map(tuple)
    else:
        value = texts
    return value if field.required else st.none() | value if field.default is None else value


@st.composite
def records(draw: st.DrawFn) -> Record:
    kind = draw(st.sampled_from(KINDS))
    fields: dict[str, Any] = {
        field.name: draw(of_type(field)) for field in msgspec.structs.fields(kind) if field.name != "id"
    }
    if kind.table == "target" and fields["value"] is None:
        fields |= {"low": 1.0, "high": 2.0}
    record: Record = kind(id=f"{kind.table[0]}-2b3c", **fields)
    return record


@settings(max_examples=300, deadline=None)
@given(records(), texts)
def test_what_was_said_comes_back(record: Record, comment: str) -> None:
    block = record_block(record, comment)

    block.encode()
    file = read_text("reviews/x.toml", block)

    assert file.records == (as_stored(record),)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_a_text_is_changed_by_nothing_but_its_line_breaks(text: str) -> None:
    there = tomllib.loads(line_text("text", text))["text"]

    if text.isascii():
        assert there == text.replace("\r\n", "\n")


@settings(max_examples=100, deadline=None)
@given(texts)
def test_a_comment_is_one_line_and_nothing_else(comment: str) -> None:
    line = comment_line(comment)

    assert tomllib.loads(line + "a = 1\n") == {"a": 1}
    assert line.count("\n") <= 1


def test_the_layout_is_the_one_in_the_format() -> None:
    cause = Cause(
        id="c-9m2x",
        kpi="sql_rate",
        period="2026-10",
        by="head",
        at=AT,
        cause_class="process",
        chart="outside_limits below",
        text="Routing sends EMEA leads to a shared inbox.",
    )

    assert record_block(cause, "SQL conversion rate · 22.0 % of 25.0 % · behind") == (
        "# SQL conversion rate · 22.0 % of 25.0 % · behind\n"
        "[cause.c-9m2x]\n"
        'kpi = "sql_rate"\n'
        'period = "2026-10"\n'
        'by = "head"\n'
        "at = 2026-11-04T09:12:00+01:00\n"
        'class = "process"\n'
        'chart = "outside_limits below"\n'
        'text = """\n'
        'Routing sends EMEA leads to a shared inbox."""\n'
    )


def test_what_is_empty_is_left_out() -> None:
    action = Action(id="a-8d2f", kpi="sql_rate", by="head", at=AT, title="Pause form", due=date(2026, 11, 6), owner="")

    assert record_block(action) == (
        '[action.a-8d2f]\nkpi = "sql_rate"\nby = "head"\nat = 2026-11-04T09:12:00+01:00\n'
        'title = "Pause form"\ndue = 2026-11-06\n'
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('say """stop"""', '"""\nsay ""\\"stop""\\""""'),
        ('ends with a quote"', '"""\nends with a quote\\""""'),
        ("C:\\temp", '"""\nC:\\\\temp"""'),
        ("kept \nhere ", '"""\nkept\\u0020\nhere\\u0020"""'),
        ("a\r\nb", '"""\na\nb"""'),
        ("\x1b[31m", '"""\n\\u001b[31m"""'),
        ("<<<<<<< HEAD", '"""\n\\u003c<<<<<< HEAD"""'),
        ("half \ud83d a pair", '"""\nhalf � a pair"""'),
        ("\ud83d\ude00", '"""\n😀"""'),
    ],
)
def test_awkward_texts(text: str, written: str) -> None:
    assert line_text("text", text) == f"text = {written}\n"


def test_an_offset_with_seconds_keeps_the_moment() -> None:
    at = datetime(1890, 1, 1, 12, 0, tzinfo=timezone(timedelta(minutes=53, seconds=28)))
    note = Note(id="n-2b3c", kpi="mqls", by="head", at=at, text="old clocks")

    (there,) = read_text("reviews/x.toml", record_block(note)).records

    assert there.at == at


def test_a_new_file_is_headed_for_people() -> None:
    review = Review(id="2026-10-monthly", cadence="monthly", period="2026-10", started=AT)

    assert new_file("Acme marketing", review) == (
        "# Acme marketing · October 2026 · monthly\n"
        "schema = 1\n\n"
        '[review]\nid = "2026-10-monthly"\ncadence = "monthly"\nperiod = "2026-10"\nstate = "open"\n'
        "started = 2026-11-04T09:12:00+01:00\n"
    )
    week = Review(id="2026-W44-weekly", cadence="weekly", period="2026-W44", started=AT.astimezone(UTC))
    assert new_file("", week).startswith("# 2026-W44 · weekly\n")

"""Two people wrote from one beginning: what both said is there."""

from __future__ import annotations

import tomllib

import pytest

from kpitui.problems import KpituiError
from kpitui.records.ids import ALPHABET, derived_id, new_id
from kpitui.records.merge import merge, merge_values
from kpitui.records.read import read_text

HEAD = """# Acme · October 2026 · monthly
schema = 1

[review]
id = "2026-10-monthly"
cadence = "monthly"
period = "2026-10"
state = "open"
started = 2026-11-04T09:00:00+01:00
"""
FIGURES = '\n[figures]\nmqls = [80.0, 100.0, "behind", "", "5f3a"]\n'


def note(note_id: str, text: str, more: str = "") -> str:
    keys = 'kpi = "mqls"\nby = "head"\nat = 2026-11-04T09:12:00+01:00\n'
    return f'\n# MQLs\n[note.{note_id}]\n{keys}{more}text = "{text}"\n'


BASE = HEAD + note("n-1", "one") + FIGURES


def texts(text: str) -> dict[str, str]:
    file = read_text("reviews/x.toml", text)
    assert file.problems == ()
    return {record.id: getattr(record, "text", "") for record in file.records}


def test_new_records_of_both_sides_are_kept_before_the_figures() -> None:
    ours = HEAD + note("n-1", "one") + note("n-2", "ours") + FIGURES
    theirs = HEAD + note("n-1", "one") + note("n-3", "theirs") + FIGURES

    merged = merge(BASE, ours, theirs)

    assert merged == (HEAD + note("n-1", "one") + note("n-3", "theirs") + note("n-2", "ours") + FIGURES, ())


def test_what_one_side_changed_is_taken_to_the_letter() -> None:
    changed = BASE.replace("# MQLs", "# MQLs, again").replace('"one"', '"uno"   # by hand')

    assert merge(BASE, changed, BASE) == (changed, ())
    assert merge(BASE, BASE, changed) == (changed, ())
    assert merge(BASE, changed, changed) == (changed, ())


def test_what_one_side_deleted_is_gone_unless_the_other_changed_it() -> None:
    deleted = HEAD + FIGURES
    changed = BASE.replace('"one"', '"uno"')

    assert texts(merge(BASE, deleted, BASE).text) == {}
    assert texts(merge(BASE, BASE, deleted).text) == {}
    assert texts(merge(BASE, deleted, changed).text) == {"n-1": "uno"}
    assert texts(merge(BASE, changed, deleted).text) == {"n-1": "uno"}


def test_different_keys_of_one_record_are_joined() -> None:
    ours = BASE.replace('"one"', '"uno"')
    theirs = HEAD + note("n-1", "one", 'segment = "EMEA"\n') + FIGURES

    text, conflicts = merge(BASE, ours, theirs)

    assert conflicts == ()
    assert text == HEAD + note("n-1", "uno", 'segment = "EMEA"\n').replace('"uno"', '"""\nuno"""') + FIGURES


def test_both_versions_stay_where_both_changed_the_same_key() -> None:
    text, conflicts = merge(BASE, BASE.replace('"one"', '"ours"'), BASE.replace('"one"', '"theirs"'))

    there = texts(text)
    assert there.pop("n-1") == "theirs"
    assert list(there.values()) == ["ours"]
    assert conflicts == (f"note.n-1: both sides changed text; ours is now note.{next(iter(there))}",)


def test_whoever_merges_arrives_at_the_same_id() -> None:
    sides = BASE.replace('"one"', '"ours"'), BASE.replace('"one"', '"theirs"')

    assert merge(BASE, *sides) == merge(BASE, *sides)


def test_two_who_made_the_file_apart() -> None:
    ours = HEAD.replace("09:00", "08:30") + note("n-2", "ours")
    theirs = HEAD + note("n-3", "theirs") + FIGURES

    text, conflicts = merge("", ours, theirs)

    assert conflicts == ()
    assert texts(text) == {"n-2": "ours", "n-3": "theirs"}
    assert "started = 2026-11-04T08:30:00+01:00" in text


def signed_off(by: str, hour: int) -> str:
    keys = f'signed_off_by = "{by}"\nsigned_off_at = 2026-11-04T{hour}:00:00+01:00\n'
    return BASE.replace('"open"', '"signed-off"').replace("09:00:00+01:00\n", f"09:00:00+01:00\n{keys}")


def reopened(by: str, hour: int) -> str:
    keys = f'reopened_by = "{by}"\nreopened_at = 2026-11-04T{hour}:00:00+01:00\n'
    return BASE.replace("09:00:00+01:00\n", f"09:00:00+01:00\n{keys}")


@pytest.mark.parametrize(("ours", "theirs"), [(("ada", 10), ("bo", 11)), (("bo", 11), ("ada", 10))])
def test_a_review_that_both_signed_off_was_signed_off_by_the_last_of_them(
    ours: tuple[str, int], theirs: tuple[str, int]
) -> None:
    assert merge(BASE, signed_off(*ours), signed_off(*theirs)) == (signed_off("bo", 11), ())


def test_a_review_that_both_opened_again_was_opened_by_the_last_of_them() -> None:
    base = signed_off("ada", 10)

    assert merge(base, reopened("cy", 12), reopened("bo", 11)) == (reopened("cy", 12), ())
    assert merge(base, reopened("cy", 12), base) == (reopened("cy", 12), ())


def test_a_review_that_one_side_has_left_open_is_open_and_has_no_sign_off() -> None:
    base = signed_off("ada", 10)
    again = reopened("bo", 11).replace('"open"', '"signed-off"')
    again = again.replace("reopened_by", 'signed_off_by = "bo"\nsigned_off_at = 2026-11-04T13:00:00+01:00\nreopened_by')

    assert merge(base, reopened("cy", 12), again) == (reopened("cy", 12), ())
    assert merge(base, again, reopened("cy", 12)) == (reopened("cy", 12), ())


def test_a_sign_off_that_is_no_moment_gives_way_to_one_that_is() -> None:
    by_hand = signed_off("ada", 10).replace("2026-11-04T10:00:00+01:00", '"yesterday"')

    assert merge(BASE, by_hand, signed_off("bo", 11)).text == signed_off("bo", 11)


def test_a_clash_outside_records_is_told_and_theirs_stays() -> None:
    ours = BASE.replace('"open"', '"signed-off"').replace("80.0", "81.0")
    theirs = BASE.replace('state = "open"', 'state = "reopened"').replace("80.0", "82.0")

    text, conflicts = merge(BASE, ours, theirs)

    assert text == theirs
    assert conflicts[0] == "review: state is 'reopened' in theirs, which stays, and 'signed-off' in ours"
    assert conflicts[1].startswith("figures: mqls is [82.0")


def test_a_comment_that_cannot_be_placed_is_told() -> None:
    ours = BASE.replace("# MQLs", "# ask Bo\n# MQLs").replace('"one"', '"uno"')
    theirs = HEAD + note("n-1", "one", 'segment = "EMEA"\n') + FIGURES

    assert merge(BASE, ours, theirs).conflicts == ("note.n-1: ours has the comment '# ask Bo', which is left out",)


def test_line_ends_stay_those_of_theirs() -> None:
    ours = HEAD + note("n-1", "one") + note("n-2", "ours") + FIGURES

    text = merge(BASE, ours, BASE.replace("\n", "\r\n")).text

    assert text == ours.replace("\n", "\r\n")


@pytest.mark.parametrize("bad", ["a = ", "[[extras]]\na = 1\n[[extras]]\na = 2\n"])
def test_what_cannot_be_merged_is_left_to_people(bad: str) -> None:
    with pytest.raises(KpituiError, match="cannot merge: ours"):
        merge(BASE, bad, BASE)


def test_values_of_a_table() -> None:
    base = {"kept": 1, "ours": 1, "theirs": 1, "both": 1, "gone": 1}
    ours = {"kept": 1, "ours": 2, "theirs": 1, "both": 2, "new": 5}
    theirs = {"kept": 1, "ours": 1, "theirs": 3, "both": 3, "gone": 1}

    assert merge_values(base, ours, theirs) == (
        {"kept": 1, "ours": 2, "theirs": 3, "both": 3, "new": 5},
        ["both"],
    )


def test_ids_are_short_and_never_taken() -> None:
    taken = {new_id("cause", ()) for _ in range(500)}

    assert all(record_id[:2] == "c-" and set(record_id[2:]) <= set(ALPHABET) for record_id in taken)
    assert derived_id("note", "x", ()) == derived_id("note", "x", ())
    assert derived_id("note", "x", {derived_id("note", "x", ())}) != derived_id("note", "x", ())
    assert tomllib.loads(f"[note.{new_id('note', ())}]")

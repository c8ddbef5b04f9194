"""A write changes its own lines; all that others wrote stays as it is, byte for byte."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpitui.problems import KpituiError
from kpitui.records.layout import blocks, statements
from kpitui.records.model import Figures
from kpitui.records.splice import add_block, change_table, own_values, remove_block, set_figures

HAND_EDITED = '''\
# Acme marketing · October 2026 · monthly
schema = 1

[review]   # ours
id = "2026-10-monthly"
   state   =   "open"    # until Friday


# said by Ana
[ cause . "c-9m2x" ]
kpi = 'sql_rate'
text = """
[note.n-fake]
# no comment
quote \\""" and ] bracket"""   # checked
seen_by = [ "Ana",   # first
            "Bo" ]

[[extras]]
a = 1
[[extras]]
a = 2
# the room's figures
[figures]
sql_rate = [0.22, 0.25, "behind", "", "5f3a"]
'''
NOTE = '[note.n-2b3c]\nkpi = "mqls"\ntext = """\nseen"""\n'

spaces = st.sampled_from(["", "\n", "\n\n", "  \n"])
pieces = st.sampled_from(
    [
        "# a comment\n",
        '[cause.c-{n}]\ntext = """\n[figures]\n# x ""\\" y"""\n',
        "[unknown{n}]   # why\na.b = [1,\n 2, # two\n 3]\n",
        '[action.a-{n}]\n  title   =   \'a """ # b\'\t# hand\n',
        "[[list{n}]]\nx = '''\n[note.n-2b3c]\n'''\n",
        "[empty{n}]\n",
    ]
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(["", "schema = 1\n", "\n\n# heading\nschema = 1 # one\n"]))
    for number, piece in enumerate(draw(st.lists(pieces, max_size=6))):
        text += draw(spaces) + piece.replace("{n}", str(number))
    if draw(st.booleans()):
        text += draw(spaces) + draw(st.sampled_from(["", "# lead\n"])) + "[figures]\nmqls = [1]\n"
    text += draw(spaces)
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


@settings(max_examples=300, deadline=None)
@given(texts())
def test_the_statements_of_a_text_are_the_text(text: str) -> None:
    parts = list(statements(text))

    assert "".join(part.text for part in parts) == text
    assert [part.line for part in parts] == [text.count("\n", 0, part.start) + 1 for part in parts]
    assert "".join(part.text for block in blocks(text) for part in block._lines) == text


@settings(max_examples=300, deadline=None)
@given(texts())
def test_a_new_block_leaves_every_other_byte_alone(text: str) -> None:
    newline = "\r\n" if "\r\n" in text else "\n"
    block = NOTE.replace("\n", newline)

    new, line = add_block(text, NOTE)
    before, _, after = new.rpartition(block)

    added = len(new) - len(text) - len(block)
    assert set(new[len(before) - 4 : len(before)]) <= set(text) | {"\r", "\n"}
    assert (before + after).replace(newline, "") == text.replace(newline, "")
    assert 0 <= added <= 2 * len(newline)
    assert new.split("\n")[line - 1].startswith("[note.n-2b3c]")
    assert tomllib.loads(new) == tomllib.loads(text) | {"note": tomllib.loads(NOTE)["note"]}
    if before.strip():
        assert before.endswith(newline * 2)
        assert before.rstrip("\r\n") + newline * 2 == before
    if after.strip():
        assert not after.split("\n")[0].strip()


def test_the_block_goes_before_the_figures_and_the_comment_above_them() -> None:
    new, line = add_block(HAND_EDITED, NOTE)

    assert new == HAND_EDITED.replace("a = 2\n", f"a = 2\n\n{NOTE}\n")
    assert line == 24


def test_a_changed_key_changes_its_line_and_keeps_the_comment_behind_it() -> None:
    values = own_values(HAND_EDITED, ("review",))

    new, _ = change_table(HAND_EDITED, ("review",), {**values, "state": "signed-off"})

    assert new == HAND_EDITED.replace('   state   =   "open"    #', '   state = "signed-off"  #')


def test_new_keys_find_their_place_and_absent_ones_go() -> None:
    path = ("cause", "c-9m2x")
    old = own_values(HAND_EDITED, path)

    new, line = change_table(
        HAND_EDITED, path, {"kpi": "sql_rate", "class": "process", "text": "short", "seen_by": old["seen_by"]}
    )
    without, _ = change_table(new, path, {"kpi": "sql_rate", "text": "short", "seen_by": old["seen_by"]})

    assert line == 10
    assert (
        'kpi = \'sql_rate\'\nclass = "process"\ntext = """\nshort"""  # checked\nseen_by = [ "Ana",   # first\n' in new
    )
    assert "class" not in without
    assert tomllib.loads(without)["cause"]["c-9m2x"]["text"] == "short"


def test_the_last_line_may_lack_its_line_break() -> None:
    text = '[review]\nid = "x"'

    assert change_table(text, ("review",), {"id": "x", "state": "open"})[0] == '[review]\nid = "x"\nstate = "open"\n'
    assert add_block(text, NOTE)[0] == f"{text}\n\n{NOTE}"
    assert change_table("[review]", ("review",), {"id": "x"})[0] == '[review]\nid = "x"\n'


def test_figures_are_set_line_by_line() -> None:
    row = Figures(0.3, (0.2, 0.4), "on_track", "", "5f3a")

    new = set_figures(HAND_EDITED, {"mqls": row})

    assert new == HAND_EDITED + 'mqls = [0.3, [0.2, 0.4], "on_track", "", "5f3a"]\n'
    assert set_figures("schema = 1\n", {"mqls": Figures(None, None, "no_data", "", "")}) == (
        'schema = 1\n\n[figures]\nmqls = ["", "", "no_data", "", ""]\n'
    )


def test_a_removed_block_takes_its_comments_with_it() -> None:
    start, end = HAND_EDITED.index("# said by Ana"), HAND_EDITED.index("[[extras]]")

    assert remove_block(HAND_EDITED, ("cause", "c-9m2x")) == HAND_EDITED[:start] + HAND_EDITED[end:]


def test_a_table_without_a_header_of_its_own_is_left_to_its_author() -> None:
    with pytest.raises(KpituiError, match=r"one header \[cause.c-1\]"):
        change_table('cause.c-1.text = "dotted"\n', ("cause", "c-1"), {"text": "x"})

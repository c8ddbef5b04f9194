"""The language of the scorecard's filter."""

from __future__ import annotations

import pytest

from kpitui.definitions.filters import Term, parse_filter


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("  ", []),
        ("Lead time", [Term(None, ("lead",)), Term(None, ("time",))]),
        ("owner:ops", [Term("owner", ("ops",))]),
        ('owner:"Sales Lead" x', [Term("owner", ("sales lead",)), Term(None, ("x",))]),
        ('"win: rate"', [Term(None, ("win: rate",))]),
        ("status:at_risk,BEHIND", [Term("status", ("at risk", "behind"))]),
        ("status:at-risk", [Term("status", ("at risk",))]),
        ("STATUS:beh", [Term("status", ("beh",))]),
        ('name:"never closed', [Term("name", ("never closed",))]),
        ('team:"a,b",c', [Term("team", ("a,b", "c"))]),
    ],
)
def test_words_and_pairs(text: str, terms: list[Term]) -> None:
    found = parse_filter(text)
    assert list(found.terms) == terms
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("onwer:ops", "unknown key `onwer`", "did you mean `owner`?"),
        ("tier:", "`tier:` lacks a word", "one of primary, supporting, diagnostic"),
        ("owner:", "`owner:` lacks a word", None),
        ("tier:first", "unknown tier `first`", "one of primary, supporting, diagnostic"),
    ],
)
def test_what_is_not_understood_is_told_and_narrows_nothing(text: str, message: str, hint: str | None) -> None:
    found = parse_filter(text)
    assert found.terms == ()
    assert [tuple(remark) for remark in found.remarks] == [(message, hint)]


def test_the_rest_of_a_filter_holds_beside_a_mistake() -> None:
    found = parse_filter("colour:red tier:primary,first lead")
    assert list(found.terms) == [Term("tier", ("primary",)), Term(None, ("lead",))]
    assert [remark.message for remark in found.remarks] == ["unknown key `colour`", "unknown tier `first`"]

"""What some letters find, and in which order."""

from __future__ import annotations

from time import perf_counter

import pytest

from kpitui.ui.fuzzy import fit

NAMES = ["Qualified leads (MQL)", "Lead response time", "Response rate", "Cost per lead", "Average order", "Misleading"]


def found(typed: str) -> list[str]:
    """The names that have it, the best first."""
    hits = [(hit.score, name) for name in NAMES if (hit := fit(typed, name))]
    return [name for _, name in sorted(hits, reverse=True)]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        # A word of its own, at first or later; the beginning of a word; within one.
        ("lead", ["Lead response time", "Cost per lead", "Qualified leads (MQL)", "Misleading"]),
        ("RESP", ["Response rate", "Lead response time"]),
        # With gaps, and the first letters of words.
        ("rspt", ["Lead response time", "Response rate"]),
        ("lrt", ["Lead response time"]),
        ("mql", ["Qualified leads (MQL)"]),
        # Each word, in any order.
        ("time lead", ["Lead response time"]),
        ("lead nothing", []),
        # Letters far apart are found in any long text.
        ("cd", []),
    ],
)
def test_what_letters_find(typed: str, names: list[str]) -> None:
    assert found(typed) == names


def test_where_the_letters_stand() -> None:
    hit = fit("lead tim", "Lead response time")
    assert hit is not None
    assert hit.at == (0, 1, 2, 3, 14, 15, 16)


def test_a_name_that_is_made_to_take_long_takes_no_longer() -> None:
    began = perf_counter()
    assert fit("aaaaaaaaaaaaaaab", "a" * 3000) is None
    assert perf_counter() - began < 0.1


def test_a_letter_that_becomes_two_in_small_letters_moves_no_position() -> None:
    # İ.lower() are two characters.
    hit = fit("x", "İİx")
    assert hit is not None
    assert hit.at == (2,)

"""How well some letters fit a text: whole beginnings of words first, letters with gaps between them last.

Every word that is typed must be there, in any order. Time is proportional to the text, whatever it holds: names come
from files.
"""

from __future__ import annotations

from typing import NamedTuple

_WHOLE, _BEGINNING, _WITHIN, _GAPS = 4.0, 3.0, 2.0, 1.0
"""What a letter is worth in a word of its own, at the beginning of one, within one, and with gaps."""

_WIDEST = 3
"""Letters left out for each that was typed, at most: any long text has any few letters somewhere."""


class Fit(NamedTuple):
    """That a text has the letters."""

    score: float
    """More is better."""
    at: tuple[int, ...]
    """Where they stand."""


def fit(typed: str, text: str, *, gaps: bool = True) -> Fit | None:
    """How the text has the words that were typed, with gaps between their letters or without; None: it lacks one."""
    low = text.lower()
    if len(low) != len(text):
        low = text  # a letter that becomes two: positions would not fit
    score, at = 0.0, set[int]()
    for word in typed.lower().split():
        found = _word(word, low) or (_with_gaps(word, low) if gaps else None)
        if found is None:
            return None
        score += found.score
        at.update(found.at)
    # Of two that fit alike, the shorter one is meant.
    return Fit(score - len(text) / 1000, tuple(sorted(at)))


def _word(word: str, text: str) -> Fit | None:
    """In one piece, at the beginning of a word if there is one that begins with it."""
    within = None
    begin = text.find(word)
    while begin >= 0:
        if _begins(text, begin):
            end = begin + len(word)
            whole = end == len(text) or not text[end].isalnum()
            worth = _WHOLE if whole else _BEGINNING
            return Fit(worth * len(word) + (1 if begin == 0 else 0), tuple(range(begin, end)))
        within = begin if within is None else within
        begin = text.find(word, begin + 1)
    return Fit(_WITHIN * len(word), tuple(range(within, within + len(word)))) if within is not None else None


def _with_gaps(word: str, text: str) -> Fit | None:
    """In the shortest stretch that ends where the letters have come for the first time."""
    at = -1
    for letter in word:
        at = text.find(letter, at + 1)
        if at < 0:
            return None
    found = [at]
    for letter in reversed(word[:-1]):
        found.append(text.rfind(letter, 0, found[-1]))
    found.reverse()
    begins = sum(_begins(text, place) for place in found)
    gaps = found[-1] - found[0] + 1 - len(word)
    if gaps > _WIDEST * len(word) and begins < len(word):
        return None
    return Fit(_GAPS * len(word) + begins - gaps / 10, tuple(found))


def _begins(text: str, at: int) -> bool:
    """Whether a word begins there."""
    return at == 0 or not text[at - 1].isalnum()

"""The language of the scorecard's filter, in `[view.*]` as in the line behind `/`.

A filter is words, and pairs such as `owner:ops`. All of them must hold; of the words in one pair that are separated by
commas, one. Quotes keep blanks together: `owner:"Head of marketing"`.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, get_args

from kpitui.terms import COMPONENTS, GROUPS, KINDS, LEVELS, PERSPECTIVES, STATUSES, TIERS, TYPES

Mark = Literal["stale", "incomplete", "restated", "manual", "provisional", "noted", "open", "overdue"]
"""What may be said of a row beside its figures: `is:stale`."""
MARKS: tuple[Mark, ...] = get_args(Mark)

SIGNAL_WORDS = (
    *("any", "usual", "better", "worse", "changed", "above", "below"),
    *("limit", "outside_limits", "run", "shift", "trend", "near", "near_limits", "step", "moving_range"),
)
"""Each rule by its name and by the word that stands in its row."""

CLOSED: dict[str, tuple[str, ...]] = {
    "status": STATUSES,
    "signal": SIGNAL_WORDS,
    "group": GROUPS,
    "is": MARKS,
    "lacks": COMPONENTS,
    "tier": TIERS,
    "kind": KINDS,
    "type": TYPES,
    "level": LEVELS,
    "perspective": PERSPECTIVES,
}
"""Keys with words that are known beforehand; the beginning of one will do."""
OPEN = ("owner", "team", "objective", "stage", "initiative", "id", "name")
"""Keys whose text is looked for anywhere in the KPI's."""
KEYS = (*CLOSED, *OPEN)

_TOKEN = re.compile(r'(?:"[^"]*"?|[^\s"])+')
_PAIR = re.compile(r"([A-Za-z_]+):(.*)", re.DOTALL)


class Term(NamedTuple):
    """One condition: of this key (None: anywhere) one of these words, as `folded` has them."""

    key: str | None
    words: tuple[str, ...]


class Remark(NamedTuple):
    """Why a part of a filter is left out."""

    message: str
    hint: str | None


class Filter(NamedTuple):
    """What can be understood of a filter's text, and what cannot."""

    terms: tuple[Term, ...] = ()
    remarks: tuple[Remark, ...] = ()


def folded(text: str) -> str:
    """The text as it is compared: without the difference of capitals, and `_` and `-` as blanks."""
    return text.casefold().replace("_", " ").replace("-", " ")


def parse_filter(text: str) -> Filter:
    """Read a filter; what is wrong with it is left out and told, so that it hides nothing by mistake."""
    terms: list[Term] = []
    remarks: list[Remark] = []
    for token in _TOKEN.findall(text):
        pair = _PAIR.fullmatch(token)
        if pair is None:
            word = folded(token.replace('"', ""))
            if word.strip():
                terms.append(Term(None, (word,)))
            continue
        key, words = pair[1].lower(), [folded(word.replace('"', "")).strip() for word in _split(pair[2])]
        words = [word for word in words if word]
        if key not in KEYS:
            remarks.append(_unknown_key(pair[1]))
        elif not words:
            hint = _one_of(CLOSED[key]) if key in CLOSED else None
            remarks.append(Remark(f"`{key}:` lacks a word", hint))
        else:
            known = [word for word in words if _is_known(key, word)]
            unknown = [word for word in words if word not in known]
            remarks += [Remark(f"unknown {key} `{_shortened(word)}`", _one_of(CLOSED[key])) for word in unknown]
            if known:
                terms.append(Term(key, tuple(known)))
    return Filter(tuple(terms), tuple(remarks))


def _unknown_key(key: str) -> Remark:
    # Imported here: a start without a filter does without the reader of definitions.
    from kpitui.definitions.reader import suggestion

    return Remark(f"unknown key `{_shortened(key)}`", suggestion(key.lower(), KEYS) or _one_of(KEYS))


def _shortened(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"


def _split(words: str) -> list[str]:
    """At commas outside of quotes."""
    return re.findall(r'(?:"[^"]*"?|[^,"])+', words)


def _is_known(key: str, word: str) -> bool:
    return key not in CLOSED or any(folded(known).startswith(word) for known in CLOSED[key])


def _one_of(words: tuple[str, ...]) -> str:
    return f"one of {', '.join(words)}"

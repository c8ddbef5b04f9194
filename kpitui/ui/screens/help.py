"""The keys of the screen below, made from the one table of keys, and what its signs mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.keymap import KeyMap
from kpitui.ui.keys import MOUSE, WHERE, Action, Place, places_of, shown
from kpitui.ui.screens.finder import Finder
from kpitui.ui.text import wrapped
from kpitui.ui.widgets.marked_list import Item
from kpitui.workspace.wording import STATUS_SIGN, STATUS_WORD

_KEY = "bold accent"
_SIGN = 14
"""Cells of a key or a sign, the blank behind it included."""
_NARROWEST = 20
"""Cells of a meaning at least."""

_LEGEND = (
    ("⚑2 ✎ !", "open actions, notes of this period, a missing component (such as an owner)"),
    ("↺ ⌨", "restated: a review saw another figure; the figures are typed in"),
    ("◷ ~", "stale: later values are due; limits of fewer than 12 points are provisional"),
    ("61%* ◔95%", "not every value that was due has come; ◔ how many have, where that is enough to judge"),
    ("usual", "nothing but usual variation, by the KPI's process behaviour chart"),
    ("worse ↑", "a change: limit (outside the limits), run (long on one side), trend, near (a limit)"),
    ("Gap↑ Gap↓", "rows are sorted by this column, from its low or from its high end"),
    ("• ○ ▲ ▼", "on the chart: a period, one that is not over (amounts: at its pace), signals above and below"),
    ("· ─ ╌ . :", "limits, mean, target, the same periods a year and two years ago"),
    ("① A B ┆", "on its axis: what happened, told below it; marked periods; the cursor"),
)
_FILTER = (
    ("ops lead", "both words, anywhere in names, owners, teams and the like"),
    ("owner:ops", "also team: objective: stage: initiative: name: id: tier: kind: type: level: perspective:"),
    ("status:", "behind, at_risk, on_track, ahead, no_target, no_data; a comma means or"),
    ("signal:", "any, usual, better, worse, above, below, limit, run, trend, near, step"),
    ("is:", "stale, incomplete, restated, manual, provisional, noted, open, overdue"),
    ("group: lacks:", "watch, fine, …; owner, target, …"),
)


_TREE = (
    (
        "Contribution",
        (
            "its part of the change of the tree's top, in the top's unit; bold: that change. "
            "Owen values of the formulas: the parts of a KPI add up to its own; arithmetic, not cause"
        ),
    ),
    ("—", "its formula does not name it, or cannot be taken apart: the sentence says why"),
    ("⇢ 3 weeks", "predicts the KPI above it, so much later; behind a name: it is a part as well"),
    (
        "m",
        (
            "the largest part that has changed by its chart and pulls the same way; without one, what "
            "leads it and changed first, up to 26 weeks before; without one, the largest part of all"
        ),
    ),
    ("↓ share", "funnel: how many of a count come to the next one; ┊ the target, or the year before"),
    (
        "bottleneck",
        "the share that is furthest below its target in per cent of it; without a target, below the year before",
    ),
)


class Help(Finder):
    """What the keys do, then what the signs mean; gives the id of the action to run."""

    TITLE_OF_BOX = "Keys · type to find · [@click=screen.choose]⏎ runs[/] · [@click=screen.leave]esc closes[/]"
    PLACEHOLDER = "some letters of what you want to do, or a key"

    def __init__(self, place: Place, keymap: KeyMap) -> None:
        super().__init__()
        self._parts = _parts(place, keymap)

    def found(self, typed: str, columns: int) -> tuple[Sequence[Item], str | None]:
        words = typed.casefold().split()
        items: list[Item] = []
        marked = None
        for part in self._parts:
            said = [each for each in part.explained if all(word in each.searched for word in words)]
            if said and items:
                items.append(_line("", partial(_write, "", "", ""), heading=True))
            if said:
                items.append(_line(part.title, partial(_write, part.title, "bold primary", ""), heading=True))
            for number, each in enumerate(said):
                key = each.action or f"{part.title} {number}"
                first, *more = wrapped(each.meaning, max(_NARROWEST, columns - _SIGN))
                items.append(_line(key, partial(_write, each.sign, each.ink, first)))
                items += [_line(f"{key} more", partial(_write, "", "", line), heading=True) for line in more]
                if typed.strip() in each.keys:
                    marked = key
        return items, marked

    def choose(self, key: str) -> None:
        """A sign is nothing to run."""
        if any(each.action == key for part in self._parts for each in part.explained):
            super().choose(key)


class _Said(NamedTuple):
    """A key or a sign, and what it means."""

    sign: str
    ink: str
    meaning: str
    action: str = ""
    """Its id."""
    keys: Sequence[str] = ()

    @property
    def searched(self) -> str:
        """Where the words that are typed may stand."""
        return f"{self.sign} {self.action} {self.meaning}".casefold()


class _Part(NamedTuple):
    """A heading and what stands under it."""

    title: str
    explained: Sequence[_Said]


def _line(key: str, write: Callable[[Canvas, int, int, bool], None], *, heading: bool = False) -> Item:
    return Item(key, write, heading)


def _write(sign: str, ink: str, meaning: str, canvas: Canvas, y: int, _room: int, _marked: bool) -> None:
    canvas.write(0, y, sign, ink)
    canvas.write(_SIGN, y, meaning)


def _parts(place: Place, keymap: KeyMap) -> list[_Part]:
    """What the help of a screen explains."""
    here = keymap.of(*places_of(place))
    parts = []
    for one in (place, "write", "everywhere", "list", "outline"):
        said = [
            _Said(_signs(action), _KEY, action.help, action.id, action.keys) for action in here if action.place == one
        ]
        if said:
            parts.append(_Part(WHERE[one], said))
    parts.append(_Part("With the mouse", _explained(MOUSE)))
    signs = [
        _Said(STATUS_SIGN[status], f"bold status-{status.replace('_', '-')}", word)
        for status, word in STATUS_WORD.items()
    ]
    parts.append(_Part("Signs", [*signs, *_explained(_LEGEND)]))
    if place == "scorecard":
        parts.append(_Part("Words for / and for saved views", _explained(_FILTER)))
    if place == "tree":
        parts.append(_Part("What stands there", _explained(_TREE)))
    return parts


def _signs(action: Action) -> str:
    """As many of its keys as have room."""
    text = ""
    for key in action.keys:
        longer = f"{text} {shown(key)}".strip()
        if len(longer) < _SIGN:
            text = longer
    return text


def _explained(signs: Iterable[tuple[str, str]]) -> list[_Said]:
    return [_Said(sign, _KEY, meaning) for sign, meaning in signs]

"""What was found wrong in measurement files: gathered, held to a readable number, put in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from kpitui.measurements.values import Told
from kpitui.printable import printable
from kpitui.problems import Problem

T = TypeVar("T")

SHOWN = 20
"""Of one kind in one file; a million bad cells have one cause."""
CURABLE_DATES = "dates of another form"
_FEW = {CURABLE_DATES: 5}
"""Of kinds that one line of the definition cures: told beside others, they must not hide those."""
QUOTED = 40
"""Characters of a file's text that a message repeats."""


def quoted(text: str) -> str:
    """A file's own words inside a message: printable, and short."""
    text = printable(text)
    return f"`{text if len(text) <= QUOTED else text[: QUOTED - 1] + '…'}`"


def toml_string(text: str) -> str:
    """A text as a definition would have it."""
    escaped = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """The hint that names the one that was probably meant."""
    from difflib import get_close_matches  # needed for mistakes only

    by_lower = {candidate.lower(): candidate for candidate in known}
    close = get_close_matches(name.lower(), list(by_lower), n=1)
    return f"did you mean {quoted(by_lower[close[0]])}?" if close else None


def has_digit(text: str) -> bool:
    """Whether a text may be a number or a date, and not only words."""
    return any(map(str.isdigit, text))


class Findings:
    """Problems by file and kind."""

    def __init__(self, told: Told | None = None) -> None:
        self._shown: list[Problem] = list(told.shown) if told else []
        self._counts = {(file, kind): count for file, kind, count in (told.counts if told else [])}
        self._first_hidden = {(file, kind): problem for file, kind, problem in (told.hidden if told else [])}

    def told(self) -> Told:
        """All of it, to go on from when the files have grown."""
        return Told(
            list(self._shown),
            [(file, kind, count) for (file, kind), count in self._counts.items()],
            [(file, kind, problem) for (file, kind), problem in self._first_hidden.items()],
        )

    def add(self, kind: str, problem: Problem) -> None:
        """Take in one problem; `kind` is what those have in common that are worth counting together."""
        self.add_all(kind, problem.file, [problem], lambda found: found)

    def add_all(self, kind: str, file: str, places: Sequence[T], describe: Callable[[T], Problem]) -> None:
        """Take in one problem of `file` per place; only those that will be shown are described."""
        seen = self._counts.get((file, kind), 0)
        self._counts[file, kind] = seen + len(places)
        room = max(0, _FEW.get(kind, SHOWN) - seen)
        self._shown.extend(describe(place) for place in places[:room])
        if len(places) > room and (file, kind) not in self._first_hidden:
            self._first_hidden[file, kind] = describe(places[room])

    def problems(self) -> list[Problem]:
        """All of them by file, line and column, each once; what is too much of a kind as its last line."""
        rest = []
        for (file, kind), first in self._first_hidden.items():
            count = self._counts[file, kind] - _FEW.get(kind, SHOWN)
            message = f"… and {count} more like this: {kind}"
            rest.append(first._replace(message=message, column=None, hint=None, stands_for=count))
        return in_order([*self._shown, *rest])


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By file, line and column, each once."""
    return sorted(dict.fromkeys(problems), key=_place)


def _place(problem: Problem) -> tuple[str, int, int, str]:
    return problem.file, problem.line or 0, problem.column or 0, problem.message

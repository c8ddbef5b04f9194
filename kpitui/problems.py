"""What is wrong with something that a person wrote, as data: where it stands, what it is, how to mend it.

Whatever reads definitions, measurements or records returns its values together with a list of these, so that
everything wrong is told at once and everything sound still opens. Exceptions are left for bugs and for the
operating system, and for `KpituiError`: nothing can be shown at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Level = Literal["problem", "advice"]

_MOST_NAMED = 4
"""Ids that are told of those that a problem leaves without figures."""


class Problem(NamedTuple):
    """One thing that is wrong, or (level "advice") that could be better."""

    file: str
    """Path relative to the workspace, with forward slashes; empty where no file is meant."""
    message: str
    """What is wrong, as a sentence without a full stop."""
    line: int | None = None
    """1 is the first line."""
    column: int | None = None
    """1 is the first character of the line, counted in characters."""
    key: str | None = None
    """The definition's key, dotted: `kpi.mqls.target`."""
    hint: str | None = None
    """What to do; where there is one obvious cure, the line to write."""
    level: Level = "problem"
    stands_for: int = 1
    """How many the line stands for."""
    rests_on: tuple[str, ...] = ()
    """Of what only follows from another problem: the tables, dotted, one of which has it; `load` folds these away."""
    holds_up: tuple[str, ...] = ()
    """Measures and KPIs that have no figures until it is mended."""

    @property
    def place(self) -> str:
        """`file:line:column` as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)

    def __str__(self) -> str:
        text = ": ".join(part for part in (self.place, self.key, self.message) if part)
        text = f"{text} ({self.hint})" if self.hint else text
        return f"{text}; {self.held_up}" if self.holds_up else text

    @property
    def held_up(self) -> str:
        """What has no figures because of it: `until then no figures for leads, mqls and 5 more`; else empty."""
        if not self.holds_up:
            return ""
        named = self.holds_up if len(self.holds_up) <= _MOST_NAMED + 1 else self.holds_up[:_MOST_NAMED]
        more = len(self.holds_up) - len(named)
        rest = f" and {more} more" if more else ""
        return f"until then no figures for {', '.join(named)}{rest}"


def total(problems: Iterable[Problem]) -> int:
    """How many problems there are, those included that one line tells of together."""
    return sum(problem.stands_for for problem in problems)


class KpituiError(Exception):
    """The call or the workspace cannot be used; the message is a sentence for the person who made the call."""


class NothingToShowError(KpituiError):
    """No KPI is defined soundly; the message tells of all problems, `first` of one of them in a line."""

    def __init__(self, sentence: str, first: str) -> None:
        super().__init__(sentence)
        self.first = first

"""What is wrong with something that a person wrote, as data: where it stands, what it is, how to mend it.

Whatever reads definitions, measurements or records returns its values together with a list of these, so that
everything wrong is told at once and everything sound still opens. Exceptions are left for bugs and for the
operating system, and for `KpituiError`: nothing can be shown at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Level = Literal["problem", "advice"]


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

    @property
    def place(self) -> str:
        """`file:line:column` as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)

    def __str__(self) -> str:
        text = ": ".join(part for part in (self.place, self.key, self.message) if part)
        return f"{text} ({self.hint})" if self.hint else text


def total(problems: Iterable[Problem]) -> int:
    """How many problems there are, those included that one line tells of together."""
    return sum(problem.stands_for for problem in problems)


class KpituiError(Exception):
    """The call or the workspace cannot be used; the message is a sentence for the person who made the call."""

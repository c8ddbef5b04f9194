"""Causes among what is wrong with definitions: what only follows from another mistake is told with it, in one line.

One misspelt frequency leaves every measure of its source without figures, and every formula over these. Told one by
one, they would bury the line that has to be mended.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Mapping, Sequence

from kpitui.problems import Problem

UNREAD = "a file that is not read"
"""What an id that nothing defines may rest on: it may be in a file of which nothing is known."""

_FIGURE_KEYS = ("formula", "source")
"""A consequence in one of these leaves a measure or a KPI without figures."""


def tables_of(name_id: str) -> tuple[str, str]:
    """The tables that may define an id of a formula."""
    return f"kpi.{name_id}", f"measure.{name_id}"


def causes(problems: Sequence[Problem], unread: Collection[str]) -> list[Problem]:
    """The problems that something can be done about, each with the ids that have no figures until it is mended.

    `unread`: the files of which nothing is known. Their problems come first.
    """
    own: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        own[_table(problem)].append(problem)
    of_a_file = next((problem for problem in problems if problem.file in unread), None)
    cause: dict[Problem, Problem] = {}
    first: dict[tuple[tuple[str, ...], str], Problem] = {}
    for problem in problems:
        if not problem.rests_on:
            cause[problem] = problem
        elif UNREAD in problem.rests_on:
            cause[problem] = of_a_file or problem
        elif not any(table in own for table in problem.rests_on):
            # Nothing else is known to be wrong: of several that say the same, the first stands for all.
            cause[problem] = first.setdefault((problem.rests_on, problem.message), problem)
    held_up: dict[Problem, dict[str, None]] = {problem: {} for problem in problems if cause.get(problem) is problem}
    for problem in problems:
        found = cause.get(problem) or _behind(problem, own, cause) or problem
        table, _, key = (problem.key or "").rpartition(".")
        ids = held_up.setdefault(found, {})
        if found is not problem and key in _FIGURE_KEYS:
            ids[table.partition(".")[2]] = None
    told = [problem._replace(rests_on=(), holds_up=tuple(ids)) for problem, ids in held_up.items()]
    return sorted(told, key=lambda problem: problem.file not in unread)


def _table(problem: Problem) -> str:
    """The table that a problem is in: `kpi.mqls`."""
    return ".".join((problem.key or "").split(".")[:2])


def _behind(problem: Problem, own: Mapping[str, Sequence[Problem]], cause: Mapping[Problem, Problem]) -> Problem | None:
    """The cause of what only follows, through all that lies between; None where none is known, as in a ring."""
    waiting, seen = deque(problem.rests_on), set(problem.rests_on)
    beside = None
    while waiting:
        there = own.get(waiting.popleft(), ())
        known = [cause[other] for other in there if other in cause]
        further = [other for other in there if other not in cause]
        if known and not further:
            return known[0]
        # A table with both: what it rests on is behind it, its own mistake may be one that shapes no figure.
        beside = beside or (known[0] if known else None)
        tables = dict.fromkeys(table for other in further for table in other.rests_on if table not in seen)
        waiting.extend(tables)
        seen.update(tables)
    return beside

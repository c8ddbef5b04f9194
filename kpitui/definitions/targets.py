"""What is aimed at: entries of `target` in a KPI, and rows of the workspace's file of targets."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import get_args

from kpitui.definitions.reader import Table, kind
from kpitui.definitions.tables import Row, rows
from kpitui.periods import GRAINS, Grain
from kpitui.problems import Problem
from kpitui.terms import Direction, Target
from kpitui.terms import Path as TargetPath

COLUMNS = ("kpi", "from", "until", "value", "low", "high", "per", "reason")
TARGET_KEYS = ("from", "until", "value", "low", "high", "per", "path", "start", "reason")
PATHS: tuple[TargetPath, ...] = get_args(TargetPath)
GRAIN_WORDS = tuple(GRAINS)


def inline_targets(kpi: Table, direction: Direction | None, grain: Grain) -> tuple[Target, ...]:
    """The entries of a KPI's `target`; none where one is wrong, lest an older one hold in its place."""
    value = kpi.values.get("target")
    if isinstance(value, int | float) and not isinstance(value, bool):
        kpi.problem(
            "target",
            f"expected a list of tables, found {kind(value)}",
            f"target = [{{ from = 2026-01-01, value = {value} }}]",
        )
        return ()
    entries = kpi.tables("target", TARGET_KEYS)
    targets = [read_target(entry, direction, grain) for entry in entries]
    sound = [target for target in targets if target]
    return tuple(sound) if len(sound) == len(targets) else ()


def read_target(entry: Table | Row, direction: Direction | None, grain: Grain) -> Target | None:
    """One target, or None where something of it is wrong; `direction` None where it is not known."""
    per = entry.word("per", GRAIN_WORDS, None)
    since = entry.day("from")
    if "from" not in entry.values:
        entry.missing("from", "the first day on which it holds: from = 2026-01-01")
    target = Target(
        since=since or date.min,  # which spoils it
        until=entry.day("until"),
        value=entry.number("value", None),
        low=entry.number("low", None),
        high=entry.number("high", None),
        per=GRAINS[per] if per else grain,
        path=entry.word("path", PATHS, "flat"),
        start=entry.number("start", None),
        reason=entry.text("reason") or "",
    )
    if since and target.until and target.until < since:
        entry.problem("until", "`until` is before `from`")
    if not entry.spoiled:
        _check_amount(entry, target, direction)
        _check_path(entry, target)
    return None if entry.spoiled else target


def _check_amount(entry: Table | Row, target: Target, direction: Direction | None) -> None:
    bounded = target.low is not None or target.high is not None
    if target.value is not None and bounded:
        entry.problem("value", "both a value and a range", "keep `value`, or `low` and `high`")
    elif target.value is None and not bounded:
        needed = "`low` and `high`" if direction == "range" else "`value`"
        entry.problem("value", f"nothing to aim at: {needed} missing")
    elif target.value is not None and direction == "range":
        entry.problem("value", 'direction "range" has two bounds', "`low` and `high` instead of `value`")
    elif bounded and direction in ("up", "down"):
        entry.problem("low", 'a range is for direction "range"', '`value`, or direction = "range"')
    elif bounded and (target.low is None or target.high is None):
        entry.missing("low" if target.low is None else "high", "a range has both bounds")
    elif target.low is not None and target.high is not None and target.low > target.high:
        entry.problem("low", "`low` is above `high`")


def _check_path(entry: Table | Row, target: Target) -> None:
    if target.path == "linear":
        if target.start is None:
            entry.missing("start", 'path "linear" begins at a value: start = 0.2')
        if target.until is None:
            entry.missing("until", 'path "linear" ends on a day: until = 2026-12-31')
    elif target.start is not None:
        entry.problem("start", '`start` is for path "linear"', 'add path = "linear", or remove it')
    if target.path != "flat" and target.value is None:
        entry.problem("path", f'path "{target.path}" needs a value, not a range')
    if target.path == "seasonal" and target.per is not Grain.YEAR:
        entry.problem("per", 'path "seasonal" spreads a year\'s value', 'per = "year"')


def tabled_targets(root: Path, file: str, declared: dict[str, str], problems: list[Problem]) -> dict[str, list[Row]]:
    """The rows of the file of targets by KPI."""
    by_kpi: dict[str, list[Row]] = defaultdict(list)
    for row in rows(root, file, COLUMNS, ("kpi", "from"), problems):
        kpi_id = row.kpi(declared)
        if kpi_id:
            by_kpi[kpi_id].append(row)
        elif "kpi" not in row.spoiled:
            row.missing("kpi", "the id of a KPI")
    return by_kpi

"""What two people wrote from one beginning, joined by the ids of records: nothing that was said goes missing.

What one side added or changed is taken. Different keys of one record changed by both are joined; where both
changed the same key, both versions stay: theirs under its id, ours under a new one that follows from its
content, so that whoever else merges the same two versions arrives at the same id.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from kpitui.problems import KpituiError
from kpitui.records.emit import comment_line
from kpitui.records.ids import derived_id
from kpitui.records.layout import blocks, statements
from kpitui.records.model import REOPENING, SIGN_OFF, TABLES
from kpitui.records.splice import (
    add_block,
    change_table,
    content,
    own_values,
    remove_block,
    rename_block,
    replace_block,
)

_Path = tuple[str, ...]


class Merged(NamedTuple):
    text: str
    conflicts: tuple[str, ...]
    """What a person should look at, a sentence each; empty where nothing clashed."""


def merge_values(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The table with what either side changed, and the keys that both changed, where theirs stand in it."""
    merged: dict[str, Any] = {}
    clashes: list[str] = []
    for key in dict.fromkeys((*theirs, *ours)):
        was, mine, other = base.get(key), ours.get(key), theirs.get(key)
        value = mine if other == was else other
        if mine not in (was, other) and other != was:
            clashes.append(key)
        if value is not None:
            merged[key] = value
    return merged, clashes


def another_version(record_id: str) -> str:
    """The comment above a record that stands beside somebody else's version of it."""
    return f"another version of {record_id}, which somebody else changed at the same time"


def merge(base: str, ours: str, theirs: str) -> Merged:
    """Theirs with what ours changed since base; `base` is empty where both sides made the file.

    Raises KpituiError where a text is no TOML, or holds a table that does not stand under one header.
    """
    was, mine, other = _blocks(base, "base"), _blocks(ours, "ours"), _blocks(theirs, "theirs")
    taken = {path[1] for path in (*mine, *other) if _is_record(path)}
    text = theirs
    conflicts: list[str] = []
    for path, own in mine.items():
        if own == was.get(path) or own == other.get(path):
            continue
        if path not in other:
            text = add_block(text, own)[0]
        elif other[path] == was.get(path):
            text = replace_block(text, path, own)
        else:
            text = _join(text, path, (was.get(path, ""), own, other[path]), taken, conflicts)
    for path, gone in was.items():
        if path not in mine and other.get(path) == gone:
            text = remove_block(text, path)
    _blocks(text, "the outcome")
    return Merged(text, tuple(conflicts))


def _blocks(text: str, side: str) -> dict[_Path, str]:
    """The text of every table by its path, that of the keys before the first header under the empty path."""
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise KpituiError(f"cannot merge: {side} is no TOML ({error})") from error
    found: dict[_Path, str] = {}
    for block in blocks(text):
        if block.path in found:
            raise KpituiError(f"cannot merge: {side} has several tables [[{'.'.join(block.path)}]]")
        found[block.path] = content(text, block)
    return found


def _is_record(path: _Path) -> bool:
    return len(path) == 2 and path[0] in TABLES


def _join(text: str, path: _Path, versions: tuple[str, str, str], taken: set[str], conflicts: list[str]) -> str:
    """`text`, which is theirs, with a table that both sides changed; what clashes is told in `conflicts`."""
    was, mine, other = (own_values(version, path) if version else {} for version in versions)
    merged, clashes = merge_values(was, mine, other)
    name = ".".join(path) or "the lines before the first table"
    if clashes and _is_record(path):
        other_id = derived_id(path[0], versions[1], taken)
        taken.add(other_id)
        conflicts.append(f"{name}: both sides changed {', '.join(clashes)}; ours is now {path[0]}.{other_id}")
        why = comment_line(another_version(path[1]))
        return add_block(text, why + rename_block(versions[1], (path[0], other_id)))[0]
    if path == ("review",):
        clashes = _settled(merged, mine, other, clashes)
    conflicts += (
        f"{name}: {key} is {other.get(key)!r} in theirs, which stays, and {mine.get(key)!r} in ours" for key in clashes
    )
    conflicts += (f"{name}: ours has the comment {line!r}, which is left out" for line in _lost_comments(*versions))
    return change_table(text, path, merged)[0]


def _settled(
    merged: dict[str, Any], mine: Mapping[str, Any], other: Mapping[str, Any], clashes: list[str]
) -> list[str]:
    """The clashes that are left where the same review was begun, signed off or opened again by two people apart.

    It began when the first of them did; it was signed off, or opened again, when the last of them did, by that one.
    """
    if "started" in clashes:
        merged["started"] = min(mine["started"], other["started"], key=_moment)
    for keys in (SIGN_OFF, REOPENING):
        if not set(keys) & set(clashes):
            continue
        holds = keys is REOPENING or merged.get("state") == "signed-off"
        last = max((other, mine), key=lambda side: _moment(side.get(keys[1]))) if holds else {}
        for key in keys:
            merged.pop(key, None)
            if key in last:
                merged[key] = last[key]
    return [key for key in clashes if key not in ("started", *SIGN_OFF, *REOPENING)]


def _moment(value: Any) -> datetime:
    """A moment to compare with others; before all of them what a person wrote there that is none."""
    if not isinstance(value, datetime):
        return datetime.min.replace(tzinfo=UTC)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _lost_comments(base: str, ours: str, theirs: str) -> list[str]:
    known = {part.text.strip() for version in (base, theirs) for part in statements(version)}
    return [part.text.strip() for part in statements(ours) if part.only_comment and part.text.strip() not in known]

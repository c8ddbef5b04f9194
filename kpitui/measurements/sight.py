"""What there is of files, seen without opening them: so that it shows when they are no longer what was read."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kpitui.definitions.model import Source
from kpitui.measurements.files import find
from kpitui.problems import Problem

SURE_AFTER = 2_000_000_000
"""Nanoseconds. A file written again within so short a time may look the same: some file systems count in 2 s."""
_LARGEST = (1 << 64) - 1


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """What changes when a file does, nearly always."""

    size: int
    modified: int
    """Nanoseconds, as are all times here."""
    changed: int
    """Of the file's entry: an editor can set back `modified`, but not this."""
    inode: int

    def is_sure(self, now: int) -> bool:
        """Whether the file, if it were written from now on, would look different."""
        return max(self.modified, self.changed) < now - SURE_AFTER


class Sight(msgspec.Struct, frozen=True, array_like=True):
    """What a source's `files` found, and what each file was."""

    files: tuple[tuple[str, Stamp | None], ...]
    """Relative to the workspace; None where the file could not be looked at."""
    problems: tuple[Problem, ...] = ()


def stamp(path: Path) -> Stamp | None:
    """What the file is, through links; None where the operating system will not say."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino & _LARGEST)


def look(source: Source, root: Path) -> Sight:
    """What there is of the source's files at this moment."""
    names, problems = find(root, source.files, f"source.{source.id}.files")
    return Sight(tuple((name, stamp(root / name)) for name in names), tuple(problems))

"""What a file is, seen without opening it: so that it shows when it is no longer what was read."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

SURE_AFTER = 2_000_000_000
"""Nanoseconds. A file written again within so short a time may look the same: some file systems count in 2 s."""
_LARGEST = (1 << 64) - 1


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """What changes when a file does, nearly always."""

    size: int
    modified: int
    """Nanoseconds, as are all times here."""
    changed: int
    """Of the file's entry: a program can set back `modified`, but not this."""
    inode: int

    def is_sure(self, now: int) -> bool:
        """Whether the file, if it were written from now on, would look different."""
        return max(self.modified, self.changed) < now - SURE_AFTER


def stamp(path: Path) -> Stamp | None:
    """What the file is, through links; None where it is not there, or the operating system will not say."""
    try:
        return _of(path.stat())
    except (OSError, ValueError):
        return None


def stamps(folder: Path, ending: str) -> dict[str, Stamp | None]:
    """The folder's files of that ending by name, hidden ones left out."""
    found: dict[str, Stamp | None] = {}
    try:
        with os.scandir(folder) as inside:
            for entry in inside:
                if entry.name.endswith(ending) and not entry.name.startswith("."):
                    found[entry.name] = _of_entry(entry)
    except OSError:
        return {}
    return dict(sorted(found.items()))


def _of_entry(entry: os.DirEntry[str]) -> Stamp | None:
    try:
        return _of(entry.stat())
    except OSError:
        return None


def _of(found: os.stat_result) -> Stamp:
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino & _LARGEST)

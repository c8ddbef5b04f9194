"""What there is of a source's files, seen without opening them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kpitui.definitions.model import Source
from kpitui.measurements.files import find
from kpitui.problems import Problem
from kpitui.stamps import Stamp, stamp


class Sight(msgspec.Struct, frozen=True, array_like=True):
    """What a source's `files` found, and what each file was."""

    files: tuple[tuple[str, Stamp | None], ...]
    """Relative to the workspace; None where the file could not be looked at."""
    problems: tuple[Problem, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(stamp.size for _, stamp in self.files if stamp is not None)


def look(source: Source, root: Path) -> Sight:
    """What there is of the source's files at this moment."""
    names, problems = find(root, source.files, f"source.{source.id}.files")
    return Sight(tuple((name, stamp(root / name)) for name in names), tuple(problems))

"""What is kept of measurements between starts."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from kpitui.measurements import cache, cache_folder


class KeptMeasurements(NamedTuple):
    folder: Path
    workspaces: list[cache.Kept]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(one.size for one in self.workspaces)


def kept(root: Path | None = None) -> KeptMeasurements:
    """What there is, of one workspace or of all."""
    only = cache_folder.folder_of(root) if root is not None else None
    return KeptMeasurements(cache_folder.where(), [one for one in cache.kept() if only is None or one.folder == only])


def clear(root: Path | None = None) -> int:
    """Throw it away, of one workspace or of all; gives the bytes that were freed."""
    return cache_folder.clear(root)

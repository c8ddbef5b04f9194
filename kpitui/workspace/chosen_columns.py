"""The columns that somebody chose for a workspace's scorecard, kept in the user's state folder."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec

from kpitui.workspace.state_folder import keep, state_folder


class ChosenColumns:
    """Ids of columns from left to right; None where nobody chose."""

    def __init__(self, root: Path, known: Collection[str]) -> None:
        self._path = state_folder(root) / "columns.json"
        self.damaged = False
        """The file is not one that this program wrote: it is left out."""
        self.ids = self._read(known)

    def _read(self, known: Collection[str]) -> tuple[str, ...] | None:
        """What is kept; a column that this version does not have is left out."""
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=list[str])
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError):
            self.damaged = True
            return None
        return tuple(dict.fromkeys(id_ for id_ in kept if id_ in known)) or None

    def choose(self, ids: Sequence[str] | None) -> None:
        """Keep them; None goes back to the usual ones. Raises OSError where the state folder cannot be written."""
        self.ids = tuple(ids) if ids is not None else None
        if ids is None:
            self._path.unlink(missing_ok=True)
        else:
            keep(self._path, msgspec.json.encode(list(ids)))

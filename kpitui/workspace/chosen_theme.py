"""The theme that somebody chose, kept in the user's state folder: for all workspaces, or, where it is one of the
workspace's own, for that workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
from platformdirs import user_state_path

from kpitui.workspace.state_folder import keep, state_folder

Terminal = Literal["sixteen colours", "many colours"]
"""What looks right on the one does not on the other: a theme is chosen for each of them."""
_FILE = "theme.json"


class ChosenTheme:
    """The name of a theme; None where nobody chose."""

    def __init__(self, root: Path, terminal: Terminal) -> None:
        self._terminal = terminal
        self._own = state_folder(root) / _FILE
        self.path = user_state_path("kpitui") / _FILE
        """Where it is kept for all workspaces."""

    @property
    def name(self) -> str | None:
        """A file that this program did not write is as none: a choice is made anew in two keys."""
        return _kept(self._own).get(self._terminal) or _kept(self.path).get(self._terminal)

    def choose(self, name: str, *, of_workspace: bool) -> None:
        """Keep it. Raises OSError where the state folder cannot be written."""
        if of_workspace:
            _keep(self._own, {**_kept(self._own), self._terminal: name})
            return
        _keep(self.path, {**_kept(self.path), self._terminal: name})
        others = {terminal: kept for terminal, kept in _kept(self._own).items() if terminal != self._terminal}
        if others:
            _keep(self._own, others)
        else:
            self._own.unlink(missing_ok=True)


def _kept(path: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError):
        return {}


def _keep(path: Path, names: dict[str, str]) -> None:
    keep(path, msgspec.json.encode(names))

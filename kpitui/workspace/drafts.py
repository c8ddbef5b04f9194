"""What was typed and not saved yet: kept in the user's state folder, so that closing a line, quitting or a crash does
not lose it. Nothing of it is in the workspace, and so nothing of it gets into git."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kpitui.workspace.state_folder import keep, state_folder


class Drafts:
    """Texts by key, such as `note sql_rate`; each change is on disk when `put` returns."""

    def __init__(self, root: Path) -> None:
        self._path = state_folder(root) / "drafts.json"
        self._texts = self._read()

    def _read(self) -> dict[str, str]:
        """What is kept; nothing where the file is not there, or is not one of ours."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except (FileNotFoundError, msgspec.DecodeError):
            return {}

    def get(self, key: str) -> str:
        return self._texts.get(key, "")

    def put(self, key: str, text: str) -> None:
        """Keep a text; an empty one is forgotten. Raises OSError where the state folder cannot be written."""
        if self._texts.get(key, "") == text:
            return
        # Another program on this workspace may have kept drafts of its own meanwhile.
        self._texts = self._read()
        if text:
            self._texts[key] = text
        else:
            self._texts.pop(key, None)
        keep(self._path, msgspec.json.encode(self._texts))

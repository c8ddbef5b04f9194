"""What was typed and not saved yet: kept in the user's state folder, so that closing a line, quitting or a crash does
not lose it. Nothing of it is in the workspace, and so nothing of it gets into git."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec

_LOCAL_ONLY = 0o600


class Drafts:
    """Texts by key, such as `note sql_rate`; each change is on disk when `put` returns."""

    def __init__(self, root: Path) -> None:
        from platformdirs import user_state_path

        name = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
        self._path = user_state_path("kpitui") / name / "drafts.json"
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
        self._path.parent.mkdir(parents=True, exist_ok=True)
        half = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        half.touch(_LOCAL_ONLY)
        half.write_bytes(msgspec.json.encode(self._texts))
        half.replace(self._path)

"""What was typed and not saved yet: kept in the user's state folder, so that closing a line, quitting or a crash does
not lose it. Nothing of it is in the workspace, and so nothing of it gets into git.

Each program keeps a file of its own, so that two on one workspace do not write over each other's. A file whose program
has ended is taken over by the next one that starts.
"""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path

import msgspec

from kpitui.workspace.state_folder import keep, state_folder

_TEXTS, _LOCK = ".json", ".lock"


class Drafts:
    """Texts by key, such as `note sql_rate`; each change is on disk when `put` returns."""

    def __init__(self, root: Path) -> None:
        self._folder = state_folder(root) / "drafts"
        self._own: Path | None = None
        """The file of this program, once it has one."""
        self._alive: int | None = None
        """The lock beside it: the operating system lets go of it, however the program ends."""
        self._texts: dict[str, str] = {}
        self._kept = self._texts
        """What is on disk."""
        # The newest first: of two texts for one key the other waits until this one is done with.
        for path in sorted(self._folder.glob("*" + _TEXTS), key=_modified, reverse=True):
            self._take_over(path)

    def close(self) -> None:
        """Leave what is kept to the next program."""
        if self._alive is not None:
            os.close(self._alive)
            self._alive = None

    def _take_over(self, path: Path) -> None:
        """Make the texts of a program that has ended one's own, but for those whose key is taken."""
        beside = path.with_suffix(_LOCK)
        lock = _locked(beside)
        if lock is None:
            return
        texts = _read(path)
        rest = {key: text for key, text in texts.items() if key in self._texts}
        # On disk under the new name before they go under the old one; where that fails they wait there.
        with suppress(OSError):
            self._keep({**texts, **self._texts})
            _keep_or_remove(path, rest)
            if not rest:
                beside.unlink()
        os.close(lock)

    def get(self, key: str) -> str:
        return self._texts.get(key, "")

    def put(self, key: str, text: str) -> None:
        """Keep a text; an empty one is forgotten. Raises OSError where the state folder cannot be written."""
        texts = {**self._texts, key: text}
        if not text:
            del texts[key]
        self._keep(texts)

    def _keep(self, texts: dict[str, str]) -> None:
        self._texts = texts
        if texts == self._kept:
            return
        if self._own is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            own = self._folder / f"{os.getpid()}-{os.urandom(4).hex()}{_TEXTS}"
            self._alive = _locked(own.with_suffix(_LOCK))
            self._own = own
        _keep_or_remove(self._own, texts)
        self._kept = texts


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _locked(path: Path) -> int | None:
    """The lock's descriptor; None where another program that runs has it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            os.close(descriptor)
            return None
        # A folder without locks: better a draft offered twice than none.
    return descriptor


def _read(path: Path) -> dict[str, str]:
    """What is kept; nothing where the file is not there any more, or is not one of ours."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError):
        return {}


def _keep_or_remove(path: Path, texts: dict[str, str]) -> None:
    if texts:
        keep(path, msgspec.json.encode(texts))
    else:
        path.unlink(missing_ok=True)

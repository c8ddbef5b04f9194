"""What was typed and not saved yet: kept in the user's state folder, so that closing a line, quitting or a crash does
not lose it. Nothing of it is in the workspace, and so nothing of it gets into git.

Each program keeps a file of its own, so that two on one workspace do not write over each other's. A file whose program
has ended is taken over by the next one that starts.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import msgspec

from kpitui.definitions.model import Definitions
from kpitui.workspace.numbers import short_day
from kpitui.workspace.state_folder import keep, state_folder

_TEXTS, _LOCK = ".json", ".lock"


class Draft(msgspec.Struct, frozen=True):
    """What was typed."""

    text: str
    at: datetime
    """When it was typed last."""
    review: str | None = None
    """The review that was being held then."""

    def when(self, definitions: Definitions, today: date) -> str:
        """`00:25`, and the day where that is not today."""
        clock = f"{self.at:%H:%M}"
        day = self.at.date()
        return clock if day == today else f"{short_day(day, definitions.locale, today)} {clock}"


class Drafts:
    """Texts by key, such as `note sql_rate`; each change is on disk when `put` returns."""

    def __init__(self, root: Path) -> None:
        self.folder = state_folder(root) / "drafts"
        self._own: Path | None = None
        """The file of this program, once it has one."""
        self._alive: int | None = None
        """The lock beside it: the operating system lets go of it, however the program ends."""
        self._texts: dict[str, Draft] = {}
        self._kept = self._texts
        """What is on disk."""
        # The newest first: of two texts for one key the other waits until this one is done with.
        for path in sorted(self.folder.glob("*" + _TEXTS), key=_modified, reverse=True):
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
        if texts is None:
            os.close(lock)
            return
        rest = {key: text for key, text in texts.items() if key in self._texts}
        # On disk under the new name before they go under the old one; where that fails they wait there.
        with suppress(OSError):
            self._keep({**texts, **self._texts})
            _keep_or_remove(path, rest)
            if not rest:
                beside.unlink()
        os.close(lock)

    def draft(self, key: str) -> Draft | None:
        return self._texts.get(key)

    def get(self, key: str) -> str:
        """The text; empty where there is none."""
        return self._texts[key].text if key in self._texts else ""

    def put(self, key: str, text: str, review: str | None = None) -> None:
        """Keep a text; an empty one is forgotten. Raises OSError where the state folder cannot be written.

        `review` is the one that is being held. A text that is kept already stays as old as it is.
        """
        texts = dict(self._texts)
        if not text:
            texts.pop(key, None)
        elif self.get(key) != text:
            texts[key] = Draft(text, _now(), review)
        self._keep(texts)

    def newest(self) -> list[tuple[str, Draft]]:
        """All of them with their keys, the newest first."""
        return sorted(self._texts.items(), key=lambda kept: kept[1].at, reverse=True)

    def _keep(self, texts: dict[str, Draft]) -> None:
        self._texts = texts
        if texts == self._kept:
            return
        if self._own is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            own = self.folder / f"{os.getpid()}-{os.urandom(4).hex()}{_TEXTS}"
            self._alive = _locked(own.with_suffix(_LOCK))
            self._own = own
        _keep_or_remove(self._own, texts)
        self._kept = texts


def _now() -> datetime:
    return datetime.now().astimezone()


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


def _read(path: Path) -> dict[str, Draft] | None:
    """What is kept; None where the file is not there any more, or is not one of ours."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Draft])
    except (OSError, msgspec.DecodeError):
        return None


def _keep_or_remove(path: Path, texts: Mapping[str, Draft]) -> None:
    if texts:
        keep(path, msgspec.json.encode(texts))
    else:
        path.unlink(missing_ok=True)

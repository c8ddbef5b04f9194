"""The review files of a workspace as they were last read: a file is read again where it is not what it was."""

from __future__ import annotations

import heapq
import os
import stat
import time
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kpitui.places import REVIEWS_FOLDER
from kpitui.problems import KpituiError, Problem
from kpitui.records.adding import Parsed, place_in
from kpitui.records.model import ReviewFile
from kpitui.records.read import MAX_BYTES, decode, read, read_text
from kpitui.stamps import Stamp, stamps

_LIKELY = 2
"""Reviews: one a week and one a month are open in most workspaces."""


class ReadFile(NamedTuple):
    """A file that was read once."""

    file: ReviewFile
    stamp: Stamp | None
    """What it was before it was read; None where it is so young that a change might not show in that."""
    data: bytes | None = None
    """What was in it; kept of files that are written to, or young."""
    parsed: Parsed | None = None
    """`data` as text and as TOML, where that is known."""


class Written(NamedTuple):
    """What a file was made to hold; its records are read from that when somebody asks for them."""

    shown: str
    data: bytes
    parsed: Parsed
    file: ReviewFile | None = None
    """Where that is known."""

    def read(self) -> ReadFile:
        file = self.file or read_text(self.shown, self.parsed.text, self.parsed.document)
        return ReadFile(file, None, self.data, self.parsed)


class Shelf:
    """The files under `<root>/reviews/`. Reading one again that has not changed costs a look at its stamp."""

    def __init__(self, root: Path) -> None:
        """`root` is resolved."""
        self._root = root
        self._folder = root / REVIEWS_FOLDER
        self._read: dict[str, ReadFile] = {}
        """By file name."""
        self._written: dict[str, Written] = {}
        """By file name; newer than what was read."""
        self._loaded = False
        self.seen: dict[str, Stamp | None] = {}
        """What the files were before they were read last."""

    def get_ready(self) -> None:
        """Parse the open reviews that were written last, which the next record is likely to go to."""
        waiting = [
            (seen.modified, name, known)
            for name, known in self._read.items()
            if (seen := self.seen.get(name)) and known.data is not None and not (known.parsed or known.file.read_only)
        ]
        for _, name, known in heapq.nlargest(_LIKELY, waiting, key=lambda one: one[0]):
            assert known.data is not None
            text = decode(known.data)
            document = tomllib.loads(text)
            parsed = Parsed(text, document, place_in(text, document))
            if self._read.get(name) is known:  # not read again meanwhile
                self._read[name] = known._replace(parsed=parsed)

    def put(self, files: Iterable[ReadFile]) -> None:
        """Files that were read before, by whatever program."""
        self._read.update((read.file.path.rpartition("/")[2], read) for read in files)

    def load(self) -> tuple[ReviewFile, ...]:
        """All files by name. Raises OSError where the folder cannot be read."""
        self._loaded = True
        now = time.time_ns()
        self.seen = stamps(self._folder, ".toml")
        if not self.seen and self._folder.exists():
            os.scandir(self._folder).close()  # empty, or not to be read?
        self._read = {name: self._again(name, seen, now) for name, seen in self.seen.items()}
        return tuple(read.file for read in self._read.values())

    def _again(self, name: str, seen: Stamp | None, now: int) -> ReadFile:
        known = self._newest(name)
        if known is not None and seen is not None and known.stamp == seen:
            return known
        path = self._folder / name
        sure = seen if seen is not None and seen.is_sure(now) else None
        shown = path.relative_to(self._root).as_posix()
        try:
            data = bytes_of(self.real(path))
        except KpituiError as error:
            message = str(error)
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
        else:
            file, parsed = (known.file, known.parsed) if known and known.data == data else (read(shown, data), None)
            kept = data if sure is None or not is_settled(file) else None
            return ReadFile(file, sure, kept, parsed)
        return ReadFile(
            ReviewFile(shown, None, problems=(Problem(shown, message),), read_only="it cannot be read"), None
        )

    def holds(self, record_id: object) -> bool:
        """Whether one of the files has the record, as they were when last looked at."""
        if not self._loaded:
            with suppress(OSError):  # a folder that lets files be opened and not listed
                self.load()
        for name in list(self._written):
            self._newest(name)
        return any(record_id in read.file.lines for read in self._read.values())

    def known(self, path: Path, data: bytes) -> ReadFile | None:
        """What was read of the file, where that was the same."""
        known = self._newest(path.name)
        return known if known is not None and known.data == data else None

    def _newest(self, name: str) -> ReadFile | None:
        if name in self._written:
            self._read[name] = self._written.pop(name).read()
        return self._read.get(name)

    def wrote(self, path: Path, written: Written) -> None:
        """The file was written."""
        self._written[path.name] = written

    @property
    def settled(self) -> Mapping[str, ReadFile]:
        """By name, the files that nobody writes to any more and that are what they were."""
        return {name: read for name, read in self._read.items() if read.stamp is not None and is_settled(read.file)}

    def real(self, path: Path) -> Path:
        """Where the path leads, symlinks followed; inside the workspace."""
        try:
            real = path.resolve()
        except (OSError, RuntimeError) as error:
            raise KpituiError("the link leads in a circle") from error
        if not real.is_relative_to(self._root):
            raise KpituiError("the link leads out of the workspace; put the file itself there")
        return real


def bytes_of(real: Path) -> bytes:
    """What a file holds, which is no link; one byte more than may be read where it is too large."""
    # O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
    descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise KpituiError("this is no regular file")
        return file.read(MAX_BYTES + 1)


def is_settled(file: ReviewFile) -> bool:
    """Whether the review is signed off, and nothing is wrong with its file."""
    return file.review is not None and file.review.state == "signed-off" and not file.problems

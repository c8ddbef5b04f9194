"""What signed-off reviews say, kept between starts: reading ten years of them anew takes seconds.

It lies in the workspace's cache folder and goes with it. A file that is not what it was is read again, and with it the
whole fold is made anew; a start that finds nothing here only takes longer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import overload
from zlib import crc32

import msgspec

from kpitui import __version__
from kpitui.measurements import cache_folder
from kpitui.problems import Problem
from kpitui.records import shelf
from kpitui.records.fold import Reference, Settled, State
from kpitui.records.model import AnyRecord, Figures, Followup, Record, Review, ReviewFile
from kpitui.records.shelf import ReadFile, Shelf
from kpitui.stamps import Stamp

LOOSE = 5
"""So many signed-off files may stand beside what is kept before that is written anew: a week's sign-off costs the next
start the reading of one file, not the writing of all."""
_SUM = 4
"""Bytes at the file's beginning."""


class _Records(Sequence[Record]):
    """The records of a file, decoded when somebody asks for them: what stands is in the fold already."""

    def __init__(self, encoded: bytes) -> None:
        self._encoded = encoded

    @cached_property
    def _all(self) -> tuple[Record, ...]:
        return msgspec.msgpack.decode(self._encoded, type=tuple[AnyRecord, ...])

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Record]: ...
    def __getitem__(self, at: int | slice) -> Record | Sequence[Record]:
        return self._all[at]

    def __iter__(self) -> Iterator[Record]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


class _KeptFile(msgspec.Struct, frozen=True, array_like=True):
    path: str
    stamp: Stamp
    review: Review
    records: bytes
    """Encoded once more."""
    lines: dict[str, int]
    figures: dict[str, Figures]

    def read(self) -> ReadFile:
        file = ReviewFile(self.path, self.review, _Records(self.records), self.lines, self.figures)
        return ReadFile(file, self.stamp)


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    program: str
    files: tuple[_KeptFile, ...]
    state: State
    waiting: dict[str, tuple[Followup, ...]]
    references: tuple[Reference, ...]
    problems: tuple[Problem, ...]
    newest: datetime | None


def take(root: Path, onto: Shelf) -> Settled:
    """Puts what is kept onto the shelf, and gives the fold of it; an empty one where nothing usable is kept."""
    whole = cache_folder.get(_path(root))
    if isinstance(whole, str):
        return Settled()
    body = memoryview(whole)[_SUM:]
    if _sum(body) != whole[:_SUM]:
        return Settled()
    try:
        kept = msgspec.msgpack.decode(body, type=_Kept)
    except (msgspec.MsgspecError, ValueError):
        return Settled()
    if kept.program != _program():
        return Settled()
    files = [file.read() for file in kept.files]
    onto.put(files)
    return Settled(
        tuple(read.file for read in files), kept.state, kept.waiting, kept.references, kept.problems, kept.newest
    )


def keep(root: Path, settled: Settled, on: Shelf) -> None:
    """Keep the fold of the files that nobody writes to any more, for the next start."""
    stamps = {read.file.path: read.stamp for read in on.settled.values()}
    kept = _Kept(
        program=_program(),
        files=tuple(_kept(file, stamps[file.path]) for file in settled.files),
        state=settled.state,
        waiting=dict(settled.waiting),
        references=settled.references,
        problems=settled.problems,
        newest=settled.newest,
    )
    body = msgspec.msgpack.encode(kept)
    cache_folder.put(_path(root), _sum(body), body)


def _kept(file: ReviewFile, stamp: Stamp | None) -> _KeptFile:
    assert file.review is not None
    assert stamp is not None
    records = msgspec.msgpack.encode(tuple(file.records))
    return _KeptFile(file.path, stamp, file.review, records, dict(file.lines), dict(file.figures))


def _path(root: Path) -> Path:
    return cache_folder.folder_of(root) / ("reviews" + cache_folder.ARCHIVE)


def _sum(body: bytes | memoryview) -> bytes:
    """Tells damage, not malice (nobody else may write in the folder): of 12 MB in 3 ms, a hash takes 16."""
    return crc32(body).to_bytes(_SUM)


def _program() -> str:
    """The version, and the newest of the files that read and fold records."""
    newest = max(path.stat().st_mtime_ns for path in Path(shelf.__file__).parent.glob("*.py"))
    return f"{__version__} {newest}"

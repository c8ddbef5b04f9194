"""From a file's name to its bytes, all at once or in pieces; never of anything but a regular file that keeps still."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import IO

import msgspec

from kpitui.measurements.files import reason
from kpitui.problems import Problem

PIECE = 1 << 20
"""Bytes that are unpacked at a time."""
_ALWAYS_UNPACKED = 64 << 20
_LARGEST_RATIO = 200
"""Of what a packed file holds to its own size; measurements come to 5 to 50, a bomb to 1,000."""
_GZIP = zlib.MAX_WBITS | 16


class UnreadableError(Exception):
    """The file cannot be read, or not be trusted; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class ChangedError(UnreadableError):
    """The file is not what it was when the reading of it began."""


def changed(file: str) -> ChangedError:
    """That what was read may be half of the one and half of the other."""
    return ChangedError(Problem(file, "the file changed while it was read", hint="try again once it is written"))


def most_unpacked(packed_size: int) -> int:
    """Bytes that a packed file of this size may hold."""
    return max(_ALWAYS_UNPACKED, packed_size * _LARGEST_RATIO)


def unpacks_to_too_much(file: str, cure: str) -> UnreadableError:
    """That the file would fill the memory."""
    message = f"the file unpacks to more than {_LARGEST_RATIO} times its size: it is not read"
    return UnreadableError(Problem(file, message, hint=f"if that is what it should hold, {cure}"))


def whole(root: Path, file: str) -> bytes | Problem:
    """The file's bytes, unpacked; a file that changes meanwhile is read once more."""
    for again in (True, False):
        try:
            return b"".join(pieces(root, file, -1))
        except ChangedError as error:
            if not again:
                return error.problem
        except UnreadableError as error:
            return error.problem
    raise AssertionError


class Prefix(msgspec.Struct, frozen=True, array_like=True):
    """What a file began with when it was read before."""

    size: int
    digest: bytes
    """SHA-256, which takes a fifth of a second for 300 MB."""


def prefix(root: Path, file: str, size: int) -> Prefix | None:
    """Of so many bytes; None where there are fewer, or the operating system refuses."""
    try:
        with (root / file).open("rb") as opened:
            digest = _digest(opened, size)
    except OSError:
        return None
    return None if digest is None else Prefix(size, digest)


def _digest(opened: IO[bytes], size: int) -> bytes | None:
    digest = sha256()
    while size:
        if not (piece := opened.read(min(size, PIECE))):
            return None
        digest.update(piece)
        size -= len(piece)
    return digest.digest()


def pieces(root: Path, file: str, size: int, after: Prefix | None = None) -> Iterator[bytes]:
    """The file's bytes, unpacked, about so many at a time; -1 gives them in one piece where they are not packed.

    Only what stands `after` a known beginning, if that is given. Raises UnreadableError, and ChangedError where the
    file does not begin so, or at the end where it has changed since the beginning.
    """
    path = root / file
    try:
        # A FIFO that took the file's place since it was looked up must not hold us.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with closing(os.fdopen(descriptor, "rb", buffering=0)) as opened:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise UnreadableError(Problem(file, "this is not a regular file"))
            if after is not None and _digest(opened, after.size) != after.digest:
                raise ChangedError(Problem(file, "the file does not begin as it did"))
            if file.lower().endswith(".gz"):
                yield from _unpacked(file, opened, before.st_size, size if size > 0 else PIECE)
            else:
                while piece := opened.read(size):
                    yield piece
            unchanged = seen(os.fstat(descriptor)) == seen(before) == seen(path.stat())
    except OSError as error:
        raise UnreadableError(Problem(file, f"the file cannot be read: {reason(error)}")) from error
    if not unchanged:
        raise changed(file)


def seen(status: os.stat_result) -> tuple[int, ...]:
    """What tells whether a file is still what it was."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _unpacked(file: str, opened: IO[bytes], packed_size: int, size: int) -> Iterator[bytes]:
    """What the gzip file holds, of all its members."""
    most = most_unpacked(packed_size)
    unpacker = zlib.decompressobj(_GZIP)
    total = 0
    try:
        while packed_size:
            if unpacker.eof:  # another member may follow, or zeros, as tape archives pad with
                packed = unpacker.unused_data.lstrip(b"\0")
                while not packed and (more := opened.read(PIECE)):
                    packed = more.lstrip(b"\0")
                if not packed:
                    return
                unpacker = zlib.decompressobj(_GZIP)
            else:
                packed = unpacker.unconsumed_tail or opened.read(PIECE)
            piece = unpacker.decompress(packed, size)
            if not packed and not piece:
                message = "the gzip file ends in the middle: it was cut off on its way"
                raise UnreadableError(Problem(file, message))
            total += len(piece)
            if total > most:
                raise unpacks_to_too_much(file, "unpack it")
            if piece:
                yield piece
    except zlib.error as error:
        message = "the gzip file is damaged" if total else "this is not a gzip file, or a damaged one"
        raise UnreadableError(Problem(file, message)) from error

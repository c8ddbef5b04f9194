"""Files that are wholly old or wholly new, whatever happens in between, and written by one at a time."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kpitui.problems import KpituiError

WAIT_SECONDS = 5.0
_POLL = 0.01
"""Seconds between two looks at a lock: a save takes about as long."""
_REASONS = {
    errno.ENOSPC: ("the disk is full", "make room"),
    errno.EDQUOT: ("your share of the disk is used up", "make room"),
    errno.EACCES: ("you may not write there", "change the rights of the file and of its folder"),
    errno.EPERM: ("you may not write there", "change the rights of the file and of its folder"),
    errno.EROFS: ("the disk can only be read", "make it writable or copy the workspace to another one"),
}
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
"""Answers of file systems on which nothing can be locked."""
_ABANDONED = 3600
"""Seconds after which a half-written file is nobody's any more."""
_FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)
"""macOS: `fsync` alone leaves data in the drive's own memory."""


def get_ready() -> None:
    """Import what the first save needs, which takes several times as long as the save itself."""
    import secrets  # noqa: F401

    from filelock import FileLock, SoftFileLock  # noqa: F401 - these import the rest of it


@contextmanager
def locked(path: Path, shown: str) -> Iterator[None]:
    """Keeps other writers of that file out; `shown` is its name in messages.

    The lock is the operating system's, on the file `.<name>.lock` beside it: it ends with the process that
    holds it, so that the file itself may stay. A network folder may know no such locks; there a file
    `.<name>.lock.held` is one as long as it exists, and one of a dead process on this machine is removed.
    Raises KpituiError where another program holds the lock for longer than five seconds.
    """
    from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

    lock: BaseFileLock = FileLock(path.with_name(f".{path.name}.lock"))
    held = path.with_name(f".{path.name}.lock.held")
    try:
        try:
            with _quietly():
                lock.acquire(timeout=WAIT_SECONDS, poll_interval=_POLL)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            lock = SoftFileLock(held)
            lock.acquire(timeout=WAIT_SECONDS, poll_interval=_POLL)
    except Timeout:
        where = f" ({held.name}, to be deleted if there is none)" if isinstance(lock, SoftFileLock) else ""
        raise KpituiError(
            f"{shown} was not written: another program has been writing to it for "
            f"{WAIT_SECONDS:.0f} seconds. Nothing in it has changed; save again, or find the other program{where}."
        ) from None
    except OSError as error:
        raise not_written(shown, error) from error
    try:
        yield
    finally:
        # What was written stays written: the lock goes with the descriptor, at the latest with the process.
        with suppress(OSError):
            lock.release()


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the warning of a library that goes to standard error, which is the screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def not_written(shown: str, error: OSError) -> KpituiError:
    """What happened, what it means and what to do, as one error."""
    reason, cure = _REASONS.get(error.errno or 0, (error.strerror or str(error), "see to it"))
    return KpituiError(f"{shown} was not written: {reason}. Nothing in it has changed; {cure}, then save again.")


def replace_file(path: Path, data: bytes, shown: str, unchanged: Callable[[], bool]) -> bool:
    """Puts `data` in the place of the file, or leaves it as it is and raises KpituiError.

    A file that is there keeps its mode, a new one gets the usual one. `unchanged` is asked at the last
    moment: where it says no, nothing is done and the answer is False. On True the data are on the disk.
    """
    try:
        if not _write_and_swap(path, data, unchanged):
            return False
    except OSError as error:
        raise not_written(shown, error) from error
    confirm(path, shown)
    return True


def confirm(path: Path, shown: str) -> None:
    """Make the file last under its name. Raises KpituiError where the disk does not say that it does."""
    try:
        sync_folder(path.parent)
    except OSError as error:
        raise KpituiError(
            f"{shown} was written, but the disk does not confirm it ({error.strerror}). Save again to be sure."
        ) from error


def _write_and_swap(path: Path, data: bytes, unchanged: Callable[[], bool]) -> bool:
    import secrets

    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mode = None
    if mode is not None and not os.access(path, os.W_OK):
        # The folder would let us put a new file in its place, but somebody made this one read-only.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    # Not `mkstemp`, whose 0600 would have to be widened by hand to what the umask allows.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        try:
            if mode is not None:
                os.fchmod(descriptor, mode)
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            sync(descriptor)
        finally:
            os.close(descriptor)
        if unchanged():
            temporary.replace(path)
            return True
        return False
    finally:
        with suppress(OSError):
            temporary.unlink()


def tidy(path: Path) -> None:
    """Remove what a program that was killed left half-written beside the file; this looks at the whole folder."""
    with suppress(OSError):  # what cannot be removed is in nobody's way
        for left in path.parent.glob(f".{path.name}.*.tmp"):
            if left.lstat().st_mtime < time.time() - _ABANDONED:
                left.unlink()


def sync(descriptor: int) -> None:
    """Makes what was written last, whatever happens to the machine."""
    os.fsync(descriptor)
    if _FULL_SYNC is not None:
        fcntl.fcntl(descriptor, _FULL_SYNC)


def sync_folder(folder: Path) -> None:
    """Makes a new name in the folder last, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network disks cannot, and say so
            raise
    finally:
        os.close(descriptor)

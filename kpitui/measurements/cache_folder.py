"""Where measurements are kept between starts: a folder per workspace, in the user's cache folder.

Apart from `cache`, so that it takes no large import to see that there is nothing.
"""

from __future__ import annotations

import os
import re
import stat
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from platformdirs import user_cache_path

ENDING, GLANCE, ARCHIVE, HALF = ".msgpack", ".glance", ".records", ".half"
"""Of sources' entries, of what the screen opens with, of signed-off reviews, and of files that are being written."""
_ABANDONED = 3600
"""Seconds after which a half-written file is nobody's any more."""
_FOLDER = re.compile(r"[0-9a-f]{32}")


def where() -> Path:
    """The folder in which everything is kept."""
    return user_cache_path("kpitui")


def home(root: Path) -> bytes:
    """What tells a workspace from all others: its resolved path, as the file system has it."""
    return os.fsencode(root.resolve())


def folder_of(root: Path) -> Path:
    """The workspace's folder, whether it is there or not."""
    return where() / blake2b(home(root), digest_size=16).hexdigest()


def exists(root: Path) -> bool:
    """Whether anything is kept of the workspace, usable or not."""
    return folder_of(root).is_dir()


def folders() -> list[Path]:
    """Those of workspaces; what else lies in the cache folder is not ours to count or remove."""
    try:
        inside = sorted(where().iterdir())
    except OSError:
        return []
    return [path for path in inside if _FOLDER.fullmatch(path.name) and path.is_dir() and not path.is_symlink()]


def files(folder: Path) -> list[Path]:
    """What is ours in a workspace's folder, half-written files too."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix in (ENDING, GLANCE, ARCHIVE, HALF))
    except OSError:
        return []


def get(path: Path) -> bytes | str:
    """The content of a file of ours, else in words why there is none."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or (hasattr(os, "geteuid") and found.st_uid != os.geteuid()):
            return "its entry is not ours"
        return path.read_bytes()
    except FileNotFoundError:
        return "nothing is kept of it"
    except (OSError, ValueError) as error:
        return f"its entry cannot be read: {error}"


def put(path: Path, *parts: bytes | memoryview) -> bool:
    """Write a file in a workspace's folder as a whole: who reads meanwhile sees the former one.

    False where that cannot be done.
    """
    import tempfile

    half = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _tidy(path.parent)
        handle, half = tempfile.mkstemp(dir=path.parent, prefix=path.stem[:40] + ".", suffix=HALF)  # mode 0600
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(parts)
        Path(half).replace(path)
    except (OSError, ValueError):
        if half is not None:
            with suppress(OSError):
                Path(half).unlink()
        return False
    return True


def _tidy(folder: Path) -> None:
    """Remove what a program that was killed left half-written."""
    for path in folder.glob("*" + HALF):
        with suppress(OSError):
            if path.lstat().st_mtime < time.time() - _ABANDONED:
                path.unlink()


def size(path: Path) -> int:
    """Bytes; 0 where the file has gone meanwhile."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def clear(root: Path | None = None) -> int:
    """Throw away what is kept, of one workspace or of all; gives the bytes that were freed."""
    freed = 0
    for folder in folders():
        if root is not None and folder != folder_of(root):
            continue
        for path in files(folder):
            freeing = size(path)
            with suppress(OSError):
                path.unlink()
                freed += freeing
        with suppress(OSError):
            folder.rmdir()
    return freed

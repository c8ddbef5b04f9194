"""Where measurements are kept between starts: a folder per workspace, in the user's cache folder.

Apart from `cache`, so that it takes no large import to see that there is nothing.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from platformdirs import user_cache_path

ENDING, HALF = ".msgpack", ".half"
"""Of entries, and of those that are being written."""
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
    """The entries in a workspace's folder, and half ones."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix in (ENDING, HALF))
    except OSError:
        return []


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

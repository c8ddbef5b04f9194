"""Where the program keeps what is one user's own: never in the workspace, and so never in git."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_LOCAL_ONLY = 0o600


def state_folder(root: Path) -> Path:
    """The folder for this workspace in the user's state folder; it need not be there."""
    from platformdirs import user_state_path

    name = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
    return user_state_path("kpitui") / name


def keep(path: Path, content: bytes) -> None:
    """Replace the file as a whole. Raises OSError where the state folder cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.touch(_LOCAL_ONLY)
    half.write_bytes(content)
    half.replace(path)

"""The workspaces that were opened last, kept in the user's state folder, so that a start without one can offer them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from kpitui.places import SETTINGS_FILE
from kpitui.workspace.state_folder import keep

_MOST = 9


class Recent(msgspec.Struct, frozen=True):
    """A workspace that was open."""

    path: str
    """Absolute."""
    name: str
    at: datetime
    """When it was left."""


def recent() -> list[Recent]:
    """Those that are still there, the last one first; none where the file is damaged, which loses nothing of weight."""
    try:
        kept = msgspec.json.decode(_file().read_bytes(), type=list[Recent])
    except (OSError, msgspec.DecodeError):
        return []
    return [one for one in kept if (Path(one.path) / SETTINGS_FILE).is_file()]


def remember(root: Path, name: str) -> None:
    """Put the workspace at the top. Raises OSError where the state folder cannot be written."""
    path = str(root.resolve())
    others = [one for one in recent() if one.path != path]
    kept = [Recent(path, name, datetime.now().astimezone()), *others][:_MOST]
    keep(_file(), msgspec.json.encode(kept))


def _file() -> Path:
    from platformdirs import user_state_path

    return user_state_path("kpitui") / "recent.json"

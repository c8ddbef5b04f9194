"""Who writes: the config file, else git's user.name, else the login."""

from __future__ import annotations

import getpass
import subprocess
import tomllib
from functools import lru_cache
from pathlib import Path

from kpitui.problems import KpituiError


@lru_cache(maxsize=8)
def author(root: Path) -> str:
    """The name under which records are written from this machine into the workspace at `root`."""
    return _configured() or _git(root) or _login()


def config_file() -> Path:
    """`config.toml` in the user's config folder; the key `by` names its author."""
    from platformdirs import user_config_path

    return user_config_path("kpitui") / "config.toml"


def _configured() -> str | None:
    path = config_file()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise KpituiError(f"{path} cannot be read: {error}") from None
    by = table.get("by")
    if by is not None and not isinstance(by, str):
        raise KpituiError(f'{path}: `by` is a text, such as by = "head"')
    return by or None


def _git(root: Path) -> str | None:
    try:
        asked = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607 - the user's own git
            cwd=root,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        # No git here: the login will do.
        return None
    return asked.stdout.strip() or None


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"

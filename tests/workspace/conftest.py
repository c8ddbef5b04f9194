"""Workspaces of a few lines, opened and measured in this process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kpitui.workspace.opening import Workspace

Open = Callable[..., Workspace]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Writes kpitui.toml and other files by path, and opens the folder."""

    def write_and_open(settings: str, files: dict[str, str] | None = None, *, as_of: str = "2026-11-04") -> Workspace:
        for name, text in {"kpitui.toml": settings, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Workspace.open(tmp_path, as_of=date.fromisoformat(as_of))

    return write_and_open

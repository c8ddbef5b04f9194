"""Every file can be read as a large one is, in parts of a few bytes."""

from __future__ import annotations

import pytest

from kpitui.measurements import chunks, parquet


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a line or two."""
    monkeypatch.setattr(chunks, "LARGE", 0)
    monkeypatch.setattr(chunks, "_FIRST", 12)
    monkeypatch.setattr(chunks, "SIZE", 30)
    monkeypatch.setattr(parquet, "ROWS", 2)

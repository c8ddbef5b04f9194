"""The program is killed while somebody types: at most one second of the text is gone."""

from __future__ import annotations

import json
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from terminal import Terminal

from .helpers import write_workspace

KILLS = 4
EVERY = 0.04
"""Seconds between two keys: nobody types faster, and there is no rest."""


def lost(folder: Path, until: float) -> float:
    """Seconds of typing that are gone, where the program is killed so many seconds after the first key."""
    root = write_workspace(folder / "acme")
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    env |= {f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "CACHE", "STATE")}
    typed: list[float] = []
    with Terminal([sys.executable, "-m", "kpitui", str(root)], env=env) as terminal:
        terminal.wait_for("Leads", 60)
        terminal.run_for(0.5)
        terminal.press("n")
        terminal.wait_for("note ·", 60)
        started = time.perf_counter()
        while (now := time.perf_counter()) < started + until:
            typed.append(now)
            terminal.press("abcdefghij"[len(typed) % 10])
            terminal.run_for(EVERY)
        terminal.kill()
        killed = time.perf_counter()
    kept_files = (json.loads(path.read_bytes()) for path in (folder / "STATE").rglob("*.json"))
    kept = max((len(draft["text"]) for drafts in kept_files for draft in drafts.values()), default=0)
    return killed - typed[kept] if kept < len(typed) else 0.0


def test_at_most_one_second_of_typing_is_gone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(7)
    moments = [rng.uniform(0.9, 2.5) for _ in range(KILLS)]
    folders = [tmp_path / str(number) for number in range(KILLS)]
    with ThreadPoolExecutor(2) as pool:
        gone = list(pool.map(lost, folders, moments))

    assert max(gone) <= 1.0
    with capsys.disabled():
        print(f"\n{KILLS} kills while typing: at most {max(gone):.2f} s of text gone")

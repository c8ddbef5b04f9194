"""The figures of `kpitui series` against those of the programs that define them, by their own checkers."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

CONFORMANCE = Path(__file__).parents[2] / "shared" / "conformance"


@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason=f"there is no {CONFORMANCE}")
@pytest.mark.parametrize("suite", ["wbr", "signals"])
def test_no_figure_differs(suite: str) -> None:
    folder = CONFORMANCE / suite
    workspaces = sorted(str(path.parent) for path in folder.glob("*/expected.json"))
    assert workspaces
    command = f"{shlex.quote(sys.executable)} -m kpitui"
    run = subprocess.run(
        # -B: nothing is written beside the checker.
        [sys.executable, "-B", str(folder / "check.py"), "--command", command, *workspaces],
        capture_output=True,
        text=True,
        timeout=300,
    )
    closing = run.stdout.splitlines()[-1:]
    assert closing, run.stderr
    assert re.fullmatch(r"[1-9]\d* passed, 0 failed", closing[0]), run.stdout
    assert run.returncode == 0

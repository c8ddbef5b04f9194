"""A process that only looks at values never waits for Polars."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["kpitui.measurements", "kpitui.measurements.values"])
def test_values_come_without_polars(module: str) -> None:
    code = f"import sys, {module}; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0

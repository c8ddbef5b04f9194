"""Values of days that are far ahead."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpitui.workspace.opening import Workspace
from tests.ui.helpers import write_workspace


@pytest.mark.parametrize(
    ("month", "told"),
    [
        ("2062-10", ["there is a value for 2062-10-01, more than a year ahead: it counts nowhere yet"]),
        (f"{date.today().year}-12", []),  # noqa: DTZ011 - what is coming this year is no mistake
    ],
)
def test_a_year_that_was_mistyped_is_told(tmp_path: Path, month: str, told: list[str]) -> None:
    root = write_workspace(tmp_path / "acme")
    data = root / "measurements" / "crm.csv"
    data.write_text(data.read_text() + f"{month},100,6,10\n")
    workspace = Workspace.open(root)
    assert [problem.message for problem in workspace.problems] == told
    assert [row.point.value for row in workspace.scorecard().rows] == [70.0, 6.2, 11.0]

"""The keys of a screen, and what its signs mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.helpers import on_screen, running, write_workspace


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_a_long_meaning_goes_on_under_itself(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(write_workspace(tmp_path / "acme"), size) as (app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        seen: list[str] = []
        for _ in range(12):
            seen += on_screen(app).split("\n")
            await pilot.press("pagedown")
            await pilot.pause()
    first = next(at for at, line in enumerate(seen) if "Close the innermost thing" in line)
    left = seen[first].index("Close")
    assert seen[first][left:].rstrip(" │▂▃▄▅▆▇█").endswith("or undo a" if size[0] == 60 else "view;")
    assert seen[first + 1][left:].startswith("change of view; drafts" if size[0] == 60 else "drafts stay")

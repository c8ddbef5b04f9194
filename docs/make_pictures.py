"""Makes README's pictures anew, from the demo: `python docs/make_pictures.py` in the environment for development."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

TOP = Path(__file__).parents[1]
PICTURES: dict[str, tuple[tuple[int, int], Sequence[str]]] = {
    "scorecard": ((100, 30), ()),
    "kpi": ((120, 38), ("down", "enter")),
    "why": ((100, 26), ("down", "enter", "h")),
    "tree": ((100, 26), ("3",)),
    "review": ((100, 26), ("4", "down", "enter", "greater_than_sign", "greater_than_sign")),
    "present": ((100, 30), ("down", "P")),
}
"""By name: columns and rows, and the keys that lead there."""


async def picture(root: Path, size: tuple[int, int], keys: Sequence[str]) -> str:
    """The screen as SVG that loads nothing, after the keys."""
    from kpitui.ui.app import KpituiApp
    from kpitui.ui.picture_of_screen import take
    from kpitui.workspace.opening import Workspace

    app = KpituiApp(root, lambda: Workspace.open(root))
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause(0.3)
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.6)
            await app.workers.wait_for_complete()
        await pilot.pause(0.3)
        return take(app, app.screen).svg  # type: ignore[arg-type]


def main() -> None:
    """All of them, each from a fresh copy of the demo, with nobody's settings."""
    folder = TOP / "docs" / "pictures"
    folder.mkdir(exist_ok=True)
    for name, (size, keys) in PICTURES.items():
        with tempfile.TemporaryDirectory() as home:
            os.environ |= {f"XDG_{kind}_HOME": f"{home}/{kind}" for kind in ("CONFIG", "STATE", "CACHE", "DATA")}
            os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            root = shutil.copytree(TOP / "data" / "demo", Path(home) / "demo")
            (folder / f"{name}.svg").write_text(asyncio.run(picture(root, size, keys)), encoding="utf-8")


if __name__ == "__main__":
    main()

"""The screens on a workspace, where there is a terminal for them."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kpitui.places import SETTINGS_FILE
from kpitui.printable import printable
from kpitui.problems import KpituiError

if TYPE_CHECKING:
    from datetime import date

    from kpitui.workspace.opening import Workspace


def on_terminal() -> bool:
    """Whether somebody can see screens and press keys."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def moves_cursor() -> bool:
    """Whether what was printed can be printed over."""
    return os.environ.get("TERM") != "dumb"


def show(
    root: Path,
    notice: str | None = None,
    *,
    as_of: date | None = None,
    known_at: date | None = None,
    use_cache: bool,
    presenting: bool = False,
) -> int:
    """Open the screens until somebody leaves, and give the exit status; `notice` is said at the start."""
    if not on_terminal():
        from kpitui.definitions.files import check_workspace

        check_workspace(root)
        raise KpituiError("the screens need a terminal; kpitui scorecard prints the same as text")
    if not moves_cursor():
        return _as_text(root, notice, as_of, known_at, use_cache=use_cache)
    from kpitui.workspace.live import Live

    live = Live(root, as_of, known_at=known_at, use_cache=use_cache)
    try:
        if live.glance is None or not (root / SETTINGS_FILE).is_file():
            from kpitui.definitions.files import check_workspace

            check_workspace(root)
        # Nothing of what a start imports is garbage; the application turns the collector on again.
        gc.disable()
        from kpitui.ui.app import KpituiApp

        app = KpituiApp(root, live.open, notice, live=live, summary_of=_summary, presenting=presenting)
        app.run()
        _remember(root, app.workspace)
    finally:
        live.end()
    return app.return_code or 0


def _summary(workspace: Workspace, review: str) -> str:
    """A review's summary, to be copied from the screen."""
    from kpitui.report.summary_markdown import summary_markdown
    from kpitui.workspace.summary import summarise

    return summary_markdown(summarise(workspace, review))


def _as_text(root: Path, notice: str | None, as_of: date | None, known_at: date | None, *, use_cache: bool) -> int:
    """The scorecard, where there can be no screens, such as in an editor's shell."""
    from kpitui.cli.main import run

    said = "TERM is dumb, and the screens need a terminal that can move its cursor: this is the scorecard as text."
    for line in (notice, said):
        if line:
            print(printable(line), file=sys.stderr)
    arguments = ["scorecard", f"-w{root}"]
    arguments += [f"--as-of={as_of}"] if as_of else []
    arguments += [f"--known-at={known_at}"] if known_at else []
    arguments += [] if use_cache else ["--no-cache"]
    return run(arguments)


def _remember(root: Path, workspace: Workspace | None) -> None:
    """Offer the workspace on the start page from now on; the demo stands there anyway."""
    from platformdirs import user_data_path

    from kpitui.workspace.recent import remember

    if workspace is not None and not root.resolve().is_relative_to(user_data_path("kpitui").resolve()):
        # A state folder that cannot be written loses a line of that page, and nothing else.
        with suppress(OSError):
            remember(root, workspace.name)

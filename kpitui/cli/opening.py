"""The workspace of a call, opened to print from it or to write to it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kpitui.cli.output import tell
from kpitui.problems import KpituiError

if TYPE_CHECKING:
    from datetime import date

    from kpitui.workspace.opening import Workspace


def root_of(options: argparse.Namespace) -> Path:
    """The folder that was named, else this one."""
    given = getattr(options, "workspace", None)
    if given and options.workspace_option:
        raise KpituiError("name the workspace once: as an argument, or with -w")
    return Path(given or options.workspace_option or ".")


def opened(options: argparse.Namespace, *, known_at: date | None = None) -> Workspace:
    """The workspace, its measurements read in this process, its problems told."""
    from functools import partial

    from kpitui.workspace.opening import Workspace, read_anew, read_here

    measure = read_here if options.use_cache else read_anew
    measure = partial(measure, known_at=known_at)
    workspace = Workspace.open(root_of(options), as_of=options.as_of, measure=measure, known_at=known_at)
    tell(workspace.problems)
    return workspace

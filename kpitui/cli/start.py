"""`kpitui [WORKSPACE]`: opens the screens."""

from __future__ import annotations

import argparse

from kpitui.cli.demo import SETTINGS_FILE, demo_copy
from kpitui.cli.opening import root_of
from kpitui.cli.screens import on_terminal, show
from kpitui.problems import KpituiError


def open_workspace(options: argparse.Namespace) -> int:
    root = root_of(options)
    named = options.workspace or options.workspace_option
    notice = None
    if not named and not (root / SETTINGS_FILE).exists():
        if not on_terminal():
            raise KpituiError(f"there is no {SETTINGS_FILE} here; name a workspace: kpitui WORKSPACE")
        root = demo_copy("demo", fresh=False)
        notice = f"No {SETTINGS_FILE} here: this is the demo. Your own: kpitui WORKSPACE"
    return show(root, options.as_of, notice, use_cache=options.use_cache)

"""`kpitui [WORKSPACE]`: opens the screens."""

from __future__ import annotations

import argparse

from kpitui import __version__
from kpitui.cli.arguments import (
    as_of_argument,
    cache_argument,
    known_at_argument,
    present_argument,
    workspace_argument,
)
from kpitui.places import SETTINGS_FILE
from kpitui.problems import KpituiError


def start_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "KPI reviews in the terminal."
    workspace_argument(parser)
    start_options(parser)
    parser.set_defaults(run=_start)


def start_options(parser: argparse.ArgumentParser) -> None:
    as_of_argument(parser)
    known_at_argument(parser)
    present_argument(parser)
    cache_argument(parser)
    parser.add_argument("--version", action="version", version=f"kpitui {__version__}")


def _start(options: argparse.Namespace) -> int:
    from kpitui.cli.opening import root_of
    from kpitui.cli.screens import moves_cursor, on_terminal, show

    root = root_of(options)
    named = options.workspace or options.workspace_option
    if named and not root.exists():
        raise KpituiError(_no_such(named))
    if not named and not (root / SETTINGS_FILE).exists():
        if not on_terminal() or not moves_cursor():
            raise KpituiError(f"there is no {SETTINGS_FILE} here; name a workspace: kpitui WORKSPACE")
        from kpitui.cli.beginning import begin

        return begin(root, use_cache=options.use_cache)
    return show(
        root,
        as_of=options.as_of,
        known_at=options.known_at,
        use_cache=options.use_cache,
        presenting=options.present,
    )


def _no_such(named: str) -> str:
    """That there is no such folder; it may have been meant as a command."""
    from difflib import get_close_matches

    from kpitui.cli.main import COMMANDS

    close = get_close_matches(named, COMMANDS, n=1)
    return f"there is no folder {named}" + (f"; did you mean kpitui {close[0]}?" if close else "")

"""`kpitui demo`: the bundled workspaces, each in a copy of the user's own."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from kpitui.cli.arguments import cache_argument
from kpitui.cli.output import print_text
from kpitui.cli.screens import show
from kpitui.problems import KpituiError


def _demo_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Open a bundled workspace in a copy of your own, kept from time to time in the user data folder: "
        "'demo', a software company's marketing in synthetic figures, or 'b2b-dashboard', a small one."
    )
    parser.add_argument("name", nargs="?", default="demo", help="demo (default) or b2b-dashboard")
    parser.add_argument("--fresh", action="store_true", help="throw the copy away and begin anew")
    parser.add_argument("--path", action="store_true", help="print where the copy is instead of opening it")
    cache_argument(parser)
    parser.set_defaults(run=_demo)


def _demo(options: argparse.Namespace) -> int:
    root = demo_copy(options.name, fresh=options.fresh)
    if options.path:
        print_text(str(root))
        return 0
    return show(root, use_cache=options.use_cache)


def demo_copy(name: str, *, fresh: bool) -> Path:
    """The user's own copy of a bundled workspace, made where there is none."""
    import shutil

    from platformdirs import user_data_path

    from kpitui.definitions.files import SETTINGS_FILE
    from kpitui.shipped import shipped

    data = shipped("data")
    names = sorted(path.name for path in data.iterdir() if (path / SETTINGS_FILE).is_file())
    if name not in names:
        raise KpituiError(f"there is no demo {name!r}; there are {', '.join(names)}")
    root = user_data_path("kpitui") / name
    try:
        if fresh and root.exists():
            shutil.rmtree(root)
        if not root.exists():
            # Copied beside and renamed, so that half a copy is never taken for one.
            half = root.with_name(f"{name}.{os.getpid()}")
            shutil.copytree(data / name, half, ignore=shutil.ignore_patterns("__pycache__"))
            half.rename(root)
    except OSError as error:
        raise KpituiError(f"the demo cannot be copied to {root}: {error.strerror or error}") from error
    return root


PARSERS = {"demo": _demo_parser}

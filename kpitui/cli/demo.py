"""`kpitui demo`: the bundled workspaces, each in a copy of the user's own."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from kpitui.cli.arguments import cache_argument, present_argument
from kpitui.cli.output import print_text
from kpitui.cli.screens import show
from kpitui.places import SETTINGS_FILE
from kpitui.printable import printable
from kpitui.problems import KpituiError


def _demo_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Open a bundled workspace in a copy of your own, kept from time to time in the user data folder: "
        "'demo', a software company's marketing in synthetic figures, or 'b2b-dashboard', a small one."
    )
    parser.add_argument("name", nargs="?", default="demo", help="demo (default) or b2b-dashboard")
    parser.add_argument(
        "--fresh", action="store_true", help="begin anew; a copy in which you wrote anything is kept beside the new one"
    )
    parser.add_argument("--path", action="store_true", help="print where the copy is instead of opening it")
    present_argument(parser)
    cache_argument(parser)
    parser.set_defaults(run=_demo)


def _demo(options: argparse.Namespace) -> int:
    copy = demo_copy(options.name, fresh=options.fresh)
    notice = None
    if copy.former is not None:
        notice = f"What you had in the demo is kept in {copy.former}"
        print(printable(notice), file=sys.stderr)
    if options.path:
        print_text(str(copy.root))
        return 0
    return show(copy.root, notice, use_cache=options.use_cache, presenting=options.present)


class Copy(NamedTuple):
    """A bundled workspace as the user has it."""

    root: Path
    former: Path | None
    """Where the copy before it was put, if that held anything that did not come with the program."""


def demo_copy(name: str, *, fresh: bool = False) -> Copy:
    """The user's own copy of a bundled workspace, made where there is none; `fresh` makes another one."""
    import shutil

    from platformdirs import user_data_path

    from kpitui.shipped import shipped

    data = shipped("data")
    names = sorted(path.name for path in data.iterdir() if (path / SETTINGS_FILE).is_file())
    if name not in names:
        raise KpituiError(f"there is no demo {name!r}; there are {', '.join(names)}")
    root = user_data_path("kpitui") / name
    half = root.with_name(f"{name}.{os.getpid()}")
    former = None
    try:
        if fresh or not root.exists():
            # Copied beside and renamed, so that half a copy is never taken for one.
            shutil.copytree(data / name, half, ignore=shutil.ignore_patterns("__pycache__"))
            if root.exists() and _contents(root) == _contents(half):
                shutil.rmtree(root)
            elif root.exists():
                former = root.rename(_aside(root))
            half.rename(root)
    except OSError as error:
        shutil.rmtree(half, ignore_errors=True)
        # Of several files that could not be copied, the first.
        reason = error.args[0][0][2] if isinstance(error, shutil.Error) else error.strerror or error
        raise KpituiError(f"the demo cannot be copied to {root}: {reason}") from error
    return Copy(root, former)


def _aside(root: Path) -> Path:
    """A free name beside the folder, that says when it was put there."""
    moment = f"{root.name}-{datetime.now().astimezone():%Y-%m-%dT%H-%M-%S}"
    names = (f"{moment}-{number}" for number in count(2))
    return next(path for each in chain((moment,), names) if not (path := root.with_name(each)).exists())


def _contents(folder: Path) -> dict[Path, bytes]:
    """Every file with what it holds."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


PARSERS = {"demo": _demo_parser}

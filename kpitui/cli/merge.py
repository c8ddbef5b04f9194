"""`kpitui merge`: review files of two branches joined, as a merge driver of git."""

from __future__ import annotations

import argparse
import codecs
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from kpitui.printable import printable
from kpitui.problems import KpituiError

MERGE_HELP = """\
git calls it once it is registered, for each clone and in the repository:
  git config merge.kpitui.driver 'kpitui merge %O %A %B %P'
  echo 'reviews/*.toml merge=kpitui' >> .gitattributes

The outcome takes the place of OURS. Records that either side added or changed are in it, and different keys of one
record are joined: status 0. Where both sides changed the same key of a record, both versions are kept, theirs under
its id and ours under a new one; that is told on standard error with status 1, and git asks to look at the file before
it is committed. A file that is not a sound review file is merged line by line, by git merge-file.
"""
_MOST_CONFLICTS = 127
"""`git merge-file` counts conflicts in its exit status up to here; what is above is a failure."""


class _Side(NamedTuple):
    data: bytes
    text: str


def _merge_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "Join what two branches wrote into a review file."
    parser.epilog = MERGE_HELP
    parser.add_argument("base", metavar="BASE", type=Path, help="what both began with; empty where each made the file")
    parser.add_argument("ours", metavar="OURS", type=Path, help="this branch's file, which is replaced")
    parser.add_argument("theirs", metavar="THEIRS", type=Path, help="the other branch's file")
    parser.add_argument("path", metavar="PATH", nargs="?", help="the file's name in the repository, for messages")
    parser.set_defaults(run=_merge)


def _merge(options: argparse.Namespace) -> int:
    from kpitui.records.merge import merge
    from kpitui.records.safe import replace_file

    shown = options.path or str(options.ours)
    try:
        base, ours, theirs = (_read(path) for path in (options.base, options.ours, options.theirs))
        merged = merge(base.text, ours.text, theirs.text)
    except KpituiError as error:
        return _by_line(options, shown, str(error))
    data = merged.text.encode()
    if theirs.data.startswith(codecs.BOM_UTF8):
        data = codecs.BOM_UTF8 + data
    replace_file(options.ours, data, shown, unchanged=lambda: True)
    for conflict in merged.conflicts:
        print(printable(f"{shown}: {conflict}"), file=sys.stderr)
    if merged.conflicts:
        print(printable(f"Keep what holds in {shown}, delete the rest, then: git add {shown}"), file=sys.stderr)
    return 1 if merged.conflicts else 0


def _read(path: Path) -> _Side:
    """A side that can be joined; KpituiError where it is no sound review file."""
    from kpitui.records.read import MAX_BYTES, decode, read

    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise KpituiError(f"{path} cannot be read: {error.strerror}") from None
    if data:
        found = read(str(path), data)
        if found.read_only:
            raise KpituiError(f"{path} cannot be joined by record, for {found.read_only}")
    return _Side(data, decode(data))


def _by_line(options: argparse.Namespace, shown: str, reason: str) -> int:
    """Git's own merge, whose markers kpitui tells of until they are gone."""
    print(printable(f"{shown}: {reason}; merged line by line"), file=sys.stderr)
    names = ("-L", "ours", "-L", "base", "-L", "theirs")
    files = (options.ours, options.base, options.theirs)
    try:
        status = subprocess.run(["git", "merge-file", *names, "--", *files], check=False).returncode  # noqa: S603, S607 - the git that calls
    except OSError as error:
        raise KpituiError(f"{shown} was not merged: git cannot be run ({error.strerror})") from None
    if not 0 <= status <= _MOST_CONFLICTS:
        raise KpituiError(f"{shown} was not merged: git merge-file gave up")
    return 1 if status else 0


PARSERS = {"merge": _merge_parser}

"""`kpitui help TOPIC`: the pages of the documentation, which come with the program."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from kpitui.cli.output import print_text
from kpitui.problems import KpituiError


def _help_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "A page of the documentation; without a topic, which there are."
    parser.add_argument("topic", nargs="?", metavar="TOPIC", help="a page, or a command of kpitui")
    parser.set_defaults(run=_help)


def _help(options: argparse.Namespace) -> int:
    from kpitui.cli.main import COMMANDS, run

    pages = _pages()
    if options.topic is None:
        print_text("kpitui help TOPIC, with one of these, or a command's name:\n")
        width = max(map(len, pages))
        for topic, page in pages.items():
            print_text(f"  {topic:<{width}}  {_first_sentence(page)}")
        return 0
    if options.topic in pages:
        _show(pages[options.topic].read_text(encoding="utf-8"))
        return 0
    if options.topic in COMMANDS:
        return run([options.topic, "--help"])
    raise KpituiError(f"there is no page {options.topic!r}; there are {', '.join(pages)}, and every command's --help")


def _pages() -> dict[str, Path]:
    from kpitui.shipped import shipped

    return {path.stem: path for path in sorted(shipped("docs").glob("*.md"))}


def _first_sentence(page: Path) -> str:
    """Of the paragraph under the title."""
    _, paragraph, *_ = page.read_text(encoding="utf-8").split("\n\n", 2)
    return " ".join(paragraph.split()).partition(". ")[0].removesuffix(".")


def _show(text: str) -> None:
    """Through the user's pager where somebody reads it on a terminal."""
    command = shlex.split(os.environ.get("PAGER") or "less")
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or not command or not shutil.which(command[0]):
        print_text(text.rstrip("\n"))
        return
    # `less` ends by itself where the page fits on the screen.
    subprocess.run(command, input=text.encode(), check=False, env={"LESS": "FRX", **os.environ})  # noqa: S603 - the user's own pager, no shell


PARSERS = {"help": _help_parser}

"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def day(text: str) -> date:
    """A day as options take it."""
    from datetime import date

    from kpitui.measurements.dates import FIRST_YEAR, LAST_YEAR

    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write 2026-11-04") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def workspace_argument(parser: argparse.ArgumentParser) -> None:
    """For commands that read."""
    parser.add_argument("workspace", nargs="?", help="folder with a kpitui.toml (default: this folder)")
    parser.add_argument("-w", dest="workspace_option", metavar="DIR", help="the same")


def writing_arguments(parser: argparse.ArgumentParser) -> None:
    """For commands that write; what they write about is their argument, so the workspace is an option."""
    parser.add_argument(
        "-w", dest="workspace_option", metavar="DIR", help="folder with a kpitui.toml (default: this folder)"
    )
    parser.add_argument("--by", metavar="WHO", help="who says it (default: config file, git's user.name, login)")


def as_of_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=day, metavar="DATE", help="as of that day instead of today")


def as_of_accepted_argument(parser: argparse.ArgumentParser) -> None:
    """For commands that read records only: it may stand before any command, so each takes it."""
    parser.add_argument("--as-of", type=day, metavar="DATE", help="changes nothing here: records are as they are now")


def cache_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-cache",
        dest="use_cache",
        action="store_false",
        help="read all measurements anew, and keep nothing of them for the next time",
    )


def present_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--present", action="store_true", help="begin with one KPI at a time, for a room (P)")


def known_at_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--known-at",
        type=day,
        metavar="DATE",
        help="as it was known at the end of that day: rows of sources with `recorded`, and figures typed in, count "
        "only if recorded by then; sources without `recorded`, targets and records are as they are now",
    )


def format_argument(parser: argparse.ArgumentParser, *formats: str) -> None:
    parser.add_argument("--format", choices=formats, default="table", help="default: table")

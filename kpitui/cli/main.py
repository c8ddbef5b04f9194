"""One call: the command that is named first parses the rest of the line and runs; without one, the screens open."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from kpitui import __version__
from kpitui.cli.actions import actions_parser
from kpitui.cli.arguments import cache_argument, day
from kpitui.cli.cache import cache_parser
from kpitui.cli.checking import check_parser
from kpitui.cli.demo import demo_parser
from kpitui.cli.figures import scorecard_parser, series_parser
from kpitui.cli.manual import measure_parser
from kpitui.cli.records import action_parser, followup_parser, text_parser
from kpitui.cli.start import open_workspace
from kpitui.printable import printable
from kpitui.problems import KpituiError

EPILOG = """\
commands:
  kpitui [WORKSPACE]          open a workspace (default: this folder)
  kpitui demo [--fresh]       open the bundled demo in a copy of your own
  kpitui check [WORKSPACE]    every problem with definitions, measurements and records
  kpitui scorecard [WORKSPACE]
  kpitui series [WORKSPACE]   periods, comparisons, targets, signals
  kpitui note | cause | decision KPI --text TEXT
  kpitui action KPI "what @owner fri"
  kpitui followup ACTION --status done
  kpitui measure KPI PERIOD VALUE   a value that no file holds
  kpitui actions [WORKSPACE]  the action register
  kpitui cache [--clear]      what is kept of measurements between starts, and where

`kpitui COMMAND --help` says more, also about the JSON.
A folder whose name is a command's is opened with ./ before it.
"""


def run(arguments: Sequence[str]) -> int:
    """Run one call and give its exit status."""
    try:
        return _dispatch(arguments)
    except KpituiError as error:
        print(f"kpitui: {_lines(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing more can be written to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _dispatch(arguments: Sequence[str]) -> int:
    command = arguments[0] if arguments else ""
    parsers = {
        "demo": demo_parser,
        "check": check_parser,
        "scorecard": scorecard_parser,
        "series": series_parser,
        "note": text_parser,
        "cause": text_parser,
        "decision": text_parser,
        "action": action_parser,
        "followup": followup_parser,
        "measure": measure_parser,
        "actions": actions_parser,
        "cache": cache_parser,
    }
    if command in parsers:
        parser = argparse.ArgumentParser(
            prog=f"kpitui {command}", formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
        )
        parser.set_defaults(command=command)
        parsers[command](parser)
        options = parser.parse_args(arguments[1:])
        code: int = options.run(options)
        return code
    return open_workspace(_main_parser().parse_args(arguments))


def _lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def _main_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kpitui",
        description="KPI reviews in the terminal.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("workspace", nargs="?", help="folder with a kpitui.toml (default: this folder)")
    parser.add_argument("-w", dest="workspace_option", metavar="DIR", help="the same")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="review as of that day instead of today")
    cache_argument(parser)
    parser.add_argument("--version", action="version", version=f"kpitui {__version__}")
    return parser

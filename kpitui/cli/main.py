"""One call: the command that is named first reads the rest of the line and runs; without one, the screens open.

Only the module of that command is imported, and for `kpitui --help` none: the names and a line on each are here.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

from kpitui.problems import KpituiError


class Command(NamedTuple):
    """Where a command is."""

    module: str
    """In `kpitui.cli`; its `PARSERS` has, by the command's name, the function that adds the arguments."""
    help: str


COMMANDS: Mapping[str, Command] = {
    "demo": Command("demo", "open the bundled demo in a copy of your own"),
    "init": Command("init", "start a workspace, from a CSV by guessing its KPIs"),
    "check": Command("checking", "every problem with definitions, measurements and records"),
    "scorecard": Command("figures", "every KPI for one period"),
    "series": Command("figures", "periods, comparisons, targets, signals"),
    "explain": Command("why", "why a KPI moved: by its inputs, or by segment"),
    "pace": Command("why", "where a KPI's month, quarter and year will end"),
    "links": Command("why", "whether KPIs lead those that they should, and which changed first"),
    "compare": Command("why", "test two rates, for a comparison that was planned"),
    "note": Command("records", "write a note on a KPI"),
    "cause": Command("records", "write down a cause of a variance"),
    "decision": Command("records", "write down a decision"),
    "action": Command("records", 'agree an action: "what @owner fri"'),
    "followup": Command("records", "say what became of an action"),
    "verdict": Command("review", "say what the review makes of a KPI, or of several"),
    "retract": Command("records", "take a record back"),
    "measure": Command("manual", "type in a value that no file holds"),
    "actions": Command("actions", "the action register"),
    "review": Command("review", "start a review, see how far it is, sign it off, open it again"),
    "find": Command("find", "all records that say something"),
    "report": Command("report", "the summary of a review"),
    "merge": Command("merge", "join review files of two branches, for git"),
    "help": Command("help", "the pages of the documentation, without a network"),
    "completion": Command("completion", "a script that lets bash, zsh, fish or tcsh complete kpitui's words"),
    "themes": Command("themes", "the themes, and what is wrong with those of your own"),
    "keys": Command("keys", "what each key does, and where to change it"),
    "cache": Command("cache", "what is kept of measurements between starts, and where"),
}


def run(arguments: Sequence[str]) -> int:
    """Run one call and give its exit status."""
    try:
        return _dispatch(arguments)
    except KpituiError as error:
        from kpitui.printable import printable_lines

        print("kpitui:", "\n".join(printable_lines(str(error))), file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing more can be written to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


_WITH_VALUE = ("-w", "--as-of", "--known-at")
_ALONE = ("--no-cache",)
"""Options of `kpitui` itself that may stand before a command: they are the command's, too, where it has them."""


def _command_first(arguments: Sequence[str]) -> Sequence[str]:
    """`--as-of D review status` as `review status --as-of D`; as it is where no command follows the options."""
    at = 0
    while at < len(arguments):
        if arguments[at] in _WITH_VALUE:
            at += 2
        elif arguments[at] in _ALONE or arguments[at].startswith(tuple(f"{name}=" for name in _WITH_VALUE)):
            at += 1
        elif arguments[at] in COMMANDS:
            # Before the command's own: behind `--`, or a text that takes all that follows, they would not be options.
            return [arguments[at], *arguments[:at], *arguments[at + 1 :]]
        else:
            break
    return arguments


def _dispatch(arguments: Sequence[str]) -> int:
    arguments = _command_first(arguments)
    named = arguments[0] if arguments else ""
    command = COMMANDS.get(named)
    parser = argparse.ArgumentParser(
        prog=f"kpitui {named}" if command else "kpitui",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    if command is None:
        from kpitui.cli.start import start_parser

        parser.epilog = _epilog()
        start_parser(parser)
        options = parser.parse_args(arguments)
    else:
        parsers: Mapping[str, Callable[[argparse.ArgumentParser], None]]
        parsers = import_module(f"kpitui.cli.{command.module}").PARSERS
        parser.set_defaults(command=named)
        parsers[named](parser)
        options = parser.parse_args(arguments[1:])
    code: int = options.run(options)
    return code


def _epilog() -> str:
    width = max(map(len, COMMANDS))
    lines = (f"  {name:<{width}}  {command.help}" for name, command in COMMANDS.items())
    return "\n".join(
        (
            "commands:",
            *lines,
            "",
            "`kpitui COMMAND --help` says more, also about the JSON.",
            "A folder whose name is a command's is opened with ./ before it.",
        )
    )

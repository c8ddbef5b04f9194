"""`kpitui keys`: the keys in force, and where to change them."""

from __future__ import annotations

import argparse

from kpitui.cli.arguments import format_argument
from kpitui.cli.output import print_json, print_text, table_printer, tell

KEYS_JSON = """\
To change some, write the file that is named at the end, and start anew:

  [keys]
  undo = "U"
  kpi.mark = ["M", "f2"]

A key is a sign, or a name such as f2, pageup, ctrl+x. Mistakes are told on standard error; what they are about keeps
its usual key.

JSON: schema, file (where to change them), exists, keys: id, keys, usual (null where they are), where, help.
"""


def _keys_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "The keys in force, those of your own marked, and the file in which they are changed."
    parser.epilog = KEYS_JSON
    format_argument(parser, "table", "json", "markdown")
    parser.set_defaults(run=_keys)


def _keys(options: argparse.Namespace) -> int:
    from kpitui.printable import printable
    from kpitui.ui.keymap import keys_file, load
    from kpitui.ui.keys import ACTIONS, WHERE, shown

    file = keys_file()
    keymap, problems = load(file)
    tell(problems)
    usual = {action.id: action.keys for action in ACTIONS}
    if options.format == "json":
        keys = [
            {
                "id": action.id,
                "keys": action.keys,
                "usual": usual[action.id] if action.id in keymap.changed else None,
                "where": WHERE[action.place],
                "help": action.help,
            }
            for action in keymap.actions
        ]
        print_json({"schema": 1, "file": printable(str(file)), "exists": file.exists(), "keys": keys})
        return 0
    rows = []
    for action in keymap.actions:
        changed = f" (usually {' '.join(map(shown, usual[action.id]))})" if action.id in keymap.changed else ""
        rows.append((" ".join(map(shown, action.keys)) + changed, action.id, WHERE[action.place], action.help))
    print_text(table_printer(options.format)(("key", "id", "where", "what it does"), rows))
    if options.format == "table":
        there = f"{len(keymap.changed)} changed in" if file.exists() else "None is changed. To change some, write"
        print_text(f"\n{there} {printable(str(file))}")
    return 0


PARSERS = {"keys": _keys_parser}

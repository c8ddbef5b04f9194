"""`kpitui find`: all records that say something."""

from __future__ import annotations

import argparse

from kpitui.cli.arguments import as_of_accepted_argument, format_argument
from kpitui.cli.opening import root_of
from kpitui.cli.output import print_json, print_text, table_printer, tell

FIND_JSON = """\
Every word has to be there, in a record's text, title, reason, whys, segment, class, verdict or owner, or in the id or
name of its KPI; capitals do not matter. What was taken back is not found. Oldest first. The table shows the words
around what was found, which stands between » and «, and the key where that is not the record's text.

JSON: schema, workspace, text, records: id, kind, kpi, period, review, by, at, file, said, found (key, and text: the
words around what was found), and record: the keys of its table in the file.
"""


def _find_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "All notes, causes, decisions, actions, follow-ups, verdicts and targets that say it."
    parser.epilog = FIND_JSON
    parser.add_argument("text", metavar="TEXT", nargs="+")
    parser.add_argument(
        "-w", dest="workspace_option", metavar="DIR", help="folder with a kpitui.toml (default: this folder)"
    )
    as_of_accepted_argument(parser)
    format_argument(parser, "table", "json", "csv", "markdown")
    parser.set_defaults(run=_find)


def _find(options: argparse.Namespace) -> int:
    from kpitui.report.found import found_json, found_table
    from kpitui.workspace.finding import find
    from kpitui.workspace.register import open_journal

    journal = open_journal(root_of(options))
    tell(journal.problems)
    text = " ".join(options.text)
    found = find(journal, text)
    if options.format == "json":
        print_json(found_json(journal, text, found))
    else:
        print_text(table_printer(options.format)(*found_table(journal, found, marked=options.format != "csv")))
    return 0


PARSERS = {"find": _find_parser}

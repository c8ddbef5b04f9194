"""`kpitui actions`: the action register."""

from __future__ import annotations

import argparse

from kpitui.cli.arguments import as_of_argument, format_argument, workspace_argument
from kpitui.cli.opening import root_of
from kpitui.cli.output import print_bytes, print_json, print_text, table_printer, tell

ACTIONS_JSON = """\
JSON: schema, workspace, as_of, actions: id, kpi, title, owner, status, due, overdue, slips, by, at, file.
"""


def _actions_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "The action register: what is open, overdue first. With --fail-on overdue, status 1 where one is. "
        "--format ics: tasks for a calendar; the owner is a text, for no address is known."
    )
    parser.epilog = ACTIONS_JSON
    workspace_argument(parser)
    as_of_argument(parser)
    parser.add_argument("--owner", metavar="WHO", help="only this owner's, by id or name")
    parser.add_argument("--overdue", action="store_true", help="only overdue ones")
    parser.add_argument("--all", action="store_true", help="closed ones, too")
    parser.add_argument("--fail-on", choices=("overdue",))
    format_argument(parser, "table", "json", "csv", "markdown", "ics")
    parser.set_defaults(run=_actions)


def _actions(options: argparse.Namespace) -> int:
    from kpitui.workspace.register import action_register, open_journal

    journal = open_journal(root_of(options), options.as_of)
    tell(journal.problems)
    found = action_register(journal, owner=options.owner, overdue=options.overdue, closed=options.all)
    if options.format == "json":
        from kpitui.report.actions import actions_json

        print_json(actions_json(journal, found))
    elif options.format == "ics":
        from kpitui.report.ics import actions_ics

        print_bytes(actions_ics(journal, found))
    else:
        from kpitui.report.actions import actions_table

        print_text(table_printer(options.format)(*actions_table(journal, found)))
    return 1 if options.fail_on and any(action.overdue(journal.as_of) for action in found) else 0


PARSERS = {"actions": _actions_parser}

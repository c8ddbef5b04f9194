"""`kpitui note`, `cause`, `decision`, `action`, `followup` and `retract`: records from the shell."""

from __future__ import annotations

import argparse
import sys
from typing import get_args

from kpitui.cli.arguments import as_of_accepted_argument, as_of_argument, cache_argument, writing_arguments
from kpitui.cli.opening import opened, root_of
from kpitui.cli.output import print_text
from kpitui.printable import printable
from kpitui.problems import KpituiError


def _record_arguments(parser: argparse.ArgumentParser) -> None:
    writing_arguments(parser)
    as_of_argument(parser)
    parser.add_argument("--review", metavar="ID", help="the review that it belongs to, such as 2026-10-monthly")
    cache_argument(parser)


def _period_argument(parser: argparse.ArgumentParser) -> None:
    default = "the one under review while the review is held, else the last one that has ended"
    parser.add_argument("--period", metavar="P", help=f"the period that it is about (default: {default})")


def _text_parser(parser: argparse.ArgumentParser) -> None:
    command = parser.get_default("command")
    parser.description = f"Write a {command} on a KPI; prints the record's id once it is safe on disk."
    parser.add_argument("kpi")
    parser.add_argument("--text", required=True, help="- reads it from standard input")
    _period_argument(parser)
    if command == "cause":
        from kpitui.records.model import Confidence
        from kpitui.terms import CAUSE_CLASSES

        parser.add_argument("--class", dest="cause_class", choices=CAUSE_CLASSES)
        parser.add_argument("--confidence", choices=get_args(Confidence))
        parser.add_argument("--why", action="append", default=[], dest="whys", help="may be repeated")
    if command in ("note", "cause"):
        parser.add_argument("--segment")
    _record_arguments(parser)
    parser.set_defaults(run=_write)


def _action_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "Agree an action on a KPI; prints the record's id once it is safe on disk."
    parser.add_argument("kpi")
    parser.add_argument("text", metavar="LINE", help='"restore 1 h routing @ops fri": what, @owner, when')
    parser.add_argument("--effect", help="what it is expected to change")
    parser.add_argument("--cause", help="id of the cause that it acts on")
    _period_argument(parser)
    _record_arguments(parser)
    parser.set_defaults(run=_write)


def _write(options: argparse.Namespace) -> int:
    from kpitui.workspace.deciding import period_of_record

    workspace = opened(options)
    kpi = workspace.kpi(options.kpi)
    review = workspace.journal.review_of(kpi, options.review)
    period = workspace.period(options.period) if options.period else period_of_record(workspace, review)
    keys = ("cause_class", "confidence", "segment", "effect", "cause")
    values = {key: value for key in keys if (value := getattr(options, key, None)) is not None}
    if getattr(options, "whys", None):
        values["whys"] = tuple(options.whys)
    if period.start > workspace.as_of:
        raise KpituiError(f"{period.id} has not begun by the as-of date, {workspace.as_of}")
    text = _standard_input() if options.text == "-" else options.text
    saved = workspace.record(
        options.command,
        workspace.row(kpi, period),
        text.strip("\n"),
        review=options.review,
        by=options.by,
        values=values,
    )
    print_text(saved.id)
    if options.command == "action":
        print(workspace.journal.echo("action", text), file=sys.stderr)
    print(f"saved {saved.path}:{saved.line}", file=sys.stderr)
    return 0


def _standard_input() -> str:
    try:
        return sys.stdin.read()
    except UnicodeDecodeError:
        raise KpituiError("what came on standard input is not UTF-8 text") from None


def _followup_parser(parser: argparse.ArgumentParser) -> None:
    from kpitui.records.model import ActionStatus

    parser.description = "Write down what became of an action; a later due date is a slip, and slips are counted."
    parser.add_argument("action", metavar="ACTION", help="its id, such as a-8d2f; kpitui actions lists them")
    parser.add_argument("--status", choices=get_args(ActionStatus))
    parser.add_argument("--due", metavar="D", help="fri, +2w, 2026-12-01")
    parser.add_argument("--text", default="")
    _record_arguments(parser)
    parser.set_defaults(run=_followup)


def _followup(options: argparse.Namespace) -> int:
    from kpitui.records.quick import parse_due

    workspace = opened(options)
    due = parse_due(options.due, workspace.as_of) if options.due else None
    saved = workspace.journal.follow_up(
        options.action, status=options.status, due=due, text=options.text, review=options.review, by=options.by
    )
    print_text(saved.id)
    print(f"saved {saved.path}:{saved.line}", file=sys.stderr)
    return 0


def _retract_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Take a record back, anybody's: it stays in its file and no longer counts. Prints the retraction's id once it "
        "is safe on disk; a retraction can be taken back, too."
    )
    parser.add_argument("record", metavar="RECORD", help="its id, such as n-9m2x")
    parser.add_argument("--text", default="", help="why")
    writing_arguments(parser)
    as_of_accepted_argument(parser)
    parser.set_defaults(run=_retract)


def _retract(options: argparse.Namespace) -> int:
    from kpitui.workspace.register import open_journal
    from kpitui.workspace.undo import described

    journal = open_journal(root_of(options)).journal
    of = described(journal.record(options.record))
    saved = journal.retract(options.record, of, text=options.text, by=options.by)
    print_text(saved.id)
    print(printable(of), file=sys.stderr)
    print(f"saved {saved.path}:{saved.line}", file=sys.stderr)
    return 0


PARSERS = {
    "note": _text_parser,
    "cause": _text_parser,
    "decision": _text_parser,
    "action": _action_parser,
    "followup": _followup_parser,
    "retract": _retract_parser,
}

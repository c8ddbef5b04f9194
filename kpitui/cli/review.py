"""`kpitui review` and `kpitui verdict`: a review session from the shell."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, get_args

from kpitui.cli.arguments import as_of_argument, cache_argument, writing_arguments
from kpitui.cli.opening import opened
from kpitui.cli.output import print_json, print_text
from kpitui.problems import KpituiError

if TYPE_CHECKING:
    from kpitui.workspace.opening import Workspace
    from kpitui.workspace.session import Session

REVIEW_HELP = """\
A review looks at a period: a weekly one at a week, a monthly one at a month. `start` freezes the figures that the room
sees in the review's file, and resumes it where that was done before. `status` says how far it is; without an open
review, which ones can be started. `sign-off` reads back what was agreed and ends it: what has no verdict is named and
taken up by the next review. `reopen` is possible until the next review of the cadence is started.

JSON (of all four): schema, workspace, as_of, choices (what can be started, resumed or reopened: cadence, period,
review, state: new, noted, open, signed-off or unreadable, kpis, minutes, records, can_reopen) and review, or null where
none is open: id, cadence, period, state, started, chair, attendees, signed_off_by, signed_off_at, reopened_by,
reopened_at, file, resume_at, agenda (step, minutes), picture
(statuses and groups: how many KPIs; signals; since: what changes are against; changes: kpi, kind, before and now with
status and signal; supplies: kpi, freshness, since; restated: kpi, period, review, then, now; redefined: kpi, review),
actions (id, kpi, title, owner, due, urgency, days_late, slips), queue and sweep (kpi, group, status, signal, proposed,
verdict, former, carried_over), targets (kpi, from, looked_at, stale, changes), read_back (ids of decisions, actions,
followups, overdue (actions that nobody looked at), causes, notes, targets, verdicts; carried_over and unseen: KPIs),
said_before (ids of records on its period in the files of other reviews) and git (the command that would commit the
record; it is never run).
"""


def _review_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "Start a review, see how far it is, sign it off, open it again."
    parser.epilog = REVIEW_HELP
    parser.add_argument("what", choices=tuple(_WHAT), metavar="start|status|sign-off|reopen")
    parser.add_argument("--cadence", metavar="C", help="weekly, monthly, … (start: the coarsest; else the open one's)")
    parser.add_argument("--period", metavar="P", help="2026-10, 2026-W44, … (start: the last one that has ended)")
    parser.add_argument(
        "--by", metavar="WHO", help="start: who chairs it; sign-off, reopen: who does it (default: as for records)"
    )
    parser.add_argument(
        "--attendee", metavar="WHO", action="append", default=[], help="start: who is there; may be repeated"
    )
    parser.add_argument(
        "-w", dest="workspace_option", metavar="DIR", help="folder with a kpitui.toml (default: this folder)"
    )
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    as_of_argument(parser)
    cache_argument(parser)
    parser.set_defaults(run=_review)


def _review(options: argparse.Namespace) -> int:
    if options.what != "start" and options.attendee:
        raise KpituiError("--attendee is said when a review is started")
    if options.what == "status" and options.by:
        raise KpituiError("--by is said when something is written; status only tells")
    return _WHAT[options.what](opened(options), options)


def _start(workspace: Workspace, options: argparse.Namespace) -> int:
    from kpitui.workspace.sessions import start

    period = workspace.period(options.period) if options.period else None
    held = start(workspace, options.cadence, period, chair=options.by, attendees=options.attendee)
    print(f"saved {held.path}", file=sys.stderr)
    return _tell(workspace, held, options)


def _status(workspace: Workspace, options: argparse.Namespace) -> int:
    return _tell(workspace, _named(workspace, options), options)


def _sign_off(workspace: Workspace, options: argparse.Namespace) -> int:
    held = _one(workspace, options)
    signed_off = held.sign_off(by=options.by)
    print(f"saved {signed_off.path}", file=sys.stderr)
    if options.format == "json":
        return _tell(workspace, held.again(), options)
    from kpitui.report.sessions import sign_off_text

    print_text(sign_off_text(signed_off, workspace.definitions, workspace.as_of))
    return 0


def _reopen(workspace: Workspace, options: argparse.Namespace) -> int:
    from kpitui.workspace.sessions import choices, reopen

    can = [
        choice.review_id
        for choice in choices(workspace)
        if choice.can_reopen and options.cadence in (None, choice.cadence)
    ]
    if options.period:
        can = [_review_id(workspace, options)]
    if len(can) != 1:
        which = f"which of {', '.join(can)}? Name its --cadence" if can else "none can be opened again"
        raise KpituiError(f"no review was opened: {which}")
    held = reopen(workspace, can[0], by=options.by)
    print(f"saved {held.path}", file=sys.stderr)
    return _tell(workspace, held, options)


_WHAT = {"start": _start, "status": _status, "sign-off": _sign_off, "reopen": _reopen}


def _review_id(workspace: Workspace, options: argparse.Namespace) -> str:
    period = workspace.period(options.period)
    cadence = options.cadence or next(
        (held.id for held in workspace.definitions.cadences if held.grain is period.grain), None
    )
    if cadence is None:
        raise KpituiError(f"no review is held that looks at a {period.grain.word}: name its --cadence")
    return f"{period.id}-{cadence}"


def _named(workspace: Workspace, options: argparse.Namespace) -> Session | None:
    """The review that is asked for, else the open one; None where there is none, or several."""
    from kpitui.workspace.session import session
    from kpitui.workspace.sessions import open_sessions

    if options.period:
        return session(workspace, _review_id(workspace, options))
    found = open_sessions(workspace, options.cadence)
    return found[0] if len(found) == 1 else None


def _one(workspace: Workspace, options: argparse.Namespace) -> Session:
    found = _named(workspace, options)
    if found is None:
        from kpitui.workspace.sessions import open_sessions

        names = ", ".join(held.review.id for held in open_sessions(workspace, options.cadence))
        which = f"which of {names}? Name its --cadence, or its --period" if names else "none is open"
        raise KpituiError(f"no review was signed off: {which}")
    return found


def _tell(workspace: Workspace, held: Session | None, options: argparse.Namespace) -> int:
    if options.format == "json":
        from kpitui.report.sessions import session_json

        print_json(session_json(workspace, held))
    else:
        from kpitui.report.sessions import choices_text, session_text

        print_text(session_text(held, workspace) if held else choices_text(workspace))
    return 0


def _verdict_parser(parser: argparse.ArgumentParser) -> None:
    from kpitui.records.model import VerdictWord

    parser.description = (
        "Write a verdict on one KPI or several, in one save; prints the records' ids once they are safe on disk."
    )
    parser.add_argument("kpis", metavar="KPI", nargs="+", help="ids")
    words = get_args(VerdictWord)
    parser.add_argument("verdict", metavar="V", choices=words, help=", ".join(words))
    parser.add_argument("--owner", metavar="WHO", help="who goes on with it")
    parser.add_argument("--due", metavar="D", help="fri, +2w, 2026-12-01")
    parser.add_argument("--review", metavar="ID", help="the review that it belongs to, such as 2026-10-monthly")
    writing_arguments(parser)
    as_of_argument(parser)
    cache_argument(parser)
    parser.set_defaults(run=_verdict)


def _verdict(options: argparse.Namespace) -> int:
    from kpitui.records.quick import parse_due
    from kpitui.workspace.deciding import verdicts_by_review

    workspace = opened(options)
    kpis = [workspace.kpi(kpi_id) for kpi_id in dict.fromkeys(options.kpis)]
    due = parse_due(options.due, workspace.as_of) if options.due else None
    saved = verdicts_by_review(
        workspace, kpis, options.verdict, review=options.review, owner=options.owner, due=due, by=options.by
    )
    for each in saved:
        print_text(each.id)
        print(f"saved {each.path}:{each.line}", file=sys.stderr)
    return 0


PARSERS = {"review": _review_parser, "verdict": _verdict_parser}

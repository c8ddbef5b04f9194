"""`kpitui init`: a new workspace, from a CSV by guessing, or an empty one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kpitui.cli.output import print_text, tell
from kpitui.printable import printable
from kpitui.problems import KpituiError, Problem

if TYPE_CHECKING:
    from kpitui.measurements.guess import TableGuess
    from kpitui.workspace.proposing import Proposal

_FORMATS = (".csv", ".csv.gz")
_LONGEST = 40
"""Characters of a name in the table."""
_EACH = {
    "daily": "day",
    "weekdays": "day",
    "event": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
}
_HOW = """\
Enter takes it as it stands. A line changes it, by number and word:
  2 down         less is better          1 target 400   aimed at, per period of
  2 up           more is better          1 target 400 a month            the file
  2 sum, 2 mean  how the rows of a period become one value; also last, min,
                 max, median, first, count
  2 percent      its unit; also number, currency, days, hours, ratio, score,
                 or a word of your own in quotes
  2 name Calls   what people call it     2,3 off        leave them out
  currency EUR   of all amounts          ?              this text again"""


def _init_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Start a workspace in DIR. With --from, a CSV file becomes its source and each column of numbers a KPI: how "
        "the file is written, what its columns mean and which way is better is guessed, shown, and can be changed "
        "before anything is written. A file from elsewhere is copied into DIR/measurements."
    )
    parser.add_argument("folder", metavar="DIR", help="folder of the new workspace; it is made if need be")
    parser.add_argument("--from", dest="csv", metavar="FILE", help="a .csv or .csv.gz")
    parser.add_argument("--name", help="what the workspace is called (default: the folder's name)")
    parser.add_argument("--yes", action="store_true", help="take every guess, and read no changes from standard input")
    parser.add_argument("--date-format", metavar="F", help='where it cannot be guessed: "%%d/%%m/%%Y" or "%%m/%%d/%%Y"')
    parser.set_defaults(run=_init)


def _init(options: argparse.Namespace) -> int:
    root = Path(options.folder)
    name = options.name or root.resolve().name
    if options.csv is None:
        begin_empty(root, name)
        return 0
    asks = not options.yes and sys.stdin.isatty() and sys.stdout.isatty()
    said = [] if asks or options.yes or sys.stdin.isatty() else sys.stdin.read().splitlines()
    begin_from(root, Path(options.csv), name, asks=asks, said=said, date_format=options.date_format)
    return 0


def begin_empty(root: Path, name: str) -> None:
    """Start a workspace of one KPI whose figures are typed in, and say what was written."""
    from kpitui.records.emit import value_text
    from kpitui.workspace import starting

    text = starting.EMPTY.format(name=value_text(name), year=date.today().year)  # noqa: DTZ011 - the user's own day
    _say_written(root, starting.start(root, text))


def begin_from(
    root: Path, csv: Path, name: str, *, asks: bool, said: Sequence[str] = (), date_format: str | None = None
) -> None:
    """Start the workspace from the file, and say what came of it.

    `asks` lets a person change the proposal; `said` are lines that do so without being asked for.
    """
    from kpitui.workspace import starting
    from kpitui.workspace.proposing import propose

    starting.check_free(root)
    table = _guess(csv, date_format, asks=asks)
    proposal = propose(name, table, csv.name.split(".")[0])
    if not proposal.kpis:
        raise KpituiError(f"{printable(str(csv))} has no column of numbers that could be a KPI")
    proposal = _changed(proposal, said)
    print_text(_told(proposal))
    if asks:
        proposal = _asked(proposal)
    seen_as_of = starting.as_of(table, date.today())  # noqa: DTZ011 - the user's own day
    text = starting.definitions_text(proposal, starting.place_of(root, csv), seen_as_of)
    _say_written(root, starting.start(root, text, csv))
    if seen_as_of:
        print_text(
            f"The file ends with {table.newest}, so the workspace is seen as of {seen_as_of}: see its [workspace]."
        )
    _read_once(root)


def _guess(csv: Path, date_format: str | None, *, asks: bool) -> TableGuess:
    """How the file is probably to be declared; of two orders of day and month a person says which."""
    from kpitui.measurements.guess import guess

    if not csv.name.lower().endswith(_FORMATS):
        raise KpituiError(f"{printable(str(csv))} is no {' or '.join(_FORMATS)} file; export it as CSV")
    table = guess(csv.parent, csv.name, date_format)
    if isinstance(table, Problem):
        raise KpituiError(str(table))
    if len(table.date_formats) > 1:
        meant = _which_format(table, asks=asks)
        return _guess(csv, meant, asks=asks)
    return table


def _which_format(table: TableGuess, *, asks: bool) -> str:
    first, second = table.date_formats[:2]
    example = printable(table.date_example)
    if not asks:
        raise KpituiError(
            f"dates such as {example} may be read in two ways; "
            f'say which: --date-format "{first}" or --date-format "{second}"'
        )
    from datetime import datetime

    meant = [f"{datetime.strptime(table.date_example, one):%d %B %Y}" for one in (first, second)]  # noqa: DTZ007 - a day
    print_text(f"Is {example}  1) {meant[0]}  or  2) {meant[1]}?")
    answer = ""
    while answer not in ("1", "2"):
        answer = _line("1 or 2: ").strip()
    return (first, second)[int(answer) - 1]


def _changed(proposal: Proposal, lines: Sequence[str]) -> Proposal:
    """The proposal after lines that came in at once; with a wrong one nothing is written."""
    from kpitui.workspace.amending import amended

    for line in filter(str.strip, lines):
        try:
            proposal = amended(proposal, line)
        except ValueError as error:
            raise KpituiError(f"`{printable(line)}`: {printable(str(error))}; nothing was written") from None
    return proposal


def _asked(proposal: Proposal) -> Proposal:
    """The proposal as a person changes it, line by line, until there is nothing to change."""
    from kpitui.workspace.amending import amended

    print_text(_HOW)
    while line := _line("Change, or Enter to write it: ").strip():
        if line == "?":
            print_text(_HOW)
            continue
        try:
            proposal = amended(proposal, line)
        except ValueError as error:
            print_text(printable(str(error)))
        else:
            print_text(_told(proposal))
    return proposal


def _line(prompt: str) -> str:
    try:
        return input(prompt)
    except EOFError:
        raise KpituiError("nothing was written") from None


def _told(proposal: Proposal) -> str:
    """What would be written, as a table with numbered lines, and what is to be known of it."""
    from kpitui.report.plain import table

    rows = [
        [
            str(number),
            _short(kpi.name),
            _short(kpi.column) if kpi.column is not None else "(rows)",
            kpi.aggregate,
            (kpi.currency or proposal.currency or "currency?") if kpi.unit == "currency" else kpi.unit,
            "less" if kpi.direction == "down" else "more",
            "—" if kpi.target is None else f"{kpi.target:g} a {kpi.per or _EACH[proposal.table.frequency]}",
        ]
        for number, kpi in enumerate(proposal.kpis, 1)
    ]
    columns = ["", "kpi", "key" if proposal.table.metric else "column", "as", "unit", "better", "target"]
    return "\n".join([*map(printable, _about(proposal)), "", table(columns, rows), ""])


def _about(proposal: Proposal) -> Iterator[str]:
    """How the file is read, and what of it is not."""
    guessed = proposal.table
    segments = f"; broken down by {', '.join(map(_short, guessed.segments))}" if guessed.segments else ""
    yield f"{guessed.frequency} by `{_short(guessed.date)}`{segments}"
    if guessed.missing:
        yield f"no value: {', '.join(guessed.missing)}"
    if guessed.doubtful:
        mark = guessed.grammar.thousands or guessed.grammar.decimal
        yield (
            f"`{guessed.doubtful}` is read as {guessed.grammar.read(guessed.doubtful):g}; where `{mark}` marks "
            f"{'decimals' if guessed.grammar.thousands else 'thousands'}, change the source's table"
        )
    for name, reason in guessed.left_out:
        yield f"left out: {_short(name)}{f' — {reason}' if reason else ''}"
    if not proposal.currency and any(kpi.unit == "currency" for kpi in proposal.kpis):
        yield "the currency of amounts is not known: currency EUR says it, here or in [workspace]"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _say_written(root: Path, files: list[Path]) -> None:
    for file in files:
        print_text(printable(f"wrote {file}"))
    print_text(printable(f"open it: kpitui {root}"))


def _read_once(root: Path) -> None:
    """Read all of it, so that what does not fit is told now and not at the first start."""
    from kpitui.workspace.opening import Workspace, read_here

    workspace = Workspace.open(root, measure=read_here)
    problems = [problem for problem in workspace.problems if problem.level == "problem"]
    tell(problems)
    if problems:
        print_text("What stands above does not fit yet; mend it, and kpitui check looks again.")


PARSERS = {"init": _init_parser}

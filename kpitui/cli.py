"""The command line: one short function per command, each importing what it needs when it runs.

Exit status: 0 done (problems in part of the data are told on standard error), 1 the answer is "no", 2 the call or
the workspace cannot be used.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from kpitui import __version__
from kpitui.printable import printable
from kpitui.problems import KpituiError, Problem

if TYPE_CHECKING:
    from datetime import date

    from kpitui.workspace.opening import Workspace

GRAIN_WORDS = ("day", "week", "month", "quarter", "year")
ACTION_STATES = ("open", "doing", "done", "dropped")
SETTINGS_FILE = "kpitui.toml"
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_TOLD = 20
"""Problems told on standard error before the rest is only counted; `check` tells all."""

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

SCORECARD_JSON = """\
JSON: schema, workspace, as_of, grain, period, problems, kpis: one object per KPI with id, name, owner, tier, kind,
perspective, objective, unit, currency, direction, period, actual, complete, usable, partial, coverage (0 to 1),
stale_since, restated (value and id of the newest review of the period, where the data now give another value),
redefined_since (that review, where the definition has changed since), manual (the figures are typed in), target
(target_low and target_high for a range), year_target, gap (favourable is positive), status (ahead, on_track, at_risk,
behind, no_target, no_data), status_basis (actual, or pace of a period that is not over), change, yoy, comparison,
signal (rule, side), variation, assurance, method, group, spark (13 periods), notes, open_actions, missing_components,
spoiled. A figure that is missing is null, never 0. Fractions are fractions: 0.0229.
"""
SERIES_JSON = """\
JSON: schema, workspace, as_of, grain, problems, kpis: one object per KPI with id, name, unit, currency, comparison,
points (the last N periods up to the one that holds the as-of date, oldest first: period, start, end, value, complete,
usable, partial, coverage, target, target_low, target_high, gap, status, status_basis, change, yoy, year_ago,
year_ago_complete, signal, lower, upper), to_date (week, month, quarter, year: value, change, yoy, year_ago, target)
and chart (method, variation, assurance, stable, phases). Limits come from all periods up to the as-of date.
"""
ACTIONS_JSON = """\
JSON: schema, workspace, as_of, actions: id, kpi, title, owner, status, due, overdue, slips, by, at, file.
"""
CACHE_JSON = """\
JSON: schema, cache (the folder), size (bytes), workspaces: workspace (null where it cannot be told), folder, sources,
size; with --clear also freed (bytes).
"""
CHECK_JSON = """\
JSON: schema, workspace, problems and advice: lists of file, line, column, key, message, hint.
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
        "demo": _demo_parser,
        "check": _check_parser,
        "scorecard": _scorecard_parser,
        "series": _series_parser,
        "note": _text_parser,
        "cause": _text_parser,
        "decision": _text_parser,
        "action": _action_parser,
        "followup": _followup_parser,
        "measure": _measure_parser,
        "actions": _actions_parser,
        "cache": _cache_parser,
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
    return _open(_main_parser().parse_args(arguments))


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
    parser.add_argument("--as-of", type=_day, metavar="DATE", help="review as of that day instead of today")
    _cache_argument(parser)
    parser.add_argument("--version", action="version", version=f"kpitui {__version__}")
    return parser


# Parts that several commands share


def _day(text: str) -> date:
    from datetime import date

    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write 2026-11-04") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text} is not between {_FIRST_YEAR} and {_LAST_YEAR}")
    return day


def _workspace_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workspace", nargs="?", help="folder with a kpitui.toml (default: this folder)")
    parser.add_argument("-w", dest="workspace_option", metavar="DIR", help="the same")


def _cache_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-cache",
        dest="use_cache",
        action="store_false",
        help="read all measurements anew, and keep nothing of them for the next time",
    )


def _known_at_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--known-at",
        type=_day,
        metavar="DATE",
        help="as it was known at the end of that day: rows of sources with `recorded`, and figures typed in, count "
        "only if recorded by then; sources without `recorded`, targets and records are as they are now",
    )


def _format_argument(parser: argparse.ArgumentParser, *formats: str) -> None:
    parser.add_argument("--format", choices=formats, default="table", help="default: table")


def _root(options: argparse.Namespace) -> Path:
    given = getattr(options, "workspace", None)
    if given and options.workspace_option:
        raise KpituiError("name the workspace once: as an argument, or with -w")
    return Path(given or options.workspace_option or ".")


def _opened(options: argparse.Namespace, *, as_of: date | None = None, known_at: date | None = None) -> Workspace:
    from functools import partial

    from kpitui.workspace.opening import Workspace, read_anew, read_here

    measure = read_here if options.use_cache else read_anew
    measure = partial(measure, known_at=known_at)
    workspace = Workspace.open(_root(options), as_of=as_of, measure=measure, known_at=known_at)
    _tell(workspace.problems)
    return workspace


def _tell(problems: Sequence[Problem], stream: TextIO | None = None) -> None:
    stream = stream or sys.stderr
    for problem in problems[:_TOLD]:
        print(printable(str(problem)), file=stream)
    if len(problems) > _TOLD:
        print(f"and {len(problems) - _TOLD} more problems: kpitui check tells them all", file=stream)


def _print(text: str) -> None:
    try:
        print(text)
    except UnicodeEncodeError:
        # A terminal whose encoding lacks the signs: better with ? than not at all.
        sys.stdout.buffer.write(text.encode(sys.stdout.encoding or "ascii", "replace") + b"\n")
    sys.stdout.flush()


def _print_json(value: Any) -> None:
    import json

    _print(json.dumps(value, ensure_ascii=True, allow_nan=False, indent=None))


def _table_printer(name: str) -> Callable[..., str]:
    from kpitui.report import plain

    printers: dict[str, Callable[..., str]] = {"table": plain.table, "markdown": plain.markdown, "csv": plain.csv}
    return printers[name]


# Opening


def _open(options: argparse.Namespace) -> int:
    root = _root(options)
    named = options.workspace or options.workspace_option
    notice = None
    if not named and not (root / SETTINGS_FILE).exists():
        if not _on_terminal():
            raise KpituiError(f"there is no {SETTINGS_FILE} here; name a workspace: kpitui WORKSPACE")
        root = _demo_copy("demo", fresh=False)
        notice = f"No {SETTINGS_FILE} here: this is the demo. Your own: kpitui WORKSPACE"
    return _show(root, options.as_of, notice, use_cache=options.use_cache)


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _show(root: Path, as_of: date | None, notice: str | None, *, use_cache: bool) -> int:
    if not _on_terminal():
        from kpitui.definitions.files import check_workspace

        check_workspace(root)
        raise KpituiError("the screens need a terminal; kpitui scorecard prints the same as text")
    from kpitui.workspace.live import Live

    live = Live(root, as_of, use_cache=use_cache)
    try:
        from kpitui.definitions.files import check_workspace

        check_workspace(root)
        # Nothing of what a start imports is garbage; the application turns the collector on again.
        gc.disable()
        from kpitui.ui.app import KpituiApp

        app = KpituiApp(root, live.open, notice, live=live)
        app.run()
    finally:
        live.end()
    return app.return_code or 0


def _demo_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Open a bundled workspace in a copy of your own, kept from time to time in the user data folder: "
        "'demo', a software company's marketing in synthetic figures, or 'b2b-dashboard', a small one."
    )
    parser.add_argument("name", nargs="?", default="demo", help="demo (default) or b2b-dashboard")
    parser.add_argument("--fresh", action="store_true", help="throw the copy away and begin anew")
    parser.add_argument("--path", action="store_true", help="print where the copy is instead of opening it")
    _cache_argument(parser)
    parser.set_defaults(run=_demo)


def _demo(options: argparse.Namespace) -> int:
    root = _demo_copy(options.name, fresh=options.fresh)
    if options.path:
        _print(str(root))
        return 0
    return _show(root, None, None, use_cache=options.use_cache)


def _demo_copy(name: str, *, fresh: bool) -> Path:
    """The user's own copy of a bundled workspace, made where there is none."""
    import shutil

    from platformdirs import user_data_path

    from kpitui.shipped import shipped

    data = shipped("data")
    names = sorted(path.name for path in data.iterdir() if (path / SETTINGS_FILE).is_file())
    if name not in names:
        raise KpituiError(f"there is no demo {name!r}; there are {', '.join(names)}")
    root = user_data_path("kpitui") / name
    try:
        if fresh and root.exists():
            shutil.rmtree(root)
        if not root.exists():
            # Copied beside and renamed, so that half a copy is never taken for one.
            half = root.with_name(f"{name}.{os.getpid()}")
            shutil.copytree(data / name, half, ignore=shutil.ignore_patterns("__pycache__"))
            half.rename(root)
    except OSError as error:
        raise KpituiError(f"the demo cannot be copied to {root}: {error.strerror or error}") from error
    return root


# Figures


def _scorecard_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "Every KPI for one period: figure, target, status, change and signal."
    parser.epilog = SCORECARD_JSON
    _workspace_argument(parser)
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--period", metavar="P", help="2026-10, 2026-W44, 2026-10-31, 2026-Q4, 2026 (FY2026 where years are fiscal)"
    )
    when.add_argument("--as-of", type=_day, metavar="DATE", help="as of that day: nothing after it counts")
    _known_at_argument(parser)
    parser.add_argument("--grain", choices=GRAIN_WORDS, help="default: month, or the finest review that is held")
    _format_argument(parser, "table", "json", "csv", "markdown")
    _cache_argument(parser)
    parser.set_defaults(run=_scorecard)


def _scorecard(options: argparse.Namespace) -> int:
    from kpitui.periods import GRAINS

    workspace = _opened(options, as_of=options.as_of, known_at=options.known_at)
    period = workspace.period(options.period) if options.period else None
    grain = GRAINS[options.grain] if options.grain else None
    if period is not None and grain is not None and period.grain is not grain:
        raise KpituiError(f"{options.period} is a {period.grain.word}, not a {grain.word}")
    scorecard = workspace.scorecard(period, grain)
    if options.format == "json":
        from kpitui.report.figures_json import scorecard_json

        _print_json(scorecard_json(scorecard))
        return 0
    from kpitui.report.tables import scorecard_table

    _print(
        _table_printer(options.format)(
            *scorecard_table(scorecard, workspace.definitions, exact=options.format == "csv")
        )
    )
    return 0


def _series_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "The last periods of KPIs: values, comparisons, targets and signals."
    parser.epilog = SERIES_JSON
    _workspace_argument(parser)
    parser.add_argument("--kpi", action="append", metavar="ID", default=[], help="only this KPI; may be repeated")
    parser.add_argument("--as-of", type=_day, metavar="DATE", help="as of that day: nothing after it counts")
    _known_at_argument(parser)
    parser.add_argument("--grain", choices=GRAIN_WORDS, help="default: month, or the finest review that is held")
    parser.add_argument("--last", type=_count, default=13, metavar="N", help="how many periods (default 13)")
    _format_argument(parser, "table", "json", "csv", "markdown")
    _cache_argument(parser)
    parser.set_defaults(run=_series)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError("a number from 1 to 10000")
    return int(text)


def _series(options: argparse.Namespace) -> int:
    from kpitui.periods import GRAINS

    workspace = _opened(options, as_of=options.as_of, known_at=options.known_at)
    grain = GRAINS[options.grain] if options.grain else workspace.usual_grain
    kpis = [workspace.kpi(kpi) for kpi in options.kpi] or list(workspace.definitions.kpis.values())
    trends = [workspace.trend(kpi, grain, options.last) for kpi in kpis]
    if options.format == "json":
        from kpitui.report.figures_json import series_json

        _print_json(series_json(workspace.name, workspace.as_of.isoformat(), grain, len(workspace.problems), trends))
        return 0
    from kpitui.report.tables import series_table

    _print(_table_printer(options.format)(*series_table(trends, workspace.definitions, exact=options.format == "csv")))
    return 0


def _check_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Every problem with definitions, measurements and records, and what the KPIs lack. "
        "Status 1 where there is a problem; advice is none."
    )
    parser.epilog = CHECK_JSON
    _workspace_argument(parser)
    _format_argument(parser, "table", "json")
    _cache_argument(parser)
    parser.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from kpitui.workspace.checking import check
    from kpitui.workspace.opening import read_anew, read_here

    checked = check(_root(options), read_here if options.use_cache else read_anew)
    if options.format == "json":
        _print_json(
            {
                "schema": 1,
                "workspace": checked.name,
                "problems": [_problem_json(problem) for problem in checked.problems],
                "advice": [_problem_json(problem) for problem in checked.advice],
            }
        )
    else:
        for problem in checked.problems:
            _print(printable(f"problem  {problem}"))
        for problem in checked.advice:
            _print(printable(f"advice   {problem}"))
        counted = (
            _counted(checked.kpis, "KPI"),
            _counted(len(checked.problems), "problem"),
            _counted(len(checked.advice), "piece", " of advice"),
        )
        _print(", ".join(counted))
    return 1 if checked.problems else 0


def _counted(count: int, word: str, rest: str = "") -> str:
    return f"{count} {word}{'' if count == 1 else 's'}{rest}"


def _problem_json(problem: Problem) -> dict[str, Any]:
    found = problem._asdict()
    del found["level"]
    return found


# Records


def _record_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-w", dest="workspace_option", metavar="DIR", help="folder with a kpitui.toml (default: this folder)"
    )
    parser.add_argument("--review", metavar="ID", help="the review that it belongs to, such as 2026-10-monthly")
    parser.add_argument("--by", metavar="WHO", help="who says it (default: config file, git's user.name, login)")
    _cache_argument(parser)


def _text_parser(parser: argparse.ArgumentParser) -> None:
    command = parser.get_default("command")
    parser.description = f"Write a {command} on a KPI; prints the record's id once it is safe on disk."
    parser.add_argument("kpi")
    parser.add_argument("--text", required=True, help="- reads it from standard input")
    parser.add_argument(
        "--period", metavar="P", help="the period that it is about (default: the last one that has ended)"
    )
    if command == "cause":
        from kpitui.terms import CAUSE_CLASSES

        parser.add_argument("--class", dest="cause_class", choices=CAUSE_CLASSES)
        parser.add_argument("--confidence", choices=("confirmed", "hypothesis"))
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
    parser.add_argument(
        "--period", metavar="P", help="the period that it is about (default: the last one that has ended)"
    )
    _record_arguments(parser)
    parser.set_defaults(run=_write)


def _write(options: argparse.Namespace) -> int:
    workspace = _opened(options)
    kpi = workspace.kpi(options.kpi)
    period = workspace.period(options.period) if options.period else workspace.last_ended(workspace.usual_grain)
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
    _print(saved.id)
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
    parser.description = "Write down what became of an action; a later due date is a slip, and slips are counted."
    parser.add_argument("action", metavar="ACTION", help="its id, such as a-8d2f; kpitui actions lists them")
    parser.add_argument("--status", choices=ACTION_STATES)
    parser.add_argument("--due", metavar="D", help="fri, +2w, 2026-12-01")
    parser.add_argument("--text", default="")
    _record_arguments(parser)
    parser.set_defaults(run=_followup)


def _followup(options: argparse.Namespace) -> int:
    from kpitui.records.quick import parse_due

    workspace = _opened(options)
    due = parse_due(options.due, workspace.as_of) if options.due else None
    saved = workspace.journal.follow_up(
        options.action, status=options.status, due=due, text=options.text, review=options.review, by=options.by
    )
    _print(saved.id)
    print(f"saved {saved.path}:{saved.line}", file=sys.stderr)
    return 0


MEASURE_HELP = """\
VALUE is written as people write it: 1234.5, 1,234.5 (with the marks of the workspace's locale), 22% or 0.22 for a
percentage, with or without the KPI's unit (8.5h, €1,200). A text that could be two numbers is refused. "" or -
takes back what was typed before. A value that begins with a minus and is not a plain number comes after --:
  kpitui measure margin 2026-10 -- -5%

The value goes to measurements/manual/KPI.csv, as a row with who and when; a correction is a new row, and of the rows
for a period the latest counts. What was understood, and where it went, is told on standard error; what the file holds
now is printed. Status 2 where the KPI's figures are not typed in, or the period is not one of its own.
"""


def _measure_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = 'Type in the value of a KPI with source = "manual" for one period.'
    parser.epilog = MEASURE_HELP
    parser.add_argument("kpi", metavar="KPI", help='its id, or that of a measure with source = "manual"')
    parser.add_argument("period", metavar="PERIOD", help="by its frequency: 2026-10, 2026-W44, 2026-10-31, …")
    parser.add_argument("value", metavar="VALUE")
    parser.add_argument(
        "-w", dest="workspace_option", metavar="DIR", help="folder with a kpitui.toml (default: this folder)"
    )
    parser.add_argument("--by", metavar="WHO", help="who says it (default: config file, git's user.name, login)")
    parser.set_defaults(run=_measure)


def _measure(options: argparse.Namespace) -> int:
    from datetime import date

    from kpitui.definitions.load import load
    from kpitui.workspace import manual
    from kpitui.workspace.author import author
    from kpitui.workspace.typed import understand

    root = _root(options)
    definitions, _ = load(root)
    kpi = manual.typed_kpi(definitions, options.kpi)
    as_of = definitions.as_of or date.today()  # noqa: DTZ011 - a review's day is the room's own
    period = manual.typed_period(definitions, kpi, options.period, as_of)
    figure = understand(options.value, kpi, definitions.locale)
    before = manual.current(definitions, kpi, period, root)
    understood = manual.understood(definitions, kpi, period, figure, before)
    saved = manual.append(root, definitions, kpi, period, figure, options.by or author(root))
    print(printable(understood), file=sys.stderr)
    print(f"saved {saved.path}:{saved.line}", file=sys.stderr)
    _print(figure.written)
    return 0


def _actions_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "The action register: what is open, overdue first. With --fail-on overdue, status 1 where one is."
    )
    parser.epilog = ACTIONS_JSON
    _workspace_argument(parser)
    parser.add_argument("--owner", metavar="WHO", help="only this owner's, by id or name")
    parser.add_argument("--overdue", action="store_true", help="only overdue ones")
    parser.add_argument("--all", action="store_true", help="closed ones, too")
    parser.add_argument("--fail-on", choices=("overdue",))
    _format_argument(parser, "table", "json", "csv", "markdown")
    parser.set_defaults(run=_actions)


def _actions(options: argparse.Namespace) -> int:
    from kpitui.workspace.register import action_register, open_journal

    journal = open_journal(_root(options))
    _tell(journal.problems)
    found = action_register(journal, owner=options.owner, overdue=options.overdue, closed=options.all)
    if options.format == "json":
        from kpitui.report.actions import actions_json

        _print_json(actions_json(journal, found))
    else:
        from kpitui.report.actions import actions_table

        _print(_table_printer(options.format)(*actions_table(journal, found)))
    return 1 if options.fail_on and any(action.overdue(journal.as_of) for action in found) else 0


# The cache


def _cache_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "What is kept of measurements, so that the next start need not read files that have not changed. "
        "It can be thrown away at any time: the next start takes longer, and nothing else changes."
    )
    parser.epilog = CACHE_JSON
    _workspace_argument(parser)
    parser.add_argument("--clear", action="store_true", help="throw it away: of the workspace that is named, or all")
    _format_argument(parser, "table", "json")
    parser.set_defaults(run=_cache)


def _cache(options: argparse.Namespace) -> int:
    from kpitui.workspace.kept import clear, kept

    root = _root(options) if options.workspace or options.workspace_option else None
    freed = clear(root) if options.clear else None
    found = kept(root)
    if options.format == "json":
        _print_json(
            {
                "schema": 1,
                "cache": printable(str(found.folder)),
                "size": found.size,
                "workspaces": [
                    {
                        **one._asdict(),
                        "folder": str(one.folder),
                        "workspace": one.workspace and printable(one.workspace),
                    }
                    for one in found.workspaces
                ],
            }
            | ({} if freed is None else {"freed": freed})
        )
        return 0
    if freed is not None:
        _print(f"{freed:,} bytes freed")
    for one in found.workspaces:
        sources = f"{one.sources} source{'s' * (one.sources != 1)}"
        _print(printable(f"{one.size:>13,} bytes  {sources:<11}  {one.workspace or one.folder}"))
    _print(printable(f"{found.size:>13,} bytes  in {found.folder}"))
    return 0

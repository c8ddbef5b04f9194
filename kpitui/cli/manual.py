"""`kpitui measure`: a value that no file holds."""

from __future__ import annotations

import argparse
import sys

from kpitui.cli.arguments import as_of_argument, writing_arguments
from kpitui.cli.opening import root_of
from kpitui.cli.output import print_text
from kpitui.printable import printable

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
    writing_arguments(parser)
    as_of_argument(parser)
    parser.set_defaults(run=_measure)


def _measure(options: argparse.Namespace) -> int:
    from datetime import date

    from kpitui.definitions.load import load
    from kpitui.workspace import manual
    from kpitui.workspace.author import author
    from kpitui.workspace.typed import understand

    root = root_of(options)
    definitions, _ = load(root)
    kpi = manual.typed_kpi(definitions, options.kpi)
    as_of = options.as_of or definitions.as_of or date.today()  # noqa: DTZ011 - a review's day is the room's own
    period = manual.typed_period(definitions, kpi, options.period, as_of)
    figure = understand(options.value, kpi, definitions.locale)
    before = manual.current(definitions, kpi, period, root)
    understood = manual.understood(definitions, kpi, period, figure, before)
    saved = manual.append(root, definitions, kpi, period, figure, options.by or author(root))
    print(printable(understood), file=sys.stderr)
    print(f"saved {saved.path}:{saved.line}", file=sys.stderr)
    print_text(figure.written)
    return 0


PARSERS = {"measure": _measure_parser}

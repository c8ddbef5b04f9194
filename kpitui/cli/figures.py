"""`kpitui scorecard` and `kpitui series`: figures as text."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kpitui.cli.arguments import (
    cache_argument,
    day,
    format_argument,
    known_at_argument,
    workspace_argument,
)
from kpitui.cli.opening import opened, root_of
from kpitui.cli.output import print_json, print_text, table_printer, tell
from kpitui.periods import GRAINS
from kpitui.printable import printable
from kpitui.problems import KpituiError

if TYPE_CHECKING:
    from kpitui.definitions.model import Definitions
    from kpitui.workspace.answers import Scorecard

SCORECARD_JSON = """\
JSON: schema, workspace, as_of, known_at, grain, period, problems, kpis: one object per KPI with id, name, owner, tier,
kind, perspective, objective, unit, currency, direction, period, actual, complete, usable, partial, coverage (0 to 1),
stale_since, restated (value and id of the newest review of the period, where the data now give another value),
redefined_since (that review, where the definition has changed since), manual (the figures are typed in),
possible_duplicates (a value in it may be counted twice), target (target_low and target_high for a range), year_target
(with year_target_per: of an amount whose target is for less than the year, what for), gap (favourable is positive),
status (ahead, on_track, at_risk, behind, no_target, no_data), status_basis (actual, or pace of a period that is not
over), change, yoy, comparison, signal (rule, side), variation, assurance, method, group, spark (13 periods), notes,
open_actions, missing_components, spoiled, weeks (now, before, year_ago: of an amount that is measured by the week, how
many each period has). A figure that is missing is null, never 0. Words say an amount instead of a per cent across zero.
Fractions are fractions: 0.0229.

Table and Markdown say in `remarks` what a figure lacks or may count twice, what a review saw instead, and that it is
typed in. CSV has columns for that, named as in the JSON: coverage, stale_since, restated and restated_review,
redefined_since, manual, possible_duplicates.
"""
SERIES_JSON = """\
Below the table stands what is to be known of a chart before it is believed: that neighbours resemble each other, that
there is a season, that a target is at the median.

JSON: schema, workspace, as_of, known_at, grain, problems, kpis: one object per KPI with id, name, unit, currency,
comparison, points (the last N periods up to the one that holds the as-of date, oldest first: period, start, end,
value, complete, usable, partial, coverage, possible_duplicates, target, target_low, target_high, gap, status,
status_basis, change, yoy, year_ago, year_ago_complete, signal, lower, upper), to_date (week, month, quarter, year:
value, complete, change, yoy, year_ago, year_ago_complete, target) and chart (method, variation, assurance, stable,
seasonally_adjusted, remarks, phases). Limits come from all periods up to the as-of date; in p and u charts, and where
they are adjusted, the points' differ from the phases'.
A point has weeks (now, before, year_ago), too: of an amount that is measured by the week.
"""


def _scorecard_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "Every KPI for one period: figure, target, status, change and signal."
    parser.epilog = SCORECARD_JSON
    workspace_argument(parser)
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--period", metavar="P", help="2026-10, 2026-W44, 2026-10-31, 2026-Q4, 2026 (FY2026 where years are fiscal)"
    )
    when.add_argument("--as-of", type=day, metavar="DATE", help="as of that day: nothing after it counts")
    known_at_argument(parser)
    parser.add_argument("--grain", choices=tuple(GRAINS), help="default: month, or the finest review that is held")
    format_argument(parser, "table", "json", "csv", "markdown")
    cache_argument(parser)
    parser.set_defaults(run=_scorecard)


def _scorecard(options: argparse.Namespace) -> int:
    scorecard, definitions = _answer(options)
    if options.format == "json":
        from kpitui.report.figures_json import scorecard_json

        print_json(scorecard_json(scorecard))
        return 0
    from kpitui.report.tables import scorecard_table

    print_text(table_printer(options.format)(*scorecard_table(scorecard, definitions, exact=options.format == "csv")))
    return 0


def _answer(options: argparse.Namespace) -> tuple[Scorecard, Definitions]:
    """The scorecard that was asked for; what is kept of the usual one, where no file has changed since."""
    from kpitui.workspace import glance

    usual = options.use_cache and not (options.period or options.grain or options.known_at)
    root = root_of(options)
    kept = glance.take(root, options.as_of) if usual else None
    if kept is not None and kept.holds(root):
        tell(kept.problems)
        return kept.scorecard, kept.definitions
    workspace = opened(options, known_at=options.known_at)
    period = workspace.period(options.period) if options.period else None
    grain = GRAINS[options.grain] if options.grain else None
    if period is not None and grain is not None and period.grain is not grain:
        raise KpituiError(f"{options.period} is a {period.grain.word}, not a {grain.word}")
    scorecard = workspace.scorecard(period, grain)
    if usual:
        glance.keep(workspace, options.as_of)
    return scorecard, workspace.definitions


def _series_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "The last periods of KPIs: values, comparisons, targets and signals."
    parser.epilog = SERIES_JSON
    workspace_argument(parser)
    parser.add_argument("--kpi", action="append", metavar="ID", default=[], help="only this KPI; may be repeated")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="as of that day: nothing after it counts")
    known_at_argument(parser)
    parser.add_argument("--grain", choices=tuple(GRAINS), help="default: month, or the finest review that is held")
    parser.add_argument("--last", type=_count, default=13, metavar="N", help="how many periods (default 13)")
    format_argument(parser, "table", "json", "csv", "markdown")
    cache_argument(parser)
    parser.set_defaults(run=_series)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError("a number from 1 to 10000")
    return int(text)


def _series(options: argparse.Namespace) -> int:
    workspace = opened(options, known_at=options.known_at)
    grain = GRAINS[options.grain] if options.grain else workspace.usual_grain
    kpis = [workspace.kpi(kpi) for kpi in options.kpi] or list(workspace.definitions.kpis.values())
    trends = [workspace.trend(kpi, grain, options.last) for kpi in kpis]
    if options.format == "json":
        from kpitui.report.figures_json import series_json

        print_json(series_json(workspace, grain, trends))
        return 0
    from kpitui.report.tables import series_remarks, series_table

    print_text(
        table_printer(options.format)(*series_table(trends, workspace.definitions, exact=options.format == "csv"))
    )
    if options.format == "table" and (remarks := series_remarks(trends)):
        print_text("\n".join(["", *map(printable, remarks)]))
    return 0


PARSERS = {"scorecard": _scorecard_parser, "series": _series_parser}

"""`kpitui explain`, `pace`, `links`, `compare`: why a KPI moved, and where it is going."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kpitui.cli.arguments import cache_argument, day, format_argument, known_at_argument
from kpitui.cli.opening import opened
from kpitui.cli.output import print_json, print_text, table_printer
from kpitui.printable import printable

if TYPE_CHECKING:
    from kpitui.report.tables import Table
    from kpitui.workspace.opening import Workspace

EXPLAIN_JSON = """\
Contributions are in the KPI's own unit and sum to the change. A ratio, be it a part of a whole or an average: rate and
mix of its segments, by the first column where --by names none (an average without segments, or with --inputs: by its
inputs). Any other formula: Shapley values of its inputs, and Owen values down to measures. An amount that is measured:
the differences of its segments. Arithmetic, not cause.

JSON: schema, workspace, as_of, known_at, kpi, from, to, before, after, change, how (drivers, rate_and_mix,
differences, or null: why_not says why), usual (the chart calls both periods usual variation), drivers: id, before,
after, contribution, why_not, orders_drawn (0: all orders of the inputs count), drivers; drivers_why_not and
orders_drawn of the KPI itself; by, segments: name, before, after, share_before, share_after, rate, mix, contribution,
segments (how many these are: more than one of `all others`). A figure that is missing is null. weeks (before,
after): of an amount that is measured by the week, where one period has more of them than the other; else null. lacking:
name, period, seen, due of each segment that lacks values: they count as nothing, in the whole as well.
"""
PACE_JSON = """\
The periods that hold the as-of date. Linear: to date × all parts ÷ parts that are over. Seasonal: to date ÷ the mean
share that had been reached by then in earlier years. Nothing is said before four parts are over. The interval of the
linear one is 95% (t) if the rest is like the first parts, without season or trend. With two earlier years or more it is
told what each projection would have been off by in them, plus where it was too high. A rate or a level is not
projected: mean and limits of its chart's last phase are shown.

JSON: schema, workspace, as_of, known_at, kpi, outlooks: period, target (target_low, target_high), parts (day, week,
month), why_not, verdict (reached, missed, on_pace, off_pace, no_target, cannot_be_said), words, to_date, done, of,
required (in each part to come), linear and seasonal (end, multiple: what is required ÷ what the present pace brings,
interval: low, high, basis: rest_like_the_first, null of the seasonal one; errors: years, and low and high, the least
and the largest of end ÷ truth − 1 in them, null of fewer than two years), earlier_years, and of rates mean, lower,
upper, provisional, assurance; projection (linear or seasonal: which one verdict and words are about), missing (parts
that are over and have no value: to date they count as nothing).
"""
LINKS_JSON = """\
r is Pearson's at the stated lag, of changes from one period to the next unless both series are stable; the interval is
Fisher's 95% with Bartlett's effective n. With a KPI that has a signal: which of the KPIs that lead it had one before.
A run of signals begins with its first point (since); its chart could tell later (signalled): a shift of seven with its
seventh point. Limits are those of today's chart.

JSON: schema, workspace, as_of, known_at, links: leading, led, lag, lag_grain, grain (at which they were held against
each other), lag_here (the lag in that grain), r, n, effective_n, low, high, differences, provisional (n under 12),
lags_tried; back: kpi, leads, lag, lag_grain, since, variation, weeks_earlier (of the run's beginning), depth,
signalled, signalled_weeks_earlier (of the period's end); the KPI itself first.
"""
COMPARE_JSON = """\
For a part ÷ whole of counts, and a comparison that was planned, as each one is that this command is asked for: pooled
z, or Fisher's exact test where a cell is expected to hold fewer than five; Newcombe's 95% interval of the difference,
a less b. Of two segments, and of two periods, it is said how many pairs could have been picked: of 20 pairs without any
difference one has p < 0.05.

JSON: schema, workspace, as_of, known_at, kpi, a and b (from, to, column, segment, part, whole, rate), difference, low,
high, z, p, test, least_expected, sigma_z (how much more the KPI's periods differ than chance would have them), usual
(the chart calls both periods usual variation; null where they are not two single ones), large_counts_and_noise (p is
under 0.05, and periods always differ so), pairs (of segments of the same column, or of the chart's periods, this one
included; null of others),
large_counts (a tenth of a point would be significant, and almost every difference is).
"""


def _arguments(parser: argparse.ArgumentParser, epilog: str, *, kpi: str | None) -> None:
    parser.epilog = epilog
    parser.add_argument("kpi", metavar="KPI", nargs=kpi, help="its id")
    parser.add_argument(
        "-w", dest="workspace_option", metavar="DIR", help="folder with a kpitui.toml (default: this folder)"
    )
    parser.add_argument("--as-of", type=day, metavar="DATE", help="as of that day: nothing after it counts")
    known_at_argument(parser)
    format_argument(parser, "table", "json", "markdown")
    cache_argument(parser)


def _explain_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "What contributed to a KPI's change from one period to another."
    _arguments(parser, EXPLAIN_JSON, kpi=None)
    parser.add_argument(
        "--from", dest="before", metavar="P", help="default: the same period a year before, or the last"
    )
    parser.add_argument("--to", dest="after", metavar="P", help="default: the last period that has ended")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--by", metavar="SEGMENT", help="a column of segments")
    way.add_argument("--inputs", action="store_true", help="the inputs of its formula, also of an average")
    parser.set_defaults(run=_explain)


def _explain(options: argparse.Namespace) -> int:
    from kpitui.workspace.why.explain import column_of, explain, explain_by, periods, read_segments_of

    workspace = _opened(options)
    kpi = workspace.kpi(options.kpi)
    named = (workspace.period(text) if text else None for text in (options.before, options.after))
    before, after = periods(workspace, kpi, *named)
    column = None if options.inputs else column_of(workspace, kpi, options.by)
    if column is None:
        found = explain(workspace, kpi, before, after)
    else:
        found = explain_by(workspace, kpi, before, after, column, read_segments_of(workspace, kpi, column))
    if options.format == "json":
        from kpitui.report.why_json import explain_json

        print_json(explain_json(workspace, found))
        return 0
    from kpitui.report.why_tables import explain_table

    _print(options.format, explain_table(found, workspace.definitions))
    return 0


def _pace_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "Where a KPI's month, quarter and year will end at the present pace, and what is required."
    _arguments(parser, PACE_JSON, kpi=None)
    parser.set_defaults(run=_pace)


def _pace(options: argparse.Namespace) -> int:
    from kpitui.workspace.why.pace import outlooks

    workspace = _opened(options)
    found = outlooks(workspace, workspace.kpi(options.kpi))
    if options.format == "json":
        from kpitui.report.why_json import pace_json

        print_json(pace_json(workspace, found))
        return 0
    from kpitui.report.why_tables import pace_table

    _print(options.format, pace_table(found, workspace.definitions))
    return 0


def _links_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "How KPIs go together with those that they predict; of one KPI also what changed before it."
    _arguments(parser, LINKS_JSON, kpi="?")
    parser.set_defaults(run=_links)


def _links(options: argparse.Namespace) -> int:
    from kpitui.workspace.why.links import links, walk_back

    workspace = _opened(options)
    kpi = workspace.kpi(options.kpi) if options.kpi else None
    found, back = links(workspace, kpi), walk_back(workspace, kpi) if kpi else []
    if options.format == "json":
        from kpitui.report.why_json import links_json

        print_json(links_json(workspace, found, back))
        return 0
    from kpitui.report.why_tables import back_table, links_table

    _print(options.format, links_table(found))
    if kpi is not None:
        print_text("")
        if back:
            _print(options.format, back_table(back))
        else:
            print_text(printable(f"{kpi.name} has no signal: nothing to walk back from"))
    return 0


def _compare_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Test two rates of a KPI, of two periods or of two segments: a comparison that was planned before the figures "
        "were seen. One that was picked because it looks large has no p-value, whatever is printed."
    )
    _arguments(parser, COMPARE_JSON, kpi=None)
    what = "a period (2026-10), periods (2026-07..2026-09), or a segment (region=EMEA)"
    parser.add_argument("--a", required=True, metavar="WHAT", help=what)
    parser.add_argument("--b", required=True, metavar="WHAT", help="the other one")
    parser.add_argument("--period", metavar="P", help="of segments; default: the last period that has ended")
    parser.set_defaults(run=_compare)


def _compare(options: argparse.Namespace) -> int:
    from kpitui.workspace.why.compare import compare, side
    from kpitui.workspace.why.explain import column_of, read_segments_of

    workspace = _opened(options)
    kpi = workspace.kpi(options.kpi)
    within = workspace.period(options.period) if options.period else None
    a, b = (side(workspace, text, within) for text in (options.a, options.b))
    wanted = {column_of(workspace, kpi, each.column) for each in (a, b) if each.column is not None}
    segmented = {column: read_segments_of(workspace, kpi, column) for column in wanted if column is not None}
    found = compare(workspace, kpi, a, b, segmented)
    if options.format == "json":
        from kpitui.report.why_json import compare_json

        print_json(compare_json(workspace, found))
        return 0
    from kpitui.report.why_tables import compare_table

    _print(options.format, compare_table(found, workspace.definitions.locale))
    return 0


def _opened(options: argparse.Namespace) -> Workspace:
    return opened(options, known_at=options.known_at)


def _print(name: str, answer: tuple[Table, Sequence[str]]) -> None:
    """The table, where it has rows, and below it what is to be known of it."""
    table, said = answer
    if table[1]:
        print_text(table_printer(name)(*table))
    lines: list[Any] = [printable(line) for line in said]
    separator = "\n\n" if name == "markdown" else "\n"
    print_text(separator.join(["", *lines] if table[1] and name == "markdown" else lines))


PARSERS = {"explain": _explain_parser, "pace": _pace_parser, "links": _links_parser, "compare": _compare_parser}

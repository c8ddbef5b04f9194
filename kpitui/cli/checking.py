"""`kpitui check`: everything that is wrong with a workspace."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from kpitui.cli.arguments import as_of_argument, cache_argument, format_argument, workspace_argument
from kpitui.cli.opening import root_of
from kpitui.cli.output import print_json, print_text, problem_json
from kpitui.printable import printable
from kpitui.problems import total

if TYPE_CHECKING:
    from kpitui.definitions.advice import Advice

CHECK_JSON = """\
JSON: schema, workspace, problems and advice: lists of file, line, column, key, message, hint. A problem also has
holds_up: the measures and KPIs that have no figures until it is mended. A piece of advice has its rule and the ids of
its kpis. Rules: measure, target, data_source, frequency, owner (the five components), objective, objectives, review,
chart_method, primary, primary_of_owner, primary_of_team, leading, pair, target_not_looked_at, target_unsteady,
target_far, target_not_credible, behind, not_moving.
"""


def _check_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Every problem with definitions, measurements and records, and what the KPIs lack. "
        "Status 1 where there is a problem; advice is none."
    )
    parser.epilog = CHECK_JSON
    workspace_argument(parser)
    as_of_argument(parser)
    format_argument(parser, "table", "json")
    cache_argument(parser)
    parser.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from kpitui.workspace.checking import check
    from kpitui.workspace.opening import read_anew, read_here

    checked = check(root_of(options), read_here if options.use_cache else read_anew, options.as_of)
    if options.format == "json":
        print_json(
            {
                "schema": 1,
                "workspace": checked.name,
                "problems": [problem_json(problem) for problem in checked.problems],
                "advice": [_advice_json(advice) for advice in checked.advice],
            }
        )
    else:
        for problem in checked.problems:
            print_text(printable(f"problem  {problem}"))
        for advice in checked.advice:
            print_text(printable(f"advice   {advice.problem}"))
        counted = (
            _counted(checked.kpis, "KPI"),
            _counted(total(checked.problems), "problem"),
            _counted(len(checked.advice), "piece", " of advice"),
        )
        print_text(", ".join(counted))
    return 1 if checked.problems else 0


def _counted(count: int, word: str, rest: str = "") -> str:
    return f"{count} {word}{'' if count == 1 else 's'}{rest}"


def _advice_json(advice: Advice) -> dict[str, Any]:
    return {**problem_json(advice.problem), "rule": advice.rule, "kpis": list(advice.kpis)}


PARSERS = {"check": _check_parser}

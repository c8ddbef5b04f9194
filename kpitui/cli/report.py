"""`kpitui report`: the summary of a review."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import NamedTuple

from kpitui.cli.arguments import as_of_argument, cache_argument, workspace_argument
from kpitui.cli.opening import opened
from kpitui.cli.output import print_text

REPORT_HELP = """\
The figures are those that the room saw when the review was started; what the data say of them now is under restated
figures. The same record and the same data give the same text. html is one file that loads nothing and runs nothing:
kpitui report --format html > review.html
"""


class _Format(NamedTuple):
    module: str
    function: str


_FORMATS: Mapping[str, _Format] = {
    name: _Format(f"kpitui.report.summary_{name}", f"summary_{name}") for name in ("markdown", "html", "slack")
}


def _report_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "The summary of a review: headlines, what is off and why, verdicts, decisions, actions, changed targets, "
        "restated figures, what was learned. For those who were not there."
    )
    parser.epilog = REPORT_HELP
    workspace_argument(parser)
    parser.add_argument("--review", metavar="ID", help="such as 2026-10-monthly (default: the one started last)")
    parser.add_argument("--format", choices=tuple(_FORMATS), default="markdown", help="default: markdown")
    as_of_argument(parser)
    cache_argument(parser)
    parser.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    from kpitui.workspace.summary import Summary, newest_review, summarise

    workspace = opened(options)
    module, function = _FORMATS[options.format]
    write: Callable[[Summary], str] = getattr(import_module(module), function)
    print_text(write(summarise(workspace, options.review or newest_review(workspace))))
    return 0


PARSERS = {"report": _report_parser}

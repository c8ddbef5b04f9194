"""`kpitui cache`: what is kept of measurements between starts."""

from __future__ import annotations

import argparse

from kpitui.cli.arguments import format_argument, workspace_argument
from kpitui.cli.opening import root_of
from kpitui.cli.output import print_json, print_text
from kpitui.printable import printable
from kpitui.problems import KpituiError

CACHE_JSON = """\
JSON: schema, cache (the folder), size (bytes), workspaces: workspace (null where it cannot be told), folder, sources,
size; with --clear also freed (bytes).
"""


def _cache_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "What is kept of measurements, so that the next start need not read files that have not changed. "
        "It can be thrown away at any time: the next start takes longer, and nothing else changes."
    )
    parser.epilog = CACHE_JSON
    workspace_argument(parser)
    parser.add_argument("--clear", action="store_true", help="throw it away: of the workspace that is named, or all")
    format_argument(parser, "table", "json")
    parser.set_defaults(run=_cache)


def _cache(options: argparse.Namespace) -> int:
    from kpitui.workspace.kept import clear, kept

    root = root_of(options) if options.workspace or options.workspace_option else None
    if root is not None and not root.is_dir() and not kept(root).workspaces:
        raise KpituiError(f"there is no folder {root}, and nothing is kept of one")
    freed = clear(root) if options.clear else None
    found = kept(root)
    if options.format == "json":
        print_json(
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
        print_text(f"{freed:,} bytes freed")
    for one in found.workspaces:
        sources = f"{one.sources} source{'s' * (one.sources != 1)}"
        print_text(printable(f"{one.size:>13,} bytes  {sources:<11}  {one.workspace or one.folder}"))
    print_text(printable(f"{found.size:>13,} bytes  in {found.folder}"))
    return 0


PARSERS = {"cache": _cache_parser}

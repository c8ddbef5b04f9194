"""`kpitui themes`: what the screens can look like."""

from __future__ import annotations

import argparse

from kpitui.cli.arguments import format_argument, workspace_argument
from kpitui.cli.opening import root_of
from kpitui.cli.output import print_json, print_text, problem_json, table_printer, tell
from kpitui.printable import printable
from kpitui.problems import Problem

THEMES_JSON = """\
JSON: schema, themes: name, origin (kpitui, workspace or Textual), file (null for Textual's), chosen (true for the one
that the screens begin with on a terminal of many colours), sound (false: it is left out); problems, and advice (what is
hard to read): file, line, column, key, message, hint, holds_up; kept (the file of the choice).
"""
_SAYS = """\
On the screens, T goes to the next one from a file, and : finds all by their names. Your own are TOML files in the
folder themes of the workspace; docs/themes.md says what is in them.
"""


def _themes_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "The themes of the screens, where each is from, and what is wrong with those of the workspace."
    parser.epilog = f"{_SAYS}\n{THEMES_JSON}"
    workspace_argument(parser)
    format_argument(parser, "table", "json", "markdown")
    parser.set_defaults(run=_themes)


def _themes(options: argparse.Namespace) -> int:
    from kpitui.ui.themes import DEFAULT, Themes, hard_to_read
    from kpitui.workspace.chosen_theme import ChosenTheme

    root = root_of(options)
    themes = Themes(root)
    choice = ChosenTheme(root, "many colours")
    chosen = choice.name or DEFAULT
    problems, faulty = list(themes.problems), set[str]()
    if chosen not in themes.offered:
        problems.append(Problem("", f"{chosen!r} was chosen, and there is no such theme: {DEFAULT!r} is shown"))
    for name in themes.of_files:
        theme, wrong = themes.load(name)
        if theme is None:
            faulty.add(name)
        elif themes.offered[name].origin == "workspace":
            wrong = hard_to_read(theme, themes.offered[name].file)
        problems += wrong
    if options.format == "json":
        listed = [
            {
                "name": each.name,
                "origin": each.origin,
                "file": each.file or None,
                "chosen": each.name == chosen,
                "sound": each.name not in faulty,
            }
            for each in themes.offered.values()
        ]
        print_json(
            {
                "schema": 1,
                "themes": listed,
                "problems": [problem_json(each) for each in problems if each.level == "problem"],
                "advice": [problem_json(each) for each in problems if each.level == "advice"],
                "kept": printable(str(choice.path)),
            }
        )
        return 0
    rows = [
        [
            each.name,
            each.origin,
            each.file if each.origin == "workspace" else "",
            ", ".join(
                word for word, holds in (("chosen", each.name == chosen), ("left out", each.name in faulty)) if holds
            ),
        ]
        for each in themes.offered.values()
    ]
    print_text(table_printer(options.format)(["theme", "from", "file", ""], rows))
    tell(problems, most=None)
    return 0


PARSERS = {"themes": _themes_parser}

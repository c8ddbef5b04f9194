"""`kpitui completion SHELL`: a script that completes commands, options and their words."""

from __future__ import annotations

import argparse

from kpitui.cli.output import print_text

_HOW = """\
bash   kpitui completion bash > ~/.local/share/bash-completion/completions/kpitui
zsh    kpitui completion zsh > DIR/_kpitui, with DIR in $fpath
fish   kpitui completion fish > ~/.config/fish/completions/kpitui.fish
tcsh   kpitui completion tcsh > ~/.kpitui.tcsh, and source it in ~/.tcshrc
"""
_SHELLS = ("bash", "zsh", "fish", "tcsh")


def _completion_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "Print a script with which the shell completes commands, options and their words."
    parser.epilog = _HOW
    parser.add_argument("shell", choices=_SHELLS)
    parser.set_defaults(run=_completion)


def _completion(options: argparse.Namespace) -> int:
    import shtab

    print_text(shtab.complete(_whole_parser(), options.shell))
    return 0


def _whole_parser() -> argparse.ArgumentParser:
    """All commands in one parser, which a call never builds: it would import every one of them."""
    from importlib import import_module

    import shtab

    from kpitui.cli.main import COMMANDS
    from kpitui.cli.start import start_options

    parser = argparse.ArgumentParser(prog="kpitui")
    start_options(parser)
    commands = parser.add_subparsers(dest="command")
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=command.help)
        import_module(f"kpitui.cli.{command.module}").PARSERS[name](one)
        for action in one._actions:
            if action.metavar in ("DIR", "FILE") or action.dest == "workspace":
                action.complete = shtab.FILE if action.metavar == "FILE" else shtab.DIRECTORY  # type: ignore[attr-defined]
    return parser


PARSERS = {"completion": _completion_parser}

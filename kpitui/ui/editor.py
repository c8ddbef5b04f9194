"""The editor of the person's choice, at a line of a file."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from kpitui.problems import KpituiError

_PLUS = {"vi", "vim", "nvim", "view", "gvim", "nano", "pico", "emacs", "emacsclient", "micro", "kak", "joe", "mg", "ne"}
"""Editors that are told a line as `+12 file`."""
_COLON = {"hx", "helix", "subl", "sublime_text", "zed", "mate"}
"""Editors that are told a line as `file:12`."""
_GOTO = {"code", "code-insiders", "codium", "cursor"}
"""Editors that are told a line as `--goto file:12`."""


def chosen_editor() -> list[str]:
    """$VISUAL, else $EDITOR, as a list of arguments; KpituiError where neither names one."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(os.environ.get(name, ""))
        except ValueError as error:
            raise KpituiError(f"${name} cannot be read: {error}") from None
        if words:
            return words
    raise KpituiError("no editor is set: set $VISUAL or $EDITOR, such as EDITOR=nano")


def command(editor: list[str], path: Path, line: int) -> list[str]:
    """The arguments that open the file at the line; an editor that is not known gets the file alone."""
    name = Path(editor[0]).name.removesuffix(".exe")
    if name in _PLUS:
        return [*editor, f"+{line}", str(path)]
    if name in _COLON:
        return [*editor, f"{path}:{line}"]
    if name in _GOTO:
        return [*editor, "--goto", f"{path}:{line}"]
    return [*editor, str(path)]


def edit(path: Path, line: int) -> None:
    """Open the file at the line, and wait until the editor ends; KpituiError where it cannot be started."""
    arguments = command(chosen_editor(), path.resolve(), line)
    try:
        # What the person's own environment names, as a list: no shell reads it.
        subprocess.run(arguments, check=False)  # noqa: S603
    except OSError as error:
        raise KpituiError(f"{arguments[0]} could not be started: {error.strerror}") from None

"""The editor of the person's choice: at a line of a file, or on a text that is given back."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from kpitui.problems import KpituiError

_PLUS = {"vi", "vim", "nvim", "view", "gvim", "nano", "pico", "emacs", "emacsclient", "micro", "kak", "joe", "mg", "ne"}
"""Editors that are told a line as `+12 file`."""
_COLON = {"hx", "helix", "subl", "sublime_text", "zed", "mate"}
"""Editors that are told a line as `file:12`."""
_GOTO = {"code", "code-insiders", "codium", "cursor"}
"""Editors that are told a line as `--goto file:12`."""

_WAITS = {**dict.fromkeys((*_GOTO, "subl", "sublime_text", "zed"), "--wait"), "mate": "--wait", "gvim": "--nofork"}
"""Editors that leave a window behind and end, unless they are told to wait until it is closed."""


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
    if name in _WAITS and not {_WAITS[name], "-w", "-f"} & set(editor):
        editor = [*editor, _WAITS[name]]
    if name in _PLUS:
        return [*editor, f"+{line}", str(path)]
    if name in _COLON:
        return [*editor, f"{path}:{line}"]
    if name in _GOTO:
        return [*editor, "--goto", f"{path}:{line}"]
    return [*editor, str(path)]


def edit(path: Path, line: int) -> str:
    """Open the file at the line, and wait until the editor ends; KpituiError where it cannot be started.

    Gives back what it ended with where that is a failure (`nano ended with status 3`), else nothing.
    """
    editor = chosen_editor()
    status = _run(command(editor, path.resolve(), line))
    return _failed(editor, status) if status else ""


def edit_text(text: str, folder: Path) -> str:
    """The text as the person leaves it in the editor; KpituiError where nothing can be taken over.

    It is edited in a file of the folder that only its owner reads. Where the editor saved something that is not taken
    over, the file stays and the error names it.
    """
    editor = chosen_editor()
    before = text if text.endswith("\n") or not text else text + "\n"
    path = _new_file(before, folder)
    try:
        status = _run(command(editor, path, 1))
    except KpituiError:
        path.unlink(missing_ok=True)
        raise
    after = _read(path)
    failed = f"{_failed(editor, status)}: the text is as it was"
    if status and after != before:
        raise KpituiError(f"{failed}; what it saved is in {path}")
    path.unlink(missing_ok=True)
    if status:
        raise KpituiError(failed)
    return after if text.endswith("\n") else after.removesuffix("\n")


def _new_file(text: str, folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix="edited-", suffix=".txt", dir=folder)
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise KpituiError(f"{folder} cannot be written: {error.strerror}") from error
    return Path(name)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise KpituiError(f"{path} cannot be read: {error}") from error


def _failed(editor: list[str], status: int) -> str:
    return f"{Path(editor[0]).name} ended with status {status}"


def _run(arguments: list[str]) -> int:
    """The editor's status once it has ended."""
    try:
        # What the person's own environment names, as a list: no shell reads it.
        return subprocess.run(arguments, check=False).returncode  # noqa: S603
    except OSError as error:
        raise KpituiError(f"{arguments[0]} could not be started: {error.strerror}") from None

"""Where what is copied goes: the system's clipboard, over SSH the clipboard of the terminal there, else a file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kpitui.problems import KpituiError
from kpitui.workspace.state_folder import keep, state_folder

LONGEST_SEQUENCE = 74_994
"""Octets of a text that terminals take by OSC 52: 100,000 with its encoding and its ends (hterm, xterm, tmux)."""
_PATIENCE = 2.0
"""Seconds for a program to take the text; one that hangs is passed over."""
_REMOTE = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")


class Program(NamedTuple):
    """A program that takes a text from its standard input."""

    arguments: Sequence[str]
    place: str
    """Where it puts it, for people."""


# `-w` hands the text on to the terminal, which tmux would not do of a sequence that a program in it sends.
_TMUX = Program(("tmux", "load-buffer", "-w", "-"), "tmux's buffer, and the terminal's clipboard where it takes that")


def programs(environment: Mapping[str, str], platform: str) -> list[Program]:
    """Those to try, in this order; over SSH the machine's own clipboard is not the one that somebody pastes from."""
    found = []
    if not is_remote(environment):
        if platform == "darwin":
            found.append(Program(("pbcopy",), "the clipboard"))
        if environment.get("WAYLAND_DISPLAY"):
            found.append(Program(("wl-copy",), "the clipboard"))
        if environment.get("DISPLAY"):
            found.append(Program(("xclip", "-selection", "clipboard"), "the clipboard"))
            found.append(Program(("xsel", "--clipboard", "--input"), "the clipboard"))
    if environment.get("TMUX"):
        found.append(_TMUX)
    return found


def is_remote(environment: Mapping[str, str]) -> bool:
    """Whether somebody sits at another machine."""
    return any(environment.get(name) for name in _REMOTE)


def takes_sequence(environment: Mapping[str, str], text: str) -> bool:
    """Whether the terminal is asked by OSC 52: over SSH, with nothing between that keeps it, and not too long."""
    between = environment.get("TMUX") or environment.get("STY")
    return is_remote(environment) and not between and len(text.encode()) <= LONGEST_SEQUENCE


def copy_by_program(text: str) -> str | None:
    """Give the text to the first program that takes it, and say where it is now; None where none did."""
    for program in programs(os.environ, sys.platform):
        path = shutil.which(program.arguments[0])
        if path is None:
            continue
        try:
            # A list, without a shell. These programs stay behind and hold what they were given: nobody waits for that.
            subprocess.run(  # noqa: S603
                [path, *program.arguments[1:]],
                input=text.encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_PATIENCE,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            continue  # the next one may do
        return program.place
    return None


def copy_to_file(text: str, root: Path) -> Path:
    """Keep the text in the user's state folder, in place of what was copied before; KpituiError where that fails."""
    path = state_folder(root) / "copied.txt"
    try:
        keep(path, text.encode())
    except OSError as error:
        raise KpituiError(f"{path} was not written: {error.strerror}") from error
    return path

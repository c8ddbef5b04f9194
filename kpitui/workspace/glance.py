"""The scorecard that a workspace opened with last, so that the next start shows it at once.

It is kept beside the cache of measurements and goes with it. At the start the workspace's files are looked at, not
opened. Where they are what they were, the figures hold: the command prints them, the screen shows them. Else the
command works them out anew, and the screen says of them that they are former ones. The screen opens the workspace
then in any case, and its own answers take their place.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kpitui import __version__
from kpitui.definitions.model import Definitions
from kpitui.measurements import cache_folder
from kpitui.problems import Problem
from kpitui.workspace import numbers
from kpitui.workspace.answers import Scorecard
from kpitui.workspace.seen import Seen, look

if TYPE_CHECKING:
    from kpitui.workspace.opening import Workspace

_DIGEST = 32


class Glance(msgspec.Struct, frozen=True, array_like=True):
    """The scorecard that a workspace opens with, and all that it takes to show it."""

    program: str
    asked: date | None
    """The as-of date that somebody asked for."""
    at: int
    """When the files were looked at, in nanoseconds."""
    seen: Seen
    definitions: Definitions
    scorecard: Scorecard
    problems: tuple[Problem, ...]
    said: numbers.Said

    def holds(self, root: Path) -> bool:
        """Whether the files are what they were, as far as that can be told without opening them."""
        return self.seen.is_sure(self.at) and not self.seen.differs(look(root, self.definitions))


def take(root: Path, asked: date | None) -> Glance | None:
    """What is kept of the workspace for that as-of date (None: its own, or today) by this very program."""
    glance = _kept(root)
    if glance is None:
        return None
    day = asked or glance.definitions.as_of or date.today()  # noqa: DTZ011 - as the workspace itself has it
    if glance.program != _program() or glance.asked != asked or glance.scorecard.as_of != day:
        return None
    numbers.remember(glance.said)
    return glance


def keep(workspace: Workspace, asked: date | None) -> None:
    """Keep what the next start will show first; where it cannot be written, that start takes longer."""
    if former := _kept(workspace.root):
        # A command says other things than the screen, whose texts are still wanted.
        numbers.remember(former.said)
    glance = Glance(
        program=_program(),
        asked=asked,
        at=time.time_ns(),
        seen=workspace.seen,
        definitions=workspace.definitions,
        scorecard=workspace.scorecard(),
        problems=tuple(workspace.problems),
        said=numbers.said(),
    )
    with suppress(ValueError, OverflowError):  # a file name that is no text
        body = msgspec.msgpack.encode(glance)
        cache_folder.put(_path(workspace.root), _digest(body), body)


def _kept(root: Path) -> Glance | None:
    """What is in the file, whoever it is for; None where it is damaged or of another form."""
    whole = cache_folder.get(_path(root))
    if isinstance(whole, str) or _digest(whole[_DIGEST:]) != whole[:_DIGEST]:
        return None
    try:
        return msgspec.msgpack.decode(whole[_DIGEST:], type=Glance)
    except (msgspec.MsgspecError, ValueError):
        return None


def _path(root: Path) -> Path:
    return cache_folder.folder_of(root) / ("scorecard" + cache_folder.GLANCE)


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=_DIGEST).digest()


def _program() -> str:
    """The version, and the newest of the program's files: who works on it sees what it shows now."""
    newest = max(_written(str(Path(__file__).parents[1])))
    return f"{__version__} {newest}"


def _written(folder: str) -> Iterator[int]:
    """When each Python file in the folder and those below was written, in nanoseconds."""
    with os.scandir(folder) as inside:
        for entry in inside:
            if entry.name.endswith(".py"):
                yield entry.stat().st_mtime_ns
            elif entry.is_dir() and not entry.name.startswith("_"):
                yield from _written(entry.path)

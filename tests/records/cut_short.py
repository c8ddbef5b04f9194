"""Saves that are cut short; a program of its own, for it kills processes that it forks.

    python tests/records/cut_short.py fail|kill|random FOLDER

In `fail` each operation gives an error of the operating system, in `kill` the process is killed at each that writes; of
a write, half is done before. Afterwards the file must be wholly old or wholly new, new where the save said so, and the
same save must succeed and leave what it would have left at once. In `random` processes that save one note after the
other are killed at random, and what they had been told was saved must be there.

Prints a line of JSON: how many points there were, and what was wrong.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import msgspec

from kpitui.problems import KpituiError
from kpitui.records import safe
from kpitui.records.model import Action, Figures, Note, Review
from kpitui.records.store import RecordStore

AT = datetime(2026, 11, 4, 9, 12, tzinfo=UTC)
REVIEW = Review(id="2026-10-monthly", cadence="monthly", period="2026-10", started=AT)
FILE = "reviews/2026-10-monthly.toml"
ONE = Note(kpi="mqls", by="head", at=AT, id="n-2222", text="one")
CALL = Action(kpi="mqls", by="head", at=AT, id="a-2222", title="call", owner="ops", due=date(2026, 11, 6))
FIGURES = {"mqls": Figures(80.0, 100.0, "behind", "shift below", "5f3a")}
WRITING: tuple[tuple[ModuleType, str], ...] = (
    *((os, name) for name in ("open", "write", "fsync", "close", "replace", "rename", "unlink", "fchmod", "mkdir")),
    (fcntl, "flock"),
)
LOOKING = tuple((os, name) for name in ("stat", "lstat", "fstat", "scandir", "access", "readlink"))
"""To be killed before one of these is to be killed before the next one of the others."""
ERRORS = (errno.EIO, errno.ENOSPC, errno.EACCES)
NO_CONFIRMATION = "was written, but the disk does not confirm it"

Save = Callable[[Path], None]


def existing(root: Path) -> None:
    store = RecordStore(root, "Acme")
    store.add(REVIEW, ONE, "MQLs")
    store.add(REVIEW, CALL)


def by_hand(root: Path) -> None:
    existing(root)
    text = (root / FILE).read_text().replace("[review]", "# ours\n[review]  # mine") + "\n[extra]\na = 1\n"
    (root / FILE).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())


def linked(root: Path) -> None:
    existing(root)
    (root / "shelf").mkdir()
    (root / FILE).rename(root / "shelf/october.toml")
    (root / FILE).symlink_to("../shelf/october.toml")


def add(root: Path) -> None:
    two = Note(kpi="mqls", by="head", at=AT, id="n-3333", text="two\nlines, “quoted”\n" * 40)
    RecordStore(root, "Acme").add(REVIEW, two, "MQLs")


def change(root: Path) -> None:
    RecordStore(root).change(REVIEW, CALL, msgspec.structs.replace(CALL, due=date(2026, 11, 13), effect="+5"))


def start(root: Path) -> None:
    RecordStore(root, "Acme").start(REVIEW, FIGURES)


def sign_off(root: Path) -> None:
    RecordStore(root).set_state(REVIEW, "signed-off", by="head", at=AT)


SAVES: tuple[tuple[Save, Save], ...] = (
    (lambda root: None, add),
    (existing, add),
    (by_hand, add),
    (linked, add),
    (existing, change),
    (existing, start),
    (existing, sign_off),
)


class Case(NamedTuple):
    """A save, and the file before and after it."""

    prepared: Path
    save: Save
    old: bytes | None
    new: bytes | None


def content(root: Path) -> bytes | None:
    return (root / FILE).read_bytes() if (root / FILE).exists() else None


def case(folder: Path, prepare: Save, save: Save) -> Case:
    prepared, done = folder / "prepared", folder / "done"
    prepared.mkdir(parents=True)
    prepare(prepared)
    shutil.copytree(prepared, done, symlinks=True)
    save(done)
    return Case(prepared, save, content(prepared), content(done))


class Cut:
    """Ends what goes on at the operation of that number."""

    def __init__(self, at: int, end: Callable[[], None], operations: tuple[tuple[ModuleType, str], ...]) -> None:
        self.at = at
        self.end = end
        self.done = 0
        self.operation = ""
        self._real = [(module, name, getattr(module, name)) for module, name in operations]

    def __enter__(self) -> Cut:
        for module, name, real in self._real:
            setattr(module, name, self._cutting(name, real))
        return self

    def __exit__(self, *_: object) -> None:
        for module, name, real in self._real:
            setattr(module, name, real)

    def _cutting(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*arguments: Any, **options: Any) -> Any:
            self.done += 1
            if self.done != self.at:
                return real(*arguments, **options)
            self.operation = name
            if name == "write":
                real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            elif name == "close":
                real(*arguments)
            self.end()
            raise AssertionError("the end returned")

        return operation


def failing(root: Path, one: Case, at: int) -> tuple[str, str | None]:
    """The operation that failed, empty where there were fewer; and what was wrong."""
    number = ERRORS[at % len(ERRORS)]

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    said = ""
    with Cut(at, fail, WRITING + LOOKING) as cut:
        try:
            one.save(root)
        except KpituiError as error:
            said = str(error)
        except Exception as error:  # noqa: BLE001 - any other is a finding
            said = f"{type(error).__name__}: {error}"
            if cut.operation:
                return cut.operation, f"raised {said}"
    now = content(root)
    if not said and now != one.new:
        return cut.operation, "said nothing and did not save"
    if said and now != (one.new if NO_CONFIRMATION in said else one.old):
        return cut.operation, f"the file is not what was said: {said}"
    return cut.operation, None


def killed(root: Path, one: Case, at: int) -> tuple[str, str | None]:
    """The same, of a process that is killed there."""
    child = os.fork()
    if not child:
        with Cut(at, lambda: os.kill(os.getpid(), signal.SIGKILL), WRITING):
            one.save(root)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        return "", None if status == 0 else f"ended with {status}"
    now = content(root)
    return "kill", None if now in (one.old, one.new) else "the file is neither old nor new"


def again(root: Path, one: Case) -> str | None:
    """What is wrong once the same is saved again."""
    try:
        one.save(root)
    except Exception as error:  # noqa: BLE001 - any is a finding
        return f"saving again: {type(error).__name__}: {error}"
    if content(root) != one.new:
        return "saving again leaves something else"
    shown = [path.name for path in (root / "reviews").iterdir() if not path.name.startswith(".")]
    return None if shown == [Path(FILE).name] else f"left {shown}"


def every_point(how: str, folder: Path) -> tuple[int, list[str]]:
    points, wrong = 0, []
    for number, (prepare, save) in enumerate(SAVES):
        one = case(folder / str(number), prepare, save)
        for at in count(1):
            root = folder / f"{number}.{at}"
            shutil.copytree(one.prepared, root, symlinks=True)
            operation, finding = (failing if how == "fail" else killed)(root, one, at)
            finding = finding or again(root, one)
            shutil.rmtree(root)
            if finding:
                wrong.append(f"{save.__name__} after {prepare.__name__}, {operation} number {at}: {finding}")
            if not operation:
                break
            points += 1
    return points, wrong


def save_on_and_on(root: Path, pipe: int) -> None:
    """Save notes, and tell through the pipe which ones are safe."""
    store = RecordStore(root, "Acme")
    for number in count():
        note = Note(kpi="mqls", by="head", at=AT, text=f"{os.getpid()} {number} {'x' * (number % 7) * 30}")
        os.write(pipe, f"{store.add(REVIEW, note).id}\n".encode())


def killed_at_random(folder: Path, kills: int = 200, of_each: int = 10) -> tuple[int, list[str]]:
    """So many kills, with a new file after some, so that it stays as long as a review's."""
    rng = random.Random(20261123)
    wrong: list[str] = []
    for number in range(kills):
        root = folder / str(number // of_each)
        root.mkdir(exist_ok=True)
        told, pipe = os.pipe()
        child = os.fork()
        if not child:
            save_on_and_on(root, pipe)
        os.close(pipe)
        with os.fdopen(told) as lines:
            saved = {lines.readline().strip() for _ in range(rng.randrange(1, 3))}
            time.sleep(rng.uniform(0, 0.02))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            saved.update(lines.read().split())
        records, problems = RecordStore(root).load()
        wrong += [str(problem) for problem in problems]
        lost = saved - {record.id for file in records.files for record in file.records}
        wrong += [f"kill number {number}: {lost} are gone"] if lost else []
    return kills, wrong


def main(how: str, folder: Path) -> None:
    safe.WAIT_SECONDS = 0.05
    points, wrong = killed_at_random(folder) if how == "random" else every_point(how, folder)
    print(json.dumps({"points": points, "wrong": wrong}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

"""The files of definitions: found, read within bounds, and parsed, each one's mistakes kept to itself."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from kpitui.definitions.locate import Keys, Locator
from kpitui.places import SETTINGS_FILE
from kpitui.problems import KpituiError, Problem

LARGEST = 2_000_000
"""Bytes. Definitions are written by hand."""

MOST_PARTS = 64
"""Of a dotted key: tomllib spends memory on their square."""

_PARTS = re.compile(rf"""(?<![\w-])(?:(?:[\w-]+|"[^"]*"|'[^']*')[ \t]*\.[ \t]*){{{MOST_PARTS}}}""")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class UnfitFileError(Exception):
    """A file that is not read; the message is a sentence without a full stop."""


class Document:
    """A TOML file of definitions, and where what is wrong in it is written down."""

    def __init__(self, file: str, text: str, tables: dict[str, object], problems: list[Problem]) -> None:
        self.file = file
        self.text = text
        self.tables = tables
        self.problems = problems

    @cached_property
    def _locator(self) -> Locator:
        return Locator(self.text)

    def line(self, keys: Keys) -> int:
        return self._locator.line(keys) or 1

    def problem(
        self,
        keys: Keys,
        message: str,
        hint: str | None = None,
        column: int | None = None,
        *,
        rests_on: tuple[str, ...] = (),
    ) -> None:
        found = Problem(self.file, message, self.line(keys), column, dotted(keys), hint, rests_on=rests_on)
        self.problems.append(found)

    def column(self, keys: Keys, text: str) -> int | None:
        """Where a text begins on its key's line, if it is written there as it is."""
        found = self.text.split("\n")[self.line(keys) - 1].find(text)
        return found + 1 if found >= 0 else None


def dotted(keys: Keys) -> str:
    """Keys as people write them: `kpi.mqls.target[1].value`, positions counted from 1."""
    parts = [f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys]
    return "".join(parts).removeprefix(".")


def check_workspace(root: Path) -> None:
    """Raises `KpituiError` where the folder is no workspace whose settings can be read."""
    settings = root / SETTINGS_FILE
    try:
        if not root.exists():
            raise KpituiError(f"there is no folder {root}")
        if not root.is_dir():
            raise KpituiError(f"{root} is not a folder")
        if not settings.exists():
            raise KpituiError(f"{root} is no workspace: it has no {SETTINGS_FILE}")
        if not settings.is_file():
            raise KpituiError(f"{settings} is not a file")
        with settings.open("rb"):
            pass
    except OSError as error:
        raise KpituiError(f"{error.filename or settings} cannot be read: {error.strerror}") from error


def documents(root: Path, problems: list[Problem]) -> tuple[Document | None, list[Document]]:
    """kpitui.toml, and the files in `kpis/` by name; of those that cannot be parsed there is a problem instead."""
    settings = read_document(root, SETTINGS_FILE, problems)
    others = [read_document(root, file, problems) for file in _kpi_files(root, problems)]
    return settings, [document for document in others if document]


def _kpi_files(root: Path, problems: list[Problem]) -> Iterator[str]:
    folder = root / "kpis"
    if not folder.is_dir():
        return
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        problems.append(Problem("kpis", f"the folder cannot be read: {error.strerror}"))
        return
    for name in names:
        if name.endswith(".toml") and not name.startswith("."):
            yield f"kpis/{name}"


def read_document(root: Path, file: str, problems: list[Problem]) -> Document | None:
    """A file below the folder; None where it cannot be parsed, with what is wrong added to the problems."""
    try:
        text = read_text(root, file)
        if line := _monstrous_key(text):
            problems.append(Problem(file, f"not read: a dotted key of more than {MOST_PARTS} parts", line))
            return None
        return Document(file, text, tomllib.loads(text), problems)
    except UnfitFileError as error:
        problems.append(Problem(file, str(error)))
    except tomllib.TOMLDecodeError as error:
        problems.append(_syntax_problem(file, text, str(error)))
    except RecursionError:
        problems.append(Problem(file, "not read: lists or tables nested too deep"))
    except ValueError as error:  # a number of thousands of digits
        problems.append(Problem(file, f"not read: {error}"))
    return None


def _monstrous_key(text: str) -> int | None:
    """The line of a dotted key that is too long, or of what looks like one."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") >= MOST_PARTS and _PARTS.search(line):
            return number
    return None


def _syntax_problem(file: str, text: str, message: str) -> Problem:
    place = _TOML_PLACE.search(message)
    line, column = (int(place[1]), int(place[2])) if place and place[1] else (text.count("\n") + 1, None)
    return Problem(
        file,
        f"not TOML: {_TOML_PLACE.sub('', message)}",
        line,
        column,
        hint="nothing in this file is used until it parses",
    )


def read_text(root: Path, file: str) -> str:
    """The text of a regular file inside the workspace; raises `UnfitFileError`."""
    path = root / file
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            raise UnfitFileError("not read: it lies outside the workspace")
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnfitFileError("not read: not a regular file")
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise UnfitFileError("there is no such file") from None
    except OSError as error:
        raise UnfitFileError(f"cannot be read: {error.strerror}") from error
    except (RuntimeError, ValueError) as error:  # a ring of symlinks, a NUL in the name
        raise UnfitFileError(f"cannot be read: {error}") from error
    if len(content) > LARGEST:
        raise UnfitFileError(f"not read: larger than {LARGEST:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnfitFileError(f"not UTF-8 text (line {line})") from error

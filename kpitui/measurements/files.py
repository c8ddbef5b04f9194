"""From what a source's `files` says to the files that are read: regular ones inside the workspace."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from kpitui.problems import Problem

_WILDCARDS = frozenset("*?[")
_LETTER = re.compile(r"\[[^\]]*\]|([A-Za-z])")
_LEFT_BY_EDITORS = ("~$", ".~lock.")
"""How the lock files of office programs begin."""
_CASE = "the name matches but for upper and lower case: the file is left out"
_CASE_CURE = "rename it, or name it in `files`"
_FORMATS = (".csv", ".csv.gz", ".parquet")


def find(root: Path, entries: tuple[str, ...], key: str) -> tuple[list[str], list[Problem]]:
    """The files that the entries name, relative to the root, sorted, each once whatever the ways to it.

    Each problem means that something which the source counts on is not there; `key` is the definition's key.
    """
    home = root.resolve()
    found: dict[Path, str] = {}
    problems = []
    for entry in entries:
        if fault := _forbidden(entry):
            problems.append(Problem(entry, fault, key=key))
            continue
        try:
            paths = sorted(_named(root, entry))
            if not paths:
                problems.append(Problem(entry, _nothing(entry), key=key))
            problems += [
                Problem(path.relative_to(root).as_posix(), _CASE, key=key, hint=_CASE_CURE, level="advice")
                for path in sorted(_but_for_case(root, entry, paths))
            ]
            for path in paths:
                name = path.relative_to(root).as_posix()
                resolved = path.resolve()
                if fault := _unfit(path, resolved, home):
                    problems.append(Problem(name, fault, key=key))
                else:
                    found[resolved] = min(name, found.get(resolved, name))
        except (OSError, RuntimeError) as error:  # RuntimeError: symlinks in a circle, before Python 3.13
            problems.append(Problem(entry, f"the file cannot be looked up: {reason(error)}", key=key))
        except (ValueError, NotImplementedError):  # the latter is pathlib's word for an absolute pattern
            problems.append(Problem(entry, "this is not a path or a pattern", key=key))
    return sorted(found.values()), problems


def reason(error: Exception) -> str:
    """What the operating system said, without the path."""
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _forbidden(entry: str) -> str | None:
    """Why the entry is no path within the workspace, from its text alone."""
    if not entry.strip():
        return "no file is named"
    if "://" in entry:
        return "a file is meant here, not an address"
    if entry.startswith("~") or "$" in entry:
        return "a path is taken as it stands: no `~`, no `$`"
    if PurePosixPath(entry).is_absolute() or PureWindowsPath(entry).drive or PureWindowsPath(entry).root:
        return "a path is relative to the workspace"
    if ".." in PurePosixPath(entry).parts or ".." in PureWindowsPath(entry).parts:
        return "a path stays inside the workspace: no `..`"
    return None


def _is_pattern(entry: str) -> bool:
    return not _WILDCARDS.isdisjoint(entry)


def _named(root: Path, entry: str) -> Iterator[Path]:
    """The file of just that name, else what matches the pattern; as in a shell, `*` skips hidden names."""
    literal = root / entry
    if literal.exists() or literal.is_symlink():
        yield literal
    elif _is_pattern(entry):
        hidden_wanted = any(part.startswith(".") for part in PurePosixPath(entry).parts)
        for path in root.glob(entry):
            hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
            lock = path.name.startswith(_LEFT_BY_EDITORS)
            if (hidden_wanted or not hidden) and not lock and not path.is_dir():
                yield path


def _but_for_case(root: Path, entry: str, named: list[Path]) -> Iterator[Path]:
    """Files whose names match the pattern's last part if upper and lower case are one."""
    folder, _, name = entry.rpartition("/")
    if not named or not _is_pattern(name) or root / entry in named:
        return
    either = _LETTER.sub(
        lambda found: found[0] if found[1] is None else f"[{found[1].lower()}{found[1].upper()}]", name
    )
    for path in _named(root, f"{folder}/{either}" if folder else either):
        if path not in named:
            yield path


def _nothing(entry: str) -> str:
    return "no file matches this pattern" if _is_pattern(entry) else "the file is not there"


def _unfit(path: Path, resolved: Path, home: Path) -> str | None:
    """Why the file is not read; it is looked at without being opened, for a FIFO would hang."""
    if not resolved.is_relative_to(home):
        return "the link leads out of the workspace"
    mode = resolved.stat().st_mode
    if not stat.S_ISREG(mode):
        return f"this is {'a folder' if stat.S_ISDIR(mode) else 'not a regular file'}"
    return None if path.name.lower().endswith(_FORMATS) else f"only {', '.join(_FORMATS)} files are read"

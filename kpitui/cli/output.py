"""What commands print, whatever the encoding of the terminal."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable, Sequence
from typing import Any

from kpitui.printable import printable
from kpitui.problems import Problem, total

_STANDS_FOR = {"−": "-", "–": "-", "—": "-", "×": "x", "…": "...", "≤": "<=", "≥": ">=", "’": "'", "′": "'"}
"""A minus that is lost changes a figure."""
_TOLD = 20
"""Problems told on standard error before the rest is only counted; `check` tells more."""


def tell(problems: Sequence[Problem], most: int | None = _TOLD) -> None:
    """Tell the first problems on standard error; all of them where `most` is None."""
    shown = problems[:most]
    for problem in shown:
        print(printable(str(problem)), file=sys.stderr)
    if len(problems) > len(shown):
        more = total(problems[len(shown) :])
        print(f"and {more} more problem{'s' * (more != 1)}: kpitui check tells up to 20 of a kind", file=sys.stderr)


def print_text(text: str) -> None:
    """Print an answer at once."""
    try:
        print(text)
    except UnicodeEncodeError:
        # A terminal whose encoding lacks signs: what stands for them, or ?, and better that than not at all.
        codecs.register_error("kpitui", _instead)
        sys.stdout.buffer.write(text.encode(sys.stdout.encoding or "ascii", "kpitui") + b"\n")
    sys.stdout.flush()


def _instead(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that an encoding lacks, and where to go on."""
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start : error.end]
    return "".join(_STANDS_FOR.get(sign, "?") for sign in lacking), error.end


def print_bytes(content: bytes) -> None:
    """Print an answer whose encoding and line ends its format says, whatever those of the terminal are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def print_json(value: Any) -> None:
    """Print an answer on one line, in ASCII."""
    import json

    print_text(json.dumps(value, ensure_ascii=True, allow_nan=False, indent=None))


def problem_json(problem: Problem) -> dict[str, Any]:
    found = problem._asdict()
    del found["level"], found["stands_for"], found["rests_on"]
    return found


def table_printer(name: str) -> Callable[..., str]:
    """What turns a table into text of the format."""
    from kpitui.report import plain

    printers: dict[str, Callable[..., str]] = {"table": plain.table, "markdown": plain.markdown, "csv": plain.csv}
    return printers[name]

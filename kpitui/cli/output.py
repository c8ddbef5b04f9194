"""What commands print, whatever the encoding of the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from kpitui.printable import printable
from kpitui.problems import Problem

_TOLD = 20
"""Problems told on standard error before the rest is only counted; `check` tells all."""


def tell(problems: Sequence[Problem], stream: TextIO | None = None) -> None:
    stream = stream or sys.stderr
    for problem in problems[:_TOLD]:
        print(printable(str(problem)), file=stream)
    if len(problems) > _TOLD:
        print(f"and {len(problems) - _TOLD} more problems: kpitui check tells them all", file=stream)


def print_text(text: str) -> None:
    try:
        print(text)
    except UnicodeEncodeError:
        # A terminal whose encoding lacks the signs: better with ? than not at all.
        sys.stdout.buffer.write(text.encode(sys.stdout.encoding or "ascii", "replace") + b"\n")
    sys.stdout.flush()


def print_json(value: Any) -> None:
    import json

    print_text(json.dumps(value, ensure_ascii=True, allow_nan=False, indent=None))


def table_printer(name: str) -> Callable[..., str]:
    from kpitui.report import plain

    printers: dict[str, Callable[..., str]] = {"table": plain.table, "markdown": plain.markdown, "csv": plain.csv}
    return printers[name]

"""The line that makes a cause: its class may stand before or behind it."""

from __future__ import annotations

import pytest

from kpitui.records.quick import QuickCause, parse_cause


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("#process leads wait in an inbox", QuickCause("leads wait in an inbox", "process")),
        ("prices went up #price", QuickCause("prices went up", "price")),
        ("leads wait in an inbox", QuickCause("leads wait in an inbox", None)),
        ("#launch was late", QuickCause("#launch was late", None)),
        ("the #market of 2026", QuickCause("the #market of 2026", None)),
        ("#processes differ", QuickCause("#processes differ", None)),
        ("#mix", QuickCause("", "mix")),
        ("two lines\nand a blank end ", QuickCause("two lines\nand a blank end ", None)),
    ],
)
def test_class_and_text(line: str, found: QuickCause) -> None:
    assert parse_cause(line) == found

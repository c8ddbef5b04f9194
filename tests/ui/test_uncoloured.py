"""With `NO_COLOR` no colour goes to the terminal, and what is chosen can still be seen."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from kpitui.ui.uncoloured import Uncoloured
from tests.ui.helpers import write_workspace

ATTRIBUTES = {"", "0", "1", "2", "3", "4", "7", "9"}
"""Reset, bold, dim, italic, underlined, reversed, struck through; colours are 30 to 49 and 90 to 107."""


def test_no_colour_is_sent_from_any_screen(tmp_path: Path) -> None:
    terminals = pytest.importorskip("terminal", reason="needs a pseudo-terminal")
    root = write_workspace(tmp_path / "acme")
    command = [sys.executable, "-m", "kpitui", str(root)]
    with terminals.Terminal(command, columns=120, rows=40, env={**os.environ, "NO_COLOR": "1"}) as terminal:
        terminal.wait_for("FIND THE CAUSE")
        for keys in (
            "v",
            "\x1b",
            "C",
            "j",
            "\x1b",
            ":",
            "\x1b",
            "?",
            "\x1b",
            "/",
            "\x1b",
            "T",
            "\r",
            "\x1b[D",
            "h",
            "l",
        ):
            terminal.press(keys)
            terminal.settle(0.15)
        terminal.press("\x1b1345\x11")
        assert terminal.wait_for_end() == 0
    written = {code for codes in re.findall(rb"\x1b\[([0-9;]*)m", terminal.sent) for code in codes.decode().split(";")}
    assert written <= ATTRIBUTES
    assert "7" in written, "what is chosen in a list is reversed"


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        (Style(color="red", bold=True), Style(bold=True)),
        (Style(color="white", bgcolor="#1c1f29"), Style()),  # a panel
        (Style(color="black", bgcolor="#7aa2f7"), Style(reverse=True)),  # a cursor
        (Style(color="red", bgcolor="default", reverse=True), Style(reverse=True)),
    ],
)
def test_a_ground_that_stands_out_is_reversed(style: Style, shown: Style) -> None:
    dark = Color.parse("#16181f")
    [segment] = Uncoloured(dark).apply([Segment("text", style)], dark)
    assert (segment.text, segment.style) == ("text", shown)

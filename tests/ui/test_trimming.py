"""What is painted again: the cells that were asked for, and no others."""

from __future__ import annotations

import io

import pyte
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from textual.strip import Strip

from kpitui.ui.trimming import TrimmedUpdate

CONSOLE = Console(file=io.StringIO(), color_system=None)


def sent(line: str, left: int, right: int) -> str:
    strip = Strip([Segment(line)])
    return TrimmedUpdate([{0: strip}], [(0, left, right)], [[strip.cell_length]]).render_segments(CONSOLE)


def test_a_cell_of_a_line_is_sent_alone() -> None:
    assert sent("left, middle and right", 6, 12) == "\x1b[1;7Hmiddle"


def test_no_wide_character_is_cut() -> None:
    assert sent("一二三", 3, 6) == "\x1b[1;3H二三"


@given(st.text("ab二", min_size=1, max_size=12), st.integers(0, 11), st.integers(1, 12))
def test_what_was_sent_stands_in_its_place(line: str, left: int, right: int) -> None:
    strip = Strip([Segment(line)])
    # Where it ends is up to who asks.
    assume(left < right <= strip.cell_length and strip.crop(0, right).text + strip.crop(right).text == line)
    screen = pyte.Screen(30, 1)
    stream = pyte.Stream(screen)
    stream.feed(line + "\r")
    stream.feed(sent(line, left, right))
    assert screen.display[0].rstrip() == line

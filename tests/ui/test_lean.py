"""What is sent to the terminal: less, and the same picture."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpitui.ui.lean import lean

GREY, RED, DARK = "38;2;139;147;176", "38;2;255;128;152", "48;2;22;24;31"


def shown(text: str) -> list[list[tuple[str, str, str, bool, bool]]]:
    """Each cell of a terminal after the text: letter, colours, bold, underlined."""
    screen = pyte.Screen(30, 60)  # higher than any of the texts here: nothing scrolls, as in what Textual sends
    pyte.Stream(screen).feed(text)
    return [
        [
            (cell.data, cell.fg, cell.bg, cell.bold, cell.underscore)
            for cell in (screen.buffer[y][x] for x in range(screen.columns))
        ]
        for y in range(screen.lines)
    ]


def test_only_what_changes_is_sent() -> None:
    text = f"\x1b[{GREY};{DARK}m│\x1b[0m\x1b[{RED};{DARK}m▼\x1b[0m\x1b[{RED};{DARK}m now\x1b[0m"
    assert lean(text) == f"\x1b[{GREY};{DARK}m│\x1b[0;{RED};{DARK}m▼ now\x1b[0m"


def test_a_style_that_is_known_gives_way_to_its_difference() -> None:
    text = f"\x1b[0m\x1b[{GREY};{DARK}m│\x1b[0m\x1b[2;3H\x1b[{RED};{DARK}m▼\x1b[0m"
    assert lean(text) == f"\x1b[0;{GREY};{DARK}m│\x1b[2;3H\x1b[{RED}m▼\x1b[0m"


def test_the_end_of_a_line_is_left_out_before_a_move() -> None:
    text = f"\x1b[0m\x1b[{GREY};{DARK}mA\x1b[0m\n\x1b[2;3H\x1b[{GREY};{DARK}mB\x1b[0m"
    assert lean(text) == f"\x1b[0;{GREY};{DARK}mA\x1b[2;3HB\x1b[0m"


def test_bold_is_not_left_on() -> None:
    text = f"\x1b[0m\x1b[1;{GREY};{DARK}mA\x1b[0m\x1b[{GREY};{DARK}mB\x1b[0m"
    assert lean(text) == f"\x1b[0;1;{GREY};{DARK}mA\x1b[0;{GREY};{DARK}mB\x1b[0m"


@pytest.mark.parametrize("between", ["\n", "\r\n", "\x1b[K", "\x1b[2J", "\x1b[?25l"])
def test_what_may_depend_on_the_ground_finds_it_as_it_was(between: str) -> None:
    text = f"\x1b[0m\x1b[{GREY};{DARK}mA\x1b[0m{between}\x1b[{GREY};{DARK}mB\x1b[0m"
    assert lean(text) == f"\x1b[0;{GREY};{DARK}mA\x1b[0m{between}\x1b[{GREY};{DARK}mB\x1b[0m"


STYLES = st.sampled_from(
    ["", "0", GREY, RED, DARK, f"{GREY};{DARK}", f"1;{RED};{DARK}", f"4;{RED}", "1", "31", "31;44"]
)
PIECES = st.one_of(
    STYLES.map(lambda style: f"\x1b[{style}m"),
    st.sampled_from(["a", "▼ x", "\r\n", "\n\x1b[3;2H", "\x1b[2;3H", "\x1b[4;9H", "\x1b[K", "\x1b[0m\x1b[0m"]),
    STYLES.map(lambda style: f"\x1b[{style}mtext\x1b[0m"),
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_the_picture_is_the_same(text: str) -> None:
    assert shown(lean(text)) == shown(text)
    assert shown(lean(text) + "after") == shown(text + "after")

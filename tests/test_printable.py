"""Text from outside does nothing to a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpitui.printable import printable, printable_lines


def test_harmless_text_stays_as_it_is() -> None:
    for text in ("Revenue [EUR]", "[/b]", "Umsatz · −5 % · 売上 · é", ""):
        assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("a\nb\r\tc", "a␊b␍␉c"),
        ("\0", "␀"),
        ("\x7f", "␡"),
        ("\x9b31m", "�31m"),  # CSI as one C1 byte
        ("\u202egpj.exe", "�gpj.exe"),  # right-to-left override
        ("a\u200bb", "a�b"),  # zero width space
        ("\ufeffid", "�id"),
        ("\ud800", "�"),
        ("\U000e0041", "�"),  # tag
        ("\u2028", "�"),
        ("a\ufe0f", "a�"),  # variation selectors and joiners where there is nothing to vary or to join
        ("👩\u200d", "👩�"),
    ],
)
def test_what_a_terminal_would_obey_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("👩\u200d👩\u200d👧 left", "👩👩👧 left"),
        ("👩🏽\u200d💻", "👩💻"),
        ("❤\ufe0f\u200d🔥", "❤🔥"),
        ("❤\ufe0f 👍🏽", "❤ 👍"),
        ("🇬🇧", "🇬🇧"),
    ],
)
def test_joined_emoji_stand_side_by_side(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable_lines(text) == [shown]


def test_a_longer_text_keeps_its_line_breaks() -> None:
    assert printable_lines("one\r\ntwo\rthree\n\tfour\x1b") == ["one", "two", "three", "    four␛"]
    assert printable_lines("") == [""]


@given(st.text())
def test_nothing_unprintable_is_left(text: str) -> None:
    shown = printable(text)
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in shown)
    assert len(shown) <= len(text)
    assert printable(shown) == shown

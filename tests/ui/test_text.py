"""Texts are cut to cells, and nothing that is one picture is cut apart."""

from __future__ import annotations

import pytest

from kpitui.ui.text import fit, width


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("Family 👩\u200d👩\u200d👧 visits", 20, "Family 👩👩👧 visits"),
        ("Family 👩\u200d👩\u200d👧 visits", 15, "Family 👩👩👧… "),
        ("Family 👩\u200d👩\u200d👧 visits", 13, "Family…      "),  # the family takes six cells
        ("Family 👩\u200d👩\u200d👧 visits", 9, "Family…  "),
        ("Sales 🇬🇧", 7, "Sales… "),
        ("👩🏽\u200d💻 at work", 5, "👩💻…"),
        ("日本語の指標", 6, "日本… "),
        ("Umsa\u0308tze", 5, "Umsa\u0308…"),
        ("Revenue", 0, ""),
    ],
)
def test_a_name_is_cut_between_its_pictures(text: str, cells: int, shown: str) -> None:
    assert fit(text, cells) == shown
    assert width(shown) == cells

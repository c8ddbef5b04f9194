"""Parts of a change as they are shown: they add up, whatever rounding does to each of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpitui.workspace.amounts import Steps
from kpitui.workspace.numbers import Style

EUROS = Style("currency", "EUR", 0, "en_GB")
PERCENT = Style("percent", None, 1, "en_GB")
NUMBER = Style("number", None, None, "en_GB")


def written(style: Style, total: float, parts: list[float]) -> tuple[str, list[str]]:
    steps = Steps.of([total, *parts], style)
    whole = steps.count(total)
    return steps.text(whole), [steps.text(count) for count in steps.spread(parts, whole)]


def test_parts_are_rounded_so_that_they_add_up() -> None:
    # By themselves −319.4, −79.4 and +13.4 would be −319, −79 and +13: −385, while the whole, −385.4, is −385. Of
    # −319.4, −79.3 and +13.1 (−385.6) they would be −385 again, and the whole −386.
    assert written(EUROS, -385_400, [-319_400, -79_400, 13_400]) == ("−€385k", ["−€319k", "−€79k", "+€13k"])
    assert written(EUROS, -385_600, [-319_400, -79_300, 13_100]) == ("−€386k", ["−€320k", "−€79k", "+€13k"])


@pytest.mark.parametrize(
    ("style", "total", "parts", "shown"),
    [
        (PERCENT, -0.02707, [-0.0261, -0.00097], ("−2.71 pp", ["−2.61 pp", "−0.10 pp"])),
        (PERCENT, 0.1234, [0.1, 0.0234], ("+12.3 pp", ["+10.0 pp", "+2.3 pp"])),
        (NUMBER, -40, [-18, -14, -8], ("−40", ["−18", "−14", "−8"])),
        (NUMBER, 2.5, [1.25, 1.25], ("+2.50", ["+1.25", "+1.25"])),
        (EUROS, 1_234_567, [1_000_000, 234_567], ("+€1.23M", ["+€1.00M", "+€0.23M"])),
        (EUROS, 345, [2335.2, -1567.4, -422.8], ("+€345", ["+€2,335", "−€1,567", "−€423"])),  # none of it is shortened
        (PERCENT, 0, [0.001, -0.001, 0], ("0 pp", ["+0.10 pp", "−0.10 pp", "0 pp"])),
        (NUMBER, 0, [5, -5], ("0", ["+5", "−5"])),  # the whole did not move
        (NUMBER, 0, [0, 0], ("0", ["0", "0"])),
        (Style("hours", None, None, "en_GB"), 2.5, [2.0, 0.5], ("+2.5h", ["+2.0h", "+0.5h"])),
        (Style("currency", "EUR", 0, "de_DE"), -385_400, [-385_400], ("−385k\xa0€", ["−385k\xa0€"])),
    ],
)
def test_amounts_are_written_in_their_unit(
    style: Style, total: float, parts: list[float], shown: tuple[str, list[str]]
) -> None:
    assert written(style, total, parts) == shown


def test_a_part_of_nothing_stays_nothing() -> None:
    assert written(EUROS, 100.6, [100.2, 0.0, 0.4]) == ("+€101", ["+€100", "€0", "+€1"])


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=12))
def test_what_is_shown_always_adds_up(parts: list[float]) -> None:
    steps = Steps.of([sum(parts), *parts], NUMBER)
    whole = steps.count(sum(parts))
    counts = steps.spread(parts, whole)
    if any(parts):
        assert sum(counts) == whole
        assert all(abs(count * steps.size - part) <= 2 * steps.size for count, part in zip(counts, parts, strict=True))

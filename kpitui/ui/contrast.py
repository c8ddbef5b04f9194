"""How well one colour is read on another one, and the colour next to it that is read well enough."""

from __future__ import annotations

from collections.abc import Sequence

from rich.color import ColorSystem
from textual.color import BLACK, WHITE, Color

LEAST = 4.5
"""Of text on its ground: WCAG 2.2, 1.4.3 Contrast (Minimum), level AA."""
_STEPS = 20


def ratio(one: Color, other: Color) -> float:
    """The contrast ratio of two opaque colours, 1 to 21, by WCAG 2.2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    """Relative luminance, as WCAG 2.2 defines it for sRGB."""
    red, green, blue = (_linear(part) for part in colour.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def read(colour: Color, ground: Color) -> float:
    """The contrast ratio of a text and its ground, the lower of that in all colours and that in 256, which is what some
    terminals have."""
    return min(ratio(colour, ground), ratio(_of_256(colour), _of_256(ground)))


def _of_256(colour: Color) -> Color:
    return Color(*colour.rich_color.downgrade(ColorSystem.EIGHT_BIT).get_truecolor())


def legible(colour: Color, grounds: Sequence[Color]) -> Color:
    """The colour if it is read on all grounds, else the first mixture with white, or with black, that is.

    Where no mixture is, white or black, whichever is read better.
    """
    ends = sorted((WHITE, BLACK), key=lambda end: -_lowest(end, grounds))
    for step in range(_STEPS + 1):
        for end in ends:
            mixed = colour.blend(end, step / _STEPS)
            if _lowest(mixed, grounds) >= LEAST:
                return mixed
    return ends[0]


def _lowest(colour: Color, grounds: Sequence[Color]) -> float:
    return min(read(colour, ground) for ground in grounds)

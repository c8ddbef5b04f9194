"""For `NO_COLOR`: what is drawn, without any colour; what only its ground would tell apart is reversed.

Textual's own filter makes greys of colours, which are colours, too.
"""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

STANDS_OUT = 0.25
"""A ground whose brightness (0 to 1) differs by so much from the screen's is meant to be seen, such as a cursor's."""


class Uncoloured(LineFilter):
    """Takes colours out; bold, underlined, dim and reversed stay."""

    def __init__(self, ground: Color) -> None:
        """`ground`: the screen's."""
        super().__init__()
        self._brightness = ground.brightness
        self._bare = lru_cache(1024)(self._without_colour)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(text, style and self._bare(style), control) for text, style, control in segments]

    def _without_colour(self, style: Style) -> Style:
        bare = style.without_color
        ground = style.bgcolor
        if ground is None or ground.is_default:
            return bare
        stands_out = abs(Color.from_rich_color(ground).brightness - self._brightness) >= STANDS_OUT
        return bare + Style(reverse=True) if stands_out else bare

"""What is painted again, cut to the cells that were asked for.

Textual sends a stretch of a line from the left edge of its widget on, whatever was asked for: one cell of a chart's
sixtieth column cost sixty cells, on each row that the cursor touches. There is no public way to have less sent, so
that a screen is given this compositor in place of its own.
"""

from __future__ import annotations

from operator import itemgetter

from rich.console import Console
from textual._compositor import ChopsUpdate, Compositor
from textual.strip import Strip


class TrimmedUpdate(ChopsUpdate):
    """Parts of lines, from the first cell to the last one that was asked for."""

    def render_segments(self, console: Console) -> str:
        """What goes to the terminal."""
        sent: list[tuple[int, str]] = []
        for y, left, right in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=True):
                if strip is None or x >= right or end <= left:
                    continue
                start = x + _whole(strip, left - x) if x < left else x
                part = strip.crop(start - x, min(end, right) - x).render(console)
                sent.append((x, f"\x1b[{y + 1};{start + 1}H{part}"))
        # Widget by widget, not line by line: a scroll bar's cells have one style, and are sent with one.
        sent.sort(key=itemgetter(0))
        return "".join([text for _, text in sent])


def _whole(strip: Strip, cells: int) -> int:
    """So many cells, or one less where that would cut a wide character in two."""
    head, tail = strip.divide([cells, strip.cell_length])
    return cells if head.text + tail.text == strip.text else cells - 1


class TrimmingCompositor(Compositor):
    """Puts widgets together as Textual's own does, and has less of them sent."""

    def render_partial_update(self) -> ChopsUpdate | None:
        update = super().render_partial_update()
        return TrimmedUpdate(update.chops, update.spans, update.chop_ends) if update else None

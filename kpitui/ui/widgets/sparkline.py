"""A run of values in one line of blocks; a missing one is a gap."""

from __future__ import annotations

from collections.abc import Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None]) -> str:
    """One character per value, the lowest and the highest at the ends of the scale; a flat run is in the middle."""
    known = [value for value in values if value is not None]
    if not known:
        return " " * len(values)
    low, high = min(known), max(known)
    if high == low:
        return "".join(" " if value is None else "▄" for value in values)
    scale = (len(_BLOCKS) - 1) / (high - low)
    return "".join(" " if value is None else _BLOCKS[round((value - low) * scale)] for value in values)

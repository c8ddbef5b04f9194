"""Long work on a thread beside the screen: it rests now and then, or a key would wait for the interpreter's lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import monotonic, sleep
from typing import TypeVar

from textual.worker import get_current_worker

_Part = TypeVar("_Part")

BUSY, BREATH = 0.005, 0.002
"""Seconds that the thread works, and rests."""


def breathing(parts: Iterable[_Part]) -> Iterator[_Part]:
    """The parts of the work as they are done; no more of them once the worker is cancelled."""
    breathed = monotonic()
    for part in parts:
        yield part
        if get_current_worker().is_cancelled:
            return
        if monotonic() - breathed > BUSY:
            sleep(BREATH)
            breathed = monotonic()

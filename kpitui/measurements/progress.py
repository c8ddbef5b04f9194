"""How far a reading is. Who reads a file says so with `at`; who started the reading hears of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from kpitui.measurements.sight import Sight


class Progress(msgspec.Struct, frozen=True, array_like=True):
    """What is being read, and how far the whole reading is."""

    file: str
    done: int
    """Bytes."""
    total: int

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0


Tell = Callable[[Progress], None]
_listener: ContextVar[Callable[[str, float], None] | None] = ContextVar("listener", default=None)


def at(file: str, part: float) -> None:
    """That part, 0 to 1, of the work on this file is done."""
    listener = _listener.get()
    if listener is not None:
        listener(file, part)


class Meter:
    """Adds up what is done of several sources."""

    def __init__(self, sights: list[Sight], tell: Tell | None) -> None:
        self._tell = tell
        self._total = sum(sight.size for sight in sights)
        self._done = 0

    @contextmanager
    def reading(self, sight: Sight) -> Iterator[None]:
        """While one source is read."""
        sizes = {name: stamp.size for name, stamp in sight.files if stamp is not None}
        parts: dict[str, float] = {}

        def listener(file: str, part: float) -> None:
            parts[file] = part
            here = sum(sizes.get(name, 0) * share for name, share in parts.items())
            if self._tell is not None:
                self._tell(Progress(file, self._done + int(here), self._total))

        token = _listener.set(listener)
        try:
            yield
        finally:
            _listener.reset(token)
            self._done += sight.size

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
    again: bool = False
    """Whether it is looked at once more, for values that may be there twice; `done` begins anew then."""

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0


Tell = Callable[[Progress], None]
_listener: ContextVar[Callable[[str, float, bool], None] | None] = ContextVar("listener", default=None)


def at(file: str, part: float, *, again: bool = False) -> None:
    """That part, 0 to 1, of the work on this file is done, or of looking at it `again`."""
    listener = _listener.get()
    if listener is not None:
        listener(file, part, again)


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

        def listener(file: str, part: float, again: bool) -> None:
            if self._tell is None:
                return
            if again:
                size = sizes.get(file, 0)
                self._tell(Progress(file, int(size * part), size, again=True))
                return
            parts[file] = part
            here = sum(sizes.get(name, 0) * share for name, share in parts.items())
            self._tell(Progress(file, self._done + int(here), self._total))

        token = _listener.set(listener)
        try:
            yield
        finally:
            _listener.reset(token)
            self._done += sight.size

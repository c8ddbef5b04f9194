"""A large file in pieces of whole records, so that it never has to be held at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from kpitui.measurements.contents import UnreadableError

T = TypeVar("T")
R = TypeVar("R")

LARGE = 16 << 20
"""Bytes from which a file is read in pieces."""
SIZE = 8 << 20
"""Of a piece, in bytes."""
_FIRST = 1 << 16
_AT_ONCE = 4
"""Pieces that are worked on: so many keep two cores busy, and hold some 400 MB of memory at most."""
_TRIED = 1000
"""Lines that are gone back to find the end of a record."""


class Chunk(NamedTuple):
    """Whole records of a file, but for what quotes leave open."""

    raw: bytes
    plain: bool
    """Whether nothing but quotes has to be looked at before it is cut at line feeds and delimiters."""


def chunks(pieces: Iterable[bytes], *, goes_on: bool = False) -> Iterator[Chunk]:
    """The pieces cut after line feeds that stand outside of quotes.

    A small one comes first, with the header, unless the file `goes_on` from where it was read before.
    """
    held: list[bytes] = []
    length, least = 0, 1
    most = None if goes_on else _FIRST
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length < least:
            continue
        raw = b"".join(held)
        end = _end(raw, len(raw) if most is None else most)
        if end:
            yield _chunk(raw[:end])
            most = None
        held, length = [raw[end:]], len(raw) - end
        least = SIZE if end else 2 * length
    if length:
        yield _chunk(b"".join(held))


def _chunk(raw: bytes) -> Chunk:
    if b"\r" in raw and b"\r" not in (plain := raw.replace(b"\r\n", b"\n")):
        raw = plain  # with others beside them, \r\r\n would become one line end instead of two
    doubtful = any(sign in raw for sign in (b"\r", b"\0", b"\x1a"))
    conflict = any(sign in raw and sign * 7 in raw for sign in (b"<", b">"))
    return Chunk(raw, not (doubtful or conflict))


def _end(raw: bytes, size: int) -> int:
    """After the last line feed before `size` (or, from there on, the first) with a whole number of quoted fields."""
    end = raw.rfind(b"\n", 0, size) + 1 or raw.find(b"\n") + 1
    if b'"' not in raw:
        return end
    odd = raw.count(b'"', 0, end) % 2
    for _ in range(_TRIED):
        if not odd or not end:
            return end
        before = raw.rfind(b"\n", 0, end - 1) + 1
        odd ^= raw.count(b'"', before, end) % 2
        end = before
    return 0


def ahead(items: Iterable[T], work: Callable[[T], R]) -> Iterator[tuple[T, R]]:
    """Each item with what `work` makes of it, in order; some are worked on while the first is used."""
    waiting: deque[tuple[T, Future[R]]] = deque()

    def finished(leave: int) -> Iterator[tuple[T, R]]:
        while len(waiting) > leave:
            item, result = waiting.popleft()
            yield item, result.result()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            for item in items:
                waiting.append((item, pool.submit(work, item)))
                yield from finished(_AT_ONCE)
            yield from finished(0)
        except UnreadableError:
            yield from finished(0)  # what came before counts
            raise
        finally:
            pool.shutdown(cancel_futures=True)

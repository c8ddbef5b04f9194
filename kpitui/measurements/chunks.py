"""A large file in pieces of whole records, so that it never has to be held at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

T = TypeVar("T")

LARGE = 16 << 20
"""Bytes from which a file is read in pieces."""
SIZE = 16 << 20
"""Of a piece, in bytes."""
_FIRST = 1 << 16
_TRIED = 1000
"""Lines that are gone back to find the end of a record."""


class Chunk(NamedTuple):
    """Whole records of a file, but for what quotes leave open."""

    raw: bytes
    plain: bool
    """Whether nothing in it has to be looked at more closely before it is cut at line feeds and delimiters."""


def chunks(pieces: Iterable[bytes]) -> Iterator[Chunk]:
    """The pieces cut after line feeds that stand outside of quotes; a small one first, with the header."""
    size = _FIRST
    held: list[bytes] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        while length >= size:
            raw = b"".join(held)
            end = _end(raw, size)
            held, length = [raw[end:]], len(raw) - end
            if not end:  # no record ends here
                size = 2 * length
                break
            yield _chunk(raw[:end])
            size = SIZE
    if length:
        yield _chunk(b"".join(held))


def _chunk(raw: bytes) -> Chunk:
    if b"\r" in raw and b"\r" not in (plain := raw.replace(b"\r\n", b"\n")):
        raw = plain  # with others beside them, \r\r\n would become one line end instead of two
    doubtful = any(sign in raw for sign in (b'"', b"\r", b"\0", b"\x1a"))
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


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same, the next one being made while the last one is used."""
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, items, None)
        while (item := waiting.result()) is not None:
            waiting = pool.submit(next, items, None)
            yield item

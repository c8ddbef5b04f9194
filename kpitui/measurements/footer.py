"""What a Parquet file says of its own size, so that a small file which holds gigabytes is not unpacked.

Polars does not tell it. The footer is a structure in Thrift's compact protocol, without sets and maps; of all that is
in it, how many rows there are matters, and what each column comes to. Formats: github.com/apache/parquet-format
(parquet.thrift), github.com/apache/thrift (doc/specs/thrift-compact-protocol.md).
"""

from __future__ import annotations

from collections import Counter
from typing import Any, BinaryIO, NamedTuple

_MAGIC = b"PAR1"
_TAIL = 8
"""Bytes at the end: the footer's length, and the magic word."""
_ROWS, _ROW_GROUPS = 3, 4
"""Of FileMetaData."""
_COLUMNS = 1
"""Of RowGroup."""
_META_DATA = 3
"""Of ColumnChunk."""
_PATH, _UNPACKED = 3, 6
"""Of ColumnMetaData."""
_DEEPEST = 20
"""Structures within structures; Parquet has six."""
_WIDEST = 63
"""Bits of a number."""
_LONGEST = 64 << 20
"""Bytes of a footer that is looked at."""


class FormatError(Exception):
    """The file does not end as a Parquet file does."""


class Footer(NamedTuple):
    """What the file holds."""

    rows: int
    unpacked: Counter[str]
    """Bytes of each column, by its name, before they were compressed."""


def footer(file: BinaryIO) -> Footer:
    """Read what the file says of itself. Raises FormatError, and OSError."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    length = int.from_bytes(tail[:4], "little")
    if not tail.endswith(_MAGIC) or length > min(size - _TAIL, _LONGEST):
        raise FormatError
    file.seek(size - _TAIL - length)
    try:
        found = _Compact(file.read(length)).structure()
        unpacked: Counter[str] = Counter()
        for group in found[_ROW_GROUPS]:
            for column in group[_COLUMNS]:
                described = column[_META_DATA]
                unpacked[described[_PATH][0].decode()] += described[_UNPACKED]
        return Footer(int(found[_ROWS]), unpacked)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise FormatError from error


class _Compact:
    """Values in Thrift's compact protocol, one after the other."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def structure(self, depth: int = 0) -> dict[int, Any]:
        """Each field by its number."""
        if depth > _DEEPEST:
            raise ValueError("structures within structures")
        fields: dict[int, Any] = {}
        number = 0
        while header := self._byte():
            number = number + (header >> 4) if header >> 4 else self._whole()
            fields[number] = self._value(header & 15, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        match kind:
            case 1 | 2:  # true, false
                return kind == 1
            case 3:
                return self._byte()
            case 4 | 5 | 6:
                return self._whole()
            case 7:  # a floating-point number
                return self._bytes(8)
            case 8:
                return self._bytes(self._unsigned())
            case 9:
                return self._list(depth)
            case 12:
                return self.structure(depth + 1)
        raise ValueError("a kind of value that Parquet does not have")

    def _list(self, depth: int) -> list[Any]:
        header = self._byte()
        count = header >> 4 if header >> 4 < 15 else self._unsigned()
        if count > len(self._raw) - self._at:  # each takes a byte at least
            raise ValueError("a list longer than the footer")
        if header & 15 in (1, 2):
            return list(self._bytes(count))
        return [self._value(header & 15, depth) for _ in range(count)]

    def _byte(self) -> int:
        self._at += 1
        return self._raw[self._at - 1]

    def _bytes(self, count: int) -> bytes:
        self._at += count
        if self._at > len(self._raw):
            raise ValueError("a text longer than the footer")
        return self._raw[self._at - count : self._at]

    def _unsigned(self) -> int:
        """Seven bits a byte, the lowest first."""
        value = shift = 0
        while (byte := self._byte()) & 128:
            value |= (byte & 127) << shift
            shift += 7
            if shift > _WIDEST:
                raise ValueError("a number of too many bytes")
        return value | byte << shift

    def _whole(self) -> int:
        """The sign is in the last bit."""
        value = self._unsigned()
        return value >> 1 ^ -(value & 1)

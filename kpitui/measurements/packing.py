"""A source's result in few bytes that are quick to read: numbers as they lie in memory, equal columns once.

Measures of one file mostly share their days and counts; a thousand of them over three years are a million numbers
instead of three.
"""

from __future__ import annotations

from array import array

import msgspec

from kpitui.measurements.values import Series, SourceResult


class _PackedSeries(msgspec.Struct, frozen=True, array_like=True):
    rest: Series
    """Without its three columns."""
    days: int
    """Which of the common columns."""
    counts: int
    totals: bytes


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    rest: SourceResult
    """Without its series."""
    columns: list[bytes]
    series: dict[str, _PackedSeries]


def pack(result: SourceResult) -> bytes:
    """Raises ValueError or OverflowError where something of it cannot be written, such as a name that is no text."""
    columns: dict[bytes, int] = {}
    series = {
        id_: _PackedSeries(
            msgspec.structs.replace(one, days=[], totals=[], counts=[]),
            columns.setdefault(array("q", one.days).tobytes(), len(columns)),
            columns.setdefault(array("q", one.counts).tobytes(), len(columns)),
            array("d", one.totals).tobytes(),
        )
        for id_, one in result.series.items()
    }
    packed = _Packed(msgspec.structs.replace(result, series={}), list(columns), series)
    return msgspec.msgpack.encode(packed)


def unpack(content: bytes | memoryview) -> SourceResult:
    """Raises msgspec.MsgspecError, ValueError or IndexError where the content is something else."""
    packed = msgspec.msgpack.decode(content, type=_Packed)
    columns = [_numbers("q", column) for column in packed.columns]
    series = {
        id_: msgspec.structs.replace(
            one.rest, days=columns[one.days], counts=columns[one.counts], totals=_numbers("d", one.totals)
        )
        for id_, one in packed.series.items()
    }
    return msgspec.structs.replace(packed.rest, series=series)


def _numbers(kind: str, content: bytes) -> list[int] | list[float]:
    numbers = array(kind)
    numbers.frombytes(content)
    return numbers.tolist()

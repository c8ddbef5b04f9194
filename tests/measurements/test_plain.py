"""Quotes are taken off at once only where no reader could take them for more than marks around a field."""

from __future__ import annotations

import pytest

from kpitui.measurements.plain import unquoted


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"a,b\n", b"a,b\n"),
        (b'a,"b",c\n"d",e,"f"\n', b"a,b,c\nd,e,f\n"),
        (b'"a","b"', b"a,b"),
        (b'a,""\n', b"a,\n"),
        (b'"a;b"\n', b"a;b\n"),
        (b'"a,b"\n', None),
        (b'a,"b""c"\n', None),
        (b'a"b"\n', None),
        (b'"ab"c\n', None),
        (b'"a" ,b\n', None),
        (b'"a\nb"\n', None),
        (b'a,"b\n"c,d\n', None),
    ],
)
def test_quotes_around_fields(raw: bytes, expected: bytes | None) -> None:
    assert unquoted(raw, ",") == expected

"""Formulas of KPIs: parsed by hand, never evaluated as Python.

Grammar: `+ - * / ( )`, unary minus, numbers, ids of measures and KPIs, `min(a, b, …)`, `max(a, b, …)`, and
`prev(id, n = 1)`, the value n periods before at the same grain. Division binds like multiplication, left to right.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Number(msgspec.Struct, frozen=True, tag=True):
    value: float


class Ref(msgspec.Struct, frozen=True, tag=True):
    """The value of a measure or KPI, `back` periods before (0: in the period itself)."""

    id: str
    back: int = 0


class Negative(msgspec.Struct, frozen=True, tag=True):
    of: Expression


class Binary(msgspec.Struct, frozen=True, tag=True):
    operator: Literal["+", "-", "*", "/"]
    left: Expression
    right: Expression


class Call(msgspec.Struct, frozen=True, tag=True):
    function: Literal["min", "max"]
    arguments: tuple[Expression, ...]


Expression = Number | Ref | Negative | Binary | Call

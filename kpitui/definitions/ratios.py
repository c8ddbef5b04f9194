"""Formulas that are a ratio of two amounts, such as a part ÷ whole: seen from how they are written."""

from __future__ import annotations

from typing import NamedTuple

from kpitui.definitions.formula import Binary, Expression, Negative, Number, time_degree
from kpitui.definitions.model import Definitions, Kpi


class Ratio(NamedTuple):
    """`part / whole`, both amounts that add up over time."""

    part: Expression
    whole: Expression
    scaled: bool
    """A number stands before or behind it, as in `a / b * 100`; it is in `part`."""


def ratio(kpi: Kpi, definitions: Definitions) -> Ratio | None:
    """The ratio of amounts that the KPI's formula is; None where it is something else.

    `a / b`, `(a - b) / a`, `1 - a / b`, with numbers before or behind, and ids of KPIs that are amounts themselves.
    An id that is a ratio of its own is not looked into: its parts explain it where it stands.
    """
    if kpi.formula is None:
        return None

    def degree(id_: str) -> int | None:
        other = definitions.kpis.get(id_)
        if other is not None:
            return 1 if other.additive else None if other.formula is not None else 0
        measure = definitions.measures.get(id_)
        return int(measure is not None and measure.aggregate in ("sum", "count"))

    def adds_up(expression: Expression) -> bool:
        return time_degree(expression, degree) == 1

    def found(expression: Expression) -> Ratio | None:
        match expression:
            case Binary("/", left, right) if adds_up(left) and adds_up(right):
                return Ratio(left, right, scaled=False)
            case Binary("*", inner, Number() as factor) | Binary("*", Number() as factor, inner):
                return (of := found(inner)) and Ratio(Binary("*", of.part, factor), of.whole, scaled=True)
            case Binary("/", inner, Number() as divisor):
                return (of := found(inner)) and Ratio(Binary("/", of.part, divisor), of.whole, scaled=True)
            case Binary("-", Number(1.0), inner):
                of = found(inner)
                return of and of._replace(part=Binary("-", of.whole, of.part))
            case Negative(inner):
                return (of := found(inner)) and Ratio(Negative(of.part), of.whole, scaled=True)
            case _:
                return None

    return found(kpi.formula)


def part_of_whole(kpi: Kpi, definitions: Definitions) -> Ratio | None:
    """The ratio, where it is a part of its whole: written as `(a - b) / a`, or in per cent, or charted as such."""
    of = ratio(kpi, definitions)
    if of is None or of.scaled:
        return None
    if kpi.chart.method == "u":
        return None
    named = isinstance(of.part, Binary) and of.part.operator == "-" and of.part.left == of.whole
    return of if named or kpi.unit == "percent" or kpi.chart.method == "p" else None


def countable(kpi: Kpi, definitions: Definitions) -> Ratio | None:
    """The ratio, where its chart can be one of counts (p, u); other ratios are scaled, or of something else."""
    of = ratio(kpi, definitions)
    return of if of is not None and not of.scaled and kpi.unit != "currency" else None

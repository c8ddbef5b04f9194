"""Formulas that are a ratio of two amounts, such as a part ÷ whole: seen from how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kpitui.definitions.formula import Binary, Expression, Negative, Number, Ref, time_degree
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

    def adds_up(expression: Expression) -> bool:
        return time_degree(expression, _degree_in(definitions)) == 1

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


def _degree_in(definitions: Definitions) -> Callable[[str], int | None]:
    """How a KPI or measure grows with the length of its period; see `formula.time_degree`."""

    def degree(id_: str) -> int | None:
        other = definitions.kpis.get(id_)
        if other is not None and other.formula is not None:
            return time_degree(other.formula, degree)
        return int(definitions.measures[id_].aggregate in ("sum", "count"))

    return degree


def is_sum(expression: Expression, definitions: Definitions) -> bool:
    """Whether the figure of a whole is the sum of its parts', be they segments or days: sums and differences of sums
    and counts, and multiples of those."""
    match expression:
        case Ref(id, back):
            if back:
                return False
            kpi = definitions.kpis.get(id)
            if kpi is not None and kpi.formula is not None:
                return is_sum(kpi.formula, definitions)
            return definitions.measures[id].aggregate in ("sum", "count")
        case Negative(of):
            return is_sum(of, definitions)
        case Binary("+" | "-", left, right):
            return is_sum(left, definitions) and is_sum(right, definitions)
        case Binary("*", inner, Number()) | Binary("*", Number(), inner) | Binary("/", inner, Number()):
            return is_sum(inner, definitions)
        case _:
            return False


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

"""A person's word on a proposal: `2 down`, `2,3 mean`, `4 off`, `2 target 400`, `currency EUR`."""

from __future__ import annotations

import math
import re
from typing import get_args

from kpitui.terms import Aggregate
from kpitui.workspace.proposing import Proposal, ProposedKpi

_AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)
_UNITS = ("number", "percent", "currency", "days", "hours", "ratio", "score")
_NUMBERS = re.compile(r"\d+(?:[\s,]+\d+)*(?=\s|$)")
_CURRENCY = re.compile(r"[A-Za-z]{3}")


def amended(proposal: Proposal, line: str) -> Proposal:
    """The proposal with the change made; raises ValueError with a sentence where the line says none."""
    word, _, rest = line.strip().partition(" ")
    if word.lower() == "currency":
        return _in_currency(proposal, rest.strip())
    match = _NUMBERS.match(line.strip())
    if match is None:
        raise ValueError("begin with the number of a line, such as: 2 down")
    chosen = {int(number) for number in re.findall(r"\d+", match[0])}
    said = line.strip()[match.end() :].strip()
    if wrong := sorted(number for number in chosen if not 1 <= number <= len(proposal.kpis)):
        raise ValueError(f"there is no line {wrong[0]}; they go from 1 to {len(proposal.kpis)}")
    if not said:
        raise ValueError(f"say what is to change of line {min(chosen)}, such as: {min(chosen)} down")
    if said.lower() == "off":
        kept = tuple(kpi for number, kpi in enumerate(proposal.kpis, 1) if number not in chosen)
        if not kept:
            raise ValueError("one KPI has to stay")
        return proposal._replace(kpis=kept)
    return proposal._replace(
        kpis=tuple(_changed(kpi, said) if number in chosen else kpi for number, kpi in enumerate(proposal.kpis, 1))
    )


def _in_currency(proposal: Proposal, code: str) -> Proposal:
    if not _CURRENCY.fullmatch(code):
        raise ValueError("a currency has three letters, such as: currency EUR")
    return proposal._replace(
        kpis=tuple(kpi._replace(currency=code.upper()) if kpi.unit == "currency" else kpi for kpi in proposal.kpis)
    )


def _changed(kpi: ProposedKpi, said: str) -> ProposedKpi:
    word, _, rest = said.partition(" ")
    rest = rest.strip()
    match word.lower():
        case "up" | "down" as direction if not rest:
            return kpi._replace(direction=direction)
        case "target":
            return kpi._replace(target=_number(rest))
        case "name" if rest:
            return kpi._replace(name=rest)
        case aggregate if aggregate in _AGGREGATES and not rest:
            if kpi.column is None and aggregate != "count":
                raise ValueError("rows can only be counted")
            return kpi._replace(aggregate=aggregate)
        case unit if unit in _UNITS and not rest:
            return kpi._replace(unit=unit, currency=kpi.currency if unit == "currency" else None)
    if len(said) > 2 and said[0] == said[-1] == '"':
        return kpi._replace(unit=said[1:-1], currency=None)
    raise ValueError(f"`{said}` is no change that is understood; ? says which are")


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError("a target is a number, such as: 2 target 400")
    return int(value) if value.is_integer() else value

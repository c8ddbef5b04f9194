"""A person's word on a proposal: `2 down`, `2,3 mean`, `4 off`, `2 target 400 a month`, `currency EUR`."""

from __future__ import annotations

import re
from typing import get_args

from kpitui.measurements.numbers import Grammar
from kpitui.terms import Aggregate
from kpitui.workspace.proposing import Proposal, ProposedKpi

_AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)
_UNITS = ("number", "percent", "currency", "days", "hours", "ratio", "score")
_PERIODS = ("day", "week", "month", "quarter", "year")
_NUMBERS = re.compile(r"\d+(?:[\s,]+\d+)*(?=\s|$)")
_TARGET = re.compile(r"(?P<value>\S+?)\s*(?P<percent>%)?(?:\s+(?:an?|per|each)?\s*(?P<per>[a-z]+))?", re.IGNORECASE)
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
    kpis = (_changed(kpi, said, proposal) if number in chosen else kpi for number, kpi in enumerate(proposal.kpis, 1))
    return proposal._replace(kpis=tuple(kpis))


def _in_currency(proposal: Proposal, code: str) -> Proposal:
    """All amounts are in that one."""
    if not _CURRENCY.fullmatch(code):
        raise ValueError("a currency has three letters, such as: currency EUR")
    kpis = tuple(kpi._replace(currency=None) for kpi in proposal.kpis)
    return proposal._replace(kpis=kpis, currency=code.upper())


def _changed(kpi: ProposedKpi, said: str, proposal: Proposal) -> ProposedKpi:
    word, _, rest = said.partition(" ")
    rest = rest.strip()
    match word.lower():
        case "up" | "down" as direction if not rest:
            return kpi._replace(direction=direction, said=kpi.said | {"direction"})
        case "target":
            value, per = _target(rest, kpi, proposal.table.grammar)
            return kpi._replace(target=value, per=per)
        case "name" if rest:
            return kpi._replace(name=rest)
        case aggregate if aggregate in _AGGREGATES and not rest:
            if kpi.column is None and aggregate != "count":
                raise ValueError("rows can only be counted")
            return kpi._replace(aggregate=aggregate, said=kpi.said | {"aggregate"})
        case unit if unit in _UNITS and not rest:
            return _in_unit(kpi, unit, proposal)
    if len(said) > 2 and said[0] == said[-1] == '"':
        return _in_unit(kpi, said[1:-1], proposal)
    raise ValueError(f"`{said}` is no change that is understood; ? says which are")


def _in_unit(kpi: ProposedKpi, unit: str, proposal: Proposal) -> ProposedKpi:
    column = next((one for one in proposal.table.numbers if one.name == kpi.column), None)
    largest = max(map(abs, column.values), default=0.0) if column else 0.0
    if unit == "percent" and largest > 1:
        raise ValueError(f'percent is stored as 0 to 1, and this one goes up to {largest:g}; its unit may be "%"')
    return kpi._replace(unit=unit, currency=None if unit != "currency" else kpi.currency, said=kpi.said | {"unit"})


def _target(text: str, kpi: ProposedKpi, grammar: Grammar) -> tuple[float, str]:
    """A value as the file writes its numbers, or as programs do, and what it is for."""
    match = _TARGET.fullmatch(text)
    value = None
    if match is not None:
        value = grammar.read(match["value"])
        value = Grammar().read(match["value"]) if value is None else value
    if match is None or value is None:
        raise ValueError("a target is a number, such as: 2 target 400, or: 2 target 400 a month")
    per = (match["per"] or "").lower()
    if per and per not in _PERIODS:
        raise ValueError(f"a target is for a {', '.join(_PERIODS[:-1])} or {_PERIODS[-1]}; `{per}` is none")
    if match["percent"] and kpi.unit not in ("percent", "%"):
        raise ValueError(f"{kpi.name} is not in per cent")
    if match["percent"] and kpi.unit == "percent":
        value = value / 100
    elif kpi.unit == "percent" and value > 1:
        raise ValueError(f"per cent is stored as 0 to 1: write {value:g}%, or {value / 100:g}")
    return int(value) if float(value).is_integer() else value, per

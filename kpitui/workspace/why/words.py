"""How parts of a change are written, and what their inputs are called."""

from __future__ import annotations

from kpitui.analysis.segments import OTHERS
from kpitui.definitions.model import Definitions, Kpi
from kpitui.workspace.numbers import MINUS, NONE, Style, decimal

ARITHMETIC = "arithmetic, not cause"


def part_text(value: float | None, style: Style) -> str:
    """A part of a change, in the KPI's own unit; of per cent with a digit more than its figures have."""
    if value is None or style.unit != "percent":
        return style.difference(value, "points")
    digits = decimal(abs(value) * 100, 2, style.locale)
    return (MINUS if value < 0 and any(digit in digits for digit in "123456789") else "+") + f"{digits} pp"


def segment_name(name: str, segments: int) -> str:
    """The segment, or how many those are that stand together: `all others (12)`."""
    return f"{name} ({segments})" if name == OTHERS else name


def input_name(definitions: Definitions, id_: str) -> str:
    """What a formula's input is called; one of an earlier period as the formula writes it."""
    if id_ in definitions.kpis:
        return definitions.kpis[id_].name
    return definitions.measures[id_].name if id_ in definitions.measures else id_


def input_style(definitions: Definitions, id_: str) -> Style:
    """How the figures of a formula's input are written."""
    kpi: Kpi | None = definitions.kpis.get(id_)
    return Style.of(kpi, definitions.locale) if kpi else Style("number", None, None, definitions.locale)


def share_text(value: float | None, locale: str) -> str:
    """A share of a whole: `45.2%`."""
    return NONE if value is None else Style("percent", None, 1, locale).value(value)

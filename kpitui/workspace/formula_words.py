"""What a KPI's figure is made of, in words: names in place of ids, and the signs that people write."""

from __future__ import annotations

from collections.abc import Callable

from kpitui.definitions.formula import Binary, Call, Expression, Negative, Number, Ref
from kpitui.definitions.model import MANUAL, Definitions, Kpi

_SIGN = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}
_WHOLE = 3
"""How tightly a name, a number or a call holds together."""
_CALL = {"min": "the least of", "max": "the greatest of"}


def made_of(kpi: Kpi, definitions: Definitions) -> str:
    """`SQLs ÷ MQLs`; of a KPI that is its own measure `sum of sqls where region = EMEA`."""
    if kpi.formula is None:
        return measure_words(kpi, definitions)

    def name(id_: str) -> str:
        other = definitions.kpis.get(id_) or definitions.measures.get(id_)
        return other.name if other else definitions.broken.get(id_, id_)

    return formula_words(kpi.formula, name)


def measure_words(kpi: Kpi, definitions: Definitions) -> str:
    """`sum of sqls where region = EMEA`, of a KPI that is its own measure."""
    measure = definitions.measures.get(kpi.id)
    if measure is None:
        return ""
    if measure.source == MANUAL:
        return "typed in"
    what = measure.column or measure.key or "rows"
    where = "; ".join(f"{column} = {' or '.join(texts)}" for column, texts in measure.where)
    return f"{measure.aggregate} of {what}" + (f" where {where}" if where else "")


def formula_words(formula: Expression, name: Callable[[str], str]) -> str:
    """The formula with names; parentheses stand only where they change what is meant."""
    return _words(formula, name)[0]


def _words(part: Expression, name: Callable[[str], str]) -> tuple[str, int]:
    """The words of a part, and how tightly they hold together."""
    match part:
        case Number(value=value):
            return f"{value:g}", _WHOLE
        case Ref(id=id_, back=back):
            return name(id_) + (_before(back) if back else ""), _WHOLE
        case Negative(of=of):
            return f"−{_held(_words(of, name), _WHOLE)}", _WHOLE
        case Call(function=function, arguments=arguments):
            return f"{_CALL[function]} ({', '.join(_words(each, name)[0] for each in arguments)})", _WHOLE
        case Binary(operator=operator, left=left, right=right):
            binds = _BINDS[operator]
            # a − (b − c) and a ÷ (b × c) are other figures without their parentheses; a + b + c is not.
            tighter = binds + (operator in "-/")
            words = f"{_held(_words(left, name), binds)} {_SIGN[operator]} {_held(_words(right, name), tighter)}"
            return words, binds


def _held(words: tuple[str, int], needed: int) -> str:
    text, binds = words
    return text if binds >= needed else f"({text})"


def _before(back: int) -> str:
    return " a period before" if back == 1 else f" {back} periods before"

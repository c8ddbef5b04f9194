"""What somebody types as a figure, understood in the KPI's unit and the workspace's locale, and never guessed."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kpitui.definitions.model import Kpi
from kpitui.measurements.numbers import Grammar
from kpitui.printable import printable
from kpitui.problems import KpituiError

_SUFFIXES = {"percent": ("%",), "days": ("days", "day", "d"), "hours": ("hours", "hour", "hrs", "hr", "h")}
_BARE = ("number", "ratio", "score", "currency", *_SUFFIXES)
_APOSTROPHES = "'’"
_PLAIN = Grammar()
_THOUSANDTHS = re.compile(r"[-+−]?[1-9][0-9]{0,2}[.,][0-9]{3}")


class Figure(NamedTuple):
    """What a text was understood as."""

    value: float | None
    """None takes the period's value back."""
    written: str
    """The same as a plain decimal, as files hold it; empty for None."""


def understand(text: str, kpi: Kpi, locale: str) -> Figure:
    """The figure that the text names in the KPI's unit: `22%` and `0.22` are the same percent.

    A blank, or `-`, is no figure. A number is read both plainly (`1234.5`) and with the locale's
    marks (`1,234.5`); where the two differ, or nothing is a number, KpituiError says what to write instead.
    """
    bare = text.strip()
    if bare in ("", "-"):
        return Figure(None, "")
    bare, with_unit = _without_unit(bare, kpi, locale)
    number = _number(bare, text, locale)
    if kpi.unit == "currency":
        _refuse_thousandths(bare, text, number)
    if kpi.unit != "percent":
        return _figure(number)
    if with_unit:
        return _figure(number.scaleb(-2))
    if abs(number) > 1:
        as_sign, as_fraction = _figure(number).written, _figure(number.scaleb(2)).written
        raise KpituiError(f"`{printable(text)}` may be {as_sign}% or {as_fraction}%: write the sign %")
    return _figure(number)


def _figure(number: Decimal) -> Figure:
    written = f"{number:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return Figure(float(written), written)


def _without_unit(text: str, kpi: Kpi, locale: str) -> tuple[str, bool]:
    """The text without the KPI's unit before or behind it, and whether it was there."""
    before: tuple[str, ...] = ()
    behind = _SUFFIXES.get(kpi.unit, ())
    if kpi.unit == "currency" and kpi.currency:
        before = behind = (_symbol(kpi.currency, locale), kpi.currency)
    elif kpi.unit not in _BARE:
        behind = (kpi.unit,)
    for unit in behind:
        if text.lower().endswith(unit.lower()):
            return text[: len(text) - len(unit)].rstrip(), True
    sign, rest = (text[0], text[1:].lstrip()) if text[0] in "+-−" else ("", text)
    for unit in before:
        if rest.lower().startswith(unit.lower()):
            return sign + rest[len(unit) :].lstrip(), True
    return text, False


def _number(bare: str, text: str, locale: str) -> Decimal:
    decimal, thousands = _marks(locale)
    if thousands in _APOSTROPHES:
        bare = bare.replace("'", thousands).replace("’", thousands)
    plain, local = _PLAIN.read(bare), Grammar(decimal, thousands).read(bare)
    if local is not None and bare.lstrip("+-−").startswith("0" + thousands):
        local = None  # nobody writes 0.123 for 123
    if plain is not None and local is not None and plain != local:
        raise KpituiError(
            f"`{printable(text)}` is ambiguous here ({locale}): "
            f"{_figure(_exact(local)).written} or {_figure(_exact(plain)).written}? "
            f"Write {_figure(_exact(local)).written}, or {_figure(_exact(plain)).written.replace('.', decimal)}"
        )
    value = plain if plain is not None else local
    if value is None:
        raise KpituiError(f"`{printable(text)}` is not a number; write it such as 1234{decimal}5")
    return _exact(value)


def _refuse_thousandths(bare: str, text: str, number: Decimal) -> None:
    """An amount such as `1.200`: nobody writes tenths of a cent, and elsewhere it is how 1200 is written."""
    if _THOUSANDTHS.fullmatch(bare) and abs(number) < 1000:
        whole = _figure(number.scaleb(3)).written
        raise KpituiError(f"`{printable(text)}` may be {whole} or {_figure(number).written}: write one of these")


def _exact(value: float) -> Decimal:
    """The shortest decimal that stands for the float."""
    return Decimal(repr(value))


@lru_cache(maxsize=8)
def _marks(locale: str) -> tuple[str, str]:
    """The locale's marks of decimals and of thousands."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return get_decimal_symbol(locale), get_group_symbol(locale)


def _symbol(currency: str, locale: str) -> str:
    from babel.numbers import get_currency_symbol

    return get_currency_symbol(currency, locale=locale)

"""Numbers as people and exports write them, read by declaration and never by guess."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from kpitui.measurements.findings import quoted

EXACT = 2.0**53
"""From here on a float does not hold every integer."""
LARGEST = 1e290
"""Sums of a great many values stay finite."""
_SIGNIFICANT = 15
"""Decimal digits that a float always holds."""
_MINUS = "\N{MINUS SIGN}"
_BLANK_MARKS = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


_CURRENCY = r"[$€£¥₹₩₽₺₪฿]|[A-Z]{3}|CHF|kr"
_MARKED = re.compile(
    rf"(?P<open>\()?(?P<sign>[+\-{_MINUS}])?(?P<before>{_CURRENCY})?\s*(?P<number>[+\-{_MINUS}]?[0-9][0-9.,'\s]*?)\s*"
    rf"(?:(?P<percent>[%‰])|(?P<after>{_CURRENCY}))?(?(open)(?P<close>\)))"
)
"""A number with signs around it that exports for people have."""

DECIMAL_COMMA = rf"^[+\-{_MINUS}]?([0-9]{{1,3}}(\.[0-9]{{3}})+,[0-9]+|[0-9]*,([0-9]{{1,2}}|[0-9]{{4,}}))$"
"""A number that says by itself that its comma marks decimals; `1,250` does not."""
MAYBE_THOUSANDS = rf"^[+\-{_MINUS}]?[1-9][0-9]{{0,2}}\.[0-9]{{3}}$"
"""A number whose point may mark thousands."""


class Grammar(NamedTuple):
    """How a source writes its numbers."""

    decimal: str = "."
    thousands: str | None = None

    def read(self, text: str) -> float | None:
        """The number, None where the text is not wholly one or a float would not hold it.

        Accepted: a sign, digits (thousands marks, if any, in groups of three), decimals, an exponent.
        """
        match = _pattern(self).fullmatch(text.strip())
        if match is None:
            return None
        sign, whole, decimals, exponent = match.group("sign", "whole", "decimals", "exponent")
        digits = "".join(character for character in whole if character.isdigit())
        exact = f"{sign.replace(_MINUS, '-')}{digits or '0'}.{decimals or '0'}{exponent or ''}"
        value = float(exact)
        return value if _held(value, exact) else None

    def fault(self, text: str) -> tuple[str, str | None]:
        """Why `read` gave None, as a sentence, and the definition's line that may cure it."""
        if _pattern(self).fullmatch(text.strip()):
            return f"{quoted(text)} cannot be held exactly, or is too large", None
        if (
            self.decimal != "."
            and self.thousands is None
            and _pattern(Grammar(".", None)).fullmatch(text)
            and "." in text
        ):
            if _pattern(Grammar(self.decimal, ".")).fullmatch(text):
                return (
                    f"{quoted(text)} is ambiguous: the point may mark decimals or thousands",
                    'thousands = "."',
                )
            return f"{quoted(text)} is not a number with decimal {quoted(self.decimal)}", 'decimal = "."'
        return f"{quoted(text)} is not a number", self._cure(text)

    def _cure(self, text: str) -> str | None:
        """The reading under which the text would be a number, if there is just one worth naming."""
        if self.decimal == "." and self.thousands is None and _pattern(Grammar(".", ",")).fullmatch(text):
            return 'thousands = ","'
        if self.decimal == "." and _pattern(Grammar(",", None)).fullmatch(text):
            return 'decimal = ","'
        for decimal in (self.decimal, "," if self.decimal == "." else "."):
            for thousands in ",. '":
                if thousands != decimal and _pattern(Grammar(decimal, thousands)).fullmatch(text):
                    lines = [f'decimal = "{decimal}"'] if decimal != self.decimal else []
                    return " and ".join([*lines, f'thousands = "{thousands}"'])
        return None

    def remedy(self, text: str) -> str | None:
        """What the export should write instead, where a sign stands at a number."""
        match = _MARKED.fullmatch(text.strip())
        if match is None or (value := self.read(match["number"])) is None:
            return None
        if match["close"]:
            return f"export negative numbers with a minus sign, as -{match['number']}"
        if match["percent"]:
            exact = Decimal(repr(-value if match["sign"] not in (None, "+") else value)) / 100
            return f"export it without the percent sign, as {exact.normalize():f}"
        if match["before"] or match["after"]:
            return f"export it without the currency, as {match['sign'] or ''}{match['number']}"
        return None


@cache
def _pattern(grammar: Grammar) -> re.Pattern[str]:
    digits = "[0-9]+"
    if grammar.thousands is not None:
        blank = grammar.thousands in _BLANK_MARKS
        mark = f"[{_BLANK_MARKS}]" if blank else re.escape(grammar.thousands)
        digits = f"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+|[0-9]+"
    decimal = re.escape(grammar.decimal)
    return re.compile(
        rf"(?P<sign>[+\-{_MINUS}]?)"
        rf"(?=[0-9]|{decimal}[0-9])(?P<whole>{digits}|)(?:{decimal}(?P<decimals>[0-9]*))?"
        r"(?P<exponent>[eE][+-]?[0-9]+)?"
    )


def _held(value: float, exact: str) -> bool:
    """Whether the float is near enough to what was written to stand for it."""
    if not math.isfinite(value) or abs(value) > LARGEST:
        return False
    if value == 0:
        return not re.search("[1-9]", exact.lower().partition("e")[0])
    if abs(value) < EXACT:
        return True
    written = Decimal(exact).normalize()
    return len(written.as_tuple().digits) <= _SIGNIFICANT or written == Decimal(value)

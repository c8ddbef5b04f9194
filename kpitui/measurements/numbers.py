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
_THOUSANDS = ",. '\N{RIGHT SINGLE QUOTATION MARK}"
"""Marks of thousands that are tried for a hint."""
NOT_MISSING = re.compile(rf"true|false|[+\-{_MINUS}]?(inf|infinity|∞)", re.IGNORECASE)
"""Words that say something: they stand for no missing value."""


_CURRENCY = r"[$€£¥₹₩₽₺₪฿]|[A-Z]{3}|CHF|kr"
_MARKED = re.compile(
    rf"(?P<open>\()?(?P<sign>[+\-{_MINUS}])?(?P<before>{_CURRENCY})?\s*(?P<number>[+\-{_MINUS}]?[0-9][0-9{_THOUSANDS}\s]*?)\s*"
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
            return 'decimal = "," and thousands = "."' if self.thousands == "," else 'decimal = ","'
        for decimal in (self.decimal, "," if self.decimal == "." else "."):
            for thousands in _THOUSANDS:
                if thousands != decimal and _pattern(Grammar(decimal, thousands)).fullmatch(text):
                    lines = [f'decimal = "{decimal}"'] if decimal != self.decimal else []
                    return " and ".join([*lines, f'thousands = "{thousands}"'])
        return None

    def remedy(self, text: str) -> str | None:
        """What the export should write instead, where a sign stands at a number."""
        match = _MARKED.fullmatch(text.strip())
        if match is None or not (readings := self._readings(match["number"])):
            return None
        number = readings.pop() if len(readings) == 1 else None  # `1,234` may be either: no guess
        is_negative = match["sign"] not in (None, "+")
        if match["close"]:
            return "export negative numbers with a minus sign" + (f", as -{number}" if number else "")
        if match["percent"]:
            value = self.read(number) if number else None
            as_fraction = "" if value is None else f", as {self._fraction(-value if is_negative else value)}"
            return f"export it without the percent sign{as_fraction}"
        if match["before"] or match["after"]:
            return "export it without the currency" + (f", as {match['sign'] or ''}{number}" if number else "")
        return None

    def _readings(self, number: str) -> set[str]:
        """The number as this grammar reads it; where it does not, what it may be, each without marks of thousands."""
        if self.read(number) is not None:
            return {number}
        found = set()
        for decimal in ".,":
            for thousands in _THOUSANDS.replace(decimal, ""):
                if Grammar(decimal, thousands).read(number) is not None:
                    marks = _BLANK_MARKS if thousands in _BLANK_MARKS else thousands
                    bare = "".join(character for character in number if character not in marks)
                    found.add(bare.replace(decimal, self.decimal))
        return found

    def _fraction(self, percent: float) -> str:
        """So much percent as a fraction, as this grammar writes it."""
        exact = Decimal(repr(percent)) / 100
        return f"{exact.normalize():f}".replace(".", self.decimal)


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

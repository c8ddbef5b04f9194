"""Figures and dates as people of a locale write them.

Babel knows how. It is imported with the first text that has not been asked for before: what it said is remembered,
and may be kept for the next start (`said`, `remember`).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from math import floor, log10
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kpitui.analysis.targets import Goal
from kpitui.definitions.model import Kpi
from kpitui.periods import Grain, Period
from kpitui.terms import Comparison, Direction

if TYPE_CHECKING:
    from babel.core import Locale

NONE = "—"
MINUS = "−"
_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
_COMPACT_FROM = 10_000
_WRITTEN_OUT = 1e21
"""From here on a number is a mistake somewhere; Babel would refuse to write all of its digits."""
_DECIMALS = {"percent": 1, "days": 1, "hours": 1, "ratio": 2, "score": 1}
_SUFFIX = {"percent": "%", "days": "d", "hours": "h"}


def shortened_by(size: float) -> tuple[float, str]:
    """What numbers of about that size are divided by to be short, and the letter that says so; small ones stay."""
    if size < _COMPACT_FROM:
        return 1.0, ""
    return next((scale, letter) for scale, letter in _SCALES if size / scale >= 0.9995)


@lru_cache(maxsize=8)
def _locale(name: str) -> Locale:
    from babel.core import Locale

    return Locale.parse(name)


class Said(msgspec.Struct, frozen=True):
    """What Babel answered, by what it was asked; the last part of each key is the locale."""

    decimals: dict[tuple[float, int, str], str] = {}
    dates: dict[tuple[date, str, str], str] = {}
    """Day and pattern."""
    patterns: dict[tuple[str, str], str] = {}
    """Skeleton."""
    money: dict[tuple[str, str], tuple[str, str]] = {}
    """Currency."""


_SAID = Said()
_MOST = 4096
"""Answers of a kind that are remembered; then all over again."""


def said() -> Said:
    """What has been asked so far."""
    return _SAID


def remember(former: Said) -> None:
    """Take over what an earlier start was told."""
    for kind in Said.__struct_fields__:
        getattr(_SAID, kind).update(getattr(former, kind))


def _money(currency: str, locale: str) -> tuple[str, str]:
    """What stands before and behind an amount."""
    known = _SAID.money.get((currency, locale))
    if known is None:
        from babel.numbers import get_currency_symbol

        symbol = get_currency_symbol(currency, locale=locale)
        pattern: str = _locale(locale).currency_formats["standard"].pattern
        known = (symbol, "") if pattern.startswith("¤") else ("", f"\N{NO-BREAK SPACE}{symbol}")
        _SAID.money[currency, locale] = known
    return known


def decimal(value: float, decimals: int, locale: str) -> str:
    """The number with grouped thousands and so many decimals: `1,234.5`."""
    known = _SAID.decimals.get((value, decimals, locale))
    if known is None:
        if len(_SAID.decimals) >= _MOST:
            _SAID.decimals.clear()
        known = _SAID.decimals[value, decimals, locale] = _decimal(value, decimals, locale)
    return known


def _decimal(value: float, decimals: int, locale: str) -> str:
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    if abs(value) >= _WRITTEN_OUT:
        return f"{value:.1e}".replace("-", MINUS)
    text = format_decimal(value, format=pattern, locale=locale)
    # What rounds to zero is neither above nor below it.
    return text.replace("-", MINUS if any(digit in text for digit in "123456789") else "")


def get_ready(locale: str) -> None:
    """Import Babel and load the locale's data, so that the first figure does not wait for it."""
    _decimal(1.0, 1, locale)
    _date(date(2000, 1, 1), "d", locale)


class Style(NamedTuple):
    """How the figures of one KPI are written."""

    unit: str
    currency: str | None
    decimals: int | None
    locale: str

    @classmethod
    def of(cls, kpi: Kpi, locale: str) -> Style:
        return cls(kpi.unit, kpi.currency, kpi.decimals, locale)

    def number(self, value: float, *, exact: bool = False) -> str:
        """The value in its unit, without the unit's sign; large ones shortened (`10.4k`) unless `exact`."""
        if self.unit == "percent":
            return decimal(value * 100, 1 if self.decimals is None else self.decimals, self.locale)
        size = abs(value)
        if not exact and size >= _COMPACT_FROM:
            return self._compact(value)
        if self.decimals is not None:
            return decimal(value, self.decimals, self.locale)
        if self.unit in _DECIMALS:
            return decimal(value, _DECIMALS[self.unit], self.locale)
        if value == floor(value) or size >= 1000:
            return decimal(value, 0, self.locale)
        # Three digits say enough of what has no unit of its own.
        return decimal(value, max(0, min(6, 2 - floor(log10(size)))), self.locale)

    def _compact(self, value: float) -> str:
        size = abs(value)
        for scale, suffix in _SCALES:
            scaled = size / scale
            if scaled >= 0.9995:
                decimals = 2 if scaled < 9.995 and suffix != "k" else 1 if scaled < 99.95 else 0
                text = decimal(value / scale, decimals, self.locale)
                if decimals == 2 and text.endswith("0"):
                    text = decimal(value / scale, 1, self.locale)
                return text + suffix
        return decimal(value, 0, self.locale)

    def value(self, value: float | None, *, exact: bool = False) -> str:
        """The value with its unit, `—` where there is none."""
        if value is None:
            return NONE
        return self.with_unit(self.number(value, exact=exact))

    def span(self, low: float, high: float) -> str:
        """Both ends, such as `€24.9k–€29.7k`: a unit that stands behind a number is said once."""
        number, whole = self.number(low), self.value(low)
        return f"{number if whole.startswith(number) else whole}–{self.value(high)}"

    def between(self, low: float, high: float) -> str:
        """`194 to 238`; one figure where both are written alike."""
        ends = self.value(low), self.value(high)
        return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"

    def with_unit(self, text: str) -> str:
        """A number that is written already, with its unit."""
        if self.unit == "currency":
            before, behind = _money(self.currency, self.locale) if self.currency else ("", "")
            sign, digits = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
            return f"{sign}{before}{digits}{behind}"
        if self.unit in ("number", "ratio", "score"):
            return text
        suffix = _SUFFIX.get(self.unit)
        return f"{text}{suffix}" if suffix else f"{text} {self.unit}"

    def cell(self, value: float | None) -> str:
        """The value for a narrow column: a unit of the team's own is left to the KPI's name."""
        own = self.unit not in ("number", "ratio", "score", "currency") and self.unit not in _SUFFIX
        return self.number(value) if own and value is not None else self.value(value)

    def goal(self, goal: Goal | None, direction: Direction) -> str:
        """The target with its sense: `25.0%`, `≤ 8.0h`, `80–120`."""
        if goal is None:
            return NONE
        if direction == "range":
            return self._range(goal)
        if goal.value is None:
            return NONE
        return f"≤ {self.cell(goal.value)}" if direction == "down" else self.cell(goal.value)

    def _range(self, goal: Goal) -> str:
        """`95–105%`: the unit once, and no decimals where both bounds are whole."""
        bounds = [bound for bound in (goal.low, goal.high) if bound is not None]
        scale = 100 if self.unit == "percent" else 1
        whole = all(abs(bound * scale - round(bound * scale)) < 1e-9 for bound in bounds)
        style = self._replace(decimals=0) if whole else self
        if goal.low is None or goal.high is None:
            return f"{'≥' if goal.high is None else '≤'} {style.cell(bounds[0])}" if bounds else NONE
        return f"{style.number(goal.low)}–{style.cell(goal.high)}"

    def difference(self, value: float | None, comparison: Comparison) -> str:
        """A change, signed: `+4.0%` of the figure before, `+1.2 pp`, `+35 bps`, `−0.4h`."""
        if value is None:
            return NONE
        if comparison == "percent":
            return percent(value, self.locale)
        if comparison == "bps":
            return _signed(value, decimal(abs(value) * 10_000, 0, self.locale) + " bps")
        if self.unit == "percent":
            return _signed(value, decimal(abs(value) * 100, 1, self.locale) + " pp")
        return _signed(value, self.value(abs(value)))


def _signed(value: float, text: str) -> str:
    """What rounds to zero has gone neither up nor down."""
    if not any(digit in text for digit in "123456789"):
        return text
    return (MINUS if value < 0 else "+") + text


def percent(value: float | None, locale: str, decimals: int = 1) -> str:
    """A fraction as a signed percentage, `—` where there is none."""
    if value is None:
        return NONE
    if abs(value) >= 10:
        decimals = 0
    return _signed(value, decimal(abs(value) * 100, decimals, locale) + "%")


# Dates


def _dated(day: date, pattern: str, locale: str) -> str:
    known = _SAID.dates.get((day, pattern, locale))
    if known is None:
        if len(_SAID.dates) >= _MOST:
            _SAID.dates.clear()
        known = _SAID.dates[day, pattern, locale] = _date(day, pattern, locale)
    return known


def _date(day: date, pattern: str, locale: str) -> str:
    from babel.dates import format_date

    return format_date(day, pattern, locale=locale)


def _own(skeleton: str, locale: str) -> str:
    """The locale's own way to write these parts of a date: of `yMMMd` it makes `d MMM y`, or `MMM d, y`."""
    known = _SAID.patterns.get((skeleton, locale))
    if known is None:
        known = _SAID.patterns[skeleton, locale] = str(_locale(locale).datetime_skeletons[skeleton].pattern)
    return known


def short_day(day: date, locale: str, as_of: date | None = None) -> str:
    """`4 Nov`; with the year where it is not that of `as_of`."""
    skeleton = "MMMd" if as_of is None or day.year == as_of.year else "yMMMd"
    return _dated(day, _own(skeleton, locale), locale)


def period_name(period: Period, locale: str) -> str:
    """`Oct 2026`, `W44 · 26 Oct–1 Nov 2026`, `2026 Q4`, `4 Nov 2026`."""
    if period.grain is Grain.MONTH:
        return _dated(period.start, _own("yMMM", locale), locale)
    end = _dated(period.end, _own("yMMMd", locale), locale)
    if period.grain is Grain.DAY:
        return end
    if period.grain is Grain.WEEK:
        return f"{period.id[5:]} · {short_day(period.start, locale)}–{end}"
    return period.id.replace("-", " ")


def period_days(period: Period, locale: str) -> str:
    """From which day to which: `1–31 Oct`; nothing where the period's name says it."""
    if period.grain in (Grain.DAY, Grain.WEEK):
        return ""
    skeleton = "MMMd" if period.start.year == period.end.year else "yMMMd"
    asked = (period.start, f"{period.end} {skeleton}", locale)
    known = _SAID.dates.get(asked)
    if known is None:
        from babel.dates import format_interval

        text = format_interval(period.start, period.end, skeleton, locale=locale)
        # Some locales put thin blanks around the dash; a terminal has one width of them.
        known = _SAID.dates[asked] = "".join(" " if sign.isspace() else sign for sign in text).replace(" – ", "–")
    return known


def period_tag(period: Period, locale: str) -> str:
    """The shortest name: `Oct ’26`, `W44`, `2 Nov`, `Q4 ’26`, `2026`."""
    return period.id[5:] if period.grain is Grain.WEEK else axis_label(period, locale)


def axis_label(period: Period, locale: str) -> str:
    """Short enough for a chart's axis: `Oct ’26`, `26 Oct`, `Q4 ’26`, `2026`."""
    if period.grain is Grain.MONTH:
        return month_tag(period.start, locale)
    if period.grain in (Grain.DAY, Grain.WEEK):
        return short_day(period.start, locale)
    if period.grain is Grain.QUARTER:
        return f"{period.id[-2:]} ’{period.id[-5:-3]}"
    return period.id


def month_tag(day: date, locale: str) -> str:
    """`Oct ’26`."""
    return _dated(day, "MMM ’yy", locale)


def month_name(day: date, locale: str) -> str:
    """The month alone, short: `Oct`."""
    return _dated(day, "LLL", locale)

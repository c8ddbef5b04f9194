"""Figures and dates as people of a locale write them."""

from __future__ import annotations

from datetime import date

import pytest

from kpitui.analysis.targets import Goal
from kpitui.periods import Calendar, Period
from kpitui.workspace.numbers import Style, axis_label, decimal, percent, period_name, short_day

NBSP, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


def plain(
    locale: str = "en_GB", unit: str = "number", decimals: int | None = None, currency: str | None = None
) -> Style:
    return Style(unit, currency, decimals, locale)


def period(text: str, calendar: Calendar = Calendar()) -> Period:  # noqa: B008 - it is frozen
    found = calendar.parse(text)
    assert found
    return found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (5, "5"), (0.5, "0.500"), (12.345, "12.3"), (99.5, "99.5"), (0.0123, "0.0123"), (1234, "1,234"),
        (9999, "9,999"), (-9999, "−9,999"), (10_000, "10.0k"), (10_449, "10.4k"), (99_950, "100k"), (999_499, "999k"),
        (999_500, "1.0M"), (1_250_000, "1.25M"), (12_345_678, "12.3M"), (1.2e9, "1.2B"), (5e12, "5.0T"),
        (-10_400, "−10.4k"),
    ],
)  # fmt: skip
def test_a_number_without_a_unit_has_three_digits_or_so(value: float, text: str) -> None:
    assert plain().value(value) == text


def test_zero_has_no_sign() -> None:
    assert plain().value(-0.0) == "0"
    assert plain(unit="percent").value(-0.0001) == "0.0%"


def test_exact_figures_are_not_shortened() -> None:
    assert plain().value(1_234_567, exact=True) == "1,234,567"
    assert plain(decimals=2).value(12_345.678, exact=True) == "12,345.68"


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("percent", 0.2204, "22.0%"),
        ("percent", -0.0131, "−1.3%"),
        ("percent", 12.5, "1,250.0%"),
        ("days", 9.58, "9.6d"),
        ("hours", 9.4, "9.4h"),
        ("ratio", 3.123, "3.12"),
        ("score", 41.27, "41.3"),
        ("leads", 8, "8 leads"),
    ],
)
def test_each_unit_has_its_sign(unit: str, value: float, text: str) -> None:
    assert plain(unit=unit).value(value) == text


def test_decimals_of_a_kpi_are_kept() -> None:
    assert plain(unit="percent", decimals=2).value(0.0131) == "1.31%"
    assert plain(unit="score", decimals=0).value(41.4) == "41"
    assert plain(decimals=2).value(5) == "5.00"


@pytest.mark.parametrize(
    ("locale", "number", "money", "large", "negative"),
    [
        ("en_GB", "1,234", "€1,234", "€801k", "−€150"),
        ("de_DE", "1.234", f"1.234{NBSP}€", f"801k{NBSP}€", f"−150{NBSP}€"),
        ("fr_FR", f"1{THIN}234", f"1{THIN}234{NBSP}€", f"801k{NBSP}€", f"−150{NBSP}€"),
        ("ja_JP", "1,234", "€1,234", "€801k", "−€150"),
    ],
)
def test_numbers_and_money_are_the_locales(locale: str, number: str, money: str, large: str, negative: str) -> None:
    euros = plain(locale, "currency", 0, "EUR")
    assert plain(locale).value(1234) == number
    assert [euros.value(value) for value in (1234, 801_234, -150)] == [money, large, negative]


def test_decimal_marks_are_the_locales() -> None:
    assert [plain(locale, "percent").value(0.2204) for locale in ("de_DE", "fr_FR", "ja_JP")] == [
        "22,0%",
        "22,0%",
        "22.0%",
    ]
    assert decimal(1_234_567.5, 1, "de_DE") == "1.234.567,5"


def test_both_ends_of_a_span_have_the_sign_that_stands_before_a_number() -> None:
    assert plain(unit="currency", currency="EUR").span(24_900, 29_700) == "€24.9k–€29.7k"
    assert plain(unit="percent").span(0.0093, 0.0172) == "0.9–1.7%"
    assert plain(unit="hours").span(5, 8) == "5.0–8.0h"


def test_money_without_a_currency_is_a_number() -> None:
    assert plain(unit="currency", decimals=0).value(5) == "5"


def test_what_is_missing_is_a_dash_and_never_a_zero() -> None:
    assert plain().value(None) == "—"
    assert plain().goal(None, "up") == "—"
    assert plain().goal(Goal(None, 1, 2), "up") == "—"
    assert plain().difference(None, "percent") == "—"
    assert percent(None, "en_GB") == "—"


def test_a_goal_says_which_way() -> None:
    assert plain(unit="hours").goal(Goal(8.0), "down") == "≤ 8.0h"
    assert plain(unit="percent").goal(Goal(0.25), "up") == "25.0%"


@pytest.mark.parametrize(
    ("unit", "value", "comparison", "text"),
    [
        ("number", 0.0409, "percent", "+4.1%"),
        ("number", -0.2, "percent", "−20.0%"),
        ("number", 12.5, "percent", "+1,250%"),
        ("percent", 0.0123, "points", "+1.2 pp"),
        ("percent", -0.0351, "points", "−3.5 pp"),
        ("percent", 0.00165, "bps", "+16 bps"),
        ("hours", -0.4, "points", "−0.4h"),
        ("score", 1.7, "points", "+1.7"),
    ],
)
def test_a_change_has_a_sign_and_says_of_what(unit: str, value: float, comparison: str, text: str) -> None:
    assert plain(unit=unit).difference(value, comparison) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("locale", "month", "week", "day"),
    [
        ("en_GB", "Oct 2026", "W44 · 26 Oct–1 Nov 2026", "4 Nov 2026"),
        ("en_US", "Oct 2026", "W44 · Oct 26–Nov 1, 2026", "Nov 4, 2026"),
        ("de_DE", "Okt. 2026", "W44 · 26. Okt.–1. Nov. 2026", "4. Nov. 2026"),
        ("fr_FR", "oct. 2026", "W44 · 26 oct.–1 nov. 2026", "4 nov. 2026"),
        ("ja_JP", "2026年10月", "W44 · 10月26日–2026年11月1日", "2026年11月4日"),
    ],
)
def test_periods_have_names(locale: str, month: str, week: str, day: str) -> None:
    assert period_name(period("2026-10"), locale) == month
    assert period_name(period("2026-W44"), locale) == week
    assert period_name(period("2026-11-04"), locale) == day
    assert [period_name(period(text), locale) for text in ("2026-Q4", "2026")] == ["2026 Q4", "2026"]


def test_fiscal_periods_are_named_by_the_year_in_which_they_end() -> None:
    fiscal = period("FY2027-Q1", Calendar(fiscal_year_start=4))
    assert period_name(fiscal, "en_GB") == "FY2027 Q1"
    assert axis_label(fiscal, "en_GB") == "Q1 ’27"


def test_an_axis_has_short_labels() -> None:
    labels = [axis_label(period(text), "en_GB") for text in ("2026-10", "2026-W44", "2026-Q4", "2026", "2026-11-04")]
    assert labels == ["Oct ’26", "26 Oct", "Q4 ’26", "2026", "4 Nov"]


def test_a_day_of_another_year_says_so() -> None:
    assert short_day(date(2026, 5, 3), "en_GB", date(2026, 11, 4)) == "3 May"
    assert short_day(date(2025, 5, 3), "en_GB", date(2026, 11, 4)) == "3 May 2025"
    assert short_day(date(2025, 5, 3), "en_US", date(2026, 11, 4)) == "May 3, 2025"


def test_a_change_that_rounds_to_zero_has_no_sign() -> None:
    hours = Style("hours", None, 1, "en_GB")
    assert hours.difference(-0.04, "points") == "0.0h"
    assert hours.difference(-0.06, "points") == "−0.1h"
    assert hours.difference(-0.0004, "percent") == "0.0%"
    assert hours.between(9.96, 10.04) == "10.0h"

"""Dates as sources write them, read by declaration and never by guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from kpitui.measurements.findings import has_digit, quoted
from kpitui.periods import Calendar, Grain

FIRST_YEAR, LAST_YEAR = 1900, 2200
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"(?:[T ](?:[01]\d|2[0-3]):?[0-5]\d(?::?[0-5]\d(?:[.,]\d+)?)? ?(?:Z|UTC|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
DECLARED_FORMAT = re.compile(r'date_format = "([^"]+)"')
"""In a hint."""
_DIRECTIVE = re.compile(r"%(.)", re.DOTALL)
_TRIED = 2000
"""Texts with which usual formats are tried, so that a hint takes no time."""
_USUAL_FORMATS = (
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y-%m-%d",  # months and days of one digit, too
    "%Y%m%d",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%b %Y",
    "%B %Y",
    "%m/%Y",
    "%m.%Y",
    "%m-%Y",
    "%Y/%m",
    "%Y.%m",
)


def format_grain(date_format: str) -> Grain | None:
    """The period that a date in this format names, or None where it names none.

    `strptime` fills in what a format leaves out: without a year it is 1900, and a week without a weekday is
    read and then ignored.
    """
    has = set(_DIRECTIVE.findall(date_format.replace("%%", "")))
    if has & {"c", "x"}:
        return Grain.DAY
    if not has & {"Y", "y", "G"}:
        return None
    if has & {"W", "U", "V"}:
        return Grain.DAY if has & {"a", "A", "w", "u"} else None
    if "j" in has or ("d" in has and has & {"m", "b", "B"}):
        return Grain.DAY
    if "d" in has:
        return None
    return Grain.MONTH if has & {"m", "b", "B"} else Grain.YEAR


class Dates(NamedTuple):
    """How a source writes dates, and the calendar in which it counts."""

    date_format: str | None
    grain: Grain
    """Of the period for which one value of the source stands."""
    calendar: Calendar

    def read(self, text: str) -> date | None:
        """The day that the text names; a period's id gives its anchor, the day that stands for it."""
        day = self._as_written(text)
        return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None

    def unit(self, day: date) -> int:
        """The ordinal that stands for the source's period that holds the day (values.Series.days)."""
        return day.toordinal() if self.grain is Grain.DAY else self._anchor(day).toordinal()

    def fault(self, text: str) -> str:
        """Why `read` gave None."""
        if not text:
            return "the date is blank"
        if day := self._as_written(text):
            return f"the year of {quoted(text)} lies outside {FIRST_YEAR} to {LAST_YEAR}: {day.year}"
        if self.date_format is not None:
            return f"{quoted(text)} is not a date of the form {quoted(self.date_format)}"
        if period := self.calendar.parse(text):
            named, own = period.grain.word, self.grain.word
            return f"{quoted(text)} names a {named}, but this source has a value per {own}"
        return f"{quoted(text)} is not a date"

    def cure(self, needed: Sequence[str], others: Sequence[str]) -> str | None:
        """The `date_format` that reads all that is needed but a few, or the two from which a person must choose.

        Where several would do, those that read most of the `others`, the dates of rows that hold no value.
        """
        texts = _sample([text for text in needed if has_digit(text)])
        if not texts:
            return None
        for text in texts if self.date_format is None else []:
            if (period := self.calendar.parse(text)) and FIRST_YEAR <= period.start.year <= LAST_YEAR:
                return f'if there is one value per {period.grain.word}: frequency = "{period.grain.word}ly"'
        able = [usual for usual in _USUAL_FORMATS if format_grain(usual) in (Grain.DAY, self.grain)]
        unread = {usual: sum(not reads_any(text, [usual]) for text in texts) for usual in able}
        least = min(unread.values())
        # Of few dates one may be wrong in itself, of many a tenth.
        if least > max(len(texts) // 10, int(len(texts) > 2)):
            return None
        fitting = [usual for usual in able if unread[usual] == least]
        more = _sample(others)
        reads = {usual: sum(reads_any(text, [usual]) for text in more) for usual in fitting}
        best = [usual for usual in fitting if reads[usual] == max(reads.values())]
        return " or ".join(f'date_format = "{usual}"' for usual in best[:2]) or None

    def _as_written(self, text: str) -> date | None:
        if self.date_format is not None:
            day = _by_format(text, self.date_format)
            return day and (day if format_grain(self.date_format) is Grain.DAY else self._anchor(day))
        if match := _ISO.fullmatch(text):
            try:
                return date.fromisoformat(match[1])
            except ValueError:
                return None
        period = self.calendar.parse(text)
        return self.calendar.anchor(period) if period is not None and period.grain is self.grain else None

    def _anchor(self, day: date) -> date:
        return self.calendar.anchor(self.calendar.period(self.grain, day))


def reads_any(text: str, formats: Sequence[str]) -> bool:
    """Whether one of the formats reads the text as a day of a year that counts."""
    days = (_by_format(text, one) for one in formats)
    return any(day is not None and FIRST_YEAR <= day.year <= LAST_YEAR for day in days)


def _sample(texts: Sequence[str]) -> Sequence[str]:
    """At most `_TRIED` of the texts, from all over the list."""
    return texts[:: len(texts) // _TRIED + 1]


def _by_format(text: str, date_format: str) -> date | None:
    try:
        return datetime.strptime(text, date_format).date()  # noqa: DTZ007 - a date has no time zone
    except ValueError:
        return None

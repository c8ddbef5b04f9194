"""The lines that make an action, `restore 1 h routing @ops fri`, and a cause, `#process leads wait in an inbox`.

`@word` or `@"several words"`, wherever it stands at the beginning of a word, is the owner (of several the
first; the others stay in the title). A date at the end is when it is due. A title that shall end with such
a word is followed by a full stop (`call them on friday.`) or by the date that is meant.

Of a cause, `#word` as the first or the last word is its class, where there is such a class.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from kpitui.periods import WEEKDAYS, add_months
from kpitui.problems import KpituiError
from kpitui.terms import CAUSE_CLASSES, CauseClass

_OWNER = re.compile(r'(?<!\S)@(?:"([^"]*[^"\s][^"]*)"|([^\s",;]+))[,;]?(?!\S)')
_STEP = re.compile(r"\+(\d{1,3})([dwm])")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LIKE_A_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{0,4}\.?")
"""A date in a form that is not understood: better asked back than taken for a part of the title."""
_DAY_NUMBER = re.compile(r"\d{1,2}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


_CLASS = re.compile(rf"^#({'|'.join(CAUSE_CLASSES)})(?!\S)|(?<!\S)#({'|'.join(CAUSE_CLASSES)})$")


class QuickCause(NamedTuple):
    text: str
    cause_class: CauseClass | None


def parse_cause(line: str) -> QuickCause:
    """Text and class."""
    bare = line.strip()
    match = _CLASS.search(bare)
    if match is None:
        return QuickCause(line, None)
    named = match[1] or match[2]
    text = (bare[: match.start()] + bare[match.end() :]).strip()
    return QuickCause(text, next(each for each in CAUSE_CLASSES if each == named))


class QuickAction(NamedTuple):
    title: str
    owner: str | None
    due: date | None


def parse_action(line: str, today: date) -> QuickAction:
    """Title, owner and due date. Raises KpituiError where no title is left, or there is no such date."""
    owner = None
    if match := _OWNER.search(line):
        owner = " ".join((match[1] or match[2]).split())
        line = f"{line[: match.start()]} {line[match.end() :]}"
    words = line.split()
    due = None
    for count in (2, 1):
        if len(words) >= count and (due := _day(" ".join(words[-count:]).lower(), today)):
            del words[-count:]
            break
    if due is None and words and _LIKE_A_DATE.fullmatch(words[-1]):
        raise KpituiError(f"{words[-1]!r} is no day; write fri, tomorrow, +2w, 1 dec or 2026-12-01.")
    if not words:
        raise KpituiError("An action needs a title, such as `restore 1 h routing @ops fri`.")
    return QuickAction(" ".join(words), owner, due)


def parse_due(text: str, today: date) -> date:
    """The day that a due field names, in the same words. Raises KpituiError where it names none."""
    due = _day(" ".join(text.lower().split()), today)
    if due is None:
        raise KpituiError(f"{text!r} is no day; write fri, tomorrow, +2w, 1 dec or 2026-12-01.")
    return due


def parse_keep(line: str, today: date) -> tuple[date, str]:
    """The day at the beginning of a line, and the words after it. Raises KpituiError where it begins with none."""
    words = line.split()
    for count in (2, 1):
        if len(words) >= count and (due := _day(" ".join(words[:count]).lower(), today)):
            return due, " ".join(words[count:])
    raise KpituiError("A new date comes first: fri, tomorrow, +2w, 1 dec or 2026-12-01; then why, if you like.")


def _day(text: str, today: date) -> date | None:
    """The day that one or two lower-case words name; None where they name none."""
    if text in ("today", "tomorrow"):
        return today + timedelta(days=text == "tomorrow")
    for number, name in enumerate(WEEKDAYS):
        if text in (name, name[:3]):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    if step := _STEP.fullmatch(text):
        return _later(today, int(step[1]), step[2])
    if _ISO_DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise KpituiError(f"There is no {text}.") from None
    return _day_of_month(text.split(), today)


def _later(today: date, count: int, unit: str) -> date:
    if unit == "m":
        first = add_months(today, count)
        return first.replace(day=min(today.day, (add_months(first, 1) - timedelta(days=1)).day))
    return today + timedelta(days=count * (7 if unit == "w" else 1))


def _day_of_month(words: list[str], today: date) -> date | None:
    """`1 dec`, `dec 1`: the next such day, today included."""
    day = next((word for word in words if _DAY_NUMBER.fullmatch(word)), None)
    months = [number for word in words for number in range(12) if word in (_MONTHS[number], _MONTH_NAMES[number])]
    if len(words) != 2 or day is None or not months:
        return None
    for year in range(today.year, today.year + 9):  # eight years until the next 29 February, at the most
        try:
            found = date(year, months[0] + 1, int(day))
        except ValueError:
            continue
        if found >= today:
            return found
    raise KpituiError(f"There is no {' '.join(words)}.")

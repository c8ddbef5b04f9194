"""One record as TOML text, laid out for a person who reads the diff.

Written here and not by `tomli_w`, which puts every array on several lines (one line per KPI in `[figures]` is
what a diff should show) and every text without a line break on a single one, however long.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any, TypeVar

import msgspec

from kpitui.printable import printable
from kpitui.records.model import Figures, Record, Review, fields_of, table_of

LONG = 60
"""Characters from which a text gets lines of its own."""
_IN_LINES = frozenset({"text", "whys"})
"""Keys whose values begin on a line of their own, so that a later edit shows in place."""
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH_ID = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_NOT_IN_ONE_LINE = re.compile(r'[\x00-\x1f\x7f"\\]')
_NOT_IN_LINES = re.compile(
    r"""
      [\x00-\x08\x0b-\x1f\x7f\\]                                  # controls but tab and LF; the backslash
    | (?<="")" | "\Z                                              # quotes that would end the string
    | [ \t](?=\n|\Z)                                              # blanks that an editor strips
    | ^(?: <(?=<{6}) | =(?=={6}) | >(?=>{6}) | \|(?=\|{6}) )      # what looks like one of git's conflicts
    """,
    re.VERBOSE | re.MULTILINE,
)
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}"


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def as_stored(struct: _Struct) -> _Struct:
    """The record as a file gives it back: line breaks are LF, half a surrogate pair is `�`, empty is none."""
    values = {}
    for field in fields_of(type(struct)):
        value = getattr(struct, field.name)
        if isinstance(value, str):
            value = _clean(value)
        elif isinstance(value, tuple):
            value = tuple(map(_clean, value))
        values[field.name] = field.default if value == "" and not field.required else value
    return msgspec.structs.replace(struct, **values)


def value_text(value: Any, *, lines: bool = False) -> str:
    """A TOML value; `lines` gives a text lines of its own, and each of several long texts its own line."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
        case list():
            return _array(value, lines=lines)
        case str():
            value = _clean(value)
            return _lines(value) if lines or "\n" in value or len(value) > LONG else _one_line(value)
    raise TypeError(f"no TOML for {type(value).__name__}")


def _one_line(text: str) -> str:
    return f'"{_NOT_IN_ONE_LINE.sub(_escape, _clean(text))}"'


def _lines(text: str) -> str:
    return f'"""\n{_NOT_IN_LINES.sub(_escape, text)}"""'


def _array(values: list[Any], *, lines: bool) -> str:
    parts = [_one_line(value) if isinstance(value, str) else value_text(value) for value in values]
    one_line = f"[{', '.join(parts)}]"
    if not lines or len(one_line) <= LONG:
        return one_line
    return "[\n" + "".join(f"  {part},\n" for part in parts) + "]"


def _moment(at: datetime) -> str:
    """An offset with seconds is written with whole minutes, the moment unchanged: TOML knows no others."""
    offset = at.utcoffset() or timedelta()
    if offset % timedelta(minutes=1):
        at = at.astimezone(timezone(timedelta(minutes=round(offset / timedelta(minutes=1)))))
    return at.isoformat()


def key_text(key: str) -> str:
    """A key, quoted where it has to be."""
    return key if _BARE_KEY.fullmatch(key) else _one_line(key)


def line_text(key: str, value: Any) -> str:
    """`key = value` and a line break."""
    return f"{key_text(key)} = {value_text(value, lines=key in _IN_LINES)}\n"


def comment_line(text: str) -> str:
    """A comment for human readers, on one line whatever it holds; empty where there is nothing to say."""
    text = printable(" ".join(text.split()))
    return f"# {text}\n" if text else ""


def record_block(record: Record, comment: str = "") -> str:
    """The table of one record, `comment` above it."""
    lines = "".join(line_text(key, value) for key, value in table_of(record).items())
    return f"{comment_line(comment)}[{record.table}.{key_text(record.id)}]\n{lines}"


def figures_value(figures: Figures) -> list[Any]:
    """Figures as a TOML array; what is not known is an empty text, for TOML has no null."""
    values = ("" if part is None else part for part in figures)
    return [list(part) if isinstance(part, tuple) else part for part in values]


def figures_block(figures: Mapping[str, Figures]) -> str:
    """The table of what the room saw, one line per KPI."""
    return "[figures]\n" + "".join(line_text(kpi, figures_value(row)) for kpi, row in figures.items())


def new_file(workspace: str, review: Review) -> str:
    """The text of a review file without records."""
    period = review.period
    if month := _MONTH_ID.fullmatch(period):
        period = f"{_MONTHS[int(month[2]) - 1]} {month[1]}"
    heading = " · ".join(part for part in (workspace, period, review.cadence) if part)
    lines = "".join(line_text(key, value) for key, value in table_of(review).items())
    return f"{comment_line(heading)}schema = 1\n\n[review]\n{lines}"

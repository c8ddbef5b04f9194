"""The text of a review file → its records and everything that is wrong with it.

People edit these files, copy them and merge them with git. What is sound opens whatever else is wrong: a
key that is wrong is left out, a table that is wrong is left out, and a file that is no TOML any more is
read table by table. Such a file is not written to until a person has mended it.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple, TypeVar

import msgspec

from kpitui.problems import Problem
from kpitui.records.layout import MAX_DOTS, Block, blocks, statements
from kpitui.records.model import TABLES, Figures, Moment, Record, Review, ReviewFile, TargetRevision, fields_of

MAX_BYTES = 20_000_000
_SCHEMA = 1
_MARKERS = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?\r?$", re.MULTILINE)
_RECORD_HEADER = re.compile(
    rf"^\[(?:(?:{'|'.join(TABLES)})\.[A-Za-z0-9_-]+|review|figures)\][ \t]*(?:#.*)?\r?$", re.MULTILINE
)
_AT_LINE = re.compile(r"at line (\d+)")
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


class _Found(NamedTuple):
    """A table of the file, as far as it could be parsed."""

    table: str
    id: str
    value: Any
    line: int | None
    block: Block
    """Where it stands, or what it stands in."""


class _Reader:
    """Collects what one file holds."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.read_only: str | None = None

    def problem(self, message: str, line: int | None = None, key: str | None = None, hint: str | None = None) -> None:
        self.problems.append(Problem(self.path, message, line=line, key=key, hint=hint))

    def refuse(self, reason: str) -> None:
        """Nothing may be written to the file; the first reason is the one that is told."""
        self.read_only = self.read_only or reason


def decode(data: bytes) -> str:
    """The text of a file, without a byte order mark. Raises UnicodeDecodeError."""
    return data.decode("utf-8-sig")


def read(path: str, data: bytes) -> ReviewFile:
    """What the bytes of a review file hold; `path`, relative to the workspace, is named in problems."""
    reader = _Reader(path)
    if len(data) > MAX_BYTES:
        return _unreadable(reader, f"larger than {MAX_BYTES // 1_000_000} MB", "no review is; is it another file?")
    try:
        text = decode(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _unreadable(reader, "not UTF-8", "save the file with the encoding UTF-8", line)
    return read_text(path, text)


def _unreadable(reader: _Reader, what: str, hint: str, line: int | None = None) -> ReviewFile:
    reader.problem(f"the file is {what}", line=line, hint=hint)
    return ReviewFile(reader.path, None, problems=tuple(reader.problems), read_only=f"it is {what}")


def read_text(path: str, text: str, document: dict[str, Any] | None = None) -> ReviewFile:
    """`read`, of text; `document` is what `tomllib` makes of it, where the caller has that already."""
    reader = _Reader(path)
    return _file(reader, _tables(reader, text, document))


def _tables(reader: _Reader, text: str, document: dict[str, Any] | None) -> list[_Found]:
    """All tables of the file in order; of a damaged one those that parse on their own."""
    if line := _crowded_line(text):
        reader.problem(f"more than {MAX_DOTS} dots in one key", line=line)
        reader.refuse("it has a key that cannot be read")
        return []
    if line := _conflict_line(text):
        reader.problem(
            "the file has conflict markers of git (`<<<<<<<`, `=======`, `>>>>>>>`)",
            line=line,
            hint="keep the blocks of both sides, delete the marker lines, and save",
        )
        reader.refuse("git left conflict markers in it; keep the blocks of both sides, delete the marker lines")
        return _damaged(reader, _MARKERS.sub("", text), told=True)
    try:
        document = document or tomllib.loads(text)
    except (ValueError, RecursionError):
        return _damaged(reader, text)
    return list(_sound(document, blocks(text)))


def _crowded_line(text: str) -> int | None:
    """The line of the first statement that has more dots than `tomllib` can take."""
    if all(line.count(".") <= MAX_DOTS for line in text.split("\n")):
        return None
    return next((part.line for part in statements(text) if part.dots > MAX_DOTS), None)


def may_stand_alone(text: str) -> bool:
    """Whether a text that is TOML has nothing that would keep a file from being read, whatever else is in it."""
    return _MARKERS.search(text) is None and _crowded_line(text) is None


def _conflict_line(text: str) -> int | None:
    """The line of the first conflict marker, where all three kinds are there."""
    markers = list(_MARKERS.finditer(text))
    if not {marker[0][0] for marker in markers} >= {"<", "=", ">"}:
        return None
    return text.count("\n", 0, markers[0].start()) + 1


def _sound(document: dict[str, Any], parts: Sequence[Block]) -> Iterator[_Found]:
    places = {part.path: part for part in parts}
    for name, value in document.items():
        above = next((part for part in parts if part.path[:1] == (name,)), parts[0])
        # [[note]] is no table of ours, but what stands below it may well be.
        tables = value if isinstance(value, list) else [value]
        if name in TABLES and all(isinstance(table, dict) for table in tables):
            for table in tables:
                for record_id, record in table.items():
                    own = places.get((name, record_id))
                    line = own.header.line if own and own.header else _line_of_key(above, record_id)
                    yield _Found(name, record_id, record, line, own or above)
        else:
            yield _Found(name, "", value, _line_of_key(above, name), above)


def _damaged(reader: _Reader, text: str, *, told: bool = False) -> list[_Found]:
    """Cut at every line that looks like one of our headers, so that a slip costs a table and not the file."""
    starts = [0, *(match.start() for match in _RECORD_HEADER.finditer(text))]
    found: list[_Found] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line = text.count("\n", 0, start) + 1
        try:
            document = tomllib.loads(text[start:end])
        except (ValueError, RecursionError) as error:
            what, at = _toml_sentence(error)
            reader.problem(
                f"this is no TOML: {what}",
                line=line + at - 1,
                hint="the rest of the file was read; nothing is written to it until this is mended",
            )
            told = True
            continue
        found += _sound(document, blocks(text[start:end], line))
    if not told:
        names = [(part.table, part.id) for part in found]
        again = next((part for at, part in enumerate(found) if names[at] in names[:at]), None)
        reader.problem(
            "a table stands twice in the file",
            line=again and again.line,
            key=again and ".".join(filter(None, (again.table, again.id))),
            hint="delete the second one, or give it another id",
        )
    reader.refuse("it is no TOML any more: `kpitui check` tells where")
    return found


def _toml_sentence(error: ValueError | RecursionError) -> tuple[str, int]:
    """What `tomllib` found and in which line of what it was given."""
    if isinstance(error, RecursionError):
        return "too many brackets inside each other", 1
    text = str(error)
    match = _AT_LINE.search(text)
    sentence = text.partition(" (at ")[0]
    return sentence[:1].lower() + sentence[1:], int(match[1]) if match else 1


def _line_of_key(block: Block, key: str) -> int | None:
    """The line of a key in its table, else that of the table's header."""
    header = block.header.line if block.header else None
    return next((part.line for part in block.body if part.key == key), header)


def _file(reader: _Reader, found: list[_Found]) -> ReviewFile:
    review: Review | None = None
    figures: dict[str, Figures] = {}
    records: dict[tuple[str, Record], Record] = {}
    lines: dict[str, int] = {}
    for part in sorted(found, key=lambda part: part.line or 0):
        match part.table:
            case "schema":
                if part.value != _SCHEMA:
                    reader.problem(
                        f"schema is {part.value!r}, this kpitui knows {_SCHEMA}",
                        line=part.line,
                        key="schema",
                        hint="a newer kpitui may have written the file: update",
                    )
                    reader.refuse("a newer kpitui may have written it")
            case "review":
                review = _struct(reader, Review, part, "review", part.value)
            case "figures":
                figures.update(_figures(reader, part))
            case table if table in TABLES and part.id:
                record = _record(reader, part)
                if record is None:
                    continue
                if record.id in lines and (record.id, record) not in records:
                    reader.problem("the id stands twice, with different content", line=part.line, key=record.id)
                records.setdefault((record.id, record), record)
                lines.setdefault(record.id, part.line or 1)
            case unknown:
                what = "key" if not isinstance(part.value, dict) else "table"
                reader.problem(
                    f"unknown {what} `{unknown}`",
                    line=part.line,
                    hint=_did_you_mean(unknown, [*TABLES, "review", "figures", "schema"]),
                )
    if review is None:
        if not any(part.table == "review" for part in found):
            reader.problem(
                "the file has no [review]", hint='[review] with id, cadence, period, state = "open", started'
            )
        reader.refuse("its [review] cannot be read")
    return ReviewFile(
        reader.path, review, tuple(records.values()), lines, figures, tuple(reader.problems), reader.read_only
    )


def _record(reader: _Reader, part: _Found) -> Record | None:
    kind = TABLES[part.table]
    record = _struct(reader, kind, part, f"{part.table}.{part.id}", part.value)
    if isinstance(record, TargetRevision) and record.value is None and (record.low is None or record.high is None):
        reader.problem("a target needs `value`, or `low` and `high`", line=part.line, key=f"{part.table}.{part.id}")
        return None
    return record


def read_record(table: str, record_id: str, value: Any) -> Record | None:
    """The record that a table of a file holds; None where something is wrong with it that it cannot do without."""
    return _record(_Reader(""), _Found(table, record_id, value, None, Block((), (), None, ())))


def _struct(reader: _Reader, kind: type[_Struct], part: _Found, name: str, value: Any) -> _Struct | None:
    """The struct that a table holds, without the keys that are wrong; None where one that is needed is."""
    if not isinstance(value, dict):
        hint = "write [review]" if kind is Review else f"a {part.table} has an id: [{part.table}.{part.table[0]}-2b3c]"
        reader.problem(f"`{name}` is no table", line=part.line, hint=hint)
        return None
    given = value if kind is Review else {**value, "id": part.id}
    if kind is Review or "id" not in value:
        try:
            struct = msgspec.convert(given, kind)
        except msgspec.ValidationError:
            pass
        else:
            if not any(isinstance(v, float) and not math.isfinite(v) for v in value.values()):
                return struct
    return _struct_by_key(reader, kind, part, name, given)


def _struct_by_key(
    reader: _Reader, kind: type[_Struct], part: _Found, name: str, given: dict[str, Any]
) -> _Struct | None:
    fields = {field.encode_name: field for field in fields_of(kind)}
    sound: dict[str, Any] = {}
    if kind is not Review and "id" in part.value:
        reader.problem(
            "unknown key `id`",
            line=_line_of_key(part.block, "id"),
            key=f"{name}.id",
            hint="it is in the header",
        )
    for key, value in given.items():
        place: dict[str, Any] = {"line": _line_of_key(part.block, key) or part.line, "key": f"{name}.{key}"}
        if key not in fields:
            reader.problem(f"unknown key `{key}`", hint=_did_you_mean(key, list(fields)), **place)
            continue
        try:
            if fields[key].type in (Moment, Moment | None):
                value = _with_offset(reader, value, place)
            sound[key] = msgspec.convert(value, fields[key].type)
            if isinstance(sound[key], float) and not math.isfinite(sound[key]):
                del sound[key]
                reader.problem("not a number that can be reckoned with", **place)
        except msgspec.ValidationError as error:
            message = str(error)
            reader.problem(message[:1].lower() + message[1:].removesuffix(" - at `$`"), **place)
    missing = [key for key, field in fields.items() if field.required and key not in sound]
    for key in missing:
        if key not in given:
            reader.problem(f"`{key}` is missing", line=part.line, key=name)
    return None if missing else msgspec.convert(sound, kind)


def _with_offset(reader: _Reader, value: Any, place: Mapping[str, Any]) -> Any:
    """A moment written without its offset is read as UTC: better an hour off than not there."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, datetime) and value.tzinfo is None:
        reader.problem("a time without an offset is read as UTC", hint="such as 2026-11-04T09:12:00+01:00", **place)
        return value.replace(tzinfo=UTC)
    return value


def _figures(reader: _Reader, part: _Found) -> Iterator[tuple[str, Figures]]:
    if not isinstance(part.value, dict):
        reader.problem("`figures` is a table", line=part.line)
        return
    for kpi, row in part.value.items():
        figures = _figures_row(row)
        if figures is None:
            reader.problem(
                "figures are [actual, target, status, signal, definition's hash]",
                line=_line_of_key(part.block, kpi) or part.line,
                key=f"figures.{kpi}",
            )
        else:
            yield kpi, figures


def _figures_row(row: Any) -> Figures | None:
    match row:
        case [actual, target, str(status), str(signal), str(fingerprint)]:
            match target:
                case [low, high] if _is_number(low) and _is_number(high):
                    target = (float(low), float(high))
                case "":
                    target = None
                case _ if _is_number(target):
                    target = float(target)
                case _:
                    return None
            if actual == "" or _is_number(actual):
                return Figures(None if actual == "" else float(actual), target, status, signal, fingerprint)
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _did_you_mean(word: str, known: list[str]) -> str | None:
    import difflib

    close = difflib.get_close_matches(word, [name for name in known if name != word], n=1)
    return f"did you mean `{close[0]}`?" if close else None

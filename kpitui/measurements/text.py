"""From a file's bytes to a text of lines, or to the reason why it is not what it says it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from kpitui.problems import Problem

_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8",
}
_OTHER_KINDS = {
    b"\x1f\x8b": ("a gzip file", "name it .csv.gz"),
    b"PK\x03\x04": ("a ZIP archive or a spreadsheet", "export it as CSV"),
}
"""By the bytes with which they begin: what it is, and what to do."""
_LOOKED_AT = 200
"""Bytes."""
_MARKED = ("utf-8-sig", "utf-16", "utf-32")
"""Codecs that look for such a mark themselves."""
_WIDE = ("utf-16", "utf-32")
"""Encodings in which line ends and separators hold a NUL byte."""
_C1_BYTES = re.compile(rb"[\x80-\x9f]")
_JSON = re.compile(r'\{|\[\s*[\[{"\d\]-]')
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)


def decode(file: str, raw: bytes, encoding: str) -> str | Problem:
    """The text with `\\n` for every line end and no byte order mark, or why the file cannot be trusted.

    Carriage returns count as line ends wherever they stand, as in editors, so that line numbers agree.
    """
    codec = codecs.lookup(encoding).name
    if not raw.strip():
        return Problem(file, "the file is empty")
    for mark, family in _BYTE_ORDER_MARKS.items():
        if raw.startswith(mark):
            if not codec.startswith(family):
                message = f"the file begins with the mark of {family.upper()}, but is declared as {encoding}"
                return Problem(file, message, hint=f'encoding = "{family}"')
            break
    if kind := _OTHER_KINDS.get(raw[:4]) or _OTHER_KINDS.get(raw[:2]):
        return Problem(file, f"this is {kind[0]}, not CSV", hint=kind[1])
    if codec == "utf-8" and (wide := _without_mark(raw)):
        return Problem(file, "this is UTF-16 without a byte order mark", hint=f'encoding = "{wide}"')
    if _is_narrow(raw, codec):
        if as_utf8(raw, "utf-8") is not None:
            return Problem(file, f"this is UTF-8, but is declared as {encoding}", hint='encoding = "utf-8"')
        return Problem(file, f"this is not {encoding}", hint=f'encoding = "{_western(raw)}"')
    text = decode_more(file, raw, "utf-8-sig" if codec == "utf-8" else encoding)
    return text if isinstance(text, Problem) else _not_csv(file, text) or text


def _without_mark(raw: bytes) -> str | None:
    """The kind of UTF-16 in which a table begins whose characters are mostly ASCII; None where it is not."""
    start = raw[:_LOOKED_AT]
    zeros = start[::2].count(0), start[1::2].count(0)
    if min(zeros) > 0 or max(zeros) * 2 < len(start) * 0.8:
        return None
    return "utf-16-be" if zeros[0] else "utf-16-le"


def _is_narrow(raw: bytes, codec: str) -> bool:
    """Whether the beginning of a table cannot be in this encoding, which is a wide one."""
    return codec.startswith(_WIDE) and b"\0" not in raw


def decode_more(file: str, raw: bytes, encoding: str) -> str | Problem:
    """The same for what does not begin the file; places count from here."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        return _undecodable(file, raw, encoding.removesuffix("-sig"), error)
    except UnicodeError:
        return Problem(file, f"the file is not {encoding}")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.rstrip("\x1a")  # DOS ends a file with it
    return _not_text(file, text) or text


def lines_are_bytes(encoding: str) -> bool:
    """Whether a line feed is that byte and no part of another character, as in UTF-8."""
    codec = codecs.lookup(encoding).name
    return codec in ("utf-8", "ascii") or codec.startswith(("iso8859", "cp125"))


def recoded(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The pieces of a text in UTF-8. Raises UnicodeError, also where its beginning is of another encoding."""
    codec = codecs.lookup(encoding).name
    decoder = codecs.getincrementaldecoder(encoding)()
    begins = True
    for piece in pieces:
        if begins and any(map(piece.startswith, _BYTE_ORDER_MARKS)) and codec not in _MARKED:
            raise UnicodeError
        if begins and _is_narrow(piece, codec):
            raise UnicodeError
        begins = False
        yield decoder.decode(piece).encode()
    yield decoder.decode(b"", final=True).encode()


def line_ends(raw: bytes) -> int:
    """How many lines end in bytes of which no line end is cut in two."""
    return raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")


def as_utf8(raw: bytes, encoding: str) -> bytes | None:
    """The bytes of the same text in UTF-8, None where it is not in this encoding."""
    if raw.isascii():
        return raw
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    return raw if codecs.lookup(encoding).name == "utf-8" else text.encode()


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character, both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _undecodable(file: str, raw: bytes, encoding: str, error: UnicodeDecodeError) -> Problem:
    before = raw[: error.start].decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    line, column = place(before, len(before))
    if codecs.lookup(encoding).name.startswith(_WIDE):
        if error.end == len(raw):
            return Problem(file, "the file ends in the middle of a character: it was cut off on its way", line, column)
        return Problem(file, f"the bytes {raw[error.start : error.end].hex(' ')} are not {encoding}", line, column)
    byte = raw[error.start]
    hint = f'encoding = "{_western(raw)}"'
    return Problem(file, f"the byte {byte:02x} is not {encoding}", line, column, hint=hint)


def _western(raw: bytes) -> str:
    """The likely encoding: such files hold either no byte from 80 to 9f, or Windows' own characters there."""
    return "cp1252" if _C1_BYTES.search(raw) and as_utf8(raw, "cp1252") is not None else "latin-1"


def _not_csv(file: str, text: str) -> Problem | None:
    start = text.lstrip()
    if not start:
        return Problem(file, "the file is empty")
    if start.startswith("<") and not start.startswith("<<"):
        return Problem(
            file,
            "this is a web page or XML, not CSV",
            1,
            hint="an export that needed a login saves its login page",
        )
    if _JSON.match(start):
        return Problem(file, "this is JSON, not CSV", 1)
    return None


def _not_text(file: str, text: str) -> Problem | None:
    if (offset := text.find("\0")) >= 0:
        return Problem(
            file,
            "the file holds NUL bytes: it is not a text file, or not in this encoding",
            *place(text, offset),
        )
    if (offset := text.find("\x1a")) >= 0:
        return Problem(file, "the file holds an end-of-file mark (Ctrl-Z) before its end", *place(text, offset))
    # Looking for the plain text first costs nothing on a large file; the pattern does.
    if ("<<<<<<<" in text or ">>>>>>>" in text) and (conflict := _CONFLICT.search(text)):
        return Problem(file, "the file holds the marks of a merge conflict", *place(text, conflict.start()))
    return None

"""One go at a source's files: all together where they are small, part by part where one is large."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from kpitui.measurements import chunks, parquet
from kpitui.measurements.contents import ChangedError, Prefix, UnreadableError, pieces
from kpitui.measurements.findings import Findings
from kpitui.measurements.intake import Head, Table, intake, is_stray
from kpitui.measurements.plain import Plain, plain, unquoted
from kpitui.measurements.progress import at
from kpitui.measurements.reading import Reading
from kpitui.measurements.text import as_utf8, decode, decode_more, line_ends, lines_are_bytes, recoded
from kpitui.measurements.values import Ending
from kpitui.problems import Problem

_PACKED = 8
"""How many times its size a packed file is taken to hold."""


class WholeError(Exception):
    """Parts do not tell enough: all has to be read from its beginning, and in one go where quotes are the cause."""


class Form(NamedTuple):
    """A file and how it is to be cut; what two sources share if all of it is the same."""

    file: str
    encoding: str
    delimiter: str

    @property
    def is_parquet(self) -> bool:
        return self.file.lower().endswith(".parquet")

    @property
    def is_packed(self) -> bool:
        return self.file.lower().endswith((".gz", ".parquet"))

    @property
    def lines_are_bytes(self) -> bool:
        """Whether its lines can be told apart before it is decoded."""
        return lines_are_bytes(self.encoding)

    def size(self, root: Path) -> int:
        """What the file comes to, in bytes, roughly where it is packed."""
        try:
            if self.is_parquet:
                return parquet.size(root / self.file)
            return (root / self.file).stat().st_size * (_PACKED if self.is_packed else 1)
        except OSError:
            return 0  # what is wrong will be told when it is opened


class Start(NamedTuple):
    """Where the reading of a file goes on that was read before it grew."""

    prefix: Prefix
    head: Head


class Job(NamedTuple):
    """One go at a source's files."""

    reading: Reading
    root: Path
    forms: list[Form]
    take_whole: Callable[[Form], Table | Problem]
    findings: Findings
    last_try: bool = False

    def wants_parts(self) -> bool:
        source = self.reading.source
        return (
            any(form.size(self.root) > chunks.LARGE for form in self.forms)
            and source.recorded is None  # which of a row's records is the latest is known when all have been seen
        )

    def at_once(self) -> None:
        """Read all files, then look at them together."""
        found: list[Table] = []
        for form in self.forms:
            if form.is_parquet:
                with self._telling():
                    found += parquet.tables(self.root, form.file, self.reading.needs.columns)
                continue
            table = self.take_whole(form)
            if isinstance(table, Problem):
                self._tell(table)
            else:
                found.append(table)
        self.reading.take(found)

    def in_parts(self) -> Ending | None:
        """Read the files one after the other, a part at a time; how the last one ended, if it may go on from there."""
        ends: list[Head | None] = []
        for index, form in enumerate(self.forms):
            with self._telling():
                ends.append(self._take_parquet(index, form) if form.is_parquet else self._take_parts(index, form))
        self._look_for_duplicates()
        may_grow = len(ends) == len(self.forms) and None not in ends
        return self.reading.ending(ends[-1]) if may_grow and ends[-1] is not None else None

    def go_on(self, start: Start) -> Ending | None:
        """Read what was added to the last file since `start`. Raises UnreadableError and WholeError.

        Values that may be there twice are told of all rows together, so that they need the whole.
        """
        index = len(self.forms) - 1
        end = self._take_rest(index, self.forms[index], self._cut(self.forms[index], start.prefix), start.head, 0)
        if self.reading.duplicates.places():
            raise WholeError
        return self.reading.ending(end) if end is not None else None

    def _take_parts(self, index: int, form: Form) -> Head | None:
        """Take the file; where its next line would stand, None if it does not end with a line or is packed."""
        cut = self._cut(form)
        first = next(cut, None)
        if first is None:
            raise UnreadableError(Problem(form.file, "the file is empty"))
        table = self._table(form, first.raw, None)
        if not self.reading.begins(table):
            return None
        self.reading.take_part(table, (index, 0))
        head = Head(table.names, 1 + line_ends(first.raw))
        end = self._take_rest(index, form, cut, head, 1, first.raw)
        if not self.reading.has_rows(index):
            self.reading.has_no_rows(form.file, table.header_line)
        return end

    def _take_rest(
        self, index: int, form: Form, cut: Iterator[chunks.Chunk], head: Head, number: int, last: bytes = b"\n"
    ) -> Head | None:
        """Take what follows the part that ended with `last`, beginning at `head`."""
        for place, (chunk, part) in enumerate(chunks.ahead(cut, partial(self._plain, form, head.names)), number):
            last = chunk.raw[-1:]
            if part is not None and self.reading.take_plain(part, (index, place)):
                head = head._replace(line=head.line + len(part.rows))
            else:
                self.reading.take_part(self._table(form, chunk.raw, head), (index, place))
                head = head._replace(line=head.line + line_ends(chunk.raw))
        may_grow = last.endswith(b"\n") and not form.is_packed and form.lines_are_bytes
        return head if may_grow else None

    def _take_parquet(self, index: int, form: Form) -> None:
        for number, table in enumerate(parquet.tables(self.root, form.file, self.reading.needs.columns)):
            if number == 0:
                if table.is_empty:
                    self.reading.has_no_rows(form.file, None)
                if not self.reading.begins(table):
                    return
            self.reading.take_part(table, (index, number))

    def _look_for_duplicates(self) -> None:
        """Look again at parts with values that may be there twice."""
        places = self.reading.duplicates.places()
        for index, form in enumerate(self.forms):
            numbers = {number for file_index, number in places if file_index == index}
            if numbers:
                with self._telling():
                    self._look_again(index, form, numbers)
        self.reading.duplicates.report([form.file for form in self.forms])

    def _look_again(self, index: int, form: Form, numbers: set[int]) -> None:
        if form.is_parquet:
            for number, table in enumerate(
                parquet.tables(self.root, form.file, self.reading.needs.columns, again=True)
            ):
                if number in numbers:
                    self.reading.look_again(table, (index, number))
            return
        head: Head | None = None
        for number, chunk in enumerate(self._cut(form, again=True)):
            if head is None or number in numbers:
                table = self._table(form, chunk.raw, head)
                if number in numbers:
                    self.reading.look_again(table, (index, number))
                head = head or Head(table.names, 1)
            head = head._replace(line=head.line + line_ends(chunk.raw))

    def _cut(self, form: Form, after: Prefix | None = None, *, again: bool = False) -> Iterator[chunks.Chunk]:
        """The file in chunks of UTF-8, or of an encoding with the same line feeds, telling how far it is."""
        found = self._pieces(form, after, again=again)
        if not form.lines_are_bytes:
            found = recoded(found, form.encoding)
        try:
            yield from chunks.chunks(found, goes_on=after is not None)
        except UnicodeError as error:
            raise WholeError from error

    def _pieces(self, form: Form, after: Prefix | None, *, again: bool) -> Iterator[bytes]:
        done, size = after.size if after else 0, form.size(self.root)
        for piece in pieces(self.root, form.file, chunks.SIZE, after):
            at(form.file, min(1, done / max(size, 1)), again=again)
            done += len(piece)
            yield piece

    def _plain(self, form: Form, names: Sequence[str], chunk: chunks.Chunk) -> Plain | None:
        """The rows of a chunk in which nothing is doubtful. Called from several threads."""
        bare = unquoted(chunk.raw, form.delimiter) if chunk.plain else None
        raw = bare and as_utf8(bare, form.encoding if form.lines_are_bytes else "utf-8")
        return plain(raw, names, self.reading.needs, form.delimiter, self.reading.numbers.grammar) if raw else None

    def _table(self, form: Form, raw: bytes, head: Head | None) -> Table:
        """Of a part of the file. Raises UnreadableError, and WholeError where quotes leave its end open."""
        encoding = form.encoding if form.lines_are_bytes else "utf-8"
        text = (decode if head is None else decode_more)(form.file, raw, encoding)
        before = head.line - 1 if head else 0
        if isinstance(text, Problem):
            raise UnreadableError(text._replace(line=text.line and text.line + before))
        table = intake(form.file, text, form.delimiter, self.reading.needs.columns, head)
        if isinstance(table, Problem):
            if b'"' in raw:
                raise WholeError
            raise UnreadableError(table)
        if any(map(is_stray, table.damaged)) or "\n" in "".join(table.names):
            raise WholeError
        return table

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except UnreadableError as error:
            if isinstance(error, ChangedError) and not self.last_try:
                raise
            self._tell(error.problem)

    def _tell(self, problem: Problem) -> None:
        self.findings.add("files", problem)
        self.reading.spoil(problem)

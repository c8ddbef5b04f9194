"""The review files of a workspace on disk: read all of them, add a record, change one, and lose nothing.

A write takes the file's lock, reads what is on disk by then, splices into that text, reads the outcome back
and compares, and only then puts it in the file's place. Whoever else wrote in the meantime keeps every
word.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from kpitui.places import REVIEWS_FOLDER
from kpitui.problems import KpituiError, Problem
from kpitui.records import emit, safe, splice
from kpitui.records.ids import derived_id, new_id
from kpitui.records.merge import another_version, merge_values
from kpitui.records.model import Figures, Record, Records, Review, ReviewFile, ReviewState, table_of
from kpitui.records.read import MAX_BYTES, decode, read, read_text

_ATTEMPTS = 5
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Saved(NamedTuple):
    """Where a record is on disk."""

    path: str
    """Relative to the workspace, with forward slashes."""
    line: int
    """Where its table begins, with the comment above it."""
    record: Record
    """As the file holds it, with its id."""
    conflict: Record | None = None
    """Somebody else's version of the record, which keeps its id; `record` has a new one then."""

    @property
    def id(self) -> str:
        return self.record.id


class _Edit(NamedTuple):
    """A new text of a file, and what it must give when it is read: path of a table → its values."""

    text: str
    tables: Mapping[tuple[str, ...], Mapping[str, Any]]
    line: int = 1
    """Where the record's table begins."""
    record: Record | None = None
    conflict: Record | None = None


class RecordStore:
    """The files under `<root>/reviews/`. Other programs may write there at the same time."""

    def __init__(self, root: Path, name: str = "") -> None:
        """`name`, the workspace's, heads new files."""
        self._root = root.resolve()
        self._name = name
        self._ids: set[str] | None = None
        """Of all files, when they were last loaded, and of what was added since."""
        self._paths: dict[str, str] = {}
        """Review id → its file, where the file has another name."""

    def load(self) -> tuple[Records, list[Problem]]:
        """All review files, and everything that is wrong with them."""
        try:
            paths = sorted((self._root / REVIEWS_FOLDER).iterdir())
        except FileNotFoundError:
            paths = []
        except OSError as error:
            return Records(), [Problem(REVIEWS_FOLDER, f"the folder cannot be read: {error.strerror}")]
        files = tuple(
            self._read(path) for path in paths if path.name.endswith(".toml") and not path.name.startswith(".")
        )
        records = Records(files)
        self._ids = records.ids
        problems = [problem for file in files for problem in file.problems]
        self._paths = {}
        for file in files:
            first = self._paths.setdefault(file.review_id, file.path)
            if first != file.path:
                hint = f"{first} has it too; delete one of them, or give it another id"
                problems.append(Problem(file.path, f"the id {file.review_id} stands in two files", hint=hint))
        return records, problems

    def add(self, review: Review, record: Record, comment: str = "") -> Saved:
        """Writes a record into the review's file, which is made where there is none.

        The record gets an id where it has none, or one that is taken. Adding again what is already there,
        as after a failure, writes nothing. `comment` stands above the record for people. Raises
        KpituiError, a sentence for the person who wrote the record, where it could not be written; the file
        is then as it was.
        """
        record = emit.as_stored(record)
        _check_complete(record)
        known = self._known_ids()

        def edit(text: str, file: ReviewFile) -> _Edit:
            if there := _find_same(file, record):
                return _Edit(text, {}, file.lines[there.id], there)
            taken = known | file.lines.keys()
            own_id = record.id if record.id and record.id not in taken else new_id(record.table, taken)
            return _with_added(text, msgspec.structs.replace(record, id=own_id), comment)

        return self._write_record(review, edit)

    def add_all(self, review: Review, records: Sequence[tuple[Record, str]]) -> list[Saved]:
        """`add` of several records with their comments in one write: all of them are in the file, or none is."""
        stored = [(emit.as_stored(record), comment) for record, comment in records]
        for record, _ in stored:
            _check_complete(record)
        known = self._known_ids()
        placed: list[tuple[int, Record]] = []

        def edit(text: str, file: ReviewFile) -> _Edit:
            placed.clear()
            tables: dict[tuple[str, ...], Mapping[str, Any]] = {}
            taken = known | file.lines.keys()
            for record, comment in stored:
                if there := _find_same(file, record):
                    placed.append((file.lines[there.id], there))
                    continue
                own_id = new_id(record.table, taken)
                taken.add(own_id)
                added = _with_added(text, msgspec.structs.replace(record, id=own_id), comment)
                text = added.text
                tables.update(added.tables)
                placed.append((added.line, msgspec.structs.replace(record, id=own_id)))
            return _Edit(text, tables)

        shown, _ = self._write(review, edit)
        known.update(record.id for _, record in placed)
        return [Saved(shown, line, record) for line, record in placed]

    def change(self, review: Review, before: Record, after: Record) -> Saved:
        """Writes a record's new values over those that the caller had read, `before`.

        What somebody else changed in it meanwhile stays, unless both changed the same key: then their
        version keeps the id, `after` is added under a new one, and `Saved.conflict` is theirs. A record
        that was deleted in the file meanwhile is added again. Raises KpituiError as `add` does.
        """
        after = emit.as_stored(after)
        _check_complete(after)
        known = self._known_ids()
        path = (after.table, after.id)

        def edit(text: str, file: ReviewFile) -> _Edit:
            theirs = next((r for r in file.records if r.id == after.id and r.table == after.table), None)
            if theirs is None:
                return _with_added(text, after, "")
            on_disk = splice.own_values(text, path)
            merged, clashes = merge_values(table_of(before), table_of(after), on_disk)
            if clashes:
                own_id = derived_id(after.table, emit.record_block(after), known | file.lines.keys())
                own = msgspec.structs.replace(after, id=own_id)
                return _with_added(text, own, another_version(after.id))._replace(conflict=theirs)
            order = dict.fromkeys((*after.__struct_encode_fields__, *merged))
            new_text, line = splice.change_table(text, path, {key: merged[key] for key in order if key in merged})
            changed = next(r for r in read_text(file.path, new_text).records if r.id == after.id)
            return _Edit(new_text, {path: merged}, line, changed)

        return self._write_record(review, edit)

    def start(self, review: Review, figures: Mapping[str, Figures]) -> None:
        """Makes the review's file where there is none, and freezes what the room sees where nothing is yet.

        With the figures goes the moment, `review.started`: a note may have made the file weeks before. A chair
        and attendees are written where the review names them. Raises KpituiError as `add` does.
        """
        review = emit.as_stored(review)

        def edit(text: str, file: ReviewFile) -> _Edit:
            people = {key: value for key, value in table_of(review).items() if key in ("chair", "attendees")}
            freezes = figures and not file.figures
            begun = {"started": review.started} if freezes else {}
            values = {**splice.own_values(text, ("review",)), **begun, **people}
            tables: dict[tuple[str, ...], Mapping[str, Any]] = {("review",): values}
            text = splice.change_table(text, ("review",), values)[0]
            if freezes:
                text = splice.set_figures(text, figures)
                tables["figures",] = {kpi: emit.figures_value(row) for kpi, row in figures.items()}
            return _Edit(text, tables)

        self._write(review, edit)

    def set_state(self, review: Review, state: ReviewState) -> None:
        """Signs a review off, or opens it again, which is possible until the next of its cadence starts."""
        records, _ = self.load()
        if state == "open" and (later := later_review(review, records.begun)):
            raise KpituiError(
                f"{review.id} stays signed off, for {later.id} has started; write there what comes to mind."
            )

        def edit(text: str, file: ReviewFile) -> _Edit:
            values = {**splice.own_values(text, ("review",)), "state": state}
            return _Edit(splice.change_table(text, ("review",), values)[0], {("review",): values})

        self._write(review, edit, signed_off_too=True)

    def _write_record(self, review: Review, edit: Callable[[str, ReviewFile], _Edit]) -> Saved:
        shown, edited = self._write(review, edit)
        if edited.record is None:
            raise TypeError("an edit of a record gives the record")
        self._known_ids().add(edited.record.id)
        return Saved(shown, edited.line, edited.record, edited.conflict)

    def _known_ids(self) -> set[str]:
        if self._ids is None:
            self.load()
        return self._ids if self._ids is not None else set()

    def _read(self, path: Path) -> ReviewFile:
        shown = path.relative_to(self._root).as_posix()
        try:
            return read(shown, self._bytes(path))
        except KpituiError as error:
            message = str(error)
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
        return ReviewFile(shown, None, problems=(Problem(shown, message),), read_only="it cannot be read")

    def _bytes(self, path: Path) -> bytes:
        """What the file holds; one byte more than may be read where it is too large."""
        real = self._real(path)
        # O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
        descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise KpituiError("this is no regular file")
            return file.read(MAX_BYTES + 1)

    def _real(self, path: Path) -> Path:
        """Where the path leads, symlinks followed; inside the workspace."""
        try:
            real = path.resolve()
        except (OSError, RuntimeError) as error:
            raise KpituiError("the link leads in a circle") from error
        if not real.is_relative_to(self._root):
            raise KpituiError("the link leads out of the workspace; put the file itself there")
        return real

    def _path(self, review: Review) -> Path:
        path = self._root / REVIEWS_FOLDER / f"{review.id}.toml"
        if not path.exists() and review.id in self._paths:
            return self._root / self._paths[review.id]
        if not _FILE_NAME.fullmatch(review.id):
            raise KpituiError(f"{review.id!r} cannot name a file; a review's id is such as 2026-10-monthly.")
        return path

    def _write(
        self, review: Review, edit: Callable[[str, ReviewFile], _Edit], *, signed_off_too: bool = False
    ) -> tuple[str, _Edit]:
        """Applies the edit to what is on disk by now, under the lock."""
        path = self._path(review)
        shown = path.relative_to(self._root).as_posix()
        try:
            self._real(path.parent).mkdir(exist_ok=True)
            real = self._real(path)
        except OSError as error:
            raise safe.not_written(shown, error) from error
        except KpituiError as error:
            raise KpituiError(f"{shown} was not written: {error}.") from error
        with safe.locked(real, shown):
            # An editor takes no lock: where it saves between our reading and our writing, ours is done again.
            for _ in range(_ATTEMPTS):
                data = self._bytes_or_none(real, shown)
                file, text = self._open(shown, data, review)
                if file.review and file.review.state == "signed-off" and not signed_off_too:
                    raise KpituiError(
                        f"{shown} was not written: the review is signed off. "
                        "Name another with --review, or none: then it goes to the review that is open."
                    )
                edited = edit(text, file)
                _check(shown, text, edited)
                new_data = edited.text.encode()
                if data and data.startswith(codecs.BOM_UTF8):
                    new_data = codecs.BOM_UTF8 + new_data
                if new_data == data or safe.replace_file(
                    real, new_data, shown, partial(self._is_still, real, shown, data)
                ):
                    return shown, edited
        raise KpituiError(f"{shown} was not written: another program keeps changing it. Save again.")

    def _is_still(self, path: Path, shown: str, data: bytes | None) -> bool:
        return self._bytes_or_none(path, shown) == data

    def _open(self, shown: str, data: bytes | None, review: Review) -> tuple[ReviewFile, str]:
        """A file that may be written to, and its text; a new one where there is none."""
        if data is None:
            text = emit.new_file(self._name, emit.as_stored(review))
            return read_text(shown, text), text
        file = read(shown, data)
        if file.read_only:
            raise KpituiError(f"{shown} was not written, for {file.read_only}. Nothing in it has changed.")
        return file, decode(data)

    def _bytes_or_none(self, path: Path, shown: str) -> bytes | None:
        try:
            return self._bytes(path)
        except FileNotFoundError:
            return None
        except KpituiError as error:
            raise KpituiError(f"{shown} was not written: {error}.") from error
        except OSError as error:
            raise safe.not_written(shown, error) from error


def later_review(review: Review, reviews: Iterable[Review]) -> Review | None:
    """A review of the same cadence that started after this one."""
    later = (other for other in reviews if other.cadence == review.cadence and other.started > review.started)
    return min(later, key=lambda other: other.started, default=None)


def _check_complete(record: Record) -> None:
    values = table_of(record)
    for field in msgspec.structs.fields(type(record)):
        if field.required and field.encode_name not in values:
            raise KpituiError(f"A {record.table} needs `{field.encode_name}`; nothing was written.")


def _find_same(file: ReviewFile, record: Record) -> Record | None:
    """The record in the file that says the same at the same moment: it is this one, saved before."""
    for there in file.records:
        if there.at == record.at and there == msgspec.structs.replace(record, id=record.id or there.id):
            return there
    return None


def _with_added(text: str, record: Record, comment: str) -> _Edit:
    new_text, line = splice.add_block(text, emit.record_block(record, comment))
    return _Edit(new_text, {(record.table, record.id): table_of(record)}, line, record)


def _check(shown: str, old: str, edited: _Edit) -> None:
    """Raises KpituiError unless the new text holds all that the old one held, and what was to be written."""
    try:
        sound = tomllib.loads(edited.text) == _expected(old, edited)
    except (ValueError, RecursionError):
        sound = False
    if sound and edited.record is not None:
        records = read_text(shown, edited.text).records
        sound = edited.record in records and len(edited.text.encode()) < MAX_BYTES
    if not sound:
        raise KpituiError(
            f"{shown} was not written, for it would not read back as it should: the record has a value that "
            "cannot be kept, or the file is laid out in a way that kpitui cannot write into. "
            "Nothing in it has changed; look at it with an editor."
        )


def _expected(old: str, edited: _Edit) -> dict[str, Any]:
    """What the old text holds, with the new tables. Raises ValueError where it has no place for them."""
    document = tomllib.loads(old)
    for path, values in edited.tables.items():
        table: Any = document
        for part in path[:-1]:
            table = table.setdefault(part, {})
            if not isinstance(table, dict):
                raise ValueError(f"{part} is no table")  # noqa: TRY004 - of the file, not of the call
        own = splice.own_values(old, path) if path[-1] in table else {}
        below = {key: value for key, value in table.get(path[-1], {}).items() if key not in own}
        table[path[-1]] = {**below, **values}
    return document

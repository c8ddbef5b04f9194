"""The review files of a workspace on disk: read all of them, add a record, change one, and lose nothing.

A write takes the file's lock, reads what is on disk by then, splices into that text, reads the outcome back
and compares (of a record that was added or changed, its table alone: see `adding`, `changing`), and only then puts
it in the file's place. Whoever else wrote in the meantime keeps every word.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from kpitui.places import REVIEWS_FOLDER
from kpitui.problems import KpituiError, Problem
from kpitui.records import emit, safe, splice
from kpitui.records.adding import Known, Parsed, add
from kpitui.records.changing import alone, change
from kpitui.records.ids import derived_id, new_id
from kpitui.records.merge import another_version, merge_values
from kpitui.records.model import (
    KINDS,
    PEOPLE,
    REOPENING,
    SIGN_OFF,
    Figures,
    Record,
    Records,
    Review,
    ReviewFile,
    ReviewState,
    fields_of,
    table_of,
)
from kpitui.records.read import MAX_BYTES, decode, read, read_record, read_text
from kpitui.records.shelf import Shelf, Written, bytes_of

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
    known: Known | None = None
    """What the text gives when it is read, where that is shown already."""


class _Taken(Container[str]):
    """The ids that are taken: in a file as it is now, and in all files as they were when last looked at; and `new`
    ones, of records that go into the file together."""

    def __init__(self, file: ReviewFile, shelf: Shelf) -> None:
        self._file = file
        self._shelf = shelf
        self.new: set[object] = set()

    def __contains__(self, record_id: object) -> bool:
        return record_id in self.new or record_id in self._file.lines or self._shelf.holds(record_id)


class RecordStore:
    """The files under `<root>/reviews/`. Other programs may write there at the same time."""

    def __init__(self, root: Path, name: str = "") -> None:
        """`name`, the workspace's, heads new files."""
        self._root = root.resolve()
        self._name = name
        self.shelf = Shelf(self._root)
        self._paths: dict[str, str] = {}
        """Review id → its file."""
        self._tidied: set[Path] = set()
        """Files beside which nothing is left of a program that was killed."""

    def get_ready(self) -> None:
        """Do what the first save would wait for: imports, the fields of records, the files that one likely goes to.

        This may run on a thread of its own.
        """
        safe.get_ready()
        for kind in (*KINDS, Review):
            fields_of(kind)
        self.shelf.get_ready()

    def load(self) -> tuple[Records, list[Problem]]:
        """All review files, and everything that is wrong with them."""
        try:
            files = self.shelf.load()
        except OSError as error:
            return Records(), [Problem(REVIEWS_FOLDER, f"the folder cannot be read: {error.strerror}")]
        problems = [problem for file in files for problem in file.problems]
        self._paths = {}
        for file in files:
            first = self._paths.setdefault(file.review_id, file.path)
            if first != file.path:
                hint = f"{first} has it too; delete one of them, or give it another id"
                problems.append(Problem(file.path, f"the id {file.review_id} stands in two files", hint=hint))
        return Records(files), problems

    def add(self, review: Review, record: Record, comment: str = "") -> Saved:
        """Writes a record into the review's file, which is made where there is none.

        The record gets an id where it has none, or one that is taken. Adding again what is already there,
        as after a failure, writes nothing. `comment` stands above the record for people. Raises
        KpituiError, a sentence for the person who wrote the record, where it could not be written; the file
        is then as it was.
        """
        record = emit.as_stored(record)
        _check_complete(record)

        def edit(known: Known) -> _Edit:
            file = known.file
            if there := _find_same(file, record):
                return _unchanged(known)._replace(line=file.lines[there.id], record=there)
            taken = _Taken(file, self.shelf)
            own_id = record.id if record.id and record.id not in taken else new_id(record.table, taken)
            return _with_added(_unchanged(known), msgspec.structs.replace(record, id=own_id), comment)

        return self._write_record(review, edit)

    def add_all(self, review: Review, records: Sequence[tuple[Record, str]]) -> list[Saved]:
        """`add` of several records with their comments in one write: all of them are in the file, or none is."""
        stored = [(emit.as_stored(record), comment) for record, comment in records]
        for record, _ in stored:
            _check_complete(record)
        placed: list[tuple[int, Record]] = []

        def edit(known: Known) -> _Edit:
            file = known.file
            placed.clear()
            edited = _unchanged(known)
            taken = _Taken(file, self.shelf)
            for record, comment in stored:
                if there := _find_same(file, record):
                    placed.append((file.lines[there.id], there))
                    continue
                own = msgspec.structs.replace(record, id=new_id(record.table, taken))
                taken.new.add(own.id)
                edited = _with_added(edited, own, comment)
                placed.append((edited.line, own))
            return edited

        shown, _ = self._write(review, edit)
        return [Saved(shown, line, record) for line, record in placed]

    def change(self, review: Review, before: Record, after: Record) -> Saved:
        """Writes a record's new values over those that the caller had read, `before`.

        What somebody else changed in it meanwhile stays, unless both changed the same key: then their
        version keeps the id, `after` is added under a new one, and `Saved.conflict` is theirs. A record
        that was deleted in the file meanwhile is added again. Raises KpituiError as `add` does.
        """
        after = emit.as_stored(after)
        _check_complete(after)
        path = (after.table, after.id)

        def edit(known: Known) -> _Edit:
            text, file = known.parsed.text, known.file
            theirs = next((r for r in file.records if r.id == after.id and r.table == after.table), None)
            if theirs is None:
                return _with_added(_unchanged(known), after, "")
            found = alone(known, *path)
            on_disk = found.values if found else splice.own_values(text, path)
            merged, clashes = merge_values(table_of(before), table_of(after), on_disk)
            if clashes:
                own_id = derived_id(after.table, emit.record_block(after), _Taken(file, self.shelf))
                own = msgspec.structs.replace(after, id=own_id)
                return _with_added(_unchanged(known), own, another_version(after.id))._replace(conflict=theirs)
            order = dict.fromkeys((*after.__struct_encode_fields__, *merged))
            values = {key: merged[key] for key in order if key in merged}
            record = read_record(after.table, after.id, merged)
            if found and (changed := change(found, values)):
                return _Edit(changed.parsed.text, {path: merged}, file.lines[after.id], record, known=changed)
            new_text, line = splice.change_table(text, path, values)
            return _Edit(new_text, {path: merged}, line, record)

        return self._write_record(review, edit)

    def start(self, review: Review, figures: Mapping[str, Figures]) -> None:
        """Makes the review's file where there is none, and freezes what the room sees where nothing is yet.

        With the figures goes the moment, `review.started`: a note may have made the file weeks before. A chair
        and attendees are written where the review names them. Raises KpituiError as `add` does.
        """
        review = emit.as_stored(review)

        def edit(known: Known) -> _Edit:
            text = known.parsed.text
            people = {key: value for key, value in table_of(review).items() if key in PEOPLE}
            freezes = figures and not known.file.figures
            begun = {"started": review.started} if freezes else {}
            values = {**splice.own_values(text, ("review",)), **begun, **people}
            tables: dict[tuple[str, ...], Mapping[str, Any]] = {("review",): values}
            text = splice.change_table(text, ("review",), values)[0]
            if freezes:
                text = splice.set_figures(text, figures)
                tables["figures",] = {kpi: emit.figures_value(row) for kpi, row in figures.items()}
            return _Edit(text, tables)

        self._write(review, edit)

    def set_people(self, review: Review) -> None:
        """Writes the review's chair and attendees, and takes out those that it has no more. Raises as `add` does."""
        named = {key: value for key, value in table_of(emit.as_stored(review)).items() if key in PEOPLE}

        def edit(known: Known) -> _Edit:
            text = known.parsed.text
            stays = {k: v for k, v in splice.own_values(text, ("review",)).items() if k not in PEOPLE or k in named}
            values = {**stays, **named}
            return _Edit(splice.change_table(text, ("review",), values)[0], {("review",): values})

        self._write(review, edit)

    def set_state(self, review: Review, state: ReviewState, *, by: str, at: datetime) -> None:
        """Signs a review off, or opens it again, which is possible until the next of its cadence starts.

        Who did it and when goes with it; opening it again takes the sign-off out of the file. Raises KpituiError as
        `add` does.
        """
        records, _ = self.load()
        if state == "open" and (later := later_review(review, records.begun)):
            raise KpituiError(
                f"{review.id} stays signed off, for {later.id} has started; write there what comes to mind."
            )

        keys = SIGN_OFF if state == "signed-off" else REOPENING
        done = table_of(emit.as_stored(msgspec.structs.replace(review, **dict(zip(keys, (by, at), strict=True)))))

        def edit(known: Known) -> _Edit:
            text = known.parsed.text
            before = splice.own_values(text, ("review",))
            stays = {key: value for key, value in before.items() if key not in SIGN_OFF}
            values = {**stays, "state": state, **{key: done[key] for key in keys}}
            return _Edit(splice.change_table(text, ("review",), values)[0], {("review",): values})

        self._write(review, edit, signed_off_too=True)

    def _write_record(self, review: Review, edit: Callable[[Known], _Edit]) -> Saved:
        shown, edited = self._write(review, edit)
        if edited.record is None:
            raise TypeError("an edit of a record gives the record")
        return Saved(shown, edited.line, edited.record, edited.conflict)

    def _path(self, review: Review) -> Path:
        usual = f"{REVIEWS_FOLDER}/{review.id}.toml"
        path, there = self._root / usual, self._paths.get(review.id, usual)
        if there != usual and not path.exists():
            return self._root / there
        if not _FILE_NAME.fullmatch(review.id):
            raise KpituiError(f"{review.id!r} cannot name a file; a review's id is such as 2026-10-monthly")
        return path

    def _write(
        self, review: Review, edit: Callable[[Known], _Edit], *, signed_off_too: bool = False
    ) -> tuple[str, _Edit]:
        """Applies the edit to what is on disk by now, under the lock."""
        shown = f"{REVIEWS_FOLDER}/{review.id}.toml"
        try:
            path = self._path(review)
            shown = path.relative_to(self._root).as_posix()
            if not path.parent.exists():
                self.shelf.real(path.parent).mkdir(exist_ok=True)
            real = self.shelf.real(path)
        except OSError as error:
            raise safe.not_written(shown, error) from error
        except KpituiError as error:
            raise KpituiError(f"{shown} was not written: {error}.") from error
        with safe.locked(real, shown):
            if real not in self._tidied:
                safe.tidy(real)
                self._tidied.add(real)
            # An editor takes no lock: where it saves between our reading and our writing, ours is done again.
            for _ in range(_ATTEMPTS):
                data = self._bytes_or_none(real, shown)
                known = self._open(path, shown, data, review)
                if known.file.review and known.file.review.state == "signed-off" and not signed_off_too:
                    raise KpituiError(
                        f"{shown} was not written: the review is signed off. "
                        "Name another with --review, or none: then it goes to the review that is open."
                    )
                edited = edit(known)
                new_data = edited.text.encode()
                if data and data.startswith(codecs.BOM_UTF8):
                    new_data = codecs.BOM_UTF8 + new_data
                parsed = edited.known.parsed if edited.known else _read_back(known.parsed, edited)
                if parsed is None or len(new_data) > MAX_BYTES:
                    raise _cannot_be_read_back(shown)
                if new_data == data:
                    safe.confirm(real, shown)  # the save before this one may have been told that it is not
                elif not safe.replace_file(real, new_data, shown, partial(self._is_still, real, shown, data)):
                    continue
                self.shelf.wrote(path, Written(shown, new_data, parsed, edited.known and edited.known.file))
                return shown, edited
        raise KpituiError(f"{shown} was not written: another program keeps changing it. Save again.")

    def _is_still(self, path: Path, shown: str, data: bytes | None) -> bool:
        return self._bytes_or_none(path, shown) == data

    def _open(self, path: Path, shown: str, data: bytes | None, review: Review) -> Known:
        """A file that may be written to; a new one where there is none."""
        if data is None:
            text = emit.new_file(self._name, emit.as_stored(review))
            document = tomllib.loads(text)
            return Known(Parsed(text, document), read_text(shown, text, document))
        known = self.shelf.known(path, data)
        file = known.file if known else read(shown, data)
        if file.read_only:
            raise KpituiError(f"{shown} was not written, for {file.read_only}. Nothing in it has changed.")
        if known and known.parsed:
            return Known(known.parsed, file)
        text = decode(data)
        return Known(Parsed(text, tomllib.loads(text)), file)

    def _bytes_or_none(self, real: Path, shown: str) -> bytes | None:
        try:
            return bytes_of(real)
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
    for field in fields_of(type(record)):
        if field.required and field.encode_name not in values:
            raise KpituiError(f"A {record.table} needs `{field.encode_name}`; nothing was written.")


def _find_same(file: ReviewFile, record: Record) -> Record | None:
    """The record in the file that says the same at the same moment: it is this one, saved before."""
    for there in file.records:
        if there.at == record.at and there == msgspec.structs.replace(record, id=record.id or there.id):
            return there
    return None


def _unchanged(known: Known) -> _Edit:
    return _Edit(known.parsed.text, {}, known=known)


def _with_added(before: _Edit, record: Record, comment: str) -> _Edit:
    """One more record on top of an edit."""
    tables = {**before.tables, (record.table, record.id): table_of(record)}
    if before.known and (added := add(before.known, record, comment)):
        return _Edit(added.known.parsed.text, tables, added.line, record, known=added.known)
    text, line = splice.add_block(before.text, emit.record_block(record, comment))
    return _Edit(text, tables, line, record)


def _read_back(old: Parsed, edited: _Edit) -> Parsed | None:
    """The new text as TOML; None unless it holds all that the old one held, and what was to be written."""
    try:
        found = tomllib.loads(edited.text)
        sound = found == _expected(old.text, old.document, edited)
    except (ValueError, RecursionError):
        return None
    if sound and (record := edited.record) is not None:
        sound = read_record(record.table, record.id, found[record.table][record.id]) == record
    return Parsed(edited.text, found) if sound else None


def _cannot_be_read_back(shown: str) -> KpituiError:
    return KpituiError(
        f"{shown} was not written, for it would not read back as it should: the record has a value that "
        "cannot be kept, or the file is laid out in a way that kpitui cannot write into. "
        "Nothing in it has changed; look at it with an editor."
    )


def _expected(old: str, document: Mapping[str, Any], edited: _Edit) -> dict[str, Any]:
    """What the old text holds, with the new tables. Raises ValueError where it has no place for them."""
    expected = dict(document)
    for path, values in edited.tables.items():
        table: Any = expected
        for part in path[:-1]:
            below = table.get(part, {})
            if not isinstance(below, dict):
                raise ValueError(f"{part} is no table")  # noqa: TRY004 - of the file, not of the call
            table[part] = dict(below)
            table = table[part]
        own = splice.own_values(old, path) if path[-1] in table else {}
        below = {key: value for key, value in table.get(path[-1], {}).items() if key not in own}
        table[path[-1]] = {**below, **values}
    return expected

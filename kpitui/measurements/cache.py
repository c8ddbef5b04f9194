"""What was read of each source, kept in the user's cache folder until a file or a definition changes.

An entry holds what it was made of beside what came out: the definitions that shape figures (names, targets and owners
do not), what the glob found, and of each file its size, times and inode; its content's hash too, where the file is so
young that a change might leave those as they are. Whatever does not fit, or is damaged, is not used and replaced. A
cache that cannot be written costs nothing but speed. No Polars here: where nothing changed it is not imported.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import blake2b, file_digest, sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from kpitui import __version__
from kpitui.definitions.model import Definitions
from kpitui.measurements.cache_folder import ENDING, files, folder_of, folders, get, home, put, size
from kpitui.measurements.contents import Prefix, prefix
from kpitui.measurements.joining import join, wanted
from kpitui.measurements.packing import pack, unpack
from kpitui.measurements.progress import Meter, Tell
from kpitui.measurements.sight import Sight, look
from kpitui.measurements.values import Measured, SourceResult

SCHEMA = 4
_MAGIC = b"kpitui measurements\n"
_AT_DIGEST = len(_MAGIC)
_AT_BODY = _AT_DIGEST + 32
_LENGTH = 4
"""Bytes that say how long the entry is; what was read follows it."""


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    """One source's file in the cache."""

    schema: int
    reader: str
    workspace: bytes
    """The workspace's resolved path, as the file system has it."""
    source: str
    shape: str
    sight: Sight
    hashes: dict[str, str]
    """Of the files that were too young for their times to be trusted."""
    prefix: Prefix | None
    """Of the last file, where only what is added to it has to be read."""


class Looked(NamedTuple):
    """What the cache has for a workspace."""

    usable: dict[str, SourceResult]
    to_read: dict[str, str]
    """Source → why it has to be read."""
    former: dict[str, SourceResult]
    """Of sources to read: what they gave by the same definitions, before their files changed. Only on request."""
    grown: dict[str, Prefix]
    """Of sources whose last file has grown: what it began with. What they gave is in `former`."""
    sights: dict[str, Sight]
    """What every source's files are now."""
    at: int
    """When that was, in nanoseconds."""


class Kept(NamedTuple):
    """What the cache holds of one workspace."""

    workspace: str | None
    """Its path; None where no entry of it can be read."""
    folder: Path
    sources: int
    size: int
    """Bytes."""


def read_through(
    definitions: Definitions,
    root: Path,
    *,
    use_cache: bool = True,
    known_at: date | None = None,
    tell: Tell | None = None,
    deliver: Callable[[Measured], None] | None = None,
) -> Measured:
    """What was measured, of which only what the cache does not have is read; what was read is kept.

    What was known at an earlier time is read where that makes a difference, and not kept. `deliver` is handed the
    measured values before they are kept: nobody waits for the cache to be written.
    """
    asked = wanted(definitions)
    past = of_the_past(definitions, known_at)
    looked = cached(definitions, root, without=asked if not use_cache else past)
    results = dict(looked.usable)
    meter = Meter([looked.sights[id_] for id_ in looked.to_read], tell)
    hashes: dict[str, dict[str, str] | None] = {}
    for id_ in looked.to_read:
        from kpitui.measurements.aggregate import read_on, read_source  # Polars, which a warm start does without

        hashes[id_] = _hashes(_young(looked.sights[id_], looked.at), root) if use_cache else None
        with meter.reading(looked.sights[id_]):
            grown = looked.grown.get(id_)
            more = grown and read_on(id_, definitions, root, looked.former[id_], grown)
            results[id_] = more or read_source(id_, definitions, root, known_at=known_at)
    measured = join(definitions, {id_: results[id_] for id_ in asked}, looked.sights)
    if deliver is not None:
        deliver(measured)
    if use_cache:
        for id_ in looked.to_read:
            if id_ not in past:
                keep(id_, results[id_], definitions, root, looked.sights[id_], hashes[id_])
    return measured


def of_the_past(definitions: Definitions, known_at: date | None) -> list[str]:
    """The sources that give something else as they were known then; nothing of that is kept."""
    if known_at is None:
        return []
    return [id_ for id_ in wanted(definitions) if definitions.sources[id_].recorded is not None]


def cached(definitions: Definitions, root: Path, *, without: list[str] | None = None, former: bool = False) -> Looked:
    """What is kept and still holds, and what has to be read; `without` says of which not even to ask."""
    looked = Looked({}, {}, {}, {}, {}, time.time_ns())
    for id_ in wanted(definitions):
        sight = looked.sights[id_] = look(definitions.sources[id_], root)
        if without is not None and id_ in without:
            looked.to_read[id_] = "the cache is not asked"
            continue
        found = _load(_path(root, id_))
        if isinstance(found, str):
            looked.to_read[id_] = found
            continue
        entry, content = found
        why = _foreign(entry, id_, definitions, root)
        outdated = why is None and (entry.sight != sight or entry.hashes != _hashes(entry.hashes, root))
        grown = entry.prefix if why is None and outdated and _has_grown(entry, sight) else None
        if why is None and (former or grown or not outdated):
            try:
                result = unpack(content)
            except (msgspec.MsgspecError, ValueError, IndexError):
                why = "its entry is of another form"
            else:
                (looked.former if outdated else looked.usable)[id_] = result
                if grown is not None:
                    looked.grown[id_] = grown
        if why is not None or outdated:
            looked.to_read[id_] = why or "its files changed"
        elif entry.hashes and not _young(sight, looked.at):
            # Next time their times will do.
            _write(_path(root, id_), msgspec.structs.replace(entry, hashes={}), content)
    return looked


def keep(
    source_id: str,
    result: SourceResult,
    definitions: Definitions,
    root: Path,
    sight: Sight,
    hashes: dict[str, str] | None,
) -> bool:
    """Keep what a source gave; `sight` and `hashes` are of before it was read. False where that cannot be done."""
    known = _beginning(sight, hashes or {}, root) if result.ending is not None else None
    if hashes is None or look(definitions.sources[source_id], root) != sight:
        return False  # it is being written to: nobody knows what was read
    try:
        content = pack(result)
    except (ValueError, OverflowError):  # a file name that is no text
        return False
    shape = _shape(source_id, definitions)
    entry = _Entry(SCHEMA, _reader(), home(root), source_id, shape, sight, hashes, known)
    return _write(_path(root, source_id), entry, content)


def kept() -> list[Kept]:
    """What there is of each workspace, by path."""
    found = []
    for folder in folders():
        inside = files(folder)
        whole = [path for path in inside if path.suffix == ENDING]
        loaded = next((loaded for path in whole if not isinstance(loaded := _load(path), str)), None)
        workspace = os.fsdecode(loaded[0].workspace) if loaded else None
        found.append(Kept(workspace, folder, len(whole), sum(map(size, inside))))
    return sorted(found, key=lambda one: (one.workspace is None, one.workspace or "", one.folder))


def _path(root: Path, source_id: str) -> Path:
    return folder_of(root) / (source_id + ENDING)


# One entry


def _load(path: Path) -> tuple[_Entry, memoryview] | str:
    """What the file says of itself, and its content, whole and of this schema; else why it cannot be used."""
    found = get(path)
    if isinstance(found, str):
        return found
    whole = memoryview(found)
    magic, digest, body = whole[:_AT_DIGEST], whole[_AT_DIGEST:_AT_BODY], whole[_AT_BODY:]
    if magic != _MAGIC or digest != _digest(body):
        return "its entry is damaged"
    start = _LENGTH + int.from_bytes(body[:_LENGTH], "big")
    try:
        entry = msgspec.msgpack.decode(body[_LENGTH:start], type=_Entry)
    except (msgspec.MsgspecError, ValueError):
        return "its entry is of another form"
    return (entry, body[start:]) if entry.schema == SCHEMA else "its entry is of another version"


def _foreign(entry: _Entry, source_id: str, definitions: Definitions, root: Path) -> str | None:
    """Why the entry is not for this source as it is defined now."""
    if entry.reader != _reader():
        return "its entry is of another version"
    if entry.workspace != home(root) or entry.source != source_id:
        return "its entry is of another workspace"
    return None if entry.shape == _shape(source_id, definitions) else "its definition changed"


def _write(path: Path, entry: _Entry, content: bytes | memoryview) -> bool:
    """Put the entry in place; False where that cannot be done."""
    try:
        header = msgspec.msgpack.encode(entry)
        body = b"".join((len(header).to_bytes(_LENGTH, "big"), header, content))
    except (ValueError, OverflowError):
        return False
    return put(path, _MAGIC, _digest(body), body)


def _digest(body: bytes | memoryview) -> bytes:
    return sha256(body).digest()


# What an entry depends on


def _shape(source_id: str, definitions: Definitions) -> str:
    """A hash of all definitions by which the source's result may differ."""
    source = definitions.sources[source_id]
    measures = [
        # A message names the table that a measure is defined in.
        (measure.id, measure.id in definitions.kpis, measure.aggregate, measure.column, measure.key, measure.where)
        for measure in definitions.measures.values()
        if measure.source == source_id
    ]
    parts = (msgspec.structs.replace(source, due_after=None), definitions.calendar, measures)
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@cache
def _reader() -> str:
    """The program's version, and its files as they stand: who works on the reading wants what it gives now."""
    digest = blake2b(sys.byteorder.encode(), digest_size=16)
    with suppress(OSError):
        for path in sorted(Path(__file__).parent.glob("*.py")):
            found = path.stat()
            digest.update(f"{path.name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return f"{__version__} {digest.hexdigest()}"


def _has_grown(entry: _Entry, sight: Sight) -> bool:
    """Whether all that is seen to have changed is that the last file is longer."""
    then, now = entry.sight.files, sight.files
    return (
        entry.prefix is not None
        and entry.sight.problems == sight.problems
        and [name for name, _ in then] == [name for name, _ in now]
        and then[:-1] == now[:-1]
        and set(entry.hashes) <= {then[-1][0]}
        and now[-1][1] is not None
        and now[-1][1].size > entry.prefix.size
    )


def _beginning(sight: Sight, hashes: dict[str, str], root: Path) -> Prefix | None:
    """All of the last file, as what it will begin with when it has grown."""
    name, found = sight.files[-1]
    if found is None:
        return None
    return Prefix(found.size, bytes.fromhex(hashes[name])) if name in hashes else prefix(root, name, found.size)


def _young(sight: Sight, now: int) -> list[str]:
    return [name for name, stamp in sight.files if stamp is None or not stamp.is_sure(now)]


def _hashes(names: Iterable[str], root: Path) -> dict[str, str] | None:
    """Hashes of the files' contents; None where one cannot be read."""
    found = {}
    try:
        for name in names:
            with (root / name).open("rb") as stream:
                found[name] = file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
    return found

"""What a workspace's files are, so that a change of one is noticed while the program is open."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from kpitui.definitions.model import Definitions
from kpitui.measurements.joining import wanted
from kpitui.measurements.sight import Sight
from kpitui.measurements.sight import look as look_at_source
from kpitui.places import EVENTS_FILE, KPIS_FOLDER, MANUAL_FOLDER, REVIEWS_FOLDER, SETTINGS_FILE
from kpitui.stamps import Stamp, stamp, stamps

Stamps = dict[str, Stamp | None]


class Seen(NamedTuple):
    """The files of each kind, seen without opening them."""

    definitions: Stamps
    measurements: dict[str, Sight]
    """By source."""
    typed: Stamps
    """By file name."""
    records: Stamps

    def differs(self, other: Seen) -> frozenset[str]:
        """The kinds of which some file is not the same."""
        return frozenset(kind for kind in self._fields if getattr(self, kind) != getattr(other, kind))

    def is_sure(self, now: int) -> bool:
        """Whether none of the files is so young that another writing might have left it looking the same."""
        files = [stamp for sight in self.measurements.values() for _, stamp in sight.files]
        known = [*self.definitions.values(), *files, *self.typed.values(), *self.records.values()]
        return all(stamp is None or stamp.is_sure(now) for stamp in known)


def look(root: Path, definitions: Definitions) -> Seen:
    """What there is now."""
    return Seen(
        look_at_definitions(root) | look_at_targets(root, definitions),
        look_at_measurements(root, definitions),
        look_at_typed(root),
        look_at_records(root),
    )


def look_at_definitions(root: Path) -> Stamps:
    """The files that are known before they are read."""
    inside = {f"{KPIS_FOLDER}/{name}": found for name, found in stamps(root / KPIS_FOLDER, ".toml").items()}
    return {file: stamp(root / file) for file in (SETTINGS_FILE, EVENTS_FILE)} | inside


def look_at_targets(root: Path, definitions: Definitions) -> Stamps:
    """The file of targets, where the settings name one."""
    file = definitions.targets_file
    return {file: stamp(root / file)} if file else {}


def look_at_measurements(root: Path, definitions: Definitions) -> dict[str, Sight]:
    return {id_: look_at_source(definitions.sources[id_], root) for id_ in wanted(definitions)}


def look_at_typed(root: Path) -> Stamps:
    """The files of typed values."""
    return stamps(root / MANUAL_FOLDER, ".csv")


def look_at_records(root: Path) -> Stamps:
    return stamps(root / REVIEWS_FOLDER, ".toml")

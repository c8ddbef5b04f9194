"""The segments of KPIs: read by a process of their own when they are first looked at, and kept with the workspace."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock
from typing import NamedTuple

from kpitui.definitions.model import Kpi
from kpitui.measurements.segment_process import SegmentReading
from kpitui.measurements.values import Segmented
from kpitui.problems import KpituiError
from kpitui.workspace.charts.pictures import Breakdown
from kpitui.workspace.charts.segments import columns, segments
from kpitui.workspace.opening import Workspace

_Key = tuple[str, tuple[str, ...]]
"""Column and measures."""


class _UnderWay(NamedTuple):
    """A reading that a thread waits for."""

    workspace: Workspace
    key: _Key
    reading: SegmentReading
    over: Event


class Segments:
    """Which column KPIs are broken down by, and what was read of its segments."""

    def __init__(self) -> None:
        self._column: str | None = None
        self._workspace: Workspace | None = None
        """Whose segments these are."""
        self._found: dict[_Key, Segmented | str] = {}
        """What was read, or why it could not be."""
        self._shown: dict[tuple[str, str], Breakdown] = {}
        """What was made of it, by column and KPI."""
        self._under_way: _UnderWay | None = None
        self._lock = Lock()
        self._ended = False

    def breakdown(self, workspace: Workspace, kpi: Kpi) -> Breakdown | None:
        """By the chosen column, or the first where the KPI has no such one; None where it has none at all."""
        self._turn_to(workspace)
        key = self._key(workspace, kpi)
        if key is None:
            return None
        shown = self._shown.get((key[0], kpi.id))
        if shown is None or (shown.segments is None and key in self._found):
            found = self._found.get(key)
            if isinstance(found, Segmented):
                shown = Breakdown(key[0], tuple(segments(workspace, kpi, found)), found.left_out)
            else:
                shown = Breakdown(key[0], failure=found or "")
            self._shown[key[0], kpi.id] = shown
        return shown

    def next_column(self, workspace: Workspace, kpi: Kpi) -> str | None:
        """Choose the next column of the KPI; None where it has none."""
        offered = columns(workspace, kpi)
        if not offered:
            return None
        key = self._key(workspace, kpi)
        here = offered.index(key[0]) if key else -1
        self._column = offered[(here + 1) % len(offered)]
        return self._column

    def found(self, workspace: Workspace, kpi: Kpi, column: str) -> Segmented | str | None:
        """What was read of the column, or why it could not be; None where it was not read yet."""
        self._turn_to(workspace)
        return self._found.get((column, workspace.figures.measures_of(kpi.id)))

    def reader(self, workspace: Workspace, kpi: Kpi, column: str | None = None) -> Callable[[], None] | None:
        """What reads the KPI's segments by a column, the chosen one unless another is named, to be called on a thread;
        None where they are known."""
        self._turn_to(workspace)
        key = (column, workspace.figures.measures_of(kpi.id)) if column else self._key(workspace, kpi)
        if key is None or key in self._found:
            return None

        def read() -> None:
            own = self._begun(workspace, key)
            if own is None:
                return
            try:
                found = _result(own.reading)
                # One that was abandoned for another has found nothing, and is no failure.
                if own is self._under_way and workspace is self._workspace:
                    self._found[key] = found
            finally:
                # Who waits for the same is let go, whatever happened.
                own.over.set()

        return read

    def _begun(self, workspace: Workspace, key: _Key) -> _UnderWay | None:
        """A reading that was begun now, in place of any other; None where the same is under way, once it is over."""
        with self._lock:
            if self._ended:
                return None
            before = self._under_way
            if before is None or before.over.is_set() or (before.workspace, before.key) != (workspace, key):
                if before is not None:
                    before.reading.abandon()
                reading = SegmentReading(workspace.root, *key, workspace.known_at)
                self._under_way = _UnderWay(workspace, key, reading, Event())
                return self._under_way
        before.over.wait()
        return None

    def end(self) -> None:
        """Stop reading; nothing is begun any more."""
        with self._lock:
            self._ended = True
            if self._under_way is not None:
                self._under_way.reading.abandon()

    def _turn_to(self, workspace: Workspace) -> None:
        """What was read of another workspace, or of the same before a reload, is no more."""
        if workspace is not self._workspace:
            self._workspace, self._found, self._shown = workspace, {}, {}

    def _key(self, workspace: Workspace, kpi: Kpi) -> _Key | None:
        offered = columns(workspace, kpi)
        if not offered:
            return None
        column = self._column if self._column in offered else offered[0]
        return column, workspace.figures.measures_of(kpi.id)


def _result(reading: SegmentReading) -> Segmented | str:
    """What was read, or why it could not be."""
    try:
        return reading.result()
    except KpituiError as error:
        return str(error)

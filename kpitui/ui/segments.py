"""The segments of KPIs: read by a process of their own when they are first looked at, and kept with the workspace."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from kpitui.definitions.model import Kpi
from kpitui.measurements.segment_process import SegmentReading
from kpitui.measurements.values import Segmented
from kpitui.problems import KpituiError
from kpitui.workspace.charts.pictures import Breakdown
from kpitui.workspace.charts.segments import columns, segments
from kpitui.workspace.opening import Workspace

_Key = tuple[str, tuple[str, ...]]
"""Column and measures."""


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
        self._reading: SegmentReading | None = None
        self._lock = Lock()
        self._ended = False

    def breakdown(self, workspace: Workspace, kpi: Kpi) -> Breakdown | None:
        """By the chosen column, or the first where the KPI has no such one; None where it has none at all."""
        if workspace is not self._workspace:
            self._workspace, self._found, self._shown = workspace, {}, {}
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

    def reader(self, workspace: Workspace, kpi: Kpi) -> Callable[[], None] | None:
        """What reads the KPI's segments, to be called on a thread; None where they are known."""
        key = self._key(workspace, kpi)
        if key is None or (workspace is self._workspace and key in self._found):
            return None

        def read() -> None:
            with self._lock:
                if self._ended:
                    return
                self._reading = SegmentReading(workspace.root, *key, workspace.known_at)
            try:
                found: Segmented | str = self._reading.result()
            except KpituiError as error:
                found = str(error)
            if workspace is self._workspace:
                self._found[key] = found

        return read

    def end(self) -> None:
        """Stop reading; nothing is begun any more."""
        with self._lock:
            self._ended = True
            if self._reading is not None:
                self._reading.abandon()

    def _key(self, workspace: Workspace, kpi: Kpi) -> _Key | None:
        offered = columns(workspace, kpi)
        if not offered:
            return None
        column = self._column if self._column in offered else offered[0]
        return column, workspace.figures.measures_of(kpi.id)

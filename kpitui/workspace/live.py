"""Opens a workspace for the screens: what is kept at once, the rest by a process that can be abandoned.

Where nothing is kept, that process starts with the object, before the screens have been imported.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from kpitui.measurements import cache_folder
from kpitui.measurements.process import ABANDONED, Reading
from kpitui.problems import KpituiError

if TYPE_CHECKING:
    from kpitui.definitions.model import Definitions
    from kpitui.measurements.progress import Tell
    from kpitui.measurements.values import Measured
    from kpitui.workspace.glance import Glance
    from kpitui.workspace.opening import Measure, Workspace


class Live:
    """A workspace that is opened again whenever its files change. `open` runs on a thread."""

    def __init__(
        self, root: Path, as_of: date | None = None, *, known_at: date | None = None, use_cache: bool = True
    ) -> None:
        self._root = root
        self._as_of = as_of
        self._known_at = known_at
        self._use_cache = use_cache
        self._lock = Lock()
        self._ended = False
        self._early = not use_cache or not cache_folder.exists(root)
        self._reading = self._begun() if self._early else None
        self.glance: Glance | None = None
        """What can be shown before anything is read."""
        if not self._early and known_at is None:
            from kpitui.workspace.glance import take

            self.glance = take(root, as_of)

    def _begun(self) -> Reading:
        return Reading(self._root, use_cache=self._use_cache, known_at=self._known_at)

    def open(
        self, *, anew: bool = False, meanwhile: Callable[[Workspace], None] | None = None, tell: Tell | None = None
    ) -> Workspace:
        """Open the workspace; raises KpituiError where nothing can be shown, or the reading was abandoned.

        `anew` reads files that have not changed, too. `meanwhile` is given the workspace with its former figures, if
        there are any, before files that changed are read.
        """
        from kpitui.workspace.numbers import get_ready
        from kpitui.workspace.opening import Workspace

        def opened(measure: Measure) -> Workspace:
            return Workspace.open(self._root, as_of=self._as_of, measure=measure, known_at=self._known_at)

        def measure(definitions: Definitions, root: Path) -> Measured:
            get_ready(definitions.locale)  # while another process reads, or else before the first figure is drawn
            if anew and self._use_cache:
                cache_folder.clear(root)
            elif self._use_cache and not self._early:
                from kpitui.measurements.cache import cached, of_the_past
                from kpitui.measurements.joining import join

                past = of_the_past(definitions, self._known_at)
                looked = cached(definitions, root, without=past, former=meanwhile is not None)
                known = looked.former | looked.usable
                if not looked.to_read:
                    return join(definitions, known, looked.sights)
                reading = self._begin()
                if meanwhile is not None and all(id_ in known for id_ in looked.to_read):
                    former = join(definitions, known, looked.sights)
                    meanwhile(opened(lambda _definitions, _root: former))
                return reading.result(tell)
            return self._begin().result(tell)

        return opened(measure)

    def _begin(self) -> Reading:
        """The one that was begun early, or a new one in place of what was under way."""
        with self._lock:
            if self._ended:
                raise KpituiError(ABANDONED)
            if self._early and self._reading is not None:
                self._early = False
                return self._reading
            self.abandon()
            self._reading = self._begun()
            return self._reading

    def keep_glance(self, workspace: Workspace) -> None:
        """Keep what the next start can show at once; what was known once is no start's business."""
        if self._use_cache and self._known_at is None:
            from kpitui.workspace.glance import keep

            keep(workspace, self._as_of)

    def abandon(self) -> None:
        """Stop the reading that is under way; its `open` raises KpituiError."""
        if self._reading is not None:
            self._reading.abandon()

    def end(self) -> None:
        """Stop, and begin nothing any more."""
        with self._lock:
            self._ended = True
            self.abandon()

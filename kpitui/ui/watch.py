"""Notices, while the program is open, that files are no longer what was read: it looks at them every two seconds."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpitui.workspace.opening import Workspace
    from kpitui.workspace.seen import Seen


class Watch:
    """A thread that looks at a workspace's files and tells of which kinds some changed."""

    EVERY = 2.0
    """Seconds between two looks."""
    SETTLED = 0.3
    """Seconds without a further change after which changes are told together."""
    LONGEST = 3.0
    """Seconds after which they are told all the same."""

    def __init__(self, workspace: Callable[[], Workspace | None], tell: Callable[[frozenset[str]], object]) -> None:
        self._workspace = workspace
        self._tell = tell
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread; it is over at once, unless a file system keeps it waiting."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(0.5)

    def _run(self) -> None:
        told: Seen | None = None
        while not self._stopped.wait(self.EVERY):
            workspace = self._workspace()
            if workspace is None:
                continue
            now = workspace.look()
            # What was told once is not told again: it may be a file that cannot be read.
            if now == told or not workspace.seen.differs(now):
                continue
            now = self._when_settled(workspace, now)
            kinds = workspace.seen.differs(now)
            if self._stopped.is_set() or workspace is not self._workspace():
                continue
            told = now
            if kinds:
                self._tell(kinds)

    def _when_settled(self, workspace: Workspace, now: Seen) -> Seen:
        end = monotonic() + self.LONGEST
        while not self._stopped.wait(self.SETTLED):
            before, now = now, workspace.look()
            if now == before or monotonic() > end:
                break
        return now

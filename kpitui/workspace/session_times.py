"""How long the steps of open reviews have taken on this machine, so that a clock goes on where it stood.

It is kept in the user's state folder, never in the workspace: a clock that ticks into the record would be in every
diff. Only time in the session counts; what lies between a program's end and the next one's start does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import msgspec

from kpitui.workspace.state_folder import keep, state_folder

_Seconds = dict[str, dict[str, float]]
"""By review, then by what took them."""


class SessionTimes:
    """Times by review. They are worth a glance at the clock and no more: where they cannot be kept it begins anew."""

    def __init__(self, root: Path) -> None:
        self.path = state_folder(root) / "times.json"

    def get(self, review_id: str) -> dict[str, timedelta]:
        """What each part of the review has taken so far."""
        return {part: timedelta(seconds=seconds) for part, seconds in self._read().get(review_id, {}).items()}

    def put(self, review_id: str, spent: Mapping[str, timedelta]) -> None:
        """Keep what each part has taken; nothing at all forgets the review."""
        before = self._read()
        own = {part: round(time.total_seconds(), 1) for part, time in spent.items()}
        times = {**before, review_id: own} if own else {key: before[key] for key in before if key != review_id}
        if times != before:
            with suppress(OSError):
                keep(self.path, msgspec.json.encode(times))

    def _read(self) -> _Seconds:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=_Seconds)
        except (OSError, msgspec.DecodeError):
            return {}

"""Reading segments in a process of its own: they are asked for from a screen, which must not load Polars."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kpitui.problems import KpituiError

if TYPE_CHECKING:
    from kpitui.measurements.values import Segmented

_CHILD = "from kpitui.measurements.segment_process import main; main()"


class SegmentReading:
    """A reading of segments that is under way."""

    def __init__(self, root: Path, column: str, measures: Sequence[str], known_at: date | None = None) -> None:
        known = known_at.isoformat() if known_at else ""
        # The interpreter that runs us, this module's main, a folder, a date and names: no shell.
        self._child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", _CHILD, str(root.resolve()), known, column, *measures],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def result(self) -> Segmented:
        """What was found; waits for it. KpituiError where the child failed or was abandoned."""
        import msgspec

        from kpitui.measurements.values import Segmented

        values, said = self._child.communicate()
        try:
            return msgspec.msgpack.decode(values, type=Segmented)
        except msgspec.DecodeError:
            lines = said.decode(errors="replace").strip().splitlines()
            raise KpituiError(f"the segments could not be read: {lines[-1] if lines else 'abandoned'}") from None

    def abandon(self) -> None:
        """Stop reading; `result` then raises."""
        if self._child.poll() is None:
            self._child.kill()


def main() -> None:
    """The child: read the workspace named on the command line, write what was found to standard output."""
    import msgspec

    from kpitui.definitions.load import load
    from kpitui.measurements.segments import read_segments

    # Whatever a library prints must not get between.
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        root, known, column, *measures = sys.argv[1:]
        known_at = date.fromisoformat(known) if known else None
        try:
            definitions, _ = load(Path(root))
            found = read_segments(definitions, Path(root), column, measures, known_at=known_at)
            out.write(msgspec.msgpack.encode(found))
        except KpituiError as error:
            sys.exit(str(error))

"""Reading measurements in a process of its own.

A screen that waits for figures would otherwise share its interpreter with Polars' import and with every row that is
checked. A child reads while the parent draws; it can be abandoned at any moment, and whatever a damaged file does to
it stays there. What comes back are plain values in MessagePack; the child's standard error explains a failure.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kpitui.problems import KpituiError

if TYPE_CHECKING:
    from kpitui.measurements.values import Measured

_CHILD = "from kpitui.measurements.process import main; main()"


class Reading:
    """A reading that is under way."""

    def __init__(self, root: Path) -> None:
        self._root = root
        # The interpreter that runs us, this module's main, and a folder: no shell, nothing from outside.
        self._child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", _CHILD, str(root.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def result(self) -> Measured:
        """What was measured; waits for it. Raises KpituiError where the child failed or was abandoned."""
        out, err = self._child.communicate()
        if self._child.returncode != 0:
            lines = err.decode(errors="replace").strip().splitlines()
            reason = lines[-1] if lines else f"ended with status {self._child.returncode}"
            raise KpituiError(f"the measurements in {self._root} could not be read: {reason}")
        # Imported here, so that the child starts before its parent has imported anything large.
        import msgspec

        from kpitui.measurements.values import Measured

        return msgspec.msgpack.decode(out, type=Measured)

    def abandon(self) -> None:
        """Stop reading; `result` then raises."""
        if self._child.poll() is None:
            self._child.kill()


def main() -> None:
    """The child: read the workspace named on the command line, write what was measured to standard output."""
    gc.disable()  # a process that ends with its answer has nothing to collect
    import msgspec

    from kpitui.definitions.load import load
    from kpitui.measurements.aggregate import read

    root = Path(sys.argv[1])
    try:
        definitions, _ = load(root)
        measured = read(definitions, root)
    except KpituiError as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(msgspec.msgpack.encode(measured))
    sys.stdout.buffer.flush()

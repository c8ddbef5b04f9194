"""Reading measurements in a process of its own.

A screen that waits for figures would otherwise share its interpreter with Polars' import and with every row that is
checked. A child reads while the parent draws; it can be abandoned at any moment, and whatever a damaged file does to
it stays there. It tells how far it is in lines that begin with P; what comes back after the line R are plain values
in MessagePack; the child's standard error explains a failure.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, BinaryIO, cast

from kpitui.problems import KpituiError

if TYPE_CHECKING:
    from kpitui.measurements.progress import Progress, Tell
    from kpitui.measurements.values import Measured

ABANDONED = "the reading was abandoned"
_CHILD = "from kpitui.measurements.process import main; main()"
_NO_CACHE = "--no-cache"
_KNOWN_AT = "--known-at="
_TELL_EVERY = 0.1
"""Seconds."""


class Reading:
    """A reading that is under way."""

    def __init__(self, root: Path, *, use_cache: bool = True, known_at: date | None = None) -> None:
        self._root = root
        self._abandoned = False
        options = [_NO_CACHE] * (not use_cache) + [f"{_KNOWN_AT}{known_at}"] * (known_at is not None)
        # The interpreter that runs us, this module's main, and a folder: no shell, nothing from outside.
        self._child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", _CHILD, str(root.resolve()), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._said = b""
        # Beside, for a child that fills one pipe must not wait for who reads the other.
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        with cast("BinaryIO", self._child.stderr) as said:
            self._said = said.read()
        # A child that has delivered still writes the cache; nobody but this thread waits for that.
        self._child.wait()

    def result(self, tell: Tell | None = None) -> Measured:
        """What was measured; waits for it, and tells how far it is.

        Raises KpituiError where the child failed or was abandoned.
        """
        # Imported here, so that the child starts before its parent has imported anything large.
        import msgspec

        from kpitui.measurements.progress import Progress
        from kpitui.measurements.values import Measured

        with cast("BinaryIO", self._child.stdout) as out:
            for line in iter(out.readline, b""):
                if line == b"R\n":
                    break
                if tell is not None and line[:1] == b"P":
                    tell(msgspec.json.decode(line[1:], type=Progress))
            values = out.read()
        if values and not self._abandoned:
            try:
                return msgspec.msgpack.decode(values, type=Measured)
            except msgspec.DecodeError:
                # It ended in the middle of its answer; what it said of that is told below.
                pass
        self._listener.join()
        if self._abandoned:
            raise KpituiError(ABANDONED)
        lines = self._said.decode(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else f"ended with status {self._child.returncode}"
        raise KpituiError(f"the measurements in {self._root} could not be read: {reason}")

    def abandon(self) -> None:
        """Stop reading; `result` then raises."""
        self._abandoned = True
        if self._child.poll() is None:
            self._child.kill()


def main() -> None:
    """The child: read the workspace named on the command line, write what was measured to standard output."""
    gc.disable()  # a process that ends with its answer has nothing to collect
    import msgspec

    from kpitui.definitions.load import load
    from kpitui.measurements.cache import read_through

    # Whatever a library prints must not get between.
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        told = 0.0

        def tell(progress: Progress) -> None:
            nonlocal told
            if time.monotonic() - told >= _TELL_EVERY:
                told = time.monotonic()
                out.write(b"P" + msgspec.json.encode(progress) + b"\n")
                out.flush()

        def deliver(measured: Measured) -> None:
            out.write(b"R\n" + msgspec.msgpack.encode(measured))
            out.close()

        root = Path(sys.argv[1])
        options = sys.argv[2:]
        days = (option.removeprefix(_KNOWN_AT) for option in options if option.startswith(_KNOWN_AT))
        known_at = next(map(date.fromisoformat, days), None)
        try:
            definitions, _ = load(root)
            read_through(
                definitions, root, use_cache=_NO_CACHE not in options, known_at=known_at, tell=tell, deliver=deliver
            )
        except KpituiError as error:
            sys.exit(str(error))

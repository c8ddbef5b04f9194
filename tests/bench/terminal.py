"""A program in a pseudo-terminal, and the screen that it draws."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import pyte


class Caused(NamedTuple):
    """What a key made a program send."""

    last: float
    """Seconds until the last byte; 0 where nothing came."""
    count: int
    """Bytes."""


class Terminal:
    """Runs a command as a terminal would; ends it where it has not ended by itself."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._fd, theirs = pty.openpty()
        self._hung_up = False
        self.sent = bytearray()
        """All that came from the program so far."""
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        inherited = os.environ if env is None else env
        # The terminal says how large it is; pytest-xdist names another size to its workers.
        known = {name: value for name, value in inherited.items() if name not in ("COLUMNS", "LINES")}
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            cwd=cwd,
            env={**known, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
        )
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if not self._hung_up:
            os.close(self._fd)

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)

    def wait_for(self, text: str, seconds: float = 20) -> float:
        """Seconds from the start of the program until the text stands on the screen; raises TimeoutError."""
        end = time.perf_counter() + seconds
        while text not in self.text:
            if time.perf_counter() > end or not self._read(0.2):
                raise TimeoutError(f"{text!r} did not come; on the screen was:\n{self.text}")
        return time.perf_counter() - self.started

    def wait_until_gone(self, text: str, seconds: float = 20) -> None:
        """Wait until the text stands on the screen no more; raises TimeoutError."""
        end = time.perf_counter() + seconds
        while text in self.text:
            if time.perf_counter() > end or not self._read(0.2):
                raise TimeoutError(f"{text!r} did not go; on the screen was:\n{self.text}")

    def run_for(self, seconds: float) -> None:
        """Let the program go on, and take what it draws."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0 and self._read(left):
            pass

    def hang_up(self, seconds: float = 20) -> int:
        """Close the terminal; the exit status of the program, or TimeoutExpired where it goes on."""
        os.close(self._fd)
        self._hung_up = True
        return self._process.wait(seconds)

    def kill(self) -> None:
        """End the program so that it can do nothing about it."""
        self._process.kill()
        self._process.wait()

    def press(self, keys: str) -> None:
        os.write(self._fd, keys.encode())

    def paste(self, text: str) -> None:
        """Give a text as terminals do that tell pasting from typing."""
        self.press(f"\x1b[200~{text}\x1b[201~")

    def click(self, text: str, *, across: int = 0) -> None:
        """Click so many cells right of where such a text begins, once there is one; the first, from the top."""
        self.wait_for(text)
        y, line = next((y, line) for y, line in enumerate(self.text.split("\n")) if text in line)
        self.click_at(line.index(text) + across, y)

    def click_at(self, x: int, y: int) -> None:
        """Press and release the left button on a cell, counted from 0."""
        self.press(f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m")

    def wheel(self, x: int, y: int, notches: int) -> None:
        """Turn the wheel over a cell: down, or up where negative."""
        button = 65 if notches > 0 else 64
        self.press(f"\x1b[<{button};{x + 1};{y + 1}M" * abs(notches))

    def settle(self, quiet: float = 0.15) -> Caused:
        """Read until nothing comes for so many seconds: when the last byte came, counted from now, and how many.

        It is drawn afterwards: pyte takes as long for a screen as the program does, which would wait for it.
        """
        started, last, came = time.perf_counter(), 0.0, b""
        while (received := self._receive(quiet)) is not None and received:
            last, came = time.perf_counter() - started, came + received
        self._take(came)
        return Caused(last, len(came))

    def wait_for_end(self, seconds: float = 20) -> int:
        """The program's exit status; raises TimeoutError where it does not end."""
        end = time.perf_counter() + seconds
        while self._read(0.2):
            if time.perf_counter() > end:
                raise TimeoutError(f"it did not end; on the screen was:\n{self.text}")
        return self._process.wait(timeout=max(0.1, end - time.perf_counter()))

    def _read(self, seconds: float) -> bool:
        """Take what comes within the time; False once the program has closed its end."""
        data = self._receive(seconds)
        if data:
            self._take(data)
        return data is not None

    def _take(self, data: bytes) -> None:
        self.sent += data
        self._stream.feed(data)

    def _receive(self, seconds: float) -> bytes | None:
        """What comes within the time; None once the program has closed its end."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return b""
        try:
            return os.read(self._fd, 65536) or None
        except OSError:  # Linux says EIO where others say end of file
            return None

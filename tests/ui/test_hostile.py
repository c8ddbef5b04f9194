"""Names and texts that would do something, if they reached a widget as markup or the terminal as control codes."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

import pytest

from tests.ui.helpers import SETTINGS, on_screen, running, write_workspace

HOSTILE = [
    "[/b]",
    "[@click=app.quit]x[/]",
    "Revenue [EUR]",
    "title \\u001b]0;owned\\u0007 end",
    "clip \\u001b]52;c;aGVsbG8=\\u0007",
    "c1 \\u009b31m red",
    "bidi \\u202egnp.exe",
    "日本語の指標",
    "family 👩\\u200d👩\\u200d👧",
    "x" * 300,
    "",
]


def hostile_workspace(root: Path) -> Path:
    kpis = "".join(
        f'[kpi.h{i}]\nname = "{name}"\nsource = "crm"\ncolumn = "leads"\naggregate = "sum"\nowner = "{name}"\n'
        f'question = "{name}"\nunit = "{name if i != 10 else "number"}"\n'
        f'target = [{{ from = 2025-01-01, value = 100, reason = "{name}" }}]\n'
        for i, name in enumerate(HOSTILE)
    )
    settings = SETTINGS.replace('name = "Acme"', 'name = "[/b]Ac\\u001bme[red]"') + kpis
    return write_workspace(root, settings)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_names_are_shown_as_they_are_written(tmp_path: Path, size: tuple[int, int]) -> None:
    root = hostile_workspace(tmp_path / "hostile")
    async with running(root, size) as (app, pilot):
        screen = on_screen(app)
        assert "[/b]Ac␛me" in screen
        assert "[@click=app.qui" in screen
        assert "日本語" in screen
        for kpi in [f"h{i}" for i in range(len(HOSTILE))]:
            app.focused_kpi = kpi
            await pilot.press("2")
            await pilot.pause()
            await pilot.press(
                "i", "n", "x", "escape", "question_mark", "escape", "exclamation_mark", "escape", "escape"
            )
            await pilot.pause()
        assert app.is_running
        assert not app.return_code


def test_no_control_code_of_a_file_reaches_the_terminal(tmp_path: Path) -> None:
    """In a real pseudo-terminal: what the program sends holds none of the sequences that the names ask for."""
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    root = hostile_workspace(tmp_path / "hostile")
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="120", LINES="40")
        os.execv(sys.executable, [sys.executable, "-m", "kpitui", str(root)])  # noqa: S606
    sent = _read_until(fd, b"FIND THE CAUSE")
    for key in [b"j"] * 8 + [b"\r", b"n", b"hello", b"\r", b"?", b"\x1b", b"!", b"\x1b", b"q"]:
        os.write(fd, key)
        sent += _read_for(fd, 0.25)
    sent += _read_for(fd, 2.0)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert b"owned" in sent
    # Textual itself sets the pointer's shape.
    assert set(re.findall(rb"\x1b\](\d+)", sent)) <= {b"22"}
    assert "\x9b".encode() not in sent
    assert "\u202e".encode() not in sent
    assert "\u200d".encode() not in sent
    # Whatever control codes there are, are the program's own kinds.
    kinds = set(re.findall(rb"\x1b[\[\]P^_]", sent))
    assert kinds <= {b"\x1b[", b"\x1bP", b"\x1b]"}


def _read_until(fd: int, needle: bytes) -> bytes:
    sent, end = b"", time.monotonic() + 30
    while needle not in sent:
        assert time.monotonic() < end, f"never shown: {sent[-2000:]!r}"
        sent += _read_for(fd, 0.1)
    return sent


def _read_for(fd: int, seconds: float) -> bytes:
    import select

    sent, end = b"", time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([fd], [], [], left)[0]:
            try:
                data = os.read(fd, 65536)
            except OSError:
                break
            if not data:
                break
            sent += data
    return sent

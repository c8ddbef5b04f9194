"""Names and texts that would do something, if they reached a widget as markup or the terminal as control codes."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
import time
from pathlib import Path

import pytest

from kpitui.workspace.opening import Workspace
from tests.ui.helpers import SETTINGS, months, on_screen, running, write_workspace

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


_NEVER_EMPTY = [name or "nothing" for name in HOSTILE]
DRILLED = 3
"""KPIs that the pseudo-terminal is walked through: each shows all of the texts around its chart."""


def drilled_workspace(root: Path) -> Path:
    """Every hostile text as an event, note, cause, target's reason, owner, segment, column and source of a few KPIs."""
    texts = _NEVER_EMPTY
    kpis = "".join(
        f'[source."s{i}"]\nfiles = "measurements/h.csv"\ndate = "month"\nfrequency = "monthly"\n'
        f'segments = ["region"]\n'
        f'[kpi.h{i}]\nname = "{name}"\nsource = "s{i}"\ncolumn = "leads"\naggregate = "sum"\nowner = "{name}"\n'
        f'question = "{name}"\nassumption = "{name}"\ndata_source = "{name}"\nobjective = "{name}"\n'
        f'benchmark = {{ low = 90, high = 110, source = "{name}" }}\n'
        f'target = [{{ from = 2025-01-01, value = 2000, reason = "old" }}, '
        f'{{ from = 2026-02-01, value = 2100, reason = "{name}" }}]\n'
        for i, name in enumerate(texts[:DRILLED])
    )
    root = write_workspace(root, SETTINGS + kpis)
    decoded = [json.loads(f'"{text}"') for text in texts]
    with (root / "events.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["date", "kpi", "text"], *(["2026-03-02", "", text] for text in decoded)])
    with (root / "measurements" / "h.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [[month, 100 + at % 5, text] for at, month in enumerate(months(22)) for text in decoded]
        csv.writer(file).writerows([["month", "leads", "region"], *rows])
    workspace = Workspace.open(root)
    row = workspace.row(workspace.kpi("h0"), workspace.last_ended(workspace.usual_grain))
    for at, text in enumerate(decoded):
        workspace.record(("note", "cause", "decision")[at % 3], row, text, by=text)
    return root


def assert_harmless(sent: bytes) -> None:
    """None of the sequences that the texts ask for, and no control code but the program's own kinds."""
    # Textual itself sets the pointer's shape.
    assert set(re.findall(rb"\x1b\](\d+)", sent)) <= {b"22"}
    for code in ("\x9b", "\u202e", "\u200d"):
        assert code.encode() not in sent
    assert set(re.findall(rb"\x1b[\[\]P^_]", sent)) <= {b"\x1b[", b"\x1bP", b"\x1b]"}


def test_no_control_code_reaches_the_terminal_by_the_drill_down(tmp_path: Path) -> None:
    """Chart, marks' texts, facts, records, segments and a form, in a pseudo-terminal."""
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    root = drilled_workspace(tmp_path / "hostile")
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="120", LINES="40")
        os.execv(sys.executable, [sys.executable, "-m", "kpitui", str(root)])  # noqa: S606
    sent = _read_until(fd, b"FIND THE CAUSE")
    os.write(fd, b"J\r")
    sent += _read_until(fd, b"RECORD")
    for _ in range(DRILLED):
        # Why by segment and a finding, links.
        for key in [b"h", b"\x1b[B", b"m", b"\r", b"\x1b", b"l", b"l"]:
            os.write(fd, key)
            sent += _read_for(fd, 0.3)
        # Facts and their end, views, segments, a mark, limits, a form, the next KPI.
        for key in [b"i", b"\x1b[F", b"i", b"w", b"w", b"s", b"m", b"\x1b[D", b"b", b"\x1b", b"\r", b"\x1b", b"J"]:
            os.write(fd, key)
            sent += _read_for(fd, 0.2)
    os.write(fd, b"\x11")
    sent += _read_for(fd, 2.0)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    for told in (b"[/b]", b"[@click=app.quit]", b"owned", b"aGVsbG8=", "日本語の指標".encode(), b"by region"):
        assert told in sent, told
    assert_harmless(sent)


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
    for key in [b"j"] * 8 + [
        b"\r",
        b"n",
        b"hello",
        b"\r",
        b"?",
        b"\x1b",
        b"!",
        b"\x1b",
        b"3",
        b"m",
        b"w",
        b"?",
        b"\x1b",
        b"q",
    ]:
        os.write(fd, key)
        sent += _read_for(fd, 0.25)
    sent += _read_for(fd, 2.0)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert b"owned" in sent
    assert_harmless(sent)


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

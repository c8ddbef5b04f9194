"""Where copied text goes: the system's clipboard, the terminal's over SSH, else a file."""

from __future__ import annotations

import sys
from base64 import b64decode
from pathlib import Path

import pytest

from kpitui.ui.clipboard import LONGEST_SEQUENCE, copy_by_program, programs, takes_sequence
from kpitui.workspace.state_folder import state_folder
from tests.ui.helpers import on_screen, running, write_workspace

LEADS = "■ BEHIND · Oct 2026 · Leads: 70 against 100, worse since Oct 2026; usual was 91.0–107.\n"
"""The first line of what is copied of a row."""


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme")


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o700)


@pytest.mark.parametrize(
    ("environment", "platform", "names"),
    [
        ({}, "linux", []),
        ({}, "darwin", ["pbcopy"]),
        ({"DISPLAY": ":0"}, "linux", ["xclip", "xsel"]),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "linux", ["wl-copy", "xclip", "xsel"]),
        ({"DISPLAY": ":0", "TMUX": "/tmp/x"}, "linux", ["xclip", "xsel", "tmux"]),  # noqa: S108 - never opened
        ({"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"}, "linux", []),
        ({"SSH_TTY": "/dev/pts/1", "TMUX": "x"}, "darwin", ["tmux"]),
    ],
)
def test_the_programs_to_try(environment: dict[str, str], platform: str, names: list[str]) -> None:
    assert [each.arguments[0] for each in programs(environment, platform)] == names


def test_the_terminal_is_asked_over_ssh_only_and_not_for_too_much() -> None:
    ssh = {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}
    assert takes_sequence(ssh, "x" * LONGEST_SEQUENCE)
    assert not takes_sequence(ssh, "x" * LONGEST_SEQUENCE + "x")
    assert not takes_sequence(ssh, "é" * (LONGEST_SEQUENCE // 2 + 1))
    assert not takes_sequence({}, "x")
    assert not takes_sequence(ssh | {"STY": "1.pts"}, "x")
    assert not takes_sequence(ssh | {"TMUX": "x"}, "x")


def test_a_program_that_fails_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program(tmp_path, "xclip", "exit 1")
    program(tmp_path, "xsel", f'cat > "{tmp_path}/got"; echo "$@" > "{tmp_path}/args"')
    assert copy_by_program("€ 5\n") == "the clipboard"
    assert (tmp_path / "got").read_text(encoding="utf-8") == "€ 5\n"
    assert (tmp_path / "args").read_text() == "--clipboard --input\n"
    program(tmp_path, "xsel", "exec sleep 60")
    assert copy_by_program("x") is None


async def test_the_clipboard_is_named(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program(tmp_path, "wl-copy", f'cat > "{tmp_path}/got"')
    async with running(root) as (app, pilot):
        await pilot.press("y")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "Copied to the clipboard: Leads." in on_screen(app)
    assert (tmp_path / "got").read_text(encoding="utf-8").startswith(LEADS)


async def test_without_one_it_is_a_file_of_ones_own(root: Path, home: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        await pilot.press("y")
        await app.workers.wait_for_complete()
        await pilot.pause()
        path = state_folder(root) / "copied.txt"
        screen = on_screen(app)
        assert "Copied to a file" in screen
        assert "no clipboard was found" in screen
        told = "".join(line.strip(" ▌▐│┃") for line in screen.split("\n"))
        assert f"~/{path.relative_to(home)}" in told.replace(" ", "")
    assert path.read_text(encoding="utf-8").startswith(LEADS)
    assert path.stat().st_mode & 0o777 == 0o600


def test_over_ssh_the_terminal_gets_it_and_nothing_else(
    root: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/9")
    running_in = pytest.importorskip("terminal", reason="needs a pseudo-terminal")
    with running_in.Terminal([sys.executable, "-m", "kpitui", str(root)]) as terminal:
        terminal.wait_for("Leads")
        terminal.press("y")
        terminal.wait_for("OSC 52")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    sent = bytes(terminal.sent)
    [sequence] = sent.split(b"\x1b]52;c;")[1:]
    assert b64decode(sequence.partition(b"\a")[0]).decode().startswith(LEADS)
    assert not list(home.rglob("copied.txt"))

"""The person's editor: how it is started, and long texts that go there and come back."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from kpitui.problems import KpituiError
from kpitui.ui.editor import command, edit_text
from kpitui.ui.widgets.typed import TypedText
from kpitui.workspace.state_folder import state_folder
from tests.ui.helpers import on_screen, running, write, write_workspace

Script = Callable[[str], None]


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """Makes an editor of a shell script; its file is `$1`."""

    def make(text: str) -> None:
        path = tmp_path / "an editor"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o700)
        monkeypatch.setenv("VISUAL", f"'{path}'")

    return make


@pytest.mark.parametrize(
    ("editor", "arguments"),
    [
        (["vim"], ["vim", "+12", "/a b.toml"]),
        (["/usr/bin/nano", "-w"], ["/usr/bin/nano", "-w", "+12", "/a b.toml"]),
        (["hx"], ["hx", "/a b.toml:12"]),
        (["code"], ["code", "--wait", "--goto", "/a b.toml:12"]),
        (["code", "-w"], ["code", "-w", "--goto", "/a b.toml:12"]),
        (["gvim"], ["gvim", "--nofork", "+12", "/a b.toml"]),
        (["subl"], ["subl", "--wait", "/a b.toml:12"]),
        (["ed"], ["ed", "/a b.toml"]),
    ],
)
def test_the_line_is_told_as_the_editor_takes_it_and_its_window_is_waited_for(
    editor: list[str], arguments: list[str]
) -> None:
    assert command(editor, Path("/a b.toml"), 12) == arguments


def test_a_text_goes_there_and_comes_back(tmp_path: Path, script: Script) -> None:
    script('cat "$1" > "$(dirname "$0")/seen"; printf "one\\r\\n$HOME; é\\n" > "$1"')
    assert edit_text("was\nhere", tmp_path / "state") == "one\n$HOME; é".replace("$HOME", str(Path.home()))
    assert (tmp_path / "seen").read_text() == "was\nhere\n"
    assert list((tmp_path / "state").iterdir()) == []


@pytest.mark.parametrize("text", ["", "a", "a\n", "a\n\nb"])
def test_what_is_not_changed_comes_back_as_it_was(tmp_path: Path, script: Script, text: str) -> None:
    script("true")
    assert edit_text(text, tmp_path) == text


def test_what_an_editor_saved_before_it_failed_stays(tmp_path: Path, script: Script) -> None:
    script("exit 1")
    with pytest.raises(KpituiError, match=r"ended with status 1: the text is as it was$"):
        edit_text("a", tmp_path / "state")
    assert list((tmp_path / "state").iterdir()) == []
    script('echo half > "$1"; exit 2')
    with pytest.raises(KpituiError, match="what it saved is in ") as told:
        edit_text("a", tmp_path / "state")
    [kept] = (tmp_path / "state").iterdir()
    assert str(kept) in str(told.value)
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == ("half\n", 0o600)


def test_what_is_no_text_is_left_where_it_is(tmp_path: Path, script: Script) -> None:
    script('printf "\\377" > "$1"')
    with pytest.raises(KpituiError, match="cannot be read"):
        edit_text("a", tmp_path / "state")
    assert len(list((tmp_path / "state").iterdir())) == 1


async def test_a_long_text_is_edited_and_taken_back_in_one_step(
    tmp_path: Path, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script('printf "They moved.\\nAsk [b]ops[/b].\\n" > "$1"')
    root = write_workspace(tmp_path / "acme")
    async with running(root) as (app, pilot):
        monkeypatch.setattr(app, "suspend", nullcontext)
        await pilot.press("n")
        await write(pilot, "They went away.")
        await pilot.press("enter", "enter")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        area = app.screen.query_one(TypedText)
        assert "Editor  ctrl+o" in on_screen(app)
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert area.text == "They moved.\nAsk [b]ops[/b]."
        await pilot.press("ctrl+z")
        assert area.text == "They went away."
        await pilot.press("ctrl+y", "ctrl+s")
        await pilot.pause()
    [file] = (root / "reviews").glob("*.toml")
    [note] = tomllib.loads(file.read_text(encoding="utf-8"))["note"].values()
    assert note["text"] == "They moved.\nAsk [b]ops[/b]."


async def test_without_an_editor_the_text_stays_and_why_is_said(
    tmp_path: Path, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    root = write_workspace(tmp_path / "acme")
    async with running(root) as (app, pilot):
        await pilot.press("n")
        await write(pilot, "They went away.")
        await pilot.press("enter", "enter")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        area = app.screen.query_one(TypedText)
        await write(pilot, " Now typed.")
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert "No editor can be opened here." in on_screen(app)
        monkeypatch.setattr(app, "suspend", nullcontext)
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert "no editor is set: set $VISUAL or $EDITOR" in on_screen(app)
        script('echo half > "$1"; kill -9 $$')
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert "ended with status -9" in on_screen(app)
        assert "Now typed." in area.text
    kept = (state_folder(root) / "drafts").glob("*.json")
    assert any("Now typed." in file.read_text(encoding="utf-8") for file in kept)

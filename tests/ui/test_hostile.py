"""Names and texts that would do something, if they reached a widget as markup or the terminal as control codes."""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kpitui.workspace.opening import Workspace
from kpitui.workspace.state_folder import state_folder
from tests.ui.helpers import SETTINGS, at_each_size, months, running, write_workspace

if TYPE_CHECKING:
    from terminal import Terminal

HOSTILE = [
    "[/b]",
    "[@click=app.quit]x[/]",
    "Revenue [EUR]",
    "title \x1b]0;owned\x07 end",
    "clip \x1b]52;c;aGVsbG8=\x07",
    "c1 \x9b31m red",
    "bidi \u202egnp.exe",
    "日本語の指標",
    "family 👩\u200d👩\u200d👧",
    "x" * 300,
    "",
]
EVERYTHING = "[/b][@click=app.quit]x[/] \x1b]52;c;aGVsbG8=\x07 \x9b31m \u202e 日本語 👩\u200d👧"
"""Where one text must do."""
ESC, END, LEFT, CLEAR = "\x1b", "\x1b[F", "\x1b[D", "\x15"
PASTED = EVERYTHING.replace(ESC, "")
"""Terminals take escapes out of what is pasted, or its end could be faked."""


def toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def hostile_workspace(root: Path) -> Path:
    """Each of the texts wherever a workspace may hold one, and another one than it where something must be there."""
    settings = SETTINGS.replace('name = "Acme"', f"name = {toml(EVERYTHING)}").replace(
        'name = "Operations"', f"name = {toml(EVERYTHING)}\nteam = {toml(EVERYTHING)}"
    )
    for i, text in enumerate(HOSTILE):
        said, some = toml(text), toml(text or "nothing")
        settings += f"""
[objective.o{i}]
title = {said}
[view.v{i}]
filter = {said}
[source.s{i}]
files = "measurements/{"w" if i == 0 else "h"}*.csv"
date = "month"
frequency = "monthly"
segments = [{toml(EVERYTHING)}]
[kpi.h{i}]
name = {said}
source = "s{i}"
column = {some}
aggregate = "sum"
unit = {some}
owner = {said}
team = {said}
stage = {said}
initiative = {said}
objective = "o{i}"
question = {said}
assumption = {said}
data_source = {said}
frequency = {said}
benchmark = {{ low = 90, high = 110, source = {said} }}
target = [
  {{ from = 2025-01-01, value = 2000, reason = "old" }}, {{ from = 2026-02-01, value = 2100, reason = {said} }}
]
{some} = 1
"""
    top = " + ".join(f"h{i}" for i in range(len(HOSTILE)))
    settings += f'[kpi.top]\nname = {toml(EVERYTHING)}\nformula = "{top}"\n'
    settings += "".join(f'[[kpi.{kpi}.predicts]]\nkpi = "h1"\nlag = 1\n' for kpi in ("h0", "h2", "h3", "h5", "leads"))
    root = write_workspace(root, settings)
    (root / "kpis").mkdir()
    (root / "kpis" / f"{EVERYTHING.replace('/', '')}.toml").write_text(f"[kpi.{toml(EVERYTHING)}]\n", encoding="utf-8")
    with (root / "events.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["date", "kpi", "text"], *(["2026-03-02", "", text] for text in HOSTILE)])
    columns = [text or "nothing" for text in HOSTILE]
    figures = [(month, [100 + at % 5] * len(HOSTILE)) for at, month in enumerate(months(22))]
    rows = [[month, text, *values] for month, values in figures for text in columns]
    wrong = [["2026-10", EVERYTHING, *[EVERYTHING] * len(HOSTILE)], [EVERYTHING, "a", *["1"] * len(HOSTILE)]]
    for letter, written in (("h", rows), ("w", [*rows, *wrong])):
        named = letter + EVERYTHING.replace("/", "") + ".csv"
        with (root / "measurements" / named).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["month", EVERYTHING, *columns], *written])
    workspace = Workspace.open(root)
    row = workspace.row(workspace.kpi("leads"), workspace.last_ended(workspace.usual_grain))
    for at, text in enumerate(columns):
        workspace.record(("note", "cause", "decision")[at % 3], row, text, by=text)
    row = workspace.row(workspace.kpi("h1"), row.point.period)
    for text in columns:
        workspace.record("action", row, text, by=text)
    chosen = state_folder(root) / "columns.json"
    chosen.parent.mkdir(parents=True, exist_ok=True)
    chosen.write_text(json.dumps(["actual", "signal", "owner", "team", "stage", "objective", EVERYTHING]))
    return root


def assert_harmless(sent: bytes) -> None:
    """None of the sequences that the texts ask for, and no control code but the program's own kinds."""
    # Textual itself sets the pointer's shape.
    assert set(re.findall(rb"\x1b\](\d+)", sent)) <= {b"22"}
    for code in ("\x9b", "\u202e", "\u200d"):
        assert code.encode() not in sent
    assert set(re.findall(rb"\x1b[\[\]P^_]", sent)) <= {b"\x1b[", b"\x1bP", b"\x1b]"}


def walk(terminal: Terminal, *keys: str) -> None:
    """Each key by itself, so that what it shows is drawn."""
    for key in keys:
        terminal.press(key)
        # After an escape a terminal's program waits for the rest of a sequence.
        terminal.settle(0.15 if key == ESC else 0.05)


@pytest.fixture
def root(tmp_path: Path, home: Path) -> Path:
    config = home / "config" / "kpitui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f"by = {toml(EVERYTHING)}\n", encoding="utf-8")
    return hostile_workspace(tmp_path / EVERYTHING.replace("/", ""))


def test_nothing_of_it_reaches_the_terminal(root: Path) -> None:
    """In a real pseudo-terminal: what the program sends holds none of the sequences that the texts ask for."""
    running_in = pytest.importorskip("terminal", reason="needs a pseudo-terminal")
    with running_in.Terminal([sys.executable, "-m", "kpitui", str(root)], columns=120, rows=40) as terminal:
        terminal.wait_for("FIND THE CAUSE")
        # The scorecard: groups, views, order, columns, problems, filters.
        walk(terminal, *"ggggggggggVVVVVVVVVVVVsssSS", "C", END, ESC, "!", END, ESC, "?", END, ESC, "/")
        for text in HOSTILE:
            terminal.paste(text.replace(ESC, ""))
            walk(terminal, CLEAR)
        terminal.paste(PASTED)
        walk(terminal, "\r", ESC, "N", "n")
        # A note that is kept as a draft, and saved.
        terminal.paste(PASTED)
        walk(terminal, ESC, "n", "\r")
        terminal.wait_for("saved reviews/")
        # Forms of records, changed, kept as a draft, opened again.
        walk(terminal, "\r")
        terminal.wait_for("RECORD · 12")
        for _ in HOSTILE[:5]:
            walk(terminal, "\r")
            terminal.wait_for("Save  ctrl+s")
            terminal.paste(PASTED)
            walk(terminal, "\t", ESC)
            terminal.wait_until_gone("Save  ctrl+s")
            walk(terminal, "\r")
            terminal.wait_for("What you typed the last time")
            walk(terminal, ESC)
            terminal.wait_until_gone("Save  ctrl+s")
            walk(terminal, "j")
        # The drill-down: panel, views, segments, marks, limits with a reason.
        walk(terminal, "J", "i", END, "i", *"wwww", "s")
        terminal.wait_for("by [/b][@click=app.quit]")
        terminal.wait_until_gone("Reading the segments")
        walk(terminal, "m", LEFT, "m", *[LEFT] * 6, "b")
        terminal.paste(PASTED)
        walk(terminal, "\r", "f", *"JJJJ")
        # Definitions that cannot be read any more are told in a notification.
        (root / "kpitui.toml").write_text(f"[workspace]\nname = {toml(EVERYTHING)}\n{EVERYTHING}\n", encoding="utf-8")
        walk(terminal, "r")
        terminal.wait_for("Not read")
        assert "␊" not in terminal.text
        walk(terminal, "\x11")
        assert terminal.wait_for_end() == 0
    told = ("[/b]", "[@click=app.quit]x[/]", "␛]0;owned␇", "␛]52;c;aGVsbG8=␇", "日本語の指標", "[EUR]", "�gnp.exe")
    assert [text for text in told if text.encode() not in terminal.sent] == []
    assert_harmless(bytes(terminal.sent))


def test_nothing_of_it_reaches_the_terminal_by_why_tree_actions_and_review(root: Path) -> None:
    running_in = pytest.importorskip("terminal", reason="needs a pseudo-terminal")
    with running_in.Terminal([sys.executable, "-m", "kpitui", str(root)], columns=120, rows=40) as terminal:
        terminal.wait_for("FIND THE CAUSE")
        # Why: by segments, two of them compared, against a year before, a finding; links, one of them followed.
        walk(terminal, "J", "\r", "J", "h")
        terminal.wait_for("by [/b][@click=app.quit]")
        walk(terminal, "m", "j", "m", "p", "w", "s", "s", "\r")
        terminal.wait_for("→ cause")
        walk(terminal, ESC, "l")
        walk(terminal, *"jj\r", ESC, ESC)
        # The tree, its walk, the funnel.
        walk(terminal, "3", END, *"mmm", "b", "w", *"jjjj", "w")
        # Actions: by owner, by KPI, followed up; all fields.
        walk(terminal, "5")
        terminal.wait_for("11 open")
        walk(terminal, *"jjj", "g", "g", "o", "\r", "A", "e")
        terminal.wait_for("Save  ctrl+s")
        walk(terminal, ESC)
        terminal.wait_until_gone("Save  ctrl+s")
        # The glossary, filtered, and a definition's place.
        walk(terminal, "6")
        terminal.wait_for("lack something")
        walk(terminal, *"jjj", "x", "/", *"own", "\r", ESC, ESC)
        # A review: its steps, a verdict, a memo, another target, the end.
        walk(terminal, "4", "\r")
        terminal.wait_for("1 Picture")
        walk(terminal, *">j>jj")
        walk(terminal, "M")
        terminal.paste(PASTED)
        walk(terminal, "\r")
        terminal.wait_for("Kept on this machine only")
        walk(terminal, "v")
        terminal.wait_for("⏎ accepts")
        walk(terminal, "\r", "t")
        terminal.wait_for("Save  ctrl+s")
        terminal.paste(PASTED)
        walk(terminal, "\x13", ESC, *">>j>S")
        terminal.wait_for("Sign off  ⏎")
        walk(terminal, "\r")
        terminal.wait_for("signed off ")
        walk(terminal, "\x11")
        assert terminal.wait_for_end() == 0
    told = ("[/b]", "[@click=app.quit]x[/]", "␛]0;owned␇", "日本語の指標", "[EUR]", "�gnp.exe")
    assert [text for text in told if text.encode() not in terminal.sent] == []
    assert_harmless(bytes(terminal.sent))


def test_nothing_of_it_reaches_the_terminal_that_a_room_looks_at(root: Path) -> None:
    running_in = pytest.importorskip("terminal", reason="needs a pseudo-terminal")
    with running_in.Terminal(
        [sys.executable, "-m", "kpitui", "--present", str(root)], columns=120, rows=40
    ) as terminal:
        terminal.wait_for("1 of 13")
        walk(terminal, *" " * (len(HOSTILE) + 2))
        terminal.wait_for("again from the first")
        walk(terminal, "\x11")
        assert terminal.wait_for_end() == 0
    told = ("[@click=app.quit]x[/]", "␛]0;owned␇", "日本語の指標", "[EUR]", "�gnp.exe")
    assert [text for text in told if text.encode() not in terminal.sent] == []
    assert_harmless(bytes(terminal.sent))


async def test_every_screen_with_it_is_whole_at_every_size(root: Path) -> None:
    """No line is wider than the terminal, whatever stands in it, and nothing of it is taken for markup."""
    async with running(root) as (app, pilot):
        for kpi, key in (("leads", "n"), ("h4", "i"), ("h7", "n"), ("h8", "i"), ("h9", "w")):
            app.focused_kpi = kpi
            await pilot.press("2", key)
            async for _, lines in at_each_size(app, pilot):
                assert "RECORD" in "\n".join(lines)
            await pilot.press("escape", "1")
        async for _, lines in at_each_size(app, pilot):
            assert "[/b]" in lines[0]
            assert "[@click=app.qui" in "\n".join(lines)
        for key, told in (("exclamation_mark", "problems"), ("C", "Columns"), ("V", "view v0")):
            await pilot.press(key)
            async for size, lines in at_each_size(app, pilot):
                assert told in "\n".join(lines), (key, size)
            await pilot.press("escape")
        assert app.is_running


async def test_a_folder_that_cannot_be_opened_is_named_as_it_is(tmp_path: Path) -> None:
    root = tmp_path / EVERYTHING.replace("/", "")
    root.mkdir()
    (root / "kpitui.toml").write_text(f"{EVERYTHING}\n", encoding="utf-8")
    async with running(root) as (app, pilot):
        async for _, lines in at_each_size(app, pilot):
            assert "[b][@click=app.quit]x[] ␛]52;c;aGVsbG8=␇ �31m � 日本語" in lines[0]
            assert "no KPI that can be shown" in " ".join(" ".join(lines).split())
            assert not any(sign in "".join(lines) for sign in "\x1b\x07\x9b\u202e\u200d")

"""The one table of keys, and what a person's own file changes of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from textual.binding import Binding

from kpitui.cli import run
from kpitui.ui import keymap
from kpitui.ui.keymap import KeyMap, clashes, load
from kpitui.ui.keys import ACTIONS, WHERE, Action, for_textual, places_of
from kpitui.ui.screens.base import FigureScreen
from tests.ui.helpers import on_screen, running, type_keys, write_workspace

UI = Path(keymap.__file__).parent
ARROWS = {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab"}
MOVES = [action for action in ACTIONS if action.place in ("list", "outline")]
MOVES += [action for action in ACTIONS if action.id.startswith(("kpi.chart_", "kpi.pan_"))]
MOVES += [action for action in ACTIONS if action.id in ("earlier", "later", "next_exception", "previous_exception")]
MOVES += [action for action in ACTIONS if action.place == "present"]
MOVES += [action for action in ACTIONS if action.id in ("review.next_step", "review.previous_step")]


def write_keys(text: str) -> Path:
    """A file of one's own, where the program looks for it."""
    path = keymap.keys_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def told(text: str) -> list[str]:
    """What is wrong with a file, each by its line."""
    return [f"{problem.line} {problem.message}" for problem in load(write_keys(text))[1]]


# The table


def test_every_action_has_an_id_of_its_own() -> None:
    ids = [action.id for action in ACTIONS]
    assert len(set(ids)) == len(ids)
    # A name that is also a table's cannot be written in TOML beside it.
    assert set(ids) & set(WHERE) == set()
    assert "kpi.mark" in ids
    assert "quit" in ids


def test_no_two_actions_have_one_key_where_both_hold() -> None:
    assert [(clash.key, clash.first.id, clash.second.id) for clash in clashes(ACTIONS)] == []


@pytest.mark.parametrize("action", MOVES, ids=lambda action: action.id)
def test_whatever_moves_has_an_arrow_and_a_key_for_those_who_know_vi(action: Action) -> None:
    keys = action.keys
    arrows = [key for key in keys if key.split("+")[-1] in ARROWS]
    assert arrows
    assert [key for key in keys if key not in arrows]


def test_an_arrow_never_stands_alone() -> None:
    moved = [action for action in ACTIONS if any(key.split("+")[-1] in ARROWS for key in action.keys)]
    assert {action.id for action in moved} == {action.id for action in MOVES}


SCREENS = {
    "scorecard": (),
    "kpi": ("enter",),
    "tree": ("3",),
    "review": ("4",),
    "actions": ("5",),
    "definitions": ("6",),
    "present": ("P",),
}


@pytest.mark.parametrize("place", SCREENS)
async def test_on_a_screen_each_key_does_what_the_table_says(tmp_path: Path, place: str) -> None:
    async with running(write_workspace(tmp_path / "acme")) as (app, pilot):
        await pilot.press(*SCREENS[place])
        await pilot.pause(0.2)
        screen = app.screen
        assert isinstance(screen, FigureScreen)
        assert place == screen.PLACE
        active = {key: found.binding.id for key, found in screen.active_bindings.items()}
        here = app.keymap.of(*places_of(screen.PLACE))
        expected = {textual_name(key): action.id for action in here for key in action.keys}
        assert {key: active.get(key) for key in expected} == expected


def textual_name(key: str) -> str:
    """The key as Textual keeps it."""
    (binding,) = Binding.make_bindings([Binding(for_textual([key]), "any")])
    return binding.key


def test_every_figure_screen_has_its_place() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted((UI / "screens").glob("*.py")))
    assert set(re.findall(r'^    PLACE = "(\w+)"$', source, re.MULTILINE)) == set(SCREENS)


def test_keys_in_sentences_are_those_of_actions_that_there_are() -> None:
    found: set[str] = set()
    for path in [*UI.rglob("*.py"), *(UI.parent / "workspace").rglob("*.py")]:
        found |= set(re.findall(r"""\bkey\(["']([\w.]+)["']\)""", path.read_text(encoding="utf-8")))
    assert {"later", "kpi.mark", "scorecard.view"} <= found
    assert found - {action.id for action in ACTIONS} == set()


# A file of one's own


def test_without_a_file_the_usual_keys_hold() -> None:
    usual, problems = load(keymap.keys_file())
    assert problems == []
    assert usual.changed == {}
    assert usual.shown("kpi.mark") == "m"


def test_keys_can_be_exchanged() -> None:
    path = write_keys('[keys]\nwrite.note = "a"\nwrite.action = "n"\n[keys.kpi]\nmark = ["F2", "Ctrl+PgDn", "+"]\n')
    found, problems = load(path)
    assert [str(problem) for problem in problems] == [
        f"{path}:5: keys.kpi.mark: `+` is the key of `coarser` already (give that another one, too; this one keeps `m`)"
    ]
    assert found.changed == {"write.note": ["a"], "write.action": ["n"]}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('note = "x"', "there is no action `note`"),
        ('kpi.makr = "x"', "there is no action `kpi.makr`"),
        ('kpi.mark = ""', "expected a key, or a list of keys"),
        ("kpi.mark = 5", "expected a key, or a list of keys"),
        ("kpi.mark = []", "expected a key, or a list of keys"),
        ('kpi.mark = "pageupp"', "`pageupp` is no key"),
        ('kpi.mark = "Cmd+x"', "`Cmd+x` is no key"),
        ('kpi.mark = "x y"', "`x y` is no key"),
        ('kpi.mark = "shift+x"', "terminals do not send `shift+x`"),
        ('kpi.mark = "ctrl+1"', "terminals do not send `ctrl+1`"),
        ('kpi.mark = "ctrl+i"', "terminals send the same for `ctrl+i` as for `tab`"),
        ('kpi.mark = "ctrl+c"', "`ctrl+c` is not to be had: it copies what is marked"),
        ('kpi.mark = "ctrl+q"', "`ctrl+q` is not to be had: it quits, whatever else was changed"),
        ('kpi.mark = "enter"', "`enter` is not to be had: it opens what is marked, and saves what is typed"),
        ('kpi.mark = "esc"', "`esc` is not to be had: it closes what is open"),
        ('kpi.mark = "w"', "`w` is the key of `kpi.next_view` already"),
        ('kpi.mark = "n"', "`n` is the key of `write.note` already"),
        ('kpi.mark = "q"', "`q` is the key of `quit` already"),
        ('kpi.mark = "k"', "`k` is the key of `list.up` already"),
        ('kpi.mark = "\\u001b"', "no key writes ␛"),
        ('[keyz]\nmark = "x"', "unknown table `keyz`"),
        ("kpi.mark = ", "not TOML: Invalid value"),
    ],
)
def test_a_mistake_is_told_by_its_line(line: str, message: str) -> None:
    assert told(f'[keys]\nundo = "U"\n{line}\n') == [f"3 {message}"]


def test_the_hint_says_what_was_meant(tmp_path: Path) -> None:
    path = write_keys('[keys]\nnote = "x"\nkpi.makr = "x"\nkpi.mark = "pagup"\nundo = "shift+u"\ndone = "D"\n')
    assert [problem.hint for problem in load(path)[1]] == [
        "did you mean `write.note`?",
        "did you mean `kpi.mark`?",
        "did you mean `pageup`?",
        "write the sign that it gives, such as `U`",
        "did you mean `kpi.done` or `review.done` or `actions.done`?",
    ]


def test_what_is_wrong_leaves_its_action_as_it_was_and_the_rest_holds() -> None:
    path = write_keys('[keys]\nundo = "U"\nquit = "c"\nreload = "F5"\nwrite.note = "u"\ntheme = "nokey"\n')
    found, problems = load(path)
    assert found.changed == {"undo": ["U"], "reload": ["f5"], "write.note": ["u"]}
    assert [(problem.line, problem.message) for problem in problems] == [
        (3, "`c` is the key of `write.cause` already"),
        (6, "`nokey` is no key"),
    ]


def test_a_key_that_comes_free_can_be_had_and_one_that_does_not_cannot() -> None:
    assert load(write_keys('[keys]\nwrite.note = "U"\nquit = "n"\n'))[0].changed == {"write.note": ["U"], "quit": ["n"]}
    # The note stays at n, as its new key is none: then n is not free either.
    assert told('[keys]\nwrite.note = "nokey"\nquit = "n"\n') == [
        "2 `nokey` is no key",
        "3 `n` is the key of `write.note` already",
    ]


def test_a_link_to_a_file_elsewhere_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[keys]\nundo = "U"\n', encoding="utf-8")
    path = keymap.keys_file()
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "mine.toml")
    found, problems = load(path)
    assert problems == []
    assert found.shown("undo") == "U"


# On screen


async def test_what_was_changed_is_shown_and_done_everywhere(tmp_path: Path) -> None:
    write_keys(
        '[keys]\nwrite.note = "a"\nwrite.action = "n"\nhelp = "f1"\nscorecard.exceptions = "X"\nlist.down = "2"\n'
    )
    async with running(write_workspace(tmp_path / "acme"), (120, 40)) as (app, pilot):
        assert "`2` is the key of `to_kpi` already" in app.key_problems[0].message
        foot = on_screen(app).split("\n")[-1]
        assert "a note" in foot
        assert "n action" in foot
        assert "f1 keys" in foot
        # `x` is nobody's now.
        await pilot.press("x")
        assert "exceptions only" not in on_screen(app)
        await pilot.press("X")
        await pilot.pause()
        assert "exceptions only" in on_screen(app)
        await pilot.press("escape", "a")
        await pilot.pause()
        assert "note · Leads ▸" in on_screen(app)
        await type_keys(pilot, "nX")
        assert "note · Leads ▸ nX" in on_screen(app)
        await pilot.press("escape", "f1")
        await pilot.pause()
        await type_keys(pilot, "need talk, or")
        await pilot.pause()
        assert "X             Only KPIs that need talk, or all again" in on_screen(app)


async def test_mistakes_are_told_when_it_starts_and_among_the_problems(tmp_path: Path) -> None:
    write_keys('[keys]\nundo = "nokey"\nquit = 7\n')
    async with running(write_workspace(tmp_path / "acme"), (120, 40)) as (app, pilot):
        assert "2 mistakes, told by ! and by kpitui keys" in " ".join(on_screen(app).split())
        await pilot.press("exclamation_mark")
        await pilot.pause()
        assert "`nokey` is no key" in on_screen(app)


# As text


def test_the_command_prints_the_keys_in_force(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["keys"]) == 0
    usual = capsys.readouterr()
    assert "None is changed. To change some, write" in usual.out
    path = write_keys('[keys]\nkpi.mark = ["f2", "@"]\nundo = "n"\n')
    assert run(["keys"]) == 0
    changed = capsys.readouterr()
    assert re.search(r"^f2 @ \(usually m\) +kpi\.mark +On a KPI +Mark the period", changed.out, re.MULTILINE)
    assert changed.out.endswith(f"\n1 changed in {path}\n")
    assert changed.err == (
        f"{path}:3: keys.undo: `n` is the key of `write.note` already "
        "(give that another one, too; this one keeps `u`)\n"
    )
    assert run(["keys", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["file"] == str(path)
    assert found["exists"] is True
    (mark,) = (key for key in found["keys"] if key["id"] == "kpi.mark")
    assert mark["keys"] == ["f2", "@"]
    assert mark["usual"] == ["m"]
    assert [key["id"] for key in found["keys"]] == [action.id for action in KeyMap().actions]

"""Themes: files, their mistakes, the choice that is kept, and whether all that is drawn can be read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.geometry import Region
from textual.theme import BUILTIN_THEMES

from kpitui.cli import run
from kpitui.shipped import shipped
from kpitui.ui.app import KpituiApp
from kpitui.ui.contrast import legible, ratio
from kpitui.ui.themes import TEXTS, Themes, hard_to_read, variable
from kpitui.workspace.chosen_theme import ChosenTheme
from kpitui.workspace.opening import Workspace
from tests.ui.helpers import on_screen, running, write_workspace

OURS = ("ansi", "blue-orange", "dark", "high-contrast", "light")
RGB = tuple(name for name in OURS if name != "ansi")
OCEAN = """\
dark = true
foreground = "#e0e6f0"
background = "#0b1020"
surface = "#101830"
panel = "#182040"
primary = "#7aa2f7"
secondary = "#9aa5ce"
accent = "#e0af68"
warning = "#e5b567"
error = "#ff8098"
success = "#8fce7d"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "acme")


def write_theme(root: Path, name: str, text: str) -> None:
    (root / "themes").mkdir(exist_ok=True)
    (root / "themes" / name).write_text(text, encoding="utf-8")


# Contrast


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    # The first two by definition, the others from the W3C's own examples (Understanding 1.4.3: #777 on white is 4.47).
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48), ("#ff0000", "#fff", 4.0)],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, wanted: float) -> None:
    assert ratio(Color.parse(one), Color.parse(other)) == pytest.approx(wanted, abs=0.01)
    assert ratio(Color.parse(other), Color.parse(one)) == pytest.approx(wanted, abs=0.01)


def test_a_colour_is_changed_until_it_is_read_and_no_further() -> None:
    grounds = [Color.parse("#202020"), Color.parse("#303030")]
    fine = Color.parse("#ffcc00")
    assert legible(fine, grounds) == fine
    changed = legible(Color.parse("#a03030"), grounds)
    assert 4.5 <= min(ratio(changed, ground) for ground in grounds) < 5.2
    assert changed.r > changed.g  # still the reddest
    # No colour is read on black and on a light grey alike: what is read best is taken.
    assert legible(Color.parse("#ff0000"), [Color.parse("#000"), Color.parse("#bbb")]) == Color.parse("#ffffff")


# What comes with the program


def test_five_come_with_the_program_and_all_are_sound(root: Path) -> None:
    assert sorted(path.stem for path in shipped("themes").glob("*.toml")) == list(OURS)
    themes = Themes(root)
    for name in OURS:
        theme, problems = themes.load(name)
        assert theme is not None
        assert problems == []
        assert hard_to_read(theme, "") == []


def test_the_high_contrast_theme_has_the_contrast_of_the_strictest_level(root: Path) -> None:
    theme, _ = Themes(root).load("high-contrast")
    assert theme is not None
    grounds = [Color.parse(text) for text in (theme.background, theme.surface, theme.panel) if text]
    own = [text for name, text in theme.variables.items() if name.startswith(("status-", "signal-"))]
    for text in [*(getattr(theme, name) for name in TEXTS), *own]:
        # WCAG 2.2, 1.4.6 Contrast (Enhanced).
        assert min(ratio(Color.parse(text), ground) for ground in grounds) >= 7, text


@pytest.mark.parametrize("name", [name for name, theme in BUILTIN_THEMES.items() if not theme.ansi])
def test_textuals_are_changed_until_their_texts_are_read(root: Path, name: str) -> None:
    theme, problems = Themes(root).load(name)
    assert theme is not None
    assert problems == []
    assert hard_to_read(theme, "") == []
    assert theme.background or theme.dark


def test_status_is_told_apart_by_whoever_does_not_see_red_and_green(root: Path) -> None:
    theme, _ = Themes(root).load("blue-orange")
    assert theme is not None
    for kind in _SEEN:
        seen = [_lab(_as_seen(Color.parse(theme.variables[f"status-{status}"]), kind)) for status in STATUSES]
        for at, one in enumerate(seen):
            for other in seen[at + 1 :]:
                # A difference of 10 is seen at a glance (CIE 1976).
                assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 20, (kind, at)


STATUSES = ("on-track", "at-risk", "behind")
_SEEN = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009,
table 1, severity 1.0: of linear sRGB."""


def _linear(colour: Color) -> list[float]:
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]


def _as_seen(colour: Color, kind: str) -> list[float]:
    linear = _linear(colour)
    return [min(1, max(0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in _SEEN[kind]]


def _lab(linear: list[float]) -> tuple[float, float, float]:
    """CIE L*a*b* of linear sRGB, white point D65."""
    red, green, blue = linear
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


# What is drawn


WALK = {
    "scorecard": [],
    "columns": ["C"],
    "help": ["escape", "?"],
    "palette": ["escape", ":"],
    "filter": ["escape", "/", "a"],
    "KPI": ["escape", "escape", "enter", "n", "h", "i", "enter"],
    "why": ["h"],
    "links": ["l"],
    "facts": ["escape", "i"],
    "verdict": ["i", "v"],
    "target": ["escape", "t"],
    "record": ["escape", "e"],
    "tree": ["escape", "3"],
    "funnel": ["w"],
    "review": ["4"],
    "held": ["enter"],
    "step": [">"],
    "exceptions": [">"],
    "actions": ["5"],
    "definitions": ["6"],
    "presenting": ["1", "P"],
}
"""Each screen by its keys from the one before."""


@pytest.mark.parametrize("name", [*RGB, "nord", "solarized-light"])
async def test_all_that_is_drawn_is_read_on_its_ground(root: Path, name: str) -> None:
    ChosenTheme(root, "many colours").choose(name, of_workspace=False)
    async with running(root, (120, 40)) as (app, pilot):
        assert app.theme == name
        app.notify("It is said", title="Title", timeout=1000)
        app.notify("It is said", title="Title", severity="warning", timeout=1000)
        app.notify("It is said", title="Title", severity="error", timeout=1000)
        looked_at, badly_read = 0, set[tuple[object, ...]]()
        for screen, keys in WALK.items():
            await pilot.press(*keys)
            await pilot.pause(0.1)
            for segment in drawn(app):
                looked_at += 1
                for system in (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT):
                    found = contrast(segment, system)
                    if found < least(segment.text):
                        badly_read.add((screen, segment.text.strip(), str(segment.style), system.name, round(found, 2)))
        assert looked_at > 1000
        assert badly_read == set()


async def test_screens_that_were_drawn_before_are_in_the_new_theme_too(root: Path) -> None:
    async with running(root, (120, 40)) as (app, pilot):
        for screen in (["enter"], ["3"], ["P"]):
            await pilot.press(*screen)
            await pilot.pause(0.1)
        await pilot.press("1", "T", "T")
        assert app.theme == "light"
        for screen in ([], ["enter"], ["3"], ["P"]):
            await pilot.press(*screen)
            await pilot.pause(0.1)
            grounds = {
                str(segment.style.bgcolor.name) for segment in drawn(app) if segment.style and segment.style.bgcolor
            }
            # The light theme's background, surface, panel and band.
            assert grounds <= {"#fbfbf8", "#f2f2ec", "#e9eae4", "#e3ecf5"}, screen
            assert "#fbfbf8" in grounds


def drawn(app: App[None]) -> Iterator[Segment]:
    """What stands on the screen, or in the boxes of a window over it: what lies behind is dimmed on purpose."""
    screen = app.screen
    whole = Region(0, 0, *app.size)
    boxes = [widget.region for widget in screen.query("*") if widget.display]
    over = [box for box in boxes if box != whole] if screen.is_modal else [whole]
    for y, strip in enumerate(screen._compositor.render_strips()):
        x = 0
        for segment in strip:
            middle = x + segment.cell_length // 2
            x += segment.cell_length
            if segment.text.strip() and any(box.contains(middle, y) for box in over):
                yield segment


def contrast(segment: Segment, system: ColorSystem) -> float:
    """Of a text on its ground, as a terminal of so many colours shows it."""
    style = segment.style
    assert style is not None
    assert style.color is not None
    assert style.bgcolor is not None
    assert not style.dim
    ink, ground = (Color(*colour.downgrade(system).get_truecolor()) for colour in (style.color, style.bgcolor))
    return ratio(ink, ground)


def least(text: str) -> float:
    """4.5 of texts, and of status and signal (1.4.3); 3 of lines and curves (1.4.11). Frames need not be seen, and one
    sign has colours of its own."""
    if any(letter.isalnum() or letter in "■▲●◆○?▼⚑" for letter in text):
        return 4.5
    return 0 if set(text) <= set(" ▁▔▊▎▏🔎╭╮╰╯│─▌█▀▄") else 3


# Files of one's own


async def test_a_workspace_has_themes_of_its_own(root: Path) -> None:
    write_theme(root, "ocean.toml", OCEAN + '[status]\nbehind = "#ff9a00"\n')
    async with running(root) as (app, pilot):
        assert app.theme == "dark"
        app.choose_theme("ocean")
        await pilot.pause(0.1)
        assert "Theme: ocean." in on_screen(app)
        assert app.screen.styles.background == Color.parse("#0b1020")
        assert app.theme_variables["status-behind"] == "#FF9A00"
        # What it does not name is made of what it does.
        assert app.theme_variables["status-on-track"] == "#8FCE7D"


def test_every_mistake_is_told_with_file_line_and_key(root: Path) -> None:
    broken = OCEAN.replace('accent = "#e0af68"\n', "").replace("dark = true", "dark = 1").replace("#182040", "blu")
    write_theme(
        root,
        "bad.toml",
        broken + 'forground = "red"\n[status]\nbehind = "#ff000080"\nbhind = "red"\n[signal]\nworse = "ansi_red"\n',
    )
    write_theme(root, "cut.toml", 'primary = "#7a')
    write_theme(root, "two words.toml", OCEAN)
    write_theme(root, "light.toml", OCEAN)
    write_theme(root, "old.txt", "no theme")
    assert (
        "\n".join(str(problem).partition(" (")[0] for problem in Themes(root).workspace_problems())
        == """\
themes/two words.toml: a theme has the name of its file
themes/light.toml: there is a theme 'light' already
themes/bad.toml:1: dark: true or false is wanted
themes/bad.toml:11: forground: no theme has this key
themes/bad.toml:5: panel: 'blu' is not a colour
themes/bad.toml: missing: accent
themes/bad.toml:13: status.behind: '#ff000080' is not opaque
themes/bad.toml:14: status.bhind: no theme has this key
themes/bad.toml:16: signal.worse: 'ansi_red' is the terminal's: only where ansi = true
themes/cut.toml:1: not TOML: Unterminated string"""
    )


async def test_a_chosen_theme_with_a_mistake_is_one_line_and_the_usual_one_is_shown(root: Path) -> None:
    write_theme(root, "ocean.toml", OCEAN.replace("#7aa2f7", "[red]"))
    write_theme(root, "pond.toml", OCEAN.replace("dark = true", "drak = true"))
    ChosenTheme(root, "many colours").choose("ocean", of_workspace=True)
    async with running(root, (120, 40)) as (app, pilot):
        assert app.theme == "dark"
        (told,) = app._notifications
        assert told.message == "'ocean' has a mistake; this is 'dark'"
        await pilot.press("exclamation_mark")
        await pilot.pause()
        screen = on_screen(app)
        assert "themes/ocean.toml:6: primary  '[red]' is not a colour" in screen
        assert "themes/pond.toml:1: drak  no theme has this key" in screen


async def test_theme_files_with_mistakes_that_nobody_chose_are_one_line_and_none_while_presenting(root: Path) -> None:
    for name in ("ocean.toml", "pond.toml", "My Theme.toml"):
        write_theme(root, name, OCEAN.replace("dark = true", "drak = true"))
    async with running(root) as (app, _):
        assert [told.message for told in app._notifications] == ["3 theme files have mistakes: kpitui themes"]
    presenting = KpituiApp(root, lambda: Workspace.open(root), presenting=True)
    async with presenting.run_test(size=(80, 24), notifications=True) as pilot:
        await presenting.workers.wait_for_complete()
        for _ in range(100):
            await pilot.pause(0.02)
            if "1 of 1" in on_screen(presenting):
                break
        assert "1 of 1" in on_screen(presenting)
        assert len(presenting._notifications) == 0


async def test_a_file_is_read_again_when_its_theme_is_chosen_again(root: Path) -> None:
    write_theme(root, "ocean.toml", OCEAN)
    async with running(root) as (app, pilot):
        app.choose_theme("ocean")
        await pilot.pause()
        write_theme(root, "ocean.toml", OCEAN.replace("#0b1020", "#002040"))
        app.choose_theme("ocean")
        await pilot.pause(0.1)
        assert app.screen.styles.background == Color.parse("#002040")
        write_theme(root, "ocean.toml", OCEAN.replace("#0b1020", "#00204"))
        app.choose_theme("ocean")
        await pilot.pause(0.1)
        assert "ocean has a mistake; ocean stays as it was. ! lists it." in on_screen(app)
        assert len(app._notifications) == 0
        assert app.screen.styles.background == Color.parse("#002040")


async def test_the_key_goes_through_those_of_files_and_passes_over_faulty_ones(root: Path) -> None:
    write_theme(root, "broken.toml", "dark = 1")
    write_theme(root, "ocean.toml", OCEAN)
    async with running(root) as (app, pilot):
        seen = []
        for _ in range(6):
            await pilot.press("T")
            seen.append(app.theme)
        assert seen == ["high-contrast", "light", "ocean", "ansi", "blue-orange", "dark"]


def test_a_theme_file_that_is_no_file_or_lies_elsewhere_is_left_alone(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text(OCEAN)
    (root / "themes").mkdir()
    (root / "themes" / "away.toml").symlink_to(tmp_path / "elsewhere.toml")
    os.mkfifo(root / "themes" / "pipe.toml")
    assert [str(problem) for problem in Themes(root).workspace_problems()] == [
        "themes/away.toml: not read: it lies outside the workspace",
        "themes/pipe.toml: not read: not a regular file",
    ]


# The choice


async def test_the_choice_holds_for_all_workspaces(root: Path, tmp_path: Path) -> None:
    async with running(root) as (app, pilot):
        await pilot.press("T", "T")
        assert app.theme == "light"
    other = write_workspace(tmp_path / "other")
    async with running(other) as (app, _):
        assert app.theme == "light"
        assert on_screen(app)


async def test_that_of_a_workspaces_own_theme_holds_for_it_alone(root: Path, tmp_path: Path) -> None:
    write_theme(root, "ocean.toml", OCEAN)
    async with running(root) as (app, _):
        app.choose_theme("light")
        app.choose_theme("ocean")
    async with running(root) as (app, _):
        assert app.theme == "ocean"
    async with running(write_workspace(tmp_path / "other")) as (app, _):
        assert app.theme == "light"
    async with running(root) as (app, _):
        app.choose_theme("dark")
    async with running(root) as (app, _):
        assert app.theme == "dark"


async def test_where_the_choice_cannot_be_kept_that_is_said(root: Path) -> None:
    path = ChosenTheme(root, "many colours").path
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    path.parent.write_text("a file where the folder should be")
    async with running(root) as (app, pilot):
        await pilot.press("T")
        await pilot.pause()
        assert app.theme == "high-contrast"
        assert "the theme is not kept: File exists" in [told.message for told in app._notifications]


@pytest.mark.parametrize(
    ("term", "colorterm", "wanted"),
    [
        ("xterm-256color", "", "dark"),
        ("xterm", "truecolor", "dark"),
        ("screen", "", "ansi"),
        ("linux", "", "ansi"),
        ("tmux", "", "ansi"),
    ],
)
async def test_a_terminal_of_sixteen_colours_begins_with_its_own(
    root: Path, monkeypatch: pytest.MonkeyPatch, term: str, colorterm: str, wanted: str
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLORTERM", colorterm)
    async with running(root) as (app, _):
        assert app.theme == wanted


async def test_a_choice_is_kept_for_terminals_of_that_kind(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(root) as (app, _):
        app.choose_theme("light")
    monkeypatch.setenv("COLORTERM", "")
    monkeypatch.setenv("TERM", "linux")
    async with running(root) as (app, _):
        assert app.theme == "ansi"
        app.choose_theme("high-contrast")
    async with running(root) as (app, _):
        assert app.theme == "high-contrast"
    monkeypatch.setenv("COLORTERM", "truecolor")
    async with running(root) as (app, _):
        assert app.theme == "light"


async def test_the_ansi_theme_sends_the_terminals_own_colours_only(root: Path) -> None:
    ChosenTheme(root, "many colours").choose("ansi", of_workspace=False)
    async with running(root, (120, 40)) as (app, pilot):
        for keys in WALK.values():
            await pilot.press(*keys)
            await pilot.pause(0.1)
            for segment in drawn(app):
                style = segment.style
                assert style is not None
                colours = [colour for colour in (style.color, style.bgcolor) if colour is not None]
                if least(segment.text):
                    assert [colour for colour in colours if colour.triplet is not None] == [], segment


# The command


def test_the_command_lists_them_with_what_is_wrong(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_theme(root, "ocean.toml", OCEAN.replace("#ff8098", "#702030"))
    write_theme(root, "pond.toml", "dark = 3")
    ChosenTheme(root, "many colours").choose("nord", of_workspace=False)
    assert run(["themes", str(root)]) == 0
    out, err = capsys.readouterr()
    lines = [line.split() for line in out.splitlines()]
    assert lines[:9] == [
        ["theme", "from", "file"],
        *([name, "kpitui"] for name in OURS),
        ["ocean", "workspace", "themes/ocean.toml"],
        ["pond", "workspace", "themes/pond.toml", "left", "out"],
        ["textual-dark", "Textual"],
    ]
    assert ["nord", "Textual", "chosen"] in lines
    assert "themes/pond.toml:1: dark: true or false is wanted\n" in err
    assert "kpitui check" not in err
    assert (
        "themes/ocean.toml: error: hard to read on panel in focus: a contrast of 1.3, where 4.5 is the least\n" in err
    )


def test_the_command_lists_every_mistake_and_marks_a_chosen_theme_that_is_left_out(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_theme(root, "pond.toml", "".join(f"key{number} = 1\n" for number in range(30)))
    write_theme(root, "dark.toml", OCEAN)
    write_theme(root, "My Theme.toml", OCEAN)
    ChosenTheme(root, "many colours").choose("pond", of_workspace=True)
    assert run(["themes", str(root)]) == 0
    out, err = capsys.readouterr()
    assert next(line.split()[3:] for line in out.splitlines() if line.startswith("pond")) == ["chosen,", "left", "out"]
    assert "themes/pond.toml:30: key29: no theme has this key\n" in err
    assert "themes/dark.toml: there is a theme 'dark' already" in err
    assert "themes/My Theme.toml: a theme has the name of its file" in err
    assert "more problem" not in err


def test_the_commands_json_names_the_file_of_the_choice(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_theme(root, "pond.toml", "dark = 3")
    assert run(["themes", str(root), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["themes"][2] == {
        "name": "dark",
        "origin": "kpitui",
        "file": "themes/dark.toml",
        "chosen": True,
        "sound": True,
    }
    assert [theme["name"] for theme in answer["themes"] if not theme["sound"]] == ["pond"]
    assert [problem["key"] for problem in answer["problems"]] == ["dark", None]
    assert answer["advice"] == []
    assert Path(answer["kept"]) == ChosenTheme(root, "many colours").path


def test_our_colours_are_known_to_whatever_is_styled_before_a_theme_is() -> None:
    assert variable("status.on_track") == "status-on-track"

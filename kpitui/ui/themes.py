"""Themes: files of ours and of the workspace, and Textual's own; each with our colours for status, signal and chart.

A file is checked when it is loaded, since Textual accepts a theme with a bad colour and fails when it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal, NamedTuple

from textual.color import Color, ColorParseError
from textual.theme import BUILTIN_THEMES, Theme

from kpitui.definitions.files import Document, read_document
from kpitui.places import THEMES_FOLDER
from kpitui.problems import Problem
from kpitui.shipped import shipped
from kpitui.ui.contrast import LEAST, legible, read

DEFAULT = "dark"
SIXTEEN = "ansi"
"""Where the terminal has sixteen colours; those of other themes come out as what is nearest, often the ground's."""
GROUNDS = ("background", "surface", "panel")
TEXTS = ("foreground", "primary", "secondary", "accent", "warning", "error", "success")
_MUTED = "muted"
_OWN: Mapping[str, Mapping[str, str]] = {
    "status": {
        "ahead": "success",
        "on_track": "success",
        "at_risk": "warning",
        "behind": "error",
        "no_target": "secondary",
        "no_data": "accent",
    },
    "signal": {"better": "success", "worse": "error", "changed": "primary", "usual": _MUTED},
    "chart": {
        "line": "foreground",
        "mean": _MUTED,
        "limit": _MUTED,
        "target": "accent",
        "year_ago": "secondary",
        "axis": _MUTED,
        "band": "surface",
    },
}
"""Our colours, and what each is made of where a theme does not name it."""
_ON_BACKGROUND = {f"chart.{name}" for name in _OWN["chart"]}
"""Charts stand on the screen's background, and on nothing else but their band."""
_TINT = 0.05
"""Of the foreground, in the ground of a list or an input that has the focus."""
_SHARE_MUTED = 0.4
"""Of the background in the colour of what matters less."""
_OF_TERMINAL: Mapping[str, str] = {
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "border": "ansi_cyan",
    "border-blurred": "ansi_default",
    "block-cursor-foreground": "ansi_black",
    "block-cursor-background": "ansi_cyan",
    "footer-key-foreground": "ansi_yellow",
    "input-selection-background": "ansi_cyan",
    "input-selection-foreground": "ansi_black",
    "scrollbar": "ansi_cyan",
    "scrollbar-hover": "ansi_cyan",
    "scrollbar-active": "ansi_cyan",
    "scrollbar-background": "ansi_default",
    "scrollbar-background-hover": "ansi_default",
    "scrollbar-background-active": "ansi_default",
}
"""What Textual's widgets have in a theme of the terminal's own colours, where neither ground is known."""
_MARKED_GROUNDS = ("block-cursor-background", "block-cursor-blurred-background", "input-selection-background")
_MARKED_TEXTS = ("block-cursor-foreground", "block-cursor-blurred-foreground", "input-selection-foreground")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

Origin = Literal["kpitui", "workspace", "Textual"]


class Offered(NamedTuple):
    """A theme that can be chosen."""

    name: str
    origin: Origin
    file: str = ""
    """Of one from a file, relative to the folder that it comes from."""


class Themes:
    """What there is to choose from; a file is read when its theme is wanted, and again the next time."""

    def __init__(self, root: Path) -> None:
        self._roots: Mapping[Origin, Path] = {"kpitui": shipped(THEMES_FOLDER).parent, "workspace": root}
        self.problems: list[Problem] = []
        """Files that cannot be themes, whatever they hold."""
        self.offered: dict[str, Offered] = {}
        for each in _files("kpitui", self._roots["kpitui"], self.problems):
            self.offered[each.name] = each
        own = _files("workspace", root, self.problems)
        for each in own:
            if each.name in self.offered or each.name in BUILTIN_THEMES:
                self.problems.append(
                    Problem(each.file, f"there is a theme {each.name!r} already", hint="give the file another name")
                )
            else:
                self.offered[each.name] = each
        self.of_files = tuple(self.offered)
        """What the key goes through: Textual's own are many."""
        self.offered |= {name: Offered(name, "Textual") for name in BUILTIN_THEMES}

    def load(self, name: str) -> tuple[Theme | None, list[Problem]]:
        """The theme of that name; None where there is none, or with what is wrong with it."""
        found = self.offered.get(name)
        problems: list[Problem] = []
        if found is None:
            return None, [Problem("", f"there is no theme {name!r}")]
        if found.origin == "Textual":
            return adjusted(BUILTIN_THEMES[name]), []
        document = read_document(self._roots[found.origin], found.file, problems)
        return _theme(name, document) if document is not None else None, problems

    def workspace_problems(self) -> list[Problem]:
        """What is wrong with the workspace's own."""
        own = (name for name in self.of_files if self.offered[name].origin == "workspace")
        return [*self.problems, *(problem for name in own for problem in self.load(name)[1])]


def _files(origin: Origin, root: Path, problems: list[Problem]) -> list[Offered]:
    """The theme files of a folder, by name."""
    folder = root / THEMES_FOLDER
    if not folder.is_dir():
        return []
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        problems.append(Problem(THEMES_FOLDER, f"the folder cannot be read: {error.strerror}"))
        return []
    found = []
    for file in names:
        name = file.removesuffix(".toml")
        if name == file or file.startswith("."):
            continue
        if _NAME.fullmatch(name):
            found.append(Offered(name, origin, f"{THEMES_FOLDER}/{file}"))
        else:
            hint = "letters, digits, - and _, such as ocean.toml"
            problems.append(Problem(f"{THEMES_FOLDER}/{file}", "a theme has the name of its file", hint=hint))
    return found


# A file


def _theme(name: str, document: Document) -> Theme | None:
    """The theme that the file describes; None where something in it is wrong."""
    before = len(document.problems)
    dark, ansi = _flag(document, "dark", default=True), _flag(document, "ansi", default=False)
    known = {"dark", "ansi", *TEXTS, *GROUNDS, *_OWN}
    for key in document.tables:
        if key not in known:
            document.problem((key,), "no theme has this key")
    colours = {
        key: _colour(document, (key,), document.tables[key], ansi=ansi)
        for key in (*TEXTS, *GROUNDS)
        if key in document.tables
    }
    if missing := [key for key in (*TEXTS, *GROUNDS) if key not in colours]:
        document.problems.append(Problem(document.file, f"missing: {', '.join(missing)}"))
    own: dict[str, Color] = {}
    for table, names in _OWN.items():
        given = document.tables.get(table, {})
        if not isinstance(given, dict):
            document.problem((table,), "a table of colours is wanted", hint=f"[{table}] on a line of its own")
            continue
        for key, value in given.items():
            if key in names:
                own[f"{table}.{key}"] = _colour(document, (table, key), value, ansi=ansi)
            else:
                document.problem((table, key), "no theme has this key", hint=", ".join(names))
    if len(document.problems) > before:
        return None
    return _made(Theme(name=name, primary="", dark=dark, ansi=ansi), colours, own)


def _flag(document: Document, key: str, *, default: bool) -> bool:
    value = document.tables.get(key, default)
    if not isinstance(value, bool):
        document.problem((key,), "true or false is wanted")
        return default
    return value


def _colour(document: Document, keys: tuple[str, ...], value: object, *, ansi: bool) -> Color:
    """The colour that is written there; black where something is wrong with it, which is told."""
    hint = '"ansi_red" or another of the terminal\'s own' if ansi else '"#7aa2f7" or a name, such as "teal"'
    try:
        colour = Color.parse(value) if isinstance(value, str) else None
    except ColorParseError:
        colour = None
    if colour is None:
        document.problem(keys, f"{value!r} is not a colour", hint)
    elif colour.a < 1:
        document.problem(keys, f"{value!r} is not opaque", hint)
    elif colour.ansi is not None and not ansi:
        document.problem(keys, f"{value!r} is the terminal's: only where ansi = true", hint)
    elif colour.ansi is None and ansi:
        document.problem(keys, f"{value!r} is not the terminal's, as ansi = true says of all of them", hint)
    else:
        return colour
    return Color(0, 0, 0)


# Colours that are made of others


def adjusted(theme: Theme) -> Theme:
    """One of Textual's, its texts changed until they are read on its grounds, with our colours added."""
    made = theme.to_color_system().generate()
    grounds = {name: _opaque(made[name], made["background"]) for name in GROUNDS}
    texts = {name: _opaque(made[name], made["background"]) for name in TEXTS}
    if not theme.ansi:
        # The grounds are tinted with the foreground: that is changed first.
        texts["foreground"] = legible(texts["foreground"], list(_behind({**texts, **grounds}).values()))
        behind = list(_behind({**texts, **grounds}).values())
        texts = {name: legible(colour, behind) for name, colour in texts.items()}
    return _made(theme, {**texts, **grounds}, {})


def _behind(colours: Mapping[str, Color]) -> dict[str, Color]:
    """What texts stand on: the grounds, and two of them as Textual tints them where the focus is."""
    grounds = {name: colours[name] for name in GROUNDS}
    tinted = {f"{name} in focus": grounds[name].blend(colours["foreground"], _TINT) for name in ("surface", "panel")}
    return {**grounds, **tinted}


def _opaque(text: str, background: str) -> Color:
    return Color.parse(background) + Color.parse(text)


def _made(theme: Theme, colours: Mapping[str, Color], own: Mapping[str, Color]) -> Theme:
    """The theme with these colours, and with those of ours that it does not name made of them."""
    muted = own.get("signal.usual") or _muted(colours, ansi=theme.ansi)
    sources = {**colours, _MUTED: muted}
    variables = {}
    for table, names in _OWN.items():
        for key, source in names.items():
            name = f"{table}.{key}"
            variables[variable(name)] = own.get(name, sources[source]).hex
    if theme.ansi:
        # Textual makes grounds transparent, and what matters less half so, which the terminal cannot show.
        variables |= {name: colours[name].hex for name in ("surface", "panel")}
        variables |= _OF_TERMINAL
        variables |= dict.fromkeys(("foreground-muted", "text-muted", "text-disabled"), colours["foreground"].hex)
    else:
        variables |= dict.fromkeys(("foreground-muted", "text-muted", "text-disabled"), muted.hex)
        variables |= {"scrollbar": muted.hex, "scrollbar-hover": muted.hex}
        variables |= dict.fromkeys(_MARKED_TEXTS, colours["foreground"].hex)
        variables |= dict.fromkeys(_MARKED_GROUNDS, _mark(colours).hex)
    return replace(
        theme,
        foreground=colours["foreground"].hex,
        background=colours["background"].hex,
        surface=colours["surface"].hex,
        panel=colours["panel"].hex,
        primary=colours["primary"].hex,
        secondary=colours["secondary"].hex,
        accent=colours["accent"].hex,
        warning=colours["warning"].hex,
        error=colours["error"].hex,
        success=colours["success"].hex,
        variables={**theme.variables, **variables},
    )


def _mark(colours: Mapping[str, Color]) -> Color:
    """The ground of what is marked in Textual's widgets: the background with as much of the primary colour as texts
    allow."""
    background, texts = colours["background"], [colours["foreground"], colours["accent"]]
    shares = (0.3, 0.25, 0.2, 0.15, 0.1, 0.05)
    mixed = [background.blend(colours["primary"], share) for share in shares]
    return next((ground for ground in mixed if all(read(text, ground) >= LEAST for text in texts)), background)


def _muted(colours: Mapping[str, Color], *, ansi: bool) -> Color:
    """The colour of what matters less."""
    foreground = colours["foreground"]
    if ansi:
        return foreground
    return legible(foreground.blend(colours["background"], _SHARE_MUTED), list(_behind(colours).values()))


def variable(name: str) -> str:
    """The CSS variable of one of our colours: `status.on_track` is `status-on-track`."""
    return name.replace(".", "-").replace("_", "-")


def defaults() -> dict[str, str]:
    """Our variables, so that what speaks of them can be parsed before a theme of ours is there."""
    return {variable(f"{table}.{name}"): "$foreground" for table, names in _OWN.items() for name in names}


# How well it is read


def hard_to_read(theme: Theme, file: str) -> list[Problem]:
    """Advice on texts that are hardly told from their grounds; the terminal's own colours are not known here."""
    if theme.ansi:
        return []
    colours = {name: Color.parse(getattr(theme, name)) for name in (*TEXTS, *GROUNDS)}
    own = [f"{table}.{name}" for table, names in _OWN.items() for name in names if name != "band"]
    colours |= {name: Color.parse(theme.variables[variable(name)]) for name in own}
    behind = _behind(colours)
    advice = []
    for name in (*TEXTS, *own):
        on = {"background": colours["background"]} if name in _ON_BACKGROUND else behind
        found, ground = min((read(colours[name], colour), ground) for ground, colour in on.items())
        if found < LEAST:
            said = f"hard to read on {ground}: a contrast of {found:.1f}, where {LEAST} is the least"
            advice.append(Problem(file, said, key=name, level="advice"))
    return advice

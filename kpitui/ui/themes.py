"""Themes from files: Textual's colours, and our own for status, signal and chart.

A file is checked when it is loaded, since Textual accepts a theme with a bad colour and fails when it is shown.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

from kpitui.problems import Problem

_COLOURS = (
    "primary",
    "secondary",
    "warning",
    "error",
    "success",
    "accent",
    "foreground",
    "background",
    "surface",
    "panel",
)
OWN: dict[str, tuple[str, ...]] = {
    "status": ("ahead", "on_track", "at_risk", "behind", "no_target", "no_data"),
    "signal": ("better", "worse", "changed", "usual"),
    "chart": ("line", "mean", "limit", "target", "year_ago", "axis", "band"),
}
_FALLBACK = {
    "status": {
        "ahead": "$success",
        "on_track": "$success",
        "at_risk": "$warning",
        "behind": "$error",
        "no_target": "$secondary",
        "no_data": "$accent",
    },
    "signal": {"better": "$success", "worse": "$error", "changed": "$primary", "usual": "$foreground-muted"},
    "chart": {
        "line": "$foreground",
        "mean": "$foreground-muted",
        "limit": "$foreground-muted",
        "target": "$accent",
        "year_ago": "$secondary",
        "axis": "$foreground-muted",
        "band": "$surface",
    },
}


def variable(table: str, name: str) -> str:
    """The CSS variable of one of our colours: `status-on-track`."""
    return f"{table}-{name.replace('_', '-')}"


def load(folder: Path) -> tuple[list[Theme], list[Problem]]:
    """The sound themes of a folder in the order of their file names, and what is wrong with the others."""
    themes: list[Theme] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            problems.append(Problem(path.name, f"not a theme: {error}"))
            continue
        found = _check(path.name, table)
        problems += found
        if not found:
            themes.append(_theme(table))
    return themes, problems


def _check(file: str, table: dict[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    if not isinstance(table.get("name"), str):
        problems.append(Problem(file, "a theme needs a name", key="name", hint='name = "my-theme"'))
    if not isinstance(table.get("dark", True), bool):
        problems.append(Problem(file, "dark is true or false", key="dark"))
    known = {"name", "dark", *_COLOURS, *OWN}
    problems += [Problem(file, f"unknown key {key!r}", key=key) for key in table if key not in known]
    for key in _COLOURS:
        problems += _check_colour(file, key, table.get(key))
    for group, names in OWN.items():
        own = table.get(group, {})
        if not isinstance(own, dict):
            problems.append(Problem(file, "a table of colours is wanted", key=group))
            continue
        problems += [Problem(file, "unknown colour", key=f"{group}.{key}") for key in own if key not in names]
        for name in names:
            problems += _check_colour(file, f"{group}.{name}", own.get(name))
    return problems


def _check_colour(file: str, key: str, value: object) -> list[Problem]:
    if value is None:
        return [Problem(file, "this colour is missing", key=key)]
    try:
        Color.parse(str(value))
    except ColorParseError:
        return [Problem(file, f"{value!r} is not a colour", key=key, hint='such as "#7aa2f7"')]
    return []


def _theme(table: dict[str, Any]) -> Theme:
    variables = {variable(group, name): table[group][name] for group, names in OWN.items() for name in names}
    colours = {key: table[key] for key in _COLOURS}
    return Theme(name=table["name"], dark=table.get("dark", True), variables=variables, **colours)


def defaults() -> dict[str, str]:
    """Our colours for themes that do not name them, such as Textual's own."""
    return {variable(group, name): value for group, names in _FALLBACK.items() for name, value in names.items()}

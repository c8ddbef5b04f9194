"""The theme's colours as Rich styles, for what is drawn line by line."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from rich.style import Style
from textual.app import App
from textual.color import Color, ColorParseError

from kpitui.ui.themes import defaults

_SAFE = Color(136, 136, 136)


class Palette:
    """Styles by name: `status-behind`, `signal-worse`, `chart-target`, or one of Textual's own (`accent`)."""

    def __init__(self, variables: dict[str, str]) -> None:
        self._variables = {**defaults(), **variables}
        self._styles: dict[tuple[str, bool, str | None], Style] = {}

    def colour(self, name: str) -> Color:
        """The colour of a variable, following references such as `$success`."""
        value = self._variables.get(name, "")
        for _ in range(5):
            if not value.startswith("$"):
                break
            value = self._variables.get(value[1:].split()[0], "")
        try:
            return Color.parse(value.split(" ")[0])
        except ColorParseError:
            return _SAFE

    def style(self, name: str, *, bold: bool = False, on: str | None = None) -> Style:
        """A style with the named colour, on another's background where one is named."""
        key = (name, bold, on)
        if key not in self._styles:
            background = self.colour(on).rich_color if on else None
            self._styles[key] = Style(color=self.colour(name).rich_color, bgcolor=background, bold=bold)
        return self._styles[key]


_LAST: WeakKeyDictionary[App[object], tuple[dict[str, str], Palette]] = WeakKeyDictionary()
"""Of each app the palette, and the variables that it was made from: Textual makes others for another theme."""


def palette(app: App[object]) -> Palette:
    """The palette of the app's present theme."""
    variables, known = _LAST.get(app, (None, None))
    if known is None or variables is not app.theme_variables:
        known = Palette(app.theme_variables)
        _LAST[app] = app.theme_variables, known
    return known

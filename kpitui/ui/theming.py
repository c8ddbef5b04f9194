"""The theme that the screens are in: the one that was chosen, another one on request, the usual one where it fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpitui.problems import Problem
from kpitui.ui.themes import DEFAULT, SIXTEEN, Themes
from kpitui.workspace.chosen_theme import ChosenTheme

if TYPE_CHECKING:
    from textual.app import App


class Theming:
    """Puts themes on an app, and keeps which one was chosen."""

    def __init__(self, app: App[Any], root: Path) -> None:
        self._app = app
        self._themes = Themes(root)
        few = app.console.color_system not in ("256", "truecolor")
        self._chosen = ChosenTheme(root, "sixteen colours" if few else "many colours")
        self._usual = SIXTEEN if few else DEFAULT

    @property
    def names(self) -> Sequence[str]:
        """Of all that can be chosen."""
        return tuple(self._themes.offered)

    def begin(self) -> str:
        """Put the chosen theme on, or the usual one; one line on what is wrong, the chosen one first, or nothing."""
        wanted = self._chosen.name or self._usual
        if self._put_on(wanted):
            self._put_on(self._usual)
            why = "has a mistake" if wanted in self._themes.offered else "is no longer there"
            return f"{wanted!r} {why}; this is {self._usual!r}"
        faulty = len({problem.file for problem in self.problems()})
        if not faulty:
            return ""
        return f"{faulty} theme {'file has' if faulty == 1 else 'files have'} mistakes: kpitui themes"

    def problems(self) -> list[Problem]:
        """What is wrong with the workspace's own, as their files are now."""
        return self._themes.workspace_problems()

    def after(self) -> str:
        """Put on the next one from a file whose file is sound; its name. Raises OSError as `choose` does."""
        names = self._themes.of_files
        at = names.index(self._app.theme) if self._app.theme in names else -1
        for step in range(1, len(names) + 1):
            name = names[(at + step) % len(names)]
            if not self.choose(name):
                return name
        return self._app.theme

    def choose(self, name: str) -> list[Problem]:
        """Put that one on and keep the choice; where something is wrong with it, the theme stays. Raises OSError where
        the choice cannot be kept."""
        failed = self._put_on(name)
        if not failed:
            self._chosen.choose(name, of_workspace=self._themes.offered[name].origin == "workspace")
        return failed

    def _put_on(self, name: str) -> list[Problem]:
        theme, problems = self._themes.load(name)
        if theme is not None:
            self._app.register_theme(theme)
            again = self._app.theme == name
            self._app.theme = name
            if again and self._app.is_running:
                # As its file has it now.
                self._app.refresh_css(animate=False)
        return problems

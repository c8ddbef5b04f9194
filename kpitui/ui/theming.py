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

    def begin(self) -> list[Problem]:
        """Put the chosen theme on, or the usual one; what is wrong with the workspace's and with the chosen one."""
        problems = self._themes.workspace_problems()
        wanted = self._chosen.name or self._usual
        failed = self._put_on(wanted)
        if failed:
            self._put_on(self._usual)
            problems += [problem for problem in failed if problem not in problems]
            problems.append(Problem("", f"{wanted!r} was chosen; this is {self._usual!r}"))
        return problems

    def after(self) -> tuple[str, list[Problem]]:
        """Put on the next one from a file whose file is sound; its name, and what is wrong with those passed over."""
        names, problems = self._themes.of_files, list[Problem]()
        at = names.index(self._app.theme) if self._app.theme in names else -1
        for step in range(1, len(names) + 1):
            name = names[(at + step) % len(names)]
            failed = self.choose(name)
            if not failed:
                return name, problems
            problems += failed
        return self._app.theme, problems

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

"""A box over a screen."""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.screen import ModalScreen

Result = TypeVar("Result")


class Overlay(ModalScreen[Result]):
    """It is left by Esc, and by a click beside it."""

    DEFAULT_CSS = """
    Overlay { align: center middle; background: transparent; }
    """

    def action_leave(self) -> None:
        """Close it."""
        raise NotImplementedError

    def leave_with(self, result: Result) -> None:
        """Close it and give a result; a second click or key, that comes when it is gone already, is for nobody."""
        if self.is_current:
            self.dismiss(result)

    def on_click(self, event: events.Click) -> None:
        if event.widget is self:
            self.action_leave()

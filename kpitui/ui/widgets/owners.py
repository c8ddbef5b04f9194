"""People who are known already complete the `@…` of an action as it is typed, and the names of a line of names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from textual.suggester import Suggester

from kpitui.ui.text import plain

_BEGUN = re.compile(r'(?:^|\s)@("?)([^"]*)$')
"""The last `@`, and what of a name stands behind it; with blanks only in quotes."""


class OwnerSuggester(Suggester):
    """Suggests the rest of the first known owner that begins so; one of several words where a quote is typed first."""

    def __init__(self, known: Callable[[], Iterable[str]], names_only: Callable[[], bool]) -> None:
        """`names_only` says whether the line holds names between commas, without an `@`."""
        super().__init__(use_cache=False, case_sensitive=True)
        self._known = known
        self._names_only = names_only

    async def get_suggestion(self, value: str) -> str | None:
        return self._name(value) if self._names_only() else self._owner(value)

    def _name(self, value: str) -> str | None:
        *_, begun = value.rpartition(",")
        begun = begun.strip()
        for name in map(plain, self._known() if begun else ()):
            if name.casefold().startswith(begun.casefold()) and name != begun and "," not in name:
                return value.removesuffix(begun) + name
        return None

    def _owner(self, value: str) -> str | None:
        begun = _BEGUN.search(value)
        if begun is None or not begun[2] or (not begun[1] and " " in begun[2]):
            return None
        for owner in self._known():
            name = plain(owner)
            if '"' in name or name == begun[2] or (" " in name and not begun[1]):
                continue
            if name.casefold().startswith(begun[2].casefold()):
                return value[: begun.start(1)] + (f'"{name}"' if begun[1] else name)
        return None

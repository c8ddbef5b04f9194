"""What the palette (`:`) finds: keys of the screen below, KPIs, reviews, actions that were agreed, owners, themes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import FuzzySearch

from kpitui.ui.keys import ACTIONS
from kpitui.ui.screens.base import FigureScreen
from kpitui.ui.text import plain
from kpitui.workspace.numbers import period_name

if TYPE_CHECKING:
    from kpitui.ui.app import KpituiApp
    from kpitui.workspace.opening import Workspace

_MOST = 40
"""Hits that are shown; more letters find the others."""


class Command(NamedTuple):
    """Something that can be chosen."""

    kind: str
    text: str
    run: Callable[[], Awaitable[object] | None]
    key: str = ""


class Commands(Provider):
    """Searched afresh for each letter: the names of a thousand KPIs are gone through in a few milliseconds."""

    async def startup(self) -> None:
        self._commands = list(_commands(self.app, self.screen))  # type: ignore[arg-type]  # it is ours

    async def discover(self) -> Hits:
        for command in self._commands:
            if command.kind == "key":
                yield DiscoveryHit(_written(command, ()), command.run, text=command.text)

    async def search(self, query: str) -> Hits:
        fuzzy = FuzzySearch()
        found = [(fuzzy.match(query, command.text), command) for command in self._commands]
        found = [hit for hit in found if hit[0][0] > 0]
        found.sort(key=lambda hit: -hit[0][0])
        for (score, offsets), command in found[:_MOST]:
            yield Hit(score, _written(command, offsets), command.run, text=command.text)


def palette() -> CommandPalette:
    """The box to type in, and what it finds."""
    return CommandPalette([Commands], placeholder="KPI, owner, action, review, key, theme …")


def _written(command: Command, offsets: Sequence[int]) -> Content:
    """A line of the list: `text` is plain already, and is never read as markup."""
    line = Content(command.text)
    for offset in offsets:
        line = line.stylize("bold underline", offset, offset + 1)
    kind = command.key if command.kind == "key" else command.kind
    return Content.assemble(line, "  ", (kind, "$accent"))


def _commands(app: KpituiApp, screen: object) -> Iterator[Command]:
    if isinstance(screen, FigureScreen):
        for action in ACTIONS:
            if action.place in (screen.PLACE, "write", "everywhere") and action.does != "palette":
                owned = f"app.{action.does}" if hasattr(app, f"action_{action.does}") else action.does
                yield Command("key", action.help, partial(app.run_action, owned, screen), action.shown)
    workspace = app.workspace
    if workspace is not None:
        yield from _of_workspace(app, workspace)
    for theme in app.theming.names:
        yield Command("theme", f"Theme {theme}", partial(app.choose_theme, theme))


def _of_workspace(app: KpituiApp, workspace: Workspace) -> Iterator[Command]:
    definitions = workspace.definitions
    for kpi in definitions.kpis.values():
        yield Command("KPI", plain(kpi.name), partial(app.show_kpi, kpi.id))
    for owner in sorted({kpi.owner for kpi in definitions.kpis.values() if kpi.owner}):
        yield Command("owner", plain(f"KPIs of {definitions.who(owner)}"), partial(app.show_owner, owner))
    for state in workspace.journal.state.actions:
        if not state.closed:
            show = partial(app.show_kpi, state.action.kpi, state.action.id)
            yield Command("action", plain(state.action.title), show)
    for cadence in definitions.cadences:
        latest = period_name(workspace.last_ended(cadence.grain), definitions.locale)
        yield Command("review", f"Hold a {cadence.id} review, {latest}", app.action_review)

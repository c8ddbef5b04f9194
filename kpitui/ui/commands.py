"""What the palette (`:`) finds: screens, keys of the screen below, KPIs, reviews, agreed actions, owners, themes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.fuzzy import Fit, fit
from kpitui.ui.keys import WHERE, places_of
from kpitui.ui.screens.base import FigureScreen
from kpitui.ui.screens.finder import Finder
from kpitui.ui.text import fit as fitted
from kpitui.ui.text import plain, width
from kpitui.ui.widgets.marked_list import Item
from kpitui.workspace.numbers import period_name

if TYPE_CHECKING:
    from kpitui.ui.app import KpituiApp
    from kpitui.workspace.opening import Workspace

_MOST = 40
"""Hits that are shown; more letters find the others."""
_ALSO = 0.5
"""What words that are not shown are worth."""


class Command(NamedTuple):
    """Something that can be chosen."""

    kind: str
    """What it is, or its key."""
    text: str
    run: Callable[[], Awaitable[object] | None]
    also: str = ""
    """Other words by which it is found."""
    at_first: bool = False
    """It is shown before anything was typed."""


class Palette(Finder):
    """The box to type in; gives the number of the command."""

    TITLE_OF_BOX = "Find · [@click=screen.choose]⏎ does it[/] · [@click=screen.leave]esc closes[/]"
    PLACEHOLDER = "KPI, screen, owner, action, review, key, theme …"

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__()
        self._commands = commands

    def found(self, typed: str, columns: int) -> tuple[Sequence[Item], str | None]:
        if not typed.strip():
            first = [(number, command) for number, command in enumerate(self._commands) if command.at_first]
            return [_item(number, command, ()) for number, command in first], None
        hits = [(hit, number) for number, command in enumerate(self._commands) if (hit := _hit(typed, command))]
        hits.sort(key=lambda hit: (-hit[0].score, hit[1]))
        return [_item(number, self._commands[number], hit.at) for hit, number in hits[:_MOST]], None


def _hit(typed: str, command: Command) -> Fit | None:
    """By what is shown, or else by the words with it."""
    hit = fit(typed, command.text)
    if hit is not None or not command.also:
        return hit
    hit = fit(typed, f"{command.text} {command.also}", gaps=False)
    return Fit(hit.score * _ALSO, tuple(at for at in hit.at if at < len(command.text))) if hit is not None else None


def _item(number: int, command: Command, at: Sequence[int]) -> Item:
    return Item(str(number), partial(_write, command, at))


def _write(command: Command, at: Sequence[int], canvas: Canvas, y: int, room: int, marked: bool) -> None:
    """A line of the list; the letters that were found stand out."""
    kind = command.kind
    text = fitted(command.text, room - width(kind) - 2).rstrip()
    canvas.write(0, y, text, "bold foreground" if marked else "")
    if text.isascii():
        for place in at:
            if place < len(text):
                canvas.put(place, y, text[place], "bold accent")
    canvas.write(room - width(kind), y, kind, "accent")


def commands(app: KpituiApp, screen: FigureScreen) -> list[Command]:
    """All that can be chosen there."""
    found = [*_of_keys(app, screen)]
    if app.workspace is not None:
        found += _of_workspace(app, app.workspace)
    found += (Command("theme", f"Theme {theme}", partial(app.choose_theme, theme)) for theme in app.theming.names)
    return found


def _of_keys(app: KpituiApp, screen: FigureScreen) -> Iterator[Command]:
    """The screens first, then what this one can do."""
    places = (screen.PLACE, "write", "everywhere")  # nobody looks for a cursor key here
    here = [action for place in places for action in app.keymap.of(*places_of(screen.PLACE)) if action.place == place]
    to_screens = [action for action in here if action.id.startswith("to_")]
    for action in [*to_screens, *(action for action in here if action not in to_screens)]:
        kind = f"screen {action.shown}" if action in to_screens else action.shown
        also = f"{action.label} {action.id.replace('_', ' ').replace('.', ' ')} {WHERE[action.place]}"
        if action.does != "palette":
            yield Command(kind, action.help, partial(app.do, action), also, at_first=True)


def _of_workspace(app: KpituiApp, workspace: Workspace) -> Iterator[Command]:
    definitions = workspace.definitions
    for kpi in definitions.kpis.values():
        yield Command("KPI", plain(kpi.name), partial(app.show_kpi, kpi.id), kpi.id)
    for owner in sorted({kpi.owner for kpi in definitions.kpis.values() if kpi.owner}):
        yield Command("owner", plain(f"KPIs of {definitions.who(owner)}"), partial(app.show_owner, owner), owner)
    for state in workspace.journal.state.actions:
        if not state.closed:
            show = partial(app.show_kpi, state.action.kpi, state.action.id)
            yield Command("action", plain(state.action.title), show, plain(state.action.owner or ""))
    for cadence in definitions.cadences:
        latest = period_name(workspace.last_ended(cadence.grain), definitions.locale)
        yield Command("review", f"Hold a {cadence.id} review, {latest}", app.action_review)

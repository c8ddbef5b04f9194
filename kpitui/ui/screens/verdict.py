"""The verdict on a KPI, or on several: the proposed one is marked, Enter accepts it, a letter picks another."""

from __future__ import annotations

from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from kpitui.records.model import VerdictWord
from kpitui.ui.chart.canvas import Canvas
from kpitui.ui.screens.overlay import Overlay
from kpitui.ui.text import fit, plain
from kpitui.ui.widgets.marked_list import Item, MarkedList
from kpitui.workspace.session_words import VERDICT_SENTENCE

AS_PROPOSED = "as proposed"
"""For each of several KPIs its own."""
_WORD = 16
_KEYS = "[@click=screen.accept]⏎ accepts[/] · first letter picks · [@click=screen.leave]esc leaves[/]"


class VerdictChooser(Overlay[str | None]):
    """Gives a verdict's word, `AS_PROPOSED`, or None where it was left."""

    DEFAULT_CSS = """
    VerdictChooser > Vertical {
        width: 64; max-width: 96%; height: auto; background: $surface; border: round $primary; padding: 0 1;
    }
    VerdictChooser MarkedList { height: auto; padding: 0; }
    """
    BINDINGS = [Binding("escape,v,q", "leave", "Leave")]

    def __init__(self, title: str, proposed: VerdictWord | None) -> None:
        """`proposed` is None for several KPIs: each has its own."""
        super().__init__()
        self._title = plain(title)
        self._proposed = proposed

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = fit(f"Verdict · {self._title}", 56).rstrip().replace("[", "(")
            box.border_subtitle = _KEYS
            yield MarkedList()

    def on_mount(self) -> None:
        words = {str(word): sentence for word, sentence in VERDICT_SENTENCE.items()}
        if self._proposed is None:
            words = {AS_PROPOSED: "for each what is proposed for it", **words}
        items = [
            Item(word, partial(_write, word, sentence, word in (self._proposed, AS_PROPOSED)))
            for word, sentence in words.items()
        ]
        choices = self.query_one(MarkedList)
        choices.styles.height = len(items)
        choices.show_items(items, self._proposed or AS_PROPOSED)
        choices.focus()

    def on_key(self, event: events.Key) -> None:
        """A word's first letter."""
        word = next((word for word in VERDICT_SENTENCE if word[0] == event.character), None)
        if word is not None:
            event.stop()
            self.leave_with(word)

    def on_marked_list_chosen(self, message: MarkedList.Chosen) -> None:
        message.stop()
        self.leave_with(message.key)

    def action_accept(self) -> None:
        self.leave_with(self.query_one(MarkedList).marked)

    def action_leave(self) -> None:
        self.leave_with(None)


def _write(word: str, sentence: str, proposed: bool, canvas: Canvas, y: int, room: int, bold: bool) -> None:
    canvas.write(0, y, ("▸ " if bold else "  ") + fit(word, _WORD - 2), "bold accent" if bold else "accent")
    said = sentence + (" (proposed)" if proposed and word != AS_PROPOSED else "")
    canvas.write(_WORD, y, fit(said, room - _WORD).rstrip(), "bold foreground" if bold else "")

"""All fields of a record, for those who want more than one line."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Select, Static, TextArea

from kpitui.ui.text import content, plain
from kpitui.workspace.journal import Entry, Field


class Details(ModalScreen[dict[str, str] | None]):
    """A form; gives the values by key, or None where it was left."""

    DEFAULT_CSS = """
    Details { align: center middle; }
    Details > VerticalScroll {
        width: 76; max-width: 96%; height: auto; max-height: 92%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    Details .row { height: auto; }
    Details .label { width: 12; color: $signal-usual; }
    Details Input { width: 1fr; border: none; height: 1; padding: 0 1; background: $panel; margin-bottom: 1; }
    Details TextArea { width: 1fr; height: 6; border: none; padding: 0 1; background: $panel; margin-bottom: 1; }
    Details Select { width: 1fr; margin-bottom: 1; }
    Details #keys { height: auto; align-horizontal: right; }
    Details Button { margin-left: 2; }
    """
    BINDINGS = [
        Binding("escape", "leave", "Leave", priority=True),
        Binding("ctrl+s", "save", "Save", priority=True),
    ]

    def __init__(self, entry: Entry, fields: Sequence[Field]) -> None:
        super().__init__()
        self._entry = entry
        self._fields = fields

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = plain(f"{self._entry.kind} {self._entry.id}").replace("[", "(")
            yield Static(content(f"{self._entry.when} · {self._entry.by} · {self._entry.place}", "$signal-usual"))
            for field in self._fields:
                with Horizontal(classes="row"):
                    yield Static(content(field.label), classes="label")
                    if field.choices:
                        options = [(choice, choice) for choice in field.choices]
                        value = field.value if field.value in field.choices else Select.NULL
                        yield Select(options, value=value, prompt="not said", id=f"f-{field.key}", compact=True)
                    elif field.long:
                        yield TextArea(
                            field.value, id=f"f-{field.key}", soft_wrap=True, compact=True, tab_behavior="focus"
                        )
                    else:
                        yield Input(field.value, id=f"f-{field.key}", placeholder=field.hint, compact=True)
            with Horizontal(id="keys"):
                yield Button("Save  ctrl+s", variant="primary", id="save", compact=True)
                yield Button("Leave  esc", id="leave", compact=True)

    def on_mount(self) -> None:
        self.query_one(f"#f-{self._fields[0].key}").focus()

    def _values(self) -> dict[str, str]:
        values: dict[str, str] = {}
        for field in self._fields:
            widget = self.query_one(f"#f-{field.key}")
            if isinstance(widget, TextArea):
                values[field.key] = widget.text
            elif isinstance(widget, Input):
                values[field.key] = widget.value
            elif isinstance(widget, Select):
                values[field.key] = str(widget.value) if widget.value is not Select.NULL else ""
        return values

    def action_save(self) -> None:
        self.dismiss(self._values())

    def action_leave(self) -> None:
        self.dismiss(None)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()
        else:
            self.action_leave()

    def on_input_submitted(self) -> None:
        self.action_save()

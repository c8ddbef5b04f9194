"""All fields of a record, for those who want more than one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec
from textual import on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.timer import Timer
from textual.widgets import Button, Input, Select, Static, TextArea

from kpitui.problems import KpituiError
from kpitui.ui.screens.overlay import Overlay
from kpitui.ui.text import content, plain
from kpitui.ui.widgets.entry import DRAFT_AFTER
from kpitui.ui.widgets.typed import TypedLine, TypedText
from kpitui.workspace.entries import Entry
from kpitui.workspace.forms import Field
from kpitui.workspace.state_folder import state_folder

if TYPE_CHECKING:
    from kpitui.ui.app import KpituiApp


Save = Callable[[dict[str, str], dict[str, str]], str | None]
"""Writes the values by key, over those that were shown when typing began; gives a sentence where that failed."""


LOW_ROWS = 30
"""Rows of a terminal from which on a form has a blank line between its fields; below it Save must stay in sight."""


class _Typed(msgspec.Struct):
    """What a draft holds: the fields that were changed, by key."""

    values: dict[str, str]
    shown: dict[str, str]
    """What stood there before."""


class Details(Overlay[bool]):
    """A form. It closes once it is saved (True), or is left (False): then what was typed is kept as a draft."""

    DEFAULT_CSS = """
    Details > VerticalScroll {
        width: 76; max-width: 96%; height: auto; max-height: 92%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    Details .row { height: auto; margin-bottom: 1; }
    Details.-low .row { margin-bottom: 0; }
    Details .label { width: 12; color: $signal-usual; }
    Details Input { width: 1fr; border: none; height: 1; padding: 0 1; background: $panel; }
    Details TextArea { width: 1fr; height: 4; border: none; padding: 0; background: $panel; }
    Details #error { height: auto; }
    Details .remark { color: $accent; }
    Details Select { width: 1fr; }
    Details SelectCurrent .arrow { color: $foreground; }
    Details #keys { height: auto; align-horizontal: right; }
    Details Button { margin-left: 2; }
    """
    BINDINGS = [
        Binding("escape", "leave", "Leave", priority=True),
        Binding("ctrl+s", "save", "Save", priority=True),
        Binding("ctrl+o", "edit_text", "Editor", priority=True),
    ]

    app: KpituiApp

    def __init__(
        self, entry: Entry, fields: Sequence[Field], save: Save, *, first: str | None = None, told: str = ""
    ) -> None:
        """`first`: the key of the field to begin with, else the first one. `told` stands above them."""
        super().__init__()
        self._entry = entry
        self._fields = fields
        self._save = save
        self.VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW_ROWS, "-high")]
        self._first = first or fields[0].key
        self._told = told
        self._shown = {field.key: field.value for field in fields}
        self._waiting: Timer | None = None

    def _with_draft(self) -> tuple[list[Field], str]:
        """The fields, with what was typed the last time and not saved, and a remark on that."""
        kept = self.app.drafts.get(self._draft_key)
        if not kept:
            return list(self._fields), ""
        typed = msgspec.json.decode(kept, type=_Typed)
        self._shown.update(typed.shown)
        others = [
            f"{field.label} is “{field.value}” by now"
            for field in self._fields
            if field.key in typed.values and field.value not in (typed.shown[field.key], typed.values[field.key])
        ]
        told = ["What you typed the last time, not saved yet.", *(f"Changed meanwhile: {other}." for other in others)]
        return [field._replace(value=typed.values.get(field.key, field.value)) for field in self._fields], " ".join(
            told
        )

    @property
    def _draft_key(self) -> str:
        return f"form {self._entry.id}"

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = plain(f"{self._entry.kind} {self._entry.id}").replace("[", "(")
            yield Static(content(f"{self._entry.when} · {self._entry.by} · {self._entry.place}", "$signal-usual"))
            if self._told:
                yield Static(content(self._told), classes="remark")
            fields, remark = self._with_draft()
            if remark:
                yield Static(content(remark), classes="remark")
            for field in fields:
                with Horizontal(classes="row"):
                    yield Static(content(field.label), classes="label")
                    if field.choices:
                        options = [(choice, choice) for choice in field.choices]
                        value = field.value if field.value in field.choices else Select.NULL
                        yield Select(options, value=value, prompt="not said", id=f"f-{field.key}", compact=True)
                    elif field.long:
                        yield TypedText(field.value, id=f"f-{field.key}")
                    else:
                        yield TypedLine(field.value, id=f"f-{field.key}", placeholder=field.hint)
            yield Static(id="error")
            with Horizontal(id="keys"):
                yield Button("Save  ctrl+s", variant="primary", id="save", compact=True)
                if any(field.long for field in self._fields):
                    yield Button("Editor  ctrl+o", id="edit", compact=True)
                yield Button("Leave  esc", id="leave", compact=True)

    def on_mount(self) -> None:
        self.query_one(f"#f-{self._first}").focus()

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
        failure = self._save(self._values(), self._shown)
        if failure is not None:
            self._tell(failure)
            return
        self._keep("")
        self.leave_with(True)

    def _tell(self, failure: str) -> None:
        error = self.query_one("#error", Static)
        error.update(content(failure, "bold $error"))
        error.scroll_visible()

    def action_edit_text(self) -> None:
        """The long text in focus, else the form's first, in the person's editor, and back."""
        from kpitui.ui import editor

        found = self.focused if isinstance(self.focused, TypedText) else next(iter(self.query(TypedText)), None)
        if found is None:
            self._tell("This form has no long text.")
            return
        self._keep_draft()  # whatever becomes of the editor
        try:
            with self.app.suspend():
                text = editor.edit_text(found.text, state_folder(self.app.root))
        except KpituiError as error:
            self._tell(f"{error}.")
        except SuspendNotSupported:
            self._tell("No editor can be opened here.")
        else:
            self.query_one("#error", Static).update("")
            found.take_over(text)
            found.focus()
            self._keep_draft()

    def action_leave(self) -> None:
        self._keep_draft()
        self.leave_with(False)

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Select.Changed)
    def _keep_soon(self) -> None:
        if self._waiting is None:
            self._waiting = self.set_timer(DRAFT_AFTER, self._keep_draft)

    def _keep_draft(self) -> None:
        self._waiting = None
        changed = {key: text for key, text in self._values().items() if text.strip() != self._shown[key].strip()}
        typed = _Typed(changed, {key: self._shown[key] for key in changed})
        self._keep(msgspec.json.encode(typed).decode() if changed else "")

    def _keep(self, draft: str) -> None:
        try:
            self.app.drafts.put(self._draft_key, draft)
        except OSError as error:
            self.notify(f"the draft is not kept: {error.strerror}", severity="warning", markup=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()
        elif event.button.id == "edit":
            self.action_edit_text()
        else:
            self.action_leave()

    def on_input_submitted(self) -> None:
        self.action_save()

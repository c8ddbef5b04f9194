"""The keys in force: the table, and what a person's own `keys.toml` changes of it.

Every mistake in that file is told at once, and leaves its action at the usual key; the rest holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kpitui.problems import Problem
from kpitui.ui.keys import ACTIONS, WHERE, Action, Place, for_textual, places_of

if TYPE_CHECKING:
    from kpitui.definitions.files import Document

_NAMED = (
    *("enter", "escape", "tab", "space", "backspace", "delete", "insert"),
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
    *(f"f{number}" for number in range(1, 25)),
)
"""Keys that have names; the others are the sign that they write."""
_OTHER_NAMES = {"esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgup": "pageup"}
_OTHER_NAMES |= {"page_up": "pageup", "page_down": "pagedown", "pgdn": "pagedown", "control": "ctrl", " ": "space"}
_SAME_BYTE = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "escape", "ctrl+h": "backspace"}
"""A terminal sends the same for both."""
_RESERVED = {"ctrl+c": "copies what is marked", "ctrl+q": "quits, whatever else was changed"}
_OF_INPUTS = {
    "enter": "opens what is marked, and saves what is typed",
    "escape": "closes what is open",
}
"""May stay where they are, and are not given to others."""


class KeyMap:
    """What each key does."""

    def __init__(self, changed: Mapping[str, Sequence[str]] | None = None) -> None:
        """`changed`: keys by the id of an action."""
        self.changed = dict(changed or {})
        self.actions = tuple(
            action._replace(key=" ".join(self.changed[action.id])) if action.id in self.changed else action
            for action in ACTIONS
        )
        self._shown = {action.id: action.shown for action in self.actions}

    def shown(self, action_id: str) -> str:
        """The key of an action, as it is written for people."""
        return self._shown[action_id]

    def action(self, action_id: str) -> Action:
        return next(action for action in self.actions if action.id == action_id)

    def of(self, *places: Place) -> list[Action]:
        """What can be done there; an action whose key is another's there is left out."""
        here = [action for action in self.actions if action.place in places]
        taken = {(action.over, key) for action in here for key in action.keys}
        return [action for action in here if any((action.id, key) not in taken for key in action.keys)]

    @property
    def for_textual(self) -> dict[str, str]:
        """The changed keys, by the ids of the bindings."""
        return {id_: for_textual(keys) for id_, keys in self.changed.items()}


class Clash(NamedTuple):
    """Two actions with one key where both hold."""

    key: str
    first: Action
    second: Action


def clashes(actions: Sequence[Action]) -> Iterator[Clash]:
    """Every pair that wants the same key in the same place."""
    by_key: dict[str, list[Action]] = {}
    for action in actions:
        for key in action.keys:
            for other in by_key.setdefault(key, []):
                if meet(action.place, other.place) and action.over != other.id and other.over != action.id:
                    yield Clash(key, other, action)
            by_key[key].append(action)


def meet(one: Place, other: Place) -> bool:
    """Whether both hold on some screen."""
    return any(one in places_of(screen) and other in places_of(screen) for screen in WHERE)


def keys_file() -> Path:
    """`keys.toml` in the user's config folder."""
    from platformdirs import user_config_path

    return user_config_path("kpitui") / "keys.toml"


def load(path: Path) -> tuple[KeyMap, list[Problem]]:
    """The keys in force, and every mistake in the file that changes them, which need not be there."""
    if not path.exists():
        return KeyMap(), []
    from kpitui.definitions.files import read_document

    problems: list[Problem] = []
    file = path.resolve()  # it may be a link into somebody's collection of settings
    found = read_document(file.parent, file.name, problems)
    changed = _read(found) if found else {}
    if found:
        _check_clashes(found, changed)
    told = sorted(problems, key=lambda problem: problem.line or 0)
    return KeyMap(changed), [problem._replace(file=str(path)) for problem in told]


def _read(document: Document) -> dict[str, list[str]]:
    """Keys by action, as far as each is sound by itself."""
    from kpitui.definitions.reader import kind, shortened, suggestion

    for section in document.tables:
        if section != "keys":
            document.problem((section,), f"unknown table `{shortened(section)}`", suggestion(section, ["keys"]))
    table = document.tables.get("keys", {})
    if not isinstance(table, dict):
        document.problem(("keys",), f"expected a table, found {kind(table)}", '[keys] above, undo = "U" below it')
        return {}
    known = {action.id: action for action in ACTIONS}
    changed: dict[str, list[str]] = {}
    for way, value in _entries(table):
        action = known.get(".".join(way))
        if action is None:
            name = shortened(".".join(way))
            document.problem(("keys", *way), f"there is no action `{name}`", _meant(way, known))
            continue
        keys = _keys(document, ("keys", *way), value, action)
        if keys and keys != action.keys:
            changed[action.id] = keys
    return changed


def _entries(table: Mapping[str, object], way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """`kpi.mark = "x"` and `[keys.kpi] mark = "x"` are the same to TOML."""
    for name, value in table.items():
        if isinstance(value, dict) and not way:
            yield from _entries(value, (name,))
        else:
            yield (*way, name), value


def _meant(way: tuple[str, ...], known: Mapping[str, Action]) -> str:
    """The hint for an id that there is not."""
    from kpitui.definitions.reader import nearest

    places = [id_ for id_ in known if id_.rpartition(".")[2] == way[-1]]
    near = nearest(".".join(way), list(known))
    meant = places if way[-1] not in known and places else [near] if near else []
    return f"did you mean {' or '.join(f'`{id_}`' for id_ in meant)}?" if meant else "`kpitui keys` lists them"


def _keys(document: Document, way: tuple[str, ...], value: object, action: Action) -> list[str]:
    """The keys that an action is given; none where one of them is a mistake."""
    given = value if isinstance(value, list) else [value]
    texts = [each for each in given if isinstance(each, str) and each]
    if not texts or len(texts) < len(given):
        document.problem(way, "expected a key, or a list of keys", f'{action.id} = "{action.keys[0]}"')
        return []
    keys: list[str] = []
    sound = True
    for text in texts:
        try:
            keys.append(key_name(text, action))
        except _NoKeyError as error:
            document.problem(way, str(error), error.hint)
            sound = False
    return list(dict.fromkeys(keys)) if sound else []


class _NoKeyError(Exception):
    """A key that cannot be had."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def key_name(text: str, action: Action) -> str:
    """The key that a person means: a sign, or a name with its modifiers in front."""
    from kpitui.definitions.reader import nearest, shortened
    from kpitui.printable import printable

    if len(text) == 1 and text != " ":
        if not text.isprintable():
            raise _NoKeyError(f"no key writes {printable(text)}")
        return text
    *modifiers, name = _parts(text)
    quoted = f"`{printable(shortened(text))}`"
    unknown = [each for each in modifiers if each not in ("ctrl", "alt", "shift")]
    if unknown or not (name in _NAMED or (len(name) == 1 and name.isprintable())):
        near = nearest(unknown[0] if unknown else name, ["ctrl", "alt", "shift"] if unknown else _NAMED)
        several = f'several keys are a list: {action.id} = ["x", "y"]' if " " in text.strip() else None
        usual = 'a key is a sign such as "x" or "!", or a name such as "f2", "pageup", "ctrl+x"'
        raise _NoKeyError(f"{quoted} is no key", several or (f"did you mean `{near}`?" if near else usual))
    if name not in _NAMED and ("shift" in modifiers or not (name.isascii() and name.isalpha())):
        hint = f"write the sign that it gives, such as `{name.upper()}`" if modifiers == ["shift"] else None
        raise _NoKeyError(f"terminals do not send {quoted}", hint)
    key = "+".join([*(each for each in ("alt", "ctrl", "shift") if each in modifiers), name])
    if key in _SAME_BYTE:
        raise _NoKeyError(f"terminals send the same for {quoted} as for `{_SAME_BYTE[key]}`")
    for reserved in (_RESERVED, _OF_INPUTS):
        if key in reserved and key not in action.keys:
            raise _NoKeyError(f"{quoted} is not to be had: it {reserved[key]}")
    return key


def _parts(text: str) -> list[str]:
    """`Ctrl+X` → ctrl, x; the sign behind the last plus may be a plus itself."""
    text = text.strip()
    front, plus, name = text.rpartition("+") if not text.endswith("++") else (text[:-2], "+", "+")
    modifiers = front.lower().split("+") if plus else []
    if modifiers or len(name) > 1:
        name = name.lower()
    return [_OTHER_NAMES.get(part, part) for part in [*modifiers, name]]


def _check_clashes(document: Document, changed: dict[str, list[str]]) -> None:
    """Take back, one after the other, whatever wants a key that another has."""
    while True:
        found = next((clash for clash in clashes(KeyMap(changed).actions) if _changed(clash, changed)), None)
        if found is None:
            return
        # Of two that were changed, the one further down in the file gives way.
        order = list(changed)
        winner, loser = sorted(found[1:], key=lambda action: order.index(action.id) if action.id in order else -1)
        document.problem(
            ("keys", *loser.id.split(".")),
            f"`{found.key}` is the key of `{winner.id}` already",
            f"give that another one, too; this one keeps {_usual(loser.id)}",
        )
        del changed[loser.id]


def _changed(clash: Clash, changed: Mapping[str, object]) -> bool:
    return clash.first.id in changed or clash.second.id in changed


def _usual(action_id: str) -> str:
    return next(f"`{action.keys[0]}`" for action in ACTIONS if action.id == action_id)

"""Saves of two programs, hand edits, an editor that saves late, and merges, in any order: no word goes missing."""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kpitui.records import safe
from kpitui.records.layout import blocks
from kpitui.records.merge import merge
from kpitui.records.model import TABLES, Figures, Note, Retraction, Review
from kpitui.records.store import RecordStore

AT = datetime(2026, 11, 4, 9, 12, tzinfo=UTC)
REVIEW = Review(id="2026-10-monthly", cadence="monthly", period="2026-10", started=AT)
MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made in it is one's own
PLACES = st.integers(0, 30)
WHO = st.sampled_from([0, 1])


class Reviewing(RuleBasedStateMachine):
    """Everything that was written holds a word of its own; `there` are those that must be in the file."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None)
        root = Path(self._folder.name)
        self.file = root / "reviews/2026-10-monthly.toml"
        self.stores = [RecordStore(root, "Acme"), RecordStore(root, "Acme")]
        self.read: list[list[Note]] = [[], []]
        """The notes as each program has read them last."""
        self.there: set[str] = set()
        self.branch: str | None = None
        self._words = 0

    def teardown(self) -> None:
        self._folder.cleanup()

    def word(self) -> str:
        self._words += 1
        word = f"word{self._words}."
        self.there.add(word)
        return word

    @property
    def text(self) -> str:
        return self.file.read_bytes().decode()

    def note(self) -> Note:
        word = self.word()
        return Note(kpi="mqls", by="head", at=AT + timedelta(seconds=self._words), text=word)

    def by_hand(self, edit: Callable[[str], str]) -> None:
        self.file.write_bytes(edit(self.text).encode())

    @initialize()
    def begin(self) -> None:
        self.stores[0].add(REVIEW, self.note())

    @rule(who=WHO)
    def save(self, who: int) -> None:
        self.stores[who].add(REVIEW, self.note(), self.word())

    @rule(who=WHO)
    def look(self, who: int) -> None:
        records, _ = self.stores[who].load()
        self.read[who] = [record for record in records.files[0].records if isinstance(record, Note)]

    @rule(who=WHO, which=PLACES)
    def change(self, who: int, which: int) -> None:
        if self.read[who]:
            before = self.read[who][which % len(self.read[who])]
            after = msgspec.structs.replace(before, text=self.word())
            self.stores[who].change(REVIEW, before, after)
            self.there.discard(before.text)

    @rule(who=WHO)
    def save_while_an_editor_saves(self, who: int) -> None:
        sync, comments = safe.sync, iter([f"# {self.word()}\n"])

        def late(descriptor: int) -> None:
            sync(descriptor)
            self.by_hand(lambda text: text + next(comments, ""))

        with patch.object(safe, "sync", late):
            self.stores[who].add(REVIEW, self.note())

    @rule(who=WHO, which=PLACES)
    def take_back(self, who: int, which: int) -> None:
        if self.read[who]:
            of = self.read[who][which % len(self.read[who])].id
            at = AT + timedelta(seconds=self._words)
            self.stores[who].add(REVIEW, Retraction(by="head", at=at, of=of, text=self.word()))

    @rule(who=WHO)
    def start(self, who: int) -> None:
        self.stores[who].start(REVIEW, {"mqls": Figures(80.0, 100.0, "behind", "", "5f3a")})

    @rule(who=WHO)
    def sign_off_and_reopen(self, who: int) -> None:
        self.stores[who].set_state(REVIEW, "signed-off", by="head", at=AT)
        self.stores[who].set_state(REVIEW, "open", by="head", at=AT)

    @rule(at=PLACES)
    def comment_by_hand(self, at: int) -> None:
        def edit(text: str) -> str:
            parts = blocks(text)
            start = parts[at % len(parts)].start
            return f"{text[:start]}# {self.word()}\n{text[start:]}"

        self.by_hand(edit)

    @rule()
    def record_by_hand(self) -> None:
        word = self.word()
        block = (
            f'\n[note."by hand {word}"]\nkpi = \'mqls\'\nby="x"  # {self.word()}\nat = 2026-11-04\ntext = """{word}"""'
        )
        self.by_hand(lambda text: text.rstrip("\n") + "\n" + block.replace("2026-11-04", "2026-11-04T10:00:00Z") + "\n")

    @rule()
    def unknown_table_by_hand(self) -> None:
        word = self.word()
        self.by_hand(lambda text: text.rstrip("\n") + f'\n\n[extra.{word[:-1]}]\nkept   =   "{word}"\n')

    @rule(which=PLACES)
    def delete_by_hand(self, which: int) -> None:
        def edit(text: str) -> str:
            own = [part for part in blocks(text) if len(part.path) == 2 and part.path[0] in TABLES]
            if not own:
                return text
            part = own[which % len(own)]
            self.there = {word for word in self.there if word not in text[part.start : part.end]}
            return text[: part.start] + text[part.end :]

        self.by_hand(edit)

    @rule()
    def line_ends(self) -> None:
        windows = "\r\n" in self.text
        self.by_hand(lambda text: text.replace("\r\n", "\n") if windows else text.replace("\n", "\r\n"))

    @rule()
    def branch_off(self) -> None:
        self.branch = self.text.replace("\r\n", "\n")

    @precondition(lambda self: self.branch is not None)
    @rule()
    def merge_the_branch(self) -> None:
        assert self.branch is not None
        word = self.word()
        block = f'\n[note.n-{word[:-1]}]\nkpi = "mqls"\nby = "bo"\nat = 2026-11-05T09:00:00Z\ntext = "{word}"\n'
        theirs = self.branch.rstrip("\n") + "\n" + block
        merged = merge(self.branch, self.text.replace("\r\n", "\n"), theirs)
        told = " ".join(merged.conflicts)
        # Words that came to the branch before are in it only where this side has not deleted them since.
        self.there = {kept for kept in self.there if kept not in told}
        self.by_hand(lambda _: merged.text)
        self.branch = None

    @invariant()
    def every_word_is_there(self) -> None:
        if self._words:
            text = self.text
            tomllib.loads(text.replace("\r\n", "\n"))
            assert {word for word in self.there if word not in text} == set()
            problems = self.stores[0].load()[1]
            assert {problem.message for problem in problems} <= {"unknown table `extra`"}


def test_no_word_goes_missing() -> None:
    run_state_machine_as_test(
        Reviewing,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

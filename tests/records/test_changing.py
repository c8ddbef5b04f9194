"""A record that is changed without parsing the whole file again: what is known then is what parsing would have said."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kpitui.records.adding import Known, Parsed, add
from kpitui.records.changing import alone, change
from kpitui.records.emit import record_block
from kpitui.records.model import Record
from kpitui.records.read import decode, read, read_text
from kpitui.records.splice import add_block, change_table, own_values
from kpitui.records.store import RecordStore
from tests.records.test_adding import AT, FILE, REVIEW, files, is_toml, note, parsed_alone, records, texts

__all__ = ["parsed_alone"]


def test_it_is_what_parsing_all_of_it_gives() -> None:
    counts = Counter[str]()

    @settings(max_examples=600, deadline=None)
    @given(files().filter(is_toml), st.integers(0, 9), texts, records())
    def compared(data: bytes, which: int, words: str, next_one: Record) -> None:
        file = read(FILE, data)
        assume(file.read_only is None and file.records)
        text = decode(data)
        before = file.records[which % len(file.records)]
        found = alone(Known(Parsed(text, tomllib.loads(text)), file), before.table, before.id)
        if found is None:
            counts["left to a full parse"] += 1
            return
        path = (before.table, before.id)
        assert found.values == own_values(text, path)
        values = {**found.values, "by": "chair", "text": words.replace("\r\n", "\n")}
        values.pop("title", None)
        changed = change(found, values)
        whole, line = change_table(text, path, values)
        if changed is None:
            assert before.table in ("action", "target", "retraction") or "<<<<<<<" in words or "." * 70 in words
            return
        counts["changed"] += 1
        assert changed.parsed.text == whole
        assert changed.parsed.document == tomllib.loads(whole)
        assert changed.file == read_text(FILE, whole)
        assert changed.file.lines[before.id] == line
        # The place of the next record is where it would be looked for.
        if (added := add(changed, next_one, "")) is not None:
            text, _ = add_block(whole, record_block(next_one, ""))
            assert added.known.parsed.text == text
            assert added.known.file == read_text(FILE, text)

    compared()

    assert counts["changed"] > 50
    assert counts["left to a full parse"] > 0


def test_a_changed_record_costs_its_own_table(tmp_path: Path, parsed_alone: list[str]) -> None:
    store = RecordStore(tmp_path)
    saved = [store.add(REVIEW, note(f"number {n}", n)).record for n in range(20)]
    parsed_alone.clear()

    changed = store.change(REVIEW, saved[7], msgspec.structs.replace(saved[7], text="others\nof two lines"))

    assert parsed_alone
    assert all(text.count("[note.") <= 1 for text in parsed_alone)
    assert changed.record.at == AT.replace(second=7)
    [file] = RecordStore(tmp_path).load()[0].files
    assert [record.text for record in file.records if record.id == saved[7].id] == ["others\nof two lines"]
    assert len(file.records) == 20
    assert store.load()[0].files == (file,)


def test_a_store_that_got_ready_saves_the_same_and_parses_no_whole_file(
    tmp_path: Path, parsed_alone: list[str]
) -> None:
    written = []
    for ready in (False, True):
        root = tmp_path / str(ready)
        root.mkdir()
        for n in range(20):
            RecordStore(root).add(REVIEW, msgspec.structs.replace(note(f"number {n}", n), id=f"n-{n + 2222}"))
        store = RecordStore(root)
        store.load()
        if ready:
            store.get_ready()
        parsed_alone.clear()
        store.add(REVIEW, msgspec.structs.replace(note("the next", 30), id="n-3333"))
        assert all(text.count("[note.") <= 1 for text in parsed_alone) == ready
        written.append((root / FILE).read_bytes())
    assert written[0] == written[1]

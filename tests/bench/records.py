"""What ten years of reviews cost: 640 files with 50,000 records against none; and a save against the disk alone.

    python tests/bench/records.py [--runs 15]

A start is measured as a process from its call to its end (`kpitui scorecard`, which opens the workspace) and in the
terminal until the first figures; the two workspaces differ in `reviews/` only and run in turn. A save is a note, from
the call until it is on disk and the records are as they are now; the disk alone is the same bytes written, synced and
renamed, by turns with it. Run by hand, on a machine with nothing else to do; needs /tmp on a real disk.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from kpitui.definitions.load import load
from kpitui.records import emit, ids
from kpitui.records.model import Action, Cause, Decision, Figures, Followup, Note, Record, Review, Verdict
from kpitui.records.store import RecordStore
from kpitui.workspace.journal import Journal
from kpitui.workspace.opening import Workspace
from start import folders, until

FIRST_DAY = date(2016, 8, 1)
WEEKS, MONTHS, RECORDS = 520, 120, 50_000
KPIS = [f"kpi_{number}" for number in range(30)]
WORDS = ("routing", "of", "leads", "sends", "EMEA", "forms", "to", "a", "shared", "inbox", "that", "nobody", "reads")
SETTINGS = """\
[workspace]
name = "Ten years"
as_of = 2026-11-04
[source.s]
files = "s.csv"
date = "m"
frequency = "monthly"
"""
AS_OF = date(2026, 11, 4)


def reviews() -> Iterator[Review]:
    """Ten years of weekly and monthly ones, the last two of them open."""
    weekly = [(FIRST_DAY + timedelta(weeks=number), "weekly", "") for number in range(WEEKS)]
    monthly = [(date(2016 + (7 + n) // 12, (7 + n) % 12 + 1, 5), "monthly", "") for n in range(MONTHS)]
    days = sorted(weekly + monthly)
    for number, (day, cadence, _) in enumerate(days):
        year, week, _ = day.isocalendar()
        period = f"{year}-W{week:02d}" if cadence == "weekly" else f"{day:%Y-%m}"
        yield Review(
            id=f"{period}-{cadence}",
            cadence=cadence,
            period=period,
            state="open" if number >= len(days) - 2 else "signed-off",
            started=datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
        )


class Minutes:
    """Writes what is said in meetings."""

    def __init__(self) -> None:
        self._rng = random.Random(20261123)
        self._ids: set[str] = set()
        self._actions: list[Action] = []

    def _id(self, table: str) -> str:
        while (made := f"{table[0]}-{''.join(self._rng.choices(ids.ALPHABET, k=4))}") in self._ids:
            pass
        self._ids.add(made)
        return made

    def _text(self, words: int) -> str:
        return " ".join(self._rng.choices(WORDS, k=words))

    def record(self, review: Review, number: int) -> Record:
        kind = self._rng.choices((Note, Cause, Decision, Action, Followup, Verdict), (35, 20, 10, 10, 13, 12))[0]
        common = {
            "id": self._id(kind.table),
            "kpi": self._rng.choice(KPIS),
            "period": review.period,
            "by": "head",
            "at": review.started + timedelta(seconds=20 * number),
        }
        if kind is Action:
            due = review.started.date() + timedelta(days=14)
            self._actions.append(Action(title=self._text(6), owner="ops", due=due, **common))
            return self._actions[-1]
        if kind is Followup and self._actions:
            action = self._actions.pop(0)
            return Followup(action=action.id, status="done", **{**common, "kpi": action.kpi})
        if kind is Cause:
            return Cause(cause_class="process", chart="usual variation", text=self._text(12), **common)
        if kind is Decision:
            return Decision(text=self._text(10), **common)
        if kind is Verdict:
            return Verdict(verdict="explained", **common)
        return Note(text=self._text(15), **common)


def write_workspaces(folder: Path) -> tuple[Path, Path]:
    """One with ten years of reviews, one with none."""
    many, none = folder / "many", folder / "none"
    kpis = "".join(f'[kpi.{kpi}]\nsource = "s"\ncolumn = "a"\naggregate = "sum"\n' for kpi in KPIS)
    for root in (many, none):
        root.mkdir()
        (root / "kpitui.toml").write_text(SETTINGS + kpis)
        (root / "s.csv").write_text("m,a\n2026-08,1\n2026-09,2\n2026-10,3\n")
    (many / "reviews").mkdir()
    minutes, all_reviews = Minutes(), list(reviews())
    figures = emit.figures_block(dict.fromkeys(KPIS, Figures(2.0, 2.5, "behind", "", "5f3a")))
    for place, review in enumerate(all_reviews):
        count = RECORDS // len(all_reviews) + (place < RECORDS % len(all_reviews))
        blocks = (emit.record_block(minutes.record(review, n), "KPI · 2 of 2.5 · behind") for n in range(count))
        text = "\n".join((emit.new_file("Ten years", review), *blocks, figures))
        (many / f"reviews/{review.id}.toml").write_text(text)
    return many, none


def bare_save(path: Path, data: bytes) -> None:
    temporary = path.with_name(".bare.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    os.write(descriptor, data)
    os.fsync(descriptor)
    os.close(descriptor)
    temporary.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def took(do: object, *arguments: object) -> float:
    """Milliseconds of a call."""
    started = time.perf_counter()
    do(*arguments)  # type: ignore[operator]
    return (time.perf_counter() - started) * 1000


def worked(do: object, *arguments: object) -> float:
    """Milliseconds that the processor was busy with a call, whatever else the machine does."""
    started = time.process_time()
    do(*arguments)  # type: ignore[operator]
    return (time.process_time() - started) * 1000


def compare_starts(many: Path, none: Path, runs: int) -> None:
    """In this process as the screens have it: nothing is collected while a workspace opens."""
    gc.disable()
    print(f"opening the first time {took(Workspace.open, many):6.0f} ms")
    Workspace.open(none)
    for name, measure in (("opening later", took), ("of that the processor", worked)):
        pairs = [(measure(Workspace.open, many), measure(Workspace.open, none)) for _ in range(runs)]
        a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{name:<22} {a:6.0f} ms, without reviews {b:.0f} ms: {a - b:.0f} ms more (at most 150)")
    gc.enable()


def compare_first_figures(many: Path, none: Path, runs: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, **folders(home)}
        command = [sys.executable, "-m", "kpitui"]
        for root in (many, none):
            until("kpi_0", [*command, str(root)], env)
            until("kpi_0", [*command, "scorecard", str(root)], env)
        pairs = [tuple(until("kpi_0", [*command, str(root)], env) for root in (many, none)) for _ in range(runs)]
    a, b = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    print(f"first figures          {a:6.0f} ms, without reviews {b:.0f} ms: {a - b:.0f} ms more (at most 150)")


def compare_saves(many: Path, none: Path, runs: int) -> None:
    definitions, _ = load(many)
    kpi = definitions.kpis[KPIS[0]]
    journals = [Journal(root, definitions, AS_OF) for root in (many, none)]

    def save(journal: Journal, text: str) -> None:
        journal.add("note", kpi, text, period="2026-10", comment="KPI · 2 of 2.5", by="head")

    for journal in journals:
        for number in range(80):
            save(journal, f"to begin with {number}")
    pairs = [tuple(took(save, journal, f"note {n}") for journal in journals) for n in range(runs)]
    a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"a save                 {a:6.1f} ms, without reviews {b:.1f} ms: {a - b:.1f} ms more (at most 10)")


def compare_with_disk(folder: Path, runs: int) -> None:
    """Reviews with so many records; 78 are what ten years have on average."""
    review = Review(
        id="2026-10-monthly", cadence="monthly", period="2026-10", started=datetime(2026, 11, 4, tzinfo=UTC)
    )
    for count in (20, 78, 200):
        store = RecordStore(folder / str(count), "Bench")
        (folder / str(count)).mkdir()
        minutes = Minutes()
        for number in range(count):
            store.add(review, minutes.record(review, number), "KPI · 2 of 2.5 · behind")
        bare = folder / str(count) / "reviews/bare"
        pairs = []
        for number in range(runs):
            record = minutes.record(review, count + number)
            saved = took(store.add, review, record, "KPI · 2 of 2.5 · behind")
            store.load()  # as a screen does, once the record is on disk
            data = (folder / str(count) / f"reviews/{review.id}.toml").read_bytes()
            pairs.append((saved, took(bare_save, bare, data)))
        beside_disk(f"a save among {count}", pairs)
        pairs = []
        for number in range(runs):
            before = store.load()[0].files[0].records[number]
            after = msgspec.structs.replace(before, by=f"chair {number}")
            pairs.append((took(store.change, review, before, after), took(bare_save, bare, data)))
        beside_disk(f"a change among {count}", pairs)
    firsts = []
    for _ in range(runs):
        store = RecordStore(folder / "78", "Bench")
        store.load()
        store.get_ready()  # as the program does once the first figures stand
        firsts.append((took(store.add, review, minutes.record(review, 999), ""), took(bare_save, bare, data)))
    beside_disk("the first save, 78", firsts)


def beside_disk(what: str, pairs: list[tuple[float, float]]) -> None:
    a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{what:<22} {a:6.1f} ms, the disk alone {b:.1f} ms: {a / b:.1f} times (at most 3)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ |= folders(str(folder / "home"))
        many, none = write_workspaces(folder)
        # A file is known by its stamp once it is two seconds old.
        time.sleep(2.1)
        compare_starts(many, none, runs)
        compare_first_figures(many, none, runs)
        compare_saves(many, none, runs)
        compare_with_disk(folder, runs)


if __name__ == "__main__":
    main()

"""All records that say something."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kpitui.workspace.finding import find
from kpitui.workspace.register import open_journal

DEMO = Path(__file__).parents[2] / "data" / "demo"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("emea", ["c-9m2x", "a-7k3q"]),
        ("Lead Inbox", ["c-9m2x"]),
        ("investigating", ["v-2c8n"]),
        ("hypothesis", []),
        ("process", ["c-9m2x"]),
        ("qualified", ["n-4hq7"]),
        ("mqls", ["n-4hq7"]),
        ("southern EUROPE", ["f-5w6d"]),
        ("back above", ["a-7k3q"]),
        ("2026-10-07", []),
    ],
)
def test_every_word_has_to_be_said(text: str, ids: list[str]) -> None:
    assert [found.record.id for found in find(open_journal(DEMO), text)] == ids


def test_what_was_found_says_where_it_stands() -> None:
    [found] = find(open_journal(DEMO), "named owner")
    assert (found.review, found.place, found.said) == (
        "2026-09-monthly",
        "reviews/2026-09-monthly.toml:37",
        "Give every EMEA lead a named owner again",
    )


def test_what_was_taken_back_is_not_found(tmp_path: Path) -> None:
    shutil.copytree(DEMO, tmp_path / "demo")
    journal = open_journal(tmp_path / "demo")
    journal.journal.retract("c-9m2x", by="ops")
    assert [found.record.id for found in find(journal, "emea")] == ["a-7k3q"]

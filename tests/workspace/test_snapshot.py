"""What the room saw is in the file from the moment a review begins, and stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kpitui.problems import KpituiError
from kpitui.records.model import Figures, Review
from kpitui.workspace import journal as journal_module
from kpitui.workspace.opening import Workspace
from kpitui.workspace.snapshot import freeze

Open = Callable[..., Workspace]
MORNING = datetime(2026, 11, 4, 9, 0, 0, tzinfo=UTC)
REVIEW = Review(id="2026-10-monthly", cadence="monthly", period="2026-10", started=MORNING)
FILE = "reviews/2026-10-monthly.toml"

SETTINGS = """\
[workspace]
name = "Acme"

[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"

[kpi.rate]
source = "crm"
column = "rate"
aggregate = "last"
unit = "percent"
target = [{ from = 2026-01-01, value = 0.3 }]

[kpi.load]
source = "crm"
column = "load"
aggregate = "sum"
direction = "range"
target = [{ from = 2026-01-01, low = 0.7, high = 0.9 }]

[kpi.ratio]
formula = "rate / load"
unit = "percent"

[kpi.score]
source = "manual"
frequency = "quarterly"
"""
CRM = {"crm.csv": "month,rate,load\n2026-09,0.23,0.8\n2026-10,0.22,0.66\n"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    times = [MORNING]
    monkeypatch.setattr(journal_module, "_now", lambda: times[-1])
    return times


def test_every_kpi_has_a_line_with_what_was_seen(opened: Open, tmp_path: Path) -> None:
    workspace = opened(SETTINGS, CRM)
    hashes = [workspace.kpi(kpi).fingerprint for kpi in ("rate", "load", "ratio", "score")]

    seen = freeze(workspace, REVIEW)

    assert seen["rate"] == Figures(0.22, 0.3, "behind", "", hashes[0])
    assert (tmp_path / FILE).read_text().partition("[figures]\n")[2] == (
        f'rate = [0.22, 0.3, "behind", "", "{hashes[0]}"]\n'
        f'load = [0.66, [0.7, 0.9], "at_risk", "", "{hashes[1]}"]\n'
        f'ratio = [0.333333333333, "", "no_target", "", "{hashes[2]}"]\n'
        f'score = ["", "", "no_data", "", "{hashes[3]}"]\n'
    )
    assert len({*hashes}) == 4


def test_a_signal_is_kept_with_its_side(opened: Open) -> None:
    months = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)][: 24 + 10]
    rows = "".join(f"{month},{0.2 + number % 2 / 100},1\n" for number, month in enumerate(months[:-1]))
    workspace = opened(SETTINGS, {"crm.csv": f"month,rate,load\n{rows}2026-10,0.9,1\n"})

    assert freeze(workspace, REVIEW)["rate"].signal == "outside_limits above"


def test_what_was_seen_stays_when_the_review_is_begun_again(
    opened: Open, tmp_path: Path, clock: list[datetime]
) -> None:
    freeze(opened(SETTINGS, CRM), REVIEW)
    before = (tmp_path / FILE).read_text()
    clock.append(MORNING + timedelta(days=1))
    restated = opened(SETTINGS, {"crm.csv": CRM["crm.csv"].replace("0.22", "0.24")})

    assert freeze(restated, REVIEW)["rate"].actual == 0.22
    assert (tmp_path / FILE).read_text() == before
    seen = restated.row(restated.kpi("rate"), restated.period("2026-10")).restated
    assert seen is not None
    assert seen.value == 0.22


def test_a_file_that_a_note_made_begins_when_the_room_sees_the_figures(
    opened: Open, tmp_path: Path, clock: list[datetime]
) -> None:
    workspace = opened(SETTINGS, CRM, as_of="2026-10-20")
    workspace.journal.add("note", workspace.kpi("rate"), "early", period="2026-10", comment="")
    assert "started = 2026-11-04T09:00:00" in (tmp_path / FILE).read_text()
    clock.append(MORNING + timedelta(hours=2))

    freeze(opened(SETTINGS, CRM), REVIEW)

    text = (tmp_path / FILE).read_text()
    assert "started = 2026-11-04T11:00:00" in text
    assert text.index('text = """\nearly') < text.index("[figures]")


def test_who_was_there_is_written(opened: Open, tmp_path: Path) -> None:
    workspace = opened(SETTINGS, CRM)
    freeze(workspace, REVIEW)
    with_people = Review(
        id=REVIEW.id, cadence="monthly", period="2026-10", started=MORNING, chair="head", attendees=("ops",)
    )

    freeze(workspace, with_people)

    assert 'chair = "head"\nattendees = ["ops"]\n' in (tmp_path / FILE).read_text()


def test_a_signed_off_review_is_not_begun_again(opened: Open) -> None:
    workspace = opened(SETTINGS, CRM)
    freeze(workspace, REVIEW)
    workspace.journal.set_state(REVIEW, "signed-off")

    with pytest.raises(KpituiError, match="signed off"):
        freeze(workspace, REVIEW)

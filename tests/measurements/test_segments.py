"""Measures by segment: the same rows and checks, apart by the texts of a column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpitui.definitions.load import load
from kpitui.measurements import chunks, segments
from kpitui.measurements.segment_process import SegmentReading
from kpitui.measurements.segments import read_segments
from kpitui.measurements.values import Segmented
from kpitui.problems import KpituiError

SETTINGS = """\
[workspace]
as_of = 2026-02-01

[source.crm]
files = "crm.csv"
date = "day"
frequency = "daily"
segments = ["region", "channel"]

[kpi.leads]
source = "crm"
column = "leads"
aggregate = "sum"

[kpi.paid_leads]
source = "crm"
column = "leads"
aggregate = "sum"
where = { channel = ["paid"] }
"""
ROWS = """\
day,region,channel,leads
2026-01-01,north,paid,1
2026-01-01,north,organic,2
2026-01-01,south,paid,4
2026-01-02,north,paid,8
2026-01-02,,paid,16
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "kpitui.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "crm.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def read(root: Path, column: str, *measures: str) -> Segmented:
    definitions, problems = load(root)
    assert problems == []
    return read_segments(definitions, root, column, measures)


def totals(found: Segmented, measure: str) -> dict[str, list[float]]:
    return {name: own[measure].totals for name, own in found.series.items() if measure in own}


def test_each_text_of_the_column_has_a_series_of_its_own(root: Path) -> None:
    found = read(root, "region", "leads")
    assert totals(found, "leads") == {"north": [3.0, 8.0], "south": [4.0], "": [16.0]}
    first = date(2026, 1, 1).toordinal()
    assert found.series["north"]["leads"].days == [first, first + 1]


def test_where_holds_within_a_segment(root: Path) -> None:
    assert totals(read(root, "region", "paid_leads"), "paid_leads") == {"north": [1.0, 8.0], "south": [4.0], "": [16.0]}
    assert totals(read(root, "channel", "paid_leads"), "paid_leads") == {
        "paid": [5.0, 24.0],
        "organic": [],
    }


def test_the_segments_with_the_most_rows_are_read_and_the_others_counted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "MOST", 1)
    found = read(root, "region", "leads")
    assert list(found.series) == ["north"]
    assert found.left_out == 2  # south, and rows without a region


def test_a_value_that_is_lost_is_lost_in_its_segment_alone(root: Path) -> None:
    (root / "crm.csv").write_text(ROWS.replace("south,paid,4", "south,paid,four"), encoding="utf-8")
    found = totals(read(root, "region", "leads"), "leads")
    assert found["south"] == []
    assert found["north"] == [3.0, 8.0]


def test_a_file_in_parts_gives_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpitui.measurements.chunks.LARGE", 1)
    monkeypatch.setattr("kpitui.measurements.chunks.SIZE", 40)
    assert totals(read(root, "region", "leads"), "leads") == {"north": [3.0, 8.0], "south": [4.0], "": [16.0]}


def test_a_process_of_its_own_reads_them(root: Path) -> None:
    found = SegmentReading(root, "channel", ["leads"]).result()
    assert totals(found, "leads") == {"paid": [5.0, 24.0], "organic": [2.0]}


def test_a_reading_can_be_abandoned(root: Path) -> None:
    reading = SegmentReading(root, "channel", ["leads"])
    reading.abandon()
    with pytest.raises(KpituiError, match="the segments could not be read"):
        reading.result()


def test_all_texts_are_counted_and_what_is_shown_has_all_of_its_rows(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """West has the most rows, but some that were passed over among the many of the first file: it is left out, too."""
    monkeypatch.setattr(segments, "MOST", 1)
    monkeypatch.setattr(segments, "GATHERED", 2)
    monkeypatch.setattr(chunks, "LARGE", 1)  # each file by itself
    (root / "kpitui.toml").write_text(SETTINGS.replace('"crm.csv"', '"crm*.csv"'), encoding="utf-8")
    first = ["north"] * 3 + ["south"] * 2 + ["west", "east"]
    second = ["west"] * 5 + ["north"]
    for name, month, regions in (("crm.csv", 1, first), ("crm2.csv", 2, second)):
        lines = [f"2026-01-{month:02d},{region},{channel},1" for channel, region in enumerate(regions)]
        (root / name).write_text("\n".join(["day,region,channel,leads", *lines]) + "\n", encoding="utf-8")
    found = read(root, "region", "leads")
    assert found.left_out == 3
    assert {name: sum(own["leads"].totals) for name, own in found.series.items()} == {"north": 4}

"""The scorecard as rows of text: what is said of a figure beside its judgement."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from kpitui.report.tables import scorecard_table
from kpitui.workspace.opening import Workspace

SETTINGS = """\
[workspace]
name = "Acme"
as_of = 2026-11-04
min_coverage = 0.5

[source.shop]
files = "shop.csv"
date = "day"
frequency = "daily"

[source.web]
files = "web.csv"
date = "day"
frequency = "daily"

[kpi.sales]
name = "Sales"
source = "shop"
column = "sales"
aggregate = "sum"

[kpi.visits]
name = "Visits"
source = "web"
column = "visits"
aggregate = "last"

[kpi.mood]
name = "Mood"
source = "manual"

[kpi.calls]
name = "Calls"
source = "manual"
"""
REVIEW = """\
schema = 1

[review]
id = "2026-10-monthly"
cadence = "monthly"
period = "2026-10"
state = "signed-off"
started = 2026-11-03T09:00:00+01:00

[figures]
sales = [29, 0, "no_target", "", "another definition"]
mood = [7, 0, "no_target", "", ""]
"""
OCTOBER = [date(2026, 10, 1) + timedelta(days) for days in range(31)]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Sales lack the 12th, visits end on the 22nd, mood is typed in and was 7 when it was reviewed."""
    (tmp_path / "kpitui.toml").write_text(SETTINGS)
    rows = [f"{day},1" for day in OCTOBER if day.day != 12]
    (tmp_path / "shop.csv").write_text("\n".join(["day,sales", *rows]) + "\n")
    rows = [f"{day},5" for day in OCTOBER[:22]]
    (tmp_path / "web.csv").write_text("\n".join(["day,visits", *rows]) + "\n")
    (tmp_path / "measurements" / "manual").mkdir(parents=True)
    for kpi in ("mood", "calls"):
        typed = tmp_path / "measurements" / "manual" / f"{kpi}.csv"
        typed.write_text("period,value,by,at\n2026-10,8,ann,2026-11-04T09:00:00Z\n")
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews" / "2026-10-monthly.toml").write_text(REVIEW)
    opened = Workspace.open(tmp_path)
    assert opened.problems == []
    return opened


def rows(workspace: Workspace, *, exact: bool = False, period: str = "2026-10") -> dict[str, dict[str, str]]:
    """The table's rows by KPI, each by column."""
    card = workspace.scorecard(workspace.period(period))
    header, lines, _ = scorecard_table(card, workspace.definitions, exact=exact)
    return {line[1]: dict(zip(header, line, strict=True)) for line in lines}


def test_people_read_remarks_in_words(workspace: Workspace) -> None:
    assert {kpi: (row["signal"], row["remarks"]) for kpi, row in rows(workspace).items()} == {
        "sales": (
            "too few",
            "30/31 days; restated: 29 when reviewed in 2026-10-monthly, 30 now; definition changed since then",
        ),
        "visits": ("too few", "data end on 22 Oct"),
        "mood": ("too few", "restated: 7 when reviewed in 2026-10-monthly, 8 now; typed in"),
        "calls": ("too few", "typed in"),
    }


def test_what_the_signal_column_says_is_not_said_twice(workspace: Workspace) -> None:
    november = rows(workspace, period="2026-11")["visits"]
    assert (november["signal"], november["remarks"]) == ("stale 22 Oct", "")


def test_spreadsheets_get_columns_to_filter_by(workspace: Workspace) -> None:
    columns = ("coverage", "stale_since", "restated", "restated_review", "redefined_since", "manual")
    found = rows(workspace, exact=True)
    assert {kpi: tuple(row[column] for column in columns) for kpi, row in found.items()} == {
        "sales": ("0.967741935483871", "", "29.0", "2026-10-monthly", "2026-10-monthly", ""),
        "visits": ("0.7096774193548387", "2026-10-22", "", "", "", ""),
        "mood": ("1.0", "", "7.0", "2026-10-monthly", "", "yes"),
        "calls": ("1.0", "", "", "", "", "yes"),
    }
    assert "remarks" not in found["sales"]

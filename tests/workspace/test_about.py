"""What a figure is made of, as text."""

from __future__ import annotations

from collections.abc import Callable

from kpitui.workspace.about import Fact, Table, about, same_since
from kpitui.workspace.opening import Workspace

Open = Callable[..., Workspace]

SETTINGS = """\
[source.shop]
files = "shop.csv"
date = "month"
frequency = "monthly"
due_after = 3

[measure.asked]
name = "Asked"
source = "shop"
column = "asked"
aggregate = "sum"

[kpi.bought]
name = "Bought"
source = "shop"
column = "bought"
aggregate = "sum"

[kpi.share]
name = "Share"
formula = "bought / asked"
unit = "percent"

[kpi.visits]
name = "Visits"
source = "shop"
column = "visits"
aggregate = "sum"
predicts = [{ kpi = "bought", lag = 2 }]
"""
ROWS = {"shop.csv": "month,asked,bought,visits\n2026-09,10,4,1\n2026-10,10,5,1\n"}
REVIEW = """\
schema = 1
[review]
id = "{period}-monthly"
cadence = "monthly"
period = "{period}"
started = {period}-28T09:00:00Z
[figures]
bought = [4, 5, "behind", "", "{fingerprint}"]
"""


def facts(workspace: Workspace, kpi_id: str, period: str) -> list[Fact]:
    row = workspace.row(workspace.kpi(kpi_id), workspace.period("2026-10"))
    return list(about(workspace, row, workspace.period(period)).definition)


def test_inputs_are_those_of_the_period_that_is_looked_at(opened: Open) -> None:
    found = facts(opened(SETTINGS, ROWS), "share", "2026-09")
    assert found[:4] == [
        Fact("measure", "bought / asked"),
        Fact("", "in Sept 2026:"),
        Fact("Bought", "4", "input"),
        Fact("Asked", "10", "input"),
    ]


def test_it_says_how_new_the_data_are_and_when_more_is_due(opened: Open) -> None:
    found = facts(opened(SETTINGS, ROWS), "bought", "2026-10")
    assert Fact("newest", "31 Oct, next due 3 Dec") in found
    found = facts(opened(SETTINGS, ROWS, as_of="2026-12-20"), "bought", "2026-10")
    assert Fact("newest", "31 Oct, the next was due 3 Dec") in found


def test_what_is_missing_is_told(opened: Open) -> None:
    workspace = opened(SETTINGS, ROWS)
    assert Fact("owner", "missing", "missing") in facts(workspace, "bought", "2026-10")
    row = workspace.row(workspace.kpi("bought"), workspace.period("2026-10"))
    assert Fact("defined in", "kpitui.toml:13 (E)") in about(workspace, row).place


def test_how_often_the_target_was_missed_and_how_the_pair_is(opened: Open) -> None:
    """Of ten asked, four and then ten bought; at least eight should have. Visits have no target."""
    settings = SETTINGS.replace(
        'column = "bought"\n', 'column = "bought"\ntarget = [{ from = 2026-01-01, value = 8 }]\npair = "visits"\n'
    )
    workspace = opened(settings, {"shop.csv": ROWS["shop.csv"].replace("10,10,5,1", "10,10,10,1")})
    found = about(workspace, workspace.row(workspace.kpi("bought"), workspace.period("2026-10")))
    assert Fact("missed", "1 of the last 2 months") in found.target
    assert Fact("pair", "Visits ○ too few") in found.place
    found = about(workspace, workspace.row(workspace.kpi("visits"), workspace.period("2026-10")))
    assert "missed" not in [fact.label for fact in found.target]


def test_a_target_is_missed_by_however_little_and_beside_it_stands_how_often_by_more_than_the_bands(
    opened: Open,
) -> None:
    """Of 100: 98 and 96 are within the band of 5%, 90 is not; 100 and 103 meet it; the last month has no value."""
    settings = SETTINGS.replace(
        'column = "bought"\n', 'column = "bought"\ntarget = [{ from = 2026-01-01, value = 100 }]\n'
    )
    bought = zip(range(5, 11), ("98", "96", "90", "100", "103", ""), strict=True)
    rows = "month,asked,bought,visits\n" + "".join(f"2026-{month:02d},10,{value},1\n" for month, value in bought)
    workspace = opened(settings, {"shop.csv": rows}, as_of="2026-11-10")
    found = about(workspace, workspace.row(workspace.kpi("bought"), workspace.period("2026-10"))).target
    assert Fact("missed", "3 of the last 5 months, 1 of them by more than the bands") in found


def test_what_feeds_it_and_what_it_is_part_of_are_told_apart(opened: Open) -> None:
    workspace = opened(SETTINGS, ROWS)

    def place(kpi_id: str) -> dict[str, str]:
        row = workspace.row(workspace.kpi(kpi_id), workspace.period("2026-10"))
        told = {fact.label: fact.text for fact in about(workspace, row).place}
        return {label: text for label, text in told.items() if label in ("feeds", "fed by", "part of", "made of")}

    assert place("bought") == {"fed by": "Visits (2 months earlier)", "part of": "Share"}
    assert place("visits") == {"feeds": "Bought (2 months later)"}
    assert place("share") == {"made of": "Bought"}


def test_since_when_the_definition_holds(opened: Open) -> None:
    workspace = opened(SETTINGS, ROWS)
    now = workspace.kpi("bought").fingerprint
    assert same_since(workspace, workspace.kpi("bought")) == "not recorded in a review yet"

    def reviewed(*fingerprints: str) -> str:
        files = {
            f"reviews/2026-{month:02d}-monthly.toml": REVIEW.format(period=f"2026-{month:02d}", fingerprint=seen)
            for month, seen in enumerate(fingerprints, 6)
        }
        workspace = opened(SETTINGS, {**ROWS, **files})
        return same_since(workspace, workspace.kpi("bought"))

    assert reviewed("0000", now, now) == "same since Jul 2026"
    assert reviewed(now, "0000", now) == "same since Aug 2026"
    assert reviewed(now, now, "0000") == "changed since the review of Aug 2026"


def test_figures_to_date_have_the_target_beside_them(opened: Open) -> None:
    settings = SETTINGS.replace(
        "[kpi.share]", 'target = [{ from = 2026-01-01, value = 6, per = "month" }]\n[kpi.share]'
    )
    workspace = opened(settings, ROWS, as_of="2026-10-31")
    table = about(workspace, workspace.row(workspace.kpi("bought"), workspace.period("2026-10"))).to_date
    assert table.head == ("now", "before", "yr ago", "target")
    assert table.rows[1] == ("month", "5", "4", "—", "6")


def test_where_the_year_has_just_begun_it_says_so_instead_of_a_table_of_dashes(opened: Open) -> None:
    settings = "[workspace]\nfiscal_year_start = 4\n" + SETTINGS
    rows = "month,asked,bought,visits\n2026-02,10,4,1\n2026-03,10,5,1\n"
    workspace = opened(settings, {"shop.csv": rows}, as_of="2026-04-10")
    row = workspace.row(workspace.kpi("bought"), workspace.period("2026-03"))
    assert about(workspace, row).to_date == Table((), (), "no figure yet since 1 Apr")


def test_a_figure_to_date_that_lacks_values_is_marked(opened: Open) -> None:
    """Of ten days of this November and of the last one, one is missing; of October none."""
    settings = """\
[source.shop]
files = "shop.csv"
date = "day"
frequency = "daily"

[kpi.sales]
source = "shop"
column = "sales"
aggregate = "sum"
"""
    days = [f"2026-10-{day:02d},7" for day in range(1, 32)]
    days += [f"{year}-11-{day:02d},7" for year in (2025, 2026) for day in range(1, 11) if day != 4]
    workspace = opened(settings, {"shop.csv": "\n".join(["day,sales", *days]) + "\n"}, as_of="2026-11-10")
    row = workspace.row(workspace.kpi("sales"), workspace.period("2026-11"))
    rows = {grain: figures for grain, *figures in about(workspace, row).to_date.rows}
    assert rows["month"][:3] == ["63*", "70", "63*"]

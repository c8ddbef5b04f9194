"""How changes and gaps are written where a percentage would mislead."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kpitui.report.figures_json import scorecard_json
from kpitui.report.tables import scorecard_table
from kpitui.workspace.changes import change_text, gap_text, weeks_remark
from kpitui.workspace.charts.reading import point_parts
from kpitui.workspace.numbers import Style
from kpitui.workspace.opening import Workspace
from kpitui.workspace.why.explain import explain_by, read_segments_of
from kpitui.workspace.why.words import weeks_sentence

Open = Callable[..., Workspace]

PROFIT = """\
[workspace]
locale = "en_GB"
currency = "EUR"
as_of = 2026-11-04
[review.monthly]
[source.ledger]
files = "ledger.csv"
date = "month"
frequency = "monthly"
[kpi.profit]
source = "ledger"
column = "profit"
aggregate = "sum"
unit = "currency"
target = [{ from = 2026-01-01, value = 100 }]
"""


@pytest.mark.parametrize(
    ("then", "now", "change", "gap"),
    [
        (-5, 40, "+€45", "−60.0%"),  # by the rule +900 %
        (40, -751, "−€791", "−€851"),  # by the rule −1,978 %; 851 below a target of 100: −851 %
        (-40, -50, "−25.0%", "−€150"),
        (40, 50, "+25.0%", "−50.0%"),
        (0, 50, "—", "−50.0%"),
        (50, 300, "+500.0%", "+200%"),
    ],
)
def test_across_zero_an_amount_stands_for_a_percentage(
    opened: Open, then: int, now: int, change: str, gap: str
) -> None:
    workspace = opened(PROFIT, {"ledger.csv": f"month,profit\n2026-09,{then}\n2026-10,{now}\n"})
    [row] = workspace.scorecard().rows
    style = Style.of(row.kpi, "en_GB")
    assert (change_text(row.point, row.kpi, style), gap_text(row.point, row.kpi, style)) == (change, gap)
    header, [cells], _ = scorecard_table(workspace.scorecard(), workspace.definitions)
    assert (cells[header.index("change")], cells[header.index("gap")]) == (change, gap)


def test_the_figure_itself_stays_by_the_rule(opened: Open) -> None:
    workspace = opened(PROFIT, {"ledger.csv": "month,profit\n2026-09,-5\n2026-10,40\n"})
    assert scorecard_json(workspace.scorecard())["kpis"][0]["change"] == 9


WEEKLY = """\
[workspace]
locale = "en_GB"
as_of = 2026-11-04
week_start = "monday"
[review.monthly]
[source.shop]
files = "shop.csv"
date = "week"
frequency = "weekly"
segments = ["region"]
[kpi.sales]
source = "shop"
column = "sales"
aggregate = "sum"
[kpi.price]
source = "shop"
column = "sales"
aggregate = "mean"
"""
# A week belongs to the month of its Thursday: October 2026 has five of them (1, 8, 15, 22, 29), September four, and
# October 2025 five.
WEEKS = {"shop.csv": "week,region,sales\n" + "".join(f"2026-W{week},A,100\n" for week in range(30, 45))}


def test_months_of_five_weeks_say_so_beside_months_of_four(opened: Open) -> None:
    workspace = opened(WEEKLY, WEEKS)
    sales, price = workspace.scorecard().rows
    assert (sales.point.value, sales.point.previous) == (500, 400)
    assert weeks_remark(sales.point) == "5 weeks against 4 the month before"
    assert (
        point_parts(sales.point, sales.kpi, Style.of(sales.kpi, "en_GB"))[-1] == "+25.0% vs month (5 weeks against 4)"
    )
    assert (price.point.weeks, weeks_remark(price.point)) == (None, "")
    told = {kpi["id"]: kpi["weeks"] for kpi in scorecard_json(workspace.scorecard())["kpis"]}
    assert told == {"sales": {"now": 5, "before": 4, "year_ago": 5}, "price": None}
    header, rows, _ = scorecard_table(workspace.scorecard(), workspace.definitions)
    remarks = {row[header.index("kpi")]: row[header.index("remarks")] for row in rows}
    assert remarks == {"sales": "5 weeks against 4 the month before", "price": ""}


def test_an_explanation_says_that_a_month_has_more_weeks(opened: Open) -> None:
    workspace = opened(WEEKLY, WEEKS)
    kpi = workspace.kpi("sales")
    read = read_segments_of(workspace, kpi, "region")
    months = [workspace.period(text) for text in ("2026-08", "2026-09", "2026-10")]
    found = explain_by(workspace, kpi, months[1], months[2], "region", read)
    assert weeks_sentence(found) == "5 weeks against 4: some of the change is the number of weeks"
    # August has four Thursdays, too.
    assert weeks_sentence(explain_by(workspace, kpi, months[0], months[1], "region", read)) == ""

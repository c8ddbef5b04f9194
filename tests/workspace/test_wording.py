"""Whole sentences that screens and reports share, on the demo workspace."""

from __future__ import annotations

import pytest

from kpitui.analysis.signals import chart
from kpitui.periods import Grain
from kpitui.shipped import shipped
from kpitui.terms import ChartRule
from kpitui.workspace.answers import KpiChart, Remark, Row
from kpitui.workspace.numbers import Style
from kpitui.workspace.opening import Workspace
from kpitui.workspace.wording import (
    assurance_sentence,
    background,
    changed_sentence,
    record_comment,
    remark_sentence,
    row_remark,
    signal_sentence,
    spoken,
    verdict,
)


@pytest.fixture(scope="module")
def demo() -> Workspace:
    return Workspace.open(shipped("data") / "demo")


def row(demo: Workspace, kpi: str, period: str = "2026-10") -> Row:
    return demo.row(demo.kpi(kpi), demo.period(period))


@pytest.mark.parametrize(
    ("kpi", "sentence"),
    [
        ("lead_response", "Lead response time: 9.4h against 8.0h, worse since Mar 2026; usual was 5.9–7.8h."),
        ("mqls", "Qualified leads (MQL): 800 against 1,000, usual variation; usual is 720–941."),
        ("nps", "Net promoter score: no value for Oct 2026; the data end on 3 May."),
        ("attribution_coverage", "Attribution coverage: 78%* so far known, 22/31 days: too little to judge."),
    ],
)
def test_a_row_can_be_read_aloud(demo: Workspace, kpi: str, sentence: str) -> None:
    assert spoken(row(demo, kpi), demo.definitions, demo.as_of) == sentence


def test_a_period_that_is_not_over_is_said_to_be_so(demo: Workspace) -> None:
    """114 opportunities by 3 November: of 66 weekdays of the quarter 24 are over, and 114 × 66 / 24 is 314."""
    amount, rate = row(demo, "opportunities", "2026-Q4"), row(demo, "win_rate", "2026-Q4")
    said = "Opportunities: 114 so far, 314 at this pace against 390: the quarter is not over."
    assert spoken(amount, demo.definitions, demo.as_of) == said
    said = "Win rate: 28.9% so far against 30.0%: the quarter is not over."
    assert spoken(rate, demo.definitions, demo.as_of) == said


def test_what_stands_behind_a_row(demo: Workspace) -> None:
    response = background(row(demo, "lead_response"), demo.definitions)
    assert response == "Feeds SQL conversion rate 3 weeks later · Marketing operations"
    lacking = background(row(demo, "record_quality"), demo.definitions)
    assert lacking == "Feeds Lead response time 1 month later · lacks an owner"


def test_a_chart_of_counts_names_the_limits_of_the_period(demo: Workspace) -> None:
    churn, style = row(demo, "churn"), Style.of(demo.kpi("churn"), "en_GB")
    said = changed_sentence(demo.figures.chart(churn.kpi, Grain.MONTH), churn.point, churn.changed_since, style)
    # p̄, σ_z and σ worked out apart from the ledger's 36 months with plain Python
    assert said == "Usual 0.93–1.72% (p′, 36 months)."


def test_a_target_at_the_median_is_missed_by_design(demo: Workspace) -> None:
    values = (0.0, 10.0) * 6
    periods = tuple(demo.definitions.calendar.nth(Grain.MONTH, 24300 + i) for i in range(12))
    for target, sentence in (
        (5, "the target is at the median: about every second period misses it by design"),
        (20, "the process as it is will meet the target now and then"),
        (40, "the process as it is will not meet the target"),
    ):
        drawn = KpiChart(chart(values, ChartRule(), target=target), periods, values)
        assert assurance_sentence(drawn, None, "en_GB") == sentence


@pytest.mark.parametrize(
    ("remark", "sentence"),
    [
        (Remark("stands_in"), "no counts for a p′ chart: nhs stands in"),
        (Remark("too_few"), "fewer than five events a month: look at longer periods"),
        (Remark("adjusted", 3), "seasonally adjusted, from 3 years; not screened"),
        (Remark("not_adjusted"), "not seasonally adjusted: that needs three whole years"),
        (Remark("unstable"), "not stable: rebase, or chart the change"),
        (
            Remark("autocorrelated", 0.42),
            "autocorrelated (r = 0.42): limits too narrow, runs too easy",
        ),
        (Remark("season", 0.8), "a clear season (80% of the variation within years returns): seasonal = true"),
        (
            Remark("season_of_counts", 0.8),
            "a clear season (80% of the variation within years returns): look at the year before",
        ),
        (Remark("counts_not_adjusted"), "a p′ chart is not seasonally adjusted"),
        (Remark("target_at_median"), "the target is at the median: about every second period misses it by design"),
    ],
)
def test_remarks_on_charts(demo: Workspace, remark: Remark, sentence: str) -> None:
    assert remark_sentence(remark, demo.kpi("churn"), Grain.MONTH) == sentence


def test_the_comment_above_a_record(demo: Workspace) -> None:
    comment = record_comment(row(demo, "sql_rate"), "en_GB")
    assert comment == "SQL conversion rate · 22.0% of 25.0% · behind · worse, below the lower limit"


@pytest.mark.parametrize(
    ("kpi", "remark"),
    [
        ("sql_rate", "worse ↓ limit"),
        ("campaign_cycle", "better ↓ near"),
        ("mqls", "usual"),
        ("nps", "stale 3 May"),
        ("attribution_coverage", "22/31 days"),
    ],
)
def test_the_last_column(demo: Workspace, kpi: str, remark: str) -> None:
    assert row_remark(row(demo, kpi), "en_GB", demo.as_of) == remark


def test_verdict_and_signal(demo: Workspace) -> None:
    point = row(demo, "sql_rate").point
    assert (verdict(point), signal_sentence(point)) == ("BEHIND", "WORSE: below the lower limit")
    usual = row(demo, "mqls").point
    assert signal_sentence(usual) == "USUAL VARIATION: look at the process, not at this period"


def test_a_month_that_is_not_over_is_judged_at_its_pace(demo: Workspace) -> None:
    point = row(demo, "mqls", "2026-11").point
    assert verdict(point).endswith(" at this pace")
    assert signal_sentence(point) == "not over yet"

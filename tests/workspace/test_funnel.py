"""The funnel: which counts follow each other, which share goes on, and where too few do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kpitui.shipped import shipped
from kpitui.workspace.funnel import Funnel, funnel
from kpitui.workspace.funnel_wording import bottleneck_sentence, count_sentence, passage_sentence
from kpitui.workspace.opening import Workspace, read_anew

Open = Callable[..., Workspace]

SETTINGS = """\
[workspace]
[review.monthly]
[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"
"""


def measure(id_: str, more: str = "", table: str = "kpi") -> str:
    return f'[{table}.{id_}]\nname = "{id_}"\nsource = "crm"\ncolumn = "{id_}"\naggregate = "sum"\n{more}\n'


def share(id_: str, formula: str, stage: str, target: float | None = None, more: str = "") -> str:
    aim = f"target = [{{ from = 2025-01-01, value = {target} }}]\n" if target is not None else ""
    return f'[kpi.{id_}]\nname = "{id_}"\nformula = "{formula}"\nunit = "percent"\nstage = "{stage}"\n{aim}{more}\n'


# Visits are the whole of a share and have no stage; signed are a measure only.
FUNNEL = (
    SETTINGS
    + measure("visits", table="measure")
    + measure("signed", table="measure")
    + measure("paid", 'stage = "bought"')
    + measure("invited", 'stage = "asked"')
    + share("signing", "signed / invited", "signed", 0.5)
    + share("asking", "invited / visits", "asked")
    + share("paying", "paid / signed", "bought", 0.8)
)
HEADER = "month,visits,invited,signed,paid"


def made(workspace: Workspace, period: str | None = None) -> Funnel:
    scorecard = workspace.scorecard(workspace.period(period) if period else None)
    return funnel(workspace, scorecard.rows, scorecard.period)


def rows(*lines: str, header: str = HEADER) -> dict[str, str]:
    return {"crm.csv": "\n".join([header, *lines]) + "\n"}


def test_shares_are_joined_where_one_ends_and_the_next_begins(opened: Open) -> None:
    found = made(opened(FUNNEL, rows("2025-10,900,180,99,72", "2026-10,1000,200,80,60")))
    assert found.stages == ("bought", "asked", "signed")  # as the definitions name them
    assert [(count.name, count.value, count.year_ago) for count in found.counts] == [
        ("visits", 1000, 900),
        ("invited", 200, 180),
        ("signed", 80, 99),
        ("paid", 60, 72),
    ]
    shares = [(passage.name, passage.share, passage.target, passage.year_ago) for passage in found.passages]
    assert shares == [
        ("asking", 0.2, None, 0.2),
        ("signing", 0.4, 0.5, pytest.approx(0.55)),
        ("paying", 0.75, 0.8, pytest.approx(72 / 99)),
    ]
    assert [count.change for count in found.counts] == [
        pytest.approx(100 / 900),
        pytest.approx(20 / 180),
        pytest.approx(-19 / 99),
        pytest.approx(-12 / 72),
    ]


def test_the_bottleneck_is_furthest_below_its_target(opened: Open) -> None:
    workspace = opened(FUNNEL, rows("2025-10,900,180,99,72", "2026-10,1000,200,80,60"))
    found = made(workspace)
    # signing 0.4 of 0.5 is −20 %, paying 0.75 of 0.8 is −6.25 %, asking as the year before
    assert found.bottleneck == 1
    passage = found.passages[1]
    assert passage.short == pytest.approx(-0.2)
    assert passage.lacking == pytest.approx(20)  # 0.1 of 200
    assert bottleneck_sentence(found, workspace.definitions) == (
        "The bottleneck is signing: 40.0% against 50.0%, its target (−20.0%), 20 fewer than should have come through."
    )
    assert passage_sentence(found.passages[2], workspace.definitions) == (
        "paying: 75.0% against 80.0%, its target (−6.2%); 72.7% a year before."
    )
    assert count_sentence(found.counts[2], found, workspace.definitions) == (
        "signed: 80 in Oct 2026, 99 a year before (−19.2%)."
    )


def test_without_a_target_a_share_is_held_against_the_year_before(opened: Open) -> None:
    workspace = opened(FUNNEL, rows("2025-10,900,360,99,72", "2026-10,1000,200,120,100"))
    found = made(workspace)
    # asking 0.2 after 0.4 is −50 %; signing 0.6 of 0.5 and paying 0.83 of 0.8 are above
    assert found.bottleneck == 0
    assert found.passages[0].lacking == pytest.approx(200)
    assert bottleneck_sentence(found, workspace.definitions) == (
        "The bottleneck is asking: 20.0% against 40.0%, a year before, without a target (−20.0 pp), 200 fewer than "
        "should have come through."
    )


def test_where_no_step_is_below_there_is_no_bottleneck(opened: Open) -> None:
    workspace = opened(FUNNEL, rows("2025-10,900,180,99,72", "2026-10,1000,200,100,80"))
    found = made(workspace)
    assert found.bottleneck is None
    assert bottleneck_sentence(found, workspace.definitions) == (
        "No step is below its target, or below the year before where it has none."
    )


def test_counts_that_no_share_joins_follow_by_stage(opened: Open) -> None:
    settings = SETTINGS + measure("a", 'stage = "first"') + measure("b", 'stage = "second"')
    settings += measure("c", 'stage = "second"\ntype = "volume"') + measure("d", 'stage = "third"\nunit = "currency"')
    workspace = opened(settings, rows("2025-10,50,9,20,1", "2026-10,100,9,30,1", header="month,a,b,c,d"))
    found = made(workspace)
    assert [(count.name, count.stage) for count in found.counts] == [("a", "first"), ("c", "second")]
    [passage] = found.passages
    assert (passage.name, passage.row) == ("c ÷ a", None)
    assert (passage.share, passage.year_ago, passage.target) == (0.3, 0.4, None)
    assert found.bottleneck == 0
    assert passage_sentence(passage, workspace.definitions) == (
        "c ÷ a: 30.0% against 40.0%, a year before, without a target (−10.0 pp); the share of two counts, which no KPI "
        "says."
    )


def test_shares_of_something_else_are_no_steps(opened: Open) -> None:
    """Checked invoices are a part of a whole with a stage, and follow from nothing; of losses less is better."""
    settings = (
        FUNNEL
        + measure("invoices", table="measure")
        + measure("checked", table="measure")
        + share("checking", "checked / invoices", "bought", 0.9)
        + share("losing", "invoices / paid", "bought", 0.1, 'direction = "down"')
    )
    lines = rows("2026-10,1000,200,80,60,50,40", header=HEADER + ",invoices,checked")
    assert [count.name for count in made(opened(settings, lines)).counts] == ["visits", "invited", "signed", "paid"]


@pytest.mark.parametrize(
    ("lines", "shares", "bottleneck"),
    [
        (["2026-10,1000,200,0,0"], [0.2, 0.0, None], 1),  # nothing came through: −100 %, and then there is no share
        (["2026-10,0,0,0,0"], [None, None, None], None),
        (["2026-10,1000,200,80,"], [0.2, 0.4, None], 1),
        (["2026-09,1000,200,80,60"], [None, None, None], None),
    ],
    ids=["nothing comes through", "nothing comes in", "a missing count", "no figures"],
)
def test_zeros_and_what_is_missing(
    opened: Open, lines: list[str], shares: list[float | None], bottleneck: int | None
) -> None:
    found = made(opened(FUNNEL, rows(*lines)), "2026-10")
    assert [passage.share for passage in found.passages] == shares
    assert found.bottleneck == bottleneck


def test_a_month_that_is_not_over_is_not_held_against_a_whole_one(opened: Open) -> None:
    found = made(opened(FUNNEL, rows("2025-11,900,180,99,72", "2026-11,100,20,8,6")), "2026-11")
    assert [count.change for count in found.counts] == [None] * 4


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (SETTINGS + measure("a"), "No KPI has a stage."),
        (SETTINGS + measure("a", 'stage = "first"'), "No two counts follow each other:"),
        (SETTINGS + measure("a", 'stage = "first"\nunit = "currency"'), "No two counts follow each other:"),
    ],
)
def test_where_there_is_none_it_says_what_makes_one(opened: Open, settings: str, said: str) -> None:
    found = made(opened(settings, rows("2026-10,1", header="month,a")))
    assert found.counts == ()
    assert found.empty.startswith(said)


def test_the_demo() -> None:
    workspace = Workspace.open(shipped("data/demo"), measure=read_anew)
    found = made(workspace)
    # measurements/*.csv, October 2026; the shares are those of the scorecard
    assert [(count.stage, count.name, count.value) for count in found.counts] == [
        ("awareness", "Sessions", 61_180),
        ("consideration", "New leads", 2_420),
        ("consideration", "Qualified leads (MQL)", 800),
        ("decision", "Sales qualified leads", 176),
        ("decision", "Opportunities opened", 104),
        ("decision", "Won deals", 30),
    ]
    assert [passage.name for passage in found.passages] == [
        "Visit to lead rate",
        "Qualified leads (MQL) ÷ New leads",
        "SQL conversion rate",
        "SQL to opportunity rate",
        "Win rate",
    ]
    assert bottleneck_sentence(found, workspace.definitions) == (
        "The bottleneck is SQL conversion rate: 22.0% against 25.0%, its target (−12.0%), 24 fewer than should have "
        "come through."
    )

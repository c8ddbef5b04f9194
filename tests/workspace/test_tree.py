"""The tree of KPIs: its lines, what each contributed, the sentences, and the walk to what moved it most."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kpitui.shipped import shipped
from kpitui.workspace.opening import Workspace, read_anew
from kpitui.workspace.tree import Against, Branch, branches, movement, usual_comparison
from kpitui.workspace.tree_walk import Walked, walk
from kpitui.workspace.tree_wording import compared, links_sentence, part_sentence

Open = Callable[..., Workspace]

SALES = """\
[workspace]
[review.monthly]
[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"
[measure.won]
source = "crm"
column = "won"
aggregate = "sum"
[measure.value]
source = "crm"
column = "value"
aggregate = "sum"
[kpi.opportunities]
name = "Opportunities"
source = "crm"
column = "opportunities"
aggregate = "sum"
parent = "revenue"
level = "ksf"
[kpi.win_rate]
name = "Win rate"
formula = "won / opportunities"
unit = "percent"
parent = "revenue"
level = "ksf"
predicts = [{ kpi = "revenue", lag = 2 }]
[kpi.deal_size]
name = "Deal size"
formula = "value / won"
parent = "revenue"
[kpi.revenue]
name = "Revenue"
formula = "opportunities * win_rate * deal_size"
unit = "currency"
currency = "EUR"
decimals = 0
level = "kgi"
"""
# shared/design/ANALYSIS.md: 200 × 0.25 × 10,000 → 220 × 0.22 × 11,500 is +50,450, −67,800, +73,950, sum +56,600
MOVED = ["2026-09,200,50,500000", "2026-10,220,48.4,556600"]


def crm(rows: list[str], header: str = "opportunities,won,value") -> dict[str, str]:
    return {"crm.csv": "\n".join([f"month,{header}", *rows]) + "\n"}


class Seen:
    """A workspace's tree on its last month."""

    def __init__(self, workspace: Workspace, against: Against = "previous") -> None:
        self.workspace = workspace
        self.lines = branches(workspace.scorecard().rows, workspace.definitions)
        self.moved = movement(workspace, self.lines, against)

    def __getitem__(self, key: str) -> Branch:
        return next(line for line in self.lines if line.key == key)

    def texts(self) -> dict[str, str]:
        return {key: share.text for key, share in self.moved.shares.items()}

    def sentence(self, key: str) -> str:
        by_key = {line.key: line for line in self.lines}
        return part_sentence(by_key[key], by_key, self.moved, self.workspace.definitions)

    def walk(self, key: str) -> Walked:
        return walk(self.workspace, self.lines, self.moved, key)


@pytest.fixture(scope="module")
def demo() -> Seen:
    return Seen(Workspace.open(shipped("data/demo"), measure=read_anew), "year_ago")


# Lines


def test_kpis_stand_under_their_parents_and_the_others_at_the_end(opened: Open) -> None:
    alone = '[kpi.alone]\nname = "Alone"\nsource = "crm"\ncolumn = "won"\naggregate = "sum"\n'
    seen = Seen(opened(SALES + alone, crm(MOVED)))
    assert [(line.key, line.kind, line.depth, line.below) for line in seen.lines] == [
        ("revenue", "kpi", 0, 3),
        ("opportunities", "kpi", 1, 0),
        ("win_rate", "kpi", 1, 0),
        ("deal_size", "kpi", 1, 0),
        ("not in a tree", "heading", 0, 1),
        ("alone", "kpi", 0, 0),
    ]


def test_what_leads_a_kpi_stands_under_it_and_not_as_its_part(opened: Open) -> None:
    leading = (
        '[kpi.calls]\nsource = "crm"\ncolumn = "won"\naggregate = "sum"\npredicts = [{ kpi = "deal_size", lag = 1 }]\n'
    )
    below = '[kpi.visits]\nsource = "crm"\ncolumn = "won"\naggregate = "sum"\nparent = "opportunities"\n'
    seen = Seen(opened(SALES + leading + below + 'predicts = [{ kpi = "opportunities", lag = 3 }]\n', crm(MOVED)))
    link, child, part = seen["calls>deal_size~1"], seen["visits"], seen["win_rate"]
    assert (link.kind, link.under, link.lag, link.leads) == ("link", "deal_size", 1, True)
    assert (child.kind, child.under, child.lag, child.leads) == ("kpi", "opportunities", 3, True)
    assert (part.kind, part.under, part.lag, part.leads) == ("kpi", "revenue", 2, False)  # a part, and leads it too
    assert seen["calls"].under == "not in a tree"
    assert seen.sentence("calls>deal_size~1") == "⇢ predicts Deal size 1 month later; no part of it."
    assert links_sentence(seen["visits"], seen.workspace.definitions) == "⇢ predicts Opportunities 3 months later"
    assert "visits" not in seen.texts()


def test_a_kpi_that_leads_another_at_two_lags_has_two_lines(opened: Open) -> None:
    twice = (
        'predicts = [{ kpi = "deal_size", lag = 1 }, { kpi = "deal_size", lag = 4 }, { kpi = "deal_size", lag = 1 }]'
    )
    calls = f'[kpi.calls]\nsource = "crm"\ncolumn = "won"\naggregate = "sum"\n{twice}\n'
    seen = Seen(opened(SALES + calls, crm(MOVED)))
    assert [(line.key, line.lag) for line in seen.lines if line.kind == "link"] == [
        ("calls>deal_size~1", 1),
        ("calls>deal_size~4", 4),
    ]


def test_what_a_formula_names_beside_its_kpis_has_a_line_so_that_parts_add_up(opened: Open) -> None:
    settings = SALES + '[kpi.cost]\nname = "Cost"\nformula = "value - 2 * prev(value) + opportunities"\n'
    settings = settings.replace('parent = "revenue"\nlevel', 'parent = "cost"\nlevel', 1)
    rows = ["2026-08,5,1,10", "2026-09,6,1,30", "2026-10,8,1,60"]
    seen = Seen(opened(settings, crm(rows)))
    # 30 − 2 × 10 + 6 = 16, 60 − 2 × 30 + 8 = 8: value +30, its month before −2 × 20, opportunities +2
    assert seen.texts() | {"revenue": "", "revenue=opportunities": ""} == {
        "cost": "−8",
        "opportunities": "+2",
        "cost=value": "+30",
        "cost=prev(value, 1)": "−40",
        "revenue": "",
        "win_rate": seen.texts()["win_rate"],
        "deal_size": seen.texts()["deal_size"],
        "revenue=opportunities": "",
    }
    assert seen["cost=prev(value, 1)"].name == "value, 1 before"
    assert seen["revenue=opportunities"].row == seen["opportunities"].row


def test_a_long_chain_of_parents_is_walked_without_end(opened: Open) -> None:
    one = '[kpi.k{}]\nsource = "crm"\ncolumn = "won"\naggregate = "sum"\n'
    chain = "".join(one.format(i) + (f'parent = "k{i - 1}"\n' if i else "") for i in range(1500))
    seen = Seen(opened(SALES + chain, crm(MOVED)))
    assert (seen["k1499"].depth, seen["k0"].below) == (1499, 1499)


# What each contributed


def test_parts_add_up_to_the_change_as_shown(opened: Open) -> None:
    seen = Seen(opened(SALES, crm(MOVED)))
    # 50.45 and 73.95 by themselves would both be rounded up, and 50.5 − 67.8 + 74.0 is not 56.6.
    assert seen.texts() == {
        "revenue": "+€56.6k",
        "opportunities": "+€50.5k",
        "win_rate": "−€67.8k",
        "deal_size": "+€73.9k",
    }
    shares = seen.moved.shares
    assert shares["win_rate"].amount == pytest.approx(-67_800)
    assert (shares["win_rate"].before, shares["win_rate"].after) == (0.25, 0.22)
    assert shares["deal_size"].size == 1
    assert shares["win_rate"].size == pytest.approx(67_800 / 73_950)


DEEP = """\
[workspace]
[review.monthly]
[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"
[kpi.a]
source = "crm"
column = "a"
aggregate = "sum"
parent = "ab"
[kpi.b]
source = "crm"
column = "b"
aggregate = "sum"
parent = "ab"
[kpi.c]
source = "crm"
column = "c"
aggregate = "sum"
parent = "top"
[kpi.ab]
formula = "a - b"
parent = "top"
[kpi.top]
formula = "ab * c"
"""


@pytest.mark.parametrize(
    ("rows", "texts", "within"),
    [
        # ab 10 → 14, c 3 → 5: 30 → 70. ab ½(4 × 3 + 4 × 5) = 16, c ½(2 × 10 + 2 × 14) = 24; a +6 and b −2 of ab's 4,
        # each 16 ÷ 4 = 4 of the top.
        (
            ["2026-09,12,2,3", "2026-10,18,4,5"],
            {"top": "+40", "ab": "+16", "a": "+24", "b": "−8", "c": "+24"},
            {"a": "+6 of +4", "b": "−2 of +4"},
        ),
        # ab did not move, and what it is made of did: ± 3 × 5 = 15
        (
            ["2026-09,12,2,5", "2026-10,15,5,5"],
            {"top": "0", "ab": "0", "a": "+15", "b": "−15", "c": "0"},
            {"a": "+3 of 0", "b": "−3 of 0"},
        ),
        # From nothing: 0 × 0 → 2 × 4; a 4 × ½ × 4, b −2 × ½ × 4, c ½ × 2 × 4
        (
            ["2026-09,0,0,0", "2026-10,4,2,4"],
            {"top": "+8", "ab": "+4", "a": "+8", "b": "−4", "c": "+4"},
            {"a": "+4 of +2", "b": "−2 of +2"},
        ),
        # Below zero: ab 2 → −2, c 3 → 3: 6 → −6, all of it ab's; a −4 × 3
        (
            ["2026-09,4,2,3", "2026-10,0,2,3"],
            {"top": "−12", "ab": "−12", "a": "−12", "b": "0", "c": "0"},
            {"a": "−4 of −4", "b": "0 of −4"},
        ),
    ],
    ids=["moved", "did not move", "from nothing", "below zero"],
)
def test_a_kpis_parts_sum_to_its_own_part(
    opened: Open, rows: list[str], texts: dict[str, str], within: dict[str, str]
) -> None:
    seen = Seen(opened(DEEP, crm(rows, "a,b,c")))
    assert seen.texts() == texts
    assert {key: share.within for key, share in seen.moved.shares.items() if share.within} == within


def test_what_is_missing_is_named(opened: Open) -> None:
    seen = Seen(opened(DEEP, crm(["2026-10,18,4,5"], "a,b,c")))
    assert seen.moved.shares == {}
    assert seen.moved.why_not == {"top": "top has no figure in Sept 2026", "ab": "ab has no figure in Sept 2026"}
    assert seen.sentence("top") == "Its change is not told: top has no figure in Sept 2026."
    assert seen.sentence("a") == "No part of ab is told: ab has no figure in Sept 2026."
    assert seen.sentence("c") == "No part of top is told: top has no figure in Sept 2026."


def test_below_what_is_missing_a_kpis_own_change_is_broken_down(opened: Open) -> None:
    seen = Seen(opened(DEEP, crm(["2026-09,12,2,", "2026-10,18,4,5"], "a,b,c")))
    assert seen.moved.why_not == {"top": "top has no figure in Sept 2026"}
    assert seen.texts() == {"ab": "+4", "a": "+6", "b": "−2"}
    assert seen.sentence("ab") == "+4 since Sept 2026: from 10 to 14."
    assert seen.sentence("a") == "+6 of the +4 of ab since Sept 2026: from 12 to 18."


def test_a_part_of_a_whole_is_told_and_not_taken_apart(opened: Open) -> None:
    settings = SALES.replace('parent = "revenue"', 'parent = "win_rate"', 1).replace('parent = "revenue"\n', "", 2)
    settings = settings.replace("opportunities * win_rate * deal_size", "value")
    seen = Seen(opened(settings, crm(MOVED)))
    assert seen.texts() == {"win_rate": "−3.00 pp"}
    reason = "a part of a whole is explained by rate and mix of segments, not by its counts"
    assert seen.moved.why_not == {"win_rate": reason}
    assert seen.sentence("win_rate") == f"−3.00 pp since Sept 2026: from 25.0% to 22.0%; not broken down: {reason}."
    assert [line.key for line in seen.lines if line.under == "win_rate"] == ["opportunities"]  # won has no line


def test_a_formula_that_does_not_name_its_parts_says_so(opened: Open) -> None:
    more = '[kpi.other]\nname = "Other"\nsource = "crm"\ncolumn = "won"\naggregate = "sum"\nparent = "revenue"\n'
    below = more.replace("kpi.other", "kpi.low").replace('"revenue"', '"opportunities"')
    seen = Seen(opened(SALES + more + below, crm(MOVED)))
    assert seen.sentence("other") == ("It stands under Revenue, whose formula does not name it: no part of its change.")
    assert seen.sentence("low") == (
        "It stands under Opportunities, which is measured by itself: no part of its change."
    )


def test_a_period_that_is_not_over_is_compared_with_nothing(opened: Open) -> None:
    workspace = opened(SALES, crm([*MOVED, "2026-11,9,9,9"]))
    november = workspace.scorecard(workspace.period("2026-11"))
    lines = branches(november.rows, workspace.definitions)
    assert movement(workspace, lines, "previous").why_not == {"revenue": "Nov 2026 is not over"}


def test_the_year_before_is_compared_with_where_there_was_a_figure(opened: Open) -> None:
    seen = Seen(opened(SALES, crm(MOVED)))
    assert usual_comparison(seen.lines) == "previous"
    old = Seen(opened(SALES, crm(["2025-10,100,25,250000", *MOVED])), "year_ago")
    assert usual_comparison(old.lines) == "year_ago"
    assert old.texts()["revenue"] == "+€307k"  # 250,000 → 556,600
    definitions = old.workspace.definitions
    october = old.workspace.period("2026-10")
    assert compared(october, "year_ago", definitions) == "Oct 2026 against Oct 2025"
    assert compared(october, "previous", definitions) == "Oct 2026 against Sept 2026"


# The demo


def test_the_demo_says_what_its_revenue_lost(demo: Seen) -> None:
    # kpitui explain influenced_revenue: −319k, −79.0k and +12.9k; −141k, −114k and −64.1k
    texts = demo.texts()
    assert {key: texts[key] for key in ("influenced_revenue", "opportunities", "win_rate", "deal_size")} == {
        "influenced_revenue": "−€385k",
        "opportunities": "−€319k",
        "win_rate": "−€79k",
        "deal_size": "+€13k",
    }
    assert {key: texts[key] for key in ("opportunity_rate", "sql_rate", "mqls")} == {
        "opportunity_rate": "−€141k",
        "sql_rate": "−€114k",
        "mqls": "−€64k",
    }
    assert demo.moved.shares["sql_rate"].within == "−14 of −40"
    assert demo.sentence("sql_rate") == (
        "−€114k of the −€385k of Influenced revenue since Oct 2025: from 24.7% to 22.0%; of Opportunities −14 of −40."
    )


def test_the_demo_is_walked_from_its_revenue_to_the_response_time(demo: Seen) -> None:
    first = demo.walk("influenced_revenue")
    assert first == Walked(
        "opportunities", "−€319k of the −€385k of Influenced revenue: the largest part that has changed."
    )
    second = demo.walk("opportunities")
    assert second == Walked(
        "sql_rate",
        "−€114k of the −€319k of Opportunities: the largest part that has changed. SQL to opportunity rate, −€141k, is "
        "usual variation.",
    )
    third = demo.walk("sql_rate")
    assert third == Walked(
        "lead_response",
        "It leads SQL conversion rate (stated: 3 weeks): its run for the worse began 3 weeks before (W09), its chart "
        "signalled 3 weeks before (W13).",
    )
    assert demo.walk("lead_response") == Walked(
        None,
        "The way ends here: Complete contact records leads it, and did not change in the 26 weeks before.",
    )


# The walk


def test_where_no_part_has_changed_the_largest_is_called_what_it_is(opened: Open) -> None:
    seen = Seen(opened(SALES, crm(MOVED)))
    assert seen.walk("revenue") == Walked(
        "deal_size", "+€73.9k of the +€56.6k of Revenue: the largest part of it, but not judged by its chart."
    )
    end = seen.walk("deal_size")
    assert end == Walked(
        None, "The way ends here: Deal size is not judged by its chart, and nothing below it has a part."
    )


def test_a_measure_is_the_end_of_the_way(opened: Open) -> None:
    settings = (
        DEEP.replace("ab * c", "ab * c + extra") + '[measure.extra]\nsource = "crm"\ncolumn = "d"\naggregate = "sum"\n'
    )
    seen = Seen(opened(settings, crm(["2026-09,12,2,3,1", "2026-10,12,2,3,100"], "a,b,c,d")))
    step = seen.walk("top")
    assert step.key == "top=extra"
    assert step.why == "+99 of the +99 of top: the largest part of it, but a measure, which has no chart."
    assert seen.walk("top=extra") == Walked(None, "The way ends here: a measure has nothing below it.")


def steady(value: int, months: int = 24) -> list[int]:
    """So many months that go up and down a little."""
    return [value + (month % 3) * (-1) ** month for month in range(months)]


def test_usual_variation_is_no_way_on_and_no_signal_either(opened: Open) -> None:
    ids = [f"{2024 + (i + 10) // 12}-{(i + 10) % 12 + 1:02d}" for i in range(24)]
    figures = zip(ids, steady(40), steady(10), steady(5), strict=True)
    seen = Seen(opened(DEEP, crm([",".join(map(str, row)) for row in figures], "a,b,c")))
    step = seen.walk("top")
    # a 41 → 38, b 11 → 8, c 6 → 3: ab stays at 30, and c alone makes −90
    assert step == Walked("c", "−90.0 of the −90.0 of top: the largest part of it, but usual variation.")
    assert seen.walk("c").why == ("The way ends here: c is usual variation. Look at the process, not at this period.")


def test_a_part_that_pulled_the_other_way_is_not_followed(demo: Seen) -> None:
    # Against September the SQL rate rose, +€44k; it is reached as what leads opportunities.
    against_september = Seen(demo.workspace, "previous")
    assert against_september.texts()["sql_rate"] == "+€44k"
    assert against_september.walk("opportunities") == Walked(
        "sql_rate",
        "It leads Opportunities (stated: 4 weeks): its run for the worse began 2 weeks before (W12), its chart "
        "signalled 28 weeks before (W16).",
    )


def test_the_two_amounts_of_a_ratio_are_not_followed(demo: Seen) -> None:
    # Spend and leads took 5 euros each from and to the cost per lead: neither of them is what moved it.
    assert demo.moved.shares["cost_per_lead=spend"].text == "−€5"
    step = demo.walk("cost_per_lead")
    assert step.key is None
    assert step.why == ("The way ends here: Cost per lead is usual variation. Look at the process, not at this period.")

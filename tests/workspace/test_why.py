"""Why a KPI moved, where it is going, what led to it: questions to a workspace of a few lines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kpitui.periods import Grain, Period
from kpitui.problems import KpituiError
from kpitui.report.why_tables import explain_table, pace_table
from kpitui.workspace.opening import Workspace
from kpitui.workspace.why.ahead import pace_facts
from kpitui.workspace.why.bars import Against, bars, sides
from kpitui.workspace.why.compare import Comparison, compare, side
from kpitui.workspace.why.explain import Explanation, column_of, explain, explain_by, periods, read_segments_of, ways
from kpitui.workspace.why.links import links, walk_back
from kpitui.workspace.why.pace import missing_phrase, outlook, outlooks
from kpitui.workspace.why.words import compared_said
from kpitui.workspace.wording import bounds_phrase, errors_phrase, pace_phrase

Open = Callable[..., Workspace]

SALES = """\
[workspace]
locale = "en_GB"
[review.monthly]
[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"
segments = ["region", "channel"]
"""


def measure(id_: str, aggregate: str = "sum", table: str = "measure") -> str:
    return f'[{table}.{id_}]\nsource = "crm"\ncolumn = "{id_}"\naggregate = "{aggregate}"\n'


def formula(id_: str, text: str, more: str = "") -> str:
    return f'[kpi.{id_}]\nformula = "{text}"\n{more}\n'


def crm(header: str, *rows: str) -> dict[str, str]:
    return {"crm.csv": "\n".join([f"month,region,channel,{header}", *rows]) + "\n"}


# Drivers

REVENUE = (
    SALES
    + measure("opportunities")
    + measure("won")
    + measure("value")
    + formula("win_rate", "won / opportunities", 'unit = "percent"')
    + formula("deal_size", "value / won")
    + formula("revenue", "opportunities * win_rate * deal_size")
)
# shared/design/ANALYSIS.md: 200 × 0.25 × 10,000 → 220 × 0.22 × 11,500 is +50,450, −67,800, +73,950
MOVED = crm("opportunities,won,value", "2026-09,A,x,200,50,500000", "2026-10,A,x,220,48.4,556600")


def explained(workspace: Workspace, kpi_id: str, before: str | None = None, after: str | None = None) -> Explanation:
    kpi = workspace.kpi(kpi_id)
    named = (workspace.period(text) if text else None for text in (before, after))
    return explain(workspace, kpi, *periods(workspace, kpi, *named))


def test_a_formula_is_explained_by_its_inputs_down_to_measures(opened: Open) -> None:
    found = explained(opened(REVENUE, MOVED), "revenue")
    assert (found.before.id, found.after.id) == ("2026-09", "2026-10")  # of a year ago there is no figure
    assert found.change == pytest.approx(56_600)
    assert found.drivers
    parts = {part.name: part for part in found.drivers.parts}
    assert {name: pytest.approx(part.contribution) for name, part in parts.items()} == {
        "opportunities": 50_450,
        "win_rate": -67_800,
        "deal_size": 73_950,
    }
    assert parts["win_rate"].parts == ()  # a part of a whole is not explained by its two counts
    assert parts["deal_size"].parts == ()  # nor is an average: won deals that fall would add to it


def test_a_year_before_is_what_a_period_is_explained_against(opened: Open) -> None:
    rows = crm("opportunities,won,value", "2025-10,A,x,100,25,1000", "2026-09,A,x,1,1,1", "2026-10,A,x,200,50,2000")
    assert explained(opened(REVENUE, rows), "revenue").before.id == "2025-10"


def test_earlier_periods_of_an_input_are_inputs_of_their_own(opened: Open) -> None:
    settings = SALES + measure("won") + formula("growth", "won - prev(won)")
    rows = crm("won", "2026-07,A,x,10", "2026-08,A,x,13", "2026-09,A,x,20", "2026-10,A,x,22")
    found = explained(opened(settings, rows), "growth", "2026-08")
    assert found.change == -1
    assert found.drivers
    assert {part.name: part.contribution for part in found.drivers.parts} == {"won": 9.0, "prev(won, 1)": -10.0}


@pytest.mark.parametrize(
    ("kpi_id", "before", "after", "why_not"),
    [
        (
            "win_rate",
            "2026-09",
            "2026-10",
            "a part of a whole is explained by rate and mix of segments, not by its counts",
        ),
        ("revenue", "2026-08", "2026-10", "revenue has no figure in Aug 2026"),
        ("revenue", "2026-10", "2026-11", "Nov 2026 is not over"),
        ("sold", "2026-09", "2026-10", "it is a measure, not a formula: break it down by a column of segments"),
    ],
)
def test_what_cannot_be_explained_says_why(opened: Open, kpi_id: str, before: str, after: str, why_not: str) -> None:
    sold = '[kpi.sold]\nsource = "crm"\ncolumn = "won"\naggregate = "sum"\n'
    found = explained(opened(REVENUE + sold, MOVED), kpi_id, before, after)
    assert (found.how, found.why_not) == (None, why_not)


def test_periods_that_cannot_be_compared_are_refused(opened: Open) -> None:
    workspace = opened(REVENUE, MOVED)
    kpi, september = workspace.kpi("revenue"), workspace.period("2026-09")
    with pytest.raises(KpituiError, match="2026-Q3 is a quarter, 2026-09 is a month"):
        periods(workspace, kpi, workspace.period("2026-Q3"), september)
    with pytest.raises(KpituiError, match="nothing changes from 2026-09 to itself"):
        periods(workspace, kpi, september, september)


# Segments


def by(workspace: Workspace, kpi_id: str, column: str | None = None) -> Explanation:
    kpi = workspace.kpi(kpi_id)
    chosen = column_of(workspace, kpi, column)
    assert chosen
    found = read_segments_of(workspace, kpi, chosen)
    return explain_by(workspace, kpi, *periods(workspace, kpi, None, None), chosen, found)


SHARES = SALES + measure("leads") + measure("won") + formula("rate", "won / leads", 'unit = "percent"')
# The rates stay at 10 % and 50 % and the shares move: by hand in tests/analysis/test_segments.py
MIX = crm("leads,won", "2026-09,low,x,100,10", "2026-09,high,x,100,50", "2026-10,low,x,50,5", "2026-10,high,x,150,75")


def test_a_part_of_a_whole_is_explained_by_rate_and_mix(opened: Open) -> None:
    found = by(opened(SHARES, MIX), "rate")
    assert (found.how, found.by) == ("rate_and_mix", "region")
    assert {part.name: (part.rate, pytest.approx(part.mix)) for part in found.segments} == {
        "low": (0.0, 0.0625),
        "high": (0.0, 0.0375),
    }


def test_an_amount_is_explained_by_differences_of_any_column(opened: Open) -> None:
    found = by(opened(SALES + measure("leads", table="kpi"), MIX), "leads", "region")
    assert found.how == "differences"
    assert {part.name: part.contribution for part in found.segments} == {"low": -50, "high": 50}
    workspace = opened(SALES + measure("leads") + formula("twice", "leads * 2"), MIX)
    assert [part.contribution for part in by(workspace, "twice", "region").segments] == [100, -100]


def test_a_mean_is_explained_by_the_rows_of_its_segments(opened: Open) -> None:
    settings = SALES.replace('frequency = "monthly"', 'frequency = "daily"') + measure("hours", "mean", "kpi")
    days = [
        *(f"2026-09-{day:02d},A,x,2" for day in range(1, 31)),
        *(f"2026-09-{day:02d},B,x,6" for day in range(1, 31)),
        *(f"2026-10-{day:02d},A,x,2" for day in range(1, 32)),
        *(f"2026-10-{day:02d},B,x,8" for day in range(1, 32)),
    ]
    found = by(opened(settings, crm("hours", *days)), "hours")
    assert (found.how, found.figure_before, found.figure_after) == ("rate_and_mix", 4, 5)
    assert {part.name: part.rate for part in found.segments} == {"A": 0.0, "B": 1.0}


def test_an_average_is_explained_by_its_segments_first_and_by_its_inputs_where_it_has_none(opened: Open) -> None:
    """Average handling time, 5 → 6 minutes: A stays at 4, B at 8, and the shares of their tickets move.

    By hand: R₀ 5, R₁ 6, so ½(R₀ + R₁) is 5.5; A goes from 75 to 50 % of the tickets: −0.25 × (4 − 5.5) = +0.375;
    B from 25 to 50 %: 0.25 × (8 − 5.5) = +0.625.
    """
    average = formula("handling", "minutes / tickets")
    settings = SALES + measure("minutes") + measure("tickets") + average
    rows = crm(
        "minutes,tickets", "2026-09,A,x,300,75", "2026-09,B,x,200,25", "2026-10,A,x,200,50", "2026-10,B,x,400,50"
    )
    workspace = opened(settings, rows)
    assert ways(workspace, workspace.kpi("handling")) == ("region", "channel", None)
    found = by(workspace, "handling")
    assert (found.how, found.by, found.change) == ("rate_and_mix", "region", 1.0)
    assert [(part.name, part.rate, part.mix) for part in found.segments] == [("B", 0.0, 0.625), ("A", 0.0, 0.375)]
    without = opened(settings.replace('segments = ["region", "channel"]', ""), rows)
    assert ways(without, without.kpi("handling")) == (None,)
    assert explained(without, "handling").how == "drivers"


def test_a_product_has_no_segments_that_add_up_to_it(opened: Open) -> None:
    workspace = opened(REVENUE, MOVED)
    assert ways(workspace, workspace.kpi("revenue")) == (None,)
    assert ways(workspace, workspace.kpi("win_rate")) == ("region", "channel")


def test_a_blank_cell_of_one_segment_is_marked_though_the_whole_has_a_value_of_that_day(opened: Open) -> None:
    settings = SALES.replace('frequency = "monthly"', 'frequency = "daily"') + measure("calls", table="kpi")
    days = [f"2026-{month:02d}-{day:02d}" for month, last in ((9, 30), (10, 31)) for day in range(1, last + 1)]
    rows = [f"{day},{region},x,{'' if (day, region) == ('2026-10-05', 'B') else 2}" for day in days for region in "AB"]
    workspace = opened(settings, crm("calls", *rows))
    found = by(workspace, "calls", "region")
    assert [(each.name, each.period.id, each.seen, each.due) for each in found.lacking] == [("B", "2026-10", 30, 31)]
    (header, cells, _), said = explain_table(found, workspace.definitions)
    assert header == ["region", "2026-09", "2026-10", "contribution"]
    assert cells == [["A", "60", "62", "+2"], ["B", "60", "60*", "0"]]
    assert "* B 30/31 days in Oct 2026: what is missing counts as nothing, in the whole as well" in said
    read = read_segments_of(workspace, found.kpi, "region")
    [_, bar] = bars(workspace, found.kpi, found.before, found.after, "region", read).bars
    assert bar.figures[:2] == ("60", "60*")


def test_segments_beyond_those_that_are_read_are_all_others(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpitui.measurements.segments.MOST", 2)
    rows = [*MIX["crm.csv"].splitlines()[1:], "2026-10,tiny,x,8,4", "2026-10,small,x,2,1"]
    found = by(opened(SALES + measure("leads", table="kpi"), crm("leads,won", *rows)), "leads")
    assert [(part.name, part.contribution, part.segments) for part in found.segments] == [
        ("high", 50.0, 1),
        ("low", -50.0, 1),
        ("all others", 10.0, 2),
    ]


def test_what_does_not_add_up_over_segments_is_not_explained_by_them(opened: Open) -> None:
    found = by(opened(REVENUE, MOVED), "revenue", "region")
    assert found.why_not == "it is neither an amount nor a ratio of two: its segments do not add up to it"


def test_a_column_that_is_none_of_the_kpis_is_refused(opened: Open) -> None:
    workspace = opened(SHARES, MIX)
    with pytest.raises(KpituiError, match="cannot be broken down by 'country': there are region, channel"):
        column_of(workspace, workspace.kpi("rate"), "country")
    assert column_of(workspace, workspace.kpi("rate"), None) == "region"
    assert column_of(workspace, workspace.kpi("rate"), "channel") == "channel"


# Pace


def daily(first_day: int, last_day: int, value: int = 10) -> dict[str, str]:
    return {
        "shop.csv": "day,sales\n" + "".join(f"2026-10-{day:02d},{value}\n" for day in range(first_day, last_day + 1))
    }


SHOP = """\
[source.shop]
files = "shop.csv"
date = "day"
frequency = "daily"
[kpi.sales]
source = "shop"
column = "sales"
aggregate = "sum"
grain = "month"
target = [{ from = 2026-01-01, value = 403, per = "month" }]
"""


def test_a_month_under_way_needs_more_than_its_pace(opened: Open) -> None:
    workspace = opened(SHOP, daily(1, 10), as_of="2026-10-10")
    found = outlook(workspace, workspace.kpi("sales"), Grain.MONTH)
    assert found.pace
    assert found.pace.linear
    assert (found.pace.to_date, found.pace.done, found.pace.of, found.pace.linear.end) == (100, 10, 31, 310)
    assert pace_phrase(found.pace) == "needs 1.4× the present pace"  # (403 − 100) / 21 ÷ 10 = 1.443
    assert bounds_phrase(found.pace) == "95% (t) if the rest is like the first 10, without season or trend"


@pytest.mark.parametrize(
    ("target", "words"),
    [(310, "on pace"), (311, "needs 1.005× the present pace"), (90, "reached"), (318, "needs 1.04× the present pace")],
)
def test_words(opened: Open, target: int, words: str) -> None:
    workspace = opened(SHOP.replace("403", str(target)), daily(1, 10), as_of="2026-10-10")
    found = outlook(workspace, workspace.kpi("sales"), Grain.MONTH)
    assert found.pace
    assert pace_phrase(found.pace) == words


def test_too_early_and_too_little(opened: Open) -> None:
    early = opened(SHOP, daily(1, 3), as_of="2026-10-03")
    found = outlook(early, early.kpi("sales"), Grain.MONTH)
    assert found.pace
    assert pace_phrase(found.pace) == "cannot be said yet"
    gaps = opened(SHOP, daily(5, 10), as_of="2026-10-10")
    found = outlook(gaps, gaps.kpi("sales"), Grain.MONTH)
    assert found.why_not == "6 of 10 days have a value, none of 1 Oct, 2 Oct, 3 Oct and 4 Oct"


def test_months_that_are_missing_are_named_where_the_rest_is_projected(opened: Open) -> None:
    months = [f"2026-{month:02d},A,x,20" for month in range(1, 11) if month != 3]
    workspace = opened(SALES + measure("won", table="kpi"), crm("won", *months), as_of="2026-11-04")
    kpi = workspace.kpi("won")
    year = outlook(workspace, kpi, Grain.YEAR)
    assert [part.id for part in year.missing] == ["2026-03"]
    assert year.pace
    assert (year.pace.to_date, year.pace.by) == (180, "linear")
    told = {fact.label: fact.text for fact in pace_facts(workspace, kpi)}
    # Nine months of 20 and one of 0: s = 6.3246, t₉ = 2.2622, so 216 ± 2.2622 · 6.3246 · √2.4 = 216 ± 22.2.
    assert told["year"] == "no target: ends at 216, linear (95% t: 194 to 238)"
    assert told["between"] == "95% (t) if the rest is like the first 10, without season or trend"
    assert told["missing"] == "none of Mar ’26: counted as nothing"
    months_of_2026 = [workspace.period(f"2026-{month:02d}") for month in range(1, 9)]
    assert missing_phrase(months_of_2026[:2], "en_GB") == "none of Jan ’26 and Feb ’26"
    assert missing_phrase(months_of_2026, "en_GB") == "none of Jan ’26, Feb ’26, Mar ’26 and 5 more"


def test_a_year_is_counted_in_months_and_held_against_earlier_ones(opened: Open) -> None:
    months = [f"{year}-{month:02d},A,x,{10 if month < 12 else 40}" for year in (2024, 2025) for month in range(1, 13)]
    months += [f"2026-{month:02d},A,x,20" for month in range(1, 11)]
    workspace = opened(SALES + measure("won", table="kpi"), crm("won", *months))
    month, quarter, year = outlooks(workspace, workspace.kpi("won"))
    assert month.why_not == "there is one value for the month"
    assert quarter.pace
    assert quarter.pace.verdict == "cannot_be_said"
    assert year.pace
    assert year.pace.linear
    assert year.pace.seasonal
    assert (year.pace.done, year.pace.of, year.pace.years) == (10, 12, 2)
    assert year.pace.linear.end == 240
    assert year.pace.seasonal.end == pytest.approx(300)  # 200 ÷ (100 / 150)
    told = {fact.label: fact.text for fact in pace_facts(workspace, workspace.kpi("won"))}
    # Both years alike: the same share, 100 of 150; ten months of 20, so that the interval has no width.
    assert told["year"] == (
        "no target: ends at 300, seasonal (in 2 earlier years it was off by 0.0%); 240, linear (95% t: 240)"
    )


def test_what_a_projection_was_off_by_is_told_year_by_year() -> None:
    assert errors_phrase((-0.011, 0.005), "en_GB") == "in 2 earlier years it was off by −1.1% and +0.5%"
    assert errors_phrase((0.0051, 0.0049), "en_GB") == "in 2 earlier years it was off by +0.5%"
    assert errors_phrase((0.02, -0.01, 0.005), "en_GB") == "in 3 earlier years it was off by −1.0% to +2.0%"


def test_a_rate_is_not_projected(opened: Open) -> None:
    months = [f"2025-{month:02d},A,x,100,{20 + month % 2 * 10}" for month in range(1, 13)]
    months += [f"2026-{month:02d},A,x,100,{20 + month % 2 * 10}" for month in range(1, 11)]
    workspace = opened(SHARES, crm("leads,won", *months))
    found = outlook(workspace, workspace.kpi("rate"), Grain.YEAR)
    assert found.pace is None
    assert found.level
    assert found.level.mean == pytest.approx(0.25)


def test_a_target_at_the_median_is_said_to_be_one_where_the_outlook_is_told(opened: Open) -> None:
    target = "target = [{ from = 2024-01-01, value = 12 }]\n"
    months = [f"{2024 + (i + 10) // 12}-{(i + 10) % 12 + 1:02d},A,x,{10 + i % 2 * 4}" for i in range(24)]
    workspace = opened(SALES + measure("hours", "mean", "kpi") + target, crm("hours", *months))
    kpi = workspace.kpi("hours")
    said = "the target is at the median: about every second period misses it by design"
    assert ("outlook", said) in [(fact.label, fact.text) for fact in pace_facts(workspace, kpi)]
    (header, rows, _), _ = pace_table(outlooks(workspace, kpi), workspace.definitions)
    assert {row[header.index("words")] for row in rows} == {said}


# Links

FOLLOWS = """\
[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"
[review.monthly]
[kpi.first]
source = "crm"
column = "first"
aggregate = "sum"
predicts = [{ kpi = "second", lag = 2 }]
[kpi.second]
source = "crm"
column = "second"
aggregate = "sum"
direction = "down"
predicts = [{ kpi = "third", lag = 1 }]
[kpi.third]
source = "crm"
column = "third"
aggregate = "sum"
"""
NOISE = [5, 3, 6, 4, 7, 5, 4, 6, 3, 5, 6, 4, 5, 7, 3, 5, 4, 6, 5, 3, 6, 4, 5, 6]


def falls(at: int) -> list[int]:
    """24 months of noise that rise by 40 from an index on."""
    return [value + (40 if i >= at else 0) for i, value in enumerate(NOISE)]


def following(first: list[int], second: list[int], third: list[int]) -> dict[str, str]:
    rows = (
        f"{2024 + (10 + i) // 12}-{(10 + i) % 12 + 1:02d},{a},{b},{c}"
        for i, (a, b, c) in enumerate(zip(first, second, third, strict=True))
    )
    return {"crm.csv": "\n".join(["month,first,second,third", *rows]) + "\n"}


def test_a_link_is_held_against_the_figures_at_its_lag(opened: Open) -> None:
    lagged = [0, 0, *NOISE[:-2]]
    workspace = opened(FOLLOWS, following(NOISE, [10 - value for value in lagged], NOISE))
    found = {(link.leading.id, link.led.id): link for link in links(workspace)}
    first = found["first", "second"]
    assert (first.lag, first.grain, first.lag_here, first.tried) == (2, Grain.MONTH, 2, 1)
    assert first.together.r == pytest.approx(-1, abs=0.2)
    assert first.together.n == 22
    assert [link.leading.id for link in links(workspace, workspace.kpi("third"))] == ["second"]


def test_from_a_signal_back_to_what_signalled_before(opened: Open) -> None:
    workspace = opened(FOLLOWS, following(falls(16), falls(18), falls(19)))
    steps = walk_back(workspace, workspace.kpi("third"))
    assert [(step.kpi.id, step.depth, step.since and step.since.id, step.variation) for step in steps] == [
        ("third", 0, "2026-06", "improvement_high"),
        ("second", 1, "2026-05", "concern_high"),
        ("first", 2, "2026-03", "improvement_high"),
    ]
    assert [step.weeks_earlier for step in steps] == [None, pytest.approx(31 / 7), pytest.approx(61 / 7)]


def test_what_did_not_signal_in_time_is_said(opened: Open) -> None:
    workspace = opened(FOLLOWS, following(falls(16), NOISE, falls(19)))
    [third, second] = walk_back(workspace, workspace.kpi("third"))
    assert (third.since is not None, second.since, second.weeks_earlier) == (True, None, None)
    assert walk_back(workspace, workspace.kpi("second")) == []


# Two rates


def compared(workspace: Workspace, a: str, b: str, kpi_id: str = "rate") -> Comparison:
    kpi = workspace.kpi(kpi_id)
    sides = [side(workspace, text, None) for text in (a, b)]
    columns = {each.column for each in sides if each.column}
    found = {column: read_segments_of(workspace, kpi, column) for column in columns}
    return compare(workspace, kpi, *sides, found)


# Newcombe (1998): 56/70 against 48/80
TWO = crm("leads,won", "2026-09,A,x,80,48", "2026-10,A,x,40,30", "2026-10,B,x,30,26")


def test_two_periods_are_compared(opened: Open) -> None:
    found = compared(opened(SHARES, TWO), "2026-10", "2026-09")
    assert (found.rate_a, found.rate_b) == ((56, 70), (48, 80))
    assert found.found.z == pytest.approx(2.650172, abs=5e-7)
    assert (found.usual, found.sigma_z, found.large_counts_and_noise) == (None, None, False)


def test_periods_from_one_to_another_and_segments_are_compared(opened: Open) -> None:
    three = crm("leads,won", "2026-08,A,x,50,30", "2026-09,A,x,100,74", "2026-10,A,x,80,50")
    of_periods = compared(opened(SHARES, three), "2026-08..2026-09", "2026-10")
    assert (of_periods.rate_a, of_periods.rate_b) == ((104, 150), (50, 80))
    workspace = opened(SHARES, TWO)
    with pytest.raises(KpituiError, match="cases in common"):
        compared(workspace, "2026-09..2026-10", "2026-09")
    of_segments = compared(workspace, "region=A", "region=B")
    assert (of_segments.rate_a, of_segments.rate_b, of_segments.pairs) == ((30, 40), (26, 30), 1)
    assert of_periods.pairs is None


def test_two_of_many_months_are_one_of_many_pairs(opened: Open) -> None:
    months = crm("leads,won", *(f"2026-{month:02},A,x,40,{20 + month}" for month in range(5, 11)))
    found = compared(opened(SHARES, months), "2026-10", "2026-05")
    assert found.pairs == 15  # 6 × 5 ÷ 2
    said = compared_said(found, "en_GB", planned=False)
    assert said[-1] == "one of 15 pairs of months that could be picked: the more looks, the more differences"


def test_two_of_many_segments_are_one_of_many_pairs(opened: Open) -> None:
    workspace = opened(SHARES, crm("leads,won", *(f"2026-10,{name},x,40,{20 + i}" for i, name in enumerate("ABCDE"))))
    found = compared(workspace, "region=A", "region=E")
    assert found.pairs == 10  # 5 × 4 ÷ 2
    said = compared_said(found, "en_GB", planned=False)
    assert said[-1] == "one of 10 pairs of segments that could be picked: the more looks, the more differences"


def test_large_counts_whose_chart_is_usual_are_warned_of(opened: Open) -> None:
    months = [f"{2025 + i // 12}-{i % 12 + 1:02d},A,x,100000,{50000 + NOISE[i] * 500}" for i in range(22)]
    found = compared(opened(SHARES, crm("leads,won", *months)), "2026-10", "2026-09")
    assert found.found.p < 0.05
    assert found.usual is True
    assert found.sigma_z
    assert found.sigma_z > 2
    assert found.large_counts_and_noise


@pytest.mark.parametrize(
    ("a", "message"),
    [
        ("2026-08", "rate has no figures for all of 2026-08"),
        ("region=C", "region has no 'C'; there are A, B"),
        ("2026-10..2026-Q4", "is not from one period to a later one"),
        ("2026-10..2026-09", "is not from one period to a later one"),
        ("yesterday", "'yesterday' is not a period"),
    ],
)
def test_what_cannot_be_compared_is_refused(opened: Open, a: str, message: str) -> None:
    with pytest.raises(KpituiError, match=message):
        compared(opened(SHARES, TWO), a, "2026-09")


def test_the_test_needs_counts(opened: Open) -> None:
    with pytest.raises(KpituiError, match="no part of a whole of counts"):
        compared(opened(REVENUE, MOVED), "2026-10", "2026-09", "revenue")
    with pytest.raises(KpituiError, match="needs counts of a part and its whole"):
        compared(opened(REVENUE, MOVED), "2026-10", "2026-09", "win_rate")  # 48.4 of 220


# Bars


def test_inputs_beyond_the_twelve_largest_are_one_bar(opened: Open) -> None:
    ids = [f"m{i}" for i in range(14)]
    settings = SALES + "".join(map(measure, ids)) + formula("total", " + ".join(ids))
    before, after = ["0"] * 14, [str(i + 1) for i in range(14)]
    rows = crm(",".join(ids), f"2026-09,A,x,{','.join(before)}", f"2026-10,A,x,{','.join(after)}")
    workspace = opened(settings, rows)
    kpi = workspace.kpi("total")
    found = bars(workspace, kpi, workspace.period("2026-09"), workspace.period("2026-10"), None, None)
    # 14, 13, … 3 by themselves, and 2 + 1 together: 105 in all.
    assert [(bar.name, bar.contribution) for bar in (found.bars[0], *found.bars[-2:])] == [
        ("m13", pytest.approx(14)),
        ("m2", pytest.approx(3)),
        ("all others (2)", pytest.approx(3)),
    ]
    assert len(found.bars) == 13
    assert found.total == ("0", "105", "+105")
    assert found.said[0].startswith("Shapley values, 4,096 drawn orders of 14 inputs")


def test_a_bar_proposes_a_class_only_where_the_figures_suggest_one(opened: Open) -> None:
    workspace = opened(REVENUE.replace('"value / won"', '"value / won"\nunit = "currency"\ncurrency = "EUR"'), MOVED)
    kpi = workspace.kpi("revenue")
    found = bars(workspace, kpi, workspace.period("2026-09"), workspace.period("2026-10"), None, None)
    proposed = {bar.name: bar.finding.cause_class for bar in found.bars if not bar.depth}
    assert proposed == {"deal_size": "price", "win_rate": "process", "opportunities": None}


def test_a_period_is_explained_against_the_one_before_the_year_before_or_marked_ones(opened: Open) -> None:
    workspace = opened(REVENUE, MOVED)
    kpi, october = workspace.kpi("revenue"), workspace.period("2026-10")
    june, july = workspace.period("2026-06"), workspace.period("2026-07")

    def pair(against: Against, *marked: Period) -> list[str]:
        return [period.id for period in sides(workspace, kpi, october, against, marked)]

    assert pair("previous") == ["2026-09", "2026-10"]
    assert pair("year_ago") == ["2025-10", "2026-10"]
    assert pair("marked", june, july) == ["2026-06", "2026-07"]
    assert pair("marked", june) == ["2026-09", "2026-10"]


@pytest.mark.parametrize(
    ("a", "b", "overlap"),
    [
        ("2026-10", "2026-10", True),
        ("2026-10", "region=EMEA", True),
        ("2026-09..2026-10", "2026-10", True),
        ("2026-09", "2026-10", False),
        ("region=EMEA", "region=APAC", False),
        ("region=EMEA", "region=EMEA", True),
        ("region=EMEA", "type=new", True),
    ],
)
def test_two_samples_that_share_cases_are_not_compared(opened: Open, a: str, b: str, overlap: bool) -> None:
    workspace = opened(REVENUE, MOVED)
    october = workspace.period("2026-10")
    assert side(workspace, a, october).overlaps(side(workspace, b, october)) is overlap

"""Why a KPI moved, what it is linked to, and where it is going, on the KPI screen."""

from __future__ import annotations

import shutil
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot

from kpitui.definitions.model import Kpi
from kpitui.measurements.segment_process import SegmentReading
from kpitui.measurements.values import Segmented
from kpitui.periods import Period
from kpitui.shipped import shipped
from kpitui.ui.app import KpituiApp
from kpitui.ui.screens.kpi import KpiScreen
from kpitui.ui.widgets.chart_pane import ChartPane
from kpitui.workspace.opening import Workspace
from kpitui.workspace.why.linked import LinkedKpis, linked
from tests.test_ae_attendances import DATA
from tests.test_ae_attendances import write_workspace as write_ae
from tests.ui.helpers import months, on_screen, running, write_workspace
from tests.ui.test_hostile import hostile_workspace

SIZES = [(60, 20), (80, 24), (120, 40)]
real = pytest.mark.skipif(not DATA.is_file(), reason=f"there is no {DATA}")


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A copy of the demo: records are written into it."""
    root = tmp_path / "demo"
    shutil.copytree(shipped("data") / "demo", root)
    return root


async def seen(app: KpituiApp, pilot: Pilot[None], text: str) -> str:
    """The screen, once the text is on it."""
    for _ in range(200):
        if text in (screen := on_screen(app)):
            return screen
        await pilot.pause(0.05)
    raise AssertionError(f"{text!r} did not come; on the screen was:\n{on_screen(app)}")


async def opened_on(app: KpituiApp, pilot: Pilot[None], kpi_id: str) -> None:
    app.focused_kpi = kpi_id
    await pilot.press("2")
    await seen(app, pilot, "RECORD")


def figures_of(screen: str, name: str) -> list[str]:
    """What stands behind a name on its line, the bar left out."""
    # The panel beside the bars names inputs, too.
    lines = [line.partition("▏")[0] for line in screen.split("\n")]
    line = next(line for line in lines if f" {name} " in line and "│" in line)
    words = line.partition(name)[2].replace(" pp", "pp").split()
    return [word for word in words if not set(word) <= set("▇╴╶━│▏")]


# Bars

REVENUE = """\
[workspace]
name = "Acme"
as_of = 2026-11-04
currency = "EUR"

[review.monthly]

[source.crm]
files = "measurements/crm.csv"
date = "month"
frequency = "monthly"
segments = ["region"]

[measure.opportunities]
source = "crm"
column = "opportunities"
aggregate = "sum"

[measure.won]
source = "crm"
column = "won"
aggregate = "sum"

[measure.value]
source = "crm"
column = "value"
aggregate = "sum"

[kpi.win_rate]
name = "Win rate"
formula = "won / opportunities"
unit = "percent"

[kpi.deal_size]
name = "Deal size"
formula = "value / won"
unit = "currency"

[kpi.revenue]
name = "Revenue"
formula = "opportunities * win_rate * deal_size"
unit = "currency"
"""


@pytest.fixture
def revenue(tmp_path: Path) -> Path:
    """shared/design/ANALYSIS.md: 200 × 0.25 × 10,000 → 220 × 0.22 × 11,500 is +50,450, −67,800, +73,950."""
    root = write_workspace(tmp_path / "acme", REVENUE)
    rows = ["month,region,opportunities,won,value", "2026-09,A,200,50,500000", "2026-10,A,220,48.4,556600"]
    (root / "measurements" / "crm.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return root


@pytest.mark.parametrize("size", SIZES)
async def test_the_inputs_of_a_formula_are_bars_largest_first(revenue: Path, size: tuple[int, int]) -> None:
    async with running(revenue, size) as (app, pilot):
        await opened_on(app, pilot, "revenue")
        await pilot.press("h")
        screen = (await seen(app, pilot, "by its inputs")).split("RECORD")[0]
        assert "Sept 2026 €500,000 → Oct 2026 €556,600: +€56.6k" in screen
        lines = [line.partition("▏")[0] for line in screen.split("\n") if "▇" in line or "━" in line]
        named = [name for line in lines for name in ("Deal size", "Win rate", "opportunities", "sum") if name in line]
        assert named == ["Deal size", "Win rate", "opportunities", "sum"]
        assert figures_of(screen, "Deal size") == ["€10.0k", "€11.5k", "+€73.9k"]
        assert figures_of(screen, "Win rate") == ["25.0%", "22.0%", "−€67.8k"]
        assert figures_of(screen, "opportunities") == ["200", "220", "+€50.5k"]
        assert figures_of(screen, "sum") == ["€500k", "€557k", "+€56.6k"]
        await pilot.press("end")
        assert "Shapley values, all orders of 3 inputs" in on_screen(app)


async def test_bars_leave_their_axis_to_the_side_of_their_sign(revenue: Path) -> None:
    async with running(revenue, (80, 24)) as (app, pilot):
        await opened_on(app, pilot, "revenue")
        await pilot.press("h")
        screen = await seen(app, pilot, "by its inputs")
        lines = {name: line for line in screen.split("\n") for name in ("Deal size", "Win rate") if f" {name} " in line}
        assert "│▇" in lines["Deal size"]
        assert "▇│" in lines["Win rate"]


@pytest.mark.parametrize("size", SIZES)
async def test_a_rate_is_explained_by_segment_and_against_another_period(demo: Path, size: tuple[int, int]) -> None:
    async with running(demo, size) as (app, pilot):
        await opened_on(app, pilot, "sql_rate")
        await pilot.press("h")
        screen = await seen(app, pilot, "Oct 2025 24.7% → Oct 2026 22.0%: −2.7 pp")
        await seen(app, pilot, "EMEA")
        screen = on_screen(app)
        # 60 of 350 is 17.1%; the three parts sum to −2.71 points.
        assert figures_of(screen, "EMEA")[-1] == "−3.33pp"
        assert figures_of(screen, "Americas")[-1] == "+0.47pp"
        assert figures_of(screen, "APAC")[-1] == "+0.15pp"
        assert figures_of(screen, "sum")[-1] == "−2.71pp"
        assert "against a year before" in screen
        await pilot.press("w")
        assert "Sept 2026 21.0% → Oct 2026 22.0%: +1.0 pp" in await seen(app, pilot, "against the period before")
        await pilot.press("end")
        assert "Rate and mix of 3 segments (Kitagawa)" in on_screen(app).replace("\n ", " ")


async def test_usual_variation_is_no_news(demo: Path) -> None:
    async with running(demo, (80, 24)) as (app, pilot):
        await opened_on(app, pilot, "mqls")
        await pilot.press("h", "w")
        await seen(app, pilot, "Sept 2026 849 → Oct 2026 800: −49")
        screen = await seen(app, pilot, "No signal: look at the process, not at this month.")
        assert figures_of(screen, "EMEA") == ["393", "350", "46.3→43.8%", "−43"]
        assert "Differences of 3 segments: arithmetic, not cause." in screen
        assert "What is usual is known from 36 months (nhs)." in screen


async def test_few_points_and_missing_figures_are_named(revenue: Path) -> None:
    rows = [
        "month,region,opportunities,won,value",
        *(f"{month},A,20{i},50,500000" for i, month in enumerate(months(22))),
    ]
    (revenue / "measurements" / "crm.csv").write_text("\n".join([rows[0], *rows[-6:]]) + "\n", encoding="utf-8")
    async with running(revenue, (80, 24)) as (app, pilot):
        await opened_on(app, pilot, "revenue")
        await pilot.press("h")
        await seen(app, pilot, "What is usual is known from 6 months (nhs), provisional: fewer than 12.")
        await pilot.press("w")
        await seen(app, pilot, "Not explained: Revenue has no figure in Oct 2025.")


async def test_the_period_under_the_cursor_is_explained_and_marked_ones_first(demo: Path) -> None:
    async with running(demo, (80, 24)) as (app, pilot):
        await opened_on(app, pilot, "sql_rate")
        await pilot.press("left", "h", "w")
        await seen(app, pilot, "Aug 2026 23.8% → Sept 2026 21.0%: −2.8 pp")
        await pilot.press("escape", "right", "m", "left", "left", "left", "m", "h")
        await seen(app, pilot, "Jul 2026 23.8% → Oct 2026 22.0%")
        assert "against A and B" in on_screen(app)


async def test_s_goes_from_column_to_column_and_to_the_inputs(demo: Path) -> None:
    async with running(demo, (80, 24)) as (app, pilot):
        await opened_on(app, pilot, "deal_size")
        await pilot.press("h")
        await seen(app, pilot, "by region · 1 of 3")
        await pilot.press("s")
        await seen(app, pilot, "by channel · 2 of 3")
        await pilot.press("s")
        await seen(app, pilot, "by its inputs · 3 of 3")
        await pilot.press("s")
        await seen(app, pilot, "by region · 1 of 3")


async def test_what_has_no_segments_says_so_where_they_are_asked_for(demo: Path) -> None:
    async with running(demo, (80, 24)) as (app, pilot):
        await opened_on(app, pilot, "influenced_revenue")
        await pilot.press("h")
        screen = await seen(app, pilot, "by its inputs")
        assert "s by" not in screen
        assert "m compare two" not in screen
        for key in ("s", "m"):
            await pilot.press(key)
            await seen(app, pilot, "No segments: they would not add up to it.")


@pytest.mark.parametrize("size", SIZES)
async def test_h_and_escape_give_the_chart_back(demo: Path, size: tuple[int, int]) -> None:
    async with running(demo, size) as (app, pilot):
        await opened_on(app, pilot, "sql_rate")
        for back in ("h", "escape"):
            await pilot.press("h")
            await seen(app, pilot, "esc chart")
            assert "24 months" not in on_screen(app)
            await pilot.press(back)
            await seen(app, pilot, "24 months")
            assert app.screen.focused is app.screen.query_one("#main")
        await pilot.press("escape")
        await seen(app, pilot, "WATCH")


async def test_keys_do_not_wait_for_segments(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = Event()
    read = SegmentReading.result

    def slow(self: SegmentReading) -> Segmented:
        go_on.wait(20)
        return read(self)

    monkeypatch.setattr(SegmentReading, "result", slow)
    async with running(demo, (80, 24)) as (app, pilot):
        await opened_on(app, pilot, "sql_rate")
        await pilot.press("h")
        await seen(app, pilot, "Reading the segments …")
        await pilot.press("J")
        await seen(app, pilot, "› Influenced revenue")
        await seen(app, pilot, "by its inputs")
        await pilot.press("K", "escape")
        await seen(app, pilot, "24 months")
        go_on.set()
        await pilot.press("h")
        await seen(app, pilot, "EMEA")


# A finding becomes a cause


@pytest.mark.parametrize("key", ["enter", "c"])
async def test_the_marked_bar_becomes_a_cause_that_a_person_confirms(demo: Path, key: str) -> None:
    async with running(demo, (80, 24)) as (app, pilot):
        await opened_on(app, pilot, "sql_rate")
        await pilot.press("h")
        await seen(app, pilot, "Oct 2025 24.7%")
        await seen(app, pilot, "EMEA")
        await pilot.press(key)
        await seen(app, pilot, "→ cause · process · hypothesis · region = EMEA · ⏎ save")
        await pilot.press(*"xy", "enter")
        await seen(app, pilot, "saved reviews/")
        assert app.screen.focused is app.screen.query_one("MarkedLines")
    [file] = [file for file in (demo / "reviews").iterdir() if "all together" in file.read_text(encoding="utf-8")]
    block = file.read_text(encoding="utf-8").partition("[cause.")[2]
    for line in (
        'kpi = "sql_rate"',
        'period = "2026-10"',
        'segment = "region = EMEA"',
        'class = "process"',
        'confidence = "hypothesis"',
        'chart = "outside_limits below"',
        "EMEA: 24.7% → 17.1% since Oct 2025: −3.38 pp, all together −2.71 ppxy",
    ):
        assert line in block, block


async def test_another_class_may_be_written_and_an_untouched_text_is_no_draft(demo: Path) -> None:
    async with running(demo, (80, 24)) as (app, pilot):
        await opened_on(app, pilot, "mqls")
        await pilot.press("h")
        await seen(app, pilot, "EMEA")
        await pilot.press("enter")
        await seen(app, pilot, "→ cause · hypothesis · region = EMEA")
        await pilot.press("escape")
        await seen(app, pilot, "Oct 2025 854")
        await pilot.press("enter", "home", "number_sign", *"market", "space")
        await seen(app, pilot, "→ cause · market · hypothesis · region = EMEA")
        await seen(app, pilot, "since Oct 2025: −43")


# Links


@pytest.mark.parametrize("size", SIZES)
async def test_the_story_is_walked_from_the_red_kgi_to_response_time(demo: Path, size: tuple[int, int]) -> None:
    async with running(demo, size) as (app, pilot):
        await opened_on(app, pilot, "influenced_revenue")
        await pilot.press("l")
        assert "Opportunit" in await seen(app, pilot, "began at the same time")
        await pilot.press("enter")
        await seen(app, pilot, "› Opportunities")
        await seen(app, pilot, "began 2 weeks before")
        await pilot.press("enter")
        await seen(app, pilot, "› SQL conversion rate")
        screen = await seen(app, pilot, "began 3 weeks before")
        assert "3 weeks before" in screen
        assert "r −0.72, 95% −0.80 to −0.61" in screen
        assert "+ Lead response time" in screen
        assert "n 153 weeks" in screen
        await pilot.press("enter")
        await seen(app, pilot, "› Lead response time")
        for name in ("SQL conversion rate", "Opportunities", "Influenced revenue"):
            await pilot.press("escape")
            await seen(app, pilot, f"› {name}")
        await pilot.press("escape")
        await seen(app, pilot, "24 months")
        await pilot.press("escape")
        await seen(app, pilot, "WATCH")


async def test_the_chart_of_a_linked_kpi_is_a_key_away_and_escape_goes_back_all_the_same(demo: Path) -> None:
    async with running(demo, (80, 24)) as (app, pilot):
        await opened_on(app, pilot, "sql_rate")
        await pilot.press("l")
        await seen(app, pilot, "BEFORE IT")
        await pilot.press("enter")
        await seen(app, pilot, "› Lead response time")
        await pilot.press("l")
        await seen(app, pilot, "24 months")
        await pilot.press("escape")
        await seen(app, pilot, "› SQL conversion rate")
        await seen(app, pilot, "AFTER IT")


async def test_links_say_what_speaks_against_them(demo: Path) -> None:
    async with running(demo, (80, 24)) as (app, pilot):
        await opened_on(app, pilot, "mqls")
        await pilot.press("l")
        screen = await seen(app, pilot, "BEFORE IT")
        assert "may be nothing" in screen
        assert "links looked at, each at the stated lag alone; Qualified leads (MQL) has no" in screen
        await pilot.press("escape", "escape")
        await opened_on(app, pilot, "roas")
        await pilot.press("l")
        await seen(app, pilot, "No KPI is stated to lead it")


# Two rates


async def test_two_marked_segments_are_compared_without_p_unless_it_was_planned(demo: Path) -> None:
    async with running(demo, (80, 24)) as (app, pilot):
        await opened_on(app, pilot, "sql_rate")
        await pilot.press("h")
        await seen(app, pilot, "Oct 2025 24.7%")
        await seen(app, pilot, "EMEA")
        await pilot.press("m", "down", "m")
        screen = await seen(app, pilot, "A EMEA in Oct 2026 17.1% (60 of 350) · B Americas in Oct 2026 25.8% (84 of")
        # 60/350 less 84/325: pooled z by hand −2.758; Newcombe's interval from the Wilson intervals of both.
        assert "difference (A less B) −8.7 pp, 95% between −14.9 pp and −2.5 pp (Newcombe)" in screen
        assert "no p-value: this comparison was not planned" in screen
        assert "p = " not in screen
        await pilot.press("p")
        screen = await seen(app, pilot, "z = −2.758, p = 0.0058 (pooled z)")
        # EMEA, Americas and APAC
        assert "one of 3 pairs of segments that could be picked" in screen
        assert "it holds only where the plan came first" in screen.replace("\n ", " ")


@real
async def test_large_counts_that_always_differ_are_warned_of(tmp_path: Path) -> None:
    root = write_ae(tmp_path / "ae")
    async with running(root, (120, 40)) as (app, pilot):
        await opened_on(app, pilot, "within_four_hours")
        # November and December 2016, both usual by the chart; 36 months begin with May.
        await pilot.press("w", "circumflex_accent", *["right"] * 6, "m", "right", "m", "h")
        screen = await seen(app, pilot, "A Nov 2016")
        assert "no p-value" in screen
        # σ_z = 42.116567: issue 4 names it.
        assert "periods always differ so, 42.1 times as much as" in screen
        assert "with counts this large a tenth of a point is significant" in screen


async def test_long_names_are_cut_and_every_column_stays(revenue: Path) -> None:
    """120 columns leave 80 beside the panel."""
    settings = (revenue / "kpitui.toml").read_text(encoding="utf-8")
    (revenue / "kpitui.toml").write_text(settings.replace('["region"]', '["region", "sales_office_and_team"]'))
    csv = revenue / "measurements" / "crm.csv"
    named = "The northern sales office and all of its teams"
    rows = ["month,region,sales_office_and_team,opportunities,won,value"]
    rows += [f"2026-09,A,{named},200,50,500000", f"2026-10,A,{named},220,48,556600"]
    csv.write_text("\n".join(rows) + "\n", encoding="utf-8")
    async with running(revenue, (120, 40)) as (app, pilot):
        await opened_on(app, pilot, "win_rate")
        await pilot.press("h", "s")
        screen = await seen(app, pilot, "by sales_office_and_team · ")
    [head] = [line for line in screen.split("\n") if " rate " in line and " mix " in line]
    assert head.split()[:7] == ["Sept", "’26", "Oct", "’26", "rate", "mix", "both"]
    [bar] = [line.partition("▏")[0] for line in screen.split("\n") if "The northern s" in line]
    assert "…" in bar
    assert bar.split("…")[1].split()[:2] == ["25.0%", "21.8%"]


async def test_no_letter_is_lost_at_the_edge_of_the_panel(demo: Path) -> None:
    async with running(demo, (120, 40)) as (app, pilot):
        await opened_on(app, pilot, "churn")
        await pilot.press("h")
        screen = await seen(app, pilot, "Not explained")
    lines = [" ".join(line.partition("▏")[0].split()) for line in screen.split("\n")]
    said = "Not explained: a part of a whole is explained by rate and mix of segments, not by its counts."
    assert said in " ".join(lines)


async def test_what_has_no_room_below_the_links_is_told_by_dots(demo: Path) -> None:
    async with running(demo, (60, 20)) as (app, pilot):
        await opened_on(app, pilot, "sql_rate")
        await pilot.press("l")
        screen = await seen(app, pilot, "n 153 weeks")
        assert any(line.rstrip().endswith("…") for line in screen.split("\n") if "n 153 weeks" in line)
        await pilot.press("end", "down", "down", "down", "down")
        assert "each at the stated lag alone" in " ".join((await seen(app, pilot, "stated lag")).split())


# A&E


@real
@pytest.mark.parametrize("size", SIZES)
async def test_attendances_by_trust_and_by_type(tmp_path: Path, size: tuple[int, int]) -> None:
    root = write_ae(tmp_path / "ae")
    async with running(root, size) as (app, pilot):
        await opened_on(app, pilot, "within_four_hours")
        await pilot.press("h", "w")
        await seen(app, pilot, "by org_code")
        await pilot.press("end")
        await seen(app, pilot, "all others (")
        await pilot.press("s")
        await seen(app, pilot, "by type")
        await seen(app, pilot, "other")
        await pilot.press("l")
        await seen(app, pilot, "No KPI is stated to lead it")


# Under the chart, and beside it


async def test_a_strip_says_why_before_and_after_where_there_is_room(demo: Path) -> None:
    async with running(demo, (120, 40)) as (app, pilot):
        await opened_on(app, pilot, "sql_rate")
        screen = await seen(app, pilot, "WHY Oct ’25 → Oct ’26: −2.7 pp (h)")
        assert "24 months" in screen
        assert figures_of(screen, "Americas")[0] == "+0.47pp"
        head, line, largest = screen.split("\n")[-10:-7]
        assert "WHY" in head
        assert largest.startswith(" EMEA  ")
        assert line.startswith(" by region  ")
        assert "■ Lead response" in line
        assert "began 3 w before" in line
        assert "Opportunities" in line
        await pilot.resize_terminal(119, 40)
        await pilot.pause()
        assert "BEFORE IT" not in on_screen(app)


async def test_another_kpi_is_explained_as_is_usual_for_it(demo: Path) -> None:
    async with running(demo, (120, 40)) as (app, pilot):
        await opened_on(app, pilot, "deal_size")
        await pilot.press("h")
        await seen(app, pilot, "by region · 1 of 3")
        await pilot.press("s", "w")
        await seen(app, pilot, "against the period before")
        await pilot.press("h")
        await seen(app, pilot, "WHY Sept ’26 → Oct ’26: ")
        assert "by channel" in on_screen(app)
        assert isinstance(app.screen, KpiScreen)
        app.screen.go_to("win_rate")
        await seen(app, pilot, "WHY Oct ’25 → Oct ’26: ")
        await pilot.press("h")
        await seen(app, pilot, "against a year before")
        assert "by channel" not in on_screen(app)


async def test_a_sentence_of_the_strip_is_whole(demo: Path) -> None:
    async with running(demo, (120, 40)) as (app, pilot):
        await opened_on(app, pilot, "mqls")
        screen = await seen(app, pilot, "No signal: ")
        strip = " ".join(line[:43].strip() for line in screen.split("\n")[-10:-5])
        assert "No signal: look at the process, not at this month." in strip


@pytest.fixture
def explained(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The KPIs whose links were worked out, in that order."""
    found: list[str] = []

    def noting(workspace: Workspace, kpi: Kpi, period: Period) -> LinkedKpis:
        found.append(kpi.id)
        return linked(workspace, kpi, period)

    monkeypatch.setattr("kpitui.ui.screens.why.linked", noting)
    return found


async def test_nothing_of_the_strip_is_begun_while_j_is_held(
    demo: Path, explained: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpitui.ui.screens.why.REST", 3600)
    async with running(demo, (120, 40)) as (app, pilot):
        await opened_on(app, pilot, "opportunities")
        await pilot.press(*"JJJJJJ")
        assert "RECORD" in on_screen(app)
        assert app.focused_kpi == "campaign_cycle"
        assert explained == []
        await pilot.press("l")
        await seen(app, pilot, "looked at")
        assert explained == ["campaign_cycle"]


async def test_the_next_exception_comes_up_with_its_strip(
    demo: Path, explained: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, (120, 40)) as (app, pilot):
        await opened_on(app, pilot, "opportunities")
        await seen(app, pilot, "WHY Oct ’25 → Oct ’26")
        for _ in range(200):
            if len(explained) == 3:
                break
            await pilot.pause(0.05)
        await app.workers.wait_for_complete()
        await pilot.pause()
        # Its own first, then those that J and K go to.
        assert explained == ["opportunities", "lead_response", "attribution_coverage"]
        monkeypatch.setattr("kpitui.ui.screens.why.REST", 3600)
        await pilot.press("J")
        screen = on_screen(app)
        # Its links are there; its segments are read once somebody rests on it.
        assert "WHY (h)" in screen
        assert "■ SQL conversion rate worse ↓ limit" in screen
        assert len(explained) == 3


async def test_the_panel_is_whole_at_once(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came later would move the lines below it."""
    monkeypatch.setattr("kpitui.ui.screens.why.REST", 3600)
    async with running(demo, (120, 40)) as (app, pilot):
        await opened_on(app, pilot, "lead_response")
        screen = on_screen(app)
        assert screen.index("PACE") < screen.index("TARGET")


async def test_pace_and_remarks_stand_in_the_panel(demo: Path) -> None:
    async with running(demo, (120, 40)) as (app, pilot):
        await opened_on(app, pilot, "influenced_revenue")
        screen = " ".join((await seen(app, pilot, "PACE")).split())
        assert "cannot be said yet" in screen
        assert "needs 2.1× the present" in screen
        assert "years it was off by" in screen
        await pilot.press("escape")
        await opened_on(app, pilot, "sql_rate")
        # r is −0.09 over the 28 months that its limits are of, and 0.58 with the shift that the chart reports.
        assert "autocorrelated" not in await seen(app, pilot, "24 months · nhs")


# Hostile texts


async def test_hostile_names_are_shown_as_they_are_written(tmp_path: Path) -> None:
    root = hostile_workspace(tmp_path / "hostile")
    async with running(root) as (app, pilot):
        await opened_on(app, pilot, "h1")
        await pilot.press("h")
        await seen(app, pilot, "by [/b]")
        await seen(app, pilot, "[@click")
        for key in ("m", "down", "m", "s", "w", "enter", "escape", "l", "escape", "escape"):
            await pilot.press(key)
            await pilot.pause()
        assert app.is_running


async def test_a_screen_that_is_being_closed_begins_no_work(demo: Path, explained: list[str]) -> None:
    async with running(demo, (120, 40)) as (app, pilot):
        await opened_on(app, pilot, "sql_rate")
        screen = app.screen
        assert isinstance(screen, KpiScreen)
        await screen.query_one(ChartPane).remove()
        screen.call_after_refresh(screen._begin_work)
        await pilot.pause(0.3)
    assert "opportunities" not in explained

"""`kpitui explain`, `pace`, `links` and `compare`, on the demo and on three years of A&E attendances."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kpitui.cli import run

from .test_ae_attendances import DATA, write_workspace

DEMO = Path(__file__).parents[1] / "data" / "demo"
Say = pytest.CaptureFixture[str]
real = pytest.mark.skipif(not DATA.is_file(), reason=f"there is no {DATA}")


@pytest.fixture(scope="module")
def ae(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workspace(tmp_path_factory.mktemp("ae"))


def asked(capsys: Say, root: Path, *arguments: str) -> dict[str, Any]:
    assert run([*arguments, "--format", "json", "-w", str(root)]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    return found


def told(capsys: Say, root: Path, *arguments: str) -> str:
    assert run([*arguments, "-w", str(root)]) == 0
    return capsys.readouterr().out


# A&E; the figures of shared/design/ANALYSIS.md and issue 5


@real
def test_seen_within_four_hours_by_type(ae: Path, capsys: Say) -> None:
    found = asked(capsys, ae, "explain", "within_four_hours", "--from", "FY2017", "--to", "FY2019", "--by", "type")
    assert found["how"] == "rate_and_mix"
    assert found["change"] == pytest.approx(-0.011133099, abs=5e-10)
    assert sum(part["rate"] for part in found["segments"]) == pytest.approx(-0.01477056, abs=5e-9)
    assert sum(part["mix"] for part in found["segments"]) == pytest.approx(0.00363747, abs=5e-9)
    assert [part["name"] for part in found["segments"]] == ["1", "other", "2"]


@real
def test_by_trust_the_largest_stand_alone_and_all_parts_sum(ae: Path, capsys: Say) -> None:
    found = asked(capsys, ae, "explain", "within_four_hours", "--from", "FY2017", "--to", "FY2019")
    assert found["by"] == "org_code"
    others = found["segments"][-1]
    assert (len(found["segments"]), others["name"], others["before"]) == (13, "all others", None)
    assert sum(part["contribution"] for part in found["segments"]) == pytest.approx(-0.011133099, abs=5e-10)
    assert sum(part["share_after"] for part in found["segments"]) == pytest.approx(1)


@real
def test_attendances_after_nine_months(ae: Path, capsys: Say) -> None:
    found = asked(capsys, ae, "pace", "attendances", "--as-of", "2018-12-31")
    month, quarter, year = found["outlooks"]
    assert month["why_not"] == "there is one value for the month"
    assert quarter["words"] == "cannot be said yet"
    assert (year["to_date"], year["done"], year["of"], year["parts"]) == (18_591_071, 9, 12, "month")
    assert year["linear"]["end"] == pytest.approx(24_788_094.67, abs=0.005)
    interval = year["linear"]["interval"]
    assert (interval["low"], interval["high"]) == pytest.approx((24_463_175, 25_113_014), abs=0.5)
    assert interval["basis"] == "rest_like_the_first"
    # 2017/18 and 2016/17: nine months × 12/9 were so much too high.
    assert year["linear"]["errors"] == {
        "years": 2,
        "low": pytest.approx(0.004904, abs=5e-7),
        "high": pytest.approx(0.011063, abs=5e-7),
    }
    assert (year["earlier_years"], year["seasonal"]["interval"]) == (2, None)


@real
def test_attendances_with_a_target_and_no_earlier_year(ae: Path, tmp_path: Path, capsys: Say) -> None:
    # The file from April 2018 on.
    root = write_workspace(tmp_path)
    header, *rows = DATA.read_text(encoding="utf-8").splitlines()
    kept = [header, *(row for row in rows if row[:7] >= "2018-04")]
    (root / "measurements" / DATA.name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    settings = root / "kpitui.toml"
    aim = 'target = [{ from = 2018-04-01, until = 2019-03-31, value = 25000000, per = "year" }]\n'
    text = settings.read_text(encoding="utf-8").replace('name = "Attendances"\n', 'name = "Attendances"\n' + aim)
    settings.write_text(text, encoding="utf-8")
    year = asked(capsys, root, "pace", "attendances", "--as-of", "2018-12-31")["outlooks"][-1]
    assert year["required"] == pytest.approx(2_136_309.67, abs=0.005)
    assert year["linear"]["multiple"] == pytest.approx(1.03419, abs=5e-6)
    interval = year["linear"]["interval"]
    assert (interval["low"], interval["high"]) == pytest.approx((24_463_175, 25_113_014), abs=0.5)
    assert (interval["basis"], year["words"]) == ("rest_like_the_first", "needs 1.03× the present pace")


@real
def test_large_counts_are_always_significant(ae: Path, capsys: Say) -> None:
    found = asked(capsys, ae, "compare", "within_four_hours", "--a", "2016-06", "--b", "2016-07")
    assert found["p"] < 1e-6
    assert found["sigma_z"] == pytest.approx(42.116567, abs=5e-7)
    assert found["large_counts_and_noise"] is found["usual"]
    of_types = asked(capsys, ae, "compare", "within_four_hours", "--a", "type=1", "--b", "type=2")
    assert of_types["a"]["segment"] == "1"
    assert (of_types["a"]["part"], of_types["a"]["whole"]) == (1_091_394, 1_373_060)  # March 2019, added up apart
    assert of_types["large_counts_and_noise"] is False


@real
def test_where_a_tenth_of_a_point_is_significant_it_is_said_that_almost_every_difference_is(
    ae: Path, capsys: Say
) -> None:
    two_years = ("compare", "within_four_hours", "--a", "2019-03", "--b", "2018-03")
    found = asked(capsys, ae, *two_years)
    # Of 2,167,550 and 2,049,785 cases 85.64 %: 1.96 · √(0.8564 · 0.1436 · (1/2,167,550 + 1/2,049,785)) = 0.07 points.
    assert found["large_counts"] is True
    said = "with counts this large a tenth of a point is significant, and so is almost every difference"
    assert said in told(capsys, ae, *two_years)
    demo = asked(capsys, DEMO, "compare", "sql_rate", "--a", "2026-10", "--b", "2025-10")
    assert demo["large_counts"] is False  # 800 and 854 cases: 4 points


# The demo


def test_revenue_fell_for_its_inputs_and_theirs(capsys: Say) -> None:
    found = asked(capsys, DEMO, "explain", "influenced_revenue", "--from", "2025-10", "--to", "2026-10")
    assert found["how"] == "drivers"
    parts = {part["id"]: part for part in found["drivers"]}
    assert set(parts) == {"opportunities", "win_rate", "deal_size"}
    assert sum(part["contribution"] for part in found["drivers"]) == pytest.approx(found["change"], rel=1e-12)
    below = parts["opportunities"]["drivers"]
    assert {part["id"] for part in below} == {"mqls", "sql_rate", "opportunity_rate"}
    assert sum(part["contribution"] for part in below) == pytest.approx(parts["opportunities"]["contribution"])


def test_the_table_says_that_it_is_arithmetic(capsys: Say) -> None:
    said = told(capsys, DEMO, "explain", "influenced_revenue", "--from", "2025-10", "--to", "2026-10")
    assert "  SQL conversion rate" in said
    assert "a part of a whole: explain it by segment" in said
    assert said.endswith("change −€385k\narithmetic, not cause\n")
    by_region = told(capsys, DEMO, "explain", "sql_rate", "--from", "2025-10", "--to", "2026-10")
    assert by_region.splitlines()[1].split()[:3] == ["EMEA", "24.7%", "17.1%"]


def test_parts_add_up_as_they_are_written(capsys: Say) -> None:
    """To the euro €150 → €150 is nothing, and so are its parts together; the tree writes the same."""
    said = told(capsys, DEMO, "explain", "cost_per_lead", "--from", "2025-10", "--to", "2026-10")
    rows = [line.split() for line in said.splitlines()]
    assert [row[-1] for row in rows[1:3]] == ["+€5", "−€5"]
    assert "Cost per lead: €150 in 2025-10, €150 in 2026-10, change €0" in said


def test_the_story_is_walked_back_from_revenue_to_response_time(capsys: Say) -> None:
    found = asked(capsys, DEMO, "links", "influenced_revenue")
    back = [(step["kpi"], step["leads"], step["depth"]) for step in found["back"] if step["since"]]
    assert back == [
        ("influenced_revenue", None, 0),
        ("opportunities", "influenced_revenue", 1),
        ("sql_rate", "opportunities", 2),
        ("lead_response", "sql_rate", 3),
    ]
    weeks = {step["kpi"]: step["weeks_earlier"] for step in found["back"]}
    assert weeks["lead_response"] == 3  # from W09 to W12
    told = {step["kpi"]: (step["signalled"], step["signalled_weeks_earlier"]) for step in found["back"]}
    # Above its limit of 8.76 hours for the first time in W13; the rate a second time near its own in W16.
    assert told["lead_response"] == ("2026-W13", 3)
    # Seven months below the mean are told with October, 195 days after the end of W16.
    assert told["sql_rate"] == ("2026-W16", pytest.approx(195 / 7))
    assert told["influenced_revenue"] == ("2026-10", None)
    response = next(
        link for link in asked(capsys, DEMO, "links", "sql_rate")["links"] if link["leading"] == "lead_response"
    )
    assert (response["lag"], response["lag_grain"], response["lags_tried"]) == (3, "week", 1)
    assert response["high"] < 0


def test_words_of_the_tables(capsys: Say) -> None:
    assert "seasonal  needs 2.1× the present pace" in told(capsys, DEMO, "pace", "influenced_revenue")
    assert "each at the stated lag alone" in told(capsys, DEMO, "links")
    assert "has no signal: nothing to walk back from" in told(capsys, DEMO, "links", "mqls")
    compared = told(capsys, DEMO, "compare", "sql_rate", "--a", "2026-10", "--b", "2025-10")
    assert "p = 0.1937 (pooled z): for a comparison that was planned" in compared
    markdown = told(capsys, DEMO, "explain", "mqls", "--by", "region", "--format", "markdown")
    assert markdown.startswith("| region | ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["explain", "nothing"], "there is no KPI 'nothing'"),
        (["explain", "mqls", "--by", "owner"], "cannot be broken down by 'owner'"),
        (["explain", "mqls", "--from", "2026-10", "--to", "2026"], "2026-10 is a month, 2026 is a year"),
        (["compare", "cost_per_lead", "--a", "2026-10", "--b", "2026-09"], "is no part of a whole of counts"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(capsys: Say, arguments: list[str], sentence: str) -> None:
    assert run([*arguments, "-w", str(DEMO)]) == 2
    assert sentence in capsys.readouterr().err

"""What a review saw against what the data now give, in review files written by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kpitui.cli import run
from kpitui.report.figures_json import scorecard_json
from kpitui.workspace.answers import Row
from kpitui.workspace.numbers import Style
from kpitui.workspace.opening import Workspace
from kpitui.workspace.wording import restated_sentence

Open = Callable[..., Workspace]

SETTINGS = """\
[workspace]
name = "Acme"

[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"

[kpi.rate]
name = "SQL rate"
source = "crm"
column = "rate"
aggregate = "last"
unit = "percent"

[kpi.score]
name = "Score"
source = "manual"
frequency = "quarterly"
"""
CRM = {"crm.csv": "month,rate\n2026-08,0.21\n2026-09,0.23\n2026-10,0.24\n"}
SCORES = {"measurements/manual/score.csv": "period,value,by,at\n2026-Q3,7,a,2026-10-02T09:00:00+02:00\n"}


def review(
    figures: str, period: str = "2026-10", cadence: str = "monthly", started: str = "2026-11-04T09:00:00+01:00"
) -> dict[str, str]:
    return {
        f"reviews/{period}-{cadence}.toml": f"""\
schema = 1

[review]
id = "{period}-{cadence}"
cadence = "{cadence}"
period = "{period}"
state = "signed-off"
started = {started}

[figures]
{figures}
"""
    }


def saw(actual: float | str, kpi: str = "rate", fingerprint: str = "") -> str:
    return f'{kpi} = [{actual}, 0.25, "behind", "", "{fingerprint}"]'


def row(workspace: Workspace, period: str = "2026-10", kpi: str = "rate") -> Row:
    return workspace.row(workspace.kpi(kpi), workspace.period(period))


def told(found: Row) -> str:
    return restated_sentence(found, Style.of(found.kpi, "en_GB"))


def restated(found: Row) -> tuple[float, str] | None:
    return found.restated and tuple(found.restated)


def test_without_a_review_nothing_is_restated(opened: Open) -> None:
    found = row(opened(SETTINGS, CRM))
    assert (found.restated, found.redefined, told(found)) == (None, None, "")


def test_another_value_than_the_review_saw_is_restated(opened: Open) -> None:
    found = row(opened(SETTINGS, CRM | review(saw(0.22))))
    assert restated(found) == (0.22, "2026-10-monthly")
    assert told(found) == "restated: 22.0% when reviewed in 2026-10-monthly, 24.0% now"


def test_the_same_value_is_not_whatever_the_order_it_was_summed_in(opened: Open) -> None:
    assert row(opened(SETTINGS, CRM | review(saw(0.24)))).restated is None
    assert row(opened(SETTINGS, CRM | review(saw(0.24 * (1 + 5e-10))))).restated is None


def test_a_difference_that_rounding_hides_is_shown_with_more_decimals(opened: Open) -> None:
    found = row(opened(SETTINGS, CRM | review(saw(0.23999))))
    assert told(found) == "restated: 23.999% when reviewed in 2026-10-monthly, 24.000% now"


def test_only_the_period_that_the_review_looked_at(opened: Open) -> None:
    workspace = opened(SETTINGS, CRM | review(saw(0.22), period="2026-09", started="2026-10-05T09:00:00+02:00"))
    assert row(workspace, "2026-10").restated is None
    assert restated(row(workspace, "2026-09")) == (0.22, "2026-09-monthly")


def test_of_several_reviews_the_newest_counts(opened: Open) -> None:
    older = review(saw(0.21), cadence="monthly", started="2026-11-02T09:00:00+01:00")
    newer = review(saw(0.22), cadence="quarterly", started="2026-11-03T09:00:00+01:00")
    assert restated(row(opened(SETTINGS, CRM | newer | older))) == (0.22, "2026-10-quarterly")


def test_a_value_that_is_gone_is_restated_and_one_that_came_late_is_not(opened: Open) -> None:
    gone = {"crm.csv": "month,rate\n2026-09,0.23\n2026-10,\n"}
    found = row(opened(SETTINGS, gone | review(saw(0.22))))
    assert told(found) == "restated: 22.0% when reviewed in 2026-10-monthly, no value now"
    assert row(opened(SETTINGS, CRM | review(saw('""')))).restated is None


def test_what_was_seen_before_the_period_was_over_is_not_restated_by_its_end(opened: Open) -> None:
    files = CRM | review(saw(0.20), started="2026-10-20T09:00:00+02:00")
    assert row(opened(SETTINGS, files)).restated is None
    files = CRM | review(saw(0.20), started="2026-10-31T09:00:00+01:00")
    assert restated(row(opened(SETTINGS, files))) == (0.20, "2026-10-monthly")


def test_a_period_that_the_as_of_date_cuts_short_is_not_restated(opened: Open) -> None:
    workspace = opened(SETTINGS, CRM | review(saw(0.22)), as_of="2026-10-20")
    assert row(workspace, "2026-10").restated is None


def test_a_file_that_cannot_be_read_restates_nothing(opened: Open) -> None:
    found = row(opened(SETTINGS, {"crm.csv": "<html>"} | review(saw(0.22))))
    assert (found.restated, bool(found.spoiled)) == (None, True)


def test_of_a_coarser_kpi_the_room_saw_its_own_latest_period(opened: Open) -> None:
    workspace = opened(SETTINGS, CRM | SCORES | review(saw(6, "score")))
    found = row(workspace, "2026-10", "score")
    assert (found.point.period.id, found.coarser, restated(found)) == ("2026-Q3", True, (6.0, "2026-10-monthly"))
    assert restated(row(workspace, "2026-Q3", "score")) == (6.0, "2026-10-monthly")


def test_a_changed_definition_is_named(opened: Open) -> None:
    workspace = opened(SETTINGS, CRM | review(saw(0.22, fingerprint="0000")))
    found = row(workspace)
    assert found.redefined == "2026-10-monthly"
    assert told(found) == ("restated: 22.0% when reviewed in 2026-10-monthly, 24.0% now; definition changed since then")
    own = workspace.kpi("rate").fingerprint
    found = row(opened(SETTINGS, CRM | review(saw(0.22, fingerprint=own))))
    assert (found.redefined, bool(found.restated)) == (None, True)
    found = row(opened(SETTINGS, CRM | review(saw(0.24, fingerprint="0000"))))
    assert told(found) == "definition changed since 2026-10-monthly"


def test_json_has_value_and_review(opened: Open, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = opened(SETTINGS, CRM | review(saw(0.22)))
    rate, score = scorecard_json(workspace.scorecard())["kpis"]
    assert rate["restated"] == {"value": 0.22, "review": "2026-10-monthly"}
    assert (score["restated"], score["redefined_since"], score["manual"]) == (None, None, True)
    assert run(["scorecard", str(tmp_path), "--period", "2026-10", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["kpis"][0]["restated"] == rate["restated"]

"""Another target: what it does to figures, to the chart, to the record, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kpitui.analysis.targets import Goal
from kpitui.periods import Grain
from kpitui.problems import KpituiError
from kpitui.workspace import journal as journal_module
from kpitui.workspace import sessions
from kpitui.workspace.charts.happenings import happenings
from kpitui.workspace.charts.panels import kpi_panel
from kpitui.workspace.checking import check
from kpitui.workspace.deciding import revise_target, target_fields, target_now, verdicts_by_review
from kpitui.workspace.effects import action_effect
from kpitui.workspace.opening import Workspace

Open = Callable[..., Workspace]

SETTINGS = """\
[workspace]
as_of = 2026-11-04

[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"

[kpi.rate]
name = "Rate"
source = "crm"
column = "rate"
aggregate = "last"
unit = "percent"
target = [{ from = 2026-01-01, value = 0.3 }]

[kpi.calls]
name = "Calls"
source = "crm"
column = "calls"
aggregate = "sum"
target = [{ from = 2026-01-01, value = 10 }]

[kpi.load]
name = "Load"
source = "crm"
column = "calls"
aggregate = "last"
direction = "range"
"""
CRM = "month,rate,calls\n2026-08,0.30,10\n2026-09,0.30,10\n2026-10,0.24,11\n"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "_now", lambda: datetime(2026, 11, 4, 9, 0, tzinfo=UTC))


@pytest.fixture
def acme(opened: Open) -> Workspace:
    return opened(SETTINGS, {"crm.csv": CRM})


def revise(workspace: Workspace, kpi_id: str, **texts: str) -> str:
    row = workspace.row(workspace.kpi(kpi_id), workspace.period("2026-10"))
    texts = {("from" if key == "since" else key): text for key, text in texts.items()}
    return revise_target(workspace, row, texts, by="head").id


def test_a_form_has_what_holds_now_from_next_month_on(acme: Workspace) -> None:
    rate = {field.key: field.value for field in target_fields(acme, acme.kpi("rate"), acme.period("2026-10"))}
    assert rate == {
        "from": "2026-12-01",
        "until": "",
        "value": "30%",
        "path": "flat",
        "start": "",
        "reason": "",
        "approved_by": "",
    }
    calls = {field.key: field.value for field in target_fields(acme, acme.kpi("calls"), acme.period("2026-10"))}
    assert (calls["value"], calls["per"]) == ("10", "month")
    assert [field.key for field in target_fields(acme, acme.kpi("load"), acme.period("2026-10"))] == [
        *("from", "until", "low", "high", "reason", "approved_by"),
    ]


def test_the_form_says_what_holds_now_and_keeps_its_period_also_of_a_target_that_ends(opened: Open) -> None:
    calls = SETTINGS[SETTINGS.index("[kpi.calls]") :].partition("\n\n")[0]
    ends = re.sub(
        r"target = .*", "target = [{ from = 2026-01-01, until = 2026-11-30, value = 30, per = 'quarter' }]", calls
    )
    none = re.sub(r"target = .*\n?", "", calls)
    for written, value, per, now in (
        (ends, "30", "quarter", "now 30 a quarter · 10 for Oct 2026"),
        (none, "", "month", "no target holds now"),
    ):
        workspace = opened(SETTINGS.replace(calls, written), {"crm.csv": CRM})
        kpi, shown = workspace.kpi("calls"), workspace.period("2026-10")
        form = {field.key: field.value for field in target_fields(workspace, kpi, shown)}
        assert (form["value"], form["per"]) == (value, per)
        assert target_now(workspace, workspace.row(kpi, shown)) == now


def test_a_revision_holds_from_its_day_and_the_old_line_stays(acme: Workspace, tmp_path: Path) -> None:
    kpi = acme.kpi("rate")
    made = revise(acme, "rate", since="2026-10-01", value="25%", reason="EMEA left", approved_by="head")

    goals = acme.figures.goals(kpi, Grain.MONTH, range(2026 * 12 + 8 - 1, 2026 * 12 + 11 - 1))
    assert goals == [Goal(0.3), Goal(0.3), Goal(0.25)]
    point = acme.row(kpi, acme.period("2026-10")).point
    assert (point.status, round(point.gap or 0, 3)) == ("on_track", -0.04)
    panel = kpi_panel(acme.figures, kpi, Grain.MONTH, range(2026 * 12 + 8 - 1, 2026 * 12 + 11 - 1))
    assert [level.values for level in panel.levels if level.kind == "target"] == [(0.3, 0.3, 0.25)]
    [happening] = happenings(acme, kpi, date(2026, 1, 2), date(2026, 11, 4))
    assert (happening.day, happening.text) == (date(2026, 10, 1), "target 30.0% → 25.0% (EMEA left)")

    [entry] = acme.journal.entries("rate")
    assert (entry.id, entry.kind, entry.text) == (made, "target", "EMEA left")
    assert entry.remark == "25.0% from 1 Oct · approved by head"
    text = (tmp_path / "reviews/2026-11-monthly.toml").read_text()
    assert f'# Rate · 24.0% of 30.0% · behind\n[target.{made}]\nkpi = "rate"\nperiod = "2026-10"\n' in text
    assert 'from = 2026-10-01\nvalue = 0.25\nreason = "EMEA left"\napproved_by = "head"\n' in text


def test_verdicts_and_targets_have_forms(acme: Workspace) -> None:
    target = revise(acme, "rate", since="2026-10-01", value="25%", reason="EMEA left")
    [verdict] = verdicts_by_review(acme, [acme.kpi("rate")], "act", by="head")
    assert [field.key for field in acme.journal.fields(target)] == ["reason", "approved_by"]
    assert [field.key for field in acme.journal.fields(verdict.id)] == ["is", "owner", "due"]
    acme.journal.change(target, {"reason": "EMEA was sold", "approved_by": "head"})
    acme.journal.change(verdict.id, {"is": "noise", "owner": "ops", "due": "fri"})
    remarks = {entry.kind: (entry.text, entry.remark) for entry in acme.journal.entries("rate")}
    assert remarks == {
        "target": ("EMEA was sold", "25.0% from 1 Oct · approved by head"),
        "verdict": ("noise", "ops · due 6 Nov"),
    }
    with pytest.raises(KpituiError, match="not 'great'"):
        acme.journal.change(verdict.id, {"is": "great"})


def test_an_amount_says_for_which_period_it_is(acme: Workspace) -> None:
    revise(acme, "calls", since="2026-10-01", value="36", per="quarter", reason="three a week")
    assert acme.journal.entries("calls")[0].remark == "36 a quarter from 1 Oct"
    assert acme.figures.goal(acme.kpi("calls"), acme.period("2026-10")) == Goal(12.0)


def test_a_range_and_a_linear_path(acme: Workspace) -> None:
    revise(acme, "load", since="2026-10-01", low="8", high="12", reason="agreed")
    assert acme.row(acme.kpi("load"), acme.period("2026-10")).point.goal == Goal(None, 8.0, 12.0)
    texts = {"until": "2026-12-31", "path": "linear", "start": "20%"}
    revise(acme, "rate", since="2026-10-01", value="30%", reason="step by step", **texts)
    goal = acme.figures.goal(acme.kpi("rate"), acme.period("2026-10"))
    assert goal is not None
    assert goal.value == pytest.approx(0.2 + 0.1 * 30 / 91)  # after 30 of 91 days


@pytest.mark.parametrize(
    ("kpi", "texts", "sentence"),
    [
        ("rate", {"value": "25%", "reason": "x"}, "needs the day from which it holds"),
        ("rate", {"since": "2026-10-01", "value": "25%"}, "needs a reason: without one"),
        ("rate", {"since": "2026-10-01", "reason": "x"}, "the target of Rate needs a value"),
        ("rate", {"since": "someday", "value": "25%", "reason": "x"}, "'someday' is no day"),
        ("rate", {"since": "2026-10-01", "value": "-", "reason": "x"}, "'-' is no target"),
        ("rate", {"since": "2026-10-01", "value": "25", "reason": "x"}, "may be 25% or 2500%"),
        (
            "rate",
            {"since": "2026-10-01", "until": "2026-09-01", "value": "25%", "reason": "x"},
            "ends before it begins",
        ),
        ("rate", {"since": "2026-10-01", "value": "25%", "path": "linear", "reason": "x"}, "a linear path needs start"),
        ("rate", {"since": "2026-10-01", "value": "25%", "start": "20%", "reason": "x"}, "start is for a linear path"),
        ("calls", {"since": "2026-10-01", "value": "9", "path": "seasonal", "reason": "x"}, "per is year"),
        ("calls", {"since": "2026-10-01", "value": "9", "per": "decade", "reason": "x"}, "per is one of day, week"),
        ("load", {"since": "2026-10-01", "value": "9", "reason": "x"}, "needs low and high"),
        ("load", {"since": "2026-10-01", "low": "9", "high": "8", "reason": "x"}, "low is above high"),
    ],
)
def test_what_is_no_target_is_refused_and_not_written(
    acme: Workspace, tmp_path: Path, kpi: str, texts: dict[str, str], sentence: str
) -> None:
    with pytest.raises(KpituiError, match=sentence):
        revise(acme, kpi, **texts)
    assert not (tmp_path / "reviews").exists()


def test_two_revisions_in_a_quarter_are_advised_against(acme: Workspace, tmp_path: Path) -> None:
    held = sessions.start(acme, "monthly")
    for value in ("25%", "20%"):
        made = revise(acme, "rate", since="2026-12-01", value=value, reason="x")
    [look] = [look for look in held.again().targets if look.unsteady]
    assert (look.kpi.id, len(look.changes)) == ("rate", 2)
    said = [each.problem for each in check(tmp_path).advice if each.rule == "target_unsteady"]
    assert [(each.key, each.file, each.message) for each in said] == [
        (f"target.{made}", "reviews/2026-10-monthly.toml", "the target of Rate was changed 2 times in a quarter")
    ]


def test_verdicts_go_to_the_reviews_that_their_kpis_belong_to(opened: Open) -> None:
    settings = SETTINGS.replace('unit = "percent"', 'unit = "percent"\nreview = "weekly"')
    workspace = opened(settings + "[review.weekly]\n[review.monthly]\n", {"crm.csv": CRM})
    sessions.start(workspace, "weekly")
    sessions.start(workspace, "monthly")
    kpis = [workspace.kpi(kpi_id) for kpi_id in ("rate", "calls", "load")]
    saved = verdicts_by_review(workspace, kpis, "noise", by="head")
    assert [(each.path, each.record.kpi) for each in saved] == [
        ("reviews/2026-W44-weekly.toml", "rate"),
        ("reviews/2026-10-monthly.toml", "calls"),
        ("reviews/2026-10-monthly.toml", "load"),
    ]


def test_an_action_with_an_expected_effect_is_marked_and_followed(opened: Open) -> None:
    months = [f"{2025 + number // 12}-{number % 12 + 1:02}" for number in range(22)]
    rates = [("0.30", "0.31")[number % 2] for number in range(20)] + ["0.20", "0.21"]
    rows = "".join(f"{month},{rate},1\n" for month, rate in zip(months, rates, strict=True))
    workspace = opened(SETTINGS, {"crm.csv": "month,rate,calls\n" + rows})
    kpi = workspace.kpi("rate")
    row = workspace.row(kpi, workspace.period("2026-10"))
    at = datetime(2026, 8, 20, 9, 0, tzinfo=UTC)
    workspace.record("action", row, "new routing", by="head", values={"effect": "30% again", "at": at})
    workspace.record("action", row, "no effect expected", by="head")
    workspace.records_changed()

    routing, other = workspace.journal.state.actions
    found = action_effect(workspace, routing)
    assert found is not None
    assert (found.day, found.done, found.effect.outcome) == (date(2026, 8, 20), False, "signal")
    assert found.effect.since == workspace.period("2026-09")
    assert action_effect(workspace, other) is None
    marked = [one for one in happenings(workspace, kpi, date(2026, 2, 1), date(2026, 11, 4)) if one.kind == "action"]
    assert [(one.day, one.text) for one in marked] == [(date(2026, 8, 20), "agreed: new routing (30% again)")]

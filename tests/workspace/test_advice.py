"""Advice from figures and records: `kpitui check` and the glossary say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpitui.workspace.advice import all_advice
from kpitui.workspace.checking import check
from kpitui.workspace.opening import Workspace

from .conftest import Open

SETTINGS = """\
[workspace]
name = "Acme"
as_of = 2026-11-04
[objective.growth]
[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"
[kpi.calls]
name = "Calls"
source = "crm"
column = "calls"
aggregate = "sum"
owner = "ann"
objective = "growth"
"""
MONTHS = [f"2025-{month:02}" for month in range(9, 13)] + [f"2026-{month:02}" for month in range(1, 11)]


def with_calls(opened: Open, figures: list[float | None], target: str, more: str = "") -> Workspace:
    """The last of the figures is October's; `target` is the definition's line without its day."""
    rows = zip(MONTHS[-len(figures) :], figures, strict=True)
    csv = "month,calls\n" + "".join(f"{month},{'' if figure is None else figure}\n" for month, figure in rows)
    return opened(f"{SETTINGS}{more}target = {{ from = 2025-01-01, {target} }}\n", {"crm.csv": csv})


def said(workspace: Workspace) -> list[tuple[str, str]]:
    return [(each.rule, each.problem.message) for each in all_advice(workspace.journal, workspace.figures)]


def test_a_target_near_the_median_of_four_months_needs_no_advice(opened: Open) -> None:
    assert said(with_calls(opened, [90, 110, 80, 120], "value = 125")) == []


@pytest.mark.parametrize(
    ("target", "more", "expected"),
    [
        ("value = 150", "", ("target_far", "the target, 150, is 50% above the median of the last 4 months, 100")),
        ("value = 60", "", ("target_far", "the target, 60, is 40% below the median of the last 4 months, 100")),
        (
            "value = 1500",
            "",
            (
                "target_not_credible",
                "the target, 1,500, is 15 times the median of the last 4 months, 100: not credible",
            ),
        ),
        (
            "value = 5",
            'direction = "down"\n',
            (
                "target_not_credible",
                "the target, 5, is 1/20 of the median of the last 4 months, 100: not credible",
            ),
        ),
        (
            "low = 140, high = 160",
            'direction = "range"\n',
            ("target_far", "the target, 140, is 40% above the median of the last 4 months, 100"),
        ),
    ],
)
def test_a_target_far_from_it_does(opened: Open, target: str, more: str, expected: tuple[str, str]) -> None:
    figures: list[float | None] = [100, 100, 101, 99, None, 90, 110, 80, 120]
    assert expected in said(with_calls(opened, figures, target, more))


def test_a_years_target_is_compared_month_by_month(opened: Open) -> None:
    assert said(with_calls(opened, [90, 110, 80, 120], 'value = 1200, per = "year"')) == []
    assert ("target_far", "the target, 200, is 100% above the median of the last 4 months, 100") in said(
        with_calls(opened, [90, 110, 80, 120], 'value = 2400, per = "year"')
    )


def test_where_bands_are_absolute_zero_is_no_beginning(opened: Open) -> None:
    bands = 'status = { ahead = 5, on_track = 5, at_risk = 10, bands = "absolute" }\n'
    assert said(with_calls(opened, [9, 11, 8, 12], "value = 40", bands)) == [("behind", "behind for 4 months in a row")]


def test_behind_for_four_months_is_time_to_act(opened: Open) -> None:
    assert said(with_calls(opened, [100, 80, 81, 79], "value = 100")) == []
    workspace = with_calls(opened, [100, 80, 81, 79, 82], "value = 100")
    assert said(workspace) == [("behind", "behind for 4 months in a row")]
    [found] = all_advice(workspace.journal, workspace.figures)
    assert str(found.problem) == (
        "kpitui.toml:9: kpi.calls.target: behind for 4 months in a row "
        "(no action is open: agree one, or another target with its reason)"
    )


def test_what_was_agreed_already_is_counted(opened: Open) -> None:
    workspace = with_calls(opened, [100, 80, 81, 79, 82], "value = 100")
    row = workspace.row(workspace.kpi("calls"), workspace.period("2026-10"))
    workspace.record("action", row, "Hire two callers")
    [found] = all_advice(workspace.journal, workspace.figures)
    assert found.problem.hint == (
        "1 action is open: if that is not enough, agree another one, or another target with its reason"
    )


def test_a_quarter_is_three_months(opened: Open) -> None:
    quarterly = 'grain = "quarter"\n'
    assert said(with_calls(opened, [80, 80, 79] * 3 + [82], 'value = 300, per = "quarter"', quarterly)) == [
        ("behind", "behind for 3 quarters in a row")
    ]
    assert said(with_calls(opened, [80, 80, 79, 82], 'value = 300, per = "quarter"', quarterly)) == []


def test_a_kpi_that_never_moves_is_a_candidate_for_replacement(opened: Open) -> None:
    assert said(with_calls(opened, [100] * 11, "value = 100")) == []
    assert said(with_calls(opened, [*[100] * 11, 101], "value = 100")) == []
    assert said(with_calls(opened, [100] * 12, "value = 100")) == [
        ("not_moving", "the same figure, 100, for 12 months: it never moves")
    ]


def test_a_month_without_a_figure_is_no_month_behind(opened: Open) -> None:
    assert said(with_calls(opened, [80, 81, 79, None, 82], "value = 100")) == []


def test_check_gives_the_same_advice_without_an_open_workspace(opened: Open, tmp_path: Path) -> None:
    workspace = with_calls(opened, [100, 80, 81, 79, 82], "value = 100")
    checked = check(tmp_path)
    assert checked.problems == []
    assert checked.advice == all_advice(workspace.journal, workspace.figures)

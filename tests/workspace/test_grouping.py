"""The order of the meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kpitui.periods import Grain
from kpitui.workspace.grouping import changed, counts, exceptions, grouped
from kpitui.workspace.opening import Workspace

Open = Callable[..., Workspace]

SOURCE = '[source.shop]\nfiles = "shop.csv"\ndate = "date"\nfrequency = "monthly"\n'


def kpi(kpi_id: str, target: float | None, **more: str) -> str:
    keys = "".join(f'{key} = "{value}"\n' for key, value in more.items())
    aim = f"target = [{{ from = 2026-01-01, value = {target} }}]\n" if target is not None else ""
    return f'[kpi.{kpi_id}]\nsource = "shop"\ncolumn = "sales"\naggregate = "sum"\n{keys}{aim}'


KPIS = (
    kpi("fine", 100)
    + kpi("untargeted", None)
    + kpi("untargeted_diagnostic", None, tier="diagnostic")
    + kpi("lagging", 200, tier="primary", kind="lagging", perspective="financial")
    + kpi("leading", 125, tier="primary", kind="leading", perspective="customer")
    + kpi("leading_worse", 150, tier="primary", kind="leading", perspective="customer")
    + kpi("diagnostic", 1000, tier="diagnostic", kind="leading")
    + kpi("supporting", 1000)
)


def workspace(opened: Open) -> Workspace:
    return opened(SOURCE + KPIS, {"shop.csv": "date,sales\n2026-10,100\n"})


def test_groups_by_decision_and_within_them_by_urgency(opened: Open) -> None:
    groups = grouped(workspace(opened).scorecard().rows, "decision")
    assert [(group.key, [row.kpi.id for row in group.rows], group.folds) for group in groups] == [
        (
            "change_the_process",
            # Primary before the others, leading before lagging, then the worst gap.
            ["leading_worse", "leading", "lagging", "supporting", "diagnostic"],
            False,
        ),
        ("no_judgement", ["untargeted"], False),
        ("fine", ["fine", "untargeted_diagnostic"], True),
    ]


def test_groups_by_perspective_in_its_usual_order(opened: Open) -> None:
    groups = grouped(workspace(opened).scorecard().rows, "perspective")
    assert [(group.key, group.title) for group in groups] == [
        ("financial", "FINANCIAL"),
        ("customer", "CUSTOMER"),
        ("", "WITHOUT A PERSPECTIVE"),
    ]
    assert not any(group.folds for group in groups)


def test_exceptions_are_all_rows_that_need_talk(opened: Open) -> None:
    found = [row.kpi.id for row in exceptions(workspace(opened).scorecard().rows)]
    assert found == ["leading_worse", "leading", "lagging", "supporting", "diagnostic", "untargeted"]


def test_counts(opened: Open) -> None:
    rows = workspace(opened).scorecard().rows
    assert counts(rows) == {"on_track": 1, "no_target": 2, "behind": 5}
    assert changed(rows) == 0


DAILY = '[source.shop]\nfiles = "shop.csv"\ndate = "date"\nfrequency = "daily"\n'


def test_a_period_that_is_not_over_is_not_called_usual_variation(opened: Open) -> None:
    days = "".join(f"2026-11-{day:02},2\n" for day in range(1, 11))
    # 20 in 10 of 30 days: 60 at its pace.
    both = opened(DAILY + kpi("sales", 100), {"shop.csv": "date,sales\n" + days}, as_of="2026-11-10")
    period = both.definitions.calendar.period(Grain.MONTH, date(2026, 11, 1))
    groups = grouped(both.scorecard(period).rows, "decision")
    assert [(group.title, [row.point.status_basis for row in group.rows]) for group in groups] == [
        ("OFF TARGET SO FAR — the period is not over", ["pace"])
    ]

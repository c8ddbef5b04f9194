"""The steps of a review with their minutes, which KPIs it looks at, and the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kpitui.definitions.model import Cadence, Definitions, Kpi, Person, Selection
from kpitui.periods import Calendar, Grain, Period
from kpitui.problems import KpituiError
from kpitui.review.agenda import agenda, cadence_of, members, share
from kpitui.review.clock import clock

CALENDAR = Calendar()
WEEKLY, MONTHLY = Cadence("weekly", Grain.WEEK), Cadence("monthly", Grain.MONTH)


def period(text: str, calendar: Calendar = CALENDAR) -> Period:
    found = calendar.parse(text)
    assert found is not None
    return found


def minutes(cadence: Cadence, text: str, calendar: Calendar = CALENDAR) -> dict[str, int]:
    return {planned.step: planned.minutes for planned in agenda(cadence, period(text, calendar), calendar)}


# The figures are those of the table in shared/design/REVIEW.md.


def test_a_weekly_review_takes_21_minutes() -> None:
    assert minutes(WEEKLY, "2026-W44") == {"picture": 1, "actions": 3, "exceptions": 15, "sweep": 1, "close": 1}


def test_a_monthly_review_takes_62_minutes() -> None:
    assert minutes(MONTHLY, "2026-10") == {"picture": 2, "actions": 5, "exceptions": 45, "sweep": 5, "close": 5}


def test_targets_are_looked_at_once_a_quarter() -> None:
    assert minutes(MONTHLY, "2026-09")["targets"] == 10
    assert list(minutes(MONTHLY, "2026-09")) == ["picture", "actions", "exceptions", "sweep", "targets", "close"]
    assert minutes(Cadence("quarterly", Grain.QUARTER), "2026-Q3")["targets"] == 10


def test_quarters_are_those_of_the_fiscal_year() -> None:
    fiscal = Calendar(fiscal_year_start=2)
    assert "targets" in minutes(MONTHLY, "2026-10", fiscal)
    assert "targets" not in minutes(MONTHLY, "2026-09", fiscal)


def test_the_team_may_set_minutes_or_leave_a_step_out() -> None:
    own = Cadence("weekly", Grain.WEEK, minutes={"exceptions": 30, "sweep": 0, "targets": 5})
    assert minutes(own, "2026-W44") == {"picture": 1, "actions": 3, "exceptions": 30, "targets": 5, "close": 1}


def test_items_share_the_minutes_of_their_step() -> None:
    assert [share(45, 10), share(45, 60), share(45, 0)] == [4, 1, 45]


# Which KPIs


def kpi(name: str, **keys: str) -> Kpi:
    return Kpi(id=name, name=name, file="kpitui.toml", line=1, **keys)  # type: ignore[arg-type]


DEFINITIONS = Definitions(
    name="Acme",
    people={"ops": Person("ops", "Marketing operations", "Operations")},
    kpis={
        each.id: each
        for each in (
            kpi("a", kind="leading", tier="primary", owner="ops"),
            kpi("b", kind="lagging", tier="primary", team="Sales", owner="ops"),
            kpi("c", kind="leading", tier="diagnostic"),
            kpi("d", review="weekly"),
        )
    },
)


@pytest.mark.parametrize(
    ("keys", "looked_at"),
    [
        ((), "abcd"),
        ((("kind", ("leading",)),), "acd"),
        ((("kind", ("leading",)), ("tier", ("primary", "supporting"))), "ad"),
        ((("ids", ("b", "c")),), "bcd"),
        ((("owner", ("Marketing operations",)),), "abd"),
        ((("owner", ("ops",)), ("team", ("Operations",))), "ad"),
    ],
)
def test_a_review_looks_at_what_is_selected_and_what_names_it(
    keys: tuple[tuple[str, tuple[str, ...]], ...], looked_at: str
) -> None:
    found = members(Cadence("weekly", Grain.WEEK, Selection(keys)), DEFINITIONS)
    assert "".join(each.id for each in found) == looked_at


def test_a_cadence_that_is_not_held_any_more_looks_at_everything() -> None:
    assert cadence_of(DEFINITIONS, "yearly") == Cadence("yearly", Grain.YEAR)
    with pytest.raises(KpituiError, match="no cadence 'hourly'; the words are daily, weekly"):
        cadence_of(DEFINITIONS, "hourly")


# The clock

NINE = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "spent", "over", "next_change"),
    [(0, 0, False, 60), (59, 0, False, 1), (60, 1, False, 60), (185, 3, True, 55), (-30, 0, False, 60)],
)
def test_the_clock_shows_whole_minutes_and_says_when_it_changes(
    seconds: int, spent: int, over: bool, next_change: int
) -> None:
    found = clock(NINE, NINE + timedelta(seconds=seconds), 3)
    assert (found.spent, found.over, found.next_change) == (spent, over, timedelta(seconds=next_change))

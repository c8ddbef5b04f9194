"""Where an amount is heading, and what it would take."""

from __future__ import annotations

import pytest

from kpitui.analysis.pace import Earlier, Pace, interval, pace
from kpitui.analysis.targets import Goal

# NHS England, A&E attendances from April to December 2018, from shared/data/ae_attendances.csv; their sum is 18,591,071
NINE_MONTHS = [1984369, 2164458, 2093942, 2179896, 1997854, 2005695, 2079492, 2037847, 2047518]
# 2016/17 and 2017/18: nine months, and twelve
TWO_YEARS = [Earlier(17_715_576, 23_362_301, 9, 12), Earlier(17_960_237, 23_830_120, 9, 12)]


def amount(parts: list[float], of: int, target: float | None = None, **more: object) -> Pace:
    goal = None if target is None else Goal(target)
    return pace(sum(parts), parts, of, goal, more.get("direction", "up"), more.get("earlier", []))  # type: ignore[arg-type]


def test_attendances_after_nine_of_twelve_months() -> None:
    # issue 5
    found = amount(NINE_MONTHS, 12, 25_000_000)
    assert found.linear
    assert found.linear.bounds
    assert found.to_date == 18_591_071
    assert found.linear.end == pytest.approx(24_788_094.67, abs=0.005)
    assert (found.linear.bounds.low, found.linear.bounds.high) == pytest.approx((24_463_175, 25_113_014), abs=0.5)
    assert found.required == pytest.approx(2_136_309.67, abs=0.005)
    assert found.linear.multiple == pytest.approx(1.03419, abs=5e-6)
    assert found.verdict == "off_pace"


def test_two_earlier_years_say_how_wrong_the_projections_were_beside_the_interval() -> None:
    found = amount(NINE_MONTHS, 12, 25_000_000, earlier=TWO_YEARS)
    assert found.linear
    assert found.linear.bounds
    assert found.seasonal
    # The same interval as without them: it holds the projection itself.
    assert (found.linear.bounds.low, found.linear.bounds.high) == pytest.approx((24_463_175, 25_113_014), abs=0.5)
    # shares reached: 0.758297396 and 0.753678060, mean 0.755987728 (by calculator)
    assert found.seasonal.end == pytest.approx(24_591_761.27, abs=0.01)
    assert found.seasonal.bounds is None
    # Nine months × 12/9 were 1.1063 % and 0.4904 % too high; each share ÷ the other − 1
    assert found.linear.errors == pytest.approx((0.011063, 0.004904), abs=5e-7)
    assert found.seasonal.errors == pytest.approx((0.006129, -0.006092), abs=5e-7)
    assert found.leading == found.seasonal
    assert found.years == 2


def test_one_earlier_year_gives_a_season_and_no_errors() -> None:
    found = amount(NINE_MONTHS, 12, earlier=TWO_YEARS[:1])
    assert found.seasonal
    assert (found.seasonal.errors, found.linear.errors) == ((), ())
    assert found.leading == found.linear
    assert found.verdict == "no_target"


def test_fewer_than_four_say_nothing() -> None:
    found = amount([10, 12, 11], 12, 100)
    assert (found.verdict, found.linear, found.leading, found.done) == ("cannot_be_said", None, None, 3)
    assert interval(33, [10, 12, 11], 9) is None


@pytest.mark.parametrize(
    ("target", "direction", "verdict"),
    [
        (120, "up", "on_pace"),
        (121, "up", "off_pace"),
        (40, "up", "reached"),
        (120, "down", "on_pace"),
        (119, "down", "off_pace"),
        (39, "down", "missed"),
    ],
)
def test_words_for_four_tens_of_twelve(target: float, direction: str, verdict: str) -> None:
    assert amount([10, 10, 10, 10], 12, target, direction=direction).verdict == verdict


def test_a_range_is_held_against_the_bound_that_it_is_nearer_to() -> None:
    def found(low: float | None, high: float | None) -> tuple[str, float | None]:
        said = pace(40, [10] * 4, 12, Goal(low=low, high=high), "range", [])
        return said.verdict, said.target

    assert found(100, 130) == ("on_pace", 130)
    assert found(130, 200) == ("off_pace", 130)
    assert found(50, 110) == ("off_pace", 110)
    assert found(None, 110) == ("off_pace", 110)
    assert found(130, None) == ("off_pace", 130)


def test_a_period_that_is_over_is_reached_or_missed() -> None:
    assert amount([10] * 12, 12, 120).verdict == "reached"
    assert amount([10] * 12, 12, 121).verdict == "missed"
    assert amount([10] * 12, 12, 120, direction="down").verdict == "reached"
    over = amount([10] * 12, 12, 121)
    assert over.required is None
    assert over.linear
    assert over.linear.multiple is None


def test_nothing_so_far_has_no_multiple() -> None:
    found = amount([0, 0, 0, 0], 12, 12)
    assert found.linear
    assert (found.verdict, found.linear.multiple, found.required) == ("off_pace", None, 1.5)


def test_years_without_an_amount_do_not_count() -> None:
    assert amount(NINE_MONTHS, 12, earlier=[Earlier(0, 0, 9, 12)]).seasonal is None

"""Before and after an action, by the chart."""

from __future__ import annotations

from datetime import date

from kpitui.analysis.signals import Signal, chart
from kpitui.periods import Calendar, Grain
from kpitui.review.effects import Effect, effect
from kpitui.terms import ChartRule

CALENDAR = Calendar()
MONTHS = tuple(CALENDAR.between(Grain.MONTH, date(2025, 1, 1), date(2026, 12, 31)))
STEADY = [10.0, 11.0] * 6


def found(values: list[float], day: date, *, phase_starts: tuple[int, ...] = (), baseline: int = 12) -> Effect:
    rule = ChartRule(baseline=baseline)
    drawn = chart(values, rule, phase_starts=phase_starts)
    return effect(drawn, MONTHS[: len(values)], day)


def test_usual_variation_before_and_after_is_no_change_once_there_were_seven_periods() -> None:
    day = date(2025, 12, 15)
    assert found([*STEADY, 10.0, 11.0, 10.0], day) == Effect("too_early", 3)
    assert found([*STEADY, *STEADY[:7]], day) == Effect("no_change", 7)


def test_a_point_beyond_the_limits_is_a_change() -> None:
    # Limits of the first twelve points: 10.5 ± 2.66 × 1.
    assert found([*STEADY, 10.0, 14.0], date(2025, 12, 15)) == Effect(
        "signal", 2, MONTHS[13], Signal("outside_limits", "above")
    )


def test_what_went_on_before_is_no_change() -> None:
    falling = [*STEADY, 5.0, 5.0, 5.0, 5.0]
    assert found(falling, date(2026, 2, 10)).outcome == "too_early"


def test_what_was_marked_and_is_not_any_more_is_usual_again() -> None:
    assert found([*STEADY, 5.0, 5.0, 10.0, 11.0], date(2026, 2, 10)) == Effect("usual_again", 2, MONTHS[14])


def test_new_limits_are_a_change_with_both_means() -> None:
    values = [*STEADY, *([20.0, 22.0] * 3)]
    assert found(values, date(2025, 12, 15), phase_starts=(12,)) == Effect(
        "new_limits", 6, MONTHS[12], None, 10.5, 21.0
    )


def test_before_the_first_period_or_after_the_last_nothing_can_be_said() -> None:
    assert found(STEADY, date(2024, 12, 1)) == Effect("no_chart", 12)
    assert found(STEADY, date(2025, 12, 31)) == Effect("too_early", 0)
    assert effect(chart([], ChartRule()), (), date(2026, 1, 1)) == Effect("no_chart", 0)

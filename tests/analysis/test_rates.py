"""Two rates: test, interval, and where the exact test takes over."""

from __future__ import annotations

import pytest

from kpitui.analysis.rates import Rate, newcombe, two_rates, wilson


def test_newcombes_own_example() -> None:
    # Newcombe (1998), table II, row 56/70 − 48/80, method 10; z and p in shared/design/ANALYSIS.md
    found = two_rates(Rate(56, 70), Rate(48, 80))
    assert found.difference == pytest.approx(0.2)
    assert found.z == pytest.approx(2.650172, abs=5e-7)
    assert found.p == pytest.approx(0.008045, abs=5e-7)
    assert (found.low, found.high) == pytest.approx((0.0524315, 0.3338727), abs=5e-8)
    assert found.test == "pooled z"


def test_a_campaign_of_two_thousand_each() -> None:
    # issue 5
    found = two_rates(Rate(250, 2000), Rate(200, 2000))
    assert found.z == pytest.approx(2.501955, abs=5e-7)
    assert found.p == pytest.approx(0.012351, abs=5e-7)
    assert (found.low, found.high) == pytest.approx((0.0054103, 0.0446236), abs=5e-8)


def test_wilsons_interval() -> None:
    # Newcombe, Two-sided confidence intervals for the single proportion (1998), table I: 81/263, 15/148, 0/20
    assert wilson(Rate(81, 263)) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(Rate(15, 148)) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(Rate(0, 20)) == pytest.approx((0, 0.1611), abs=5e-5)
    assert wilson(Rate(29, 29)) == pytest.approx((0.8830, 1), abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "bounds"),
    # Newcombe (1998), table II, method 10
    [
        (Rate(9, 10), Rate(3, 10), (0.1705, 0.8090)),
        (Rate(6, 7), Rate(2, 7), (0.0582, 0.8062)),
        (Rate(5, 56), Rate(0, 29), (-0.0381, 0.1926)),
        (Rate(0, 10), Rate(0, 20), (-0.1611, 0.2775)),
        (Rate(10, 10), Rate(0, 20), (0.6791, 1)),
    ],
)
def test_newcombes_interval(first: Rate, second: Rate, bounds: tuple[float, float]) -> None:
    assert newcombe(first, second) == pytest.approx(bounds, abs=5e-5)


def test_few_are_tested_exactly() -> None:
    # Fisher's tea, The Design of Experiments (1935): 3 of 4 and 1 of 4; both sides: (16 + 16 + 1 + 1) / 70
    tea = two_rates(Rate(3, 4), Rate(1, 4))
    assert tea.test == "Fisher's exact"
    assert tea.p == pytest.approx(34 / 70)
    assert tea.least_expected == 2
    # All 12 of 12 against 3 of 7, by hand from the tables of 19 with 15: 0.00903
    assert two_rates(Rate(12, 12), Rate(3, 7)).p == pytest.approx(35 / 3876)


def test_a_count_that_is_rare_in_many_is_tested_exactly_too() -> None:
    found = two_rates(Rate(4, 1_000_000), Rate(0, 1_000_000))
    assert found.test == "Fisher's exact"
    assert found.p == pytest.approx(0.125, rel=1e-5)  # each of four on either side: 2 / 2⁴


def test_where_nothing_differs_there_is_no_z() -> None:
    nothing = two_rates(Rate(0, 50), Rate(0, 80))
    assert (nothing.z, nothing.p, nothing.difference) == (None, 1.0, 0.0)
    everything = two_rates(Rate(50, 50), Rate(80, 80))
    assert (everything.z, everything.p, everything.difference) == (None, 1.0, 0.0)


@pytest.mark.parametrize("rate", [Rate(1, 0), Rate(-1, 5), Rate(6, 5)])
def test_what_is_no_part_of_a_whole_is_refused(rate: Rate) -> None:
    with pytest.raises(ValueError, match="no part of a whole"):
        two_rates(Rate(1, 2), rate)

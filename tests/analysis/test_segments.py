"""Rate and mix of segments."""

from __future__ import annotations

from math import fsum, ulp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpitui.analysis.segments import OTHERS, Ratio, differences, rate_and_mix, with_others

# NHS England, A&E attendances by type, and those seen within four hours, from shared/data/ae_attendances.csv, added up
# with Python's csv over the twelve months from April
ENGLAND_2016 = {
    "1": Ratio(12_771_879, 15_262_758),
    "2": Ratio(600_524, 606_300),
    "other": Ratio(7_449_458, 7_493_243),
}
ENGLAND_2018 = {
    "1": Ratio(12_785_247, 15_679_998),
    "2": Ratio(569_292, 577_803),
    "other": Ratio(8_496_330, 8_569_180),
}


def test_seen_within_four_hours_fell_by_rate_and_less_by_mix() -> None:
    # the figures of shared/design/ANALYSIS.md
    parts = rate_and_mix(ENGLAND_2016, ENGLAND_2018)
    assert parts
    assert [part.name for part in parts] == ["1", "other", "2"]
    assert fsum(part.contribution for part in parts) == pytest.approx(-0.011133099, abs=5e-10)
    assert fsum(part.rate for part in parts) == pytest.approx(-0.01477056, abs=5e-9)
    assert fsum(part.mix for part in parts) == pytest.approx(0.00363747, abs=5e-9)
    assert parts[0].share_before == pytest.approx(0.65331, abs=5e-6)


def test_rates_that_stay_leave_a_change_of_mix_alone() -> None:
    # 10 % of 100 and 50 % of 100, then of 50 and 150: 30 % becomes 40 %, and both segments moved towards it.
    parts = rate_and_mix({"low": Ratio(10, 100), "high": Ratio(50, 100)}, {"low": Ratio(5, 50), "high": Ratio(75, 150)})
    assert parts
    assert {part.name: (part.rate, pytest.approx(part.mix)) for part in parts} == {
        "low": (0.0, 0.0625),  # −0.25 × (0.10 − 0.35)
        "high": (0.0, 0.0375),  # 0.25 × (0.50 − 0.35)
    }


def test_a_segment_that_comes_or_goes_is_mix() -> None:
    parts = rate_and_mix({"old": Ratio(5, 10), "gone": Ratio(1, 10)}, {"old": Ratio(5, 10), "new": Ratio(9, 10)})
    assert parts
    by_name = {part.name: part for part in parts}
    assert (by_name["new"].before, by_name["new"].after, by_name["new"].rate) == (None, 0.9, 0)
    assert by_name["gone"].after is None
    # R goes from 0.3 to 0.7, the middle is 0.5: 0.5 × (0.9 − 0.5), −0.5 × (0.1 − 0.5)
    assert (by_name["new"].mix, by_name["gone"].mix) == pytest.approx((0.2, 0.2))
    assert by_name["old"].contribution == pytest.approx(0, abs=1e-15)


def test_without_a_whole_there_is_nothing_to_say() -> None:
    assert rate_and_mix({"a": Ratio(0, 0)}, {"a": Ratio(1, 2)}) is None
    assert rate_and_mix({}, {}) is None
    parts = rate_and_mix({"a": Ratio(1, 2), "nothing": Ratio(0, 0)}, {"a": Ratio(1, 2)})
    assert parts
    assert [part.name for part in parts] == ["a"]
    assert rate_and_mix({"a": Ratio(1, 10), "b": Ratio(1, -2)}, {"a": Ratio(1, 10)}) is None  # a share below nothing


def test_an_amount_changes_by_the_differences_of_its_segments() -> None:
    parts = differences({"north": 100.0, "south": 40.0}, {"north": 90.0, "east": 5.0, "south": 70.0})
    assert [(part.name, part.contribution, part.before, part.after) for part in parts] == [
        ("south", 30.0, 40.0, 70.0),
        ("north", -10.0, 100.0, 90.0),
        ("east", 5.0, None, 5.0),
    ]


def test_the_smaller_ones_go_together() -> None:
    parts = differences({"a": 0.0, "b": 0.0, "c": 0.0, "d": 2.0}, {"a": 8.0, "b": -4.0, "c": 1.0})
    shown = with_others(parts, 2)
    assert [(part.name, part.contribution, part.segments) for part in shown] == [
        ("a", 8.0, 1),
        ("b", -4.0, 1),
        (OTHERS, -1.0, 2),
    ]
    assert (shown[2].before, shown[2].after) == (2.0, 1.0)
    assert with_others(parts, 4) == parts


def test_others_of_a_ratio_have_shares_and_no_rate() -> None:
    parts = rate_and_mix(ENGLAND_2016, ENGLAND_2018)
    assert parts
    others = with_others(parts, 1)[1]
    assert (others.before, others.after, others.segments) == (None, None, 2)
    assert others.share_before == pytest.approx(1 - 0.65331, abs=5e-6)
    assert others.contribution == pytest.approx(-0.011133099 - parts[0].contribution, abs=5e-10)


COUNTS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)).map(lambda pair: Ratio(min(pair), max(pair))),
    min_size=1,
)


@given(COUNTS, COUNTS)
@settings(derandomize=True)
def test_rate_and_mix_sum_to_the_change(before: dict[str, Ratio], after: dict[str, Ratio]) -> None:
    parts = rate_and_mix(before, after)
    assert parts
    then = sum(each.part for each in before.values()) / sum(each.whole for each in before.values())
    now = sum(each.part for each in after.values()) / sum(each.whole for each in after.values())
    found = [x for part in parts for x in (part.rate, part.mix)]
    assert abs(fsum(found) - (now - then)) <= ulp(max(map(abs, found), default=0.0))

"""What is kept while a chart is moved: the same as if each window were worked out anew, and nothing twice."""

from __future__ import annotations

from kpitui.workspace.by_number import ByNumber


def test_windows_one_after_the_other() -> None:
    asked: list[int] = []

    def squared(number: int) -> int:
        asked.append(number)
        return number * number

    kept = ByNumber(squared)
    assert kept.of(range(5, 8)) == [25, 36, 49]
    assert kept.of(range(6, 7)) == [36]
    assert kept.of(range(3, 6)) == [9, 16, 25]  # back
    assert kept.of(range(7, 10)) == [49, 64, 81]  # on
    assert kept.of(range(1, 2)) == [1]  # before, and apart
    assert kept.of(range(11, 13)) == [121, 144]  # behind, and apart
    assert kept.of(range(4, 4)) == []
    assert sorted(asked) == list(range(1, 13))


def test_a_window_far_away_begins_anew() -> None:
    asked: list[int] = []

    def itself(number: int) -> int:
        asked.append(number)
        return number

    kept = ByNumber(itself)
    assert kept.of(range(3)) == [0, 1, 2]
    assert kept.of(range(700_000, 700_002)) == [700_000, 700_001]
    assert kept.of(range(1)) == [0]
    assert len(asked) == 6

from __future__ import annotations

from kpitui.definitions.rings import ordered, shown


def test_everything_comes_after_what_it_names() -> None:
    order, rings = ordered({"rate": ["won", "lost"], "won": ["deals"], "lost": ["deals", "elsewhere"], "deals": []})
    assert order == ["deals", "won", "lost", "rate"]
    assert rings == []


def test_rings_are_named_once() -> None:
    _, rings = ordered({"a": ["b"], "b": ["c", "b"], "c": ["a"], "d": ["a"]})
    assert rings == [["a", "b", "c"], ["b"]]
    assert shown(rings[0]) == "a → b → c → a"


def test_a_long_ring_is_shortened() -> None:
    assert shown(list("abcdefghij")) == "a → b → c → d → e → f → g → … → a"


def test_a_chain_of_any_length() -> None:
    order, rings = ordered({str(number): [str(number + 1)] for number in range(50_000)})
    assert (order[0], order[-1], rings) == ("49999", "0", [])

"""What a formula's inputs contributed to its change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum, prod, ulp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpitui.analysis.drivers import Node, Part, contributions, settle

Formula = Callable[[Sequence[float]], float | None]


def node(name: str, formula: Formula, *inputs: Node) -> Node:
    """A node whose figures follow from its inputs'."""
    before, after = [child.before for child in inputs], [child.after for child in inputs]
    return Node(name, _figure(formula, before), _figure(formula, after), inputs, formula)


def _figure(formula: Formula, figures: list[float | None]) -> float | None:
    known = [figure for figure in figures if figure is not None]
    return formula(known) if len(known) == len(figures) else None


def ratio(figures: Sequence[float]) -> float | None:
    return figures[0] / figures[1] if figures[1] else None


def product(before: Sequence[float], after: Sequence[float]) -> Part:
    return contributions(node("product", prod, *map(Node, "abcdefghijklmnopqrst", before, after)))


def gained(part: Part) -> list[float]:
    return [each.contribution for each in part.parts]


def sums_up(part: Part) -> bool:
    """Whether the parts sum to the contribution, to the last digit of the largest of them."""
    off = fsum(gained(part)) - part.contribution
    return not part.parts or abs(off) <= ulp(max(map(abs, gained(part))))


# Shapley


def test_opportunities_times_win_rate_times_deal_size() -> None:
    # shared/design/ANALYSIS.md
    assert gained(product([200, 0.25, 10_000], [220, 0.22, 11_500])) == pytest.approx([50_450, -67_800, 73_950])


def test_a_factor_of_zero() -> None:
    # issue 5
    part = product([200, 0.25, 10_000], [220, 0, 11_500])
    assert gained(part) == pytest.approx([26_250, -565_000, 38_750])
    assert part.contribution == -500_000


def test_negative_figures() -> None:
    # a loss of 2 on each of 10 becomes a profit of 3 on each of 20: by hand, ½(10·… ) of both orders
    assert gained(product([10, -2], [20, 3])) == pytest.approx([5, 75])  # 10 × ½(−2 + 3), 5 × ½(10 + 20)


def test_what_did_not_move_contributed_nothing() -> None:
    part = product([10, 5, 2], [10, 8, 2])
    assert gained(part) == [0.0, 60.0, 0.0]


def test_nothing_moved() -> None:
    assert gained(product([10, 5], [10, 5])) == [0.0, 0.0]


def test_more_inputs_than_can_be_exact_still_sum_to_the_change() -> None:
    before, after = [1.0] * 14, [1 + i / 50 for i in range(14)]
    part = product(before, after)
    assert part.drawn > 0
    assert fsum(gained(part)) == part.contribution
    assert part == product(before, after)  # always the same orders
    few = product(before[:12], after[:12])
    assert few.drawn == 0
    # Twice the same input among many: drawn orders treat them alike but for chance.
    twins = gained(product([1.0] * 14, [1.5, 1.5, *[1.1] * 12]))
    assert twins[0] == pytest.approx(twins[1], rel=0.02)


FIGURES = st.floats(-1000, 1000, allow_nan=False).map(lambda figure: round(figure, 3))
PAIRS = st.lists(st.tuples(FIGURES, FIGURES), min_size=1, max_size=6)


@given(PAIRS)
@settings(derandomize=True)
def test_parts_sum_to_the_change_to_its_last_digit(pairs: list[tuple[float, float]]) -> None:
    part = product([then for then, _ in pairs], [now for _, now in pairs])
    assert sums_up(part)


@given(PAIRS, FIGURES, FIGURES)
@settings(derandomize=True)
def test_inputs_that_are_alike_get_alike(pairs: list[tuple[float, float]], then: float, now: float) -> None:
    before, after = zip(*pairs, (then, now), (then, now), strict=True)
    parts = gained(product(before, after))
    size = max(1.0, *map(abs, parts))
    assert parts[-1] == pytest.approx(parts[-2], abs=1e-9 * size)


# Down the tree


def test_an_input_that_stood_still_has_parts_that_balance() -> None:
    # Revenue = opportunities × (won ÷ opened). The rate stays 0.25 while both of its counts double.
    rate = node("rate", ratio, Node("won", 50, 100), Node("opened", 200, 400))
    part = contributions(node("revenue", prod, Node("opportunities", 200, 400), rate))
    opportunities, of_rate = part.parts
    assert (opportunities.contribution, of_rate.contribution) == (50.0, 0.0)
    won, opened = gained(of_rate)
    assert won + opened == 0
    # With 200 or 400 opportunities and 200 or 400 opened: ¼(200·0.25 + 200·0.125 + 400·0.25 + 400·0.125)
    assert won == pytest.approx(56.25)


def test_a_nodes_parts_sum_to_its_contribution_at_every_level() -> None:
    inner = node("inner", ratio, Node("a", 3, 5), Node("b", 7, 9))
    middle = node("middle", prod, inner, Node("c", 2, 1))
    part = contributions(node("top", sum, middle, Node("d", 4, 8), node("e", prod, Node("f", 2, 3), Node("g", 5, 5))))
    assert fsum(gained(part)) == part.contribution
    assert fsum(gained(part.parts[0])) == part.parts[0].contribution
    assert fsum(gained(part.parts[0].parts[0])) == part.parts[0].parts[0].contribution
    assert gained(part.parts[2]) == pytest.approx([5.0, 0.0])


TREES = st.recursive(
    st.tuples(FIGURES, FIGURES).map(lambda figures: Node("leaf", *figures)),
    lambda inner: st.builds(
        lambda formula, inputs: node(formula.__name__, formula, *inputs),
        st.sampled_from([sum, prod]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)


@given(TREES)
@settings(max_examples=60, derandomize=True)
def test_owen_values_sum_at_every_node(tree: Node) -> None:
    for part in walk(contributions(tree)):
        assert sums_up(part)


def walk(part: Part) -> list[Part]:
    return [part, *(below for child in part.parts for below in walk(child))]


def test_a_deep_tree_is_drawn_from_and_still_sums() -> None:
    wide = [node(f"n{i}", prod, *(Node(f"n{i}{j}", 1 + j / 10, 1 + i / 10) for j in range(8))) for i in range(8)]
    part = contributions(node("top", prod, *wide))
    assert part.drawn == 0
    assert all(child.drawn > 0 for child in part.parts[1:])
    for child in walk(part):
        assert sums_up(child)


# Where it cannot be said


def test_a_period_without_a_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="revenue has no figure"):
        contributions(Node("revenue", None, 5))


def test_a_missing_input_below_is_named() -> None:
    # max() of a formula can have a figure while one of its inputs is there in one period only
    tree = Node("top", 4, 6, (Node("a", 4, 6), Node("b", None, 2)), max)
    part = contributions(tree)
    assert (part.parts, part.why_not) == ((), "b has no figure in one of the periods")


def test_a_mixture_without_a_figure_is_named() -> None:
    # 10 ÷ (3 − 1) becomes 10 ÷ (1 − 0); 3 of then with 0 of now is fine, 1 of now with 1 of then is a division by 0
    def rest(figures: Sequence[float]) -> float | None:
        return 10 / (figures[0] - figures[1]) if figures[0] != figures[1] else None

    part = contributions(node("top", rest, Node("a", 3, 1), Node("b", 1, 0)))
    assert part.parts == ()
    assert part.why_not == "with a of one period and the rest of the other there is no figure"


# Rounding


def test_parts_are_settled_in_the_last_digit() -> None:
    assert fsum(settle([0.1, 0.2, 0.30000000000000004], 0.6)) == 0.6
    assert fsum(settle([1e16, -1e16, 1.0], 3.0)) == 3.0
    assert settle([1.0, 2.0], 3.0) == [1.0, 2.0]
    assert settle([0.0, 4.53, -2.718], 1.812)[0] == 0.0

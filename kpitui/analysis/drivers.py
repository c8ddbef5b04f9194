"""Why a formula's figure moved: what each of its inputs contributed. Arithmetic, not cause.

Between two periods each input goes from one figure to another. The order in which they go decides how much of the
change falls to each, and no order is the right one: an input's contribution is the mean over all orders, its Shapley
value (Shapley, A value for n-person games, 1953; for changes of a product: Ang, Huang and Mu, Properties and linkages
of some index decomposition analysis methods, 2009). Inputs that are alike get alike, one that did not move gets
nothing, and the parts sum to the change.

Where an input is itself a formula, its contribution is broken down among its own inputs by Owen values (Owen, Values
of games with a priori unions, 1977; for trees of several levels Winter, A value for cooperative games with levels
structure of cooperation, 1989): of all orders those count in which the inputs of a node go one after the other,
without others between. A node's parts sum to the node's own contribution, also where the node did not move and its
inputs balance each other. An input that the tree names in two places has a part in each.

Exact for formulas of up to 12 inputs that moved. Above that, or where the ways to a deep node would be more than
`MOST_WAYS`, orders are drawn, always the same ones, each with its reverse, so that the parts still sum to the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import comb, fsum
from random import Random
from typing import NamedTuple

EXACT_INPUTS = 12
MOST_WAYS = 4096
"""Ways in which the rest of the tree can stand when an input goes."""


class Node(NamedTuple):
    """A figure of the tree in both periods, and how it comes from others; without `inputs` a leaf."""

    name: str
    before: float | None
    after: float | None
    inputs: tuple[Node, ...] = ()
    formula: Callable[[Sequence[float]], float | None] | None = None
    """From the figures of its inputs, in their order, to its own; None where it has none."""


class Part(NamedTuple):
    """What a node contributed to the change of the tree's top."""

    name: str
    before: float | None
    after: float | None
    contribution: float
    parts: tuple[Part, ...] = ()
    """They sum to the contribution; none where the node is a leaf, or cannot be broken down."""
    why_not: str = ""
    """Why a node that has inputs is not broken down."""
    drawn: int = 0
    """How many orders of the inputs were drawn; 0: all orders count."""


_Way = tuple[float, Callable[[float], float | None]]
"""A way in which the rest of the tree can stand: its weight, and the top's figure for each figure of the node."""


class _UndefinedError(Exception):
    """A mixture of both periods has no figure; its text says whose."""


def contributions(top: Node) -> Part:
    """The change of the tree's top, broken down as far as it can be; raises ValueError where a period has no figure."""
    if top.before is None or top.after is None:
        raise ValueError(f"{top.name} has no figure in one of the periods")
    return _broken_down(top, top.after - top.before, [(1.0, lambda figure: figure)])


def _broken_down(node: Node, contribution: float, ways: Sequence[_Way]) -> Part:
    part = Part(node.name, node.before, node.after, contribution)
    if not node.inputs:
        return part
    lacking = [child.name for child in node.inputs if child.before is None or child.after is None]
    if lacking:
        return part._replace(why_not=f"{', '.join(lacking)} has no figure in one of the periods")
    moved = [i for i, child in enumerate(node.inputs) if _moves(child)]
    if not moved:
        return part._replace(parts=tuple(_broken_down(child, 0.0, []) for child in node.inputs))
    try:
        opened, drawn = _ways_to(node, moved, ways)
        raw = {i: _gain(node.inputs[i], opened[i]) for i in moved}
    except _UndefinedError as error:
        return part._replace(why_not=str(error))
    settled = dict(zip(moved, settle([raw[i] for i in moved], contribution), strict=True))
    parts = [_broken_down(child, settled.get(i, 0.0), opened.get(i, [])) for i, child in enumerate(node.inputs)]
    return part._replace(parts=tuple(parts), drawn=drawn)


def _moves(node: Node) -> bool:
    """Whether the node, or anything below it, has two different figures."""
    return node.before != node.after or any(_moves(child) for child in node.inputs)


def _gain(node: Node, ways: Sequence[_Way]) -> float:
    """What the node's going from one figure to the other adds to the top, in the mean over all ways."""
    before, after = node.before, node.after
    if before is None or after is None or before == after:
        return 0.0
    return fsum(weight * (_known(node, top(after)) - _known(node, top(before))) for weight, top in ways)


def _known(node: Node, figure: float | None) -> float:
    if figure is None:
        raise _UndefinedError(f"with {node.name} of one period and the rest of the other there is no figure")
    return figure


def _ways_to(node: Node, moved: Sequence[int], ways: Sequence[_Way]) -> tuple[dict[int, list[_Way]], int]:
    """For each input that moved the ways in which all else can stand, and how many orders were drawn for that."""
    count = len(moved)
    opened: dict[int, list[_Way]] = {i: [] for i in moved}
    if count <= EXACT_INPUTS and len(ways) << (count - 1) <= MOST_WAYS:
        for i in moved:
            others = [j for j in moved if j != i]
            for size in range(count):
                share = 1 / (count * comb(count - 1, size))
                for gone in combinations(others, size):
                    opened[i] += [(weight * share, _through(node, i, gone, top)) for weight, top in ways]
        return opened, 0
    each = max(1, MOST_WAYS // len(ways))
    chance = Random(1953)  # noqa: S311 - nothing is kept secret by it
    for weight, top in ways:
        for order in _drawn(moved, each, chance):
            for place, i in enumerate(order):
                opened[i].append((weight / each, _through(node, i, order[:place], top)))
    return opened, each * len(ways)


def _drawn(moved: Sequence[int], count: int, chance: Random) -> Iterator[list[int]]:
    """So many orders, every second one the reverse of the one before."""
    order = list(moved)
    for number in range(count):
        if number % 2:
            order.reverse()
        else:
            chance.shuffle(order)
        yield list(order)


def _through(
    node: Node, index: int, gone: Sequence[int], top: Callable[[float], float | None]
) -> Callable[[float], float | None]:
    """From a figure of one input to the top's, where the inputs in `gone` have gone already and the others have not."""
    figures = [_sure(child.after if i in gone else child.before) for i, child in enumerate(node.inputs)]

    def figure(value: float) -> float | None:
        figures[index] = value
        assert node.formula is not None
        own = node.formula(figures)
        return None if own is None else top(own)

    return figure


def _sure(figure: float | None) -> float:
    assert figure is not None, "a node with an input that has no figure is not broken down"
    return figure


def settle(parts: Sequence[float], total: float) -> list[float]:
    """The parts with their rounding errors put right: they sum to the total, to the last digit of the largest.

    The largest part takes the difference, and what its own last digit cannot hold goes to the next. (4.53 and −2.718
    cannot sum to 1.812 any better: the total has a digit more than they have.) A part of nothing stays nothing.
    """
    settled = list(parts)
    for i in sorted((i for i, part in enumerate(parts) if part), key=lambda i: -abs(parts[i])):
        if fsum(settled) == total:
            break
        settled[i] = fsum([total, *(-part for j, part in enumerate(settled) if j != i)])
    return settled

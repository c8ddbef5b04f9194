"""The parts of an explanation as they are written: rounded together, so that on paper, too, they sum to the change."""

from __future__ import annotations

from typing import NamedTuple

from kpitui.analysis.drivers import Part
from kpitui.workspace.amounts import Steps
from kpitui.workspace.numbers import NONE, Style
from kpitui.workspace.why.explain import Explanation


class Written(NamedTuple):
    """A part, how many steps it was rounded to, and its own parts, which sum to as many."""

    part: Part
    rounded: int
    parts: tuple[Written, ...] = ()


class WrittenSegment(NamedTuple):
    """What a segment contributed; `rate` and `mix` sum to `both`."""

    rate: str
    mix: str
    both: str


class WrittenParts(NamedTuple):
    """All that an explanation shows of a change."""

    steps: Steps
    change: str
    drivers: tuple[Written, ...] = ()
    segments: tuple[WrittenSegment, ...] = ()
    """In the order of the explanation's."""
    total: WrittenSegment | None = None
    """What the columns of the segments sum to."""


def written(found: Explanation, style: Style) -> WrittenParts:
    """Round the parts by largest remainders, of segments the rates among each other and the mixes, too."""
    change = found.change
    if change is None:
        return WrittenParts(Steps.of([], style), NONE)
    rates, mixes = [part.rate for part in found.segments], [part.mix for part in found.segments]
    drivers = found.drivers.parts if found.drivers is not None else ()
    steps = Steps.of([change, *_contributions(drivers), *rates, *mixes], style)
    whole = steps.count(change)
    if not found.segments:
        return WrittenParts(steps, steps.text(whole), _rounded(drivers, whole, steps))
    by_rate, by_mix = steps.spread([sum(rates), sum(mixes)], whole)
    counts = zip(steps.spread(rates, by_rate), steps.spread(mixes, by_mix), strict=True)
    segments = tuple(_segment(rate, mix, steps) for rate, mix in counts)
    return WrittenParts(steps, steps.text(whole), (), segments, _segment(by_rate, by_mix, steps))


def _contributions(parts: tuple[Part, ...]) -> list[float]:
    below = [each for part in parts for each in _contributions(part.parts)]
    return [part.contribution for part in parts] + below


def _rounded(parts: tuple[Part, ...], whole: int, steps: Steps) -> tuple[Written, ...]:
    counts = steps.spread([part.contribution for part in parts], whole)
    return tuple(
        Written(part, count, _rounded(part.parts, count, steps)) for part, count in zip(parts, counts, strict=True)
    )


def _segment(rate: int, mix: int, steps: Steps) -> WrittenSegment:
    return WrittenSegment(steps.text(rate), steps.text(mix), steps.text(rate + mix))

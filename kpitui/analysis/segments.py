"""What each segment of a KPI contributed to its change. Arithmetic, not cause.

A ratio changes because segments change (rate) and because their shares of the whole do (mix): Kitagawa, Components of
a difference between two rates (1955). An amount's change is the sum of its segments' differences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum
from typing import NamedTuple

from kpitui.analysis.drivers import settle

OTHERS = "all others"


class Ratio(NamedTuple):
    """A segment's part and whole in a period; both 0 where there was nothing."""

    part: float
    whole: float

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None


class SegmentPart(NamedTuple):
    """What a segment contributed; of an amount all of it is `rate`, and there is no mix."""

    name: str
    before: float | None
    after: float | None
    """The segment's own rate, or amount."""
    share_before: float | None
    share_after: float | None
    """Of the whole; None of an amount."""
    rate: float
    mix: float
    segments: int = 1
    """How many segments these are: more than one of all others."""

    @property
    def contribution(self) -> float:
        return self.rate + self.mix


def rate_and_mix(before: Mapping[str, Ratio], after: Mapping[str, Ratio]) -> list[SegmentPart] | None:
    """The change of Σpart ÷ Σwhole by segment, largest first; None where either side has no ratio, or a share cannot
    be said because a whole is negative.

    rate = ½(w₀+w₁)(r₁−r₀), mix = (w₁−w₀)(½(r₀+r₁) − ½(R₀+R₁)), w being a segment's share of the whole and R the
    ratio of all. A segment that is absent on one side has the share 0 there and keeps its other rate.
    """
    whole_before, whole_after = (fsum(each.whole for each in side.values()) for side in (before, after))
    if any(each.whole < 0 for side in (before, after) for each in side.values()) or not (whole_before and whole_after):
        return None
    total_before = fsum(each.part for each in before.values()) / whole_before
    total_after = fsum(each.part for each in after.values()) / whole_after
    middle = (total_before + total_after) / 2
    found = []
    for name in dict.fromkeys([*before, *after]):
        then, now = before.get(name, Ratio(0, 0)), after.get(name, Ratio(0, 0))
        if then.rate is None and now.rate is None:
            continue
        share_then, share_now = then.whole / whole_before, now.whole / whole_after
        rate_then = then.rate if then.rate is not None else now.rate
        rate_now = now.rate if now.rate is not None else then.rate
        assert rate_then is not None
        assert rate_now is not None
        found.append(
            SegmentPart(
                name=name,
                before=then.rate,
                after=now.rate,
                share_before=share_then,
                share_after=share_now,
                rate=(share_then + share_now) / 2 * (rate_now - rate_then),
                mix=(share_now - share_then) * ((rate_then + rate_now) / 2 - middle),
            )
        )
    both = settle([part for each in found for part in (each.rate, each.mix)], total_after - total_before)
    settled = [each._replace(rate=both[2 * i], mix=both[2 * i + 1]) for i, each in enumerate(found)]
    return sorted(settled, key=_by_size)


def differences(before: Mapping[str, float], after: Mapping[str, float]) -> list[SegmentPart]:
    """The change of an amount by segment, largest first; a segment that is absent on a side has the amount 0 there."""
    total = fsum(after.values()) - fsum(before.values())
    names = list(dict.fromkeys([*before, *after]))
    changes = settle([after.get(name, 0.0) - before.get(name, 0.0) for name in names], total)
    found = [
        SegmentPart(name, before.get(name), after.get(name), None, None, change, 0.0)
        for name, change in zip(names, changes, strict=True)
    ]
    return sorted(found, key=_by_size)


def _by_size(part: SegmentPart) -> tuple[float, str]:
    return -abs(part.contribution), part.name


def with_others(parts: Sequence[SegmentPart], most: int) -> list[SegmentPart]:
    """The largest parts, and the rest of them as one: its rate and mix are the sums of theirs.

    A part that is called `OTHERS` already goes with the rest. An amount's others have the sum of their amounts; of
    rates there is no sum.
    """
    named = [part for part in parts if part.name != OTHERS]
    rest = [part for part in parts if part.name == OTHERS]
    if len(named) + len(rest) > most:
        named, rest = named[:most], [*named[most:], *rest]
    if not rest:
        return named
    shares = rest[0].share_before is not None
    return [
        *named,
        SegmentPart(
            name=OTHERS,
            before=None if shares else fsum(part.before or 0.0 for part in rest),
            after=None if shares else fsum(part.after or 0.0 for part in rest),
            share_before=fsum(part.share_before or 0.0 for part in rest) if shares else None,
            share_after=fsum(part.share_after or 0.0 for part in rest) if shares else None,
            rate=fsum(part.rate for part in rest),
            mix=fsum(part.mix for part in rest),
            segments=sum(part.segments for part in rest),
        ),
    ]

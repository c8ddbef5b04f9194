"""Which review a record goes to that is made outside a running session."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date, datetime

from kpitui.periods import Calendar
from kpitui.problems import KpituiError
from kpitui.records.model import Review
from kpitui.terms import CADENCES


def review_for(
    reviews: Iterable[Review],
    *,
    own: str | None,
    held: Sequence[str],
    today: date,
    now: datetime,
    calendar: Calendar,
    wanted: str | None = None,
    begun: Container[str] = (),
) -> Review:
    """The review whose file a record goes to, in this order:

    1. `wanted`, the id given with `--review`;
    2. the open review of the KPI's own cadence, `own`;
    3. the open review of the coarsest cadence `held`;
    4. a new one of that cadence, for the period that holds `today`. Where that one is signed off already,
    for the first period after it whose review is not.

    Of several open ones it is the newest of those `begun`, of which a session is being held, else the newest. `now` is
    when a new one starts. Raises KpituiError where `wanted` does not exist or is signed off.
    """
    by_id = {review.id: review for review in reviews}
    if wanted is not None:
        return _wanted(wanted, by_id)
    coarsest = max(held, key=lambda cadence: CADENCES[cadence])
    for cadence in (own, coarsest):
        open_ones = [review for review in by_id.values() if review.cadence == cadence and review.state == "open"]
        if open_ones:
            return max(open_ones, key=lambda review: (review.id in begun, review.period))
    period = calendar.period(CADENCES[coarsest], today)
    while f"{period.id}-{coarsest}" in by_id:
        period = calendar.shift(period, 1)
    return Review(id=f"{period.id}-{coarsest}", cadence=coarsest, period=period.id, started=now)


def _wanted(wanted: str, by_id: dict[str, Review]) -> Review:
    review = by_id.get(wanted)
    if review is None:
        newest = ", ".join(sorted(by_id, reverse=True)[:3])
        there = f"The newest are {newest}." if newest else "There are none yet."
        raise KpituiError(
            f"No review has the id {wanted}. {there} "
            "Leave --review out: the record then goes to the review that is open."
        )
    if review.state == "signed-off":
        raise KpituiError(
            f"{wanted} is signed off. Leave --review out: the record then goes to the review that is open."
        )
    return review

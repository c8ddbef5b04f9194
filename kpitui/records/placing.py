"""Which review a record goes to that is made outside a running session."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date, datetime

from kpitui.periods import Calendar
from kpitui.places import REVIEWS_FOLDER
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
    unreadable: Sequence[str] = (),
) -> Review:
    """The review whose file a record goes to, in this order:

    1. `wanted`, the id given with `--review`;
    2. the open review of the KPI's own cadence, `own`;
    3. the open review of the coarsest cadence `held`;
    4. a new one of that cadence, for the period that holds `today`. Where that one is signed off already,
    for the first period after it whose review is not.

    Of several open ones it is the newest of those `begun`, of which a session is being held, else the newest. `now` is
    when a new one starts. `unreadable` are ids, period and cadence, of reviews whose files cannot be read: one of them
    that may be the review it is to go to is not passed over. Raises KpituiError there, and where `wanted` does not
    exist or is signed off.
    """
    by_id = {review.id: review for review in reviews}
    if wanted is not None:
        if wanted in unreadable:
            raise cannot_be_read(wanted)
        return _wanted(wanted, by_id)
    coarsest = max(held, key=lambda cadence: CADENCES[cadence])
    for cadence in (own, coarsest):
        # What a session of a later period was held after is over, whatever its file says.
        over = max((r.period for r in by_id.values() if r.cadence == cadence and r.id in begun), default="")
        for review_id in unreadable:
            period_id, _, its_cadence = review_id.rpartition("-")
            if its_cadence == cadence and calendar.parse(period_id) is not None and period_id >= over:
                raise cannot_be_read(review_id)
        open_ones = [review for review in by_id.values() if review.cadence == cadence and review.state == "open"]
        if open_ones:
            return max(open_ones, key=lambda review: (review.id in begun, review.period))
    period = calendar.period(CADENCES[coarsest], today)
    while f"{period.id}-{coarsest}" in by_id:
        period = calendar.shift(period, 1)
    return Review(id=f"{period.id}-{coarsest}", cadence=coarsest, period=period.id, started=now)


def cannot_be_read(review_id: str) -> KpituiError:
    """Why nothing is written: the review that it may belong to cannot be read."""
    return KpituiError(
        f"{REVIEWS_FOLDER}/{review_id}.toml cannot be read, and this may belong to it: mend the file (! says what is "
        "wrong; kpitui check, too), then save again"
    )


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

"""Where a record goes that is made outside a running session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from kpitui.periods import Calendar
from kpitui.problems import KpituiError
from kpitui.records.model import Review, ReviewState
from kpitui.records.placing import review_for

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


def review(review_id: str, state: ReviewState = "open") -> Review:
    period, _, cadence = review_id.rpartition("-")
    return Review(id=review_id, cadence=cadence, period=period, state=state, started=NOW)


def place(
    *reviews: Review, own: str | None = "weekly", wanted: str | None = None, unreadable: Sequence[str] = ()
) -> Review:
    return review_for(
        reviews,
        own=own,
        held=("weekly", "monthly"),
        today=date(2026, 11, 4),
        now=NOW,
        calendar=Calendar(),
        wanted=wanted,
        begun={review.id for review in reviews},
        unreadable=unreadable,
    )


def test_the_wanted_one_comes_first() -> None:
    assert place(review("2026-W44-weekly"), review("2026-10-monthly"), wanted="2026-10-monthly").id == "2026-10-monthly"


def test_then_the_newest_open_one_of_the_kpis_own_cadence() -> None:
    reviews = [review("2026-W43-weekly"), review("2026-W44-weekly"), review("2026-W45-weekly", "signed-off")]

    assert place(*reviews, review("2026-10-monthly")).id == "2026-W44-weekly"


def test_then_the_open_one_of_the_coarsest_cadence() -> None:
    assert place(review("2026-W44-weekly", "signed-off"), review("2026-10-monthly")).id == "2026-10-monthly"
    assert place(review("2026-W44-weekly"), review("2026-10-monthly"), own=None).id == "2026-10-monthly"


def test_then_a_new_one_for_the_period_that_holds_today() -> None:
    assert place(review("2026-10-monthly", "signed-off")) == Review(
        id="2026-11-monthly", cadence="monthly", period="2026-11", started=NOW
    )


def test_or_the_period_after_it_where_that_review_is_signed_off() -> None:
    assert place(review("2026-11-monthly", "signed-off")).id == "2026-12-monthly"


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("2026-10-monthly", r"2026-10-monthly is signed off\. Leave --review out"),
        ("2062-10-monthly", r"No review has the id 2062-10-monthly\. The newest are 2026-10-monthly\."),
    ],
)
def test_a_wanted_one_that_cannot_be(wanted: str, sentence: str) -> None:
    with pytest.raises(KpituiError, match=sentence):
        place(review("2026-10-monthly", "signed-off"), wanted=wanted)


@pytest.mark.parametrize("unreadable", ["2026-W44-weekly", "2026-W45-weekly", "2026-10-monthly", "2026-11-monthly"])
def test_one_that_may_be_it_and_cannot_be_read_is_not_passed_over(unreadable: str) -> None:
    reviews = [review("2026-W44-weekly", "signed-off"), review("2026-10-monthly", "signed-off")]

    with pytest.raises(KpituiError, match=f"reviews/{unreadable}.toml cannot be read"):
        place(*reviews, unreadable=[unreadable])
    with pytest.raises(KpituiError, match=f"reviews/{unreadable}.toml cannot be read"):
        place(*reviews, wanted=unreadable, unreadable=[unreadable])


@pytest.mark.parametrize("unreadable", ["2026-W43-weekly", "2026-09-monthly", "2026-Q3-quarterly", "notes"])
def test_one_that_cannot_be_it_is_in_nobodys_way(unreadable: str) -> None:
    reviews = [review("2026-W44-weekly", "signed-off"), review("2026-10-monthly", "signed-off")]

    assert place(*reviews, unreadable=[unreadable]).id == "2026-11-monthly"


def test_a_readable_one_of_its_own_cadence_is_not_kept_from_it_by_a_coarser_one() -> None:
    assert place(review("2026-W44-weekly"), unreadable=["2026-10-monthly"]).id == "2026-W44-weekly"

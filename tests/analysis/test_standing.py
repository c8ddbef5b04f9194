from __future__ import annotations

from kpitui.analysis.standing import behind_for, stands_still


def test_only_the_last_periods_in_a_row_are_counted() -> None:
    assert behind_for(("behind", "behind", "on_track", "behind", "behind", "behind")) == 3
    assert behind_for(("behind", "behind", "at_risk")) == 0
    assert behind_for(("behind", "no_data", "behind")) == 1
    assert behind_for(()) == 0


def test_it_stands_still_where_each_period_has_the_same_figure() -> None:
    assert stands_still(("99.9%",) * 12)
    assert not stands_still((*("99.9%",) * 11, "99.8%"))
    assert not stands_still((None,) * 12)
    assert not stands_still(("5", None, "5"))
    assert not stands_still(())

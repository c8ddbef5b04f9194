"""Which ways there are to look at a KPI, and which of them make sense for one."""

from __future__ import annotations

from math import ceil
from typing import Literal, NamedTuple

from kpitui.definitions.model import Kpi
from kpitui.periods import Grain
from kpitui.terms import FREQUENCY_GRAIN

Kind = Literal["trend", "weeks and months", "years", "moving range", "segments"]

FEWEST = 6
"""Periods that a zoom leaves."""


class View(NamedTuple):
    """A way to look at a KPI."""

    id: str
    name: str
    kind: Kind
    grain: Grain | None = None
    """None: the grain of the scorecard."""
    length: int = 0
    """Periods; 0: as many as are usual for the grain."""


USUAL_LENGTH = {Grain.DAY: 31, Grain.WEEK: 26, Grain.MONTH: 24, Grain.QUARTER: 12, Grain.YEAR: 10}
"""Periods of a view that does not say how many."""

VIEWS: tuple[View, ...] = (
    View("days31", "31 days", "trend", Grain.DAY, 31),
    View("weeks6_months12", "6 weeks + 12 months", "weeks and months", Grain.MONTH, 12),
    View("weeks13", "13 weeks", "trend", Grain.WEEK, 13),
    View("months12", "12 months", "trend", Grain.MONTH, 12),
    View("months24", "24 months", "trend", Grain.MONTH, 24),
    View("months36", "36 months", "trend", Grain.MONTH, 36),
    View("quarters12", "12 quarters", "trend", Grain.QUARTER, 12),
    View("years10", "10 years", "trend", Grain.YEAR, 10),
    View("years", "year over year", "years"),
    View("moving_range", "moving range", "moving range"),
    View("segments", "segments", "segments"),
)
_USUAL = {
    Grain.DAY: "days31",
    Grain.WEEK: "weeks13",
    Grain.MONTH: "months24",
    Grain.QUARTER: "quarters12",
    Grain.YEAR: "years10",
}
"""What a KPI is shown by at each grain unless somebody chose another view."""


class Window(NamedTuple):
    """What somebody made of a view in time."""

    length: int | None = None
    """Zoomed to so many periods; None: the view's own number."""
    back: int = 0
    """So many periods before the present one is the last that is shown."""


def views(kpi: Kpi, grain: Grain, *, segmented: bool) -> list[View]:
    """The views that make sense for the KPI on a scorecard of that grain, in the order in which a key walks them.

    `segmented`: there is a column by which it can be broken down.
    """
    finest = FREQUENCY_GRAIN[kpi.frequency]
    return [view for view in VIEWS if _makes_sense(view, finest, max(grain, finest), segmented)]


def _makes_sense(view: View, finest: Grain, grain: Grain, segmented: bool) -> bool:
    match view.kind:
        case "weeks and months":
            return finest <= Grain.WEEK and grain <= Grain.MONTH
        case "years":
            return finest <= Grain.QUARTER
        case "segments":
            return segmented
        case "moving range":
            return True
    assert view.grain is not None
    if view.grain in (Grain.WEEK, Grain.MONTH):
        return finest <= view.grain
    # Days, quarters and years are looked at where the scorecard is on them.
    return view.grain == grain


def chosen(kpi: Kpi, grain: Grain, wanted: str | None, *, segmented: bool) -> View:
    """The wanted view, or the usual one of the grain where the KPI has no such view."""
    offered = {view.id: view for view in views(kpi, grain, segmented=segmented)}
    usual = _USUAL[max(grain, FREQUENCY_GRAIN[kpi.frequency])]
    return offered[wanted] if wanted in offered else offered[usual]


def grain_of(view: View, kpi: Kpi, grain: Grain) -> Grain:
    """The grain of the view's periods."""
    if view.grain is not None:
        return view.grain
    own = max(grain, FREQUENCY_GRAIN[kpi.frequency])
    # A year has too many days and weeks to be compared one by one.
    return Grain.MONTH if view.kind == "years" and own < Grain.MONTH else min(own, _coarsest(view))


def _coarsest(view: View) -> Grain:
    return Grain.QUARTER if view.kind == "years" else Grain.YEAR


class Place(NamedTuple):
    """Where somebody looks among the periods that are shown."""

    after: int
    """How many of them come after the one that is looked at."""
    of: int
    """How many there are."""


def zoomed(window: Window, own: int, most: int, place: Place, *, closer: bool) -> Window:
    """Half or twice as many periods, `FEWEST` at least and not more than there are.

    The period that is looked at stays where it is on the axis, as near as the ends of the data allow.
    """
    count = window.length or own
    wanted = max(FEWEST, count // 2) if closer else min(max(own, most), count * 2)
    if wanted == count:
        return window
    # The middle of its column divides the axis as before; rounded so that the newest period, which is not over, stays.
    after = min(wanted - 1, ceil((place.after + 0.5) * wanted / place.of - 0.5))
    back = max(0, min(window.back + place.after - after, most - wanted))
    return Window(wanted if wanted != own else None, back)


def panned(window: Window, shown: int, most: int, *, back: bool) -> Window:
    """A third of what is shown further back or on; never past the data's ends."""
    step = max(1, shown // 3)
    return window._replace(back=max(0, min(max(0, most - FEWEST), window.back + (step if back else -step))))

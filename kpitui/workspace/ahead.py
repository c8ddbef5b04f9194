"""Values of days that are far ahead: a year that was mistyped counts nowhere, and nobody would miss it."""

from __future__ import annotations

from datetime import date

from kpitui.definitions.model import Definitions
from kpitui.measurements.values import Measured
from kpitui.problems import Problem

FAR = 366
"""Days. Plans and bookings are measured, too, but rarely for more than a year ahead."""


def far_ahead(definitions: Definitions, measured: Measured, as_of: date, today: date) -> list[Problem]:
    """One problem per source with a value for a day that is far after both dates."""
    latest = max(as_of, today).toordinal() + FAR
    found: dict[str, int] = {}
    for measure_id, series in measured.series.items():
        source = definitions.measures[measure_id].source
        if source in definitions.sources and series.days and series.days[-1] > latest:
            found[source] = max(found.get(source, 0), series.days[-1])
    return [
        Problem(
            definitions.sources[source].files[0],
            f"there is a value for {date.fromordinal(day)}, more than a year ahead: it counts nowhere yet",
            key=f"source.{source}",
            hint="look for a year that was mistyped",
        )
        for source, day in found.items()
    ]

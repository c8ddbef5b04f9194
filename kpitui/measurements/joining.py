"""What the sources gave, each by itself → everything that was measured. No Polars here."""

from __future__ import annotations

from collections.abc import Mapping

from kpitui.definitions.model import Definitions
from kpitui.measurements.findings import in_order
from kpitui.measurements.sight import Sight
from kpitui.measurements.values import Measured, Series, SourceResult


def wanted(definitions: Definitions) -> list[str]:
    """The sources that some measure comes from, in the definitions' order."""
    named = {measure.source for measure in definitions.measures.values()}
    return [id_ for id_ in definitions.sources if id_ in named]


def join(
    definitions: Definitions, results: Mapping[str, SourceResult], sights: Mapping[str, Sight] | None = None
) -> Measured:
    """One whole of the sources' results; a measure that none of them has gets an empty series."""
    found = {id_: series for result in results.values() for id_, series in result.series.items()}
    spoiled = {id_: why for result in results.values() for id_, why in (result.absent | result.spoiled).items()}
    return Measured(
        series={
            id_: found.get(id_) or Series(measure.aggregate, [], [], [])
            for id_, measure in definitions.measures.items()
            if id_ not in spoiled
        },
        sources={id_: result.read for id_, result in results.items()},
        spoiled=spoiled,
        problems=in_order(problem for result in results.values() for problem in result.problems),
        sights=dict(sights or {}),
    )

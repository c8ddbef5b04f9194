"""A hash over what shapes a figure, so that a change of what a KPI means shows; its name does not."""

from __future__ import annotations

from hashlib import sha256

from kpitui.definitions.model import Measure, Source


def of_measure(measure: Measure, source: Source | None) -> str:
    """The digest of a measure and of how its source is read (not of its segments, nor of when it is due)."""
    read_as = source and (
        *(source.files, source.date, source.date_format, source.layout, source.measure, source.value),
        *(source.frequency, source.delimiter, source.encoding, source.decimal, source.thousands),
        *(source.missing, source.recorded),
    )
    return _digest(measure.source, measure.aggregate, measure.column, measure.key, measure.where, read_as)


def of_formula(text: str, inputs: dict[str, str]) -> str:
    """The digest of a formula, spaces aside, and of the digests of what it names."""
    return _digest("".join(text.split()), sorted(inputs.items()))


def _digest(*parts: object) -> str:
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()

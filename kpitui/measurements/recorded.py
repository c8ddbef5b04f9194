"""When rows were recorded, and which of several rows for the same thing was recorded last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import polars as pl

from kpitui.measurements.dates import FIRST_YEAR, LAST_YEAR, Dates
from kpitui.measurements.findings import quoted
from kpitui.periods import Grain

HINT = "write 2026-01-31 or 2026-01-31T09:30:00Z"


def with_moments(rows: pl.DataFrame, column: str, dates: Dates, known_at: date | None) -> pl.DataFrame:
    """With `recorded`, a time to compare or null, and `known`: whether that was by the day `known_at`."""
    texts = rows[column].unique().to_list()
    moments = [_moment(text, dates) for text in texts]
    known = [moment and (known_at is None or moment[0] <= known_at) for moment in moments]
    return rows.with_columns(
        pl.col(column).replace_strict(texts, read, default=None, return_dtype=dtype).alias(name)
        for name, read, dtype in (
            ("recorded", [moment and moment[1] for moment in moments], pl.Float64()),
            ("known", [bool(one) for one in known], pl.Boolean()),
        )
    )


def latest(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Of the known rows of each key those that were recorded last; rows without a date stay."""
    rows = rows.filter(pl.col("known"))
    return rows.filter(pl.col("day").is_null() | (pl.col("recorded") == pl.col("recorded").max().over(key)))


def fault(written: str) -> str:
    """Why the time of recording cannot be read."""
    what = f"{quoted(written)} does not say when the row was recorded" if written else "the time of recording is blank"
    return f"{what}: no other row gives way to it"


def _moment(text: str, dates: Dates) -> tuple[date, float] | None:
    """The day on which a row was recorded, and when, to compare; without a time zone it is universal time."""
    moment: datetime | None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day = dates.read(text) if dates.grain is Grain.DAY and dates.date_format else None
        moment = datetime(day.year, day.month, day.day) if day else None  # noqa: DTZ001 - UTC is put in below
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.date(), at.timestamp()

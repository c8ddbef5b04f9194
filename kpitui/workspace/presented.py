"""What is said of a KPI's period where there is room for little: the verdict, the figure, what it is held against."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from kpitui.definitions.model import Definitions
from kpitui.terms import Status
from kpitui.workspace.answers import Row, Scorecard
from kpitui.workspace.changes import gap_text
from kpitui.workspace.grouping import exceptions
from kpitui.workspace.numbers import Style, period_name
from kpitui.workspace.wording import (
    STATUS_SIGN,
    figure,
    figure_remarks,
    known_phrase,
    row_remark,
    signal_phrase,
    signal_sentence,
    spoken,
    verdict,
)

Tone = Literal["better", "worse", "changed", "usual", "no data"]
"""What the words on the signal amount to."""
_TONES: tuple[Tone, ...] = ("better", "worse", "changed", "usual")


class Verdict(NamedTuple):
    """Status and signal, and the figures that the status comes from."""

    status: Status
    verdict: str
    """`■ BEHIND`."""
    figure: str
    goal: str
    """`target 25.0%`; empty where there is none."""
    gap: str
    """`gap −12.0%`; empty where there is none."""
    arrow: str
    """`▲ ` or `▼ ` before the signal's words."""
    signal: str
    """`WORSE: below the lower limit`, or what keeps the figure from being judged."""
    tone: Tone


def verdict_of(row: Row, locale: str, as_of: date) -> Verdict:
    """The verdict on the row's period."""
    kpi, point = row.kpi, row.point
    style = Style.of(kpi, locale)
    gap = f"gap {gap_text(point, kpi, style)}" if point.gap is not None else ""
    word = signal_phrase(point).partition(" ")[0] if point.usable else ""
    return Verdict(
        status=point.status,
        verdict=f"{STATUS_SIGN[point.status]} {verdict(point)}",
        figure=figure(point, style),
        goal=f"target {style.goal(point.goal, kpi.direction)}" if point.goal else "",
        gap=gap,
        arrow="" if point.signal is None else "▲ " if point.signal.side == "above" else "▼ ",
        signal=signal_sentence(point) if point.usable else row_remark(row, locale, as_of),
        tone=next((tone for tone in _TONES if tone == word), "no data"),
    )


class Presented(NamedTuple):
    """One KPI as it is shown to a room."""

    head: str
    """Workspace and period."""
    place: str
    """`2 of 5`, of those that need talk."""
    name: str
    verdict: Verdict
    remark: str
    """What is to be known of the figure, such as what it lacks; empty where that is nothing."""
    sentence: str
    """What can be read aloud."""


def presented(row: Row, scorecard: Scorecard, definitions: Definitions) -> Presented:
    """The KPI of a row of the scorecard; records and private remarks have no part in it."""
    locale, as_of = definitions.locale, scorecard.as_of
    when = period_name(row.point.period, locale) + known_phrase(scorecard.known_at, locale, as_of)
    rows = [each.kpi.id for each in exceptions(scorecard.rows)]
    place = f"{rows.index(row.kpi.id) + 1} of {len(rows)}" if row.kpi.id in rows else "needs no talk"
    phase = row.point.phase
    provisional = phase is not None and phase.lower is not None and phase.provisional
    remarks = [figure_remarks(row, Style.of(row.kpi, locale), as_of), "limits are provisional" if provisional else ""]
    return Presented(
        head=f"{scorecard.workspace} · {when}",
        place=place,
        name=row.kpi.name,
        verdict=verdict_of(row, locale, as_of),
        remark="; ".join(remark for remark in remarks if remark),
        sentence=spoken(row, definitions, as_of),
    )


class Step(NamedTuple):
    """Where a step leads."""

    kpi: str
    wrapped: bool
    """It goes on at the other end."""


def step(rows: Sequence[Row], here: str | None, by: int) -> Step | None:
    """To the next KPI that needs talk, or the one before; None where none does."""
    ids = [row.kpi.id for row in exceptions(rows)]
    if not ids:
        return None
    at = ids.index(here) + by if here in ids else 0 if by > 0 else len(ids) - 1
    return Step(ids[at % len(ids)], wrapped=not 0 <= at < len(ids))

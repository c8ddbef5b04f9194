"""From what a CSV file probably is to the KPIs that it probably holds: names, units, aggregates, which way is better.

Every rule looks at a column's name, in English, and at its first values; the words stand in the tables below. What
comes out is a proposal: a person sees it before it is written, and the definitions say which lines were guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from kpitui.measurements.guess import NumberColumn, TableGuess
from kpitui.terms import Aggregate

ProposedDirection = Literal["up", "down"]


def _any_of(words: str) -> re.Pattern[str]:
    """Finds one of the words, or parts of words, in a name."""
    return re.compile("|".join(words.split()), re.IGNORECASE)


def _whole(words: str) -> re.Pattern[str]:
    """Finds one of the words by itself, however a name's words are set apart."""
    return re.compile(rf"(?<![a-z])({'|'.join(words.split())})(?![a-z])", re.IGNORECASE)


_LOWER_IS_BETTER = _any_of(
    r"cost spend expense time duration delay wait late overdue complaint defect error bug incident churn bounce"
    r" unsubscri refund return loss lost absen sick breach backlog downtime cancel reject scrap waste abandon fail"
    r" outage escalat reopen violation accident injur leaver attrition dropout outstanding \bcp[lcam]\b \bcac\b"
    r" open[-_\s](tickets|cases|issues|invoices) kosten dauer wartezeit reklam fehler storn kündig ausfall retour krank"
)
_HIGHER_ALL_THE_SAME = _any_of(
    r"on[-_\s]?time in[-_\s]?time uptime within time[-_\s]?saved returning return[-_\s]on resolved solved closed"
    r" lifetime recovered translat template worked trained training billable available"
)
_CURRENCY_CODE = _whole("eur usd gbp chf jpy aud cad sek nok dkk pln inr cny brl")
_MONEY = _any_of(
    r"revenue turnover cost spend price budget expense income profit salary fees?$ \bmrr\b \barr\b \baov\b deal.?size"
    r" amount umsatz kosten preis"
)
_UNITS: tuple[tuple[re.Pattern[str], str], ...] = (
    (_whole("hours? hrs? h"), "hours"),
    (_whole("days? d"), "days"),
    (_whole("minutes? mins?"), "min"),
    (_whole("seconds? secs?"), "s"),
    (_whole("ms millis(econds)?"), "ms"),
)
_TIMES = tuple(unit for _, unit in _UNITS)
_ADDED_TIMES = _any_of("worked trained training billable lost absence sick downtime spent booked")
"""Times of which a sum says something; of all others, such as a response time, only a mean does."""
_SHARE = _any_of("rate share ratio pct percent % quota quote anteil coverage utili[sz]ation margin")
_SCORE = _any_of(r"score \bnps\b rating index csat satisfaction")
_MEAN = _any_of(
    r"avg average mean median (^|[-_\s])per[-_\s] (^|[-_\s])je[-_\s] (^|[-_\s])pro[-_\s] price age\b cycle duration"
    r" time delay wait latency resolution response handling temperature speed level outstanding"
)
_STOCK = _any_of(
    r"balance head[-_\s]?count employees staff backlog open active subscribers inventory stock followers \bfte members"
)
_LONGEST_ID = 60
_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")


class ProposedKpi(NamedTuple):
    """A KPI of a column, or of the rows themselves."""

    id: str
    name: str
    column: str | None
    """Of a long file the key; None: the rows are counted."""
    aggregate: Aggregate
    unit: str
    currency: str | None
    direction: ProposedDirection
    target: float | None = None
    """A person says it, nothing guesses it."""
    per: str = ""
    """What the target is for; empty: a period of the source."""
    said: frozenset[str] = frozenset()
    """What a person said of it: these lines are no guesses."""


class Proposal(NamedTuple):
    """What a workspace of one CSV file may be."""

    name: str
    source: str
    """The source's id."""
    table: TableGuess
    kpis: tuple[ProposedKpi, ...]
    currency: str | None = None
    """Of all amounts that do not have their own."""


def propose(name: str, table: TableGuess, source: str = "") -> Proposal:
    """A KPI for each column of numbers; `name` is the workspace's, `source` what its source is to be called."""
    source_id = _identifier(source or name, {"manual"})
    taken: set[str] = set()
    found: list[ProposedKpi] = []
    if table.frequency == "event":
        found.append(_counted_rows(_title(source or name), taken))
        taken.add(found[0].id)
    for column in table.numbers:
        kpi = _kpi(column, taken, events=table.frequency == "event")
        taken.add(kpi.id)
        found.append(kpi)
    named = [kpi.currency for kpi in found if kpi.currency]
    return Proposal(name, source_id, table, tuple(found), max(named, key=named.count) if named else None)


def _counted_rows(name: str, taken: Collection[str]) -> ProposedKpi:
    return ProposedKpi(_identifier(name, taken), name, None, "count", "number", None, _direction(name))


def _kpi(column: NumberColumn, taken: Collection[str], *, events: bool) -> ProposedKpi:
    unit, currency = _unit(column)
    return ProposedKpi(
        id=_identifier(column.name, taken),
        name=_title(column.name),
        column=column.name,
        aggregate=_aggregate(column, unit, events=events),
        unit=unit,
        currency=currency,
        direction=_direction(column.name, unit),
    )


def _unit(column: NumberColumn) -> tuple[str, str | None]:
    """The unit, and the currency where the name has one."""
    name, values = column.name, column.values
    if _SHARE.search(name) and values:
        if all(0 <= value <= 1 for value in values):
            return "percent", None
        if all(0 <= value <= 100 for value in values):
            return "%", None
    if code := _CURRENCY_CODE.search(name):
        return "currency", code[1].upper()
    for pattern, unit in _UNITS:
        if pattern.search(name):
            return unit, None
    if _MONEY.search(name):
        return "currency", None
    return ("score", None) if _SCORE.search(name) else ("number", None)


def _aggregate(column: NumberColumn, unit: str, *, events: bool) -> Aggregate:
    """Sums are for amounts and counts; of levels, rates and most times a sum says nothing."""
    if unit in _TIMES:
        return "sum" if _ADDED_TIMES.search(column.name) and not events else "mean"
    fractions = all(0 <= value <= 1 for value in column.values) and not all(map(float.is_integer, column.values))
    if unit in ("percent", "%", "score") or _MEAN.search(column.name) or fractions:
        return "mean"
    return "last" if _STOCK.search(column.name) else "sum"


def _direction(name: str, unit: str = "number") -> ProposedDirection:
    lower = _LOWER_IS_BETTER.search(name) or unit in _TIMES
    return "down" if lower and not _HIGHER_ALL_THE_SAME.search(name) else "up"


def _title(column: str) -> str:
    """A name for people: as it is written, but `first_contact` becomes `First contact`."""
    words = column.replace("_", " ").strip()
    return words if " " in column or not words else words[0].upper() + words[1:]


def _identifier(name: str, taken: Collection[str]) -> str:
    """An id that definitions take, and that no other has."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = _NOT_IN_IDS.sub("_", plain).strip("_")[:_LONGEST_ID].strip("_")
    base = words if words[:1].isalpha() else f"kpi_{words}".strip("_")
    numbered: Sequence[str] = [base, *(f"{base}_{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in numbered if one not in taken)

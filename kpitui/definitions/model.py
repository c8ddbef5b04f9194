"""What should be measured, as frozen values: the content of `kpitui.toml` and `kpis/*.toml` once checked."""

from __future__ import annotations

from datetime import date

import msgspec

from kpitui.definitions.formula import Expression
from kpitui.periods import Calendar, Grain
from kpitui.terms import (
    Aggregate,
    Bands,
    ChartRule,
    Comparison,
    Component,
    Direction,
    Frequency,
    Grouping,
    Kind,
    Perspective,
    Step,
    Target,
    Tier,
)

MANUAL = "manual"
"""In place of a source: the values are typed in."""


class Person(msgspec.Struct, frozen=True):
    """Somebody who owns KPIs or writes records, by a short id."""

    id: str
    name: str
    team: str | None = None


class Selection(msgspec.Struct, frozen=True):
    """Which KPIs: AND over the keys, OR within one. Without keys: every KPI."""

    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Such as `(("kind", ("leading",)), ("tier", ("primary", "supporting")))`; `ids` lists KPIs by id."""


class Cadence(msgspec.Struct, frozen=True):
    """A review that the team holds: `[review.monthly]`."""

    id: str
    """daily, weekly, monthly, quarterly, yearly."""
    grain: Grain
    kpis: Selection = Selection()
    minutes: dict[Step, int] = {}
    """Of the steps whose time the team has set; 0 leaves a step out."""


class Objective(msgspec.Struct, frozen=True):
    id: str
    title: str


class View(msgspec.Struct, frozen=True):
    """A saved view of the scorecard."""

    id: str
    filter: str = ""
    group: Grouping | None = None


class Source(msgspec.Struct, frozen=True):
    """Where measurements come from, and how they are written there."""

    id: str
    files: tuple[str, ...]
    """Paths or globs, relative to the workspace."""
    date: str
    """Column that says when."""
    frequency: Frequency
    date_format: str | None = None
    layout: str = "wide"
    """wide: a column per measure; long: a row per measure and date."""
    measure: str | None = None
    """Long layout: the column that names the measure."""
    value: str | None = None
    """Long layout: the column with the values."""
    due_after: int | None = None
    """Days after a period's end until its value is late."""
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    thousands: str | None = None
    missing: tuple[str, ...] = ("", "N/A", "-")
    segments: tuple[str, ...] = ()
    recorded: str | None = None


class Measure(msgspec.Struct, frozen=True):
    """One series: a column (or a key of a long file), and how its rows in a period become one value."""

    id: str
    name: str
    source: str
    """A source's id, or `manual`."""
    aggregate: Aggregate
    column: str | None = None
    """Wide layout: the column; None where rows are counted."""
    key: str | None = None
    """Long layout: the text in the source's `measure` column."""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Column and its admitted texts: OR within a column, AND across."""


class Link(msgspec.Struct, frozen=True):
    """This KPI leads another by so many periods of its own grain."""

    kpi: str
    lag: int = 0


class Benchmark(msgspec.Struct, frozen=True):
    low: float | None = None
    high: float | None = None
    source: str | None = None


class Kpi(msgspec.Struct, frozen=True):
    """One KPI. Either `formula` is set, or the measure of the same id holds its figures."""

    id: str
    name: str
    file: str
    """Where it is defined, relative to the workspace."""
    line: int
    formula: Expression | None = None
    formula_text: str | None = None
    frequency: Frequency = "daily"
    """The coarsest of its inputs' sources."""
    grain: Grain = Grain.DAY
    """The finest grain worth judging."""
    additive: bool = False
    """Its values add up over time: a sum or a count, or a formula of time degree 1."""
    unit: str = "number"
    """number, percent (stored 0 to 1), currency, days, hours, ratio, score, or a text of the team's own."""
    currency: str | None = None
    decimals: int | None = None
    direction: Direction = "up"
    comparison: Comparison = "percent"
    bands: Bands = Bands()
    owner: str | None = None
    data_source: str | None = None
    stated_frequency: str | None = None
    """`frequency` as the definition gives it, for people; default: the source's."""
    review: str | None = None
    targets: tuple[Target, ...] = ()
    tier: Tier | None = None
    kind: Kind | None = None
    type: str | None = None
    perspective: Perspective | None = None
    stage: str | None = None
    level: str | None = None
    parent: str | None = None
    objective: str | None = None
    team: str | None = None
    initiative: str | None = None
    predicts: tuple[Link, ...] = ()
    pair: str | None = None
    benchmark: Benchmark | None = None
    question: str | None = None
    description: str | None = None
    so_what: str | None = None
    assumption: str | None = None
    attribution: str | None = None
    chart: ChartRule = ChartRule()
    missing_components: tuple[Component, ...] = ()
    fingerprint: str = ""
    """Four hexadecimal digits of a hash over what shapes the figure, so that a change of meaning shows."""


class Event(msgspec.Struct, frozen=True):
    """Something that happened, to be marked on charts; without a KPI, on all of them."""

    day: date
    kpi: str | None
    text: str


class Definitions(msgspec.Struct, frozen=True):
    """Everything that a workspace defines, sound parts only."""

    name: str
    calendar: Calendar = Calendar()
    currency: str | None = None
    locale: str = "en_GB"
    stage: str | None = None
    min_coverage: float = 0.9
    as_of: date | None = None
    people: dict[str, Person] = {}
    cadences: tuple[Cadence, ...] = ()
    """Finest first; never empty once loaded."""
    objectives: dict[str, Objective] = {}
    views: dict[str, View] = {}
    sources: dict[str, Source] = {}
    measures: dict[str, Measure] = {}
    """KPIs that are their own measure have theirs here, under the KPI's id."""
    events: tuple[Event, ...] = ()
    targets_file: str | None = None
    kpis: dict[str, Kpi] = {}
    """In the order in which files (kpitui.toml, then kpis/ by name) and tables define them.

    Parents, pairs and what they predict are here too: a reference to anything else is left out.
    """
    broken: dict[str, str] = {}
    """KPIs whose figure cannot be defined, id → name; a problem says why, their own or one that holds them up."""
    unread: tuple[str, ...] = ()
    """Files of definitions that could not be read: what they define is not known."""

    def who(self, owner: str | None) -> str:
        """A person's name where the text is the id of one, else the text itself."""
        if owner is None:
            return ""
        person = self.people.get(owner)
        return person.name if person else owner

    def team_of(self, kpi: Kpi) -> str | None:
        """The KPI's own team, else its owner's."""
        owner = self.people.get(kpi.owner or "")
        return kpi.team or (owner.team if owner else None)

"""`[kpi.*]`: a draft and its figure become a KPI, whose optional keys are left out where they are wrong."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, get_args

import msgspec

from kpitui.definitions import rings
from kpitui.definitions.causes import UNREAD
from kpitui.definitions.figures import Draft, Figure
from kpitui.definitions.measures import MEASURE_KEYS
from kpitui.definitions.model import MANUAL, Benchmark, Definitions, Kpi, Link
from kpitui.definitions.reader import Table, shortened, suggestion
from kpitui.definitions.settings import (
    CADENCE_WORDS,
    EVERYTHING_MONTHLY,
    STATUS_KEYS,
    bands,
)
from kpitui.definitions.tables import Row
from kpitui.definitions.targets import GRAIN_WORDS, inline_targets, read_target
from kpitui.periods import GRAINS, Grain
from kpitui.terms import (
    FREQUENCY_GRAIN,
    KINDS,
    LEVELS,
    PERSPECTIVES,
    TIERS,
    TYPES,
    Bands,
    ChartRule,
    Comparison,
    Component,
    Direction,
    Method,
    Target,
)

KPI_KEYS = (
    *("name", "formula", *MEASURE_KEYS, "unit", "currency", "decimals", "direction", "comparison"),
    *("grain", "status", "owner", "data_source", "frequency", "review", "target", "tier", "kind", "type"),
    *("perspective", "stage", "level", "parent", "objective", "team", "initiative", "predicts", "pair"),
    *("benchmark", "question", "description", "so_what", "assumption", "attribution", "chart"),
)
CHART_KEYS = ("method", "screen", "baseline", "rebase", "seasonal")

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)
METHODS: tuple[Method, ...] = get_args(Method)
COMPARED_IN_POINTS = ("percent", "days", "hours", "score")
"""Units of which a change is a difference, unless the KPI says otherwise."""


class Context(NamedTuple):
    """What a KPI may refer to, and what holds where it does not say."""

    definitions: Definitions
    bands: Bands
    declared: dict[str, str]
    """All KPIs, sound or not: id → name."""
    sound: Collection[str]
    targets: dict[str, list[Row]]
    """Rows of the file of targets."""


def read_kpi(draft: Draft, figure: Figure | None, context: Context) -> Kpi | None:
    """The KPI; without a figure None, once everything that is wrong with it has been told."""
    table = draft.table
    definitions = context.definitions
    finest = FREQUENCY_GRAIN[figure.frequency] if figure else Grain.DAY
    grain = _grain(table, finest, figure)
    direction: Direction = table.word("direction", DIRECTIONS, "up")
    known_direction: Direction | None = None if "direction" in table.spoiled else direction
    targets = _targets(table, context.targets.get(table.id, []), known_direction, grain)
    owner = table.text("owner")
    person = definitions.people.get(owner or "")
    status = table.table("status", STATUS_KEYS)
    manual = draft.measure is not None and draft.measure.source == MANUAL
    kpi = Kpi(
        id=table.id,
        name=draft.name,
        file=table.document.file,
        line=table.line,
        formula=draft.formula,
        formula_text=draft.formula_text,
        frequency=figure.frequency if figure else "daily",
        grain=grain,
        additive=figure is not None and figure.time_degree == 1,
        unit=draft.unit,
        currency=draft.currency or definitions.currency,
        decimals=table.whole("decimals", None, least=0, most=10),
        # Where the direction is not known, neither way may be called better.
        direction=known_direction or "range",
        comparison=table.word("comparison", COMPARISONS, "points" if draft.unit in COMPARED_IN_POINTS else "percent"),
        bands=bands(status, context.bands) if status else context.bands,
        owner=owner,
        data_source=table.text("data_source") or (", ".join(figure.sources) if figure and not manual else None),
        stated_frequency=table.text("frequency") or (figure.frequency if figure and not manual else None),
        review=_review(table, definitions),
        targets=targets,
        tier=table.word("tier", TIERS, None),
        kind=table.word("kind", KINDS, None),
        type=table.word("type", TYPES, None),
        perspective=table.word("perspective", PERSPECTIVES, None),
        stage=table.text("stage"),
        level=table.word("level", LEVELS, None),
        parent=_other_kpi(table, "parent", table.id, context),
        objective=_objective(table, definitions),
        team=table.text("team") or (person.team if person else None),
        initiative=table.text("initiative"),
        predicts=_predicts(table, context),
        pair=_other_kpi(table, "pair", table.id, context),
        benchmark=_benchmark(table),
        question=table.text("question"),
        description=table.text("description"),
        so_what=table.text("so_what"),
        assumption=table.text("assumption"),
        attribution=table.text("attribution"),
        chart=_chart(table),
        fingerprint=figure.digest[:4] if figure else "",
    )
    return msgspec.structs.replace(kpi, missing_components=_missing(kpi)) if figure else None


def _grain(table: Table, finest: Grain, figure: Figure | None) -> Grain:
    word = table.word("grain", GRAIN_WORDS, None)
    if word is None:
        return finest
    if GRAINS[word] < finest and figure:
        table.problem(
            "grain",
            f"a {word} is finer than its figures, which are {figure.frequency}",
            f'grain = "{finest.word}", or coarser',
        )
        return finest
    return GRAINS[word]


def _targets(table: Table, rows: list[Row], direction: Direction | None, grain: Grain) -> tuple[Target, ...]:
    """Inline targets and those of the file, by date; none where one of either is wrong."""
    inline = inline_targets(table, direction, grain)
    tabled = [read_target(row, direction, grain) for row in rows]
    sound = [target for target in tabled if target]
    if direction is None or "target" in table.spoiled or len(sound) < len(tabled):
        return ()
    return tuple(sorted((*inline, *sound), key=lambda target: target.since))


def _review(table: Table, definitions: Definitions) -> str | None:
    word = table.word("review", CADENCE_WORDS, None)
    held = [cadence.id for cadence in definitions.cadences]
    # Where no review is defined at all, the word is a wish: `check` advises on it.
    if word is None or word in held or definitions.cadences is EVERYTHING_MONTHLY:
        return word
    table.problem(
        "review",
        f"no {word} review is held",
        f"one of {', '.join(held)}, or add [review.{word}] to kpitui.toml",
    )
    return None


def _other_kpi(table: Table, key: str, itself: str, context: Context) -> str | None:
    """A KPI that another names: None where it is unknown, or has no figure."""
    kpi_id = table.text(key)
    if kpi_id == itself:
        table.problem(key, "a KPI cannot name itself here")
    elif kpi_id is not None and kpi_id not in context.declared:
        message, hint = f"unknown KPI `{shortened(kpi_id)}`", suggestion(kpi_id, context.declared)
        table.problem(key, message, hint, rests_on=(UNREAD,))
    elif kpi_id in context.sound:
        return kpi_id
    return None


def _objective(table: Table, definitions: Definitions) -> str | None:
    known = definitions.objectives
    objective = table.text("objective")
    if objective is None or objective in known:
        return objective
    table.problem("objective", f"unknown objective `{shortened(objective)}`", suggestion(objective, known))
    return None


def _predicts(table: Table, context: Context) -> tuple[Link, ...]:
    value = table.values.get("predicts")
    if isinstance(value, str):
        table.problem(
            "predicts",
            "expected a list of tables, found text",
            f'predicts = [{{ kpi = "{shortened(value)}", lag = 1 }}]',
        )
        return ()
    links = []
    for entry in table.tables("predicts", ("kpi", "lag")):
        if "kpi" not in entry.values:
            entry.missing("kpi", "the id of the KPI that this one leads")
        kpi = _other_kpi(entry, "kpi", table.id, context)
        lag = entry.whole("lag", 0, least=0, most=1000)
        if kpi and not entry.spoiled:
            links.append(Link(kpi, lag))
    return tuple(links)


def _benchmark(table: Table) -> Benchmark | None:
    entry = table.table("benchmark", ("low", "high", "source"))
    if entry is None:
        return None
    low, high = entry.number("low", None), entry.number("high", None)
    if low is not None and high is not None and low > high:
        entry.problem("low", "`low` is above `high`")
    benchmark = Benchmark(low, high, entry.text("source"))
    return None if entry.spoiled else benchmark


def _chart(table: Table) -> ChartRule:
    entry = table.table("chart", CHART_KEYS)
    if entry is None:
        return ChartRule()
    return ChartRule(
        method=entry.word("method", METHODS, "nhs"),
        screen=entry.truth("screen", True),
        baseline=entry.whole("baseline", None, least=2),
        rebase=entry.days("rebase"),
        seasonal=entry.truth("seasonal", False),
    )


def _missing(kpi: Kpi) -> tuple[Component, ...]:
    """Which of the five components a KPI lacks; one with a figure always has its measure."""
    components: dict[Component, object] = {
        "target": kpi.targets,
        "data_source": kpi.data_source,
        "frequency": kpi.stated_frequency,
        "owner": kpi.owner,
    }
    return tuple(component for component, given in components.items() if not given)


def without_parent_rings(kpis: dict[str, Kpi], drafts: dict[str, Draft]) -> dict[str, Kpi]:
    """The KPIs, those that are their own ancestors without parents."""
    _, found = rings.ordered({kpi_id: (kpi.parent,) if kpi.parent else () for kpi_id, kpi in kpis.items()})
    orphans = {}
    for ring in found:
        drafts[ring[0]].table.problem(
            "parent",
            f"parents in a ring: {rings.shown(ring)}",
            "a tree has a KPI at its top without a parent",
        )
        for member in ring:
            orphans[member] = msgspec.structs.replace(kpis[member], parent=None)
    return {**kpis, **orphans}

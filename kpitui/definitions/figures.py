"""How each KPI's figure comes about, through its inputs down to measures and sources.

A KPI whose figure cannot be defined has none here; a problem says why.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from kpitui.definitions import fingerprint, rings
from kpitui.definitions.causes import UNREAD, tables_of
from kpitui.definitions.formula import (
    Expression,
    FormulaError,
    parse,
    references,
    time_degree,
)
from kpitui.definitions.measures import FREQUENCIES, MEASURE_KEYS, read_measure
from kpitui.definitions.model import MANUAL, Definitions, Measure, Source
from kpitui.definitions.reader import Table, shortened, suggestion
from kpitui.definitions.settings import currency
from kpitui.terms import FREQUENCY_GRAIN, Frequency

SHAPING_KEYS = {"formula", *MEASURE_KEYS}
"""A mistake in one of these leaves a KPI without a figure."""


class Draft(NamedTuple):
    """A KPI of which only what its figure needs has been read."""

    table: Table
    name: str
    unit: str
    currency: str | None
    formula: Expression | None
    formula_text: str | None
    measure: Measure | None
    """Where it is its own. Neither this nor a formula: the figure cannot be defined."""
    inputs: tuple[str, ...]
    """The ids that the formula names."""


class Figure(NamedTuple):
    """What a KPI or a measure is, seen through all its inputs."""

    frequency: Frequency
    time_degree: int | None
    """1 where its values add up over time."""
    sources: tuple[str, ...]
    currency: str | None
    digest: str


def read_draft(table: Table, definitions: Definitions, declared_sources: Collection[str]) -> Draft:
    name = table.text("name") or table.id
    unit = table.text("unit") or "number"
    stated = currency(table)
    text = table.text("formula")
    formula = measure = None
    if "formula" in table.values:
        formula = _formula(table, text) if text else None
        for key in MEASURE_KEYS:
            if key in table.values:
                table.problem(
                    key,
                    f"`{key}` beside a formula: the KPI has two definitions",
                    "keep one; give the measure a table [measure.…] of its own and name it in the formula",
                )
        if text is None and "formula" not in table.spoiled:
            table.problem("formula", "the formula is blank")
    elif "formula" not in table.spoiled:
        if "source" not in table.values and "source" not in table.spoiled:
            table.problem(
                "source",
                "neither a formula nor a source: no figure is defined",
                'formula = "a / b", or source, column and aggregate',
            )
        else:
            measure = read_measure(table, name, definitions.sources, declared_sources)
    if table.spoiled & SHAPING_KEYS:
        formula = measure = None
    monetary = stated or (definitions.currency if unit == "currency" else None)
    inputs = tuple(dict.fromkeys(ref.id for ref in references(formula))) if formula else ()
    return Draft(table, name, unit, monetary, formula, text, measure, inputs)


def _formula(table: Table, text: str) -> Expression | None:
    try:
        formula = parse(text)
    except FormulaError as error:
        start = table.document.column((*table.keys, "formula"), text)
        table.problem(
            "formula",
            f"the formula does not parse at its character {error.column}: {error.message}",
            "ids, numbers, + - * / ( ), min(), max(), prev(id, n)",
            start + error.column - 1 if start else None,
        )
        return None
    if not references(formula):
        table.problem("formula", "the formula names no measure and no KPI", 'such as "sqls / mqls"')
    return formula


def figures(drafts: dict[str, Draft], definitions: Definitions, declared: Collection[str]) -> dict[str, Figure]:
    """The figures of all measures and of the sound KPIs; `declared` are all ids, sound or not."""
    found = {
        measure.id: _of_measure(measure, definitions.sources, "monthly") for measure in definitions.measures.values()
    }
    order, found_rings = rings.ordered({kpi_id: draft.inputs for kpi_id, draft in drafts.items()})
    for ring in found_rings:
        drafts[ring[0]].table.problem(
            "formula",
            f"a formula in a ring: {rings.shown(ring)}",
            "one of them has to be defined without the others",
        )
    in_a_ring = {member for ring in found_rings for member in ring}
    for kpi_id in order:
        draft = drafts[kpi_id]
        if draft.measure:
            figure = _of_measure(draft.measure, definitions.sources, _typed_frequency(draft))
            found[kpi_id] = figure._replace(currency=draft.currency)
        elif draft.formula and kpi_id not in in_a_ring and _inputs_sound(draft, found, declared):
            found[kpi_id] = _of_formula(draft, draft.formula, found)
    return found


def _of_measure(measure: Measure, sources: dict[str, Source], typed: Frequency) -> Figure:
    source = sources.get(measure.source)
    return Figure(
        frequency=source.frequency if source else typed,
        time_degree=int(measure.aggregate in ("sum", "count")),
        sources=(measure.source,),
        currency=None,
        digest=fingerprint.of_measure(measure, source),
    )


def _typed_frequency(draft: Draft) -> Frequency:
    """How often a value is typed in, where the KPI's source is `manual`."""
    if draft.measure is None or draft.measure.source != MANUAL:
        return "monthly"
    return draft.table.word("frequency", FREQUENCIES, "monthly")


def _inputs_sound(draft: Draft, found: dict[str, Figure], declared: Collection[str]) -> bool:
    """Whether all that the formula names has a figure, in one currency."""
    sound = True
    for name in draft.inputs:
        if name in found:
            continue
        sound = False
        if name in declared:
            draft.table.problem("formula", f"its input `{name}` has problems of its own", rests_on=tables_of(name))
        else:
            message, hint = f"unknown id `{shortened(name)}`", suggestion(name, declared)
            draft.table.problem("formula", message, hint, rests_on=(UNREAD,))
    currencies = sorted({found[name].currency or "" for name in draft.inputs if name in found} - {""})
    if len(currencies) > 1:
        sound = False
        draft.table.problem(
            "formula",
            f"the formula mixes {' and '.join(currencies)}",
            "there is no exchange rate: name KPIs of one currency",
        )
    return sound


def _of_formula(draft: Draft, formula: Expression, found: dict[str, Figure]) -> Figure:
    inputs = {name: found[name] for name in draft.inputs}
    return Figure(
        frequency=max((figure.frequency for figure in inputs.values()), key=FREQUENCY_GRAIN.__getitem__),
        time_degree=time_degree(formula, lambda name: inputs[name].time_degree),
        sources=tuple(dict.fromkeys(source for figure in inputs.values() for source in figure.sources)),
        currency=draft.currency,
        digest=fingerprint.of_formula(
            draft.formula_text or "", {name: figure.digest for name, figure in inputs.items()}
        ),
    )

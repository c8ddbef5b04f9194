"""What holds for a whole workspace: `[workspace]`, people, reviews, status bands, objectives, saved views."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal, get_args

from kpitui.definitions.files import Document
from kpitui.definitions.filters import parse_filter
from kpitui.definitions.model import Cadence, Definitions, Objective, Person, Selection, View
from kpitui.definitions.reader import Table, entries, shortened, single, suggestion
from kpitui.periods import WEEKDAYS, Calendar
from kpitui.terms import CADENCES, GROUPINGS, KINDS, PERSPECTIVES, STEPS, TIERS, TYPES, Bands, Grouping, Step

SECTIONS = ("workspace", "person", "review", "status", "objective", "view", "source", "measure", "kpi")
KPI_FILE_SECTIONS = ("measure", "kpi")
"""What a file in `kpis/` may hold."""

BusinessStage = Literal["early", "growth", "mature"]
Scale = Literal["relative", "absolute"]

BUSINESS_STAGES: tuple[BusinessStage, ...] = get_args(BusinessStage)
SCALES: tuple[Scale, ...] = get_args(Scale)
CADENCE_WORDS = tuple(CADENCES)

WORKSPACE_KEYS = (
    *("name", "currency", "locale", "fiscal_year_start", "week_start", "stage", "min_coverage"),
    *("targets", "as_of"),
)
VIEW_KEYS = ("filter", "group")
REVIEW_KEYS = ("kpis", "minutes")
STATUS_KEYS = ("ahead", "on_track", "at_risk", "bands")
SELECTION_KEYS = (*("tier", "kind", "perspective", "stage", "type", "objective", "owner", "team", "initiative", "ids"),)
_CLOSED: dict[str, tuple[str, ...]] = {
    "tier": TIERS,
    "kind": KINDS,
    "perspective": PERSPECTIVES,
    "type": TYPES,
}
"""Keys of a selection whose words are known beforehand."""

MOST_MINUTES = 480
"""Of one step: nobody sits longer."""

EVERYTHING_MONTHLY = (Cadence("monthly", CADENCES["monthly"]),)
"""What is held where a workspace names no review."""

_CURRENCY = re.compile(r"[A-Z]{3}")
_LOCALE = re.compile(r"[a-z]{2,3}([-_][A-Z][a-z]{3})?([-_]([A-Z]{2}|[0-9]{3}))?")


def read_settings(document: Document, name: str, kpi_ids: Collection[str]) -> Definitions:
    """The definitions without sources, measures and KPIs; `name` is the workspace's where it gives none."""
    workspace = single(document, "workspace", WORKSPACE_KEYS)
    objectives = {
        table.id: Objective(table.id, table.text("title") or table.id)
        for table in entries(document, "objective", ("title",))
    }
    return Definitions(
        name=workspace.text("name") or name,
        calendar=Calendar(
            workspace.whole("fiscal_year_start", 1, least=1, most=12),
            WEEKDAYS.index(workspace.word("week_start", WEEKDAYS, "monday")),
        ),
        currency=currency(workspace),
        locale=_locale(workspace),
        stage=workspace.word("stage", BUSINESS_STAGES, None),
        min_coverage=workspace.number("min_coverage", 0.9, least=0, most=1),
        as_of=workspace.day("as_of"),
        people={
            table.id: Person(table.id, table.text("name") or table.id, table.text("team"))
            for table in entries(document, "person", ("name", "team"))
        },
        cadences=_cadences(document, objectives, kpi_ids),
        objectives=objectives,
        views={table.id: _view(table) for table in entries(document, "view", VIEW_KEYS)},
    )


def read_targets_file(document: Document) -> str | None:
    """The name of the file with targets, where there is one."""
    workspace = document.tables.get("workspace")
    file = workspace.get("targets") if isinstance(workspace, dict) else None
    if file is None:
        return None
    table = Table(document, ("workspace",), {"targets": file}, ("targets",))
    return table.text("targets")


def read_bands(document: Document) -> Bands:
    return bands(single(document, "status", STATUS_KEYS), Bands())


def bands(table: Table, default: Bands) -> Bands:
    """Status bands, key by key on top of others."""
    return Bands(
        ahead=table.number("ahead", default.ahead, least=0),
        on_track=table.number("on_track", default.on_track, least=0),
        at_risk=table.number("at_risk", default.at_risk, least=0),
        absolute=table.word("bands", SCALES, "absolute" if default.absolute else "relative") == "absolute",
    )


def currency(table: Table) -> str | None:
    """An ISO 4217 code."""
    code = table.text("currency")
    if code and not _CURRENCY.fullmatch(code):
        table.problem("currency", f"`{shortened(code)}` is no currency code", 'three capitals, such as "EUR"')
        return None
    return code


def _locale(table: Table) -> str:
    locale = table.text("locale")
    if locale and not _LOCALE.fullmatch(locale):
        table.problem("locale", f"`{shortened(locale)}` is no locale", 'a language and a country, such as "en_GB"')
        locale = None
    return locale.replace("-", "_") if locale else "en_GB"


def _view(table: Table) -> View:
    """A saved view; what cannot be understood of its filter narrows nothing."""
    text = table.text("filter") or ""
    for remark in parse_filter(text).remarks:
        table.problem("filter", remark.message, remark.hint)
    group: Grouping | None = table.word("group", GROUPINGS, None)
    return View(table.id, text, group)


def _cadences(document: Document, objectives: Collection[str], kpi_ids: Collection[str]) -> tuple[Cadence, ...]:
    held = {}
    for table in entries(document, "review", REVIEW_KEYS):
        selection = table.table("kpis", SELECTION_KEYS)
        kpis = _selection(selection, objectives, kpi_ids) if selection else Selection()
        minutes = table.table("minutes", STEPS)
        if table.id in CADENCES:
            held[table.id] = Cadence(table.id, CADENCES[table.id], kpis, _minutes(minutes) if minutes else {})
        else:
            words = f"one of {', '.join(CADENCES)}"
            document.problem(table.keys, f"unknown review cadence `{table.id}`", words)
    return tuple(held[word] for word in CADENCES if word in held) or EVERYTHING_MONTHLY


def _minutes(table: Table) -> dict[Step, int]:
    """The minutes of the steps that are named."""
    stated = {step: table.whole(step, None, least=0, most=MOST_MINUTES) for step in STEPS}
    return {step: minutes for step, minutes in stated.items() if minutes is not None}


def _selection(table: Table, objectives: Collection[str], kpi_ids: Collection[str]) -> Selection:
    """What a review looks at; a key that cannot be read does not narrow it, so that no KPI is overlooked."""
    known: dict[str, Collection[str]] = {**_CLOSED, "objective": objectives, "ids": kpi_ids}
    keys = []
    for key in SELECTION_KEYS:
        words = table.texts(key)
        for word in words:
            if key in known and word not in known[key]:
                _unknown_word(table, key, word, known[key])
        if words and key not in table.spoiled:
            keys.append((key, words))
    return Selection(tuple(keys))


def _unknown_word(table: Table, key: str, word: str, known: Collection[str]) -> None:
    """A word that should name something that exists."""
    hint = f"one of {', '.join(known)}" if key in _CLOSED else suggestion(word, known)
    what = "KPI" if key == "ids" else key
    table.problem(key, f"unknown {what} `{shortened(word)}`", hint)

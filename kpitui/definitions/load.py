"""Opens a workspace's definitions: `kpitui.toml` and `kpis/*.toml`, the file of targets, and `events.csv`.

Everything that is wrong comes back as a list of problems, in one go, beside everything that is sound. What is
wrong spoils only what needs it: a KPI whose figure cannot be defined is left out, and so are those computed
from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from kpitui.definitions.causes import causes
from kpitui.definitions.figures import Draft, figures, read_draft
from kpitui.definitions.files import Document, check_workspace, documents
from kpitui.definitions.kpis import KPI_KEYS, Context, read_kpi, without_parent_rings
from kpitui.definitions.measures import MEASURE_KEYS, SOURCE_KEYS, read_measure, read_source
from kpitui.definitions.model import Definitions, Measure
from kpitui.definitions.reader import Table, entries, shortened, suggestion
from kpitui.definitions.settings import (
    EVERYTHING_MONTHLY,
    KPI_FILE_SECTIONS,
    SECTIONS,
    read_bands,
    read_settings,
    read_targets_file,
)
from kpitui.definitions.tables import read_events
from kpitui.definitions.targets import tabled_targets
from kpitui.places import SETTINGS_FILE
from kpitui.problems import Problem


def load(root: Path) -> tuple[Definitions, list[Problem]]:
    """What a workspace defines, and what is wrong with it, by file and line; what only follows stands with its cause.

    Raises `KpituiError` where `root` is not a folder with a `kpitui.toml` that can be read.
    """
    check_workspace(root)
    problems: list[Problem] = []
    settings, others = documents(root, problems)
    unread = tuple(problem.file for problem in problems)
    if settings is None:
        definitions = Definitions(name=root.resolve().name, cadences=EVERYTHING_MONTHLY, unread=unread)
    else:
        definitions = _definitions(root, settings, others, problems)
        definitions = msgspec.structs.replace(definitions, unread=unread)
    return definitions, causes(sorted(dict.fromkeys(problems), key=_place), unread)


def _place(problem: Problem) -> tuple[bool, str, int]:
    return problem.file != SETTINGS_FILE, problem.file, problem.line or 0


def _definitions(root: Path, settings: Document, others: list[Document], problems: list[Problem]) -> Definitions:
    """Settings, then sources, measures and drafts of KPIs, then figures, then the KPIs themselves."""
    files = [settings, *others]
    _check_sections(settings, SECTIONS)
    for file in others:
        _check_sections(file, KPI_FILE_SECTIONS)
    declared = _declared(files, "kpi")
    definitions = read_settings(settings, root.resolve().name, declared)

    sources = [read_source(table) for table in entries(settings, "source", SOURCE_KEYS)]
    definitions = msgspec.structs.replace(definitions, sources={source.id: source for source in sources if source})
    measures: dict[str, Measure] = {}
    drafts: dict[str, Draft] = {}
    declared_sources = _declared([settings], "source")
    for table in _unique(files):
        if table.keys[0] == "kpi":
            drafts[table.id] = read_draft(table, definitions, declared_sources)
        elif measure := read_measure(table, table.text("name") or table.id, definitions.sources, declared_sources):
            measures[table.id] = measure
    definitions = msgspec.structs.replace(definitions, measures=measures)

    found = figures(drafts, definitions, {**_declared(files, "measure"), **declared})
    sound = drafts.keys() & found.keys()
    targets_file = read_targets_file(settings)
    context = Context(
        definitions,
        read_bands(settings),
        declared,
        sound,
        tabled_targets(root, targets_file, declared, problems) if targets_file else {},
    )
    read = [read_kpi(draft, found.get(kpi_id), context) for kpi_id, draft in drafts.items()]
    kpis = without_parent_rings({kpi.id: kpi for kpi in read if kpi}, drafts)
    own = [drafts[kpi_id].measure for kpi_id in kpis]
    return msgspec.structs.replace(
        definitions,
        measures={**measures, **{measure.id: measure for measure in own if measure}},
        events=read_events(root, declared, set(kpis), problems),
        targets_file=targets_file,
        kpis=kpis,
        broken={kpi_id: name for kpi_id, name in declared.items() if kpi_id not in kpis},
    )


def _check_sections(file: Document, known: tuple[str, ...]) -> None:
    for section in file.tables:
        if section in known:
            continue
        if section in SECTIONS:
            file.problem((section,), f"[{section}] is not read here", f"move it to {SETTINGS_FILE}")
        else:
            file.problem((section,), f"unknown table `{shortened(section)}`", suggestion(section, known))


def _declared(files: list[Document], section: str) -> dict[str, str]:
    """Every id that has a table in the section, sound or not, and its name."""
    declared: dict[str, str] = {}
    for file in files:
        tables = file.tables.get(section)
        for name_id, values in tables.items() if isinstance(tables, dict) else ():
            name = values.get("name") if isinstance(values, dict) else None
            declared.setdefault(name_id, name if isinstance(name, str) and name.strip() else name_id)
    return declared


def _unique(files: list[Document]) -> Iterator[Table]:
    """The tables of measures and KPIs; of two with the same id the first."""
    first: dict[str, str] = {}
    for file in files:
        for section, keys in (("measure", ("name", *MEASURE_KEYS)), ("kpi", KPI_KEYS)):
            for table in entries(file, section, keys):
                if table.id not in first:
                    first[table.id] = f"{file.file}:{table.line}"
                    yield table
                else:
                    file.problem(
                        table.keys,
                        f"id `{table.id}` is taken: {first[table.id]} defines it too",
                        "measures and KPIs share one set of ids: rename one of the two",
                    )

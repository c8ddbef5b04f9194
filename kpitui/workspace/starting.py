"""A new workspace: the definitions of a proposal, or of an empty one, as text, and the files of it on disk."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

from kpitui.measurements.guess import TableGuess
from kpitui.periods import Calendar
from kpitui.places import SETTINGS_FILE
from kpitui.problems import KpituiError
from kpitui.records.emit import comment_line, key_text, value_text
from kpitui.terms import FREQUENCY_GRAIN
from kpitui.workspace.proposing import Proposal, ProposedKpi

_MEASUREMENTS = "measurements"
_LONG_AGO = 2
"""Periods, of a week at least."""
_RISKY = re.compile(r"[^\w .()+-]")
"""Characters of a file's name that a definition does not take, or takes for something else."""

EMPTY = """\
# A workspace with one KPI whose figures are typed in: open it, and press f on the KPI.
# `kpitui help formats` lists every key; a CSV file becomes KPIs with `kpitui init DIR --from FILE.csv`.
[workspace]
name = {name}
# currency = "EUR"

[kpi.first]
name = "A first KPI"
source = "manual"
frequency = "monthly"
direction = "up"              # "down" where less is better
# owner = "who answers for it"
# target = [{{ from = {year}-01-01, value = 100 }}]
"""


def as_of(table: TableGuess, today: date) -> date | None:
    """The end of the file's newest period, where that is long ago: as of today there would be nothing to see."""
    newest = Calendar().period(FREQUENCY_GRAIN[table.frequency], table.newest)
    return newest.end if (today - newest.end).days > _LONG_AGO * max(newest.days, 7) else None


def definitions_text(proposal: Proposal, file: str, seen_as_of: date | None = None) -> str:
    """The `kpitui.toml` of a proposal whose CSV is that file of the workspace."""
    currencies = [kpi.currency for kpi in proposal.kpis if kpi.currency]
    workspace = [f"name = {value_text(proposal.name)}"]
    if currencies:
        workspace.append(f"currency = {value_text(max(currencies, key=currencies.count))}")
    if seen_as_of:
        workspace.append(f"{f'as_of = {seen_as_of}':<32}# the file ends there; delete this line once it goes on")
    parts = [
        comment_line(f"Begun by `kpitui init` from {Path(file).name}, and yours from here on.")
        + comment_line("What was guessed says so. `kpitui help formats` lists every key.")
        + "\n".join(["[workspace]", *workspace]),
        "\n".join([f"[source.{proposal.source}]", *_source_lines(proposal.table, file)]),
        *(_kpi_text(kpi, proposal, currencies) for kpi in proposal.kpis),
    ]
    return "\n\n".join(parts) + "\n"


def _source_lines(table: TableGuess, file: str) -> list[str]:
    declared = {"files": file, "date": table.date, "frequency": table.frequency}
    if table.date_formats:
        declared["date_format"] = table.date_formats[0]
    if table.metric and table.value:
        declared |= {"layout": "long", "measure": table.metric, "value": table.value}
    if table.delimiter != ",":
        declared["delimiter"] = table.delimiter
    if table.encoding != "utf-8":
        declared["encoding"] = table.encoding
    if table.grammar.decimal != ".":
        declared["decimal"] = table.grammar.decimal
    if table.grammar.thousands:
        declared["thousands"] = table.grammar.thousands
    lines = [f"{key_text(key)} = {value_text(value)}" for key, value in declared.items()]
    if table.missing:
        lines.append(f"missing = {value_text(['', 'N/A', '-', *table.missing])}")
    if table.segments:
        lines.append(f"segments = {value_text(list(table.segments))}")
    return lines


def _kpi_text(kpi: ProposedKpi, proposal: Proposal, currencies: list[str]) -> str:
    year = proposal.table.newest.year
    lines = [f"[kpi.{kpi.id}]", f"name = {value_text(kpi.name)}", f"source = {value_text(proposal.source)}"]
    if kpi.column is not None:
        lines.append(f"{'key' if proposal.table.metric else 'column'} = {value_text(kpi.column)}")
    lines.append(_guessed(f"aggregate = {value_text(kpi.aggregate)}"))
    if kpi.unit == "percent":
        lines.append("# The mean of rates; where the file has both counts, a formula of two measures is exact.")
    if kpi.unit == "currency" and not currencies:
        lines.append('# unit = "currency"             # and currency = "EUR", or another, in [workspace]')
    elif kpi.unit != "number":
        lines.append(_guessed(f"unit = {value_text(kpi.unit)}"))
    if kpi.currency and kpi.currency != max(currencies, key=currencies.count):
        lines.append(_guessed(f"currency = {value_text(kpi.currency)}"))
    lines.append(_guessed(f"direction = {value_text(kpi.direction)}"))
    lines.append('# owner = "who answers for it"')
    value = "…" if kpi.target is None else value_text(kpi.target)
    lines.append(f"{'# ' * (kpi.target is None)}target = [{{ from = {date(year, 1, 1)}, value = {value} }}]")
    return "\n".join(lines)


def _guessed(line: str) -> str:
    return f"{line:<32}# guessed"


def check_free(root: Path) -> None:
    """Raises KpituiError where the folder cannot become a workspace."""
    if (root / SETTINGS_FILE).exists():
        raise KpituiError(f"{root} is a workspace already: kpitui {root} opens it")
    if root.exists() and not root.is_dir():
        raise KpituiError(f"{root} is not a folder")


def start(root: Path, text: str, csv: Path | None = None) -> list[Path]:
    """Write the workspace and give the files that are new; a CSV from elsewhere is copied into it.

    `text` names the CSV as `place_of` does. Raises KpituiError where the disk refuses; what is there stays.
    """
    check_free(root)
    written: list[Path] = []
    try:
        root.mkdir(parents=True, exist_ok=True)
        if csv is not None and not csv.resolve().is_relative_to(root.resolve()):
            copy = root / place_of(root, csv)
            if copy.exists():
                raise KpituiError(f"{copy} is there already; name a folder without it")
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(csv, copy)
            written.append(copy)
        settings = root / SETTINGS_FILE
        with settings.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise KpituiError(f"{error.filename or root} cannot be written: {error.strerror}") from error
    return [settings, *written]


def place_of(root: Path, csv: Path) -> str:
    """Where the CSV is, or will be, in the workspace."""
    if csv.resolve().is_relative_to(root.resolve()):
        return csv.resolve().relative_to(root.resolve()).as_posix()
    suffix = "".join(csv.suffixes[-2:]) if csv.suffix.lower() == ".gz" else csv.suffix
    return f"{_MEASUREMENTS}/{_RISKY.sub('_', csv.name.removesuffix(suffix))}{suffix.lower()}"

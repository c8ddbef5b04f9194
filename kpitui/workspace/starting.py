"""A new workspace: the definitions of a proposal, or of an empty one, as text, and the files of it on disk."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

from kpitui.measurements.guess import TableGuess
from kpitui.periods import Calendar, Grain
from kpitui.places import SETTINGS_FILE
from kpitui.problems import KpituiError
from kpitui.records.emit import comment_line, key_text, value_text
from kpitui.terms import FREQUENCY_GRAIN
from kpitui.workspace.proposing import Proposal, ProposedKpi

_MEASUREMENTS = "measurements"
_DAYS_LATE = 7
"""From which on a daily file is an old one."""
_WIDE = 32
"""Characters before a remark."""
_RISKY = re.compile(r"[^\w .()+-]")
"""Characters of a file's name that a definition does not take, or takes for something else."""

EMPTY = """\
# A workspace with one KPI whose figures are typed in: open it, and press f on the KPI.
# `kpitui help definitions` lists every key; a CSV file becomes KPIs with `kpitui init DIR --from FILE.csv`.
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
    """The end of the file's newest period, where a later one is due: as of today there would be nothing to see."""
    calendar, grain = Calendar(), FREQUENCY_GRAIN[table.frequency]
    newest = calendar.period(grain, table.newest)
    if grain is Grain.DAY:
        return newest.end if (today - newest.end).days > _DAYS_LATE else None
    return newest.end if newest.end < calendar.last_ended(grain, today).end else None


def definitions_text(proposal: Proposal, file: str, seen_as_of: date | None = None) -> str:
    """The `kpitui.toml` of a proposal whose CSV is that file of the workspace."""
    workspace = [f"name = {value_text(proposal.name)}"]
    if proposal.currency:
        workspace.append(f"currency = {value_text(proposal.currency)}")
    if seen_as_of:
        workspace.append(f"{f'as_of = {seen_as_of}':<{_WIDE}}# the file ends there; delete this line once it goes on")
    parts = [
        comment_line(f"Begun by `kpitui init` from {Path(file).name}, and yours from here on.")
        + comment_line("What was guessed says so. `kpitui help definitions` lists every key.")
        + "\n".join(["[workspace]", *workspace]),
        "\n".join([f"[source.{proposal.source}]", *_source_lines(proposal.table, file)]),
        *(_kpi_text(kpi, proposal) for kpi in proposal.kpis),
    ]
    return "\n\n".join(parts) + "\n"


def _source_lines(table: TableGuess, file: str) -> list[str]:
    declared: dict[str, object] = {"date": table.date, "frequency": table.frequency}
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
    if table.missing:
        declared["missing"] = ["", "N/A", "-", *table.missing]
    if table.segments:
        declared["segments"] = list(table.segments)
    lines = (_guessed(f"{key_text(key)} = {value_text(value)}") for key, value in declared.items())
    return [f"files = {value_text(file)}", *lines]


def _kpi_text(kpi: ProposedKpi, proposal: Proposal) -> str:
    lines = [f"[kpi.{kpi.id}]", f"name = {value_text(kpi.name)}", f"source = {value_text(proposal.source)}"]
    if kpi.column is not None:
        lines.append(f"{'key' if proposal.table.metric else 'column'} = {value_text(kpi.column)}")
    lines.append(_line(kpi, "aggregate", kpi.aggregate))
    if kpi.unit == "percent":
        lines.append("# The mean of rates; where the file has both counts, a formula of two measures is exact.")
    if kpi.unit == "currency" and not (kpi.currency or proposal.currency):
        lines.append('# unit = "currency"'.ljust(_WIDE) + '# once [workspace] says which: currency = "EUR"')
    elif kpi.unit != "number" or "unit" in kpi.said:
        lines.append(_line(kpi, "unit", kpi.unit))
    if kpi.currency and kpi.currency != proposal.currency:
        lines.append(_line(kpi, "currency", kpi.currency))
    lines.append(_line(kpi, "direction", kpi.direction))
    lines.append('# owner = "who answers for it"')
    value = "…" if kpi.target is None else value_text(kpi.target)
    per = f", per = {value_text(kpi.per)}" if kpi.per else ""
    since = date(proposal.table.newest.year, 1, 1)
    lines.append(f"{'# ' * (kpi.target is None)}target = [{{ from = {since}, value = {value}{per} }}]")
    return "\n".join(lines)


def _line(kpi: ProposedKpi, key: str, value: str) -> str:
    line = f"{key} = {value_text(value)}"
    return line if key in kpi.said else _guessed(line)


def _guessed(line: str) -> str:
    return f"{line:<{_WIDE}}# guessed" if "\n" not in line else line


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
